#ifndef TEXT_JSONW_H
#define TEXT_JSONW_H

#include "base/buf.h"
#include "base/when.h"

/*
 * Writes JSON into a buf: commas are its business, nesting is the caller's.
 *
 *	struct jsonw w = jsonw_of(&buf);
 *	jsonw_open(&w, '{');
 *	jsonw_key(&w, "records"); jsonw_u64(&w, n);
 *	jsonw_close(&w, '}');
 */
struct jsonw {
	struct buf *out;
	bool comma; /* a value stands before the next one */
};

static inline struct jsonw jsonw_of(struct buf *out)
{
	return (struct jsonw){.out = out};
}

void jsonw_open(struct jsonw *w, char bracket);  /* '{' or '[' */
void jsonw_close(struct jsonw *w, char bracket); /* '}' or ']' */
void jsonw_key(struct jsonw *w, const char *key);
void jsonw_key_str(struct jsonw *w, struct str key);
void jsonw_str(struct jsonw *w, struct str s);
void jsonw_text(struct jsonw *w, const char *z);
void jsonw_u64(struct jsonw *w, uint64_t v);
void jsonw_i64(struct jsonw *w, int64_t v);
void jsonw_f64(struct jsonw *w,
	double v); /* the first of 15, 16, 17 digits to read back; NaN and infinity are null */
void jsonw_bool(struct jsonw *w, bool v);
void jsonw_null(struct jsonw *w);
void jsonw_when(struct jsonw *w, struct when t); /* RFC 3339, or null */
void jsonw_raw(struct jsonw *w, struct str json);
/* A member of an object: key and value. */
void jsonw_member_str(struct jsonw *w, const char *key, struct str s);
void jsonw_member_u64(struct jsonw *w, const char *key, uint64_t v);
void jsonw_member_when(struct jsonw *w, const char *key, int64_t us); /* of struct when */
void jsonw_line(struct jsonw *w); /* ends a JSON line: newline, and no comma before the next */

#endif
