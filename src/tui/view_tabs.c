/* SPDX-License-Identifier: MIT */
/* THE table of tabs, and which of them shows an object. Knows nothing of how one looks. */
#include <errno.h>
#include <stdlib.h>
#include <strings.h>

#include "view_browser.h"

const struct tab tab_table[] = {
	{ "Namespaces", { REF_NS, REF_NONE }, (1 << NS_TYPES) - 1, &list_namespaces },
	{ "Processes", { REF_SET, REF_PROCESS }, 0, &list_processes },
	{ "Network", { REF_LINK, REF_NS }, 1 << NS_NET, &list_network },
	{ .name = NULL },
};
_Static_assert(sizeof(tab_table) / sizeof(*tab_table) == TABS + 1, "TABS counts the table");

static bool tab_has(unsigned tab, const struct view_ref *ref)
{
	const struct tab *t = &tab_table[tab];

	if (ref->kind == REF_NS)
		return t->types >> ref->type & 1;
	return t->shows[0] == ref->kind || t->shows[1] == ref->kind;
}

unsigned tab_of(unsigned here, const struct view_ref *ref)
{
	if (tab_has(here, ref))
		return here;
	for (unsigned tab = 0; tab < TABS; tab++)
		if (tab_has(tab, ref))
			return tab;
	return here;
}

int tui_tab_parse(const char *word, unsigned *out, struct error *err)
{
	char *end;
	unsigned long number = strtoul(word, &end, 10);

	for (unsigned i = 0; i < TABS; i++)
		if (strcasecmp(tab_table[i].name, word) == 0 || (!*end && number == i + 1)) {
			*out = i;
			return 0;
		}
	return error_set(err, -EINVAL,
			 "--tab takes namespaces, processes or network, not \"%.64s\"", word);
}
