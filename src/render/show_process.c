/* SPDX-License-Identifier: MIT */
/*
 * The page of one process: a table of labels, most of them columns of `nsview ps`, then its ten
 * namespaces with whoever shares them, and the threads that are elsewhere. Reads the graph only.
 */
#include <inttypes.h>
#include <string.h>

#include <nsview/render.h>

#include "cell.h"
#include "page.h"
#include "show.h"

enum {
	NS_WIDTH = 20,	     /* the longest "cgroup:[4026532344]" and a blank */
	NAME_MAX_WIDTH = 32, /* columns of a command line where it serves as a name */
};

static const struct process_facts unread; /* all of its facts are FACT_UNREAD */

static const struct process_facts *facts_of(const struct page *page)
{
	return page->row.process->facts ? page->row.process->facts : &unread;
}

static const struct identity *identity_of(const struct page *page)
{
	return fact_is_known(facts_of(page)->identity_fact) ? facts_of(page)->identity : NULL;
}

static void say_title(struct page *page)
{
	const struct process *p = page->row.process;

	buffer_printf(&page->text, "%d ", (int)p->pid);
	words_comm(&page->words, p);
	if (identity_of(page)) {
		buffer_text(&page->text, "  ");
		words_identity(&page->words, p);
	}
}

static void say_state(struct page *page)
{
	static const struct {
		char letter;
		const char *word;
	} states[] = {
		{ 'R', "running" }, { 'S', "sleeping" }, { 'D', "waiting for a device" },
		{ 'Z', "zombie" },  { 'T', "stopped" },	 { 't', "stopped by a tracer" },
		{ 'I', "idle" },    { 'X', "dead" },	 { 'P', "parked" },
	};
	struct fact_num state = facts_of(page)->state;

	if (!fact_is_known(state.fact)) {
		words_unknown(&page->words, state.fact);
		return;
	}
	buffer_char(&page->text, (char)state.num);
	for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++)
		if ((char)state.num == states[i].letter)
			buffer_printf(&page->text, " (%s)", states[i].word);
}

static void say_parent(struct page *page)
{
	struct fact_num ppid = facts_of(page)->ppid;
	const struct process *parent;

	if (!fact_is_known(ppid.fact)) {
		words_unknown(&page->words, ppid.fact);
		return;
	}
	buffer_printf(&page->text, "%" PRIu64, ppid.num);
	parent = graph_process(page->graph, (pid_t)ppid.num);
	if (parent && parent->facts && fact_is_known(parent->facts->comm.fact)) {
		buffer_char(&page->text, ' ');
		words_comm(&page->words, parent);
	}
}

static void say_user(struct page *page)
{
	words_user(&page->words, facts_of(page)->uid);
}

static void say_group(struct page *page)
{
	words_group(&page->words, facts_of(page)->gid);
}

static void say_belongs(struct page *page)
{
	if (facts_of(page)->identity_fact.state == FACT_NONE)
		buffer_text(&page->text, "- (nothing tells of a container, unit or session)");
	else if (!words_identity(&page->words, page->row.process))
		words_unknown(&page->words, facts_of(page)->identity_fact);
}

static void say_text(struct page *page, const char *text)
{
	if (text)
		words_escape(&page->words, text, strlen(text));
}

static void say_id(struct page *page)
{
	const struct identity *id = identity_of(page);

	say_text(page, id ? id->id : NULL);
}

static void say_evidence(struct page *page)
{
	const struct identity *id = identity_of(page);

	say_text(page, id ? id->evidence : NULL);
}

static void say_name_source(struct page *page)
{
	const struct identity *id = identity_of(page);

	say_text(page, id ? id->name_source : NULL);
}

/* The names in the column stand without blanks, where a page could not wrap them. */
static void say_caps(struct page *page)
{
	const struct value *v = &page->value;

	cell_read(column_find(&process_columns, "caps", strlen("caps")), &page->row, &page->value);
	if (!fact_is_known(v->fact))
		words_unknown(&page->words, v->fact);
	for (size_t i = 0; fact_is_known(v->fact) && i < v->len; i++) {
		buffer_char(&page->text, v->text[i]);
		if (v->text[i] == ',')
			buffer_char(&page->text, ' ');
	}
}

static void say_root(struct page *page)
{
	struct fact_text root = facts_of(page)->root;

	if (fact_is_known(root.fact) && !(root.len == 1 && root.data[0] == '/'))
		buffer_text(&page->text, "chroot'd to ");
	words_fact_text(&page->words, root);
}

/* Who is not in sight may be there as well. */
static bool sees_everybody(const struct completeness *c)
{
	return !c->unreadable && !c->unread_threads && !c->hidepid;
}

/* A namespace that only children of this process will be in, if any can. */
static void say_nobody(struct page *page, const struct ns *ns)
{
	struct fact ended = ns->facts ? ns->facts->init_ended : (struct fact){ 0 };

	if (ns->type != NS_PID || ended.state == FACT_NONE)
		buffer_text(&page->text, "nobody yet");
	else if (fact_is_known(ended))
		buffer_text(&page->text, "nobody any more: its process 1 has ended, and fork(2) "
					 "fails with ENOMEM");
	else
		buffer_text(&page->text, "nobody");
}

/* Who else is there: the host's, or how many, and their name where it is not this process's. */
static void say_company(struct page *page, const struct ns *ns, const struct process *p)
{
	uint32_t others = ns->nprocs - (process_in(p, ns) && ns->nprocs ? 1 : 0);
	size_t start;

	if (ns_is_host(page->graph, ns))
		buffer_text(&page->text, "the host's, ");
	if (!others) {
		if (process_in(p, ns))
			buffer_text(&page->text, "nobody else");
		else
			say_nobody(page, ns);
		if (process_in(p, ns) && !sees_everybody(&page->graph->completeness))
			buffer_text(&page->text, " in sight");
		return;
	}
	words_count(&page->words, others, "other", "others");
	if (ns_is_host(page->graph, ns))
		return;
	buffer_text(&page->text, ", ");
	start = page->text.len;
	words_who_ns(&page->words, ns);
	words_cut(&page->words, start, NAME_MAX_WIDTH);
}

static void say_no_ns(struct page *page, enum ns_link link)
{
	const struct process *p = page->row.process;

	buffer_printf(&page->text, "%-*s", NS_WIDTH, ns_links[link].name);
	if (p->error)
		words_unknown(&page->words, fact_from_error(p->error));
	else if (p->zombie)
		buffer_text(&page->text, "- (left at its exit)");
	else
		buffer_text(&page->text, (int)link < NS_TYPES ? "-" : "- (no child yet)");
}

static void say_link(struct page *page, enum ns_link link)
{
	const struct process *p = page->row.process;
	const struct ns *ns = p->set->ns[link];
	size_t start;

	if (!ns) {
		say_no_ns(page, link);
		return;
	}
	if ((int)link >= NS_TYPES)
		buffer_printf(&page->text, "%s ", ns_links[link].name);
	start = page->text.len;
	words_ns(&page->words, ns);
	if ((int)link >= NS_TYPES && process_in(p, ns)) {
		buffer_text(&page->text, " its own");
		return;
	}
	while (page->text.len < start + NS_WIDTH)
		buffer_char(&page->text, ' ');
	say_company(page, ns, p);
}

static void say_namespaces(struct page *page)
{
	for (int link = 0; link < NS_LINKS; link++) {
		if (link)
			buffer_char(&page->text, '\n');
		say_link(page, (enum ns_link)link);
	}
}

static void say_threads(struct page *page)
{
	const struct process *p = page->row.process;

	for (const struct thread *t = p->threads; t; t = t->next) {
		if (t != p->threads)
			buffer_char(&page->text, '\n');
		buffer_printf(&page->text, "%d:", (int)t->tid);
		for (int link = 0; link < NS_LINKS; link++) {
			if (!t->ns[link] || t->ns[link] == p->set->ns[link])
				continue;
			buffer_char(&page->text, ' ');
			if (link >= NS_TYPES)
				buffer_printf(&page->text, "%s ", ns_links[link].name);
			words_ns(&page->words, t->ns[link]);
		}
	}
}

static const struct page_entry entries[] = {
	{ "Command", 0, "command", NULL },
	{ "State", 0, NULL, say_state },
	{ "Parent", 0, NULL, say_parent },
	{ "User", 0, NULL, say_user },
	{ "Group", 0, NULL, say_group },
	{ "Started", 0, "start", NULL },
	{ "Pids", 0, "nspid", NULL },
	{ "Belongs to", 0, NULL, say_belongs },
	{ "Id", 0, NULL, say_id },
	{ "Evidence", 0, NULL, say_evidence },
	{ "Name from", 0, NULL, say_name_source },
	{ "Cgroup", 0, "cgroup", NULL },
	{ "Capabilities", 0, NULL, say_caps },
	{ "No new privs", 0, "no_new_privs", NULL },
	{ "Seccomp", 0, "seccomp", NULL },
	{ "Root", 0, NULL, say_root },
	{ "Namespaces", 0, NULL, say_namespaces },
	{ "Threads", 0, NULL, say_threads },
	{ "Run", 0, NULL, run_in_process },
	{ 0 },
};

int show_process(const struct term *t, const struct graph *g, const struct process *p)
{
	const struct row row = { .graph = g, .process = p };

	return page_print(t, &row, say_title, entries, &process_columns);
}
