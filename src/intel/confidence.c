#include "intel/confidence.h"

/* STIX 2.1 appendix A: the value that each word stands for.  No word is in two with two values. */
static const struct {
	const char *word;
	int value;
} words[] = {
	{"none", 0},
	{"low", 15},
	{"med", 50},
	{"medium", 50},
	{"high", 85},

	{"1 - confirmed by other sources", 90},
	{"2 - probably true", 70},
	{"3 - possibly true", 50},
	{"4 - doubtful", 30},
	{"5 - improbable", 10},
	{"confirmed by other sources", 90},
	{"probably true", 70},
	{"possibly true", 50},
	{"doubtful", 30},

	{"impossible", 0},
	{"highly unlikely/almost certainly not", 10},
	{"highly unlikely", 10},
	{"almost certainly not", 10},
	{"unlikely/probably not", 30},
	{"unlikely", 30},
	{"probably not", 30},
	{"even chance", 50},
	{"likely/probable", 70},
	{"likely", 70},
	{"probable", 70},
	{"highly likely/almost certain", 90},
	{"certain", 100},

	{"almost no chance / remote", 5},
	{"very unlikely / highly improbable", 15},
	{"unlikely / improbable", 30},
	{"roughly even chance / roughly even odds", 50},
	{"likely / probable", 70},
	{"very likely / highly probable", 85},
	{"almost certain / nearly certain", 95},
};

int confidence_of_text(struct str s)
{
	uint64_t n;

	s = str_trim(s);
	if (str_u64(s, &n))
		return n <= 100 ? (int)n : -1;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (str_eq_nocase(s, str_of(words[i].word)))
			return words[i].value;
	}
	return -1;
}
