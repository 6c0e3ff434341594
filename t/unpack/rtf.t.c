#include "unpack/rtf.h"

#include "t/tap.h"

/* Both examples of [MS-OXRTFCP] §4, and what a hostile writer makes of them. */
static const struct {
	struct str packed, want;
	bool damaged;
} cases[] = {
	{{"\x2d\x00\x00\x00\x2b\x00\x00\x00\x4c\x5a\x46\x75\xf1\xc5\xc7\xa7\x03\x00\x0a\x00\x72\x63"
	  "\x70\x67\x31\x32\x35\x42\x32\x0a\xf3\x20\x68\x65\x6c\x09\x00\x20\x62\x77\x05\xb0\x6c\x64"
	  "\x7d\x0a\x80\x0f\xa0",
		 49},
		{"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n", 43}, false},
	{{"\x1a\x00\x00\x00\x1c\x00\x00\x00\x4c\x5a\x46\x75\xe2\xd4\x4b\x51\x41\x00\x04\x20\x57\x58"
	  "\x59\x5a\x0d\x6e\x7d\x01\x0e\xb0",
		 30},
		{"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}", 28}, false},
	/* as it is: "MELA" */
	{{"\x12\x00\x00\x00\x06\x00\x00\x00\x4d\x45\x4c\x41\x00\x00\x00\x00{\\rtf}", 22},
		{"{\\rtf}", 6}, false},
	/* cut in the middle */
	{{"\x1a\x00\x00\x00\x1c\x00\x00\x00\x4c\x5a\x46\x75\xe2\xd4\x4b\x51\x41\x00\x04\x20\x57"
	  "\x58",
		 22},
		{"{\\rtf1 WX", 9}, true},
	/* a size that is larger than what is there gives what is there */
	{{"\x1a\x00\x00\x00\xff\xff\xff\x7f\x4c\x5a\x46\x75\xe2\xd4\x4b\x51\x41\x00\x04\x20\x57\x58"
	  "\x59\x5a\x0d\x6e\x7d\x01\x0e\xb0",
		 30},
		{"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}", 28}, false},
	{{"\x1a\x00\x00\x00\x1c\x00\x00\x00XXXX\xe2\xd4\x4b\x51", 16}, {"", 0}, true},
	{{"\x1a\x00", 2}, {"", 0}, true},
	{{"", 0}, {"", 0}, true},
};

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena a = {0};
		bool damaged = false;
		printf("# case %zu\n", i);
		eq_str(rtf_decompress(&a, cases[i].packed, &damaged), cases[i].want);
		ok(damaged == cases[i].damaged);
		arena_release(&a);
	}
	return tap_end();
}
