/* SPDX-License-Identifier: MIT */
/* Network namespace ids (ip-netns(8), RTM_GETNSID): the numbers one netns gives others. */
#ifndef NSVIEW_NSID_H
#define NSVIEW_NSID_H

#include <stdint.h>

struct nsid;

/* Opens a netlink socket in the caller's network namespace; NULL with *out_error -errno. */
struct nsid *nsid_open(int *out_error);
void nsid_close(struct nsid *n);

/*
 * The id that our network namespace has for the one behind ns_fd: 0 and *out_id >= 0, or -ENOENT
 * where none is assigned, or -errno. Assigns none itself.
 */
int nsid_get(struct nsid *n, int ns_fd, int32_t *out_id);

#endif
