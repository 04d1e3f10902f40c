/* SPDX-License-Identifier: MIT */
/*
 * Netlink messages as bytes: putting a request together, taking a reply apart. Pure: knows no
 * socket. Believes no length before it has been compared with what is there.
 */
#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <nsview/grow.h>

#include "netlink.h"

void *nl_begin(struct nl_request *r, uint16_t type, uint16_t flags, size_t extra)
{
	memset(r, 0, sizeof(*r));
	r->head = mnl_nlmsg_put_header(r->room);
	r->head->nlmsg_type = type;
	r->head->nlmsg_flags = NLM_F_REQUEST | flags;
	return mnl_nlmsg_put_extra_header(r->head, extra);
}

void nl_put(struct nl_request *r, uint16_t type, const void *data, size_t len)
{
	if (!mnl_attr_put_check(r->head, sizeof(r->room), type, len, data))
		r->full = true;
}

void nl_put_u32(struct nl_request *r, uint16_t type, uint32_t value)
{
	nl_put(r, type, &value, sizeof(value));
}

void nl_put_text(struct nl_request *r, uint16_t type, const char *text)
{
	nl_put(r, type, text, strlen(text) + 1);
}

const void *nl_extra(const struct nlmsghdr *nlh, size_t size)
{
	return mnl_nlmsg_get_payload_len(nlh) < size ? NULL : mnl_nlmsg_get_payload(nlh);
}

struct nl_walk nl_walk(const void *data, size_t len)
{
	return (struct nl_walk){ data, len };
}

/* mnl_attr_for_each goes on into the padding behind the message. */
struct nl_walk nl_walk_message(const struct nlmsghdr *nlh, size_t extra)
{
	size_t len = mnl_nlmsg_get_payload_len(nlh), skip = MNL_ALIGN(extra);

	if (len < skip)
		return (struct nl_walk){ NULL, 0 };
	return nl_walk((const char *)mnl_nlmsg_get_payload(nlh) + skip, len - skip);
}

struct nl_walk nl_walk_nested(const struct nlattr *nest)
{
	if (!nest)
		return (struct nl_walk){ NULL, 0 };
	return nl_walk(mnl_attr_get_payload(nest), mnl_attr_get_payload_len(nest));
}

bool nl_next(struct nl_walk *w, const struct nlattr **out)
{
	const struct nlattr *a = (const void *)w->at;
	size_t step;

	if (w->left > INT32_MAX || !mnl_attr_ok(a, (int)w->left))
		return false;
	step = MNL_ALIGN(a->nla_len);
	step = step < w->left ? step : w->left;
	w->at += step;
	w->left -= step;
	*out = a;
	return true;
}

static void put_attrs(struct nl_walk w, nl_attrs *tb, size_t n)
{
	const struct nlattr *a;

	memset(tb, 0, n * sizeof(*tb));
	while (nl_next(&w, &a))
		if (mnl_attr_get_type(a) < n)
			tb[mnl_attr_get_type(a)] = a;
}

void nl_attrs_get(const struct nlmsghdr *nlh, size_t extra, nl_attrs *tb, size_t n)
{
	put_attrs(nl_walk_message(nlh, extra), tb, n);
}

void nl_attrs_nested(const struct nlattr *nest, nl_attrs *tb, size_t n)
{
	put_attrs(nl_walk_nested(nest), tb, n);
}

static bool get_value(const struct nlattr *a, void *out, size_t size)
{
	if (!a || mnl_attr_get_payload_len(a) != size)
		return false;
	memcpy(out, mnl_attr_get_payload(a), size);
	return true;
}

bool nl_u8(const struct nlattr *a, uint8_t *out)
{
	return get_value(a, out, sizeof(*out));
}

bool nl_u16(const struct nlattr *a, uint16_t *out)
{
	return get_value(a, out, sizeof(*out));
}

bool nl_u32(const struct nlattr *a, uint32_t *out)
{
	return get_value(a, out, sizeof(*out));
}

bool nl_u64(const struct nlattr *a, uint64_t *out)
{
	return get_value(a, out, sizeof(*out));
}

bool nl_s32(const struct nlattr *a, int32_t *out)
{
	return get_value(a, out, sizeof(*out));
}

bool nl_be16(const struct nlattr *a, uint16_t *out)
{
	uint16_t raw;

	if (!get_value(a, &raw, sizeof(raw)))
		return false;
	*out = ntohs(raw);
	return true;
}

bool nl_be32(const struct nlattr *a, uint32_t *out)
{
	uint32_t raw;

	if (!get_value(a, &raw, sizeof(raw)))
		return false;
	*out = ntohl(raw);
	return true;
}

bool nl_be64(const struct nlattr *a, uint64_t *out)
{
	uint64_t raw;

	if (!get_value(a, &raw, sizeof(raw)))
		return false;
	*out = be64toh(raw);
	return true;
}

const char *nl_text(const struct nlattr *a, struct arena *arena)
{
	const char *text = a ? mnl_attr_get_payload(a) : NULL;

	return text ? arena_copy(arena, text, strnlen(text, mnl_attr_get_payload_len(a))) : NULL;
}

bool nl_ip(const struct nlattr *a, struct net_ip *out)
{
	size_t len = a ? mnl_attr_get_payload_len(a) : 0;

	if (len != 4 && len != 16)
		return false;
	*out = (struct net_ip){ .family = len == 4 ? AF_INET : AF_INET6 };
	memcpy(out->bytes, mnl_attr_get_payload(a), len);
	return true;
}

bool nl_mac(const struct nlattr *a, struct net_mac *out)
{
	size_t len = a ? mnl_attr_get_payload_len(a) : 0;

	if (len == 0 || len > sizeof(out->bytes))
		return false;
	*out = (struct net_mac){ .len = (uint8_t)len };
	memcpy(out->bytes, mnl_attr_get_payload(a), len);
	return true;
}

/* The extended acknowledgement's sentence, which stands behind `skip` bytes of the payload. */
static void take_words(const struct nlmsghdr *nlh, size_t skip, struct nl_reply *reply)
{
	nl_attrs tb[NLMSGERR_ATTR_MAX + 1];
	const char *words;
	size_t len;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	nl_attrs_get(nlh, skip, tb, NLMSGERR_ATTR_MAX + 1);
	if (!tb[NLMSGERR_ATTR_MSG])
		return;
	words = mnl_attr_get_payload(tb[NLMSGERR_ATTR_MSG]);
	len = strnlen(words, mnl_attr_get_payload_len(tb[NLMSGERR_ATTR_MSG]));
	if (len >= sizeof(reply->words))
		len = sizeof(reply->words) - 1;
	memcpy(reply->words, words, len);
	reply->words[len] = '\0';
}

/* An errno that the kernel could have given, or -EPROTO. */
static int sane_error(int error)
{
	return error <= 0 && error > -4096 ? error : -EPROTO;
}

static void take_error(const struct nlmsghdr *nlh, struct nl_reply *reply)
{
	const struct nlmsgerr *e = nl_extra(nlh, sizeof(*e));
	size_t skip = sizeof(*e);

	reply->done = true;
	reply->error = e ? sane_error(e->error) : -EPROTO;
	if (!e)
		return;
	/* The request stands in between, unless it was left out. */
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED) && e->msg.nlmsg_len >= sizeof(e->msg))
		skip += NLMSG_ALIGN(e->msg.nlmsg_len) - sizeof(e->msg);
	take_words(nlh, skip, reply);
}

/* A dump that failed half-way says so at its end only. */
static void take_done(const struct nlmsghdr *nlh, struct nl_reply *reply)
{
	const int *error = nl_extra(nlh, sizeof(*error));

	reply->done = true;
	reply->error = error ? sane_error(*error) : 0;
	take_words(nlh, sizeof(*error), reply);
}

/* mnl_nlmsg_ok takes a length past INT_MAX for one that fits (libmnl 1.0.4). */
static bool is_whole(const struct nlmsghdr *nlh, int left)
{
	return mnl_nlmsg_ok(nlh, left) && nlh->nlmsg_len <= (uint32_t)left;
}

int nl_parse(const void *data, size_t len, uint32_t seq, uint32_t port, nl_take take, void *ctx,
	     struct nl_reply *reply)
{
	const struct nlmsghdr *nlh = data;
	int left = (int)len;

	for (; !reply->done && is_whole(nlh, left); nlh = mnl_nlmsg_next(nlh, &left)) {
		if (nlh->nlmsg_seq != seq || nlh->nlmsg_pid != port) {
			reply->foreign++;
			continue;
		}
		if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
			reply->interrupted = true;
		if (nlh->nlmsg_type == NLMSG_ERROR)
			take_error(nlh, reply);
		else if (nlh->nlmsg_type == NLMSG_DONE)
			take_done(nlh, reply);
		else if (nlh->nlmsg_type == NLMSG_OVERRUN)
			reply->interrupted = true;
		else if (nlh->nlmsg_type >= NLMSG_MIN_TYPE) {
			reply->malformed += take && take(nlh, ctx) < 0;
			reply->done = !(nlh->nlmsg_flags & NLM_F_MULTI);
		}
	}
	return reply->done || left <= 0 ? 0 : -EPROTO;
}

void *vec_add(struct vec *v)
{
	v->at = grow(v->at, v->n, &v->cap, v->size);
	return memset((char *)v->at + v->n++ * v->size, 0, v->size);
}

void *vec_keep(struct vec *v, struct arena *arena)
{
	void *kept;

	if (!v->n)
		return NULL;
	kept = arena_alloc(arena, v->n * v->size);
	memcpy(kept, v->at, v->n * v->size);
	return kept;
}

void vec_release(struct vec *v)
{
	free(v->at);
	v->at = NULL;
	v->n = v->cap = 0;
}
