/* Packing and unpacking are inverse; whatever is cut or changed is refused or still whole. */
#include "intel/pack.h"

#include "t/intel/data.h"

static const char list[] =
	"# Aliases: wolf\n# about these\nevil.example\n192.0.2.1\n198.51.100.0/24\n2001:db8::1\n"
	"0123456789abcdef0123456789abcdef\nhttp://evil.example/a?b\n/path\n[a:b = 1]\nnothing\n"
	"a@evil.example # said so\n";

static bool same_place(const struct place *a, const struct place *b)
{
	return a->offset == b->offset && a->length == b->length && a->member == b->member &&
	       a->line == b->line;
}

static void test_node(const struct node *a, const struct node *b)
{
	eq_str(b->id, a->id);
	eq_str(b->is, a->is);
	eq_str(b->name, a->name);
	eq_str(b->origin, a->origin);
	eq_str(b->external, a->external);
	eq_str(b->description, a->description);
	eq_str(b->creator, a->creator);
	eq_str(b->marking, a->marking);
	ok(a->type == b->type && a->created.us == b->created.us &&
		a->modified.us == b->modified.us && a->confidence == b->confidence &&
		a->revoked == b->revoked && same_place(&a->place, &b->place));
}

static void test_edge(const struct edge *a, const struct edge *b)
{
	eq_str(b->id, a->id);
	eq_str(b->from, a->from);
	eq_str(b->to, a->to);
	eq_str(b->type, a->type);
	eq_str(b->description, a->description);
	eq_str(b->marking, a->marking);
	ok(a->modified.us == b->modified.us && a->confidence == b->confidence &&
		a->revoked == b->revoked && same_place(&a->place, &b->place));
}

static void test_claim(const struct claim *a, const struct claim *b)
{
	eq_str(b->id, a->id);
	eq_str(b->by, a->by);
	eq_str(b->incident, a->incident);
	eq_str(b->about, a->about);
	eq_str(b->words, a->words);
	eq_str(b->text, a->text);
	eq_str(b->of, a->of);
	eq_str(b->reference, a->reference);
	eq_str(b->marking, a->marking);
	ok(a->said.us == b->said.us && a->speaker == b->speaker && a->level == b->level &&
		a->standing == b->standing && a->scale == b->scale && a->shown == b->shown &&
		a->low == b->low && a->high == b->high && same_place(&a->place, &b->place));
}

static void test_party(const struct party *a, const struct party *b)
{
	eq_str(b->list, a->list);
	eq_str(b->id, a->id);
	eq_str(b->programme, a->programme);
	ok(a->type == b->type && a->listed_on.us == b->listed_on.us &&
		a->list_date.us == b->list_date.us && a->place.line == b->place.line);
	if (!ok(a->n_names == b->n_names && a->n_births == b->n_births && a->n_ids == b->n_ids &&
		    a->n_countries == b->n_countries && a->n_places == b->n_places))
		return;
	for (uint32_t i = 0; i < a->n_names; i++)
		ok(str_eq(a->names[i].text, b->names[i].text) &&
			str_eq(a->names[i].form.latin, b->names[i].form.latin) &&
			str_eq(a->names[i].form.han, b->names[i].form.han) &&
			a->names[i].form.derived == b->names[i].form.derived &&
			a->names[i].kind == b->names[i].kind);
	for (uint32_t i = 0; i < a->n_births; i++)
		ok(memcmp(&a->births[i], &b->births[i], sizeof(a->births[i])) == 0);
	for (uint32_t i = 0; i < a->n_ids; i++)
		ok(str_eq(a->ids[i].type, b->ids[i].type) &&
			str_eq(a->ids[i].value, b->ids[i].value));
	for (uint32_t i = 0; i < a->n_countries; i++)
		eq_str(b->countries[i], a->countries[i]);
	for (uint32_t i = 0; i < a->n_places; i++)
		eq_str(b->places[i], a->places[i]);
}

static void test_said(const struct said *a, const struct said *b)
{
	if (!ok(a->nodes.n == b->nodes.n && a->names.n == b->names.n && a->edges.n == b->edges.n &&
		    a->claims.n == b->claims.n))
		return;
	for (size_t i = 0; i < a->nodes.n; i++)
		test_node(&a->nodes.at[i], &b->nodes.at[i]);
	for (size_t i = 0; i < a->names.n; i++)
		ok(str_eq(a->names.at[i].node, b->names.at[i].node) &&
			str_eq(a->names.at[i].name, b->names.at[i].name) &&
			str_eq(a->names.at[i].origin, b->names.at[i].origin) &&
			a->names.at[i].confidence == b->names.at[i].confidence);
	for (size_t i = 0; i < a->edges.n; i++)
		test_edge(&a->edges.at[i], &b->edges.at[i]);
	for (size_t i = 0; i < a->claims.n; i++)
		test_claim(&a->claims.at[i], &b->claims.at[i]);
	ok(a->parties.n == b->parties.n);
	for (size_t i = 0; i < a->parties.n && i < b->parties.n; i++)
		test_party(&a->parties.at[i], &b->parties.at[i]);
}

static void test_inverse(struct intel *in)
{
	struct buf packed = {0};
	struct intel back;
	struct err err;

	intel_pack(in, &packed);
	if (!ok(intel_unpack(buf_view(&packed), &back, &err)))
		return;
	ok(back.skipped.n == in->skipped.n && back.role == in->role);
	eq_str(back.kind, in->kind);
	for (size_t i = 0; i < in->skipped.n; i++) {
		eq_str(back.skipped.at[i].what, in->skipped.at[i].what);
		eq_str(back.skipped.at[i].why, in->skipped.at[i].why);
		ok(back.skipped.at[i].line == in->skipped.at[i].line &&
			back.skipped.at[i].member == in->skipped.at[i].member);
	}
	test_said(&in->said, &back.said);
	intel_release(&back);
	buf_release(&packed);
}

static void test_damage(const struct intel *in)
{
	struct buf packed = {0};
	struct intel back;
	struct err err;
	size_t cut = 0, changed = 0;

	intel_pack(in, &packed);
	for (size_t n = 0; n < packed.n; n++) {
		bool read = intel_unpack(str_upto(buf_view(&packed), n), &back, &err);
		cut += read;
		if (read)
			intel_release(&back);
	}
	ok(cut == 0);
	/* A changed byte of a text can't be seen; one of a count, kind or length must not crash. */
	for (size_t n = 0; n < packed.n * 8; n++) {
		packed.p[n / 8] = (char)(packed.p[n / 8] ^ 1 << n % 8);
		bool read = intel_unpack(buf_view(&packed), &back, &err);
		changed += !read;
		if (read)
			intel_release(&back);
		packed.p[n / 8] = (char)(packed.p[n / 8] ^ 1 << n % 8);
	}
	ok(changed > 0);
	buf_putc(&packed, 0);
	ok(!intel_unpack(buf_view(&packed), &back, &err));
	ok(!intel_unpack(STR(""), &back, &err));
	ok(!intel_unpack(STR("spoorsaid1\1\0\0\xff\xff\xff\xff\x0f"), &back, &err));
	buf_release(&packed);
}

#define STR_OF(z)                                                                                  \
	{                                                                                          \
		z, sizeof(z) - 1                                                                   \
	}

/* One of each kind, with a value in every member. */
static void add_said(struct said *s)
{
	struct place place = {.offset = 7, .length = 1 << 20, .member = 2, .line = 9};

	*vec_push(&s->nodes) = (struct node){.type = NODE_OTHER,
		.id = STR("a"),
		.is = STR("b"),
		.name = STR("c"),
		.origin = STR("d"),
		.external = STR("e"),
		.description = STR("f"),
		.creator = STR("g"),
		.marking = STR("h"),
		.created = {-1},
		.modified = {1},
		.confidence = 100,
		.revoked = true,
		.place = place};
	*vec_push(&s->nodes) = node_empty();
	*vec_push(&s->names) = (struct node_name){STR("a"), STR("b"), STR("c"), 80};
	*vec_push(&s->edges) = (struct edge){.id = STR("a"),
		.from = STR("b"),
		.to = STR("c"),
		.type = STR("d"),
		.description = STR("e"),
		.marking = STR("f"),
		.modified = {2},
		.confidence = 0,
		.revoked = true,
		.place = place};
	*vec_push(&s->claims) = (struct claim){.id = STR("a"),
		.by = STR("b"),
		.incident = STR("c"),
		.about = STR("d"),
		.words = STR("e"),
		.text = STR("f"),
		.of = STR("g"),
		.reference = STR("h"),
		.marking = STR("i"),
		.said = {3},
		.speaker = SPEAKER_ACCUSED,
		.level = LEVEL_STATE,
		.standing = STANDING_DENIAL,
		.scale = SCALE_PHIA,
		.shown = SHOWN_NONE,
		.low = 80,
		.high = 90,
		.place = place};
	static const struct party_name names[] = {
		{STR_OF("a"), PARTY_NAME_WEAK, {STR_OF("b"), STR_OF("c"), true}},
		{STR_OF("d"), PARTY_NAME_PRIMARY, {STR_OF("e"), STR_OF(""), false}}};
	static const struct party_date births[] = {{1961, 1963, 0, 0}, {1981, 1981, 4, 12}};
	static const struct str texts[] = {STR_OF("f"), STR_OF("g"), STR_OF("h")};
	static const struct party_id ids[] = {{STR_OF("i"), STR_OF("j")}};
	*vec_push(&s->parties) = (struct party){.list = STR("k"),
		.id = STR("l"),
		.programme = STR("m"),
		.type = PARTY_AIRCRAFT,
		.listed_on = {4},
		.list_date = WHEN_NONE,
		.names = names,
		.births = births,
		.countries = texts,
		.places = texts,
		.ids = ids,
		.n_names = 2,
		.n_births = 2,
		.n_countries = 3,
		.n_places = 2,
		.n_ids = 1,
		.place = place};
	*vec_push(&s->parties) =
		(struct party){.list = STR(""), .id = STR(""), .programme = STR("")};
}

int main(void)
{
	struct arena a = {0};
	struct intel in;

	intel_read(&a, str_of(list), STR("x"), &in);
	ok(in.indicators.n == 9 && in.skipped.n == 1);
	in.skipped.at[0].member = 3;
	in.role = INTEL_WARNING;
	add_said(&in.said);
	test_inverse(&in);
	test_damage(&in);
	intel_release(&in);
	in = (struct intel){.title = STR(""), .kind = STR("list")};
	test_inverse(&in);
	arena_release(&a);
	return tap_end();
}
