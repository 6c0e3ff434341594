#include "mail/auth.h"

#include "mail/align.h"
#include "mail/auth_inside.h"
#include "mail/field.h"
#include "mail/host.h"
#include "mail/words.h"

/* Fields with results.  Those that were renamed by a later server are nobody's any more. */
static const struct {
	const char *name;
	bool may_be_own;
} result_fields[] = {
	{"Authentication-Results", true},
	{"X-MS-Exchange-Authentication-Results", true},
	{"Authentication-Results-Original", false},
	{"X-Original-Authentication-Results", false},
};

enum { FIELDS = sizeof(result_fields) / sizeof(result_fields[0]) };

/* A field that names no host was written by whoever wrote the Received field below it. */
static struct str host_below(const struct auth_writing *x, size_t i)
{
	while (++i < x->n)
		if (mail_field_is(&x->headers[i], "Received"))
			return mail_received_by(x->headers[i].value);
	return STR("");
}

static bool field_is_own(const struct auth_writing *x, size_t i, struct str by)
{
	if (i >= x->border)
		return false;
	return mail_host_is_own(x->o->own_hosts, x->o->n_own, by.n ? by : host_below(x, i));
}

/* The first field of ours with a result of this method counts, and no field below it. */
static bool method_is_first(struct auth_writing *x, size_t i, struct str method)
{
	for (size_t k = 0; k < x->n_seen; k++)
		if (str_eq_nocase(x->seen[k].method, method))
			return x->seen[k].field == i;
	if (x->n_seen == LIMIT_AUTH_RESULTS)
		return false;
	x->seen[x->n_seen++] = (struct auth_seen){method, i};
	return true;
}

void auth_member(struct auth_writing *x, const char *key, struct str s)
{
	if (s.n)
		jsonw_member_str(x->w, key, mail_field_unfold(x->a, s));
}

struct str auth_lower(struct arena *a, struct str s)
{
	char *room = arena_alloc(a, s.n);

	for (size_t i = 0; i < s.n; i++)
		room[i] = ascii_lower(s.p[i]);
	return (struct str){room, s.n};
}

/* "smtp.mailfrom" and "client-ip" as keys of ours: smtp_mailfrom, client_ip.  "": not a key. */
static struct str snake(struct arena *a, struct str key)
{
	enum { KEY_MAX = 64 };
	char *room;

	if (key.n > KEY_MAX)
		return STR("");
	room = arena_alloc(a, key.n);
	for (size_t i = 0; i < key.n; i++) {
		char c = key.p[i];
		if (c == '.' || c == '-')
			c = '_';
		if (!ascii_is_alnum(c) && c != '_')
			return STR("");
		room[i] = ascii_lower(c);
	}
	return (struct str){room, key.n};
}

/* A key twice: the first one counts, and that there was another is said. */
static void write_properties(struct auth_writing *x, const struct auth_result *res, size_t offset)
{
	struct str done[LIMIT_AUTH_PROPERTIES];
	size_t n = 0;

	for (size_t i = 0; i < res->n; i++) {
		struct str key = snake(x->a, res->properties[i].key);
		bool twice = false;
		for (size_t k = 0; k < n; k++)
			twice |= str_eq(done[k], key);
		if (!key.n || twice) {
			flaw_add(x->flaws, twice ? FLAW_DUPLICATE_KEY : FLAW_SYNTAX, offset);
			continue;
		}
		if (n == 0) {
			jsonw_key(x->w, "properties");
			jsonw_open(x->w, '{');
		}
		done[n++] = key;
		jsonw_key_str(x->w, key);
		jsonw_str(x->w, mail_field_unfold(x->a, res->properties[i].value));
	}
	if (n)
		jsonw_close(x->w, '}');
}

void auth_true(struct auth_writing *x, const char *key)
{
	jsonw_key(x->w, key);
	jsonw_bool(x->w, true);
}

static void open_result(struct auth_writing *x, bool own)
{
	jsonw_open(x->w, '{');
	if (own)
		auth_true(x, "own");
}

void auth_note_flaws(struct auth_writing *x, const struct auth_results *r, size_t offset)
{
	if (r->broken)
		flaw_add(x->flaws, FLAW_SYNTAX, offset);
	if (r->cut)
		flaw_add(x->flaws, FLAW_TOO_MANY_VALUES, offset);
}

/* Which domain a result is about, as far as DMARC asks: SPF's sender and DKIM's signer. */
static struct str domain_of(const struct auth_result *res)
{
	static const struct {
		const char *method, *key;
	} about[] = {{"spf", "smtp.mailfrom"}, {"spf", "smtp.mfrom"}, {"spf", "envelope-from"},
		{"spf", "smtp.helo"}, {"spf", "helo"}, {"dkim", "header.d"}, {"dkim", "header.i"}};

	for (size_t k = 0; k < sizeof(about) / sizeof(about[0]); k++)
		for (size_t i = 0; i < res->n; i++)
			if (str_eq_nocase(res->method, str_of(about[k].method)) &&
				str_eq_nocase(res->properties[i].key, str_of(about[k].key)))
				return res->properties[i].value;
	return STR("");
}

void auth_result_members(struct auth_writing *x, const struct auth_result *res, size_t offset)
{
	struct str domain = domain_of(res);

	auth_member(x, "method", auth_lower(x->a, res->method));
	auth_member(x, "result", auth_lower(x->a, res->result));
	auth_member(x, "reason", res->reason);
	auth_member(x, "comment", res->comment);
	if (str_eq_nocase(res->method, STR("spf")))
		auth_member(x, "ip", auth_comment_ip(mail_field_unfold(x->a, res->comment)));
	if (domain.n && x->o->from_domain.n)
		jsonw_member_str(x->w, "aligned",
			str_of(alignment_name(mail_alignment(x->a, x->o->from_domain, domain))));
	write_properties(x, res, offset);
}

/*
 * Exchange encodes its whole result (RFC 2047) when the author's domain isn't ASCII, which RFC 8601
 * doesn't know and somebody who wants his result unread can bring about.
 */
static struct str decoded(struct auth_writing *x, const struct mail_header *h)
{
	struct mail_reading r = {.arena = x->a, .flaws = x->flaws};

	if (!str_starts(str_trim(h->value), STR("=?")))
		return h->value;
	r.charsets = charsets_new();
	struct str text = words_text(&r, h->value, h->offset);
	charsets_free(r.charsets);
	return text;
}

/* "dkim=pass", once. */
static void note_found(struct auth_writing *x, const struct auth_result *res)
{
	struct str s = auth_lower(x->a, arena_printf(x->a, STR_FMT "=" STR_FMT,
						STR_ARG(res->method), STR_ARG(res->result)));

	for (size_t i = 0; i < x->n_found; i++)
		if (str_eq(x->found[i], s))
			return;
	if (res->method.n && x->n_found < LIMIT_AUTH_RESULTS)
		x->found[x->n_found++] = s;
}

static void write_field(struct auth_writing *x, size_t i, size_t which)
{
	const struct mail_header *h = &x->headers[i];
	struct auth_results r;

	authres_read(x->a, decoded(x, h), &r);
	auth_note_flaws(x, &r, h->offset);
	bool own = result_fields[which].may_be_own && field_is_own(x, i, r.by);
	for (size_t k = 0; k < r.n; k++) {
		bool counts = own && method_is_first(x, i, r.results[k].method);
		open_result(x, counts);
		if (counts)
			note_found(x, &r.results[k]);
		auth_member(x, "by", auth_lower(x->a, r.by));
		if (which)
			jsonw_member_str(x->w, "field", auth_lower(x->a, h->name));
		auth_result_members(x, &r.results[k], h->offset);
		jsonw_close(x->w, '}');
	}
}

static size_t result_field(const struct mail_header *h)
{
	size_t k = 0;

	while (k < FIELDS && !mail_field_is(h, result_fields[k].name))
		k++;
	return k;
}

static size_t spf_field(const struct mail_header *h)
{
	return mail_field_is(h, "Received-SPF") ? 0 : FIELDS;
}

/* Who wrote a Received-SPF field: receiver=, or what its comment begins with, as Google's do. */
static struct str spf_by(const struct auth_result *res)
{
	for (size_t i = 0; i < res->n; i++)
		if (str_eq_nocase(res->properties[i].key, STR("receiver")))
			return res->properties[i].value;
	struct str word = str_upto(res->comment, str_chr(res->comment, ':'));
	return word.n < res->comment.n && str_chr(word, ' ') == word.n ? word : STR("");
}

static void write_spf(struct auth_writing *x, size_t i, size_t which)
{
	const struct mail_header *h = &x->headers[i];
	struct auth_results r;

	(void)which;
	received_spf_read(x->a, h->value, &r);
	auth_note_flaws(x, &r, h->offset);
	for (size_t k = 0; k < r.n; k++) {
		const struct auth_result *res = &r.results[k];
		open_result(x, field_is_own(x, i, spf_by(res)) &&
				       method_is_first(x, i, STR("received-spf")));
		auth_result_members(x, res, h->offset);
		jsonw_close(x->w, '}');
	}
}

/* An array of what `write` says of the fields that `is` knows; nothing where there are none. */
static void write_array(struct auth_writing *x, const char *key,
	size_t (*is)(const struct mail_header *),
	void (*write)(struct auth_writing *, size_t, size_t))
{
	size_t found = 0;

	for (size_t i = 0; i < x->n; i++) {
		size_t which = is(&x->headers[i]);
		if (which == FIELDS)
			continue;
		if (found == LIMIT_AUTH_FIELDS) {
			flaw_add(x->flaws, FLAW_TOO_MANY_VALUES, x->headers[i].offset);
			break;
		}
		if (found++ == 0) {
			jsonw_key(x->w, key);
			jsonw_open(x->w, '[');
		}
		write(x, i, which);
	}
	if (found)
		jsonw_close(x->w, ']');
}

static void write_found(struct auth_writing *x)
{
	if (!x->n_found)
		return;
	jsonw_key(x->w, "auth_own");
	jsonw_open(x->w, '[');
	for (size_t i = 0; i < x->n_found; i++)
		jsonw_str(x->w, mail_field_unfold(x->a, x->found[i]));
	jsonw_close(x->w, ']');
}

void mail_auth_write(const struct mail_auth_options *o, struct str raw_mail,
	const struct mail_header *headers, size_t n, struct jsonw *w, struct flaws *flaws)
{
	struct arena a = {0};
	struct auth_writing x = {
		.o = o,
		.raw = raw_mail,
		.headers = headers,
		.n = n,
		.border = mail_border(headers, n, o->own_hosts, o->n_own),
		.a = &a,
		.w = w,
		.flaws = flaws,
	};

	write_array(&x, "auth", result_field, write_field);
	write_found(&x);
	write_array(&x, "spf_received", spf_field, write_spf);
	auth_signatures_write(&x);
	arena_release(&a);
}
