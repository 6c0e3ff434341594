#include "t/tap.h"

#include "base/buf.h"
#include "read/path.h"

/* want: the steps, one letter each (key, element, where, json), with their words. */
static const struct {
	const char *text, *want;
} cases[] = {
	{"ClientIP", "k:ClientIP"},
	{"a.b.c", "k:a k:b k:c"},
	{"\"id.orig_h\"", "k:id.orig_h"},
	{"x.\"a b|c\".d", "k:x k:a b|c k:d"},
	{"@timestamp", "k:@timestamp"},
	{"Event ID", "k:Event ID"},
	{"a[].b[].c", "k:a e k:b e k:c"},
	{"P[Name=ForwardTo].Value", "k:P w:Name=ForwardTo k:Value"},
	{"P[Name=User.UPN].NewValue", "k:P w:Name=User.UPN k:NewValue"},
	{"P[Name=\"a]b\"].V", "k:P w:Name=a]b k:V"},
	{"P[Name=].V", "k:P w:Name= k:V"},
	{"AuditData|json", "k:AuditData j"},
	{"a|json.b[]", "k:a j k:b e"},
	{"", ""},
	{".a", ""},
	{"a.", ""},
	{"a..b", ""},
	{"a[", ""},
	{"a[Name]", ""},
	{"a[Name=x", ""},
	{"a]b", ""},
	{"a|xml", ""},
	{"\"open", ""},
	{"a\"b\"", ""},
	{"[].a", ""},
	{"a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p",
		"k:a k:b k:c k:d k:e k:f k:g k:h k:i k:j k:k k:l k:m k:n k:o k:p"},
	{"a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q", ""},
};

static void print(const struct path *p, struct buf *out)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct step *s = &p->at[i];
		buf_addf(out, "%s%c", i ? " " : "", "kewj"[s->kind]);
		if (s->kind == STEP_KEY || s->kind == STEP_WHERE)
			buf_addf(out, ":" STR_FMT, STR_ARG(s->key));
		if (s->kind == STEP_WHERE)
			buf_addf(out, "=" STR_FMT, STR_ARG(s->value));
	}
}

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct path p = {.n = 0};
		const char *why = NULL;
		struct buf b = {0};
		printf("# '%s'\n", cases[i].text);
		if (path_parse(str_of(cases[i].text), &p, &why))
			print(&p, &b);
		else
			ok(why != NULL);
		eq_str(buf_view(&b), str_of(cases[i].want));
		buf_release(&b);
	}
	struct str list = STR("A.b | C|json |  D"), one;
	ok(path_alternative(&list, &one));
	eq_str(one, STR("A.b"));
	ok(path_alternative(&list, &one));
	eq_str(one, STR("C|json"));
	ok(path_alternative(&list, &one));
	eq_str(one, STR("D"));
	ok(!path_alternative(&list, &one));
	return tap_end();
}
