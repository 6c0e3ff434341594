/*
 * Outlook's personal folders.  Of the Unicode form the trees are read here and libpff gets a few
 * messages at a time; of other forms it reads everything.  What was deleted comes last.
 */
#include <stdlib.h>

#include "base/err.h"
#include "base/limits.h"
#include "unpack/pstbox.h"
#include "unpack/pstview.h"

struct folder {
	struct pst_node node;
	struct str name;
};

struct mailbox {
	struct pst_box box;
	struct pst_header header;
	VEC(struct folder) folders; /* by id */
	struct pst_remains remains;
	bool damaged; /* its trees: then blocks are those of the remains */
	/* Nodes that go to libpff together, and how they were found. */
	struct pst_node window[PST_VIEW_NODES];
	size_t n;
	const char *found;
};

static int compare_nodes(const void *x, const void *y)
{
	const struct pst_node *a = x, *b = y;

	return a->id < b->id ? -1 : a->id > b->id;
}

static int compare_in_view(const void *x, const void *y)
{
	uint32_t a = pst_view_id(((const struct pst_node *)x)->id);
	uint32_t b = pst_view_id(((const struct pst_node *)y)->id);

	return a < b ? -1 : a > b;
}

static int compare_folders(const void *x, const void *y)
{
	return compare_nodes(&((const struct folder *)x)->node, &((const struct folder *)y)->node);
}

static struct folder *find_folder(const struct mailbox *m, uint64_t id)
{
	struct folder key = {.node.id = id};

	return m->folders.n
		       ? bsearch(&key, m->folders.at, m->folders.n, sizeof(key), compare_folders)
		       : NULL;
}

/* "Top of Personal Folders/Inbox", in the arena. */
static struct str path_of(struct mailbox *m, uint64_t id)
{
	struct str path = STR("");

	for (unsigned depth = 0;; depth++) {
		const struct folder *f = find_folder(m, id);
		if (!f)
			return path;
		if (depth >= LIMIT_FOLDER_DEPTH) {
			flaw_add(m->box.u->flaws, FLAW_NESTED_TOO_DEEP, id);
			return path;
		}
		if (f->name.n)
			path = arena_printf(&m->box.arena, STR_FMT "%s" STR_FMT, STR_ARG(f->name),
				path.n ? "/" : "", STR_ARG(path));
		if (f->node.parent == id)
			return path;
		id = f->node.parent;
	}
}

static void take_message(struct mailbox *m, const struct pst_node *node, libpff_item_t *item)
{
	struct arena_mark mark = arena_mark(&m->box.arena);
	const char *found = m->found;

	if (!found && !find_folder(m, node->parent))
		found = "orphan";
	pst_box_take(&m->box, item, (uint32_t)node->id, path_of(m, node->parent), found);
	arena_rewind(&m->box.arena, mark);
}

static void take_item(struct mailbox *m, const struct pst_node *node)
{
	struct folder *folder = find_folder(m, node->id);
	libpff_item_t *item = NULL;

	if (libpff_file_get_item_by_identifier(m->box.file, pst_view_id(node->id), &item, NULL) !=
		1)
		flaw_add(m->box.u->flaws, FLAW_DAMAGED, node->id);
	else if (pst_node_type(node) == PST_MESSAGE)
		take_message(m, node, item);
	else if (folder)
		folder->name = pst_box_name(&m->box, item);
	if (item)
		libpff_item_free(&item, NULL);
}

/* What is in the window, and the root folder that the view wants. */
static void take_window(struct mailbox *m)
{
	struct pst_node nodes[PST_VIEW_NODES + 1];
	struct pst_view view;
	size_t n = m->n;

	if (!n)
		return;
	memcpy(nodes, m->window, n * sizeof(*nodes));
	nodes[n++] = (struct pst_node){.id = PST_VIEW_ROOT};
	qsort(nodes, n, sizeof(*nodes), compare_in_view);
	pst_view_open(
		&view, m->box.u, &m->header, nodes, n, m->damaged || m->found ? &m->remains : NULL);
	bool opened = pst_box_open(&m->box, &view.as);
	for (size_t i = 0; i < m->n && !m->box.stopped; i++) {
		if (opened)
			take_item(m, &m->window[i]);
		else
			flaw_add(m->box.u->flaws, FLAW_DAMAGED, m->window[i].id);
	}
	pst_box_close(&m->box);
	m->n = 0;
}

static void add(struct mailbox *m, struct pst_node node)
{
	if (m->n == PST_VIEW_NODES)
		take_window(m);
	m->window[m->n++] = node;
}

static bool visit_folder(void *arg, const uint8_t *entry)
{
	struct mailbox *m = arg;
	struct pst_node node = pst_node_of(entry);

	if (pst_node_type(&node) == PST_FOLDER && node.id <= UINT32_MAX &&
		m->folders.n < LIMIT_PST_FOLDERS)
		*vec_push(&m->folders) = (struct folder){.node = node};
	return true;
}

static bool visit_message(void *arg, const uint8_t *entry)
{
	struct mailbox *m = arg;
	struct pst_node node = pst_node_of(entry);

	if (pst_node_type(&node) == PST_MESSAGE && node.id <= UINT32_MAX) {
		(void)seen_add(m->box.seen, (uint32_t)node.id);
		add(m, node);
	}
	return !m->box.stopped;
}

static void read_folders(struct mailbox *m)
{
	size_t known = m->folders.n;

	for (size_t i = 0; m->damaged && i < m->remains.nodes.n; i++) {
		const struct pst_node *node = &m->remains.nodes.at[i];
		if (pst_node_type(node) != PST_FOLDER || node->id > UINT32_MAX ||
			m->folders.n >= LIMIT_PST_FOLDERS)
			continue;
		struct folder key = {.node = *node};
		if (!known || !bsearch(&key, m->folders.at, known, sizeof(key), compare_folders))
			*vec_push(&m->folders) = key;
	}
	if (m->folders.n)
		qsort(m->folders.at, m->folders.n, sizeof(*m->folders.at), compare_folders);
	for (size_t i = 0; i < m->folders.n; i++)
		add(m, m->folders.at[i].node);
	take_window(m);
}

/*
 * A page that nothing leads to says where a message was.  If its data isn't among what is free, the
 * message has only moved, or its place was taken.
 */
static void take_remains(struct mailbox *m)
{
	m->found = "recovered";
	for (size_t i = 0; i < m->remains.nodes.n && !m->box.stopped; i++) {
		const struct pst_node *node = &m->remains.nodes.at[i];
		if (pst_node_type(node) != PST_MESSAGE || node->id > UINT32_MAX ||
			!seen_add(m->box.seen, (uint32_t)node->id))
			continue;
		if (pst_remains_block(&m->remains, node->data))
			add(m, *node);
		else if (m->damaged)
			flaw_add(m->box.u->flaws, FLAW_DAMAGED, node->id);
	}
	take_window(m);
}

static void read_mailbox(struct mailbox *m)
{
	const struct unpack *u = m->box.u;
	const struct pst_header *h = &m->header;

	m->box.seen = seen_new();
	if (u->size < h->end) {
		flaw_add(u->flaws, FLAW_TRUNCATED, u->size);
		m->damaged = true;
	}
	if (!pst_tree_walk(u, PST_BLOCKS, h->blocks, u->flaws, NULL, NULL))
		m->damaged = true;
	if (!pst_tree_walk(u, PST_NODES, h->nodes, u->flaws, visit_folder, m))
		m->damaged = true;
	pst_scan(u, m->damaged || !h->maps, &m->remains);
	read_folders(m);
	(void)pst_tree_walk(u, PST_NODES, h->nodes, NULL, visit_message, m);
	take_window(m);
	if (!m->box.stopped)
		take_remains(m);
}

bool unpack_pst(const struct unpack *u)
{
	struct mailbox m = {.box.u = u};

	if (pst_header_read(u, &m.header)) {
		read_mailbox(&m);
	} else if (pst_box_open(&m.box, u)) {
		m.box.seen = seen_new();
		pst_box_walk(&m.box);
		pst_box_close(&m.box);
	} else {
		/* Its magic is nobody else's: no other reader would make sense of it. */
		flaw_add(u->flaws, FLAW_DAMAGED, 0);
	}
	if (m.box.not_mail)
		flaw_add(u->flaws, FLAW_NOT_MAIL, m.box.not_mail);
	vec_release(&m.folders);
	pst_remains_release(&m.remains);
	seen_free(m.box.seen);
	buf_release(&m.box.mail);
	arena_release(&m.box.arena);
	return true;
}
