/* SPDX-License-Identifier: MIT */
/*
 * Where to let go of a namespace: a sentence for each way of holding one, from a table by kind.
 * Nothing is done here. A path that a process chose becomes part of a command only where a shell
 * would take it as it stands.
 */
#include <string.h>

#include <nsview/hold.h>
#include <nsview/who.h>

struct advice {
	const struct graph *g;
	const struct ns *ns;
	const struct reference *at; /* those of one kind */
	size_t n;
	struct buffer *out;
};

/* A path may hold a newline: a NUL it cannot. */
static void end(struct advice *a)
{
	buffer_char(a->out, '\0');
}

enum { NAMED = 5 /* of one kind; the rest is like these */ };

static void say_pid(struct advice *a, const struct process *p)
{
	buffer_printf(a->out, "pid %d", (int)p->pid);
}

/* Its parent, if that was read. */
static void say_collect(struct advice *a, const struct process *p)
{
	buffer_text(a->out, "let the parent of ");
	say_pid(a, p);
	if (p->facts && fact_is_known(p->facts->ppid.fact))
		buffer_printf(a->out, ", pid %d,", (int)p->facts->ppid.num);
	buffer_text(a->out, " take its exit status, or end that parent");
}

/* All members of a pid namespace end with its first process. */
static const struct process *init_of(const struct advice *a)
{
	const struct process *p = a->ns->type == NS_PID ? a->ns->lead : NULL;
	const struct process_facts *f = p ? p->facts : NULL;

	if (!f || !fact_is_known(f->nspid_fact) || !f->nspid_count || p->zombie)
		return NULL;
	return f->nspid[f->nspid_count - 1] == 1 ? p : NULL;
}

static void say_members(struct advice *a)
{
	const struct process *init = init_of(a);

	if (init && a->n > 1) {
		buffer_text(a->out, "end ");
		say_pid(a, init);
		buffer_text(a->out, ", its init: all others in it end with that");
		end(a);
		return;
	}
	if (a->n > NAMED) {
		buffer_printf(a->out, "end its %zu processes: nsview ps -a %s:%llu", a->n,
			      ns_types[a->ns->type].name, (unsigned long long)a->ns->ino);
		end(a);
		return;
	}
	for (size_t i = 0; i < a->n; i++) {
		if (a->at[i].process->zombie) {
			say_collect(a, a->at[i].process);
		} else {
			buffer_text(a->out, "end ");
			say_pid(a, a->at[i].process);
		}
		end(a);
	}
}

static void say_thread(struct advice *a, const struct reference *ref)
{
	buffer_text(a->out, "end ");
	say_pid(a, ref->process);
	buffer_printf(a->out, ", whose thread %d is in it", (int)ref->tid);
}

static void say_for_children(struct advice *a, const struct reference *ref)
{
	buffer_text(a->out, "end ");
	say_pid(a, ref->process);
	buffer_text(a->out, ", whose children would be born into it");
}

static bool is_plain(const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "/._-+@%:,=";

	return *text == '/' && !text[strspn(text, plain)];
}

static bool is_named(const struct advice *a, const struct holder *h)
{
	const char *name = ns_netns_name(a->ns);
	size_t len = strlen(h->path);

	return name && h->mnt == a->g->self[NS_MNT] && len > strlen(name) &&
	       strncmp(h->path, "/run/netns/", strlen("/run/netns/")) == 0 &&
	       strcmp(h->path + len - strlen(name), name) == 0;
}

static void say_mount(struct advice *a, const struct reference *ref)
{
	const struct holder *h = ref->holder;
	bool own = !h->mnt || h->mnt == a->g->self[NS_MNT];

	if (own && is_plain(h->path) && is_named(a, h))
		buffer_printf(a->out, "ip netns delete %s", h->path + strlen("/run/netns/"));
	else if (own && is_plain(h->path))
		buffer_printf(a->out, "umount %s", h->path);
	else if (!own && h->process && is_plain(h->path))
		buffer_printf(a->out, "nsenter --target %d --mount umount %s", (int)h->process->pid,
			      h->path);
	else if (own)
		buffer_printf(a->out, "unmount %s", h->path);
	else
		buffer_printf(a->out, "unmount %s in mnt:[%llu], or release that: nsview who %llu",
			      h->path, (unsigned long long)h->mnt->ino,
			      (unsigned long long)h->mnt->ino);
}

static void say_memory(struct advice *a, const struct reference *ref)
{
	buffer_text(a->out, "end ");
	say_pid(a, ref->process);
	buffer_text(a->out, ", or have it detach the shared memory (ipcs -m -p)");
}

static void say_descriptor(struct advice *a, const struct reference *ref)
{
	const struct holder *h = ref->holder;

	if (h->reason == REASON_ORPHAN) {
		buffer_text(a->out, "wait until the kernel gives up the connection");
		return;
	}
	buffer_text(a->out, "end ");
	say_pid(a, ref->process);
	if (h->reason == REASON_IO_URING)
		buffer_printf(a->out, ", or have it unregister the file from its io_uring, fd %d",
			      h->fd);
	else if (ref->tid)
		buffer_printf(a->out, ", or close fd %d of its thread %d", h->fd, (int)ref->tid);
	else
		buffer_printf(a->out, ", or close its fd %d", h->fd);
}

static void say_queue(struct advice *a, const struct reference *ref)
{
	buffer_text(a->out, "let ");
	say_pid(a, ref->process);
	buffer_printf(a->out, " receive what waits at its fd %d, or end it", ref->holder->fd);
}

static void say_needing(struct advice *a, const char *how, const char *column)
{
	if (a->n == 1)
		buffer_printf(a->out, "first release %s:[%llu], %s: nsview who %llu",
			      ns_types[a->at->ns->type].name, (unsigned long long)a->at->ns->ino,
			      how, (unsigned long long)a->at->ns->ino);
	else
		buffer_printf(a->out,
			      "first release the %zu namespaces %s: "
			      "nsview ls -Q '%s == %llu'",
			      a->n, how, column, (unsigned long long)a->ns->ino);
	end(a);
}

static void say_owned(struct advice *a)
{
	say_needing(a, "that it owns", "ons");
}

static void say_subs(struct advice *a)
{
	say_needing(a, "whose parent it is", "pns");
}

/* Either all references of the kind at once, or one after the other. */
static const struct {
	void (*all)(struct advice *a);
	void (*one)(struct advice *a, const struct reference *ref);
} table[HOLDER_KINDS] = {
	[HOLD_PROC] = { say_members, NULL },	      [HOLD_THREAD] = { NULL, say_thread },
	[HOLD_CHILDREN] = { NULL, say_for_children }, [HOLD_MOUNT] = { NULL, say_mount },
	[HOLD_MEMORY] = { NULL, say_memory },	      [HOLD_FD] = { NULL, say_descriptor },
	[HOLD_SOCKET] = { NULL, say_descriptor },     [HOLD_INFLIGHT] = { NULL, say_queue },
	[HOLD_OWNER] = { say_owned, NULL },	      [HOLD_PARENT] = { say_subs, NULL },
};

/* A holder that the kernel source found need not have a process or a path. */
static bool can_be_told(const struct reference *ref)
{
	if (ref->kind == HOLD_OWNER || ref->kind == HOLD_PARENT)
		return true;
	if (ref->holder && ref->holder->reason == REASON_ORPHAN)
		return true;
	return ref->kind == HOLD_MOUNT ? ref->holder && ref->holder->path : ref->process != NULL;
}

static void say_each(struct advice *a, void (*one)(struct advice *a, const struct reference *ref))
{
	for (size_t i = 0; i < a->n && i < NAMED; i++) {
		if (!can_be_told(&a->at[i]))
			continue;
		one(a, &a->at[i]);
		end(a);
	}
	if (a->n <= NAMED)
		return;
	buffer_printf(a->out, "and %zu more of kind %s in the same way", a->n - NAMED,
		      holder_names[a->at->kind]);
	end(a);
}

void release_advice(const struct graph *g, const struct ns *ns, const struct reference_list *list,
		    struct buffer *out)
{
	if (ns->initial) {
		buffer_text(out, "it cannot be: it is the kernel's own");
		buffer_char(out, '\0');
		return;
	}
	for (size_t i = 0, end; i < list->n; i = end) {
		struct advice a = { g, ns, &list->at[i], 0, out };

		for (end = i; end < list->n && list->at[end].kind == list->at[i].kind; end++)
			a.n++;
		if (table[a.at->kind].all)
			table[a.at->kind].all(&a);
		else if (table[a.at->kind].one)
			say_each(&a, table[a.at->kind].one);
	}
}

bool advice_next(struct span *rest, struct span *out_sentence)
{
	const char *stop = rest->len ? memchr(rest->data, '\0', rest->len) : NULL;

	if (!stop)
		return false;
	*out_sentence = (struct span){ rest->data, (size_t)(stop - rest->data) };
	rest->len -= out_sentence->len + 1;
	rest->data = stop + 1;
	return true;
}
