#ifndef ENGINE_NAMER_H
#define ENGINE_NAMER_H

#include "base/arena.h"

/* Who gives actors names: engine/namers.def, and what is made of texts that it doesn't have. */
struct catalogue {
	struct str fold;      /* as catalogues are compared */
	struct str publisher; /* whose word it is: an origin */
	bool apart;           /* two entries of it are meant as two actors */
	bool anchor;          /* nobody else alone makes one of two groups that have it */
	int confidence;       /* 0 to 100: of an alias to which it gives none */
};

/*
 * is: what the source calls the node.  A line of aliases in a list ("aliases") is no more than that,
 * whoever made the list.  Texts are copied into the arena, or constants.
 */
struct catalogue catalogue_of(struct arena *a, struct str origin, struct str is);
/* The origin that a text such as "FireEye APT40 March 2019" names; "" of "". */
struct str publisher_of(struct arena *a, struct str who);
/*
 * A folded name that says nothing of who it is: no letter or digit, a number, one or two letters,
 * a word that stands in all lists.
 */
bool name_is_generic(struct str fold);

#endif
