#include "intel/notes.h"

#include "base/buf.h"

#define KEYS_MAX 100u
#define EXAMPLE_BYTES 100u

static struct note *note_of(struct notes *n, enum note_kind kind, struct str key)
{
	for (size_t i = 0; i < n->all.n; i++) {
		if (n->all.at[i].kind == kind && str_eq(n->all.at[i].key, key))
			return &n->all.at[i];
	}
	if (n->all.n >= KEYS_MAX && key.n)
		return note_of(n, kind, STR(""));
	struct note *new = vec_push(&n->all);
	*new = (struct note){.kind = kind, .key = arena_dup(n->a, key)};
	return new;
}

static bool has_example(const struct note *n, struct str example)
{
	for (size_t i = 0; i < n->n_examples; i++) {
		if (str_eq(n->examples[i], example))
			return true;
	}
	return false;
}

void notes_add(
	struct notes *n, enum note_kind kind, struct str key, struct str example, uint32_t line)
{
	struct note *note = note_of(n, kind, str_upto(key, EXAMPLE_BYTES));

	example = str_upto(example, EXAMPLE_BYTES);
	if (note->n++ == 0)
		note->line = line;
	if (example.n && note->n_examples < NOTE_EXAMPLES && !has_example(note, example))
		note->examples[note->n_examples++] = arena_dup(n->a, example);
}

/* "created_by_ref: identity--1, identity--2" */
static struct str what_of(struct notes *n, const struct note *note)
{
	struct buf out = {0};

	buf_str(&out, note->key);
	for (size_t i = 0; i < note->n_examples; i++) {
		if (out.n)
			buf_str(&out, i ? STR(", ") : STR(": "));
		buf_str(&out, note->examples[i]);
	}
	struct str what = arena_dup(n->a, buf_view(&out));
	buf_release(&out);
	return what;
}

static struct str why_of(struct notes *n, const struct note *note)
{
	static const char *const whys[NOTE_KINDS][2] = {
		{"refers to an object that isn't in this file; kept", "references to objects that "
								      "aren't in this file; kept"},
		{"a marking that this file doesn't define: TLP:RED, unless another file does",
			"objects have a marking that this file doesn't define: TLP:RED, unless "
			"another file does"},
		{"a marking that is no reference: it counts as TLP:RED",
			"markings that are no references: they count as TLP:RED"},
		{"two versions with the same time; both count",
			"versions with the same time as another; all count"},
		{"objects of two types have this id; both count",
			"objects have the id of one of another type; all count"},
	};

	return note->n == 1 ? str_of(whys[note->kind][0])
			    : arena_printf(n->a, "%zu %s", note->n, whys[note->kind][1]);
}

void notes_tell(struct notes *n, struct gather *g)
{
	for (size_t i = 0; i < n->all.n; i++) {
		const struct note *note = &n->all.at[i];
		gather_skip(g, note->line, what_of(n, note), why_of(n, note));
	}
}

void notes_release(struct notes *n)
{
	vec_release(&n->all);
}
