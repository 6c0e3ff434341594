#ifndef RULE_SIGMA_ENCODE_H
#define RULE_SIGMA_ENCODE_H

#include "rule/glob.h"

/* The modifiers that change how a value is written (Modifiers Appendix 2.1.0, "Encoding"). */
enum sigma_encoding {
	SIGMA_BASE64,
	SIGMA_BASE64_OFFSET, /* at each of three places in the groups of three bytes */
	SIGMA_UTF16LE,
	SIGMA_UTF16BE,
	SIGMA_UTF16, /* little-endian with its mark */
};

/*
 * Returns how many forms there are, at most 3; 0 with *ret_why what it wants instead.
 */
size_t sigma_encode(struct arena *a, enum sigma_encoding e, const struct glob *g,
	struct glob ret_forms[3], struct str *ret_why);

#endif
