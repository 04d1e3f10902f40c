/* SPDX-License-Identifier: MIT */
/* What numbers must mean by what is at the other ends, and which hidden namespaces are one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../../src/net/resolve.h"
#include "wires_sample.h"

static void infer(struct net_ns *ns)
{
	struct pairs *pairs = pairs_new(net);

	nsids_infer(ns, pairs);
	pairs_free(pairs);
}

static void number_means_where_the_other_end_is(void **state)
{
	struct net_ns *host = add_ns(1), *web = add_ns(2), *db = add_ns(3);

	(void)state;
	add_veth(host, 5, "v", 2, 0);
	add_veth(host, 6, "v", 2, 1);
	add_veth(web, 2, "v", 5, 0);
	add_veth(db, 2, "v", 6, 0);
	know(host, 0, NULL);
	know(host, 1, NULL);
	know(web, 0, host);
	know(db, 0, host);
	infer(host);
	assert_ptr_equal(nsid_to(host, 0), web);
	assert_ptr_equal(nsid_to(host, 1), db);
}

/* Its numbers are right by chance, but what its own number means is not known. */
static void end_that_leads_nowhere_known_proves_nothing(void **state)
{
	struct net_ns *host = add_ns(1), *web = add_ns(2);

	(void)state;
	add_veth(host, 5, "v", 2, 0);
	add_veth(web, 2, "v", 5, 0);
	know(host, 0, NULL);
	know(web, 0, NULL);
	infer(host);
	assert_null(nsid_to(host, 0));
}

static void two_that_claim_an_end_are_not_believed(void **state)
{
	struct net_ns *host = add_ns(1), *web = add_ns(2), *db = add_ns(3);

	(void)state;
	add_veth(host, 5, "v", 2, 0);
	add_veth(web, 2, "v", 5, 0);
	add_veth(db, 2, "v", 5, 0);
	know(host, 0, NULL);
	know(web, 0, host);
	know(db, 0, host);
	infer(host);
	assert_null(nsid_to(host, 0));
}

/* One of two links moved between two readings: the number cannot mean both. */
static void links_of_a_number_must_agree(void **state)
{
	struct net_ns *host = add_ns(1), *web = add_ns(2), *db = add_ns(3);

	(void)state;
	add_veth(host, 5, "v", 2, 0);
	add_veth(host, 6, "v", 3, 0);
	add_veth(web, 2, "v", 5, 0);
	add_veth(db, 3, "v", 6, 0);
	know(host, 0, NULL);
	know(web, 0, host);
	know(db, 0, host);
	infer(host);
	assert_null(nsid_to(host, 0));
}

static void what_is_known_is_left_alone(void **state)
{
	struct net_ns *host = add_ns(1), *web = add_ns(2), *db = add_ns(3);

	(void)state;
	add_veth(host, 5, "v", 2, 0);
	add_veth(web, 2, "v", 5, 0);
	know(host, 0, db);
	know(web, 0, host);
	infer(host);
	assert_ptr_equal(nsid_to(host, 0), db);
}

/* ---- hidden ones */

static struct net_ns *add_hidden(struct vec *hidden, struct net_ns *viewer, int32_t id)
{
	struct net_ns *one = net_ns_new(net, NULL);

	one->seen_by = viewer;
	one->via_nsid = id;
	one->entry_words = "hidden";
	know(viewer, id, one);
	*(struct net_ns **)vec_add(hidden) = one;
	return one;
}

static void told(struct vec *same, struct net_ns *a, struct net_ns *b, bool is)
{
	*(struct hidden_same *)vec_add(same) = (struct hidden_same){ a, b, is };
}

static void same_ones_become_one(void **state)
{
	struct net_ns *a = add_ns(1), *b = add_ns(2), *c = add_ns(3), *first;
	struct vec hidden = VEC(struct net_ns *);
	autovec same = VEC(struct hidden_same);

	(void)state;
	first = add_hidden(&hidden, a, 4);
	told(&same, add_hidden(&hidden, b, 5), add_hidden(&hidden, c, 6), true);
	told(&same, first, nsid_to(c, 6), true);
	hidden_join(net, &hidden, &same);
	assert_int_equal(net->n, 4);
	assert_ptr_equal(nsid_to(a, 4), first);
	assert_ptr_equal(nsid_to(b, 5), first);
	assert_ptr_equal(nsid_to(c, 6), first);
	assert_null(first->maybe);
}

static void undecided_ones_may_be_one(void **state)
{
	struct net_ns *a = add_ns(1), *b = add_ns(2), *x, *y, *z;
	struct vec hidden = VEC(struct net_ns *);
	autovec same = VEC(struct hidden_same);

	(void)state;
	x = add_hidden(&hidden, a, 0);
	y = add_hidden(&hidden, b, 0);
	z = add_hidden(&hidden, b, 1);
	told(&same, z, x, false);
	hidden_join(net, &hidden, &same);
	assert_int_equal(net->n, 5);
	assert_ptr_equal(x->maybe, y);
	assert_ptr_equal(y->maybe, x);
	assert_non_null(strstr(x->entry_words, "may be the same"));
	assert_null(z->maybe);
}

/* A pair has two ends, so that two pairs cannot end at one link. */
static void ends_with_one_number_tell_them_apart(void **state)
{
	struct net_ns *a = add_ns(1), *b = add_ns(2), *x, *y;
	struct vec hidden = VEC(struct net_ns *);
	autovec same = VEC(struct hidden_same);

	(void)state;
	add_veth(a, 2, "v", 9, 0);
	add_veth(b, 2, "v", 9, 0);
	x = add_hidden(&hidden, a, 0);
	y = add_hidden(&hidden, b, 0);
	hidden_join(net, &hidden, &same);
	assert_null(x->maybe);
	assert_null(y->maybe);
}

static void addresses_tell_them_apart(void **state)
{
	static struct net_addr addr = { .ip = { AF_INET, { 10, 0, 0, 1 } }, .len = 24, .index = 2 };
	struct net_ns *a = add_ns(1), *b = add_ns(2), *x, *y;
	struct vec hidden = VEC(struct net_ns *);
	autovec same = VEC(struct hidden_same);

	(void)state;
	x = add_hidden(&hidden, a, 0);
	y = add_hidden(&hidden, b, 0);
	x->parts[NET_PART_ADDRS].fact = y->parts[NET_PART_ADDRS].fact = fact_known();
	x->addrs = &addr;
	x->naddrs = 1;
	hidden_join(net, &hidden, &same);
	assert_null(x->maybe);
	assert_null(y->maybe);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(number_means_where_the_other_end_is),
		CASE(end_that_leads_nowhere_known_proves_nothing),
		CASE(two_that_claim_an_end_are_not_believed),
		CASE(links_of_a_number_must_agree),
		CASE(what_is_known_is_left_alone),
		CASE(same_ones_become_one),
		CASE(undecided_ones_may_be_one),
		CASE(ends_with_one_number_tell_them_apart),
		CASE(addresses_tell_them_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
