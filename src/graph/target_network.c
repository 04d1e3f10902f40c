/* SPDX-License-Identifier: MIT */
/*
 * The forms of TARGET that name something of a network: iface, ip, mac, port. Only their grammar:
 * who has it stands in no graph, and net/ knows.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "target_internal.h"

int target_parse_iface(struct target *t, struct error *err)
{
	/* IFNAMSIZ is 16; an alternative name may have 127 bytes. */
	if (!*t->text)
		return target_refuse(t, "a name is missing behind the colon", err);
	if (strlen(t->text) > 127 || strchr(t->text, '/'))
		return target_refuse(t, "that is no name of an interface", err);
	return 0;
}

int target_parse_ip(struct target *t, struct error *err)
{
	unsigned char bytes[16];

	if (inet_pton(strchr(t->text, ':') ? AF_INET6 : AF_INET, t->text, bytes) == 1)
		return 0;
	if (strchr(t->text, '/'))
		return target_refuse(t, "expected an address without the length of a prefix", err);
	return target_refuse(t, "expected ip:ADDRESS, as in ip:10.0.0.5 or ip:fd00::5", err);
}

int target_parse_mac(struct target *t, struct error *err)
{
	const char *at = t->text;

	for (int i = 0; i < 6; i++) {
		if (strspn(at, "0123456789abcdefABCDEF") < 2 || (i < 5 && at[2] != ':'))
			break;
		if (i == 5 && at[2] == '\0')
			return 0;
		at += 3;
	}
	return target_refuse(t, "expected mac:ADDRESS, as in mac:02:42:ac:11:00:02", err);
}

int target_parse_port(struct target *t, struct error *err)
{
	static const char *const protocols[] = { "tcp",	 "udp",	  "udplite", "sctp",
						 "dccp", "mptcp", "vsock",   NULL };
	const char *slash = strchr(t->text, '/'), *digits = slash ? slash + 1 : t->text;
	size_t len = slash ? (size_t)(slash - t->text) : 0, i = 0;

	while (slash && protocols[i] &&
	       (strlen(protocols[i]) != len || memcmp(protocols[i], t->text, len) != 0))
		i++;
	if (slash && !protocols[i])
		return target_refuse(t,
				     "the protocol is none of tcp, udp, udplite, sctp, dccp, mptcp "
				     "and vsock",
				     err);
	if (target_number(digits, digits + strlen(digits), &t->num) || !t->num ||
	    t->num > (slash && strcmp(protocols[i], "vsock") == 0 ? UINT32_MAX : UINT16_MAX))
		return target_refuse(
			t, "expected port:N or port:PROTOCOL/N, as in port:80 or port:udp/53", err);
	return 0;
}

int target_resolve_network(const struct graph *g, const struct target *t, struct selection *sel,
			   struct error *err)
{
	autobuffer shown = BUFFER_INIT;

	(void)g;
	(void)sel;
	return error_set(err, -ENOTSUP, "%s: what networks have is not part of this view",
			 target_shown(&shown, t->word));
}
