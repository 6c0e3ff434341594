#include "mail/dkimkey.h"

#include <stdlib.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/buf.h"
#include "base/vec.h"
#include "mail/taglist.h"

/* A selector and a domain, each of which a DNS name limits to 253 bytes. */
enum { NAME_MAX_BYTES = 600 };

struct dkim_keys {
	struct arena a;
	VEC(struct dkim_key) v; /* by name */
};

/* PKCS #1 as the RFC's text says, or SubjectPublicKeyInfo as everybody writes it (§3.6.1). */
static EVP_PKEY *decode_rsa(struct str der)
{
	const unsigned char *p = (const unsigned char *)der.p;
	EVP_PKEY *k = d2i_PUBKEY(NULL, &p, (long)der.n);

	if (!k) {
		p = (const unsigned char *)der.p;
		k = d2i_PublicKey(EVP_PKEY_RSA, NULL, &p, (long)der.n);
	}
	if (k && !EVP_PKEY_is_a(k, "RSA")) {
		EVP_PKEY_free(k);
		k = NULL;
	}
	return k;
}

static bool lists(struct str value, char between, const char *word)
{
	struct str one;

	while (tag_next(&value, between, &one))
		if (str_eq(one, str_of(word)))
			return true;
	return false;
}

/* The flags and limits of a key; false if it isn't for mail at all. */
static bool read_terms(const struct taglist *t, struct dkim_key *k)
{
	const struct tag *v = taglist_find(t, "v"), *h = taglist_find(t, "h");
	const struct tag *s = taglist_find(t, "s"), *flags = taglist_find(t, "t");

	if (v && (v != t->at || !str_eq(v->value, STR("DKIM1"))))
		return false;
	if (s && !lists(s->value, ':', "*") && !lists(s->value, ':', "email"))
		return false;
	k->no_sha1 = h && !lists(h->value, ':', "sha1");
	k->no_sha256 = h && !lists(h->value, ':', "sha256");
	k->testing = flags && lists(flags->value, ':', "y");
	k->strict = flags && lists(flags->value, ':', "s");
	return true;
}

static void read_key(struct arena *a, struct str text, struct dkim_key *k)
{
	struct taglist t;
	struct str der;

	if (!taglist_read(text, &t) || !read_terms(&t, k))
		return;
	const struct tag *p = taglist_find(&t, "p"), *kind = taglist_find(&t, "k");
	if (p && !p->value.n) {
		k->kind = DKIM_KEY_REVOKED;
		return;
	}
	if (!p || !tag_base64(a, p->value, &der))
		return;
	k->hash = sha256_of(der);
	if (!kind || str_eq(kind->value, STR("rsa"))) {
		k->pkey = decode_rsa(der);
		k->kind = k->pkey ? DKIM_KEY_RSA : DKIM_KEY_BAD;
	} else if (str_eq(kind->value, STR("ed25519")) && der.n == 32) {
		k->pkey = EVP_PKEY_new_raw_public_key(
			EVP_PKEY_ED25519, NULL, (const unsigned char *)der.p, der.n);
		k->kind = k->pkey ? DKIM_KEY_ED25519 : DKIM_KEY_BAD;
	}
	if (k->pkey)
		k->bits = (unsigned)EVP_PKEY_get_bits(k->pkey);
}

/* The strings of a zone file's record, joined; a text without quotes as it is. */
static bool join_strings(struct str s, struct buf *out)
{
	if (!str_starts(s, STR("\""))) {
		buf_str(out, s);
		return true;
	}
	while (s.n && s.p[0] == '"') {
		size_t i = 1;
		for (; i < s.n && s.p[i] != '"'; i++) {
			i += s.p[i] == '\\' && i + 1 < s.n;
			buf_putc(out, s.p[i]);
		}
		if (i >= s.n)
			return false;
		s = str_trim(str_from(s, i + 1));
	}
	return s.n == 0;
}

static struct str cut_word(struct str *s)
{
	size_t n = 0;

	while (n < s->n && s->p[n] != ' ' && s->p[n] != '\t')
		n++;
	struct str word = str_upto(*s, n);
	*s = str_trim(str_from(*s, n));
	return word;
}

enum record { RECORD_BARE, RECORD_TXT, RECORD_OTHER };

/* Past "3600 IN TXT"; a record of another type is left alone, and so is a text without a type. */
static enum record skip_type(struct str *s)
{
	struct str rest = *s, word = cut_word(&rest);
	size_t capitals = 0;
	uint64_t ttl;

	if (str_u64(word, &ttl))
		word = cut_word(&rest);
	if (str_eq_nocase(word, STR("IN")))
		word = cut_word(&rest);
	if (str_eq_nocase(word, STR("TXT"))) {
		*s = rest;
		return RECORD_TXT;
	}
	while (capitals < word.n && word.p[capitals] >= 'A' && word.p[capitals] <= 'Z')
		capitals++;
	return word.n && capitals == word.n ? RECORD_OTHER : RECORD_BARE;
}

static struct str normal_name(struct arena *a, struct str name)
{
	char *room = arena_alloc(a, name.n);

	if (name.n && name.p[name.n - 1] == '.')
		name.n--;
	for (size_t i = 0; i < name.n; i++)
		room[i] = ascii_lower(name.p[i]);
	return (struct str){room, name.n};
}

static bool read_line(struct dkim_keys *k, struct str line)
{
	struct buf text = {0};
	struct str name = normal_name(&k->a, cut_word(&line));
	enum record record = skip_type(&line);
	bool done;

	if (record == RECORD_OTHER)
		return true;
	if (str_find(name, STR("._domainkey.")) == name.n)
		return record == RECORD_TXT;
	done = name.n < NAME_MAX_BYTES && join_strings(line, &text) && text.n;
	if (done) {
		struct dkim_key *key = vec_push(&k->v);
		*key = (struct dkim_key){.name = name};
		read_key(&k->a, buf_view(&text), key);
	}
	buf_release(&text);
	return done;
}

static int by_name(const void *a, const void *b)
{
	return str_cmp(((const struct dkim_key *)a)->name, ((const struct dkim_key *)b)->name);
}

struct dkim_keys *dkim_keys_read(struct str text, struct err *err)
{
	struct dkim_keys *k = calloc(1, sizeof(*k));

	if (!k)
		BUG("out of memory");
	for (unsigned n = 1; text.n; n++) {
		struct str line = str_trim(str_cut(&text, '\n'));
		if (!line.n || line.p[0] == ';' || line.p[0] == '#')
			continue;
		if (!read_line(k, line)) {
			err_set(err, ERR_CONFIG, "line %u is not 'NAME TXT VALUE'", n);
			dkim_keys_free(k);
			return NULL;
		}
	}
	if (k->v.n)
		qsort(k->v.at, k->v.n, sizeof(*k->v.at), by_name);
	return k;
}

void dkim_keys_free(struct dkim_keys *k)
{
	if (!k)
		return;
	for (size_t i = 0; i < k->v.n; i++)
		EVP_PKEY_free(k->v.at[i].pkey);
	vec_release(&k->v);
	arena_release(&k->a);
	free(k);
}

/* The first that isn't before the name. */
static size_t lower_bound(const struct dkim_keys *k, struct str name)
{
	size_t lo = 0, hi = k->v.n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (str_cmp(k->v.at[mid].name, name) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

const struct dkim_key *dkim_keys_find(
	const struct dkim_keys *k, struct str selector, struct str domain, size_t *ret_n)
{
	const struct str middle = STR("._domainkey.");
	char room[NAME_MAX_BYTES];
	size_t n = selector.n + middle.n + domain.n, at, end;

	*ret_n = 0;
	if (!k || n > sizeof(room))
		return NULL;
	memcpy(room, selector.p, selector.n);
	memcpy(room + selector.n, middle.p, middle.n);
	memcpy(room + selector.n + middle.n, domain.p, domain.n);
	for (size_t i = 0; i < n; i++)
		room[i] = ascii_lower(room[i]);
	at = end = lower_bound(k, (struct str){room, n});
	while (end < k->v.n && str_eq(k->v.at[end].name, (struct str){room, n}))
		end++;
	*ret_n = end - at;
	return end > at ? &k->v.at[at] : NULL;
}
