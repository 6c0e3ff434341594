/* The job look: one mail's facts, and what they mean; the description has own domains, a line each. */
#include "base/limits.h"
#include "base/vec.h"
#include "mail/facts.h"
#include "mail/look.h"
#include "worker/job.h"

bool job_look(struct job *j)
{
	VEC(struct str) own = {0};
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws = {.at = room};
	struct buf facts = {0}, out = {0};
	struct jsonw w = jsonw_of(&out);
	struct str rest = j->description;

	while (rest.n)
		*vec_push(&own) = str_cut(&rest, '\n');
	job_step(j);
	/* FACTS */
	jsonw_open(&w, '{');
	if (!mail_look(buf_view(&facts), &(struct look_options){own.at, own.n}, &w))
		return false;
	jsonw_key(&w, "facts");
	jsonw_raw(&w, buf_view(&facts));
	jsonw_close(&w, '}');
	return job_write(j, buf_view(&out));
}
