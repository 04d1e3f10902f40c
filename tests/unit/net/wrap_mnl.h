/* SPDX-License-Identifier: MIT */
/*
 * libmnl without a kernel: a test with the line "// wrap: mnl_socket_sendto mnl_socket_recvfrom"
 * defines both, and calls wrap_mnl before anything is sent.
 */
#ifndef NSVIEW_TESTS_NET_WRAP_MNL_H
#define NSVIEW_TESTS_NET_WRAP_MNL_H

#include "../../../src/net/load_mnl.h"

ssize_t __wrap_mnl_socket_sendto(const struct mnl_socket *nl, const void *buf, size_t len);
ssize_t __wrap_mnl_socket_recvfrom(const struct mnl_socket *nl, void *buf, size_t size);

/* What is loaded when it is needed is not there for the linker to wrap. */
static inline void wrap_mnl(void)
{
#ifdef LAZY
	mnl_must();
	mnl.socket_sendto = __wrap_mnl_socket_sendto;
	mnl.socket_recvfrom = __wrap_mnl_socket_recvfrom;
#endif
}

#endif
