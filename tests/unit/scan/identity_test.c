/* SPDX-License-Identifier: MIT */
/* Identities from the text of /proc/PID/cgroup. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <nsview/identity.h>

#define A64  "aaaaaaaaaaaa4aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B64  "bbbbbbbbbbbb5bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define A12  "aaaaaaaaaaaa"
#define B12  "bbbbbbbbbbbb"
#define UID  "4f2c1d0e_8f1a_4c2b_9d3e_0a1b2c3d4e5f"
#define USER "0::/user.slice/user-1000.slice/user@1000.service/"

struct expected {
	const char *text;
	const char *kind, *name, *id; /* kind NULL: nothing is claimed */
	bool container;
};

static void check(const struct expected *e)
{
	struct arena arena = ARENA_INIT;
	struct identity id = { 0 };
	bool claimed = identity_from_cgroup(&arena, e->text, strlen(e->text), &id);

	if (claimed != (e->kind != NULL))
		fail_msg("%s: %s", e->text, claimed ? id.kind : "nothing claimed");
	if (!claimed) {
		/* Thousands of processes: what claims nothing costs nothing. */
		assert_null(arena.chunks);
		return;
	}
	if (strcmp(id.kind, e->kind) != 0 || strcmp(id.name, e->name) != 0 ||
	    strcmp(id.id, e->id) != 0 || id.container != e->container)
		fail_msg("%s: %s:%s id %s container %d", e->text, id.kind, id.name, id.id,
			 id.container);
	assert_null(id.name_source);
	/* The evidence is a line of the file, word by word. */
	assert_memory_equal(id.evidence, "cgroup: ", 8);
	assert_non_null(strstr(e->text, id.evidence + 8));
	arena_release(&arena);
}

static void check_all(const struct expected *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		check(&list[i]);
}
#define CHECK(list) check_all(list, sizeof(list) / sizeof((list)[0]))

static void docker_by_either_driver_and_version(void **state)
{
	static const struct expected list[] = {
		{ "0::/system.slice/docker-" A64 ".scope\n", "docker", A12, A64, true },
		{ "0::/docker/" A64 "\n", "docker", A12, A64, true },
		{ "0::/docker/" A64 "/init.scope\n", "docker", A12, A64, true },
		{ "12:pids:/docker/" A64 "\n1:name=systemd:/docker/" A64 "\n0::/\n", "docker", A12,
		  A64, true },
		{ "4:memory:/system.slice/docker-" A64 ".scope\n", "docker", A12, A64, true },
		{ USER "user.slice/docker-" A64 ".scope\n", "docker", A12, A64, true },
		{ "0::/system.slice:docker:" A64 "\n", "docker", A12, A64, true },
		{ "0::/docker/" A64 " (deleted)\n", "docker", A12, A64, true },
		{ "0::/docker\n", NULL, NULL, NULL, false },
		{ "0::/docker/" A12 "\n", NULL, NULL, NULL, false },
		{ "0::/other/" A64 "\n", NULL, NULL, NULL, false },
		{ "0::/docker/" A64 "0\n", NULL, NULL, NULL, false },
	};

	(void)state;
	CHECK(list);
}

static void a_container_on_any_line_beats_the_unit_of_its_engine(void **state)
{
	static const struct expected list[] = {
		{ "1:name=systemd:/docker/" A64 "\n0::/system.slice/containerd.service\n", "docker",
		  A12, A64, true },
		{ "0::/system.slice/containerd.service\n3:pids:/docker/" A64 "\n", "docker", A12,
		  A64, true },
	};

	(void)state;
	CHECK(list);
}

static void podman_by_either_driver_and_its_monitor(void **state)
{
	static const struct expected list[] = {
		{ "0::/machine.slice/libpod-" A64 ".scope\n", "podman", A12, A64, true },
		{ "0::/machine.slice/libpod-" A64 ".scope/container\n", "podman", A12, A64, true },
		{ "0::/machine.slice/libpod-conmon-" A64 ".scope\n", "podman", A12, A64, false },
		{ "0::/machine.slice/machine-libpod_pod_" B64 ".slice/libpod-" A64 ".scope\n",
		  "podman", A12, A64, true },
		{ "1:name=systemd:/libpod_parent/libpod-" A64 "\n0::/\n", "podman", A12, A64,
		  true },
		{ "1:name=systemd:/libpod_parent/" B64 "/libpod-" A64 "\n", "podman", A12, A64,
		  true },
		{ USER "user.slice/libpod-" A64 ".scope/container\n", "podman", A12, A64, true },
		{ "0::/system.slice/web.service/libpod-payload-" A64 "\n", "podman", A12, A64,
		  true },
		{ "0::/libpod_parent/conmon\n", NULL, NULL, NULL, false },
	};

	(void)state;
	CHECK(list);
}

static void cri_engines_outside_of_pods(void **state)
{
	static const struct expected list[] = {
		{ "0::/system.slice/crio-" A64 ".scope\n", "crio", A12, A64, true },
		{ "0::/system.slice/crio-conmon-" A64 ".scope\n", "crio", A12, A64, false },
		{ "0::/system.slice/cri-containerd-" A64 ".scope\n", "containerd", A12, A64, true },
		{ "0::/system.slice/nerdctl-" A64 ".scope\n", "containerd", A12, A64, true },
		{ "0::/default/" A64 "\n", NULL, NULL, NULL, false },
		{ "0::/nsvt/web\n", NULL, NULL, NULL, false },
	};

	(void)state;
	CHECK(list);
}

static void pods_by_either_driver_are_k8s_and_keep_the_uid(void **state)
{
	static const char pod[] =
		"0::/kubepods.slice/kubepods-besteffort.slice/"
		"kubepods-besteffort-pod" UID ".slice/cri-containerd-" A64 ".scope\n";
	static const struct expected list[] = {
		{ pod, "k8s", A12, A64, true },
		{ "0::/kubepods.slice/kubepods-pod" UID ".slice/crio-" A64 ".scope/container\n",
		  "k8s", A12, A64, true },
		{ "0::/kubepods.slice/kubepods-pod" UID ".slice/crio-conmon-" A64 ".scope\n", "k8s",
		  A12, A64, false },
		{ "3:pids:/kubepods/burstable/pod4f2c-1/" A64 "\n0::/\n", "k8s", A12, A64, true },
		{ "3:pids:/kubepods/pod4f2c-1/" A64 "\n", "k8s", A12, A64, true },
		{ "0::/kubepods.slice/kubepods-pod" UID ".slice/docker-" A64 ".scope\n", "k8s", A12,
		  A64, true },
		{ "0::/system.slice/containerd.service/kubepods-burstable-pod" UID
		  ".slice:cri-containerd:" A64 "\n",
		  "k8s", A12, A64, true },
		{ "0::/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod" UID
		  ".slice/cri-containerd-" A64 ".scope\n",
		  "k8s", A12, A64, true },
		{ "0::/docker/" B64 "/kubelet/kubepods/burstable/pod1/" A64 "\n", "k8s", A12, A64,
		  true },
		{ "0::/pod1/" A64 "\n", NULL, NULL, NULL, false },
		{ "0::/kubepods/burstable/pod1\n", NULL, NULL, NULL, false },
	};
	struct arena arena = ARENA_INIT;
	struct identity id;

	(void)state;
	CHECK(list);
	assert_true(identity_from_cgroup(&arena, pod, strlen(pod), &id));
	assert_non_null(strstr(id.evidence, "pod" UID ".slice"));
	arena_release(&arena);
}

static void lxc_payload_and_monitor(void **state)
{
	static const struct expected list[] = {
		{ "0::/lxc/web\n", "lxc", "web", "web", true },
		{ "0::/lxc/101/ns/system.slice/ssh.service\n", "lxc", "101", "101", true },
		{ "0::/lxc.payload.web\n", "lxc", "web", "web", true },
		{ "0::/lxc.payload/web/init.scope\n", "lxc", "web", "web", true },
		{ "0::/lxc.payload.out/lxc.payload.in\n", "lxc", "in", "in", true },
		{ "0::/lxc.monitor.web\n", "lxc", "web", "web", false },
		{ "0::/lxc.monitor/web\n", "lxc", "web", "web", false },
		{ "0::/lxc.pivot\n", NULL, NULL, NULL, false },
		{ "0::/lxc\n", NULL, NULL, NULL, false },
		{ "0::/lxc.payload.\n", NULL, NULL, NULL, false },
	};

	(void)state;
	CHECK(list);
}

static void machines_with_their_names_unescaped(void **state)
{
	static const struct expected list[] = {
		{ "0::/machine.slice/machine-deb.scope\n", "machine", "deb", "deb", true },
		{ "0::/machine.slice/machine-my\\x2ddeb.scope/payload/system.slice/ssh.service\n",
		  "machine", "my-deb", "my-deb", true },
		{ "0::/machine.slice/machine-deb.scope/supervisor\n", "machine", "deb", "deb",
		  false },
		{ "0::/machine.slice/systemd-nspawn@deb.service/payload\n", "machine", "deb", "deb",
		  true },
		{ "1:name=systemd:/machine.slice/systemd-nspawn@a\\x2db.service\n0::/\n", "machine",
		  "a-b", "a-b", true },
		{ "0::/machine.slice/machine-a\\x00b\\x2\\xzz.scope\n", "machine",
		  "a\\x00b\\x2\\xzz", "a\\x00b\\x2\\xzz", true },
		{ "0::/machine.slice/machine-.scope\n", "unit", "machine-.scope", "machine-.scope",
		  false },
		{ "0::/payload\n", NULL, NULL, NULL, false },
		{ "0::/payload/system.slice/ssh.service\n", NULL, NULL, NULL, false },
	};

	(void)state;
	CHECK(list);
}

static void libvirt_is_a_container_only_with_lxc(void **state)
{
	static const struct expected list[] = {
		{ "0::/machine.slice/machine-qemu\\x2d1\\x2dvm.scope/libvirt/emulator\n", "libvirt",
		  "vm", "qemu-1-vm", false },
		{ "0::/machine.slice/machine-qemu\\x2d12\\x2dmy\\x2dvm.scope\n", "libvirt", "my-vm",
		  "qemu-12-my-vm", false },
		{ "0::/machine.slice/machine-lxc\\x2d77\\x2dct.scope\n", "libvirt", "ct",
		  "lxc-77-ct", true },
		{ "3:pids:/machine/vm.libvirt-qemu/emulator\n", "libvirt", "vm", "vm", false },
		{ "3:pids:/machine/lxc-7-ct.libvirt-lxc\n", "libvirt", "ct", "lxc-7-ct", true },
		{ "0::/machine.slice/machine-qemu\\x2dx.scope\n", "machine", "qemu-x", "qemu-x",
		  true },
	};

	(void)state;
	CHECK(list);
}

static void flatpak_and_snap(void **state)
{
	static const struct expected list[] = {
		{ USER "app.slice/app-flatpak-org.gnome.Maps-4711.scope\n", "flatpak",
		  "org.gnome.Maps", "app-flatpak-org.gnome.Maps-4711.scope", true },
		{ USER "app.slice/app-flatpak-org.a\\x2db-4711.scope\n", "flatpak", "org.a-b",
		  "app-flatpak-org.a\\x2db-4711.scope", true },
		{ USER "app.slice/snap.firefox.firefox-1234.scope\n", "snap", "firefox",
		  "snap.firefox.firefox-1234.scope", false },
		{ "0::/system.slice/snap..daemon.service\n", "unit", "snap..daemon.service",
		  "snap..daemon.service", false },
		{ "0::/system.slice/snap.lxd.daemon.service\n", "snap", "lxd",
		  "snap.lxd.daemon.service", false },
		{ USER "app.slice/app-flatpak-x.scope\n", "unit", "app-flatpak-x.scope",
		  "user@1000.service/app-flatpak-x.scope", false },
	};

	(void)state;
	CHECK(list);
}

static void sessions_and_units_of_users(void **state)
{
	static const struct expected list[] = {
		{ "0::/user.slice/user-1000.slice/session-3.scope\n", "session", "3",
		  "session-3.scope", false },
		{ "0::/system.slice/session-3.scope\n", "unit", "session-3.scope",
		  "session-3.scope", false },
		{ USER "app.slice/foo.service\n", "unit", "foo.service",
		  "user@1000.service/foo.service", false },
		{ USER "app.slice/app-gnome.slice/foo.service/sub\n", "unit", "foo.service",
		  "user@1000.service/foo.service", false },
		{ USER "init.scope\n", "unit", "user@1000.service", "user@1000.service", false },
		{ "0::/user.slice/user-1000.slice/user@1000.service\n", "unit", "user@1000.service",
		  "user@1000.service", false },
		{ "0::/user.slice/user-1000.slice\n", NULL, NULL, NULL, false },
	};

	(void)state;
	CHECK(list);
}

static void units_count_only_below_slices_from_the_root(void **state)
{
	static const struct expected list[] = {
		{ "0::/system.slice/ssh.service\n", "unit", "ssh.service", "ssh.service", false },
		{ "0::/system.slice/system-getty.slice/getty@tty1.service\n", "unit",
		  "getty@tty1.service", "getty@tty1.service", false },
		{ "0::/system.slice/run-x.mount\n", "unit", "run-x.mount", "run-x.mount", false },
		{ "0::/init.scope\n", "unit", "init.scope", "init.scope", false },
		{ "1:name=systemd:/system.slice/cron.service\n0::/\n", "unit", "cron.service",
		  "cron.service", false },
		{ "0::/system.slice/foo.service/bar.service\n", "unit", "foo.service",
		  "foo.service", false },
		{ "0::/system.slice/_cpu.service\n", "unit", "cpu.service", "cpu.service", false },
		{ "0::/foo/system.slice/ssh.service\n", NULL, NULL, NULL, false },
		{ "0::/system.slice/.service\n", NULL, NULL, NULL, false },
	};

	(void)state;
	CHECK(list);
}

static void the_innermost_container_wins(void **state)
{
	static const struct expected list[] = {
		{ "0::/docker/" A64 "/docker/" B64 "\n", "docker", B12, B64, true },
		{ "0::/system.slice/docker-" A64 ".scope/docker/" B64 "\n", "docker", B12, B64,
		  true },
		{ "0::/docker/" A64 "/system.slice/ssh.service\n", "docker", A12, A64, true },
		{ "0::/docker/" A64 "/machine.slice/machine-deb.scope\n", "machine", "deb", "deb",
		  true },
		{ "0::/kubepods/pod1/" A64 "/docker/" B64 "\n", "docker", B12, B64, true },
		{ "0::/lxc.payload.c/user.slice/user-0.slice/session-1.scope\n", "lxc", "c", "c",
		  true },
		{ "4:memory:/docker/" A64 "/docker/" B64 "\n0::/docker/" A64 "\n", "docker", B12,
		  B64, true },
		/* v2 knows the machine, a v1 hierarchy also what is in it */
		{ "0::/machine.slice/machine-deb.scope/payload\n"
		  "4:memory:/machine.slice/machine-deb.scope/payload/docker/" B64 "\n",
		  "docker", B12, B64, true },
	};

	(void)state;
	CHECK(list);
}

static void evidence_of_a_nested_container_is_the_whole_line(void **state)
{
	static const char text[] = "5:pids:/\n0::/docker/" A64 "/docker/" B64 "\n";
	struct arena arena = ARENA_INIT;
	struct identity id;

	(void)state;
	assert_true(identity_from_cgroup(&arena, text, strlen(text), &id));
	assert_string_equal(id.evidence, "cgroup: 0::/docker/" A64 "/docker/" B64);
	arena_release(&arena);
}

static void the_way_out_of_a_cgroup_namespace_does_not_confuse(void **state)
{
	static const struct expected list[] = {
		{ "0::/../../system.slice/docker-" A64 ".scope\n", "docker", A12, A64, true },
		{ "0::/../" A64 "\n", NULL, NULL, NULL, false },
		{ "0::/../ssh.service\n", "unit", "ssh.service", "ssh.service", false },
		{ "0::/..\n", NULL, NULL, NULL, false },
	};

	(void)state;
	CHECK(list);
}

static void what_is_unknown_or_no_cgroup_file_claims_nothing(void **state)
{
	static const struct expected list[] = {
		{ "", NULL, NULL, NULL, false },
		{ "\n\n", NULL, NULL, NULL, false },
		{ "0::/\n", NULL, NULL, NULL, false },
		{ "9:name=systemd:/\n4:memory:/SUPERVISOR/0123456789abcdef0123456789abcdef\n0::/\n",
		  NULL, NULL, NULL, false },
		{ "0:/docker/" A64, NULL, NULL, NULL, false },
		{ "x::/docker/" A64, NULL, NULL, NULL, false },
		{ "0::docker/" A64, NULL, NULL, NULL, false },
		{ "0:://///\n", NULL, NULL, NULL, false },
	};

	(void)state;
	CHECK(list);
}

static void a_line_with_nul_claims_nothing(void **state)
{
	static const char text[] = "0::/lxc/we\0b\n";
	struct arena arena = ARENA_INIT;
	struct identity id;

	(void)state;
	assert_false(identity_from_cgroup(&arena, text, sizeof(text) - 1, &id));
	assert_null(arena.chunks);
}

static void long_evidence_is_capped_and_keeps_its_end(void **state)
{
	char text[4096] = "0::/";
	struct arena arena = ARENA_INIT;
	struct identity id;

	(void)state;
	memset(text + 4, 'x', 1000);
	snprintf(text + 1004, sizeof(text) - 1004, "/docker/%s\n", A64);
	assert_true(identity_from_cgroup(&arena, text, strlen(text), &id));
	assert_int_equal(strlen(id.evidence), 512);
	assert_memory_equal(id.evidence, "cgroup: ...x", 12);
	assert_string_equal(id.evidence + 512 - 8 - 64, "/docker/" A64);
	arena_release(&arena);
}

static void check_path(const char *text, const char *want)
{
	struct span path = identity_cgroup_path(text, strlen(text));

	assert_int_equal(path.len, strlen(want));
	assert_memory_equal(path.data, want, path.len);
}

static void path_is_v2_then_systemd_then_the_longest(void **state)
{
	(void)state;
	check_path("1:name=systemd:/s\n2:pids:/longer/path\n0::/a\n", "/a");
	check_path("2:pids:/longer/path\n1:name=systemd:/s\n0::/\n", "/s");
	check_path("3:cpu:/b\n2:pids:/longer/path\n1:name=systemd:/\n0::/\n", "/longer/path");
	check_path("2:pids:/longer/path\n3:cpu:/b\n", "/longer/path");
	check_path("0::/\n", "/");
	check_path("rubbish", "/");
	check_path("", "/");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(docker_by_either_driver_and_version),
		cmocka_unit_test(a_container_on_any_line_beats_the_unit_of_its_engine),
		cmocka_unit_test(podman_by_either_driver_and_its_monitor),
		cmocka_unit_test(cri_engines_outside_of_pods),
		cmocka_unit_test(pods_by_either_driver_are_k8s_and_keep_the_uid),
		cmocka_unit_test(lxc_payload_and_monitor),
		cmocka_unit_test(machines_with_their_names_unescaped),
		cmocka_unit_test(libvirt_is_a_container_only_with_lxc),
		cmocka_unit_test(flatpak_and_snap),
		cmocka_unit_test(sessions_and_units_of_users),
		cmocka_unit_test(units_count_only_below_slices_from_the_root),
		cmocka_unit_test(the_innermost_container_wins),
		cmocka_unit_test(evidence_of_a_nested_container_is_the_whole_line),
		cmocka_unit_test(the_way_out_of_a_cgroup_namespace_does_not_confuse),
		cmocka_unit_test(what_is_unknown_or_no_cgroup_file_claims_nothing),
		cmocka_unit_test(a_line_with_nul_claims_nothing),
		cmocka_unit_test(long_evidence_is_capped_and_keeps_its_end),
		cmocka_unit_test(path_is_v2_then_systemd_then_the_longest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
