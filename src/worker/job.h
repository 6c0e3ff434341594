#ifndef WORKER_JOB_H
#define WORKER_JOB_H

#include "base/buf.h"
#include "base/err.h"
#include "box/protocol.h"
#include "read/reader.h"

/*
 * One job in a child.  raw and description are hostile; the child dies with the job, so nothing
 * need be freed.
 */
struct job {
	const struct formats *formats;
	struct mail_options mail;
	struct str raw, description;
	uint64_t output_room;
	uint64_t output_len; /* written so far */
	struct box_progress *progress;
};

/* Appends to the output region; false: there is no more room (BOX_REFUSED). */
MUST bool job_write(struct job *j, struct str bytes);

/* Writes to the pipe of a job that has one (arg: the job); false: nobody reads it any more. */
bool job_pipe(void *arg, struct str bytes);

static inline void job_step(struct job *j)
{
	j->progress->record++;
}

/* Each returns false if the job makes no sense or its output doesn't fit. */
bool job_parse(struct job *j);
bool job_render(struct job *j);
bool job_scan(struct job *j);
bool job_decode(struct job *j);
bool job_unpack(struct job *j);
bool job_intel(struct job *j);
bool job_normalise(struct job *j);
bool job_names(struct job *j);
bool job_formats(struct job *j);
bool job_people(struct job *j);
bool job_look(struct job *j);
bool job_rule(struct job *j);
bool job_search(struct job *j);
bool job_detect(struct job *j);
bool job_combine(struct job *j);
bool job_try(struct job *j);

#endif
