/* SPDX-License-Identifier: MIT */
/*
 * All sockets of a namespace, by sock_diag(7). What the namespace has none of, by
 * /proc/net/protocols, is not asked for: the kernel would load a module to answer. Raw sockets
 * come from /proc/net/raw where sock_diag has none; what cannot be listed is counted as missing.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/inet_diag.h>
#include <linux/packet_diag.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <linux/vm_sockets_diag.h>
#include <netinet/in.h>

#include "parse.h"
#include "read.h"
#include "uapi.h"

/* States 1 to 12, as ss -a has them; later kernels have one more, of sockets that only are bound.
 */
enum { ALL_STATES = 0x1ffe, SOCKETS_MAX = 2000000, LINE_ROOM = 128 };

/* A question: sockets of one protocol and family. */
struct diag_spec {
	enum net_proto proto;
	uint8_t family;
	uint16_t protocol;    /* IPPROTO_* */
	const char *names[2]; /* in /proc/net/protocols */
	const char *file;     /* which lists them too; NULL */
};

static const struct diag_spec specs[] = {
	{ NET_PROTO_TCP, AF_INET, IPPROTO_TCP, { "TCP" }, NULL },
	{ NET_PROTO_TCP, AF_INET6, IPPROTO_TCP, { "TCPv6" }, NULL },
	{ NET_PROTO_UDP, AF_INET, IPPROTO_UDP, { "UDP" }, NULL },
	{ NET_PROTO_UDP, AF_INET6, IPPROTO_UDP, { "UDPv6" }, NULL },
	{ NET_PROTO_UDPLITE, AF_INET, IPPROTO_UDPLITE, { "UDP-Lite" }, NULL },
	{ NET_PROTO_UDPLITE, AF_INET6, IPPROTO_UDPLITE, { "UDPLITEv6" }, NULL },
	{ NET_PROTO_SCTP, AF_INET, IPPROTO_SCTP, { "SCTP" }, NULL },
	{ NET_PROTO_SCTP, AF_INET6, IPPROTO_SCTP, { "SCTPv6" }, NULL },
	{ NET_PROTO_DCCP, AF_INET, IPPROTO_DCCP, { "DCCP" }, NULL },
	{ NET_PROTO_DCCP, AF_INET6, IPPROTO_DCCP, { "DCCPv6" }, NULL },
	{ NET_PROTO_MPTCP, AF_INET, IPPROTO_MPTCP, { "MPTCP" }, NULL },
	{ NET_PROTO_MPTCP, AF_INET6, IPPROTO_MPTCP, { "MPTCPv6" }, NULL },
	{ NET_PROTO_RAW, AF_INET, IPPROTO_RAW, { "RAW" }, "thread-self/net/raw" },
	{ NET_PROTO_RAW, AF_INET6, IPPROTO_RAW, { "RAWv6" }, "thread-self/net/raw6" },
	{ NET_PROTO_PACKET, AF_PACKET, 0, { "PACKET" }, NULL },
	{ NET_PROTO_UNIX, AF_UNIX, 0, { "UNIX", "UNIX-STREAM" }, NULL },
	{ NET_PROTO_VSOCK, AF_VSOCK, 0, { "AF_VSOCK" }, NULL },
};

struct look {
	struct net_ns *net;
	const struct diag_spec *spec;
	struct vec sockets;
	size_t before; /* those of earlier questions */
	struct buffer absent;
};

static int text_of(const struct inside *in, const char *name, struct span *out)
{
	return texts_find((struct span){ in->texts.data, in->texts.len }, name, out);
}

/* As a string, cut where it is too long for a line of these files. */
static const char *line_str(struct span line, char out[LINE_ROOM])
{
	size_t len = line.len < LINE_ROOM ? line.len : LINE_ROOM - 1;

	memcpy(out, line.data, len);
	out[len] = '\0';
	return out;
}

/* How many there are in the namespace: "NAME SIZE SOCKETS ..." a line. -1: it does not tell. */
static long count_of(struct span text, const char *name)
{
	struct span line;
	size_t len = strlen(name);

	while (proc_line_next(&text, &line)) {
		char copy[LINE_ROOM];
		long size, count;

		if (line.len <= len || memcmp(line.data, name, len) != 0 || line.data[len] != ' ')
			continue;
		line_str(line, copy);
		/* NOLINTNEXTLINE(cert-err34-c): the kernel writes these numbers */
		return sscanf(copy + len, "%ld %ld", &size, &count) == 2 ? count : -1;
	}
	return 0;
}

/* Connections in TIME_WAIT, of which no protocol's line knows. "TCP: inuse 5 orphan 0 tw 3 ..." */
static bool has_waiting(const struct inside *in)
{
	struct span text, line;
	long waiting;

	if (text_of(in, "thread-self/net/sockstat", &text) < 0)
		return true;
	while (proc_line_next(&text, &line)) {
		char copy[LINE_ROOM];

		/* NOLINTNEXTLINE(cert-err34-c): the kernel writes these numbers */
		if (sscanf(line_str(line, copy), "TCP: inuse %*d orphan %*d tw %ld", &waiting) == 1)
			return waiting != 0;
	}
	return true;
}

/* The kernel goes through the whole host's table to list one namespace's TCP: not for nothing. */
static bool is_there(const struct inside *in, const struct diag_spec *spec)
{
	struct span text;

	if (text_of(in, "thread-self/net/protocols", &text) < 0)
		/* Not known; the exotic ones are not worth a module. */
		return spec->proto <= NET_PROTO_UDP || spec->proto == NET_PROTO_UNIX;
	if (spec->proto == NET_PROTO_TCP && has_waiting(in))
		return true;
	for (size_t i = 0; i < 2 && spec->names[i]; i++)
		if (count_of(text, spec->names[i]) != 0)
			return true;
	return false;
}

static void ask_inet(struct nl_request *r, const struct diag_spec *spec)
{
	struct inet_diag_req_v2 *req = nl_begin(r, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, sizeof(*req));

	req->sdiag_family = spec->family;
	/* One byte is too little for the newest; they come as an attribute. */
	req->sdiag_protocol = spec->protocol > UINT8_MAX ? IPPROTO_TCP : (uint8_t)spec->protocol;
	req->idiag_states = ALL_STATES;
	if (spec->protocol > UINT8_MAX)
		nl_put_u32(r, UAPI_INET_DIAG_REQ_PROTOCOL, spec->protocol);
}

static void ask(struct nl_request *r, const struct diag_spec *spec)
{
	struct unix_diag_req *local;
	struct packet_diag_req *packet;
	struct vsock_diag_req *vsock;

	switch (spec->family) {
	case AF_UNIX:
		local = nl_begin(r, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, sizeof(*local));
		local->sdiag_family = AF_UNIX;
		local->udiag_states = ALL_STATES;
		local->udiag_show =
			UDIAG_SHOW_NAME | UDIAG_SHOW_PEER | UDIAG_SHOW_RQLEN | UDIAG_SHOW_UID;
		break;
	case AF_PACKET:
		packet = nl_begin(r, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, sizeof(*packet));
		packet->sdiag_family = AF_PACKET;
		packet->pdiag_show = PACKET_SHOW_INFO;
		break;
	case AF_VSOCK:
		vsock = nl_begin(r, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, sizeof(*vsock));
		vsock->sdiag_family = AF_VSOCK;
		vsock->vdiag_states = ALL_STATES;
		break;
	default:
		ask_inet(r, spec);
	}
}

static int take_socket(const struct nlmsghdr *nlh, void *ctx)
{
	struct look *l = ctx;
	struct net_socket socket;
	int ret;

	if (l->sockets.n >= SOCKETS_MAX)
		return -E2BIG;
	switch (l->spec->family) {
	case AF_UNIX:
		ret = unix_diag_parse(nlh, &l->net->arena, &socket);
		break;
	case AF_PACKET:
		ret = packet_diag_parse(nlh, &socket);
		break;
	case AF_VSOCK:
		ret = vsock_diag_parse(nlh, &socket);
		break;
	default:
		ret = inet_diag_parse(nlh, l->spec->proto, &socket);
	}
	if (ret == 0) {
		socket.net = l->net;
		*(struct net_socket *)vec_add(&l->sockets) = socket;
	}
	return ret == -ENOENT ? 0 : ret;
}

static void forget_sockets(void *ctx)
{
	struct look *l = ctx;

	l->sockets.n = l->before;
}

/* A kernel without that kind in sock_diag may have the file. */
static int read_file(struct look *l, const struct inside *in)
{
	struct span text, line;

	if (!l->spec->file || text_of(in, l->spec->file, &text) < 0)
		return -EOPNOTSUPP;
	while (proc_line_next(&text, &line)) {
		struct net_socket socket;

		if (raw_line_parse(line, l->spec->family, &socket) < 0)
			continue;
		socket.net = l->net;
		*(struct net_socket *)vec_add(&l->sockets) = socket;
	}
	return 0;
}

static void note_absent(struct look *l, struct net_known *known)
{
	const char *name = net_proto_names[l->spec->proto];

	known->missing++;
	if (strstr(buffer_str(&l->absent), name))
		return;
	buffer_text(&l->absent, l->absent.len ? ", " : "this kernel does not list sockets of: ");
	buffer_text(&l->absent, name);
}

static void ask_all(struct look *l, struct inside *in, struct net_known *known)
{
	known->fact = fact_known();
	for (size_t i = 0; i < sizeof(specs) / sizeof(specs[0]); i++) {
		struct net_known one = { 0 };
		struct nl_request request;

		if (!is_there(in, &specs[i]))
			continue;
		l->spec = &specs[i];
		l->before = l->sockets.n;
		ask(&request, l->spec);
		nl_dump(&in->conn[INSIDE_DIAG], &request, take_socket, forget_sockets, l,
			&l->net->arena, &one);
		known->torn = known->torn || one.torn;
		known->missing += one.missing;
		if (one.fact.error == -ETIMEDOUT) {
			*known = one;
			return;
		}
		if (!fact_is_known(one.fact) && read_file(l, in) < 0)
			note_absent(l, known);
	}
}

void sockets_read(struct net_ns *net, struct inside *in)
{
	struct look l = { .net = net, .sockets = VEC(struct net_socket) };
	struct net_known *known = &net->parts[NET_PART_SOCKETS];

	if (in->error[INSIDE_DIAG]) {
		known_fail(known, in->error[INSIDE_DIAG], NULL, &net->arena);
		return;
	}
	ask_all(&l, in, known);
	if (fact_is_known(known->fact)) {
		net->sockets = vec_keep(&l.sockets, &net->arena);
		net->nsockets = l.sockets.n;
		if (l.absent.len)
			known->why = arena_copy(&net->arena, l.absent.data, l.absent.len);
	}
	buffer_release(&l.absent);
	vec_release(&l.sockets);
}
