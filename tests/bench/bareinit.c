/* SPDX-License-Identifier: MIT */
/*
 * What unshare(1) leaves to be done for a usable set of namespaces: /sys of the new network
 * namespace, lo up, and a first process that reaps. Bench only: it checks next to nothing.
 *
 *   bareinit COMMAND [ARG...]
 */
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int lo_up(void)
{
	struct ifreq request = { .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	strcpy(request.ifr_name, "lo");
	return fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request) < 0 || close(fd) < 0 ? -1 : 0;
}

int main(int argc, char **argv)
{
	pid_t command, ended;
	int status;

	if (argc < 2 || lo_up() < 0 ||
	    mount("sysfs", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
		return 125;
	command = fork();
	if (command == 0) {
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	do
		ended = wait(&status);
	while (ended > 0 && ended != command);
	if (ended < 0)
		return 125;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 125;
}
