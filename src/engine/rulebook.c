#include "engine/rulebook.h"

#include <stdlib.h>
#include <string.h>

#include "text/members.h"

static const struct str *texts(
	struct arena *a, const struct members *m, const char *key, size_t *ret_n)
{
	uint32_t array = members_get(m, 0, key);
	size_t n = 0;

	*ret_n = 0;
	if (array == MEMBERS_NONE)
		return NULL;
	struct str *at = arena_array(a, members_count(m, array) + 1, sizeof(*at));
	MEMBERS_EACH(m, i, array)
	at[n++] = members_string_at(a, m, i);
	*ret_n = n;
	return at;
}

static const struct told_witness *witnesses(struct arena *a, const struct members *m, size_t *ret_n)
{
	uint32_t array = members_get(m, 0, "found_by");

	*ret_n = 0;
	if (array == MEMBERS_NONE)
		return NULL;
	struct told_witness *at = arena_array(a, members_count(m, array) + 1, sizeof(*at));
	MEMBERS_EACH(m, i, array)
	at[(*ret_n)++] = (struct told_witness){members_string(a, m, i, "format"),
		{(uint8_t)members_u64(m, i, "kind"), (uint8_t)members_u64(m, i, "form"),
			members_bytes(a, m, i, "value")}};
	return at;
}

static bool read_rule(struct arena *a, const struct members *m, struct told_rule *ret)
{
	struct told_rule r = {
		.kind = members_string(a, m, 0, "kind"),
		.id = members_string(a, m, 0, "rule"),
		.title = members_string(a, m, 0, "title"),
		.file = members_string(a, m, 0, "file"),
		.level = members_string(a, m, 0, "level"),
		.loaded = members_bool(m, 0, "loaded"),
		.asked = members_bool(m, 0, "asked"),
		.feeds = members_bool(m, 0, "feeds"),
		.silent = members_bool(m, 0, "silent"),
	};
	struct str version = members_bytes(a, m, 0, "version");

	if (version.n != sizeof(r.version))
		return false;
	memcpy(r.version, version.p, sizeof(r.version));
	r.witnesses = witnesses(a, m, &r.n_witnesses);
	r.tags = texts(a, m, "tags", &r.n_tags);
	r.references = texts(a, m, "references", &r.n_references);
	r.falsepositives = texts(a, m, "falsepositives", &r.n_falsepositives);
	r.formats = texts(a, m, "formats", &r.n_formats);
	*ret = r;
	return true;
}

static int by_version(const void *x, const void *y)
{
	const struct told_rule *const *a = x, *const *b = y;
	int c = memcmp((*a)->version, (*b)->version, HIT_RULE_BYTES);

	return c ? c : *a < *b ? -1 : *a > *b;
}

/* The same rule in two files is two rules, of which each has hits of its own. */
static void tell_apart(struct rulebook *b)
{
	struct told_rule **at = calloc(b->rules.n + 1, sizeof(struct told_rule *));
	uint32_t same = 0;

	if (!at)
		BUG("out of memory");
	for (size_t i = 0; i < b->rules.n; i++)
		at[i] = &b->rules.at[i];
	if (b->rules.n)
		qsort(at, b->rules.n, sizeof(*at), by_version);
	/* From behind, so that what is compared is still as it was. */
	for (size_t i = b->rules.n; i-- > 1;) {
		size_t k = i;
		while (k > 0 && memcmp(at[k - 1]->version, at[i]->version, HIT_RULE_BYTES) == 0)
			k--;
		same = (uint32_t)(i - k);
		for (unsigned n = 0; n < 4; n++)
			at[i]->version[n] ^= (uint8_t)(same >> (8 * n));
	}
	free(at);
}

bool rulebook_read(struct rules_asked *q, struct rulebook *ret, struct err *err)
{
	struct buf answer = {0};

	*ret = (struct rulebook){0};
	q->what = "check";
	bool done = rules_gather(q, &ret->files, err) &&
		    rules_say(q, buf_view(&ret->files), &answer, err);
	struct str lines = done ? buf_view(&answer) : STR("");
	while (done && lines.n) {
		struct members m;
		struct told_rule r;
		done = members_read(str_cut(&lines, '\n'), &m) && read_rule(&ret->arena, &m, &r);
		if (done)
			*vec_push(&ret->rules) = r;
		else
			err_set(err, ERR_BOX, "the worker's answer about the rules makes no sense");
		members_release(&m);
	}
	buf_release(&answer);
	if (done)
		tell_apart(ret);
	else
		rulebook_release(ret);
	return done;
}

void rulebook_name_patterns(struct rulebook *b, const struct case_rules *own)
{
	size_t at = 0;

	for (size_t i = 0; i < b->rules.n && at < own->patterns.n; i++) {
		struct told_rule *r = &b->rules.at[i];
		const struct case_pattern *p = &own->patterns.at[at];
		if (!str_eq(r->file, p->file))
			continue;
		at++;
		if (p->id.n)
			r->id = arena_dup(&b->arena, p->id);
		if (p->title.n)
			r->title = arena_dup(&b->arena, p->title);
	}
}

void rulebook_release(struct rulebook *b)
{
	buf_release(&b->files);
	vec_release(&b->rules);
	arena_release(&b->arena);
	*b = (struct rulebook){0};
}

bool told_rule_is_for(const struct told_rule *r, struct str format)
{
	for (size_t i = 0; i < r->n_formats; i++)
		if (str_eq(r->formats[i], format))
			return true;
	return false;
}

bool told_rule_is_found(const struct told_rule *r, struct str format)
{
	for (size_t i = 0; i < r->n_witnesses; i++)
		if (str_eq(r->witnesses[i].format, format))
			return true;
	return false;
}
