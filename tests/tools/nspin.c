/* SPDX-License-Identifier: MIT */
/*
 * Makes things that hold a namespace without being in it, for tests, and lets go of them again:
 *
 *   nspin [-1] DIRECTORY CASE...
 *   nspin --list
 *
 * For each case one line "pin NAME type=... ino=... id=... pid=... tid=... fd=... path=... mnt=...
 * needs=..." goes to stdout, "-" for what there is not; then "ready". With -1 all cases of type
 * net hold one and the same network namespace. --list names the cases with their class: "path"
 * where /proc or an ioctl leads to the namespace, "hidden" where nothing does, "none" for what
 * holds nothing, "more" for variants. From stdin come lines: "release NAME" lets go and is answered
 * by "released NAME"; "alive NAME" is answered by "alive NAME yes", "no", or "unknown" where the
 * kernel cannot be asked (before 6.18). Everything ends with the end of stdin. Needs root.
 * DIRECTORY is to be the mount point of a file system made for this, in a mount namespace that is
 * nobody else's: unmounting it lazily is the way to clean up. To remove what is below it would lead
 * into file systems of the kernel's.
 */
#include "pins.h"

enum { PINS_MAX = 64 };

static struct pin pins[PINS_MAX];
static size_t npins;

static void say(const char *key, uint64_t value, bool given)
{
	if (given)
		printf(" %s=%llu", key, (unsigned long long)value);
	else
		printf(" %s=-", key);
}

static void tell(const struct pin *p)
{
	printf("pin %s type=%s", p->how->name, p->type);
	say("ino", p->ino, true);
	say("id", p->id, p->id != 0);
	say("pid", (uint64_t)p->pid, p->pid != 0);
	say("tid", (uint64_t)p->tid, p->tid != 0);
	say("fd", (uint64_t)p->fd, p->fd >= 0);
	printf(" path=%s", p->path[0] ? p->path : "-");
	say("mnt", p->mnt, p->mnt != 0);
	say("needs", p->needs, p->needs != 0);
	putchar('\n');
}

static void list_cases(void)
{
	static const char *const classes[] = { "path", "hidden", "none", "more" };
	for (const struct pin_case *c = cases; c->name; c++)
		printf("%s %s\n", c->name, classes[c->class]);
}

static const struct pin_case *find_case(const char *name)
{
	for (const struct pin_case *c = cases; c->name; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	errx(2, "unknown case '%s'", name);
}

static void pin_make(const struct pin_case *c, int shared)
{
	struct pin *p = &pins[npins++];
	*p = (struct pin){
		.how = c, .type = c->type, .fd = -1, .ns = -1, .more = { -1, -1, -1, -1 }
	};
	if (c->type) {
		p->ns = shared >= 0 ? must(fcntl(shared, F_DUPFD_CLOEXEC, 0), "dup")
				    : ns_new(flag_of(c->type), c->type);
		note_ns(p, p->ns);
	}
	current = p;
	c->make(p);
	current = NULL;
}

static void pin_release(struct pin *p)
{
	if (p->how->release)
		p->how->release(p);
	if (p->thread)
		thread_end(p->thread);
	p->thread = NULL;
	for (size_t i = 0; i < sizeof(p->more) / sizeof(*p->more); i++)
		if (p->more[i] >= 0)
			close(p->more[i]);
	memset(p->more, 0xff, sizeof(p->more));
	task_end(p->child);
	p->child = 0;
	p->released = true;
	printf("released %s\n", p->how->name);
}

static void answer_alive(const struct pin *p)
{
	static const char *const words[] = { "unknown", "no", "yes" };
	int alive = is_alive(p);
	bool going = p->released || p->how->class == PIN_NONE;
	/* What is let go of goes when the kernel comes to it. */
	for (int i = 0; i < 2000 && alive == 1 && going; i++) {
		usleep(1000);
		alive = is_alive(p);
	}
	printf("alive %s %s\n", p->how->name, words[alive + 1]);
}

static void obey(const char *line)
{
	char word[16], name[64];
	if (sscanf(line, "%15s %63s", word, name) != 2)
		errx(2, "what is '%s'?", line);
	for (size_t i = 0; i < npins; i++) {
		if (strcmp(pins[i].how->name, name) != 0)
			continue;
		if (strcmp(word, "release") == 0)
			pin_release(&pins[i]);
		else if (strcmp(word, "alive") == 0)
			answer_alive(&pins[i]);
		fflush(stdout);
		return;
	}
	errx(2, "no pin '%s'", name);
}

int main(int argc, char **argv)
{
	bool one = argc > 1 && strcmp(argv[1], "-1") == 0;
	char line[128];
	int shared = -1;
	if (argc == 2 && strcmp(argv[1], "--list") == 0) {
		list_cases();
		return 0;
	}
	argv += one;
	argc -= one;
	if (argc < 3 || argc - 2 > PINS_MAX)
		errx(2, "usage: nspin [-1] DIRECTORY CASE...");
	snprintf(directory, sizeof(directory), "%s", argv[1]);
	if (one)
		shared = ns_new(CLONE_NEWNET, "net");
	for (int i = 2; i < argc; i++)
		pin_make(find_case(argv[i]), shared);
	if (one)
		close(shared);
	for (size_t i = 0; i < npins; i++)
		tell(&pins[i]);
	puts("ready");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin))
		obey(line);
	/* Mounts go with the mount namespace; tasks are killed by our end. */
	return 0;
}
