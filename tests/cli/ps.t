#!/bin/sh
# `nsview ps` on copies of /proc, against golden files.
cd "$(dirname "$0")" || exit 2
. ./golden.sh
plan 6
host=fixtures/host/proc

for view in host v1 container old; do
	told ps --proc=fixtures/$view/proc
done
golden ps 'one row per distinct set of namespaces'

told ps -a --proc=$host
told ps -a --proc=fixtures/container/proc
told ps -a --proc=fixtures/old/proc
golden ps-all 'every process'

told ps -ar --output-all --proc=$host 1225 1402 2300 2400 2600
told ps -ar --output-all --proc=fixtures/old/proc
golden ps-columns 'every column'

told_json ps -J --proc=fixtures/v1/proc
told_json ps -aJ --output-all --proc=$host 1290
told ps --json=lines --proc=$host
told_json ps -J --proc=$host -Q 'pid == 99'
golden ps-json 'JSON'

told ps --proc=$host -o PID,WHO,COMMAND -Q 'who =~ "^docker"'
told ps -a --proc=$host -o PID,NSPID,WHO -Q 'nspid =~ "-> 1$"'
told ps -a --proc=$host -o PID,STATE,WHO -Q 'state == "Z"'
told ps -a --proc=$host -o PID,USER,CAPS -Q 'uid == 64532'
told ps -a --proc=$host -o +STATE 1290
told ps --proc=$host -o +STATE 1290
told ps --proc=$host -t user
told ps --proc=$host -t net,time
told ps -n --proc=$host -o PID,COMMAND ctr:web net:4026532500
told ps -a -n --proc=$host -o PID,COMMAND ctr:web net:4026532500
told ps --proc=$host -Q 'nprocs > 1000'
golden ps-options 'filters, columns and targets'

told ps -H
golden ps-list-columns 'the list of columns'
