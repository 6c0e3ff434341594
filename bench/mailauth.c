/*
 * bench/mailauth: what the facts about a mail's senders cost, in mails a second of one core, for a
 * made-up mail with a body of 8 KiB: results of servers alone; signatures without a recorded key
 * (the body is hashed); with one (RSA of 2048 bits, Ed25519).  In the same run libopendkim, where
 * it is installed, and bare SHA-256 and RSA.  A signature that doesn't fit costs as much as one
 * that does, so nothing is signed.  CPU time, best of nine.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#ifdef HAVE_OPENDKIM
#include <sys/types.h>

#include <opendkim/dkim.h>
#endif

#include "base/hash.h"
#include "base/limits.h"
#include "mail/auth.h"

enum { ROUNDS = 9, MAILS = 2000, BODY = 8192 };

static double seconds_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double best(void (*run)(void *), void *arg)
{
	double least = 1e9;

	for (int i = 0; i < ROUNDS; i++) {
		double from = seconds_now();
		for (int k = 0; k < MAILS; k++)
			run(arg);
		double took = (seconds_now() - from) / MAILS;
		least = took < least ? took : least;
	}
	return least;
}

static void base64(struct buf *out, const unsigned char *p, int n)
{
	unsigned char room[1024];

	buf_add(out, room, (size_t)EVP_EncodeBlock(room, p, n));
}

/* The parts of a mail: what a server of ours found, and a signature. */
static const char results[] =
	"Received: from mx.example.net (192.0.2.7) by mx.example.org (198.51.100.1) with\r\n"
	" Microsoft SMTP Server id 15.20.1.1; Fri, 1 Mar 2024 10:00:00 +0000\r\n"
	"Authentication-Results: mx.example.org; spf=pass (sender IP is 192.0.2.7)\r\n"
	" smtp.mailfrom=example.net; dkim=pass (signature was verified)\r\n"
	" header.d=example.net;dmarc=pass action=none\r\n"
	" header.from=example.net;compauth=pass reason=100\r\n"
	"Received-SPF: Pass (mx.example.org: domain of example.net designates\r\n"
	" 192.0.2.7 as permitted sender) receiver=mx.example.org;\r\n"
	" client-ip=192.0.2.7; helo=mx.example.net; pr=C\r\n";
static const char fields[] = "From: Somebody <a@example.net>\r\nTo: b@example.org\r\n"
			     "Subject: some mail\r\nDate: Fri, 1 Mar 2024 10:00:00 +0000\r\n"
			     "Message-ID: <1@example.net>\r\nMIME-Version: 1.0\r\n"
			     "Content-Type: text/plain; charset=utf-8\r\n\r\n";

static void make_mail(struct buf *out, const char *algorithm, const char *selector, size_t b_bytes)
{
	unsigned char b[256] = {0};

	buf_str(out, str_of(results));
	if (algorithm) {
		buf_addf(out,
			"DKIM-Signature: v=1; a=%s; c=relaxed/relaxed; d=example.net; s=%s;\r\n"
			" h=from:to:subject:date:message-id:mime-version:content-type;\r\n"
			" bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=; b=",
			algorithm, selector);
		b[b_bytes / 2] = 1;
		base64(out, b, (int)b_bytes);
		buf_str(out, STR("\r\n"));
	}
	buf_str(out, str_of(fields));
	for (size_t to = out->n + BODY; out->n < to;)
		buf_str(out, STR("some words, and a few  more of them on this line\r\n"));
}

struct work {
	struct str mail;
	struct mail_auth_options o;
	struct buf json;
};

static void facts(void *arg)
{
	struct work *x = arg;
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws = {.at = room};
	struct arena a = {0};
	struct jsonw w = jsonw_of(&x->json);
	size_t body;

	buf_clear(&x->json);
	struct mail_headers h = mail_headers_read(&a, x->mail, 0, NULL, NULL, &flaws, &body);
	mail_auth_write(&x->o, x->mail, h.at, h.n, &w, &flaws);
	arena_release(&a);
}

static void header_alone(void *arg)
{
	struct work *x = arg;
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws = {.at = room};
	struct arena a = {0};
	size_t body;

	mail_headers_read(&a, x->mail, 0, NULL, NULL, &flaws, &body);
	arena_release(&a);
}

static void sha256(void *arg)
{
	sha256_of(((struct work *)arg)->mail);
}

static void bare_rsa(void *arg)
{
	static const unsigned char b[256] = {[128] = 1}, d[32];
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new(arg, NULL);

	EVP_PKEY_verify_init(c);
	EVP_PKEY_CTX_set_rsa_padding(c, RSA_PKCS1_PADDING);
	EVP_PKEY_CTX_set_signature_md(c, EVP_sha256());
	if (EVP_PKEY_verify(c, b, sizeof(b), d, sizeof(d)) > 0)
		exit(1);
	EVP_PKEY_CTX_free(c);
}

#ifdef HAVE_OPENDKIM
static struct str peer_key;

static DKIM_CBSTAT look_up(DKIM *dkim, DKIM_SIGINFO *sig, u_char *buf, size_t n)
{
	(void)dkim;
	(void)sig;
	snprintf((char *)buf, n, STR_FMT, STR_ARG(peer_key));
	return DKIM_CBSTAT_CONTINUE;
}

static void peer(void *arg)
{
	static DKIM_LIB *lib;
	struct str m = ((struct work *)arg)->mail;
	DKIM_STAT st;

	if (!lib) {
		lib = dkim_init(NULL, NULL);
		dkim_set_key_lookup(lib, look_up);
	}
	DKIM *d = dkim_verify(lib, (const u_char *)"id", NULL, &st);
	dkim_chunk(d, (u_char *)(uintptr_t)m.p, m.n);
	dkim_chunk(d, NULL, 0);
	dkim_eom(d, NULL);
	dkim_free(d);
}
#endif

static void row(const char *what, double each)
{
	printf("%-44s %9.0f/s %8.1f us\n", what, 1 / each, each * 1e6);
}

int main(void)
{
	static const struct str own[] = {{"example.org", 11}};
	EVP_PKEY *rsa = EVP_RSA_gen(2048), *ed = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	struct buf none = {0}, with_rsa = {0}, with_ed = {0}, text = {0}, key = {0};
	unsigned char *der = NULL, raw[32];
	size_t raw_n = sizeof(raw);
	struct err err;

	int der_n = i2d_PUBKEY(rsa, &der);
	EVP_PKEY_get_raw_public_key(ed, raw, &raw_n);
	buf_str(&key, STR("v=DKIM1; k=rsa; p="));
	base64(&key, der, der_n);
	buf_str(&text, STR("rsa._domainkey.example.net "));
	buf_str(&text, buf_view(&key));
	buf_str(&text, STR("\ned._domainkey.example.net v=DKIM1; k=ed25519; p="));
	base64(&text, raw, 32);
	make_mail(&none, NULL, NULL, 0);
	make_mail(&with_rsa, "rsa-sha256", "rsa", 256);
	make_mail(&with_ed, "ed25519-sha256", "ed", 64);
	struct dkim_keys *keys = dkim_keys_read(buf_view(&text), &err);
	struct work x = {.mail = buf_view(&none),
		.o = {.own_hosts = own,
			.n_own = 1,
			.received = WHEN_NONE,
			.from_domain = STR("example.net")}};

	row("cutting the header alone", best(header_alone, &x));
	row("results of servers", best(facts, &x));
	x.mail = buf_view(&with_rsa);
	row("and a signature without a key", best(facts, &x));
	x.o.keys = keys;
	row("and one by RSA, 2048 bits", best(facts, &x));
#ifdef HAVE_OPENDKIM
	peer_key = buf_view(&key);
	row("  libopendkim, that signature alone", best(peer, &x));
#endif
	row("  bare SHA-256 of the mail", best(sha256, &x));
	row("  bare RSA", best(bare_rsa, rsa));
	x.mail = buf_view(&with_ed);
	row("and one by Ed25519", best(facts, &x));
	dkim_keys_free(keys);
	return 0;
}
