/* SPDX-License-Identifier: MIT */
/*
 * Words for what has failed, or will: "cannot WHAT: WHY". Why is what the rules say where they
 * foresee this very error, else what usually is behind it, by the table of operations.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <linux/capability.h>

#include <nsview/escape.h>

#include "plan_internal.h"

/* One namespace of the target with its number, several by their titles. */
static void say_types(const struct plan_facts *f, enum plan_op op, unsigned types,
		      struct buffer *out)
{
	bool targets = op == OP_JOIN || op == OP_JOIN_ONE || op == OP_NS_READ || op == OP_NS_OPEN;

	if (!types || op == OP_MAP)
		return;
	buffer_char(out, ' ');
	if (op == OP_NEW_USER || op == OP_NEW)
		buffer_text(out, types & (types - 1) ? "new " : "a new ");
	type_titles(types, out);
	if (!targets || !f)
		return;
	if (!(types & (types - 1))) {
		int type = __builtin_ctz(types);

		if (f->target.ns[type].ino)
			buffer_printf(out, " %s:[%llu]", ns_types[type].name,
				      (unsigned long long)f->target.ns[type].ino);
	}
	target_words(f, out);
}

static void say_what(const struct plan_facts *f, enum plan_op op, const struct plan_subject *about,
		     struct buffer *out)
{
	buffer_printf(out, "cannot %s", op_table[op].failed);
	/* All of the target's: which one was read first says nothing. */
	if (op == OP_NS_READ)
		target_words(f, out);
	else
		say_types(f, op, about->types, out);
	if (op == OP_UID || op == OP_GID)
		buffer_printf(out, " to %u", about->id);
	if (about->path) {
		buffer_char(out, ' ');
		escape_text(out, about->path, strlen(about->path), ESCAPE_UTF8);
	}
}

static int finish(const struct buffer *text, int error, struct error *out)
{
	return error_set(out, -error, "%s", buffer_str(text));
}

static bool is_refusal(int error)
{
	return error == EPERM || error == EACCES;
}

/* Whether it needs what one has in a user namespace that was just made. */
static bool is_in_new_user(enum plan_op op)
{
	return op == OP_NEW_USER || op == OP_MAP || op == OP_NEW || op == OP_MOUNT ||
	       op == OP_PROC || op == OP_SYS;
}

int op_failure(const struct plan_facts *f, enum plan_op op, const struct plan_subject *about,
	       int error, struct error *out)
{
	autobuffer text = BUFFER_INIT;
	struct verdict v = { 0 };

	error = abs(error);
	if (f && f->detailed && op == OP_NS_READ)
		v = judge_access(f);
	say_what(f, op, about, &text);
	buffer_text(&text, ": ");
	if (v.error) {
		verdict_words(f, &v, &text);
		return finish(&text, error, out);
	}
	if (is_refusal(error) && !(f && f->detailed) && !op_has_why(op, error))
		buffer_text(&text, "a permission for it is missing; --dry-run tells which");
	else
		buffer_text(&text, op_why(op, error));
	if (f && f->detailed && is_refusal(error) && is_restricted(f) && is_in_new_user(op))
		buffer_text(&text, ", or AppArmor does, since "
				   "kernel.apparmor_restrict_unprivileged_userns is 1");
	buffer_printf(&text, " (%s)", strerror(error));
	return finish(&text, error, out);
}

/* Which of a step's types it is about, where the rules single one out. */
static unsigned about_types(const struct plan_step *step, const struct verdict *v)
{
	bool one = v->reason == REASON_CAP_OWNER || v->reason == REASON_NOT_BELOW ||
		   v->reason == REASON_LIMIT || v->reason == REASON_PID_PENDING ||
		   v->reason == REASON_PID_OWNER || v->reason == REASON_SAME_USER ||
		   (v->reason == REASON_CAP_HERE && v->cap == CAP_SYS_CHROOT);

	return one && step->types >> v->type & 1 ? 1U << v->type : step->types;
}

/* The verdict where it foresees just this, else one of no error. */
static struct verdict foreseen(const struct plan_facts *f, const struct plan *plan, size_t step,
			       int error)
{
	struct verdict v = { 0 };

	if (f && f->detailed)
		v = judge_step(f, plan, &plan->steps[step]);
	return v.error == -abs(error) ? v : (struct verdict){ 0 };
}

int step_failure(const struct plan_facts *f, const struct plan *plan, size_t step, int error,
		 struct error *out)
{
	const struct plan_step *at = &plan->steps[step];
	struct verdict v = foreseen(f, plan, step, error);
	struct plan_subject about = {
		.types = at->types,
		.id = at->op == OP_GID ? plan->gid : plan->uid,
	};
	autobuffer text = BUFFER_INIT;

	if (v.error == 0)
		return op_failure(f, at->op, &about, error, out);
	about.types = about_types(at, &v);
	say_what(f, at->op, &about, &text);
	buffer_text(&text, ": ");
	verdict_words(f, &v, &text);
	return finish(&text, abs(error), out);
}

int plan_failure(const struct plan_facts *f, const struct plan *plan, size_t step, int error,
		 struct error *out)
{
	struct verdict v = foreseen(f, plan, step, error);
	autobuffer hint = BUFFER_INIT;
	struct error why = { 0 };
	int ret = step_failure(f, plan, step, error, &why);

	if (v.error)
		verdict_hint(f, plan, step, &v, &hint);
	return error_set(out, ret, "%s%s%s", why.text, hint.len ? "; " : "", buffer_str(&hint));
}
