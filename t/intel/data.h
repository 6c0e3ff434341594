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

/* All of a file, one a line: "line: description", then "line! what: why" of what was skipped. */
static inline void describe_all(const struct intel *in, struct buf *out)
{
	struct buf one = {0};

	for (size_t i = 0; i < in->indicators.n; i++) {
		describe(&in->indicators.at[i], &one);
		buf_addf(out, "%u: ", in->indicators.at[i].line);
		buf_str(out, buf_view(&one));
		buf_putc(out, '\n');
	}
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
