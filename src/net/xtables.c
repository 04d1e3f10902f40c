/* SPDX-License-Identifier: MIT */
/*
 * Chains and rules out of the bytes of a legacy table. The kernel has one list of entries: each
 * built-in chain from its hook's offset to its policy, then each user's chain behind an entry that
 * has its name as an error; jumps are offsets. Nothing of it is believed: every offset is looked
 * up among those where an entry begins.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "filter_xt.h"
#include "xtables_head.h"
#include "xtables_uapi.h"

enum { HOOKS = NF_INET_NUMHOOKS };

/* When a table has its turn; of "nat" it hangs on the hook. */
static const struct {
	const char *name;
	int32_t priority;
} tables[] = {
	{ "raw", -300 }, { "mangle", -150 }, { "nat", -100 }, { "filter", 0 }, { "security", 50 },
};
enum { NAT_SOURCE = 100 };

struct entry {
	size_t at, next; /* offsets in the list */
	struct span bytes;
	uint16_t target; /* offset of its target in bytes */
};

struct parse {
	const struct xtables_head *head;
	struct arena *arena;
	const char *table;
	struct ipt_getinfo info;
	struct vec entries;	       /* struct entry, by rising offset */
	struct vec chains;	       /* struct net_filter_chain */
	struct vec rules;	       /* struct net_filter_rule, of the chain at hand */
	struct net_filter_chain chain; /* name NULL: in none */
	uint32_t ends;		       /* offset of its policy; UINT32_MAX: it has none */
	bool torn;		       /* a built-in chain had no policy */
};

static struct entry *entry_at(const struct parse *p, size_t i)
{
	return &((struct entry *)p->entries.at)[i];
}

static void target_head(const struct entry *e, struct xt_entry_target *out)
{
	memcpy(out, e->bytes.data + e->target, sizeof(*out));
	out->u.user.name[sizeof(out->u.user.name) - 1] = '\0';
}

/* Cuts the list into entries; false where one does not fit. */
static bool cut(struct parse *p, struct span list)
{
	const struct xtables_head *h = p->head;
	size_t at = 0;

	while (at < list.len) {
		uint16_t target, next;
		struct xt_entry_target t;
		struct entry *e;

		if (list.len - at < h->size)
			return false;
		memcpy(&target, list.data + at + h->target_offset, sizeof(target));
		memcpy(&next, list.data + at + h->next_offset, sizeof(next));
		if (target < h->size || next > list.len - at || next < target ||
		    next - target < (int)sizeof(t))
			return false;
		e = vec_add(&p->entries);
		*e = (struct entry){ at, at + next, { list.data + at, next }, target };
		target_head(e, &t);
		if (t.u.target_size < sizeof(t) || t.u.target_size > next - target)
			return false;
		at += next;
	}
	return p->entries.n > 0;
}

static bool is_error(const struct entry *e)
{
	struct xt_entry_target t;

	target_head(e, &t);
	return strcmp(t.u.user.name, XT_ERROR_TARGET) == 0;
}

/* The name that an error has, NULL where it is cut short. */
static const char *error_name(const struct parse *p, const struct entry *e)
{
	struct xt_error_target error;

	if (e->bytes.len - e->target < sizeof(error))
		return NULL;
	memcpy(&error, e->bytes.data + e->target, sizeof(error));
	return arena_copy(p->arena, error.errorname,
			  strnlen(error.errorname, sizeof(error.errorname)));
}

static int compare_offset(const void *key, const void *element)
{
	size_t at = *(const size_t *)key, other = ((const struct entry *)element)->at;

	return at < other ? -1 : at > other;
}

/* The name of the chain whose first rule is there; NULL: there is none. */
static const char *chain_at(const struct parse *p, size_t offset)
{
	const struct entry *e =
		bsearch(&offset, p->entries.at, p->entries.n, sizeof(struct entry), compare_offset);

	if (!e || e == p->entries.at || !is_error(e - 1))
		return NULL;
	return error_name(p, e - 1);
}

static void jump(struct build *b, const struct parse *p, const struct entry *e, int offset,
		 bool go_to)
{
	if ((size_t)offset == e->next)
		return;
	b->rule->verdict = go_to ? NET_VERDICT_GOTO : NET_VERDICT_JUMP;
	b->rule->target = chain_at(p, (size_t)offset);
	b->rule->sound = b->rule->sound && b->rule->target;
	build_word(b, net_verdict_names[b->rule->verdict]);
	build_word(b, "");
	if (b->rule->target)
		buffer_text(&b->text, b->rule->target);
	else
		buffer_char(&b->text, '?');
}

/* Verdicts are negative, and one lower than the kernel's own. */
static void standard(struct build *b, const struct parse *p, const struct entry *e, bool go_to)
{
	static const struct {
		int code;
		enum net_verdict verdict;
	} codes[] = { { -NF_ACCEPT - 1, NET_VERDICT_ACCEPT },
		      { -NF_DROP - 1, NET_VERDICT_DROP },
		      { -NF_QUEUE - 1, NET_VERDICT_QUEUE },
		      { XT_RETURN, NET_VERDICT_RETURN } };
	struct xt_standard_target t = { .verdict = INT32_MIN };

	if (e->bytes.len - e->target >= offsetof(struct xt_standard_target, verdict) + sizeof(int))
		memcpy(&t, e->bytes.data + e->target,
		       offsetof(struct xt_standard_target, verdict) + sizeof(int));
	if (t.verdict >= 0) {
		jump(b, p, e, t.verdict, go_to);
		return;
	}
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i].code == t.verdict) {
			b->rule->verdict = codes[i].verdict;
			build_word(b, net_verdict_names[codes[i].verdict]);
			return;
		}
	b->rule->verdict = NET_VERDICT_OTHER;
	b->rule->sound = false;
	build_word(b, "[?]");
}

/* Its matches, from behind the head up to the target. */
static bool run_matches(struct build *b, const struct parse *p, const struct entry *e)
{
	size_t at = p->head->size;

	while (at < e->target) {
		struct xt_entry_match m;

		if (e->target - at < sizeof(m))
			return false;
		memcpy(&m, e->bytes.data + at, sizeof(m));
		m.u.user.name[sizeof(m.u.user.name) - 1] = '\0';
		if (m.u.match_size < sizeof(m) || m.u.match_size > e->target - at)
			return false;
		xt_extension_run(b, false, m.u.user.name, m.u.user.revision,
				 e->bytes.data + at + sizeof(m), m.u.match_size - sizeof(m));
		at += m.u.match_size;
	}
	return true;
}

static bool run_entry(struct build *b, const struct parse *p, const struct entry *e)
{
	bool go_to = p->head->conditions(b, e->bytes.data);
	struct xt_entry_target t;

	if (!run_matches(b, p, e))
		return false;
	target_head(e, &t);
	if (!t.u.user.name[0])
		standard(b, p, e, go_to);
	else
		xt_extension_run(b, true, t.u.user.name, t.u.user.revision,
				 e->bytes.data + e->target + sizeof(t),
				 t.u.target_size - sizeof(t));
	return true;
}

static bool add_rule(struct parse *p, const struct entry *e)
{
	struct net_filter_rule *rule = vec_add(&p->rules);
	struct build b = { .arena = p->arena, .rule = rule, .matches = VEC(struct net_match) };
	uint64_t counters[2];
	bool whole;

	memcpy(counters, e->bytes.data + p->head->counters, sizeof(counters));
	*rule = (struct net_filter_rule){ .handle = p->rules.n,
					  .sound = true,
					  .reads = true,
					  .counted = true,
					  .packets = counters[0],
					  .bytes = counters[1] };
	b.family = p->head->family == NFPROTO_IPV6   ? AF_INET6
		   : p->head->family == NFPROTO_IPV4 ? AF_INET
						     : 0;
	whole = run_entry(&b, p, e);
	rule->matches = vec_keep(&b.matches, p->arena);
	rule->nmatches = (uint32_t)b.matches.n;
	rule->text = arena_copy(p->arena, buffer_str(&b.text), b.text.len);
	vec_release(&b.matches);
	buffer_release(&b.text);
	return whole;
}

static bool is_plain(const struct net_filter_rule *rule, enum net_verdict verdict)
{
	return rule->sound && !rule->nmatches && rule->verdict == verdict;
}

/* A user's chain ends with a RETURN that nobody has written. */
static void end_chain(struct parse *p)
{
	struct net_filter_rule *rules = p->rules.at;
	size_t n = p->rules.n;

	if (!p->chain.name)
		return;
	p->torn = p->torn ||
		  (p->chain.hook != NET_HOOK_NONE && p->chain.policy == NET_VERDICT_RETURN);
	if (p->chain.hook == NET_HOOK_NONE && n && is_plain(&rules[n - 1], NET_VERDICT_RETURN))
		n--;
	p->rules.n = n;
	rules = vec_keep(&p->rules, p->arena);
	for (size_t i = 0; i < n; i++)
		rules[i].next = i + 1 < n ? &rules[i + 1] : NULL;
	p->chain.rules = rules;
	p->chain.nrules = (uint32_t)n;
	*(struct net_filter_chain *)vec_add(&p->chains) = p->chain;
	p->chain.name = NULL;
	p->rules.n = 0;
}

static void begin_chain(struct parse *p, const char *name)
{
	end_chain(p);
	p->chain = (struct net_filter_chain){ .legacy = true,
					      .family = filter_family_name(p->head->family),
					      .table = p->table,
					      .name = name,
					      .policy = NET_VERDICT_RETURN };
	p->ends = UINT32_MAX;
}

static int32_t priority_of(const struct parse *p, enum net_hook hook)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if (strcmp(tables[i].name, p->table) == 0 && strcmp(p->table, "nat") == 0 &&
		    (hook == NET_HOOK_INPUT || hook == NET_HOOK_POSTROUTING))
			return NAT_SOURCE;
		else if (strcmp(tables[i].name, p->table) == 0)
			return tables[i].priority;
	return 0;
}

static bool is_known_table(const char *name)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if (strcmp(tables[i].name, name) == 0)
			return true;
	return false;
}

/* As iptables(8) calls the built-in ones; NULL: none begins at that offset. */
static const char *built_in(struct parse *p, size_t at, enum net_hook *out_hook)
{
	static const char *const names[NET_HOOKS] = {
		[NET_HOOK_PREROUTING] = "PREROUTING",	[NET_HOOK_INPUT] = "INPUT",
		[NET_HOOK_FORWARD] = "FORWARD",		[NET_HOOK_OUTPUT] = "OUTPUT",
		[NET_HOOK_POSTROUTING] = "POSTROUTING",
	};

	for (unsigned i = 0; i < HOOKS; i++)
		if ((p->info.valid_hooks >> i & 1) && p->info.hook_entry[i] == at) {
			*out_hook = filter_hook(p->head->family, i);
			begin_chain(p, names[*out_hook]);
			p->ends = p->info.underflow[i];
			return names[*out_hook];
		}
	return NULL;
}

static void begin_built_in(struct parse *p, size_t at)
{
	enum net_hook hook;

	if (!built_in(p, at, &hook))
		return;
	p->chain.type = strcmp(p->table, "nat") == 0 ? "nat" : "filter";
	p->chain.hook = hook;
	p->chain.priority = priority_of(p, hook);
}

/* The last of a built-in chain is its policy. */
static bool take_policy(struct parse *p)
{
	const struct net_filter_rule *last =
		&((struct net_filter_rule *)p->rules.at)[p->rules.n - 1];

	if (!is_plain(last, NET_VERDICT_ACCEPT) && !is_plain(last, NET_VERDICT_DROP))
		return false;
	p->chain.policy = last->verdict;
	p->rules.n--;
	end_chain(p);
	return true;
}

static bool walk(struct parse *p)
{
	for (size_t i = 0; i < p->entries.n; i++) {
		const struct entry *e = entry_at(p, i);

		begin_built_in(p, e->at);
		if (is_error(e)) {
			/* The very last one ends the list. */
			if (i + 1 == p->entries.n)
				break;
			begin_chain(p, error_name(p, e));
			if (!p->chain.name)
				return false;
			continue;
		}
		if (!p->chain.name || !add_rule(p, e) || (e->at == p->ends && !take_policy(p)))
			return false;
	}
	end_chain(p);
	return !p->torn;
}

static void release(struct parse *p)
{
	vec_release(&p->entries);
	vec_release(&p->chains);
	vec_release(&p->rules);
}

int xtables_parse(enum xtables_family family, const char *table, struct span block,
		  struct arena *arena, struct vec *chains)
{
	struct parse p = { .head = &xtables_heads[family],
			   .arena = arena,
			   .entries = VEC(struct entry),
			   .chains = VEC(struct net_filter_chain),
			   .rules = VEC(struct net_filter_rule) };
	struct span list;
	bool whole;

	if (!is_known_table(table))
		return -EOPNOTSUPP;
	if (block.len < sizeof(p.info))
		return -EPROTO;
	memcpy(&p.info, block.data, sizeof(p.info));
	list = (struct span){ block.data + sizeof(p.info), block.len - sizeof(p.info) };
	p.table = arena_copy(arena, table, strlen(table));
	whole = p.info.size == list.len && cut(&p, list) && walk(&p);
	for (size_t i = 0; whole && i < p.chains.n; i++)
		*(struct net_filter_chain *)vec_add(chains) =
			((struct net_filter_chain *)p.chains.at)[i];
	release(&p);
	return whole ? 0 : -EPROTO;
}
