#ifndef RULE_NUMBER_H
#define RULE_NUMBER_H

#include "base/str.h"

/* A number and nothing else but blanks around it; what no double holds is none. */
bool number_of(struct str s, double *ret);

#endif
