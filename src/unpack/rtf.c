#include "unpack/rtf.h"

#include "base/limits.h"
#include "base/scan.h"

enum { DICTIONARY = 4096, HEADER = 16 };

/* [MS-OXRTFCP] §2.1.2.1: what every dictionary begins with. */
static const char initial[] =
	"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
	"\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0"
	"\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
_Static_assert(sizeof(initial) - 1 == 207, "the dictionary of [MS-OXRTFCP]");

struct lzfu {
	char dictionary[DICTIONARY];
	unsigned at; /* the dictionary's next byte */
	char *out;
	size_t n, room;
};

static void put(struct lzfu *z, char c)
{
	z->dictionary[z->at] = c;
	z->at = (z->at + 1) % DICTIONARY;
	if (z->n < z->room)
		z->out[z->n++] = c;
}

/* §2.2.2.2: runs of eight tokens, a byte each or a reference; one to the write position ends. */
static bool decompress(struct lzfu *z, struct scan *sc)
{
	for (;;) {
		unsigned control = scan_u8(sc, "a control byte");
		for (unsigned bit = 0; bit < 8; bit++) {
			if (!scan_ok(sc))
				return false;
			if (!(control >> bit & 1)) {
				char c = (char)scan_u8(sc, "a byte");
				if (scan_ok(sc))
					put(z, c);
				continue;
			}
			unsigned high = scan_u8(sc, "a reference");
			unsigned low = scan_u8(sc, "a reference");
			unsigned from = high << 4 | low >> 4, len = (low & 15) + 2;
			if (!scan_ok(sc))
				return false;
			if (from == z->at)
				return true;
			for (unsigned i = 0; i < len; i++)
				put(z, z->dictionary[(from + i) % DICTIONARY]);
			if (z->n == z->room)
				return false;
		}
	}
}

struct str rtf_decompress(struct arena *a, struct str s, bool *ret_damaged)
{
	struct scan sc = scan_of(s);
	uint32_t packed = scan_u32(&sc, "a size"), raw = scan_u32(&sc, "a size");
	uint32_t kind = scan_u32(&sc, "a kind");

	(void)scan_u32(&sc, "a checksum");
	*ret_damaged = !scan_ok(&sc) || packed != s.n - 4;
	if (!scan_ok(&sc))
		return STR("");
	if (kind == 0x414c454d) /* "MELA": as it is */
		return arena_dup(a, str_upto(str_from(s, HEADER), raw));
	if (kind != 0x75465a4c) { /* "LZFu" */
		*ret_damaged = true;
		return STR("");
	}
	/* A reference of two bytes gives 17 at most, and an eighth of a control byte comes with it. */
	size_t room = s.n * 9;
	struct lzfu *z = arena_new(a, struct lzfu);
	z->room = room < LIMIT_RECORD_BYTES ? room : LIMIT_RECORD_BYTES;
	z->out = arena_alloc(a, z->room + 1);
	memcpy(z->dictionary, initial, sizeof(initial) - 1);
	z->at = sizeof(initial) - 1;
	if (!decompress(z, &sc))
		*ret_damaged = true;
	/* The size counts a NUL that isn't always there. */
	return str_upto((struct str){z->out, z->n}, raw);
}
