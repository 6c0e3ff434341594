#ifndef TEXT_JSON_NUMBER_H
#define TEXT_JSON_NUMBER_H

#include <endian.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Bytes outside strings, and the numbers that they spell (RFC 8259 sections 2 and 6). */
enum { BLANK = 1, STRUCTURE = 2, DIGIT = 4, CLOSER = 8 };

/* clang-format off */
static const uint8_t class[256] = {
	[' '] = BLANK, ['\t'] = BLANK, ['\r'] = BLANK, ['\n'] = BLANK,
	['{'] = STRUCTURE, ['['] = STRUCTURE, [','] = STRUCTURE, [':'] = STRUCTURE,
	['}'] = STRUCTURE | CLOSER, [']'] = STRUCTURE | CLOSER, ['"'] = STRUCTURE,
	['0'] = DIGIT, ['1'] = DIGIT, ['2'] = DIGIT, ['3'] = DIGIT, ['4'] = DIGIT,
	['5'] = DIGIT, ['6'] = DIGIT, ['7'] = DIGIT, ['8'] = DIGIT, ['9'] = DIGIT,
};
/* clang-format on */

/* The end of the number at p, if a blank, a structure or `end` follows; else NULL. */
const char *json_number_end(const char *p, const char *end);

/* How many of the 8 bytes at p are digits, from the first on; without a branch per digit. */
static inline size_t json_digits8(const char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	v = le64toh(v) ^ UINT64_C(0x3030303030303030);
	/* Digits are 0 to 9 now: adding 0x76 sets no top bit, but for all else it or v has one. */
	v = (v | (v + UINT64_C(0x7676767676767676))) & UINT64_C(0x8080808080808080);
	return v ? (size_t)__builtin_ctzll(v) / 8 : 8;
}

#endif
