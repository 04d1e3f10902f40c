/* SPDX-License-Identifier: MIT */
/* Which address is sent from. Pure. */
#include <stdint.h>

#include "../../../src/query/why_parts.h"
#include "why_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

struct host {
	struct net_sample *s;
	struct net_ns *net;
	struct net_link *eth, *other;
};

static int setup(void **state)
{
	struct host *h = calloc(1, sizeof(*h));

	assert_non_null(h);
	h->s = net_sample_new();
	h->net = net_sample_ns(h->s, 10);
	h->eth = net_sample_link(h->net, "eth0", "veth");
	h->other = net_sample_link(h->net, "eth1", "veth");
	*state = h;
	return 0;
}

static int teardown(void **state)
{
	struct host *h = *state;

	net_sample_free(h->s);
	free(h);
	return 0;
}

static struct net_addr *last(struct host *h)
{
	return &h->net->addrs[h->net->naddrs - 1];
}

static void assert_source(struct host *h, const char *next, const char *dst, uint8_t scope,
			  const char *wanted)
{
	struct net_ip n = ip_of(next), d = ip_of(dst);
	struct net_ip got = why_select(h->net, h->eth, &n, &d, scope);
	char text[NET_IP_TEXT];

	assert_string_equal(net_ip_text(&got, text), wanted);
}

static void ipv4_takes_the_first_or_that_beside_the_gateway(void **state)
{
	struct host *h = *state;

	net_sample_addr(h->eth, "10.0.0.1", 24);
	net_sample_addr(h->eth, "10.1.0.1", 24);
	assert_source(h, "", "10.1.0.9", 253, "10.0.0.1");
	assert_source(h, "10.1.0.254", "8.8.8.8", 0, "10.1.0.1");
	assert_source(h, "10.7.0.254", "8.8.8.8", 0, "10.0.0.1");
}

static void ipv4_passes_over_secondary_ones_and_those_of_too_small_a_scope(void **state)
{
	struct host *h = *state;

	net_sample_addr(h->eth, "10.0.0.1", 24);
	last(h)->scope = 253;
	net_sample_addr(h->eth, "10.0.0.2", 24);
	last(h)->flags = NET_ADDR_SECONDARY;
	net_sample_addr(h->other, "10.9.0.1", 24);
	assert_source(h, "10.0.0.254", "8.8.8.8", 0, "10.9.0.1");
	assert_source(h, "", "10.0.0.9", 253, "10.0.0.1");
}

static void ipv6_takes_what_has_most_in_common(void **state)
{
	struct host *h = *state;

	net_sample_addr(h->eth, "fe80::1", 64);
	net_sample_addr(h->eth, "2a00:1::1", 64);
	net_sample_addr(h->eth, "2a00:2::1", 64);
	net_sample_addr(h->other, "2a00:3::1", 64);
	assert_source(h, "", "2a00:2::9", 0, "2a00:2::1");
	/* That of another link only where its own has none of that reach. */
	assert_source(h, "", "2a00:3::9", 0, "2a00:2::1");
	assert_source(h, "", "fe80::9", 0, "fe80::1");
}

static void ipv6_prefers_its_own_kind_and_what_is_not_deprecated(void **state)
{
	struct host *h = *state;

	net_sample_addr(h->eth, "fd00::1", 64);
	net_sample_addr(h->eth, "2a00:1::1", 64);
	last(h)->flags = NET_ADDR_DEPRECATED;
	assert_source(h, "", "2a00:9::9", 0, "fd00::1");
	last(h)->flags = 0;
	assert_source(h, "", "2a00:9::9", 0, "2a00:1::1");
	assert_source(h, "", "fd77::1", 0, "fd00::1");
}

static void ipv6_that_is_not_confirmed_is_none(void **state)
{
	struct host *h = *state;

	net_sample_addr(h->eth, "fd00::1", 64);
	last(h)->flags = NET_ADDR_TENTATIVE;
	assert_source(h, "", "fd00::9", 0, "");
	net_sample_addr(h->other, "fd09::1", 64);
	assert_source(h, "", "fd00::9", 0, "fd09::1");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(ipv4_takes_the_first_or_that_beside_the_gateway),
		CASE(ipv4_passes_over_secondary_ones_and_those_of_too_small_a_scope),
		CASE(ipv6_takes_what_has_most_in_common),
		CASE(ipv6_prefers_its_own_kind_and_what_is_not_deprecated),
		CASE(ipv6_that_is_not_confirmed_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
