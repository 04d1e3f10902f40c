/* SPDX-License-Identifier: MIT */
/*
 * Getters of the facts that one type of namespace has, and that were read only if asked for. Of
 * another type they are none; not asked for, they are not read. Knows no heading.
 */
#include "ns_facts.h"
#include "internal.h"

static const struct fact unread = { FACT_UNREAD, 0 };

/* Whether a fact that only this type has was read at all. */
static struct fact type_fact(const struct ns *ns, enum ns_type type)
{
	if (ns->type != type)
		return fact_none();
	return ns->facts ? fact_known() : unread;
}

/* The getter of a fact that one type has; set is the value_set_ of the fact's own type. */
#define TYPE_FACT_GETTER(of_type, field, set)                                                      \
	void ns_get_##field(const struct row *row, struct value *out)                              \
	{                                                                                          \
		struct fact fact = type_fact(row->ns, of_type);                                    \
                                                                                                   \
		if (fact_is_known(fact))                                                           \
			set(out, row->ns->facts->field);                                           \
		else                                                                               \
			value_set_fact(out, fact);                                                 \
	}
TYPE_FACT_GETTER(NS_NET, netnsid, value_set_fact_num)
TYPE_FACT_GETTER(NS_NET, nlinks, value_set_fact_num)
TYPE_FACT_GETTER(NS_NET, cookie, value_set_fact_id)
TYPE_FACT_GETTER(NS_USER, owner_uid, value_set_fact_num)
TYPE_FACT_GETTER(NS_USER, setgroups, value_set_fact_text)
TYPE_FACT_GETTER(NS_UTS, hostname, value_set_fact_text)
TYPE_FACT_GETTER(NS_UTS, domainname, value_set_fact_text)
TYPE_FACT_GETTER(NS_MNT, nmounts, value_set_fact_num)
TYPE_FACT_GETTER(NS_MNT, mnt_root, value_set_fact_text)
TYPE_FACT_GETTER(NS_MNT, propagation, value_set_fact_text)
TYPE_FACT_GETTER(NS_IPC, shm, value_set_fact_num)
TYPE_FACT_GETTER(NS_IPC, sem, value_set_fact_num)
TYPE_FACT_GETTER(NS_IPC, msg, value_set_fact_num)
TYPE_FACT_GETTER(NS_IPC, mqueue, value_set_fact_num)
TYPE_FACT_GETTER(NS_CGROUP, cgroup_root, value_set_fact_text)

static void set_map(const struct ns *ns, bool gid, struct value *out)
{
	struct fact fact = type_fact(ns, NS_USER);
	struct buffer *b = value_scratch(out);

	if (fact_is_known(fact)) {
		fact = gid ? ns->facts->gid_map.fact : ns->facts->uid_map.fact;
		form_ranges(gid ? ns->facts->gid_map : ns->facts->uid_map, b);
	}
	value_set_scratch(out);
	value_set_fact(out, fact);
}

static void json_map(const struct ns *ns, bool gid, const char *key, struct json *j)
{
	struct fact_ranges map = { .fact = type_fact(ns, NS_USER) };

	if (fact_is_known(map.fact))
		map = gid ? ns->facts->gid_map : ns->facts->uid_map;
	if (json_fact(j, key, map.fact))
		form_ranges_json(j, key, map);
}

void ns_get_uid_map(const struct row *row, struct value *out)
{
	set_map(row->ns, false, out);
}

void ns_json_uid_map(const struct row *row, const char *key, struct json *j)
{
	json_map(row->ns, false, key, j);
}

void ns_get_gid_map(const struct row *row, struct value *out)
{
	set_map(row->ns, true, out);
}

void ns_json_gid_map(const struct row *row, const char *key, struct json *j)
{
	json_map(row->ns, true, key, j);
}

static struct fact offset_of(const struct ns *ns, bool boottime, struct time_offset *out)
{
	struct fact fact = type_fact(ns, NS_TIME);

	if (fact_is_known(fact)) {
		fact = boottime ? ns->facts->boottime_fact : ns->facts->monotonic_fact;
		*out = boottime ? ns->facts->boottime : ns->facts->monotonic;
	}
	return fact;
}

static void set_offset(const struct ns *ns, bool boottime, struct value *out)
{
	struct time_offset offset;
	struct fact fact = offset_of(ns, boottime, &offset);

	if (fact_is_known(fact)) {
		form_offset(offset, value_scratch(out));
		value_set_scratch(out);
	}
	value_set_fact(out, fact);
}

void ns_get_boottime(const struct row *row, struct value *out)
{
	set_offset(row->ns, true, out);
}

void ns_get_monotonic(const struct row *row, struct value *out)
{
	set_offset(row->ns, false, out);
}

void ns_json_boottime(const struct row *row, const char *key, struct json *j)
{
	struct time_offset offset;

	if (json_fact(j, key, offset_of(row->ns, true, &offset)))
		form_offset_json(j, key, offset);
}

void ns_json_monotonic(const struct row *row, const char *key, struct json *j)
{
	struct time_offset offset;

	if (json_fact(j, key, offset_of(row->ns, false, &offset)))
		form_offset_json(j, key, offset);
}

static bool is_init(const struct process_facts *f)
{
	return fact_is_known(f->nspid_fact) && f->nspid_count && f->nspid[f->nspid_count - 1] == 1;
}

/*
 * The member that is PID 1 in there. That is the lead, as long as the pids outside did not start
 * over again since; where its chain says otherwise the other members are looked at.
 */
static const struct process *find_init(const struct row *row, struct fact *out_fact)
{
	const struct process *p = row->ns->lead;

	*out_fact = fact_none();
	if (row->ns->type != NS_PID)
		return NULL;
	for (; p; p = ns_next_member(row->graph, row->ns, p)) {
		if (p->facts && is_init(p->facts))
			return p;
		if (!p->facts)
			*out_fact = unread;
		else if (!fact_is_known(p->facts->nspid_fact))
			*out_fact = p->facts->nspid_fact;
	}
	return NULL;
}

void ns_get_init(const struct row *row, struct value *out)
{
	struct fact fact;
	const struct process *init = find_init(row, &fact);

	if (init)
		value_set_uint(out, (uint64_t)init->pid);
	else
		value_set_fact(out, fact);
}

/* A pid namespace comes into use when its init starts; of the others nothing tells. */
static struct fact birth(const struct row *row, uint64_t *out_ticks)
{
	struct fact fact = { FACT_UNSUPPORTED, 0 };
	const struct process *init = NULL;

	*out_ticks = 0;
	if (row->ns->type == NS_PID)
		init = find_init(row, &fact);
	if (!init)
		return fact;
	*out_ticks = init->facts->start.num;
	return init->facts->start.fact;
}

void ns_get_created(const struct row *row, struct value *out)
{
	uint64_t ticks;
	struct fact fact = birth(row, &ticks);

	if (fact_is_known(fact))
		fact = form_start(row->graph, ticks, value_scratch(out));
	if (fact_is_known(fact))
		value_set_scratch(out);
	value_set_fact(out, fact);
}

void ns_json_created(const struct row *row, const char *key, struct json *j)
{
	autobuffer text = BUFFER_INIT;
	uint64_t ticks;
	struct fact fact = birth(row, &ticks);

	if (row->ns->type != NS_PID) {
		json_unknown(j, key, "no kernel interface tells when it was created");
		return;
	}
	if (fact_is_known(fact))
		fact = form_start(row->graph, ticks, &text);
	if (json_fact(j, key, fact))
		json_str(j, key, buffer_str(&text));
}
