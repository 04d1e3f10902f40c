/* SPDX-License-Identifier: MIT */
/*
 * Remembers, for one call, which identity each distinct cgroup text gave: thousands of processes
 * may share one, and a name from an engine's files costs more than all else about a process.
 * What evidence counts is identity.h's; here is only known below which root the files are.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <nsview/error.h>

#include "identity_cache.h"

struct entry {
	struct entry *next;
	uint64_t hash;
	struct span text;
	struct cgroup_facts facts;
};

struct identity_cache {
	const struct scan *scan; /* borrowed */
	char *root;		 /* of the engines' files, NULL: they are not to be looked at */
	struct ancestry ancestry;
	atomic_bool names_unread;
	pthread_mutex_t lock; /* over buckets */
	struct entry **buckets;
	size_t mask;
};

/*
 * The engines' files lie in the root file system whose /proc this is: below what stands before
 * "/proc", also where that is /host or a copy. A procfs of ours mounted elsewhere is this host's.
 */
static char *engine_root(const struct scan *s)
{
	static const char tail[] = "/proc";
	size_t len = strlen(s->path);
	char *root;

	while (len > 1 && s->path[len - 1] == '/')
		len--;
	if (len >= sizeof(tail) - 1 &&
	    memcmp(s->path + len - (sizeof(tail) - 1), tail, sizeof(tail) - 1) == 0)
		root = strndup(s->path, len - (sizeof(tail) - 1));
	else if (len == 4 && memcmp(s->path, "proc", 4) == 0)
		root = strdup(".");
	else if (s->own)
		root = strdup("");
	else
		return NULL;
	if (!root)
		die("out of memory");
	return root;
}

struct identity_cache *identity_cache_new(const struct scan *s, size_t processes)
{
	struct identity_cache *cache = calloc(1, sizeof(*cache));
	size_t size = 16;

	while (size < processes)
		size *= 2;
	if (!cache || !(cache->buckets = calloc(size, sizeof(struct entry *))))
		die("out of memory");
	cache->mask = size - 1;
	cache->scan = s;
	cache->root = engine_root(s);
	pthread_mutex_init(&cache->lock, NULL);
	return cache;
}

bool identity_cache_names_unread(const struct identity_cache *cache)
{
	return cache && atomic_load(&cache->names_unread);
}

void identity_cache_free(struct identity_cache *cache)
{
	if (!cache)
		return;
	pthread_mutex_destroy(&cache->lock);
	free(cache->buckets);
	free(cache->root);
	free(cache);
}

/* FNV-1a. A hostile name that collides costs time only, and as few cgroups as it can make. */
static uint64_t hash_text(struct span text)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (size_t i = 0; i < text.len; i++)
		hash = (hash ^ (unsigned char)text.data[i]) * 0x100000001b3u;
	return hash ^ hash >> 32;
}

static const struct entry *find_locked(const struct identity_cache *cache, uint64_t hash,
				       struct span text)
{
	const struct entry *e = cache->buckets[hash & cache->mask];

	while (e && (e->hash != hash || !span_equal(e->text, text)))
		e = e->next;
	return e;
}

static const struct identity *keep(struct identity_cache *cache, struct arena *arena,
				   const struct identity *found)
{
	struct identity *id = arena_alloc(arena, sizeof(*id));

	*id = *found;
	if (cache->root && identity_name_from_disk(arena, cache->root, id) < 0)
		atomic_store(&cache->names_unread, true);
	return id;
}

static struct entry *entry_new(struct identity_cache *cache, struct arena *arena, uint64_t hash,
			       struct span text)
{
	struct entry *e = arena_alloc(arena, sizeof(*e));
	struct span path = identity_cgroup_path(text.data, text.len);
	struct identity id = { 0 };

	e->hash = hash;
	e->text = (struct span){ arena_copy(arena, text.data, text.len), text.len };
	e->facts.path.fact = fact_known();
	e->facts.path.len = (uint32_t)path.len;
	e->facts.path.data = arena_copy(arena, path.data, path.len);
	if (identity_from_cgroup(arena, text.data, text.len, &id) ||
	    identity_from_state_file(arena, cache->scan->procfd, text.data, text.len, &id))
		e->facts.identity = keep(cache, arena, &id);
	return e;
}

const struct cgroup_facts *identity_cache_by_cgroup(struct identity_cache *cache,
						    struct arena *arena, struct span text)
{
	uint64_t hash = hash_text(text);
	const struct entry *known;
	struct entry *e;

	pthread_mutex_lock(&cache->lock);
	known = find_locked(cache, hash, text);
	pthread_mutex_unlock(&cache->lock);
	if (known)
		return &known->facts;
	/* Files are read outside of the lock; two workers may do so for one text, once. */
	e = entry_new(cache, arena, hash, text);
	pthread_mutex_lock(&cache->lock);
	known = find_locked(cache, hash, text);
	if (!known) {
		e->next = cache->buckets[hash & cache->mask];
		cache->buckets[hash & cache->mask] = e;
		known = e;
	}
	pthread_mutex_unlock(&cache->lock);
	return &known->facts;
}

const struct identity *identity_cache_by_process(struct identity_cache *cache, struct arena *arena,
						 pid_t pid, pid_t ppid)
{
	struct identity id = { 0 };

	if (!identity_from_process(arena, cache->scan->procfd, pid, ppid, &cache->ancestry, &id))
		return NULL;
	return keep(cache, arena, &id);
}
