# fish completion for nsview; the program itself knows the candidates.

function __nsview_complete
    set -l words (commandline -opc) (commandline -ct)
    $words[1] __complete $words[2..-1] 2>/dev/null
end

# Where the program has no candidate, a file may be meant.
function __nsview_has_none
    test -z "$(__nsview_complete)"
end

complete -c nsview -f -a '(__nsview_complete)'
complete -c nsview -F -n __nsview_has_none
