#include "mail/mime.h"

#include "base/limits.h"
#include "base/vec.h"
#include "mail/entity.h"
#include "mail/winmail.h"

/* A multipart or a mail whose end is still ahead. */
struct open {
	struct entity e;
	struct str boundary; /* "" of a mail */
	struct str prefix;   /* of the paths inside */
	uint32_t children;
	uint32_t message;
	bool is_digest;
};

struct build {
	struct mail_reading *r;
	VEC(struct mime_part) parts;
	VEC(struct mime_message) messages;
	bool full;
};

struct parser {
	struct build *b;
	struct str raw;
	uint32_t offset;
	bool decoded; /* raw isn't the mail's own bytes: all of it stands at offset */
	struct open open[LIMIT_MAIL_DEPTH];
	uint32_t depth, above; /* open ones here, and around this */
	struct entity leaf;
	bool in_leaf;
};

static void read_stream(struct build *b, struct str raw, uint32_t offset, bool decoded,
	uint32_t message, struct str prefix, uint32_t number, uint32_t above);

static uint32_t place(const struct parser *p, size_t at)
{
	return p->decoded ? p->offset : p->offset + (uint32_t)at;
}

static void flaw(struct parser *p, enum flaw_code code, size_t at)
{
	flaw_add(p->b->r->flaws, code, place(p, at));
}

/* Which open multipart's boundary the line begins with, the innermost first; MIME_NONE: none. */
static uint32_t boundary_of(const struct parser *p, struct str line)
{
	if (line.n < 3 || line.p[0] != '-' || line.p[1] != '-')
		return MIME_NONE;
	for (uint32_t i = p->depth; i > 0; i--) {
		struct str b = p->open[i - 1].boundary;
		if (b.n && str_starts(str_from(line, 2), b))
			return i - 1;
	}
	return MIME_NONE;
}

/* In a header nothing may stand behind a boundary but blanks or the closing hyphens. */
static bool is_boundary(void *arg, struct str line)
{
	const struct parser *p = arg;
	uint32_t which = boundary_of(p, line);

	if (which == MIME_NONE)
		return false;
	struct str rest = str_trim(str_from(line, 2 + p->open[which].boundary.n));
	return !rest.n || str_eq(rest, STR("--"));
}

/* Did a boundary end the header whose body would begin at `at`, and no blank line? */
static bool is_cut(struct parser *p, size_t at)
{
	struct str line, before = str_upto(p->raw, at);

	mail_line(p->raw, at, &line);
	return !str_ends(before, STR("\n\n")) && !str_ends(before, STR("\n\r\n")) &&
	       is_boundary(p, line);
}

/* The header at `at`; at its end the body begins. */
static struct entity read_entity(struct parser *p, size_t at, uint32_t owner, struct str path)
{
	struct mail_reading *r = p->b->r;
	struct entity e = {.owner = owner, .path = path};

	e.headers = mail_headers_read(
		r->arena, str_from(p->raw, at), place(p, at), is_boundary, p, r->flaws, &e.body);
	e.body += at;
	for (size_t i = 0; p->decoded && i < e.headers.n; i++)
		e.headers.at[i].offset = p->offset;
	entity_read(r, &e);
	return e;
}

static bool is_message_type(struct str type)
{
	return str_eq(type, STR("message/rfc822")) || str_eq(type, STR("message/global")) ||
	       str_eq(type, STR("message/news")) || str_eq(type, STR("text/rfc822-headers")) ||
	       str_eq(type, STR("message/global-headers"));
}

static bool is_encoded(struct str encoding)
{
	return str_eq(encoding, STR("base64")) || str_eq(encoding, STR("quoted-printable"));
}

static uint32_t add_message(struct build *b, uint32_t parent, struct str path)
{
	*vec_push(&b->messages) = (struct mime_message){.parent = parent, .path = path};
	return (uint32_t)b->messages.n - 1;
}

/* Appends a leaf, its body up to `end`. */
static struct mime_part *add_part(struct parser *p, const struct entity *e, size_t end)
{
	*vec_push(&p->b->parts) = (struct mime_part){
		.path = e->path,
		.headers = e->headers,
		.type = e->type,
		.disposition = e->disposition,
		.encoding = e->encoding,
		.body = {p->raw.p + e->body, end > e->body ? end - e->body : 0},
		.offset = place(p, e->body),
		.owner = e->owner,
		.message = MIME_NONE,
	};
	return &p->b->parts.at[p->b->parts.n - 1];
}

static bool begins_with_field(struct str s)
{
	struct str line;
	size_t name;

	mail_line(s, 0, &line);
	return mail_is_field(line, &name);
}

/* A mail in base64: attackers do that to hide it, some mailers out of care. */
static void read_encoded_message(struct parser *p, uint32_t part)
{
	struct build *b = p->b;
	struct str bytes = mime_decode(b->r, &b->parts.at[part]);

	if (!begins_with_field(bytes))
		return;
	uint32_t owner = b->parts.at[part].owner;
	uint32_t m = add_message(b, owner, b->parts.at[part].path);
	b->parts.at[part].message = m;
	struct str prefix = arena_printf(b->r->arena, STR_FMT ".", STR_ARG(b->parts.at[part].path));
	read_stream(
		b, bytes, b->parts.at[part].offset, true, m, prefix, 0, p->above + p->depth + 1);
}

/* Its parts are parts of the mail that it is in. */
static void read_winmail(struct parser *p, uint32_t part)
{
	struct build *b = p->b;
	struct str parts = winmail_parts(b->r, &b->parts.at[part]);
	struct str path = b->parts.at[part].path;

	if (parts.n)
		read_stream(b, parts, b->parts.at[part].offset, true, b->parts.at[part].owner,
			arena_printf(b->r->arena, STR_FMT ".", STR_ARG(path)), 1,
			p->above + p->depth + 1);
}

static void end_leaf(struct parser *p, size_t end)
{
	if (!p->in_leaf)
		return;
	p->in_leaf = false;
	add_part(p, &p->leaf, end);
	uint32_t i = (uint32_t)p->b->parts.n - 1;
	if (is_message_type(p->leaf.type->value) && is_encoded(p->leaf.encoding) &&
		p->above + p->depth + 1 < LIMIT_MAIL_DEPTH && !p->b->full)
		read_encoded_message(p, i);
	else if (winmail_is(&p->b->parts.at[i]) && p->above + p->depth + 1 < LIMIT_MAIL_DEPTH &&
		 !p->b->full)
		read_winmail(p, i);
}

/* The innermost open one ends at `end`, with its boundary or without. */
static void close_one(struct parser *p, size_t end, bool closed)
{
	struct open *o = &p->open[--p->depth];

	if (!o->boundary.n) {
		struct mime_message *m = &p->b->messages.at[o->message];
		m->raw.n = (size_t)(p->raw.p + end - m->raw.p);
		for (size_t i = p->b->parts.n; i > 0; i--) {
			struct mime_part *part = &p->b->parts.at[i - 1];
			if (part->message != o->message)
				continue;
			part->body.n = end > o->e.body ? end - o->e.body : 0;
			break;
		}
		return;
	}
	if (!o->children) {
		flaw(p, FLAW_BAD_BOUNDARY, o->e.body);
		add_part(p, &o->e, end);
	} else if (!closed) {
		flaw(p, FLAW_UNCLOSED_MULTIPART, o->e.body);
	}
}

static void close_to(struct parser *p, uint32_t depth, size_t end)
{
	end_leaf(p, end);
	while (p->depth > depth)
		close_one(p, end, false);
}

static struct open *push(struct parser *p, const struct entity *e)
{
	struct open *o = &p->open[p->depth++];

	*o = (struct open){.e = *e, .message = e->owner};
	return o;
}

static bool is_deep(struct parser *p, const struct entity *e)
{
	/* One place is kept for what is in a mail. */
	if (p->above + p->depth + 1 < LIMIT_MAIL_DEPTH)
		return false;
	flaw(p, FLAW_TOO_DEEP, e->body);
	return true;
}

/*
 * What begins at `at`: a leaf, a multipart, or a mail, which begins with another one.  number: in
 * its multipart; 0: it is all of a mail.  Returns where to look for the next boundary.
 */
static size_t begin(struct parser *p, size_t at, uint32_t owner, struct str prefix, uint32_t number,
	bool in_digest)
{
	struct arena *a = p->b->r->arena;

	for (;;) {
		struct str path =
			arena_printf(a, STR_FMT "%u", STR_ARG(prefix), number ? number : 1);
		struct entity e = read_entity(p, at, owner, path);
		struct str type = entity_type(
			p->b->r, &e, in_digest ? STR("message/rfc822") : STR("text/plain"));
		if (!number) {
			p->b->messages.at[owner].headers = e.headers;
			p->b->messages.at[owner].type = e.type;
			p->b->messages.at[owner].body = e.body - at;
		}
		struct str boundary = str_trim(params_get(e.type, STR("boundary")));
		bool multipart = str_starts(type, STR("multipart/"));
		if (is_cut(p, e.body)) {
			p->leaf = e; /* a part around it ends here, so it has no body */
			p->in_leaf = true;
			return e.body;
		}
		if (multipart && boundary.n && !is_deep(p, &e)) {
			struct open *o = push(p, &e);
			o->boundary = boundary;
			o->prefix = number ? arena_printf(a, STR_FMT ".", STR_ARG(path)) : prefix;
			o->is_digest = str_eq(type, STR("multipart/digest"));
			return e.body;
		}
		if (multipart && !boundary.n)
			flaw(p, FLAW_BAD_BOUNDARY, at);
		if (!is_message_type(type) || is_encoded(e.encoding) ||
			!begins_with_field(str_from(p->raw, e.body)) || is_deep(p, &e)) {
			p->leaf = e;
			p->in_leaf = true;
			return e.body;
		}
		uint32_t m = add_message(p->b, owner, path);
		p->b->messages.at[m].raw = str_from(p->raw, e.body);
		struct mime_part *part = add_part(p, &e, p->raw.n);
		part->message = m;
		struct open *o = push(p, &e);
		o->message = m;
		at = e.body;
		owner = m;
		prefix = arena_printf(a, STR_FMT ".", STR_ARG(path));
		number = 0;
		in_digest = false;
	}
}

/* The next line that begins with two hyphens, from the beginning of a line on; raw.n: none. */
static size_t next_hyphens(struct str raw, size_t at)
{
	struct str rest = str_from(raw, at);

	if (str_starts(rest, STR("--")))
		return at;
	size_t found = str_find(rest, STR("\n--"));
	return found < rest.n ? at + found + 1 : raw.n;
}

/* Behind the last byte of the text in front of a boundary: its line end belongs to it. */
static size_t text_end(struct str raw, size_t line)
{
	if (line && raw.p[line - 1] == '\n')
		line--;
	if (line && raw.p[line - 1] == '\r')
		line--;
	return line;
}

static void take_boundary(
	struct parser *p, uint32_t which, struct str line, size_t at, size_t *inout_next)
{
	struct open *o = &p->open[which];
	struct str rest = str_from(line, 2 + o->boundary.n);

	close_to(p, which + 1, text_end(p->raw, at));
	if (str_starts(rest, STR("--"))) {
		close_one(p, text_end(p->raw, at), true);
		return;
	}
	if (p->b->parts.n + p->depth >= LIMIT_MAIL_PARTS) {
		flaw(p, FLAW_TOO_MANY_PARTS, at);
		p->b->full = true;
		return;
	}
	/* A boundary that ends the bytes begins nothing. */
	if (*inout_next >= p->raw.n)
		return;
	o->children++;
	*inout_next = begin(p, *inout_next, o->message, o->prefix, o->children, o->is_digest);
}

/* number: of the part that it is; 0: it is all of the message. */
static void read_stream(struct build *b, struct str raw, uint32_t offset, bool decoded,
	uint32_t message, struct str prefix, uint32_t number, uint32_t above)
{
	struct parser *p = arena_alloc(b->r->arena, sizeof(*p));

	*p = (struct parser){
		.b = b, .raw = raw, .offset = offset, .decoded = decoded, .above = above};
	if (!number)
		b->messages.at[message].raw = raw;
	size_t at = begin(p, 0, message, prefix, number, false);
	while (p->depth && !b->full) {
		struct str line;
		at = next_hyphens(raw, at);
		if (at >= raw.n)
			break;
		size_t next = at + mail_line(raw, at, &line);
		uint32_t which = boundary_of(p, line);
		if (which != MIME_NONE)
			take_boundary(p, which, line, at, &next);
		at = next;
	}
	close_to(p, 0, raw.n);
}

struct mime mime_read(struct mail_reading *r, struct str raw, uint32_t offset)
{
	struct build b = {.r = r};
	struct mime m = {0};

	add_message(&b, MIME_NONE, STR(""));
	read_stream(&b, raw, offset, false, 0, STR(""), 0, 0);
	m.n_parts = (uint32_t)b.parts.n;
	m.n_messages = (uint32_t)b.messages.n;
	m.parts = arena_array(r->arena, b.parts.n, sizeof(*m.parts));
	m.messages = arena_array(r->arena, b.messages.n, sizeof(*m.messages));
	if (b.parts.n)
		memcpy(m.parts, b.parts.at, b.parts.n * sizeof(*m.parts));
	memcpy(m.messages, b.messages.at, b.messages.n * sizeof(*m.messages));
	vec_release(&b.parts);
	vec_release(&b.messages);
	return m;
}
