#include "engine/writeback.h"

#include "casedb/knowledge.h"
#include "intel/bundle.h"

/* Read at once, since what was given is compressed in frames of a megabyte. */
#define WINDOW_BYTES (4u << 20)

struct writing {
	struct folder *f;
	const struct intel_file *file;
	struct writeback *w;
	struct bundle bundle;
	struct buf window, out;
};

/* Objects of other formats have places, too, and other ids. */
static bool is_wanted(const struct writing *g, struct str id)
{
	return str_find(id, STR("--")) < id.n && (g->w->id.n == 0 || str_eq(g->w->id, id));
}

static bool take_node(void *arg, int64_t source, const struct node *n)
{
	struct writing *g = arg;

	(void)source;
	if (is_wanted(g, n->id))
		bundle_add(&g->bundle, &n->place);
	return true;
}

static bool take_edge(void *arg, int64_t source, const struct edge *e)
{
	struct writing *g = arg;

	(void)source;
	if (is_wanted(g, e->id))
		bundle_add(&g->bundle, &e->place);
	return true;
}

/* How many places from i on lie in one window, which ends at *ret_end. */
static size_t places_in_window(const struct bundle *b, size_t i, uint64_t *ret_end)
{
	const struct place *first = &b->places.at[i];
	size_t n = 0;

	for (; i + n < b->places.n; n++) {
		const struct place *p = &b->places.at[i + n];
		uint64_t end = p->offset + p->length;
		if (p->member != first->member || (n && end - first->offset > WINDOW_BYTES))
			break;
		/* One may lie in the one before it. */
		*ret_end = end > *ret_end ? end : *ret_end;
	}
	return n;
}

static bool write_window(struct writing *g, size_t i, size_t *ret_n, struct err *err)
{
	const struct place *first = &g->bundle.places.at[i];
	uint64_t end = 0;
	size_t n = places_in_window(&g->bundle, i, &end);

	buf_clear(&g->window);
	if (!intel_file_given(g->f, g->file, first->member, first->offset, end - first->offset,
		    &g->window, err))
		return false;
	for (size_t k = 0; k < n; k++) {
		const struct place *p = &g->bundle.places.at[i + k];
		struct str bytes = str_upto(
			str_from(buf_view(&g->window), p->offset - first->offset), p->length);
		if (bytes.n == p->length)
			bundle_object(&g->bundle, bytes);
		else
			g->bundle.left_out++;
	}
	*ret_n = n;
	return g->w->emit(g->w->arg, &g->out);
}

bool writeback_bundle(
	struct folder *f, const struct intel_file *file, struct writeback *w, struct err *err)
{
	struct writing g = {.f = f, .file = file, .w = w};
	struct casedb *db = folder_db(f);
	size_t n = 0;
	char seed[65];

	sha256_hex(file->sha256, seed);
	bool done = casedb_node_each(db, file->id, take_node, &g, err) &&
		    casedb_edge_each(db, file->id, take_edge, &g, err);
	bundle_seal(&g.bundle);
	bundle_begin(&g.bundle, &g.out, str_of(seed), w->kind);
	for (size_t i = 0; done && i < g.bundle.places.n; i += n)
		done = write_window(&g, i, &n, err);
	if (done) {
		bundle_end(&g.bundle);
		w->written = g.bundle.written;
		w->left_out = g.bundle.left_out;
		done = w->emit(w->arg, &g.out);
	}
	bundle_release(&g.bundle);
	buf_release(&g.window);
	buf_release(&g.out);
	return done;
}
