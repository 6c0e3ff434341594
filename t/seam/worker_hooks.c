/* Linked into spoor-worker-test in place of src/worker/hooks.c: records that attack the parser. */
#include "worker/hooks.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"

enum { CLAIMED = 4096 };

static volatile int step;
static bool claims_rows, claims_uses;

/* Not a tail call, whatever the compiler thinks. */
static int deeper(int depth)
{
	volatile char room[4096];

	room[depth % 4096] = (char)depth;
	return step < 0 ? 0 : deeper(depth + 1) + room[(depth + 1) % 4096];
}

void hook_record(struct str raw)
{
	struct buf eaten = {0};

	claims_rows = claims_rows || str_find(raw, STR("spoor-test-rows")) < raw.n;
	claims_uses = claims_uses || str_find(raw, STR("spoor-test-uses")) < raw.n;
	if (str_find(raw, STR("spoor-test-crash")) < raw.n)
		*(volatile int *)8 = 1;
	if (str_find(raw, STR("spoor-test-abort")) < raw.n)
		abort();
	if (str_find(raw, STR("spoor-test-stack")) < raw.n)
		step = deeper(0);
	while (str_find(raw, STR("spoor-test-loop")) < raw.n)
		step++;
	while (str_find(raw, STR("spoor-test-eat")) < raw.n) {
		buf_reserve(&eaten, 1 << 20);
		memset(eaten.p + eaten.n, 1, 1 << 20);
		eaten.n += 1 << 20;
	}
}

/* One row with n uses of values that no record has. */
static void claim(struct segbuild *sb, uint32_t number, uint32_t n)
{
	struct seg_row row = {.time = INT64_MIN, .id.b = {(uint8_t)(number >> 8), (uint8_t)number}};
	uint32_t *entries = calloc(n + 1, sizeof(*entries));
	uint32_t *columns = calloc(seg_columns(), sizeof(*columns));

	if (!entries || !columns)
		abort();
	row.stream = segbuild_stream(sb, STR("claimed"), STR("1"), STR("claimed"));
	for (unsigned i = 0; i < seg_columns(); i++)
		columns[i] = SEG_NO_ENTRY;
	for (uint32_t i = 0; i < n; i++) {
		char text[32];
		bool is_new;
		snprintf(text, sizeof(text), "claimed-%u", i);
		struct observable o = {KIND_ACCOUNT, FORM_TEXT, str_of(text)};
		entries[i] = segbuild_intern(sb, o, observable_key(o), &is_new);
	}
	segbuild_event(sb, &row, entries, n, columns);
	free(entries);
	free(columns);
}

void hook_segment(struct segbuild *sb)
{
	for (uint32_t i = 0; claims_rows && i < CLAIMED; i++)
		claim(sb, i, 0);
	if (claims_uses)
		claim(sb, 0, CLAIMED);
}
