#include "engine/intelfile.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "casedb/intel.h"
#include "engine/intelset.h"
#include "engine/kept.h"
#include "intel/pack.h"
#include "store/seekable.h"
#include "text/members.h"

void intel_facts_write(const struct intel_source_row *r, struct buf *out)
{
	struct jsonw w = jsonw_of(out);
	char hex[65];

	sha256_hex(r->sha256, hex);
	jsonw_open(&w, '{');
	jsonw_key(&w, "sha256");
	jsonw_text(&w, hex);
	kept_hex(&w, "name_hex", r->name);
	kept_hex(&w, "path_hex", r->path);
	kept_hex(&w, "marking_hex", r->marking);
	/* Unsigned, since that is what members.h reads: 0 is unknown. */
	jsonw_member_u64(&w, "confidence_plus_1", (uint64_t)(r->confidence + 1));
	jsonw_member_u64(&w, "files", r->files);
	jsonw_member_u64(&w, "new", r->new);
	jsonw_member_u64(&w, "gone", r->gone);
	jsonw_member_u64(&w, "changed", r->changed);
	jsonw_key(&w, "added_us");
	jsonw_i64(&w, r->added.us);
	jsonw_close(&w, '}');
	buf_putc(out, '\n');
}

static void write_facts(const struct intel_facts *facts, struct buf *out)
{
	const struct intel_source_row r = {.sha256 = facts->sha256,
		.name = facts->name,
		.path = facts->path,
		.marking = facts->marking,
		.confidence = facts->confidence,
		.added = when_now(),
		.files = facts->files,
		.new = facts->swap.new,
		.gone = facts->swap.gone,
		.changed = facts->swap.changed};

	intel_facts_write(&r, out);
}

static bool read_facts(struct arena *a, struct folder *f, struct str name,
	struct intel_source_row *ret_r, struct err *err)
{
	char file[FILE_NAME_ROOM];
	struct buf json = {0};
	struct members m;

	name_file(NAME_INTEL_FACTS, name, file);
	if (!file_read(f->fd, file, LIMIT_YAML_BYTES, &json, err))
		return false;
	bool good = members_read(buf_view(&json), &m) &&
		    members_hash(&m, members_get(&m, 0, "sha256"), &ret_r->sha256);
	if (good) {
		ret_r->name = members_bytes(a, &m, 0, "name_hex");
		ret_r->path = members_bytes(a, &m, 0, "path_hex");
		ret_r->marking = members_bytes(a, &m, 0, "marking_hex");
		ret_r->confidence = (int)members_u64(&m, 0, "confidence_plus_1") - 1;
		ret_r->files = members_u64(&m, 0, "files");
		ret_r->new = members_u64(&m, 0, "new");
		ret_r->gone = members_u64(&m, 0, "gone");
		ret_r->changed = members_u64(&m, 0, "changed");
		ret_r->added.us = (int64_t)members_u64(&m, 0, "added_us");
	}
	members_release(&m);
	buf_release(&json);
	return good || err_set(err, ERR_CASE, "'%s' is damaged", file);
}

void intel_unload(struct intel_loaded *l)
{
	intel_release(&l->said);
	file_unmap(&l->map);
	file_unmap(&l->said_map);
	arena_release(&l->arena);
}

bool intel_load(struct folder *f, struct str name, struct intel_loaded *l, struct err *err)
{
	char file[FILE_NAME_ROOM];

	name_file(NAME_INTEL_SAID, name, file);
	if (!read_facts(&l->arena, f, name, &l->row, err) ||
		!intel_file_open(f, name, &l->map, &l->in, err) ||
		!file_map(f->fd, file, &l->said_map, err) ||
		!intel_unpack(l->said_map.bytes, &l->said, err))
		return false;
	if (l->said.role != l->in.role)
		return err_set(err, ERR_CASE, "'%s' is of another role than its indicators", file);
	l->row.packed = file_hash(&l->map);
	l->row.role = l->said.role;
	l->row.title = l->said.title;
	l->row.kind = l->said.kind;
	l->row.indicators = indicators_count(&l->in);
	l->row.pending = l->in.n_pending;
	l->row.skipped = l->said.skipped.n;
	return true;
}

static bool load(
	struct folder *f, struct str name, int64_t *ret_id, bool *ret_replaced, struct err *err)
{
	char file[FILE_NAME_ROOM];
	struct intel_loaded l = {.row.id = 0};

	name_file(NAME_INTEL, name, file);
	/* A newer version has taken its place since, or it was removed. */
	if (faccessat(f->fd, file, F_OK, 0) && errno == ENOENT)
		return true;
	bool done = intel_load(f, name, &l, err) &&
		    intel_rows_put(f, &l.row, &l.in, &l.said, ret_id, ret_replaced, err);
	intel_unload(&l);
	return done;
}

bool intel_file_load(struct folder *f, struct str name, struct err *err)
{
	int64_t id;
	bool replaced;

	return load(f, name, &id, &replaced, err);
}

/* Each frame has its checksum. */
static bool check_given(struct folder *f, struct str name, struct err *err)
{
	char file[FILE_NAME_ROOM];
	struct file_map map;
	struct seekable s;
	struct buf frame = {0};

	name_file(NAME_INTEL_GIVEN, name, file);
	if (!file_map(f->fd, file, &map, err))
		return false;
	bool good = seekable_open(map.bytes, &s, err);
	for (uint64_t at = 0; good && at < s.size; at += SEEKABLE_FRAME) {
		buf_clear(&frame);
		good = seekable_read(&s, at, SEEKABLE_FRAME, &frame, err);
	}
	buf_release(&frame);
	file_unmap(&map);
	return good || err_in(err, "'%s'", file);
}

bool intel_file_check(struct folder *f, const struct intel_source_row *r, struct err *err)
{
	char name[NAME_ROOM], file[FILE_NAME_ROOM];
	struct intel_loaded l = {.row.id = 0};

	name_of_hash(&r->sha256, name);
	name_file(NAME_INTEL, str_of(name), file);
	bool good = intel_load(f, str_of(name), &l, err) &&
		    (indicators_check(&l.in, true, NULL, NULL, err) || err_in(err, "'%s'", file));
	if (good && !sha256_eq(l.row.packed, r->packed))
		good = err_set(err, ERR_CASE, "'%s' is not the one that was published", file);
	if (good && (l.row.indicators != r->indicators || l.row.pending != r->pending))
		good = err_set(err, ERR_CASE, "the catalogue has other counts of '%s'", file);
	good = good && check_given(f, str_of(name), err);
	intel_unload(&l);
	return good;
}

struct publishing {
	struct folder *f;
	struct str name;
	const struct intel_facts *facts;
	struct intel_published out;
};

static bool is_known(void *arg, bool *ret_known, struct err *err)
{
	struct publishing *p = arg;

	bool done = casedb_intel_source_find(p->f->db, &p->facts->sha256, &p->out.id, err);
	*ret_known = done && p->out.id != 0;
	return done;
}

static bool load_new(void *arg, struct err *err)
{
	struct publishing *p = arg;

	return load(p->f, p->name, &p->out.id, &p->out.replaced, err);
}

bool intel_publish(struct folder *f, struct stagedir *dir, const struct intel_facts *facts,
	const struct sha256 *packed, struct str said, struct intel_published *ret, struct err *err)
{
	char name[NAME_ROOM], source[65], hash[65];
	struct publishing p = {.f = f, .facts = facts};
	struct buf json = {0}, body = {0};

	name_of_hash(&facts->sha256, name);
	p.name = str_of(name);
	write_facts(facts, &json);
	sha256_hex(facts->sha256, source);
	sha256_hex(*packed, hash);
	buf_addf(&body, "\"source\":\"%s\",\"packed\":\"%s\"", source, hash);
	struct kept k = {.name = p.name,
		.files = {{NAME_INTEL, STR(""), true}, {NAME_INTEL_GIVEN, STR(""), true},
			{NAME_INTEL_SAID, said, false}, {NAME_INTEL_FACTS, buf_view(&json), false}},
		.n_files = 4,
		.dir = dir,
		.line = "intel",
		.body = buf_view(&body),
		.known = is_known,
		.load = load_new,
		.arg = &p};
	bool done = kept_publish(f, &k, &p.out.known, err);
	buf_release(&json);
	buf_release(&body);
	if (done)
		*ret = p.out;
	return done;
}

static bool find_row(void *arg, const struct intel_source_row *r)
{
	struct intel_source_row *want = arg;

	if (memcmp(r->sha256.b, want->sha256.b, 16) != 0)
		return true;
	want->id = r->id;
	want->sha256 = r->sha256;
	return false;
}

bool intel_file_gone(struct folder *f, struct str name, struct err *err)
{
	struct intel_source_row want = {.id = 0};
	uint8_t prefix[16];

	if (!name_parse_hash(name, prefix))
		return err_set(err, ERR_CASE, "'" STR_FMT "' names no source of intelligence",
			STR_ARG(str_upto(name, 64)));
	memcpy(want.sha256.b, prefix, sizeof(prefix));
	return casedb_intel_source_each(f->db, find_row, &want, err) &&
	       intel_rows_remove(f, want.id, &want.sha256, err);
}

static bool retract_locked(struct folder *f, struct str name, struct err *err)
{
	struct buf body = {0};

	buf_addf(&body, "\"source\":\"" STR_FMT "\"", STR_ARG(name));
	bool done = journal_append(folder_journal(f), "intel-removed", buf_view(&body), err) &&
		    casedb_begin(folder_db(f), err);
	buf_release(&body);
	if (!done)
		return false;
	if (intel_file_gone(f, name, err) && folder_keep_up(f, err))
		return casedb_commit(folder_db(f), err) && recover_doomed(f, err);
	casedb_rollback(folder_db(f));
	return false;
}

bool intel_retract(struct folder *f, const struct sha256 *sha256, struct err *err)
{
	char name[NAME_ROOM];

	name_of_hash(sha256, name);
	if (!folder_lock(f, err))
		return false;
	bool done = retract_locked(f, str_of(name), err);
	folder_unlock(f);
	return done;
}
