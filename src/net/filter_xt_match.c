/* SPDX-License-Identifier: MIT */
/*
 * Conditions of xtables (linux/netfilter/xt_*.h) that container engines and people use, from their
 * structures. What is in a structure beyond what is decoded makes the rule unsound.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter/xt_addrtype.h>
#include <linux/netfilter/xt_comment.h>
#include <linux/netfilter/xt_conntrack.h>
#include <linux/netfilter/xt_iprange.h>
#include <linux/netfilter/xt_mark.h>
#include <linux/netfilter/xt_multiport.h>
#include <linux/netfilter/xt_state.h>
#include <linux/netfilter/xt_tcpudp.h>

#include "filter_xt.h"

enum { RANGE_MAX_PORTS = 15 };

static struct reg field_reg(const struct build *b, enum net_field field, uint8_t len)
{
	struct reg r = { .field = field, .len = len, .family = b->family };

	memset(r.mask, 0xff, len);
	return r;
}

static void put_port(uint8_t *bytes, uint16_t port)
{
	bytes[0] = (uint8_t)(port >> 8);
	bytes[1] = (uint8_t)port;
}

/* One range; all of them is no condition. */
static bool port_range(struct build *b, enum net_field field, const uint16_t ports[2], bool invert)
{
	struct reg r = field_reg(b, field, 2);
	struct net_interval *in;
	struct net_match *m;

	if (ports[0] == 0 && ports[1] == UINT16_MAX && !invert)
		return true;
	m = match_begin(b, &r, invert);
	if (!m)
		return false;
	in = arena_alloc(b->arena, sizeof(*in));
	put_port(in->first, ports[0]);
	put_port(in->last, ports[1]);
	m->in = in;
	m->nin = 1;
	match_end(b, m);
	return true;
}

/* Of the flags that are looked at, just those are set. */
static bool tcp_flags(struct build *b, const struct xt_tcp *tcp)
{
	struct reg r = { .field = NET_FIELD_TCP_FLAGS, .len = 1, .mask = { tcp->flg_mask } };
	struct net_interval *in;
	struct net_match *m;

	if (!tcp->flg_mask)
		return true;
	m = match_begin(b, &r, tcp->invflags & XT_TCP_INV_FLAGS);
	if (!m)
		return false;
	in = arena_alloc(b->arena, sizeof(*in));
	in->first[0] = in->last[0] = tcp->flg_cmp;
	m->in = in;
	m->nin = 1;
	match_end(b, m);
	return true;
}

static bool xt_tcp(struct build *b, const void *info)
{
	struct xt_tcp tcp;

	memcpy(&tcp, info, sizeof(tcp));
	return port_range(b, NET_FIELD_SPORT, tcp.spts, tcp.invflags & XT_TCP_INV_SRCPT) &&
	       port_range(b, NET_FIELD_DPORT, tcp.dpts, tcp.invflags & XT_TCP_INV_DSTPT) &&
	       !tcp.option && !(tcp.invflags & XT_TCP_INV_OPTION) && tcp_flags(b, &tcp);
}

static bool xt_udp(struct build *b, const void *info)
{
	struct xt_udp udp;

	memcpy(&udp, info, sizeof(udp));
	return port_range(b, NET_FIELD_SPORT, udp.spts, udp.invflags & XT_UDP_INV_SRCPT) &&
	       port_range(b, NET_FIELD_DPORT, udp.dpts, udp.invflags & XT_UDP_INV_DSTPT);
}

static bool xt_multiport(struct build *b, const void *info)
{
	struct xt_multiport_v1 multi;
	struct reg r;
	struct net_interval *in;
	struct net_match *m;

	memcpy(&multi, info, sizeof(multi));
	if (multi.flags > XT_MULTIPORT_DESTINATION || multi.count > RANGE_MAX_PORTS)
		return false;
	r = field_reg(b, multi.flags == XT_MULTIPORT_SOURCE ? NET_FIELD_SPORT : NET_FIELD_DPORT, 2);
	m = match_begin(b, &r, multi.invert);
	if (!m)
		return false;
	in = arena_alloc(b->arena, RANGE_MAX_PORTS * sizeof(*in));
	for (uint8_t i = 0; i < multi.count; i++) {
		bool range = multi.pflags[i] && i + 1 < multi.count;

		put_port(in[m->nin].first, multi.ports[i]);
		put_port(in[m->nin].last, multi.ports[i + range]);
		m->nin++;
		i = (uint8_t)(i + range);
	}
	m->in = in;
	match_end(b, m);
	return true;
}

/* The condition that (field & mask) has some bit: not none of them. */
static bool some_bit(struct build *b, enum net_field field, uint32_t mask, bool invert)
{
	struct reg r = field_reg(b, field, 4);
	uint32_t raw = htonl(mask);
	struct net_match *m;

	memcpy(r.mask, &raw, sizeof(raw));
	m = match_begin(b, &r, !invert);
	if (!m)
		return false;
	m->in = arena_alloc(b->arena, sizeof(struct net_interval));
	m->nin = 1;
	match_end(b, m);
	return true;
}

static bool conntrack(struct build *b, uint16_t flags, uint16_t inverted, uint16_t states)
{
	const uint32_t known = NET_CT_INVALID | NET_CT_ESTABLISHED | NET_CT_RELATED | NET_CT_NEW;

	if ((flags & ~XT_CONNTRACK_STATE_ALIAS) != XT_CONNTRACK_STATE || (states & ~known))
		return false;
	return some_bit(b, NET_FIELD_CT_STATE, states, inverted & XT_CONNTRACK_STATE);
}

static bool xt_conntrack3(struct build *b, const void *info)
{
	struct xt_conntrack_mtinfo3 ct;

	memcpy(&ct, info, sizeof(ct));
	return conntrack(b, ct.match_flags, ct.invert_flags, ct.state_mask);
}

static bool xt_conntrack2(struct build *b, const void *info)
{
	struct xt_conntrack_mtinfo2 ct;

	memcpy(&ct, info, sizeof(ct));
	return conntrack(b, ct.match_flags, ct.invert_flags, ct.state_mask);
}

static bool xt_conntrack1(struct build *b, const void *info)
{
	struct xt_conntrack_mtinfo1 ct;

	memcpy(&ct, info, sizeof(ct));
	return conntrack(b, ct.match_flags, ct.invert_flags, ct.state_mask);
}

static bool xt_state(struct build *b, const void *info)
{
	struct xt_state_info state;

	memcpy(&state, info, sizeof(state));
	return state.statemask <= UINT16_MAX &&
	       conntrack(b, XT_CONNTRACK_STATE, 0, (uint16_t)state.statemask);
}

/* The condition that (field & mask) lies between two values. */
static bool between(struct build *b, const struct reg *r, const void *first, const void *last,
		    bool invert)
{
	struct net_match *m = match_begin(b, r, invert);
	struct net_interval *in;

	if (!m)
		return false;
	in = arena_alloc(b->arena, sizeof(*in));
	memcpy(in->first, first, r->len);
	memcpy(in->last, last, r->len);
	m->in = in;
	m->nin = 1;
	match_end(b, m);
	return true;
}

static bool xt_mark(struct build *b, const void *info)
{
	struct reg r = field_reg(b, NET_FIELD_MARK, 4);
	struct xt_mark_mtinfo1 mark;
	uint32_t value, mask;

	memcpy(&mark, info, sizeof(mark));
	mask = htonl(mark.mask);
	value = htonl(mark.mark);
	memcpy(r.mask, &mask, sizeof(mask));
	return between(b, &r, &value, &value, mark.invert);
}

static bool xt_iprange(struct build *b, const void *info)
{
	uint8_t len = b->family == AF_INET6 ? 16 : 4;
	struct reg src = field_reg(b, NET_FIELD_SADDR, len);
	struct reg dst = field_reg(b, NET_FIELD_DADDR, len);
	struct xt_iprange_mtinfo range;

	memcpy(&range, info, sizeof(range));
	if (!b->family)
		return false;
	if ((range.flags & IPRANGE_SRC) &&
	    !between(b, &src, &range.src_min, &range.src_max, range.flags & IPRANGE_SRC_INV))
		return false;
	return !(range.flags & IPRANGE_DST) ||
	       between(b, &dst, &range.dst_min, &range.dst_max, range.flags & IPRANGE_DST_INV);
}

static bool xt_comment(struct build *b, const void *info)
{
	const char *text = info;

	build_word(b, "comment \"");
	buffer_append(&b->text, text, strnlen(text, sizeof(struct xt_comment_info)));
	buffer_char(&b->text, '"');
	return true;
}

static bool xt_addrtype(struct build *b, const void *info)
{
	struct xt_addrtype_info_v1 type;
	struct reg r = field_reg(b, NET_FIELD_FIB_TYPE_DST, 4);
	struct net_interval *in;
	struct net_match *m;

	memcpy(&type, info, sizeof(type));
	if (type.source || (type.flags & ~(uint32_t)XT_ADDRTYPE_INVERT_DEST))
		return false;
	m = match_begin(b, &r, type.flags & XT_ADDRTYPE_INVERT_DEST);
	if (!m)
		return false;
	in = arena_alloc(b->arena, 16 * sizeof(*in));
	for (uint8_t i = 0; i < 16; i++)
		if (type.dest >> i & 1) {
			in[m->nin].first[3] = in[m->nin].last[3] = i;
			m->nin++;
		}
	m->in = in;
	match_end(b, m);
	return true;
}

const struct xt_extension xt_matches[] = {
	{ "comment", 0, sizeof(struct xt_comment_info), xt_comment },
	{ "tcp", 0, sizeof(struct xt_tcp), xt_tcp },
	{ "udp", 0, sizeof(struct xt_udp), xt_udp },
	{ "multiport", 1, sizeof(struct xt_multiport_v1), xt_multiport },
	{ "conntrack", 3, sizeof(struct xt_conntrack_mtinfo3), xt_conntrack3 },
	{ "conntrack", 2, sizeof(struct xt_conntrack_mtinfo2), xt_conntrack2 },
	{ "conntrack", 1, sizeof(struct xt_conntrack_mtinfo1), xt_conntrack1 },
	{ "state", 0, sizeof(struct xt_state_info), xt_state },
	{ "mark", 1, sizeof(struct xt_mark_mtinfo1), xt_mark },
	{ "iprange", 1, sizeof(struct xt_iprange_mtinfo), xt_iprange },
	{ "addrtype", 1, sizeof(struct xt_addrtype_info_v1), xt_addrtype },
	{ NULL, 0, 0, NULL },
};
