/* What a mail is for: correspondence, or a report about another mail. */
#include "mail/inside.h"

const char *mail_kind_name(enum mail_kind k)
{
	static const char *const names[] = {"mail", "journal", "reported", "bounce", "disposition"};

	return names[k];
}

/* Is the address that of a mailbox to which people of ours report mail? */
static bool is_report_mailbox(struct facts *f, struct str address)
{
	static const char *const words[] = {"phish", "spam", "abuse", "report"};
	struct str local = str_upto(address, str_chr(address, '@'));

	if (!facts_is_own(f, str_from(address, local.n + 1)))
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		for (struct str s = local; s.n >= strlen(words[i]); s = str_from(s, 1))
			if (str_eq_nocase(str_upto(s, strlen(words[i])), str_of(words[i])))
				return true;
	return false;
}

static bool goes_to_report_mailbox(struct facts *f, const struct mail_headers *h)
{
	for (size_t i = 0; i < h->n; i++) {
		size_t n;
		if (!str_eq_nocase(h->at[i].name, STR("to")))
			continue;
		struct mail_address *a = addresses_read(&f->r, h->at[i].value, h->at[i].offset, &n);
		for (size_t k = 0; k < n; k++)
			if (is_report_mailbox(f, a[k].address))
				return true;
	}
	return false;
}

enum mail_kind mail_kind_of(struct facts *f)
{
	const struct mime_message *m = &f->mime.messages[0];
	struct str type = params_get(m->type, STR("report-type"));
	bool has_mail = f->mime.n_messages > 1;

	/* Exchange hands its reports over inside; whoever is outside can write the field, too. */
	if (mail_header_first(&m->headers, STR("x-ms-journal-report")) && has_mail &&
		!f->from_outside)
		return MAIL_JOURNAL;
	if (str_eq(m->type->value, STR("multipart/report"))) {
		if (str_eq_nocase(type, STR("feedback-report")))
			return MAIL_REPORTED;
		if (str_eq_nocase(type, STR("delivery-status")))
			return MAIL_BOUNCE;
		if (str_eq_nocase(type, STR("disposition-notification")))
			return MAIL_DISPOSITION;
	}
	return has_mail && goes_to_report_mailbox(f, &m->headers) ? MAIL_REPORTED : MAIL_PLAIN;
}

/*
 * A line of a journal report's first part.  Exchange writes "Recipient: a@b", or "To", "Cc" and
 * "Bcc" where it knows, and behind the address ", Expanded: list@b" or ", Forwarded: c@d".
 */
struct report_line {
	struct str key, address;
};

static bool report_line(struct str line, struct report_line *ret)
{
	ret->key = str_trim(str_cut(&line, ':'));
	ret->address = str_trim(str_upto(line, str_chr(line, ',')));
	return ret->key.n && str_chr(ret->address, '@') < ret->address.n;
}

static bool is_one_of(struct str key, const char *const *names)
{
	for (; *names; names++)
		if (str_eq_nocase(key, str_of(*names)))
			return true;
	return false;
}

static void report_list(struct facts *f, const char *key, struct str text, const char *const *names)
{
	struct report_line l;
	bool any = false;

	while (text.n) {
		if (!report_line(str_cut(&text, '\n'), &l) || !is_one_of(l.key, names))
			continue;
		if (!any) {
			jsonw_key(&f->w, key);
			jsonw_open(&f->w, '[');
			any = true;
		}
		jsonw_str(&f->w, l.address);
	}
	if (any)
		jsonw_close(&f->w, ']');
}

static struct str report_sender(struct str text)
{
	static const char *const names[] = {"sender", NULL};
	struct report_line l;

	while (text.n)
		if (report_line(str_cut(&text, '\n'), &l) && is_one_of(l.key, names))
			return l.address;
	return STR("");
}

void facts_envelope(struct facts *f, enum mail_kind kind, struct str from)
{
	static const char *const all[] = {"recipient", "to", "cc", "bcc", NULL};
	static const char *const bcc[] = {"bcc", NULL};
	struct str text = STR("");

	for (uint32_t i = 0; kind == MAIL_JOURNAL && i < f->mime.n_parts && !text.n; i++)
		if (f->mime.parts[i].owner == 0 &&
			str_eq(f->mime.parts[i].type->value, STR("text/plain")))
			text = mime_decode(&f->r, &f->mime.parts[i]);
	if (text.n)
		from = report_sender(text);
	if (!text.n && !from.n)
		return;
	jsonw_key(&f->w, "envelope");
	jsonw_open(&f->w, '{');
	facts_string(f, "from", from);
	report_list(f, "to", text, all);
	report_list(f, "bcc", text, bcc);
	jsonw_close(&f->w, '}');
}
