/* SPDX-License-Identifier: MIT */
/* Which words of mount(8) are about the mount; all others are about the file system. */
#include <stdbool.h>
#include <string.h>

#include <nsview/kern_mount.h>

#include "make_options.h"

static const struct {
	const char *word;
	uint64_t set, clear;
} words[] = {
	{ "defaults", 0, 0 },
	{ "ro", KERN_RDONLY, 0 },
	{ "rw", 0, KERN_RDONLY },
	{ "nosuid", KERN_NOSUID, 0 },
	{ "suid", 0, KERN_NOSUID },
	{ "nodev", KERN_NODEV, 0 },
	{ "dev", 0, KERN_NODEV },
	{ "noexec", KERN_NOEXEC, 0 },
	{ "exec", 0, KERN_NOEXEC },
	{ "noatime", KERN_NOATIME, KERN_ATIME },
	{ "relatime", 0, KERN_ATIME },
	{ "strictatime", KERN_STRICTATIME, KERN_ATIME },
	{ "nodiratime", KERN_NODIRATIME, 0 },
	{ "diratime", 0, KERN_NODIRATIME },
	{ "nosymfollow", KERN_NOSYMFOLLOW, 0 },
	{ "symfollow", 0, KERN_NOSYMFOLLOW },
};

static bool add_word(struct mount_options *out, const char *word)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(word, words[i].word) != 0)
			continue;
		/* The last word wins. */
		out->set = (out->set & ~words[i].clear) | words[i].set;
		out->clear = (out->clear & ~words[i].set) | words[i].clear;
		/* All times are one field, which is cleared whole before it is set. */
		if (words[i].set & KERN_ATIME)
			out->clear |= KERN_ATIME;
		return true;
	}
	return false;
}

void mount_options_add(struct mount_options *out, const char *text)
{
	autobuffer word = BUFFER_INIT;

	while (text && *text) {
		buffer_clear(&word);
		for (; *text && *text != ','; text++) {
			if (text[0] == '\\' && text[1] == ',')
				text++;
			buffer_char(&word, *text);
		}
		text += *text == ',';
		if (word.len > 0 && !add_word(out, word.data))
			buffer_append(&out->own, word.data, word.len + 1);
	}
}
