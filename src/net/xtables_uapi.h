/* SPDX-License-Identifier: MIT */
/* The kernel's layout of legacy tables; net/if.h comes first, or linux/if.h says it all again. */
#ifndef NSVIEW_NET_XTABLES_UAPI_H
#define NSVIEW_NET_XTABLES_UAPI_H

#include <net/if.h>

#include <linux/netfilter_arp/arp_tables.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>

#endif
