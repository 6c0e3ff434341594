#include "mail/page_rules.h"

#define S(lit)                                                                                     \
	{                                                                                          \
		lit, sizeof(lit) - 1                                                               \
	}

/* The first row that fits; an element "" is any. */
static const struct {
	struct str element, attribute;
	enum page_action action;
} rules[] = {
	{S("a"), S("xlink:href"), PAGE_LINK},
	{S("a"), S("href"), PAGE_LINK},
	{S("a"), S("ping"), PAGE_LINK},
	{S("base"), S("href"), PAGE_NOTHING},
	{S("link"), S("href"), PAGE_REMOTE},
	{S("image"), S("href"), PAGE_REMOTE},
	{S("use"), S("href"), PAGE_REMOTE},
	{S("feimage"), S("href"), PAGE_REMOTE},
	{S("form"), S("action"), PAGE_LINK},
	{S("object"), S("data"), PAGE_REMOTE},
	{S("object"), S("codebase"), PAGE_REMOTE},
	{S("applet"), S("codebase"), PAGE_REMOTE},
	{S("applet"), S("archive"), PAGE_REMOTE},
	{S("video"), S("poster"), PAGE_REMOTE},
	{S("html"), S("manifest"), PAGE_REMOTE},
	{S("iframe"), S("srcdoc"), PAGE_DOCUMENT},
	{S(""), S("href"), PAGE_LINK},
	{S(""), S("src"), PAGE_REMOTE},
	{S(""), S("srcset"), PAGE_SET},
	{S(""), S("imagesrcset"), PAGE_SET},
	{S(""), S("background"), PAGE_REMOTE},
	{S(""), S("lowsrc"), PAGE_REMOTE},
	{S(""), S("dynsrc"), PAGE_REMOTE},
	{S(""), S("xlink:href"), PAGE_REMOTE},
	{S(""), S("formaction"), PAGE_LINK},
	{S(""), S("style"), PAGE_STYLE},
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* Names differ in length or first letter as a rule, and are looked up for every tag. */
static bool same(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || (a.p[0] == b.p[0] && memcmp(a.p, b.p, a.n) == 0));
}

static bool is_in(struct str name, const struct str *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (same(name, list[i]))
			return true;
	return false;
}

enum page_action page_action(struct str element, struct str attribute, bool foreign)
{
	for (size_t i = 0; i < COUNT(rules); i++) {
		if (!same(attribute, rules[i].attribute) ||
			(rules[i].element.n && !same(element, rules[i].element)))
			continue;
		if (foreign && rules[i].element.n == 0 && rules[i].action == PAGE_LINK)
			return PAGE_REMOTE;
		return rules[i].action;
	}
	return PAGE_NOTHING;
}

bool element_is_void(struct str name)
{
	static const struct str list[] = {S("area"), S("base"), S("basefont"), S("bgsound"),
		S("br"), S("col"), S("embed"), S("frame"), S("hr"), S("img"), S("input"),
		S("keygen"), S("link"), S("meta"), S("param"), S("source"), S("track"), S("wbr")};

	return is_in(name, list, COUNT(list));
}

bool element_is_inline(struct str name)
{
	static const struct str list[] = {S("a"), S("abbr"), S("b"), S("bdi"), S("bdo"), S("big"),
		S("cite"), S("code"), S("em"), S("font"), S("i"), S("ins"), S("del"), S("kbd"),
		S("label"), S("link"), S("meta"), S("script"), S("style"), S("mark"), S("o:p"),
		S("q"), S("s"), S("small"), S("span"), S("strike"), S("strong"), S("sub"), S("sup"),
		S("tt"), S("u"), S("var"), S("wbr")};

	return is_in(name, list, COUNT(list));
}

bool element_ends(struct str open, struct str next)
{
	static const struct str cells[] = {S("td"), S("th")};
	static const struct str alike[] = {S("li"), S("tr"), S("dd"), S("dt"), S("option")};

	if (str_eq(open, STR("p")))
		return !element_is_inline(next) && !element_is_void(next);
	if (is_in(open, cells, COUNT(cells)))
		return is_in(next, cells, COUNT(cells)) || str_eq(next, STR("tr"));
	return str_eq(open, next) && is_in(open, alike, COUNT(alike));
}

bool element_is_barrier(struct str name)
{
	static const struct str list[] = {
		S("td"), S("th"), S("table"), S("caption"), S("object"), S("template")};

	return is_in(name, list, COUNT(list));
}
