/* The job render: records of a batch as lines of JSON, in the order asked for. */
#include "base/limits.h"
#include "worker/ecs.h"
#include "worker/job.h"

/* One line per item, whatever the record is, because the parent counts on it. */
bool job_render(struct job *j)
{
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct arena arena = {0};
	struct render_job in;
	struct buf line = {0};

	if (!render_job_unpack(&arena, j->description, &in))
		return false;
	struct reader *r = reader_new(j->formats);
	reader_mail(r, &j->mail);
	struct ecs ecs = {j->formats, observer_new(), in.source};
	for (size_t i = 0; i < in.n_items; i++) {
		const struct render_item *it = &in.items[i];
		if (it->off > j->raw.n || it->len > j->raw.n - it->off)
			return false;
		j->progress->record = (uint32_t)i;
		struct record rec = {.flaws = {.at = room}};
		struct str raw = {j->raw.p + it->off, it->len};
		(void)reader_one(r, &in.head, raw, &rec);
		buf_clear(&line);
		ecs_line(&ecs, &rec, it, &line);
		if (!job_write(j, buf_view(&line)))
			return false;
	}
	return true;
}
