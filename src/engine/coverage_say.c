#include "engine/coverage.h"

void stream_name(struct str format, struct str organisation, struct buf *out)
{
	buf_str(out, format);
	if (organisation.n) {
		buf_putc(out, '/');
		buf_str(out, organisation);
	}
}

static void json_name(const struct stream_coverage *s, struct jsonw *w)
{
	struct buf name = {0};

	stream_name(s->format, s->organisation, &name);
	jsonw_member_str(w, "stream", buf_view(&name));
	buf_release(&name);
}

static void json_blind(
	const struct stream_coverage *s, int64_t from, int64_t to, struct str why, struct jsonw *w)
{
	jsonw_open(w, '{');
	json_name(s, w);
	jsonw_member_when(w, "from", from);
	jsonw_member_when(w, "to", to);
	jsonw_member_str(w, "why", why);
	jsonw_close(w, '}');
}

void coverage_blind(const struct coverage *c, int64_t from, int64_t to, struct jsonw *w)
{
	jsonw_open(w, '[');
	for (size_t i = 0; i < c->streams.n; i++) {
		const struct stream_coverage *s = &c->streams.at[i];
		int64_t first, last;
		if (!stream_seen(s, &first, &last)) {
			json_blind(s, INT64_MIN, INT64_MIN, STR("its events have no trusted times"),
				w);
			continue;
		}
		if (from < first)
			json_blind(s, from, first, STR("before its first record"), w);
		if (to > last)
			json_blind(s, last, to == INT64_MAX ? INT64_MIN : to,
				STR("after its last record"), w);
		for (size_t k = 0; k < s->gaps.n; k++)
			if (s->gaps.at[k].to >= from && s->gaps.at[k].from <= to)
				json_blind(s, s->gaps.at[k].from, s->gaps.at[k].to,
					s->gaps.at[k].why, w);
		if (!s->judged)
			json_blind(s, s->first, s->last,
				STR("less than 28 days of history: too little to judge gaps"), w);
	}
	if (c->streams.n == 0) {
		static const struct stream_coverage none;
		json_blind(&none, INT64_MIN, INT64_MIN, STR("nothing has been ingested"), w);
	}
	jsonw_close(w, ']');
}

static void json_asked(const struct stream_coverage *s, struct jsonw *w)
{
	jsonw_key(w, "asked");
	jsonw_open(w, '[');
	for (size_t i = 0; i < s->asked.n; i++) {
		const struct asked_range *r = &s->asked.at[i];
		jsonw_open(w, '{');
		jsonw_member_when(w, "from", r->from);
		jsonw_member_when(w, "to", r->to);
		if (r->counted)
			jsonw_member_u64(w, "count", r->count);
		jsonw_member_u64(w, "records", r->records);
		jsonw_key(w, "complete");
		jsonw_bool(w, r->whole);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

void coverage_json(const struct stream_coverage *s, struct jsonw *w)
{
	jsonw_open(w, '{');
	json_name(s, w);
	jsonw_member_str(w, "format", s->format);
	jsonw_member_str(w, "organisation", s->organisation);
	jsonw_member_str(w, "version", s->version);
	jsonw_member_when(w, "first", s->first);
	jsonw_member_when(w, "last", s->last);
	jsonw_member_u64(w, "records", s->records);
	jsonw_key(w, "judged");
	jsonw_bool(w, s->judged);
	jsonw_key(w, "mixed_versions");
	jsonw_bool(w, s->mixed_versions);
	jsonw_key(w, "gaps");
	jsonw_open(w, '[');
	for (size_t i = 0; i < s->gaps.n; i++) {
		jsonw_open(w, '{');
		jsonw_member_when(w, "from", s->gaps.at[i].from);
		jsonw_member_when(w, "to", s->gaps.at[i].to);
		jsonw_member_str(w, "why", s->gaps.at[i].why);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
	json_asked(s, w);
	jsonw_key(w, "missing");
	jsonw_open(w, '[');
	for (size_t i = 0; i < s->missing.n; i++)
		jsonw_str(w, s->missing.at[i]);
	jsonw_close(w, ']');
	jsonw_close(w, '}');
}
