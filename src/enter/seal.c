/* SPDX-License-Identifier: MIT */
/*
 * CVE-2019-5736: a target may have the very command be a script for /proc/self/exe, or a link to
 * it. While exec is under way that is the program of the process that calls it: if that were
 * nsview's file, who is inside could open it and later write to it, on the host. So the child first
 * becomes the anchor, from a sealed file in memory. Where no anchor is built for this machine,
 * nsview itself runs from a sealed copy, which it has to become while libraries are the host's.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nsview/cleanup.h>
#include <nsview/kern.h>
#include <nsview/procfile.h>

#include "seal.h"

enum { SEALS = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE };

static int unsealed(int error, struct error *err)
{
	return error_set(err, error,
			 "cannot make a sealed file in memory, without which the target could "
			 "overwrite nsview: %s%s",
			 strerror(-error),
			 error == -EACCES  ? " (vm.memfd_noexec is 2)"
			 : error == -EFBIG ? " (RLIMIT_FSIZE)"
					   : "");
}

#ifdef ANCHOR_FILE
__asm__(".section .rodata\n"
	".balign 16\n"
	"anchor_begin:\n"
	".incbin \"" ANCHOR_FILE "\"\n"
	"anchor_end:\n"
	".previous\n");
extern const char anchor_begin[], anchor_end[];

int enter_seal(bool sigpipe_ignored, struct error *err)
{
	(void)sigpipe_ignored;
	(void)err;
	return 0;
}

int seal_prepare(struct session *s, struct error *err)
{
	size_t len = (size_t)(anchor_end - anchor_begin);
	autoclose int fd = kern_memfd("nsview", true);
	ssize_t n = fd < 0 ? -1 : write(fd, anchor_begin, len);
	int ret = fd < 0 ? fd : n < 0 ? -errno : (size_t)n == len ? 0 : -EIO;

	if (ret == 0 && fcntl(fd, F_ADD_SEALS, SEALS) < 0)
		ret = -errno;
	if (ret < 0)
		return unsealed(ret, err);
	s->prepared.anchor = steal_fd(&fd);
	return 0;
}
#else
/* As exec(3) wants it, of the NUL-separated words that we were started with. */
static char **own_words(const struct buffer *text)
{
	char **words = calloc(text->len + 1, sizeof(*words));
	size_t n = 0;

	if (!words)
		die("out of memory");
	for (size_t at = 0; at < text->len; at += strlen(text->data + at) + 1)
		words[n++] = text->data + at;
	return words;
}

static int copy_sealed(int self)
{
	autoclose int fd = kern_memfd("nsview", true);
	struct stat st;

	if (fd < 0)
		return fd;
	if (fstat(self, &st) < 0)
		return -errno;
	for (off_t left = st.st_size; left > 0;) {
		ssize_t n = sendfile(fd, self, NULL, (size_t)left);

		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		left -= n;
	}
	return fcntl(fd, F_ADD_SEALS, SEALS) < 0 ? -errno : steal_fd(&fd);
}

/* Returns only on failure. */
static int become_copy(int self, bool sigpipe_ignored)
{
	autobuffer text = BUFFER_INIT;
	autofree char **words = NULL;
	void (*xfsz)(int) = signal(SIGXFSZ, SIG_IGN);
	autoclose int copy = copy_sealed(self);
	int ret = copy < 0 ? copy : proc_read(-1, "/proc/self/cmdline", 64 << 20, &text);

	signal(SIGXFSZ, xfsz);
	if (ret < 0)
		return ret;
	words = own_words(&text);
	if (!sigpipe_ignored)
		signal(SIGPIPE, SIG_DFL);
	fexecve(copy, words, environ);
	return -errno;
}

int enter_seal(bool sigpipe_ignored, struct error *err)
{
	autoclose int self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	int seals = self < 0 ? -1 : fcntl(self, F_GET_SEALS);

	/* It is the copy by now, which exec has called by a number. */
	if (seals >= 0 && (seals & SEALS) == SEALS) {
		prctl(PR_SET_NAME, "nsview");
		return 0;
	}
	/* The copy would not know of it, and enter_run has words of its own. */
	if (getauxval(AT_SECURE))
		return 0;
	return unsealed(self < 0 ? -errno : become_copy(self, sigpipe_ignored), err);
}

int seal_prepare(struct session *s, struct error *err)
{
	(void)s;
	(void)err;
	return 0;
}
#endif

int seal_run(struct session *s, const char *path)
{
	char *const *argv = s->prepared.argv;
	char fd[16] = "-";
	size_t n = 0;
	char **all;

	while (argv[n])
		n++;
	all = calloc(n + 3, sizeof(*all));
	if (!all)
		return -ENOMEM;
	if (s->exec_fd >= 0) { /* the anchor has it closed by the next exec */
		snprintf(fd, sizeof(fd), "%d", s->exec_fd);
		fcntl(s->exec_fd, F_SETFD, 0);
	}
	all[0] = fd;
	all[1] = (char *)path;
	memcpy(all + 2, argv, n * sizeof(*all));
	fexecve(s->prepared.anchor, all, s->prepared.env);
	free(all);
	return -errno;
}
