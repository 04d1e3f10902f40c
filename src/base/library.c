/* SPDX-License-Identifier: MIT */
/*
 * Loads a shared library by the name that it was found under when this was built, and looks up what
 * is used of it. Knows none by name. What was loaded stays until the program ends.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <nsview/library.h>

static atomic_bool sealed;

void library_seal(void)
{
	atomic_store(&sealed, true);
}

static int look_up(const struct lazy_library *l, void *handle, struct error *err)
{
	char *at = l->pointers;

	for (size_t i = 0; l->names[i]; i++, at += sizeof(void *)) {
		void *symbol = dlsym(handle, l->names[i]);

		if (!symbol)
			return error_set(err, -ELIBACC, "%s has no %s: it is another version",
					 l->soname, l->names[i]);
		memcpy(at, &symbol, sizeof(symbol));
	}
	return 0;
}

static void load_now(struct lazy_library *l)
{
	void *handle = atomic_load(&sealed) ? NULL : dlopen(l->soname, RTLD_NOW | RTLD_LOCAL);

	if (handle)
		look_up(l, handle, &l->trouble);
	else if (atomic_load(&sealed))
		error_set(&l->trouble, -ELIBACC, "%s was not loaded in time", l->soname);
	else /* the words begin with the name */
		error_set(&l->trouble, -ELIBACC, "cannot load %s", dlerror());
	atomic_store_explicit(&l->tried, true, memory_order_release);
}

int library_load(struct lazy_library *l, struct error *err)
{
	if (!atomic_load_explicit(&l->tried, memory_order_acquire)) {
		pthread_mutex_lock(&l->lock);
		if (!atomic_load_explicit(&l->tried, memory_order_relaxed))
			load_now(l);
		pthread_mutex_unlock(&l->lock);
	}
	return l->trouble.code ? error_set(err, l->trouble.code, "%s", l->trouble.text) : 0;
}

void library_must(int (*load)(struct error *err))
{
	struct error err = { 0 };

	if (load(&err) < 0)
		die("%s", err.text);
}
