/*
 * Any bytes as a mail.  Laws: its facts are JSON without a flaw, and so is what look says of them; a
 * second reading gives the same; flaws lie within the mail; in an mbox and with other line ends it is
 * the same mail.
 */
#include "t/fuzz/fuzz.h"

#include "base/err.h"
#include "base/limits.h"
#include "mail/facts.h"
#include "mail/look.h"
#include "text/json.h"

static void read_mail(struct mail *m, struct str raw, struct buf *out)
{
	static const struct str own[] = {{"example.org", 11}, {"*.example.net", 13}};
	const struct mail_options o = {.own_hosts = own, .n_own = 2};
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws = {.at = room};

	buf_clear(out);
	mail_facts(m, raw, &o, out, &flaws);
	for (uint32_t i = 0; i < flaws.n; i++)
		if (flaws.at[i].offset > raw.n || flaws.at[i].code >= FLAW_CODES)
			BUG("a flaw outside of the mail");
}

static void check_json(struct str facts)
{
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws = {.at = room};
	struct json_tape tape = {0};

	if (json_tokenise(&tape, facts, &flaws, 0) != facts.n || flaws.n || !tape.n)
		BUG("the facts are no JSON: " STR_FMT, STR_ARG(str_upto(facts, 400)));
	json_tape_release(&tape);
}

/* The value of "sha256" at the top, which is the third member. */
static struct str id_of(const struct buf *facts)
{
	struct str s = buf_view(facts), key = STR("\"sha256\":\"");

	return str_upto(str_from(s, str_find(s, key) + key.n), 64);
}

static void check_same_mail(struct mail *m, struct str raw, const struct buf *facts)
{
	struct buf box = {0}, other = {0};

	/* A lone CR in front of a line end would become another text. */
	if (str_chr(raw, '\r') < raw.n || str_starts(raw, STR("From ")) ||
		str_starts(raw, STR("\xef\xbb\xbf")))
		return;
	buf_str(&box, STR("From a@b.example Mon Jan  1 10:00:00 2024\n"));
	for (size_t i = 0; i < raw.n; i++) {
		if (raw.p[i] == '\n')
			buf_putc(&box, '\r');
		buf_putc(&box, raw.p[i]);
	}
	bool ends = raw.n && raw.p[raw.n - 1] == '\n';
	if (ends)
		buf_str(&box, STR("\r\n"));
	read_mail(m, buf_view(&box), &other);
	if (!str_eq(id_of(facts), id_of(&other)))
		BUG("another mail in an mbox");
	buf_release(&box);
	buf_release(&other);
}

/* Whatever the facts of whatever mail are, what look says of them is JSON, too. */
static void look_at(struct str facts)
{
	static const struct str own[] = {{"example.org", 11}};
	const struct look_options o = {own, 1};
	struct buf out = {0};
	struct jsonw w = jsonw_of(&out);

	jsonw_open(&w, '{');
	if (!mail_look(facts, &o, &w))
		BUG("look can't read the facts");
	jsonw_close(&w, '}');
	check_json(buf_view(&out));
	buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str raw = {(const char *)data, size};
	struct buf first = {0}, second = {0};
	struct mail *m = mail_new();

	read_mail(m, raw, &first);
	read_mail(m, raw, &second);
	if (!str_eq(buf_view(&first), buf_view(&second)))
		BUG("a second reading gives other facts");
	check_json(buf_view(&first));
	look_at(buf_view(&first));
	check_same_mail(m, raw, &first);
	mail_free(m);
	buf_release(&first);
	buf_release(&second);
	return 0;
}
