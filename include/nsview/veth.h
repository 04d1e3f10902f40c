/* SPDX-License-Identifier: MIT */
/*
 * Links and addresses of the calling thread's network namespace, as far as making one takes:
 * rtnetlink(7). 0 or -errno; sentences in err.
 */
#ifndef NSVIEW_VETH_H
#define NSVIEW_VETH_H

#include <stdint.h>
#include <sys/types.h>
#include <nsview/error.h>

struct link_address {
	int family; /* AF_INET, AF_INET6 */
	uint8_t bytes[16];
	uint8_t prefix;
};

/* "10.0.0.1/24", "fd00::1/64"; without a length it is the whole address. -EINVAL. */
int link_address_parse(const char *text, struct link_address *out);

/* Whether a link may be called so: 1 to 15 bytes, no slash, colon, blank or control character. */
int link_name_check(const char *name);

int link_up(const char *name, struct error *err);

/*
 * Loads what the rest takes, for who will call it where files are not ours any more: else the first
 * that is called does. -ELIBACC.
 */
int link_load(struct error *err);
int link_add_address(const char *name, const struct link_address *address, struct error *err);
int link_delete(const char *name, struct error *err);

/*
 * Makes the pair name (here) and peer (in the network namespace of process pid, by whom nothing has
 * to be opened). Both down.
 */
int veth_create(const char *name, const char *peer, pid_t pid, struct error *err);

#endif
