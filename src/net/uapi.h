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

#endif
