/* SPDX-License-Identifier: MIT */
/*
 * Which options of `nsview enter` have no meaning beside each other, or without each other: what
 * would be left out in silence is refused. Looks at nothing but the words.
 */
#include <errno.h>

#include <nsview/make.h>

#include "enter.h"

static int check_empty(const struct enter_options *o, struct error *err)
{
	const struct {
		const char *option, *word, *what;
	} words[] = {
		{ "pid-file", o->pid_file, "file" },
		{ "persist", o->persist, "directory" },
		{ "unpersist", o->unpersist, "directory" },
		{ "wdns", o->wdns, "directory" },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (words[i].word && !*words[i].word)
			return error_set(err, -EINVAL, "--%s takes a %s", words[i].option,
					 words[i].what);
	return 0;
}

static int check_except(const struct enter_options *o, const struct enter_wish *w,
			struct error *err)
{
	for (int type = 0; type < NS_TYPES; type++)
		if (w->join & w->except & 1U << type)
			return error_set(
				err, -EINVAL,
				"the %s namespace cannot both be joined (--%s) and be left out "
				"(%s)",
				ns_types[type].title, ns_types[type].name,
				o->tools && type == NS_MNT ? "--tools=host" : "--except");
	return 0;
}

int enter_usage(const struct invocation *inv, const struct enter_wish *w, struct error *err)
{
	const struct enter_options *o = inv->options;
	bool target = o->target || inv->nargs;
	const struct {
		bool wrong;
		const char *why;
	} rules[] = {
		{ inv->global.proc,
		  "enter works on this host's /proc: --proc has no meaning for it" },
		{ o->as && !o->dry_run, "--as is for --dry-run: nothing is run as another" },
		{ o->json && !o->dry_run && !o->verify, "--json is for --dry-run and --verify" },
		{ o->dry_run && o->verify, "--dry-run and --verify exclude each other" },
		{ o->verify && w->command, "--verify runs no command: it tries things instead" },
		{ o->unpersist && (target || o->create || w->join || w->command),
		  "--unpersist does nothing else: it takes no TARGET, no types and no command" },
		{ !target && !o->create && !w->join && !o->unpersist,
		  "enter needs a TARGET, or --new=TYPES; see nsview enter --help" },
		{ o->still && !target, "--still tells which TARGET is meant: there is none" },
		{ o->chroot && !w->make.root,
		  "--chroot goes with --root=DIR in a new mount namespace (--new=mnt)" },
	};
	int ret = check_empty(o, err);

	for (size_t i = 0; ret == 0 && i < sizeof(rules) / sizeof(*rules); i++)
		if (rules[i].wrong)
			ret = error_set(err, -EINVAL, "%s", rules[i].why);
	if (ret == 0)
		ret = check_except(o, w, err);
	/* Where something is made, make_prepare asks that, and more. */
	return ret == 0 && !w->create ? make_check(&w->make, 0, err) : ret;
}
