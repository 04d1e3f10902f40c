/* SPDX-License-Identifier: MIT */
/* What few links have, as JSON: WireGuard's peers, and what tc(8) has put there. */
#include <stdio.h>

#include "net_json.h"

static void write_key(struct json *j, const char *key, const uint8_t *bytes, bool given)
{
	char text[NET_KEY_TEXT];

	net_json_string(j, key, given ? net_key_text(bytes, text) : NULL);
}

static void write_peer(struct json *j, const struct net_peer *peer)
{
	char ip[NET_IP_TEXT], text[NET_IP_TEXT + 8];

	json_begin_object(j, NULL);
	write_key(j, "public_key", peer->key, true);
	net_json_ip(j, "endpoint", &peer->endpoint);
	net_json_number(j, "endpoint_port", peer->port, peer->endpoint.family != 0);
	json_begin_array(j, "allowed_ips");
	for (uint32_t i = 0; i < peer->nallowed; i++) {
		snprintf(text, sizeof(text), "%s/%u", net_ip_text(&peer->allowed[i].ip, ip),
			 peer->allowed[i].len);
		json_str(j, NULL, text);
	}
	json_end_array(j);
	net_json_number(j, "keepalive", peer->keepalive, peer->keepalive != 0);
	net_json_number(j, "last_handshake", peer->handshake, peer->handshake != 0);
	json_uint(j, "rx_bytes", peer->rx_bytes);
	json_uint(j, "tx_bytes", peer->tx_bytes);
	json_end_object(j);
}

/* Of another kind: nothing at all. */
void net_json_wireguard(struct json *j, const struct net_link *link)
{
	const struct net_wireguard *wg = link->wireguard;

	if (link->wireguard_known.fact.state == FACT_UNREAD)
		return;
	if (!wg) {
		json_unknown(j, "wireguard", net_json_why(&link->wireguard_known));
		return;
	}
	json_begin_object(j, "wireguard");
	write_key(j, "public_key", wg->key, wg->has_key);
	net_json_number(j, "listen_port", wg->port, wg->port != 0);
	net_json_number(j, "fwmark", wg->fwmark, wg->fwmark != 0);
	json_begin_array(j, "peers");
	for (uint32_t i = 0; i < wg->npeers; i++)
		write_peer(j, &wg->peers[i]);
	json_end_array(j);
	json_end_object(j);
}

void net_json_tc(struct json *j, const struct net_link *link)
{
	const struct net_known *known = &link->net->parts[NET_PART_TC];

	if (!fact_is_known(known->fact)) {
		json_unknown(j, "tc", net_json_why(known));
		return;
	}
	json_begin_array(j, "tc");
	for (uint32_t i = 0; i < link->nqdiscs; i++) {
		const struct net_qdisc *q = &link->qdiscs[i];

		json_begin_object(j, NULL);
		json_str(j, "kind", q->kind);
		json_uint(j, "handle", q->handle);
		json_uint(j, "parent", q->parent);
		net_json_number(j, "in_filters", q->in_filters, !q->unread);
		net_json_number(j, "out_filters", q->out_filters, !q->unread);
		net_json_string(j, "filter", q->filter);
		json_end_object(j);
	}
	json_end_array(j);
}
