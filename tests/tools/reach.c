/* SPDX-License-Identifier: MIT */
/*
 * The other side of `nsview why`: what really happens. `reach try tcp|udp IP PORT` connects from
 * where it runs and ends with 0 if it got through within half a second (udp: a datagram came back).
 * `reach talk` is only content when the other side has closed the connection again, and so had it.
 * `reach listen tcp|udp IP PORT [WORD...]` answers until it is ended, and prints "ready" once it
 * does; words: dev=LINK binds to a link, v6only, reuseport, peer=IP,PORT connects it (udp), deaf:
 * never accepts, and takes one at most.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TRY_MS = 500 };

static socklen_t make_address(const char *ip, const char *port, struct sockaddr_storage *out)
{
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)out;
	struct sockaddr_in *four = (struct sockaddr_in *)out;

	memset(out, 0, sizeof(*out));
	if (inet_pton(AF_INET, ip, &four->sin_addr) == 1) {
		four->sin_family = AF_INET;
		four->sin_port = htons((uint16_t)atoi(port));
		return sizeof(*four);
	}
	memset(out, 0, sizeof(*out));
	if (inet_pton(AF_INET6, ip, &six->sin6_addr) != 1)
		return 0;
	six->sin6_family = AF_INET6;
	six->sin6_port = htons((uint16_t)atoi(port));
	return sizeof(*six);
}

static int try_it(int fd, const struct sockaddr_storage *to, socklen_t len, bool stream, bool talk)
{
	struct pollfd p = { .fd = fd, .events = stream ? POLLOUT : POLLIN };
	socklen_t size = sizeof(int);
	int error = 0;

	if (connect(fd, (const struct sockaddr *)to, len) < 0 && errno != EINPROGRESS)
		return 1;
	if (!stream && send(fd, "?", 1, MSG_NOSIGNAL) != 1)
		return 1;
	if (poll(&p, 1, TRY_MS) != 1)
		return 1;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0 || error)
		return 1;
	p.events = POLLIN;
	return !talk || poll(&p, 1, TRY_MS) == 1 ? 0 : 1;
}

static void answer(int fd, bool stream, bool deaf)
{
	for (;;) {
		struct sockaddr_storage from;
		socklen_t len = sizeof(from);
		char byte;

		if (deaf) {
			pause();
		} else if (stream) {
			int one = accept(fd, NULL, NULL);

			if (one >= 0)
				close(one);
		} else if (recvfrom(fd, &byte, 1, 0, (struct sockaddr *)&from, &len) >= 0) {
			sendto(fd, "!", 1, 0, (struct sockaddr *)&from, len);
		}
	}
}

/* What is said of a socket before it is bound; false for another word. */
static bool set_up(int fd, const char *word)
{
	int one = 1;

	if (strncmp(word, "dev=", 4) == 0)
		setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, word + 4, (socklen_t)strlen(word + 4));
	else if (strcmp(word, "v6only") == 0)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one));
	else if (strcmp(word, "reuseport") == 0)
		setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one));
	else
		return false;
	return true;
}

static int connect_to(int fd, char *peer)
{
	struct sockaddr_storage to;
	char *port = strchr(peer, ',');
	socklen_t len;

	if (!port)
		return -1;
	*port++ = '\0';
	len = make_address(peer, port, &to);
	return connect(fd, (const struct sockaddr *)&to, len);
}

static int listen_here(int fd, const struct sockaddr_storage *at, socklen_t len, bool stream,
		       char **words)
{
	char *peer = NULL;
	bool deaf = false;
	int one = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	for (; *words; words++) {
		if (set_up(fd, *words))
			continue;
		deaf = deaf || strcmp(*words, "deaf") == 0;
		if (strncmp(*words, "peer=", 5) == 0)
			peer = *words + 5;
	}
	if (bind(fd, (const struct sockaddr *)at, len) < 0 ||
	    (stream && listen(fd, deaf ? 0 : 16) < 0) || (peer && connect_to(fd, peer) < 0)) {
		perror("reach");
		return 2;
	}
	puts("ready");
	fflush(stdout);
	answer(fd, stream, deaf);
	return 0;
}

int main(int argc, char **argv)
{
	struct sockaddr_storage address;
	bool stream, trying, talk;
	socklen_t len;
	int fd;

	if (argc < 5)
		return 2;
	talk = strcmp(argv[1], "talk") == 0;
	trying = talk || strcmp(argv[1], "try") == 0;
	stream = strcmp(argv[2], "tcp") == 0;
	len = make_address(argv[3], argv[4], &address);
	if (!len)
		return 2;
	fd = socket(address.ss_family,
		    (stream ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC |
			    (trying ? SOCK_NONBLOCK : 0),
		    0);
	if (fd < 0)
		return 2;
	return trying ? try_it(fd, &address, len, stream, talk)
		      : listen_here(fd, &address, len, stream, argv + 5);
}
