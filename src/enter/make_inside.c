/* SPDX-License-Identifier: MIT */
/*
 * What is done from inside of the new namespaces before a command runs in them, in order. Knows
 * neither who waits for it nor what comes after.
 */
#include <errno.h>
#include <grp.h>
#include <string.h>
#include <unistd.h>

#include "make_internal.h"

/* Whether the map names somebody, and not us. */
static bool leaves_us_out(const struct make_ids *ids)
{
	return ids->map.n > 0 && id_map_inside(&ids->map, ids->own) < 0;
}

static bool changes_ids(const struct make *m)
{
	return leaves_us_out(&m->user.ids[MAKE_UID]) || leaves_us_out(&m->user.ids[MAKE_GID]);
}

/* Who may not has no groups to lose but their own. */
void make_leave_groups(const struct make *m)
{
	if (changes_ids(m))
		(void)!setgroups(0, NULL);
}

/*
 * Who has no id in the new user namespace cannot make a file in it (EOVERFLOW), and would own
 * outside what it should not.
 */
static int become_mapped(const struct make *m, struct error *err)
{
	const struct make_ids *uid = &m->user.ids[MAKE_UID], *gid = &m->user.ids[MAKE_GID];
	uint32_t id;

	if (changes_ids(m) && !m->user.deny_setgroups && setgroups(0, NULL) < 0)
		return error_set(err, -errno, "cannot give up supplementary groups inside: %s",
				 strerror(errno));
	if (leaves_us_out(gid)) {
		id = id_map_first(&gid->map);
		if (setresgid(id, id, id) < 0)
			return error_set(err, -errno, "cannot become gid %u inside: %s", id,
					 strerror(errno));
	}
	if (leaves_us_out(uid)) {
		id = id_map_first(&uid->map);
		if (setresuid(id, id, id) < 0)
			return error_set(err, -errno, "cannot become uid %u inside: %s", id,
					 strerror(errno));
	}
	return 0;
}

static int name_host(const struct wish_make *w, struct error *err)
{
	if (w->hostname && sethostname(w->hostname, strlen(w->hostname)) < 0)
		return error_set(err, -errno, "cannot set the hostname: %s", make_why(-errno));
	if (w->domainname && setdomainname(w->domainname, strlen(w->domainname)) < 0)
		return error_set(err, -errno, "cannot set the domain name: %s", make_why(-errno));
	return 0;
}

static int bring_links_up(const struct make *m, struct error *err)
{
	int ret = m->wish->lo_off ? 0 : link_up("lo", err);

	if (ret < 0 || !m->wish->veth)
		return ret;
	if (m->net.has_peer_address)
		ret = link_add_address(MAKE_PEER, &m->net.peer_address, err);
	return ret < 0 ? ret : link_up(MAKE_PEER, err);
}

int make_inside(struct make *m, struct error *err)
{
	int ret = 0;

	if (make_has(m, NS_USER))
		ret = become_mapped(m, err);
	if (ret == 0 && make_has(m, NS_MNT))
		ret = make_mounts(m, err);
	if (ret == 0)
		ret = name_host(m->wish, err);
	if (ret == 0 && make_has(m, NS_NET))
		ret = bring_links_up(m, err);
	return ret;
}
