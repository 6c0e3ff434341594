/* Names made comparable.  Characters and readings are those of the charge of March 2024, of
 * well-known people (单田芳, 仇英, 解缙, 曾国藩: surnames with a reading of their own), and of
 * Unicode's charts. */
#include "text/nameform.h"

#include "t/tap.h"

static const struct {
	const char *in, *latin, *han;
	bool derived;
} cases[] = {
	{"NI, Gaobin", "ni gaobin", "", false},
	{"Ni Gao-bin", "ni gao bin", "", false},
	{"  O'Brien's  \"Ltd.\" ", "o'brien's ltd", "", false},
	{"'quoted'", "quoted", "", false},
	{"", "", "", false},
	{"...", "", "", false},
	{"倪高彬", "ni gao bin", "倪高彬", true},
	{"程鋒", "cheng feng", "程锋", true},
	{"孫小輝", "sun xiao hui", "孙小辉", true},
	{"程 锋", "cheng feng", "程锋", true},
	{"NI Gaobin (倪高彬)", "ni gaobin", "倪高彬", false},
	{"单田芳", "shan tian fang", "单田芳", true},
	{"仇英", "qiu ying", "仇英", true},
	{"解缙", "xie jin", "解缙", true},
	{"曾国藩", "zeng guo fan", "曾国藩", true},
	{"武漢曉睿智科技有限責任公司", "wu han xiao rui zhi ke ji you xian ze ren gong si",
		"武汉晓睿智科技有限责任公司", true},
	{"Ｎｉ　Ｇａｏｂｉｎ", "ni gaobin", "", false},
	{"Lü Xiaojun", "lu xiaojun", "", false},
	{"MÜLLER, Jörg", "muller jorg", "", false},
	{"Xi\xe2\x80\x99"
	 "an",
		"xi'an", "", false},
	{"Владимир", "vladimir", "", false},
	{"\xff\xfe", "", "", false},
	{"a\xff"
	 "b",
		"a b", "", false},
};

int main(void)
{
	struct arena a = {0};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct name_form f = name_form_of(&a, str_of(cases[i].in)), g;
		eq_str(f.latin, str_of(cases[i].latin));
		eq_str(f.han, str_of(cases[i].han));
		ok(f.derived == cases[i].derived);
		if (name_form_ascii(&a, str_of(cases[i].in), &g))
			eq_str(g.latin, f.latin);
	}
	/* As long as it likes: it is cut. */
	char *long_name = arena_alloc(&a, 300000);
	for (size_t i = 0; i < 100000; i++)
		memcpy(long_name + 3 * i, "㍿", 3);
	struct name_form f = name_form_of(&a, (struct str){long_name, 300000});
	ok(f.han.n < 100000 && f.latin.n < 100000);
	arena_release(&a);
	return tap_end();
}
