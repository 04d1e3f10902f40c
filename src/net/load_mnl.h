/* SPDX-License-Identifier: MIT */
/*
 * libmnl, which is loaded by the first call of any of its functions: they have their own names
 * here, since many call them. Private to the room.
 */
#ifndef NSVIEW_NET_LOAD_MNL_H
#define NSVIEW_NET_LOAD_MNL_H

#include <libmnl/libmnl.h>

#include <nsview/library.h>

#define MNL(X)                                                                                     \
	X(mnl_, attr_get_payload)                                                                  \
	X(mnl_, attr_get_payload_len)                                                              \
	X(mnl_, attr_get_type)                                                                     \
	X(mnl_, attr_get_u32)                                                                      \
	X(mnl_, attr_nest_end)                                                                     \
	X(mnl_, attr_nest_start)                                                                   \
	X(mnl_, attr_ok)                                                                           \
	X(mnl_, attr_parse)                                                                        \
	X(mnl_, attr_put)                                                                          \
	X(mnl_, attr_put_check)                                                                    \
	X(mnl_, attr_put_strz)                                                                     \
	X(mnl_, attr_put_u32)                                                                      \
	X(mnl_, attr_validate)                                                                     \
	X(mnl_, cb_run)                                                                            \
	X(mnl_, nlmsg_get_payload)                                                                 \
	X(mnl_, nlmsg_get_payload_len)                                                             \
	X(mnl_, nlmsg_next)                                                                        \
	X(mnl_, nlmsg_ok)                                                                          \
	X(mnl_, nlmsg_put_extra_header)                                                            \
	X(mnl_, nlmsg_put_header)                                                                  \
	X(mnl_, socket_bind)                                                                       \
	X(mnl_, socket_close)                                                                      \
	X(mnl_, socket_fdopen)                                                                     \
	X(mnl_, socket_get_fd)                                                                     \
	X(mnl_, socket_get_portid)                                                                 \
	X(mnl_, socket_open2)                                                                      \
	X(mnl_, socket_recvfrom)                                                                   \
	X(mnl_, socket_sendto)                                                                     \
	X(mnl_, socket_setsockopt)

LIBRARY_DECLARE(mnl, MNL);

#ifdef LAZY
#define mnl_attr_get_payload	   mnl_must()->attr_get_payload
#define mnl_attr_get_payload_len   mnl_must()->attr_get_payload_len
#define mnl_attr_get_type	   mnl_must()->attr_get_type
#define mnl_attr_get_u32	   mnl_must()->attr_get_u32
#define mnl_attr_nest_end	   mnl_must()->attr_nest_end
#define mnl_attr_nest_start	   mnl_must()->attr_nest_start
#define mnl_attr_ok		   mnl_must()->attr_ok
#define mnl_attr_parse		   mnl_must()->attr_parse
#define mnl_attr_put		   mnl_must()->attr_put
#define mnl_attr_put_check	   mnl_must()->attr_put_check
#define mnl_attr_put_strz	   mnl_must()->attr_put_strz
#define mnl_attr_put_u32	   mnl_must()->attr_put_u32
#define mnl_attr_validate	   mnl_must()->attr_validate
#define mnl_cb_run		   mnl_must()->cb_run
#define mnl_nlmsg_get_payload	   mnl_must()->nlmsg_get_payload
#define mnl_nlmsg_get_payload_len  mnl_must()->nlmsg_get_payload_len
#define mnl_nlmsg_next		   mnl_must()->nlmsg_next
#define mnl_nlmsg_ok		   mnl_must()->nlmsg_ok
#define mnl_nlmsg_put_extra_header mnl_must()->nlmsg_put_extra_header
#define mnl_nlmsg_put_header	   mnl_must()->nlmsg_put_header
#define mnl_socket_bind		   mnl_must()->socket_bind
#define mnl_socket_close	   mnl_must()->socket_close
#define mnl_socket_fdopen	   mnl_must()->socket_fdopen
#define mnl_socket_get_fd	   mnl_must()->socket_get_fd
#define mnl_socket_get_portid	   mnl_must()->socket_get_portid
#define mnl_socket_open2	   mnl_must()->socket_open2
#define mnl_socket_recvfrom	   mnl_must()->socket_recvfrom
#define mnl_socket_sendto	   mnl_must()->socket_sendto
#define mnl_socket_setsockopt	   mnl_must()->socket_setsockopt
#endif

#endif
