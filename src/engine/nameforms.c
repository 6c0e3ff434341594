#include "engine/nameforms.h"

#include "box/client.h"
#include "box/jobs.h"

/* One job: as many of the names from *inout_at on as there is room for.  which: those to ask about. */
struct asking {
	struct arena *a;
	struct box *box;
	const struct str *names;
	const size_t *which;
	size_t n;
	struct name_form *forms;
};

static void put_line(char *to, struct str name)
{
	for (size_t i = 0; i < name.n; i++)
		to[i] = name.p[i] == '\n' ? ' ' : name.p[i];
	to[name.n] = '\n';
}

static bool ask(struct asking *q, size_t *inout_at, struct err *err)
{
	struct box_reply reply;
	struct str out;
	size_t used = 0, from = *inout_at, at = from;

	for (; at < q->n; at++) {
		struct str name = q->names[q->which[at]];
		if (name.n + 1 > box_input_room(q->box) - used)
			break;
		put_line(box_input(q->box) + used, name);
		used += name.n + 1;
	}
	if (at == from)
		return err_set(err, ERR_LIMIT, "the name is too long");
	if (!box_send(q->box, BOX_NAMES, used, STR(""), err) ||
		!box_receive(q->box, &reply, &out, err))
		return false;
	out = arena_dup(q->a, reply.status == BOX_OK ? out : STR(""));
	for (; from < at; from++)
		if (!name_form_next(&out, &q->forms[q->which[from]]))
			return err_set(err, ERR_BOX, "the worker could not read the names");
	*inout_at = at;
	return true;
}

bool name_forms(
	struct arena *a, const struct str *names, size_t n, struct name_form *ret, struct err *err)
{
	struct box_options opt = {0};
	size_t *which = arena_array(a, n + 1, sizeof(*which));
	struct asking q = {.a = a, .names = names, .which = which, .forms = ret};
	size_t at = 0;
	bool done = true;

	for (size_t i = 0; i < n; i++)
		if (!name_form_ascii(a, names[i], &ret[i]))
			which[q.n++] = i;
	if (q.n == 0)
		return true;
	if (!box_start(&opt, &q.box, err))
		return false;
	while (done && at < q.n)
		done = ask(&q, &at, err);
	box_stop(q.box);
	return done;
}
