#include "engine/acquired.h"

#include "text/members.h"

static bool parse_time(const struct members *m, const char *key, struct when *ret, struct err *err)
{
	uint32_t at = members_get(m, 0, key);

	*ret = WHEN_NONE;
	return at == MEMBERS_NONE || when_rfc3339(members_text(m, at), ret) ||
	       err_set(err, ERR_USAGE, "'%s' is no time of RFC 3339: '" STR_FMT "'", key,
		       STR_ARG(str_upto(members_text(m, at), 100)));
}

static bool parse_count(const struct members *m, struct acquired *q, struct err *err)
{
	uint32_t at = members_get(m, 0, "count");

	q->counted = at != MEMBERS_NONE;
	return !q->counted || str_u64(members_text(m, at), &q->count) ||
	       err_set(err, ERR_USAGE, "'count' is no whole number: '" STR_FMT "'",
		       STR_ARG(str_upto(members_text(m, at), 100)));
}

bool acquired_parse(
	struct arena *a, struct str json, struct acquired *ret_acquired, struct err *err)
{
	struct acquired q = {.when = WHEN_NONE, .from = WHEN_NONE, .to = WHEN_NONE};
	struct members m;

	if (!json.n) {
		*ret_acquired = q;
		return true;
	}
	bool good = members_read(json, &m) && m.tape.at[0].type == JSON_OBJECT;
	if (!good)
		err_set(err, ERR_USAGE, "that is no JSON object");
	good = good && parse_time(&m, "when", &q.when, err) &&
	       parse_time(&m, "from", &q.from, err) && parse_time(&m, "to", &q.to, err) &&
	       parse_count(&m, &q, err);
	if (good) {
		uint32_t complete = members_get(&m, 0, "complete");
		q.incomplete = complete != MEMBERS_NONE && m.tape.at[complete].type == JSON_FALSE;
		q.format = members_string(a, &m, 0, "format");
		q.tenant = members_string(a, &m, 0, "tenant");
		if (when_known(q.from) && when_known(q.to) && q.from.us > q.to.us)
			good = err_set(err, ERR_USAGE, "'from' is after 'to'");
	}
	members_release(&m);
	if (good)
		*ret_acquired = q;
	return good;
}

struct str acquired_told(struct arena *a, struct str format, const struct acquired *acquired)
{
	struct buf time = {0};

	if (!when_known(acquired->when))
		return format;
	when_print(acquired->when, &time);
	struct str told =
		arena_printf(a, STR_FMT "@" STR_FMT, STR_ARG(format), STR_ARG(buf_view(&time)));
	buf_release(&time);
	return told;
}

bool acquired_has(struct str all, struct str one)
{
	while (all.n)
		if (str_eq(str_cut(&all, ACQUIRED_SEPARATOR), one))
			return true;
	return false;
}

struct str acquired_join(struct arena *a, struct str all, struct str one)
{
	return all.n ? arena_printf(a, STR_FMT "%c" STR_FMT, STR_ARG(all), ACQUIRED_SEPARATOR,
			       STR_ARG(one))
		     : arena_dup(a, one);
}
