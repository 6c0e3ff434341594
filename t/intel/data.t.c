/*
 * Other people's files.  What must be in them is taken from the files themselves by other means
 * (grep on plain lists), never from this program.
 */
#include "t/intel/data.h"

static bool open_or_skip(const char *name, struct buf *file)
{
	if (data_read(name, file))
		return true;
	printf("ok %d # SKIP no %s in $SPOOR_DATA\n", ++tap_run, name);
	return false;
}

/*
 * One value of a line that is nothing but a plain name or address.  A top-level domain has letters
 * only (RFC 3696 section 2): "google.network-show" is none.
 */
static bool is_plain(struct str line)
{
	size_t dots = 0;
	bool hyphen = false;

	for (size_t i = 0; i < line.n; i++) {
		hyphen = line.p[i] == '.' ? false : hyphen || line.p[i] == '-';
		if (!ascii_is_alnum(line.p[i]) && !memchr(".-_", line.p[i], 3))
			return false;
		dots += line.p[i] == '.';
	}
	return dots > 0 && !hyphen && line.p[0] != '.' && line.p[line.n - 1] != '.';
}

static bool has_original(const struct intel *in, struct str line, uint32_t number)
{
	for (size_t i = 0; i < in->indicators.n; i++) {
		if (in->indicators.at[i].line == number &&
			str_eq(in->indicators.at[i].original, line))
			return true;
	}
	for (size_t i = 0; i < in->skipped.n; i++) {
		if (in->skipped.at[i].line == number &&
			str_starts(in->skipped.at[i].why, STR("the same")))
			return true;
	}
	return false;
}

/* Every plain line of a list is an indicator of that line. */
static void test_trails(const char *name)
{
	struct buf file = {0};
	struct arena a = {0};
	struct intel in;
	uint32_t number = 0;
	size_t lines = 0, found = 0;

	if (!open_or_skip(name, &file))
		return;
	intel_read(&a, buf_view(&file), str_of(name), &in);
	for (struct str text = buf_view(&file); text.n;) {
		struct str line = str_trim(str_cut(&text, '\n'));
		number++;
		if (!is_plain(line))
			continue;
		lines++;
		found += has_original(&in, line, number);
	}
	ok(lines > 5 && lines == found);
	ok(in.indicators.n && in.indicators.at[0].actor.n);
	intel_release(&in);
	arena_release(&a);
	buf_release(&file);
}

/* The lines and the table are two exports of the same indicators. */
static void test_two_exports(void)
{
	struct buf lines = {0}, table = {0};
	struct arena a = {0};
	struct intel x, y;
	size_t same = 0, values = 0;

	if (!open_or_skip("ioc-sekoia/apt31/2021-11-10 APT31 - STIX2.jsonl", &lines) ||
		!open_or_skip("ioc-sekoia/apt31/2021-11-10 APT31 IOCs.csv", &table))
		return;
	intel_read(&a, buf_view(&lines), STR("x"), &x);
	intel_read(&a, buf_view(&table), STR("y"), &y);
	eq_str(x.kind, STR("stix-2.1"));
	eq_str(y.kind, STR("csv"));
	ok(count_what(&x, INDICATOR_VALUE) == count_what(&y, INDICATOR_VALUE));
	for (size_t i = 0; i < y.indicators.n; i++) {
		values += y.indicators.at[i].what == INDICATOR_VALUE;
		for (size_t k = 0; k < x.indicators.n; k++) {
			const struct indicator *p = &y.indicators.at[i], *q = &x.indicators.at[k];
			bool alike = p->what == INDICATOR_VALUE && q->what == p->what &&
				     observable_eq(p->o, q->o) && str_eq(p->id, q->id) &&
				     p->valid_until.us == q->valid_until.us &&
				     p->confidence == q->confidence &&
				     str_eq(p->marking, q->marking);
			same += alike;
		}
	}
	ok(values > 100 && same == values);
	ok(x.indicators.n && str_eq(x.indicators.at[0].actor, STR("APT31")));
	intel_release(&x);
	intel_release(&y);
	arena_release(&a);
	buf_release(&lines);
	buf_release(&table);
}

/* The bundle says in patterns what the lists beside it say in lines. */
static void test_bundle(void)
{
	struct buf bundle = {0}, domains = {0};
	struct arena a = {0};
	struct intel x, y;
	size_t found = 0;

	if (!open_or_skip("ioc-amnesty/2021-12-16_cytrox/cytrox.stix2", &bundle) ||
		!open_or_skip("ioc-amnesty/2021-12-16_cytrox/domains.txt", &domains))
		return;
	intel_read(&a, buf_view(&bundle), STR("x"), &x);
	intel_read(&a, buf_view(&domains), STR("y"), &y);
	for (size_t i = 0; i < y.indicators.n; i++) {
		size_t k = 0;
		while (k < x.indicators.n &&
			!observable_eq(x.indicators.at[k].o, y.indicators.at[i].o))
			k++;
		found += k < x.indicators.n;
	}
	ok(y.indicators.n > 100 && found == y.indicators.n && y.skipped.n == 0);
	intel_release(&x);
	intel_release(&y);
	arena_release(&a);
	buf_release(&bundle);
	buf_release(&domains);
}

int main(void)
{
	test_trails("ioc-maltrail/apt_judgmentpanda.txt");
	test_trails("ioc-maltrail/apt_mudcarp.txt");
	test_trails("ioc-maltrail/apt_charmingkitten.txt");
	test_two_exports();
	test_bundle();
	return tap_end();
}
