#include "engine/config.h"

#include <yaml.h>

#include "base/limits.h"
#include "base/when.h"

/* One value on its way into the config; err has the place already when a setter fails. */
struct reading {
	struct arena *arena;
	yaml_document_t *doc;
	const char *name;
	struct config *c;
	struct err *err;
};

static bool wrong(struct reading *r, const yaml_node_t *at, const char *what, struct str which)
{
	return err_set(r->err, ERR_CONFIG, "%s:%zu:%zu: %s%s" STR_FMT "%s", r->name,
		at->start_mark.line + 1, at->start_mark.column + 1, what, which.n ? " '" : "",
		STR_ARG(which), which.n ? "'" : "");
}

static struct str scalar(const yaml_node_t *n)
{
	return (struct str){(const char *)n->data.scalar.value, n->data.scalar.length};
}

/* `key:` with nothing behind it is an empty list or text. */
static bool is_nothing(const yaml_node_t *n)
{
	return n->type == YAML_SCALAR_NODE && n->data.scalar.length == 0 &&
	       n->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

static bool get_text(struct reading *r, const yaml_node_t *n, struct str *ret)
{
	if (n->type != YAML_SCALAR_NODE)
		return wrong(r, n, "a text is expected", STR(""));
	*ret = arena_dup(r->arena, scalar(n));
	return true;
}

static bool get_list(struct reading *r, const yaml_node_t *n, struct str **ret, size_t *ret_n)
{
	if (is_nothing(n))
		return true;
	if (n->type != YAML_SEQUENCE_NODE)
		return wrong(r, n, "a list is expected", STR(""));
	size_t count = (size_t)(n->data.sequence.items.top - n->data.sequence.items.start);
	struct str *list = arena_array(r->arena, count + 1, sizeof(*list));
	for (size_t i = 0; i < count; i++) {
		int item = n->data.sequence.items.start[i];
		if (!get_text(r, yaml_document_get_node(r->doc, item), &list[i]))
			return false;
	}
	*ret = list;
	*ret_n = count;
	return true;
}

typedef bool (*setter)(struct reading *r, void *to, const yaml_node_t *value);
struct key {
	const char *name;
	setter set;
};

/* Each key of a mapping by the table; unknown and repeated ones are errors. */
static bool walk(
	struct reading *r, const yaml_node_t *map, const struct key *keys, size_t n, void *to)
{
	uint32_t seen = 0;

	if (is_nothing(map))
		return true;
	if (map->type != YAML_MAPPING_NODE)
		return wrong(r, map, "keys with values are expected", STR(""));
	for (yaml_node_pair_t *p = map->data.mapping.pairs.start; p < map->data.mapping.pairs.top;
		p++) {
		const yaml_node_t *key = yaml_document_get_node(r->doc, p->key);
		size_t i = 0;
		if (key->type != YAML_SCALAR_NODE)
			return wrong(r, key, "a key has to be a text", STR(""));
		while (i < n && !str_eq(scalar(key), str_of(keys[i].name)))
			i++;
		if (i == n)
			return wrong(r, key, "there is no key", str_upto(scalar(key), 100));
		if (seen & 1u << i)
			return wrong(r, key, "the key stands here twice:", scalar(key));
		seen |= 1u << i;
		if (!keys[i].set(r, to, yaml_document_get_node(r->doc, p->value)))
			return false;
	}
	return true;
}

static bool set_organisation(struct reading *r, void *to, const yaml_node_t *v)
{
	(void)to;
	return get_text(r, v, &r->c->organisation);
}

static bool set_domains(struct reading *r, void *to, const yaml_node_t *v)
{
	(void)to;
	return get_list(r, v, &r->c->domains, &r->c->n_domains);
}

static bool set_mail_hosts(struct reading *r, void *to, const yaml_node_t *v)
{
	(void)to;
	return get_list(r, v, &r->c->mail_hosts, &r->c->n_mail_hosts);
}

static bool set_networks(struct reading *r, void *to, const yaml_node_t *v)
{
	(void)to;
	return get_list(r, v, &r->c->networks, &r->c->n_networks);
}

static bool set_protected(struct reading *r, void *to, const yaml_node_t *v)
{
	(void)to;
	return get_list(r, v, &r->c->protected, &r->c->n_protected);
}

/* Roles by name; an empty list protects nobody by role. */
static bool set_protected_roles(struct reading *r, void *to, const yaml_node_t *v)
{
	struct str *names;
	size_t n = 0;

	(void)to;
	if (!get_list(r, v, &names, &n))
		return false;
	r->c->protected_roles = 0;
	for (size_t i = 0; i < n; i++) {
		enum person_role role;
		if (!person_role_by_name(names[i], &role))
			return wrong(r, v, "there is no role", str_upto(names[i], 100));
		r->c->protected_roles |= 1u << role;
	}
	return true;
}

static bool set_purpose_text(struct reading *r, void *to, const yaml_node_t *v)
{
	(void)to;
	return get_text(r, v, &r->c->purpose);
}

static bool set_purpose_date(struct reading *r, void *to, const yaml_node_t *v)
{
	struct when w;

	(void)to;
	if (!get_text(r, v, &r->c->purpose_date))
		return false;
	return when_rfc3339(r->c->purpose_date, &w) ||
	       wrong(r, v, "no date of RFC 3339:", str_upto(r->c->purpose_date, 100));
}

static bool set_purpose(struct reading *r, void *to, const yaml_node_t *v)
{
	static const struct key keys[] = {{"text", set_purpose_text}, {"date", set_purpose_date}};

	if (!walk(r, v, keys, 2, to))
		return false;
	/* A purpose that nobody dates would stand for ever. */
	return r->c->purpose.n == 0 || r->c->purpose_date.n ||
	       wrong(r, v, "a purpose needs its date", STR(""));
}

static bool set_format(struct reading *r, void *to, const yaml_node_t *v)
{
	return get_text(r, v, &((struct retention *)to)->format);
}

static bool set_keep(struct reading *r, void *to, const yaml_node_t *v)
{
	struct str *keep = &((struct retention *)to)->keep;

	if (!get_text(r, v, keep))
		return false;
	return str_eq(*keep, STR("full")) || str_eq(*keep, STR("features")) ||
	       str_eq(*keep, STR("reduced")) || str_eq(*keep, STR("none")) ||
	       wrong(r, v, "full, reduced, features or none is expected, not",
		       str_upto(*keep, 100));
}

static bool set_days(struct reading *r, void *to, const yaml_node_t *v)
{
	struct str text;
	uint64_t days;

	if (!get_text(r, v, &text))
		return false;
	if (!str_u64(text, &days) || days > 100000)
		return wrong(r, v, "no number of days up to 100000:", str_upto(text, 100));
	((struct retention *)to)->days = (uint32_t)days;
	return true;
}

static bool set_retention(struct reading *r, void *to, const yaml_node_t *v)
{
	static const struct key keys[] = {
		{"format", set_format}, {"keep", set_keep}, {"days", set_days}};

	(void)to;
	if (is_nothing(v))
		return true;
	if (v->type != YAML_SEQUENCE_NODE)
		return wrong(r, v, "a list is expected", STR(""));
	size_t n = (size_t)(v->data.sequence.items.top - v->data.sequence.items.start);
	r->c->retention = arena_array(r->arena, n + 1, sizeof(*r->c->retention));
	for (size_t i = 0; i < n; i++) {
		const yaml_node_t *item =
			yaml_document_get_node(r->doc, v->data.sequence.items.start[i]);
		struct retention *one = &r->c->retention[r->c->n_retention++];
		*one = (struct retention){STR(""), STR("full"), 0};
		if (!walk(r, item, keys, 3, one))
			return false;
		if (one->format.n == 0)
			return wrong(r, item, "retention needs a format, or \"*\"", STR(""));
	}
	return true;
}

static bool set_screening(struct reading *r, void *to, const yaml_node_t *v)
{
	struct str text = STR("");

	(void)to;
	if (!get_text(r, v, &text))
		return false;
	r->c->screening = str_eq(text, STR("true"));
	return r->c->screening || str_eq(text, STR("false")) ||
	       wrong(r, v, "true or false is expected, not", str_upto(text, 100));
}

static bool set_reserve(struct reading *r, void *to, const yaml_node_t *v)
{
	static const struct {
		const char *name;
		unsigned shift;
	} units[] = {{"KiB", 10}, {"MiB", 20}, {"GiB", 30}, {"TiB", 40}, {"", 0}};
	struct str text;
	uint64_t n;

	(void)to;
	if (!get_text(r, v, &text))
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		struct str unit = str_of(units[i].name);
		if (!str_ends(text, unit) ||
			!str_u64(str_trim(str_upto(text, text.n - unit.n)), &n))
			continue;
		if (n > UINT64_MAX >> 1 >> units[i].shift)
			break;
		r->c->reserve = n << units[i].shift;
		return true;
	}
	return wrong(r, v, "no size such as 1GiB:", str_upto(text, 100));
}

/* What a host of our domains says is trusted like what those named say. */
static bool add_domains(struct reading *r)
{
	struct config *c = r->c;
	size_t n = c->n_mail_hosts + c->n_domains;
	struct str *all = arena_array(r->arena, n + 1, sizeof(*all));

	for (size_t i = 0; i < n; i++)
		all[i] = i < c->n_domains ? c->domains[i] : c->mail_hosts[i - c->n_domains];
	c->mail_hosts = all;
	c->n_mail_hosts = n;
	return true;
}

static bool read_document(struct reading *r)
{
	static const struct key keys[] = {
		{"organisation", set_organisation},
		{"domains", set_domains},
		{"mail_hosts", set_mail_hosts},
		{"networks", set_networks},
		{"retention", set_retention},
		{"protected", set_protected},
		{"protected_roles", set_protected_roles},
		{"purpose", set_purpose},
		{"screening", set_screening},
		{"reserve", set_reserve},
	};
	const yaml_node_t *root = yaml_document_get_root_node(r->doc);

	return !root ||
	       (walk(r, root, keys, sizeof(keys) / sizeof(keys[0]), NULL) && add_domains(r));
}

bool config_parse(
	struct arena *a, struct str yaml, const char *name, struct config *ret_c, struct err *err)
{
	struct config c = {.reserve = UINT64_C(1) << 30};
	yaml_parser_t parser;
	yaml_document_t doc;
	bool done = false;

	for (int i = 0; i < PERSON_ROLES; i++)
		if (person_role_protects((enum person_role)i))
			c.protected_roles |= 1u << i;
	if (yaml.n > LIMIT_YAML_BYTES)
		return err_set(
			err, ERR_LIMIT, "'%s' is larger than %u bytes", name, LIMIT_YAML_BYTES);
	if (!yaml_parser_initialize(&parser))
		BUG("out of memory");
	yaml_parser_set_input_string(
		&parser, (const unsigned char *)(yaml.n ? yaml.p : ""), yaml.n);
	if (!yaml_parser_load(&parser, &doc)) {
		err_set(err, ERR_CONFIG, "%s:%zu:%zu: %s", name, parser.problem_mark.line + 1,
			parser.problem_mark.column + 1,
			parser.problem ? parser.problem : "no YAML");
	} else {
		struct reading r = {a, &doc, name, &c, err};
		done = read_document(&r);
		yaml_document_delete(&doc);
	}
	yaml_parser_delete(&parser);
	if (done)
		*ret_c = c;
	return done;
}

struct str config_template(void)
{
	return STR("# Who we are, and how this case is kept.  See spoor.yaml(5).\n"
		   "# Remove the '#' in front of a key to set it.\n"
		   "\n"
		   "# The organisation's name, as it should stand in reports.\n"
		   "organisation: \"\"\n"
		   "\n"
		   "# Domains of our own.\n"
		   "domains: []\n"
		   "\n"
		   "# Hosts, or domains of hosts, that take mail in for us under other names; what "
		   "they\n"
		   "# and hosts of our domains say of a mail's way and time is trusted.\n"
		   "# mail_hosts: [outlook.com, outlook.office365.com]\n"
		   "\n"
		   "# Networks of our own, in CIDR notation.\n"
		   "networks: []\n"
		   "\n"
		   "# How each kind of log is kept: full (records as they came), reduced (of mail: "
		   "what\n"
		   "# it says of itself, its links, and hashes of the rest), features (what was "
		   "derived\n"
		   "# from them), none; days 0 is for ever.  Mail is reduced unless it says "
		   "otherwise here.\n"
		   "# retention:\n"
		   "#   - {format: mail, keep: full, days: 0}\n"
		   "\n"
		   "# Addresses and accounts of people whom a question must not be asked about\n"
		   "# without a purpose (--purpose); each such question is journalled.\n"
		   "protected: []\n"
		   "\n"
		   "# The same for whoever is or was one of these, in lists of people (spoor "
		   "people).\n"
		   "# protected_roles: [member, candidate, journalist, family]\n"
		   "\n"
		   "# The purpose where none is given, and since when it stands.\n"
		   "# purpose:\n"
		   "#   text: investigation 12/2024\n"
		   "#   date: 2024-03-25\n"
		   "\n"
		   "# May names of the attacker's side be held against lists of designated "
		   "parties\n"
		   "# (spoor screen)?  Never those of our own people or of who writes to them.\n"
		   "# screening: true\n"
		   "\n"
		   "# Nothing is added to the case when less than this is free on its disk.\n"
		   "reserve: 1GiB\n");
}

/* The rule for mail, else that for all others, else what formats/mail.yaml has. */
bool config_reduces_mail(const struct config *c)
{
	struct str keep = STR("reduced");
	bool named = false;

	for (size_t i = 0; i < c->n_retention; i++) {
		const struct retention *one = &c->retention[i];
		bool is_mail = str_eq(one->format, STR("mail"));
		if (is_mail || (!named && str_eq(one->format, STR("*"))))
			keep = one->keep;
		named |= is_mail;
	}
	return !str_eq(keep, STR("full"));
}
