#include "people/pack.h"

#include "base/limits.h"

#define MAGIC STR("spoorpeople1")

enum flags {
	FLAG_FROM = 1 << 0,
	FLAG_TO = 1 << 1,
	FLAG_SIGN_IN = 1 << 2, /* of identities */
	FLAG_PROTECT = 1 << 0, /* of persons */
};

/* The fewest bytes of each: no count needs more room than what is left can fill. */
enum { PERSON_MIN = 6, TEXT_MIN = 1, IDENTITY_MIN = 4, ROLE_MIN = 4, SKIPPED_MIN = 3 };

static unsigned flags_of(struct during d)
{
	return (when_known(d.from) ? FLAG_FROM : 0u) | (when_known(d.to) ? FLAG_TO : 0u);
}

static void put_during(struct buf *out, struct during d)
{
	if (when_known(d.from))
		buf_u64(out, (uint64_t)d.from.us);
	if (when_known(d.to))
		buf_u64(out, (uint64_t)d.to.us);
}

static void put_texts(struct buf *out, const struct str *at, uint32_t n)
{
	buf_varint(out, n);
	for (uint32_t i = 0; i < n; i++)
		buf_text(out, at[i]);
}

void person_pack(const struct person *p, struct buf *out)
{
	buf_varint(out, p->line);
	buf_putc(out, p->protect ? FLAG_PROTECT : 0);
	put_texts(out, p->ids, p->n_ids);
	put_texts(out, p->names, p->n_names);
	buf_varint(out, p->n_identities);
	for (uint32_t k = 0; k < p->n_identities; k++) {
		const struct identity *i = &p->identities[k];
		buf_putc(out, (char)i->o.kind);
		buf_putc(out, (char)i->o.form);
		buf_putc(out, (char)(flags_of(i->during) | (i->sign_in ? FLAG_SIGN_IN : 0u)));
		put_during(out, i->during);
		buf_text(out, i->o.v);
	}
	buf_varint(out, p->n_roles);
	for (uint32_t k = 0; k < p->n_roles; k++) {
		const struct role *r = &p->roles[k];
		buf_putc(out, (char)r->what);
		buf_putc(out, (char)flags_of(r->during));
		put_during(out, r->during);
		buf_text(out, r->title);
		buf_text(out, r->body);
	}
}

void people_pack(const struct people *p, struct buf *out)
{
	buf_str(out, MAGIC);
	buf_text(out, p->kind);
	buf_varint(out, p->persons.n);
	for (size_t i = 0; i < p->persons.n; i++)
		person_pack(&p->persons.at[i], out);
	buf_varint(out, p->skipped.n);
	for (size_t i = 0; i < p->skipped.n; i++) {
		buf_varint(out, p->skipped.at[i].line);
		buf_text(out, p->skipped.at[i].what);
		buf_text(out, p->skipped.at[i].why);
	}
}

static uint32_t take_line(struct scan *sc)
{
	uint64_t line = scan_varint(sc, "line");

	if (line > UINT32_MAX)
		scan_fail(sc, "a line");
	return scan_ok(sc) ? (uint32_t)line : 0;
}

/* How many there are; 0 if there can't be as many. */
static size_t take_count(struct scan *sc, uint64_t most, size_t least_bytes)
{
	uint64_t n = scan_varint(sc, "a number");

	if (n > most || n > scan_left(sc) / least_bytes)
		scan_fail(sc, "as many as it says");
	return scan_ok(sc) ? (size_t)n : 0;
}

static const struct str *take_texts(
	struct arena *a, struct scan *sc, uint64_t most, uint32_t *ret_n)
{
	size_t n = take_count(sc, most, TEXT_MIN);
	struct str *at = arena_array(a, n + 1, sizeof(*at));

	for (size_t i = 0; i < n; i++)
		at[i] = scan_text(sc);
	*ret_n = (uint32_t)n;
	return at;
}

static struct during take_during(struct scan *sc, unsigned flags)
{
	struct during d = {WHEN_NONE, WHEN_NONE};

	if (flags & FLAG_FROM)
		d.from.us = (int64_t)scan_u64(sc, "from");
	if (flags & FLAG_TO)
		d.to.us = (int64_t)scan_u64(sc, "to");
	return d;
}

static bool is_value(const struct observable *o)
{
	return (o->kind == KIND_EMAIL || o->kind == KIND_ACCOUNT || o->kind == KIND_PHONE) &&
	       o->v.n <= LIMIT_OBSERVABLE_BYTES && observable_fits(o->kind, o->form, o->v.n);
}

static const struct identity *take_identities(struct arena *a, struct scan *sc, uint32_t *ret_n)
{
	size_t n = take_count(sc, LIMIT_PERSON_PARTS, IDENTITY_MIN);
	struct identity *at = arena_array(a, n + 1, sizeof(*at));

	for (size_t i = 0; i < n; i++) {
		at[i].o.kind = scan_u8(sc, "kind");
		at[i].o.form = scan_u8(sc, "form");
		unsigned flags = scan_u8(sc, "flags");
		at[i].sign_in = flags & FLAG_SIGN_IN;
		at[i].during = take_during(sc, flags);
		at[i].o.v = scan_text(sc);
		if (flags > (FLAG_FROM | FLAG_TO | FLAG_SIGN_IN) || !is_value(&at[i].o))
			scan_fail(sc, "an identity");
	}
	*ret_n = (uint32_t)n;
	return at;
}

static const struct role *take_roles(struct arena *a, struct scan *sc, uint32_t *ret_n)
{
	size_t n = take_count(sc, LIMIT_PERSON_PARTS, ROLE_MIN);
	struct role *at = arena_array(a, n + 1, sizeof(*at));

	for (size_t i = 0; i < n; i++) {
		unsigned what = scan_u8(sc, "role"), flags = scan_u8(sc, "flags");
		if (what >= PERSON_ROLES || flags > (FLAG_FROM | FLAG_TO))
			scan_fail(sc, "a role");
		at[i].what = scan_ok(sc) ? (enum person_role)what : PERSON_OTHER;
		at[i].during = take_during(sc, flags);
		at[i].title = scan_text(sc);
		at[i].body = scan_text(sc);
	}
	*ret_n = (uint32_t)n;
	return at;
}

void person_unpack(struct arena *a, struct scan *sc, struct person *ret)
{
	struct person p = {.line = take_line(sc)};
	unsigned flags = scan_u8(sc, "flags");

	if (flags > FLAG_PROTECT)
		scan_fail(sc, "a person");
	p.protect = flags & FLAG_PROTECT;
	p.ids = take_texts(a, sc, LIMIT_PERSON_PARTS, &p.n_ids);
	p.names = take_texts(a, sc, LIMIT_PERSON_NAMES, &p.n_names);
	p.identities = take_identities(a, sc, &p.n_identities);
	p.roles = take_roles(a, sc, &p.n_roles);
	*ret = scan_ok(sc) ? p : (struct person){0};
}

static void take_all(struct arena *a, struct scan *sc, struct people *p)
{
	scan_expect(sc, MAGIC, "packed people");
	p->kind = scan_text(sc);
	if (p->kind.n && !people_is_kind(p->kind))
		scan_fail(sc, "a kind of list");
	size_t n = take_count(sc, UINT32_MAX, PERSON_MIN);
	for (size_t i = 0; i < n && scan_ok(sc); i++)
		person_unpack(a, sc, vec_push(&p->persons));
	n = take_count(sc, UINT32_MAX, SKIPPED_MIN);
	for (size_t i = 0; i < n && scan_ok(sc); i++) {
		struct people_skipped *s = vec_push(&p->skipped);
		s->line = take_line(sc);
		s->what = scan_text(sc);
		s->why = scan_text(sc);
	}
	if (scan_ok(sc) && scan_left(sc) != 0)
		scan_fail(sc, "the end");
}

bool people_unpack(struct arena *a, struct str bytes, struct people *ret, struct err *err)
{
	struct scan sc = scan_of(bytes);
	struct people p = {0};

	take_all(a, &sc, &p);
	if (!scan_ok(&sc)) {
		people_release(&p);
		return err_set(err, ERR_BOX, "the list of people makes no sense at byte %zu: no %s",
			scan_offset(&sc), sc.fail);
	}
	*ret = p;
	return true;
}

/* These two are not beside people_read, so that spoor links without what reads foreign files. */
bool people_is_kind(struct str kind)
{
	return str_eq(kind, STR("entra")) || str_eq(kind, STR("popolo")) ||
	       str_eq(kind, STR("csv"));
}

void people_release(struct people *p)
{
	vec_release(&p->persons);
	vec_release(&p->skipped);
}
