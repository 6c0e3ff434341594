/*
 * Laws: what is written is JSON; every reference is absolute, and none is inside of the mail; the
 * limits hold; the same parts give the same answer, whatever was read before.  The first byte
 * says what the rest is.
 */
#include <stdlib.h>

#include "base/err.h"
#include "base/limits.h"
#include "mail/body.h"
#include "mail/reference.h"
#include "t/fuzz/fuzz.h"
#include "text/json.h"

#define MUST_HOLD(cond)                                                                            \
	do {                                                                                       \
		if (!(cond))                                                                       \
			BUG("%s", #cond);                                                          \
	} while (0)

static const struct mail_part kinds[] = {
	{.type = {"text/html", 9}},
	{.type = {"text/html", 9}, .charset = {"utf-7", 5}},
	{.type = {"text/html", 9}, .charset = {"iso-2022-jp", 11}, .attached = true},
	{.type = {"text/plain", 10}, .flowed = true},
	{.type = {"text/plain", 10}, .flowed = true, .delsp = true},
	{.type = {"text/calendar", 13}},
	{.type = {"image/svg+xml", 13}, .charset = {"utf-8", 5}},
	{.type = {"application/x", 13}, .name = {"a.eml", 5}},
};

static void read_once(struct mail_body *b, struct str s, struct buf *out, struct flaws *flaws)
{
	struct jsonw w = jsonw_of(out);
	struct mail_part p = kinds[s.n ? (unsigned char)s.p[0] % 8 : 0];

	p.path = STR("1");
	p.bytes = str_from(s, 1);
	mail_body_begin(b, flaws);
	mail_body_part(b, &p);
	jsonw_open(&w, '{');
	mail_body_write(b, &w);
	jsonw_close(&w, '}');
}

/* The value of each "url" key. */
static void check_urls(struct str json, const struct json_tape *tape)
{
	char *room = malloc(json.n + 1);
	uint32_t urls = 0;

	for (uint32_t i = 0; i + 1 < tape->n; i++) {
		if (!str_eq(json_span(json, &tape->at[i]), STR("url")))
			continue;
		struct str url = json_unescape(json_span(json, &tape->at[i + 1]), room);
		MUST_HOLD(url.n <= 3 * LIMIT_URL_BYTES);
		urls++;
	}
	MUST_HOLD(urls <= LIMIT_MAIL_REFERENCES * 7);
	free(room);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct mail_body *used;
	struct flaw at[LIMIT_FLAWS_PER_RECORD], at_again[LIMIT_FLAWS_PER_RECORD], none[1];
	struct flaws flaws = {.at = at}, again = {.at = at_again}, json_flaws = {.at = none};
	struct buf out = {0}, out_again = {0};
	struct json_tape tape = {0};
	struct str in = {(const char *)data, size};

	if (!used)
		used = mail_body_new();
	struct mail_body *fresh = mail_body_new();
	read_once(used, in, &out, &flaws);
	read_once(fresh, in, &out_again, &again);
	MUST_HOLD(str_eq(buf_view(&out), buf_view(&out_again)));
	MUST_HOLD(flaws.n == again.n && flaws.more == again.more);
	json_tokenise(&tape, buf_view(&out), &json_flaws, 0);
	MUST_HOLD(json_flaws.n == 0);
	check_urls(buf_view(&out), &tape);
	json_tape_release(&tape);
	mail_body_free(fresh);
	buf_release(&out);
	buf_release(&out_again);
	return 0;
}
