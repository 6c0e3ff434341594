/* The job people: a list of people, packed for the parent. */
#include "people/pack.h"
#include "worker/job.h"

bool job_people(struct job *j)
{
	struct arena arena = {0};
	struct people people;
	struct buf packed = {0};

	people_read(&arena, j->raw, j->description, &people);
	people_pack(&people, &packed);
	return job_write(j, buf_view(&packed));
}
