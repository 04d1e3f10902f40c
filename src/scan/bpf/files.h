/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* As kernel.h: the members of files, and of what they lead to, that holders.bpf.c reads. */
#ifndef NSVIEW_SCAN_BPF_FILES_H
#define NSVIEW_SCAN_BPF_FILES_H

#include "kernel.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

typedef struct {
	long long counter;
} atomic64_t;

struct qstr {
	const unsigned char *name;
};

struct inode;

struct dentry {
	struct qstr d_name;
	struct inode *d_inode;
	struct super_block *d_sb;
};

struct vfsmount {
	struct dentry *mnt_root;
	struct super_block *mnt_sb;
};

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

struct file {
	struct path f_path;
	struct inode *f_inode;
	unsigned f_flags;
	const struct cred *f_cred;
	void *private_data;
};

struct inode {
	unsigned short i_mode;
	struct super_block *i_sb;
	unsigned i_rdev;
	void *i_private;
};

struct super_block {
	struct list_head s_list;
	unsigned s_dev;
	unsigned long s_magic;
	struct dentry *s_root;
	atomic_t s_active;
	void *s_fs_info;
	struct user_namespace *s_user_ns;
};

struct super_block___first {
	struct mount *s_mounts; /* 6.18 */
};

struct super_block___list {
	struct list_head s_mounts;
};

struct mount {
	struct vfsmount mnt;
	struct mnt_namespace *mnt_ns;
};

struct mount___next {
	struct mount *mnt_next_for_sb; /* 6.18 */
};

struct mount___instance {
	struct list_head mnt_instance;
};

struct mnt_namespace___seq {
	struct mount *root;
	__u64 seq; /* 0: of a tree that is detached; until 6.17 */
};

struct proc_dir_entry {
	void *data;
	struct proc_dir_entry *parent;
};

struct proc_inode {
	struct pid *pid;
	struct proc_dir_entry *pde;
	struct inode vfs_inode;
};

struct seq_file {
	void *private;
};

struct kernfs_open_file {
	struct file *file;
	void *priv;
};

struct perf_event {
	struct pid_namespace *ns;
};

struct fs_context {
	struct user_namespace *user_ns;
	struct net *net_ns;
};

typedef struct {
	struct net *net;
} possible_net_t;

struct hlist_nulls_node {
};

struct sock_common {
	unsigned short skc_family;
	unsigned char skc_state;
	possible_net_t skc_net;
	struct hlist_nulls_node skc_nulls_node;
	unsigned long skc_flags;
};

struct sk_buff_head {
};

struct sock {
	struct sock_common __sk_common;
	struct sk_buff_head sk_receive_queue;
	struct pid *sk_peer_pid;
	const struct cred *sk_peer_cred;
};

struct socket {
	struct sock *sk;
};

struct inet_hashinfo {
	void *ehash; /* chains: each but the pointer to its first */
	unsigned ehash_mask;
};

struct inet_timewait_death_row {
	struct inet_hashinfo *hashinfo;
};

struct netns_ipv4 {
	struct inet_timewait_death_row tcp_death_row; /* 6.1: in place */
};

struct net___tcp {
	struct netns_ipv4 ipv4;
};

struct sk_buff {
	struct sock *sk;
	char cb[48];
};

struct scm_fp_list {
	short count;
	struct file *fp[1];
};

struct unix_skb_parms {
	struct scm_fp_list *fp;
};

struct io_rsrc_node {
	unsigned long file_ptr;
};

struct io_rsrc_data {
	unsigned nr;
	struct io_rsrc_node **nodes;
};

struct io_file_table {
	struct io_rsrc_data data;
};

struct io_ring_ctx {
	struct io_file_table file_table; /* in this form since 6.13 */
};

#pragma clang attribute pop

struct bpf_iter__task_file {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	unsigned fd;
	struct file *file;
};

#endif
