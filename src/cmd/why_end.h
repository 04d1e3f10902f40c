/* SPDX-License-Identifier: MIT */
/* The two ends that `nsview why` is asked about, as they are typed. */
#ifndef NSVIEW_CMD_WHY_END_H
#define NSVIEW_CMD_WHY_END_H

#include <nsview/net.h>

struct why_end {
	char word[512];	  /* the target; "" where an address alone was given */
	struct net_ip ip; /* family 0: none */
	uint16_t port;	  /* 0: none */
	enum net_proto proto;
};

/* A: a target; an address stands for whom it belongs to. -EINVAL with words. */
int why_near_end(const char *word, struct why_end *out, struct error *err);
/* B[:PORT][/tcp|udp]: a target or an address. -EINVAL with words. */
int why_far_end(const char *word, struct why_end *out, struct error *err);

#endif
