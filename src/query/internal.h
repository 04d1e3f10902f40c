/* SPDX-License-Identifier: MIT */
/* What the files of query/ share. Private to the room. */
#ifndef NSVIEW_QUERY_INTERNAL_H
#define NSVIEW_QUERY_INTERNAL_H

#include <nsview/buffer.h>
#include <nsview/column.h>
#include <nsview/fact.h>
#include <nsview/form.h>
#include <nsview/graph.h>
#include <nsview/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Each sets the state of a cell, and where it is known its kind and content. */
void value_set_fact(struct value *out, struct fact fact);
void value_set_uint(struct value *out, uint64_t num);
void value_set_id(struct value *out, uint64_t num);
void value_set_bool(struct value *out, bool yes);
void value_set_text(struct value *out, const char *text, size_t len);
void value_set_str(struct value *out, const char *text);
void value_set_fact_num(struct value *out, struct fact_num num);
void value_set_fact_id(struct value *out, struct fact_num num);
void value_set_fact_text(struct value *out, struct fact_text text);
/* Empties the scratch buffer for a cell that is put together there, and returns it. */
struct buffer *value_scratch(struct value *out);
/* The cell's text is what was put into its scratch buffer. */
void value_set_scratch(struct value *out);

/* Decimal digits; cells are too many for printf. */
void buffer_uint(struct buffer *b, uint64_t num);

/* true where fact is known; else writes the member as null, with why it is not known. */
bool json_fact(struct json *j, const char *key, struct fact fact);

/* Facts with structure, as a person reads them and as a JSON member. */
void form_ranges(struct fact_ranges map, struct buffer *out);
void form_ranges_json(struct json *j, const char *key, struct fact_ranges map);
void form_offset_json(struct json *j, const char *key, struct time_offset offset);
void form_caps(uint64_t caps, struct buffer *out);
/* ISO 8601 in local time, from clock ticks after the host's boot; nothing where that is unknown. */
struct fact form_start(const struct graph *g, uint64_t ticks, struct buffer *out);

/* The first holder of that kind, or NULL. */
const struct holder *ns_holder_of(const struct ns *ns, enum holder_kind kind);
/* A mount of it: one in our own mount namespace if there is any; NULL if it has none. */
const struct holder *ns_mount(const struct graph *g, const struct ns *ns);

#endif
