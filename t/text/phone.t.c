#include "text/phone.h"

#include "t/tap.h"

/*
 * Numbers that regulators keep for fiction (Ofcom, NANPA, ACMA, Bundesnetzagentur), as E.123 and
 * RFC 3966 write them; country codes from the list of ITU-T E.164.  "" is refused, or nothing.
 */
static const struct {
	const char *in, *want, *national;
} cases[] = {
	{"+44 20 7946 0958", "+442079460958", "2079460958"},
	{"+44 (0)20 7946 0958", "+442079460958", "2079460958"},
	{"0044 20 79460958", "+442079460958", "2079460958"},
	{"020 7946 0958", "2079460958", ""},
	{"(020) 7946-0958", "2079460958", ""},
	{"tel:+1-202-555-0143;ext=12", "+12025550143", "2025550143"},
	{"(202) 555-0143", "2025550143", ""},
	{"+1.202.555.0143", "+12025550143", "2025550143"},
	{"+49 (30) 23125/000", "+493023125000", "3023125000"},
	{"+61 491 570 156", "+61491570156", "491570156"},
	{"+7 495 000-00-00", "+74950000000", "4950000000"},
	{"+353 20 911 1234", "+353209111234", "209111234"}, /* three digits: Ireland */
	{"+39 06 0000 0000", "+390600000000", "600000000"}, /* Italy's zero is kept abroad */
	{"06 0000 0000", "600000000", ""},
	{"+870 773 111 632", "+870773111632", "773111632"}, /* satellites: 87x has three */
	{"112", "112", ""},
	{"0815", "0815", ""}, /* an extension */
	{"000", "000", ""},
	{"0012", "0012", ""},
	{"+123456789012345", "+123456789012345", "23456789012345"},
	{"00123456789012345", "+123456789012345", "23456789012345"},
	/* too long, too short, no number */
	{"+1234567890123456", "", ""},
	{"123456789012345678", "", ""},
	{"+4420", "", ""},
	{"+044 20 7946 0958", "", ""},
	{"7", "", ""},
	{"", "", ""},
	{"+", "", ""},
	{"(0)", "", ""},
	{"*100#", "", ""},
	{"0800-FLOWERS", "", ""},
	{"++442079460958", "", ""},
	{"+44 20 7946 0958, +44 20 7946 0959", "", ""},
	{"192.0.2.1:443", "", ""},
};

int main(void)
{
	char room[PHONE_ROOM], again[PHONE_ROOM];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str got = STR(""), twice = STR("");
		bool is = phone_normal(str_of(cases[i].in), room, &got);
		tap_eq_str(got, str_of(cases[i].want), cases[i].in, __FILE__, __LINE__);
		if (!is)
			continue;
		tap_eq_str(phone_national(got), str_of(cases[i].national), cases[i].in, __FILE__,
			__LINE__);
		/* The normal form is its own. */
		ok(phone_normal(got, again, &twice) && str_eq(got, twice));
	}
	/* What is no normal form, whatever its bytes. */
	static const char *const others[] = {
		"+-12345678", "+01--45678 x", "442079460958", "+44 20 7946", "+0123456789a"};
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		eq_str(phone_national(str_of(others[i])), STR(""));
	eq_str(phone_national((struct str){"+4\0\0\0\0\0\0\0\0", 10}), STR(""));
	return tap_end();
}
