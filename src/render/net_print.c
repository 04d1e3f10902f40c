/* SPDX-License-Identifier: MIT */
/* Prints the wiring picture of `nsview net` to a stream, and what it leaves out. */
#include <errno.h>
#include <string.h>

#include "net.h"

static void put_line(const struct term *t, const struct net_picture_line *line)
{
	const char *text = buffer_str(&line->text);

	fprintf(t->out, "%*s", (int)line->indent, "");
	for (size_t i = 0; i < line->nruns; i++) {
		size_t end = i + 1 < line->nruns ? line->runs[i + 1].at : line->text.len;
		bool plain = line->runs[i].style == STYLE_PLAIN;

		fputs(plain ? "" : term_style(t, line->runs[i].style), t->out);
		fwrite(text + line->runs[i].at, 1, end - line->runs[i].at, t->out);
		fputs(plain ? "" : term_style(t, STYLE_PLAIN), t->out);
	}
	fputc('\n', t->out);
}

static void put_unread(const struct term *t, const struct graph *g, const struct net_ns *net)
{
	autobuffer text = BUFFER_INIT;
	const char *at, *end;

	net_unread_words(t, g, net, &text);
	for (at = buffer_str(&text); (end = strchr(at, '\n')); at = end + 1)
		fprintf(t->out, "   %s%.*s%s\n", term_style(t, STYLE_WARN), (int)(end - at), at,
			term_style(t, STYLE_PLAIN));
}

static void put_end(const struct term *t, const struct wiring *w)
{
	autobuffer text = BUFFER_INIT;

	net_left_out_words(w, &text);
	if (text.len)
		fprintf(t->out, " (%s)\n", buffer_str(&text));
}

int net_print(const struct term *t, const struct graph *g, const struct wiring *w)
{
	struct net_picture *p = net_picture_new(t, g, w);
	struct net_picture_line line = { .text = BUFFER_INIT };

	for (size_t i = 0; i < w->nlines; i++) {
		net_picture_line(p, i, &line);
		put_line(t, &line);
		if (w->lines[i].kind == WIRING_CARD)
			put_unread(t, g, w->lines[i].net);
	}
	put_end(t, w);
	buffer_release(&line.text);
	net_picture_free(p);
	return ferror(t->out) ? -EIO : 0;
}
