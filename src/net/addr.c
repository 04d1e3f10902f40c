/* SPDX-License-Identifier: MIT */
/* RTM_NEWADDR and RTM_NEWNEIGH and RTM_NEWNSID into values (rtnetlink(7)). */
#include <errno.h>
#include <string.h>

#include <linux/net_namespace.h>

#include "parse.h"
#include "uapi.h"

int addr_parse(const struct nlmsghdr *nlh, struct arena *arena, struct net_addr *out)
{
	const struct ifaddrmsg *msg = nl_extra(nlh, sizeof(*msg));
	nl_attrs tb[IFA_MAX + 1];
	struct net_ip address = { 0 }, local = { 0 };
	struct ifa_cacheinfo life;

	if (nlh->nlmsg_type != RTM_NEWADDR)
		return -ENOENT;
	if (!msg)
		return -EPROTO;
	nl_attrs_get(nlh, sizeof(*msg), tb, IFA_MAX + 1);
	nl_ip(tb[IFA_ADDRESS], &address);
	/* Ours is the local one; where there is none, as in most of IPv6, it is the address. */
	if (!nl_ip(tb[IFA_LOCAL], &local))
		local = address;
	if (local.family != msg->ifa_family ||
	    msg->ifa_prefixlen > (local.family == AF_INET ? 32 : 128))
		return -EPROTO;
	*out = (struct net_addr){ .index = msg->ifa_index,
				  .ip = local,
				  .len = msg->ifa_prefixlen,
				  .scope = msg->ifa_scope,
				  .flags = msg->ifa_flags,
				  .valid = UINT32_MAX,
				  .preferred = UINT32_MAX };
	if (address.family && !net_ip_equal(&address, &local))
		out->peer = address;
	nl_ip(tb[IFA_BROADCAST], &out->broadcast);
	nl_u32(tb[IFA_FLAGS], &out->flags);
	out->label = nl_text(tb[IFA_LABEL], arena);
	if (tb[IFA_CACHEINFO] && mnl_attr_get_payload_len(tb[IFA_CACHEINFO]) == sizeof(life)) {
		memcpy(&life, mnl_attr_get_payload(tb[IFA_CACHEINFO]), sizeof(life));
		out->valid = life.ifa_valid;
		out->preferred = life.ifa_prefered;
	}
	return 0;
}

int neigh_parse(const struct nlmsghdr *nlh, struct net_neigh *out)
{
	const struct ndmsg *msg = nl_extra(nlh, sizeof(*msg));
	nl_attrs tb[NDA_MAX + 1];
	struct net_ip ip = { 0 };

	if (nlh->nlmsg_type != RTM_NEWNEIGH)
		return -ENOENT;
	if (!msg)
		return -EPROTO;
	nl_attrs_get(nlh, sizeof(*msg), tb, NDA_MAX + 1);
	*out = (struct net_neigh){ .index = (uint32_t)msg->ndm_ifindex,
				   .state = msg->ndm_state,
				   .flags = msg->ndm_flags };
	nl_ip(tb[NDA_DST], &ip);
	nl_mac(tb[NDA_LLADDR], &out->mac);
	nl_u16(tb[NDA_VLAN], &out->vlan);
	nl_u32(tb[NDA_MASTER], &out->master);
	if (msg->ndm_family == AF_BRIDGE)
		out->to = ip;
	else if (msg->ndm_family != AF_INET && msg->ndm_family != AF_INET6)
		return -ENOENT;
	else if (ip.family != msg->ndm_family)
		return -EPROTO;
	else
		out->ip = ip;
	return 0;
}

int nsid_parse(const struct nlmsghdr *nlh, int32_t *out)
{
	nl_attrs tb[NETNSA_NSID + 1];

	if (nlh->nlmsg_type != RTM_NEWNSID)
		return -ENOENT;
	nl_attrs_get(nlh, sizeof(struct rtgenmsg), tb, NETNSA_NSID + 1);
	return nl_s32(tb[NETNSA_NSID], out) ? 0 : -EPROTO;
}
