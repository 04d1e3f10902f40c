/* SPDX-License-Identifier: MIT */
/* The messages between front, helper and child: one packet each, over a socket that exec closes. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <nsview/procfile.h>

#include "session.h"

int report_send(int sock, const struct report *r)
{
	ssize_t n;

	do
		n = send(sock, r, sizeof(*r), MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

int report_receive(int sock, struct report *out)
{
	ssize_t n;

	do
		n = recv(sock, out, sizeof(*out), 0);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == ECONNRESET ? 0 : -errno;
	if (n == 0)
		return 0;
	out->text[sizeof(out->text) - 1] = '\0';
	return n == sizeof(*out) ? 1 : -EPROTO;
}

/* By a /proc that numbers us though the one inside may not, or be another's work. */
void report_namespaces(const struct session *s, struct report *r)
{
	for (int i = 0; i < NS_TYPES; i++) {
		char path[40];

		snprintf(path, sizeof(path), "thread-self/ns/%s", ns_types[i].name);
		proc_ns_link(s->job->target->proc, path, &r->ino[i]);
	}
}

bool report_ask(int sock, struct report *r)
{
	return report_send(sock, r) == 0 && report_receive(sock, r) == 1 && r->kind == REPORT_GO;
}

int session_words(struct session *s, int error, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(s->detail, sizeof(s->detail), fmt, args);
	va_end(args);
	return error;
}
