#include "read/compile.h"

/* The kind of a field's values where a format names none; KINDS: no observable. */
static const struct {
	uint16_t field;
	uint8_t kind;
} kinds[] = {
	{FIELD_EVENT_ACTION, KIND_ACTION},
	{FIELD_USER_NAME, KIND_ACCOUNT},
	{FIELD_USER_EMAIL, KIND_EMAIL},
	{FIELD_USER_ID, KIND_ACCOUNT},
	{FIELD_USER_TARGET_NAME, KIND_ACCOUNT},
	{FIELD_USER_TARGET_EMAIL, KIND_EMAIL},
	{FIELD_USER_TARGET_ID, KIND_ACCOUNT},
	{FIELD_SOURCE_IP, KIND_IP},
	{FIELD_SOURCE_DOMAIN, KIND_DOMAIN},
	{FIELD_SOURCE_MAC, KIND_MAC},
	{FIELD_DESTINATION_IP, KIND_IP},
	{FIELD_DESTINATION_DOMAIN, KIND_DOMAIN},
	{FIELD_DESTINATION_MAC, KIND_MAC},
	{FIELD_NETWORK_CONNECTION, KIND_CONNECTION},
	{FIELD_USER_AGENT, KIND_USER_AGENT},
	{FIELD_SESSION_ID, KIND_SESSION},
	{FIELD_DEVICE_ID, KIND_DEVICE},
	{FIELD_HOST_NAME, KIND_HOST},
	{FIELD_EMAIL_MESSAGE_ID, KIND_MESSAGE_ID},
	{FIELD_EMAIL_FROM, KIND_EMAIL},
	{FIELD_EMAIL_TO, KIND_EMAIL},
	{FIELD_EMAIL_CC, KIND_EMAIL},
	{FIELD_EMAIL_BCC, KIND_EMAIL},
	{FIELD_EMAIL_SENDER, KIND_EMAIL},
	{FIELD_EMAIL_MAILER, KIND_USER_AGENT},
	{FIELD_EMAIL_REPLY_TO, KIND_EMAIL},
	{FIELD_EMAIL_SUBJECT, KIND_AUTO},
	{FIELD_FILE_PATH, KIND_FILE_PATH},
	{FIELD_FILE_NAME, KIND_FILE_NAME},
	{FIELD_FILE_HASH_MD5, KIND_HASH},
	{FIELD_FILE_HASH_SHA1, KIND_HASH},
	{FIELD_FILE_HASH_SHA256, KIND_HASH},
	{FIELD_URL_FULL, KIND_URL},
	{FIELD_URL_DOMAIN, KIND_DOMAIN},
	{FIELD_HTTP_REFERRER, KIND_URL},
	{FIELD_DNS_NAME, KIND_DOMAIN},
	{FIELD_DNS_ANSWER, KIND_AUTO},
	{FIELD_TLS_SERVER_NAME, KIND_DOMAIN},
	{FIELD_TLS_JA3, KIND_FINGERPRINT},
	{FIELD_TLS_JA3S, KIND_FINGERPRINT},
	{FIELD_X509_SUBJECT, KIND_AUTO},
	{FIELD_X509_ISSUER, KIND_AUTO},
	{FIELD_X509_SERIAL, KIND_SERIAL},
	{FIELD_X509_SAN, KIND_AUTO},
	{FIELD_ERROR_MESSAGE, KIND_AUTO},
	{FIELD_APP_ID, KIND_APP},
	{FIELD_RESOURCE, KIND_RESOURCE},
	{FIELD_MAILBOX, KIND_ACCOUNT},
	{FIELD_ACCESS_KEY, KIND_ACCESS_KEY},
	{FIELD_TOKEN_ID, KIND_SESSION},
	{FIELD_QUERY, KIND_AUTO},
	{FIELD_RULE_NAME, KIND_AUTO},
	{FIELD_TEXT, KIND_AUTO},
	{FIELD_CALL_FROM, KIND_PHONE},
	{FIELD_CALL_TO, KIND_PHONE},
	{FIELD_CALL_SUBJECT, KIND_PHONE},
	{FIELD_PHONE, KIND_PHONE},
	{FIELD_CALL_CELL, KIND_RESOURCE},
	{FIELD_CALL_TRUNK, KIND_RESOURCE},
	{FIELD_TICKET, KIND_RESOURCE},
};

static uint8_t kind_of_field(uint16_t field)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].field == field)
			return kinds[i].kind;
	return KINDS;
}

static bool bad(struct compiler *c, const struct yaml *y, const char *what, struct str subject)
{
	return yaml_bad(c->file, y, c->err, "%s: '" STR_FMT "'", what, STR_ARG(subject));
}

static bool field_named(struct compiler *c, const struct yaml *y, struct str name, uint16_t *ret)
{
	enum field field;

	if (!field_by_name(name, &field))
		return bad(c, y, "no such field (spoor-formats(5) lists them)", name);
	c->mapped[field] = 1;
	*ret = (uint16_t)field;
	return true;
}

static bool kind_named(struct compiler *c, const struct yaml *y, uint8_t *ret_kind)
{
	enum kind kind;

	if (str_eq(y->text, STR("none")))
		*ret_kind = KINDS;
	else if (str_eq(y->text, STR("text")))
		*ret_kind = KIND_AUTO;
	else if (kind_by_name(y->text, &kind))
		*ret_kind = (uint8_t)kind;
	else
		return bad(
			c, y, "no such kind of observable; 'none' and 'text' are others", y->text);
	return true;
}

/* "url: {host: PATH, path: PATH, …}": the path is what the item hangs on. */
static bool compile_url(struct compiler *c, const struct yaml *y, struct program_item *item)
{
	struct program_url url = {0};

	if (y->type != YAML_MAP || !yaml_get(y, "host") || !yaml_get(y, "path"))
		return bad(c, y, "a URL wants 'host' and 'path'", y->key);
	for (const struct yaml *o = y->child; o; o = o->next) {
		struct range *part = str_eq(o->key, STR("path"))     ? &item->alts
				     : str_eq(o->key, STR("host"))   ? &url.host
				     : str_eq(o->key, STR("port"))   ? &url.port
				     : str_eq(o->key, STR("query"))  ? &url.query
				     : str_eq(o->key, STR("scheme")) ? &url.scheme
								     : NULL;
		if (!part)
			return bad(c, o, "scheme, host, port, path or query is wanted", o->key);
		if (!compile_paths(c, o, o->text, part))
			return false;
	}
	item->url = (uint32_t)c->f->urls.n;
	*vec_push(&c->f->urls) = url;
	return true;
}

/* One "key: value" of an item written as a mapping. */
static bool item_option(struct compiler *c, const struct yaml *o, struct program_item *item)
{
	struct str text = arena_dup(&c->f->arena, o->text);

	if (str_eq(o->key, STR("path")))
		return compile_paths(c, o, o->text, &item->alts);
	if (str_eq(o->key, STR("url")))
		return compile_url(c, o, item);
	if (str_eq(o->key, STR("when")))
		return compile_when(c, o, &item->when);
	if (o->type != YAML_SCALAR || !text.n)
		return bad(c, o, "a word is wanted", o->key);
	if (str_eq(o->key, STR("kind")))
		return kind_named(c, o, &item->kind);
	if (str_eq(o->key, STR("port")) || str_eq(o->key, STR("name"))) {
		return field_named(
			c, o, text, o->key.p[0] == 'p' ? &item->port_field : &item->name_field);
	}
	if (str_eq(o->key, STR("split")))
		item->split = text.p[0];
	else if (str_eq(o->key, STR("after")))
		item->after = text;
	else if (str_eq(o->key, STR("before")))
		item->before = text;
	else if (str_eq(o->key, STR("prefix")))
		item->prefix = text;
	else if (str_eq(o->key, STR("lower")))
		item->flags |= yaml_is_true(o) ? ITEM_LOWER : 0;
	else
		return bad(c, o, "no such option of a field", o->key);
	return true;
}

static bool compile_item(struct compiler *c, const struct yaml *y, uint16_t field)
{
	struct program_item item = {
		.field = field, .port_field = FIELDS, .name_field = FIELDS, .url = PROGRAM_NONE};

	item.kind = field == FIELDS ? KIND_AUTO : kind_of_field(field);
	if (y->type == YAML_LIST) {
		for (const struct yaml *one = y->child; one; one = one->next)
			if (one->type == YAML_LIST || !compile_item(c, one, field))
				return one->type == YAML_LIST
					       ? bad(c, one, "a list in a list", y->key)
					       : false;
		return true;
	}
	if (y->type == YAML_SCALAR) {
		if (!compile_paths(c, y, y->text, &item.alts))
			return false;
	} else {
		for (const struct yaml *o = y->child; o; o = o->next)
			if (!item_option(c, o, &item))
				return false;
		if (!item.alts.n)
			return bad(c, y, "'path' is missing", y->key);
	}
	if (item.kind == KIND_EMAIL && item.name_field != FIELDS)
		item.flags |= ITEM_MAIL;
	else if (item.port_field != FIELDS || item.name_field != FIELDS)
		item.flags |= ITEM_ADDRESS;
	*vec_push(&c->f->items) = item;
	return true;
}

static bool compile_fields(struct compiler *c, const struct yaml *map, struct program_map *m)
{
	const struct yaml *fields = yaml_get(map, "fields"), *observe = yaml_get(map, "observe");

	m->items.first = (uint32_t)c->f->items.n;
	if (fields && fields->type != YAML_MAP)
		return bad(c, fields, "'fields' is FIELD: PATH", fields->key);
	for (const struct yaml *y = fields ? fields->child : NULL; y; y = y->next) {
		uint16_t field = FIELDS;
		if (!field_named(c, y, y->key, &field) || !compile_item(c, y, field))
			return false;
	}
	if (observe && !compile_item(c, observe, FIELDS))
		return false;
	m->items.n = (uint32_t)c->f->items.n - m->items.first;
	return m->items.n <= PROGRAM_ITEMS_MAX ||
	       bad(c, fields ? fields : observe, "more than 1024 paths", STR("fields"));
}

static bool compile_time(struct compiler *c, const struct yaml *y, struct program_map *m)
{
	const struct yaml *one = y->type == YAML_LIST ? y->child : y;

	for (; one; one = y->type == YAML_LIST ? one->next : NULL) {
		struct program_time t = {.kind = TIME_ANY, .trusted = true};
		const struct yaml *path = one->type == YAML_MAP ? yaml_get(one, "path") : one;
		const struct yaml *kind = yaml_get(one, "kind"), *trust = yaml_get(one, "trusted");
		if (kind && !time_kind_by_name(kind->text, &t.kind))
			return bad(c, kind, "no such kind of time", kind->text);
		if (!path == (t.kind != TIME_ACQUIRED))
			return bad(c, one, path ? "no 'path' goes with it" : "'path' is missing",
				y->key);
		if (path && !compile_paths(c, path, path->text, &t.alts))
			return false;
		t.trusted = path && (!trust || yaml_is_true(trust));
		*vec_push(&c->f->times) = t;
		m->times.n++;
	}
	return true;
}

static bool compile_rule(struct compiler *c, const struct yaml *y, bool is_outcome)
{
	const struct yaml *when = yaml_get(y, "when");
	const struct yaml *what = yaml_get(y, is_outcome ? "is" : "field");
	const struct yaml *value = yaml_get(y, "value");
	struct program_rule r = {.field = FIELDS};

	if (!what)
		return bad(c, y, is_outcome ? "'is' is missing" : "'field' is missing", y->key);
	if (!compile_when(c, when, &r.when))
		return false;
	if (is_outcome) {
		bool good = str_eq(what->text, STR("success"));
		if (!good && !str_eq(what->text, STR("failure")) &&
			!str_eq(what->text, STR("unknown")))
			return bad(c, what, "success, failure or unknown is wanted", what->text);
		r.outcome = good                     ? OUTCOME_SUCCESS
			    : what->text.p[0] == 'f' ? OUTCOME_FAILURE
						     : OUTCOME_UNKNOWN;
	} else {
		if (!field_named(c, what, what->text, &r.field))
			return false;
		if (!value)
			return bad(c, y, "'value' is missing", what->text);
		r.kind = kind_of_field(r.field);
		r.value = arena_dup(&c->f->arena, value->text);
	}
	*vec_push(&c->f->rules) = r;
	return true;
}

static bool compile_rules(
	struct compiler *c, const struct yaml *y, bool is_outcome, struct range *ret)
{
	struct range r = {(uint32_t)c->f->rules.n, 0};

	if (y && y->type != YAML_LIST)
		return bad(c, y, "a list of rules with '- ' is wanted", y->key);
	for (const struct yaml *one = y ? y->child : NULL; one; one = one->next) {
		if (one->type != YAML_MAP)
			return bad(c, one, "a rule is {when: …, …}", one->text);
		if (!compile_rule(c, one, is_outcome))
			return false;
		r.n++;
	}
	*ret = r;
	return true;
}

static bool compile_ignored(struct compiler *c, const struct yaml *y, struct range *ret)
{
	VEC(uint32_t) all = {0};
	bool fine = !y || y->type == YAML_LIST || bad(c, y, "a list of paths is wanted", y->key);

	for (const struct yaml *one = fine && y ? y->child : NULL; one && fine; one = one->next) {
		struct range r = {0, 0};
		fine = compile_paths(c, one, one->text, &r);
		for (uint32_t i = 0; i < r.n; i++)
			*vec_push(&all) = c->f->alts.at[r.first + i];
	}
	*ret = (struct range){(uint32_t)c->f->alts.n, (uint32_t)all.n};
	for (size_t i = 0; i < all.n; i++)
		*vec_push(&c->f->alts) = all.at[i];
	vec_release(&all);
	return fine;
}

static bool compile_part(struct compiler *c, const struct yaml *y, struct program_map *m)
{
	struct range alts;

	if (!compile_paths(c, y, y->text, &alts))
		return false;
	*vec_push(&c->f->parts) = alts;
	m->id.n++;
	return true;
}

/* A path, {path: PATH, lower: true}, or {all: [PATH, …], time: true, lower: true}. */
static bool compile_id(struct compiler *c, const struct yaml *y, struct program_map *m)
{
	bool is_map = y->type == YAML_MAP;
	const struct yaml *path = is_map ? yaml_get(y, "path") : y, *all = yaml_get(y, "all");

	m->id.first = (uint32_t)c->f->parts.n;
	m->id_lower = is_map && yaml_is_true(yaml_get(y, "lower"));
	m->id_time = is_map && yaml_is_true(yaml_get(y, "time"));
	if (!path == !all)
		return bad(c, y, "either 'path' or 'all' is wanted", y->key);
	if (path)
		return compile_part(c, path, m);
	if (all->type != YAML_LIST || !all->child)
		return bad(c, all, "a list of paths is wanted", all->key);
	for (const struct yaml *one = all->child; one; one = one->next)
		if (!compile_part(c, one, m))
			return false;
	return true;
}

bool compile_map(struct compiler *c, const struct yaml *y, uint32_t *ret_map)
{
	struct program_map m = {0};
	const struct yaml *org = yaml_get(y, "organisation"), *id = yaml_get(y, "id");
	const struct yaml *time = yaml_get(y, "time"), *rest = yaml_get(y, "rest");

	m.times.first = (uint32_t)c->f->times.n;
	if (org && !compile_paths(c, org, org->text, &m.organisation))
		return false;
	m.no_rest = rest && !yaml_is_true(rest);
	if (id && !compile_id(c, id, &m))
		return false;
	if (time && !compile_time(c, time, &m))
		return false;
	if (!compile_fields(c, y, &m) ||
		!compile_rules(c, yaml_get(y, "outcome"), true, &m.outcomes) ||
		!compile_rules(c, yaml_get(y, "set"), false, &m.sets) ||
		!compile_ignored(c, yaml_get(y, "ignore"), &m.ignored))
		return false;
	*vec_push(&c->f->maps) = m;
	*ret_map = (uint32_t)c->f->maps.n - 1;
	return true;
}
