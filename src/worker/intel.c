/* The job intel: a file of indicators, packed for the parent. */
#include "intel/pack.h"
#include "worker/job.h"

bool job_intel(struct job *j)
{
	struct arena arena = {0};
	struct intel in = {0};
	struct buf packed = {0};

	intel_read(&arena, j->raw, j->description, &in);
	intel_pack(&in, &packed);
	return job_write(j, buf_view(&packed));
}
