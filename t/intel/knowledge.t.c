/* The pack that comes with spoor: each claim has its speaker, day and citation, and none is lost. */
#include "t/intel/data.h"

/* Counted in the files: awk '/^- id/' in the sections, and by standing. */
static const struct {
	const char *file;
	size_t actors, incidents, claims, denials, charges, sanctions, counters;
} files[] = {
	{"knowledge/actors.yaml", 16, 0, 0, 0, 0, 0, 0},
	{"knowledge/cases-2024.yaml", 0, 5, 34, 6, 4, 4, 1},
	{"knowledge/cases-other.yaml", 0, 8, 17, 3, 3, 0, 0},
};

static size_t nodes_of(const struct said *s, enum node_type type)
{
	size_t n = 0;

	for (size_t i = 0; i < s->nodes.n; i++)
		n += s->nodes.at[i].type == type;
	return n;
}

static size_t claims_of(const struct said *s, enum claim_standing standing)
{
	size_t n = 0;

	for (size_t i = 0; i < s->claims.n; i++)
		n += s->claims.at[i].standing == standing;
	return n;
}

/* A denial answers somebody, and is the accused's. */
static bool denial_is_whole(const struct claim *c)
{
	return c->standing != STANDING_DENIAL || (c->of.n && c->speaker == SPEAKER_ACCUSED);
}

static void test_claims(const struct said *s)
{
	for (size_t i = 0; i < s->claims.n; i++) {
		const struct claim *c = &s->claims.at[i];
		bool whole = c->by.n && c->text.n && c->incident.n && when_known(c->said) &&
			     c->speaker != SPEAKER_UNKNOWN && c->shown != SHOWN_UNKNOWN;
		/* Who, where and how far it was checked. */
		bool cited =
			c->reference.n && (str_ends(c->reference, STR("(checked: source)")) ||
						  str_ends(c->reference, STR("(checked: quoted)")));
		/* A word that its scale doesn't have would be a slip of ours. */
		bool ranged = c->scale != SCALE_PHIA || (c->low >= 0 && c->high >= c->low);
		if (!ok(whole && cited && ranged && denial_is_whole(c)))
			printf("# " STR_FMT "\n", STR_ARG(c->id));
	}
}

static const struct claim *find(const struct said *s, struct str id)
{
	for (size_t i = 0; i < s->claims.n; i++) {
		if (str_eq(s->claims.at[i].id, id))
			return &s->claims.at[i];
	}
	return NULL;
}

/* METHODS of the case: two British cases, one of them without a name. */
static void test_two_cases(const struct said *s)
{
	const struct claim *mps = find(s, STR("uk-ncsc-parliament"));
	const struct claim *commission = find(s, STR("uk-ncsc-electoral"));

	if (!ok(mps && commission))
		return;
	ok(!str_eq(mps->incident, commission->incident));
	eq_str(mps->about, STR("APT31"));
	ok(mps->low == 95 && mps->high == 100);
	eq_str(commission->about, STR(""));
	for (size_t i = 0; i < s->claims.n; i++) {
		const struct claim *c = &s->claims.at[i];
		if (str_eq(c->incident, commission->incident))
			ok(str_find(c->about, STR("APT")) == c->about.n);
	}
}

static void test_file(size_t i)
{
	struct arena a = {0};
	struct buf bytes = {0};
	struct intel in;
	struct err err;

	if (!ok(file_read(AT_FDCWD, files[i].file, LIMIT_INTEL_BYTES, &bytes, &err)))
		return;
	printf("# %s\n", files[i].file);
	intel_read(&a, buf_view(&bytes), str_of(files[i].file), &in);
	eq_str(in.kind, STR("claims"));
	ok(in.title.n > 0 && in.indicators.n == 0);
	for (size_t k = 0; k < in.skipped.n; k++)
		printf("# %u " STR_FMT ": " STR_FMT "\n", in.skipped.at[k].line,
			STR_ARG(in.skipped.at[k].what), STR_ARG(in.skipped.at[k].why));
	ok(in.skipped.n == 0);
	ok(nodes_of(&in.said, NODE_ACTOR) == files[i].actors);
	ok(nodes_of(&in.said, NODE_INCIDENT) == files[i].incidents);
	ok(in.said.claims.n == files[i].claims);
	ok(claims_of(&in.said, STANDING_DENIAL) == files[i].denials);
	ok(claims_of(&in.said, STANDING_CHARGE) == files[i].charges);
	ok(claims_of(&in.said, STANDING_SANCTION) == files[i].sanctions);
	ok(claims_of(&in.said, STANDING_COUNTER) == files[i].counters);
	test_claims(&in.said);
	if (strcmp(files[i].file, "knowledge/cases-2024.yaml") == 0)
		test_two_cases(&in.said);
	intel_release(&in);
	buf_release(&bytes);
	arena_release(&a);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		test_file(i);
	return tap_end();
}
