#include "intel/leg.h"

#include "intel/rulelang.h"

#include "base/buf.h"
#include "rule/patternrule.h"

/* What a value at a path of STIX is here (STIX 2.1 section 6; where 2.0 has another name, both). */
static const struct {
	const char *object, *path;
	uint8_t kind; /* KINDS: an address or a name, by its shape */
} paths[] = {
	{"ipv4-addr", "value", KIND_IP},
	{"ipv6-addr", "value", KIND_IP},
	{"domain-name", "value", KIND_DOMAIN},
	{"url", "value", KIND_URL},
	{"mac-addr", "value", KIND_MAC},
	{"email-addr", "value", KIND_EMAIL},
	{"email-message", "from_ref.value", KIND_EMAIL},
	{"email-message", "sender_ref.value", KIND_EMAIL},
	{"email-message", "to_refs[*].value", KIND_EMAIL},
	{"email-message", "cc_refs[*].value", KIND_EMAIL},
	{"email-message", "bcc_refs[*].value", KIND_EMAIL},
	{"email-message", "additional_header_fields.Reply-To", KIND_EMAIL},
	/* As MISP writes them. */
	{"email-message", "additional_header_fields.reply_to", KIND_EMAIL},
	{"email-message", "body_multipart[*].body_raw_ref.name", KIND_FILE_NAME},
	{"email-message", "message_id", KIND_MESSAGE_ID},
	{"email-message", "additional_header_fields.Message-ID", KIND_MESSAGE_ID},
	{"user-account", "user_id", KIND_ACCOUNT},
	{"user-account", "account_login", KIND_ACCOUNT},
	{"network-traffic", "src_ref.value", KINDS},
	{"network-traffic", "dst_ref.value", KINDS},
	{"network-traffic", "extensions.http-request-ext.request_header.User-Agent",
		KIND_USER_AGENT},
	{"network-traffic", "extensions.http-request-ext.request_header.Host", KINDS},
	{"file", "name", KIND_FILE_NAME},
	{"file", "path", KIND_FILE_PATH},
	{"x509-certificate", "serial_number", KIND_SERIAL},
};

/* Algorithms whose digests are compared as they are; those of likeness (SSDEEP) are not. */
static bool is_hash_name(struct str name)
{
	static const char *const all[] = {"[*]", ".MD5", ".SHA1", ".SHA-1", ".SHA256", ".SHA-256",
		".SHA512", ".SHA-512", ".SHA3-256", ".SHA3-512", ".SHA384", ".SHA-384"};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (str_eq_nocase(name, str_of(all[i])))
			return true;
	}
	return false;
}

/* Objects whose `hashes` are those of files and certificates. */
static bool is_hash_path(const struct pattern_leg *leg)
{
	static const struct {
		const char *object, *path;
	} all[] = {{"file", "hashes"}, {"artifact", "hashes"}, {"x509-certificate", "hashes"},
		{"process", "image_ref.hashes"}, {"process", "binary_ref.hashes"}};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct str path = str_of(all[i].path);
		if (str_eq(leg->object, str_of(all[i].object)) && str_starts(leg->path, path))
			return is_hash_name(str_from(leg->path, path.n));
	}
	return false;
}

static bool kind_of(const struct pattern_leg *leg, uint8_t *ret_kind)
{
	if (is_hash_path(leg)) {
		*ret_kind = KIND_HASH;
		return true;
	}
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		if (str_eq(leg->object, str_of(paths[i].object)) &&
			str_eq_nocase(leg->path, str_of(paths[i].path))) {
			*ret_kind = paths[i].kind;
			return true;
		}
	}
	return false;
}

static bool read_value(struct gather *g, uint8_t kind, struct str value, struct word *ret_w)
{
	bool url = kind == KIND_URL;

	if (kind != KINDS && word_as(&g->scratch, (enum kind)kind, value, ret_w))
		return true;
	/* Many write URLs without their scheme. */
	if (kind != KINDS && !url)
		return false;
	word_read(&g->scratch, value, ret_w);
	if (ret_w->what != WORD_VALUE)
		return ret_w->what == WORD_NETWORK && !url;
	if (url && (ret_w->o.kind == KIND_URL || ret_w->o.kind == KIND_URL_PATH))
		return true;
	return ret_w->o.kind == KIND_IP || ret_w->o.kind == KIND_DOMAIN ||
	       (!url && ret_w->o.kind == KIND_MAC);
}

/* NULL if the leg became an indicator, or why it is no value that can be looked up. */
static const char *use(
	struct gather *g, const struct indicator *base, const struct pattern_leg *leg)
{
	struct str path = arena_printf(
		&g->scratch, STR_FMT ":" STR_FMT, STR_ARG(leg->object), STR_ARG(leg->path));
	struct indicator i = *base;
	struct word w;
	uint8_t kind;

	if (!kind_of(leg, &kind))
		return path.p;
	bool subset = leg->op == PATTERN_ISSUBSET && (kind == KIND_IP || kind == KINDS);
	if (leg->negated)
		return "NOT";
	if (leg->op != PATTERN_EQ && !subset)
		return pattern_op_name((enum pattern_op)leg->op);
	if (leg->literal != PATTERN_STRING || !read_value(g, kind, leg->value, &w))
		return arena_printf(&g->scratch, "'" STR_FMT "' as a value of " STR_FMT,
			STR_ARG(str_upto(leg->value, 100)), STR_ARG(path))
			.p;
	i.original = leg->value;
	gather_word(g, &i, &w);
	return NULL;
}

/* Adds why it is no value, each reason once. */
static void add_reason(struct buf *why, const char *reason)
{
	size_t n = strlen(reason);
	struct str have = buf_view(why);

	for (size_t at = 0; at < have.n; at += 2) {
		size_t end = at + str_find(str_from(have, at), STR(", "));
		if (str_eq(str_upto(str_from(have, at), end - at), (struct str){reason, n}))
			return;
		at = end;
	}
	if (have.n + n > 500) /* enough of reasons: whoever wants more reads the pattern */
		return;
	if (have.n)
		buf_str(why, STR(", "));
	buf_add(why, reason, n);
}

static void add_beyond(struct buf *why, unsigned beyond)
{
	static const struct {
		unsigned bit;
		const char *text;
	} all[] = {{PATTERN_AND, "AND"}, {PATTERN_BOTH, "AND between observations"},
		{PATTERN_FOLLOWEDBY, "FOLLOWEDBY"}, {PATTERN_QUALIFIER, "a qualifier"}};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (beyond & all[i].bit)
			add_reason(why, all[i].text);
	}
}

void pattern_gather(struct gather *g, const struct indicator *base)
{
	struct arena_mark mark = arena_mark(&g->scratch);
	struct pattern p;
	struct buf why = {0};

	if (!pattern_parse(g->a, base->original, PATTERN_ANY_VERSION, &p)) {
		gather_pending(g, base,
			arena_printf(g->a, "not a STIX pattern: at byte %zu %s was expected", p.at,
				p.want));
		pattern_release(&p);
		return;
	}
	for (size_t i = 0; i < p.legs.n; i++) {
		const char *reason = use(g, base, &p.legs.at[i]);
		if (reason)
			add_reason(&why, reason);
	}
	add_beyond(&why, p.beyond);
	if (why.n || p.legs.n == 0)
		gather_pending(g, base,
			!why.n ? STR("it compares nothing")
			: pattern_is_possible(p.root)
				? arena_printf(
					  g->a, STR_FMT ": " RULE_RUNS, STR_ARG(buf_view(&why)))
				: arena_printf(g->a, STR_FMT ": no event has what it asks for",
					  STR_ARG(buf_view(&why))));
	buf_release(&why);
	pattern_release(&p);
	arena_rewind(&g->scratch, mark);
}
