/* SPDX-License-Identifier: MIT */
/*
 * Takes apart what a person types for an end of `nsview why`. A colon stands before a port, but
 * also within targets and addresses: what can be one of those is. Resolves nothing.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nsview/target.h>

#include "why_end.h"

static bool take_suffix(char *word, const char *suffix)
{
	size_t len = strlen(word), n = strlen(suffix);

	if (len <= n || strcmp(word + len - n, suffix) != 0)
		return false;
	word[len - n] = '\0';
	return true;
}

/* The number behind the last colon, if it can be a port; 0: it is none. */
static uint16_t port_behind(const char *colon)
{
	size_t n = strspn(colon + 1, "0123456789");
	unsigned long port = strtoul(colon + 1, NULL, 10);

	return n && n < 6 && !colon[1 + n] && port <= UINT16_MAX ? (uint16_t)port : 0;
}

static const char *without_ip(const char *word)
{
	return strncmp(word, "ip:", 3) == 0 ? word + 3 : word;
}

/* Before a colon, these leave nothing but a port to stand behind it. */
static bool ends_there(const char *word)
{
	struct net_ip ip;

	return *word == '[' || strcmp(word, "self") == 0 || !word[strspn(word, "0123456789")] ||
	       net_ip_parse(without_ip(word), &ip) == 0;
}

/* The bracket that ends an address, or the end of the word. */
static const char *closing_of(const char *word)
{
	return word + strcspn(word, "]");
}

/* What stands before the port, and that. */
static int take_port(struct why_end *b, struct error *err)
{
	char *colon = strrchr(b->word, ':');
	struct net_ip ip;

	if (!colon || net_ip_parse(without_ip(b->word), &ip) == 0 ||
	    strncmp(b->word, "mac:", 4) == 0 || (*b->word == '[' && colon < closing_of(b->word)))
		return 0;
	*colon = '\0';
	/* "netns:80" is a name, not a port. */
	if (!target_is_prefix(b->word)) {
		bool number = colon[1] && !colon[1 + strspn(colon + 1, "0123456789")];

		b->port = port_behind(colon);
		if (!b->port && (number || ends_there(b->word)))
			return error_set(err, -EINVAL,
					 "\"%.64s\" is no port: ports are numbers from 1 to 65535",
					 colon + 1);
	}
	if (!b->port)
		*colon = ':';
	return 0;
}

static int take_address(struct why_end *b, struct error *err)
{
	size_t len = strlen(b->word);

	if (b->word[0] == '[') {
		if (len < 3 || b->word[len - 1] != ']')
			return error_set(err, -EINVAL, "\"%.64s\" is no address in brackets",
					 b->word);
		memmove(b->word, b->word + 1, len - 2);
		b->word[len - 2] = '\0';
	}
	if (net_ip_parse(without_ip(b->word), &b->ip) == 0)
		b->word[0] = '\0';
	else
		b->ip.family = 0;
	return 0;
}

/* Behind an address no path goes on. */
static int check_suffix(const char *word, struct error *err)
{
	size_t len = strcspn(word, "/");
	char address[64];
	struct net_ip ip;
	int n = len < sizeof(address) ? snprintf(address, sizeof(address), "%.*s", (int)len, word)
				      : 0;

	if (!n || !word[len])
		return 0;
	if (net_ip_parse(address, &ip) < 0 && strrchr(address, ':'))
		*strrchr(address, ':') = '\0';
	if (*address != '[' && net_ip_parse(without_ip(address), &ip) < 0)
		return 0;
	return error_set(err, -EINVAL, "\"%.64s\" is neither /tcp nor /udp", word + len);
}

/* Who listens at a port is asked for that port. */
static void take_port_target(struct why_end *out)
{
	const char *number;

	if (strncmp(out->word, "port:", 5) != 0)
		return;
	number = out->word + 5 + strcspn(out->word + 5, "0123456789");
	if (strncmp(out->word, "port:udp/", 9) == 0)
		out->proto = NET_PROTO_UDP;
	out->port = (uint16_t)strtoul(number, NULL, 10);
}

static int copy_word(const char *word, char which, struct why_end *out, struct error *err)
{
	*out = (struct why_end){ .proto = NET_PROTO_TCP };
	if (!*word)
		return error_set(err, -EINVAL,
				 "%c is empty; expected a target or an address, as in ctr:web or "
				 "10.0.0.5",
				 which);
	if (strlen(word) >= sizeof(out->word))
		return error_set(err, -EINVAL, "%c is too long", which);
	strcpy(out->word, word);
	return 0;
}

int why_far_end(const char *word, struct why_end *out, struct error *err)
{
	bool tcp = false, udp = false;
	int ret = copy_word(word, 'B', out, err);

	if (ret == 0) {
		udp = take_suffix(out->word, "/udp");
		tcp = !udp && take_suffix(out->word, "/tcp");
		if (udp)
			out->proto = NET_PROTO_UDP;
		ret = check_suffix(out->word, err);
	}
	if (ret == 0)
		ret = take_port(out, err);
	if (ret == 0) {
		take_port_target(out);
		ret = take_address(out, err);
	}
	if (ret == 0 && (tcp || udp) && !out->port)
		ret = error_set(err, -EINVAL, "/%s needs a port: B:PORT/%s", udp ? "udp" : "tcp",
				udp ? "udp" : "tcp");
	return ret;
}

int why_near_end(const char *word, struct why_end *out, struct error *err)
{
	int ret = copy_word(word, 'A', out, err);

	if (ret == 0 && strlen(word) + 4 < sizeof(out->word) && net_ip_parse(word, &out->ip) == 0)
		snprintf(out->word, sizeof(out->word), "ip:%s", word);
	return ret;
}
