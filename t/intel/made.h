#ifndef T_INTEL_MADE_H
#define T_INTEL_MADE_H

#include "intel/indicators.h"
#include "intel/indwriter.h"

/* For tests: files of indicators in memory. */
static inline bool made_write(void *arg, struct str bytes)
{
	buf_str(arg, bytes);
	return true;
}

static inline struct str made_written(void *arg)
{
	return buf_view(arg);
}

static inline void made_ignore(void *arg, const struct indicator *in, const struct indicator *first)
{
	(void)in;
	(void)first;
	if (arg)
		++*(size_t *)arg;
}

/* Appends a file of n indicators; how many of them are doubles is in *ret_doubles (may be NULL). */
static inline bool made_file(const struct indicator *in, size_t n, enum intel_role role,
	struct buf *out, size_t *ret_doubles)
{
	static const struct indwriter_member member = {{"list.txt", 8}, 1000};
	struct indwriter_sink sink = {made_write, made_written, NULL, out};
	struct indwriter w;

	indwriter_init(&w, &sink);
	for (size_t i = 0; i < n; i++)
		indwriter_add(&w, &in[i]);
	if (ret_doubles)
		*ret_doubles = 0;
	bool done = indwriter_finish(&w, role, &member, 1, made_ignore, ret_doubles);
	indwriter_release(&w);
	return done;
}

#endif
