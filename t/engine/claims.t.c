/* When one speaker says two things that can't both be meant. */
#include "engine/claims.h"

#include "intel/said.h"
#include "t/tap.h"

struct said_case {
	const char *incident, *by, *about;
	enum claim_level level;
	enum claim_standing standing;
	enum claim_scale scale;
	int low, high;
};
#define PLAIN SCALE_NONE, -1, -1

static const struct {
	const char *what;
	struct said_case a, b;
	bool want;
} cases[] = {
	{"asserts and denies", {"i", "X", "APT1", LEVEL_STATE, STANDING_ASSESSMENT, PLAIN},
		{"i", "x.", "apt-1", LEVEL_STATE, STANDING_DENIAL, PLAIN}, true},
	{"denies at another level, the same name",
		{"i", "X", "APT1", LEVEL_STATE, STANDING_CHARGE, PLAIN},
		{"i", "X", "APT1", LEVEL_UNKNOWN, STANDING_DENIAL, PLAIN}, true},
	{"somebody else denies", {"i", "X", "APT1", LEVEL_STATE, STANDING_ASSESSMENT, PLAIN},
		{"i", "Y", "APT1", LEVEL_STATE, STANDING_DENIAL, PLAIN}, false},
	{"two incidents", {"i", "X", "APT1", LEVEL_STATE, STANDING_ASSESSMENT, PLAIN},
		{"j", "X", "APT1", LEVEL_STATE, STANDING_DENIAL, PLAIN}, false},
	{"no incident is no same one", {"", "X", "APT1", LEVEL_STATE, STANDING_ASSESSMENT, PLAIN},
		{"", "X", "APT1", LEVEL_STATE, STANDING_DENIAL, PLAIN}, false},
	{"two groups", {"i", "X", "APT1", LEVEL_INTRUSION_SET, STANDING_ASSESSMENT, PLAIN},
		{"i", "X", "APT2", LEVEL_INTRUSION_SET, STANDING_CHARGE, PLAIN}, true},
	{"two companies can have had a part",
		{"i", "X", "A", LEVEL_COMPANY, STANDING_SANCTION, PLAIN},
		{"i", "X", "B", LEVEL_COMPANY, STANDING_SANCTION, PLAIN}, false},
	{"a group and its company",
		{"i", "X", "A", LEVEL_INTRUSION_SET, STANDING_ASSESSMENT, PLAIN},
		{"i", "X", "B", LEVEL_COMPANY, STANDING_SANCTION, PLAIN}, false},
	{"a name and none", {"i", "X", "A", LEVEL_STATE, STANDING_ASSESSMENT, PLAIN},
		{"i", "X", "", LEVEL_STATE, STANDING_ASSESSMENT, PLAIN}, false},
	{"two reports say what is looked into",
		{"i", "X", "A", LEVEL_INTRUSION_SET, STANDING_REPORT, PLAIN},
		{"i", "X", "B", LEVEL_INTRUSION_SET, STANDING_REPORT, PLAIN}, false},
	{"ranges that don't meet",
		{"i", "X", "A", LEVEL_STATE, STANDING_ASSESSMENT, SCALE_PHIA, 55, 75},
		{"i", "X", "A", LEVEL_STATE, STANDING_ASSESSMENT, SCALE_PHIA, 80, 90}, true},
	{"ranges that touch",
		{"i", "X", "A", LEVEL_STATE, STANDING_ASSESSMENT, SCALE_ICD203, 55, 80},
		{"i", "X", "A", LEVEL_STATE, STANDING_ASSESSMENT, SCALE_ICD203, 80, 95}, false},
	{"ranges of two scales are not compared",
		{"i", "X", "A", LEVEL_STATE, STANDING_ASSESSMENT, SCALE_PHIA, 25, 35},
		{"i", "X", "A", LEVEL_STATE, STANDING_ASSESSMENT, SCALE_ICD203, 80, 95}, false},
	{"how sure the group is, and how sure the state",
		{"i", "X", "A", LEVEL_STATE, STANDING_ASSESSMENT, SCALE_PHIA, 25, 35},
		{"i", "X", "A", LEVEL_AGENCY, STANDING_ASSESSMENT, SCALE_PHIA, 80, 90}, false},
};

static struct claim claim_of(const struct said_case *s)
{
	struct claim c = claim_empty();

	c.incident = str_of(s->incident);
	c.by = str_of(s->by);
	c.about = str_of(s->about);
	c.level = s->level;
	c.standing = s->standing;
	c.scale = s->scale;
	c.low = s->low;
	c.high = s->high;
	return c;
}

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct claim a = claim_of(&cases[i].a), b = claim_of(&cases[i].b);
		printf("# %s\n", cases[i].what);
		ok(claims_contradict(&a, &b) == cases[i].want);
		ok(claims_contradict(&b, &a) == cases[i].want);
	}
	return tap_end();
}
