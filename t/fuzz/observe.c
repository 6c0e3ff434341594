#include "observe/observe.h"

#include <stdlib.h>

#include "base/limits.h"
#include "observe/value.h"
#include "t/fuzz/fuzz.h"

/* A stored observable is found by who types its text. */
static void can_be_asked(struct arena *a, struct observable o)
{
	struct buf text = {0};
	struct typed types[VALUES_MAX];
	bool needs, found = false;

	observable_text(o, &text);
	size_t n = value_types(a, buf_view(&text), types, &needs);
	for (size_t i = 0; i < n; i++)
		found = found || observable_eq(types[i].o, o);
	/* a cut one, and one of bytes that need tables, take more than its text */
	if (!found && !needs && text.n < LIMIT_OBSERVABLE_BYTES)
		abort();
	buf_release(&text);
}

static void check_event(struct observer *ob, struct value *values, uint32_t n)
{
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws = {.at = room};
	struct event e = {.values = values, .n_values = n};
	struct observed seen = observe_event(ob, &e, &flaws);
	struct alias aliases[ALIASES_MAX];
	struct arena a = {0};

	for (uint32_t i = 0; i < seen.n; i++) {
		const struct sighted *s = &seen.at[i];
		if (s->key != observable_key(s->o) || s->o.v.n == 0 ||
			s->o.v.n > LIMIT_OBSERVABLE_BYTES)
			abort();
		for (uint32_t k = 0; k < i && i < 200; k++)
			if (observable_eq(s->o, seen.at[k].o))
				abort();
		if (i < 50)
			can_be_asked(&a, s->o);
		if (observe_aliases(ob, s->o, aliases) > ALIASES_MAX)
			abort();
	}
	for (unsigned f = 0; f < FIELDS; f++)
		if (seen.of_field[f] != OBSERVED_NONE && seen.of_field[f] >= seen.n)
			abort();
	arena_release(&a);
}

/* Values parted by 0xff: a byte that names the kind, then the text. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct observer *ob;
	struct str rest = {(const char *)data, size};
	struct value values[64];
	uint32_t n = 0;

	if (!ob)
		ob = observer_new();
	while (rest.n && n < 64) {
		struct str s = str_cut(&rest, '\xff');
		uint8_t kind = s.n ? (uint8_t)s.p[0] : 0;
		values[n] = (struct value){.field = (uint16_t)n,
			.kind = kind % 2 ? KIND_AUTO : kind / 2 % (KINDS + 1),
			.text = str_from(s, 1)};
		n++;
	}
	check_event(ob, values, n);
	return 0;
}
