#include "mail/page.h"

#include "base/limits.h"
#include "t/tap.h"

/*
 * References are shown as "KIND element@attribute URL 'text' WxH hidden" with a bar between:
 * L what is clicked, R what is loaded, D what is defanged.  METHODS 1.2's list, and the tricks by
 * which each is hidden from simpler readers; what renderers make of them is in the standards that
 * src/mail names.
 */
static const struct {
	const char *in, *want;
} cases[] = {
	/* what is clicked */
	{"<a href='http://e.example/'>x  <b>y</b>\n z</a>", "L a http://e.example/ 'x y z'"},
	{"<a href=http://e.example/><img src=cid:1 alt=logo></a>", "L a http://e.example/ 'logo'"},
	{"<a href=http://a.example/>x<a href=http://b.example/>y",
		"L a http://a.example/ 'x'|L a http://b.example/ 'y'"},
	{"<a href=http://a.example/ ping=http://b.example/>x</a>",
		"L a http://b.example/|L a http://a.example/ 'x'"},
	{"<a name=x>y</a><a href>z</a><a href=#top>t</a><a href=''>u</a>", ""},
	{"<map><area href=http://e.example/>", "L area http://e.example/"},
	{"<form action=http://e.example/f><button formaction=//e.example/g>",
		"L form http://e.example/f|L button https://e.example/g"},
	{"<a href=mailto:a@e.example>x</a>", "L a mailto:a@e.example 'x'"},
	{"<a href=javascript:alert(1)>x</a><a href=' java\nscript:x'>y</a><a href=cid:1>z</a>", ""},
	{"<a href='\x01 ht\ntp://e.example/\t'>x</a>", "L a http://e.example/ 'x'"},
	{"<a href=www.e.example/x>x</a><a href=e.example>y</a>", "L a http://www.e.example/x 'x'"},
	{"<a href=hxxps://evil.example/>x</a>", "D a https://evil.example/ 'x'"},
	{"<svg><a xlink:href=http://e.example/>x</a><a href=http://f.example/>y</a></svg>",
		"L a http://e.example/ 'x'|L a http://f.example/ 'y'"},
	{"<v:rect href=http://e.example/ />", "L v:rect http://e.example/"},

	/* what is loaded */
	{"<img src=http://e.example/a>", "R img@src http://e.example/a"},
	{"<IMG\nSRC = 'http://e.example/a'>", "R img@src http://e.example/a"},
	{"<img/src=http://e.example/a>", "R img@src http://e.example/a"},
	{"<img src=&#104;ttp&colon;//e.example&sol;a>", "R img@src http://e.example/a"},
	{"<image src=http://e.example/a>", "R image@src http://e.example/a"},
	{"<img srcset='http://e.example/a 1x, http://e.example/b,c 2x,,//e.example/d, data:,x'>",
		"R img@srcset http://e.example/a|R img@srcset http://e.example/b,c|"
		"R img@srcset https://e.example/d"},
	{"<picture><source srcset=http://e.example/a><video poster=http://e.example/b "
	 "src=http://e.example/c>",
		"R source@srcset http://e.example/a|R video@poster http://e.example/b|"
		"R video@src http://e.example/c"},
	{"<audio src=http://e.example/a><track src=http://e.example/b><embed src=//e.example/c>",
		"R audio@src http://e.example/a|R track@src http://e.example/b|"
		"R embed@src https://e.example/c"},
	{"<object data=http://e.example/a codebase=http://e.example/b>",
		"R object@data http://e.example/a|R object@codebase http://e.example/b"},
	{"<iframe src=http://e.example/a><img src=http://e.example/b></iframe>",
		"R iframe@src http://e.example/a|R img@src http://e.example/b"},
	{"<script src=http://e.example/a></script><link rel=prefetch href=http://e.example/b>",
		"R script@src http://e.example/a|R link@href http://e.example/b"},
	{"<script>location = 'http://e.example/a';</script>", "L script http://e.example/a"},
	{"<input type=image src=http://e.example/a>", "R input@src http://e.example/a"},
	{"<body background=http://e.example/a><td background=\\\\e.example\\b>",
		"R body@background http://e.example/a|R td@background file://e.example\\b"},
	{"<meta http-equiv=REFRESH content='5; url=\"http://e.example/a\"'>"
	 "<meta http-equiv=refresh content='0,http://e.example/b'>"
	 "<meta http-equiv=refresh content=0><meta name=x content='0;url=http://e.example/c'>",
		"R meta@content http://e.example/a|R meta@content http://e.example/b"},
	{"<div style=\"background:URL( 'http://e.example/a' )\">",
		"R div@style http://e.example/a"},
	{"<div style='background:u\\72 l(http://e.example/a)'>", "R div@style http://e.example/a"},
	{"<div style='background:/**/url(http&#58;//e.example/a)'>",
		"R div@style http://e.example/a"},
	{"<div style='background:image-set(\"http://e.example/a\" 1x, url(http://e.example/b) "
	 "2x)'>",
		"R div@style http://e.example/a|R div@style http://e.example/b"},
	{"<div style='content:\"http://e.example/a\"; color:red'>", ""},
	{"<style>@import 'http://e.example/a'; @IMPORT url(http://e.example/b);\n"
	 "/* url(http://e.example/c) */ @font-face{src:url(http://e.example/d)}</style>",
		"R style http://e.example/a|R style http://e.example/b|R style http://e.example/d"},
	{"<svg><image xlink:href=http://e.example/a /><image href=http://e.example/b />"
	 "<use href=http://e.example/c#x /><feImage href=http://e.example/d />"
	 "<pattern href=http://e.example/e /></svg>",
		"R image@xlink:href http://e.example/a|R image@href http://e.example/b|"
		"R use@href http://e.example/c#x|R feimage@href http://e.example/d|"
		"R pattern@href http://e.example/e"},
	{"<!--[if gte mso 9]><v:background fill=t><v:fill src=http://e.example/a />"
	 "</v:background><v:imagedata src=http://e.example/b /><![endif]-->",
		"R v:fill@src http://e.example/a|R v:imagedata@src http://e.example/b"},
	{"<!-- <img src=http://e.example/a> -->", ""},
	{"<!--><img src=http://e.example/a>-->", "R img@src http://e.example/a"},
	{"<img src=cid:x><img src=data:image/gif;base64,AAAA><img src=about:blank>", ""},
	{"<noscript><img src=http://e.example/a></noscript>", "R img@src http://e.example/a"},

	/* documents in documents: one level */
	{"<a href='data:text/html;charset=utf-8;base64,PGltZyBzcmM9aHR0cDovL2UuZXhhbXBsZS9hPg=='>",
		"R img@src http://e.example/a"},
	{"<iframe src='data:text/html,%3Cimg src=http://e.example/a%3E'></iframe>",
		"R img@src http://e.example/a"},
	{"<iframe srcdoc='&lt;img src=http://e.example/a&gt;'></iframe>",
		"R img@src http://e.example/a"},
	{"<iframe srcdoc='&lt;iframe srcdoc=&quot;&amp;lt;img src=http://e.example/a>&quot;>'>",
		""},

	/* base, also when it comes last */
	{"<img src=a><a href=?b>x</a><img src=/c><img src=//d.example/><base "
	 "href=https://e.example/f/g?h>",
		"R img@src https://e.example/f/a|L a https://e.example/f/g?b 'x'|"
		"R img@src https://e.example/c|R img@src https://d.example/"},
	{"<base href=http://e.example><base href=http://f.example><img src=a>",
		"R img@src http://e.example/a"},
	{"<base href=rel><img src=a><!-- <base href=http://e.example> -->", ""},

	/* hidden */
	{"<img src=http://e.example/a width=1 height=1>",
		"R img@src http://e.example/a 1x1 hidden"},
	{"<img src=http://e.example/a width=600 height=1px>", "R img@src http://e.example/a 600x1"},
	{"<img src=http://e.example/a width='0'>", "R img@src http://e.example/a 0x-1 hidden"},
	{"<img src=http://e.example/a width='100%' style='height:1.0PX;width:1px !important'>",
		"R img@src http://e.example/a 1x1 hidden"},
	{"<img src=http://e.example/a style='display : NONE'>",
		"R img@src http://e.example/a hidden"},
	{"<div style='visibility:hidden'><p><img src=http://e.example/a></div>"
	 "<img src=http://e.example/b>",
		"R img@src http://e.example/a hidden|R img@src http://e.example/b"},
	{"<div hidden><a href=http://e.example/>x</a></div>", "L a http://e.example/ hidden"},
	{"<p style='opacity:0'>x<img src=http://e.example/a><div><img src=http://e.example/b>",
		"R img@src http://e.example/a hidden|R img@src http://e.example/b"},
	{"<span style='font-size:0'><b><img src=http://e.example/a></span></b>"
	 "<img src=http://e.example/b>",
		"R img@src http://e.example/a hidden|R img@src http://e.example/b"},
	{"<table><td style='display:none'><table><td><img src=http://e.example/a></td></table>"
	 "<img src=http://e.example/b><td><img src=http://e.example/c>",
		"R img@src http://e.example/a hidden|R img@src http://e.example/b hidden|"
		"R img@src http://e.example/c"},
	{"<div style='display:none'><td></div><img src=http://e.example/a>",
		"R img@src http://e.example/a hidden"},
	{"<div style='opacity:0.5;font-size:0.1px;max-height:1px'><img src=http://e.example/a>",
		"R img@src http://e.example/a"},
};

static void show(struct buf *b, const struct reference *r)
{
	buf_addf(b, "%s%s " STR_FMT, b->n ? "|" : "",
		r->defanged                 ? "D"
		: r->kind == REFERENCE_LINK ? "L"
					    : "R",
		STR_ARG(r->element));
	if (r->attribute.n)
		buf_addf(b, "@" STR_FMT, STR_ARG(r->attribute));
	buf_addf(b, " " STR_FMT, STR_ARG(r->url));
	if (r->text.n)
		buf_addf(b, " '" STR_FMT "'", STR_ARG(r->text));
	if (r->width >= 0 || r->height >= 0)
		buf_addf(b, " %dx%d", r->width, r->height);
	if (r->hidden)
		buf_str(b, STR(" hidden"));
}

struct world {
	struct arena arena;
	struct references refs;
	struct flaw at[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws;
	struct buf seen, prose;
};

static void read_page(struct world *w, struct str html)
{
	struct page_sink sink = {
		.refs = &w->refs, .part = STR("1"), .seen = &w->seen, .prose = &w->prose};

	w->flaws = (struct flaws){.at = w->at};
	references_begin(&w->refs, &w->arena, &w->flaws);
	buf_clear(&w->seen);
	buf_clear(&w->prose);
	page_read(&sink, html);
}

static void world_release(struct world *w)
{
	references_release(&w->refs);
	buf_release(&w->seen);
	buf_release(&w->prose);
	arena_release(&w->arena);
}

static void test_cases(void)
{
	struct world w = {0};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf b = {0};
		read_page(&w, str_of(cases[i].in));
		for (size_t k = 0; k < w.refs.found.n; k++)
			show(&b, &w.refs.found.at[k]);
		tap_eq_str(buf_view(&b), str_of(cases[i].want), cases[i].in, __FILE__, __LINE__);
		buf_release(&b);
	}
	world_release(&w);
}

static void test_text(void)
{
	struct world w = {0};

	read_page(&w, STR("<title>t</title><style>s</style><p>a <b>b</b>c<br>d<div "
			  "style='display:none'>e</div>"
			  "f&nbsp;g<a href=http://e.example/>h</a>i</p>j<script>k</script>"));
	eq_str(buf_view(&w.seen), STR("a bc\nd\n\nf\u00a0ghi\n\nj"));
	eq_str(buf_view(&w.prose), STR("a bc\nd\n\nf\u00a0gi\n\nj"));
	world_release(&w);
}

static void test_limits(void)
{
	struct world w = {0};
	struct buf b = {0};

	for (int i = 0; i < 3000; i++)
		buf_addf(&b, "<img src=http://e.example/%d>", i);
	read_page(&w, buf_view(&b));
	ok(w.refs.found.n == LIMIT_MAIL_REFERENCES);
	ok(w.flaws.n == 1 && w.at[0].code == FLAW_TOO_MANY_VALUES);

	buf_clear(&b);
	for (int i = 0; i < 3000; i++)
		buf_str(&b, STR("<img src=http://e.example/>"));
	read_page(&w, buf_view(&b));
	ok(w.refs.found.n == 1 && w.flaws.n == 0);

	buf_clear(&b);
	for (int i = 0; i < 100000; i++)
		buf_str(&b, STR("<b>"));
	for (int i = 0; i < 100000; i++)
		buf_str(&b, STR("</i>"));
	buf_str(&b, STR("<img src=http://e.example/>"));
	read_page(&w, buf_view(&b));
	ok(w.refs.found.n == 1);

	buf_clear(&b);
	buf_str(&b, STR("<x"));
	for (int i = 0; i < 100; i++)
		buf_str(&b, STR("long"));
	buf_str(&b,
		STR(" srcset='http://e.example/a,,http://e.example/b 1x'><base href=http://x/"));
	for (int i = 0; i < 100; i++)
		buf_str(&b, STR("long"));
	buf_str(&b, STR("><img src=c>"));
	read_page(&w, buf_view(&b));
	ok(w.refs.found.n == 1 && w.refs.found.at[0].element.n == REFERENCE_NAME);
	ok(w.flaws.n == 1 && w.at[0].code == FLAW_VALUE_CUT);

	read_page(&w, STR("<iframe srcdoc='&lt;iframe srcdoc=x>'>"));
	ok(w.flaws.n == 1 && w.at[0].code == FLAW_NESTED_TOO_DEEP);
	buf_release(&b);
	world_release(&w);
}

int main(void)
{
	test_cases();
	test_text();
	test_limits();
	return tap_end();
}
