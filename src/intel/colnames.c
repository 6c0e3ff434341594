/* What people call columns, and what types of indicators. */
#include "intel/columns.h"

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
	{"hashes", {ROLE_VALUE, KIND_HASH}},
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
	{"malware", {ROLE_NOTE, KINDS}},
	{"malware family", {ROLE_NOTE, KINDS}},
	{"family", {ROLE_NOTE, KINDS}},
	{"campaign", {ROLE_NOTE, KINDS}},
	{"detection", {ROLE_NOTE, KINDS}},
	{"detection name", {ROLE_NOTE, KINDS}},
	{"kill chain", {ROLE_NOTE, KINDS}},
	{"tags", {ROLE_NOTE, KINDS}},
	{"link", {ROLE_NOTE, KINDS}},
	{"links", {ROLE_NOTE, KINDS}},
	{"reference", {ROLE_NOTE, KINDS}},
	{"references", {ROLE_NOTE, KINDS}},
	{"report", {ROLE_NOTE, KINDS}},
	{"source", {ROLE_NOTE, KINDS}},
	{"sources", {ROLE_NOTE, KINDS}},
	{"first seen", {ROLE_FIRST_SEEN, KINDS}},
	{"last seen", {ROLE_LAST_SEEN, KINDS}},
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

uint8_t kind_of_type(struct str type)
{
	char room[NAME_BYTES];
	struct str name = plain_name(type, room);

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (str_eq(name, str_of(types[i].name)))
			return types[i].kind;
	}
	return KINDS;
}

static bool has(struct str s, const char *word)
{
	return str_find(s, str_of(word)) < s.n;
}

struct column column_of_words(struct str header)
{
	static const struct {
		const char *word;
		struct column is;
	} words[] = {
		/* What is about values, though it may have the words for them. */
		{"first seen", {ROLE_FIRST_SEEN, KINDS}},
		{"last seen", {ROLE_LAST_SEEN, KINDS}},
		{"descri", {ROLE_NOTE, KINDS}},
		{"decoy", {ROLE_NOTE, KINDS}},
		{"reference", {ROLE_NOTE, KINDS}},
		{"report", {ROLE_NOTE, KINDS}},
		{"provider", {ROLE_NOTE, KINDS}},
		{"date", {ROLE_NOTE, KINDS}},
		{"detail", {ROLE_NOTE, KINDS}},
		{"ssdeep", {ROLE_NOTE, KINDS}},
		{"imphash", {ROLE_NOTE, KINDS}},
		{"sha 1", {ROLE_VALUE, KIND_HASH}},
		{"sha1", {ROLE_VALUE, KIND_HASH}},
		{"sha 256", {ROLE_VALUE, KIND_HASH}},
		{"sha256", {ROLE_VALUE, KIND_HASH}},
		{"md5", {ROLE_VALUE, KIND_HASH}},
		{"hash", {ROLE_VALUE, KIND_HASH}},
		{"thumbprint", {ROLE_VALUE, KIND_HASH}},
		{"serial number", {ROLE_VALUE, KIND_SERIAL}},
		{"url", {ROLE_VALUE, KIND_URL}},
		{"domain", {ROLE_VALUE, KINDS}},
		{"ip address", {ROLE_VALUE, KINDS}},
		{"c&c", {ROLE_VALUE, KINDS}},
		{"network", {ROLE_VALUE, KINDS}},
		{"email", {ROLE_VALUE, KIND_EMAIL}},
		{"e mail", {ROLE_VALUE, KIND_EMAIL}},
	};
	char room[NAME_BYTES];
	struct str name = plain_name(header, room);
	struct column c = column_of(header);

	for (size_t i = 0; c.role == ROLE_NONE && i < sizeof(words) / sizeof(words[0]); i++) {
		if (has(name, words[i].word))
			return words[i].is;
	}
	/* An id or a name of a report's own is no id of an indicator. */
	if (c.role == ROLE_NONE || c.role == ROLE_ID || c.role == ROLE_NAME)
		c.role = ROLE_NOTE;
	return c;
}
