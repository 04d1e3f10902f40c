/* SPDX-License-Identifier: MIT */
/*
 * The interactive view without its terminal: keys in, a canvas out. What only the terminal or the
 * scanner can do it leaves as a wish. Pure: everything it knows is in the graphs it is given.
 */
#ifndef NSVIEW_TUI_VIEW_BROWSER_H
#define NSVIEW_TUI_VIEW_BROWSER_H

#include <nsview/tui.h>

#include "view_canvas.h"
#include "view_doc.h"
#include "view_history.h"
#include "view_layout.h"
#include "view_list.h"
#include "view_menu.h"
#include "view_mouse.h"
#include "view_prompt.h"
#include "view_question.h"
#include "view_search.h"

/* Keys that are no character. */
enum key_code {
	VK_NONE = 0x110000,
	VK_UP,
	VK_DOWN,
	VK_LEFT,
	VK_RIGHT,
	VK_PGUP,
	VK_PGDN,
	VK_HOME,
	VK_END,
	VK_ENTER,
	VK_ESC,
	VK_TAB,
	VK_BACKTAB,
	VK_BACKSPACE,
	VK_DELETE,
	VK_F1,
	VK_F5 = VK_F1 + 4,
	VK_F6,
	VK_MOUSE, /* no key: the event is told apart */
	VK_UNKNOWN,
};

/* Where keys go; bits, so that a key can say where it means something. */
enum mode {
	MODE_LIST = 1 << 0,
	MODE_DETAIL = 1 << 1, /* reading the detail pane */
	MODE_PAGE = 1 << 2,   /* reading a page over everything */
	MODE_MENU = 1 << 3,
};

/* What a page over everything is. */
enum page_kind { OVER_NONE, OVER_HELP, OVER_WHO, OVER_COMPARE, OVER_OUTPUT };

struct overlay {
	enum page_kind kind;
	struct doc doc;
	struct buffer title;
	struct buffer raw; /* OVER_OUTPUT: what was printed so far */
	struct view_ref about, other;
	bool waiting; /* for what is read for it */
};

/* Where a jump came from. */
struct crumb {
	unsigned tab;
	const struct list_kind *kind;
	struct view_ref cursor, subject;
	enum mode mode;
};

struct tab {
	const char *name;
	enum ref_kind shows[2]; /* which objects are rows of it */
	unsigned types;		/* of namespaces, bits 1 << enum ns_type */
	const struct list_kind *kind;
};
/* THE table of tabs, in the order of their numbers; name NULL at the end. */
extern const struct tab tab_table[];
/* The tab with a row for an object, first of all the one at hand. */
unsigned tab_of(unsigned here, const struct view_ref *ref);
enum { TABS = 3, CRUMBS_MAX = 32, ASKS = 3 };

/* Read on demand of one object; of none where ref.kind is REF_NONE. */
struct ask {
	struct view_ref ref;
	enum tui_page page;
	bool answered; /* set by whoever has read it */
};
enum { ASK_DETAIL, ASK_PAGE, ASK_OTHER };

struct browser {
	const struct tui_options *options; /* borrowed */
	const char *const *program;	   /* borrowed: see struct tui_source */
	bool utf8;
	unsigned rows, cols;

	struct graph *graph; /* owned; NULL until the first scan */
	struct history history;
	bool members; /* facts of all processes of the graph were read */
	unsigned counts[NS_TYPES], leaked;

	struct list lists[TABS];
	unsigned tab;
	struct view_ref subject; /* of the detail pane */
	struct doc detail;
	struct buffer detail_title;
	struct view_ref detail_of; /* what the text in detail is about */
	unsigned detail_cols;
	bool stale; /* the detail's text is to be made anew */
	enum mode mode;
	struct crumb crumbs[CRUMBS_MAX];
	unsigned ncrumbs;

	struct overlay over;
	struct menu menu;
	struct prompt prompt;
	struct question question;
	struct buffer pattern; /* what n and N look for */
	struct search search;
	struct buffer filters[TABS];
	struct view_ref chosen; /* marked for comparison */
	bool follow;
	bool followed_gone; /* said that it has */
	bool partial_said;
	struct buffer message;
	bool complaint; /* the message is an error */
	bool dismisses; /* the key at hand is Esc, and there was a message */

	/* Wishes, which whoever drives the browser grants and clears. */
	bool quit, redraw, refresh;
	bool paused;
	unsigned interval_ms;
	struct buffer copy;    /* to the terminal's clipboard, if any */
	struct buffer command; /* words of nsview to run */
	struct buffer foresee; /* ... to run unseen: browser_foreseen tells how it ended */
	bool running;	       /* that is being run: set and cleared by the driver */
	bool cancel;	       /* ... and is to be ended */
	struct ask asks[ASKS];

	struct error net_error; /* why there are no networks, told by the driver */

	/* Told by the driver: the time, before a new graph; the rest is for the title line. */
	int64_t now_ms;
	bool scanning;
	unsigned slowed_ms; /* the interval that the load allows; 0: the one wished for */
};

void browser_init(struct browser *b, const struct tui_options *options, const char *const *program,
		  bool utf8);
/* Checks filter and columns of the options; -EINVAL with words. */
int browser_configure(struct browser *b, struct error *err);
void browser_release(struct browser *b);
void browser_resize(struct browser *b, unsigned rows, unsigned cols);

/* Takes over a new graph. */
void browser_graph(struct browser *b, struct graph *g);
/* A key: a character, or an enum key_code. */
void browser_key(struct browser *b, int key);
void browser_mouse(struct browser *b, const struct mouse_event *e);
/* ^C: leaves what is open, else the view. */
void browser_interrupt(struct browser *b);
/* Something was read that was asked for. */
void browser_answered(struct browser *b, unsigned ask);
/* A prompt or menu is open, under which nothing should move. */
bool browser_is_asking(const struct browser *b);
void browser_draw(struct browser *b, struct canvas *c);

/* Facts that rows show. */
unsigned browser_ns_needs(const struct browser *b);
unsigned browser_process_needs(const struct browser *b);
/*
 * Whether the networks are to be read along with the next graph; out_ns: the namespace of which
 * routes and sockets are too, REF_NONE for none.
 */
bool browser_wants_net(const struct browser *b, struct view_ref *out_ns);
/* Sets whose members are rows. */
const struct ref_list *browser_open_sets(const struct browser *b);

/* Whether it would search in the facts of all processes, also of those that no row shows. */
bool browser_wants_members(const struct browser *b);
/* They were read, of the graph at hand. */
void browser_members_read(struct browser *b);

/* Output of a command that was run: shown as it comes. */
void browser_output(struct browser *b, const char *text, size_t len);
/* Whether a way inside can be gone, with all that was printed about it. */
void browser_foreseen(struct browser *b, bool possible, const char *text, size_t len);

/* ---- between the files of the browser */

struct list *browser_list(struct browser *b);
void browser_say(struct browser *b, bool complaint, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* How a tab is written, a blank before each. */
void browser_tab_label(const struct browser *b, unsigned tab, struct buffer *out);
/* A message of any length: on a page with that title where a line does not hold it. Escaped. */
void browser_tell(struct browser *b, const char *title, const char *text);
void browser_rebuild(struct browser *b);
/* The cursor of the list is where it is: the detail pane is about that. */
void browser_settle(struct browser *b);
void browser_jump(struct browser *b, const struct view_ref *ref);
/* Back along the breadcrumb; false at its start. */
bool browser_back(struct browser *b);
void browser_set_tab(struct browser *b, unsigned tab);
struct layout browser_layout(const struct browser *b);
/* Lines of text that the mode at hand shows. */
unsigned browser_page_rows(const struct browser *b);
/* The object as it is now, or as it was; false where it is in no graph any more. */
bool browser_find(const struct browser *b, const struct view_ref *ref, struct row *out);
/* What a person calls it, escaped; of a link the name. */
void browser_name(const struct browser *b, const struct view_ref *ref, struct buffer *out);

void overlay_open(struct browser *b, enum page_kind kind, const char *title);
void overlay_close(struct browser *b);
/* Makes the page of what was asked for, once it was read. */
void overlay_fill(struct browser *b);
void overlay_help(struct browser *b);
/* The page of an object, as `nsview show` prints it, so many columns wide. */
void page_text(const struct browser *b, const struct row *row, enum tui_page page, unsigned cols,
	       struct buffer *out);
void compare_text(const struct browser *b, const struct row *one, const struct row *other,
		  unsigned cols, struct buffer *out);
/* The command line that shows what is on the screen. */
void equivalent_words(const struct browser *b, struct buffer *out);

bool filter_apply(struct browser *b, const char *text, struct error *err);
void menu_open_sort(struct browser *b);
void menu_open_columns(struct browser *b);
void menu_key(struct browser *b, int key);
void menu_draw(struct browser *b, struct canvas *c, const struct part *part);
/* From where the cursor is, before anything is typed; each character; given up. */
void search_begin(struct browser *b);
void search_preview(struct browser *b);
void search_cancel(struct browser *b);
/* On to the next match of the pattern. */
void search_go(struct browser *b, bool forward);
void search_release(struct search *s);
/* The last lines of the screen. */
void bar_draw(const struct browser *b, struct canvas *c, const struct part *part);
void question_key(struct browser *b, int key);
void question_close(struct browser *b);
/* Into QUESTION_ROWS lines. */
void question_draw(const struct browser *b, struct canvas *c, unsigned row);
void prompt_open(struct browser *b, enum prompt_kind kind);
void prompt_key(struct browser *b, int key);

#endif
