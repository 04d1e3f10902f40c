/* SPDX-License-Identifier: MIT */
/* Error values: 0 or -errno everywhere, plus words where a person needs them. */
#ifndef NSVIEW_ERROR_H
#define NSVIEW_ERROR_H

/* A sentence for a person, owned by the caller, with its -errno. Zero-initialise before use. */
struct error {
	int code; /* -errno, 0 while nothing went wrong */
	char text[512];
};

/*
 * Stores code and the formatted sentence in err (which may be NULL) and returns code, so that
 * `return error_set(err, -EPERM, "...")` is one line. The text is cut at the size of the field;
 * untrusted text in it must be escaped by the caller (see escape.h).
 */
int error_set(struct error *err, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Ends the program with status 2, or what was set, after printing one line to stderr: for what
 * cannot be handled, such as memory that ran out. Calls the hook first, so that a full-screen view
 * can restore the terminal.
 */
_Noreturn void die(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Sets the function that die() calls first; NULL clears it. */
void die_hook_set(void (*hook)(void));

/* Of a command whose own trouble has another status than 2. */
void die_status_set(int status);

#endif
