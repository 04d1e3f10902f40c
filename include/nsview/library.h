/* SPDX-License-Identifier: MIT */
/*
 * Shared libraries that are loaded when they are first needed, since most of what a start of this
 * program costs is the loader's work, and what needs none of them shall run without. Built with
 * LAZY=no they are linked as any other, and nothing of the callers changes.
 */
#ifndef NSVIEW_LIBRARY_H
#define NSVIEW_LIBRARY_H

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <nsview/error.h>

/*
 * A library is a list of what is used of it, LIST(X) with X(PREFIX, NAME) for each function or
 * variable PREFIXNAME, from which LIBRARY_DECLARE makes
 *
 *	struct LIBRARY { typeof(PREFIXNAME) *NAME; ... };
 *	extern struct LIBRARY LIBRARY;
 *	int LIBRARY_load(struct error *err);
 *	const struct LIBRARY *LIBRARY_must(void);
 *
 * The pointers may be followed once LIBRARY_load has returned 0; it may be called as often as one
 * likes, by any thread, and loads once. -ELIBACC where that cannot be done, err says why, and it is
 * not tried again. LIBRARY_must ends the program then, else it gives the pointers.
 */
#define LIBRARY_DECLARE(library, LIST)                                                             \
	struct library {                                                                           \
		LIST(LIBRARY_POINTER)                                                              \
	};                                                                                         \
	extern struct library library;                                                             \
	int library##_load(struct error *err);                                                     \
	const struct library *library##_must(void)

#define LIBRARY_POINTER(prefix, name) __typeof__(prefix##name) *name;

/* How to load one. The names end with NULL; pointers are as many void *, in the same order. */
struct lazy_library {
	const char *soname; /* as the linker found it when this was built */
	const char *const *names;
	void *pointers;
	pthread_mutex_t lock;
	atomic_bool tried;
	struct error trouble;
};

int library_load(struct lazy_library *l, struct error *err);
/* From here on nothing more is loaded: the files may be those of somebody who is not trusted. */
void library_seal(void);
void library_must(int (*load)(struct error *err));

/*
 * In one .c file for each library. The names to load them by come from the Makefile. What nobody
 * sees in the program's dynamic section is told to who makes a package of it by a note, as
 * https://systemd.io/ELF_DLOPEN_METADATA/ has it: priority is required, recommended or suggested.
 */
#ifdef LAZY
#define LIBRARY_DEFINE(library, LIST, soname_, priority, description)                              \
	struct library library;                                                                    \
	LIBRARY_NOTE(library,                                                                      \
		     "[{\"soname\":[\"" soname_ "\"],\"feature\":\"" #library                      \
		     "\",\"description\":\"" description "\",\"priority\":\"" priority "\"}]");    \
	int library##_load(struct error *err)                                                      \
	{                                                                                          \
		static const char *const names[] = { LIST(LIBRARY_NAME) NULL };                    \
		static struct lazy_library lazy = {                                                \
			.soname = soname_,                                                         \
			.names = names,                                                            \
			.pointers = &library,                                                      \
			.lock = PTHREAD_MUTEX_INITIALIZER,                                         \
		};                                                                                 \
                                                                                                   \
		return library_load(&lazy, err);                                                   \
	}                                                                                          \
	const struct library *library##_must(void)                                                 \
	{                                                                                          \
		library_must(library##_load);                                                      \
		return &library;                                                                   \
	}                                                                                          \
	_Static_assert(sizeof(struct library) % sizeof(void *) == 0, "pointers and nothing else")
#else
#define LIBRARY_DEFINE(library, LIST, soname_, priority, description)                              \
	struct library library = { LIST(LIBRARY_LINKED) };                                         \
	int library##_load(struct error *err)                                                      \
	{                                                                                          \
		(void)err;                                                                         \
		return 0;                                                                          \
	}                                                                                          \
	const struct library *library##_must(void)                                                 \
	{                                                                                          \
		return &library;                                                                   \
	}                                                                                          \
	_Static_assert(sizeof(priority description), "for the note")
#endif

#define LIBRARY_NAME(prefix, name)   #prefix #name,
#define LIBRARY_LINKED(prefix, name) .name = &prefix##name,

/* elf(5), "Notes": both texts end with a NUL, and are padded to four bytes. */
#define LIBRARY_NOTE(library, json)                                                                \
	static const struct {                                                                      \
		uint32_t owner_size, text_size, type;                                              \
		char owner[4];                                                                     \
		char text[sizeof(json)] __attribute__((aligned(4)));                               \
	} library##_note                                                                           \
		__attribute__((used, section(".note.dlopen"),                                      \
			       aligned(4))) = { 4, sizeof(json), 0x407c0c0a, "FDO", json }

#endif
