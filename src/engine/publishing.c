#include "engine/publishing.h"

#include <stdlib.h>

#include "base/io.h"
#include "casedb/source.h"

bool member_is_known(struct member *m, bool *ret_known, struct err *err)
{
	int64_t id;

	if (!casedb_source_find(m->f->db, &m->source.sha256, &id, err))
		return false;
	*ret_known = id != 0;
	return true;
}

void member_describe(struct member *m)
{
	const struct source_facts *facts = &m->p->facts;
	const struct staging *staging = m->p->staging;
	struct source_file *s = &m->source;

	m->n = staging->batches.n;
	*s = (struct source_file){
		.sha256 = facts->sha256,
		.path = facts->path,
		.decoding = facts->decoding,
		.acquired = facts->acquired,
		.formats_version = facts->formats_version,
		.bytes = facts->bytes,
		.decoded_bytes = facts->decoded_bytes,
		.ingested = when_now(),
		.flaws = facts->flaws,
		.n_flaws = facts->n_flaws,
		.n_batches = m->n,
	};
	s->batches = arena_array(m->arena, m->n + 1, sizeof(*s->batches));
	for (size_t i = 0; i < m->n; i++) {
		const struct staged_batch *b = &staging->batches.at[i];
		s->batches[i] = (struct source_batch){b->sha256, b->bytes, b->records};
		m->counts.records += b->records;
	}
	m->counts.flaws = facts->n_flaws;
}

bool member_sync(struct member *m, struct err *err)
{
	const struct staging *staging = m->p->staging;
	struct stagedir *dir = &m->f->stage->dir;
	char name[STAGED_ROOM];
	struct buf json = {0};

	for (size_t i = 0; i < m->n; i++) {
		staging_file(staging, (uint32_t)i, "batch", name);
		if (!stagedir_sync(dir, name, err))
			return false;
		staging_file(staging, (uint32_t)i, "segment", name);
		if (!stagedir_sync(dir, name, err))
			return false;
	}
	source_file_write(&m->source, &json);
	staging_source_file(staging, name);
	bool done =
		stagedir_write(dir, name, buf_view(&json), err) && stagedir_sync(dir, name, err);
	buf_release(&json);
	return done;
}

bool member_load(struct member *m, int64_t next_id, struct err *err)
{
	m->fresh = calloc(m->n + 1, sizeof(*m->fresh));
	if (!m->fresh)
		BUG("out of memory");
	for (size_t i = 0; i < m->n; i++) {
		char file[STAGED_ROOM], name[NAME_ROOM];
		struct seg_info info;
		staging_file(m->p->staging, (uint32_t)i, "segment", file);
		name_of_batch(&m->source.sha256, (uint32_t)i, name);
		if (!register_load(m->arena, m->f->stage->dir.fd, file, str_of(name),
			    next_id - (int64_t)i, &m->fresh[i], err))
			return false;
		segment_info(m->fresh[i].s.seg, &info);
		m->counts.events += (uint64_t)info.rows + info.copies;
		m->counts.observables += info.observables;
		m->counts.flaws += info.flaws;
	}
	return true;
}

/* fn for each file: where it is staged, and where it belongs. */
static bool each_file(struct member *m,
	bool (*fn)(struct member *m, enum name_kind k, const char *name, const char *staged,
		void *arg, struct err *err),
	void *arg, struct err *err)
{
	char name[NAME_ROOM], staged[STAGED_ROOM];

	for (size_t i = 0; i < m->n; i++) {
		name_of_batch(&m->source.sha256, (uint32_t)i, name);
		staging_file(m->p->staging, (uint32_t)i, "batch", staged);
		if (!fn(m, NAME_BATCH, name, staged, arg, err))
			return false;
		staging_file(m->p->staging, (uint32_t)i, "segment", staged);
		if (!fn(m, NAME_SEGMENT, name, staged, arg, err))
			return false;
	}
	name_of_hash(&m->source.sha256, name);
	staging_source_file(m->p->staging, staged);
	return fn(m, NAME_SOURCE, name, staged, arg, err);
}

static bool list_file(struct member *m, enum name_kind k, const char *name, const char *staged,
	void *list, struct err *err)
{
	(void)m;
	(void)err;
	stagedir_line(list, k, name, staged);
	return true;
}

static bool move_file(struct member *m, enum name_kind k, const char *name, const char *staged,
	void *arg, struct err *err)
{
	(void)arg;
	return stagedir_move(m->f->stage->dir.fd, m->f, k, str_of(name), staged, err);
}

static bool take_back(struct member *m, enum name_kind k, const char *name, const char *staged,
	void *arg, struct err *err)
{
	char file[FILE_NAME_ROOM];

	(void)staged;
	(void)arg;
	(void)err;
	name_file(k, str_of(name), file);
	io_unlinkat(m->f->fd, file, 0);
	return true;
}

void member_list(struct member *m, struct buf *list)
{
	struct err none;

	(void)each_file(m, list_file, list, &none);
}

bool member_move(struct member *m, struct err *err)
{
	char name[NAME_ROOM];

	name_of_batch(&m->source.sha256, 0, name);
	m->moved = true;
	return stagedir_prepare(m->f, NAME_BATCH, str_of(name), err) &&
	       stagedir_prepare(m->f, NAME_SEGMENT, str_of(name), err) &&
	       each_file(m, move_file, NULL, err);
}

void member_take_back(struct member *m)
{
	struct err ignored;

	if (m->moved && each_file(m, take_back, NULL, &ignored))
		m->moved = false;
}

static void add_number(struct buf *body, const char *key, uint64_t v)
{
	buf_addf(body, ",\"%s\":%llu", key, (unsigned long long)v);
}

struct journal_line member_line(const struct member *m, struct buf *body)
{
	char hex[65];

	sha256_hex(m->source.sha256, hex);
	buf_addf(body, "\"source\":\"%s\"", hex);
	if (m->counts.known)
		return (struct journal_line){"again", buf_view(body)};
	add_number(body, "bytes", m->source.bytes);
	add_number(body, "decoded", m->source.decoded_bytes);
	add_number(body, "records", m->counts.records);
	add_number(body, "events", m->counts.events);
	add_number(body, "copies", m->counts.copies);
	add_number(body, "conflicts", m->counts.conflicts);
	add_number(body, "observables", m->counts.observables);
	add_number(body, "flaws", m->counts.flaws);
	buf_str(body, STR(",\"batches\":["));
	for (size_t i = 0; i < m->n; i++) {
		sha256_hex(m->source.batches[i].sha256, hex);
		buf_addf(body, "%s[%llu,\"%s\"]", i ? "," : "",
			(unsigned long long)m->source.batches[i].records, hex);
	}
	buf_putc(body, ']');
	return (struct journal_line){"ingest", buf_view(body)};
}

void member_release(struct member *m, bool leave)
{
	m->f->stage->left |= leave;
	m->p->staging->moved = m->moved || leave;
	staging_drop(m->p->staging);
	m->p->staging = NULL;
	copies_free(m->copies);
	for (size_t i = 0; m->fresh && i < m->n; i++)
		register_unload(&m->fresh[i]);
	free(m->fresh);
}
