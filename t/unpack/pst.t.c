/*
 * The trees of a PST, from views that we made ourselves.  With arguments it prints the mails of
 * files and, on a line that begins with "#", their flaws; t/unpack/pst.t.py holds them against what
 * was put in:
 *
 *	pst.t FILE…
 */
#include "t/tap.h"

#include <fcntl.h>

#include "base/err.h"
#include "base/file.h"
#include "t/unpack/unpack.h"
#include "unpack/pstview.h"

/* libpff forgets to free a few bytes of tables that are damaged; a worker's child ends with its job. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libpff\n";
}

static int print_file(const char *path)
{
	struct unpacked p;
	struct buf raw = {0};
	struct err err = {0};

	if (!file_read(AT_FDCWD, path, 1 << 30, &raw, &err))
		BUG("%s", err.msg);
	unpack_this(buf_view(&raw), unpack_pst, &p);
	if (p.out.n)
		fwrite(p.out.p, 1, p.out.n, stdout);
	printf("#");
	for (uint32_t i = 0; i < p.flaws.n; i++)
		printf(" %s@%u", flaw_name((enum flaw_code)p.flaws.at[i].code),
			p.flaws.at[i].offset);
	printf("\n");
	buf_release(&p.out);
	buf_release(&raw);
	return 0;
}

struct count {
	enum pst_tree_kind kind;
	uint64_t n, wrong;
};

/* Entry i has the id 4 * i + 4, and 3 times its number in its next field. */
static bool count_entry(void *arg, const uint8_t *entry)
{
	struct count *c = arg;
	uint64_t i = c->n++, id = 4 * i + 4;

	if (c->kind == PST_NODES)
		id = pst_view_id(id);
	c->wrong += pst_u64(entry) != id || pst_u64(entry + 8) != 3 * i;
	return true;
}

/* Trees of every height: what was put in comes out, in order. */
static void test_trees(void)
{
	static const size_t sizes[] = {
		0, 1, 14, 15, 16, 20, 21, 299, 300, 301, 400, 401, 8000, 8001};
	static struct pst_node nodes[8001];
	struct pst_header h = {0};
	struct unpacked p = {0};
	struct unpack u = {
		.size = PST_FIRST_MAP, .read = unpacked_read, .step = unpacked_step, .arg = &p};

	for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
		struct pst_remains r = {0};
		struct pst_view v;
		struct flaw room[LIMIT_FLAWS_PER_RECORD];
		struct flaws flaws = {.at = room};
		for (size_t i = 0; i < sizes[s]; i++) {
			nodes[i] = (struct pst_node){.id = 4 * i + 4, .data = 3 * i};
			*vec_push(&r.blocks) = (struct pst_block){4 * i + 4, 3 * i, 1};
		}
		pst_view_open(&v, &u, &h, nodes, sizes[s], &r);
		for (size_t t = 0; t < 2; t++) {
			struct count c = {.kind = t ? PST_BLOCKS : PST_NODES};
			struct pst_ref root = {0, v.tree[t].end - PST_PAGE_BYTES};
			bool whole = pst_tree_walk(&v.as, c.kind, root, &flaws, count_entry, &c);
			if (!ok(whole && c.n == sizes[s] && !c.wrong && !flaws.n))
				printf("# %zu %s\n", sizes[s], t ? "blocks" : "nodes");
		}
		pst_remains_release(&r);
	}
}

int main(int argc, char **argv)
{
	if (argc > 1) {
		for (int i = 1; i < argc; i++)
			print_file(argv[i]);
		return 0;
	}
	test_trees();
	return tap_end();
}
