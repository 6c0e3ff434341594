#include "mail/reference.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/limits.h"
#include "text/defang.h"
#include "text/idna.h"
#include "text/percent.h"
#include "text/rewriter.h"

struct layer {
	const char *wrapper;
	struct str url;
};

enum { SLOTS = LIMIT_MAIL_REFERENCES * 2 };

void references_begin(struct references *rs, struct arena *a, struct flaws *flaws)
{
	if (!rs->slots) {
		rs->slots = calloc(SLOTS, sizeof(*rs->slots));
		if (!rs->slots)
			BUG("out of memory");
	} else if (rs->found.n) {
		memset(rs->slots, 0, SLOTS * sizeof(*rs->slots));
	}
	rs->arena = a;
	rs->flaws = flaws;
	rs->found.n = 0;
	rs->full = false;
}

void references_release(struct references *rs)
{
	vec_release(&rs->found);
	arena_release(&rs->scratch);
	free(rs->slots);
}

static bool same(const struct reference *a, const struct reference *b)
{
	return a->kind == b->kind && a->hidden == b->hidden && a->defanged == b->defanged &&
	       a->width == b->width && a->height == b->height && str_eq(a->url, b->url) &&
	       str_eq(a->element, b->element) && str_eq(a->attribute, b->attribute) &&
	       str_eq(a->part, b->part) && str_eq(a->text, b->text);
}

static uint32_t *slot_of(struct references *rs, const struct reference *r)
{
	uint64_t h = hash64(r->url.p, r->url.n, r->kind);

	for (size_t i = h % SLOTS;; i = (i + 1) % SLOTS) {
		uint32_t *slot = &rs->slots[i];
		if (*slot == 0 || same(&rs->found.at[*slot - 1], r))
			return slot;
	}
}

/* The rewriters around a link; the innermost URL is the one that was sent. */
static void unwrap(struct references *rs, struct reference *r)
{
	struct layer layers[REWRITER_DEPTH];
	struct url u, next;
	struct str inner;
	enum rewriter by;
	size_t n = 0;

	if (url_read(&rs->scratch, r->url, idna_to_ascii, &u) != URL_OK)
		return;
	while (url_unwrap(&rs->scratch, &u, &inner, &by)) {
		if (n == REWRITER_DEPTH) {
			flaw_add(rs->flaws, FLAW_NESTED_TOO_DEEP, 0);
			break;
		}
		layers[n++] = (struct layer){rewriter_name(by), arena_dup(rs->arena, inner)};
		if (url_read(&rs->scratch, inner, idna_to_ascii, &next) != URL_OK)
			break;
		u = next;
	}
	if (n == 0)
		return;
	r->layers = arena_array(rs->arena, n, sizeof(*r->layers));
	memcpy(r->layers, layers, n * sizeof(*r->layers));
	r->n_layers = n;
}

/* Its texts are copied once it is known to be new. */
static size_t add_new(struct references *rs, struct reference r, uint32_t *slot)
{
	if (rs->found.n == LIMIT_MAIL_REFERENCES) {
		flaw_add(rs->flaws, FLAW_TOO_MANY_VALUES, 0);
		rs->full = true;
		return REFERENCE_NONE;
	}
	r.url = arena_dup(rs->arena, r.url);
	r.element = arena_dup(rs->arena, r.element);
	r.attribute = arena_dup(rs->arena, r.attribute);
	r.text = arena_dup(rs->arena, r.text);
	if (!r.defanged)
		unwrap(rs, &r);
	*vec_push(&rs->found) = r;
	*slot = (uint32_t)rs->found.n;
	return rs->found.n - 1;
}

static size_t add(struct references *rs, struct reference r, struct str base)
{
	if (!r.defanged)
		r.url = reference_absolute(&rs->scratch, r.url, base);
	if (scheme_is_defanged(reference_scheme(r.url)))
		r.url = refang(&rs->scratch, r.url, &r.defanged);
	if (r.url.n == 0)
		return REFERENCE_NONE;
	if (r.url.n > LIMIT_URL_BYTES) {
		flaw_add(rs->flaws, FLAW_VALUE_CUT, 0);
		r.url.n = LIMIT_URL_BYTES;
	}
	/* a name of a megabyte with a srcset of a thousand would be copied as often */
	r.element = str_upto(r.element, REFERENCE_NAME);
	uint32_t *slot = slot_of(rs, &r);
	return *slot ? *slot - 1 : add_new(rs, r, slot);
}

size_t references_add(struct references *rs, const struct reference *r, struct str base)
{
	struct arena_mark mark = arena_mark(&rs->scratch);

	if (rs->full)
		return REFERENCE_NONE;
	size_t at = add(rs, *r, base);
	arena_rewind(&rs->scratch, mark);
	return at;
}

static void write_layers(struct jsonw *w, const struct reference *r)
{
	if (r->n_layers == 0)
		return;
	jsonw_key(w, "layers");
	jsonw_open(w, '[');
	for (size_t i = 0; i < r->n_layers; i++) {
		jsonw_open(w, '{');
		jsonw_member_str(w, "wrapper", str_of(r->layers[i].wrapper));
		jsonw_member_str(w, "url", r->layers[i].url);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

/* Whom a link writes to (RFC 6068 §2): several are separated by commas. */
static void write_address(struct arena *a, struct jsonw *w, const struct reference *r)
{
	struct str to = r->url, scheme = str_cut(&to, ':');

	if (r->defanged || !str_eq_nocase(scheme, STR("mailto")))
		return;
	to = str_upto(to, str_chr(to, '?'));
	to = percent_decode(to, arena_alloc(a, to.n + 1));
	if (to.n)
		jsonw_member_str(w, "address", to);
}

static void write_one(struct arena *a, struct jsonw *w, const struct reference *r)
{
	jsonw_open(w, '{');
	jsonw_member_str(w, r->defanged ? "defanged" : "url", r->url);
	write_address(a, w, r);
	jsonw_member_str(w, "element", r->element);
	if (r->attribute.n)
		jsonw_member_str(w, "attribute", r->attribute);
	jsonw_member_str(w, "part", r->part);
	if (r->text.n)
		jsonw_member_str(w, "text", r->text);
	write_layers(w, r);
	if (r->width >= 0)
		jsonw_member_u64(w, "width", (uint64_t)r->width);
	if (r->height >= 0)
		jsonw_member_u64(w, "height", (uint64_t)r->height);
	if (r->hidden) {
		jsonw_key(w, "hidden");
		jsonw_bool(w, true);
	}
	jsonw_close(w, '}');
}

static void write_kind(
	const struct references *rs, struct jsonw *w, enum reference_kind kind, const char *key)
{
	bool open = false;

	for (size_t i = 0; i < rs->found.n; i++) {
		if (rs->found.at[i].kind != kind)
			continue;
		if (!open) {
			jsonw_key(w, key);
			jsonw_open(w, '[');
		}
		open = true;
		write_one(rs->arena, w, &rs->found.at[i]);
	}
	if (open)
		jsonw_close(w, ']');
}

void references_write(const struct references *rs, struct jsonw *w)
{
	write_kind(rs, w, REFERENCE_LINK, "links");
	write_kind(rs, w, REFERENCE_REMOTE, "remote");
}
