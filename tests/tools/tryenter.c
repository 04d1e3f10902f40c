/* SPDX-License-Identifier: MIT */
/*
 * tryenter: asks the plan and the kernel the same questions. Every caller of a table, with its
 * capabilities, in its user namespace, foresees for every target which sets of namespaces it can
 * join, at once and one by one, and which it can make; then children of it try. A line each:
 *	CALLER TARGET tried N wrong N possible N
 * (possible: of the sets to be joined, really)
 * and on stderr what differs. Works on libnsview, since what it tests is a function.
 */
#include <signal.h>
#include <string.h>
#include <sys/mman.h>

#include <nsview/kern.h>
#include <nsview/plan.h>

#include "trylab.h"

enum { MASKS = 1 << NS_TYPES, WRONG_SHOWN = 5 };
enum way { AT_ONCE, ONE_BY_ONE, BY_FILE, WAYS };
static const char *const ways[] = { "at once", "one by one", "by file" };

/* In memory that all share: the errno of joining these as somebody else foresees it. */
static int (*foreseen)[MASKS];
static bool knows_owners, wants_pending;

static const char *words(unsigned types, char *out, size_t size)
{
	size_t len = 0;

	out[0] = '\0';
	for (int i = 0; i < NS_TYPES; i++)
		if (types >> i & 1)
			len += (size_t)snprintf(out + len, size - len, "%s%s", len ? "," : "",
						ns_types[i].name);
	return out;
}

static int flags_of(unsigned types)
{
	int flags = 0;

	for (int i = 0; i < NS_TYPES; i++)
		if (types >> i & 1)
			flags |= ns_types[i].clone_flag;
	return flags;
}

static struct facts_source source_of(const struct target *t)
{
	struct facts_source from = {
		.proc = procfd,
		.pid = t->pid,
		.pidfd = t->pidfd,
		.pid_dir = t->dir,
	};

	for (int i = 0; i < NS_TYPES; i++)
		from.ns_fds[i] = -1;
	return from;
}

static int join_all(const int fds[NS_TYPES], unsigned *types)
{
	int error = 0;

	for (int i = 0; i < NS_TYPES; i++) {
		if (!(*types >> i & 1) || i == NS_USER)
			continue;
		if (setns(fds[i], ns_types[i].clone_flag) < 0)
			error = errno;
		else
			*types &= ~(1U << i);
	}
	return error;
}

/* All but the user namespace, that one, then the rest. */
static int join_one_by_one(const int fds[NS_TYPES], unsigned types)
{
	int error = join_all(fds, &types);

	if (!(types >> NS_USER & 1))
		return error;
	if (setns(fds[NS_USER], CLONE_NEWUSER) < 0)
		return errno;
	return join_all(fds, &types);
}

static int join(const struct target *t, unsigned types, enum way way)
{
	int fds[NS_TYPES];

	if (way == AT_ONCE)
		return setns(t->pidfd, flags_of(types)) < 0 ? errno : 0;
	if (way == BY_FILE)
		return join_one_by_one(t->files, types);
	return open_files(t->dir, fds) ? join_one_by_one(fds, types) : EPERM;
}

struct attempt {
	const struct target *target;
	unsigned join, create;
	enum way way;
};

/* The errno of it all. */
static int attempt_main(const struct attempt *a)
{
	unsigned user = 1U << NS_USER;
	int error;

	if (wants_pending && unshare(CLONE_NEWPID) < 0)
		return EDOM;
	error = a->join ? join(a->target, a->join, a->way) : 0;
	if (error == 0 && a->create & user && unshare(CLONE_NEWUSER) < 0)
		error = errno;
	if (error == 0 && a->create & ~user && unshare(flags_of(a->create & ~user)) < 0)
		error = errno;
	return error;
}

static int attempt(struct attempt a)
{
	int status;
	pid_t pid = fork();

	if (pid < 0)
		err(2, "fork");
	if (pid == 0)
		_exit(attempt_main(&a));
	if (waitpid(pid, &status, 0) < 0 || !WIFEXITED(status))
		errx(2, "an attempt did not exit");
	return WEXITSTATUS(status);
}

/* What one caller found out about one target. */
struct trial {
	const struct caller *caller;
	int target;
	struct plan_facts facts;
	struct plan_facts of_files; /* where the target is no process, but its namespaces */
	bool works[MASKS];	    /* really */
	unsigned tried, wrong, possible;
};

static void compare(struct trial *t, const char *how, unsigned join, unsigned create, int said,
		    int was, bool exactly)
{
	char joined[80], made[80];

	/* Where nobody can tell whose a namespace is, only what is ruled out counts. */
	if (!knows_owners && !said)
		return;
	t->tried++;
	if (exactly ? said == was : !said == !was)
		return;
	if (t->wrong++ < WRONG_SHOWN)
		fprintf(stderr, "%s %s: %s join %s make %s: said %s, was %s\n", t->caller->name,
			specs[t->target].name, how, words(join, joined, sizeof(joined)),
			words(create, made, sizeof(made)), said ? strerror(said) : "yes",
			was ? strerror(was) : "yes");
}

static bool is_single(unsigned types)
{
	return !(types & (types - 1));
}

static bool is_wanted(const struct trial *t, unsigned types)
{
	return !t->caller->few || is_single(types) || types == MASKS - 1;
}

static void try_join(struct trial *t, unsigned types)
{
	const struct target *target = &targets[t->target];

	for (int way = target->pidfd < 0; way < WAYS; way++) {
		struct attempt a = { target, types, 0, (enum way)way };
		const struct plan_facts *f = way == BY_FILE ? &t->of_files : &t->facts;
		int said = -plan_join(f, types, way == AT_ONCE), was = attempt(a);

		/* With several that fail it is the order of attempts that tells the error. */
		compare(t, ways[way], types, 0, said, was, way == AT_ONCE || is_single(types));
		/* Of who is not dumpable nobody can see in which user namespace it was executed. */
		if (way == (target->pidfd < 0) && !specs[t->target].undumpable)
			compare(t, "for another", types, 0, foreseen[t->target][types], was,
				way == AT_ONCE || is_single(types));
		if (way != BY_FILE)
			t->works[types] |= was == 0;
	}
	t->possible += t->works[types];
}

static unsigned most_that_work(const struct trial *t, unsigned types)
{
	unsigned most = 0;

	for (unsigned some = types; some; some = (some - 1) & types)
		if (t->works[some] && __builtin_popcount(some) > __builtin_popcount(most))
			most = some;
	return most;
}

static unsigned least_that_works(const struct trial *t, unsigned types, unsigned out_of)
{
	unsigned least = 0;

	for (unsigned all = 1; all < MASKS; all++)
		if ((all & types) == types && !(all & ~out_of) && t->works[all] &&
		    (!least || __builtin_popcount(all) < __builtin_popcount(least)))
			least = all;
	return least;
}

/* What the plan proposes has to work, and nothing that it does not propose may be better. */
static void check_proposals(struct trial *t, unsigned types, unsigned differ)
{
	struct enter_wish wish = { .join = types };
	struct error why = { 0 };
	struct plan plan;
	unsigned more;
	int ret = plan_make(&t->facts, &wish, &plan, &why);

	if (plan.nsteps == 0) /* not even to be looked at */
		return;
	compare(t, "plan", types, 0, ret != 0, !t->works[types], false);
	if (ret == 0)
		return;
	more = plan.more ? plan.join | plan.more : 0;
	if (strlen(why.text) < 20 || strstr(why.text, "knows no"))
		compare(t, "words", types, 0, 0, EPERM, true);
	compare(t, "proposal", types, 0, __builtin_popcount(plan.works),
		__builtin_popcount(most_that_work(t, types)), true);
	if (plan.works)
		compare(t, "proposed", plan.works, 0, 0, !t->works[plan.works], true);
	compare(t, "more", types, 0, __builtin_popcount(more),
		__builtin_popcount(least_that_works(t, types, differ)), true);
	if (more)
		compare(t, "with more", more, 0, 0, !t->works[more], true);
}

static unsigned differing_types(const struct plan_facts *f)
{
	unsigned types = 0;

	for (int i = 0; i < NS_TYPES; i++)
		if (f->target.ns[i].ino && f->target.ns[i].ino != f->caller.ino[i])
			types |= 1U << i;
	return types;
}

static void try_create(struct trial *t, unsigned joined, unsigned types)
{
	struct attempt a = { &targets[t->target], joined, types, ONE_BY_ONE };

	compare(t, "new", joined, types, -plan_create(&t->facts, joined, types), attempt(a), true);
}

static void try_both(struct trial *t, unsigned differ)
{
	unsigned user = 1U << NS_USER, sets[] = { differ & user, differ & ~user, differ };

	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		for (unsigned types = 1; sets[i] && types < MASKS; types++)
			if (!(types & sets[i]) && plan_join(&t->facts, sets[i], false) == 0 &&
			    (is_single(types) || (types | sets[i]) == MASKS - 1))
				try_create(t, sets[i], types);
}

static void read_files(struct trial *t)
{
	struct facts_source from = { .proc = procfd, .pidfd = -1, .pid_dir = -1 };
	struct error why = { 0 };

	memcpy(from.ns_fds, targets[t->target].files, sizeof(from.ns_fds));
	if (plan_facts_read(&from, &t->of_files, &why) < 0)
		errx(2, "%s", why.text);
	plan_facts_detail(&from, &t->of_files);
}

/* What the attempts will be, and this process, which forks for each, cannot be. */
static void set_odd(const struct caller *c, struct plan_caller *facts)
{
	if (c->pending)
		facts->pid_for_children = 0;
}

static void run_trial(const struct caller *c, int target)
{
	struct facts_source from = source_of(&targets[target]);
	struct trial *t = calloc(1, sizeof(*t));
	struct error why = { 0 };
	unsigned differ;

	if (!t)
		err(2, "calloc");
	t->caller = c;
	t->target = target;
	if (plan_facts_read(&from, &t->facts, &why) < 0)
		errx(2, "%s", why.text);
	plan_facts_detail(&from, &t->facts);
	read_files(t);
	set_odd(c, &t->facts.caller);
	set_odd(c, &t->of_files.caller);
	differ = differing_types(&t->facts);
	for (unsigned types = 1; types < MASKS; types++)
		if (is_wanted(t, types))
			try_join(t, types);
	for (unsigned types = 1; types < MASKS; types++)
		if (knows_owners && !c->few && (types & differ) == types)
			check_proposals(t, types, differ);
	try_both(t, differ);
	if (target == 0)
		for (unsigned types = 1; types < MASKS; types++)
			if (is_wanted(t, types))
				try_create(t, 0, types);
	printf("%s %s tried %u wrong %u possible %u\n", c->name, specs[target].name, t->tried,
	       t->wrong, t->possible);
	fflush(stdout);
	plan_facts_release(&t->facts);
	plan_facts_release(&t->of_files);
	free(t);
}

/* What somebody else, who may see all, foresees for the caller. */
static void foresee(const struct caller *c, pid_t pid, int target)
{
	struct facts_source from = source_of(&targets[target]);
	struct plan_facts facts;
	struct error why = { 0 };

	from.caller = pid;
	if (plan_facts_read(&from, &facts, &why) < 0)
		errx(2, "%s", why.text);
	plan_facts_detail(&from, &facts);
	set_odd(c, &facts.caller);
	for (unsigned types = 1; types < MASKS; types++)
		foreseen[target][types] = -plan_join(&facts, types, from.pidfd >= 0);
	plan_facts_release(&facts);
}

static void run_caller(const struct caller *c)
{
	int up[2], down[2];
	char number[16] = "";
	pid_t pid;

	if (pipe2(up, O_CLOEXEC) < 0 || pipe2(down, O_CLOEXEC) < 0)
		err(2, "pipe");
	pid = fork();
	if (pid < 0)
		err(2, "fork");
	if (pid == 0) {
		close(down[1]);
		become(c);
		wants_pending = c->pending;
		tell_number(up[1]);
		if (read(down[0], number, 1) != 0)
			err(2, "waiting");
		for (int i = 0; i < TARGETS; i++)
			run_trial(c, i);
		_exit(0);
	}
	close(up[1]);
	if (read(up[0], number, sizeof(number) - 1) <= 0)
		errx(2, "%s could not be made", c->name);
	for (int i = 0; i < TARGETS; i++)
		foresee(c, atoi(number), i);
	close(up[0]);
	close(down[0]);
	close(down[1]);
	await(pid);
}

static bool can_tell_owners(void)
{
	int ns = openat(procfd, "self/ns/pid", O_RDONLY | O_CLOEXEC);
	int owner = kern_ns_owner(ns);

	if (owner >= 0)
		close(owner);
	close(ns);
	return owner >= 0 || owner == -EPERM;
}

int main(int argc, char **argv)
{
	procfd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (procfd < 0 || pipe2(life, O_CLOEXEC) < 0)
		err(2, "setup");
	foreseen = mmap(NULL, sizeof(*foreseen) * TARGETS, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (foreseen == MAP_FAILED)
		err(2, "mmap");
	signal(SIGPIPE, SIG_IGN);
	is_real_root = can_become_ordinary();
	knows_owners = can_tell_owners();
	for (int i = 0; i < TARGETS; i++)
		make_target(i);
	for (int i = 0; i < CALLERS; i++)
		if (argc < 2 || strcmp(argv[1], callers[i].name) == 0)
			run_caller(&callers[i]);
	close(life[1]);
	while (wait(NULL) > 0)
		continue;
	return 0;
}
