/* SPDX-License-Identifier: MIT */
/*
 * Expressions of nftables that draw a number for a packet, or compute one from it that nobody can
 * foresee; of either only the bounds are known. And the one that turns numbers round.
 */
#include <linux/netfilter/nf_tables.h>

#include "filter_build.h"

static bool load_drawn(struct build *b, enum net_field field, const struct nlattr *dreg,
		       const struct nlattr *modulus, const struct nlattr *offset)
{
	struct reg *r = reg_at(b, dreg);
	uint32_t n = 0, from = 0;

	nl_be32(offset, &from);
	if (!nl_be32(modulus, &n) || !n || !reg_load(b, dreg, (int)field, sizeof(n)))
		return false;
	r->drawn_from = from;
	r->drawn = n;
	return true;
}

bool run_numgen(struct build *b, attrs tb)
{
	return load_drawn(b, NET_FIELD_NUMGEN, tb[NFTA_NG_DREG], tb[NFTA_NG_MODULUS],
			  tb[NFTA_NG_OFFSET]);
}

bool run_hash(struct build *b, attrs tb)
{
	return load_drawn(b, NET_FIELD_HASH, tb[NFTA_HASH_DREG], tb[NFTA_HASH_MODULUS],
			  tb[NFTA_HASH_OFFSET]);
}

/* Numbers are turned before they are compared with intervals. */
bool run_byteorder(struct build *b, attrs tb)
{
	const struct reg *from = reg_at(b, tb[NFTA_BYTEORDER_SREG]);
	struct reg *to = reg_at(b, tb[NFTA_BYTEORDER_DREG]);
	uint32_t op = 0, len = 0, size = 0;

	nl_be32(tb[NFTA_BYTEORDER_OP], &op);
	nl_be32(tb[NFTA_BYTEORDER_LEN], &len);
	nl_be32(tb[NFTA_BYTEORDER_SIZE], &size);
	if (!from || !to || from->field < 0 || !is_host_order(from) || op != NFT_BYTEORDER_HTON ||
	    len != from->len || size != from->len) {
		reg_load(b, tb[NFTA_BYTEORDER_DREG], FIELD_NONE, 0);
		return false;
	}
	*to = *from;
	to->turned = true;
	return true;
}
