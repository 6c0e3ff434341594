#include "intel/keyset.h"

#include <endian.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/hash.h"
#include "base/vec.h"

/*
 * The file (spoor-keyset(5); integers are little-endian):
 *
 *	 0  magic "spoorkey"
 *	 8  u32 version
 *	12  u32 number of probes P
 *	16  u32 number of ranges R
 *	20  u32 zero
 *	24  u64 stamp
 *	32  u64 length of the strings S
 *	40  u64 hash64 of all bytes from 48 on, seeded with the version
 *	48  P times: u64 key, u32 ref, u8 kind, u8 form, u16 length
 *	    R times: 16 bytes from, 16 bytes to, u32 ref
 *	    S bytes: the observables of the probes, in their order, without anything between
 *
 * It is valid if and only if (1) magic and version are these; (2) its length is exactly 48 +
 * 16 P + 36 R + S; (3) the hash is right; (4) probes ascend by (key, kind, form, bytes, ref) and
 * ranges by (from, to, ref), none twice; (5) no range ends before it begins; (6) kind and form
 * are known, and the length is one the form can have; (7) the lengths add up to S.
 */
static const char magic[8] = {'s', 'p', 'o', 'o', 'r', 'k', 'e', 'y'};
#define VERSION 1u
#define HEAD_BYTES 48u
#define PROBE_BYTES 16u
#define RANGE_BYTES 36u

static int cmp_u64(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static int probe_cmp(const void *va, const void *vb)
{
	const struct probe *a = va, *b = vb;
	int c = cmp_u64(a->key, b->key);

	if (c == 0)
		c = observable_cmp(a->o, b->o);
	return c ? c : cmp_u64(a->ref, b->ref);
}

static int range_cmp(const void *va, const void *vb)
{
	const struct range_probe *a = va, *b = vb;
	int c = memcmp(a->from, b->from, sizeof(a->from));

	if (c == 0)
		c = memcmp(a->to, b->to, sizeof(a->to));
	return c ? c : cmp_u64(a->ref, b->ref);
}

static bool compiled(const struct indicator *in, enum indicator_kind what)
{
	return in->what == what && !in->revoked &&
	       (what != INDICATOR_VALUE || in->o.v.n <= UINT16_MAX);
}

/* Sorted without doubles; n is updated.  The caller frees it by vec_free. */
static struct probe *probes_of(const struct indicator *in, const uint32_t *ref, size_t *n)
{
	VEC(struct probe) v = {0};
	size_t kept = 0;

	for (size_t i = 0; i < *n; i++) {
		if (compiled(&in[i], INDICATOR_VALUE))
			*vec_push(&v) = (struct probe){observable_key(in[i].o), ref[i], in[i].o};
	}
	if (v.n)
		qsort(v.at, v.n, sizeof(*v.at), probe_cmp);
	for (size_t i = 0; i < v.n; i++) {
		if (i == 0 || probe_cmp(&v.at[kept - 1], &v.at[i]) != 0)
			v.at[kept++] = v.at[i];
	}
	*n = kept;
	return v.at;
}

static struct range_probe *ranges_of(const struct indicator *in, const uint32_t *ref, size_t *n)
{
	VEC(struct range_probe) v = {0};
	size_t kept = 0;

	for (size_t i = 0; i < *n; i++) {
		if (!compiled(&in[i], INDICATOR_NETWORK))
			continue;
		struct range_probe *r = vec_push(&v);
		memcpy(r->from, in[i].from, sizeof(r->from));
		memcpy(r->to, in[i].to, sizeof(r->to));
		r->ref = ref[i];
	}
	if (v.n)
		qsort(v.at, v.n, sizeof(*v.at), range_cmp);
	for (size_t i = 0; i < v.n; i++) {
		if (i == 0 || range_cmp(&v.at[kept - 1], &v.at[i]) != 0)
			v.at[kept++] = v.at[i];
	}
	*n = kept;
	return v.at;
}

void keyset_build(
	const struct indicator *in, const uint32_t *ref, size_t n, uint64_t stamp, struct buf *out)
{
	size_t n_probes = n, n_ranges = n, start = out->n, strings = 0;
	struct probe *p = probes_of(in, ref, &n_probes);
	struct range_probe *r = ranges_of(in, ref, &n_ranges);

	for (size_t i = 0; i < n_probes; i++)
		strings += p[i].o.v.n;
	buf_reserve(out, HEAD_BYTES + n_probes * PROBE_BYTES + n_ranges * RANGE_BYTES + strings);
	buf_add(out, magic, sizeof(magic));
	buf_u32(out, VERSION);
	buf_u32(out, (uint32_t)n_probes);
	buf_u32(out, (uint32_t)n_ranges);
	buf_u32(out, 0);
	buf_u64(out, stamp);
	buf_u64(out, strings);
	buf_u64(out, 0); /* the hash, below */
	for (size_t i = 0; i < n_probes; i++) {
		buf_u64(out, p[i].key);
		buf_u32(out, p[i].ref);
		buf_putc(out, (char)p[i].o.kind);
		buf_putc(out, (char)p[i].o.form);
		buf_u16(out, (uint16_t)p[i].o.v.n);
	}
	for (size_t i = 0; i < n_ranges; i++) {
		buf_add(out, r[i].from, sizeof(r[i].from));
		buf_add(out, r[i].to, sizeof(r[i].to));
		buf_u32(out, r[i].ref);
	}
	for (size_t i = 0; i < n_probes; i++)
		buf_str(out, p[i].o.v);

	struct str all = str_from(buf_view(out), start);
	struct buf sum = {0};
	buf_u64(&sum, hash64(all.p + HEAD_BYTES, all.n - HEAD_BYTES, VERSION));
	memcpy(out->p + start + HEAD_BYTES - 8, sum.p, 8);
	buf_release(&sum);
	vec_free(p);
	vec_free(r);
}

static bool form_fits(uint8_t form, size_t n)
{
	switch (form) {
	case FORM_TEXT:
		return true;
	case FORM_GUID:
		return n == 16;
	case FORM_HEX:
		return n >= 16;
	case FORM_IP:
		return n == 4 || n == 16;
	case FORM_NET:
		return n == 8;
	default:
		return false;
	}
}

static bool damaged(struct err *err, const char *what)
{
	return err_set(err, ERR_CASE,
		"the compiled indicators are damaged: %s; run 'spoor reindex'", what);
}

static uint64_t load64(const char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return le64toh(v);
}

static uint32_t load32(const char *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return le32toh(v);
}

static bool read_head(struct str file, struct keyset *k, struct err *err)
{
	if (file.n < HEAD_BYTES || memcmp(file.p, magic, sizeof(magic)) != 0)
		return damaged(err, "not such a file");
	uint32_t version = load32(file.p + 8);
	if (version != VERSION)
		return err_set(err, ERR_CASE,
			"compiled indicators of version %u, not %u; run 'spoor reindex'", version,
			VERSION);
	k->n_probes = load32(file.p + 12);
	k->n_ranges = load32(file.p + 16);
	k->stamp = load64(file.p + 24);
	uint64_t strings = load64(file.p + 32);
	/* The counts are below 2^32, so that this can't wrap. */
	uint64_t tables = (uint64_t)k->n_probes * PROBE_BYTES + (uint64_t)k->n_ranges * RANGE_BYTES;
	if (load32(file.p + 20) != 0 || tables > file.n - HEAD_BYTES ||
		strings != file.n - HEAD_BYTES - tables)
		return damaged(err, "its length is not what it says");
	if (load64(file.p + 40) != hash64(file.p + HEAD_BYTES, file.n - HEAD_BYTES, VERSION))
		return damaged(err, "its bytes don't have the hash that it says");
	k->strings = str_from(file, HEAD_BYTES + tables);
	return true;
}

static bool read_probes(const char *at, struct keyset *k, struct err *err)
{
	struct str left = k->strings;

	for (size_t i = 0; i < k->n_probes; i++, at += PROBE_BYTES) {
		struct probe *p = &k->probes[i];
		uint32_t shape = load32(at + 12);
		size_t n = shape >> 16;
		p->key = load64(at); /* NOLINT: the tables are null only where they are empty */
		p->ref = load32(at + 8);
		p->o.kind = (uint8_t)shape;
		p->o.form = (uint8_t)(shape >> 8);
		if (p->o.kind >= KINDS || !form_fits(p->o.form, n) || n > left.n)
			return damaged(err, "a probe that can't be");
		p->o.v = str_upto(left, n);
		left = str_from(left, n);
		if (i && p->key <= p[-1].key && probe_cmp(&p[-1], p) >= 0)
			return damaged(err, "its probes are not in order");
	}
	return left.n == 0 || damaged(err, "bytes that belong to no probe");
}

static bool read_ranges(const char *at, struct keyset *k, struct err *err)
{
	for (size_t i = 0; i < k->n_ranges; i++, at += RANGE_BYTES) {
		struct range_probe *r = &k->ranges[i];
		memcpy(r->from, at, sizeof(r->from)); /* NOLINT: as above */
		memcpy(r->to, at + 16, sizeof(r->to));
		r->ref = load32(at + 32);
		if (memcmp(r->from, r->to, sizeof(r->from)) > 0)
			return damaged(err, "a range that ends before it begins");
		if (i && range_cmp(&r[-1], r) >= 0)
			return damaged(err, "its ranges are not in order");
	}
	return true;
}

bool keyset_open(struct str file, struct keyset *ret_k, struct err *err)
{
	struct keyset k = {0};

	if (!read_head(file, &k, err))
		return false;
	size_t probes = k.n_probes * sizeof(*k.probes);
	k.room = probes + k.n_ranges * sizeof(*k.ranges);
	if (k.room) {
		/* Huge pages: a million probes are 40 MB, and faulting them in by 4 kB costs more
		 * than all the rest of opening. */
		char *p = mmap(
			NULL, k.room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (p == MAP_FAILED)
			BUG("no memory for %zu bytes of probes", k.room);
		madvise(p, k.room, MADV_HUGEPAGE);
		k.probes = (struct probe *)(void *)p;
		k.ranges = (struct range_probe *)(void *)(p + probes);
	}
	const char *tables = file.p + HEAD_BYTES;
	if (!read_probes(tables, &k, err) ||
		!read_ranges(tables + k.n_probes * PROBE_BYTES, &k, err)) {
		keyset_release(&k);
		return false;
	}
	*ret_k = k;
	return true;
}

bool keyset_check(const struct keyset *k, struct err *err)
{
	for (size_t i = 0; i < k->n_probes; i++) {
		if (k->probes[i].key != observable_key(k->probes[i].o))
			return damaged(err, "a key that is not that of its value");
	}
	return true;
}

void keyset_release(struct keyset *k)
{
	if (k->room)
		munmap(k->probes ? (void *)k->probes : (void *)k->ranges, k->room);
	*k = (struct keyset){0};
}
