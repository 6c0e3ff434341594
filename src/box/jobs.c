#include "box/jobs.h"

#include "base/limits.h"
#include "box/packing.h"
#include "box/protocol.h"

void parse_job_pack(const struct parse_job *j, struct buf *out)
{
	uint32_t next = 0;

	pack_head(&j->head, out);
	buf_u32(out, (uint32_t)j->zstd_level);
	buf_putc(out, j->skip_all);
	buf_putc(out, j->want_batch);
	buf_putc(out, j->reduce);
	pack_str(out, j->rules);
	buf_varint(out, j->n_skip);
	for (size_t i = 0; i < j->n_skip; i++) {
		buf_varint(out, j->skip[i] - next);
		buf_putc(out, (char)j->skip_why[i]);
		next = j->skip[i] + 1;
	}
	buf_putc(out, j->spans != NULL);
	if (j->spans)
		pack_spans(j->spans, j->n_spans, out);
}

static void take_skips(struct scan *sc, struct arena *a, struct parse_job *j)
{
	j->n_skip = unpack_count(sc, 2, LIMIT_RECORDS_PER_BATCH);
	uint32_t *skip = arena_array(a, j->n_skip, sizeof(*skip));
	uint8_t *why = arena_array(a, j->n_skip, sizeof(*why));
	uint64_t next = 0;

	for (size_t i = 0; i < j->n_skip && scan_ok(sc); i++) {
		uint64_t gap = scan_varint(sc, "a record number");
		if (gap >= LIMIT_RECORDS_PER_BATCH || next + gap >= LIMIT_RECORDS_PER_BATCH)
			scan_fail(sc, "a record number below the limit");
		skip[i] = (uint32_t)(next + gap);
		why[i] = scan_u8(sc, "a reason");
		if (why[i] == BOX_OK || why[i] > BOX_FAILED)
			scan_fail(sc, "a known reason");
		next += gap + 1;
	}
	j->skip = skip;
	j->skip_why = why;
}

bool parse_job_unpack(struct arena *a, struct str packed, struct parse_job *ret)
{
	struct scan sc = scan_of(packed);
	struct parse_job j = {.head = unpack_head(&sc)};
	uint32_t level = scan_u32(&sc, "a level");

	if (level < 1 || level > 22)
		scan_fail(&sc, "a level of zstd");
	j.zstd_level = (int)level;
	j.skip_all = unpack_bool(&sc);
	j.want_batch = unpack_bool(&sc);
	j.reduce = unpack_bool(&sc);
	j.rules = unpack_str(&sc, LIMIT_RULES_BYTES);
	take_skips(&sc, a, &j);
	if (unpack_bool(&sc)) {
		size_t n;
		j.spans = unpack_spans(&sc, a, &n);
		j.n_spans = (uint32_t)n;
	}
	if (!unpacked_all(&sc))
		return false;
	*ret = j;
	return true;
}

void parse_out_pack_head(uint64_t batch_len, uint64_t segment_len, char ret_head[16])
{
	for (int i = 0; i < 8; i++) {
		ret_head[i] = (char)(batch_len >> (8 * i));
		ret_head[8 + i] = (char)(segment_len >> (8 * i));
	}
}

bool parse_out_unpack(struct str out, struct str *ret_batch, struct str *ret_segment)
{
	struct scan sc = scan_of(out);
	uint64_t batch = scan_u64(&sc, "a length"), segment = scan_u64(&sc, "a length");

	if (!scan_ok(&sc) || batch > scan_left(&sc) || segment != scan_left(&sc) - batch)
		return false;
	*ret_batch = scan_take(&sc, batch, "a batch");
	*ret_segment = scan_take(&sc, segment, "a segment");
	return true;
}

void render_job_pack(const struct render_job *j, struct buf *out)
{
	pack_head(&j->head, out);
	pack_str(out, j->source);
	buf_varint(out, j->n_items);
	for (size_t i = 0; i < j->n_items; i++) {
		const struct render_item *it = &j->items[i];
		buf_u32(out, it->off);
		buf_u32(out, it->len);
		buf_u64(out, it->source_offset);
		buf_putc(out, it->conflict != 0);
	}
}

bool render_job_unpack(struct arena *a, struct str packed, struct render_job *ret)
{
	struct scan sc = scan_of(packed);
	struct render_job j = {.head = unpack_head(&sc)};

	j.source = unpack_str(&sc, PACKED_NAME_MAX);
	j.n_items = unpack_count(&sc, 17, LIMIT_RECORDS_PER_BATCH);
	struct render_item *items = arena_array(a, j.n_items, sizeof(*items));
	for (size_t i = 0; i < j.n_items && scan_ok(&sc); i++)
		items[i] = (struct render_item){
			.off = scan_u32(&sc, "an offset"),
			.len = scan_u32(&sc, "a length"),
			.source_offset = scan_u64(&sc, "an offset"),
			.conflict = unpack_bool(&sc),
		};
	j.items = items;
	if (!unpacked_all(&sc))
		return false;
	*ret = j;
	return true;
}

void scan_job_pack(const struct scan_job *j, struct buf *out)
{
	pack_head(&j->head, out);
	pack_spans(j->records, j->n_records, out);
	buf_varint(out, j->n_values);
	for (size_t i = 0; i < j->n_values; i++)
		pack_str(out, j->values[i]);
	pack_places(j->unread, j->n_unread, out);
}

bool scan_job_unpack(struct arena *a, struct str packed, struct scan_job *ret)
{
	struct scan sc = scan_of(packed);
	struct scan_job j = {.head = unpack_head(&sc)};

	j.records = unpack_spans(&sc, a, &j.n_records);
	j.n_values = unpack_count(&sc, 1, UINT32_MAX);
	struct str *values = arena_array(a, j.n_values, sizeof(*values));
	for (size_t i = 0; i < j.n_values && scan_ok(&sc); i++)
		values[i] = unpack_str(&sc, LIMIT_RECORD_BYTES);
	j.values = values;
	j.unread = unpack_places(&sc, a, j.n_records, &j.n_unread);
	if (!unpacked_all(&sc))
		return false;
	*ret = j;
	return true;
}

void unpack_job_pack(const struct unpack_job *j, struct buf *out)
{
	buf_putc(out, (char)j->container);
	buf_u64(out, j->size);
}

bool unpack_job_unpack(struct str packed, struct unpack_job *ret)
{
	struct scan sc = scan_of(packed);
	struct unpack_job j = {scan_u8(&sc, "a container"), scan_u64(&sc, "a size")};

	if (j.size > INT64_MAX || !unpacked_all(&sc))
		return false;
	*ret = j;
	return true;
}

void intel_job_pack(const struct intel_job *j, struct buf *out)
{
	buf_u32(out, j->n_files);
	for (uint32_t i = 0; i < j->n_files; i++) {
		buf_u64(out, j->files[i].size);
		buf_u32(out, j->files[i].flaw);
		buf_u32(out, (uint32_t)j->files[i].name.n);
		buf_str(out, j->files[i].name);
	}
}

bool intel_job_unpack(struct arena *a, struct str packed, struct intel_job *ret)
{
	struct scan sc = scan_of(packed);
	uint32_t n = scan_u32(&sc, "number of files");
	struct intel_job j = {.n_files = n};

	if (n == 0 || n > scan_left(&sc) / 16)
		return false;
	struct intel_job_file *files = arena_array(a, n, sizeof(*files));
	for (uint32_t i = 0; i < n; i++) {
		files[i].size = scan_u64(&sc, "size");
		uint32_t flaw = scan_u32(&sc, "a flaw");
		files[i].flaw = flaw < FLAW_CODES ? (enum flaw_code)flaw : FLAW_CODES;
		uint32_t length = scan_u32(&sc, "length of a name");
		files[i].name = scan_take(&sc, length, "a name");
		if (files[i].size > INT64_MAX || j.size + files[i].size > INT64_MAX)
			return false;
		j.size += files[i].size;
	}
	j.files = files;
	if (!unpacked_all(&sc))
		return false;
	*ret = j;
	return true;
}

void frame_head_pack(char kind, uint32_t n, char ret[FRAME_HEAD])
{
	ret[0] = kind;
	for (int i = 0; i < 4; i++)
		ret[1 + i] = (char)(n >> (8 * i));
}

bool frame_head_unpack(const char head[FRAME_HEAD], char *ret_kind, uint32_t *ret_n)
{
	struct scan sc = scan_of((struct str){head + 1, FRAME_HEAD - 1});
	uint32_t n = scan_u32(&sc, "a length");

	if (!(head[0] == FRAME_NAME && n <= FRAME_NAME_MAX) &&
		!(head[0] == FRAME_DATA && n <= FRAME_DATA_MAX) &&
		!(head[0] == FRAME_END && n <= FLAW_CODES))
		return false;
	*ret_kind = head[0];
	*ret_n = n;
	return true;
}

void decode_out_pack(const struct decode_out *d, struct buf *out)
{
	buf_u32(out, (uint32_t)d->path.n);
	buf_str(out, d->path);
	buf_u32(out, (uint32_t)d->n_flaws);
	for (size_t i = 0; i < d->n_flaws; i++) {
		buf_u32(out, d->flaws[i].code);
		buf_u32(out, d->flaws[i].offset);
	}
}

bool decode_out_unpack(struct arena *a, struct str packed, struct decode_out *ret)
{
	struct scan sc = scan_of(packed);
	struct decode_out d = {.path = scan_take(&sc, scan_u32(&sc, "a length"), "a path")};

	d.n_flaws = scan_u32(&sc, "a count");
	if (d.n_flaws > LIMIT_FLAWS_PER_RECORD || d.path.n > PACKED_NAME_MAX)
		scan_fail(&sc, "less");
	struct flaw *flaws = arena_array(a, LIMIT_FLAWS_PER_RECORD, sizeof(*flaws));
	for (size_t i = 0; i < d.n_flaws && scan_ok(&sc); i++) {
		flaws[i].code = scan_u32(&sc, "a flaw");
		flaws[i].offset = scan_u32(&sc, "an offset");
		if (flaws[i].code >= FLAW_CODES)
			scan_fail(&sc, "a known flaw");
	}
	d.flaws = flaws;
	if (!unpacked_all(&sc))
		return false;
	*ret = d;
	return true;
}

void normalised_pack(const struct normalised *n, struct buf *out)
{
	buf_u32(out, n->line);
	buf_putc(out, n->sure);
	buf_putc(out, (char)n->o.kind);
	buf_putc(out, (char)n->o.form);
	pack_str(out, n->o.v);
}

bool normalised_next(struct str *inout, struct normalised *ret, bool *ret_bad)
{
	struct scan sc = scan_of(*inout);
	struct normalised n;

	*ret_bad = false;
	if (inout->n == 0)
		return false;
	n.line = scan_u32(&sc, "a line");
	n.sure = unpack_bool(&sc);
	n.o.kind = scan_u8(&sc, "a kind");
	n.o.form = scan_u8(&sc, "a form");
	n.o.v = unpack_str(&sc, LIMIT_INTEL_BYTES);
	if (n.o.kind >= KINDS || n.o.form > FORM_NET)
		scan_fail(&sc, "a known kind and form");
	if (!scan_ok(&sc)) {
		*ret_bad = true;
		return false;
	}
	*inout = str_from(*inout, scan_offset(&sc));
	*ret = n;
	return true;
}

void name_form_pack(const struct name_form *f, struct buf *out)
{
	buf_putc(out, f->derived);
	pack_str(out, f->latin);
	pack_str(out, f->han);
}

bool name_form_next(struct str *inout, struct name_form *ret)
{
	struct scan sc = scan_of(*inout);
	struct name_form f;

	f.derived = unpack_bool(&sc);
	f.latin = unpack_str(&sc, LIMIT_INTEL_BYTES);
	f.han = unpack_str(&sc, LIMIT_INTEL_BYTES);
	if (!scan_ok(&sc))
		return false;
	*inout = str_from(*inout, scan_offset(&sc));
	*ret = f;
	return true;
}
