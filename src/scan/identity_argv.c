/* SPDX-License-Identifier: MIT */
/*
 * What the command line of a container's supervisor says about the container: one table of
 * programs, with the options that carry the id and the name, and bwrap's own, whose command must
 * be told from the arguments of its options. Text in, spans out; anyone can start a program with
 * such a command line, so this is evidence only together with who is whose parent.
 */
#include <string.h>

#include "identity_parts.h"

enum slot { SLOT_ID, SLOT_NAME, SLOT_SPACE, SLOT_DIR, SLOTS };

/* How a supervisor's options are read. Lists are words between single spaces. */
struct program {
	const char *comm;
	const char *options[SLOTS]; /* spellings; the value is the next word, or follows '=' */
	const char *flags;	    /* letters that may stand together before an option's letter */
	const char *skip;	    /* other options whose value is the next word */
	const char *stop;	    /* words that end what is of interest */
	bool command;		    /* the first word that is no option ends it too */
	bool (*finish)(const struct span values[SLOTS], struct supervisor *out);
};

/* The next argument: up to a NUL, or to the end where the text was cut. */
static bool word_next(struct span *rest, struct span *out)
{
	const char *end;

	if (rest->len == 0)
		return false;
	end = memchr(rest->data, '\0', rest->len);
	out->data = rest->data;
	out->len = end ? (size_t)(end - rest->data) : rest->len;
	rest->data += out->len + (end ? 1 : 0);
	rest->len -= out->len + (end ? 1 : 0);
	return true;
}

static bool listed(const char *list, struct span word)
{
	while (list && *list) {
		size_t len = strcspn(list, " ");

		if (len == word.len && memcmp(list, word.data, len) == 0)
			return true;
		list += len + (list[len] == ' ');
	}
	return false;
}

static void quote(struct supervisor *out, const char *begin, struct span last)
{
	size_t len = (size_t)(last.data + last.len - begin);

	if (out->nquotes < SUPERVISOR_QUOTES)
		out->quotes[out->nquotes++] = (struct span){ begin, len };
}

/* "-bM" is "-b -M" where b is a flag: the option that such a word ends with, into two bytes. */
static struct span option_name(const struct program *p, struct span word, char letter[2])
{
	const char *equals = memchr(word.data, '=', word.len);

	if (equals)
		return (struct span){ word.data, (size_t)(equals - word.data) };
	if (!p->flags || word.len < 3 || word.data[1] == '-')
		return word;
	for (size_t i = 1; i + 1 < word.len; i++) {
		if (!strchr(p->flags, word.data[i]))
			return word;
	}
	letter[0] = '-';
	letter[1] = word.data[word.len - 1];
	return (struct span){ letter, 2 };
}

static enum slot option_slot(const struct program *p, struct span option)
{
	int slot = 0;

	while (slot < SLOTS && !listed(p->options[slot], option))
		slot++;
	return (enum slot)slot;
}

/* Reads one option and, where it has one, its value. The first of two that are the same counts. */
static void option_read(const struct program *p, struct span word, struct span *rest,
			struct span values[SLOTS], struct supervisor *out)
{
	char letter[2];
	struct span option = option_name(p, word, letter), value;
	enum slot slot = option_slot(p, option);
	const char *equals = memchr(word.data, '=', word.len);

	if (slot == SLOTS) {
		if (!equals && listed(p->skip, option))
			word_next(rest, &value);
		return;
	}
	if (equals)
		value = (struct span){ equals + 1, (size_t)(word.data + word.len - equals - 1) };
	else if (!word_next(rest, &value))
		return;
	if (values[slot].data)
		return;
	values[slot] = value;
	quote(out, word.data, value);
}

static bool program_read(const struct program *p, struct span cmdline, struct supervisor *out)
{
	struct span rest = cmdline, word, values[SLOTS] = { { NULL, 0 } };

	if (!word_next(&rest, &word))
		return false;
	quote(out, word.data, word);
	while (word_next(&rest, &word)) {
		bool option = word.len > 1 && word.data[0] == '-';

		if (listed(p->stop, word) || (p->command && !option))
			break;
		if (option)
			option_read(p, word, &rest, values, out);
	}
	return p->finish(values, out);
}

/* CRI-O names its containers as dockershim did; Podman's "kube play" does not. */
static bool conmon_finish(const struct span values[SLOTS], struct supervisor *out)
{
	out->id = values[SLOT_ID];
	out->name = values[SLOT_NAME];
	out->kind = span_begins(out->name, "k8s_") ? "k8s" : "podman";
	return identity_id_valid(out->id);
}

const char *identity_containerd_kind(struct span space)
{
	static const struct {
		const char *space, *kind;
	} kinds[] = { { "moby", "docker" }, { "k8s.io", "k8s" } };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (span_is(space, kinds[i].space))
			return kinds[i].kind;
	}
	return "containerd";
}

static bool shim_finish(const struct span values[SLOTS], struct supervisor *out)
{
	out->id = values[SLOT_ID];
	out->kind = identity_containerd_kind(values[SLOT_SPACE]);
	return identity_id_valid(out->id) && identity_id_valid(values[SLOT_SPACE]);
}

/* Without --machine=, a machine is called as its directory or image is. */
static struct span nspawn_name(struct span path)
{
	static const char raw[] = ".raw";

	while (path.len > 0 && path.data[path.len - 1] == '/')
		path.len--;
	if (span_ends(path, raw))
		path.len -= sizeof(raw) - 1;
	return span_after_last(path, '/');
}

static bool nspawn_finish(const struct span values[SLOTS], struct supervisor *out)
{
	out->kind = "machine";
	out->name = values[SLOT_NAME].len ? values[SLOT_NAME] : nspawn_name(values[SLOT_DIR]);
	out->id = out->name;
	return true;
}

static bool lxc_finish(const struct span values[SLOTS], struct supervisor *out)
{
	out->kind = "lxc";
	out->id = out->name = values[SLOT_NAME];
	return out->name.len > 0;
}

static bool firejail_finish(const struct span values[SLOTS], struct supervisor *out)
{
	out->kind = "firejail";
	out->name = values[SLOT_NAME];
	return true;
}

static const struct program programs[] = {
	{ .comm = "conmon",
	  .options = { [SLOT_ID] = "-c --cid", [SLOT_NAME] = "-n --name" },
	  .stop = "--exit-command --",
	  .finish = conmon_finish },
	{ .comm = "containerd-shim",
	  .options = { [SLOT_ID] = "-id --id", [SLOT_SPACE] = "-namespace --namespace" },
	  .stop = "--",
	  .finish = shim_finish },
	{ .comm = "systemd-nspawn",
	  .options = { [SLOT_NAME] = "-M --machine", [SLOT_DIR] = "-D -i --directory --image" },
	  .flags = "abhjnqxPU",
	  .skip = "-u -L -S -Z -p -E --template --hostname --user --slice --property --uuid --bind "
		  "--bind-ro --tmpfs --setenv --settings --network-bridge --network-interface",
	  .stop = "--",
	  .command = true,
	  .finish = nspawn_finish },
	{ .comm = "lxc-start",
	  .options = { [SLOT_NAME] = "-n --name" },
	  .skip = "-P --lxcpath -f --rcfile -o --logfile -l --logpriority -p --pidfile -s --define",
	  .stop = "--",
	  .command = true,
	  .finish = lxc_finish },
	{ .comm = "firejail",
	  .options = { [SLOT_NAME] = "--name" },
	  .stop = "--",
	  .command = true,
	  .finish = firejail_finish },
};

/* bwrap(1): options by the number of arguments they take. */
static const char *const bwrap_arity[] = {
	("--unshare-all --share-net --unshare-user --unshare-user-try --unshare-ipc --unshare-pid "
	 "--unshare-net --unshare-uts --unshare-cgroup --unshare-cgroup-try --disable-userns "
	 "--assert-userns-disabled --clearenv --new-session --die-with-parent --as-pid-1 "
	 "--level-prefix"),
	("--args --argv0 --userns --userns2 --pidns --uid --gid --hostname --chdir --unsetenv "
	 "--lock-file --sync-fd --remount-ro --exec-label --file-label --proc --dev --tmpfs "
	 "--mqueue --dir --seccomp --add-seccomp-fd --block-fd --userns-block-fd --info-fd "
	 "--json-status-fd --cap-add --cap-drop --perms --size --overlay-src --tmp-overlay "
	 "--ro-overlay"),
	("--setenv --bind --bind-try --dev-bind --dev-bind-try --ro-bind --ro-bind-try --bind-fd "
	 "--ro-bind-fd --file --bind-data --ro-bind-data --symlink --chmod"),
	"--overlay",
};

/* Steps over an option and its arguments; false where it is unknown, or the text ends in it. */
static bool bwrap_option_skip(struct span option, struct span *rest)
{
	struct span argument;

	for (size_t n = 0; n < sizeof(bwrap_arity) / sizeof(bwrap_arity[0]); n++) {
		if (!listed(bwrap_arity[n], option))
			continue;
		for (size_t i = 0; i < n; i++) {
			if (!word_next(rest, &argument))
				return false;
		}
		return true;
	}
	return false;
}

static bool bwrap_read(struct span cmdline, struct supervisor *out)
{
	struct span rest = cmdline, word;

	if (!word_next(&rest, &word))
		return false;
	out->kind = "bwrap";
	quote(out, word.data, word);
	while (word_next(&rest, &word)) {
		const char *begin = word.data;
		bool end = span_is(word, "--");

		if (!end && span_begins(word, "-")) {
			if (!bwrap_option_skip(word, &rest))
				return true;
			continue;
		}
		if (end && !word_next(&rest, &word))
			return true;
		out->name = span_after_last(word, '/');
		quote(out, begin, word);
		return true;
	}
	return true;
}

/* The title that lxc's monitor gives itself: "[lxc monitor] DIRECTORY NAME". */
static bool lxc_monitor_read(struct span cmdline, struct supervisor *out)
{
	struct span word;

	if (!span_begins(cmdline, "[lxc monitor] ") || !word_next(&cmdline, &word))
		return false;
	while (word.len > 0 && word.data[word.len - 1] == ' ')
		word.len--;
	out->kind = "lxc";
	out->id = out->name = span_after_last(word, ' ');
	quote(out, word.data, word);
	return out->name.len > 0 && out->name.data[0] != '/' && !span_is(out->name, "monitor]");
}

bool identity_supervisor(struct span comm, struct span cmdline, struct supervisor *out)
{
	memset(out, 0, sizeof(*out));
	if (lxc_monitor_read(cmdline, out))
		return true;
	memset(out, 0, sizeof(*out));
	if (span_is(comm, "bwrap"))
		return bwrap_read(cmdline, out);
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		if (span_is(comm, programs[i].comm))
			return program_read(&programs[i], cmdline, out);
	}
	return false;
}
