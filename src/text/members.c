#include "text/members.h"

#include "base/limits.h"

bool members_read(struct str json, struct members *ret_m)
{
	struct flaw at[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws = {.at = at};

	*ret_m = (struct members){.text = json};
	if (json.n > UINT32_MAX / 2)
		return false;
	json_tokenise(&ret_m->tape, json, &flaws, 0);
	return flaws.n == 0 && ret_m->tape.n > 0;
}

void members_release(struct members *m)
{
	json_tape_release(&m->tape);
}

uint32_t members_get(const struct members *m, uint32_t object, const char *key)
{
	const struct json_token *t = m->tape.at;

	if (object >= m->tape.n || t[object].type != JSON_OBJECT)
		return MEMBERS_NONE;
	for (uint32_t i = object + 1; i < t[object].next; i = t[i].next)
		if (t[i].type == JSON_KEY && str_eq(json_span(m->text, &t[i]), str_of(key)))
			return i + 1;
	return MEMBERS_NONE;
}

struct str members_text(const struct members *m, uint32_t at)
{
	return at < m->tape.n ? json_span(m->text, &m->tape.at[at]) : STR("");
}

struct str members_string(
	struct arena *a, const struct members *m, uint32_t object, const char *key)
{
	return members_string_at(a, m, members_get(m, object, key));
}

struct str members_string_at(struct arena *a, const struct members *m, uint32_t at)
{
	if (at >= m->tape.n || m->tape.at[at].type != JSON_STRING)
		return STR("");
	struct str s = members_text(m, at);
	return json_unescape(s, arena_alloc(a, s.n + 1));
}

bool members_bool(const struct members *m, uint32_t object, const char *key)
{
	uint32_t at = members_get(m, object, key);

	return at < m->tape.n && m->tape.at[at].type == JSON_TRUE;
}

uint64_t members_u64(const struct members *m, uint32_t object, const char *key)
{
	uint64_t v = 0;

	str_u64(members_text(m, members_get(m, object, key)), &v);
	return v;
}

bool members_hash(const struct members *m, uint32_t at, struct sha256 *ret_h)
{
	return sha256_unhex(members_text(m, at), ret_h);
}

struct str members_bytes(struct arena *a, const struct members *m, uint32_t object, const char *key)
{
	struct str hex = members_text(m, members_get(m, object, key));
	char *bytes = arena_alloc(a, hex.n / 2 + 1);

	for (size_t i = 0; i < hex.n / 2; i++) {
		int hi = hex_digit(hex.p[2 * i]), lo = hex_digit(hex.p[2 * i + 1]);
		if (hi < 0 || lo < 0)
			return STR("");
		bytes[i] = (char)(hi << 4 | lo);
	}
	return (struct str){bytes, hex.n / 2};
}

uint32_t members_count(const struct members *m, uint32_t array)
{
	uint32_t n = 0;

	for (uint32_t i = members_first(m, array); i < m->tape.n && i < m->tape.at[array].next;
		i = m->tape.at[i].next)
		n++;
	return n;
}

uint32_t members_first(const struct members *m, uint32_t array)
{
	if (array >= m->tape.n || m->tape.at[array].type != JSON_ARRAY)
		return MEMBERS_NONE;
	return array + 1;
}

uint32_t members_next(const struct members *m, uint32_t at)
{
	return at < m->tape.n ? m->tape.at[at].next : MEMBERS_NONE;
}
