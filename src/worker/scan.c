/* The job scan: which records, and which bytes between them, hold a value. */
#include "base/limits.h"
#include "box/jobs.h"
#include "observe/observe.h"
#include "read/reader.h"
#include "worker/job.h"
#include "worker/needle.h"

struct scan_state {
	struct job *job;
	struct scan_job in;
	struct needles needles;
	struct reader *reader;
	struct observer *observer;
};

/* Spellings that only their normal form tells: an address, a name, an encoded URL. */
static bool observed_in(struct scan_state *s, struct str raw)
{
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct record rec = {.flaws = {.at = room}};

	if (!reader_one(s->reader, &s->in.head, raw, &rec) || !rec.has_event)
		return false;
	struct observed seen = observe_event(s->observer, &rec.event, &rec.flaws);
	for (uint32_t i = 0; i < seen.n; i++)
		if (needles_in_observable(&s->needles, seen.at[i].o))
			return true;
	return false;
}

static struct str between(struct str raw, uint64_t from, uint64_t to)
{
	return (struct str){raw.p + from, to - from};
}

bool job_scan(struct job *j)
{
	struct scan_state s = {.job = j};
	struct arena arena = {0};
	struct buf records = {0}, gaps = {0};
	uint64_t end = 0;

	if (!scan_job_unpack(&arena, j->description, &s.in))
		return false;
	s.reader = reader_new(j->formats);
	s.observer = observer_new();
	needles_init(&s.needles, &arena, s.in.values, s.in.n_values);
	for (size_t i = 0; i < s.in.n_records; i++) {
		struct span at = s.in.records[i];
		if (at.off > j->raw.n || at.len > j->raw.n - at.off)
			return false;
		j->progress->record = (uint32_t)i;
		struct str raw = between(j->raw, at.off, (uint64_t)at.off + at.len);
		buf_putc(&gaps, needles_in(&s.needles, between(j->raw, end, at.off)));
		buf_putc(&records, needles_in(&s.needles, raw) || (raw.n && observed_in(&s, raw)));
		end = (uint64_t)at.off + at.len;
	}
	buf_putc(&gaps, needles_in(&s.needles, between(j->raw, end, j->raw.n)));
	return job_write(j, buf_view(&records)) && job_write(j, buf_view(&gaps));
}
