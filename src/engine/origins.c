#include "engine/origins.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/vec.h"

/* A name shorter than this stands in texts by chance. */
#define NAME_BYTES_MIN 5u
/* Addresses of one context that are held against others. */
#define LINKS_MAX 16u

/* What makes two sayings one: equal keys. */
struct key {
	uint64_t hash;
	unsigned of;
};

struct finding {
	struct saying *at;
	unsigned *up; /* union-find: the lower number is the root */
	VEC(struct key) keys;
};

static unsigned root(struct finding *f, unsigned i)
{
	while (f->up[i] != i)
		i = f->up[i] = f->up[f->up[i]];
	return i;
}

static void join(struct finding *f, unsigned a, unsigned b)
{
	a = root(f, a);
	b = root(f, b);
	if (a < b)
		f->up[b] = a;
	else
		f->up[a] = b;
}

enum sort_of_key { KEY_ID, KEY_CREATOR, KEY_LINK };

static void add_key(struct finding *f, unsigned of, enum sort_of_key sort, struct str text)
{
	if (text.n)
		*vec_push(&f->keys) = (struct key){hash64(text.p, text.n, sort), of};
}

/* Reports are cited with and without a slash at the end, and in brackets. */
static struct str link_text(struct str link)
{
	while (link.n && memchr("/.,;)]>\"'", link.p[link.n - 1], 9))
		link.n--;
	return link;
}

static void add_links(struct finding *f, unsigned of, struct str text)
{
	for (unsigned n = 0; n < LINKS_MAX; n++) {
		size_t at = str_find(text, STR("://"));
		if (at == text.n)
			return;
		text = str_from(text, at + 3);
		size_t end = 0;
		while (end < text.n && (unsigned char)text.p[end] > ' ')
			end++;
		add_key(f, of, KEY_LINK, link_text(str_upto(text, end)));
		text = str_from(text, end);
	}
}

static int key_cmp(const void *va, const void *vb)
{
	const struct key *a = va, *b = vb;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return (a->of > b->of) - (a->of < b->of);
}

/* "from the feed of ..." */
static bool names(const struct saying *a, const struct saying *b)
{
	return b->source.n >= NAME_BYTES_MIN && !str_eq(a->source, b->source) &&
	       str_find(a->context, b->source) < a->context.n;
}

unsigned origins_find(struct saying *at, size_t n)
{
	struct finding f = {.at = at, .up = calloc(n + 1, sizeof(unsigned))};
	unsigned groups = 0;

	if (!f.up)
		BUG("out of memory");
	for (unsigned i = 0; i < n; i++) {
		f.up[i] = i;
		add_key(&f, i, KEY_ID, at[i].id);
		add_key(&f, i, KEY_CREATOR, at[i].creator);
		add_links(&f, i, at[i].context);
	}
	if (f.keys.n)
		qsort(f.keys.at, f.keys.n, sizeof(*f.keys.at), key_cmp);
	for (size_t k = 1; k < f.keys.n; k++) {
		if (f.keys.at[k].hash == f.keys.at[k - 1].hash)
			join(&f, f.keys.at[k].of, f.keys.at[k - 1].of);
	}
	for (unsigned i = 0; i < n; i++) {
		for (unsigned k = 0; k < n; k++) {
			if (names(&at[i], &at[k]) || (k < i && str_eq(at[i].source, at[k].source)))
				join(&f, i, k);
		}
	}
	for (unsigned i = 0; i < n; i++) {
		unsigned r = root(&f, i);
		at[i].origin = r == i ? groups++ : at[r].origin;
	}
	free(f.up);
	vec_release(&f.keys);
	return groups;
}
