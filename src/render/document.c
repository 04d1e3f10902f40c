/* SPDX-License-Identifier: MIT */
/*
 * The JSON document around rows: schema, the host it describes, how complete it is, then the rows
 * (nsview-json(5)). Members come from the column table; text is made safe by json.h. Knows no
 * rows of its own.
 */
#include <errno.h>
#include <time.h>

#include <nsview/partial.h>
#include <nsview/render.h>
#include <nsview/version.h>

#include "cell.h"

enum { DOCUMENT_SCHEMA = 1 };

static void write_time(struct json *j, const struct graph *g)
{
	char text[sizeof("-2147481748-01-01T00:00:00Z")];
	time_t when = (time_t)g->time;
	struct tm utc;

	if (!gmtime_r(&when, &utc) || !strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc))
		json_unknown(j, "time", "the clock cannot be read");
	else
		json_str(j, "time", text);
}

static void write_fact(struct json *j, const char *key, const struct fact_text *text)
{
	if (fact_is_known(text->fact))
		json_text(j, key, text->data, text->len);
	else
		json_unknown(j, key, fact_why(text->fact));
}

static void write_host_namespaces(struct json *j, const struct graph *g)
{
	json_begin_object(j, "namespaces");
	for (unsigned type = 0; type < NS_TYPES; type++) {
		if (g->host[type])
			json_uint(j, ns_types[type].name, g->host[type]->ino);
		else
			json_unknown(j, ns_types[type].name, "not in this view");
	}
	json_end_object(j);
}

static void write_host(struct json *j, const struct graph *g)
{
	json_begin_object(j, "host");
	write_fact(j, "hostname", &g->hostname);
	write_fact(j, "kernel", &g->kernel);
	json_str(j, "nsview", NSVIEW_VERSION);
	write_time(j, g);
	/* All that a host has is below these two, or its processes are seen from them. */
	json_bool(j, "visible", g->host[NS_USER] && g->host[NS_PID]);
	write_host_namespaces(j, g);
	json_end_object(j);
}

void document_begin(struct json *j, const struct graph *g)
{
	json_begin_object(j, NULL);
	json_uint(j, "schema", DOCUMENT_SCHEMA);
	write_host(j, g);
	partial_json(g, j);
}

void document_end(struct json *j)
{
	json_end_object(j);
	json_end_line(j);
}

static void write_value(struct json *j, const char *key, const struct value *v)
{
	switch (v->kind) {
	case VALUE_TEXT:
		json_text(j, key, v->text, v->len);
		return;
	case VALUE_UINT:
		json_uint(j, key, v->num);
		return;
	case VALUE_INT:
		json_int(j, key, v->signed_num);
		return;
	case VALUE_BOOL:
		json_bool(j, key, v->num != 0);
		return;
	case VALUE_ID:
		json_id(j, key, v->num);
		return;
	}
}

void document_cell(struct json *j, const struct column *c, const struct row *row,
		   struct value *scratch)
{
	if (c->json) {
		c->json(row, c->key, j);
		return;
	}
	cell_read(c, row, scratch);
	if (fact_is_known(scratch->fact))
		write_value(j, c->key, scratch);
	else if (scratch->fact.state == FACT_NONE)
		json_none(j, c->key);
	else
		json_unknown(j, c->key, fact_why(scratch->fact));
}

int document_print(const struct term *t, const struct graph *g, const char *key,
		   const struct column_list *columns, const struct row *rows, size_t n)
{
	struct json j = { .out = t->out, .pretty = true };
	struct value v = VALUE_INIT;

	document_begin(&j, g);
	json_begin_array(&j, key);
	for (size_t i = 0; i < n; i++) {
		json_begin_object(&j, NULL);
		for (size_t c = 0; c < columns->n; c++)
			document_cell(&j, columns->at[c], &rows[i], &v);
		json_end_object(&j);
	}
	json_end_array(&j);
	document_end(&j);
	value_release(&v);
	return ferror(t->out) ? -EIO : 0;
}
