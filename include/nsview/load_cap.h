/* SPDX-License-Identifier: MIT */
/*
 * libcap, which is loaded by the first call of any of its functions: they have their own names
 * here, since many call them. Who will need one where files are not ours any more calls libcap_load
 * before.
 */
#ifndef NSVIEW_LOAD_CAP_H
#define NSVIEW_LOAD_CAP_H

#include <sys/capability.h>

#include <nsview/library.h>

#define LIBCAP(X)                                                                                  \
	X(cap_, free)                                                                              \
	X(cap_, from_name)                                                                         \
	X(cap_, get_flag)                                                                          \
	X(cap_, get_proc)                                                                          \
	X(cap_, init)                                                                              \
	X(cap_, max_bits)                                                                          \
	X(cap_, set_flag)                                                                          \
	X(cap_, set_proc)                                                                          \
	X(cap_, to_name)

LIBRARY_DECLARE(libcap, LIBCAP);

#ifdef LAZY
#define cap_free      libcap_must()->free
#define cap_from_name libcap_must()->from_name
#define cap_get_flag  libcap_must()->get_flag
#define cap_get_proc  libcap_must()->get_proc
#define cap_init      libcap_must()->init
#define cap_max_bits  libcap_must()->max_bits
#define cap_set_flag  libcap_must()->set_flag
#define cap_set_proc  libcap_must()->set_proc
#define cap_to_name   libcap_must()->to_name
#endif

#endif
