#include "engine/markings.h"

#include "casedb/knowledge.h"
#include "intel/marking.h"

struct defined {
	struct str label;
	bool found;
};

static bool take(void *arg, int64_t source, const struct node *n)
{
	struct defined *d = arg;

	(void)source;
	if (n->type != NODE_MARKING)
		return true;
	d->label = marking_stricter(d->label, marking_of_text(n->marking));
	d->found = true;
	return true;
}

static struct str label_of(struct casedb *db, int64_t source, struct str word)
{
	struct defined d = {.label = STR("")};
	struct err err = {0};

	if (!marking_is_open(word))
		return marking_of_text(word);
	if (!casedb_node_find(db, source, word, take, &d, &err) || !d.found)
		return STR("TLP:RED");
	return d.label;
}

struct str markings_label(struct casedb *db, int64_t source, struct str marking)
{
	struct str all = STR("");

	if (!marking_is_open(marking))
		return marking;
	while (marking.n)
		all = marking_stricter(all, label_of(db, source, str_cut(&marking, ' ')));
	return all;
}
