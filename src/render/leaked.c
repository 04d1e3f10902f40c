/* SPDX-License-Identifier: MIT */
/*
 * The answer of `nsview who --leaked`: the table, whose they are and who holds them, how near each
 * user is to the limits, and the name files on which nothing is mounted any more. Reads the graph
 * only; what a leak is is decided in query/leak.h.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <nsview/error.h>
#include <nsview/form.h>
#include <nsview/leak.h>
#include <nsview/render.h>

#include "words.h"

enum { HOLDERS_SHOWN = 10, USERS_SHOWN = 10 };

static struct row *leak_rows(const struct graph *g, size_t *out_n)
{
	const struct ns **list = calloc(g->nnamespaces + 1, sizeof(struct ns *));
	struct row *rows = calloc(g->nnamespaces + 1, sizeof(*rows));

	if (!list || !rows)
		die("out of memory");
	*out_n = leaks_find(g, list);
	for (size_t i = 0; i < *out_n; i++)
		rows[i] = (struct row){ .graph = g, .ns = list[i] };
	free(list);
	return rows;
}

static size_t count_named(const struct graph *g)
{
	const struct holder *by;
	size_t n = 0;

	for (size_t i = 0; i < g->nnamespaces; i++)
		n += leak_judge(g, g->namespaces[i], &by) == LEAK_NAMED;
	return n;
}

static void put_summary(const struct words *w, size_t leaked)
{
	size_t named = count_named(w->graph);

	if (leaked)
		fprintf(w->term->out,
			"%zu %s leaked, oldest first; nsview who NS tells how to release one\n",
			leaked, leaked == 1 ? "namespace" : "namespaces");
	else
		fputs("no leaked namespace was seen\n", w->term->out);
	if (named)
		fprintf(w->term->out, "%zu more without a process %s a name that can be seen\n",
			named, named == 1 ? "has" : "have");
}

/* How many leaks one process, or one mount namespace's mounts, hold. */
struct tally {
	const struct holder *by;
	size_t n;
};

static bool is_same_holder(const struct holder *a, const struct holder *b)
{
	if ((a->kind == HOLD_MOUNT) != (b->kind == HOLD_MOUNT))
		return false;
	return a->kind == HOLD_MOUNT ? a->mnt == b->mnt : a->process == b->process;
}

static int compare_tally(const void *a, const void *b)
{
	const struct tally *x = a, *y = b;

	return (x->n < y->n) - (x->n > y->n);
}

static size_t tally_up(const struct row *rows, size_t n, struct tally *out)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		const struct holder *by;
		size_t at = 0;

		leak_judge(rows[i].graph, rows[i].ns, &by);
		if (!by)
			continue;
		while (at < count && !is_same_holder(out[at].by, by))
			at++;
		if (at == count)
			out[count++] = (struct tally){ by, 0 };
		out[at].n++;
	}
	if (count)
		qsort(out, count, sizeof(*out), compare_tally);
	return count;
}

static void say_holder(struct words *w, const struct holder *by)
{
	if (by->kind != HOLD_MOUNT && !by->process) {
		buffer_text(w->out, "no process");
	} else if (by->kind != HOLD_MOUNT) {
		buffer_printf(w->out, "pid %d (", (int)by->process->pid);
		words_comm(w, by->process);
		buffer_char(w->out, ')');
	} else if (by->mnt) {
		buffer_text(w->out, "mounts in ");
		words_ns(w, by->mnt);
	} else {
		buffer_text(w->out, "mounts");
	}
}

static void put_holders(struct words *w, const struct row *rows, size_t n)
{
	struct tally *tally = calloc(n + 1, sizeof(*tally));
	size_t count;

	if (!tally)
		die("out of memory");
	count = tally_up(rows, n, tally);
	buffer_clear(w->out);
	for (size_t i = 0; i < count && i < HOLDERS_SHOWN; i++) {
		buffer_text(w->out, i ? ", " : "by holder: ");
		say_holder(w, tally[i].by);
		buffer_printf(w->out, " %zu", tally[i].n);
	}
	if (count)
		fprintf(w->term->out, "%s%s\n", buffer_str(w->out),
			count > HOLDERS_SHOWN ? ", ..." : "");
	free(tally);
}

static void say_user(struct words *w, struct fact_num uid)
{
	if (fact_is_known(uid.fact))
		words_user(w, uid);
	else
		buffer_text(w->out, "?");
}

static void say_counts(struct words *w, const struct owner_count *o)
{
	const char *between = ": ";

	for (int type = 0; type < NS_TYPES; type++) {
		struct fact_num limit = w->graph->limits[type];

		if (!o->counts[type])
			continue;
		buffer_printf(w->out, "%s%s %" PRIu32, between, ns_types[type].name,
			      o->counts[type]);
		if (fact_is_known(limit.fact))
			buffer_printf(w->out, " of %" PRIu64, limit.num);
		between = ", ";
	}
}

static void put_users(struct words *w)
{
	size_t n;
	struct owner_count *list = owners_count(w->graph, &n);

	if (n)
		fputs("by user, of the most that each may have (user.max_*_namespaces):\n",
		      w->term->out);
	for (size_t i = 0; i < n && i < USERS_SHOWN; i++) {
		buffer_clear(w->out);
		buffer_text(w->out, "  ");
		say_user(w, list[i].uid);
		say_counts(w, &list[i]);
		if (list[i].leaked)
			buffer_printf(w->out, "; leaked %" PRIu32, list[i].leaked);
		fprintf(w->term->out, "%s\n", buffer_str(w->out));
	}
	if (n > USERS_SHOWN)
		fprintf(w->term->out, "  and %zu more users\n", n - USERS_SHOWN);
	free(list);
}

static size_t put_dead_names(struct words *w)
{
	size_t n = 0;

	for (size_t i = 0; i < w->graph->nnames; i++) {
		const struct name_file *file = &w->graph->names[i];

		if (file->ns)
			continue;
		if (!n++)
			fputs("dead names, where no namespace is mounted (entering one says "
			      "\"Invalid "
			      "argument\"):\n",
			      w->term->out);
		buffer_clear(w->out);
		words_escape(w, file->path, strlen(file->path));
		fprintf(w->term->out, "  %s\n", buffer_str(w->out));
	}
	return n;
}

size_t leaked_print(const struct term *t, const struct graph *g)
{
	struct table_options options = { .format = TABLE_LAID_OUT };
	autobuffer line = BUFFER_INIT;
	struct words w = { .term = t, .graph = g, .out = &line };
	struct column_list columns;
	size_t n, dead;
	struct row *rows = leak_rows(g, &n);

	leak_columns(&columns);
	if (n)
		table_print(t, &options, &columns, rows, n);
	put_summary(&w, n);
	put_holders(&w, rows, n);
	put_users(&w);
	dead = put_dead_names(&w);
	words_release(&w);
	free(rows);
	return n + dead;
}

static void write_rows(struct json *j, const struct row *rows, size_t n)
{
	struct value v = VALUE_INIT;
	struct column_list columns;

	leak_columns(&columns);
	json_begin_array(j, "leaked");
	for (size_t i = 0; i < n; i++) {
		json_begin_object(j, NULL);
		for (size_t c = 0; c < columns.n; c++)
			document_cell(j, columns.at[c], &rows[i], &v);
		json_end_object(j);
	}
	json_end_array(j);
	value_release(&v);
}

static size_t write_names(struct json *j, const struct graph *g)
{
	size_t dead = 0;

	json_begin_array(j, "names");
	for (size_t i = 0; i < g->nnames; i++) {
		const struct name_file *file = &g->names[i];

		json_begin_object(j, NULL);
		json_str(j, "path", file->path);
		json_str(j, "maker", name_maker_names[file->maker]);
		json_bool(j, "dead", !file->ns);
		if (file->ns)
			json_uint(j, "ns", file->ns->ino);
		else
			json_none(j, "ns");
		json_end_object(j);
		dead += !file->ns;
	}
	json_end_array(j);
	return dead;
}

static void write_users(struct json *j, const struct graph *g)
{
	size_t n;
	struct owner_count *list = owners_count(g, &n);

	json_begin_array(j, "users");
	for (size_t i = 0; i < n; i++) {
		json_begin_object(j, NULL);
		if (fact_is_known(list[i].uid.fact))
			json_uint(j, "uid", list[i].uid.num);
		else
			json_unknown(j, "uid", fact_why(list[i].uid.fact));
		json_uint(j, "leaked", list[i].leaked);
		json_begin_object(j, "namespaces");
		for (int type = 0; type < NS_TYPES; type++)
			json_uint(j, ns_types[type].name, list[i].counts[type]);
		json_end_object(j);
		json_end_object(j);
	}
	json_end_array(j);
	free(list);
}

static void write_limits(struct json *j, const struct graph *g)
{
	json_begin_object(j, "limits");
	for (int type = 0; type < NS_TYPES; type++)
		if (fact_is_known(g->limits[type].fact))
			json_uint(j, ns_types[type].name, g->limits[type].num);
		else
			json_unknown(j, ns_types[type].name, fact_why(g->limits[type].fact));
	json_end_object(j);
}

size_t leaked_json(const struct term *t, const struct graph *g)
{
	struct json j = { .out = t->out, .pretty = true };
	size_t n, dead;
	struct row *rows = leak_rows(g, &n);

	document_begin(&j, g);
	write_rows(&j, rows, n);
	dead = write_names(&j, g);
	write_users(&j, g);
	write_limits(&j, g);
	document_end(&j);
	free(rows);
	return n + dead;
}
