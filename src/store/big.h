#ifndef STORE_BIG_H
#define STORE_BIG_H

#include <stddef.h>

/*
 * Growing arrays like base/vec.h's, but large ones stand on huge pages: where pages are first
 * touched, small ones cost more than what is written to them.  Asking for huge pages is a hint;
 * nothing depends on getting them.
 */
void *big_grow(void *at, size_t n, size_t *cap, size_t size);
/* Room for n elements, whose content is lost when it has to be made. */
void *big_room(void *at, size_t n, size_t *cap, size_t size);
void big_free(void *at);
/* The same hint for memory of others. */
void big_advise(void *at, size_t bytes);

#define big_push(v)                                                                                \
	((v)->at = (v)->n < (v)->cap ? (v)->at                                                     \
				     : big_grow((v)->at, (v)->n, &(v)->cap, sizeof(*(v)->at)),     \
		(v)->at + (v)->n++)
#define big_release(v) (big_free((v)->at), (v)->at = NULL, (v)->n = (v)->cap = 0)

#endif
