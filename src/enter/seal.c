/* SPDX-License-Identifier: MIT */
/*
 * CVE-2019-5736: a target may have the very command be a script for /proc/self/exe, or a link to
 * it. While exec is under way that is the program of the process that calls it: if that were
 * nsview, who is inside could open it and later write to it, on the host. So the child first
 * becomes the anchor, from a sealed file in memory. Where the anchor is not built for this machine,
 * a sealed copy of nsview stands in, which is slower (nsview __anchor).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nsview/cleanup.h>
#include <nsview/kern.h>

#include "seal.h"

enum { SEALS = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE };

#ifdef ANCHOR_FILE
__asm__(".section .rodata\n"
	".balign 16\n"
	"anchor_begin:\n"
	".incbin \"" ANCHOR_FILE "\"\n"
	"anchor_end:\n"
	".previous\n");
extern const char anchor_begin[], anchor_end[];

/* What stands in front of the anchor's own words. */
static char *const first_words[] = { NULL };

static int fill(int fd)
{
	size_t len = (size_t)(anchor_end - anchor_begin);

	return write(fd, anchor_begin, len) == (ssize_t)len ? 0 : -EIO;
}
#else
static char *const first_words[] = { (char *)"nsview", (char *)"__anchor", NULL };

static int fill(int fd)
{
	autoclose int self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	struct stat st;
	off_t left;

	if (self < 0 || fstat(self, &st) < 0)
		return -errno;
	for (left = st.st_size; left > 0;) {
		ssize_t n = sendfile(fd, self, NULL, (size_t)left);

		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		left -= n;
	}
	return 0;
}
#endif

int seal_prepare(struct session *s, struct error *err)
{
	autoclose int fd = kern_memfd("nsview", true);
	int ret = fd < 0 ? fd : fill(fd);

	if (ret == 0 && fcntl(fd, F_ADD_SEALS, SEALS) < 0)
		ret = -errno;
	if (ret < 0)
		return error_set(err, ret,
				 "cannot make a sealed file in memory, without which the target "
				 "could overwrite nsview: %s%s",
				 strerror(-ret), ret == -EACCES ? " (vm.memfd_noexec is 2)" : "");
	s->prepared.anchor = steal_fd(&fd);
	return 0;
}

int seal_run(struct session *s, const char *path)
{
	char *const *argv = s->prepared.argv;
	char sock[16] = "-";
	size_t n = 0, at = 0;
	char **all;

	while (argv[n])
		n++;
	all = calloc(n + sizeof(first_words) / sizeof(*first_words) + 3, sizeof(*all));
	if (!all)
		return -ENOMEM;
	for (; first_words[at]; at++)
		all[at] = first_words[at];
	if (s->sock >= 0) { /* the anchor has it closed by the next exec */
		snprintf(sock, sizeof(sock), "%d", s->sock);
		fcntl(s->sock, F_SETFD, 0);
	}
	all[at++] = sock;
	all[at++] = (char *)path;
	memcpy(all + at, argv, n * sizeof(*all));
	fexecve(s->prepared.anchor, all, s->prepared.env);
	free(all);
	return -errno;
}
