#ifndef INTEL_COUNTRY_H
#define INTEL_COUNTRY_H

#include "base/str.h"

/*
 * The ISO 3166 code of a country as lists write it ("cn", "China", "Korea, North"); "" for what isn't
 * known here.  Only what lists of designated parties name often: two that are unknown are not
 * compared.
 */
struct str country_code(struct str s);

#endif
