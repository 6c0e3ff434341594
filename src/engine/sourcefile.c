#include "engine/sourcefile.h"

#include "text/json.h"
#include "text/jsonw.h"

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

struct tape {
	struct str text;
	const struct json_token *at;
	uint32_t n;
};

/* Index of the value of a key of the object at `object`, or n. */
static uint32_t member(const struct tape *t, uint32_t object, const char *key)
{
	if (object >= t->n || t->at[object].type != JSON_OBJECT)
		return t->n;
	for (uint32_t i = object + 1; i < t->at[object].next; i = t->at[i].next)
		if (t->at[i].type == JSON_KEY && str_eq(json_span(t->text, &t->at[i]), str_of(key)))
			return i + 1;
	return t->n;
}

static struct str text_at(const struct tape *t, uint32_t i)
{
	return i < t->n ? json_span(t->text, &t->at[i]) : STR("");
}

static uint64_t number(const struct tape *t, uint32_t object, const char *key)
{
	uint64_t v = 0;

	str_u64(text_at(t, member(t, object, key)), &v);
	return v;
}

static struct str unhex(struct arena *a, const struct tape *t, uint32_t object, const char *key)
{
	struct str hex = text_at(t, member(t, object, key));
	char *bytes = arena_alloc(a, hex.n / 2 + 1);

	for (size_t i = 0; i < hex.n / 2; i++) {
		int hi = hex_digit(hex.p[2 * i]), lo = hex_digit(hex.p[2 * i + 1]);
		if (hi < 0 || lo < 0)
			return STR("");
		bytes[i] = (char)(hi << 4 | lo);
	}
	return (struct str){bytes, hex.n / 2};
}

static uint32_t count(const struct tape *t, uint32_t array)
{
	uint32_t n = 0;

	if (array >= t->n || t->at[array].type != JSON_ARRAY)
		return 0;
	for (uint32_t i = array + 1; i < t->at[array].next; i = t->at[i].next)
		n++;
	return n;
}

static void parse_flaws(struct arena *a, const struct tape *t, struct source_file *s)
{
	uint32_t array = member(t, 0, "flaws"), n = count(t, array);
	struct flaw *flaws = arena_array(a, n + 1, sizeof(*flaws));
	size_t k = 0;

	for (uint32_t i = array + 1; k < n; i = t->at[i].next) {
		enum flaw_code code = FLAW_CODES;
		flaw_by_name(text_at(t, member(t, i, "code")), &code);
		flaws[k++] = (struct flaw){(uint32_t)code, (uint32_t)number(t, i, "offset")};
	}
	s->flaws = flaws;
	s->n_flaws = n;
}

static bool parse_batches(struct arena *a, const struct tape *t, struct source_file *s)
{
	uint32_t array = member(t, 0, "batches"), n = count(t, array);

	s->batches = arena_array(a, n + 1, sizeof(*s->batches));
	for (uint32_t i = array + 1; s->n_batches < n; i = t->at[i].next) {
		struct source_batch *b = &s->batches[s->n_batches++];
		b->bytes = number(t, i, "bytes");
		b->records = number(t, i, "records");
		if (!sha256_unhex(text_at(t, member(t, i, "sha256")), &b->sha256))
			return false;
	}
	return true;
}

bool source_file_parse(struct arena *a, struct str json, const char *name,
	struct source_file *ret_s, struct err *err)
{
	struct json_tape tape = {0};
	struct flaws flaws = {.at = (struct flaw[64]){{0}}};
	struct source_file s = {.ingested = WHEN_NONE};

	json_tokenise(&tape, json, &flaws, 0);
	struct tape t = {json, tape.at, tape.n};
	bool good = flaws.n == 0 && sha256_unhex(text_at(&t, member(&t, 0, "sha256")), &s.sha256) &&
		    parse_batches(a, &t, &s);
	if (good) {
		s.path = unhex(a, &t, 0, "path_hex");
		s.decoding = unhex(a, &t, 0, "decoding_hex");
		s.acquired = unhex(a, &t, 0, "acquired_hex");
		s.formats_version = unhex(a, &t, 0, "formats_hex");
		s.bytes = number(&t, 0, "bytes");
		s.decoded_bytes = number(&t, 0, "decoded_bytes");
		s.ingested.us = (int64_t)number(&t, 0, "ingested_us");
		parse_flaws(a, &t, &s);
	}
	json_tape_release(&tape);
	if (!good)
		return err_set(err, ERR_CASE, "'%s' is damaged", name);
	*ret_s = s;
	return true;
}
