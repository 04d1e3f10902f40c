/* SPDX-License-Identifier: MIT */
/* Who the command runs as, and how confined; steps of the child. */
#ifndef NSVIEW_ENTER_IDS_H
#define NSVIEW_ENTER_IDS_H

#include "session.h"

int ids_limits(struct session *s, const struct plan_step *step);
int ids_context(struct session *s, const struct plan_step *step);
int ids_bounding(struct session *s, const struct plan_step *step);
int ids_groups(struct session *s, const struct plan_step *step);
int ids_gid(struct session *s, const struct plan_step *step);
int ids_uid(struct session *s, const struct plan_step *step);
int ids_caps(struct session *s, const struct plan_step *step);
int ids_no_new_privs(struct session *s, const struct plan_step *step);

/* Reads of the target what --like-target takes over. */
int likeness_read(struct session *s, struct error *err);
/* Reads the label that --follow-context will ask for. */
int label_read(struct session *s, struct error *err);

#endif
