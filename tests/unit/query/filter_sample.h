/* SPDX-License-Identifier: MIT */
/* A small column table and one row of it, for the tests of the filter language. */
#ifndef NSVIEW_TEST_FILTER_SAMPLE_H
#define NSVIEW_TEST_FILTER_SAMPLE_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <nsview/filter.h>

/* The cells of one row; a getter finds them through row->graph, which no filter looks at. */
struct cells {
	struct fact type_fact, who_fact, nprocs_fact, offset_fact, lost_fact;
	const char *type, *who;
	size_t who_len;
	uint64_t nprocs, id;
	int64_t offset;
	bool lost;
};

static inline const struct cells *cells_of(const struct row *row)
{
	return (const struct cells *)(const void *)row->graph;
}

static inline void get_type(const struct row *row, struct value *out)
{
	out->fact = cells_of(row)->type_fact;
	out->text = cells_of(row)->type;
	out->len = out->text ? strlen(out->text) : 0;
}

static inline void get_who(const struct row *row, struct value *out)
{
	out->fact = cells_of(row)->who_fact;
	buffer_append(&out->scratch, cells_of(row)->who, cells_of(row)->who_len);
	out->text = out->scratch.data;
	out->len = out->scratch.len;
}

static inline void get_nprocs(const struct row *row, struct value *out)
{
	out->fact = cells_of(row)->nprocs_fact;
	out->num = cells_of(row)->nprocs;
}

static inline void get_offset(const struct row *row, struct value *out)
{
	out->fact = cells_of(row)->offset_fact;
	out->signed_num = cells_of(row)->offset;
}

static inline void get_id(const struct row *row, struct value *out)
{
	out->fact = fact_known();
	out->num = cells_of(row)->id;
}

static inline void get_lost(const struct row *row, struct value *out)
{
	out->fact = cells_of(row)->lost_fact;
	out->num = cells_of(row)->lost;
}

static const struct column columns[] = {
	{ .heading = "TYPE", .key = "type", .kind = VALUE_TEXT, .needs = 1, .get = get_type },
	{ .heading = "WHO", .key = "who", .kind = VALUE_TEXT, .needs = 2, .get = get_who },
	{ .heading = "NPROCS", .key = "nprocs", .kind = VALUE_UINT, .needs = 4, .get = get_nprocs },
	{ .heading = "BOOTOFF",
	  .key = "boot_off",
	  .kind = VALUE_INT,
	  .needs = 8,
	  .get = get_offset },
	{ .heading = "ID", .key = "id", .kind = VALUE_ID, .get = get_id },
	{ .heading = "LOST", .key = "lost", .kind = VALUE_BOOL, .get = get_lost },
	{ .heading = NULL },
};
static const struct column_table table = { "test", columns, "TYPE" };

static inline struct cells known_cells(void)
{
	static const char who[] = "docker:web nginx";
	const struct fact known = fact_known();

	return (struct cells){ known, known, known,	      known, known,
			       "net", who,   sizeof(who) - 1, 5,     0x1234567890abcdefULL,
			       -7,    true };
}

static inline struct filter *compile(const char *text)
{
	struct filter *f = NULL;
	struct error err = { 0 };

	if (filter_compile(&table, text, &f, &err))
		fail_msg("'%s' does not compile: %s", text, err.text);
	return f;
}

static inline enum filter_answer ask(const struct cells *cells, const char *text)
{
	struct row row = { .graph = (const struct graph *)(const void *)cells };
	struct filter *f = compile(text);
	enum filter_answer a = filter_match(f, &row);

	filter_free(f);
	return a;
}

#endif
