/* SPDX-License-Identifier: MIT */
/*
 * From one end of a wire to the other, in the wiring picture. Goes by what was read of the wires,
 * not by what is drawn of them.
 */
#include <stdlib.h>
#include <string.h>

#include "view_network.h"

/* The wire in the gutter, else what the link stands on or is a port of. */
static const struct net_wire *wire_of(const struct net *net, const struct wiring_line *line)
{
	const struct net_wire **wires, *found = line->wire;
	size_t n;

	if (found || !line->link)
		return found;
	n = net_wires_of(net, line->link, &wires);
	for (size_t i = 0; i < n && !found; i++)
		if (wires[i]->a == line->link)
			found = wires[i];
	free(wires);
	return found;
}

static void say_no_end(struct browser *b, const struct net_wire *wire)
{
	autobuffer why = BUFFER_INIT;

	if (wire->words)
		escape_text(&why, wire->words, strlen(wire->words),
			    b->utf8 ? ESCAPE_UTF8 : ESCAPE_ASCII);
	browser_say(b, true, "the other end is not in view%s%s", why.len ? ": " : "",
		    buffer_str(&why));
}

bool network_hop(struct browser *b)
{
	const struct list *l = browser_list(b);
	const struct item *item = list_item(l);
	const struct wiring_line *line;
	const struct net_wire *wire;
	const struct net_link *far;
	struct view_ref to;

	if (!item || !item->row.item || item->change == CHANGE_VANISHED || !b->graph->net)
		return false;
	line = &l->network->all.lines[item - l->items];
	wire = wire_of(b->graph->net, line);
	far = wire ? wiring_far(wire, line->link) : NULL;
	if (!wire)
		return false;
	if (far && far->net->ns)
		to = ref_of_link(far);
	else if (wire->process)
		to = ref_of_process(wire->process);
	else
		to = (struct view_ref){ 0 };
	if (to.kind == REF_NONE)
		say_no_end(b, wire);
	else
		browser_jump(b, &to);
	return true;
}
