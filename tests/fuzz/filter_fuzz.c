/* SPDX-License-Identifier: MIT */
/* Any text as a filter: compiles or is refused with a sentence, and its negation negates. */
#include <errno.h>
#include <string.h>

#include <nsview/filter.h>

#include "fuzz.h"

/* Each row is a fact state; the getters answer with it, and with something of their kind. */
static enum fact_state state_of(const struct row *row)
{
	return row->ns ? FACT_DENIED : row->process ? FACT_NONE : FACT_KNOWN;
}

static void get_text(const struct row *row, struct value *out)
{
	static const char text[] = "docker:web\0nginx -g \xff";

	out->fact.state = (uint16_t)state_of(row);
	buffer_append(&out->scratch, text, sizeof(text) - 1);
	out->text = out->scratch.data;
	out->len = out->scratch.len;
}

static void get_empty(const struct row *row, struct value *out)
{
	(void)row;
	out->fact = fact_known();
}

static void get_number(const struct row *row, struct value *out)
{
	out->fact.state = (uint16_t)state_of(row);
	out->num = 1;
	out->signed_num = INT64_MIN;
}

static const struct column columns[] = {
	{ .heading = "TYPE", .key = "type", .kind = VALUE_TEXT, .get = get_text },
	{ .heading = "WHO", .key = "who", .kind = VALUE_TEXT, .get = get_empty },
	{ .heading = "NPROCS", .key = "nprocs", .kind = VALUE_UINT, .get = get_number },
	{ .heading = "BOOTOFF", .key = "boot_off", .kind = VALUE_INT, .get = get_number },
	{ .heading = "LOST", .key = "lost", .kind = VALUE_BOOL, .get = get_number },
	{ .heading = NULL },
};
static const struct column_table table = { "fuzz", columns, "TYPE" };

/* Never looked at but for being there. */
static const struct ns some_ns;
static const struct process some_process;
static const struct row rows[] = {
	{ .ns = NULL },
	{ .ns = &some_ns },
	{ .process = &some_process },
};

static void compare_with_negation(const struct filter *f, const char *text)
{
	static const enum filter_answer negated[] = { FILTER_YES, FILTER_NO, FILTER_UNKNOWN };
	struct filter *not_f;
	struct error err = { 0 };
	struct buffer b = BUFFER_INIT;

	buffer_printf(&b, "!(%s)", text);
	/* Only the limit of nesting may stand between a filter and its negation. */
	if (filter_compile(&table, b.data, &not_f, &err)) {
		MUST(strstr(err.text, "nested more than") != NULL);
	} else {
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
			MUST(filter_match(not_f, &rows[i]) == negated[filter_match(f, &rows[i])]);
		filter_free(not_f);
	}
	buffer_release(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size);
	struct filter *f;
	struct error err = { 0 };

	MUST(text != NULL);
	if (filter_compile(&table, text, &f, &err)) {
		MUST(err.code == -EINVAL && strncmp(err.text, "filter: ", 8) == 0);
	} else {
		compare_with_negation(f, text);
		filter_free(f);
	}
	free(text);
	return 0;
}
