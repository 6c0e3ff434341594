#include "observe/value.h"

#include "base/err.h"
#include "observe/normal.h"
#include "text/defang.h"
#include "text/ipaddr.h"
#include "text/phone.h"

struct typing {
	struct arena *arena;
	idna_fn *to_ascii;
	struct typed *at;
	size_t n;
	bool needs_idna;
};

static void add(struct typing *t, struct observable o, bool sure)
{
	for (size_t i = 0; i < t->n; i++)
		if (observable_eq(t->at[i].o, o))
			return;
	if (t->n == VALUES_MAX)
		BUG("a value of more than %d types", VALUES_MAX);
	t->at[t->n++] = (struct typed){o, sure};
}

/* Adds the value as `kind` if it has that shape. */
static bool try_kind(struct typing *t, enum kind kind, struct str s)
{
	struct observable o;

	switch (normal_form(t->arena, t->to_ascii, kind, s, &o)) {
	case NORMAL_OK:
		add(t, o, true);
		return true;
	case NORMAL_NEEDS_IDNA:
		t->needs_idna = true;
		return false;
	case NORMAL_BAD:
	case NORMAL_NOTHING:
		break;
	}
	return false;
}

static struct str joined(struct arena *a, struct str head, struct str tail)
{
	char *room = arena_alloc(a, head.n + tail.n);

	memcpy(room, head.p, head.n);
	memcpy(room + head.n, tail.p, tail.n);
	return (struct str){room, head.n + tail.n};
}

/* A name or an address, and a path behind it: "evil.example/a", "1.2.3.4:8080/a?b". */
static void try_without_scheme(struct typing *t, struct str s)
{
	size_t slash = str_chr(s, '/'), query = str_chr(s, '?');
	struct observable o;

	enum normal n = normal_form(t->arena, t->to_ascii, KIND_DOMAIN, str_upto(s, slash), &o);
	if (n == NORMAL_NEEDS_IDNA)
		t->needs_idna = true;
	if (n != NORMAL_OK || slash == s.n || o.kind == KIND_HOST)
		return;
	if (query == s.n) {
		try_kind(t, KIND_URL_PATH, s);
		return;
	}
	try_kind(t, KIND_URL, joined(t->arena, STR("http://"), s));
	try_kind(t, KIND_URL, joined(t->arena, STR("https://"), s));
}

static void try_domain(struct typing *t, struct str s)
{
	struct observable o;

	switch (normal_form(t->arena, t->to_ascii, KIND_DOMAIN, s, &o)) {
	case NORMAL_OK:
		if (o.kind != KIND_HOST)
			add(t, o, true);
		break;
	case NORMAL_NEEDS_IDNA:
		t->needs_idna = true;
		break;
	case NORMAL_BAD:
	case NORMAL_NOTHING:
		break;
	}
}

/*
 * Only a number with its country is one for sure.  Where logs leave the country out it may stand
 * as a national one, which others have, too; so that form is asked for, but isn't sure.
 */
static bool is_international(struct str s)
{
	return s.n && (s.p[0] == '+' || (s.n > 4 && str_eq_nocase(str_upto(s, 4), STR("tel:"))));
}

static void add_national(struct typing *t, struct str value)
{
	struct observable o;

	if (normal_form(t->arena, t->to_ascii, KIND_PHONE, value, &o) != NORMAL_OK)
		return;
	struct str national = phone_national(o.v);
	if (national.n)
		add(t, normal_pack(t->arena, KIND_PHONE, national), false);
}

static bool has_shape(struct str s, const char *needed)
{
	return str_find(s, str_of(needed)) < s.n;
}

static void try_shapes(struct typing *t, struct str s)
{
	uint8_t from[16], to[16];

	if (value_network(s, from, to))
		return;
	if (is_international(s) && try_kind(t, KIND_PHONE, s))
		return;
	if (has_shape(s, "://"))
		try_kind(t, KIND_URL, s);
	else if (has_shape(s, "@"))
		try_kind(t, KIND_EMAIL, s);
	else if (has_shape(s, "/"))
		try_without_scheme(t, s);
	else
		try_domain(t, s);
	if (s.n >= 32)
		try_kind(t, KIND_HASH, s);
	if (s.n == 17 || s.n == 14)
		try_kind(t, KIND_MAC, s);
	if (s.n > 2 && s.p[0] == '<' && has_shape(s, "@"))
		try_kind(t, KIND_MESSAGE_ID, s);
}

/* Every kind that entries of a segment can have, as the text that was typed. */
static void add_texts(struct typing *t, struct str value)
{
	for (unsigned kind = 0; kind < KINDS; kind++) {
		struct observable o;
		if (kind == KIND_URL_PATH || kind == KIND_NET64)
			continue;
		switch (normal_form(t->arena, t->to_ascii, (enum kind)kind, value, &o)) {
		case NORMAL_OK:
		case NORMAL_BAD:
			add(t, o, false);
			break;
		case NORMAL_NEEDS_IDNA:
			t->needs_idna = true;
			break;
		case NORMAL_NOTHING:
			break;
		}
	}
}

size_t value_types_with(struct arena *a, idna_fn *to_ascii, struct str value,
	struct typed ret[VALUES_MAX], bool *ret_needs_idna)
{
	struct typing t = {.arena = a, .to_ascii = to_ascii, .at = ret};
	struct str s;
	bool defanged;

	value = str_trim(value);
	/* A Message-ID is in angle brackets, which refanging takes off as quotes. */
	s = value.n && value.p[0] == '<' && has_shape(value, "@") ? value
								  : refang(a, value, &defanged);
	try_shapes(&t, s);
	add_texts(&t, value);
	add_national(&t, value);
	*ret_needs_idna = t.needs_idna;
	return t.n;
}

size_t value_types(
	struct arena *a, struct str value, struct typed ret[VALUES_MAX], bool *ret_needs_idna)
{
	return value_types_with(a, NULL, value, ret, ret_needs_idna);
}

static bool has_defanged_forms(enum kind kind)
{
	return kind == KIND_IP || kind == KIND_DOMAIN || kind == KIND_URL || kind == KIND_EMAIL ||
	       kind == KIND_URL_PATH || kind == KIND_NET64;
}

bool value_as_with(struct arena *a, idna_fn *to_ascii, enum kind kind, struct str value,
	struct observable *ret_o, bool *ret_needs_idna)
{
	struct observable o;
	bool defanged;
	struct str s = has_defanged_forms(kind) ? refang(a, value, &defanged) : value;
	enum normal n = normal_form(a, to_ascii, kind, s, &o);

	*ret_needs_idna = n == NORMAL_NEEDS_IDNA;
	if (n != NORMAL_OK)
		return false;
	*ret_o = o;
	return true;
}

bool value_as(struct arena *a, enum kind kind, struct str value, struct observable *ret_o,
	bool *ret_needs_idna)
{
	return value_as_with(a, NULL, kind, value, ret_o, ret_needs_idna);
}

bool value_network(struct str value, uint8_t ret_from[16], uint8_t ret_to[16])
{
	struct arena a = {0};
	bool defanged, is;

	if (value.n > 128) /* two addresses of 45 bytes, defanged */
		return false;
	is = ipaddr_network(refang(&a, value, &defanged), ret_from, ret_to);
	arena_release(&a);
	return is;
}
