#ifndef PEOPLE_PLAIN_H
#define PEOPLE_PLAIN_H

#include "people/draft.h"
#include "people/sheet.h"

/* CSV that people write themselves (spoor-people(5), "Plain CSV"). */
bool plain_is_header(const struct str *cells, size_t n);
void plain_sheet(struct draft *d, struct sheet *s, const struct str *header, size_t n);

#endif
