/* SPDX-License-Identifier: MIT */
/* Getters of facts that one type of namespace has: for the table in ns_columns.c alone. */
#ifndef NSVIEW_QUERY_NS_FACTS_H
#define NSVIEW_QUERY_NS_FACTS_H

#include <nsview/column.h>

void ns_get_netnsid(const struct row *row, struct value *out);
void ns_get_nlinks(const struct row *row, struct value *out);
void ns_get_cookie(const struct row *row, struct value *out);
void ns_get_owner_uid(const struct row *row, struct value *out);
void ns_get_setgroups(const struct row *row, struct value *out);
void ns_get_hostname(const struct row *row, struct value *out);
void ns_get_domainname(const struct row *row, struct value *out);
void ns_get_nmounts(const struct row *row, struct value *out);
void ns_get_mnt_root(const struct row *row, struct value *out);
void ns_get_propagation(const struct row *row, struct value *out);
void ns_get_shm(const struct row *row, struct value *out);
void ns_get_sem(const struct row *row, struct value *out);
void ns_get_msg(const struct row *row, struct value *out);
void ns_get_mqueue(const struct row *row, struct value *out);
void ns_get_cgroup_root(const struct row *row, struct value *out);
void ns_get_uid_map(const struct row *row, struct value *out);
void ns_get_gid_map(const struct row *row, struct value *out);
void ns_get_boottime(const struct row *row, struct value *out);
void ns_get_monotonic(const struct row *row, struct value *out);
void ns_get_init(const struct row *row, struct value *out);
void ns_get_created(const struct row *row, struct value *out);

void ns_json_uid_map(const struct row *row, const char *key, struct json *j);
void ns_json_gid_map(const struct row *row, const char *key, struct json *j);
void ns_json_boottime(const struct row *row, const char *key, struct json *j);
void ns_json_monotonic(const struct row *row, const char *key, struct json *j);
void ns_json_created(const struct row *row, const char *key, struct json *j);

#endif
