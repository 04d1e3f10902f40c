/* SPDX-License-Identifier: MIT */
/* Which tables of legacy iptables were got, and which were there but could not be read, and why. */
#include <errno.h>
#include <string.h>

#include "xtables.h"

static void say(struct buffer *out, const struct xtables_kind *kind, const char *table, int error)
{
	buffer_printf(out, "%stable ", out->len ? ", " : "not read: ");
	buffer_text(out, table);
	buffer_printf(out, " of %s (%s)", kind->program,
		      error == -EPERM	     ? "takes CAP_NET_ADMIN"
		      : error == -EPROTO     ? "malformed"
		      : error == -EOPNOTSUPP ? "of a kind that is not known"
					     : strerror(-error));
}

static void take(const struct text *text, enum xtables_family family, struct arena *arena,
		 struct vec *chains, struct net_known *known, struct buffer *words)
{
	const struct xtables_kind *kind = &xtables_kinds[family];
	const char *table = text->name + strlen(kind->prefix);
	int ret = text->error;

	if (ret == 0)
		ret = xtables_parse(family, table, text->value, arena, chains);
	if (ret == 0)
		return;
	known->missing++;
	say(words, kind, table, ret);
}

void xtables_take(const struct inside *in, struct arena *arena, struct vec *chains,
		  struct net_known *known)
{
	struct span rest = { in->texts.data, in->texts.len };
	struct buffer words = BUFFER_INIT;
	struct text text;

	while (texts_next(&rest, &text))
		for (int i = 0; i < XTABLES_FAMILIES; i++)
			if (strncmp(text.name, xtables_kinds[i].prefix,
				    strlen(xtables_kinds[i].prefix)) == 0)
				take(&text, (enum xtables_family)i, arena, chains, known, &words);
	if (words.len)
		known->why = arena_copy(arena, words.data, words.len);
	buffer_release(&words);
}
