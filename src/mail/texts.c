#include "base/limits.h"
#include "mail/inside.h"

static bool show_facts(struct mail *m, struct str raw, mail_text_fn *fn, void *arg)
{
	static const struct mail_options nobody;
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws = {.at = room};
	struct buf facts = {0};

	mail_facts(m, raw, &nobody, &facts, &flaws);
	bool enough = fn(arg, buf_view(&facts));
	buf_release(&facts);
	return enough;
}

/* As it is, and in the set that it says. */
static bool show_part(
	struct mail_reading *r, const struct mime_part *p, mail_text_fn *fn, void *arg)
{
	struct str charset = params_get(p->type, STR("charset"));
	struct str bytes = mime_decode(r, p);
	bool bad;

	if (fn(arg, bytes))
		return true;
	struct str text = charset_to_utf8(r->charsets, r->arena, charset, bytes, &bad);
	return text.p != bytes.p && fn(arg, text);
}

bool mail_texts(struct mail *m, struct str raw, mail_text_fn *fn, void *arg)
{
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws = {.at = room};
	struct mail_reading r = {&m->arena, m->charsets, &flaws};

	if (show_facts(m, raw, fn, arg))
		return true;
	arena_rewind(&m->arena, (struct arena_mark){0});
	struct mime mime = mime_read(&r, raw, 0);
	for (uint32_t i = 0; i < mime.n_parts; i++) {
		struct arena_mark mark = arena_mark(&m->arena);
		if (show_part(&r, &mime.parts[i], fn, arg))
			return true;
		arena_rewind(&m->arena, mark);
	}
	return false;
}
