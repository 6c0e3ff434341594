#include "text/html.h"

#include <stdlib.h>

#include "base/buf.h"
#include "t/tap.h"
#include "text/jsonw.h"

/*
 * After the HTML Standard §13.2.5, worked out by hand.  Tokens are shown as <name a=[v]>, with a
 * '/' if self-closing, </name> and {text}.
 */
static const struct {
	const char *in, *want;
} cases[] = {
	{"", ""},
	{"a<b>c</b>d", "{a}<b>{c}</b>{d}"},
	{"1 < 2 <3 <", "{1 < 2 <3 <}"},
	{"<A HREF=X>", "<a href=[X]>"},
	{"<img/src=x/alt='y'/>", "<img src=[x/alt='y'/]>"},
	{"<img/src='x'/alt=\"y\"/>", "<img src=[x] alt=[y] />"},
	{"<img\fsrc=x\nalt\t=\r y>", "<img src=[x] alt=[y]>"},
	{"<img src = \"a>b\" src=c>", "<img src=[a>b]>"},
	{"<a href=\"x\"\"junk\"title=y>", "<a href=[x] \"junk\"title=[y]>"},
	{"<a =x href=y>", "<a =x=[] href=[y]>"},
	{"<a href=`x`>", "<a href=[`x`]>"},
	{"<a b<c d=e>", "<a b<c=[] d=[e]>"},
	{"<a href=x", "<a href=[x]>"},
	{"<a href=\"x", "<a href=[x]>"},
	{"<a href='x'<b>c", "<a href=[x] <b=[]>{c}"},
	{"<br/ >", "<br>"},
	{"<div/>", "<div />"},
	{"</a href=x>", "</a>"},
	{"</>x</ y>z<//>", "{x}{z}"},
	{"<!-->a<!--->b<!-- c > d -->e<!-- f --!>g<!-- h", "{a}{b}{e}{g}"},
	{"<!---->a<!-- - -- -> --->b", "{a}{b}"},
	{"<!DOCTYPE html>a<!x>b<?php echo '>'?>c", "{a}{b}{'?>c}"},
	{"<![CDATA[a]]>b", "{b}"},
	{"<svg><![CDATA[<a>&amp;]]><style><b></style></svg><style><b></style>",
		"<svg>{<a>&amp;}<style><b></style></svg><style>{<b>}</style>"},
	{"<svg/><style><b></style>", "<svg /><style>{<b>}</style>"},
	{"<svg><p><style><b></style>", "<svg><p><style>{<b>}</style>"},
	{"<!--[if mso]><v:fill src=x /><![endif]-->a", "<v:fill src=[x] />{a}"},
	{"<!--[if !mso]><!-->a<!--<![endif]-->b", "{a}{b}"},
	{"<!--[if mso-->a]><b>", "{a]>}<b>"},
	{"<script>a<b></scriptx></SCRIPT >c", "<script>{a<b></scriptx>}</script>{c}"},
	{"<style>a</style>b<style>c", "<style>{a}</style>{b}<style>{c}"},
	{"<title>&lt;a&gt;<b></title>", "<title>{<a><b>}</title>"},
	{"<textarea><a></textarea><a>", "<textarea>{<a>}</textarea><a>"},
	{"<plaintext><a></plaintext>", "<plaintext>{<a></plaintext>}"},
	{"<noscript><a></noscript>", "<noscript><a></noscript>"},
	{"&lt;&#60;&#x3C;&#X3c&colon;&amp", "{<<<<:&}"},
	{"&notit; &notin; &amp;lt; &unknown; &;&#;&#x;&",
		"{\u00acit; \u2209 &lt; &unknown; &;&#;&#x;&}"},
	{"&#0;&#xd800;&#x110000;&#99999999999;&#x80;", "{\ufffd\ufffd\ufffd\ufffd\u20ac}"},
	{"<a href=\"?a=1&copy=2&copy;&copy&ampb\">", "<a href=[?a=1&copy=2\u00a9\u00a9&ampb]>"},
	{"<a href=&#104;ttp&colon;&sol;&NewLine;/x>", "<a href=[http:/\n/x]>"},
	{"&nGt;&nGt;&nGt;&nGt;", "{\u226b\u20d2\u226b\u20d2\u226b\u20d2\u226b\u20d2}"},
};

static void show(struct buf *b, const struct html_token *t)
{
	switch (t->type) {
	case HTML_TEXT:
		buf_addf(b, "{" STR_FMT "}", STR_ARG(t->text));
		break;
	case HTML_OPEN:
		buf_addf(b, "<" STR_FMT, STR_ARG(t->name));
		for (size_t i = 0; i < t->n; i++)
			buf_addf(b, " " STR_FMT "=[" STR_FMT "]", STR_ARG(t->at[i].name),
				STR_ARG(t->at[i].value));
		buf_addf(b, "%s>", t->self_closing ? " /" : "");
		break;
	case HTML_CLOSE:
		buf_addf(b, "</" STR_FMT ">", STR_ARG(t->name));
		break;
	case HTML_END:
		break;
	}
}

static void test_cases(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena a = {0};
		struct buf b = {0};
		struct html h;
		struct html_token t;
		html_begin(&h, &a, str_of(cases[i].in));
		while (html_next(&h, &t))
			show(&b, &t);
		tap_eq_str(buf_view(&b), str_of(cases[i].want), cases[i].in, __FILE__, __LINE__);
		buf_release(&b);
		arena_release(&a);
	}
}

static void test_limits(void)
{
	struct arena a = {0};
	struct buf b = {0};
	struct html h;
	struct html_token t;

	buf_str(&b, STR("<a"));
	for (int i = 0; i < 300; i++)
		buf_addf(&b, " a%d=%d", i, i);
	buf_str(&b, STR(">x<b c>"));
	html_begin(&h, &a, buf_view(&b));
	ok(html_next(&h, &t) && t.cut && t.n == LIMIT_HTML_ATTRIBUTES);
	eq_str(html_value(&t, STR("a255")), STR("255"));
	ok(html_next(&h, &t) && t.type == HTML_TEXT);
	ok(html_next(&h, &t) && !t.cut && t.n == 1);
	ok(!html_next(&h, &t) && t.type == HTML_END);
	buf_release(&b);
	arena_release(&a);
}

/* NUL is a byte like others; a tag's name with one is another name. */
static void test_nul(void)
{
	struct arena a = {0};
	struct html h;
	struct html_token t;

	html_begin(&h, &a, STR("<script>a</script\0>b</script><x\0y z=\0>"));
	ok(html_next(&h, &t) && html_next(&h, &t));
	eq_str(t.text, STR("a</script\0>b"));
	ok(html_next(&h, &t) && t.type == HTML_CLOSE);
	ok(html_next(&h, &t));
	eq_str(t.name, STR("x\0y"));
	eq_str(html_value(&t, STR("z")), STR("\0"));
	arena_release(&a);
}

/* "-": for each document on stdin, with a NUL behind it, its tokens as JSON, for html.t.py. */
static void print_tokens(struct str document)
{
	struct arena a = {0};
	struct buf out = {0};
	struct jsonw w = jsonw_of(&out);
	struct html h;
	struct html_token t;

	jsonw_open(&w, '[');
	html_begin(&h, &a, document);
	while (html_next(&h, &t)) {
		jsonw_open(&w, '[');
		jsonw_u64(&w, t.type);
		jsonw_str(&w, t.type == HTML_TEXT ? t.text : t.name);
		for (size_t i = 0; i < t.n && t.type == HTML_OPEN; i++) {
			jsonw_str(&w, t.at[i].name);
			jsonw_str(&w, t.at[i].value);
		}
		jsonw_close(&w, ']');
	}
	jsonw_close(&w, ']');
	printf(STR_FMT "\n", STR_ARG(buf_view(&out)));
	buf_release(&out);
	arena_release(&a);
}

static int print_documents(void)
{
	char *document = NULL;
	size_t cap = 0;
	ssize_t n;

	while ((n = getdelim(&document, &cap, '\0', stdin)) > 0)
		print_tokens((struct str){document, (size_t)n - 1});
	free(document);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "-") == 0)
		return print_documents();
	test_cases();
	test_limits();
	test_nul();
	return tap_end();
}
