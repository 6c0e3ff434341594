#ifndef ENGINE_VIEW_H
#define ENGINE_VIEW_H

#include "engine/persons.h"

/* How what the lists say of one person becomes a person_view (persons.h). */
struct view_part {
	const struct list_version *list;
	struct person said; /* lives in the view's arena */
	uint32_t roles;
};

/* parts: what all lists say of her, at least one. */
void view_make(struct arena *a, const struct view_part *parts, size_t n, struct person_view *ret);

#endif
