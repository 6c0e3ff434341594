#include "engine/intelfile.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "casedb/intel.h"
#include "engine/stagedir.h"
#include "intel/pack.h"
#include "text/jsonw.h"
#include "text/members.h"

/* Packed indicators carry context and original of each, so they may outgrow their file. */
enum { PACKED_LIMIT = 1 << 30 };

static void write_hex(struct jsonw *w, const char *key, struct str v)
{
	struct buf hex = {0};

	buf_reserve(&hex, 2 * v.n);
	hex_write(v.p, v.n, hex.p);
	hex.n = 2 * v.n;
	jsonw_key(w, key);
	jsonw_str(w, buf_view(&hex));
	buf_release(&hex);
}

static void write_facts(const struct intel_facts *facts, struct buf *out)
{
	struct jsonw w = jsonw_of(out);
	char hex[65];

	sha256_hex(facts->sha256, hex);
	jsonw_open(&w, '{');
	jsonw_key(&w, "sha256");
	jsonw_text(&w, hex);
	write_hex(&w, "name_hex", facts->name);
	write_hex(&w, "path_hex", facts->path);
	write_hex(&w, "marking_hex", facts->marking);
	/* Unsigned, since that is what members.h reads: 0 is unknown. */
	jsonw_key(&w, "confidence_plus_1");
	jsonw_u64(&w, (uint64_t)(facts->confidence + 1));
	jsonw_key(&w, "added_us");
	jsonw_i64(&w, when_now().us);
	jsonw_close(&w, '}');
	buf_putc(out, '\n');
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
		ret_r->added.us = (int64_t)members_u64(&m, 0, "added_us");
	}
	members_release(&m);
	buf_release(&json);
	return good || err_set(err, ERR_CASE, "'%s' is damaged", file);
}

static void count(struct intel_source_row *r, const struct intel *in)
{
	r->title = in->title;
	r->kind = in->kind;
	r->skipped = in->skipped.n;
	for (size_t i = 0; i < in->indicators.n; i++) {
		if (in->indicators.at[i].what == INDICATOR_PENDING)
			r->pending++;
		else
			r->indicators++;
	}
}

static bool load(struct folder *f, struct str name, struct intel_rows *ret, struct err *err)
{
	char file[FILE_NAME_ROOM];
	struct arena a = {0};
	struct intel_source_row r = {0};
	struct file_map m = {0};
	struct intel in = {0};

	name_file(NAME_INTEL, name, file);
	/* A newer version has taken its place since. */
	if (faccessat(f->fd, file, F_OK, 0) && errno == ENOENT)
		return true;
	bool done = read_facts(&a, f, name, &r, err) && file_map(f->fd, file, &m, err) &&
		    intel_unpack(m.bytes, &in, err);
	if (done) {
		count(&r, &in);
		done = intel_rows_put(f, &r, &in, ret, err);
	}
	intel_release(&in);
	file_unmap(&m);
	arena_release(&a);
	return done;
}

bool intel_file_load(struct folder *f, struct str name, struct err *err)
{
	struct intel_rows rows = {0};

	return load(f, name, &rows, err);
}

static bool journal(struct folder *f, const struct intel_facts *facts, struct str packed,
	bool *ret_keep, struct err *err)
{
	struct buf body = {0};
	char source[65], hash[65];

	sha256_hex(facts->sha256, source);
	sha256_hex(sha256_of(packed), hash);
	buf_addf(&body, "\"source\":\"%s\",\"packed\":\"%s\"", source, hash);
	bool done = journal_append(f->journal, "intel", buf_view(&body), err);
	*ret_keep = done || journal_is_stuck(f->journal);
	buf_release(&body);
	return done;
}

static bool move(struct stagedir *d, struct str name, struct err *err)
{
	struct buf list = {0};

	stagedir_line(&list, NAME_INTEL, name.p, "indicators");
	stagedir_line(&list, NAME_INTEL_FACTS, name.p, "facts");
	bool done = stagedir_write(d, STAGING_LIST, buf_view(&list), err) &&
		    stagedir_move(d->fd, d->f, NAME_INTEL, name, "indicators", err) &&
		    stagedir_move(d->fd, d->f, NAME_INTEL_FACTS, name, "facts", err) &&
		    stagedir_settle(d->f, NAME_INTEL, name, err);
	buf_release(&list);
	return done;
}

static bool catalogue(struct folder *f, struct str name, struct intel_rows *ret, struct err *err)
{
	if (!casedb_begin(f->db, err))
		return false;
	if (load(f, name, ret, err) && folder_advance(f, err))
		return casedb_commit(f->db, err);
	casedb_rollback(f->db);
	return false;
}

static bool publish_locked(struct stagedir *d, const struct intel_facts *facts, struct str packed,
	struct intel_published *ret, bool *ret_keep, struct err *err)
{
	char name[NAME_ROOM];
	int64_t id;

	if (!casedb_intel_source_find(d->f->db, &facts->sha256, &id, err))
		return false;
	ret->known = id != 0;
	ret->id = id;
	if (ret->known)
		return true;
	name_of_hash(&facts->sha256, name);
	return move(d, str_of(name), err) && journal(d->f, facts, packed, ret_keep, err) &&
	       catalogue(d->f, str_of(name), &ret->rows, err) &&
	       casedb_intel_source_find(d->f->db, &facts->sha256, &ret->id, err);
}

static bool stage(
	struct stagedir *d, const struct intel_facts *facts, struct str packed, struct err *err)
{
	struct buf json = {0};

	write_facts(facts, &json);
	bool done = stagedir_write(d, "indicators", packed, err) &&
		    stagedir_write(d, "facts", buf_view(&json), err) &&
		    stagedir_sync(d, "indicators", err) && stagedir_sync(d, "facts", err);
	buf_release(&json);
	return done;
}

bool intel_publish(struct folder *f, const struct intel_facts *facts, struct str packed,
	struct intel_published *ret, struct err *err)
{
	struct intel_published out = {0};
	struct intel_source_row counts = {0};
	struct stagedir d;
	struct intel in = {0};
	bool keep = false, done = false;

	if (packed.n > PACKED_LIMIT)
		return err_set(err, ERR_LIMIT, "%zu bytes of indicators are too many", packed.n);
	if (!intel_unpack(packed, &in, err))
		return false;
	count(&counts, &in);
	intel_release(&in);
	if (!folder_has_room(f, packed.n, err) || !stagedir_make(f, &d, err))
		return false;
	if (stage(&d, facts, packed, err) && folder_lock(f, err)) {
		done = publish_locked(&d, facts, packed, &out, &keep, err);
		folder_unlock(f);
	}
	/* A list that names files which are in no catalogue: recover_staging removes them. */
	if (done)
		stagedir_remove(&d);
	else
		stagedir_leave(&d);
	if (!done)
		return false;
	out.indicators = counts.indicators;
	out.pending = counts.pending;
	out.skipped = counts.skipped;
	*ret = out;
	return true;
}
