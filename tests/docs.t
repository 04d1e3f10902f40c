#!/bin/sh
# What the program can do stands in its man pages, README and completions, and these work: every
# command, option, column and JSON member is looked up, every completion script is driven.
. "$(dirname "$0")/lib.sh"
cd "$(dirname "$0")/.." || exit 2
plan 54

printf '#!/bin/sh\nexec %s "$@"\n' "$NSVIEW" >"$tmp/nsview"
chmod +x "$tmp/nsview"
PATH=$tmp:$PATH
export PATH tmp
unset NO_COLOR CLICOLOR_FORCE FORCE_COLOR COLUMNS

commands=$(nsview help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\)  .*/\1/p')

# page FILE: as a person reads it, without overstrikes
page() { mandoc -Tascii -Owidth=200 "man/$1" | sed "s/.$(printf '\b')//g"; }

# ---- pages: complete, and nothing in them that is not there

if have mandoc; then
	is "$(mandoc -Tlint -W warning man/*.[1-8] 2>&1)" '' 'mandoc finds nothing to warn of'
	page nsview.1 >"$tmp/page"

	is "$(echo "$commands" | head -n 1)" ls 'the overview lists commands'
	is "$(sed -n '/^COMMANDS/,/^[A-Z]/s/^     \([a-z]*\) .*/\1/p' "$tmp/page")" "$commands" \
		'nsview(1) has the commands'

	# Options as help prints them, left of their meaning; in a page they are alone on their line.
	options_of() { sed -n "/^$1:/,/^\$/s/^  *\(\(-[A-Za-z], \)\{0,1\}--[^ ]*\)\( .*\)\{0,1\}\$/\1/p"; }
	tags() { sed -n 's/^     \(\(-[A-Za-z], \)\{0,1\}--[^ ]*\)$/\1/p'; }
	is "$(tags <"$tmp/page")" "$(nsview --help | options_of 'Options of all commands')" \
		'nsview(1) has the options of all commands'
	for command in ls ps tree show who net why graph enter tui help completion; do
		page "nsview-$command.1" >"$tmp/page"
		is "$(tags <"$tmp/page")" "$(nsview "$command" --help | options_of Options)" \
			"nsview-$command(1) has its options"
	done
	wrong=
	for command in $commands; do
		[ -f "man/nsview-$command.1" ] || wrong="$wrong $command"
	done
	is "$wrong" '' 'every command has a page'
	for command in ls ps; do
		is "$(page "nsview-$command.1" | sed -n 's/^     \([A-Za-z]*\) (\([a-z_]*\))$/\1 \2/p')" \
			"$(nsview "$command" -H | awk '{ print $1, $2 }')" \
			"nsview-$command(1) has its columns"
	done
	is "$(page nsview-net.1 | sed -n 's/^     \([A-Z]*\) (\([a-z_]*\))$/\1 \2/p')" \
		"$(for table in links addrs routes rules neigh listen firewall; do
			nsview net "--$table" -H
		done | awk '{ print $1, $2 }')" 'nsview-net(1) has the columns of its tables'
	topics=$(nsview help | sed -n 's/^Topics[^:]*: //p' | tr ',' ' ')
	wrong=
	for topic in $topics; do
		page nsview-help.1 | grep -Eq "^     $topic( |\$)" || wrong="$wrong $topic"
	done
	is "${topics:+$wrong}" '' 'nsview-help(1) has the topics'
else
	skip 21 'no mandoc'
fi

wrong=
for command in $commands; do
	# shellcheck disable=SC2016 # the backquotes of Markdown
	grep -qF '`nsview '"$command" README.md || wrong="$wrong $command"
done
is "$wrong" '' 'README.md has every command'
wrong=
for target in $(nsview help targets | sed -n 's/^  \([a-z]*:\).*/\1/p'); do
	grep -qF "$target" README.md || wrong="$wrong $target"
	grep -qF "$target" man/nsview.1 || wrong="$wrong $target"
done
is "$wrong" '' 'README.md and nsview(1) have every kind of target'

# ---- JSON: members that there are, against the page

in_page() { grep -Eq "^\.(It )?Cm (.* )?$1( |\$)" man/nsview-json.5; }

missing=
for key in $(nsview ls -H | awk '{ print $2 }') $(nsview ps -H | awk '{ print $2 }'); do
	in_page "$key" || missing="$missing $key"
done
is "$missing" '' 'nsview-json(5) has the key of every column'

if have jq; then
	own=$(readlink /proc/self/ns/user | tr -dc 0-9)
	for words in 'ls --output-all' 'ps -a --output-all' 'ps --output-all' 'tree --by=user' \
		'tree --by=pid' 'tree --by=process' "show self user:$own" \
		"who self user:$own" 'who --leaked' 'net self' 'why self 127.0.0.1:9'; do
		# shellcheck disable=SC2086 # words
		nsview $words -J -q
	done >"$tmp/json"
	# These have a chapter to themselves, in which nothing stands that is not printed either.
	{
		nsview enter --dry-run --new=user --map=0:1:1 self -J
		nsview enter --dry-run --new=user --json=lines self
		nsview enter --new=user,uts --verify -J
		nsview enter --info-fd=3 --new=user -- true 3>&1
	} >"$tmp/enter.json" 2>/dev/null
	is "$(jq -r '.. | objects | keys[]' "$tmp/enter.json" | sed 's/_why$//' |
		grep -vxE 'schema|hex|names|cgroup|ipc|mnt|net|time|uts' | sort -u)" \
		"$(sed -n '/^\.Sh ENTERING/,/^\.Sh EX/s/^\.It Cm //p' man/nsview-json.5 |
			tr -s ' ,' '\n' | sort -u)" 'nsview-json(5) has what enter prints, and nothing else'
	wrong=
	for word in $(jq -r '(.checks[]?.check, .checks[]?.result, .steps[]?.op, .steps[]?.by)' \
		"$tmp/enter.json" | sort -u); do
		sed -n '/^\.Sh ENTERING/,/^\.Sh EX/p' man/nsview-json.5 | tr -s ' ,' '\n' |
			grep -qxF "$word" || wrong="$wrong $word"
	done
	is "$wrong" '' '... with its words'
	missing=
	# What a kind of link has is told in the words of ip-link(8).
	for key in $(jq -r 'del(.. | .details?, .port_details?) | .. | objects | keys[]' "$tmp/json" | sed 's/_why$//' | sort -u); do
		in_page "$key" || missing="$missing $key"
	done
	is "$missing" '' 'nsview-json(5) has every member that is printed'
	is "$(jq -c .schema "$tmp/json" | sort | uniq -c | tr -s ' ')" ' 11 1' \
		'every document has its schema'
	# What a document shows was asked for. (Where init itself is unreadable its facts are not.)
	is "$(jq -r '.. | objects | to_entries[] | select(.value == "not read") | .key' "$tmp/json" |
		grep -Ev '^(init_pid|created)_why$' | sort -u)" '' 'nothing is left unread'
	top=$(jq -c '.. | objects | select(.ns == 4026531837 and has("pns")) |
		[.pns, .pns_why, .ons, .ons_why]' "$tmp/json" | sort -u)
	if [ -n "$top" ]; then
		is "$top" '[null,null,null,null]' 'that nothing is above the first user namespace is certain'
	else
		skip 1 'not here: in a user namespace'
	fi
else
	skip 6 'no jq'
fi

# ---- what completion offers

for shell in bash:nsview.bash zsh:_nsview fish:nsview.fish; do
	nsview completion "${shell%:*}" | cmp -s - "completions/${shell#*:}"
	ok $? "completion ${shell%:*} prints completions/${shell#*:}"
done

# offered WORD...: the candidates without their descriptions
offered() { nsview __complete "$@" | cut -f1; }

wrong=
for command in $commands; do
	want=$(nsview "$command" --help | sed -n 's/^  *\(-[A-Za-z], \)\{0,1\}\(--[a-z0-9-]*\).*/\2/p')
	[ "$(offered "$command" -- | tr -d '=')" = "$want" ] || wrong="$wrong $command"
done
is "$wrong" '' 'every option of every command is offered'
is "$(offered '')" "$commands" 'every command is offered'
is "$(offered ls -t '' | tr '\n' ' ')" 'cgroup ipc mnt net pid time user uts ' 'types are offered'
for command in ls ps; do
	# The heading may be another column's key; what is offered has to mean the column.
	list=$(offered "$command" -o '' | tr '\n' ,)
	is "$(nsview "$command" -q -r -o "${list%,}" self | head -n 1 | tr ' ' '\n')" \
		"$(nsview "$command" -H | awk '{ print $1 }')" "$command: every column is offered"
done
is "$(offered enter --new= | tr '\n' ' ')$(offered enter self -- ls --)" \
	'--new=cgroup --new=ipc --new=mnt --new=net --new=pid --new=time --new=user --new=uts --new=all ' \
	'what may be made is offered; nothing of ours to another command'
is "$(offered net --links -o NS,MT; offered net --rules -Q prio; offered graph '')" 'NS,MTU
priority
net' 'columns of the table that is asked for, and what a graph is of'
is "$(offered ls -o NS,nho)" NS,NHOLD 'within a list, and whatever the case'
own=$(readlink /proc/self/ns/user)
is "$(offered show "user:$(echo "$own" | tr -dc 0-9)"; offered show "${own%?}")" \
	"$(echo "$own" | tr -d '[]'; echo "$own")" 'a namespace by type and number'

# ---- shells

mkdir "$tmp/somewhere"

# A line, and what Tab makes of it in every shell. The brackets of the last are quoted for zsh.
cat >"$tmp/cases" <<END
nsview l|nsview ls
nsview ls --typ|nsview ls --type=
nsview ls --type=n|nsview ls --type=net
nsview ls -t net,us|nsview ls -t net,user
nsview ls -o NS,NHO|nsview ls -o NS,NHOLD
nsview ps -Q no_n|nsview ps -Q no_new_privs
nsview help filt|nsview help filters
nsview show sel|nsview show self
nsview ls --proc $tmp/somewh|nsview ls --proc $tmp/somewhere/
nsview show ${own%?}|nsview show $own
END

# At a prompt: typed into a terminal, Tab, and ^T, at which the shell writes its line down.
# typed SHELL WORDS: starts it, types every case, leaves the lines in $tmp/lines.
typed() {
	rm -f "$tmp/ready" "$tmp/keys" "$tmp/lines"
	mkfifo "$tmp/keys"
	INPUTRC=/dev/null HISTFILE='' TERM=dumb ZDOTDIR=$tmp \
		script -qec "$1" /dev/null <"$tmp/keys" >/dev/null 2>&1 &
	exec 3>"$tmp/keys"
	wait_for test -e "$tmp/ready"
	while IFS='|' read -r line _; do
		printf '%s\t\024' "$line" >&3
	done <"$tmp/cases"
	wait_for sh -c "[ \$(wc -l <$tmp/lines) -ge \$(wc -l <$tmp/cases) ]"
	printf 'exit\r' >&3
	exec 3>&-
	wait $!
	sed -i 's/ *$//' "$tmp/lines"
}

wanted=$(cut -d'|' -f2 "$tmp/cases")

cat >"$tmp/bashrc" <<'END'
PS1= PROMPT_COMMAND='echo >"$tmp/ready"'
[ -z "$WITH" ] || . "$WITH"
. completions/nsview.bash
dump() { printf '%s\n' "$READLINE_LINE" >>"$tmp/lines"; READLINE_LINE=; }
bind -x '"\C-t": dump'
[ -z "$BREAKS" ] || COMP_WORDBREAKS=${COMP_WORDBREAKS//[:=]/}
END
helpers=/usr/share/bash-completion/bash_completion
if have bash script; then
	shell="bash --noprofile --rcfile $tmp/bashrc -i"
	export BREAKS='' WITH=''
	typed "$shell"
	is "$(cat "$tmp/lines")" "$wanted" 'bash completes at its prompt'
	BREAKS=yes
	typed "$shell"
	is "$(cat "$tmp/lines")" "$wanted" 'also where it does not cut words at : and ='
	BREAKS=''
	if [ -r "$helpers" ]; then
		WITH=$helpers
		typed "$shell"
		is "$(cat "$tmp/lines")" "$wanted" 'also beside bash-completion'
	else
		skip 1 'not here: no bash-completion'
	fi
else
	skip 3 'no bash or script'
fi

# Called as bash calls it, without a terminal.
cat >"$tmp/call" <<'END'
. completions/nsview.bash
COMP_LINE=$1 COMP_POINT=${2:-${#1}}
shift 2
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_nsview
printf '%s\n' "${COMPREPLY[@]}"
END
if have bash; then
	call() { bash "$tmp/call" "$@"; }
	is "$(call 'nsview l' '' nsview l)" ls 'bash: a command'
	is "$(call 'nsview ls --type=n' '' nsview ls --type = n)" net 'bash: behind a ='
	is "$(call 'nsview ls --type=' '' nsview ls --type = | wc -l)" 8 'bash: at a ='
	is "$(call 'nsview ls -Q "type && nho' '' nsview ls -Q '"type && nho')" 'type && nhold' \
		'bash: in quotes'
	is "$(call 'nsview ls self' 8 nsview ls)" ls 'bash: the cursor within the line'
else
	skip 5 'no bash'
fi

if have fish; then
	HOME=$tmp fish --no-config -c 'source completions/nsview.fish
		while read -l line
			complete -C $line
		end' >"$tmp/lines" <<END
nsview l
nsview ls --typ
nsview ls --type=n
nsview ls -t net,us
nsview ls -o NS,nho
nsview ls --proc $tmp/somewh
nsview show sel
END
	is "$(cut -f1 "$tmp/lines" | sed 's|[^ ]*/somewhere|SOMEWHERE|')" 'ls
--type=
--type=net
net,user
NS,NHOLD
SOMEWHERE/
self' 'fish completes'
	is "$(HOME=$tmp fish --no-config -c 'source completions/nsview.fish
		complete -C "nsview "' | cut -f1 | sort)" \
		"$(echo "$commands" | sort)" 'fish offers the commands'
else
	skip 2 'no fish'
fi

cat >"$tmp/.zshrc" <<'END'
PS1=
fpath=($PWD/completions $fpath)
autoload -Uz compinit && compinit -u -D
dump() { print -r -- "$BUFFER" >>$tmp/lines; BUFFER= }
zle -N dump
bindkey '^T' dump
zle-line-init() { : >$tmp/ready }
zle -N zle-line-init
END
if have zsh script; then
	sed -i 's/[][]/\\&/g' "$tmp/cases"
	typed 'zsh -d -i'
	is "$(cat "$tmp/lines")" "$(cut -d'|' -f2 "$tmp/cases")" 'zsh completes at its prompt'
	is "$(head -n 1 completions/_nsview)" '#compdef nsview' 'zsh knows what the file is for'
else
	skip 2 'no zsh or script'
fi
