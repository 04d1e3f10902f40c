/* SPDX-License-Identifier: MIT */
/*
 * Finds names of links in pages: says each link that may stand there as render/ says it, and looks
 * whether that is what the page has. A name that is wrapped is none.
 */
#include <stdlib.h>
#include <string.h>

#include <nsview/net_picture.h>
#include <nsview/render.h>

#include "view_doc.h"

static bool stands_there(const struct buffer *name, const char *text, size_t len)
{
	return name->len && len >= name->len && memcmp(text, name->data, name->len) == 0 &&
	       (len == name->len || text[name->len] == ' ');
}

/* "eth0@host:veth3a1c" */
static size_t links_of(const struct net_ns *net, const struct term *t, const struct graph *g,
		       const char *text, size_t len, struct link_name out[LINK_NAMES])
{
	autobuffer name = BUFFER_INIT;

	for (size_t i = 0; i < net->nlinks && i < SHOW_MEMBERS; i++) {
		const struct net_link *far;
		size_t at = 0;

		buffer_clear(&name);
		far = net_link_words(t, g, net->links[i], &name, &at);
		if (!stands_there(&name, text, len))
			continue;
		out[0] = (struct link_name){ 0, far ? at - 1 : name.len,
					     ref_of_link(net->links[i]) };
		if (!far || !far->net->ns)
			return 1;
		out[1] = (struct link_name){ at, name.len - at, ref_of_link(far) };
		return 2;
	}
	return 0;
}

/* "host:veth3a1c" */
static size_t ends_of(const struct net_link *link, const struct term *t, const struct graph *g,
		      const char *text, size_t len, struct link_name out[LINK_NAMES])
{
	const struct net_wire **wires;
	size_t n = net_wires_of(g->net, link, &wires), found = 0;
	autobuffer name = BUFFER_INIT;

	for (size_t i = 0; i < n && i < SHOW_MEMBERS && !found; i++) {
		const struct net_link *far = wiring_far(wires[i], link);

		if (!far || !far->net->ns)
			continue;
		buffer_clear(&name);
		net_far_words(t, g, far, link, &name);
		if (stands_there(&name, text, len)) {
			out[0] = (struct link_name){ 0, name.len, ref_of_link(far) };
			found = 1;
		}
	}
	free(wires);
	return found;
}

size_t link_names(const struct graph *g, const struct view_ref *about, bool ascii, const char *text,
		  size_t len, struct link_name out[LINK_NAMES])
{
	const struct term t = { .utf8 = !ascii };
	const struct net_link *link = ref_find_link(g, about);
	const struct ns *ns = about->kind == REF_NS ? ref_find_ns(g, about) : NULL;
	const struct net_ns *net = ns && g->net ? net_find(g->net, ns) : NULL;

	if (link)
		return ends_of(link, &t, g, text, len, out);
	return net ? links_of(net, &t, g, text, len, out) : 0;
}
