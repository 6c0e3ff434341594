#ifndef T_INTEL_DATA_H
#define T_INTEL_DATA_H

#include <fcntl.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/limits.h"
#include "intel/intel.h"
#include "t/tap.h"

/* Other people's data, where it is: $SPOOR_DATA. */
static inline bool data_read(const char *name, struct buf *ret)
{
	const char *root = getenv("SPOOR_DATA");
	char path[512];
	struct err err;

	snprintf(path, sizeof(path), "%s/%s", root ? root : "/nonexistent", name);
	return file_read(AT_FDCWD, path, LIMIT_INTEL_BYTES, ret, &err);
}

static inline size_t count_what(const struct intel *in, enum indicator_kind what)
{
	size_t n = 0;

	for (size_t i = 0; i < in->indicators.n; i++)
		n += in->indicators.at[i].what == what;
	return n;
}

/* "ip 192.0.2.1", "network 192.0.2.0/24" as from and to, "pending why": one indicator. */
static inline void describe(const struct indicator *i, struct buf *out)
{
	buf_clear(out);
	if (i->what == INDICATOR_PENDING) {
		buf_str(out, STR("pending "));
		buf_str(out, i->why);
	} else if (i->what == INDICATOR_SUBSTRING || i->what == INDICATOR_REGEX) {
		buf_str(out, i->what == INDICATOR_REGEX ? STR("regex ") : STR("substring "));
		buf_str(out, i->original);
	} else if (i->what == INDICATOR_NETWORK) {
		buf_str(out, STR("network "));
		for (size_t k = 0; k < 16; k++)
			buf_addf(out, "%02x", i->from[k]);
		buf_putc(out, '-');
		for (size_t k = 0; k < 16; k++)
			buf_addf(out, "%02x", i->to[k]);
	} else {
		buf_addf(out, "%s ", kind_name((enum kind)i->o.kind));
		observable_text(i->o, out);
	}
}

static inline void describe_said(const struct said *s, struct buf *out)
{
	for (size_t i = 0; i < s->nodes.n; i++) {
		const struct node *n = &s->nodes.at[i];
		if (n->name.n)
			buf_addf(out, "%u* %s " STR_FMT "\n", n->place.line,
				node_type_name(n->type), STR_ARG(n->name));
	}
	for (size_t i = 0; i < s->names.n; i++) {
		const struct node_name *n = &s->names.at[i];
		buf_addf(out, "= " STR_FMT " " STR_FMT " (" STR_FMT ")\n", STR_ARG(n->node),
			STR_ARG(n->name), STR_ARG(n->origin));
	}
	for (size_t i = 0; i < s->edges.n; i++) {
		const struct edge *e = &s->edges.at[i];
		buf_addf(out, "- " STR_FMT " " STR_FMT " " STR_FMT "\n", STR_ARG(e->from),
			STR_ARG(e->type), STR_ARG(e->to));
	}
	for (size_t i = 0; i < s->claims.n; i++) {
		const struct claim *c = &s->claims.at[i];
		buf_addf(out, "%u\" %s " STR_FMT ": %s of " STR_FMT "\n", c->place.line,
			claim_speaker_name(c->speaker), STR_ARG(c->by),
			claim_standing_name(c->standing), STR_ARG(c->about));
	}
}

/*
 * All of a file, one a line: "line: description", what it says beside indicators ("line* node",
 * "= name", "- edge", "line\" claim"), then "line! what: why" of what was skipped.
 */
static inline void describe_all(const struct intel *in, struct buf *out)
{
	struct buf one = {0};

	for (size_t i = 0; i < in->indicators.n; i++) {
		describe(&in->indicators.at[i], &one);
		buf_addf(out, "%u: ", in->indicators.at[i].line);
		buf_str(out, buf_view(&one));
		buf_putc(out, '\n');
	}
	describe_said(&in->said, out);
	for (size_t i = 0; i < in->skipped.n; i++) {
		buf_addf(out, "%u! ", in->skipped.at[i].line);
		buf_str(out, in->skipped.at[i].what);
		buf_str(out, STR(": "));
		buf_str(out, in->skipped.at[i].why);
		buf_putc(out, '\n');
	}
	buf_release(&one);
}

#endif
