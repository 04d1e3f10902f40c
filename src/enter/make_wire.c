/* SPDX-License-Identifier: MIT */
/* The veth pair between our network namespace and a new one: names, addresses, our end. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "make_internal.h"

static int take_address(const char *text, bool *out_has, struct link_address *out,
			struct error *err)
{
	char shown[MAKE_SHOWN];

	*out_has = text != NULL;
	if (!text || link_address_parse(text, out) == 0)
		return 0;
	return error_set(err, -EINVAL, "--veth: %s is no address (10.0.0.1/24, fd00::1/64)",
			 make_shown(text, shown, sizeof(shown)));
}

int make_prepare_net(struct make *m, struct error *err)
{
	const struct wish_make *w = m->wish;
	char shown[MAKE_SHOWN];
	int ret;

	if (w->veth_name && link_name_check(w->veth_name) < 0)
		return error_set(
			err, -EINVAL,
			"--veth: %s is no name for a link (1 to 15 bytes, no blank, slash or "
			"colon)",
			make_shown(w->veth_name, shown, sizeof(shown)));
	if (w->veth_name)
		snprintf(m->net.name, sizeof(m->net.name), "%s", w->veth_name);
	ret = take_address(w->veth_addr, &m->net.has_address, &m->net.address, err);
	return ret < 0 ? ret
		       : take_address(w->veth_peer_addr, &m->net.has_peer_address,
				      &m->net.peer_address, err);
}

/* The inode number says which namespace the other end is in, and no other has it. */
static void choose_name(struct make *m, uint64_t ino)
{
	if (!m->net.name[0])
		snprintf(m->net.name, sizeof(m->net.name), "ns%" PRIu64, ino);
}

int make_wire(struct make *m, pid_t pid, uint64_t netns_ino, struct error *err)
{
	int ret;

	if (!m->wish->veth)
		return 0;
	choose_name(m, netns_ino);
	ret = veth_create(m->net.name, MAKE_PEER, pid, err);
	if (ret < 0)
		return ret;
	m->net.wired = true;
	if (m->net.has_address)
		ret = link_add_address(m->net.name, &m->net.address, err);
	return ret < 0 ? ret : link_up(m->net.name, err);
}
