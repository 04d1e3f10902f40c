/* SPDX-License-Identifier: MIT */
/* Policy rules, sockets, packet filters, sysctls and wires as JSON. */
#include "net_json.h"

static void write_range(struct json *j, const char *key, struct net_range range, bool given)
{
	if (!given) {
		json_none(j, key);
		return;
	}
	json_begin_array(j, key);
	json_uint(j, NULL, range.first);
	json_uint(j, NULL, range.last);
	json_end_array(j);
}

void net_json_rule(struct json *j, const struct net_rule *rule)
{
	json_begin_object(j, NULL);
	json_str(j, "family", rule->family == AF_INET6 ? "inet6" : "inet");
	json_uint(j, "priority", rule->priority);
	json_str(j, "action", net_rule_action_names[rule->action]);
	json_uint(j, "table", rule->table);
	json_bool(j, "not", rule->invert);
	net_json_ip(j, "src", &rule->src);
	json_uint(j, "src_len", rule->src_len);
	net_json_ip(j, "dst", &rule->dst);
	json_uint(j, "dst_len", rule->dst_len);
	net_json_string(j, "iif", rule->iif);
	net_json_string(j, "oif", rule->oif);
	net_json_number(j, "mark", rule->mark, rule->has_mark);
	net_json_number(j, "mark_mask", rule->mark_mask, rule->has_mark);
	net_json_number(j, "ipproto", rule->ipproto, rule->ipproto != 0);
	write_range(j, "sports", rule->sports, rule->has_sports);
	write_range(j, "dports", rule->dports, rule->has_dports);
	write_range(j, "uids", rule->uids, rule->has_uids);
	json_bool(j, "partly", rule->partly);
	json_end_object(j);
}

static void write_holders(struct json *j, const struct net_socket *socket)
{
	json_begin_array(j, "holders");
	for (const struct net_holder *h = socket->holders; h; h = h->next) {
		json_begin_object(j, NULL);
		json_int(j, "pid", h->process->pid);
		net_json_number(j, "tid", h->tid, h->tid != 0);
		json_int(j, "fd", h->fd);
		json_end_object(j);
	}
	json_end_array(j);
}

/* An abstract name starts with a NUL, which is written as ss(8) has it: "@". */
static void write_path(struct json *j, const struct net_socket *socket)
{
	struct buffer text = BUFFER_INIT;

	if (!socket->path) {
		json_none(j, "path");
		return;
	}
	buffer_append(&text, socket->path, socket->path_len);
	if (text.len && !text.data[0])
		text.data[0] = '@';
	json_text(j, "path", buffer_str(&text), text.len);
	buffer_release(&text);
}

void net_json_socket(struct json *j, const struct net_socket *socket)
{
	json_begin_object(j, NULL);
	json_str(j, "proto", net_proto_names[socket->proto]);
	json_str(j, "state", net_socket_state_names[socket->state]);
	net_json_ip(j, "local", &socket->local);
	net_json_number(j, "local_port", socket->lport, socket->lport != 0);
	net_json_ip(j, "remote", &socket->remote);
	net_json_number(j, "remote_port", socket->rport, socket->rport != 0);
	if (socket->v6only_known)
		json_bool(j, "v6only", socket->v6only);
	else
		json_none(j, "v6only");
	net_json_string(j, "link", socket->link ? socket->link->name : NULL);
	write_path(j, socket);
	net_json_number(j, "inode", (int64_t)socket->inode, socket->inode != 0);
	net_json_number(j, "uid", socket->uid, socket->uid_known);
	json_id(j, "cookie", socket->cookie);
	write_holders(j, socket);
	json_end_object(j);
}

static void write_filter_rule(struct json *j, const struct net_filter_rule *rule)
{
	json_begin_object(j, NULL);
	json_uint(j, "handle", rule->handle);
	net_json_string(j, "text", rule->text);
	json_str(j, "verdict", net_verdict_names[rule->verdict]);
	net_json_string(j, "target", rule->target);
	json_bool(j, "evaluated", rule->sound);
	net_json_number(j, "packets", (int64_t)rule->packets, rule->counted);
	json_end_object(j);
}

static void write_names(struct json *j, const char *key, const char *const *names)
{
	json_begin_array(j, key);
	for (; names && *names; names++)
		net_json_string(j, NULL, *names);
	json_end_array(j);
}

void net_json_chain(struct json *j, const struct net_filter_chain *chain)
{
	json_begin_object(j, NULL);
	json_bool(j, "legacy", chain->legacy);
	net_json_string(j, "family", chain->family);
	net_json_string(j, "table", chain->table);
	net_json_string(j, "name", chain->name);
	net_json_string(j, "type", chain->type);
	net_json_string(j, "hook", net_hook_names[chain->hook]);
	net_json_number(j, "priority", chain->priority, chain->hook != NET_HOOK_NONE);
	net_json_string(j, "policy",
			chain->hook != NET_HOOK_NONE ? net_verdict_names[chain->policy] : NULL);
	net_json_string(j, "device", chain->device);
	write_names(j, "devices", chain->devices);
	write_names(j, "device_prefixes", chain->prefixes);
	json_bool(j, "dormant", chain->dormant);
	json_begin_array(j, "rules");
	for (const struct net_filter_rule *r = chain->rules; r; r = r->next)
		write_filter_rule(j, r);
	json_end_array(j);
	json_end_object(j);
}

void net_json_sysctl(struct json *j, const struct net_sysctl *sysctl)
{
	json_begin_object(j, NULL);
	json_str(j, "name", sysctl->name);
	net_json_string(j, "value", sysctl->value);
	json_end_object(j);
}

void net_json_wire(struct json *j, const struct net_wire *wire)
{
	json_begin_object(j, NULL);
	json_str(j, "kind", net_wire_kind_names[wire->kind]);
	net_json_link(j, "a", wire->a);
	net_json_link(j, "b", wire->b);
	net_json_number(j, "pid", wire->process ? wire->process->pid : 0, wire->process != NULL);
	net_json_number(j, "fd", wire->fd, wire->process && wire->fd >= 0);
	net_json_ip(j, "remote", &wire->remote);
	net_json_string(j, "how", net_how_names[wire->how]);
	json_bool(j, "up", wire->up);
	net_json_string(j, "why", wire->words);
	json_end_object(j);
}
