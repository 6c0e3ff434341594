#include "store/dictwrite.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/vec.h"
#include "store/addresses.h"
#include "store/rows.h"

enum { TYPE_CODES = 1 << 16 };

void dict_writer_init(struct dict_writer *w, struct seg_out *out, const struct textpack *tp,
	uint32_t entries, uint32_t rows)
{
	*w = (struct dict_writer){.out = out, .tp = tp, .total = entries};
	w->n_buckets = entries / BUCKET_ENTRIES + 1;
	w->row_width = bytes_for(rows);
	w->target_width = bytes_for(entries);
	w->tag_of = calloc(TYPE_CODES, sizeof(*w->tag_of));
	if (!w->tag_of)
		BUG("out of memory");
	buf_reserve(&w->directory, ((size_t)w->n_buckets + 1) * DIRECTORY_ITEM);
	seg_out_begin(out, SEC_ENTRIES);
	buf_u32(&w->directory, 0);
	buf_u32(&w->directory, 0);
}

void dict_writer_release(struct dict_writer *w)
{
	struct buf *bufs[] = {
		&w->lists, &w->directory, &w->ranks, &w->types, &w->addresses, &w->bucket};

	for (size_t i = 0; i < sizeof(bufs) / sizeof(bufs[0]); i++)
		buf_release(bufs[i]);
	free(w->prints);
	free(w->tag_of);
}

static void flush_bucket(struct dict_writer *w)
{
	struct buf *out = w->out->buf;

	buf_reserve(out, w->n_prints * 2 + w->bucket.n);
	char *p = out->p + out->n;
	for (size_t i = 0; i < w->n_prints; i++, p += 2)
		store_u16(p, w->prints[i]);
	out->n += w->n_prints * 2;
	buf_str(out, buf_view(&w->bucket));
	buf_clear(&w->bucket);
	w->n_prints = 0;
	buf_u32(&w->directory, (uint32_t)(out->n - w->out->start - w->out->off[SEC_ENTRIES]));
	buf_u32(&w->directory, w->n);
	w->bucket_no++;
}

static enum seg_shape plain_shape(struct observable o)
{
	switch ((enum form)o.form) {
	case FORM_TEXT:
		return SHAPE_TEXT;
	case FORM_GUID:
		return o.v.n == 16 ? SHAPE_GUID : SHAPE_OTHER;
	case FORM_HEX:
		return SHAPE_HEX;
	case FORM_IP:
		return o.v.n == 4 ? SHAPE_IP4 : o.v.n == 16 ? SHAPE_IP16 : SHAPE_OTHER;
	case FORM_NET:
		return o.v.n == 8 ? SHAPE_NET : SHAPE_OTHER;
	}
	return SHAPE_OTHER;
}

/* The bytes behind the tag. */
static uint8_t *put_value(uint8_t *p, const struct dict_entry *e, enum seg_shape shape,
	const uint8_t *packed, size_t n_packed)
{
	struct str v = e->o.v;

	switch (shape) {
	case SHAPE_PART:
		*p++ = e->o.form;
		p = put_varint(p, (uint32_t)e->part);
		return put_varint(p, (uint32_t)v.n);
	case SHAPE_PACKED:
		v = (struct str){(const char *)packed, n_packed};
		p = put_varint(p, (uint32_t)v.n);
		break;
	case SHAPE_OTHER:
		*p++ = e->o.form;
		p = put_varint(p, (uint32_t)v.n);
		break;
	case SHAPE_TEXT:
	case SHAPE_HEX:
		p = put_varint(p, (uint32_t)v.n);
		break;
	case SHAPE_GUID:
	case SHAPE_IP4:
	case SHAPE_IP16:
	case SHAPE_NET:
	case SHAPES:
		break;
	}
	if (v.n)
		memcpy(p, v.p, v.n);
	return p + v.n;
}

static uint8_t *put_uses(
	struct dict_writer *w, uint8_t *p, const struct dict_entry *e, enum seg_use use, size_t few)
{
	switch (use) {
	case USE_NONE:
		break;
	case USE_ONE:
		return put_wide(p, e->rows[0], w->row_width);
	case USE_FEW:
		*p++ = (uint8_t)few;
		return rows_put_varints(p, e->rows, e->n_rows);
	case USE_MANY:
		store_u32(p, (uint32_t)w->lists.n);
		p = put_varint(p + 4, (uint32_t)e->n_rows);
		p = put_varint(p, e->rows[0]);
		p = put_varint(p, e->rows[e->n_rows - 1]);
		rows_put_list(e->rows, e->n_rows, &w->lists);
		break;
	}
	return p;
}

/* The targets of one way after the other: how, number, the first, then differences less one. */
static void put_groups(const struct dict_entry *e, struct buf *out)
{
	size_t i = 0, k;

	while (i < e->n_targets) {
		uint64_t how = e->targets[i] >> 32;
		for (k = i; k < e->n_targets && e->targets[k] >> 32 == how; k++)
			;
		buf_putc(out, (char)how);
		buf_varint(out, k - i);
		buf_varint(out, (uint32_t)e->targets[i]);
		for (i++; i < k; i++)
			buf_varint(out, e->targets[i] - e->targets[i - 1] - 1);
	}
}

static uint8_t *put_aliases(struct dict_writer *w, uint8_t *p, const struct dict_entry *e,
	enum seg_alias alias, const struct buf *groups)
{
	switch (alias) {
	case ALIAS_NONE:
		break;
	case ALIAS_ONE:
		*p++ = (uint8_t)(e->targets[0] >> 32);
		return put_wide(p, (uint32_t)e->targets[0], w->target_width);
	case ALIAS_FEW:
		*p++ = (uint8_t)groups->n;
		memcpy(p, groups->p, groups->n);
		return p + groups->n;
	case ALIAS_MANY:
		store_u32(p, (uint32_t)w->lists.n);
		p = put_varint(p + 4, (uint32_t)groups->n);
		buf_str(&w->lists, buf_view(groups));
		break;
	}
	return p;
}

static uint8_t *put_tag(struct dict_writer *w, uint8_t *p, uint16_t code)
{
	if (!w->tag_of[code] && w->types.n / 2 < TYPE_ESCAPE) {
		buf_u16(&w->types, code);
		w->tag_of[code] = (uint16_t)(w->types.n / 2);
	}
	if (w->tag_of[code]) {
		*p++ = (uint8_t)(w->tag_of[code] - 1);
		return p;
	}
	*p++ = TYPE_ESCAPE;
	store_u16(p, code);
	return p + 2;
}

static void add_print(struct dict_writer *w, uint64_t low)
{
	w->prints = vec_grow(w->prints, w->n_prints, &w->prints_cap, sizeof(*w->prints));
	w->prints[w->n_prints++] = (uint16_t)(low >> 48);
}

static void count_entry(struct dict_writer *w, const struct dict_entry *e)
{
	if (w->n % RANK_EVERY == 0)
		buf_u32(&w->ranks, w->bucket_no);
	w->n++;
	if (!e->n_rows)
		return;
	if (e->o.kind == KIND_ACTION) {
		w->action_uses += e->n_rows;
	} else {
		w->uses += e->n_rows;
		w->observables++;
	}
	if (e->o.kind == KIND_IP && e->o.form == FORM_IP && (e->o.v.n == 4 || e->o.v.n == 16)) {
		struct address a = address_of(e->o.v);
		buf_add(&w->addresses, &a, sizeof(a));
	}
}

void dict_put(struct dict_writer *w, const struct dict_entry *e)
{
	uint8_t packed[TEXT_MAX + 16];
	size_t n_packed = 0, few = 0;
	struct buf groups = {0};
	enum seg_shape shape = plain_shape(e->o);
	enum seg_use use = USE_NONE;
	enum seg_alias alias = ALIAS_NONE;
	uint64_t low, bucket = mul_high(e->key, w->n_buckets, &low);

	while (w->bucket_no < bucket)
		flush_bucket(w);
	if (!e->n_rows && e->part >= 0)
		shape = SHAPE_PART;
	else if (shape == SHAPE_TEXT && (n_packed = textpack_pack(w->tp, e->o.v, packed)))
		shape = SHAPE_PACKED;
	if (e->n_rows > 1)
		few = e->n_rows > FEW_BYTES_MAX ? FEW_BYTES_MAX + 1
						: rows_varint_size(e->rows, e->n_rows);
	if (e->n_rows)
		use = e->n_rows == 1 ? USE_ONE : few <= FEW_BYTES_MAX ? USE_FEW : USE_MANY;
	if (e->n_targets > 1)
		put_groups(e, &groups);
	if (e->n_targets)
		alias = e->n_targets == 1           ? ALIAS_ONE
			: groups.n <= FEW_BYTES_MAX ? ALIAS_FEW
						    : ALIAS_MANY;
	buf_reserve(&w->bucket, e->o.v.n + 4 * FEW_BYTES_MAX);
	uint8_t *p = (uint8_t *)w->bucket.p + w->bucket.n;
	p = put_tag(w, p, type_code(e->o.kind, shape, use, alias));
	p = put_value(p, e, shape, packed, n_packed);
	p = put_uses(w, p, e, use, few);
	p = put_aliases(w, p, e, alias, &groups);
	w->bucket.n = (size_t)(p - (uint8_t *)w->bucket.p);
	add_print(w, low);
	count_entry(w, e);
	buf_release(&groups);
}

bool dict_finish(struct dict_writer *w, struct facts *f)
{
	if (w->n != w->total)
		BUG("segment: %u entries, not %u", w->n, w->total);
	while (w->bucket_no < w->n_buckets)
		flush_bucket(w);
	seg_out_end(w->out, SEC_ENTRIES);
	bool fits = w->out->len[SEC_ENTRIES] <= UINT32_MAX && w->lists.n <= UINT32_MAX;
	seg_out_section(w->out, SEC_LISTS, &w->lists);
	seg_out_section(w->out, SEC_DIRECTORY, &w->directory);
	seg_out_section(w->out, SEC_RANKS, &w->ranks);
	seg_out_section(w->out, SEC_TYPES, &w->types);
	seg_out_begin(w->out, SEC_PHRASES);
	textpack_write(w->tp, w->out->buf);
	seg_out_end(w->out, SEC_PHRASES);
	seg_out_begin(w->out, SEC_ADDRESSES);
	f->addresses = addresses_write(&w->addresses, w->out->buf);
	seg_out_end(w->out, SEC_ADDRESSES);
	f->entries = w->n;
	f->observables = w->observables;
	f->buckets = w->n_buckets;
	f->uses = w->uses;
	f->action_uses = w->action_uses;
	f->types = (uint32_t)(w->types.n / 2);
	return fits;
}
