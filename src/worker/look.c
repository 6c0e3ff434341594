/* The job look: one mail's facts, and what they mean; the description has own domains, a line each. */
#include "mail/look.h"

#include "base/limits.h"
#include "base/vec.h"
#include "mail/facts.h"
#include "read/mbox.h"
#include "worker/job.h"

/* Of an mbox the first mail: who hands over more wants one answered, not none. */
static struct str first_mail(struct str raw)
{
	return mbox_begins(raw) ? str_upto(raw, mbox_next(raw, 1)) : raw;
}

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
	mail_facts(mail_new(), first_mail(j->raw), &j->mail, &facts, &flaws);
	jsonw_open(&w, '{');
	if (!mail_look(buf_view(&facts), &(struct look_options){own.at, own.n}, &w))
		return false;
	jsonw_key(&w, "flaws");
	jsonw_open(&w, '[');
	for (uint32_t i = 0; i < flaws.n; i++)
		jsonw_text(&w, flaw_name(flaws.at[i].code));
	jsonw_close(&w, ']');
	jsonw_key(&w, "facts");
	jsonw_raw(&w, buf_view(&facts));
	jsonw_close(&w, '}');
	return job_write(j, buf_view(&out));
}
