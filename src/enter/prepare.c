/* SPDX-License-Identifier: MIT */
/*
 * All that is looked up before anything is joined: environment, shell, PATH, what of the target is
 * taken over. Reads the target's files as text, through its root directory.
 */
#include <errno.h>
#include <fcntl.h>
#include <paths.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nsview/cleanup.h>
#include <nsview/escape.h>
#include <nsview/kern.h>
#include <nsview/make.h>
#include <nsview/load_cap.h>
#include <nsview/procfile.h>
#include <nsview/veth.h>

#include "account.h"
#include "cgroup.h"
#include "environ.h"
#include "ids.h"
#include "inside.h"
#include "seal.h"

enum { ENVIRON_MAX = 8 << 20 };

static const char plain_shell[] = "/bin/sh";

static uid_t uid_inside(const struct session *s)
{
	if (s->job->plan->set_uid)
		return s->job->plan->uid;
	return s->job->make ? make_uid_inside(s->job->make) : geteuid();
}

/* Whether the command finds other files than ours, and below which directory. */
static int open_root(struct session *s, int *out_root, struct error *err)
{
	const struct enter_wish *w = s->job->wish;
	const char *dir =
		w->make.root && s->job->plan->create >> NS_MNT & 1 ? w->make.root : w->place.root;
	const struct plan_subject about = { 0 };
	bool joins = s->job->plan->join >> NS_MNT & 1;

	if (s->job->target->root_error && (joins || w->place.target_root || w->place.target_wd))
		return op_failure(s->job->facts,
				  s->job->target->root < 0 ? OP_ROOT_OPEN : OP_WD_OPEN, &about,
				  s->job->target->root_error, err);
	s->foreign_root = dir || joins || w->place.target_root;
	*out_root = -1;
	if (!s->foreign_root)
		*out_root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	else if (!dir && s->job->target->root >= 0)
		*out_root = fcntl(s->job->target->root, F_DUPFD_CLOEXEC, 3);
	else if (dir && joins && s->job->target->root >= 0)
		*out_root = kern_open_in_root(s->job->target->root, dir, O_PATH | O_DIRECTORY);
	else if (dir && !joins)
		*out_root = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir && !joins && *out_root < 0) {
		autobuffer shown = BUFFER_INIT;
		int error = errno;

		escape_text(&shown, dir, strlen(dir), ESCAPE_UTF8);
		return error_set(err, -error, "cannot open the root directory %s: %s",
				 buffer_str(&shown), strerror(error));
	}
	return 0;
}

static bool is_program(int root, const char *path)
{
	struct stat st;
	autoclose int fd = entry_open_inside(root, path);

	return fd >= 0 && fstat(fd, &st) == 0 && (st.st_mode & 0111);
}

static void take_shell(struct session *s, const char *path)
{
	free(s->prepared.shell[0]);
	s->prepared.shell[0] = strdup(path);
	if (!s->prepared.shell[0])
		die("out of memory");
	s->prepared.argv = s->prepared.shell;
}

static void say_shell(const struct session *s, const char *whose)
{
	autobuffer shown = BUFFER_INIT;

	if (!s->job->says_shell)
		return;
	escape_text(&shown, s->prepared.shell[0], strlen(s->prepared.shell[0]), ESCAPE_UTF8);
	fprintf(stderr, "nsview: no command is given: running %s, %s\n", buffer_str(&shown), whose);
}

/* Nobody said which command: a shell, of the files that the command will see. -ENOENT: none. */
static int choose_shell(struct session *s, int root, const char *account)
{
	const char *own = environ_get(s->job->environ, "SHELL");

	if (!s->foreign_root) {
		if (!own || *own != '/' || access(own, X_OK) < 0)
			own = *account ? account : plain_shell;
		take_shell(s, own);
		say_shell(s, "with the host's files");
		return 0;
	}
	if (root < 0) { /* a mount namespace that no process shows before it is joined */
		take_shell(s, plain_shell);
	} else if (*account && is_program(root, account)) {
		take_shell(s, account);
	} else if (is_program(root, plain_shell)) {
		take_shell(s, plain_shell);
	} else {
		return -ENOENT;
	}
	say_shell(s, s->job->plan->create >> NS_MNT & 1 ? "from the new root" : "the target's own");
	return 0;
}

static int make_environ(struct session *s, const char *home, struct error *err)
{
	const struct enter_wish *w = s->job->wish;
	autobuffer theirs = BUFFER_INIT;
	struct environ_source from = {
		.choice = w->place.env,
		.foreign_root = s->foreign_root,
		.host = s->job->environ,
		.home = home,
		.set = w->place.setenv,
	};
	const char *path;

	if (from.choice == ENV_TARGET) {
		int ret = proc_read(s->job->target->dir, "environ", ENVIRON_MAX, &theirs);

		if (ret < 0)
			return error_set(err, ret,
					 "--env=target: cannot read the environment of process "
					 "%d: %s",
					 s->job->target->pid, strerror(-ret));
		from.target = theirs.data;
		from.target_len = theirs.len;
	}
	s->prepared.env = environ_make(&from);
	path = environ_get(s->prepared.env, "PATH");
	if (!path)
		path = _PATH_STDPATH;
	s->prepared.path = strdup(path);
	if (!s->prepared.path)
		die("out of memory");
	return 0;
}

static int prepare_command(struct session *s, struct error *err)
{
	autobuffer home = BUFFER_INIT;
	autobuffer shell = BUFFER_INIT;
	autoclose int root = -1;
	int ret = open_root(s, &root, err);

	if (ret < 0)
		return ret;
	if (root >= 0 && (s->foreign_root || !s->job->wish->command))
		account_read(root, uid_inside(s), &home, &shell);
	ret = make_environ(s, buffer_str(&home), err);
	if (ret < 0)
		return ret;
	s->prepared.argv = s->job->wish->command;
	if (s->prepared.argv)
		return 0;
	ret = choose_shell(s, root, buffer_str(&shell));
	return ret < 0 ? error_set(err, ret, "no command is given, and the target has no shell")
		       : 0;
}

/* Without a command and without a shell inside, the host's shell as with --tools=host. */
static int fall_back(struct session *s, struct error *err)
{
	struct enter_job *job = (struct enter_job *)s->job;
	int ret;

	if (job->wish->join >> NS_MNT & 1 || job->plan->create >> NS_MNT & 1 ||
	    job->wish->place.target_root || job->wish->place.root)
		return -ENOENT;
	job->wish->except |= enter_not_with_host_tools(job->wish);
	ret = plan_make(job->facts, job->wish, job->plan, err);
	if (ret < 0)
		return ret;
	prepared_release(&s->prepared);
	return prepare_command(s, err);
}

/* What is taken over from a process takes one. */
static int check_process(const struct enter_wish *w, const struct enter_target *t,
			 struct error *err)
{
	const struct {
		bool wanted;
		const char *option;
	} needs[] = {
		{ w->place.target_root, "--root without a directory" },
		{ w->place.target_wd, "--wd without a directory" },
		{ w->place.env == ENV_TARGET, "--env=target" },
		{ w->place.join_cgroup, "--join-cgroup" },
		{ w->place.target_resolv, "--resolv=target" },
		{ w->ids.like_target, "--like-target" },
		{ w->ids.follow_context, "--follow-context" },
	};

	for (size_t i = 0; !t->pid && i < sizeof(needs) / sizeof(*needs); i++)
		if (needs[i].wanted)
			return error_set(err, -EINVAL, "%s takes a process as TARGET",
					 needs[i].option);
	return 0;
}

/* What the helper and the child call is loaded while the files are ours. */
static int load_libraries(const struct session *s, struct error *err)
{
	int ret = plan_find(s->job->plan, OP_CAPS) >= 0 ? libcap_load(err) : 0;

	return ret == 0 && s->job->wish->make.veth ? link_load(err) : ret;
}

int prepare(struct session *s, struct error *err)
{
	const struct enter_wish *w = s->job->wish;
	int ret = check_process(w, s->job->target, err);

	if (ret == 0)
		ret = load_libraries(s, err);
	if (ret == 0 && w->place.target_resolv && s->job->plan->join >> NS_MNT & 1)
		ret = error_set(err, -EINVAL,
				"--resolv=target is for the host's files: with --tools=host, or "
				"without the mount namespace");
	if (ret == 0)
		ret = prepare_command(s, err);

	if (ret == -ENOENT && !w->command && s->foreign_root)
		ret = fall_back(s, err);
	if (ret == 0 && w->place.join_cgroup)
		ret = cgroups_open(s, err);
	if (ret == 0 && w->ids.like_target)
		ret = likeness_read(s, err);
	if (ret == 0 && s->prepared.like.seccomp && !w->session.quiet)
		fputs("nsview: --like-target: the target's seccomp filter cannot be taken over\n",
		      stderr);
	if (ret == 0 && w->ids.follow_context)
		ret = label_read(s, err);
	if (ret == 0 && w->place.target_resolv)
		ret = resolv_read(s, err);
	/* A label is for the next exec, which has to be the command's. */
	if (ret == 0 && s->foreign_root && !s->prepared.label && !s->job->instead)
		ret = seal_prepare(s, err);
	library_seal();
	return ret;
}

void prepared_release(struct prepared *p)
{
	environ_free(p->env);
	free(p->shell[0]);
	free(p->path);
	free(p->label);
	for (size_t i = 0; i < p->ncgroups; i++)
		close(p->cgroups[i]);
	for (int i = 0; i < RESOLV_FILES; i++)
		buffer_release(&p->resolv[i]);
	if (p->anchor >= 0)
		close(p->anchor);
	*p = (struct prepared){ .anchor = -1 };
}
