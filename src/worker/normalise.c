/* The job normalise: what kinds of observables the values are that a person typed. */
#include "box/jobs.h"
#include "observe/value.h"
#include "worker/job.h"

bool job_normalise(struct job *j)
{
	struct arena arena = {0};
	struct buf out = {0};
	struct str rest = j->raw;

	for (uint32_t line = 0; rest.n; line++) {
		struct typed typed[VALUES_MAX];
		struct str value = str_cut(&rest, '\n');
		bool needs_idna;
		size_t n = value_types_with(&arena, idna_to_ascii, value, typed, &needs_idna);
		for (size_t i = 0; i < n; i++) {
			struct normalised one = {line, typed[i].sure, typed[i].o};
			normalised_pack(&one, &out);
		}
		arena_rewind(&arena, (struct arena_mark){0});
		job_step(j);
	}
	return job_write(j, buf_view(&out));
}
