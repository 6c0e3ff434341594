/* Merged segments answer what their parts answered, in any order and grouping. */
#include "store/merge.h"

#include "t/store/answers.h"

enum { PARTS = 4 };

struct part {
	struct world w;
	struct buf file;
	struct segment *seg;
	uint32_t *hidden, n_hidden;
	char name[16];
};

static struct segment *open_or_die(const struct buf *file)
{
	struct segment *seg = NULL;
	struct err err = {0};

	if (!segment_open(buf_view(file), &seg, &err)) {
		printf("Bail out! %s\n", err.msg);
		exit(1);
	}
	return seg;
}

static void part_make(struct part *p, uint64_t seed, uint32_t no, unsigned hide)
{
	struct segbuild *sb = segbuild_new();
	struct prng r = {seed * 31 + no};
	static const uint32_t sizes[] = {300, 0, 40, 900, 5};

	memset(p, 0, sizeof(*p));
	snprintf(p->name, sizeof(p->name), "batch-%u", no);
	world_make(&p->w, seed * 100 + no, sizes[prng_below(&r, 5)], 150, seed, 400);
	world_build(&p->w, sb, &p->file);
	world_settle(&p->w);
	world_sort(&p->w);
	p->hidden = malloc((p->w.n + 1) * sizeof(*p->hidden));
	for (uint32_t i = 0; i < p->w.n; i++) {
		if (hide == 2 || (hide == 1 && prng_below(&r, 3) == 0))
			p->hidden[p->n_hidden++] = i;
	}
	p->seg = open_or_die(&p->file);
	segbuild_free(sb);
}

static void part_release(struct part *p)
{
	segment_close(p->seg);
	buf_release(&p->file);
	free(p->hidden);
	arena_release(&p->w.a);
}

static bool is_hidden(const struct part *p, uint32_t row)
{
	for (uint32_t i = 0; i < p->n_hidden; i++) {
		if (p->hidden[i] == row)
			return true;
	}
	return false;
}

static void settle_conflicts(struct world *w)
{
	for (uint32_t i = 0; i < w->n; i++) {
		bool conflict = false;
		for (uint32_t a = 0; a < w->n; a++) {
			const struct seg_row *x = &w->events[a].row;
			if (memcmp(x->id.b, w->events[i].row.id.b, 16) != 0 || !x->content)
				continue;
			for (uint32_t b = 0; b < w->n; b++) {
				const struct seg_row *y = &w->events[b].row;
				conflict |= memcmp(x->id.b, y->id.b, 16) == 0 && y->content &&
					    x->content != y->content;
			}
		}
		w->events[i].row.flags &= (uint8_t)~SEG_ID_CONFLICT;
		w->events[i].row.flags |= conflict ? SEG_ID_CONFLICT : 0;
	}
}

/* What is expected of the parts in this order. */
static void unite(struct part *parts, const unsigned *order, struct world *w)
{
	uint32_t n = 0, flaws = 0;

	memset(w, 0, sizeof(*w));
	for (unsigned k = 0; k < PARTS; k++) {
		n += parts[k].w.n;
		flaws += parts[k].w.n_flaws;
	}
	w->pool = parts[0].w.pool;
	w->n_pool = parts[0].w.n_pool;
	w->events = arena_array(&w->a, n + 1, sizeof(*w->events));
	w->flaws = arena_array(&w->a, flaws + 1, sizeof(*w->flaws));
	for (unsigned k = 0; k < PARTS; k++) {
		const struct part *p = &parts[order[k]];
		for (uint32_t i = 0; i < p->w.n; i++) {
			if (is_hidden(p, i))
				continue;
			struct world_event *e = &w->events[w->n++];
			*e = p->w.events[i];
			e->row.batch = k;
			e->batch = str_of(p->name);
		}
		w->copies += p->w.copies + p->n_hidden;
		for (uint32_t i = 0; i < p->w.n_flaws; i++)
			w->flaws[w->n_flaws++] = p->w.flaws[i];
	}
	world_sort(w);
	settle_conflicts(w);
}

static struct merge_input input_of(const struct part *p)
{
	return (struct merge_input){p->seg, {p->hidden, p->n_hidden}, str_of(p->name)};
}

static void merge_or_die(const struct merge_input *in, size_t n, struct buf *out)
{
	struct err err = {0};

	if (!segment_merge(in, n, out, &err)) {
		printf("Bail out! %s\n", err.msg);
		exit(1);
	}
}

/* grouping 0: all at once; 1: (0 1) (2 3); 2: ((0 1) 2) 3; 3: 0 (1 2 3). */
static void merge_grouped(
	struct part *parts, const unsigned *order, unsigned grouping, struct buf *out)
{
	struct merge_input in[PARTS];
	struct buf a = {0}, b = {0};
	struct segment *sa = NULL, *sb = NULL;

	for (unsigned k = 0; k < PARTS; k++)
		in[k] = input_of(&parts[order[k]]);
	if (grouping == 0) {
		merge_or_die(in, PARTS, out);
		return;
	}
	if (grouping == 3)
		merge_or_die(in + 1, 3, &a);
	else
		merge_or_die(in, 2, &a);
	sa = open_or_die(&a);
	struct merge_input ma = {sa, {0}, {0}}, mb = in[3];
	if (grouping == 3) {
		struct merge_input last[] = {in[0], ma};
		merge_or_die(last, 2, out);
	} else {
		if (grouping == 1) {
			merge_or_die(in + 2, 2, &b);
			sb = open_or_die(&b);
			mb = (struct merge_input){sb, {0}, {0}};
			struct merge_input last[] = {ma, mb};
			merge_or_die(last, 2, out);
		} else {
			struct merge_input middle[] = {ma, in[2]};
			merge_or_die(middle, 2, &b);
			sb = open_or_die(&b);
			struct merge_input last[] = {{sb, {0}, {0}}, in[3]};
			merge_or_die(last, 2, out);
		}
	}
	segment_close(sa);
	segment_close(sb);
	buf_release(&a);
	buf_release(&b);
}

static void test_merges(void)
{
	static const unsigned orders[][PARTS] = {{0, 1, 2, 3}, {3, 1, 0, 2}, {2, 3, 1, 0}};
	struct part parts[PARTS];
	struct world want;

	for (unsigned seed = 1; seed <= 6; seed++) {
		for (unsigned k = 0; k < PARTS; k++)
			part_make(&parts[k], seed, k, seed == 6 ? 2 : seed % 2);
		for (unsigned c = 0; c < 12; c++) {
			struct buf file = {0}, again = {0};
			merge_grouped(parts, orders[c % 3], c / 3, &file);
			merge_grouped(parts, orders[c % 3], c / 3, &again);
			ok(str_eq(buf_view(&file), buf_view(&again)));
			unite(parts, orders[c % 3], &want);
			struct segment *seg = open_or_die(&file);
			const char *bad = answers(seg, &want, seed);
			if (!ok(bad == NULL))
				printf("# seed %u order %u grouping %u: %s\n", seed, c % 3, c / 3,
					bad);
			segment_close(seg);
			buf_release(&file);
			buf_release(&again);
			arena_release(&want.a);
		}
		for (unsigned k = 0; k < PARTS; k++)
			part_release(&parts[k]);
	}
}

/* One segment merged alone, with nothing hidden, keeps its answers; so does none at all. */
static void test_few(void)
{
	struct part p;
	struct buf file = {0};
	struct err err = {0};

	part_make(&p, 9, 3, 0);
	struct merge_input in = input_of(&p);
	merge_or_die(&in, 1, &file);
	struct segment *seg = open_or_die(&file);
	for (uint32_t i = 0; i < p.w.n; i++)
		p.w.events[i].batch = str_of(p.name);
	settle_conflicts(&p.w);
	ok(answers(seg, &p.w, 3) == NULL);
	segment_close(seg);
	buf_clear(&file);
	merge_or_die(NULL, 0, &file);
	seg = open_or_die(&file);
	struct seg_info info;
	segment_info(seg, &info);
	ok(segment_check(seg, &err) && info.rows == 0 && info.entries == 0);
	segment_close(seg);
	buf_release(&file);
	part_release(&p);
}

int main(void)
{
	test_merges();
	test_few();
	return tap_end();
}
