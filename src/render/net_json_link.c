/* SPDX-License-Identifier: MIT */
/* One link as JSON, with all that was read of it and where it leads. */
#include "net_json.h"

static void write_end(struct json *j, const char *key, const struct net_end *end)
{
	if (end->how == NET_HOW_NONE) {
		json_none(j, key);
		return;
	}
	json_begin_object(j, key);
	net_json_string(j, "how", net_how_names[end->how]);
	net_json_number(j, "index", end->index, end->index != 0);
	net_json_number(j, "nsid", end->nsid, end->nsid >= 0);
	net_json_ns_number(j, "ns", end->net);
	net_json_string(j, "name", end->link ? end->link->name : NULL);
	net_json_string(j, "why", end->words);
	json_end_object(j);
}

static void write_details(struct json *j, const char *key, const struct net_detail *list,
			  uint32_t n)
{
	json_begin_object(j, key);
	for (uint32_t i = 0; i < n; i++) {
		const struct net_detail *d = &list[i];

		switch (d->type) {
		case NET_DETAIL_NUM:
			json_uint(j, d->key, d->num);
			break;
		case NET_DETAIL_BOOL:
			json_bool(j, d->key, d->num != 0);
			break;
		case NET_DETAIL_TEXT:
			net_json_string(j, d->key, d->text);
			break;
		case NET_DETAIL_IP:
			net_json_ip(j, d->key, &d->ip);
			break;
		}
	}
	json_end_object(j);
}

static void write_stats(struct json *j, const struct net_link *link)
{
	const struct {
		const char *key;
		uint64_t value;
	} counts[] = {
		{ "rx_packets", link->stats.rx_packets }, { "rx_bytes", link->stats.rx_bytes },
		{ "rx_errors", link->stats.rx_errors },	  { "rx_dropped", link->stats.rx_dropped },
		{ "tx_packets", link->stats.tx_packets }, { "tx_bytes", link->stats.tx_bytes },
		{ "tx_errors", link->stats.tx_errors },	  { "tx_dropped", link->stats.tx_dropped },
	};

	if (!link->stats_known) {
		json_none(j, "stats");
		return;
	}
	json_begin_object(j, "stats");
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		json_uint(j, counts[i].key, counts[i].value);
	json_end_object(j);
}

static void write_vlans(struct json *j, const struct net_link *link)
{
	const struct net_known *known = &link->net->parts[NET_PART_VLANS];

	/* None: there is no bridge in its namespace. */
	if (!fact_is_known(known->fact) && known->fact.state != FACT_NONE) {
		json_unknown(j, "vlans", net_json_why(known));
		return;
	}
	json_begin_array(j, "vlans");
	for (uint32_t i = 0; i < link->nvlans; i++) {
		json_begin_object(j, NULL);
		json_uint(j, "first", link->vlans[i].first);
		json_uint(j, "last", link->vlans[i].last);
		json_bool(j, "pvid", link->vlans[i].pvid);
		json_bool(j, "untagged", link->vlans[i].untagged);
		json_end_object(j);
	}
	json_end_array(j);
}

static void write_altnames(struct json *j, const struct net_link *link)
{
	json_begin_array(j, "altnames");
	for (size_t i = 0; link->altnames && link->altnames[i]; i++)
		json_str(j, NULL, link->altnames[i]);
	json_end_array(j);
}

struct conf {
	const char *key; /* NULL: the kernel has none */
	int32_t value;
};

static void write_conf(struct json *j, const char *key, bool known, const struct conf *list,
		       size_t n)
{
	if (!known) {
		json_none(j, key);
		return;
	}
	json_begin_object(j, key);
	for (size_t i = 0; i < n; i++)
		if (list[i].key)
			json_int(j, list[i].key, list[i].value);
	json_end_object(j);
}

/* Under the names of the sysctls. */
static void write_confs(struct json *j, const struct net_link *link)
{
	const struct net_conf4 *c4 = &link->conf4;
	const struct net_conf6 *c6 = &link->conf6;
	const struct conf list4[] = {
		{ "accept_local", c4->accept_local },
		{ "arp_announce", c4->arp_announce },
		{ "arp_filter", c4->arp_filter },
		{ "arp_ignore", c4->arp_ignore },
		{ "bc_forwarding", c4->bc_forwarding },
		{ "forwarding", c4->forwarding },
		{ "ignore_routes_with_linkdown", c4->ignore_linkdown },
		{ "mc_forwarding", c4->mc_forwarding },
		{ "proxy_arp", c4->proxy_arp },
		{ "route_localnet", c4->route_localnet },
		{ "rp_filter", c4->rp_filter },
		{ "src_valid_mark", c4->src_valid_mark },
	};
	const struct conf list6[] = {
		{ "accept_ra", c6->accept_ra },
		{ "disable_ipv6", c6->disable_ipv6 },
		{ c6->force_forwarding < 0 ? NULL : "force_forwarding", c6->force_forwarding },
		{ "forwarding", c6->forwarding },
		{ "ignore_routes_with_linkdown", c6->ignore_linkdown },
		{ "mc_forwarding", c6->mc_forwarding },
		{ "proxy_ndp", c6->proxy_ndp },
	};

	write_conf(j, "ipv4_conf", c4->known, list4, sizeof(list4) / sizeof(list4[0]));
	write_conf(j, "ipv6_conf", c6->known, list6, sizeof(list6) / sizeof(list6[0]));
}

static void write_state(struct json *j, const struct net_link *link)
{
	json_uint(j, "flags", link->flags);
	json_bool(j, "up", link->flags & IFF_UP);
	json_str(j, "operstate", net_oper_names[link->oper]);
	if (link->carrier_known)
		json_bool(j, "carrier", link->carrier);
	else
		json_none(j, "carrier");
	net_json_string(j, "port_state",
			link->port_state >= 0 ? net_port_state_names[link->port_state] : NULL);
	json_uint(j, "mtu", link->mtu);
	net_json_string(j, "qdisc", link->qdisc);
	net_json_string(j, "xdp", net_xdp_names[link->xdp]);
	net_json_number(j, "xdp_prog", link->xdp_prog, link->xdp_prog != 0);
	net_json_tc(j, link);
	json_uint(j, "txqlen", link->txqlen);
	json_uint(j, "group", link->group);
	json_uint(j, "promiscuity", link->promiscuity);
	json_uint(j, "carrier_changes", link->carrier_changes);
}

void net_json_one_link(struct json *j, const struct net_link *link)
{
	json_begin_object(j, NULL);
	json_uint(j, "index", link->index);
	json_str(j, "name", link->name);
	write_altnames(j, link);
	net_json_string(j, "alias", link->alias);
	net_json_string(j, "kind", link->kind);
	net_json_string(j, "port_kind", link->port_kind);
	net_json_string(j, "bus", link->bus);
	net_json_string(j, "device", link->device);
	write_state(j, link);
	net_json_mac(j, "mac", &link->mac);
	net_json_mac(j, "permanent_mac", &link->permanent);
	write_end(j, "master", &link->master);
	write_end(j, "lower", &link->lower);
	write_end(j, "peer", &link->peer);
	write_details(j, "details", link->details, link->ndetails);
	write_details(j, "port_details", link->port_details, link->nport_details);
	net_json_wireguard(j, link);
	write_vlans(j, link);
	write_confs(j, link);
	write_stats(j, link);
	json_end_object(j);
}
