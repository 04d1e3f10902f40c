/* SPDX-License-Identifier: MIT */
/* libmnl, loaded when it is first needed (library.h). Knows not what for. */
#include <nsview/veth.h>

#include "load_mnl.h"

LIBRARY_DEFINE(mnl, MNL, SONAME_libmnl, "required", "asks about networks, and makes links");

int link_load(struct error *err)
{
	return mnl_load(err);
}
