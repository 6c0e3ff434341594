#include "cmd/unused.h"

#include "cmd/progress.h"

enum { SHOWN = 3, REASONS = 100 };

void unused_begin(struct unused *u, bool json)
{
	*u = (struct unused){.json = json};
	u->w = jsonw_of(&u->out);
}

/* The reason without its numbers and quotations: "the same as in line of". */
static void key_of(struct str why, struct buf *ret)
{
	bool quoted = false;

	for (size_t i = 0; i < why.n; i++) {
		if (why.p[i] == '\'' &&
			(quoted || i == 0 || why.p[i - 1] == ' ' || why.p[i - 1] == '('))
			quoted = !quoted;
		else if (!quoted && !ascii_is_digit(why.p[i]))
			buf_putc(ret, why.p[i]);
	}
}

/* Its place in the list; whoever wrote the file may have thought of many: the last one takes all. */
static struct unused_reason *reason_of(struct unused *u, struct str why)
{
	struct buf key = {0};

	key_of(why, &key);
	for (size_t i = 0; i < u->reasons.n; i++) {
		if (str_eq(buf_view(&u->reasons.at[i].key), buf_view(&key)) || i + 1 == REASONS) {
			buf_release(&key);
			return &u->reasons.at[i];
		}
	}
	struct unused_reason *r = vec_push(&u->reasons);
	*r = (struct unused_reason){.key = key};
	return r;
}

static void add_json(struct unused *u, const struct unused_item *i)
{
	jsonw_open(&u->w, '{');
	jsonw_member_str(&u->w, "path", i->path);
	jsonw_member_str(&u->w, "file", i->file);
	jsonw_member_u64(&u->w, "line", i->line);
	jsonw_member_str(&u->w, "what", i->what);
	jsonw_member_str(&u->w, "why", i->why);
	jsonw_close(&u->w, '}');
}

void unused_add(struct unused *u, const struct unused_item *i)
{
	if (u->json) {
		add_json(u, i);
		return;
	}
	struct unused_reason *r = reason_of(u, i->why);
	if (r->n++ >= SHOWN)
		return;
	buf_str(&r->lines, STR("  "));
	safe_print(&r->lines, i->file.n ? i->file : i->path);
	if (i->line)
		buf_addf(&r->lines, ":%u", i->line);
	buf_str(&r->lines, STR(": "));
	safe_print(&r->lines, str_upto(i->what, 100));
	buf_str(&r->lines, STR(": "));
	safe_print(&r->lines, i->why);
	buf_putc(&r->lines, '\n');
}

void unused_print(const struct unused *u, struct buf *out)
{
	bool more = false;

	if (u->reasons.n)
		buf_str(out, STR("not used, or not yet:\n"));
	for (size_t i = 0; i < u->reasons.n; i++) {
		const struct unused_reason *r = &u->reasons.at[i];
		buf_str(out, buf_view(&r->lines));
		if (r->n <= SHOWN)
			continue;
		buf_str(out, STR("    and "));
		count_print(out, r->n - SHOWN);
		buf_str(out, i + 1 < REASONS ? STR(" more like these\n") : STR(" more\n"));
		more = true;
	}
	if (more)
		buf_str(out, STR("  'spoor intel show NAME' lists all of a source, and so does "
				 "--json\n"));
}

void unused_release(struct unused *u)
{
	for (size_t i = 0; i < u->reasons.n; i++) {
		buf_release(&u->reasons.at[i].key);
		buf_release(&u->reasons.at[i].lines);
	}
	vec_release(&u->reasons);
	buf_release(&u->out);
}
