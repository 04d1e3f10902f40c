# bash completion for nsview; the program itself knows the candidates.

_nsview()
{
	local rest=${COMP_LINE:0:COMP_POINT} words=() quoted='' word blank line i

	# Bash cuts words at ':' and '=' too. Put together again what no blank parts in the line;
	# the last word is what is left in front of the cursor.
	for ((i = 0; i <= COMP_CWORD; i++)); do
		blank=${rest%%[![:space:]]*}
		rest=${rest#"$blank"}
		word=${COMP_WORDS[i]}
		((i < COMP_CWORD)) || word=$rest
		if [[ -n $blank || i -eq 0 ]]; then
			words+=("$word")
		else
			words[${#words[@]} - 1]+=$word
		fi
		rest=${rest#"$word"}
	done
	i=$((${#words[@]} - 1))
	if [[ ${words[i]} == [\"\']* ]]; then
		quoted=yes
		words[i]=${words[i]:1}
	fi

	COMPREPLY=()
	while IFS= read -r line; do
		COMPREPLY+=("${line%%$'\t'*}")
	done < <("${words[0]}" __complete "${words[@]:1}" 2>/dev/null)

	if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]]; then
		compopt -o nospace 2>/dev/null
	fi
	# What is replaced starts behind the last character at which bash cuts.
	word=${words[i]}
	for blank in = : @; do
		if [[ -z $quoted && $COMP_WORDBREAKS == *$blank* && $word == *$blank* ]]; then
			line=${word%"${word##*"$blank"}"}
			COMPREPLY=("${COMPREPLY[@]#"$line"}")
			word=${word#"$line"}
		fi
	done
}
# Where the program has no candidate, a file may be meant.
complete -o bashdefault -o default -F _nsview nsview
