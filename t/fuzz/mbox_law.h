#ifndef T_FUZZ_MBOX_LAW_H
#define T_FUZZ_MBOX_LAW_H

#include "base/str.h"

/*
 * One mail of an mbox, whatever it was made of: it begins with a "From " line, no other line does,
 * it ends with an empty one, and nothing in its header stands on a line of its own that is not a
 * field or the continuation of one.
 */
static inline void check_mbox(struct str s)
{
	if (!str_starts(s, STR("From spoor@localhost ")) || !str_ends(s, STR("\n\n")))
		__builtin_trap();
	(void)str_cut(&s, '\n');
	bool header = true;
	while (s.n) {
		struct str line = str_cut(&s, '\n');
		if (str_starts(line, STR("From ")))
			__builtin_trap();
		if (!line.n)
			header = false;
		if (!header || line.p[0] == ' ' || line.p[0] == '\t')
			continue;
		size_t colon = str_chr(line, ':');
		if (colon == 0 || colon == line.n || str_chr(line, '\r') < line.n)
			__builtin_trap();
		for (size_t i = 0; i < colon; i++)
			if ((unsigned char)line.p[i] <= ' ' || (unsigned char)line.p[i] > '~')
				__builtin_trap();
	}
}

#endif
