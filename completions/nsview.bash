# bash completion for nsview; the program itself knows the candidates.

_nsview()
{
	local cur words cword line candidates=()

	# Words as they are typed, not cut at ':' and '='; without bash-completion, cut ones do.
	if declare -F _get_comp_words_by_ref >/dev/null; then
		_get_comp_words_by_ref -n := cur words cword
	else
		words=("${COMP_WORDS[@]}")
		cword=$COMP_CWORD
		cur=${words[cword]}
	fi
	while IFS= read -r line; do
		candidates+=("${line%%$'\t'*}")
	done < <("${words[0]}" __complete "${words[@]:1:cword}" 2>/dev/null)
	COMPREPLY=("${candidates[@]}")
	if [[ ${#COMPREPLY[@]} -eq 0 && ($cur == */* || $cur == --proc=*) ]]; then
		cur=${cur#--proc=}
		COMPREPLY=($(compgen -f -- "$cur"))
		compopt -o filenames 2>/dev/null
	fi
	if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=:] ]]; then
		compopt -o nospace 2>/dev/null
	fi
	if declare -F __ltrim_colon_completions >/dev/null; then
		__ltrim_colon_completions "$cur"
	fi
	if [[ $cur == *=* && $COMP_WORDBREAKS == *=* ]]; then
		COMPREPLY=("${COMPREPLY[@]#"${cur%"${cur##*=}"}"}")
	fi
}
complete -F _nsview nsview
