#include "read/mbox.h"

#include "base/limits.h"

static bool is_month(struct str word)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (size_t i = 0; i < 12 && word.n == 3; i++)
		if (str_eq(word, (struct str){names + 3 * i, 3}))
			return true;
	return false;
}

static bool all_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_digit(s.p[i]))
			return false;
	return s.n > 0;
}

static bool is_time(struct str word)
{
	struct str hours = str_cut(&word, ':');

	return hours.n <= 2 && all_digits(hours) && word.n >= 2 && all_digits(str_upto(word, 2));
}

bool mbox_is_from(struct str line)
{
	bool month = false, time = false, year = false;

	if (!str_starts(line, STR("From ")) || line.n > MBOX_LINE_BYTES)
		return false;
	line = str_trim(str_from(line, 5));
	str_cut(&line, ' '); /* the sender, whatever it is */
	while (line.n) {
		struct str word = str_cut(&line, ' ');
		month |= is_month(word);
		time |= is_time(word);
		year |= word.n == 4 && all_digits(word);
	}
	return month && time && year;
}

static struct str line_at(struct str s, size_t at)
{
	struct str rest = str_from(s, at);

	rest = str_upto(rest, str_chr(str_upto(rest, MBOX_LINE_BYTES + 1), '\n'));
	if (rest.n && rest.p[rest.n - 1] == '\r')
		rest.n--;
	return rest;
}

size_t mbox_next(struct str s, size_t at)
{
	if (at == 0 && mbox_is_from(line_at(s, 0)))
		return 0;
	/* From one byte before, so that a line that begins at `at` is found. */
	for (at -= at > 0; at < s.n;) {
		at += str_find(str_from(s, at), STR("\nFrom "));
		if (at < s.n && mbox_is_from(line_at(s, at + 1)))
			return at + 1;
		at += at < s.n;
	}
	return s.n;
}

/* "Name:" (RFC 5322 §3.6.8); the name is short, or it is text with a colon. */
static bool is_field(struct str line, struct str *ret_name)
{
	size_t n = 0;

	while (n < line.n && n < 100 && line.p[n] > ' ' && line.p[n] < 0x7f && line.p[n] != ':')
		n++;
	*ret_name = str_upto(line, n);
	while (n < line.n && (line.p[n] == ' ' || line.p[n] == '\t'))
		n++;
	return ret_name->n && n < line.n && line.p[n] == ':';
}

bool mbox_begins(struct str head)
{
	struct str line = line_at(head, 0), name;

	if (!mbox_is_from(line))
		return false;
	struct str second = str_from(head, str_chr(head, '\n') + 1);
	line = line_at(second, 0);
	return !line.n || is_field(line, &name) || str_starts(line, STR(">From "));
}

static bool is_mails_own(struct str name)
{
	static const char *const names[] = {"from", "to", "cc", "date", "received", "message-id",
		"subject", "mime-version", "return-path", "delivered-to", "content-type",
		"dkim-signature", "reply-to", "sender", "resent-from", "authentication-results",
		"arc-seal", "x-original-to", "received-spf"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_eq_nocase(name, str_of(names[i])))
			return true;
	return false;
}

/*
 * The header is looked at up to its end, or to the first line that is no field.  A field of
 * mail's own is enough where there are others, or where the blank line follows.
 */
bool mail_begins(struct str head)
{
	size_t fields = 0, own = 0, at = 0;
	bool ended = false;

	if (str_starts(head, STR("\xef\xbb\xbf")))
		at = 3;
	while (at < head.n && !ended) {
		struct str line = line_at(head, at), name;
		size_t next = at + str_chr(str_from(head, at), '\n') + 1;
		ended = !line.n;
		if (is_field(line, &name)) {
			fields++;
			own += is_mails_own(name);
		} else if (!ended && !(fields && (line.p[0] == ' ' || line.p[0] == '\t'))) {
			break;
		}
		at = next;
	}
	return own && (fields > 1 || ended);
}
