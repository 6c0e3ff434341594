#include "mail/body.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/limits.h"
#include "mail/bodytext.h"
#include "mail/gist.h"
#include "mail/mime.h"
#include "mail/page.h"
#include "mail/prose.h"

struct mail_body {
	struct arena arena; /* of one mail */
	struct references refs;
	struct charsets *charsets;
	struct language_table *languages;
	struct gist html, plain; /* the body's; HTML goes before plain text */
	struct buf seen, prose;
	struct flaws *flaws;
};

enum reading {
	READ_NOT,
	READ_PLAIN,
	READ_HTML,
	READ_CALENDAR,
	READ_MAIL,
};

struct mail_body *mail_body_new(void)
{
	struct mail_body *b = calloc(1, sizeof(*b));

	if (!b)
		BUG("out of memory");
	b->charsets = charsets_new();
	b->languages = language_table_new();
	return b;
}

void mail_body_free(struct mail_body *b)
{
	if (!b)
		return;
	references_release(&b->refs);
	charsets_free(b->charsets);
	language_table_free(b->languages);
	buf_release(&b->seen);
	buf_release(&b->prose);
	arena_release(&b->arena);
	free(b);
}

void mail_body_begin(struct mail_body *b, struct flaws *flaws)
{
	arena_rewind(&b->arena, (struct arena_mark){0});
	references_begin(&b->refs, &b->arena, flaws);
	b->html = b->plain = (struct gist){.table = b->languages};
	b->flaws = flaws;
}

static bool ends_nocase(struct str s, struct str tail)
{
	return s.n >= tail.n && str_eq_nocase(str_from(s, s.n - tail.n), tail);
}

#define S(lit)                                                                                     \
	{                                                                                          \
		lit, sizeof(lit) - 1                                                               \
	}

/* The name may say more than the type: what is opened by a click goes by its name. */
static enum reading how_to_read(const struct mail_part *p)
{
	static const struct {
		struct str what;
		enum reading reading;
	} types[] = {{S("text/html"), READ_HTML}, {S("application/xhtml+xml"), READ_HTML},
		{S("image/svg+xml"), READ_HTML}, {S("text/xml"), READ_HTML},
		{S("text/x-amp-html"), READ_HTML}, {S("text/calendar"), READ_CALENDAR},
		{S("application/ics"), READ_CALENDAR}, {S("text/rfc822-headers"), READ_NOT}},
	  names[] = {{S(".html"), READ_HTML}, {S(".htm"), READ_HTML}, {S(".shtml"), READ_HTML},
		  {S(".xhtml"), READ_HTML}, {S(".svg"), READ_HTML}, {S(".ics"), READ_CALENDAR},
		  {S(".eml"), READ_MAIL}, {S(".txt"), READ_PLAIN}};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (ends_nocase(p->name, names[i].what))
			return names[i].reading;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (str_eq_nocase(p->type, types[i].what))
			return types[i].reading;
	if (str_eq_nocase(str_upto(p->type, 5), STR("text/")) || p->type.n == 0)
		return READ_PLAIN;
	return READ_NOT;
}

static void read_html(struct mail_body *b, const struct mail_part *p, struct str text, bool body)
{
	struct page_sink sink = {
		.refs = &b->refs, .part = p->path, .seen = &b->seen, .prose = &b->prose};

	buf_clear(&b->seen);
	buf_clear(&b->prose);
	page_read(&sink, text);
	prose_read(&b->refs, p->path, STR("text"), buf_view(&b->prose));
	/* AMP, XML and pictures are no body of their own */
	if (body && (str_eq_nocase(p->type, STR("text/html")) ||
			    str_eq_nocase(p->type, STR("application/xhtml+xml"))))
		gist_add(&b->html, buf_view(&b->seen));
}

static void read_text(struct mail_body *b, const struct mail_part *p, struct str text, bool body)
{
	if (p->flowed)
		text = prose_unflow(&b->arena, text, p->delsp);
	prose_read(&b->refs, p->path, STR("text"), text);
	if (body)
		gist_add(&b->plain, text);
}

/* Calendars have their line ends, commas and semicolons escaped; ALTREP and X-ALT-DESC hold HTML. */
static void read_calendar(struct mail_body *b, const struct mail_part *p, struct str text)
{
	struct str s = prose_unfold(&b->arena, text);
	char *room = arena_alloc(&b->arena, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		bool escape = s.p[i] == '\\' && i + 1 < s.n;
		i += escape;
		room[n++] = escape && ascii_lower(s.p[i]) == 'n' ? ' ' : s.p[i];
	}
	s = (struct str){room, n};
	if (str_chr(s, '<') < s.n)
		read_html(b, p, s, false);
	else
		read_text(b, p, s, false);
}

static void read_part(struct mail_body *b, const struct mail_part *p, bool nested);

/* A mail in a file: its leaf parts, under the file's path; flaws' places are none of the mail's. */
static void read_mail(struct mail_body *b, const struct mail_part *p, struct str bytes)
{
	struct flaw at[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws = {.at = at};
	struct mail_reading r = {&b->arena, b->charsets, &flaws};
	struct mime mime = mime_read(&r, bytes, 0);

	for (uint32_t i = 0; i < mime.n_parts; i++) {
		const struct mime_part *m = &mime.parts[i];
		struct mail_part part = {
			.path = p->path,
			.type = m->type->value,
			.charset = params_get(m->type, STR("charset")),
			.name = params_get(m->disposition, STR("filename")),
			.attached = true,
		};
		if (m->message != MIME_NONE)
			continue;
		if (part.name.n == 0)
			part.name = params_get(m->type, STR("name"));
		part.bytes = mime_decode(&r, m);
		read_part(b, &part, true);
	}
	for (uint32_t i = 0; i < flaws.n; i++)
		flaw_add(b->flaws, at[i].code, 0);
}

static void read_part(struct mail_body *b, const struct mail_part *p, bool nested)
{
	enum reading how = how_to_read(p);
	bool body = !nested && !p->attached && p->name.n == 0;
	struct str bytes = p->bytes;

	if (how == READ_NOT)
		return;
	if (bytes.n > LIMIT_MAIL_PART_BYTES) {
		flaw_add(b->flaws, FLAW_VALUE_CUT, 0);
		bytes.n = LIMIT_MAIL_PART_BYTES;
	}
	if (how == READ_MAIL && nested) {
		flaw_add(b->flaws, FLAW_NESTED_TOO_DEEP, 0);
		return;
	}
	if (how == READ_MAIL) {
		read_mail(b, p, bytes);
		return;
	}
	struct str text =
		body_text(b->charsets, &b->arena, bytes, p->charset, how == READ_HTML, b->flaws);
	if (how == READ_HTML)
		read_html(b, p, text, body);
	else if (how == READ_CALENDAR)
		read_calendar(b, p, text);
	else
		read_text(b, p, text, body);
}

void mail_body_part(struct mail_body *b, const struct mail_part *p)
{
	struct mail_part copy = *p;

	copy.path = arena_dup(&b->arena, p->path);
	read_part(b, &copy, false);
}

void mail_body_write(struct mail_body *b, struct jsonw *w)
{
	struct gist *gist = b->html.n ? &b->html : &b->plain;
	char hex[17];

	references_write(&b->refs, w);
	if (gist->n == 0)
		return;
	uint64_t hash = gist_simhash(gist);
	for (unsigned i = 0; i < 16; i++)
		hex[i] = "0123456789abcdef"[hash >> (60 - 4 * i) & 0xf];
	jsonw_key(w, "body");
	jsonw_open(w, '{');
	jsonw_member_str(w, "simhash", (struct str){hex, 16});
	const char *language = language_of(&gist->language);
	if (language[0])
		jsonw_member_str(w, "language", str_of(language));
	jsonw_member_u64(w, "words", gist->n);
	jsonw_close(w, '}');
}
