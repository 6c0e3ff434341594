/* The job names: names made comparable, which needs ICU's tables. */
#include "box/jobs.h"
#include "worker/job.h"

bool job_names(struct job *j)
{
	struct arena arena = {0};
	struct buf out = {0};
	struct str rest = j->raw;

	while (rest.n) {
		struct name_form f = name_form_of(&arena, str_cut(&rest, '\n'));
		name_form_pack(&f, &out);
		arena_rewind(&arena, (struct arena_mark){0});
		job_step(j);
	}
	return job_write(j, buf_view(&out));
}
