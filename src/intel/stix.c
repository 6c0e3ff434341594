#include "intel/stix.h"

#include "base/err.h"
#include "intel/columns.h"
#include "intel/leg.h"
#include "intel/line.h"
#include "intel/rulelang.h"
#include "intel/sdonode.h"
#include "text/json_cut.h"

struct stix {
	struct gather *g;
	struct place begin; /* of the text in the bytes as given; length 0: it isn't in them */
	struct sdo_reader r;
	struct graph graph;
	struct notes notes;
	bool stix, v21;
	VEC(struct column) columns;
	VEC(struct str) cells;
};

/*
 * "indicator--…": an id of that form and a type make it a STIX object.  The type before the dashes
 * is the object's own in all but broken ones, which are kept as what they say they are.
 */
static bool is_stix(const struct sdo *o)
{
	size_t dashes = str_find(o->id, STR("--"));

	return o->type.n && dashes > 0 && dashes + 2 < o->id.n && !str_eq(o->type, STR("bundle"));
}

static void first_pass(void *arg, enum json_cut_kind kind, struct str value, uint32_t line)
{
	struct stix *s = arg;
	struct arena_mark mark = arena_mark(&s->g->scratch);

	(void)line;
	if (kind == JSON_CUT_OBJECT && sdo_read(&s->r, &s->g->scratch, value) &&
		is_stix(&s->r.sdo)) {
		s->stix = true;
		s->v21 |= str_eq(s->r.sdo.spec_version, STR("2.1"));
		if (s->r.sdo.id.n <= LIMIT_INTEL_ID_BYTES)
			graph_add(&s->graph, s->g, &s->r.sdo, sdo_digest(&s->r, value));
	}
	arena_rewind(&s->g->scratch, mark);
}

/* The name says more than the description, unless it only repeats the value. */
static struct str context_of(const struct gather *g, const struct sdo *o)
{
	bool repeats = o->name.n && str_find(o->pattern, o->name) < o->pattern.n;
	struct str s = o->name.n && !repeats ? o->name
		       : o->description.n    ? o->description
					     : o->labels;

	return gather_keep(g, str_upto(s, 400));
}

/* A time that never was is told; without it the indicator holds without end, or from whenever. */
static void read_time(
	struct stix *s, uint32_t line, const char *key, struct str text, struct when *w)
{
	if (text.n && !when_rfc3339(text, w))
		gather_skip(s->g, line, s->r.sdo.id,
			arena_printf(s->g->a, "its '%s' is no time; the rest is read", key));
}

static void indicator(struct stix *s, uint32_t line, struct str marking)
{
	const struct sdo *o = &s->r.sdo;
	struct arena *a = s->g->a;
	struct indicator i = gather_base(line);

	if (o->benign) {
		gather_skip(s->g, line, o->pattern, STR("its source says that it is benign"));
		return;
	}
	i.id = gather_keep(s->g, o->id);
	i.original = gather_keep(s->g, o->pattern);
	i.context = context_of(s->g, o);
	i.actor = graph_actor(&s->graph, a, o->id);
	i.creator = gather_keep(s->g, o->created_by_ref);
	i.marking = marking;
	i.confidence = o->confidence;
	i.revoked = o->revoked;
	read_time(s, line, "valid_from", o->valid_from, &i.valid_from);
	read_time(s, line, "valid_until", o->valid_until, &i.valid_until);
	if (o->pattern.n == 0)
		gather_skip(s->g, line, i.id, STR("an indicator without a pattern"));
	else if (o->pattern_type.n && !str_eq_nocase(o->pattern_type, STR("stix")))
		gather_pending(s->g, &i, rule_language_why(a, o->pattern_type, o->pattern));
	else
		pattern_gather(s->g, &i);
}

/* An object that is not STIX: its keys are the columns of a row. */
static void flat_object(struct stix *s, struct str object, uint32_t line)
{
	const struct json_token *at = s->r.tape.at;
	bool values = false;

	s->columns.n = s->cells.n = 0;
	for (uint32_t k = 1; k < at[0].next; k = at[k].next) {
		struct column c = column_of(json_text(&s->g->scratch, object, &at[k]));
		const struct json_token *v = &at[k + 1];
		if (c.role == ROLE_NONE ||
			(v->type != JSON_STRING && v->type != JSON_NUMBER && v->type != JSON_TRUE))
			continue;
		struct str cell = json_text(&s->g->scratch, object, v);
		*vec_push(&s->columns) = c;
		*vec_push(&s->cells) = arena_dup(s->g->a, str_trim(cell));
		values |= column_has_values(c);
	}
	/* Among STIX objects it is a piece of a broken one, whose links are no indicators. */
	if (values && !s->stix)
		columns_row(s->g, s->columns.at, s->cells.at, s->cells.n, line, object);
	else
		gather_skip(
			s->g, line, object, STR("no STIX object, and no key that names a value"));
}

/* A string by itself is a line of a list. */
static void other_value(struct stix *s, struct str value, uint32_t line)
{
	struct indicator base = gather_base(line);

	if (value.n > 2 && value.p[0] == '"') {
		struct str inner = str_from(str_upto(value, value.n - 1), 1);
		base.original = json_unescape(inner, arena_alloc(s->g->a, inner.n));
		if (line_value(s->g, &base, base.original))
			return;
	}
	gather_skip(s->g, line, value, STR("neither an object nor a value"));
}

/* Is it JSON that others read as well?  A key that stands twice is, all else is not. */
static bool is_sound(const struct sdo_reader *r)
{
	for (uint32_t i = 0; i < r->n_flaws && i < LIMIT_FLAWS_PER_RECORD; i++) {
		if (r->flaws[i].code != FLAW_DUPLICATE_KEY)
			return false;
	}
	return true;
}

/* What is odd about an object is said; it is read nevertheless. */
static void tell_flaws(struct stix *s, struct str value, uint32_t line)
{
	const struct sdo *o = &s->r.sdo;
	struct str what = o->id.n ? o->id : value;

	if (s->r.n_flaws)
		gather_skip(s->g, line, what,
			arena_printf(s->g->a, "flawed JSON (%s); read as far as it goes",
				flaw_name((enum flaw_code)s->r.flaws[0].code)));
	if (o->wrong)
		gather_skip(s->g, line, what,
			arena_printf(s->g->a,
				"its '%s' is of another type than in STIX; the rest "
				"is read",
				o->wrong));
}

static void stix_object(struct stix *s, struct str value, uint32_t line)
{
	const struct sdo *o = &s->r.sdo;
	struct sdonode k = {.g = s->g, .graph = &s->graph, .notes = &s->notes};

	if (o->id.n > LIMIT_INTEL_ID_BYTES) {
		gather_skip(s->g, line, o->id, STR("its id is longer than any id"));
		return;
	}
	enum graph_version version = graph_take(&s->graph, o, sdo_digest(&s->r, value));
	if (version == GRAPH_AGAIN) {
		gather_skip(s->g, line, o->id, STR("the same object again"));
		return;
	}
	if (version == GRAPH_TWIN || version == GRAPH_CLASH)
		notes_add(&s->notes, version == GRAPH_TWIN ? NOTE_TWIN : NOTE_CLASH, STR(""), o->id,
			line);
	k.marking = graph_marking(&s->graph, s->g->a, o, &s->notes, line);
	k.place = (struct place){.line = line};
	if (s->begin.length && is_sound(&s->r)) {
		k.place.offset = s->begin.offset + (uint64_t)(value.p - s->g->text.p);
		k.place.length = value.n;
	}
	if (version != GRAPH_OLDER && str_eq(o->type, STR("indicator")))
		indicator(s, line, k.marking);
	sdonode_keep(&k, o, version);
}

static void second_pass(void *arg, enum json_cut_kind kind, struct str value, uint32_t line)
{
	struct stix *s = arg;
	struct arena_mark mark = arena_mark(&s->g->scratch);

	if (kind == JSON_CUT_BROKEN) {
		gather_skip(s->g, line, value, STR("not JSON"));
	} else if (kind == JSON_CUT_OPEN) {
		gather_skip(s->g, line, value,
			STR("it never ends, as a file that was cut; what is whole in it is read"));
	} else if (kind == JSON_CUT_OTHER) {
		other_value(s, value, line);
	} else if (kind == JSON_CUT_OBJECT && sdo_read(&s->r, &s->g->scratch, value)) {
		tell_flaws(s, value, line);
		if (is_stix(&s->r.sdo))
			stix_object(s, value, line);
		else
			flat_object(s, value, line);
	}
	arena_rewind(&s->g->scratch, mark);
}

struct str stix_read(struct gather *g, struct str text, struct str given)
{
	struct stix *s = arena_new(g->a, struct stix);

	s->g = g;
	g->text = text;
	s->notes.a = g->a;
	if (text.p >= given.p && text.p + text.n <= given.p + given.n) {
		s->begin.offset = (uint64_t)(text.p - given.p);
		s->begin.length = text.n;
	}
	json_cut(text, STR("objects"), first_pass, s);
	graph_seal(&s->graph);
	json_cut(text, STR("objects"), second_pass, s);
	notes_tell(&s->notes, g);
	notes_release(&s->notes);
	graph_release(&s->graph);
	sdo_reader_release(&s->r);
	vec_release(&s->columns);
	vec_release(&s->cells);
	if (s->stix)
		return s->v21 ? STR("stix-2.1") : STR("stix-2.0");
	return STR("json");
}
