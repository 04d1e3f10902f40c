/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * TCP connections that no process has open any more and that the kernel still brings to an end:
 * each refers to its network namespace. They stand in the kernel's table of connections, which is
 * as a rule one for all network namespaces.
 */
#ifndef NSVIEW_SCAN_BPF_ORPHAN_H
#define NSVIEW_SCAN_BPF_ORPHAN_H

#include "emit.h"
#include "files.h"

enum {
	BUCKETS_MAX = 1 << 23,
	CHAIN_MAX = 1 << 10,
	FLAG_DEAD = 1, /* SOCK_DEAD */
	/* In these states it is but a stand-in that refers to nothing. */
	STATE_TIME_WAIT = 6,
	STATE_NEW_SYN_RECV = 12,
};

struct {
	int hashinfo, ehash, mask;
	int node, flags, state, net;
} orphan_at;

static __always_inline void find_orphan_offsets(void)
{
	orphan_at.hashinfo = OFFSET_IF(net___tcp, ipv4.tcp_death_row.hashinfo); /* 6.1 */
	orphan_at.ehash = OFFSET(inet_hashinfo, ehash);
	orphan_at.mask = OFFSET(inet_hashinfo, ehash_mask);
	orphan_at.node = OFFSET(sock, __sk_common.skc_nulls_node);
	orphan_at.flags = OFFSET(sock, __sk_common.skc_flags);
	orphan_at.state = OFFSET(sock, __sk_common.skc_state);
	orphan_at.net = OFFSET(sock, __sk_common.skc_net.net);
}

static __always_inline void take_connection(__u64 sk)
{
	__u32 state = read_uint(sk, orphan_at.state) & 0xff;
	__u64 net = read_pointer(sk, orphan_at.net);

	if (state == STATE_TIME_WAIT || state == STATE_NEW_SYN_RECV || net == own.ns[RECORD_NET])
		return;
	if (read_uint(sk, orphan_at.flags) & FLAG_DEAD) {
		__builtin_memset(&told, 0, sizeof(told));
		emit(WAY_ORPHAN, RECORD_NET, net, sk);
	}
}

static long connection_step(__u32 i __attribute__((unused)), __u64 *node)
{
	/* The end of a chain is an odd number. */
	if (!*node || *node & 1)
		return 1;
	take_connection(*node - orphan_at.node);
	*node = read_pointer(*node, 0);
	return 0;
}

static long bucket_step(__u32 i, __u64 *ehash)
{
	__u64 node = read_pointer(*ehash, (int)(8 * i));

	if (node && !(node & 1))
		bpf_loop(CHAIN_MAX, connection_step, &node, 0);
	return 0;
}

static __always_inline void walk_orphans(void)
{
	__u64 info, ehash;
	__u32 mask;

	if (orphan_at.hashinfo == UNKNOWN)
		return;
	info = read_pointer(own.ns[RECORD_NET], orphan_at.hashinfo);
	ehash = info ? read_pointer(info, orphan_at.ehash) : 0;
	mask = ehash ? read_uint(info, orphan_at.mask) : 0;
	if (ehash && mask < BUCKETS_MAX)
		bpf_loop(mask + 1, bucket_step, &ehash, 0);
}

#endif
