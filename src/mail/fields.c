/* The facts of a mail's header and parts. */
#include "base/limits.h"
#include "mail/auth.h"
#include "mail/date.h"
#include "mail/digest.h"
#include "mail/inside.h"
#include "text/mailaddr.h"

static void address_object(struct facts *f, const struct mail_address *a)
{
	jsonw_open(&f->w, '{');
	facts_string(f, "address", a->address);
	facts_string(f, "name", a->name);
	facts_string(f, "group", a->group);
	jsonw_close(&f->w, '}');
}

/* All fields of that name: a second From is what some readers show. */
static void addresses(
	struct facts *f, const char *key, const struct mail_headers *h, struct str name)
{
	bool any = false;

	for (size_t i = 0; i < h->n; i++) {
		size_t n;
		if (!str_eq_nocase(h->at[i].name, name))
			continue;
		struct mail_address *list =
			addresses_read(&f->r, h->at[i].value, h->at[i].offset, &n);
		for (size_t k = 0; k < n; k++) {
			if (!any) {
				jsonw_key(&f->w, key);
				jsonw_open(&f->w, '[');
				any = true;
			}
			address_object(f, &list[k]);
		}
	}
	if (any)
		jsonw_close(&f->w, ']');
}

/* "<a@b> <c@d>" as texts without brackets; words where there are none (RFC 5322 §3.6.4). */
static void bracketed(
	struct facts *f, const char *key, const struct mail_headers *h, struct str name)
{
	struct str s = facts_text(f, h, name), one;

	if (!s.n)
		return;
	jsonw_key(&f->w, key);
	jsonw_open(&f->w, '[');
	bool brackets = str_chr(s, '<') < s.n;
	while (s.n) {
		if (brackets) {
			str_cut(&s, '<');
			one = str_cut(&s, '>');
		} else {
			one = str_cut(&s, ' ');
			while (one.n && one.p[one.n - 1] == ',')
				one.n--;
		}
		one = str_trim(one);
		if (one.n)
			jsonw_str(&f->w, one);
	}
	jsonw_close(&f->w, ']');
}

static struct str inside_brackets(struct str s)
{
	size_t open = str_chr(s, '<');

	if (open == s.n)
		return s;
	s = str_from(s, open + 1);
	return str_trim(str_upto(s, str_chr(s, '>')));
}

static void date(struct facts *f, const struct mail_headers *h)
{
	const struct mail_header *field = mail_header_first(h, STR("date"));
	struct when t;

	if (!field)
		return;
	struct str s = words_text(&f->r, field->value, field->offset);
	facts_string(f, "date", s);
	if (mail_date(s, &t))
		jsonw_member_when(&f->w, "date_utc", t.us);
	else
		flaw_add(f->r.flaws, FLAW_BAD_TIME, field->offset);
}

/* Fields that may stand several times, as texts. */
static void texts(struct facts *f, const char *key, const struct mail_headers *h, struct str name)
{
	bool any = false;

	for (size_t i = 0; i < h->n; i++) {
		if (!str_eq_nocase(h->at[i].name, name))
			continue;
		if (!any) {
			jsonw_key(&f->w, key);
			jsonw_open(&f->w, '[');
			any = true;
		}
		jsonw_str(
			&f->w, inside_brackets(words_text(&f->r, h->at[i].value, h->at[i].offset)));
	}
	if (any)
		jsonw_close(&f->w, ']');
}

static struct str without_square(struct str s)
{
	if (s.n > 1 && s.p[0] == '[' && s.p[s.n - 1] == ']')
		s = (struct str){s.p + 1, s.n - 2};
	return s;
}

void facts_headers(struct facts *f, const struct mail_headers *h)
{
	static const struct {
		const char *key, *name;
	} address_fields[] = {{"from", "from"}, {"sender", "sender"}, {"reply_to", "reply-to"},
		{"to", "to"}, {"cc", "cc"}, {"bcc", "bcc"}, {"resent_from", "resent-from"},
		{"resent_to", "resent-to"},
		{"disposition_notification_to", "disposition-notification-to"}};
	struct str mailer = facts_text(f, h, STR("x-mailer"));

	facts_string(f, "message_id", inside_brackets(facts_text(f, h, STR("message-id"))));
	bracketed(f, "in_reply_to", h, STR("in-reply-to"));
	bracketed(f, "references", h, STR("references"));
	facts_member(f, "subject", h, STR("subject"));
	date(f, h);
	for (size_t i = 0; i < sizeof(address_fields) / sizeof(address_fields[0]); i++)
		addresses(f, address_fields[i].key, h, str_of(address_fields[i].name));
	facts_string(f, "return_path", inside_brackets(facts_text(f, h, STR("return-path"))));
	texts(f, "delivered_to", h, STR("delivered-to"));
	texts(f, "original_to", h, STR("x-original-to"));
	facts_string(f, "list_id", inside_brackets(facts_text(f, h, STR("list-id"))));
	bracketed(f, "list_unsubscribe", h, STR("list-unsubscribe"));
	facts_member(f, "precedence", h, STR("precedence"));
	facts_member(f, "auto_submitted", h, STR("auto-submitted"));
	facts_string(f, "mailer", mailer.n ? mailer : facts_text(f, h, STR("user-agent")));
	facts_string(
		f, "originating_ip", without_square(facts_text(f, h, STR("x-originating-ip"))));
}

/* The domain of the mail's only author, in normal form; "" if there isn't exactly one. */
static struct str author_domain(struct facts *f, const struct mail_headers *h)
{
	const struct mail_header *from = mail_header_first(h, STR("from"));
	struct str address;
	size_t n;

	if (!from)
		return STR("");
	struct mail_address *a = addresses_read(&f->r, from->value, from->offset, &n);
	if (n != 1 ||
		mailaddr_bare(f->r.arena, a[0].address, idna_to_ascii, &address) != MAILADDR_OK)
		return STR("");
	str_cut(&address, '@');
	return address;
}

void facts_auth(struct facts *f, const struct mime_message *m)
{
	struct mail_auth_options o = {
		.own_hosts = f->options->own_hosts,
		.n_own = f->options->n_own,
		.keys = f->options->keys,
		.received = f->received,
		.from_domain = author_domain(f, &m->headers),
	};

	mail_auth_write(&o, m->raw, m->headers.at, m->headers.n, &f->w, f->r.flaws);
}

static bool is_unsafe(struct str name)
{
	for (size_t i = 0; i < name.n; i++)
		if ((unsigned char)name.p[i] < ' ' || name.p[i] == '/' || name.p[i] == '\\' ||
			name.p[i] == 0x7f)
			return true;
	return str_eq(name, STR("..")) || str_eq(name, STR("."));
}

static struct str part_name(const struct mime_part *p)
{
	struct str name = params_get(p->disposition, STR("filename"));

	return name.n ? name : params_get(p->type, STR("name"));
}

/* What is shown as the mail's text, or is for machines, is no file that somebody would look up. */
static bool is_file(const struct mime_part *p, struct str name)
{
	struct str type = p->type->value;
	bool text = str_starts(type, STR("text/")) ||
		    (str_starts(type, STR("message/")) && p->message == MIME_NONE);

	return name.n || !text || str_eq(p->disposition->value, STR("attachment"));
}

static void hashes(struct facts *f, struct str bytes)
{
	struct digests d;

	digests_of(bytes, &d);
	jsonw_member_str(&f->w, "md5", str_of(d.md5));
	jsonw_member_str(&f->w, "sha1", str_of(d.sha1));
	jsonw_member_str(&f->w, "sha256", str_of(d.sha256));
}

static bool says(const struct params *p, const char *name, const char *value)
{
	return str_eq_nocase(params_get(p, str_of(name)), str_of(value));
}

/* What the part refers to is collected; a mail inside is one of its own. */
static void body_part(struct facts *f, const struct mime_part *p, struct str name, struct str bytes)
{
	struct mail_part part = {
		.path = p->path,
		/* One without parts is shown as text, where it is shown at all. */
		.type = str_starts(p->type->value, STR("multipart/")) ? STR("text/plain")
								      : p->type->value,
		.charset = params_get(p->type, STR("charset")),
		.name = name,
		.bytes = bytes,
		.attached = str_eq(p->disposition->value, STR("attachment")),
		.flowed = says(p->type, "format", "flowed"),
		.delsp = says(p->type, "delsp", "yes"),
	};

	if (p->message == MIME_NONE)
		mail_body_part(f->body, &part);
}

static void part(struct facts *f, const struct mime_part *p)
{
	struct str bytes = mime_decode(&f->r, p);
	struct str name = part_name(p);

	facts_show(f, p->path, name, bytes);
	body_part(f, p, name, bytes);
	if (is_unsafe(name))
		flaw_add(f->r.flaws, FLAW_UNSAFE_NAME, p->offset);
	jsonw_open(&f->w, '{');
	facts_string(f, "path", p->path);
	facts_string(f, "type", p->type->value);
	facts_string(f, "charset", params_get(p->type, STR("charset")));
	facts_string(f, "encoding", p->encoding);
	facts_string(f, "disposition", p->disposition->value);
	facts_string(f, "name", name);
	jsonw_member_u64(&f->w, "size", bytes.n);
	if (is_file(p, name))
		hashes(f, bytes);
	jsonw_close(&f->w, '}');
}

void facts_parts(struct facts *f, uint32_t message)
{
	bool any = false;

	mail_body_begin(f->body, f->r.flaws);
	for (uint32_t i = 0; i < f->mime.n_parts; i++) {
		if (f->mime.parts[i].owner != message)
			continue;
		if (!any) {
			jsonw_key(&f->w, "parts");
			jsonw_open(&f->w, '[');
			any = true;
		}
		part(f, &f->mime.parts[i]);
	}
	if (any)
		jsonw_close(&f->w, ']');
	mail_body_write(f->body, &f->w);
}
