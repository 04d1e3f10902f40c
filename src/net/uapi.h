/* SPDX-License-Identifier: MIT */
/*
 * Netlink constants that the headers of older distributions lack, each with the Linux version that
 * brought it; and the kernel's headers that they belong to. Private to net/.
 */
#ifndef NSVIEW_NET_UAPI_H
#define NSVIEW_NET_UAPI_H

#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#ifndef SOL_NETLINK
#define SOL_NETLINK 270
#endif

/* linux/in.h: 5.6 */
#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif
/* linux/inet_diag.h: 5.10 */
#define UAPI_INET_DIAG_REQ_PROTOCOL 3

/* linux/netfilter/nf_tables.h: flags of sets (5.6) and elements (5.13), attributes of elements
 * (5.6, 5.11) */
enum {
	UAPI_NFT_SET_CONCAT = 0x80,
	UAPI_NFT_SET_ELEM_CATCHALL = 0x2,
	UAPI_NFTA_SET_ELEM_KEY_END = 10,
	UAPI_NFTA_SET_ELEM_EXPRESSIONS = 11
};
/* The same file: what a hook's device may be given by, 6.18 */
#define UAPI_NFTA_DEVICE_PREFIX 2

#endif
