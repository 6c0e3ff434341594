#ifndef ENGINE_WATCHER_H
#define ENGINE_WATCHER_H

#include <stdint.h>

/* Who is told how far long work is: of so many bytes, at what.  NULL: nobody. */
struct watcher {
	void (*fn)(void *arg, const char *what, uint64_t done, uint64_t total);
	void *arg;
};

static inline void watcher_tell(
	const struct watcher *w, const char *what, uint64_t done, uint64_t total)
{
	if (w)
		w->fn(w->arg, what, done, total);
}

#endif
