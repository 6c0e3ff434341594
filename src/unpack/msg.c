/* An item of Outlook in a compound file ([MS-OXMSG]; libgsf reads the compound file). */
#include <gsf/gsf.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/scan.h"
#include "unpack/mapi.h"
#include "unpack/rfc822.h"
#include "unpack/unpack.h"

/* §2.4: what stands before the properties of the message, of one inside it, of anything else. */
enum { HEAD_TOP = 32, HEAD_INNER = 24, HEAD_OTHER = 8, CHILDREN = 65536 };

struct msg {
	const struct unpack *u;
	struct arena *a;
	size_t room;
};

static void damaged(struct msg *m)
{
	flaw_add(m->u->flaws, FLAW_DAMAGED, 0);
}

/* All of a stream, into the arena; false if it is cut or claims to be longer than the file. */
static bool read_stream(struct msg *m, GsfInput *in, struct str *ret)
{
	gsf_off_t size = gsf_input_size(in);

	if (size < 0 || (uint64_t)size > m->u->size)
		return false;
	struct str s = {arena_alloc(m->a, (size_t)size + 1), (size_t)size};
	if (size && (gsf_input_seek(in, 0, G_SEEK_SET) ||
			    !gsf_input_read(in, (size_t)size, (guint8 *)(uintptr_t)s.p)))
		return false;
	*ret = s;
	return true;
}

/* "__substg1.0_" and eight hexadecimal digits: a property and its type (§2.2.2). */
static bool parse_substg(const char *name, uint16_t *ret_id, uint16_t *ret_type)
{
	struct str s = str_of(name ? name : ""), prefix = STR("__substg1.0_");
	uint32_t v = 0;

	if (!str_starts(s, prefix) || s.n != prefix.n + 8)
		return false;
	for (size_t i = prefix.n; i < s.n; i++) {
		int d = hex_digit(s.p[i]);
		if (d < 0)
			return false;
		v = v << 4 | (uint32_t)d;
	}
	*ret_id = (uint16_t)(v >> 16);
	*ret_type = (uint16_t)v;
	return true;
}

/* The values of fixed size, 16 bytes each (§2.4.2.1). */
static void take_fixed(struct msg *m, struct str s, size_t head, struct mapi_props *p)
{
	struct scan sc = scan_of(str_from(s, head));

	while (scan_left(&sc) >= 16) {
		uint16_t type = scan_u16(&sc, "a type"), id = scan_u16(&sc, "a property");
		(void)scan_u32(&sc, "flags");
		struct str v = scan_take(&sc, 8, "a value");
		if (type == MAPI_INT32 || type == MAPI_BOOL)
			mapi_put(p, id, type, str_upto(v, 4));
		else if (type == MAPI_TIME)
			mapi_put(p, id, type, v);
	}
	if (s.n < head)
		damaged(m);
}

static void take_stream(
	struct msg *m, GsfInput *in, uint16_t id, uint16_t type, struct mapi_props *p)
{
	struct str v;

	if (!mapi_is_wanted(id))
		return;
	if (read_stream(m, in, &v))
		mapi_put(p, id, type, type == MAPI_UNICODE ? mapi_utf16(m->a, v) : v);
	else
		damaged(m);
}

/* Properties that stand right below a storage. */
static void take_props(struct msg *m, GsfInfile *from, size_t head, struct mapi_props *p)
{
	int n = gsf_infile_num_children(from);
	GsfInput *fixed = gsf_infile_child_by_name(from, "__properties_version1.0");
	struct str s;

	if (fixed && read_stream(m, fixed, &s))
		take_fixed(m, s, head, p);
	else
		damaged(m);
	if (fixed)
		g_object_unref(fixed);
	for (int i = 0; i < n && i < CHILDREN; i++) {
		uint16_t id, type;
		if (!parse_substg(gsf_infile_name_by_index(from, i), &id, &type))
			continue;
		GsfInput *in = gsf_infile_child_by_index(from, i);
		if (in && !(GSF_IS_INFILE(in) && gsf_infile_num_children(GSF_INFILE(in)) >= 0))
			take_stream(m, in, id, type, p);
		if (in)
			g_object_unref(in);
		m->u->step(m->u->arg);
	}
}

static void take_message(struct msg *m, GsfInfile *from, struct mapi_item *item, unsigned depth);

static void take_attachment(struct msg *m, GsfInfile *from, struct mapi_item *item, unsigned depth)
{
	struct mapi_props p = {0};

	take_props(m, from, HEAD_OTHER, &p);
	struct mapi_attachment *to = mapi_add_attachment(item, &p);
	GsfInput *inner = gsf_infile_child_by_name(from, "__substg1.0_3701000D");
	if (inner && GSF_IS_INFILE(inner) && gsf_infile_num_children(GSF_INFILE(inner)) >= 0) {
		if (depth + 1 < LIMIT_NESTED_CONTAINERS) {
			struct mapi_item *it = arena_new(m->a, struct mapi_item);
			it->arena = m->a;
			it->origin = item->origin;
			to->inner = it;
			take_message(m, GSF_INFILE(inner), it, depth + 1);
		} else {
			flaw_add(m->u->flaws, FLAW_NESTED_TOO_DEEP, 0);
		}
	} else {
		mapi_attach(to, mapi_bytes(&p, MAPI_ATTACH_DATA), &m->room);
		if (to->left_out)
			flaw_add(m->u->flaws, FLAW_LEFT_OUT, 0);
	}
	if (inner)
		g_object_unref(inner);
}

static void take_message(struct msg *m, GsfInfile *from, struct mapi_item *item, unsigned depth)
{
	int n = gsf_infile_num_children(from);

	take_props(m, from, depth ? HEAD_INNER : HEAD_TOP, &item->props);
	for (int i = 0; i < n && i < CHILDREN; i++) {
		const char *name = gsf_infile_name_by_index(from, i);
		struct str s = str_of(name ? name : "");
		bool party = str_starts(s, STR("__recip_version1.0_#"));
		if (!party && !str_starts(s, STR("__attach_version1.0_#")))
			continue;
		GsfInput *in = gsf_infile_child_by_index(from, i);
		m->u->step(m->u->arg);
		if (!in || !GSF_IS_INFILE(in)) {
			damaged(m);
		} else if (party) {
			struct mapi_props p = {0};
			take_props(m, GSF_INFILE(in), HEAD_OTHER, &p);
			mapi_add_party(item, &p);
		} else {
			take_attachment(m, GSF_INFILE(in), item, depth);
		}
		if (in)
			g_object_unref(in);
	}
	if (!mapi_take_rtf(item))
		damaged(m);
}

static void be_silent(const gchar *domain, GLogLevelFlags level, const gchar *text, gpointer arg)
{
	(void)domain;
	(void)level;
	(void)text;
	(void)arg;
}

static bool is_message(GsfInfile *ole)
{
	GsfInput *in = gsf_infile_child_by_name(ole, "__properties_version1.0");

	if (in)
		g_object_unref(in);
	return in != NULL;
}

bool unpack_msg(const struct unpack *u)
{
	struct arena a = {0};
	struct msg m = {.u = u, .a = &a, .room = MAPI_ITEM_BYTES};
	struct mapi_item item = {.arena = &a, .origin = "msg"};
	struct buf mail = {0};
	struct str bytes;
	bool good = false;

	if (!unpack_whole(u, &a, &bytes))
		return false;
	g_log_set_default_handler(be_silent, NULL);
	GsfInput *in = gsf_input_memory_new((const guint8 *)bytes.p, (gsf_off_t)bytes.n, FALSE);
	GsfInfile *ole = in ? gsf_infile_msole_new(in, NULL) : NULL;
	if (ole && is_message(ole)) {
		good = true;
		take_message(&m, ole, &item, 0);
		rfc822_write_mbox(&item, &mail);
		(void)u->write(u->arg, buf_view(&mail));
	}
	if (ole)
		g_object_unref(ole);
	if (in)
		g_object_unref(in);
	mapi_item_release(&item);
	buf_release(&mail);
	arena_release(&a);
	return good;
}
