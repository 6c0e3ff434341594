#include "engine/intelfile.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "casedb/intel.h"
#include "engine/kept.h"
#include "intel/pack.h"
#include "text/members.h"

static void write_facts(const struct intel_facts *facts, struct buf *out)
{
	struct jsonw w = jsonw_of(out);
	char hex[65];

	sha256_hex(facts->sha256, hex);
	jsonw_open(&w, '{');
	jsonw_key(&w, "sha256");
	jsonw_text(&w, hex);
	kept_hex(&w, "name_hex", facts->name);
	kept_hex(&w, "path_hex", facts->path);
	kept_hex(&w, "marking_hex", facts->marking);
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

	return load(p->f, p->name, &p->out.rows, err) &&
	       casedb_intel_source_find(p->f->db, &p->facts->sha256, &p->out.id, err);
}

static bool count_packed(struct str packed, struct intel_published *ret, struct err *err)
{
	struct intel_source_row counts = {0};
	struct intel in = {0};

	if (!intel_unpack(packed, &in, err))
		return false;
	count(&counts, &in);
	intel_release(&in);
	ret->indicators = counts.indicators;
	ret->pending = counts.pending;
	ret->skipped = counts.skipped;
	return true;
}

bool intel_publish(struct folder *f, const struct intel_facts *facts, struct str packed,
	struct intel_published *ret, struct err *err)
{
	char name[NAME_ROOM], source[65], hash[65];
	struct publishing p = {.f = f, .facts = facts};
	struct buf json = {0}, body = {0};

	if (!count_packed(packed, &p.out, err))
		return false;
	name_of_hash(&facts->sha256, name);
	p.name = str_of(name);
	write_facts(facts, &json);
	sha256_hex(facts->sha256, source);
	sha256_hex(sha256_of(packed), hash);
	buf_addf(&body, "\"source\":\"%s\",\"packed\":\"%s\"", source, hash);
	struct kept k = {.kind = NAME_INTEL,
		.facts_kind = NAME_INTEL_FACTS,
		.name = p.name,
		.packed = packed,
		.facts = buf_view(&json),
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
