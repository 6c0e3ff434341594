#include "observe/observe.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/limits.h"
#include "observe/normal.h"
#include "observe/observer.h"
#include "text/domain.h"
#include "text/idna.h"
#include "text/rewriter.h"
#include "text/template.h"

enum { SLOTS_FIRST = 64 };

struct observer *observer_new(void)
{
	struct observer *ob = calloc(1, sizeof(*ob));

	if (!ob)
		BUG("out of memory");
	return ob;
}

void observer_free(struct observer *ob)
{
	if (!ob)
		return;
	arena_release(&ob->arena);
	arena_release(&ob->alias_arena);
	vec_release(&ob->found);
	free(ob->slots);
	free(ob);
}

/* A new generation frees all slots at once, so that an event costs what it uses. */
static void slots_begin(struct observer *ob, uint32_t n)
{
	if (n > ob->cap_slots) {
		free(ob->slots);
		ob->slots = calloc(n, sizeof(*ob->slots));
		if (!ob->slots)
			BUG("out of memory");
		ob->cap_slots = n;
		ob->generation = 0;
	}
	ob->n_slots = n;
	if (++ob->generation == 0) {
		memset(ob->slots, 0, ob->cap_slots * sizeof(*ob->slots));
		ob->generation = 1;
	}
}

static struct slot *slot_of(struct observer *ob, uint64_t key, struct observable o)
{
	uint32_t mask = ob->n_slots - 1;

	for (uint32_t i = (uint32_t)key & mask;; i = (i + 1) & mask) {
		struct slot *s = &ob->slots[i];
		if (s->generation != ob->generation)
			return s;
		const struct sighted *f = &ob->found.at[s->index];
		if (f->key == key && observable_eq(f->o, o))
			return s;
	}
}

static void slots_grow(struct observer *ob)
{
	slots_begin(ob, ob->n_slots * 2);
	for (size_t i = 0; i < ob->found.n; i++) {
		const struct sighted *f = &ob->found.at[i];
		*slot_of(ob, f->key, f->o) = (struct slot){ob->generation, (uint32_t)i};
	}
}

uint32_t observer_add(struct observer *ob, struct observable o, bool whole)
{
	uint64_t key = observable_key(o);
	struct slot *s = slot_of(ob, key, o);

	if (s->generation == ob->generation)
		return s->index;
	if (ob->found.n == LIMIT_OBSERVABLES_PER_EVENT) {
		if (!ob->full)
			flaw_add(ob->flaws, FLAW_TOO_MANY_VALUES, ob->value->offset);
		ob->full = true;
		return OBSERVED_NONE;
	}
	uint32_t index = (uint32_t)ob->found.n;
	*s = (struct slot){ob->generation, index};
	*vec_push(&ob->found) = (struct sighted){
		.o = o,
		.key = key,
		.value = ob->number,
		.field = ob->value->field,
		.nesting = ob->value->nesting,
		.whole = whole,
		.offset = ob->value->offset,
		.length = ob->value->length,
	};
	if (ob->found.n * 2 > ob->n_slots)
		slots_grow(ob);
	return index;
}

void observer_add_host(struct observer *ob, const struct url *u)
{
	if (u->host_is_ip) {
		observer_add(ob, normal_ip(&ob->arena, &u->ip), false);
		return;
	}
	struct str name = url_domain(&ob->arena, u);
	if (name.n)
		observer_add(ob, normal_pack(&ob->arena, KIND_DOMAIN, name), false);
}

static bool is_web(struct str s)
{
	return s.n > 8 && s.p[0] == 'h' &&
	       (str_starts(s, STR("https://")) || str_starts(s, STR("http://")));
}

/*
 * A template without a slot is the URL itself and would double every entry.  Rewriters' own
 * shapes say nothing: what they wrap has its template.
 */
static void add_template(struct observer *ob, const struct url *u)
{
	struct str registrable = STR("");
	unsigned slots;

	if (!u->special)
		return;
	if (!u->host_is_ip)
		registrable = domain_registrable(u->host);
	struct str t = url_template(&ob->arena, u, registrable, &slots);
	if (slots)
		observer_add(ob, normal_pack(&ob->arena, KIND_URL_TEMPLATE, t), false);
}

uint32_t observer_add_url(struct observer *ob, const struct url *u, bool whole, bool mapped)
{
	uint32_t first = observer_add(ob, normal_pack(&ob->arena, KIND_URL, u->href), whole);
	struct url inner = *u;

	observer_add_host(ob, &inner);
	for (int depth = 0; depth < REWRITER_DEPTH; depth++) {
		struct str s;
		enum rewriter by;
		struct url next;
		if (!url_unwrap(&ob->arena, &inner, &s, &by) ||
			url_read(&ob->arena, s, idna_to_ascii, &next) != URL_OK)
			break;
		inner = next;
		observer_add(ob, normal_pack(&ob->arena, KIND_URL, inner.href), false);
		observer_add_host(ob, &inner);
	}
	if (mapped)
		add_template(ob, &inner);
	return first;
}

static uint32_t add_url(struct observer *ob, struct str s, bool whole)
{
	struct url u;

	if (url_read(&ob->arena, s, idna_to_ascii, &u) != URL_OK)
		return OBSERVED_NONE;
	return observer_add_url(ob, &u, whole, true);
}

static uint32_t add_normal(struct observer *ob, enum kind kind, struct str s)
{
	struct observable o;

	switch (normal_form(&ob->arena, idna_to_ascii, kind, s, &o)) {
	case NORMAL_BAD:
		flaw_add(ob->flaws, FLAW_BAD_VALUE, ob->value->offset);
		return observer_add(ob, o, true);
	case NORMAL_OK:
		return observer_add(ob, o, true);
	case NORMAL_NEEDS_IDNA:
		BUG("asked for tables that were there");
	case NORMAL_NOTHING:
		break;
	}
	return OBSERVED_NONE;
}

static uint32_t add_mapped(struct observer *ob, enum kind kind, struct str s)
{
	uint32_t i = OBSERVED_NONE;

	if (kind == KIND_RECORD_ID || kind == KIND_URL_PATH || kind == KIND_NET64)
		return i;
	if (s.n > LIMIT_OBSERVABLE_BYTES)
		flaw_add(ob->flaws, FLAW_VALUE_CUT, ob->value->offset);
	if (kind == KIND_URL)
		i = add_url(ob, s, true);
	if (i == OBSERVED_NONE)
		i = add_normal(ob, kind, s);
	if ((kind == KIND_RESOURCE || kind == KIND_FILE_PATH) && is_web(s))
		add_url(ob, s, false);
	return i;
}

struct observed observe_event(struct observer *ob, const struct event *e, struct flaws *flaws)
{
	arena_rewind(&ob->arena, (struct arena_mark){0});
	ob->found.n = 0;
	ob->full = false;
	ob->flaws = flaws;
	slots_begin(ob, SLOTS_FIRST);
	memset(ob->of_field, 0xff, sizeof(ob->of_field));
	for (uint32_t k = 0; k < e->n_values && !ob->full; k++) {
		const struct value *v = ob->value = &e->values[k];
		ob->number = k;
		uint32_t before = (uint32_t)ob->found.n, i = OBSERVED_NONE;
		if (v->kind == KIND_AUTO) {
			observe_text(ob, v->text);
			if (ob->found.n > before)
				i = before;
		} else if (v->kind < KINDS) {
			i = add_mapped(ob, (enum kind)v->kind, v->text);
		}
		if (v->field < FIELDS && ob->of_field[v->field] == OBSERVED_NONE)
			ob->of_field[v->field] = i;
	}
	return (struct observed){ob->found.at, (uint32_t)ob->found.n, ob->of_field};
}
