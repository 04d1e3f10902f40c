/* SPDX-License-Identifier: MIT */
/*
 * Joins sockets to the processes that have them open, by inode number, and tun devices to theirs.
 * A socket of one namespace may be held by a process that lives in another: then the namespace
 * where the process lives lists it as being away.
 */
#include <stdlib.h>
#include <string.h>

#include "index.h"

static const struct scan_fd *first_with(const struct net_index *index, uint64_t inode)
{
	size_t low = 0, high = index->nfds;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (index->fds[mid].inode < inode)
			low = mid + 1;
		else
			high = mid;
	}
	return low < index->nfds && index->fds[low].inode == inode ? &index->fds[low] : NULL;
}

static const struct net_holder *holders_of(struct net *net, const struct net_socket *socket)
{
	const struct scan_fd *fd = socket->inode ? first_with(net->index, socket->inode) : NULL;
	const struct scan_fd *end = net->index->fds + net->index->nfds;
	const struct net_holder *first = NULL, **at = &first;

	for (; fd && fd < end && fd->inode == socket->inode; fd++) {
		struct net_holder *holder = arena_alloc(&net->arena, sizeof(*holder));

		*holder = (struct net_holder){ NULL, fd->process, fd->tid, fd->fd };
		*at = holder;
		at = &holder->next;
	}
	return first;
}

static void add_away(struct net_ns *home, struct net_socket *socket, struct vec *away)
{
	struct vec *list = &away[home->at];

	list->size = sizeof(struct net_socket *);
	/* Several processes of one namespace may have it. */
	if (list->n && ((struct net_socket **)list->at)[list->n - 1] == socket)
		return;
	*(struct net_socket **)vec_add(list) = socket;
}

static void note_away(struct net *net, struct net_socket *socket, struct vec *away)
{
	for (const struct net_holder *h = socket->holders; h; h = h->next) {
		struct net_ns *home = net_of_process(net, h->process);

		if (home && home != socket->net)
			add_away(home, socket, away);
	}
}

static void read_fds(struct net *net)
{
	struct net_known *known = &net->sockets_held;
	size_t unread = 0;
	int ret = scan_sockets(net->scan, net->graph, &net->arena, &net->index->fds,
			       &net->index->nfds, &unread);

	net->index->holders = true;
	if (ret < 0) {
		known_fail(known, ret, NULL, &net->arena);
		return;
	}
	*known = (struct net_known){ .fact = fact_known(), .missing = (uint32_t)unread };
	if (unread)
		known->why = "descriptors of some processes could not be listed: "
			     "CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH would show them";
}

void holders_find(struct net *net)
{
	if (!net->index->holders)
		read_fds(net);
}

void holders_join(struct net *net)
{
	struct vec *away = calloc(net->n + 1, sizeof(*away));

	if (!away)
		die("out of memory");
	for (size_t i = 0; i < net->n; i++)
		for (size_t k = 0; k < net->list[i]->nsockets; k++) {
			struct net_socket *socket = &net->list[i]->sockets[k];

			if (!socket->holders)
				socket->holders = holders_of(net, socket);
			note_away(net, socket, away);
		}
	for (size_t i = 0; i < net->n; i++) {
		net->list[i]->away = vec_keep(&away[i], &net->arena);
		net->list[i]->naway = away[i].n;
		vec_release(&away[i]);
	}
	free(away);
}

static bool holds_tun(const struct scan_fd *fd, const struct net_link *link)
{
	const struct ns *ns = link->net->ns;

	if (!fd->tun || strcmp(fd->tun, link->name) != 0 || !ns)
		return false;
	/* Without the kernel's word its own namespace is the likely one. */
	if (!fd->tun_ns)
		return fd->process->set->ns[NS_NET] == ns;
	return fd->tun_ns == ns->ino;
}

const struct scan_fd *tun_holder(const struct net *net, const struct net_link *link,
				 const struct scan_fd *prev)
{
	const struct net_index *index = net->index;
	const struct scan_fd *end = index ? index->fds + index->nfds : NULL;

	if (!index || !index->nfds)
		return NULL;
	/* Those of devices come first, having no inode number. */
	for (const struct scan_fd *fd = prev ? prev + 1 : index->fds; fd < end && !fd->inode; fd++)
		if (holds_tun(fd, link))
			return fd;
	return NULL;
}
