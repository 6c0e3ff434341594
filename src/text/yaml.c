#include "text/yaml.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <yaml.h>

#include "base/limits.h"

struct building {
	struct arena *a;
	const char *file;
	struct yaml *root;  /* of the document being read */
	struct yaml *first; /* of the documents before it */
	struct yaml **end;  /* where the next one goes */
	struct yaml *open[LIMIT_YAML_DEPTH];
	struct yaml *last[LIMIT_YAML_DEPTH]; /* child of open[i] */
	struct yaml *key;                    /* a key that waits for its value */
	size_t keys[LIMIT_YAML_DEPTH];       /* of open[i] */
	size_t depth;
};

/* As many keys of a mapping are each held against those before. */
#define KEYS_CHECKED 64u

static void place(struct yaml *y, yaml_mark_t m)
{
	y->line = (unsigned)m.line + 1;
	y->column = (unsigned)m.column + 1;
}

bool yaml_bad(const char *file, const struct yaml *at, struct err *err, const char *fmt, ...)
{
	char msg[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	return err_set(err, ERR_CONFIG, "%s:%u:%u: %s", file, at->line, at->column, msg);
}

static bool attach(struct building *b, struct yaml *y, struct err *err)
{
	struct yaml *top = b->depth ? b->open[b->depth - 1] : NULL;

	if (!top) {
		b->root = y;
		return true;
	}
	if (top->type == YAML_MAP && !b->key) {
		if (y->type != YAML_SCALAR)
			return yaml_bad(b->file, y, err, "a key must be a word");
		if (b->keys[b->depth - 1]++ < KEYS_CHECKED && yaml_find(top, y->text))
			return yaml_bad(b->file, y, err, "'%s' is here already", y->text.p);
		b->key = y;
		return true;
	}
	if (b->key) {
		y->key = b->key->text;
		y->line = b->key->line;
		y->column = b->key->column;
		b->key = NULL;
	}
	if (b->last[b->depth - 1])
		b->last[b->depth - 1]->next = y;
	else
		top->child = y;
	b->last[b->depth - 1] = y;
	return true;
}

static int key_cmp(const void *va, const void *vb)
{
	const struct yaml *const *a = va, *const *b = vb;
	int c = str_cmp((*a)->key, (*b)->key);

	return c ? c : ((*a)->line > (*b)->line) - ((*a)->line < (*b)->line);
}

/* Of a mapping so large that looking for each key among those before would take for ever. */
static bool check_keys(struct building *b, const struct yaml *map, size_t n, struct err *err)
{
	struct arena_mark mark = arena_mark(b->a);
	const struct yaml **at = arena_array(b->a, n, sizeof(*at));
	const struct yaml *twice = NULL;
	size_t i = 0;

	for (const struct yaml *y = map->child; y && i < n; y = y->next)
		at[i++] = y;
	qsort(at, i, sizeof(*at), key_cmp);
	for (size_t k = 1; k < i && !twice; k++)
		twice = str_eq(at[k]->key, at[k - 1]->key) ? at[k] : NULL;
	arena_rewind(b->a, mark);
	return !twice || yaml_bad(b->file, twice, err, "'%s' is here already", twice->key.p);
}

static bool close_node(struct building *b, struct err *err)
{
	b->depth--;
	return b->keys[b->depth] <= KEYS_CHECKED ||
	       check_keys(b, b->open[b->depth], b->keys[b->depth], err);
}

static void end_document(struct building *b)
{
	if (!b->root)
		return;
	*b->end = b->root;
	b->end = &b->root->next;
	b->root = NULL;
}

static bool open_node(struct building *b, struct yaml *y, struct err *err)
{
	if (!attach(b, y, err))
		return false;
	if (b->depth == LIMIT_YAML_DEPTH)
		return yaml_bad(b->file, y, err, "nested deeper than %u levels", LIMIT_YAML_DEPTH);
	b->open[b->depth] = y;
	b->keys[b->depth] = 0;
	b->last[b->depth++] = NULL;
	return true;
}

static bool take(struct building *b, const yaml_event_t *e, struct err *err)
{
	struct yaml *y = arena_new(b->a, struct yaml);

	place(y, e->start_mark);
	switch ((int)e->type) {
	case YAML_SCALAR_EVENT:
		if (e->data.scalar.anchor)
			return yaml_bad(
				b->file, y, err, "anchors are not allowed; repeat the text");
		y->type = YAML_SCALAR;
		y->quoted = e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
		y->text = arena_dup(b->a,
			(struct str){(const char *)e->data.scalar.value, e->data.scalar.length});
		if (memchr(y->text.p, 0, y->text.n))
			return yaml_bad(b->file, y, err, "a NUL in a text");
		return attach(b, y, err);
	case YAML_SEQUENCE_START_EVENT:
		y->type = YAML_LIST;
		return open_node(b, y, err);
	case YAML_MAPPING_START_EVENT:
		y->type = YAML_MAP;
		return open_node(b, y, err);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return close_node(b, err);
	case YAML_DOCUMENT_END_EVENT:
		end_document(b);
		return true;
	case YAML_ALIAS_EVENT:
		return yaml_bad(b->file, y, err, "aliases are not allowed; repeat the text");
	default:
		return true;
	}
}

bool yaml_documents(
	struct arena *a, const char *file, struct str text, struct yaml **ret_root, struct err *err)
{
	struct building b = {.a = a, .file = file, .end = &b.first};
	yaml_parser_t p;
	bool fine = true, end = false;

	if (!yaml_parser_initialize(&p))
		BUG("out of memory");
	yaml_parser_set_input_string(&p, (const unsigned char *)text.p, text.n);
	while (fine && !end) {
		yaml_event_t e;
		if (!yaml_parser_parse(&p, &e)) {
			fine = err_set(err, ERR_CONFIG, "%s:%zu:%zu: not YAML: %s", file,
				p.problem_mark.line + 1, p.problem_mark.column + 1,
				p.problem ? p.problem : "unreadable bytes");
			break;
		}
		end = e.type == YAML_STREAM_END_EVENT;
		fine = take(&b, &e, err);
		yaml_event_delete(&e);
	}
	yaml_parser_delete(&p);
	*ret_root = b.first;
	return fine;
}

bool yaml_parse(
	struct arena *a, const char *file, struct str text, struct yaml **ret_root, struct err *err)
{
	struct yaml *root;

	if (!yaml_documents(a, file, text, &root, err))
		return false;
	if (!root)
		return err_set(err, ERR_CONFIG, "%s:1:1: an empty file", file);
	if (root->next)
		return yaml_bad(file, root->next, err, "a second document; one is expected");
	*ret_root = root;
	return true;
}

const struct yaml *yaml_find(const struct yaml *map, struct str key)
{
	if (!map || map->type != YAML_MAP)
		return NULL;
	for (const struct yaml *y = map->child; y; y = y->next)
		if (str_eq(y->key, key))
			return y;
	return NULL;
}

const struct yaml *yaml_get(const struct yaml *map, const char *key)
{
	return yaml_find(map, str_of(key));
}

bool yaml_is_true(const struct yaml *y)
{
	return y && y->type == YAML_SCALAR && str_eq(y->text, STR("true"));
}
