#include <stdlib.h>

#include "casedb/source.h"
#include "engine/fsck_inside.h"
#include "text/members.h"

#define JOURNAL_FILE STR("journal/lines.jsonl")

struct reading {
	struct checking *c;
	struct casedb_state state;
	bool failed;
	struct err *err;
};

static bool is_forgotten(const struct checking *c, struct str name)
{
	for (size_t i = 0; i < c->forgotten.n; i++)
		if (str_eq(c->forgotten.at[i], name))
			return true;
	return false;
}

static void note_batch(struct checking *c, struct str name, struct str hash, uint64_t line)
{
	struct journal_batch b = {.line = line};

	if (!sha256_unhex(hash, &b.sha256)) {
		fsck_say(c, FSCK_DAMAGE, JOURNAL_FILE, "line %llu has no hash where one belongs",
			(unsigned long long)line + 1);
		return;
	}
	b.name = arena_dup(&c->arena, name);
	*vec_push(&c->batches) = b;
}

static void note_ingest(struct checking *c, const struct members *m, uint64_t line)
{
	uint32_t array = members_get(m, 0, "batches"), n = members_count(m, array);
	uint32_t at = members_first(m, array);
	struct sha256 h;

	if (!members_hash(m, members_get(m, 0, "source"), &h)) {
		fsck_say(c, FSCK_DAMAGE, JOURNAL_FILE, "line %llu names no source",
			(unsigned long long)line + 1);
		return;
	}
	for (uint32_t i = 0; i < n; i++, at = members_next(m, at)) {
		char name[NAME_ROOM];
		uint32_t hash = members_next(m, members_first(m, at));
		name_of_batch(&h, i, name);
		note_batch(c, str_of(name), members_text(m, hash), line);
	}
}

static void note_replace(struct checking *c, const struct members *m, uint64_t line)
{
	uint32_t array = members_get(m, 0, "batches"), n = members_count(m, array);
	uint32_t at = members_first(m, array);

	for (uint32_t i = 0; i < n; i++, at = members_next(m, at)) {
		uint32_t name = members_first(m, at);
		note_batch(c, members_text(m, name), members_text(m, members_next(m, name)), line);
	}
	array = members_get(m, 0, "forgotten");
	n = members_count(m, array);
	at = members_first(m, array);
	for (uint32_t i = 0; i < n; i++, at = members_next(m, at))
		*vec_push(&c->forgotten) = arena_dup(&c->arena, members_text(m, at));
}

/* A forgotten source may have come back: what counts is the last thing said of it. */
static void remember_again(struct checking *c, const struct members *m)
{
	struct str name = str_upto(members_text(m, members_get(m, 0, "source")), 32);

	for (size_t i = 0; i < c->forgotten.n; i++)
		if (str_eq(c->forgotten.at[i], name))
			c->forgotten.at[i] = STR("");
}

static bool read_line(void *arg, uint64_t seq, struct str type, struct str line)
{
	struct reading *r = arg;
	struct members m;

	r->c->n.lines++;
	if (seq + 1 == r->state.journal_count && !sha256_eq(sha256_of(line), r->state.journal_head))
		fsck_say(r->c, FSCK_DAMAGE, JOURNAL_FILE,
			"line %llu is not the one that the catalogue has seen",
			(unsigned long long)seq + 1);
	if (!members_read(line, &m))
		fsck_say(r->c, FSCK_DAMAGE, JOURNAL_FILE, "line %llu is no JSON",
			(unsigned long long)seq + 1);
	else if (str_eq(type, STR("ingest"))) {
		remember_again(r->c, &m);
		note_ingest(r->c, &m, seq);
	} else if (str_eq(type, STR("replace"))) {
		note_replace(r->c, &m, seq);
	}
	members_release(&m);
	return true;
}

static int cmp_batch(const void *pa, const void *pb)
{
	const struct journal_batch *a = pa, *b = pb;
	int c = str_cmp(a->name, b->name);

	return c ? c : (a->line > b->line) - (a->line < b->line);
}

const struct journal_batch *fsck_journalled(const struct checking *c, struct str name)
{
	size_t from = 0, to = c->batches.n;

	/* The last of those with this name: the first that is greater, less one. */
	while (from < to) {
		size_t mid = from + (to - from) / 2;
		if (str_cmp(c->batches.at[mid].name, name) <= 0)
			from = mid + 1;
		else
			to = mid;
	}
	return from && str_eq(c->batches.at[from - 1].name, name) ? &c->batches.at[from - 1] : NULL;
}

static bool seen(void *arg, const struct batch_row *r)
{
	(void)r;
	*(bool *)arg = true;
	return true;
}

/* Everything that was published is there, unless it was forgotten. */
static bool check_published(struct checking *c, struct err *err)
{
	for (size_t i = 0; i < c->batches.n; i++) {
		struct str name = c->batches.at[i].name;
		bool there = false;
		if (is_forgotten(c, str_upto(name, 32)))
			continue;
		if (!casedb_batch_find(c->f->db, name, seen, &there, err))
			return false;
		if (!there)
			fsck_say(c, FSCK_DAMAGE, STR(CASE_DB),
				"batch '" STR_FMT "' of the journal's line %llu is missing",
				STR_ARG(name), (unsigned long long)c->batches.at[i].line + 1);
	}
	return true;
}

bool fsck_journal(struct checking *c, struct err *err)
{
	struct reading r = {.c = c, .err = err};
	struct journal *j;
	struct err damage;

	/* The state first: lines that come in between are no matter. */
	if (!casedb_state(c->f->db, &r.state, err))
		return false;
	if (!journal_open(c->f->fd, false, &j, &damage)) {
		fsck_say(c, FSCK_DAMAGE, JOURNAL_FILE, "%s", damage.msg);
		return true;
	}
	if (journal_count(j) < r.state.journal_count)
		fsck_say(c, FSCK_DAMAGE, JOURNAL_FILE,
			"it has %llu lines, and the catalogue has seen %llu",
			(unsigned long long)journal_count(j),
			(unsigned long long)r.state.journal_count);
	bool whole = journal_each(j, 0, read_line, &r, &damage);
	if (!whole)
		fsck_say(c, FSCK_DAMAGE, JOURNAL_FILE, "%s", damage.msg);
	journal_close(j);
	if (c->batches.n)
		qsort(c->batches.at, c->batches.n, sizeof(*c->batches.at), cmp_batch);
	return !whole || check_published(c, err);
}
