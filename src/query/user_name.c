/* SPDX-License-Identifier: MIT */
/*
 * Login names of uids, from the C library's user database. Thousands of rows share a few uids and
 * one look-up may ask a server, so that answers are kept, also that there is no name. Knows
 * nothing of rows; a place in the table is taken over by the next uid that falls there.
 */
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include <nsview/error.h>

#include "internal.h"

enum { SLOTS = 256, RECORD_MAX = 1 << 20 };

struct slot {
	bool used;
	uid_t uid;
	char *name; /* owned; NULL: it has no name */
};
static struct slot slots[SLOTS];

static char *look_up(uid_t uid)
{
	autobuffer record = BUFFER_INIT;
	struct passwd entry, *found = NULL;
	size_t size = 1024;
	char *name = NULL;
	int r;

	do {
		buffer_reserve(&record, size);
		r = getpwuid_r(uid, &entry, record.data, size, &found);
		size *= 2;
	} while (r == ERANGE && size <= RECORD_MAX);
	if (r || !found || !found->pw_name[0])
		return NULL;
	name = strdup(found->pw_name);
	if (!name)
		die("out of memory");
	return name;
}

void user_name(uid_t uid, struct buffer *out)
{
	struct slot *slot = &slots[uid % SLOTS];

	if (!slot->used || slot->uid != uid) {
		free(slot->name);
		*slot = (struct slot){ true, uid, look_up(uid) };
	}
	if (slot->name)
		buffer_text(out, slot->name);
	else
		buffer_uint(out, uid);
}
