#ifndef READ_PROGRAM_H
#define READ_PROGRAM_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"
#include "model/event.h"
#include "read/formats.h"
#include "read/times.h"

/*
 * The inside of struct formats: what all formats were compiled to.
 *
 * Paths are a trie: a node for each place in a record that some format names, edges (node, key)
 * in one hash table.  A node whose value is wanted has a slot; formats that name the same path
 * share it.  The walker fills slots and knows nothing of formats.  A *claim* is one shape of one
 * format with the conditions under which it says "mine"; it hangs on a slot that it needs, so
 * that a record meets only claims that it has a key of: other formats cost nothing.
 * A *map* says what to make of the slots once a claim was chosen.
 *
 * Keys are compared without regard to the case of ASCII letters, since exports differ in it.
 */
#define PROGRAM_NONE UINT32_MAX

struct program_edge {
	uint32_t tag;          /* of node and key */
	uint32_t child;        /* 0, which is nobody's child: free */
	uint32_t name, name_n; /* in names */
};

/* The edge to a node; name_n is 0 where there is none. */
struct program_origin {
	uint32_t parent, name, name_n;
};

enum node_flags {
	NODE_OPEN = 1 << 0,     /* has keys or elements below it */
	NODE_JSON = 1 << 1,     /* its text is JSON, by declaration */
	NODE_ENVELOPE = 1 << 2, /* a shape has its native record here */
};

struct program_node {
	uint32_t slot;
	uint32_t element; /* node of "[]" */
	uint32_t where;   /* first of its "[Key=…]" */
	uint32_t flags;
};

/* "[Name=X]": edges (node, "X") lead to the element's node. */
struct program_where {
	struct str key;
	uint32_t node;
	uint32_t next;
};

/* Slots of alternative paths, the first one that has a value counts: alts[first .. first + n). */
struct range {
	uint32_t first, n;
};

enum cond_op { COND_EXISTS, COND_EMPTY, COND_ABSENT, COND_IS, COND_IS_NOT, COND_PREFIX };

struct program_cond {
	struct range alts;
	struct range words; /* IS, IS_NOT: one of them; PREFIX */
	enum cond_op op;
};

/* Any of the clauses (ranges of conds that all hold); none at all is true. */
struct program_when {
	struct range clauses;
};

enum item_flags {
	ITEM_LOWER = 1 << 0,
	ITEM_ADDRESS =
		1 << 1,     /* host and port: the port goes to port_field, a name to name_field */
	ITEM_MAIL = 1 << 2, /* a mail address; another account's name goes to name_field */
};

/* The parts of a URL that stand in places of their own; the path is the item's alts. */
struct program_url {
	struct range scheme, host, port, query;
};

struct program_item {
	uint16_t field; /* FIELDS: only observed */
	uint8_t kind;
	uint8_t flags;
	uint16_t port_field, name_field;
	char split;   /* 0: no */
	uint32_t url; /* in urls; PROGRAM_NONE: no */
	struct range alts;
	struct str after, before, prefix;
	struct program_when when;
};

struct program_time {
	struct range alts;
	enum time_kind kind;
	bool trusted;
};

/* outcome: field is FIELDS.  set: the value of a field. */
struct program_rule {
	struct program_when when;
	uint16_t field;
	uint8_t kind;
	uint8_t outcome;
	struct str value;
};

#define PROGRAM_ITEMS_MAX 1024

struct program_map {
	struct range organisation;
	struct range id; /* in parts: all of them make the id */
	bool id_lower;
	bool id_time;                                       /* and the record's time */
	bool no_rest;                                       /* "rest: false": only what is named */
	struct range times, items, outcomes, sets, ignored; /* ignored: slots, in alts */
	uint32_t index; /* items of a slot: in indexes, one more offset than slots, then numbers */
};

struct program_claim {
	uint16_t format, shape;
	uint32_t envelope; /* node the native record stands at; PROGRAM_NONE: the record itself */
	struct range native, outer; /* conds; outer: of the record around the native one */
	uint32_t weight;            /* how many conditions: more is more specific */
	uint32_t map, outer_map;    /* outer_map: PROGRAM_NONE if there is none */
	bool comparable;
};

struct program_slot {
	struct range claims; /* in claims_of_slots */
	uint32_t also;       /* the slot of "[]" where this one is of "[Key=…]" */
};

enum part_type { PART_ANY, PART_WORD, PART_NUMBER, PART_IP, PART_TYPES };

/* A column of a drawn line, and what stands before it. */
struct program_part {
	struct str literal, name;
	bool quoted; /* a quote before it is open */
	enum part_type type;
};

#define LINE_PARTS_MAX 64

struct program_line {
	struct range parts;
	struct str tail;
	uint32_t weight; /* how much it says */
	uint16_t format;
};

struct formats {
	struct arena arena;
	struct program_edge *edges;
	uint32_t mask;
	struct buf names;
	VEC(struct program_node) nodes;     /* 0 is the record itself */
	VEC(struct program_origin) origins; /* of each node, while building */
	VEC(struct program_where) wheres;
	VEC(struct program_slot) slots;
	VEC(uint32_t) claims_of_slots;
	VEC(uint32_t) alts;
	VEC(struct str) words;
	VEC(struct program_cond) conds;
	VEC(struct range) clauses;
	VEC(struct program_item) items;
	VEC(struct range) parts; /* of ids: each in alts */
	VEC(struct program_url) urls;
	VEC(struct program_time) times;
	VEC(struct program_rule) rules;
	VEC(struct program_map) maps;
	VEC(struct program_part) columns;
	VEC(struct program_line) lines; /* those that say more first */
	VEC(uint32_t) indexes;
	VEC(struct program_claim) claims;
	VEC(struct format_info) infos;
};

static inline uint64_t hash_mix(uint64_t a, uint64_t b)
{
	unsigned __int128 m = (unsigned __int128)a * b;

	return (uint64_t)m ^ (uint64_t)(m >> 64);
}

/* Odd constants with balanced bits: the first 64 bits of the fractions of the square roots of
 * 2, 3 and 5 (FIPS 180-4 §5.3.5), made odd. */
#define HASH_A UINT64_C(0x6a09e667f3bcc909)
#define HASH_B UINT64_C(0xbb67ae8584caa73b)
#define HASH_C UINT64_C(0x3c6ef372fe94f82b)

static inline uint64_t hash_load(const char *p, size_t n)
{
	uint64_t v = 0;
	uint32_t a, b;

	if (n >= 8) {
		memcpy(&v, p, 8);
	} else if (n >= 4) {
		memcpy(&a, p, 4);
		memcpy(&b, p + n - 4, 4);
		v = (uint64_t)a << 32 | b;
	} else if (n) {
		v = (uint64_t)(uint8_t)p[0] << 16 | (uint64_t)(uint8_t)p[n / 2] << 8 |
		    (uint8_t)p[n - 1];
	}
	return v;
}

/*
 * A multiply-and-fold hash in the manner of wyhash, 16 bytes a step; unkeyed, so a hit is always
 * compared.  fold 0x2020…: letters of either case alike.
 */
static inline uint64_t hash_bytes(const char *p, size_t n, uint64_t fold)
{
	uint64_t h = HASH_A ^ n;

	for (; n > 16; p += 16, n -= 16)
		h = hash_mix(h ^ (hash_load(p, 8) | fold), HASH_B ^ (hash_load(p + 8, 8) | fold));
	if (n > 8)
		return hash_mix(
			h ^ (hash_load(p, 8) | fold), HASH_C ^ (hash_load(p + n - 8, 8) | fold));
	return hash_mix(h ^ (hash_load(p, n) | fold), HASH_C);
}

static inline uint64_t hash_key(struct str key)
{
	return hash_bytes(key.p, key.n, UINT64_C(0x2020202020202020));
}

static inline uint32_t program_tag(uint32_t node, uint64_t key_hash)
{
	return (uint32_t)(hash_mix(key_hash ^ node, HASH_B) >> 16);
}

/* Short runs of bytes, compared without a call. */
static inline bool bytes_eq(const char *a, const char *b, size_t n)
{
	uint64_t diff = 0;

	/* hash_load takes each byte of what is shorter than 8, so equal words are equal bytes. */
	if (n < 8)
		return hash_load(a, n) == hash_load(b, n);
	for (size_t i = 0; i + 8 < n; i += 8)
		diff |= hash_load(a + i, 8) ^ hash_load(b + i, 8);
	return !(diff | (hash_load(a + n - 8, 8) ^ hash_load(b + n - 8, 8)));
}

static inline bool key_eq(const char *a, const char *b, size_t n)
{
	return bytes_eq(a, b, n) || str_eq_nocase((struct str){a, n}, (struct str){b, n});
}

/* The node behind an edge, or PROGRAM_NONE. */
static inline uint32_t program_step(
	const struct formats *f, uint32_t node, uint64_t key_hash, struct str key)
{
	uint32_t tag = program_tag(node, key_hash);

	for (uint32_t i = tag & f->mask;; i = (i + 1) & f->mask) {
		const struct program_edge *e = &f->edges[i];
		if (!e->child)
			return PROGRAM_NONE;
		if (e->tag == tag && e->name_n == key.n &&
			key_eq(f->names.p + e->name, key.p, key.n))
			return e->child;
	}
}

#endif
