#include "engine/sourcefile.h"

#include "text/jsonw.h"
#include "text/members.h"

/* Bytes that needn't be UTF-8: as text for people, and in hexadecimal, which is what is read. */
static void write_bytes(struct jsonw *w, const char *key, struct str v)
{
	struct buf hex = {0};

	jsonw_key(w, key);
	jsonw_str(w, v);
	buf_addf(&hex, "%s_hex", key);
	jsonw_key_str(w, buf_view(&hex));
	buf_clear(&hex);
	buf_reserve(&hex, 2 * v.n);
	hex_write(v.p, v.n, hex.p);
	hex.n = 2 * v.n;
	jsonw_str(w, buf_view(&hex));
	buf_release(&hex);
}

static void write_hash(struct jsonw *w, const char *key, struct sha256 h)
{
	char hex[65];

	sha256_hex(h, hex);
	jsonw_key(w, key);
	jsonw_text(w, hex);
}

void source_file_write(const struct source_file *s, struct buf *out)
{
	struct jsonw w = jsonw_of(out);

	jsonw_open(&w, '{');
	write_hash(&w, "sha256", s->sha256);
	write_bytes(&w, "path", s->path);
	jsonw_key(&w, "bytes");
	jsonw_u64(&w, s->bytes);
	jsonw_key(&w, "decoded_bytes");
	jsonw_u64(&w, s->decoded_bytes);
	write_bytes(&w, "decoding", s->decoding);
	write_bytes(&w, "acquired", s->acquired);
	write_bytes(&w, "formats", s->formats_version);
	jsonw_key(&w, "ingested_us");
	jsonw_i64(&w, s->ingested.us);
	jsonw_key(&w, "flaws");
	jsonw_open(&w, '[');
	for (size_t i = 0; i < s->n_flaws; i++) {
		jsonw_open(&w, '{');
		jsonw_key(&w, "code");
		jsonw_text(&w, flaw_name((enum flaw_code)s->flaws[i].code));
		jsonw_key(&w, "offset");
		jsonw_u64(&w, s->flaws[i].offset);
		jsonw_close(&w, '}');
	}
	jsonw_close(&w, ']');
	jsonw_key(&w, "batches");
	jsonw_open(&w, '[');
	for (size_t i = 0; i < s->n_batches; i++) {
		jsonw_open(&w, '{');
		write_hash(&w, "sha256", s->batches[i].sha256);
		jsonw_key(&w, "bytes");
		jsonw_u64(&w, s->batches[i].bytes);
		jsonw_key(&w, "records");
		jsonw_u64(&w, s->batches[i].records);
		jsonw_close(&w, '}');
	}
	jsonw_close(&w, ']');
	jsonw_close(&w, '}');
	buf_putc(out, '\n');
}

static void parse_flaws(struct arena *a, const struct members *m, struct source_file *s)
{
	uint32_t array = members_get(m, 0, "flaws"), n = members_count(m, array);
	uint32_t at = members_first(m, array);
	struct flaw *flaws = arena_array(a, n + 1, sizeof(*flaws));

	for (uint32_t i = 0; i < n; i++, at = members_next(m, at)) {
		enum flaw_code code = FLAW_CODES;
		flaw_by_name(members_text(m, members_get(m, at, "code")), &code);
		flaws[i] = (struct flaw){(uint32_t)code, (uint32_t)members_u64(m, at, "offset")};
	}
	s->flaws = flaws;
	s->n_flaws = n;
}

static bool parse_batches(struct arena *a, const struct members *m, struct source_file *s)
{
	uint32_t array = members_get(m, 0, "batches"), n = members_count(m, array);
	uint32_t at = members_first(m, array);

	s->batches = arena_array(a, n + 1, sizeof(*s->batches));
	s->n_batches = n;
	for (uint32_t i = 0; i < n; i++, at = members_next(m, at)) {
		struct source_batch *b = &s->batches[i];
		b->bytes = members_u64(m, at, "bytes");
		b->records = members_u64(m, at, "records");
		if (!members_hash(m, members_get(m, at, "sha256"), &b->sha256))
			return false;
	}
	return true;
}

bool source_file_parse(struct arena *a, struct str json, const char *name,
	struct source_file *ret_s, struct err *err)
{
	struct source_file s = {.ingested = WHEN_NONE};
	struct members m;

	bool good = members_read(json, &m) &&
		    members_hash(&m, members_get(&m, 0, "sha256"), &s.sha256) &&
		    parse_batches(a, &m, &s);
	if (good) {
		s.path = members_bytes(a, &m, 0, "path_hex");
		s.decoding = members_bytes(a, &m, 0, "decoding_hex");
		s.acquired = members_bytes(a, &m, 0, "acquired_hex");
		s.formats_version = members_bytes(a, &m, 0, "formats_hex");
		s.bytes = members_u64(&m, 0, "bytes");
		s.decoded_bytes = members_u64(&m, 0, "decoded_bytes");
		s.ingested.us = (int64_t)members_u64(&m, 0, "ingested_us");
		parse_flaws(a, &m, &s);
	}
	members_release(&m);
	if (!good)
		return err_set(err, ERR_CASE, "'%s' is damaged", name);
	*ret_s = s;
	return true;
}
