#ifndef UNPACK_SEEN_H
#define UNPACK_SEEN_H

#include <stdbool.h>
#include <stdint.h>

/* A set of numbers but 0, against containers whose tree leads in circles. */
struct seen;

struct seen *seen_new(void);
void seen_free(struct seen *s);
bool seen_add(struct seen *s, uint32_t v); /* false: it was there */

#endif
