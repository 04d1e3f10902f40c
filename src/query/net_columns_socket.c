/* SPDX-License-Identifier: MIT */
/*
 * The columns of `nsview net --listen` and `--sockets`.
 * Text comes from the kernel but is chosen by anybody; it is escaped where it is shown.
 */
#include <errno.h>
#include <string.h>

#include "net_columns.h"

static const struct net_socket *socket_of(const struct row *row)
{
	return row->item;
}

static void get_proto(const struct row *row, struct value *out)
{
	value_set_str(out, net_proto_names[socket_of(row)->proto]);
}

static void get_state(const struct row *row, struct value *out)
{
	value_set_str(out, net_socket_state_names[socket_of(row)->state]);
}

/* "10.0.0.1:80", "[::1]:80", "*:80" */
static void put_end(struct buffer *text, const struct net_ip *ip, uint32_t port, bool any)
{
	char at[NET_IP_TEXT];

	if (any || !ip->family)
		buffer_char(text, '*');
	else
		buffer_printf(text, ip->family == AF_INET6 ? "[%s]" : "%s", net_ip_text(ip, at));
	if (port)
		buffer_printf(text, ":%u", port);
	else
		buffer_text(text, ":*");
}

/* An abstract name starts with a NUL, which ss(8) shows as "@". */
static void put_path(struct buffer *text, const struct net_socket *socket)
{
	size_t start = text->len;

	buffer_append(text, socket->path, socket->path_len);
	if (socket->path_len && !socket->path[0])
		text->data[start] = '@';
}

static void get_local(const struct row *row, struct value *out)
{
	const struct net_socket *socket = socket_of(row);
	struct buffer *text = value_scratch(out);

	if (socket->path)
		put_path(text, socket);
	else if (socket->family == AF_INET || socket->family == AF_INET6)
		put_end(text, &socket->local, socket->lport, socket->wildcard);
	else if (socket->family == AF_VSOCK)
		buffer_printf(text, "%u:%u", socket->lcid, socket->lport);
	if (text->len)
		value_set_scratch(out);
	else
		value_set_fact(out, fact_none());
}

static void get_remote(const struct row *row, struct value *out)
{
	const struct net_socket *socket = socket_of(row);
	struct buffer *text = value_scratch(out);

	if (socket->remote.family && socket->rport)
		put_end(text, &socket->remote, socket->rport, false);
	else if (socket->family == AF_VSOCK && socket->rport)
		buffer_printf(text, "%u:%u", socket->rcid, socket->rport);
	if (text->len)
		value_set_scratch(out);
	else
		value_set_fact(out, fact_none());
}

static void get_port(const struct row *row, struct value *out)
{
	if (socket_of(row)->lport)
		value_set_uint(out, socket_of(row)->lport);
	else
		value_set_fact(out, fact_none());
}

/* Whoever has it open may be one of those whose descriptors could not be listed. */
static struct fact why_nobody(const struct net_socket *socket)
{
	const struct net_known *seen = socket->net ? &socket->net->all->sockets_held : NULL;

	if (!seen || !socket->inode)
		return fact_none();
	if (!fact_is_known(seen->fact))
		return seen->fact;
	return seen->missing ? fact_from_error(-EACCES) : fact_none();
}

static void get_pid(const struct row *row, struct value *out)
{
	const struct net_holder *holder = socket_of(row)->holders;

	if (holder)
		value_set_uint(out, (uint64_t)holder->process->pid);
	else
		value_set_fact(out, why_nobody(socket_of(row)));
}

/* "nginx(4123) nginx(4124)" */
static void get_holders(const struct row *row, struct value *out)
{
	struct buffer *text = value_scratch(out);
	const struct process *before = NULL;

	for (const struct net_holder *h = socket_of(row)->holders; h; h = h->next) {
		const struct process_facts *facts = h->process->facts;

		if (h->process == before)
			continue;
		before = h->process;
		if (text->len)
			buffer_char(text, ' ');
		if (facts && fact_is_known(facts->comm.fact))
			buffer_append(text, facts->comm.data, facts->comm.len);
		buffer_printf(text, "(%d)", (int)h->process->pid);
	}
	if (text->len)
		value_set_scratch(out);
	else
		value_set_fact(out, why_nobody(socket_of(row)));
}

static void get_inode(const struct row *row, struct value *out)
{
	if (socket_of(row)->inode)
		value_set_uint(out, socket_of(row)->inode);
	else
		value_set_fact(out, fact_none());
}

static void get_uid(const struct row *row, struct value *out)
{
	if (socket_of(row)->uid_known)
		value_set_uint(out, socket_of(row)->uid);
	else
		value_set_fact(out, fact_none());
}

static const struct column sockets[] = {
	NET_PLACE_COLUMNS,
	{ "PROTO", "proto", VALUE_TEXT, false, false, 0, get_proto, NULL,
	  "tcp, udp, unix, packet, raw ..." },
	{ "STATE", "state", VALUE_TEXT, false, false, 0, get_state, NULL, "LISTEN, ESTAB ..." },
	{ "LOCAL", "local", VALUE_TEXT, false, false, 0, get_local, NULL,
	  "its own address and port, or path" },
	{ "REMOTE", "remote", VALUE_TEXT, false, false, 0, get_remote, NULL,
	  "the other end's address and port" },
	{ "PORT", "port", VALUE_UINT, true, false, 0, get_port, NULL, "its own port" },
	{ "PID", "pid", VALUE_UINT, true, false, 0, get_pid, NULL, "a process that has it open" },
	{ "HOLDERS", "holders", VALUE_TEXT, false, true, NEED_COMM, get_holders, NULL,
	  "all processes that have it open" },
	{ "INODE", "inode", VALUE_UINT, true, false, 0, get_inode, NULL, "socket:[INODE]" },
	{ "UID", "uid", VALUE_UINT, true, false, 0, get_uid, NULL, "whose it is" },
	{ .heading = NULL },
};
const struct column_table socket_columns = { "net --sockets", sockets,
					     "NS,PROTO,STATE,LOCAL,REMOTE,HOLDERS,WHO" };
