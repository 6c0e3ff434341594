#include "worker/ruleview.h"

#include "model/field.h"
#include "worker/mailyara.h"

static void hear_json(void *arg, struct str text, const struct json_tape *tape)
{
	struct rule_view *v = arg;

	view_json(v->of, text, tape);
	if (v->facts && v->eval)
		rule_view_told(v, text, tape);
}

static void hear_cell(void *arg, struct str name, struct str text)
{
	struct rule_view *v = arg;

	view_cell(v->of, name, text, JSON_STRING);
}

/* They live as long as the event is asked about, so that they are looked at only if a rule asks. */
static void hear_bytes(void *arg, const struct mail_bytes *b)
{
	struct rule_view *v = arg;

	if (v->eval)
		eval_bytes(v->eval, b->path, b->name, b->bytes);
}

void rule_view_listen(struct rule_view *v, struct reader *r)
{
	v->listener = (struct listener){hear_json, hear_cell, hear_bytes, v};
	reader_listen(r, &v->listener);
}

void rule_view_event(struct rule_view *v, const struct event *e)
{
	for (uint32_t i = 0; v->fields != v->of->f && i < FIELDS; i++)
		v->nodes[i] = fields_node(v->of->f, str_of(field_name((enum field)i)));
	v->fields = v->of->f;
	for (uint32_t i = 0; i < e->n_values; i++) {
		const struct value *at = &e->values[i];
		if (at->field < FIELDS)
			view_field(v->of, v->nodes[at->field], at->text);
	}
}
