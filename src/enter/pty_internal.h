/* SPDX-License-Identifier: MIT */
/* What the files of the pseudo-terminal share. Private to them. */
#ifndef NSVIEW_ENTER_PTY_INTERNAL_H
#define NSVIEW_ENTER_PTY_INTERNAL_H

#include <termios.h>

#include <nsview/pty.h>

/* Bytes on their way in one direction: from start to end. */
struct pty_flow {
	char data[16384];
	size_t start, end;
};

struct pty {
	int master, slave;
	int tty;	  /* the person's terminal, opened by ourselves; -1: there is none */
	int in, out;	  /* what is relayed: tty, or 0 and 1 */
	bool replace[3];  /* which of 0, 1, 2 become the slave */
	bool keep_opost;  /* others write to the person's terminal, with newlines alone */
	bool interactive; /* it wants the person's terminal whenever it may have it */
	bool attached;	  /* it has it: raw, and what is typed goes inside */
	bool in_ended, out_dead, ending;
	size_t after_end;     /* bytes relayed since the command has ended */
	struct termios saved; /* of the person's terminal, while attached */
	struct pty_flow inwards, outwards;
	int keeper_fd; /* to the keeper and its companion */
	pid_t keeper, group;
};

/* What goes through keeper_fd, one message each. */
enum keeper_word {
	KEEPER_HELPER,	   /* to the front: value is the helper's pid, or -errno */
	KEEPER_GROUP,	   /* to the front: value is the group's number */
	KEEPER_FOREGROUND, /* to the keeper: give the command the foreground; answered */
	KEEPER_BACKGROUND, /* to the keeper: take it away, unless a shell inside has it elsewhere */
	KEEPER_ANSWER,	   /* to the front: 1, it has it; or no: somebody else inside has */
	KEEPER_STOPPED,	   /* to the front, by itself: value is the signal that stopped the group */
};
struct keeper_message {
	enum keeper_word word;
	int value;
};

/* 1: asked and yes, 0: asked and no, or no keeper. */
int keeper_ask(struct pty *p, enum keeper_word word);
/* The next message that came by itself, waiting for none: the signal, 0 if there is none. */
int keeper_stop_seen(struct pty *p);

/* Makes the person's terminal raw, and the command the foreground; false: it is not ours now. */
bool pty_attach(struct pty *p);
void pty_detach(struct pty *p);

#endif
