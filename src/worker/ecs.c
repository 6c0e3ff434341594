#include "worker/ecs.h"

#include "base/vec.h"
#include "text/ipaddr.h"
#include "text/jsonw.h"

/* One value in the form that is shown. */
struct shown {
	uint16_t field;
	struct str text;
};

struct face {
	const struct event *event;
	struct observed seen;
	VEC(struct shown) values;
	struct arena arena;
	bool has[FIELDS];
};

/* What stands in the head of the object, from the event itself. */
static bool is_head(uint16_t field)
{
	return field == FIELD_TIMESTAMP || field == FIELD_EVENT_ID || field == FIELD_EVENT_OUTCOME;
}

static void show(struct face *f, uint16_t field, struct str text)
{
	for (size_t i = 0; f->has[field] && i < f->values.n; i++)
		if (f->values.at[i].field == field && str_eq(f->values.at[i].text, text))
			return;
	*vec_push(&f->values) = (struct shown){field, text};
	f->has[field] = true;
}

static void show_address(struct face *f, uint16_t field, struct str text)
{
	struct ipaddr ip;
	struct buf b = {0};
	int port = -1;
	bool mapped;

	if (!ipaddr_parse(text, &ip, &port, &mapped)) {
		show(f, field, text);
		return;
	}
	ipaddr_print(&ip, &b);
	show(f, field, arena_dup(&f->arena, buf_view(&b)));
	buf_release(&b);
	enum field port_field = field == FIELD_SOURCE_IP        ? FIELD_SOURCE_PORT
				: field == FIELD_DESTINATION_IP ? FIELD_DESTINATION_PORT
								: FIELDS;
	if (port >= 0 && port_field != FIELDS && !f->has[port_field])
		show(f, port_field, arena_printf(&f->arena, "%d", port));
}

static const struct sighted *sighted_at(uint32_t value, const struct observed *seen)
{
	for (uint32_t s = 0; s < seen->n; s++)
		if (seen->at[s].whole && seen->at[s].value == value)
			return &seen->at[s];
	return NULL;
}

/* Each (kind, value) is sighted once, so a value that an earlier one has too is found by that. */
static const struct sighted *sighted_of(const struct face *f, uint32_t i)
{
	const struct value *v = &f->event->values[i];
	const struct sighted *g = sighted_at(i, &f->seen);

	for (uint32_t k = 0; k < i && !g; k++) {
		const struct value *twin = &f->event->values[k];
		if (twin->kind == v->kind && str_eq_nocase(twin->text, v->text))
			g = sighted_at(k, &f->seen);
	}
	return g;
}

static struct str normal_text(struct face *f, const struct sighted *g)
{
	struct buf b = {0};

	observable_text(g->o, &b);
	struct str s = arena_dup(&f->arena, buf_view(&b));
	buf_release(&b);
	return s;
}

static void show_value(struct face *f, uint32_t i)
{
	const struct value *v = &f->event->values[i];
	const struct sighted *g = NULL;

	if (v->field >= FIELDS || is_head(v->field))
		return;
	if (v->kind == KIND_IP) {
		show_address(f, v->field, v->text);
		return;
	}
	/* Normal where there is one spelling for machines; else as the log has it. */
	if (v->kind == KIND_DOMAIN || v->kind == KIND_EMAIL || v->kind == KIND_HASH)
		g = sighted_of(f, i);
	show(f, v->field, g && g->o.kind == v->kind ? normal_text(f, g) : v->text);
}

static void write_value(struct jsonw *w, const struct shown *s)
{
	enum field_type type = field_type((enum field)s->field);
	uint64_t n;

	if (type == FIELD_TYPE_LONG && str_u64(s->text, &n) && (s->text.p[0] != '0' || n == 0))
		jsonw_u64(w, n);
	else if (type == FIELD_TYPE_LONG && s->text.n > 1 && s->text.p[0] == '-' &&
		 str_u64(str_from(s->text, 1), &n) && n <= INT64_MAX)
		jsonw_i64(w, -(int64_t)n);
	else if (type == FIELD_TYPE_BOOL && str_eq_nocase(s->text, STR("true")))
		jsonw_bool(w, true);
	else if (type == FIELD_TYPE_BOOL && str_eq_nocase(s->text, STR("false")))
		jsonw_bool(w, false);
	else
		jsonw_str(w, s->text);
}

static void write_field(struct jsonw *w, const struct face *f, uint16_t field)
{
	const struct shown *first = NULL;
	size_t n = 0;

	for (size_t i = 0; i < f->values.n; i++)
		if (f->values.at[i].field == field && n++ == 0)
			first = &f->values.at[i];
	if (!first)
		return;
	jsonw_key(w, field_name((enum field)field));
	if (n == 1) {
		write_value(w, first);
		return;
	}
	jsonw_open(w, '[');
	for (const struct shown *s = first; s < f->values.at + f->values.n; s++)
		if (s->field == field)
			write_value(w, s);
	jsonw_close(w, ']');
}

static void write_id(struct jsonw *w, struct event_id id)
{
	char hex[32];

	hex_write(id.b, sizeof(id.b), hex);
	jsonw_key(w, "event.id");
	jsonw_str(w, (struct str){hex, sizeof(hex)});
}

static const char *outcome_text(enum outcome o)
{
	return o == OUTCOME_SUCCESS ? "success" : o == OUTCOME_FAILURE ? "failure" : "unknown";
}

static void write_event(const struct ecs *ecs, struct jsonw *w, struct record *rec)
{
	const struct event *e = &rec->event;
	const struct format_info *info = formats_info(ecs->formats, e->format);
	struct face f = {.event = e};

	f.seen = observe_event(ecs->observer, e, &rec->flaws);
	for (uint32_t i = 0; i < e->n_values; i++)
		if (e->values[i].field == FIELD_SOURCE_PORT ||
			e->values[i].field == FIELD_DESTINATION_PORT)
			show_value(&f, i);
	for (uint32_t i = 0; i < e->n_values; i++)
		show_value(&f, i);
	if (!f.has[FIELD_EVENT_DATASET])
		show(&f, FIELD_EVENT_DATASET, info->name);
	jsonw_key(w, "@timestamp");
	jsonw_when(w, e->time);
	write_id(w, e->id);
	jsonw_key(w, "event.outcome");
	jsonw_text(w, outcome_text(e->outcome));
	for (unsigned i = 0; i < FIELDS; i++)
		if (f.has[i])
			write_field(w, &f, (uint16_t)i);
	jsonw_key(w, "spoor.format");
	jsonw_str(w, info->name);
	if (e->organisation.n && !f.has[FIELD_ORGANIZATION_ID]) {
		jsonw_key(w, "organization.id");
		jsonw_str(w, e->organisation);
	}
	vec_release(&f.values);
	arena_release(&f.arena);
}

static void write_flaws(struct jsonw *w, const struct flaws *f, bool conflict)
{
	bool seen[FLAW_CODES] = {0};

	jsonw_key(w, "spoor.flaws");
	jsonw_open(w, '[');
	for (uint32_t i = 0; i < f->n; i++) {
		if (f->at[i].code >= FLAW_CODES || seen[f->at[i].code])
			continue;
		seen[f->at[i].code] = true;
		jsonw_text(w, flaw_name((enum flaw_code)f->at[i].code));
	}
	if (conflict)
		jsonw_text(w, flaw_name(FLAW_ID_CONFLICT));
	jsonw_close(w, ']');
}

void ecs_line(
	const struct ecs *ecs, struct record *rec, const struct render_item *at, struct buf *out)
{
	struct jsonw w = jsonw_of(out);

	jsonw_open(&w, '{');
	if (rec->has_event)
		write_event(ecs, &w, rec);
	jsonw_key(&w, "spoor.source");
	jsonw_str(&w, ecs->source);
	jsonw_key(&w, "spoor.offset");
	jsonw_u64(&w, at->source_offset);
	if (rec->flaws.n || at->conflict)
		write_flaws(&w, &rec->flaws, at->conflict);
	jsonw_close(&w, '}');
	jsonw_line(&w);
}
