#include "engine/normalise.h"

#include "box/client.h"
#include "box/jobs.h"

/* The worker's answer. */
static bool unpack(struct str out, struct typed *ret, size_t *ret_n)
{
	struct normalised one;
	bool bad = false;
	size_t n = 0;

	while (n < VALUES_MAX && normalised_next(&out, &one, &bad))
		ret[n++] = (struct typed){one.o, one.sure};
	*ret_n = n;
	return !bad;
}

bool normalise_value(
	struct arena *a, struct str value, struct typed *ret, size_t *ret_n, struct err *err)
{
	bool needs_idna = false;
	struct box_options opt = {0};
	struct box_reply reply;
	struct box *box;
	struct str out;

	*ret_n = value_types(a, value, ret, &needs_idna);
	if (!needs_idna)
		return true;
	if (!box_start(&opt, &box, err))
		return false;
	bool done = value.n < box_input_room(box);
	if (done)
		memcpy(box_input(box), value.p, value.n);
	else
		err_set(err, ERR_LIMIT, "the value is too long");
	done = done && box_send(box, BOX_NORMALISE, value.n, STR(""), err) &&
	       box_receive(box, &reply, &out, err);
	if (done && (reply.status != BOX_OK || !unpack(arena_dup(a, out), ret, ret_n)))
		done = err_set(err, ERR_BOX, "the worker could not normalise the value");
	box_stop(box);
	return done;
}
