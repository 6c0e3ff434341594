#include "mail/dkim.h"

#include <stdlib.h>

#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "base/err.h"
#include "mail/canon.h"
#include "mail/field.h"

enum { HASH_MAX = 32, NAMES_MAX = 1024, WEAK_BITS = 1024 };

struct digest {
	uint8_t b[HASH_MAX];
	size_t n;
};

/* A form of the body: made when a signature first asks for it. */
struct form {
	bool made;
	struct buf text;
	bool hashed[2]; /* the whole of it, by SHA-1 and SHA-256 */
	struct digest digest[2];
};

struct dkim_mail {
	struct arena *a;
	const struct mail_header *headers;
	size_t n;
	bool *used; /* of n: which fields the signature at hand has covered */
	struct str body;
	struct form forms[2][2]; /* unquoted, relaxed */
	bool unquoted_made;
	bool can_unquote;
	struct buf unquoted;
	struct buf text; /* what was signed */
};

static const char *const verdicts[] = {
	[DKIM_PASS] = "pass",
	[DKIM_FAIL] = "fail",
	[DKIM_NO_KEY] = "no-key",
	[DKIM_REVOKED] = "revoked",
	[DKIM_EXPIRED] = "expired",
	[DKIM_MALFORMED] = "malformed",
	[DKIM_UNSUPPORTED] = "unsupported",
};

const char *dkim_verdict_name(enum dkim_verdict v)
{
	return verdicts[v];
}

static const EVP_MD *method(bool sha256)
{
	static EVP_MD *md[2];

	if (!md[sha256])
		md[sha256] = EVP_MD_fetch(NULL, sha256 ? "SHA256" : "SHA1", NULL);
	if (!md[sha256])
		BUG("OpenSSL has no %s", sha256 ? "SHA256" : "SHA1");
	return md[sha256];
}

static struct digest hash(struct str s, bool sha256)
{
	struct digest d;
	unsigned n = 0;

	if (!EVP_Digest(s.n ? s.p : "", s.n, d.b, &n, method(sha256), NULL))
		BUG("hashing failed");
	d.n = n;
	return d;
}

struct dkim_mail *dkim_mail_new(
	struct arena *a, const struct mail_header *headers, size_t n, struct str body)
{
	struct dkim_mail *m = calloc(1, sizeof(*m));

	if (!m)
		BUG("out of memory");
	m->a = a;
	m->headers = headers;
	m->n = n;
	m->body = body;
	m->used = arena_array(a, n ? n : 1, sizeof(*m->used));
	return m;
}

void dkim_mail_free(struct dkim_mail *m)
{
	if (!m)
		return;
	for (int i = 0; i < 4; i++)
		buf_release(&m->forms[i / 2][i % 2].text);
	buf_release(&m->unquoted);
	buf_release(&m->text);
	free(m);
}

static struct form *form_of(struct dkim_mail *m, bool unquoted, bool relaxed)
{
	struct form *f = &m->forms[unquoted][relaxed];

	if (!f->made)
		canon_body(unquoted ? buf_view(&m->unquoted) : m->body, relaxed, &f->text);
	f->made = true;
	return f;
}

static bool form_matches(struct form *f, const struct signature *s)
{
	bool sha256 = s->how != SIGNATURE_RSA_SHA1;
	struct digest d;

	if (s->length != UINT64_MAX) {
		if (s->length > f->text.n)
			return false;
		d = hash(str_upto(buf_view(&f->text), (size_t)s->length), sha256);
	} else {
		if (!f->hashed[sha256])
			f->digest[sha256] = hash(buf_view(&f->text), sha256);
		f->hashed[sha256] = true;
		d = f->digest[sha256];
	}
	return str_eq(s->bh, (struct str){(const char *)d.b, d.n});
}

static bool can_unquote(struct dkim_mail *m)
{
	if (!m->unquoted_made)
		m->can_unquote = canon_unquote(m->body, &m->unquoted);
	m->unquoted_made = true;
	return m->can_unquote;
}

static void verify_body(struct dkim_mail *m, const struct signature *s, struct dkim_result *r)
{
	struct form *f = form_of(m, false, s->relaxed_body);

	r->body_known = true;
	r->body_matches = form_matches(f, s);
	if (!r->body_matches && can_unquote(m)) {
		f = form_of(m, true, s->relaxed_body);
		r->body_matches = r->unquoted = form_matches(f, s);
	}
	if (s->length < f->text.n)
		r->unsigned_bytes = f->text.n - s->length;
}

/*
 * The fields that h= names, each time the lowest that wasn't taken (§5.4.2), then the signature's
 * own without the value of its b= (§3.7).  A name that has no field left says that there was none.
 */
static bool signed_text(struct dkim_mail *m, size_t at, const struct signature *s)
{
	struct str rest = s->headers, name;
	size_t names = 0;

	buf_clear(&m->text);
	memset(m->used, 0, m->n * sizeof(*m->used));
	m->used[at] = true;
	while (tag_next(&rest, ':', &name)) {
		size_t i = m->n;
		if (++names > NAMES_MAX)
			return false;
		while (i && (m->used[i - 1] || !str_eq_nocase(m->headers[i - 1].name, name)))
			i--;
		if (!i)
			continue;
		m->used[i - 1] = true;
		canon_field(&m->headers[i - 1], s->relaxed_header, (struct str){NULL, 0}, &m->text);
		buf_add(&m->text, "\r\n", 2);
	}
	canon_field(&m->headers[at], s->relaxed_header, taglist_find(&s->tags, "b")->raw, &m->text);
	return true;
}

static bool rsa_fits(EVP_PKEY *key, const struct signature *s, struct digest d)
{
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new(key, NULL);
	bool fits = c && EVP_PKEY_verify_init(c) > 0 &&
		    EVP_PKEY_CTX_set_rsa_padding(c, RSA_PKCS1_PADDING) > 0 &&
		    EVP_PKEY_CTX_set_signature_md(c, method(s->how != SIGNATURE_RSA_SHA1)) > 0 &&
		    EVP_PKEY_verify(c, (const unsigned char *)s->b.p, s->b.n, d.b, d.n) > 0;

	EVP_PKEY_CTX_free(c);
	return fits;
}

/* RFC 8463 §3: what Ed25519 signs is the hash. */
static bool ed25519_fits(EVP_PKEY *key, const struct signature *s, struct digest d)
{
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	bool fits = c && EVP_DigestVerifyInit(c, NULL, NULL, NULL, key) > 0 &&
		    EVP_DigestVerify(c, (const unsigned char *)s->b.p, s->b.n, d.b, d.n) > 0;

	EVP_MD_CTX_free(c);
	return fits;
}

/* Why a key can't be meant by this signature; NULL if it can. */
static const char *key_refuses(const struct dkim_key *k, const struct signature *s)
{
	bool ed25519 = s->how == SIGNATURE_ED25519_SHA256;

	if (k->kind == DKIM_KEY_BAD)
		return "the key is not one";
	if (k->kind != (ed25519 ? DKIM_KEY_ED25519 : DKIM_KEY_RSA))
		return "the key is of another kind";
	if (s->how == SIGNATURE_RSA_SHA1 ? k->no_sha1 : k->no_sha256)
		return "the key is not for this hash";
	/* t=s: no subdomains; identity_fits has seen to the rest. */
	if (k->strict && s->identity.n > s->domain.n &&
		s->identity.p[s->identity.n - s->domain.n - 1] != '@')
		return "the key is not for subdomains";
	return NULL;
}

static void try_key(
	const struct dkim_key *k, const struct signature *s, struct digest d, struct dkim_result *r)
{
	r->key = k;
	if (k->kind == DKIM_KEY_REVOKED) {
		r->verdict = DKIM_REVOKED;
		return;
	}
	r->verdict = DKIM_FAIL;
	r->why = key_refuses(k, s);
	if (r->why)
		return;
	r->signature_known = true;
	r->signature_matches =
		k->kind == DKIM_KEY_RSA ? rsa_fits(k->pkey, s, d) : ed25519_fits(k->pkey, s, d);
	r->weak = s->how == SIGNATURE_RSA_SHA1 || (k->kind == DKIM_KEY_RSA && k->bits < WEAK_BITS);
	if (r->signature_matches)
		r->verdict = DKIM_PASS;
	else
		r->why = "the signature does not fit";
}

void dkim_verify_text(struct str text, const struct signature *s, const struct dkim_keys *keys,
	struct dkim_result *r)
{
	size_t n;
	const struct dkim_key *k = dkim_keys_find(keys, s->selector, s->domain, &n);

	r->verdict = DKIM_NO_KEY;
	if (!n)
		return;
	struct digest d = hash(text, s->how != SIGNATURE_RSA_SHA1);
	for (size_t i = 0; i < n && !r->signature_matches; i++)
		try_key(&k[i], s, d, r);
	if (r->signature_matches)
		r->why = NULL;
}

struct dkim_result dkim_verify(struct dkim_mail *m, size_t at, const struct signature *s,
	const struct dkim_keys *keys, struct when received)
{
	struct dkim_result r = {.verdict = DKIM_NO_KEY};
	size_t n;

	verify_body(m, s, &r);
	if (!dkim_keys_find(keys, s->selector, s->domain, &n))
		return r;
	if (!signed_text(m, at, s)) {
		r.verdict = DKIM_MALFORMED;
		r.why = "h= names too many fields";
		return r;
	}
	dkim_verify_text(buf_view(&m->text), s, keys, &r);
	if (r.verdict == DKIM_PASS && !r.body_matches) {
		r.verdict = DKIM_FAIL;
		r.why = "the body is not the one that was signed";
	} else if (r.verdict == DKIM_PASS && when_known(received) && when_known(s->expires_at) &&
		   received.us > s->expires_at.us) {
		r.verdict = DKIM_EXPIRED;
	}
	return r;
}
