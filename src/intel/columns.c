#include "intel/columns.h"

#include "intel/leg.h"
#include "intel/list.h"
#include "intel/marking.h"

/* Names are compared in lower case, with blanks for _ and -. */
#define NAME_BYTES 64u

static const struct {
	const char *name;
	struct column is;
} columns[] = {
	{"indicator", {ROLE_VALUE, KINDS}},
	{"indicators", {ROLE_VALUE, KINDS}},
	{"indicator value", {ROLE_VALUE, KINDS}},
	{"value", {ROLE_VALUE, KINDS}},
	{"values", {ROLE_VALUE, KINDS}},
	{"ioc", {ROLE_VALUE, KINDS}},
	{"iocs", {ROLE_VALUE, KINDS}},
	{"ioc value", {ROLE_VALUE, KINDS}},
	{"observable", {ROLE_VALUE, KINDS}},
	{"observables", {ROLE_VALUE, KINDS}},
	{"artifact", {ROLE_VALUE, KINDS}},
	{"c2", {ROLE_VALUE, KINDS}},
	{"hash", {ROLE_VALUE, KIND_HASH}},
	{"file hash", {ROLE_VALUE, KIND_HASH}},
	{"md5", {ROLE_VALUE, KIND_HASH}},
	{"sha1", {ROLE_VALUE, KIND_HASH}},
	{"sha 1", {ROLE_VALUE, KIND_HASH}},
	{"sha256", {ROLE_VALUE, KIND_HASH}},
	{"sha 256", {ROLE_VALUE, KIND_HASH}},
	{"sha512", {ROLE_VALUE, KIND_HASH}},
	{"sha 512", {ROLE_VALUE, KIND_HASH}},
	{"ip", {ROLE_VALUE, KIND_IP}},
	{"ips", {ROLE_VALUE, KIND_IP}},
	{"ipv4", {ROLE_VALUE, KIND_IP}},
	{"ipv6", {ROLE_VALUE, KIND_IP}},
	{"ip address", {ROLE_VALUE, KIND_IP}},
	{"ipaddress", {ROLE_VALUE, KIND_IP}},
	{"domain", {ROLE_VALUE, KIND_DOMAIN}},
	{"domains", {ROLE_VALUE, KIND_DOMAIN}},
	{"domain name", {ROLE_VALUE, KIND_DOMAIN}},
	{"hostname", {ROLE_VALUE, KIND_DOMAIN}},
	{"fqdn", {ROLE_VALUE, KIND_DOMAIN}},
	{"url", {ROLE_VALUE, KIND_URL}},
	{"urls", {ROLE_VALUE, KIND_URL}},
	{"email", {ROLE_VALUE, KIND_EMAIL}},
	{"emails", {ROLE_VALUE, KIND_EMAIL}},
	{"mail", {ROLE_VALUE, KIND_EMAIL}},
	{"email address", {ROLE_VALUE, KIND_EMAIL}},
	{"sender", {ROLE_VALUE, KIND_EMAIL}},
	{"user agent", {ROLE_VALUE, KIND_USER_AGENT}},
	{"filename", {ROLE_VALUE, KIND_FILE_NAME}},
	{"file name", {ROLE_VALUE, KIND_FILE_NAME}},
	{"app id", {ROLE_VALUE, KIND_APP}},
	{"appid", {ROLE_VALUE, KIND_APP}},
	{"client id", {ROLE_VALUE, KIND_APP}},
	{"ja3", {ROLE_VALUE, KIND_FINGERPRINT}},
	{"ja3s", {ROLE_VALUE, KIND_FINGERPRINT}},
	{"pattern", {ROLE_PATTERN, KINDS}},
	{"pattern type", {ROLE_PATTERN_TYPE, KINDS}},
	{"type", {ROLE_TYPE, KINDS}},
	{"entity type", {ROLE_TYPE, KINDS}},
	{"indicator type", {ROLE_TYPE, KINDS}},
	{"ioc type", {ROLE_TYPE, KINDS}},
	{"observable type", {ROLE_TYPE, KINDS}},
	{"kind", {ROLE_TYPE, KINDS}},
	{"note", {ROLE_NOTE, KINDS}},
	{"notes", {ROLE_NOTE, KINDS}},
	{"description", {ROLE_NOTE, KINDS}},
	{"comment", {ROLE_NOTE, KINDS}},
	{"comments", {ROLE_NOTE, KINDS}},
	{"context", {ROLE_NOTE, KINDS}},
	{"details", {ROLE_NOTE, KINDS}},
	{"name", {ROLE_NAME, KINDS}},
	{"title", {ROLE_NAME, KINDS}},
	{"actor", {ROLE_ACTOR, KINDS}},
	{"threat actor", {ROLE_ACTOR, KINDS}},
	{"intrusion set", {ROLE_ACTOR, KINDS}},
	{"group", {ROLE_ACTOR, KINDS}},
	{"tlp", {ROLE_MARKING, KINDS}},
	{"marking", {ROLE_MARKING, KINDS}},
	{"confidence", {ROLE_CONFIDENCE, KINDS}},
	{"valid from", {ROLE_FROM, KINDS}},
	{"valid until", {ROLE_UNTIL, KINDS}},
	{"end of validity", {ROLE_UNTIL, KINDS}},
	{"expiration", {ROLE_UNTIL, KINDS}},
	{"id", {ROLE_ID, KINDS}},
	{"revoked", {ROLE_REVOKED, KINDS}},
};

/* What type columns say (STIX, MISP and vendors' words), and the kind it is. */
static const struct {
	const char *name;
	uint8_t kind;
} types[] = {
	{"ip", KIND_IP},
	{"ipv4", KIND_IP},
	{"ipv6", KIND_IP},
	{"ip address", KIND_IP},
	{"ipaddress", KIND_IP},
	{"ip src", KIND_IP},
	{"ip dst", KIND_IP},
	{"ipv4 addr", KIND_IP},
	{"ipv6 addr", KIND_IP},
	{"domain", KIND_DOMAIN},
	{"domain name", KIND_DOMAIN},
	{"hostname", KIND_DOMAIN},
	{"fqdn", KIND_DOMAIN},
	{"url", KIND_URL},
	{"uri", KIND_URL},
	{"link", KIND_URL},
	{"email", KIND_EMAIL},
	{"email addr", KIND_EMAIL},
	{"email address", KIND_EMAIL},
	{"email src", KIND_EMAIL},
	{"email sender", KIND_EMAIL},
	{"emailsender", KIND_EMAIL},
	{"hash", KIND_HASH},
	{"md5", KIND_HASH},
	{"sha1", KIND_HASH},
	{"sha256", KIND_HASH},
	{"sha512", KIND_HASH},
	{"user agent", KIND_USER_AGENT},
	{"useragent", KIND_USER_AGENT},
	{"http user agent", KIND_USER_AGENT},
	{"account", KIND_ACCOUNT},
	{"username", KIND_ACCOUNT},
	{"user", KIND_ACCOUNT},
	{"user account", KIND_ACCOUNT},
	{"filename", KIND_FILE_NAME},
	{"file name", KIND_FILE_NAME},
	{"file path", KIND_FILE_PATH},
	{"filepath", KIND_FILE_PATH},
	{"app", KIND_APP},
	{"application", KIND_APP},
	{"app id", KIND_APP},
	{"mac", KIND_MAC},
	{"mac address", KIND_MAC},
	{"mac addr", KIND_MAC},
	{"phone", KIND_PHONE},
	{"phone number", KIND_PHONE},
	{"ja3", KIND_FINGERPRINT},
	{"ja3 fingerprint md5", KIND_FINGERPRINT},
	{"message id", KIND_MESSAGE_ID},
	{"serial", KIND_SERIAL},
	{"serial number", KIND_SERIAL},
	{"session", KIND_SESSION},
};

/* The name without what people differ in; "" if it is longer than any that is known. */
static struct str plain_name(struct str s, char room[NAME_BYTES])
{
	if (str_starts(s, STR("\xef\xbb\xbf")))
		s = str_from(s, 3);
	s = str_trim(s);
	if (s.n > NAME_BYTES)
		return STR("");
	for (size_t i = 0; i < s.n; i++)
		room[i] = s.p[i] == '_' || s.p[i] == '-' ? ' ' : ascii_lower(s.p[i]);
	return (struct str){room, s.n};
}

struct column column_of(struct str header)
{
	char room[NAME_BYTES];
	struct str name = plain_name(header, room);

	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		if (str_eq(name, str_of(columns[i].name)))
			return columns[i].is;
	}
	return (struct column){ROLE_NONE, KINDS};
}

static uint8_t kind_of_type(struct str type)
{
	char room[NAME_BYTES];
	struct str name = plain_name(type, room);

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (str_eq(name, str_of(types[i].name)))
			return types[i].kind;
	}
	return KINDS;
}

struct row {
	struct indicator base;
	struct str type, pattern_type, name;
	uint8_t kind; /* of the type column */
};

static void take_fact(struct row *r, enum role role, struct str cell)
{
	uint64_t v;

	switch (role) {
	case ROLE_PATTERN_TYPE:
		r->pattern_type = cell;
		break;
	case ROLE_TYPE:
		r->type = cell;
		r->kind = kind_of_type(cell);
		break;
	case ROLE_NOTE:
		if (r->base.context.n == 0)
			r->base.context = cell;
		break;
	case ROLE_NAME:
		r->name = cell;
		break;
	case ROLE_ACTOR:
		r->base.actor = cell;
		break;
	case ROLE_MARKING:
		r->base.marking = marking_of_text(cell);
		break;
	case ROLE_CONFIDENCE:
		if (str_u64(cell, &v) && v <= 100)
			r->base.confidence = (int)v;
		break;
	case ROLE_FROM:
		when_rfc3339(cell, &r->base.valid_from);
		break;
	case ROLE_UNTIL:
		when_rfc3339(cell, &r->base.valid_until);
		break;
	case ROLE_ID:
		r->base.id = cell;
		break;
	case ROLE_REVOKED:
		r->base.revoked = str_eq_nocase(cell, STR("true"));
		break;
	case ROLE_NONE:
	case ROLE_VALUE:
	case ROLE_PATTERN:
		break;
	}
}

/* "January invoice.doc", "Network traffic to 192.0.2.1 on port 80", a pattern, a list. */
static bool take_text(struct gather *g, struct row *r, struct str cell)
{
	struct word w;

	if (cell.p[0] == '[' && cell.p[cell.n - 1] == ']' && str_chr(cell, '=') < cell.n) {
		pattern_gather(g, &r->base);
		return true;
	}
	if (word_is_file_name(cell) && str_chr(cell, ' ') < cell.n &&
		word_as(&g->scratch, KIND_FILE_NAME, cell, &w)) {
		gather_word(g, &r->base, &w);
		return true;
	}
	return list_words(g, &r->base, cell) > 0;
}

/* By the kind that column or type name, else by shape: lists often say "url" for an address. */
static void take_value(struct gather *g, struct row *r, uint8_t kind, struct str cell)
{
	struct word w;

	r->base.original = cell;
	kind = kind == KINDS ? r->kind : kind;
	/* Of URLs the shape knows more: without a scheme, or of a whole host. */
	if (kind != KINDS && kind != KIND_URL && word_as(&g->scratch, (enum kind)kind, cell, &w))
		gather_word(g, &r->base, &w);
	else if (!list_value(g, &r->base, cell) && !take_text(g, r, cell))
		gather_skip(g, r->base.line, cell,
			r->type.n ? arena_printf(g->a,
					    "no value of a kind that spoor knows ('" STR_FMT "')",
					    STR_ARG(str_upto(r->type, 60)))
				  : STR("no address, domain, URL, mail address or hash"));
}

static void take_pattern(struct gather *g, struct row *r, struct str cell)
{
	r->base.original = cell;
	if (r->pattern_type.n && !str_eq_nocase(r->pattern_type, STR("stix")))
		gather_pending(g, &r->base,
			arena_printf(g->a, "patterns of type '" STR_FMT "' can't be matched yet",
				STR_ARG(str_upto(r->pattern_type, 60))));
	else
		pattern_gather(g, &r->base);
}

void columns_row(struct gather *g, const struct column *c, const struct str *cells, size_t n,
	uint32_t line, struct str row)
{
	struct arena_mark mark = arena_mark(&g->scratch);
	struct row r = {.base = gather_base(line),
		.type = STR(""),
		.pattern_type = STR(""),
		.name = STR(""),
		.kind = KINDS};
	size_t values = 0;

	for (size_t i = 0; i < n; i++) {
		if (cells[i].n)
			take_fact(&r, (enum role)c[i].role, cells[i]);
	}
	if (r.base.context.n == 0)
		r.base.context = r.name;
	for (size_t i = 0; i < n; i++) {
		if (cells[i].n == 0 || !column_has_values(c[i]))
			continue;
		values++;
		if (c[i].role == ROLE_PATTERN)
			take_pattern(g, &r, cells[i]);
		else
			take_value(g, &r, c[i].kind, cells[i]);
	}
	if (values == 0)
		gather_skip(g, line, row, STR("no value in the columns that have values"));
	arena_rewind(&g->scratch, mark);
}
