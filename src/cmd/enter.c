/* SPDX-License-Identifier: MIT */
/* `nsview enter`: joins a target's namespaces, makes new ones, runs a command in them. */
#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <nsview/cleanup.h>
#include <nsview/enter_run.h>
#include <nsview/make.h>
#include <nsview/persist.h>

#include "enter.h"
#include "listing.h"

extern char **environ;

/* Everything that lives as long as the command runs. */
struct entering {
	const struct invocation *inv;
	const struct enter_options *options;
	struct enter_words words;
	struct enter_target target;
	struct facts_source source;
	struct plan_facts facts;
	struct plan plan;
	struct make *make;
	pid_t as; /* --as, 0: ourselves */
};

static int fail(const struct error *err)
{
	report(err);
	return ENTER_FAILED;
}

static bool wants_word(const void *options, size_t nwords)
{
	const struct enter_options *o = options;

	return !o->target && !nwords;
}

/* One by one: what is asked for says what has to be looked at. */
static int gather(struct entering *e, struct error *err)
{
	const struct invocation *inv = e->inv;
	struct enter_wish *w = &e->words.wish;
	const char *word = e->options->target ? e->options->target
			   : inv->nargs	      ? inv->args[0]
					      : NULL;
	int ret = entry_init(&e->target, err);

	if (ret == 0)
		ret = enter_open(inv, word, w, &e->target, err);
	if (ret == 0 && w->create)
		ret = make_prepare(&w->make, w->create, &e->make, err);
	if (ret < 0)
		return ret;
	e->source = (struct facts_source){
		.proc = e->target.proc,
		.caller = e->as,
		.pid = e->target.pid,
		.pidfd = e->target.pidfd,
		.pid_dir = e->target.dir,
	};
	memcpy(e->source.ns_fds, e->target.ns_fds, sizeof(e->source.ns_fds));
	return plan_facts_read(&e->source, &e->facts, err);
}

static int dry_run(struct entering *e, struct error *err)
{
	autobuffer text = BUFFER_INIT;
	enum table_format format;
	struct json j = { .out = stdout };
	int ret = json_format_parse(e->options->json, &format, err);

	if (ret < 0)
		return fail(err);
	plan_facts_detail(&e->source, &e->facts);
	ret = plan_make(&e->facts, &e->words.wish, &e->plan, err);
	if (!e->plan.nsteps) /* the wish itself makes no sense */
		return fail(err);
	if (e->inv->global.quiet && format == TABLE_LAID_OUT)
		return ret < 0 ? fail(err) : EXIT_YES;
	if (format == TABLE_LAID_OUT) {
		if (e->options->as && !e->as)
			buffer_printf(&text, "as uid %u, gid %u, would do it:\n", geteuid(),
				      getegid());
		plan_words(&e->facts, &e->plan, &e->words.wish, &text);
		fputs(buffer_str(&text), stdout);
	} else {
		j.pretty = format == TABLE_JSON;
		plan_json(&e->facts, &e->plan, &e->words.wish, &j);
	}
	return ret < 0 ? ENTER_FAILED : EXIT_YES;
}

static void say_plan(const struct plan *plan)
{
	static const char *const before[] = { "joined", "shared already, not joined", "new" };
	const unsigned masks[] = { plan->join, plan->shared, plan->create };

	for (int i = 0; i < 3; i++) {
		const char *comma = "";

		if (!masks[i])
			continue;
		fprintf(stderr, "nsview: %s: ", before[i]);
		for (int type = 0; type < NS_TYPES; type++)
			if (masks[i] >> type & 1) {
				fprintf(stderr, "%s%s", comma, ns_types[type].name);
				comma = ", ";
			}
		fputc('\n', stderr);
	}
}

/* What is needed only to say why not is read only then. */
static int plan_or_why_not(struct entering *e, struct error *err)
{
	int ret = plan_make(&e->facts, &e->words.wish, &e->plan, err);

	if (ret == 0 || e->facts.detailed)
		return ret;
	plan_facts_detail(&e->source, &e->facts);
	return plan_make(&e->facts, &e->words.wish, &e->plan, err);
}

static int carry_out(struct entering *e, struct error *err)
{
	const struct invocation *inv = e->inv;
	struct enter_job job = {
		.wish = &e->words.wish,
		.target = &e->target,
		.source = &e->source,
		.facts = &e->facts,
		.plan = &e->plan,
		.make = e->make,
		.environ = environ,
		.sigpipe_ignored = inv->sigpipe_ignored,
		.says_shell = !inv->global.quiet,
	};
	int status;

	if (plan_or_why_not(e, err) < 0)
		return fail(err);
	if (inv->global.verbose)
		say_plan(&e->plan);
	if (e->options->verify) {
		status = enter_verify(inv, &job, e->options->json, err);
		if (err->code)
			report(err);
		return status;
	}
	fflush(NULL);
	status = enter_run(&job, err);
	if (err->code)
		report(err);
	return status;
}

static int enter(struct entering *e, struct error *err)
{
	struct wish_session *session = &e->words.wish.session;
	int ret = enter_words_parse(e->options, &e->words, err);

	session->verbose = e->inv->global.verbose;
	session->quiet = e->inv->global.quiet;
	e->words.wish.command = e->inv->rest[0] ? e->inv->rest : NULL;
	if (ret == 0)
		ret = enter_usage(e->inv, &e->words.wish, err);
	if (ret < 0)
		return fail(err);
	if (e->options->verify || e->options->dry_run)
		setlocale(LC_CTYPE, "");
	if (e->options->unpersist)
		return persist_release(e->options->unpersist, err) < 0 ? fail(err) : EXIT_YES;
	if (!e->options->dry_run)
		ret = enter_seal(e->inv->sigpipe_ignored, err);
	if (ret == 0)
		ret = enter_descriptors(&e->words.wish, e->options->net_socket, err);
	if (ret == 0 && e->options->as)
		ret = enter_as(e->options->as, &e->as, err);
	e->words.wish.make.for_other = e->as;
	if (ret == 0)
		ret = gather(e, err);
	if (ret < 0)
		return fail(err);
	return e->options->dry_run ? dry_run(e, err) : carry_out(e, err);
}

static int run(const struct invocation *inv)
{
	struct entering e = { .inv = inv, .options = inv->options };
	struct error err = { 0 };
	int status;

	e.target.proc = -1;
	status = enter(&e, &err);
	make_free(e.make);
	plan_facts_release(&e.facts);
	if (e.target.proc >= 0)
		entry_release(&e.target);
	enter_words_release(&e.words);
	return status;
}

const struct command command_enter = {
	.name = "enter",
	.args = "[TARGET] [-- COMMAND...]",
	.summary = "step inside: join namespaces, make new ones, run a command in them",
	.text = "Joins all namespaces of a process that differ from ours, or those that are "
		"named;\n"
		"of a TARGET that is a namespace, that one. --new makes new ones. Without COMMAND\n"
		"it runs a shell: the target's, else the host's.\n"
		"Exit status: the command's own, 128+N if signal N ended it; 125 nsview failed, "
		"126\n"
		"the command cannot be run, 127 there is no such command.",
	.options = enter_option_table,
	.options_size = sizeof(struct enter_options),
	.complete = "target",
	.wants_word = wants_word,
	.trouble = ENTER_FAILED,
	.no_locale = true,
	.run = run,
};
