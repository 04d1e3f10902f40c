/* SPDX-License-Identifier: MIT */
/*
 * What the id maps of a new user namespace ask for, as user_namespaces(7) has it: whom they name,
 * and who has to write them. What they will be is make_user.c's; the defaults here are those.
 */
#include <linux/capability.h>

#include "plan_internal.h"

static const unsigned user_bit = 1U << NS_USER;
static const uint64_t any_id = 1ULL << CAP_SETUID | 1ULL << CAP_SETGID;

static bool is_own_alone(const struct id_range *ranges, size_t n, uint32_t own)
{
	return n == 0 || (n == 1 && ranges->outside == own && ranges->count == 1);
}

/* Ids that take newuidmap(1), which goes by files of its own; ours were looked at for --map-auto.
 */
bool maps_by_tool(const struct plan_facts *f, const struct wish_make *make, const struct plan *p)
{
	if (!(p->create & user_bit) || p->join & user_bit ||
	    (f->caller.effective & any_id) == any_id)
		return false;
	return (make->map_auto && f->caller.pid) ||
	       !is_own_alone(make->uid_maps, make->nuid_maps, f->caller.euid) ||
	       !is_own_alone(make->gid_maps, make->ngid_maps, f->caller.egid);
}

/* The defaults are those of make_user.c. */
bool maps_uid_0(const struct plan_facts *f, const struct wish_make *make, const struct plan *p)
{
	const bool single = make->map_root || make->map_current || make->has_map_user ||
			    make->has_map_group || make->map_auto;

	if (!(p->create & user_bit) || p->join & user_bit)
		return false;
	for (size_t i = 0; i < make->nuid_maps; i++)
		if (make->uid_maps[i].outside == 0)
			return true;
	if (single || make->nuid_maps || make->ngid_maps)
		return f->caller.is_uid_0 && (single || !make->nuid_maps);
	return f->caller.is_uid_0 || (f->caller.effective & any_id) == any_id;
}
