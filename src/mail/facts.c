#include "mail/facts.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/hash.h"
#include "mail/date.h"
#include "mail/inside.h"

struct mail *mail_new(void)
{
	struct mail *m = calloc(1, sizeof(*m));

	if (!m)
		BUG("out of memory");
	m->charsets = charsets_new();
	m->body = mail_body_new();
	return m;
}

void mail_free(struct mail *m)
{
	if (!m)
		return;
	mail_body_free(m->body);
	charsets_free(m->charsets);
	arena_release(&m->arena);
	free(m);
}

void mail_listen(struct mail *m, mail_bytes_fn *fn, void *arg)
{
	m->listener = fn;
	m->listener_arg = arg;
}

void facts_show(struct facts *f, struct str path, struct str name, struct str bytes)
{
	struct mail_bytes b = {path, name, bytes};

	if (f->listener)
		f->listener(f->listener_arg, &b);
}

void facts_string(struct facts *f, const char *key, struct str s)
{
	if (s.n)
		jsonw_member_str(&f->w, key, s);
}

struct str facts_text(struct facts *f, const struct mail_headers *h, struct str name)
{
	const struct mail_header *field = mail_header_first(h, name);

	return field ? words_text(&f->r, field->value, field->offset) : STR("");
}

void facts_member(struct facts *f, const char *key, const struct mail_headers *h, struct str name)
{
	facts_string(f, key, facts_text(f, h, name));
}

/* The mail alone: without the "From " line of an mbox and the blank line behind it. */
static struct str without_envelope(struct str raw, struct str *ret_from)
{
	struct str line, s;

	*ret_from = STR("");
	if (!str_starts(raw, STR("From ")))
		return raw;
	s = str_from(raw, mail_line(raw, 0, &line));
	line = str_from(line, 5);
	struct str sender = str_cut(&line, ' ');
	if (str_chr(sender, '@') < sender.n && !str_eq(sender, STR("spoor@localhost")))
		*ret_from = sender;
	if (str_ends(s, STR("\r\n\r\n")))
		s.n -= 2;
	else if (str_ends(s, STR("\n\n")))
		s.n--;
	return s;
}

static void message(struct facts *f, uint32_t i)
{
	const struct mail_headers *h = &f->mime.messages[i].headers;

	facts_headers(f, h);
	facts_received(f, h);
	facts_auth(f, &f->mime.messages[i]);
	facts_parts(f, i);
}

static void inside_object(struct facts *f, uint32_t i)
{
	jsonw_open(&f->w, '{');
	jsonw_key(&f->w, "mail");
	jsonw_u64(&f->w, 1);
	facts_string(f, "path", f->mime.messages[i].path);
	message(f, i);
	jsonw_close(&f->w, '}');
}

/*
 * The mail that a report is about is the first one in it; others are attached.  What hosts of ours
 * wrote into a mail inside is believed only of reports that don't come from outside: anybody can
 * attach a mail with any header.
 */
static void inside(struct facts *f, enum mail_kind kind)
{
	bool report = kind == MAIL_JOURNAL || kind == MAIL_REPORTED;
	uint32_t i = 1;

	if (!report || f->from_outside)
		f->options = &f->nobody;
	if (i < f->mime.n_messages && kind != MAIL_PLAIN) {
		jsonw_key(&f->w, "inner");
		inside_object(f, i++);
	}
	f->options = &f->nobody;
	if (i >= f->mime.n_messages)
		return;
	jsonw_key(&f->w, "attached");
	jsonw_open(&f->w, '[');
	for (; i < f->mime.n_messages; i++)
		inside_object(f, i);
	jsonw_close(&f->w, ']');
}

/* Nothing but the sender's clock says when it was. */
static void untrusted(struct facts *f, enum mail_kind kind)
{
	uint32_t last = kind == MAIL_JOURNAL ? 1 : 0;

	for (uint32_t i = 0; !f->trusted && i <= last && i < f->mime.n_messages; i++) {
		const struct mail_header *date =
			mail_header_first(&f->mime.messages[i].headers, STR("date"));
		struct when t;
		if (!date || !mail_date(date->value, &t))
			continue;
		flaw_add(f->r.flaws, FLAW_TIME_UNTRUSTED, date->offset);
		return;
	}
}

/*
 * In an mbox some readers go by it, and then see another mail than we do.  One byte more or less
 * is the blank line in front of the next mail.
 */
static void check_length(struct facts *f, struct str mail)
{
	const struct mail_headers *h = &f->mime.messages[0].headers;
	const struct mail_header *field = mail_header_first(h, STR("content-length"));
	uint64_t said;

	if (!field || !str_u64(str_trim(field->value), &said))
		return;
	size_t n = mail.n - f->mime.messages[0].body;
	if (said > n + 2 || said + 2 < n)
		flaw_add(f->r.flaws, FLAW_LYING_LENGTH, field->offset);
}

void mail_facts(struct mail *m, struct str raw, const struct mail_options *o, struct buf *out_json,
	struct flaws *flaws)
{
	struct facts f = {.r = {&m->arena, m->charsets, flaws},
		.options = o,
		.body = m->body,
		.listener = m->listener,
		.listener_arg = m->listener_arg};
	struct str mark = STR("\xef\xbb\xbf"), from, mail = raw;
	char hex[65];

	arena_rewind(&m->arena, (struct arena_mark){0});
	if (str_starts(mail, mark))
		mail = str_from(mail, mark.n);
	mail = without_envelope(mail, &from);
	f.nobody.keys = o->keys;
	f.w = jsonw_of(out_json);
	f.mime = mime_read(&f.r, mail, (uint32_t)(mail.p - raw.p));
	facts_show(&f, STR(""), STR(""), mail);
	/* Whoever wrote the file with whichever line ends, it is one mail. */
	struct str canonical = unix_lines(&m->arena, mail);
	sha256_hex(sha256_of(canonical), hex);
	if (mail.p != raw.p)
		check_length(&f, mail);
	jsonw_open(&f.w, '{');
	jsonw_key(&f.w, "mail");
	jsonw_u64(&f.w, 1);
	jsonw_member_str(&f.w, "sha256", str_of(hex));
	jsonw_member_u64(&f.w, "size", canonical.n);
	message(&f, 0);
	enum mail_kind kind = mail_kind_of(&f);
	jsonw_key(&f.w, "kind");
	jsonw_text(&f.w, mail_kind_name(kind));
	facts_envelope(&f, kind, from);
	inside(&f, kind);
	untrusted(&f, kind);
	jsonw_close(&f.w, '}');
}
