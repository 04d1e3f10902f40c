/* SPDX-License-Identifier: MIT */
/* What keys do; each is given the browser and its entry's argument. Private to the key table. */
#ifndef NSVIEW_TUI_VIEW_ACT_H
#define NSVIEW_TUI_VIEW_ACT_H

#include "view_browser.h"

enum move { MOVE_UP, MOVE_DOWN, MOVE_PAGE_UP, MOVE_PAGE_DOWN, MOVE_HOME, MOVE_END };

void act_move(struct browser *b, int how);  /* enum move */
void act_fold(struct browser *b, int fold); /* 1: fold, or to the parent; 0: open */
void act_toggle(struct browser *b, int unused);
void act_step(struct browser *b, int forward);
void act_read(struct browser *b, int unused);
void act_go(struct browser *b, int unused);
void act_pan(struct browser *b, int right);
void act_follow_name(struct browser *b, int unused);
void act_back(struct browser *b, int unused);
void act_tab(struct browser *b, int tab);
void act_next_tab(struct browser *b, int by);
void act_search(struct browser *b, int unused);
void act_search_on(struct browser *b, int forward);
void act_filter(struct browser *b, int unused);
void act_tree(struct browser *b, int unused);
void act_sort(struct browser *b, int unused);
void act_reverse(struct browser *b, int unused);
void act_columns(struct browser *b, int unused);
void act_follow(struct browser *b, int unused);
void act_who(struct browser *b, int unused);
void act_mark(struct browser *b, int unused);
void act_enter(struct browser *b, int unused);
void act_copy(struct browser *b, int unused);
void act_words(struct browser *b, int unused);
void act_command(struct browser *b, int unused);
void act_pause(struct browser *b, int unused);
void act_refresh(struct browser *b, int unused);
void act_interval(struct browser *b, int longer);
void act_help(struct browser *b, int unused);
void act_redraw(struct browser *b, int unused);
void act_quit(struct browser *b, int unused);

#endif
