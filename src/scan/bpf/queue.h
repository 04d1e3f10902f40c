/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Files that are at no descriptor: in the queues of unix sockets, in those of sockets that are in
 * such a queue themselves or were not accepted yet, and registered with an io_uring. Nothing of
 * this can be locked here: a file counts only if it still was where it was found, once it had been
 * looked at.
 */
#ifndef NSVIEW_SCAN_BPF_QUEUE_H
#define NSVIEW_SCAN_BPF_QUEUE_H

#include "emit.h"
#include "files.h"

enum {
	SOCKS_MAX = 64,	     /* queues that one descriptor leads to */
	STEPS_MAX = 1 << 16, /* messages and files in them, or slots of an io_uring */
	/* In all: a hundred thousand descriptors may be of one queue, which costs but those. */
	STEPS_TOTAL = 1 << 20,
	QUEUED_FDS_MAX = 253, /* in one message */
	LISTENING = 10,	      /* TCP_LISTEN, which unix sockets use as well */
	FILE_POINTER = ~7,    /* an io_uring keeps flags in the bits below */
};

struct {
	int state, queue;
	int skb_sk, skb_fp;
	int fp_count, fp;
	int ring_nr, ring_nodes, node_file;
} queue_at;

/* Queues still to be looked at, and the one that is. */
struct {
	__u64 socks[SOCKS_MAX];
	unsigned n, next;
	__u64 head, skb, fp;
	bool listening;
	unsigned count, index; /* of the files in fp */
	unsigned mark;	       /* records before fp */
} queue;

/* The io_uring that is at the descriptor, 0: none. */
__u64 ring;

/* Taken so far, of all queues and rings. */
unsigned steps;

/* What a file refers to: files.bpf's side of the matter. */
int take_file(__u64 file);

static __always_inline void find_queue_offsets(void)
{
	queue_at.skb_sk = OFFSET(sk_buff, sk);
	queue_at.skb_fp = OFFSET(sk_buff, cb) + OFFSET(unix_skb_parms, fp);
	queue_at.fp_count = OFFSET(scm_fp_list, count);
	queue_at.fp = OFFSET(scm_fp_list, fp);
	queue_at.ring_nodes = OFFSET_IF(io_ring_ctx, file_table.data.nodes);
	if (queue_at.ring_nodes != UNKNOWN) {
		queue_at.ring_nr = OFFSET(io_ring_ctx, file_table.data.nr);
		queue_at.node_file = OFFSET(io_rsrc_node, file_ptr);
	}
}

/* The first pointer of a queue's head, and of what is in it, leads to the next. */
__noinline int queue_add(__u64 sk)
{
	__u64 head = sk + queue_at.queue;
	unsigned n;

	if (!sk || read_pointer(head, 0) == head)
		return 0;
	for (unsigned i = 0; i < SOCKS_MAX && i < queue.n; i++)
		if (queue.socks[i] == sk)
			return 0;
	/* Read again: of what the loop ended with, Linux 6.1 infers a range that is none. */
	n = *(volatile unsigned *)&queue.n;
	if (n >= SOCKS_MAX) {
		counters.cut++;
		return 0;
	}
	queue.socks[n & (SOCKS_MAX - 1)] = sk;
	queue.n = n + 1;
	return 0;
}

static __always_inline long next_queue(void)
{
	__u64 sk;

	if (queue.next >= queue.n)
		return 1;
	sk = queue.socks[queue.next++ & (SOCKS_MAX - 1)];
	queue.head = sk + queue_at.queue;
	queue.skb = read_pointer(queue.head, 0);
	queue.listening = (read_uint(sk, queue_at.state) & 0xff) == LISTENING;
	queue.fp = 0;
	return 0;
}

static __always_inline void next_message(void)
{
	queue.skb = read_pointer(queue.skb, 0);
	queue.fp = 0;
}

/* A message of a listening socket is the other end of a connection to be accepted. */
static __always_inline void begin_message(void)
{
	if (queue.listening)
		queue_add(read_pointer(queue.skb, queue_at.skb_sk));
	else
		queue.fp = read_pointer(queue.skb, queue_at.skb_fp);
	if (!queue.fp) {
		next_message();
		return;
	}
	queue.mark = counters.records;
	queue.index = 0;
	queue.count = read_uint(queue.fp, queue_at.fp_count) & 0xffff;
	if (queue.count > QUEUED_FDS_MAX)
		queue.count = 0;
}

static __always_inline void end_message(void)
{
	if (read_pointer(queue.skb, queue_at.skb_fp) == queue.fp)
		counters.queued += queue.count;
	else
		counters.records = queue.mark;
	next_message();
}

static long queue_step(__u32 i __attribute__((unused)), void *unused __attribute__((unused)))
{
	if (!queue.head)
		return next_queue();
	if (!queue.skb || queue.skb == queue.head)
		queue.head = 0;
	else if (!queue.fp)
		begin_message();
	else if (queue.index < queue.count)
		take_file(read_pointer(queue.fp, queue_at.fp + (int)(8 * queue.index++)));
	else
		end_message();
	return 0;
}

static __always_inline unsigned steps_left(unsigned wanted)
{
	unsigned left = steps < STEPS_TOTAL ? STEPS_TOTAL - steps : 0;

	if (wanted > STEPS_MAX)
		wanted = STEPS_MAX;
	return wanted < left ? wanted : left;
}

static __always_inline void walk_queues(void)
{
	unsigned n = steps_left(STEPS_MAX);
	long taken;

	cur.via = VIA_QUEUE;
	taken = bpf_loop(n, queue_step, NULL, 0);
	steps += taken;
	if (taken == n)
		counters.cut++;
}

static long ring_step(__u32 i, __u64 *nodes)
{
	__u64 node = read_pointer(*nodes, (int)(8 * i));
	__u64 file = node ? read_pointer(node, queue_at.node_file) & FILE_POINTER : 0;
	unsigned mark = counters.records;

	if (!file)
		return 0;
	take_file(file);
	if (read_pointer(*nodes, (int)(8 * i)) != node ||
	    (read_pointer(node, queue_at.node_file) & FILE_POINTER) != file)
		counters.records = mark;
	return 0;
}

static __always_inline void walk_ring(void)
{
	__u64 nodes;
	unsigned slots, n;

	cur.via = VIA_RING;
	counters.rings++;
	if (queue_at.ring_nodes == UNKNOWN) {
		write_record(WAY_RING, 0, 0, 0);
		return;
	}
	nodes = read_pointer(ring, queue_at.ring_nodes);
	slots = nodes ? read_uint(ring, queue_at.ring_nr) : 0;
	n = steps_left(slots);
	steps += n;
	bpf_loop(n, ring_step, &nodes, 0);
	if (n < slots)
		counters.cut++;
}

#endif
