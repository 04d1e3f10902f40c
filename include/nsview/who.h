/* SPDX-License-Identifier: MIT */
/* The WHO column: the best short name for a namespace or a process. Unescaped. */
#ifndef NSVIEW_WHO_H
#define NSVIEW_WHO_H

#include <nsview/buffer.h>
#include <nsview/graph.h>

/*
 * For a process: "docker:web nginx" (identity and comm), else its command line, else its comm in
 * brackets (kernel threads). with_command false leaves the command out where there is an identity.
 * Needs NEED_IDENTITY, NEED_COMM and NEED_CMDLINE. State of the answer in the return value.
 */
struct fact who_process(const struct process *p, bool with_command, struct buffer *out);

/*
 * For a namespace: "host (systemd)", a container or unit with its command, "netns:lab", the
 * command line of the most senior process, else what holds it: "pid 20591 fd 4".
 */
struct fact who_namespace(const struct graph *g, const struct ns *ns, struct buffer *out);

/* "kind:name", from an identity. */
void who_identity(const struct identity *id, struct buffer *out);

/* The name under /run/netns or /var/run/netns by which ns is mounted; NULL if it has none. */
const char *ns_netns_name(const struct ns *ns);

/*
 * The process whose facts name a namespace, and give its UID, USER and COMMAND: the lead, else a
 * task that leads there by a thread or a *_for_children link; NULL if there is none. Its facts are
 * to be read before.
 */
const struct process *ns_subject(const struct ns *ns);

/* Arguments of a command line joined by single spaces. */
void who_cmdline(struct fact_text cmdline, struct buffer *out);

#endif
