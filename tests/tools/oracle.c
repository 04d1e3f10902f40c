/* SPDX-License-Identifier: MIT */
/*
 * A second, deliberately simple reading of a procfs, to compare nsview's answers with: prints
 * "TYPE INODE NPROCS" for each namespace that a process is in, sorted. Follows the links with
 * stat instead of reading their text, so that it shares no parser with nsview. Knows only what
 * the links of /proc/PID/ns say; what cannot be read is left out.
 *
 *   oracle [-t] [-p PROC]
 *
 * -t  also "thread PID TID LINK INODE" where a thread's link differs from its leader's, and
 *     "children PID LINK INODE" where a process's children would be born elsewhere
 */
#include "nstypes.h"
#include <dirent.h>
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 4096 };

/* The link that a *_for_children link is compared with. */
static const unsigned children_of[LINKS] = { [8] = 4, [9] = 5 };

struct member {
	unsigned type;
	unsigned long ino;
};

struct members {
	struct member *at;
	size_t n, room;
};

static void members_add(struct members *m, unsigned type, unsigned long ino)
{
	if (m->n == m->room) {
		m->room = m->room ? m->room * 2 : 1024;
		m->at = realloc(m->at, m->room * sizeof(*m->at));
		if (!m->at)
			err(2, "realloc");
	}
	m->at[m->n++] = (struct member){ type, ino };
}

static int member_compare(const void *a, const void *b)
{
	const struct member *x = a, *y = b;
	if (x->type != y->type)
		return x->type < y->type ? -1 : 1;
	return (x->ino > y->ino) - (x->ino < y->ino);
}

/* 0 for a link that cannot be followed. */
static void read_links(const char *task, unsigned long ino[LINKS])
{
	char path[PATH_BYTES];
	struct stat st;
	for (unsigned i = 0; i < LINKS; i++) {
		snprintf(path, sizeof(path), "%s/ns/%s", task, link_names[i]);
		ino[i] = stat(path, &st) == 0 ? st.st_ino : 0;
	}
}

static void print_children(const char *pid, const unsigned long ino[LINKS])
{
	for (unsigned i = OWN_LINKS; i < LINKS; i++)
		if (ino[i] && ino[i] != ino[children_of[i]])
			printf("children %s %s %lu\n", pid, link_names[i], ino[i]);
}

static void print_threads(const char *process, const char *pid, const unsigned long leader[LINKS])
{
	char path[PATH_BYTES];
	unsigned long ino[LINKS];
	snprintf(path, sizeof(path), "%s/task", process);
	DIR *dir = opendir(path);
	if (!dir)
		return;
	for (struct dirent *entry; (entry = readdir(dir));) {
		if (entry->d_name[0] == '.' || strcmp(entry->d_name, pid) == 0)
			continue;
		snprintf(path, sizeof(path), "%s/task/%s", process, entry->d_name);
		read_links(path, ino);
		for (unsigned i = 0; i < LINKS; i++)
			if (ino[i] && ino[i] != leader[i])
				printf("thread %s %s %s %lu\n", pid, entry->d_name, link_names[i],
				       ino[i]);
	}
	closedir(dir);
}

static void read_process(struct members *m, const char *proc, const char *pid, bool threads)
{
	char path[PATH_BYTES / 2];
	unsigned long ino[LINKS];
	snprintf(path, sizeof(path), "%s/%s", proc, pid);
	read_links(path, ino);
	for (unsigned i = 0; i < OWN_LINKS; i++)
		if (ino[i])
			members_add(m, i, ino[i]);
	if (threads) {
		print_children(pid, ino);
		print_threads(path, pid, ino);
	}
}

static void print_members(const struct members *m)
{
	for (size_t i = 0, end; i < m->n; i = end) {
		for (end = i + 1; end < m->n && member_compare(&m->at[i], &m->at[end]) == 0; end++)
			continue;
		printf("%s %lu %zu\n", link_names[m->at[i].type], m->at[i].ino, end - i);
	}
}

int main(int argc, char **argv)
{
	const char *proc = "/proc";
	struct members members = { 0 };
	bool threads = false;
	int opt;
	while ((opt = getopt(argc, argv, "tp:")) != -1) {
		if (opt == 't')
			threads = true;
		else if (opt == 'p')
			proc = optarg;
		else
			return 2;
	}
	DIR *dir = opendir(proc);
	if (!dir)
		err(2, "%s", proc);
	for (struct dirent *entry; (entry = readdir(dir));)
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			read_process(&members, proc, entry->d_name, threads);
	closedir(dir);
	if (members.n)
		qsort(members.at, members.n, sizeof(*members.at), member_compare);
	print_members(&members);
	free(members.at);
	return 0;
}
