/* SPDX-License-Identifier: MIT */
/* What is told of the command once it runs: --pid-file, --info-fd. Private to enter/. */
#ifndef NSVIEW_ENTER_OUTCOME_H
#define NSVIEW_ENTER_OUTCOME_H

#include "session.h"

/* Where the pid file will be; nothing of that name is touched before it is complete. */
struct pid_file {
	int dir;	    /* fd of its directory, -1: none is wanted */
	int fd;		    /* of the new file */
	char *name;	    /* in dir */
	char temporary[64]; /* its name until it is complete, "" from then on */
};

int pid_file_open(const char *path, struct pid_file *out, struct error *err);
int pid_file_write(struct pid_file *f, pid_t pid);
/* In a helper: closes its descriptors and changes nothing else, since it may be our own memory. */
void pid_file_leave(const struct pid_file *f);
void pid_file_release(struct pid_file *f);

/* One line of JSON: {"schema":1,"pid":N,"namespaces":{...}}. */
int info_write(int fd, pid_t pid, const uint64_t ino[NS_TYPES]);

#endif
