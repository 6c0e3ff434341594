/* Files of claims, good and bad: spoor-claims(5). */
#include "t/intel/data.h"

#define HEAD "spoor-claims: 1\nas-of: 2024-12-31\n"
#define ONE HEAD "claims:\n- {id: a, by: X, said: 2024-03-25, standing: charge, text: t"

static const struct {
	const char *name, *text, *want;
} cases[] = {
	{"one claim", ONE "}\n", "4\" unknown X: charge of \n"},
	{"everything of a claim",
		HEAD "claims:\n- id: a\n  by: X\n  speaker: ally\n  said: 2024-03-25T10:00:00Z\n"
		     "  incident: i\n  about: APT31\n  level: company\n  standing: sanction\n"
		     "  scale: phia\n  words: almost certain\n  text: t\n  shown: none\n"
		     "  reference: {title: T, by: P, date: 2024-03, address: 'https://x.example', "
		     "checked: quoted}\n  marking: green\n",
		"4\" ally X: sanction of APT31\n"},
	{"JSON",
		"{\"spoor-claims\": 1, \"as-of\": \"2024-12-31\",\n \"claims\": [{\"id\": \"a\", "
		"\"by\": \"X\", \"said\": \"2024-03-25\", \"standing\": \"denial\", \"text\": "
		"\"\\u4e2d\"}]}\n",
		"2\" unknown X: denial of \n"},
	{"JSON over lines",
		"{\n\t\"spoor-claims\": 1,\n\t\"as-of\": \"2024-12-31\",\n\t\"claims\": []\n}\n",
		""},
	{"comments in front", "# a\n\n---\n" ONE "}\n", "7\" unknown X: charge of \n"},
	{"actors and incidents",
		HEAD
		"incidents:\n- {id: i, name: n, from: 2021, to: 2021}\n"
		"actors:\n- name: A\n  by: V\n  names:\n  - {name: B, by: W, sure: 80}\n  - C\n"
		"  sectors: [government]\n  confused-with:\n  - {name: D, why: tools}\n",
		"4* incident n\n6* actor A\n= actor:A A (V)\n= actor:A B (W)\n= actor:A C ()\n"
		"- actor:A targets sector:government\n- actor:A confused-with actor:D\n"},
	{"answers a later one",
		ONE ", of: b}\n- {id: b, by: Y, said: 2024-03-24, standing: denial, text: t}\n",
		"4\" unknown X: charge of \n5\" unknown Y: denial of \n"},
	{"several documents", ONE "}\n---\n" HEAD "claims: []\n", "4\" unknown X: charge of \n"},

	{"a date that no calendar has",
		HEAD "claims:\n- {id: a, by: X, said: 1970-13-40, standing: charge, text: t}\n",
		"4! a: 'said' must be a day or a time, not '1970-13-40'\n"},
	{"29 February of no leap year",
		HEAD "claims:\n- {id: a, by: X, said: 2023-02-29, standing: charge, text: t}\n",
		"4! a: 'said' must be a day or a time, not '2023-02-29'\n"},
	{"a month is no day",
		HEAD "claims:\n- {id: a, by: X, said: 2024-03, standing: charge, text: t}\n",
		"4! a: 'said' must be a day or a time, not '2024-03'\n"},
	{"from the future",
		HEAD "claims:\n- {id: a, by: X, said: 2099-01-01, standing: charge, text: t}\n",
		"4! a: said on 2099-01-01, which is after the file's 'as-of'\n"},
	{"the last day counts",
		HEAD "claims:\n- {id: a, by: X, said: 2024-12-31T23:59:59Z, standing: charge, "
		     "text: t}\n",
		"4\" unknown X: charge of \n"},
	{"no date", HEAD "claims:\n- {id: a, by: X, standing: charge, text: t}\n",
		"4! a: 'said' must be a day or a time, not ''\n"},
	{"ends before it begins",
		HEAD "incidents:\n- {id: i, name: n, from: 2022-10, to: 2021-08}\n",
		"4* incident n\n4! i: ends before it begins; kept without dates\n"},
	{"begins in the future", HEAD "incidents:\n- {id: i, name: n, from: 2099}\n",
		"4* incident n\n4! i: begins after the file's 'as-of'; kept without dates\n"},
	{"impossible dates of an incident", HEAD "incidents:\n- {id: i, name: n, from: 2021-13}\n",
		"4* incident n\n4! i: no date in 'from' or 'to'; kept without\n"},
	{"impossible date of a reference", ONE ", reference: {title: T, date: 1970-13-40}}\n",
		"4\" unknown X: charge of \n"
		"4! 1970-13-40: no date; the reference is kept without it\n"},
	{"a word of another scale", ONE ", scale: icd203, words: realistic possibility}\n",
		"4\" unknown X: charge of \n4! a: 'realistic possibility' is no word of icd203; "
		"kept without a range\n"},
	{"no such level", ONE ", level: planet}\n", "4! a: 'planet' is no level\n"},
	{"no such standing",
		HEAD "claims:\n- {id: a, by: X, said: 2024-03-25, standing: rumour, text: t}\n",
		"4! a: 'rumour' is no standing\n"},
	{"no standing", HEAD "claims:\n- {id: a, by: X, said: 2024-03-25, text: t}\n",
		"4! a: '' is no standing\n"},
	{"no such scale", ONE ", scale: richter}\n", "4! a: 'richter' is no scale\n"},
	{"no such speaker", ONE ", speaker: oracle}\n", "4! a: 'oracle' is no speaker\n"},
	{"nobody said it",
		HEAD "claims:\n- {id: a, said: 2024-03-25, standing: charge, level: state, text: "
		     "t}\n",
		"4! a: 'by' is missing\n"},
	{"no id", HEAD "claims:\n- {by: X, said: 2024-03-25, standing: charge, text: t}\n",
		"4! : a claim needs an id of at most 200 bytes\n"},
	{"an id twice, in a line too",
		ONE "}\n- {id: a, by: Y, said: 2024-03-25, standing: charge, text: t}\n",
		"4\" unknown X: charge of \n5! a: line 4 has a claim of this id\n"},
	{"answers nobody", ONE ", of: z}\n",
		"4\" unknown X: charge of \n"
		"4! a: answers 'z', which isn't in this file; kept\n"},
	{"a misspelt key", ONE ", wrods: w}\n",
		"4\" unknown X: charge of \n4! wrods: no key of spoor-claims(5) in this place\n"},
	{"a list where a text is expected", ONE ", about: [a]}\n",
		"4\" unknown X: charge of \n4! about: a text is expected\n"},
	{"claims that are none", HEAD "claims: 7\nactors: [7, []]\n",
		"4! 7: no 'actors' but something else\n4! : no 'actors' but something else\n"
		"3! claims: a list is expected\n"},
	{"a version of tomorrow", "spoor-claims: 2\nas-of: 2024-12-31\nclaims: []\n",
		"1! 2: no version of spoor-claims(5) that this spoor reads\n"},
	{"as of no day", "spoor-claims: 1\nas-of: 2024-13-01\nclaims: []\n",
		"1! 2024-13-01: 'as-of' must be the day up to which the file holds\n"},
	{"as of nothing", "spoor-claims: 1\nclaims: []\n",
		"1! : 'as-of' must be the day up to which the file holds\n"},
	{"not YAML", HEAD "claims: [\n",
		"4! file: not YAML: did not find expected node content; nothing of this document "
		"is "
		"read\n"},
	{"cut in the second document", ONE "}\n---\n" HEAD "claims:\n- {id: b\n",
		"4\" unknown X: charge of \n10! file: not YAML: did not find expected ',' or '}'; "
		"nothing of this document is read\n"},
	{"another document", ONE "}\n---\nx: y\n",
		"4\" unknown X: charge of \n6! a document: 'spoor-claims: 1' is missing\n"},
	{"an anchor", ONE ", about: &x y}\n",
		"4! file: anchors are not allowed; repeat the text; nothing of this document is "
		"read\n"},
	{"an actor without a name", HEAD "actors:\n- {by: V}\n- {name: A, names: [{by: V}]}\n",
		"5* actor A\n4! an actor: 'name' is missing\n5! : a name is missing\n"},
	{"sure of more than all", HEAD "actors:\n- {name: A, names: [{name: B, sure: 101}]}\n",
		"4* actor A\n= actor:A B ()\n4! B: 'sure' is from 0 to 100; left out\n"},
};

static void read_text(struct arena *a, struct str text, struct intel *ret)
{
	intel_read(a, text, STR("file"), ret);
}

static void test_cases(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena a = {0};
		struct buf got = {0};
		struct intel in;

		read_text(&a, str_of(cases[i].text), &in);
		describe_all(&in, &got);
		printf("# %s\n", cases[i].name);
		eq_str(in.kind, STR("claims"));
		eq_str(buf_view(&got), str_of(cases[i].want));
		intel_release(&in);
		buf_release(&got);
		arena_release(&a);
	}
}

/* What "everything of a claim" above kept. */
static void test_kept(void)
{
	struct arena a = {0};
	struct intel in;

	read_text(&a, str_of(cases[1].text), &in);
	if (!ok(in.said.claims.n == 1))
		return;
	const struct claim *c = &in.said.claims.at[0];
	eq_str(in.title, STR("as of 2024-12-31"));
	eq_str(c->id, STR("a"));
	eq_str(c->incident, STR("i"));
	eq_str(c->words, STR("almost certain"));
	eq_str(c->text, STR("t"));
	eq_str(c->reference, STR("T; P, 2024-03; https://x.example (checked: quoted)"));
	eq_str(c->marking, STR("TLP:GREEN"));
	ok(c->level == LEVEL_COMPANY && c->scale == SCALE_PHIA && c->shown == SHOWN_NONE);
	ok(c->low == 95 && c->high == 100);
	/* date -u -d 2024-03-25T10:00:00Z +%s */
	ok(c->said.us == 1711360800 * WHEN_SECOND);
	intel_release(&in);
	arena_release(&a);
}

/* The stricter of the file's marking and the claim's; one that nobody knows is RED. */
static void test_markings(void)
{
	static const char text[] =
		"spoor-claims: 1\nas-of: 2024-12-31\nmarking: green\nclaims:\n"
		"- {id: a, by: X, said: 2024-03-25, standing: charge, text: t, marking: clear}\n"
		"- {id: b, by: X, said: 2024-03-25, standing: charge, text: t, marking: amber}\n"
		"- {id: c, by: X, said: 2024-03-25, standing: charge, text: t, marking: pink}\n";
	struct arena a = {0};
	struct intel in;

	read_text(&a, str_of(text), &in);
	if (ok(in.said.claims.n == 3)) {
		eq_str(in.said.claims.at[0].marking, STR("TLP:GREEN"));
		eq_str(in.said.claims.at[1].marking, STR("TLP:AMBER"));
		eq_str(in.said.claims.at[2].marking, STR("TLP:RED"));
	}
	intel_release(&in);
	arena_release(&a);
}

/* What merely speaks of claims is none. */
static void test_not_claims(void)
{
	static const char *const texts[] = {"evil.example\nspoor-claims: 1\n", "spoor-claims\n",
		"{\"a\": 1, \"spoor-claims\": 1}\n", "- spoor-claims: 1\n", "spoor-claimsx: 1\n",
		"", "{"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct arena a = {0};
		struct intel in;
		read_text(&a, str_of(texts[i]), &in);
		ok(!str_eq(in.kind, STR("claims")));
		intel_release(&in);
		arena_release(&a);
	}
}

/* 40,000 claims of one id: one is kept, and it doesn't take for ever. */
static void test_many(void)
{
	struct arena a = {0};
	struct buf text = {0};
	struct intel in;

	buf_str(&text, STR(HEAD "claims:\n"));
	for (size_t i = 0; i < 40000; i++)
		buf_str(&text,
			STR("- {id: a, by: X, said: 2024-03-25, standing: charge, text: t}\n"));
	read_text(&a, buf_view(&text), &in);
	ok(in.said.claims.n == 1 && in.skipped.n == 10001);
	intel_release(&in);
	while (text.n <= LIMIT_YAML_BYTES)
		buf_str(&text, STR("#####################################################\n"));
	read_text(&a, buf_view(&text), &in);
	ok(in.said.claims.n == 0 && in.skipped.n == 1);
	intel_release(&in);
	buf_release(&text);
	arena_release(&a);
}

#define DAY "2024-03-25T00:00:00.000Z"
#define WHO                                                                                        \
	"{\"type\":\"identity\",\"spec_version\":\"2.1\",\"id\":\"identity--1\",\"created\":"      \
	"\"" DAY "\",\"modified\":\"" DAY                                                          \
	"\",\"name\":\"CERT\",\"identity_class\":\"organization\"}\n"
#define SET                                                                                        \
	"{\"type\":\"intrusion-set\",\"spec_version\":\"2.1\",\"id\":\"intrusion-set--1\","        \
	"\"created\":\"" DAY "\",\"modified\":\"" DAY "\",\"name\":\"APT0\"}\n"
#define SAYING(type, more)                                                                         \
	"{\"type\":\"" type "\",\"spec_version\":\"2.1\",\"id\":\"" type                           \
	"--1\",\"created\":\"" DAY "\",\"modified\":\"" DAY                                        \
	"\",\"created_by_ref\":\"identity--1\"," more "}\n"

/* Opinions, notes and reports of STIX (2.1 sections 4.14 to 4.16). */
static const struct {
	const char *name, *text;
	size_t claims;
	enum claim_standing standing;
	enum claim_scale scale;
	enum claim_level level;
	const char *about, *of, *words, *said;
} sayings[] = {
	{"an opinion of an intrusion set",
		WHO SET SAYING("opinion",
			"\"opinion\":\"strongly-disagree\",\"explanation\":\"no\",\"object_refs\":"
			"[\"intrusion-set--1\"]"),
		1, STANDING_OPINION, SCALE_STIX_OPINION, LEVEL_INTRUSION_SET, "APT0",
		"intrusion-set--1", "strongly-disagree", "no"},
	{"an opinion of what isn't here, with extensions",
		WHO SAYING("opinion",
			"\"opinion\":\"agree\",\"x_odd\":{\"opinion\":\"neutral\"},\"object_refs\":"
			"[\"relationship--9\"]"),
		1, STANDING_OPINION, SCALE_STIX_OPINION, LEVEL_UNKNOWN, "", "relationship--9",
		"agree", "agree"},
	{"a word that STIX doesn't have",
		WHO SAYING(
			"opinion", "\"opinion\":\"maybe\",\"object_refs\":[\"relationship--9\"]"),
		1, STANDING_OPINION, SCALE_STIX_OPINION, LEVEL_UNKNOWN, "", "relationship--9",
		"maybe", "maybe"},
	{"a note about one actor and an address",
		WHO SET SAYING("note", "\"content\":\"text\",\"object_refs\":"
				       "[\"ipv4-addr--1\",\"intrusion-set--1\"]"),
		1, STANDING_REPORT, SCALE_NONE, LEVEL_INTRUSION_SET, "APT0", "intrusion-set--1", "",
		"text"},
	{"a report about two",
		WHO SET SAYING("report", "\"name\":\"R\",\"published\":\"" DAY "\",\"object_refs\":"
					 "[\"intrusion-set--1\",\"campaign--7\",\"indicator--1\"]"),
		2, STANDING_REPORT, SCALE_NONE, LEVEL_INTRUSION_SET, "APT0", "intrusion-set--1", "",
		"R"},
	{"a report of indicators alone",
		WHO SAYING("report", "\"name\":\"R\",\"published\":\"" DAY
				     "\",\"object_refs\":[\"indicator--1\"]"),
		0, 0, 0, 0, NULL, NULL, NULL, NULL},
	{"a revoked opinion",
		WHO SET SAYING("opinion", "\"opinion\":\"agree\",\"revoked\":true,\"object_refs\":"
					  "[\"intrusion-set--1\"]"),
		0, 0, 0, 0, NULL, NULL, NULL, NULL},
};

static void test_stix(void)
{
	for (size_t i = 0; i < sizeof(sayings) / sizeof(sayings[0]); i++) {
		struct arena a = {0};
		struct intel in;

		printf("# %s\n", sayings[i].name);
		read_text(&a, str_of(sayings[i].text), &in);
		if (ok(in.said.claims.n == sayings[i].claims) && in.said.claims.n) {
			const struct claim *c = &in.said.claims.at[0];
			eq_str(c->by, STR("CERT"));
			eq_str(c->about, str_of(sayings[i].about));
			eq_str(c->of, str_of(sayings[i].of));
			eq_str(c->words, str_of(sayings[i].words));
			eq_str(c->text, str_of(sayings[i].said));
			ok(c->standing == sayings[i].standing && c->scale == sayings[i].scale &&
				c->level == sayings[i].level);
			/* Agreeing is no likelihood.  date -u -d 2024-03-25 +%s */
			ok(c->low == -1 && c->high == -1);
			ok(c->said.us == 1711324800 * WHEN_SECOND);
		}
		if (in.said.claims.n == 2)
			eq_str(in.said.claims.at[1].id, STR("report--1#2"));
		intel_release(&in);
		arena_release(&a);
	}
}

int main(void)
{
	test_cases();
	test_stix();
	test_kept();
	test_markings();
	test_not_claims();
	test_many();
	return tap_end();
}
