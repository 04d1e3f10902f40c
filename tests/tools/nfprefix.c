/* SPDX-License-Identifier: MIT */
/*
 * What nft(8) of most distributions cannot do yet: `nfprefix TABLE CHAIN PREFIX` adds to that table
 * of family netdev a chain at ingress that drops everything, of all links whose names begin so.
 * Ends with 3 where the kernel knows no such thing (6.18).
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

enum { FAMILY_NETDEV = 5, DEVICE_PREFIX = 2, UNSUPPORTED = 3 };

struct batch {
	_Alignas(struct nlmsghdr) char bytes[1024];
	size_t len;
};

static struct nlmsghdr *begin(struct batch *b, uint16_t type, uint8_t family, uint16_t id)
{
	struct nlmsghdr *head = (struct nlmsghdr *)(b->bytes + b->len);
	struct nfgenmsg *msg = NLMSG_DATA(head);

	head->nlmsg_type = type;
	head->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE;
	msg->nfgen_family = family;
	msg->version = NFNETLINK_V0;
	msg->res_id = htons(id);
	b->len += NLMSG_LENGTH(sizeof(*msg));
	return head;
}

static void end(struct batch *b, struct nlmsghdr *head)
{
	head->nlmsg_len = (uint32_t)(b->bytes + b->len - (char *)head);
}

static struct nlattr *put(struct batch *b, uint16_t type, const void *data, size_t len)
{
	struct nlattr *a = (struct nlattr *)(b->bytes + b->len);

	a->nla_type = type;
	a->nla_len = (uint16_t)(NLA_HDRLEN + len);
	if (len)
		memcpy((char *)a + NLA_HDRLEN, data, len);
	b->len += NLA_ALIGN(a->nla_len);
	return a;
}

static void put_number(struct batch *b, uint16_t type, uint32_t number)
{
	number = htonl(number);
	put(b, type, &number, sizeof(number));
}

static void end_nest(struct batch *b, struct nlattr *a)
{
	a->nla_type |= NLA_F_NESTED;
	a->nla_len = (uint16_t)(b->bytes + b->len - (char *)a);
}

static void put_chain(struct batch *b, char **words)
{
	struct nlmsghdr *head =
		begin(b, NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWCHAIN, FAMILY_NETDEV, 0);
	struct nlattr *hook, *devices;

	put(b, NFTA_CHAIN_TABLE, words[0], strlen(words[0]) + 1);
	put(b, NFTA_CHAIN_NAME, words[1], strlen(words[1]) + 1);
	put(b, NFTA_CHAIN_TYPE, "filter", sizeof("filter"));
	put_number(b, NFTA_CHAIN_POLICY, NF_DROP);
	hook = put(b, NFTA_CHAIN_HOOK, NULL, 0);
	put_number(b, NFTA_HOOK_HOOKNUM, NF_NETDEV_INGRESS);
	put_number(b, NFTA_HOOK_PRIORITY, 0);
	devices = put(b, NFTA_HOOK_DEVS, NULL, 0);
	put(b, DEVICE_PREFIX, words[2], strlen(words[2]));
	end_nest(b, devices);
	end_nest(b, hook);
	end(b, head);
}

/* The first answer with an error, 0 where there is none among those to a batch of one. */
static int answer(int fd)
{
	_Alignas(struct nlmsghdr) char bytes[4096];
	ssize_t n = recv(fd, bytes, sizeof(bytes), 0);
	const struct nlmsghdr *head = (const struct nlmsghdr *)bytes;
	const struct nlmsgerr *error = NLMSG_DATA(head);

	if (n < (ssize_t)NLMSG_LENGTH(sizeof(*error)) || head->nlmsg_type != NLMSG_ERROR)
		return -EPROTO;
	return error->error;
}

int main(int argc, char **argv)
{
	struct sockaddr_nl to = { .nl_family = AF_NETLINK };
	struct batch b = { .len = 0 };
	struct nlmsghdr *edge;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER), error;

	if (argc != 4 || strlen(argv[1]) + strlen(argv[2]) + strlen(argv[3]) > 256 || fd < 0)
		return 2;
	/* Only the chain is to be answered. */
	edge = begin(&b, NFNL_MSG_BATCH_BEGIN, AF_UNSPEC, NFNL_SUBSYS_NFTABLES);
	edge->nlmsg_flags = NLM_F_REQUEST;
	end(&b, edge);
	put_chain(&b, argv + 1);
	edge = begin(&b, NFNL_MSG_BATCH_END, AF_UNSPEC, NFNL_SUBSYS_NFTABLES);
	edge->nlmsg_flags = NLM_F_REQUEST;
	end(&b, edge);
	if (sendto(fd, b.bytes, b.len, 0, (struct sockaddr *)&to, sizeof(to)) < 0)
		err(1, "sendto");
	error = answer(fd);
	if (!error)
		return 0;
	fprintf(stderr, "nfprefix: %s\n", strerror(-error));
	return error == -EINVAL || error == -EOPNOTSUPP || error == -ENOENT ? UNSUPPORTED : 1;
}
