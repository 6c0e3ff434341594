/*
 * libopendkim signs random mails, in every form and with every algorithm that it has: we must find
 * that they pass, with "\n" as with "\r\n".  Then one byte is changed, and both must agree.
 * Deliberate difference: it skips what isn't base64 in b= and bh=.  What it signs with Ed25519 and
 * the simple form of the header it rejects itself; that is left out.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include <opendkim/dkim.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "t/mail/facts.h"

/* libopendkim 2.11 leaks the key that it signs with. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}

enum { MAILS = 400, CHANGES = 8 };

static uint64_t seed = 20240325;

static uint32_t chance(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 33) % below;
}

struct key {
	struct buf pem, text; /* private; as a TXT record */
	int algorithm;        /* DKIM_SIGN_… */
};

static const struct key *key_in_use;

/* libopendkim asks for the key of a signature: there is one. */
static DKIM_CBSTAT look_up(DKIM *dkim, DKIM_SIGINFO *sig, u_char *buf, size_t n)
{
	(void)dkim;
	(void)sig;
	snprintf((char *)buf, n, STR_FMT, STR_ARG(buf_view(&key_in_use->text)));
	return DKIM_CBSTAT_CONTINUE;
}

static void base64(struct buf *out, const unsigned char *p, int n)
{
	char *room = malloc((size_t)n * 2 + 4);

	buf_add(out, room, (size_t)EVP_EncodeBlock((unsigned char *)room, p, n));
	free(room);
}

static void make_key(struct key *k, int algorithm)
{
	bool ed25519 = algorithm == DKIM_SIGN_ED25519SHA256;
	EVP_PKEY *pkey = ed25519 ? EVP_PKEY_Q_keygen(NULL, NULL, "ED25519") : EVP_RSA_gen(1024);
	BIO *bio = BIO_new(BIO_s_mem());
	unsigned char raw[32], *der = NULL;
	size_t n = sizeof(raw);
	char *p;

	PEM_write_bio_PrivateKey(bio, pkey, NULL, NULL, 0, NULL, NULL);
	long pem_n = BIO_get_mem_data(bio, &p);
	buf_add(&k->pem, p, (size_t)pem_n);
	buf_putc(&k->pem, '\0');
	k->algorithm = algorithm;
	buf_addf(&k->text, "v=DKIM1; k=%s; p=", ed25519 ? "ed25519" : "rsa");
	if (ed25519) {
		EVP_PKEY_get_raw_public_key(pkey, raw, &n);
		base64(&k->text, raw, (int)n);
	} else {
		int der_n = i2d_PUBKEY(pkey, &der);
		base64(&k->text, der, der_n);
		OPENSSL_free(der);
	}
	BIO_free(bio);
	EVP_PKEY_free(pkey);
}

static void random_text(struct buf *out, size_t words)
{
	static const char *const parts[] = {"a", "word", "  ", "\t", " ", "x=y;", "\xc3\xa9", ".",
		">From ", "From ", ":", "=", "longer-words-as-well"};

	for (size_t i = 0; i < words; i++)
		buf_str(out, str_of(parts[chance(sizeof(parts) / sizeof(parts[0]))]));
}

static void random_mail(struct buf *out)
{
	static const char *const names[] = {
		"Subject", "To", "X-A", "x-a", "Received", "Date", "Cc"};
	size_t fields = chance(8), lines = chance(12);

	buf_str(out, STR("From: a@example.org\r\n"));
	for (size_t i = 0; i < fields; i++) {
		buf_str(out, str_of(names[chance(7)]));
		buf_str(out, chance(4) ? STR(": ") : STR(":"));
		buf_putc(out, 'v');
		random_text(out, chance(6));
		if (chance(3) == 0) {
			buf_str(out, STR("\r\n \tf"));
			random_text(out, chance(4));
		}
		buf_str(out, STR("\r\n"));
	}
	buf_str(out, STR("\r\n"));
	for (size_t i = 0; i < lines; i++) {
		random_text(out, chance(3) ? chance(8) : 0);
		buf_str(out, STR("\r\n"));
	}
}

static bool feed(DKIM *d, struct str mail)
{
	return dkim_chunk(d, (u_char *)(uintptr_t)mail.p, mail.n) == DKIM_STAT_OK &&
	       dkim_chunk(d, NULL, 0) == DKIM_STAT_OK;
}

/* The signature in front of the mail; false where the library can't do that. */
static bool sign(DKIM_LIB *lib, const struct key *k, struct str mail, struct buf *out)
{
	DKIM_STAT st;
	u_char *field;
	size_t n;
	ssize_t length = chance(4) ? -1 : (ssize_t)chance(200);
	DKIM *d = dkim_sign(lib, (const u_char *)"id", NULL, (dkim_sigkey_t)k->pem.p,
		(const u_char *)"sel", (const u_char *)"example.org", (int)chance(2),
		(int)chance(2), k->algorithm, length, &st);
	bool done = d && feed(d, mail) && dkim_eom(d, NULL) == DKIM_STAT_OK &&
		    dkim_getsighdr_d(d, strlen(DKIM_SIGNHEADER) + 2, &field, &n) == DKIM_STAT_OK;

	if (done) {
		buf_str(out, STR("DKIM-Signature: "));
		for (size_t i = 0; i < n; i++) {
			if (field[i] == '\n' && (i == 0 || field[i - 1] != '\r'))
				buf_putc(out, '\r');
			buf_putc(out, (char)field[i]);
		}
		buf_str(out, STR("\r\n"));
		buf_str(out, mail);
	}
	if (d)
		dkim_free(d);
	return done;
}

static bool peer_passes(DKIM_LIB *lib, struct str mail)
{
	DKIM_STAT st;
	DKIM *d = dkim_verify(lib, (const u_char *)"id", NULL, &st);
	bool pass = d && feed(d, mail) && dkim_eom(d, NULL) == DKIM_STAT_OK;

	if (d)
		dkim_free(d);
	return pass;
}

static bool we_pass(struct facts *f, const struct dkim_keys *keys, struct str mail)
{
	struct mail_auth_options o = {.keys = keys, .received = WHEN_NONE};

	return has(facts_of(f, &o, mail), "\"verified\":\"pass\"");
}

static void without_cr(struct str s, struct buf *out)
{
	buf_clear(out);
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '\r')
			buf_putc(out, s.p[i]);
}

/* As an mbox keeps it: one more '>' before each "From " and ">From " (mboxrd). */
static bool quoted(struct str s, struct buf *out)
{
	bool any = false;

	buf_clear(out);
	while (s.n) {
		struct str line = str_upto(s, str_chr(s, '\n') + 1), rest = line;
		while (str_starts(rest, STR(">")))
			rest = str_from(rest, 1);
		if (str_starts(rest, STR("From "))) {
			buf_putc(out, '>');
			any = true;
		}
		buf_str(out, line);
		s = str_from(s, line.n);
	}
	return any;
}

/* Bytes that mean nothing to line ends, where lines end alike for everybody. */
static bool change(struct buf *mail)
{
	static const char to[] = "abyz =;:\t\"A1";
	char *at = &mail->p[chance((uint32_t)mail->n)];
	char c = to[chance(sizeof(to) - 1)];

	if (*at == '\r' || *at == '\n' || *at == c || *at == ':' ||
		(at > mail->p && at[-1] == '\n') || at < mail->p + 16)
		return false;
	*at = c;
	return true;
}

static struct dkim_keys *recorded(const struct key *k)
{
	struct buf line = {0};
	struct err err;

	buf_addf(&line, "sel._domainkey.example.org " STR_FMT "\n", STR_ARG(buf_view(&k->text)));
	struct dkim_keys *keys = dkim_keys_read(buf_view(&line), &err);
	buf_release(&line);
	return keys;
}

static void run_key(DKIM_LIB *lib, struct facts *f, const struct key *k)
{
	struct dkim_keys *keys = recorded(k);
	struct buf mail = {0}, whole = {0}, other = {0};
	size_t signed_n = 0, unsound = 0, wrong = 0, differ = 0, tried = 0, still = 0, in_mbox = 0;

	key_in_use = k;
	for (size_t i = 0; i < MAILS; i++) {
		buf_clear(&mail);
		buf_clear(&whole);
		random_mail(&mail);
		if (!sign(lib, k, buf_view(&mail), &whole))
			continue;
		signed_n++;
		if (!peer_passes(lib, buf_view(&whole))) {
			unsound++;
			continue;
		}
		without_cr(buf_view(&whole), &other);
		wrong += !we_pass(f, keys, buf_view(&whole));
		wrong += !we_pass(f, keys, buf_view(&other));
		if (quoted(buf_view(&whole), &other)) {
			in_mbox++;
			wrong += !we_pass(f, keys, buf_view(&other));
		}
		for (size_t j = 0; j < CHANGES; j++) {
			buf_clear(&other);
			buf_str(&other, buf_view(&whole));
			if (!change(&other))
				continue;
			bool peer = peer_passes(lib, buf_view(&other));
			tried++;
			still += peer;
			if (peer == we_pass(f, keys, buf_view(&other)) ||
				has(buf_view(&f->json), "a hash is not base64"))
				continue;
			if (differ++ < 3)
				printf("# they say %s of\n" STR_FMT "# we say " STR_FMT "\n",
					peer ? "pass" : "fail", STR_ARG(buf_view(&other)),
					STR_ARG(buf_view(&f->json)));
		}
	}
	printf("# algorithm %d: %zu signed, %zu changed, %zu of them pass\n", k->algorithm,
		signed_n, tried, still);
	ok(signed_n == MAILS);
	ok(k->algorithm == DKIM_SIGN_ED25519SHA256 ? unsound < MAILS * 2 / 3 : unsound == 0);
	ok(wrong == 0 && in_mbox > MAILS / 20);
	ok(differ == 0);
	buf_release(&mail);
	buf_release(&whole);
	buf_release(&other);
	dkim_keys_free(keys);
}

int main(void)
{
	DKIM_LIB *lib = dkim_init(NULL, NULL);
	struct facts f = {.json = {0}};
	static const int algorithms[] = {
		DKIM_SIGN_RSASHA1, DKIM_SIGN_RSASHA256, DKIM_SIGN_ED25519SHA256};

	printf("# seed %llu\n", (unsigned long long)seed);
	dkim_set_key_lookup(lib, look_up);
	for (size_t i = 0; i < 3; i++) {
		struct key k = {.algorithm = 0};
		make_key(&k, algorithms[i]);
		run_key(lib, &f, &k);
		buf_release(&k.pem);
		buf_release(&k.text);
	}
	dkim_close(lib);
	buf_release(&f.json);
	return tap_end();
}
