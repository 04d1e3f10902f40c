/* SPDX-License-Identifier: MIT */
/*
 * Finds the command in PATH and becomes it. The kernel says ENOENT alike for a file, for the
 * interpreter that a script names and for the loader that a program names: which one is missing is
 * read from the file's first bytes.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nsview/buffer.h>
#include <nsview/cleanup.h>
#include <nsview/escape.h>

#include "program.h"
#include "seal.h"

enum { HEAD_MAX = 4096 };

static const char *shown(struct buffer *out, const char *text)
{
	buffer_clear(out);
	escape_text(out, text, strlen(text), ESCAPE_UTF8);
	return buffer_str(out);
}

static ssize_t read_head(const char *path, char *out, size_t size)
{
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	ssize_t n = fd < 0 ? -1 : read(fd, out, size - 1);

	out[n > 0 ? n : 0] = '\0';
	return n;
}

/* "#! interpreter argument": the interpreter, cut out of head. */
static const char *script_interpreter(char *head, ssize_t n)
{
	char *at = head + 2;

	if (n < 3 || head[0] != '#' || head[1] != '!')
		return NULL;
	at += strspn(at, " \t");
	at[strcspn(at, " \t\n")] = '\0';
	return *at ? at : NULL;
}

/* Both classes have the type, offset and size of a segment where their own header says. */
static const char *elf_segment(const char *head, size_t n, size_t at, bool wide)
{
	uint32_t type;
	uint64_t offset, size;
	uint32_t offset32, size32;

	memcpy(&type, head + at, sizeof(type));
	if (type != PT_INTERP)
		return NULL;
	if (wide) {
		memcpy(&offset, head + at + offsetof(Elf64_Phdr, p_offset), sizeof(offset));
		memcpy(&size, head + at + offsetof(Elf64_Phdr, p_filesz), sizeof(size));
	} else {
		memcpy(&offset32, head + at + offsetof(Elf32_Phdr, p_offset), sizeof(offset32));
		memcpy(&size32, head + at + offsetof(Elf32_Phdr, p_filesz), sizeof(size32));
		offset = offset32;
		size = size32;
	}
	if (!size || offset >= n || size > n - offset || head[offset + size - 1] != '\0')
		return NULL;
	return head + offset;
}

/* The loader that a program of our own byte order names. */
static const char *elf_interpreter(const char *head, ssize_t n)
{
	bool wide = n > EI_CLASS && head[EI_CLASS] == ELFCLASS64;
	size_t step = wide ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
	uint64_t at = 0;
	uint32_t at32;
	uint16_t count;

	if (n < (ssize_t)sizeof(Elf64_Ehdr) || memcmp(head, ELFMAG, SELFMAG) != 0)
		return NULL;
	if (wide) {
		memcpy(&at, head + offsetof(Elf64_Ehdr, e_phoff), sizeof(at));
		memcpy(&count, head + offsetof(Elf64_Ehdr, e_phnum), sizeof(count));
	} else {
		memcpy(&at32, head + offsetof(Elf32_Ehdr, e_phoff), sizeof(at32));
		memcpy(&count, head + offsetof(Elf32_Ehdr, e_phnum), sizeof(count));
		at = at32;
	}
	for (; count && at < (uint64_t)n && step <= (uint64_t)n - at; count--, at += step) {
		const char *found = elf_segment(head, (size_t)n, at, wide);

		if (found)
			return found;
	}
	return NULL;
}

/* Words for what a script or program needs and is not there; 0: nothing of the kind. */
static int explain_missing(struct session *s, const char *path)
{
	autobuffer name = BUFFER_INIT;
	autobuffer wants = BUFFER_INIT;
	char head[HEAD_MAX];
	ssize_t n = read_head(path, head, sizeof(head));
	const char *interpreter = script_interpreter(head, n);
	const char *needs = interpreter ? interpreter : elf_interpreter(head, n);

	if (!needs || access(needs, F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR))
		return 0;
	shown(&name, path);
	shown(&wants, needs);
	if (interpreter)
		return session_words(s, -ENOENT,
				     "cannot run %s: it is a script for %s, which is not there",
				     buffer_str(&name), buffer_str(&wants));
	return session_words(s, -ENOENT,
			     "cannot run %s: it needs the loader %s, which is not there; it was "
			     "made for another system%s",
			     buffer_str(&name), buffer_str(&wants),
			     s->foreign_root ? " (--tools=host runs the host's own programs)" : "");
}

static int explain_refused(struct session *s, const char *path, int error)
{
	autobuffer name = BUFFER_INIT;
	struct stat st;
	const char *why = strerror(error);

	if (error == EACCES && stat(path, &st) == 0) {
		if (S_ISDIR(st.st_mode))
			why = "it is a directory";
		else if (!S_ISREG(st.st_mode))
			why = "it is no regular file";
		else if (!(st.st_mode & 0111))
			why = "it is not executable";
		else
			why = "permission denied: for this user, or its file system is mounted "
			      "noexec";
	}
	if (error == ENOEXEC)
		why = "it is neither a program for this kind of machine nor a script with a #! "
		      "line";
	return session_words(s, -error, "cannot run %s: %s", shown(&name, path), why);
}

/*
 * The words for an exec that failed. Not found is also what has not all that it needs; what an
 * interpreter's own interpreter lacks is told as the kernel tells it.
 */
static int program_failure(struct session *s, const char *path, int error, int *out_status)
{
	*out_status = ENTER_NOT_FOUND;
	if (error == ENOENT && explain_missing(s, path) < 0)
		return -error;
	if (error != ENOENT)
		*out_status = ENTER_NOT_EXECUTABLE;
	return explain_refused(s, path, error);
}

static int not_found(struct session *s, int *out_status)
{
	autobuffer name = BUFFER_INIT;
	autobuffer path = BUFFER_INIT;
	const char *command = s->prepared.argv[0];
	const char *where = s->foreign_root ? " in the target" : "";
	const char *hint = s->foreign_root ? " (--tools=host runs the host's own)" : "";

	*out_status = ENTER_NOT_FOUND;
	shown(&name, command);
	if (strchr(command, '/'))
		return session_words(s, -ENOENT, "there is no file %s%s%s", buffer_str(&name),
				     where, hint);
	return session_words(s, -ENOENT, "command %s is not found%s in PATH=%s%s",
			     buffer_str(&name), where, shown(&path, s->prepared.path), hint);
}

/* 0 where it can be tried, -ENOENT where there is nothing, else what is in the way. */
static int look(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return errno == ENOTDIR ? -ENOENT : -errno;
	/* Nothing else can be run, and a device might act when its first bytes are read. */
	if (!S_ISREG(st.st_mode))
		return -EACCES;
	return faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) < 0 ? -EACCES : 0;
}

/* Returns only where it cannot be run. */
static int become(struct session *s, const char *path, int *out_status)
{
	int error;

	if (s->prepared.anchor >= 0) {
		/* From then on nobody is left who could say it. */
		*out_status = ENTER_NOT_FOUND;
		if (explain_missing(s, path) < 0)
			return -ENOENT;
		error = -seal_run(s, path);
	} else {
		execve(path, s->prepared.argv, s->prepared.env);
		error = errno;
	}
	return program_failure(s, path, error, out_status);
}

/* What may not be run is only remembered, as in sh(1): there may be another behind it. */
static int search(struct session *s, char *out, size_t size, char *refused)
{
	const char *dir = s->prepared.path;

	*refused = '\0';
	while (dir) {
		const char *end = strchrnul(dir, ':');
		int n = snprintf(out, size, "%.*s%s%s", (int)(end - dir), dir,
				 end == dir ? "" : "/", s->prepared.argv[0]);
		int ret = n > 0 && (size_t)n < size ? look(out) : -ENOENT;

		if (ret == 0)
			return 0;
		if (ret == -EACCES && !*refused)
			memcpy(refused, out, (size_t)n + 1);
		dir = *end ? end + 1 : NULL;
	}
	return *refused ? -EACCES : -ENOENT;
}

int program_run(struct session *s, int *out_status)
{
	const char *command = s->prepared.argv[0];
	char path[PATH_MAX], refused[PATH_MAX];
	int ret = -ENOENT;

	if (strchr(command, '/')) {
		ret = look(command);
		if (ret == 0)
			return become(s, command, out_status);
		if (ret != -ENOENT)
			return program_failure(s, command, -ret, out_status);
	} else if (*command) {
		ret = search(s, path, sizeof(path), refused);
		if (ret == 0)
			return become(s, path, out_status);
		if (ret == -EACCES)
			return program_failure(s, refused, EACCES, out_status);
	}
	return not_found(s, out_status);
}
