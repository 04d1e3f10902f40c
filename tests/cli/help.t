#!/bin/sh
# Help and version: what a person reads first.
cd "$(dirname "$0")" || exit 2
. ./golden.sh
plan 12

told help
told --help
told -h
nsview >"$tmp/bare" </dev/null
golden help 'the overview'
# Not on a terminal; on one it is for the interactive view to start.
is "$(head -n 1 "$tmp/bare")" "$(nsview help | head -n 1)" 'without any argument: the overview'

commands=$(nsview help | sed -n 's/^  \([a-z]*\)  .*/\1/p')
like "$commands" '^ls$' 'the overview names commands'
for command in $commands; do
	told help "$command"
	told "$command" -h
done
golden help-commands 'each command, long and short'

topics=$(nsview help | sed -n 's/^Topics.*: //p' | tr -d ,)
like "$topics" 'targets.*filters' 'the overview names topics'
for topic in $topics; do
	told help "$topic"
done
golden help-topics 'each topic'

bad_help=
for command in $commands; do
	[ "$(nsview "$command" --help)" = "$(nsview help "$command")" ] || bad_help="$bad_help $command"
done
is "$bad_help" '' 'COMMAND --help is help COMMAND'

version=$(sed -n 's/.*NSVIEW_VERSION "\(.*\)"/\1/p' ../../include/nsview/version.h)
is "$(nsview --version | sed 2d)" "nsview $version" '--version'
# What it was built with differs; that it is said does not.
like "$(nsview --version | sed -n 2p)" \
	'^sources: proc(, kernel \(BPF\)| \(built without the kernel source: .*\))$' \
	'--version tells the sources'
is "$(nsview -V; nsview ls -V; nsview -V ls)" "$(nsview --version; nsview --version
nsview --version)" '-V, anywhere'
is "$(nsview -h ls; nsview --help ps)" "$(nsview ls -h; nsview ps --help)" '-h before the command is for the command'
ends 0 'help ends well' help ls ps targets
