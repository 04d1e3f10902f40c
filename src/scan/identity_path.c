/* SPDX-License-Identifier: MIT */
/*
 * What one cgroup path says, by the names that engines and systemd give to the cgroups they make:
 * two tables of patterns, one for containers and machines, of which the innermost counts wherever
 * it stands, and one for units, which count only below slices from the root: a unit name further
 * in belongs to another service manager. Sees the path alone; a bare id below an unknown parent
 * claims nothing (identity_process.c looks for more).
 */
#include <string.h>

#include <nsview/buffer.h>
#include <nsview/identity.h>

#include "identity_claim.h"
#include "identity_parts.h"

/* What the variable part of a pattern looks like, and what becomes of it. */
struct form {
	bool (*fits)(struct span middle);
	void (*fill)(struct arena *arena, const struct claim *c, struct identity *out);
};

struct pattern {
	const char *parent; /* the component before it; "pod*" begins so; NULL: any */
	const char *prefix, *suffix;
	const struct form *form;
	const char *kind;
	bool container;
};

static bool any_fits(struct span middle)
{
	return middle.len > 0;
}

/* "NAME-N" */
static bool app_fits(struct span middle)
{
	struct span number = span_after_last(middle, '-');

	return number.len > 0 && number.len + 1 < middle.len;
}

/* "NAME.APP", also without the second part */
static bool snap_fits(struct span middle)
{
	return middle.len > 0 && middle.data[0] != '.';
}

/* Decodes the \xHH of systemd's unit names; \x00 stays as it is. */
static struct span unescape(struct arena *arena, struct span text)
{
	static const char digits[] = "0123456789abcdef";
	char *out = arena_copy(arena, text.data, text.len);
	size_t n = 0;

	for (size_t i = 0; i < text.len; n++) {
		const char *p = text.data + i;
		const char *high = NULL, *low = NULL;

		if (text.len - i >= 4 && p[0] == '\\' && p[1] == 'x') {
			high = memchr(digits, p[2], 16);
			low = memchr(digits, p[3], 16);
		}
		if (high && low && (high != digits || low != digits)) {
			out[n] = (char)((high - digits) << 4 | (low - digits));
			i += 4;
		} else {
			out[n] = *p;
			i++;
		}
	}
	out[n] = '\0';
	return (struct span){ out, n };
}

static void id_fill(struct arena *arena, const struct claim *c, struct identity *out)
{
	out->id = identity_text(arena, c->middle);
	out->name = identity_short(arena, c->middle);
	if (c->pod)
		out->kind = "k8s";
}

static void name_fill(struct arena *arena, const struct claim *c, struct identity *out)
{
	out->id = out->name = identity_text(arena, unescape(arena, c->middle));
}

/* "qemu-1-web" to "web": libvirt numbers its machines. Empty where name is not of that shape. */
static struct span libvirt_name(struct span name, const char *driver)
{
	size_t i = strlen(driver);
	size_t digits = i;

	if (!span_begins(name, driver))
		return (struct span){ NULL, 0 };
	while (i < name.len && name.data[i] >= '0' && name.data[i] <= '9')
		i++;
	if (i == digits || i + 1 >= name.len || name.data[i] != '-')
		return (struct span){ NULL, 0 };
	return (struct span){ name.data + i + 1, name.len - i - 1 };
}

/* Of libvirt's, only lxc puts its processes apart; qemu itself is a process of the host. */
static void machine_fill(struct arena *arena, const struct claim *c, struct identity *out)
{
	static const struct {
		const char *driver;
		bool container;
	} drivers[] = { { "qemu-", false }, { "lxc-", true } };
	struct span name = unescape(arena, c->middle);

	out->id = out->name = identity_text(arena, name);
	for (size_t i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++) {
		struct span inner = libvirt_name(name, drivers[i].driver);

		if (inner.len == 0)
			continue;
		out->kind = "libvirt";
		out->name = identity_text(arena, inner);
		out->container = out->container && drivers[i].container;
	}
}

static void app_fill(struct arena *arena, const struct claim *c, struct identity *out)
{
	struct span number = span_after_last(c->middle, '-');
	struct span app = { c->middle.data, c->middle.len - number.len - 1 };

	out->name = identity_text(arena, unescape(arena, app));
	out->id = identity_text(arena, c->component);
}

static void session_fill(struct arena *arena, const struct claim *c, struct identity *out)
{
	out->name = identity_text(arena, c->middle);
	out->id = identity_text(arena, c->component);
}

/* "NAME.APP" and whatever makes it unique. */
static void snap_fill(struct arena *arena, const struct claim *c, struct identity *out)
{
	const char *dot = memchr(c->middle.data, '.', c->middle.len);
	size_t len = dot ? (size_t)(dot - c->middle.data) : c->middle.len;

	out->name = identity_text(arena, (struct span){ c->middle.data, len });
	out->id = identity_text(arena, c->component);
}

static void unit_fill(struct arena *arena, const struct claim *c, struct identity *out)
{
	struct span unit = c->component;
	autobuffer id = BUFFER_INIT;

	/* systemd puts _ before a name that a cgroup file system could take for one of its files.
	 */
	if (unit.data[0] == '_' && unit.len > 1)
		unit = (struct span){ unit.data + 1, unit.len - 1 };
	out->name = identity_text(arena, unit);
	if (c->manager.len > 0) {
		buffer_append(&id, c->manager.data, c->manager.len);
		buffer_char(&id, '/');
	}
	buffer_append(&id, unit.data, unit.len);
	out->id = identity_text(arena, (struct span){ id.data, id.len });
}

static const struct form hex_form = { identity_is_hex64, id_fill };
/* A directory "pod..." says something only below kubepods. */
static const struct form pod_form = { identity_is_hex64, id_fill };
static const struct form name_form = { any_fits, name_fill };
static const struct form machine_form = { any_fits, machine_fill };
static const struct form app_form = { app_fits, app_fill };
static const struct form session_form = { any_fits, session_fill };
static const struct form snap_form = { snap_fits, snap_fill };
static const struct form unit_form = { any_fits, unit_fill };

/* The longer prefix first. */
static const struct pattern containers[] = {
	{ NULL, "docker-", ".scope", &hex_form, "docker", true },
	{ "docker", "", "", &hex_form, "docker", true },
	{ NULL, "libpod-conmon-", ".scope", &hex_form, "podman", false },
	{ NULL, "libpod-payload-", "", &hex_form, "podman", true },
	{ NULL, "libpod-", ".scope", &hex_form, "podman", true },
	{ NULL, "libpod-", "", &hex_form, "podman", true },
	{ NULL, "crio-conmon-", ".scope", &hex_form, "crio", false },
	{ NULL, "crio-conmon-", "", &hex_form, "crio", false },
	{ NULL, "crio-", ".scope", &hex_form, "crio", true },
	{ NULL, "crio-", "", &hex_form, "crio", true },
	{ NULL, "cri-containerd-", ".scope", &hex_form, "containerd", true },
	{ NULL, "nerdctl-", ".scope", &hex_form, "containerd", true },
	{ "pod*", "", "", &pod_form, "k8s", true },
	{ NULL, "lxc.payload.", "", &name_form, "lxc", true },
	{ "lxc.payload", "", "", &name_form, "lxc", true },
	{ NULL, "lxc.monitor.", "", &name_form, "lxc", false },
	{ "lxc.monitor", "", "", &name_form, "lxc", false },
	{ "lxc", "", "", &name_form, "lxc", true },
	{ NULL, "machine-", ".scope", &machine_form, "machine", true },
	{ NULL, "systemd-nspawn@", ".service", &machine_form, "machine", true },
	{ NULL, "", ".libvirt-qemu", &machine_form, "libvirt", false },
	{ NULL, "", ".libvirt-lxc", &machine_form, "libvirt", true },
	{ NULL, "app-flatpak-", ".scope", &app_form, "flatpak", true },
};

/* A snap has a mount namespace of its own and nothing else: not a container. */
static const struct pattern units[] = {
	{ "user-*", "session-", ".scope", &session_form, "session", false },
	{ NULL, "snap.", ".service", &snap_form, "snap", false },
	{ NULL, "snap.", ".scope", &snap_form, "snap", false },
	{ NULL, "", ".service", &unit_form, "unit", false },
	{ NULL, "", ".scope", &unit_form, "unit", false },
	{ NULL, "", ".socket", &unit_form, "unit", false },
	{ NULL, "", ".mount", &unit_form, "unit", false },
	{ NULL, "", ".swap", &unit_form, "unit", false },
};

/* Where a walk down one path is. */
struct walk {
	struct span parent;  /* the component before */
	struct span manager; /* the user manager passed, or empty */
	bool kubepods;	     /* in a pod, and in no container of it yet */
	bool units_done;     /* what is below does not belong to a service manager we know */
	struct claim *container, *unit;
};

static bool parent_fits(const char *want, struct span parent)
{
	size_t len;

	if (!want)
		return true;
	len = strlen(want);
	if (want[len - 1] == '*')
		return parent.len >= len && memcmp(parent.data, want, len - 1) == 0;
	return span_is(parent, want);
}

static bool pattern_fits(const struct pattern *p, const struct walk *w, struct span component,
			 struct span *out_middle)
{
	size_t prefix, suffix;

	/* Most patterns are out by their first letter. */
	if (p->prefix[0] && p->prefix[0] != component.data[0])
		return false;
	if (!span_begins(component, p->prefix) || !span_ends(component, p->suffix) ||
	    !parent_fits(p->parent, w->parent))
		return false;
	prefix = strlen(p->prefix);
	suffix = strlen(p->suffix);
	if (component.len <= prefix + suffix)
		return false;
	*out_middle = (struct span){ component.data + prefix, component.len - prefix - suffix };
	return p->form->fits(*out_middle);
}

/* "SLICE:ENGINE:ID", which runc's cgroupfs driver makes of a systemd-style request. */
static bool triple_fits(const struct pattern *p, struct span component, struct span *out_middle)
{
	size_t engine = strlen(p->prefix);

	*out_middle = span_after_last(component, ':');
	if (engine < 2 || component.len < out_middle->len + engine + 1)
		return false;
	component.len -= out_middle->len + 1;
	return memcmp(component.data + component.len - (engine - 1), p->prefix, engine - 1) == 0 &&
	       component.data[component.len - engine] == ':' && p->form->fits(*out_middle);
}

static void walk_container(struct walk *w, struct span component)
{
	bool triple = memchr(component.data, ':', component.len);
	struct span middle;

	if (span_begins(component, "kubepods") || span_begins(component, "kubelet-kubepods"))
		w->kubepods = true;
	for (size_t i = 0; i < sizeof(containers) / sizeof(containers[0]); i++) {
		const struct pattern *p = &containers[i];

		if (p->form == &pod_form && !w->kubepods)
			continue;
		if (!pattern_fits(p, w, component, &middle) &&
		    !(triple && p->form == &hex_form && triple_fits(p, component, &middle)))
			continue;
		w->container->pattern = p;
		w->container->component = component;
		w->container->middle = middle;
		w->container->pod = w->kubepods;
		w->container->outside = false;
		w->container->depth++;
		w->kubepods = false;
		return;
	}
	/* The engine's own process in a cgroup beside the payload. */
	if (w->container->pattern && w->parent.data == w->container->component.data)
		w->container->outside =
			span_is(component, "supervisor") || span_is(component, "conmon");
}

static void walk_unit(struct walk *w, struct span component)
{
	bool manager = span_begins(component, "user@") && span_ends(component, ".service");
	struct span middle;

	if (w->units_done || span_ends(component, ".slice"))
		return;
	w->units_done = !manager || w->manager.len > 0;
	/* The scope that a user manager runs in itself: the manager is what is meant. */
	if (w->manager.len > 0 && span_is(component, "init.scope"))
		return;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (!pattern_fits(&units[i], w, component, &middle))
			continue;
		w->unit->pattern = &units[i];
		w->unit->component = component;
		w->unit->middle = middle;
		w->unit->manager = w->manager;
		break;
	}
	if (manager)
		w->manager = component;
}

static bool component_next(struct span *rest, struct span *out)
{
	const char *end;

	while (rest->len > 0 && rest->data[0] == '/')
		*rest = (struct span){ rest->data + 1, rest->len - 1 };
	if (rest->len == 0)
		return false;
	end = memchr(rest->data, '/', rest->len);
	out->data = rest->data;
	out->len = end ? (size_t)(end - rest->data) : rest->len;
	rest->data += out->len;
	rest->len -= out->len;
	return true;
}

void claim_by_path(struct span path, struct claim *out_container, struct claim *out_unit)
{
	static const char deleted[] = " (deleted)"; /* the kernel's mark on a removed cgroup */
	struct walk w = { .container = out_container, .unit = out_unit };
	struct span component;

	memset(out_container, 0, sizeof(*out_container));
	memset(out_unit, 0, sizeof(*out_unit));
	if (span_ends(path, deleted))
		path.len -= sizeof(deleted) - 1;
	while (component_next(&path, &component)) {
		/* Seen from inside of a cgroup namespace, the way out says nothing. */
		if (span_is(component, ".."))
			continue;
		walk_container(&w, component);
		walk_unit(&w, component);
		w.parent = component;
	}
}

void claim_fill(struct arena *arena, const struct claim *c, struct identity *out)
{
	*out = (struct identity){ .kind = c->pattern->kind,
				  .container = c->pattern->container && !c->outside };
	c->pattern->form->fill(arena, c, out);
}
