#!/bin/sh
# `nsview ls` on copies of /proc, against golden files.
cd "$(dirname "$0")" || exit 2
. ./golden.sh
plan 10
host=fixtures/host/proc

told ls --proc=$host
golden ls 'the default columns'

for view in v1 container old; do
	told ls --proc=fixtures/$view/proc
done
golden ls-views 'hosts with v1 cgroups, a view from inside a container, an old kernel'

for type in cgroup ipc mnt net pid time user uts; do
	told ls --proc=$host --output-all -r -t $type
done
golden ls-columns 'every column of every type'

told_json ls --proc=$host -J -t net
told_json ls --proc=$host -J --output-all user:4026532700
told_json ls --proc=$host --json=pretty -o NS,ID,UIDMAP user:4026531837
told ls --proc=$host --json=lines --output-all pid:4026532350 time:4026532910 mnt:4026532337
told ls --proc=$host --json=lines -t user,time
told_json ls --proc=$host -J -Q 'nprocs > 1000'
told ls --proc=$host --json=lines -Q 'nprocs > 1000'
golden ls-json 'JSON'

told ls --proc=$host -o NS,NPROCS,COMMAND -t time
told ls --proc=$host -o who,Type,ns -t time
told ls --proc=$host -o +NHOLD,NSFS -t net
told ls --proc=$host -n -t time
told ls --proc=$host -rn -t time
told ls --proc=$host --raw --noheadings --output=NS,WHO --type=user,time
told ls --proc=$host -l -T -t time
told ls --proc=$host -u -t time
told ls --proc=$host -P
told ls --proc=$host -p 1225
told ls --proc=$host --task=2300
told -q --color=never --proc $host ls -nt user -- ctr:c1
golden ls-options 'options, before and after the command'

told ls --proc=$host -T -t pid,user
told ls --proc=$host -Towner -t user
told ls --proc=$host -Tparent -t pid
told ls --proc=$host --tree=process -t pid,user,net
told ls --proc=$host --tree=process -t user --ascii
golden ls-tree 'trees'

for filter in 'type == "net"' 'nprocs > 1 && type == "pid"' 'who =~ "^docker"' 'WHO:podman' \
	'host' '!host && type == "user"' 'uid >= 100000' 'pid == 1225' 'held == "mount"' \
	'held != "proc"' 'nthreads' '(type == "net" or type == "uts") and nprocs > 3' \
	'user == "root" && not host && type=="uts"' 'path =~ "task"' 'command !~ "nginx" && type == "time"' \
	'ns == 4026532600' 'nprocs > 1000' 'level == 0' 'type == "uts" && hostname == "web"' \
	'type == "uts" || hostname == "web"' 'type == "mnt" && hostname == "web"' 'boottime_offset == 86400' \
	'nmounts == 5'; do
	told ls --proc=$host -n -o NS,TYPE,NPROCS,PID,HELD -Q "$filter"
done
golden ls-filter 'filters, and what they cannot judge'

for target in 1225 self 4026532340 'net:[4026532340]' net:4026532340 pid:29@4026532343 netns:lab \
	ctr:web ctr:docker:web ctr:3f2a ctr:nightly-job ctr:c1 unit:ssh.service unit:emacs.service \
	'mount:/mnt/my backup' '/mnt/my backup' /run/netns/lab /run/docker/netns/5d1c0fa2be77 uid:100999 uid:71000 uid:5; do
	told ls --proc=$host -n -o NS,TYPE,NPROCS,PID,WHO "$target"
done
told ls --proc=$host -n -o NS,TYPE ctr:web ctr:agent 2200
told ls --proc=$host -n -o NS,TYPE -t user,net ctr:web ctr:agent 2200
golden ls-targets 'targets of every kind'

told ls -H
told ls --list-columns --proc=/nonexistent
golden ls-list-columns 'the list of columns'

told ls --proc=$host -q -v -t time
for said in -q -v --ascii; do
	nsview ls --proc=$host $said -t time 2>&1 >/dev/null | sed "s/^/stderr with $said: /"
done >>"$transcript"
golden ls-stderr 'what is said on stderr, once, and with -q not at all'
