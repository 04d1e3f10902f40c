/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "unit/enter/plan_sample.h"

static struct plan plan;
static struct error why;

static int make(const struct plan_facts *f, struct enter_wish wish)
{
	memset(&why, 0, sizeof(why));
	return plan_make(f, &wish, &plan, &why);
}

/* That these operations are there, in this order. PLAN_OPS ends the list. */
static void assert_order(const enum plan_op *ops)
{
	size_t at = 0;

	for (; *ops != PLAN_OPS; ops++) {
		while (at < plan.nsteps && plan.steps[at].op != *ops)
			at++;
		assert_true(at++ < plan.nsteps);
	}
}
#define ASSERT_ORDER(...) assert_order((const enum plan_op[]){ __VA_ARGS__, PLAN_OPS })

static void assert_says(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("\"%s\" is not in \"%s\"", part, text);
}

static void all_that_differ_are_joined_at_once(void **state)
{
	struct plan_facts f = host_facts();

	(void)state;
	set_apart(&f, BIT(NET) | BIT(MNT), 0);
	assert_int_equal(make(&f, (struct enter_wish){ .join_all = true }), 0);
	assert_int_equal(plan.join, BIT(NET) | BIT(MNT));
	assert_int_equal(plan.shared, EVERY & ~(BIT(NET) | BIT(MNT)));
	assert_true(plan.at_once && plan.judged);
	assert_int_equal(plan.failing, -1);
	assert_int_equal(plan.steps[plan_find(&plan, OP_JOIN)].types, BIT(NET) | BIT(MNT));
	ASSERT_ORDER(OP_HELPER, OP_JOIN, OP_CLONE, OP_CHROOT, OP_WD, OP_EXEC);
	assert_int_equal(plan_find(&plan, OP_UID), -1);
}

static void own_user_namespace_is_not_joined_again(void **state)
{
	struct plan_facts f = host_facts();

	(void)state;
	set_apart(&f, BIT(NET), 0);
	assert_int_equal(make(&f, (struct enter_wish){ .join = BIT(USER) | BIT(NET) }), 0);
	assert_int_equal(plan.join, BIT(NET));
	assert_int_equal(plan.shared, BIT(USER));
	assert_int_equal(plan_join(&f, BIT(USER), true), -EINVAL);
}

static void except_leaves_types_out(void **state)
{
	struct plan_facts f = host_facts();

	(void)state;
	set_apart(&f, BIT(NET) | BIT(MNT) | BIT(UTS), 0);
	make(&f, (struct enter_wish){ .join_all = true, .except = BIT(MNT) });
	assert_int_equal(plan.join, BIT(NET) | BIT(UTS));
	make(&f, (struct enter_wish){ .join = BIT(NET) | BIT(MNT), .except = BIT(MNT) });
	assert_int_equal(plan.join, BIT(NET));
}

static void what_is_joined_comes_before_what_is_made(void **state)
{
	struct plan_facts f = host_facts();
	struct enter_wish wish = { .join = BIT(NET), .create = BIT(USER) | BIT(MNT) | BIT(PID) };

	(void)state;
	set_apart(&f, BIT(NET), 0);
	wish.place.join_cgroup = true;
	assert_int_equal(make(&f, wish), 0);
	ASSERT_ORDER(OP_HELPER, OP_CGROUP, OP_JOIN, OP_NEW_USER, OP_MAP, OP_NEW, OP_CLONE,
		     OP_PROPAGATION, OP_PROC, OP_REAPER, OP_EXEC);
	assert_int_equal(plan.steps[plan_find(&plan, OP_NEW)].types, BIT(MNT) | BIT(PID));
	/* sysfs is for a new network namespace */
	assert_int_equal(plan_find(&plan, OP_SYS), -1);
}

static void new_ones_are_not_joined_with_all(void **state)
{
	struct plan_facts f = host_facts();

	(void)state;
	set_apart(&f, BIT(NET) | BIT(UTS), 0);
	assert_int_equal(make(&f, (struct enter_wish){ .join_all = true, .create = BIT(NET) }), 0);
	assert_int_equal(plan.join, BIT(UTS));
	assert_int_equal(plan.create, BIT(NET));
	assert_int_equal(make(&f, (struct enter_wish){ .join = BIT(NET), .create = BIT(NET) }),
			 -EINVAL);
	assert_says(why.text, "network namespace cannot both be joined and be new");
	assert_int_equal(plan.nsteps, 0);
}

static void without_details_nothing_is_foreseen(void **state)
{
	struct plan_facts f = host_facts();

	(void)state;
	set_apart(&f, BIT(NET), USER_OUTSIDE);
	f.detailed = false;
	assert_int_equal(make(&f, (struct enter_wish){ .join = BIT(NET) }), 0);
	assert_false(plan.judged);
	assert_int_equal(plan_failure(&f, &plan, 1, -EPERM, &why), -EPERM);
	assert_says(why.text, "cannot join the network namespace net:[4026532103] of process 812");
	assert_says(why.text, "--dry-run");
}

static void missing_capability_is_named_with_its_user_namespace(void **state)
{
	struct plan_facts f = host_facts();

	(void)state;
	set_apart(&f, BIT(NET) | BIT(UTS), 0);
	be_nobody(&f, CAP(SYS_PTRACE));
	assert_int_equal(make(&f, (struct enter_wish){ .join_all = true }), -EPERM);
	assert_int_equal(plan.steps[plan.failing].op, OP_JOIN);
	assert_int_equal(plan.works, 0);
	assert_says(plan.why.text, "CAP_SYS_ADMIN is missing in user:[4026531837], our own user "
				   "namespace, which owns it");
	assert_says(plan.hint, "root of user:[4026531837] could");
	assert_says(why.text, plan.why.text);
	assert_says(why.text, plan.hint);
}

static void mount_namespace_takes_chroot_too_and_the_rest_works(void **state)
{
	struct plan_facts f = host_facts();

	(void)state;
	set_apart(&f, BIT(NET) | BIT(MNT), 0);
	be_nobody(&f, CAP(SYS_PTRACE) | CAP(SYS_ADMIN));
	assert_int_equal(make(&f, (struct enter_wish){ .join_all = true }), -EPERM);
	assert_says(plan.why.text, "cannot join the mount namespace");
	assert_says(plan.why.text, "CAP_SYS_CHROOT is missing in user:[4026531837]");
	assert_int_equal(plan.works, BIT(NET));
	assert_string_equal(plan.hint, "without the rest, -n would work");
}

static void who_made_a_user_namespace_may_enter_it(void **state)
{
	struct plan_facts f = host_facts();

	(void)state;
	set_own_container(&f);
	be_nobody(&f, 0);
	assert_int_equal(make(&f, (struct enter_wish){ .join_all = true }), 0);
	assert_int_equal(plan.join, EVERY);
	assert_true(plan.set_uid && plan.set_gid && plan.uid == 0 && plan.gid == 0);
	ASSERT_ORDER(OP_DROP_GROUPS, OP_JOIN, OP_GROUPS, OP_GID, OP_UID, OP_EXEC);
	/* and so what is made in it, but not what somebody else makes beside it */
	set_apart(&f, EVERY, 2);
	assert_int_equal(plan_join(&f, EVERY, true), 0);
	set_apart(&f, EVERY, 3);
	assert_int_equal(plan_join(&f, EVERY, true), -EPERM);
	/* An id without a number here looks like another's. */
	set_apart(&f, EVERY, 1);
	f.caller.euid_mapped = false;
	assert_int_equal(plan_join(&f, EVERY, false), -EPERM);
}

static void single_types_of_ones_own_container_want_the_user_namespace(void **state)
{
	struct plan_facts f = host_facts();

	(void)state;
	set_own_container(&f);
	be_nobody(&f, 0);
	assert_int_equal(make(&f, (struct enter_wish){ .join = BIT(NET) }), -EPERM);
	assert_says(plan.why.text, "CAP_SYS_ADMIN is missing in user:[4026531837]");
	assert_int_equal(plan.more, BIT(USER));
	assert_string_equal(plan.hint, "together with -U it would work");
}

static void what_is_outside_gives_nobody_a_capability(void **state)
{
	struct plan_facts f = host_facts();

	(void)state;
	set_apart(&f, BIT(NET), USER_OUTSIDE);
	assert_int_equal(make(&f, (struct enter_wish){ .join = BIT(NET) }), -EPERM);
	assert_says(plan.why.text, "it belongs to a user namespace that is neither our own user "
				   "namespace, user:[4026531837], nor below that");
	assert_says(plan.hint, "above");
}

static void pid_namespace_beside_ours_is_not_joined(void **state)
{
	struct plan_facts f = host_facts();

	(void)state;
	set_apart(&f, BIT(PID) | BIT(UTS), 0);
	f.target.ns[NS_PID].is_below = ANSWER_NO;
	assert_int_equal(make(&f, (struct enter_wish){ .join_all = true }), -EINVAL);
	assert_says(plan.why.text, "cannot join the PID namespace pid:[4026532104]");
	assert_says(plan.why.text, "not below the present PID namespace");
	assert_int_equal(plan.works, BIT(UTS));
}

static void one_by_one_where_not_at_once(void **state)
{
	struct plan_facts f = host_facts();

	(void)state;
	/* The join of mnt with user asks for CAP_SYS_CHROOT from before it; after it all are there.
	 */
	set_apart(&f, BIT(USER) | BIT(MNT) | BIT(NET), 3);
	set_apart(&f, BIT(UTS), 0);
	be_nobody(&f, CAP(SYS_ADMIN) | CAP(SYS_PTRACE));
	assert_int_equal(plan_join(&f, BIT(USER) | BIT(MNT), true), -EPERM);
	f.detailed = false;
	assert_int_equal(make(&f, (struct enter_wish){ .join_all = true }), 0);
	assert_true(plan.at_once);
	f.detailed = true;
	plan_failure(&f, &plan, (size_t)plan_find(&plan, OP_JOIN), -EPERM, &why);
	assert_says(why.text, "which is to be joined too; one after the other they could be");
	assert_int_equal(make(&f, (struct enter_wish){ .join_all = true }), 0);
	assert_false(plan.at_once);
	/* what of ours goes first, then the user namespace, then what only that allows */
	assert_int_equal(plan.steps[plan_find(&plan, OP_JOIN_ONE)].types, BIT(UTS));
	assert_int_equal(plan.steps[plan_find(&plan, OP_JOIN_ONE) + 1].types, BIT(NET));
	assert_int_equal(plan.steps[plan_find(&plan, OP_JOIN_ONE) + 2].types, BIT(USER));
	assert_int_equal(plan.steps[plan_find(&plan, OP_JOIN_ONE) + 3].types, BIT(MNT));
}

static void namespaces_without_a_process_are_joined_one_by_one(void **state)
{
	struct plan_facts f = host_facts();

	(void)state;
	f.target = (struct plan_target){ .opened = BIT(NET) };
	for (int i = 0; i < NS_TYPES; i++)
		f.target.ns[i] = (struct plan_ns){ .error = -ENOENT, .owner = USER_UNREAD };
	f.target.ns[NS_NET] = (struct plan_ns){ .ino = 4026532340, .owner = 0 };
	assert_int_equal(make(&f, (struct enter_wish){ .join = BIT(NET) }), 0);
	assert_false(plan.at_once);
	assert_int_equal(plan.steps[plan_find(&plan, OP_JOIN_ONE)].types, BIT(NET));
	assert_int_equal(make(&f, (struct enter_wish){ .join = BIT(UTS) }), -EINVAL);
	assert_says(why.text, "the target has no UTS namespace");
}

static void target_that_may_not_be_looked_at_says_whose_it_is(void **state)
{
	struct plan_facts f = host_facts();

	(void)state;
	be_nobody(&f, 0);
	for (int i = 0; i < NS_TYPES; i++)
		f.target.ns[i] = (struct plan_ns){ .error = -EACCES, .owner = USER_UNREAD };
	f.target.user = USER_UNREAD;
	assert_int_equal(make(&f, (struct enter_wish){ .join_all = true }), -EACCES);
	assert_string_equal(why.text,
			    "cannot look at the namespaces of process 812: it runs as uid "
			    "0, gid 0 and not as 1000, 1000, and CAP_SYS_PTRACE is missing "
			    "in its user namespace");
	assert_int_equal(plan.nsteps, 0);
}

static void capable_target_of_the_same_user_is_not_to_be_looked_at(void **state)
{
	struct plan_facts f = host_facts();

	(void)state;
	set_apart(&f, BIT(NET), 0);
	be_nobody(&f, CAP(SYS_ADMIN));
	for (int i = 0; i < 3; i++)
		f.target.uids[i] = f.target.gids[i] = UID;
	assert_int_equal(plan_join(&f, BIT(NET), true), 0);
	f.target.permitted = CAP(NET_RAW);
	assert_int_equal(make(&f, (struct enter_wish){ .join = BIT(NET) }), -EPERM);
	assert_says(why.text, "it has capabilities that are missing here");
	f.target.permitted = 0;
	f.target.dumpable = ANSWER_NO;
	assert_int_equal(make(&f, (struct enter_wish){ .join = BIT(NET) }), -EPERM);
	assert_says(why.text, "not dumpable");
}

static void where_0_is_not_mapped_the_targets_ids_are_taken(void **state)
{
	static struct id_range only_7[] = { { 7, UID, 1 } };
	struct plan_facts f = host_facts();

	(void)state;
	set_own_container(&f);
	f.target.uid_map = f.target.gid_map = (struct plan_map){ only_7, 1, true };
	f.target.uid = f.target.gid = 7;
	f.target.may_setgroups = ANSWER_NO;
	assert_int_equal(make(&f, (struct enter_wish){ .join_all = true }), 0);
	assert_true(plan.set_uid && plan.uid == 7 && plan.gid == 7);
	assert_int_equal(plan_find(&plan, OP_GROUPS), -1);
	f.target.uid = f.target.gid = NO_ID;
	make(&f, (struct enter_wish){ .join_all = true });
	assert_false(plan.set_uid || plan.set_gid);
}

static void id_without_a_map_shows_the_map(void **state)
{
	struct plan_facts f = host_facts();
	struct enter_wish wish = { .join_all = true, .ids = { .has_uid = true, .uid = 70000 } };

	(void)state;
	set_own_container(&f);
	be_nobody(&f, 0);
	assert_int_equal(make(&f, wish), -EINVAL);
	assert_int_equal(plan.steps[plan.failing].op, OP_UID);
	assert_says(why.text, "cannot set the user id to 70000: 70000 is not mapped in "
			      "user:[4026532001], whose uid_map has 0, 1 to 65536; -S and -G");
	wish.ids.uid = 65536;
	assert_int_equal(make(&f, wish), 0);
}

/* Somebody else must not have the groups of who starts it. */
static void groups_are_given_up_with_the_user(void **state)
{
	struct plan_facts f = host_facts();
	struct enter_wish wish = { .create = BIT(UTS), .ids = { .has_uid = true, .uid = UID } };

	(void)state;
	f.caller.effective &= ~CAP(SETGID);
	assert_int_equal(make(&f, wish), -EPERM);
	assert_int_equal(plan.steps[plan.failing].op, OP_GROUPS);
	assert_says(why.text, "CAP_SETGID");
	wish.ids.uid = 0;
	assert_int_equal(make(&f, wish), 0);
	wish.ids.has_groups = true;
	assert_int_equal(make(&f, wish), -EPERM);
	/* Where it is denied to all it cannot be helped. */
	wish = (struct enter_wish){ .create = BIT(USER), .ids = { .has_uid = true, .uid = UID } };
	assert_int_equal(make(&f, wish), 0);
	assert_true(plan.steps[plan_find(&plan, OP_GROUPS)].optional);
}

static void credentials_are_kept_on_request(void **state)
{
	struct plan_facts f = host_facts();
	struct enter_wish wish = { .join_all = true, .ids = { .preserve_credentials = true } };

	(void)state;
	set_own_container(&f);
	assert_int_equal(make(&f, wish), 0);
	assert_int_equal(plan_find(&plan, OP_UID), -1);
	assert_int_equal(plan_find(&plan, OP_GROUPS), -1);
	assert_int_equal(plan_find(&plan, OP_DROP_GROUPS), -1);
}

static void new_ones_take_a_capability_or_a_new_user_namespace(void **state)
{
	struct plan_facts f = host_facts();

	(void)state;
	be_nobody(&f, 0);
	assert_int_equal(make(&f, (struct enter_wish){ .create = BIT(NET) | BIT(UTS) }), -EPERM);
	assert_says(why.text,
		    "cannot make new network and UTS namespaces: CAP_SYS_ADMIN is missing "
		    "in user:[4026531837], our own user namespace; with a new user "
		    "namespace too");
	assert_int_equal(make(&f, (struct enter_wish){ .create = EVERY }), 0);
}

static void settings_that_forbid_are_named(void **state)
{
	struct plan_facts f = host_facts();

	(void)state;
	be_nobody(&f, 0);
	f.settings.userns_clone = 0;
	assert_int_equal(make(&f, (struct enter_wish){ .create = BIT(USER) }), -EPERM);
	assert_says(why.text, "kernel.unprivileged_userns_clone is 0");
	f.settings.userns_clone = 1;
	f.settings.max[NS_NET] = 0;
	assert_int_equal(make(&f, (struct enter_wish){ .create = BIT(USER) | BIT(NET) }), -ENOSPC);
	assert_says(why.text, "cannot make a new network namespace: user.max_net_namespaces is 0");
	f.settings.max[NS_NET] = -1;
	f.settings.apparmor_restrict = 1;
	assert_int_equal(make(&f, (struct enter_wish){ .create = BIT(USER) | BIT(NET) }), 0);
	assert_says(plan.hint, "kernel.apparmor_restrict_unprivileged_userns is 1");
	f.caller.chrooted = true;
	assert_int_equal(make(&f, (struct enter_wish){ .create = BIT(USER) }), -EPERM);
	assert_says(why.text, "chroot(2)");
}

static void pid_namespace_that_waits_for_its_first_process_is_in_the_way(void **state)
{
	struct plan_facts f = host_facts();

	(void)state;
	f.caller.pid_for_children = 0;
	assert_int_equal(make(&f, (struct enter_wish){ .create = BIT(PID) }), -EINVAL);
	assert_says(why.text, "a fork has to come first");
}

static void ending_process_has_no_namespaces(void **state)
{
	struct plan_facts f = host_facts();

	(void)state;
	f.target.ns[NS_NET] = (struct plan_ns){ .error = -ENOENT };
	assert_int_equal(make(&f, (struct enter_wish){ .join = BIT(NET) }), -ESRCH);
	assert_says(why.text, "process 812 has no network namespace any more");
	/* Nor has any, where the kernel has no such type. */
	f.caller.ino[NS_TIME] = 0;
	f.target.ns[NS_TIME] = (struct plan_ns){ .error = -ENOENT };
	assert_int_equal(make(&f, (struct enter_wish){ .join = BIT(TIME) }), -EINVAL);
	assert_says(why.text, "this kernel has no time namespaces (Linux 5.6)");
}

static void unknown_owner_is_no_promise(void **state)
{
	struct plan_facts f = host_facts();
	struct enter_wish wish = { .join = BIT(NET) };
	autobuffer text = BUFFER_INIT;

	(void)state;
	set_apart(&f, BIT(NET), USER_UNREAD);
	assert_int_equal(make(&f, wish), 0);
	assert_true(plan.unsure);
	plan_words(&f, &plan, &wish, &text);
	assert_says(buffer_str(&text), "whether it will work is not known");
}

static void another_process_is_spoken_for_by_its_number(void **state)
{
	struct plan_facts f = host_facts();
	struct enter_wish wish = { .join = BIT(NET) };
	autobuffer text = BUFFER_INIT;

	(void)state;
	set_apart(&f, BIT(NET), 0);
	be_nobody(&f, CAP(SYS_PTRACE));
	f.caller.pid = 77;
	assert_int_equal(make(&f, wish), -EPERM);
	assert_says(why.text, "the user namespace of process 77");
	plan_words(&f, &plan, &wish, &text);
	assert_says(buffer_str(&text), "as process 77, uid 1000, would do it:\n");
}

/* What nsview was let look at, another process need not be. */
static void another_process_has_to_be_let_look_itself(void **state)
{
	struct plan_facts f = host_facts();

	(void)state;
	be_nobody(&f, 0);
	assert_int_equal(make(&f, (struct enter_wish){ .join = BIT(UTS) }), 0);
	f.caller.pid = 77;
	assert_int_equal(make(&f, (struct enter_wish){ .join = BIT(UTS) }), -EACCES);
	assert_int_equal(plan.nsteps, 0);
	assert_says(why.text, "cannot look at the namespaces of process 812");
}

static void mapping_uid_0_takes_a_capability_since_5_12(void **state)
{
	const struct id_range own = { 5, 0, 1 }, other = { 5, 7, 1 };
	struct plan_facts f = host_facts();
	struct enter_wish wish = { .create = BIT(USER) };

	(void)state;
	f.caller.is_uid_0 = true;
	f.caller.effective = ~CAP(SETFCAP);
	assert_int_equal(make(&f, wish), 0);
	f.settings.root_map_asks = true;
	assert_int_equal(make(&f, wish), -EPERM);
	assert_says(why.text, "cannot write the id maps");
	assert_says(why.text, "CAP_SETFCAP is missing in user:[4026531837]");
	wish.make.uid_maps = &other;
	wish.make.nuid_maps = 1;
	assert_int_equal(make(&f, wish), 0);
	wish.make.uid_maps = &own;
	assert_int_equal(make(&f, wish), -EPERM);
	f.caller.effective = UINT64_MAX;
	assert_int_equal(make(&f, wish), 0);
}

static void ids_of_others_are_up_to_newuidmap(void **state)
{
	const struct id_range own = { 0, UID, 1 }, other = { 0, 100000, 10 };
	struct plan_facts f = host_facts();
	struct enter_wish wish = { .create = BIT(USER),
				   .make = { .uid_maps = &own, .nuid_maps = 1 } };

	(void)state;
	be_nobody(&f, 0);
	assert_int_equal(make(&f, wish), 0);
	assert_null(plan.unsure);
	wish.make.uid_maps = &other;
	assert_int_equal(make(&f, wish), 0);
	assert_says(plan.unsure, "newuidmap(1)");
	f.caller.effective = UINT64_MAX;
	assert_int_equal(make(&f, wish), 0);
	assert_null(plan.unsure);
	/* Files of somebody else's are not looked at. */
	be_nobody(&f, 0);
	wish.make = (struct wish_make){ .map_auto = true };
	f.target.pid = 0;
	assert_int_equal(make(&f, wish), 0);
	assert_null(plan.unsure);
	f.caller.pid = 77;
	assert_int_equal(make(&f, wish), 0);
	assert_non_null(plan.unsure);
}

static void proc_and_sys_are_mounted_by_who_owns_what_they_show(void **state)
{
	struct plan_facts f = host_facts();
	struct enter_wish wish = { .create = BIT(USER) | BIT(MNT),
				   .make = { .mount_proc = TRISTATE_YES } };

	(void)state;
	assert_int_equal(make(&f, wish), -EPERM);
	assert_says(why.text, "it would show the present PID namespace, and CAP_SYS_ADMIN is "
			      "missing in user:[4026531837]");
	assert_says(plan.hint, "--new=pid");
	wish.create |= BIT(PID);
	assert_int_equal(make(&f, wish), 0);
	wish.make.mount_sys = TRISTATE_YES;
	assert_int_equal(make(&f, wish), -EPERM);
	assert_says(why.text, "the present network namespace");
	wish.create = BIT(MNT);
	assert_int_equal(make(&f, wish), 0);
}

static void capabilities_are_given_and_dropped_by_who_has_them(void **state)
{
	struct plan_facts f = host_facts();
	struct enter_wish add = { .join = BIT(NET), .ids = { .cap_add = CAP(NET_RAW) } };
	struct enter_wish drop = { .join = BIT(NET), .ids = { .cap_drop = CAP(NET_RAW) } };

	(void)state;
	f.caller.bounding = UINT64_MAX;
	assert_int_equal(make(&f, add), 0);
	assert_int_equal(make(&f, drop), 0);
	f.caller.effective = f.caller.permitted = CAP(SYS_ADMIN);
	assert_int_equal(make(&f, add), -EPERM);
	assert_says(why.text, "permitted set");
	assert_int_equal(make(&f, drop), -EPERM);
	assert_says(why.text, "CAP_SETPCAP is missing");
	f.caller.bounding = ~CAP(NET_RAW);
	assert_int_equal(make(&f, drop), 0);
	/* In a user namespace of one's own one has all. */
	add.create = drop.create = BIT(USER);
	f.caller.bounding = UINT64_MAX;
	assert_int_equal(make(&f, add), 0);
	assert_int_equal(make(&f, drop), 0);
}

static void dry_run_numbers_each_step_and_escapes_the_command(void **state)
{
	static char word[] = "a\033[31m\n";
	char *const command[] = { word, NULL };
	struct plan_facts f = host_facts();
	struct enter_wish wish = { .join = BIT(NET) | BIT(UTS), .command = command };
	autobuffer text = BUFFER_INIT;

	(void)state;
	set_apart(&f, BIT(NET), 0);
	assert_int_equal(make(&f, wish), 0);
	plan_words(&f, &plan, &wish, &text);
	assert_string_equal(
		buffer_str(&text),
		"shared already, nothing to join: uts:[4026531838]\n"
		"  1 front  fork(2): a helper joins and makes, we stay where we are\n"
		"  2 helper setns(pidfd, CLONE_NEWNET): join net:[4026532103] of process "
		"812\n"
		"  3 helper clone(CLONE_PARENT): start the process that becomes the "
		"command\n"
		"  4 child  execve(2): run a\\x1b[31m\\n\n");
}

static void json_has_the_command_raw_and_why(void **state)
{
	static char word[] = "a\\b";
	char *const command[] = { word, NULL };
	struct plan_facts f = host_facts();
	struct enter_wish wish = { .join = BIT(NET), .command = command };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	struct json j = { .out = out };

	(void)state;
	set_apart(&f, BIT(NET), USER_OUTSIDE);
	make(&f, wish);
	plan_json(&f, &plan, &wish, &j);
	fclose(out);
	assert_says(text, "\"possible\":false,\"fails_at\":2,\"why\":\"cannot join");
	assert_says(text, "\"command\":[\"a\\\\\\\\b\"]");
	assert_int_equal(text[size - 1], '\n');
	free(text);
}

/* Whatever fails, and however: what, and why beyond the system's own words for it. */
static void every_failure_has_words_of_its_own(void **state)
{
	static const int errors[] = { EPERM,  EACCES, EINVAL, ENOENT, ESRCH,  ENOMEM, EAGAIN,
				      ENOSPC, EBUSY,  EMFILE, EUSERS, ENOSYS, EIO };
	struct plan_facts f = host_facts();
	struct plan_subject about = { .types = BIT(NET), .path = "x\033" };

	(void)state;
	for (int op = 0; op < PLAN_OPS; op++) {
		for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
			struct error err = { 0 };
			const struct plan_facts *facts = i % 2 ? &f : NULL;

			assert_int_equal(
				op_failure(facts, (enum plan_op)op, &about, errors[i], &err),
				-errors[i]);
			assert_int_equal(strncmp(err.text, "cannot ", 7), 0);
			assert_says(err.text, "x\\x1b: ");
			assert_null(strstr(err.text, "(null)"));
			/* words, then the system's */
			assert_true(strlen(strstr(err.text, "x\\x1b: ")) >
				    20 + strlen(strerror(errors[i])));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_that_differ_are_joined_at_once),
		cmocka_unit_test(own_user_namespace_is_not_joined_again),
		cmocka_unit_test(except_leaves_types_out),
		cmocka_unit_test(what_is_joined_comes_before_what_is_made),
		cmocka_unit_test(new_ones_are_not_joined_with_all),
		cmocka_unit_test(without_details_nothing_is_foreseen),
		cmocka_unit_test(missing_capability_is_named_with_its_user_namespace),
		cmocka_unit_test(mount_namespace_takes_chroot_too_and_the_rest_works),
		cmocka_unit_test(who_made_a_user_namespace_may_enter_it),
		cmocka_unit_test(single_types_of_ones_own_container_want_the_user_namespace),
		cmocka_unit_test(what_is_outside_gives_nobody_a_capability),
		cmocka_unit_test(pid_namespace_beside_ours_is_not_joined),
		cmocka_unit_test(one_by_one_where_not_at_once),
		cmocka_unit_test(namespaces_without_a_process_are_joined_one_by_one),
		cmocka_unit_test(target_that_may_not_be_looked_at_says_whose_it_is),
		cmocka_unit_test(capable_target_of_the_same_user_is_not_to_be_looked_at),
		cmocka_unit_test(where_0_is_not_mapped_the_targets_ids_are_taken),
		cmocka_unit_test(id_without_a_map_shows_the_map),
		cmocka_unit_test(groups_are_given_up_with_the_user),
		cmocka_unit_test(credentials_are_kept_on_request),
		cmocka_unit_test(new_ones_take_a_capability_or_a_new_user_namespace),
		cmocka_unit_test(settings_that_forbid_are_named),
		cmocka_unit_test(pid_namespace_that_waits_for_its_first_process_is_in_the_way),
		cmocka_unit_test(ending_process_has_no_namespaces),
		cmocka_unit_test(unknown_owner_is_no_promise),
		cmocka_unit_test(another_process_is_spoken_for_by_its_number),
		cmocka_unit_test(another_process_has_to_be_let_look_itself),
		cmocka_unit_test(mapping_uid_0_takes_a_capability_since_5_12),
		cmocka_unit_test(ids_of_others_are_up_to_newuidmap),
		cmocka_unit_test(proc_and_sys_are_mounted_by_who_owns_what_they_show),
		cmocka_unit_test(capabilities_are_given_and_dropped_by_who_has_them),
		cmocka_unit_test(dry_run_numbers_each_step_and_escapes_the_command),
		cmocka_unit_test(json_has_the_command_raw_and_why),
		cmocka_unit_test(every_failure_has_words_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
