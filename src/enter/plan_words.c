/* SPDX-License-Identifier: MIT */
/*
 * A plan as a person reads it: one numbered line per step, with the call that it stands for, and
 * what will not work. And as JSON. Knows nothing of why.
 */
#include <string.h>

#include <nsview/escape.h>
#include <nsview/form.h>

#include "plan_internal.h"

static const char *const actors[] = {
	[ACTOR_FRONT] = "front",
	[ACTOR_HELPER] = "helper",
	[ACTOR_CHILD] = "child",
};

static const char *const flags[NS_TYPES] = {
	[NS_CGROUP] = "CLONE_NEWCGROUP", [NS_IPC] = "CLONE_NEWIPC", [NS_MNT] = "CLONE_NEWNS",
	[NS_NET] = "CLONE_NEWNET",	 [NS_PID] = "CLONE_NEWPID", [NS_TIME] = "CLONE_NEWTIME",
	[NS_USER] = "CLONE_NEWUSER",	 [NS_UTS] = "CLONE_NEWUTS",
};

static void say_flags(unsigned types, struct buffer *out)
{
	const char *gap = "";

	for (int i = 0; i < NS_TYPES; i++) {
		if (!(types >> i & 1))
			continue;
		buffer_printf(out, "%s%s", gap, flags[i]);
		gap = " | ";
	}
}

/* The command as one would type it is not the aim: that nothing in it is obeyed is. */
static void say_command(const struct enter_wish *wish, struct buffer *out)
{
	if (!wish->command || !wish->command[0]) {
		buffer_text(out, "a shell");
		return;
	}
	for (size_t i = 0; wish->command[i]; i++) {
		if (i)
			buffer_char(out, ' ');
		escape_text(out, wish->command[i], strlen(wish->command[i]), ESCAPE_UTF8);
	}
}

static void say_call(const struct plan *plan, const struct plan_step *step,
		     const struct enter_wish *wish, struct buffer *out)
{
	switch (step->op) {
	case OP_JOIN:
	case OP_JOIN_ONE:
		buffer_printf(out, "setns(%s, ", step->op == OP_JOIN ? "pidfd" : "fd");
		say_flags(step->types, out);
		buffer_char(out, ')');
		return;
	case OP_NEW_USER:
	case OP_NEW:
		buffer_text(out, "unshare(");
		say_flags(step->types, out);
		buffer_char(out, ')');
		return;
	case OP_CLONE:
		buffer_text(out, "clone(CLONE_PARENT)");
		return;
	case OP_UID:
		buffer_printf(out, "setresuid(%u, %u, %u)", plan->uid, plan->uid, plan->uid);
		return;
	case OP_GID:
		buffer_printf(out, "setresgid(%u, %u, %u)", plan->gid, plan->gid, plan->gid);
		return;
	case OP_DROP_GROUPS:
		buffer_text(out, "setgroups(0, NULL)");
		return;
	case OP_GROUPS:
		buffer_printf(out, "setgroups(%zu)", wish->ids.has_groups ? wish->ids.ngroups : 0);
		return;
	case OP_PIVOT:
		buffer_text(out, wish->make.chroot ? "chroot(2)" : op_table[OP_PIVOT].call);
		return;
	default:
		buffer_text(out, op_table[step->op].call);
	}
}

/* net:[4026532340] of what is joined. */
static void say_numbers(const struct plan_facts *f, unsigned types, struct buffer *out)
{
	const char *gap = "";

	for (int i = 0; i < NS_TYPES; i++) {
		if (!(types >> i & 1))
			continue;
		buffer_printf(out, "%s%s:[%llu]", gap, ns_types[i].name,
			      (unsigned long long)f->target.ns[i].ino);
		gap = ", ";
	}
}

static bool is_several(unsigned types)
{
	return types & (types - 1);
}

static void say_purpose(const struct plan_facts *f, const struct plan_step *step,
			const struct enter_wish *wish, struct buffer *out)
{
	switch (step->op) {
	case OP_JOIN:
	case OP_JOIN_ONE:
		buffer_text(out, is_several(step->types) ? "join, all or none, " : "join ");
		say_numbers(f, step->types, out);
		target_words(f, out);
		break;
	case OP_NEW_USER:
	case OP_NEW:
		buffer_text(out, is_several(step->types) ? "make new " : "make a new ");
		type_titles(step->types, out);
		break;
	case OP_EXEC:
		buffer_text(out, "run ");
		say_command(wish, out);
		break;
	default:
		buffer_text(out, op_table[step->op].purpose);
	}
	if (step->optional)
		buffer_text(out, ", where allowed");
}

void plan_words(const struct plan_facts *f, const struct plan *plan, const struct enter_wish *wish,
		struct buffer *out)
{
	if (f->caller.pid)
		buffer_printf(out, "as process %d, uid %u, would do it:\n", (int)f->caller.pid,
			      f->caller.euid);
	if (plan->shared) {
		buffer_text(out, "shared already, nothing to join: ");
		say_numbers(f, plan->shared, out);
		buffer_char(out, '\n');
	}
	for (size_t i = 0; i < plan->nsteps; i++) {
		const struct plan_step *step = &plan->steps[i];
		bool fails = plan->failing == (int)i;

		buffer_printf(out, "%3zu %-6s ", i + 1, actors[step->actor]);
		say_call(plan, step, wish, out);
		buffer_text(out, ": ");
		say_purpose(f, step, wish, out);
		buffer_text(out, fails ? "  <- fails here\n" : "\n");
	}
	if (plan->failing >= 0)
		buffer_printf(out, "step %d will fail: %s\n", plan->failing + 1, plan->why.text);
	else if (plan->judged && plan->unsure)
		buffer_printf(out, "whether it will work is not known: %s\n", plan->unsure);
	if (plan->hint[0])
		buffer_printf(out, "%s\n", plan->hint);
}

/* Whose permissions count: of the process of --as, else our own. */
static void caller_json(const struct plan_caller *c, struct json *out)
{
	json_begin_object(out, "caller");
	if (c->pid)
		json_uint(out, "pid", (uint64_t)c->pid);
	else
		json_none(out, "pid");
	json_uint(out, "uid", c->euid);
	json_uint(out, "gid", c->egid);
	json_uint(out, "user", c->ino[NS_USER]);
	form_caps_json(out, "caps", c->effective);
	json_end_object(out);
}

static void types_json(struct json *out, const char *key, unsigned types)
{
	json_begin_array(out, key);
	for (int i = 0; i < NS_TYPES; i++)
		if (types >> i & 1)
			json_str(out, NULL, ns_types[i].name);
	json_end_array(out);
}

static void step_json(const struct plan_facts *f, const struct plan *plan, size_t n,
		      const struct enter_wish *wish, struct json *out)
{
	const struct plan_step *step = &plan->steps[n];
	autobuffer text = BUFFER_INIT;

	json_begin_object(out, NULL);
	json_uint(out, "n", n + 1);
	json_str(out, "op", op_table[step->op].name);
	json_str(out, "by", actors[step->actor]);
	say_call(plan, step, wish, &text);
	json_str(out, "call", buffer_str(&text));
	buffer_clear(&text);
	/* What the command is called is a value of its own, raw. */
	if (step->op != OP_EXEC)
		say_purpose(f, step, wish, &text);
	json_str(out, "purpose", step->op == OP_EXEC ? "run the command" : buffer_str(&text));
	types_json(out, "types", step->types);
	json_bool(out, "optional", step->optional);
	json_end_object(out);
}

static void verdict_json(const struct plan *plan, struct json *out)
{
	if (!plan->judged || (plan->unsure && plan->failing < 0))
		json_unknown(out, "possible", plan->judged ? plan->unsure : "not judged");
	else
		json_bool(out, "possible", plan->failing < 0);
	if (plan->failing < 0) {
		json_none(out, "fails_at");
		json_none(out, "why");
	} else {
		json_uint(out, "fails_at", (uint64_t)plan->failing + 1);
		json_str(out, "why", plan->why.text);
	}
	types_json(out, "works", plan->works);
	types_json(out, "more", plan->more);
	if (plan->hint[0])
		json_str(out, "hint", plan->hint);
	else
		json_none(out, "hint");
}

void plan_json(const struct plan_facts *f, const struct plan *plan, const struct enter_wish *wish,
	       struct json *out)
{
	json_begin_object(out, NULL);
	json_uint(out, "schema", 1);
	caller_json(&f->caller, out);
	types_json(out, "join", plan->join);
	types_json(out, "shared", plan->shared);
	types_json(out, "create", plan->create);
	json_begin_array(out, "steps");
	for (size_t i = 0; i < plan->nsteps; i++)
		step_json(f, plan, i, wish, out);
	json_end_array(out);
	json_begin_array(out, "command");
	for (size_t i = 0; wish->command && wish->command[i]; i++)
		json_str(out, NULL, wish->command[i]);
	json_end_array(out);
	verdict_json(plan, out);
	json_end_object(out);
	json_end_line(out);
}
