/* SPDX-License-Identifier: MIT */
/* Any word as a target: parsed or refused with a clean sentence, then resolved in a small graph. */
#include <errno.h>
#include <string.h>

#include <nsview/target.h>

#include "fuzz.h"

static void give_identity(struct process *p, const struct identity *identity)
{
	p->facts->identity_fact = fact_known();
	p->facts->identity = identity;
}

static struct process *add_process(struct graph *g, pid_t pid, uint64_t pidns)
{
	const uint64_t ino[NS_LINKS] = { [NS_USER] = 5, [NS_PID] = pidns, [NS_MNT] = 3 };
	struct process *p = graph_add_process(g, pid, ino);

	p->facts = arena_alloc(&g->arena, sizeof(*p->facts));
	return p;
}

static struct graph *small_graph(void)
{
	static const struct identity web = { "docker", "web", "3f2a91", "", NULL, true };
	static const struct identity db = { "docker", "d\nb", "3f2a92", "", NULL, true };
	static const struct identity unit = {
		"unit", "ssh.service", "ssh.service", "", NULL, false
	};
	static const struct id_range range = { 0, 1000, 10 };
	static const pid_t chain[] = { 8, 1 };
	struct graph *g = graph_new();
	struct process *p = add_process(g, 7, 4);
	struct ns *user;

	give_identity(p, &web);
	give_identity(add_process(g, 9, 4), &db);
	give_identity(add_process(g, 10, 4), &unit);
	p = add_process(g, 8, 6);
	p->facts->nspid_fact = fact_known();
	p->facts->nspid = chain;
	p->facts->nspid_count = 2;
	graph_find(g, NS_PID, 6)->parent = graph_find(g, NS_PID, 4);
	user = graph_find(g, NS_USER, 5);
	user->facts = arena_alloc(&g->arena, sizeof(*user->facts));
	user->facts->uid_map = (struct fact_ranges){ fact_known(), 1, &range };
	graph_add_holder(g, graph_add(g, NS_NET, 4194305), HOLD_MOUNT, NULL, 0, -1,
			 "/run/netns/lab", NULL);
	graph_seal(g);
	return g;
}

/* What reaches a person must be one line that no terminal obeys. */
static void check_sentence(const struct error *err, int code)
{
	MUST(err->code == code && err->text[0]);
	for (const char *p = err->text; *p; p++)
		MUST(*p >= ' ' && *p <= '~');
}

static void check_resolved(const struct graph *g, const struct target *t)
{
	struct selection sel = { 0 };
	struct error err = { 0 };
	int ret = target_resolve(g, t, &sel, &err);

	MUST(ret == 0 || ret == -ENOENT || ret == -EEXIST || ret == -ENOTSUP);
	MUST((ret == 0) == (sel.nprocesses + sel.nnamespaces > 0));
	if (ret)
		check_sentence(&err, ret);
	selection_release(&sel);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct graph *g;
	char *word = strndup((const char *)data, size);
	struct error err = { 0 };
	struct target t;
	int ret;

	MUST(word);
	if (!g)
		g = small_graph();
	ret = target_parse(word, &t, &err);
	MUST(ret == 0 || ret == -EINVAL);
	if (ret) {
		check_sentence(&err, ret);
	} else {
		MUST(t.word == word && t.text >= word && t.text <= word + strlen(word));
		MUST((target_needs(&t) & ~(unsigned)(NEEDS_OF_PROCESS | NEEDS_OF_NS | NEED_HOLDERS |
						     NEED_SOCKETS)) == 0);
		check_resolved(g, &t);
	}
	free(word);
	return 0;
}
