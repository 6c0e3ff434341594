#ifndef BASE_VEC_H
#define BASE_VEC_H

#include <stddef.h>

/*
 * A growing array: struct { T *at; size_t n, cap; }.  An all-zero vec is empty.
 *
 *	VEC(struct flaw) found = {0};
 *	*vec_push(&found) = f;
 *	vec_release(&found);
 */
#define VEC(T)                                                                                     \
	struct {                                                                                   \
		T *at;                                                                             \
		size_t n, cap;                                                                     \
	}

#define vec_push(v)                                                                                \
	((v)->at = vec_grow((v)->at, (v)->n, &(v)->cap, sizeof(*(v)->at)), (v)->at + (v)->n++)

#define vec_release(v) (vec_free((v)->at), (v)->at = NULL, (v)->n = (v)->cap = 0)

/* Room for element n; grows by half.  No memory is a BUG. */
void *vec_grow(void *at, size_t n, size_t *cap, size_t size);
void vec_free(void *at);

#endif
