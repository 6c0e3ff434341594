/* The job scan: which records, and which bytes between them, hold a value. */
#include "base/limits.h"
#include "box/jobs.h"
#include "observe/observe.h"
#include "read/reader.h"
#include "worker/hooks.h"
#include "worker/job.h"
#include "worker/needle.h"

struct scan_state {
	struct job *job;
	struct scan_job in;
	struct needles needles;
	struct reader *reader;
	struct observer *observer;
	struct mail *mail;
	size_t next_unread; /* places come in ascending order */
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

static bool is_unread(struct scan_state *s, size_t place)
{
	if (s->next_unread == s->in.n_unread || s->in.unread[s->next_unread] != place)
		return false;
	s->next_unread++;
	return true;
}

static bool text_holds(void *arg, struct str text)
{
	struct scan_state *s = arg;

	return needles_in(&s->needles, text);
}

/* In a mail a value may stand in base64, or in another character set. */
static bool mail_holds(struct scan_state *s, struct str raw)
{
	uint8_t framing = s->in.head.framing;

	if (framing != FRAMING_MBOX && framing != FRAMING_MAIL)
		return false;
	if (!s->mail)
		s->mail = mail_new();
	return mail_texts(s->mail, raw, text_holds, s);
}

static bool record_holds(struct scan_state *s, struct str raw)
{
	hook_record(raw);
	return needles_in(&s->needles, raw) ||
	       (raw.n && (mail_holds(s, raw) || observed_in(s, raw)));
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
	reader_mail(s.reader, &j->mail);
	s.observer = observer_new();
	needles_init(&s.needles, &arena, s.in.values, s.in.n_values);
	for (size_t i = 0; i < s.in.n_records; i++) {
		struct span at = s.in.records[i];
		if (at.off > j->raw.n || at.len > j->raw.n - at.off)
			return false;
		j->progress->record = (uint32_t)i;
		struct str raw = between(j->raw, at.off, (uint64_t)at.off + at.len);
		bool unread = is_unread(&s, i);
		buf_putc(&gaps, unread || needles_in(&s.needles, between(j->raw, end, at.off)));
		buf_putc(&records, unread || record_holds(&s, raw));
		end = (uint64_t)at.off + at.len;
	}
	j->progress->record = (uint32_t)s.in.n_records;
	buf_putc(&gaps, is_unread(&s, s.in.n_records) ||
				needles_in(&s.needles, between(j->raw, end, j->raw.n)));
	/* What happens from here on is no record's fault. */
	j->progress->record = UINT32_MAX;
	return job_write(j, buf_view(&records)) && job_write(j, buf_view(&gaps));
}
