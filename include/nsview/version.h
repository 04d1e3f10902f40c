/* SPDX-License-Identifier: MIT */
/* The one place with the version; the Makefile reads it from here. */
#ifndef NSVIEW_VERSION_H
#define NSVIEW_VERSION_H

#define NSVIEW_VERSION "0.1.0"

#endif
