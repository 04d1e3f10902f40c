/* SPDX-License-Identifier: MIT */
/* Tries a connection from inside a network namespace, for real. */
#ifndef NSVIEW_PROBE_H
#define NSVIEW_PROBE_H

#include <stdint.h>
#include <nsview/error.h>
#include <nsview/net.h>

enum probe_outcome {
	PROBE_CONNECTED, /* UDP: something was answered */
	PROBE_FAILED,	 /* see error */
	PROBE_SILENT,	 /* UDP: nothing came back, which may be as it should be */
};

struct probe {
	enum probe_outcome outcome;
	int error; /* FAILED: -errno as connect(2) gives it; -ETIMEDOUT: no answer in time */
	uint32_t duration; /* microseconds */
};

/*
 * A short-lived child joins the namespace and connects; of UDP it sends one empty datagram. It
 * ends within PROBE_SECONDS. Must not be called while other threads run. -errno with words where
 * it could not be tried.
 */
enum { PROBE_SECONDS = 3 };
int probe_connect(const struct scan *s, const struct net_ns *from, const struct net_ip *ip,
		  uint16_t port, enum net_proto proto, struct probe *out, struct error *err);

#endif
