/* SPDX-License-Identifier: MIT */
/*
 * A JSON writer that streams: nothing is built in memory, so that ten thousand objects cost no
 * more than one. Text goes through the ESCAPE_JSON rule of escape.h, then JSON's own quoting.
 */
#ifndef NSVIEW_JSON_H
#define NSVIEW_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct json {
	FILE *out;	/* borrowed */
	bool pretty;	/* two-space indentation; else one line per top-level value */
	unsigned depth; /* open objects and arrays */
	bool comma;	/* a value precedes at this depth */
};

/* key is NULL for the top level and inside arrays, and must need no escaping. */
void json_begin_object(struct json *j, const char *key);
void json_end_object(struct json *j);
void json_begin_array(struct json *j, const char *key);
void json_end_array(struct json *j);
void json_text(struct json *j, const char *key, const char *text, size_t len);
void json_str(struct json *j, const char *key, const char *text);
void json_uint(struct json *j, const char *key, uint64_t value);
void json_int(struct json *j, const char *key, int64_t value);
/* A 64-bit id as a string, since JSON readers lose bits above 2^53. */
void json_id(struct json *j, const char *key, uint64_t value);
void json_bool(struct json *j, const char *key, bool value);
/* null. Not called json_null: jansson exports that name, and ours would take its place. */
void json_none(struct json *j, const char *key);
/* null, and why in a sibling key with _why appended. */
void json_unknown(struct json *j, const char *key, const char *why);
/* Ends a document with a newline; flushes nothing. */
void json_end_line(struct json *j);

#endif
