/*
 * Files of indicators as they come from outside.  With arguments it prints what was read of each,
 * one JSON object a line, for tests that hold other readings against it:
 *
 *	read.t FILE…
 */
#include "t/intel/data.h"

#include "text/jsonw.h"

static void member(struct jsonw *w, const char *key, struct str value)
{
	if (value.n)
		jsonw_member_str(w, key, value);
}

static void print_indicator(struct jsonw *w, const struct indicator *i)
{
	struct buf text = {0};

	jsonw_open(w, '{');
	jsonw_member_u64(w, "line", i->line);
	if (i->what == INDICATOR_VALUE) {
		jsonw_member_str(w, "kind", str_of(kind_name((enum kind)i->o.kind)));
		observable_text(i->o, &text);
	} else if (i->what == INDICATOR_NETWORK) {
		jsonw_member_str(w, "kind", STR("network"));
		describe(i, &text);
	} else {
		jsonw_member_str(w, "kind", STR("pending"));
	}
	member(w, "value", buf_view(&text));
	member(w, "original", i->original);
	member(w, "why", i->why);
	member(w, "context", i->context);
	member(w, "actor", i->actor);
	member(w, "id", i->id);
	member(w, "marking", i->marking);
	if (when_known(i->valid_from))
		jsonw_member_when(w, "from", i->valid_from.us);
	if (when_known(i->valid_until))
		jsonw_member_when(w, "until", i->valid_until.us);
	jsonw_close(w, '}');
	buf_release(&text);
}

static void print_file(const char *path)
{
	struct buf file = {0}, out = {0};
	struct jsonw w = jsonw_of(&out);
	struct arena a = {0};
	struct err err = {0};
	struct intel in;

	if (!file_read(AT_FDCWD, path, LIMIT_INTEL_BYTES, &file, &err))
		BUG("%s", err.msg);
	intel_read(&a, buf_view(&file), str_of(path), &in);
	jsonw_open(&w, '{');
	jsonw_member_str(&w, "path", str_of(path));
	jsonw_member_str(&w, "kind", in.kind);
	member(&w, "title", in.title);
	jsonw_key(&w, "indicators");
	jsonw_open(&w, '[');
	for (size_t i = 0; i < in.indicators.n; i++)
		print_indicator(&w, &in.indicators.at[i]);
	jsonw_close(&w, ']');
	jsonw_key(&w, "skipped");
	jsonw_open(&w, '[');
	for (size_t i = 0; i < in.skipped.n; i++) {
		jsonw_open(&w, '{');
		jsonw_member_u64(&w, "line", in.skipped.at[i].line);
		jsonw_member_str(&w, "what", in.skipped.at[i].what);
		jsonw_member_str(&w, "why", in.skipped.at[i].why);
		jsonw_close(&w, '}');
	}
	jsonw_close(&w, ']');
	jsonw_close(&w, '}');
	jsonw_line(&w);
	fwrite(out.p, 1, out.n, stdout);
	intel_release(&in);
	arena_release(&a);
	buf_release(&file);
	buf_release(&out);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		print_file(argv[i]);
	if (argc > 1)
		return 0;
	return tap_end();
}
