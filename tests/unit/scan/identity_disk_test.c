/* SPDX-License-Identifier: MIT */
/* Names from the state files of engines, below a temporary root directory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <nsview/identity.h>

#include "tree.h"

#define ID  "aaaaaaaaaaaa4aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define OLD "aaaaaaaaaaaa"

static struct arena arena = ARENA_INIT;

static int setup(void **state)
{
	return tree_setup(state);
}

static int teardown(void **state)
{
	arena_release(&arena);
	return tree_teardown(state);
}

static struct identity named(struct tree *t, const char *kind, const char *id)
{
	struct identity out = { .kind = kind, .name = OLD, .id = id };

	identity_name_from_disk(&arena, t->root, &out);
	return out;
}

/* The name comes from the file at path. */
static void check_named(struct tree *t, const char *kind, const char *id, const char *name,
			const char *path)
{
	struct identity got = named(t, kind, id);

	assert_string_equal(got.name, name);
	assert_non_null(got.name_source);
	assert_string_equal(got.name_source, tree_path(t, path));
}

static void check_unnamed(struct tree *t, const char *kind, const char *id)
{
	struct identity got = named(t, kind, id);

	assert_string_equal(got.name, OLD);
	assert_null(got.name_source);
}

#define DOCKER "/var/lib/docker/containers/" ID "/config.v2.json"

static void docker_name_loses_its_slash(void **state)
{
	tree_file(*state, DOCKER, "{\"ID\":\"" ID "\",\"Name\":\"/web\",\"State\":{\"Pid\":1}}");
	check_named(*state, "docker", ID, "web", DOCKER);
}

static void docker_data_root_of_daemon_json_is_used(void **state)
{
	static const char path[] = "/srv/d/containers/" ID "/config.v2.json";

	tree_file(*state, "/etc/docker/daemon.json", "{\"data-root\": \"/srv/d\"}");
	tree_file(*state, path, "{\"Name\":\"/moved\"}");
	tree_file(*state, DOCKER, "{\"Name\":\"/stale\"}");
	check_named(*state, "docker", ID, "moved", path);
}

static void hostile_daemon_json_leaves_the_default(void **state)
{
	static const char *const texts[] = { "",
					     "[",
					     "[]",
					     "{\"data-root\": 5}",
					     "{\"data-root\": \"relative\"}",
					     "{\"data-root\": \"/%I%s%n\"}" };

	tree_file(*state, DOCKER, "{\"Name\":\"/web\"}");
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		tree_file(*state, "/etc/docker/daemon.json", texts[i]);
		check_named(*state, "docker", ID, "web", DOCKER);
	}
}

static void podman_name_is_the_one_of_its_id(void **state)
{
	static const char path[] = "/var/lib/containers/storage/overlay-containers/containers.json";

	tree_file(*state, path,
		  "[{\"id\":\"bb\",\"names\":[\"other\"],\"x\":\"" ID "\"},"
		  "{\"id\":\"" ID "\",\"names\":[\"job\",\"alias\"]}]");
	check_named(*state, "podman", ID, "job", path);
}

static void podman_name_in_vfs_and_volatile_storage(void **state)
{
	static const char vfs[] = "/var/lib/containers/storage/vfs-containers/containers.json";
	static const char gone[] =
		"/run/containers/storage/overlay-containers/volatile-containers.json";

	tree_file(*state, "/var/lib/containers/storage/overlay-containers/containers.json", "[]");
	tree_file(*state, vfs, "[{\"id\":\"" ID "\",\"names\":[\"job\"]}]");
	check_named(*state, "podman", ID, "job", vfs);
	tree_file(*state, gone, "[{\"id\":\"" ID "\",\"names\":[\"brief\"]}]");
	check_named(*state, "podman", ID, "brief", gone);
}

static void cri_container_is_named_by_namespace_pod_and_container(void **state)
{
	static const char path[] =
		"/run/containerd/io.containerd.runtime.v2.task/k8s.io/" ID "/config.json";

	tree_file(*state, path,
		  "{\"process\":{\"rlimits\":[{\"hard\":18446744073709551615}]},\"annotations\":{"
		  "\"io.kubernetes.cri.container-name\":\"nginx\","
		  "\"io.kubernetes.cri.sandbox-name\":\"web-0\","
		  "\"io.kubernetes.cri.sandbox-namespace\":\"shop\"}}");
	check_named(*state, "k8s", ID, "shop/web-0/nginx", path);
}

static void cri_sandbox_is_named_without_a_container(void **state)
{
	static const char path[] =
		"/run/k3s/containerd/io.containerd.runtime.v2.task/k8s.io/" ID "/config.json";

	tree_file(*state, path,
		  "{\"annotations\":{\"io.kubernetes.cri.sandbox-name\":\"web-0\","
		  "\"io.kubernetes.cri.sandbox-namespace\":\"shop\"}}");
	check_named(*state, "k8s", ID, "shop/web-0", path);
}

static void crio_container_is_named_by_its_annotations(void **state)
{
	static const char path[] =
		"/var/lib/containers/storage/overlay-containers/" ID "/userdata/config.json";

	tree_file(*state, path,
		  "{\"annotations\":{\"io.kubernetes.container.name\":\"db\","
		  "\"io.kubernetes.pod.name\":\"db-1\",\"io.kubernetes.pod.namespace\":\"shop\"}}");
	check_named(*state, "crio", ID, "shop/db-1/db", path);
	check_named(*state, "k8s", ID, "shop/db-1/db", path);
	check_named(*state, "podman", ID, "shop/db-1/db", path);
}

static void pod_run_by_docker_is_named_by_docker(void **state)
{
	tree_file(*state, DOCKER, "{\"Name\":\"/k8s_nginx_web-0_shop_uid_0\"}");
	check_named(*state, "k8s", ID, "k8s_nginx_web-0_shop_uid_0", DOCKER);
}

static void containerd_is_searched_in_all_namespaces(void **state)
{
	static const char path[] =
		"/run/containerd/io.containerd.runtime.v2.task/default/web/config.json";

	tree_file(*state, "/run/containerd/io.containerd.runtime.v2.task/a/other/config.json",
		  "{\"annotations\":{\"nerdctl/name\":\"wrong\"}}");
	tree_file(*state, path, "{\"annotations\":{\"nerdctl/name\":\"front\"}}");
	check_named(*state, "containerd", "web", "front", path);
}

static void low_level_runtimes_confirm_their_ids(void **state)
{
	tree_file(*state, "/run/runc/web/state.json", "{\"id\":\"web\",\"init_process_pid\":7}");
	check_named(*state, "runc", "web", "web", "/run/runc/web/state.json");
	tree_file(*state, "/run/crun/job/status", "{\"pid\":7}");
	check_named(*state, "crun", "job", "job", "/run/crun/job/status");
	tree_file(*state, "/run/runc/odd/state.json", "{\"id\":\"another\"}");
	check_unnamed(*state, "runc", "odd");
}

static void machine_name_is_machineds(void **state)
{
	tree_file(*state, "/run/systemd/machines/deb",
		  "# private\nSERVICE=systemd-nspawn\nNAME=deb\nLEADER=7\n");
	check_named(*state, "machine", "deb", "deb", "/run/systemd/machines/deb");
	tree_file(*state, "/run/systemd/machines/odd", "XNAME=deb\nNAME=\n");
	check_unnamed(*state, "machine", "odd");
}

static void what_is_not_there_changes_nothing(void **state)
{
	static const char *const kinds[] = { "docker", "podman", "crio",    "k8s",  "containerd",
					     "runc",   "crun",	 "machine", "unit", "none" };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		check_unnamed(*state, kinds[i], ID);
}

static void ids_that_are_no_ids_are_not_looked_up(void **state)
{
	tree_file(*state, "/run/crun/status", "{\"pid\":7}");
	tree_file(*state, "/run/crun/a/status", "{\"pid\":7}");
	tree_file(*state, "/run/status", "{\"pid\":7}");
	tree_file(*state, "/run/crun/a b/status", "{\"pid\":7}");
	check_unnamed(*state, "crun", "..");
	check_unnamed(*state, "crun", ".");
	check_unnamed(*state, "crun", "");
	check_unnamed(*state, "crun", "x/../a");
	check_unnamed(*state, "crun", "a b");
	check_unnamed(*state, "crun", NULL);
}

static void hostile_contents_give_no_name(void **state)
{
	static const char *const texts[] = {
		"",
		"{",
		"null",
		"[]",
		"[{}]",
		"{\"Name\":7}",
		"{\"Name\":\"\"}",
		"{\"Name\":\"/\"}",
		"{\"Name\":\"a\\u0000b\"}",
		"{\"Name\":\"\xff\"}",
		"{\"Name\":\"/web\"} more",
	};
	char deep[5000];

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		tree_file(*state, DOCKER, texts[i]);
		check_unnamed(*state, "docker", ID);
	}
	memset(deep, '[', sizeof(deep));
	tree_bytes(*state, DOCKER, deep, sizeof(deep));
	check_unnamed(*state, "docker", ID);
}

static void odd_shapes_of_annotations_and_storage_give_no_name(void **state)
{
	static const char *const configs[] = {
		"{\"annotations\":[]}",
		"{\"annotations\":{\"io.kubernetes.pod.namespace\":[1]}}",
		"{\"annotations\":{\"io.kubernetes.pod.name\":\"x\"}}",
	};
	static const char *const storages[] = {
		"{\"" ID "\":1}",
		"[{\"id\":\"" ID "\"}]",
		"[{\"id\":\"" ID "\",\"names\":[]}]",
		"[{\"id\":\"" ID "\",\"names\":[1]}]",
		"[{\"id\":\"" ID "\",\"names\":\"x\"}]",
		"[\"" ID "\"]",
	};

	for (size_t i = 0; i < sizeof(configs) / sizeof(configs[0]); i++) {
		tree_file(*state,
			  "/var/lib/containers/storage/overlay-containers/" ID
			  "/userdata/config.json",
			  configs[i]);
		check_unnamed(*state, "crio", ID);
	}
	for (size_t i = 0; i < sizeof(storages) / sizeof(storages[0]); i++) {
		tree_file(*state, "/var/lib/containers/storage/overlay-containers/containers.json",
			  storages[i]);
		check_unnamed(*state, "podman", ID);
	}
}

static void only_regular_files_are_read(void **state)
{
	struct tree *t = *state;

	tree_file(t, "/real", "{\"Name\":\"/web\"}");
	tree_link(t, DOCKER, "../../../../../real");
	check_unnamed(t, "docker", ID);
	assert_int_equal(unlink(tree_path(t, DOCKER)), 0);
	/* A FIFO would keep a reader waiting for ever. */
	assert_int_equal(mkfifo(tree_path(t, DOCKER), 0600), 0);
	check_unnamed(t, "docker", ID);
	assert_int_equal(unlink(tree_path(t, DOCKER)), 0);
	assert_int_equal(mkdir(tree_path(t, DOCKER), 0700), 0);
	check_unnamed(t, "docker", ID);
}

static void a_file_too_large_is_not_read(void **state)
{
	static const char text[] = "{\"Name\":\"/web\"}";
	size_t limit = 4 << 20;
	char *big = malloc(limit + 1);

	assert_non_null(big);
	memset(big, ' ', limit + 1);
	memcpy(big, text, sizeof(text) - 1);
	tree_bytes(*state, DOCKER, big, limit);
	check_named(*state, "docker", ID, "web", DOCKER);
	tree_bytes(*state, DOCKER, big, limit + 1);
	check_unnamed(*state, "docker", ID);
	free(big);
}

static void a_name_without_end_is_cut(void **state)
{
	char text[8192];
	struct identity got;

	memset(text, 'x', sizeof(text));
	memcpy(text, "{\"Name\":\"", 9);
	memcpy(text + sizeof(text) - 2, "\"}", 2);
	tree_bytes(*state, DOCKER, text, sizeof(text));
	got = named(*state, "docker", ID);
	assert_int_equal(strlen(got.name), 1023);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(docker_name_loses_its_slash),
		TEST(docker_data_root_of_daemon_json_is_used),
		TEST(hostile_daemon_json_leaves_the_default),
		TEST(podman_name_is_the_one_of_its_id),
		TEST(podman_name_in_vfs_and_volatile_storage),
		TEST(cri_container_is_named_by_namespace_pod_and_container),
		TEST(cri_sandbox_is_named_without_a_container),
		TEST(crio_container_is_named_by_its_annotations),
		TEST(pod_run_by_docker_is_named_by_docker),
		TEST(containerd_is_searched_in_all_namespaces),
		TEST(low_level_runtimes_confirm_their_ids),
		TEST(machine_name_is_machineds),
		TEST(what_is_not_there_changes_nothing),
		TEST(ids_that_are_no_ids_are_not_looked_up),
		TEST(hostile_contents_give_no_name),
		TEST(odd_shapes_of_annotations_and_storage_give_no_name),
		TEST(only_regular_files_are_read),
		TEST(a_file_too_large_is_not_read),
		TEST(a_name_without_end_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
