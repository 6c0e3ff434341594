#include "intel/said.h"

#include "intel/partypack.h"

/*
 *	u8 section, varint n, n records; …; u8 SECTION_END
 *	text: varint length, its bytes
 *	time: u64; number: varint, of what can be -1 one more than it
 */
enum section {
	SECTION_END,
	SECTION_NODES,
	SECTION_NAMES,
	SECTION_EDGES,
	SECTION_CLAIMS,
	SECTION_PARTIES
};

/* No record of any section is shorter than this. */
#define RECORD_BYTES_MIN 4u

struct node node_empty(void)
{
	struct str no = STR("");

	return (struct node){.type = NODE_OTHER,
		.id = no,
		.is = no,
		.name = no,
		.origin = no,
		.external = no,
		.description = no,
		.creator = no,
		.marking = no,
		.created = WHEN_NONE,
		.modified = WHEN_NONE,
		.confidence = -1};
}

struct edge edge_empty(void)
{
	struct str no = STR("");

	return (struct edge){.id = no,
		.from = no,
		.to = no,
		.type = no,
		.description = no,
		.marking = no,
		.modified = WHEN_NONE,
		.confidence = -1};
}

struct claim claim_empty(void)
{
	struct str no = STR("");

	return (struct claim){.id = no,
		.by = no,
		.incident = no,
		.about = no,
		.words = no,
		.text = no,
		.of = no,
		.reference = no,
		.marking = no,
		.said = WHEN_NONE,
		.low = -1,
		.high = -1};
}

void said_put_place(struct buf *out, const struct place *p)
{
	buf_varint(out, p->offset);
	buf_varint(out, p->length);
	buf_varint(out, p->member);
	buf_varint(out, p->line);
}

static uint64_t take_upto(struct scan *sc, uint64_t max, const char *what)
{
	uint64_t v = scan_varint(sc, what);

	if (v > max)
		scan_fail(sc, what);
	return v <= max ? v : 0;
}

struct place said_take_place(struct scan *sc)
{
	struct place p = {.offset = scan_varint(sc, "offset"), .length = scan_varint(sc, "length")};

	if (p.offset + p.length < p.offset)
		scan_fail(sc, "a place");
	p.member = (uint32_t)take_upto(sc, UINT32_MAX, "a member");
	p.line = (uint32_t)take_upto(sc, UINT32_MAX, "a line");
	return p;
}

static void put_percent(struct buf *out, int v)
{
	buf_varint(out, (uint64_t)(v + 1));
}

static int take_percent(struct scan *sc)
{
	return (int)take_upto(sc, 101, "per cent") - 1;
}

static struct when take_when(struct scan *sc)
{
	return (struct when){(int64_t)scan_u64(sc, "a time")};
}

static void put_node(struct buf *out, const struct node *n)
{
	const struct str texts[] = {n->id, n->is, n->name, n->origin, n->external, n->description,
		n->creator, n->marking};

	buf_putc(out, (char)n->type);
	buf_putc(out, (char)n->revoked);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		buf_text(out, texts[i]);
	buf_u64(out, (uint64_t)n->created.us);
	buf_u64(out, (uint64_t)n->modified.us);
	put_percent(out, n->confidence);
	said_put_place(out, &n->place);
}

static void take_node(struct scan *sc, struct node *n)
{
	*n = node_empty();
	n->type = (enum node_type)take_upto(sc, NODE_TYPES - 1, "type of a node");
	n->revoked = take_upto(sc, 1, "revoked");
	n->id = scan_text(sc);
	n->is = scan_text(sc);
	n->name = scan_text(sc);
	n->origin = scan_text(sc);
	n->external = scan_text(sc);
	n->description = scan_text(sc);
	n->creator = scan_text(sc);
	n->marking = scan_text(sc);
	n->created = take_when(sc);
	n->modified = take_when(sc);
	n->confidence = take_percent(sc);
	n->place = said_take_place(sc);
}

static void put_name(struct buf *out, const struct node_name *n)
{
	buf_text(out, n->node);
	buf_text(out, n->name);
	buf_text(out, n->origin);
	put_percent(out, n->confidence);
}

static void take_name(struct scan *sc, struct node_name *n)
{
	n->node = scan_text(sc);
	n->name = scan_text(sc);
	n->origin = scan_text(sc);
	n->confidence = take_percent(sc);
}

static void put_edge(struct buf *out, const struct edge *e)
{
	const struct str texts[] = {e->id, e->from, e->to, e->type, e->description, e->marking};

	buf_putc(out, (char)e->revoked);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		buf_text(out, texts[i]);
	buf_u64(out, (uint64_t)e->modified.us);
	put_percent(out, e->confidence);
	said_put_place(out, &e->place);
}

static void take_edge(struct scan *sc, struct edge *e)
{
	e->revoked = take_upto(sc, 1, "revoked");
	e->id = scan_text(sc);
	e->from = scan_text(sc);
	e->to = scan_text(sc);
	e->type = scan_text(sc);
	e->description = scan_text(sc);
	e->marking = scan_text(sc);
	e->modified = take_when(sc);
	e->confidence = take_percent(sc);
	e->place = said_take_place(sc);
}

static void put_claim(struct buf *out, const struct claim *c)
{
	const struct str texts[] = {c->id, c->by, c->incident, c->about, c->words, c->text, c->of,
		c->reference, c->marking};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		buf_text(out, texts[i]);
	buf_u64(out, (uint64_t)c->said.us);
	buf_putc(out, (char)c->speaker);
	buf_putc(out, (char)c->level);
	buf_putc(out, (char)c->standing);
	buf_putc(out, (char)c->scale);
	buf_putc(out, (char)c->shown);
	put_percent(out, c->low);
	put_percent(out, c->high);
	said_put_place(out, &c->place);
}

static void take_claim(struct scan *sc, struct claim *c)
{
	c->id = scan_text(sc);
	c->by = scan_text(sc);
	c->incident = scan_text(sc);
	c->about = scan_text(sc);
	c->words = scan_text(sc);
	c->text = scan_text(sc);
	c->of = scan_text(sc);
	c->reference = scan_text(sc);
	c->marking = scan_text(sc);
	c->said = take_when(sc);
	c->speaker = (enum claim_speaker)take_upto(sc, CLAIM_SPEAKERS - 1, "a speaker");
	c->level = (enum claim_level)take_upto(sc, CLAIM_LEVELS - 1, "a level");
	c->standing = (enum claim_standing)take_upto(sc, CLAIM_STANDINGS - 1, "a standing");
	c->scale = (enum claim_scale)take_upto(sc, CLAIM_SCALES - 1, "a scale");
	c->shown = (enum claim_shown)take_upto(sc, CLAIM_SHOWNS - 1, "shown");
	c->low = take_percent(sc);
	c->high = take_percent(sc);
	c->place = said_take_place(sc);
}

static void put_party(struct buf *out, const struct party *p)
{
	party_pack(p, out);
}

#define PIECE_BYTES (1u << 20)

static bool pass_on(struct buf *out, const struct said_sink *sink, size_t from)
{
	if (!sink || out->n < from)
		return true;
	bool done = sink->emit(sink->arg, buf_view(out));
	buf_clear(out);
	return done;
}

#define PUT_SECTION(section, vec, put)                                                             \
	do {                                                                                       \
		if ((vec).n) {                                                                     \
			buf_putc(out, section);                                                    \
			buf_varint(out, (vec).n);                                                  \
			for (size_t i_ = 0; i_ < (vec).n && done; i_++) {                          \
				put(out, &(vec).at[i_]);                                           \
				done = pass_on(out, sink, PIECE_BYTES);                            \
			}                                                                          \
		}                                                                                  \
	} while (0)

bool said_pack(const struct said *s, struct buf *out, const struct said_sink *sink)
{
	bool done = true;

	PUT_SECTION(SECTION_NODES, s->nodes, put_node);
	PUT_SECTION(SECTION_NAMES, s->names, put_name);
	PUT_SECTION(SECTION_EDGES, s->edges, put_edge);
	PUT_SECTION(SECTION_CLAIMS, s->claims, put_claim);
	PUT_SECTION(SECTION_PARTIES, s->parties, put_party);
	buf_putc(out, SECTION_END);
	return done && pass_on(out, sink, 0);
}

#define TAKE_SECTION(sc, n, vec, take)                                                             \
	do {                                                                                       \
		for (uint64_t i_ = 0; i_ < (n) && scan_ok(sc); i_++)                               \
			take(sc, vec_push(&(vec)));                                                \
	} while (0)

static void take_parties(struct scan *sc, uint64_t n, struct said *s)
{
	for (uint64_t i = 0; i < n && scan_ok(sc); i++)
		party_unpack(&s->parts, sc, vec_push(&s->parties));
}

void said_unpack(struct scan *sc, struct said *s)
{
	for (;;) {
		uint8_t section = scan_u8(sc, "a section");
		if (!scan_ok(sc) || section == SECTION_END)
			return;
		uint64_t n = scan_varint(sc, "number of records");
		if (n > scan_left(sc) / RECORD_BYTES_MIN)
			scan_fail(sc, "as many records as it says");
		if (section == SECTION_NODES)
			TAKE_SECTION(sc, n, s->nodes, take_node);
		else if (section == SECTION_NAMES)
			TAKE_SECTION(sc, n, s->names, take_name);
		else if (section == SECTION_EDGES)
			TAKE_SECTION(sc, n, s->edges, take_edge);
		else if (section == SECTION_CLAIMS)
			TAKE_SECTION(sc, n, s->claims, take_claim);
		else if (section == SECTION_PARTIES)
			take_parties(sc, n, s);
		else
			scan_fail(sc, "a section that is known");
	}
}

void said_release(struct said *s)
{
	vec_release(&s->nodes);
	vec_release(&s->names);
	vec_release(&s->edges);
	vec_release(&s->claims);
	vec_release(&s->parties);
	arena_release(&s->parts);
}
