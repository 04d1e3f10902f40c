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

static bool maps_outside(const struct id_map *map, uint32_t id)
{
	for (size_t i = 0; i < map->n; i++) {
		if (id >= map->ranges[i].outside &&
		    id - map->ranges[i].outside < map->ranges[i].count)
			return true;
	}
	return false;
}

/* Root where there is one, else the first that there is. */
static uint32_t first_inside(const struct id_map *map)
{
	for (size_t i = 0; i < map->n; i++) {
		if (map->ranges[i].inside == 0)
			return 0;
	}
	return map->ranges[0].inside;
}

/*
 * Who has no id in the new user namespace cannot make a file in it (EOVERFLOW), and would own
 * outside what it should not.
 */
static int become_mapped(const struct make *m, struct error *err)
{
	const struct make_ids *uid = &m->user.ids[MAKE_UID], *gid = &m->user.ids[MAKE_GID];
	uint32_t id;

	if (!maps_outside(&gid->map, gid->own) && gid->map.n > 0) {
		id = first_inside(&gid->map);
		if ((!m->user.deny_setgroups && setgroups(0, NULL) < 0) ||
		    setresgid(id, id, id) < 0)
			return error_set(err, -errno, "cannot become gid %u inside: %s", id,
					 strerror(errno));
	}
	if (!maps_outside(&uid->map, uid->own) && uid->map.n > 0) {
		id = first_inside(&uid->map);
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
