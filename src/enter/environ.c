/* SPDX-License-Identifier: MIT */
/*
 * The command's environment. What the host has in its own is for the host: tokens, agents, paths.
 * What the target has is the target's word, which no program of the host may load a file by.
 */
#include <stdlib.h>
#include <string.h>

#include <nsview/error.h>
#include <nsview/grow.h>

#include "environ.h"

static const char default_path[] =
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/* Of ours, what says how a person reads and writes; a '*' stands for any end of the name. */
static const char *const harmless[] = {
	"TERM", "COLORTERM", "LANG", "LANGUAGE", "LC_*", "TZ", NULL
};

/* Where the files of a person are, who is on the host with the host's programs. */
static const char *const of_host[] = { "PATH", "HOME", "SHELL", NULL };

/*
 * What makes loaders, shells, interpreters and tools load, run or write files; ld.so(8),
 * environ(7). No such list is ever complete.
 */
static const char *const loading[] = {
	"LD_*",
	"PATH",
	"HOME",
	"SHELL",
	"BASH_*",
	"ENV",
	"SHELLOPTS",
	"BASHOPTS",
	"PS4",
	"PROMPT_COMMAND",
	"IFS",
	"CDPATH",
	"FPATH",
	"HIST*",
	"INPUTRC",
	"ZDOTDIR",
	"GCONV_PATH",
	"GETCONF_DIR",
	"GLIBC_TUNABLES",
	"HOSTALIASES",
	"LOCALDOMAIN",
	"LOCPATH",
	"MALLOC_*",
	"NIS_PATH",
	"NLSPATH",
	"RESOLV_HOST_CONF",
	"RES_OPTIONS",
	"TMPDIR",
	"TZDIR",
	"PYTHON*",
	"PERL5*",
	"PERLLIB",
	"RUBY*",
	"GEM_*",
	"NODE_*",
	"JAVA_*",
	"_JAVA_*",
	"JDK_JAVA_OPTIONS",
	"CLASSPATH",
	"LUA_*",
	"TCL*",
	"GUILE_*",
	"EMACS*",
	"TERMINFO*",
	"TERMCAP",
	"EDITOR",
	"VISUAL",
	"FCEDIT",
	"BROWSER",
	"VIM*",
	"GVIM*",
	"MYVIMRC",
	"EXINIT",
	"PAGER",
	"LESS*",
	"MORE",
	"MAN*",
	"MAKE*",
	"GNUMAKEFLAGS",
	"TAR_OPTIONS",
	"CURL_HOME",
	"WGETRC",
	"NETRC",
	"OPENSSL_*",
	"SSL_*",
	"SSH_*",
	"KRB5*",
	"DBUS_*",
	"SYSTEMD_*",
	"KUBECONFIG",
	"DOCKER_*",
	"GTK_*",
	"GDK_*",
	"GIO_*",
	"QT_*",
	"XAUTHORITY",
	"GIT_*",
	"SUDO_*",
	"XDG_*",
	NULL,
};

struct list {
	char **at;
	size_t n; /* without the NULL behind them */
};

static void add(struct list *l, const char *text, size_t len)
{
	l->at = list_room(l->at, l->n + 1, sizeof(*l->at));
	l->at[l->n] = strndup(text, len);
	if (!l->at[l->n])
		die("out of memory");
	l->at[++l->n] = NULL;
}

/* Whether a name is one of the words. */
static bool matches(const char *const *words, const char *entry)
{
	size_t len = strcspn(entry, "=");

	for (; *words; words++) {
		size_t n = strcspn(*words, "*");

		if ((len == n || ((*words)[n] && len > n)) && memcmp(entry, *words, n) == 0)
			return true;
	}
	return false;
}

static void put(struct list *l, const char *entry)
{
	size_t len = strcspn(entry, "=") + 1;

	for (size_t i = 0; i < l->n; i++)
		if (strncmp(l->at[i], entry, len) == 0) {
			free(l->at[i]);
			l->at[i] = strdup(entry);
			if (!l->at[i])
				die("out of memory");
			return;
		}
	add(l, entry, strlen(entry));
}

static void add_host(struct list *l, char *const *host, const char *const *only)
{
	for (; *host; host++)
		if (!only || matches(only, *host))
			add(l, *host, strlen(*host));
}

static void add_target(struct list *l, const struct environ_source *from)
{
	const char *at = from->target, *end = at + from->target_len;

	while (at && at < end) {
		size_t len = strnlen(at, (size_t)(end - at));
		char *entry = strndup(at, len);

		if (!entry)
			die("out of memory");
		if (strchr(entry, '=') && (from->foreign_root || !matches(loading, entry)))
			add(l, entry, len);
		free(entry);
		at += len + 1;
	}
	if (!from->foreign_root)
		add_host(l, from->host, of_host);
}

static void add_sane(struct list *l, const struct environ_source *from)
{
	char *home;

	add_host(l, from->host, harmless);
	put(l, default_path);
	home = malloc(strlen(from->home) + sizeof("HOME=/"));
	if (!home)
		die("out of memory");
	strcpy(stpcpy(home, "HOME="), *from->home ? from->home : "/");
	put(l, home);
	free(home);
}

char **environ_make(const struct environ_source *from)
{
	struct list l = { 0 };

	l.at = list_room(NULL, 0, sizeof(*l.at));
	l.at[0] = NULL;
	if (from->choice == ENV_TARGET)
		add_target(&l, from);
	else if (from->choice == ENV_HOST || (from->choice == ENV_DEFAULT && !from->foreign_root))
		add_host(&l, from->host, NULL);
	else if (from->choice == ENV_DEFAULT)
		add_sane(&l, from);
	for (const char *const *set = from->set; set && *set; set++)
		put(&l, *set);
	return l.at;
}

void environ_free(char **env)
{
	for (char **e = env; e && *e; e++)
		free(*e);
	free(env);
}

const char *environ_get(char *const *env, const char *name)
{
	size_t len = strlen(name);

	for (; env && *env; env++)
		if (strncmp(*env, name, len) == 0 && (*env)[len] == '=')
			return *env + len + 1;
	return NULL;
}
