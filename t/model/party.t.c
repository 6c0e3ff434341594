/* Dates as lists of designated parties write them: OFAC's remarks, the UK's columns, ISO 8601. */
#include "model/party.h"

#include "t/tap.h"

static const struct {
	const char *in, *want, *us; /* day first, and month first; "" is none */
} cases[] = {
	{"19 Oct 1961", "1961-10-19", "1961-10-19"},
	{"9 October 1961", "1961-10-09", "1961-10-09"},
	{"Oct 1961", "1961-10", "1961-10"},
	{"1961", "1961", "1961"},
	{"circa 1961", "1961", "1961"},
	{"1961 to 1963", "1961 to 1963", "1961 to 1963"},
	{"23 Oct 1977 to 22 Nov 1978", "1977 to 1978", "1977 to 1978"},
	{"1963 to 1961", "", ""},
	{"19/10/1961", "1961-10-19", ""},
	{"10/19/1961", "", "1961-10-19"},
	{"03/04/1961", "1961-04-03", "1961-03-04"},
	{"dd/mm/1961", "1961", "1961"},
	{"dd/10/1961", "1961-10", "1961"},
	{"19-Oct-1961", "1961-10-19", "1961-10-19"},
	{"1961-10-19", "1961-10-19", "1961-10-19"},
	{"1961-10", "1961-10", "1961-10"},
	{"29 Feb 2024", "2024-02-29", "2024-02-29"},
	{" 1961 ", "1961", "1961"},
	/* none */
	{"29 Feb 2023", "", ""},
	{"31/04/1961", "", ""},
	{"32/01/1961", "", ""},
	{"1/13/1961", "", "1961-01-13"},
	{"19 Oct 0061", "", ""},
	{"19 Oct 9961", "", ""},
	{"1961-10-19T00:00:00Z", "", ""},
	{"19 10 19 61", "", ""},
	{"to", "", ""},
	{"1961 to", "", ""},
	{"circa", "", ""},
	{"yesterday", "", ""},
	{"", "", ""},
	{"/", "", ""},
	{"//1961", "", ""},
};

static void check(bool (*read)(struct str, struct party_date *), const char *in, const char *want)
{
	struct party_date d = {0};
	struct buf got = {0};

	if (read(str_of(in), &d))
		party_date_print(d, &got);
	eq_str(buf_view(&got), str_of(want));
	buf_release(&got);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		printf("# %s\n", cases[i].in);
		check(party_date_read, cases[i].in, cases[i].want);
		check(party_date_read_us, cases[i].in, cases[i].us);
	}
	return tap_end();
}
