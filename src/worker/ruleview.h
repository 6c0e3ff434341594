#ifndef WORKER_RULEVIEW_H
#define WORKER_RULEVIEW_H

#include "read/reader.h"
#include "rule/eval.h"
#include "rule/view.h"

/* Shows rules what a reader reads: the record's own fields, then the event's in normal form. */
struct rule_view {
	struct view *of;    /* of the event at hand: what eval_begin gave before it is read */
	struct eval *eval;  /* who is shown the bytes of mails, too; NULL: nobody */
	bool facts;         /* records are facts of mails, which say what was seen in those */
	struct arena arena; /* of what they say, of the record at hand */
	const struct fields *fields; /* whose nodes these are, of ECS's names */
	uint32_t nodes[FIELDS];
	struct listener listener;
};

/* From now on the reader's records are shown; v must live as long. */
void rule_view_listen(struct rule_view *v, struct reader *r);
/* The event in normal form, too: rules may ask for names of ECS. */
void rule_view_event(struct rule_view *v, const struct event *e);

#endif
