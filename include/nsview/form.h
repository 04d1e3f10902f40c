/* SPDX-License-Identifier: MIT */
/* Facts as a person reads them, for pages and trees that are no table. Text is not escaped. */
#ifndef NSVIEW_FORM_H
#define NSVIEW_FORM_H

#include <stddef.h>
#include <sys/types.h>
#include <nsview/buffer.h>
#include <nsview/fact.h>
#include <nsview/graph.h>
#include <nsview/json.h>

/* The login name of uid, or its number where it has none. Remembers what it was told. */
void user_name(uid_t uid, struct buffer *out);

/* The command line, "[comm]" where there is none, as in COMMAND. State in the return value. */
struct fact who_command(const struct process *p, struct buffer *out);

/* "4123 -> 1" */
void form_chain(const pid_t *nspid, size_t n, struct buffer *out);
/* Seconds: "86400", "-0.1" */
void form_offset(struct time_offset offset, struct buffer *out);
/* Capabilities as a member: hex and names. */
void form_caps_json(struct json *j, const char *key, uint64_t caps);

#endif
