/* Who says the same because somebody else said it. */
#include "engine/origins.h"

#include "t/tap.h"

#define S(source_, id_, creator_, context_)                                                        \
	{                                                                                          \
		.source = {source_, sizeof(source_) - 1}, .id = {id_, sizeof(id_) - 1},            \
		.creator = {creator_, sizeof(creator_) - 1}, .context = {                          \
			context_,                                                                  \
			sizeof(context_) - 1                                                       \
		}                                                                                  \
	}

static const struct {
	const char *name;
	struct saying s[4];
	size_t n;
	unsigned groups;
	unsigned origin[4];
} cases[] = {
	{"nobody", {S("alpha", "", "", "")}, 0, 0, {0}},
	{"two that have nothing in common", {S("alpha", "", "", "seen"), S("beta", "", "", "seen")},
		2, 2, {0, 1}},
	{"one object passed on",
		{S("alpha", "indicator--1", "", ""), S("beta", "indicator--1", "", "")}, 2, 1,
		{0, 0}},
	{"one creator",
		{S("alpha", "indicator--1", "identity--9", ""),
			S("beta", "indicator--2", "identity--9", ""),
			S("gamma", "indicator--3", "identity--8", "")},
		3, 2, {0, 0, 1}},
	{"one report, cited in two ways",
		{S("alpha", "", "", "see https://vendor.example/report/1/ (2021)"),
			S("beta", "", "", "mail"),
			S("gamma", "", "", "<http://vendor.example/report/1>")},
		3, 2, {0, 1, 0}},
	{"different reports of one vendor",
		{S("alpha", "", "", "https://vendor.example/report/1"),
			S("beta", "", "", "https://vendor.example/report/2")},
		2, 2, {0, 1}},
	{"one names the other",
		{S("alpha", "", "", ""), S("beta", "", "", "taken from alpha, 2021")}, 2, 1,
		{0, 0}},
	{"a short name is no name", {S("apt", "", "", ""), S("beta", "", "", "an apt remark")}, 2,
		2, {0, 1}},
	{"a chain",
		{S("alpha", "a", "x", ""), S("beta", "b", "x", "https://r.example/9"),
			S("gamma", "c", "", "https://r.example/9"), S("delta", "d", "", "")},
		4, 2, {0, 0, 0, 1}},
	{"one source twice", {S("alpha", "a", "", ""), S("alpha", "b", "", "")}, 2, 1, {0, 0}},
	{"an id is no creator", {S("alpha", "x", "", ""), S("beta", "", "x", "")}, 2, 2, {0, 1}},
};

static bool right(const struct saying *s, size_t n, const unsigned *want)
{
	for (size_t i = 0; i < n; i++) {
		if (s[i].origin != want[i])
			return false;
	}
	return true;
}

/* Backwards the same are together. */
static bool same_backwards(const struct saying *given, size_t n)
{
	struct saying s[4];

	for (size_t i = 0; i < n; i++)
		s[i] = given[n - 1 - i];
	origins_find(s, n);
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < n; k++) {
			if ((given[i].origin == given[k].origin) !=
				(s[n - 1 - i].origin == s[n - 1 - k].origin))
				return false;
		}
	}
	return true;
}

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct saying s[4];
		memcpy(s, cases[i].s, sizeof(s));
		unsigned groups = origins_find(s, cases[i].n);
		tap_ok(groups == cases[i].groups && right(s, cases[i].n, cases[i].origin) &&
				same_backwards(s, cases[i].n),
			cases[i].name, __FILE__, __LINE__);
	}
	return tap_end();
}
