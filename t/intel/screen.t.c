/*
 * METHODS §8.4: the seven people and the company that a grand jury in the Eastern District of New York
 * charged, or named, in March 2024.  Their names, and the characters, are public; the dates of birth
 * and numbers here are invented, and so are the spellings, made after the tables of Wade-Giles and by
 * habits of writing.
 */
#include "intel/screen.h"

#include "t/tap.h"

static struct arena arena;

static struct party_name name_of(const char *z, enum party_name_kind kind)
{
	struct party_name n = {.text = str_of(z), .kind = kind};

	n.form = name_form_of(&arena, n.text);
	return n;
}

static struct screen_query query_of(const char *name, const char *born)
{
	struct screen_query q = {.name = str_of(name), .country = STR(""), .id = STR("")};

	q.form = name_form_of(&arena, q.name);
	if (born)
		party_date_read(str_of(born), &q.born);
	return q;
}

/* Who is alike is also found. */
static bool is_found(const struct screen_query *q, const struct party *p)
{
	struct screen_keys a = {0}, b = {0};
	bool found = false;

	screen_keys_of_query(&arena, q, &a);
	screen_keys_of_party(&arena, p, &b);
	for (size_t i = 0; i < a.at.n; i++)
		for (size_t k = 0; k < b.at.n; k++)
			found |= a.at.at[i] == b.at.at[k];
	vec_release(&a.at);
	vec_release(&b.at);
	return found;
}

static double score(const struct screen_query *q, const struct party *p)
{
	struct screen_match m;

	if (!screen_party(&arena, q, p, &m))
		return 0;
	if (!is_found(q, p)) {
		printf("# '" STR_FMT "' is alike, but not found\n", STR_ARG(q->name));
		ok(false);
	}
	return m.score;
}

static bool between(double v, double low, double high)
{
	return v >= low - 1e-9 && v <= high + 1e-9;
}

static const struct {
	const char *name, *characters, *traditional, *spellings[5];
} people[] = {
	{"NI, Gaobin", "倪高彬", "倪高彬",
		{"Ni Gaobin", "Gaobin Ni", "NI Gao-bin", "ni gao bin", "Ni Kao-pin"}},
	{"WENG, Ming", "翁明", "翁明",
		{"Weng Ming", "Ming Weng", "WENG, MING", "Wengming", "Yung Ming"}},
	{"CHENG, Feng", "程锋", "程鋒",
		{"Cheng Feng", "Feng Cheng", "CHENGFENG", "Ch'eng Feng", "Ching Fung"}},
	{"PENG, Yaowen", "彭耀文", "彭耀文",
		{"Peng Yaowen", "Yaowen Peng", "P'eng Yao-wen", "Peng Yao Wen", "Pang Yaowen"}},
	{"SUN, Xiaohui", "孙小辉", "孫小輝",
		{"Sun Xiaohui", "Xiaohui Sun", "Sun Hsiao-hui", "SUN XIAO HUI", "Suen Siu Hui"}},
	{"XIONG, Wang", "熊旺", "熊旺",
		{"Xiong Wang", "Wang Xiong", "Hsiung Wang", "XIONG, WANG", "Hung Wong"}},
	{"ZHAO, Guangzong", "赵光宗", "趙光宗",
		{"Zhao Guangzong", "Guangzong Zhao", "Chao Kuang-tsung", "Zhao Guang-zong",
			"Chiu Guangzong"}},
};
#define PEOPLE (sizeof(people) / sizeof(people[0]))

struct listed {
	struct party_name names[2];
	struct party_date birth;
	struct party party;
};

static void list_person(size_t i, bool characters, struct listed *ret)
{
	*ret = (struct listed){.birth = {1981, 1981, 4, 12}};
	ret->names[0] = name_of(people[i].name, PARTY_NAME_PRIMARY);
	ret->names[1] = name_of(people[i].characters, PARTY_NAME_ALIAS);
	ret->party = (struct party){.list = STR("OFAC"),
		.id = STR("1"),
		.type = PARTY_PERSON,
		.names = ret->names,
		.n_names = characters ? 2 : 1,
		.births = &ret->birth,
		.n_births = 1};
}

static void test_spellings(void)
{
	for (size_t i = 0; i < PEOPLE; i++) {
		struct listed l;
		for (size_t s = 0; s < 5; s++) {
			const char *name = people[i].spellings[s];
			list_person(i, s % 2, &l);
			struct screen_query q = query_of(name, NULL);
			struct screen_query born = query_of(name, "1981-04-12");
			struct screen_query both = query_of(
				arena_printf(&arena, "%s (%s)", name, people[i].characters).p,
				NULL);
			printf("# %s\n", name);
			ok(between(score(&q, &l.party), .70, .75));
			ok(between(score(&born, &l.party), .9, 1));
			list_person(i, true, &l);
			ok(between(score(&both, &l.party), .9, 1));
		}
		list_person(i, true, &l);
		struct screen_query q = query_of(people[i].characters, NULL);
		struct screen_query old = query_of(people[i].traditional, NULL);
		ok(between(score(&q, &l.party), .9, 1));
		ok(between(score(&old, &l.party), .9, 1));
		/* A list without characters: by their reading, which is sound only. */
		list_person(i, false, &l);
		ok(between(score(&q, &l.party), .75, .75));
	}
}

/* Each of the others is somebody else. */
static void test_others(void)
{
	struct listed l;

	for (size_t i = 0; i < PEOPLE; i++) {
		list_person(i, true, &l);
		for (size_t k = 0; k < PEOPLE; k++) {
			struct screen_query q = query_of(people[k].spellings[0], "1981-04-12");
			if (i != k)
				ok(score(&q, &l.party) == 0);
		}
	}
}

static const struct {
	const char *listed, *characters, *asked, *born, *country, *id;
	double low, high;
} cases[] = {
	/* Wang is not Weng, whatever the letters say (Jaro-Winkler: .93). */
	{"WENG, Ming", "", "Wang Ming", NULL, "", "", 0, 0},
	{"WENG, Ming", "", "Wang Ming", "1981-04-12", "", "", 0, 0},
	/* Zong and zhong are confused, so that a person looks at it. */
	{"ZHAO, Guangzong", "", "Zhao Guangzhong", NULL, "", "", .70, .75},
	{"ZHAO, Guangzong", "", "Zao Guangzhong", "1981-04-12", "", "", .8, .8},
	{"ZHAO, Guangzong", "", "Zhao Guang", NULL, "", "", 0, 0},
	{"ZHAO, Guangzong", "", "Zhao", NULL, "", "", 0, 0},
	/* The same sound in other characters is another name. */
	{"WENG, Ming", "翁明", "翁鸣", NULL, "", "", 0, 0},
	{"WENG, Ming", "翁明", "翁鸣", "1981-04-12", "", "", .75, .75},
	/* What speaks against it. */
	{"WENG, Ming", "翁明", "翁明", "1990-01-01", "", "", 0, 0},
	{"WENG, Ming", "翁明", "翁明", "1981-04-13", "", "", .75, .75},
	{"WENG, Ming", "翁明", "翁明", "1982", "", "", .85, .85},
	{"WENG, Ming", "翁明", "翁明", NULL, "Russia", "", .8, .8},
	{"WENG, Ming", "翁明", "翁明", NULL, "cn", "", 1, 1},
	{"WENG, Ming", "", "Weng Ming", "1981", "", "", .75, .75},
	{"WENG, Ming", "", "Weng Ming", "circa 1980", "", "", 0, 0},
	/* Numbers. */
	{"WENG, Ming", "", "Weng Ming", NULL, "", "e 1234567", 1, 1},
	{"WENG, Ming", "", "Somebody Else", NULL, "", "E-123.4567", .85, .85},
	{"WENG, Ming", "", "Somebody Else", NULL, "", "E12", 0, 0},
	/* Names of other languages, by words. */
	{"DOE, John Michael", "", "john michael doe", NULL, "", "", 1, 1},
	{"DOE, John Michael", "", "John Doe", NULL, "", "", 0, 0},
	{"MÜLLER, Jörg", "", "Jorg Muller", NULL, "", "", 1, 1},
	{"DOE, John", "", "Jon Doe", NULL, "", "", 0, 0},
	{"DOE, John", "", "", NULL, "", "", 0, 0},
};

static void test_cases(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct party_date birth = {1981, 1981, 4, 12};
		struct party_id id = {STR("Passport"), STR("E1234567")};
		struct str country = STR("China");
		struct party_name names[] = {name_of(cases[i].listed, PARTY_NAME_PRIMARY),
			name_of(cases[i].characters, PARTY_NAME_PRIMARY)};
		struct party p = {.type = PARTY_PERSON,
			.names = names,
			.n_names = cases[i].characters[0] ? 2 : 1,
			.births = &birth,
			.n_births = 1,
			.countries = &country,
			.n_countries = 1,
			.ids = &id,
			.n_ids = 1};
		struct screen_query q = query_of(cases[i].asked, cases[i].born);
		q.country = str_of(cases[i].country);
		q.id = str_of(cases[i].id);
		double got = score(&q, &p);
		if (!ok(between(got, cases[i].low, cases[i].high)))
			printf("# %s and '%s': %g\n", cases[i].listed, cases[i].asked, got);
	}
}

static const struct {
	const char *listed, *asked;
	double low, high;
} companies[] = {
#define XRZ "WUHAN XIAORUIZHI SCIENCE AND TECHNOLOGY COMPANY, LIMITED"
	{XRZ, "Wuhan Xiaoruizhi Science & Technology Co., Ltd", 1, 1},
	{XRZ, "Wuhan Xiao Rui Zhi Technology", .9, 1},
	{XRZ, "Wu Han Xiao Ruizhi Keji", .9, 1},
	{XRZ, "武汉晓睿智科技有限责任公司", .9, 1},
	{XRZ, "武漢市曉睿智科技有限公司", .9, 1},
	{"武汉晓睿智科技有限责任公司", "武漢曉睿智科技有限公司", 1, 1},
	{"武汉晓睿智科技有限责任公司", "Wuhan Xiaoruizhi Science and Technology", .9, 1},
	{XRZ, "Wuhan Hsiao Jui-chih Technology", .9, 1},
	{XRZ, "Xiaoruizhi Technology", .75, .75},
	{XRZ, "Wuhan Xiaoruizhi", .9, 1},
	{XRZ, "Chengdu Xiaoruizhi Technology", .75, .75},
	{XRZ, "Wuhan Xiaoruizhi Trading", .8, .8},
	/* other companies */
	{XRZ, "Wuhan Ruizhi Trading", 0, 0},
	{XRZ, "Wuhan Ruizhi Technology", 0, 0},
	{XRZ, "Wuhan Science and Technology Co., Ltd", 0, 0},
	{XRZ, "Wuhan", 0, 0},
	{"武汉晓睿智科技有限责任公司", "武汉小瑞芝科技有限公司", .75, .75},
	{"EXAMPLE TRADING LLC", "Example Trading", 1, 1},
	{"EXAMPLE TRADING LLC", "Example", .95, .95},
	{"EXAMPLE TRADING LLC", "Sample Trading LLC", 0, 0},
	{"CO., LTD", "Limited Company", 0, 0},
};

static void test_companies(void)
{
	for (size_t i = 0; i < sizeof(companies) / sizeof(companies[0]); i++) {
		struct party_name name = name_of(companies[i].listed, PARTY_NAME_PRIMARY);
		struct party p = {.type = PARTY_ORGANISATION, .names = &name, .n_names = 1};
		struct screen_query q = query_of(companies[i].asked, NULL);
		double got = score(&q, &p);
		if (!ok(between(got, companies[i].low, companies[i].high)))
			printf("# %s and '%s': %g\n", companies[i].listed, companies[i].asked, got);
	}
}

static void test_ambiguous(void)
{
	struct listed l;
	struct screen_match m;

	list_person(5, false, &l);
	struct screen_query q = query_of("Wang Xiong", NULL);
	ok(screen_party(&arena, &q, &l.party, &m) && m.like.ambiguous && m.capped);
	q = query_of("Xiong Wang", NULL);
	ok(screen_party(&arena, &q, &l.party, &m) && !m.like.ambiguous);
	list_person(0, false, &l);
	q = query_of("Gaobin Ni", NULL);
	ok(screen_party(&arena, &q, &l.party, &m) && !m.like.ambiguous);
}

static void test_weak(void)
{
	struct party_name name = name_of("LITTLE KO", PARTY_NAME_WEAK);
	struct party p = {.type = PARTY_PERSON, .names = &name, .n_names = 1};
	struct screen_query q = query_of("Little Ko", NULL);

	ok(between(score(&q, &p), .8, .8));
}

int main(void)
{
	test_spellings();
	test_others();
	test_cases();
	test_companies();
	test_ambiguous();
	test_weak();
	arena_release(&arena);
	return tap_end();
}
