#ifndef MAIL_CSS_H
#define MAIL_CSS_H

#include "base/arena.h"
#include "base/str.h"

/*
 * The little of CSS that says what a mail loads and what it hides.  Escapes and comments are
 * undone first (CSS Syntax 3 §4.3.7): "u\72l(…)" is what renderers take it for.
 */

/* Calls f with each URL of url(…), @import "…" and image-set("…" …), in order. */
void css_urls(
	struct arena *a, struct str css, void (*f)(void *context, struct str url), void *context);

/* What the declarations of a style attribute say. */
struct css_box {
	bool hidden;       /* display:none, visibility:hidden, opacity, font-size or a side of 0 */
	int width, height; /* pixels, -1 if not said in pixels */
};
struct css_box css_box(struct arena *a, struct str style);

#endif
