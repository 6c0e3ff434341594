#ifndef CMD_PROGRESS_H
#define CMD_PROGRESS_H

#include "base/buf.h"

/*
 * A line on stderr that says how far long work is: bytes, rate, time left.  It is drawn only on
 * a terminal, at most ten times a second, and wiped at the end.
 */
struct progress {
	bool on;
	double began, drawn;
};

struct progress progress_begin(bool quiet);
/* total 0: unknown. */
void progress_draw(struct progress *p, const char *what, uint64_t done, uint64_t total);
/* The same as the fn of a struct watcher, whose arg is the progress. */
void progress_watch(void *progress, const char *what, uint64_t done, uint64_t total);
void progress_end(struct progress *p);

/* "1.4 GiB", as people read it. */
void bytes_print(struct buf *out, uint64_t bytes);
/* 1,234,567 */
void count_print(struct buf *out, uint64_t n);
/* Hostile text made safe for a terminal: control characters and bad UTF-8 as \xNN. */
void safe_print(struct buf *out, struct str s);

#endif
