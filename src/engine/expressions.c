#include "engine/expressions.h"

#include "base/scan.h"
#include "box/client.h"

/* Expressions of all lists, and bytes of values of one question. */
#define EXPRESSIONS_MAX 4096u
#define VALUES_BYTES (16u << 20)

struct asking {
	VEC(struct expression_met) entries; /* value unused */
	struct buf raw;
};

static void add_text(struct buf *out, struct str s)
{
	buf_u32(out, (uint32_t)s.n);
	buf_str(out, s);
}

static void add_list(struct asking *q, const struct intel_file *list)
{
	struct indicators_reader r = {.in = &list->in};
	struct indicator i;
	uint32_t at = UINT32_MAX;

	/* A list has entries of one type. */
	while (q->entries.n < EXPRESSIONS_MAX && indicators_next(&r, &at, &i) &&
		i.what == INDICATOR_REGEX) {
		*vec_push(&q->entries) = (struct expression_met){list, at, 0};
		add_text(&q->raw, i.original);
	}
}

static bool unpack(const struct asking *q, struct str answer, size_t n, struct expressions *ret)
{
	struct scan sc = scan_of(answer);

	while (scan_left(&sc)) {
		uint32_t i = scan_u32(&sc, "an expression"), value = scan_u32(&sc, "a value");
		if (!scan_ok(&sc) || i >= q->entries.n || value >= n)
			return false;
		struct expression_met met = q->entries.at[i];
		met.value = value;
		*vec_push(&ret->at) = met;
	}
	return true;
}

static bool ask(const struct asking *q, const char *worker, size_t n, struct expressions *ret,
	struct err *err)
{
	struct box_options opt = {.worker = worker,
		.input_room = q->raw.n + 4096,
		.output_room = n * BOX_SEARCH_FOUND_MAX * 8 + 4096};
	struct box_reply reply;
	struct box *box;
	struct str answer;

	if (!box_start(&opt, &box, err))
		return false;
	memcpy(box_input(box), q->raw.p, q->raw.n);
	bool done = box_send(box, BOX_SEARCH, q->raw.n, STR(""), err) &&
		    box_receive(box, &reply, &answer, err);
	if (done && (reply.status != BOX_OK || !unpack(q, answer, n, ret)))
		done = err_set(err, ERR_BOX,
			"the worker failed on the regular expressions of warning lists");
	box_stop(box);
	return done;
}

bool expressions_ask(const struct intel_set *set, const struct str *values, size_t n,
	const char *worker, struct expressions *ret, struct err *err)
{
	struct asking q = {0};
	size_t asked = 0;
	bool done = true;

	*ret = (struct expressions){0};
	buf_u32(&q.raw, 0);
	for (size_t i = 0; i < set->at.n; i++) {
		if (set->at.at[i].in.role == INTEL_WARNING)
			add_list(&q, &set->at.at[i]);
	}
	for (; asked < n && q.raw.n < VALUES_BYTES; asked++)
		add_text(&q.raw, values[asked]);
	if (q.entries.n && asked) {
		for (size_t i = 0; i < 4; i++)
			q.raw.p[i] = (char)(q.entries.n >> 8 * i);
		done = ask(&q, worker, asked, ret, err);
	}
	vec_release(&q.entries);
	buf_release(&q.raw);
	if (!done)
		expressions_release(ret);
	return done;
}

void expressions_release(struct expressions *e)
{
	vec_release(&e->at);
}
