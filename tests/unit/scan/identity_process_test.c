/* SPDX-License-Identifier: MIT */
/* Identities from other evidence than the cgroup, in a copy of /proc below a temporary root. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <nsview/identity.h>
#include <nsview/procfile.h>

#include "tree.h"

#define ID   "aaaaaaaaaaaa4aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define HOST 4026531841u

static struct arena arena = ARENA_INIT;

static int setup(void **state)
{
	int r = tree_setup(state);

	if (r == 0)
		tree_file(*state, "/proc/.keep", "");
	return r;
}

static int teardown(void **state)
{
	arena_release(&arena);
	return tree_teardown(state);
}

static const char *of(pid_t pid, const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	return path;
}

/* A process; cmdline is of len bytes, with the NUL after its last argument. */
static void process(struct tree *t, pid_t pid, pid_t ppid, unsigned mnt, const char *comm,
		    const char *cmdline, size_t len)
{
	char text[256];

	snprintf(text, sizeof(text),
		 "%d (%s) S %d 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 1234 9 9\n", (int)pid,
		 comm, (int)ppid);
	tree_file(t, of(pid, "stat"), text);
	tree_bytes(t, of(pid, "cmdline"), cmdline, len);
	snprintf(text, sizeof(text), "mnt:[%u]", mnt);
	tree_link(t, of(pid, "ns/mnt"), text);
	tree_file(t, of(pid, "cgroup"), "0::/\n");
}
#define PROCESS(t, pid, ppid, mnt, comm, line)                                                     \
	process(t, pid, ppid, mnt, comm, line, sizeof(line) - 1)

/* A state file under the name of its cgroup first, as a scan does. */
static bool look(struct tree *t, pid_t pid, struct identity *out)
{
	struct ancestry known = { 0 };
	struct buffer text = BUFFER_INIT;
	char path[128];
	int fd, r;

	snprintf(path, sizeof(path), "%s/proc", t->root);
	fd = open(path, O_RDONLY | O_DIRECTORY);
	assert_true(fd >= 0);
	memset(out, 0, sizeof(*out));
	snprintf(path, sizeof(path), "%d/cgroup", (int)pid);
	r = (proc_read(fd, path, 65536, &text) == 0 &&
	     identity_from_state_file(&arena, fd, text.data, text.len, out)) ||
	    identity_from_process(&arena, fd, pid, -1, &known, out);
	buffer_release(&text);
	close(fd);
	return r;
}

static void check(struct tree *t, pid_t pid, const char *kind, const char *name, const char *id,
		  const char *evidence)
{
	struct identity got;

	assert_true(look(t, pid, &got));
	assert_string_equal(got.kind, kind);
	assert_string_equal(got.name, name);
	assert_string_equal(got.id, id);
	assert_string_equal(got.evidence, evidence);
	assert_true(got.container);
	assert_null(got.name_source);
}

static void check_nothing(struct tree *t, pid_t pid)
{
	struct identity got;

	assert_false(look(t, pid, &got));
}

/* A supervisor and its child, which has a mount namespace of its own and the next number. */
#define SUPERVISED(t, pid, comm, line)                                                             \
	do {                                                                                       \
		PROCESS(t, pid, 1, HOST, comm, line);                                              \
		PROCESS(t, (pid) + 1, pid, 77, "app", "app\0");                                    \
	} while (0)

static void conmon_gives_id_and_name_of_its_child(void **state)
{
	SUPERVISED(*state, 10, "conmon",
		   "/usr/bin/conmon\0--api-version\0"
		   "1\0-c\0" ID "\0-u\0" ID "\0-n\0web\0--exit-command\0podman\0"
		   "--exit-command-arg\0-n\0--exit-command-arg\0wrong\0");
	check(*state, 11, "podman", "web", ID,
	      "parent 10: /usr/bin/conmon ... -c " ID " ... -n web");
}

static void conmon_without_a_name_gives_the_short_id(void **state)
{
	SUPERVISED(*state, 10, "conmon", "conmon\0--cid=" ID "\0--exit-command\0-n\0wrong\0");
	check(*state, 11, "podman", "aaaaaaaaaaaa", ID, "parent 10: conmon --cid=" ID);
}

static void conmon_of_crio_is_k8s(void **state)
{
	SUPERVISED(*state, 10, "conmon", "conmon\0-c\0" ID "\0-n\0k8s_c_p_ns_u_0\0");
	check(*state, 11, "k8s", "k8s_c_p_ns_u_0", ID,
	      "parent 10: conmon -c " ID " -n k8s_c_p_ns_u_0");
}

static void conmon_with_an_id_that_is_none_claims_nothing(void **state)
{
	SUPERVISED(*state, 10, "conmon", "conmon\0-c\0../../x\0-n\0web\0");
	check_nothing(*state, 11);
	SUPERVISED(*state, 20, "conmon", "conmon\0-n\0web\0-c");
	check_nothing(*state, 21);
	SUPERVISED(*state, 30, "conman", "conmon\0-c\0" ID "\0-n\0web\0");
	check_nothing(*state, 31);
}

static void helper_in_the_supervisors_mount_namespace_is_outside(void **state)
{
	PROCESS(*state, 10, 1, HOST, "conmon", "conmon\0-c\0" ID "\0-n\0web\0");
	PROCESS(*state, 20, 10, HOST, "podman", "podman\0cleanup\0");
	check_nothing(*state, 20);
	check_nothing(*state, 10);
}

static void shim_tells_the_engine_by_its_namespace(void **state)
{
	static const char shim[] = "containerd-shim";

	SUPERVISED(*state, 10, shim,
		   "/bin/containerd-shim-runc-v2\0-namespace\0moby\0-id\0" ID "\0-address\0/a\0");
	check(*state, 11, "docker", "aaaaaaaaaaaa", ID,
	      "parent 10: /bin/containerd-shim-runc-v2 -namespace moby -id " ID);
	SUPERVISED(*state, 20, shim, "shim\0-namespace\0k8s.io\0-id\0" ID "\0");
	check(*state, 21, "k8s", "aaaaaaaaaaaa", ID, "parent 20: shim -namespace k8s.io -id " ID);
	SUPERVISED(*state, 30, shim, "shim\0--namespace=nsvt\0-id=web\0");
	check(*state, 31, "containerd", "web", "web", "parent 30: shim --namespace=nsvt -id=web");
	SUPERVISED(*state, 40, shim, "shim\0-id\0web\0");
	check_nothing(*state, 41);
}

static void lxc_monitor_gives_the_name_after_its_directory(void **state)
{
	SUPERVISED(*state, 10, "lxc-start", "[lxc monitor] /var/lib/my lxc web\0\0");
	check(*state, 11, "lxc", "web", "web", "parent 10: [lxc monitor] /var/lib/my lxc web");
	SUPERVISED(*state, 20, "lxc-start", "lxc-start\0-P\0-n\0-n\0web\0-F\0");
	check(*state, 21, "lxc", "web", "web", "parent 20: lxc-start ... -n web");
	SUPERVISED(*state, 30, "lxc-start", "[lxc monitor] /var/lib/lxc\0");
	check_nothing(*state, 31);
}

static void nspawn_gives_its_machine(void **state)
{
	SUPERVISED(*state, 10, "systemd-nspawn",
		   "systemd-nspawn\0-D\0/srv/x\0--machine=deb\0--boot\0");
	check(*state, 11, "machine", "deb", "deb",
	      "parent 10: systemd-nspawn -D /srv/x --machine=deb");
	SUPERVISED(*state, 20, "systemd-nspawn", "systemd-nspawn\0-bM\0deb\0-D\0/srv/x\0");
	check(*state, 21, "machine", "deb", "deb", "parent 20: systemd-nspawn -bM deb -D /srv/x");
}

static void nspawn_without_a_machine_goes_by_its_directory(void **state)
{
	SUPERVISED(*state, 10, "systemd-nspawn",
		   "systemd-nspawn\0-qbD\0/srv/deb/\0sh\0-M\0wrong\0");
	check(*state, 11, "machine", "deb", "deb", "parent 10: systemd-nspawn -qbD /srv/deb/");
	SUPERVISED(*state, 20, "systemd-nspawn", "systemd-nspawn\0-u\0me\0-i\0/a/deb.raw\0");
	check(*state, 21, "machine", "deb", "deb", "parent 20: systemd-nspawn ... -i /a/deb.raw");
	SUPERVISED(*state, 30, "systemd-nspawn", "systemd-nspawn\0sh\0-M\0wrong\0");
	check(*state, 31, "machine", "30", "30", "parent 30: systemd-nspawn");
}

static void bwrap_is_named_by_its_command(void **state)
{
	SUPERVISED(*state, 10, "bwrap",
		   "bwrap\0--unshare-all\0--ro-bind\0/\0/\0--setenv\0A\0--\0/usr/bin/sleep\0"
		   "9\0--\0x\0");
	check(*state, 11, "bwrap", "sleep", "10", "parent 10: bwrap ... /usr/bin/sleep");
	SUPERVISED(*state, 20, "bwrap", "bwrap\0--dev\0/dev\0--\0-odd\0");
	check(*state, 21, "bwrap", "-odd", "20", "parent 20: bwrap ... -- -odd");
}

static void bwrap_with_unknown_options_goes_by_its_pid(void **state)
{
	SUPERVISED(*state, 10, "bwrap", "bwrap\0--from-the-future\0a\0--\0sleep\0");
	check(*state, 11, "bwrap", "10", "10", "parent 10: bwrap");
	SUPERVISED(*state, 20, "bwrap", "bwrap\0--bind\0/\0");
	check(*state, 21, "bwrap", "20", "20", "parent 20: bwrap");
}

static void firejail_gives_its_name(void **state)
{
	SUPERVISED(*state, 10, "firejail", "firejail\0--quiet\0--name=box\0sleep\0--name=x\0");
	check(*state, 11, "firejail", "box", "10", "parent 10: firejail ... --name=box");
	SUPERVISED(*state, 20, "firejail", "firejail\0sleep\0--name=x\0");
	check(*state, 21, "firejail", "20", "20", "parent 20: firejail");
}

static void nearest_of_eight_ancestors_counts(void **state)
{
	PROCESS(*state, 10, 1, HOST, "conmon", "conmon\0-c\0" ID "\0-n\0web\0");
	PROCESS(*state, 11, 10, 77, "sh", "sh\0");
	PROCESS(*state, 12, 11, 77, "sh", "sh\0");
	for (pid_t pid = 13; pid <= 19; pid++)
		PROCESS(*state, pid, pid - 1, 77, "sh", "sh\0");
	PROCESS(*state, 20, 11, 77, "firejail", "firejail\0--name=box\0");
	PROCESS(*state, 21, 20, 88, "sh", "sh\0");
	check(*state, 18, "podman", "web", ID, "ancestor 10: conmon -c " ID " -n web");
	check_nothing(*state, 19);
	check(*state, 21, "firejail", "box", "20", "parent 20: firejail --name=box");
}

static void parent_known_to_be_plain_is_not_asked_again(void **state)
{
	struct tree *t = *state;
	struct ancestry known = { 0 };
	struct identity got;
	char path[128];
	int fd;

	PROCESS(t, 10, 0, HOST, "sh", "sh\0");
	PROCESS(t, 11, 10, 77, "sh", "sh\0");
	PROCESS(t, 12, 10, 77, "sh", "sh\0");
	snprintf(path, sizeof(path), "%s/proc", t->root);
	fd = open(path, O_RDONLY | O_DIRECTORY);
	assert_false(identity_from_process(&arena, fd, 11, 10, &known, &got));
	/* What it has become since is not seen through 10, but is through a parent not yet met. */
	tree_file(t, of(10, "stat"), "10 (firejail) S 0 1 1 0 -1 0 0 0 0 0 0 0 0 0 0 0 1 0 9\n");
	tree_bytes(t, of(10, "cmdline"), "firejail\0--name=box", 20);
	PROCESS(t, 20, 0, HOST, "firejail", "firejail\0--name=new\0");
	PROCESS(t, 21, 20, 77, "sh", "sh\0");
	assert_false(identity_from_process(&arena, fd, 12, 10, &known, &got));
	assert_true(identity_from_process(&arena, fd, 21, 20, &known, &got));
	assert_string_equal(got.name, "new");
	close(fd);
}

static void comm_and_arguments_are_kept_as_bytes(void **state)
{
	SUPERVISED(*state, 10, "firejail", "firejail\0--name=a\n\x1b[2J\xff\0");
	check(*state, 11, "firejail", "a\n\x1b[2J\xff", "10",
	      "parent 10: firejail --name=a\n\x1b[2J\xff");
}

static void evidence_has_512_bytes_at_most(void **state)
{
	char line[3000] = "firejail\0--name=";
	struct identity got;

	memset(line + 16, 'x', sizeof(line) - 17);
	line[sizeof(line) - 1] = '\0';
	process(*state, 10, 1, HOST, "firejail", line, sizeof(line));
	PROCESS(*state, 11, 10, 77, "app", "app\0");
	assert_true(look(*state, 11, &got));
	assert_int_equal(strlen(got.evidence), 512);
	assert_int_equal(strlen(got.name), 1023);
}

static void gone_or_garbled_processes_claim_nothing(void **state)
{
	check_nothing(*state, 10);
	PROCESS(*state, 20, 19, 77, "app", "app\0");
	check_nothing(*state, 20);
	tree_file(*state, "/proc/30/stat", "30 (x");
	check_nothing(*state, 30);
	tree_file(*state, "/proc/40/stat", "");
	check_nothing(*state, 40);
	PROCESS(*state, 50, 50, 77, "app", "app\0");
	check_nothing(*state, 50);
}

#define RUNC "/run/runc/web/state.json"

static void plain_cgroup_counts_only_with_a_state_file(void **state)
{
	PROCESS(*state, 10, 0, 77, "app", "app\0");
	tree_file(*state, "/proc/10/cgroup", "9:name=systemd:/web/sub\n4:memory:/x/web\n0::/\n");
	check_nothing(*state, 10);
	tree_file(*state, RUNC, "{}");
	check(*state, 10, "runc", "web", "web",
	      "cgroup: 9:name=systemd:/web/sub, and /run/runc/web/state.json exists");
}

static void state_files_of_crun_and_containerd_count_too(void **state)
{
	PROCESS(*state, 10, 0, 77, "app", "app\0");
	tree_file(*state, "/proc/10/cgroup", "0::/job\n");
	tree_file(*state, "/run/crun/job/status", "{}");
	check(*state, 10, "crun", "job", "job", "cgroup: 0::/job, and /run/crun/job/status exists");
	PROCESS(*state, 20, 0, 77, "app", "app\0");
	tree_file(*state, "/proc/20/cgroup", "1:cpu:/\n0::/moby/" ID "\n");
	tree_file(*state, "/run/containerd/io.containerd.runtime.v2.task/moby/" ID "/config.json",
		  "{}");
	check(*state, 20, "docker", "aaaaaaaaaaaa", ID,
	      "cgroup: 0::/moby/" ID ", and /run/containerd/io.containerd.runtime.v2.task/moby/" ID
	      "/config.json exists");
	PROCESS(*state, 30, 0, 77, "app", "app\0");
	tree_file(*state, "/proc/30/cgroup", "0::/" ID "\n");
	check_nothing(*state, 30);
}

static void cgroups_with_hostile_names_are_not_looked_up(void **state)
{
	PROCESS(*state, 10, 0, 77, "app", "app\0");
	tree_file(*state, "/run/runc/state.json", "{}");
	tree_file(*state, "/run/runc/a b/state.json", "{}");
	tree_file(*state, "/run/state.json", "{}");
	tree_file(*state, "/proc/10/cgroup", "0::/..\n");
	check_nothing(*state, 10);
	tree_file(*state, "/proc/10/cgroup", "0::/a b\n");
	check_nothing(*state, 10);
	tree_file(*state, "/proc/10/cgroup", "0::/.\n");
	check_nothing(*state, 10);
}

#define TMPFS_ROOT "30 1 0:50 / / rw,nodev - tmpfs tmpfs rw\n"
#define INFO	   "/proc/10/root/.flatpak-info"
#define APP	   "[Application]\nname=org.a.App\nruntime=r\n\n[Instance]\ninstance-id=4711\n"

static void flatpak(struct tree *t, const char *mountinfo)
{
	PROCESS(t, 9, 0, HOST, "bwrap",
		"bwrap\0--args\0"
		"9\0app\0");
	PROCESS(t, 10, 9, 77, "app", "app\0");
	tree_file(t, "/proc/10/mountinfo", mountinfo);
}

/* What is below bwrap is bwrap's where flatpak's file does not say more. */
static void check_no_flatpak(struct tree *t)
{
	struct identity got;

	assert_true(look(t, 10, &got));
	assert_string_equal(got.kind, "bwrap");
}

static void check_flatpak(struct tree *t)
{
	check(t, 10, "flatpak", "org.a.App", "4711", "/proc/10/root/.flatpak-info: name=org.a.App");
}

static void flatpak_info_gives_application_and_instance(void **state)
{
	flatpak(*state, TMPFS_ROOT);
	check_no_flatpak(*state);
	tree_file(*state, INFO, APP);
	check_flatpak(*state);
	tree_file(*state, INFO, "[Runtime]\nname=org.a.Sdk\n");
	check(*state, 10, "flatpak", "org.a.Sdk", "org.a.Sdk",
	      "/proc/10/root/.flatpak-info: name=org.a.Sdk");
}

static void flatpak_info_of_another_shape_claims_nothing(void **state)
{
	static const char *const texts[] = { "", "name=x\n", "[Other]\nname=x\n",
					     "[Application]\nname=\n", "[Application]\nxname=x\n" };

	flatpak(*state, TMPFS_ROOT);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		tree_file(*state, INFO, texts[i]);
		check_no_flatpak(*state);
	}
	tree_bytes(*state, INFO, "[Application]\nname=\0x\n", 22);
	check_no_flatpak(*state);
}

static void roots_that_may_hang_are_not_entered(void **state)
{
	static const char *const mounts[] = {
		"",
		"30 1 0:50 / / rw - fuse.x x rw\n",
		"30 1 0:50 / / rw - nfs4 s:/x rw\n",
		TMPFS_ROOT "31 30 0:51 / / rw - fuse.x x rw\n",
		TMPFS_ROOT "31 30 0:51 / /.flatpak-info rw - fuse.x x rw\n",
		"30 1 0:50 / /usr rw - tmpfs tmpfs rw\n",
	};

	flatpak(*state, "");
	tree_file(*state, INFO, APP);
	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		tree_file(*state, "/proc/10/mountinfo", mounts[i]);
		check_no_flatpak(*state);
	}
	tree_file(*state, "/proc/10/mountinfo", TMPFS_ROOT "31 30 0:51 / /nfs rw - nfs4 s:/ rw\n");
	check_flatpak(*state);
}

static void root_that_is_a_link_in_a_copy_is_not_followed(void **state)
{
	flatpak(*state, TMPFS_ROOT);
	tree_file(*state, "/elsewhere/.flatpak-info", APP);
	tree_link(*state, "/proc/10/root", "../../elsewhere");
	check_no_flatpak(*state);
}

static void flatpak_info_must_be_a_small_regular_file(void **state)
{
	struct tree *t = *state;
	size_t limit = 64 * 1024;
	char *big = malloc(limit + 1);

	assert_non_null(big);
	memset(big, '\n', limit + 1);
	memcpy(big, APP, sizeof(APP) - 1);
	flatpak(t, TMPFS_ROOT);
	tree_bytes(t, INFO, big, limit);
	check_flatpak(t);
	tree_bytes(t, INFO, big, limit + 1);
	check_no_flatpak(t);
	free(big);
	assert_int_equal(unlink(tree_path(t, INFO)), 0);
	assert_int_equal(mkfifo(tree_path(t, INFO), 0600), 0);
	check_no_flatpak(t);
	assert_int_equal(unlink(tree_path(t, INFO)), 0);
	tree_file(t, "/proc/10/root/real", APP);
	tree_link(t, INFO, "real");
	check_no_flatpak(t);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(conmon_gives_id_and_name_of_its_child),
		TEST(conmon_without_a_name_gives_the_short_id),
		TEST(conmon_of_crio_is_k8s),
		TEST(conmon_with_an_id_that_is_none_claims_nothing),
		TEST(helper_in_the_supervisors_mount_namespace_is_outside),
		TEST(shim_tells_the_engine_by_its_namespace),
		TEST(lxc_monitor_gives_the_name_after_its_directory),
		TEST(nspawn_gives_its_machine),
		TEST(nspawn_without_a_machine_goes_by_its_directory),
		TEST(bwrap_is_named_by_its_command),
		TEST(bwrap_with_unknown_options_goes_by_its_pid),
		TEST(firejail_gives_its_name),
		TEST(nearest_of_eight_ancestors_counts),
		TEST(parent_known_to_be_plain_is_not_asked_again),
		TEST(comm_and_arguments_are_kept_as_bytes),
		TEST(evidence_has_512_bytes_at_most),
		TEST(gone_or_garbled_processes_claim_nothing),
		TEST(plain_cgroup_counts_only_with_a_state_file),
		TEST(state_files_of_crun_and_containerd_count_too),
		TEST(cgroups_with_hostile_names_are_not_looked_up),
		TEST(flatpak_info_gives_application_and_instance),
		TEST(flatpak_info_of_another_shape_claims_nothing),
		TEST(roots_that_may_hang_are_not_entered),
		TEST(root_that_is_a_link_in_a_copy_is_not_followed),
		TEST(flatpak_info_must_be_a_small_regular_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
