/*
 * Laws: whatever the mail, what is written is one JSON object without a flaw and no key twice; a
 * mail without own hosts has nothing that is ours; canonical forms are those of themselves, and
 * the relaxed form of the simple one is the relaxed one.
 */
#include <stdlib.h>

#include "base/limits.h"
#include "mail/auth.h"
#include "mail/canon.h"
#include "t/fuzz/fuzz.h"
#include "text/json.h"

/* RFC 8463 Appendix A.2: its mail is in the corpus, so that signatures that hold are reached. */
static const char keys_text[] =
	"brisbane._domainkey.football.example.com k=ed25519; "
	"p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
	"test._domainkey.football.example.com p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWR"
	"iGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1"
	"Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB\n"
	"dummy._domainkey.example.org p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6Np"
	"P3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6l"
	"HvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB\n";

static const struct dkim_keys *the_keys(void)
{
	static struct dkim_keys *keys;
	struct err err;

	if (!keys)
		keys = dkim_keys_read((struct str){keys_text, sizeof(keys_text) - 1}, &err);
	if (!keys)
		abort();
	return keys;
}

static void write_law(struct arena *a, struct str mail, size_t n_own)
{
	static const struct str own[] = {{"example.org", 11}};
	struct mail_auth_options o = {.own_hosts = own,
		.n_own = n_own,
		.keys = the_keys(),
		.received = {INT64_C(1700000000) * WHEN_SECOND},
		.from_domain = STR("football.example.com")};
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws = {.at = room};
	struct buf json = {0};
	struct jsonw w = jsonw_of(&json);
	struct json_tape tape = {0};
	size_t body;

	struct mail_headers h = mail_headers_read(a, mail, 0, NULL, NULL, &flaws, &body);
	jsonw_open(&w, '{');
	mail_auth_write(&o, mail, h.at, h.n, &w, &flaws);
	jsonw_close(&w, '}');
	flaws = (struct flaws){.at = room};
	if (json_tokenise(&tape, buf_view(&json), &flaws, 0) != json.n || flaws.n || flaws.more)
		abort();
	if (!n_own && str_find(buf_view(&json), STR("\"own\":true")) < json.n)
		abort();
	json_tape_release(&tape);
	buf_release(&json);
}

static void body_law(struct str body)
{
	struct buf simple = {0}, relaxed = {0}, again = {0}, quoted = {0};

	canon_body(body, false, &simple);
	canon_body(body, true, &relaxed);
	canon_body(buf_view(&simple), false, &again);
	if (!str_eq(buf_view(&again), buf_view(&simple)))
		abort();
	buf_clear(&again);
	canon_body(buf_view(&relaxed), true, &again);
	if (!str_eq(buf_view(&again), buf_view(&relaxed)))
		abort();
	buf_clear(&again);
	canon_body(buf_view(&simple), true, &again);
	if (!str_eq(buf_view(&again), buf_view(&relaxed)))
		abort();
	if (canon_unquote(body, &quoted) && quoted.n >= body.n)
		abort();
	buf_release(&simple);
	buf_release(&relaxed);
	buf_release(&again);
	buf_release(&quoted);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str s = {(const char *)data, size};
	struct arena a = {0};
	struct err err;

	write_law(&a, s, 1);
	write_law(&a, s, 0);
	body_law(s);
	dkim_keys_free(dkim_keys_read(s, &err));
	arena_release(&a);
	return 0;
}
