#!/bin/sh
# `nsview show` on copies of /proc, against golden files.
cd "$(dirname "$0")" || exit 2
. ./golden.sh
plan 5
host=fixtures/host/proc

for ns in 4026532344 4026532339 4026531841 4026532337 4026532340 netns:lab 4026532850 4026532343 \
	4026532900 4026532910 4026532700 4026532802 4026532338; do
	told show --proc=$host $ns
done
golden show-namespaces 'namespaces of every type'

told show --proc=$host user:4026531837
golden show-many 'a namespace with more members than a page has room for'

for process in 1 3 1225 1290 1402 2300 2400 2500 2520 2600; do
	told show --proc=$host $process
done
golden show-processes 'processes of every kind'

told show --proc=fixtures/v1/proc 1120 1300
told show --proc=fixtures/container/proc 44 pid:4026532343
told show --proc=fixtures/old/proc 950 user:4026532170
golden show-views 'hosts with v1 cgroups, a view from inside a container, an old kernel'

told_json show -J --proc=$host 1290 2400 4026532700 netns:lab
told_json show --json --proc=fixtures/old/proc 910 pid:4026532171
golden show-json 'JSON'
