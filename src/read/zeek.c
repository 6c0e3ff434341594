#include "read/zeek.h"

static const char *const words[ZEEK_WORDS] = {
	[ZEEK_SEPARATOR] = "#separator",
	[ZEEK_SET_SEPARATOR] = "#set_separator",
	[ZEEK_EMPTY_FIELD] = "#empty_field",
	[ZEEK_UNSET_FIELD] = "#unset_field",
	[ZEEK_PATH] = "#path",
	[ZEEK_FIELDS] = "#fields",
	[ZEEK_TYPES] = "#types",
};

/* What Zeek's ASCII writer does by default (base/frameworks/logging/writers/ascii.zeek). */
void zeek_header_init(struct zeek_header *h)
{
	*h = (struct zeek_header){.separator = "\t", .separator_n = 1};
	h->value[ZEEK_SET_SEPARATOR] = STR(",");
	h->value[ZEEK_EMPTY_FIELD] = STR("(empty)");
	h->value[ZEEK_UNSET_FIELD] = STR("-");
}

static void take_separator(struct zeek_header *h, struct str value)
{
	char room[4 * sizeof(h->separator)];
	struct str s;

	/* Longer than any writer's: the tab stays. */
	if (!value.n || value.n > sizeof(room))
		return;
	s = zeek_unescape(value, room);
	if (!s.n || s.n > sizeof(h->separator))
		return;
	memcpy(h->separator, s.p, s.n);
	h->separator_n = (uint8_t)s.n;
}

enum zeek_word zeek_header_line(struct zeek_header *h, struct str line)
{
	for (unsigned i = 0; i < ZEEK_WORDS; i++) {
		struct str word = str_of(words[i]), rest;
		if (!str_starts(line, word))
			continue;
		rest = str_from(line, word.n);
		if (i == ZEEK_SEPARATOR) {
			if (!rest.n || rest.p[0] != ' ')
				continue;
			zeek_header_init(h);
			take_separator(h, str_from(rest, 1));
			h->value[i] = str_from(rest, 1);
		} else {
			struct str sep = zeek_separator(h);
			if (!str_starts(rest, sep))
				continue;
			h->value[i] = str_from(rest, sep.n);
		}
		h->line[i] = line;
		/* New columns make the old types meaningless. */
		if (i == ZEEK_FIELDS)
			h->line[ZEEK_TYPES] = h->value[ZEEK_TYPES] = (struct str){NULL, 0};
		return (enum zeek_word)i;
	}
	return ZEEK_WORDS;
}

struct str zeek_separator(const struct zeek_header *h)
{
	return (struct str){h->separator, h->separator_n};
}

bool zeek_cell(struct str *row, struct str separator, struct str *ret_cell)
{
	size_t at;

	if (!row->p)
		return false;
	if (separator.n == 0)
		at = row->n;
	else
		at = separator.n == 1 ? str_chr(*row, separator.p[0]) : str_find(*row, separator);
	*ret_cell = str_upto(*row, at);
	if (at < row->n)
		*row = str_from(*row, at + separator.n);
	else
		*row = (struct str){NULL, 0};
	return true;
}

struct str zeek_unescape(struct str s, char *room)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		int hi = -1, lo = -1;
		if (s.p[i] == '\\' && i + 3 < s.n && s.p[i + 1] == 'x') {
			hi = hex_digit(s.p[i + 2]);
			lo = hex_digit(s.p[i + 3]);
		}
		if (hi >= 0 && lo >= 0) {
			room[n++] = (char)(hi << 4 | lo);
			i += 3;
		} else {
			room[n++] = s.p[i];
		}
	}
	return (struct str){room, n};
}
