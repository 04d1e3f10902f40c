#!/bin/sh
# `nsview tree` on copies of /proc, against golden files. Those have no owners and parents, which
# only a kernel tells: tests/live has trees that do.
cd "$(dirname "$0")" || exit 2
. ./golden.sh
plan 6
host=fixtures/host/proc

told tree --proc=$host
told tree --by=user --proc=fixtures/v1/proc
told tree --proc=fixtures/container/proc
told tree --proc=fixtures/old/proc
golden tree-user 'by user namespace'

told tree --by=pid --proc=$host
told tree --by=pid --proc=fixtures/old/proc
golden tree-pid 'by pid namespace'

told tree --by=process --proc=$host
told tree --by=process --proc=fixtures/container/proc
golden tree-process 'by process'

for by in user pid process; do
	told tree --ascii --by=$by --proc=fixtures/v1/proc
done
golden tree-ascii 'in ASCII'

for by in user pid process; do
	told_json tree -J --by=$by --proc=fixtures/container/proc
done
golden tree-json 'JSON'

told tree --proc=$host ctr:c1
told tree --by=pid --proc=$host ctr:web
told tree --by=process --proc=$host 1290 2520
told tree --by=process --proc=$host netns:lab
told tree --by=user --proc=$host netns:lab
golden tree-targets 'of targets'
