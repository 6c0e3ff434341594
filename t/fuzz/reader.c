#include "t/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/limits.h"
#include "read/cutter.h"
#include "read/reader.h"

struct seen {
	uint64_t at;
	uint32_t len, content;
	struct event_id id;
	bool has_event, flawed;
};

struct list {
	struct seen at[4096];
	size_t n;
	bool flawed;
};

static struct formats *formats(void)
{
	static struct formats *f;
	const char *const folders[] = {"formats"};
	struct err err = {0};

	if (!f && (!formats_load(folders, 1, &f, &err) || !formats_count(f))) {
		fprintf(stderr, "run this where formats/ is: %s\n", err.msg);
		exit(2);
	}
	return f;
}

static void check_record(const struct record *r, struct str raw, uint64_t end_of_last)
{
	if (r->span.off < end_of_last || (uint64_t)r->span.off + r->span.len > raw.n)
		BUG("a span outside, or out of order");
	if (r->flaws.n > LIMIT_FLAWS_PER_RECORD)
		BUG("too many flaws");
	for (uint32_t i = 0; r->has_event && i < r->event.n_values; i++) {
		const struct value *v = &r->event.values[i];
		if ((uint64_t)v->offset + v->length > r->span.len)
			BUG("a value outside of its record");
		if (v->field > FIELDS || v->text.n == 0)
			BUG("an empty value");
		/* Every byte can be read. */
		volatile char last = v->text.p[v->text.n - 1];
		(void)last;
	}
}

static void note(struct list *l, const struct record *r, uint64_t offset)
{
	l->flawed |= r->flaws.n > 0;
	if (l->n == sizeof(l->at) / sizeof(l->at[0]))
		return;
	l->at[l->n++] = (struct seen){.at = offset + r->span.off,
		.len = r->span.len,
		.content = r->has_event ? r->event.content : 0,
		.id = r->has_event ? r->event.id : (struct event_id){{0}},
		.has_event = r->has_event,
		.flawed = r->flaws.n > 0};
}

static void read_all(struct str source, size_t batch, struct list *ret)
{
	struct cutter *c = cutter_new(str_upto(source, LIMIT_PREAMBLE_BYTES));
	struct reader *r = reader_new(formats());
	size_t n;

	ret->n = 0;
	ret->flawed = false;
	cutter_batch_bytes(c, batch);
	for (; (n = cutter_cut(c, source, true)) > 0; source = str_from(source, n)) {
		struct batch_head head = {.decoding = STR(""), .forced = STR("")};
		struct str raw = str_upto(source, n);
		struct record rec;
		uint64_t end = 0;
		cutter_head(c, &head);
		reader_begin(r, &head, raw);
		while (reader_next(r, &rec)) {
			check_record(&rec, raw, end);
			end = (uint64_t)rec.span.off + rec.span.len;
			note(ret, &rec, head.source_offset);
		}
	}
	reader_free(r);
	cutter_free(c);
}

/* Any bytes as a line that stands for a mail: a batch may come from a worker that was taken over. */
static void read_as_facts(struct str line)
{
	struct batch_head head = {.framing = FRAMING_FACTS, .decoding = STR(""), .forced = STR("")};
	struct reader *r = reader_new(formats());
	struct record rec;

	(void)reader_one(r, &head, line, &rec);
	check_record(&rec, line, 0);
	reader_free(r);
}

/* The bytes as one mail, whole and reduced: the same event, the same flaws. */
static void read_reduced(struct str raw)
{
	struct batch_head head = {.framing = FRAMING_MAIL, .decoding = STR(""), .forced = STR("")};
	struct reader *r = reader_new(formats());
	struct record rec;
	struct buf facts = {0};
	struct str line;
	bool whole;

	reader_begin(r, &head, raw);
	if (reader_reduce(r, &rec, &line, &whole))
		buf_str(&facts, line);
	if (facts.n) {
		struct seen mail = {0}, reduced = {0};
		uint32_t n_flaws;
		if (reader_one(r, &head, raw, &rec))
			mail = (struct seen){.content = rec.event.content, .id = rec.event.id};
		n_flaws = rec.flaws.n;
		head.framing = FRAMING_FACTS;
		if (reader_one(r, &head, buf_view(&facts), &rec))
			reduced = (struct seen){.content = rec.event.content, .id = rec.event.id};
		if (mail.content != reduced.content || n_flaws != rec.flaws.n ||
			memcmp(&mail.id, &reduced.id, sizeof(mail.id)) != 0)
			BUG("a mail's facts are another event than the mail");
	}
	buf_release(&facts);
	reader_free(r);
}

/*
 * Each record's place and values lie where they must; and where nothing is wrong with a source,
 * small batches give the same records and events as one large one.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct list one, many;
	struct str source = {(const char *)data, size};

	if (size > (64u << 10))
		return 0;
	read_as_facts(source);
	read_reduced(source);
	read_all(source, LIMIT_BATCH_BYTES, &one);
	read_all(source, 1 + size / 3, &many);
	if (one.flawed || many.flawed)
		return 0;
	if (one.n != many.n)
		BUG("%zu records, and %zu in small batches", one.n, many.n);
	for (size_t i = 0; i < one.n; i++)
		if (one.at[i].at != many.at[i].at || one.at[i].len != many.at[i].len ||
			one.at[i].content != many.at[i].content ||
			memcmp(&one.at[i].id, &many.at[i].id, sizeof(one.at[i].id)) != 0)
			BUG("record %zu differs in small batches", i);
	return 0;
}
