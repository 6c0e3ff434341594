#include "mail/look.h"

#include <stdio.h>
#include <string.h>

#include "t/tap.h"
#include "text/members.h"

/* Facts, our own domain, and the words ("what") that must be said at which level, and those that
 * must not. */
static const struct {
	const char *title, *facts, *said, *unsaid;
} cases[] = {
	{"plain",
		"{\"kind\":\"mail\",\"from\":[{\"name\":\"Ann\",\"address\":\"ann@other.example\"}]"
		"}",
		"fact:sender fact:auth-none fact:nothing-remote", "bad odd fact:bulk"},
	{"nobody", "{\"kind\":\"mail\"}", "odd:no-sender", "bad"},
	{"name shows another address",
		"{\"from\":[{\"name\":\"boss@parliament.example\",\"address\":\"x@evil.example\"}]"
		"}",
		"bad:name-shows-address", ""},
	{"name shows its own address",
		"{\"from\":[{\"name\":\"a@evil.example\",\"address\":\"x@evil.example\"}]}", "",
		"bad odd"},
	{"name shows its own address, then another",
		"{\"from\":[{\"name\":\"x@evil.example boss@parliament.example\",\"address\":"
		"\"x@evil.example\"}]}",
		"bad:name-shows-address", ""},
	{"name shows an address in quotes",
		"{\"from\":[{\"name\":\"'boss@parliament.example'\",\"address\":"
		"\"x@evil.example\"}]}",
		"bad:name-shows-address", ""},
	{"name shows an address before a comma",
		"{\"from\":[{\"name\":\"boss@parliament.example,\",\"address\":"
		"\"x@evil.example\"}]}",
		"bad:name-shows-address", ""},
	{"name shows an address before a blank that is none of ASCII",
		"{\"from\":[{\"name\":\"boss@parliament.example\xc2\xa0|\xe2\x80\x8bHQ\","
		"\"address\":\"x@evil.example\"}]}",
		"bad:name-shows-address", ""},
	{"one letter changed", "{\"from\":[{\"address\":\"x@parliarnent.example\"}]}",
		"bad:looks-like-us", ""},
	{"one letter left out", "{\"from\":[{\"address\":\"x@parliment.example\"}]}",
		"bad:looks-like-us", ""},
	{"two letters swapped", "{\"from\":[{\"address\":\"x@paliarment.example\"}]}", "", "bad"},
	{"neighbours swapped", "{\"from\":[{\"address\":\"x@parilament.example\"}]}",
		"bad:looks-like-us", ""},
	{"our own", "{\"from\":[{\"address\":\"x@members.parliament.example\"}]}", "", "bad odd"},
	{"answers elsewhere",
		"{\"from\":[{\"address\":\"x@a.example\"}],\"reply_to\":[{\"address\":"
		"\"x@b.example\"}]}",
		"odd:answers-elsewhere", "bad"},
	{"answers to the list",
		"{\"from\":[{\"address\":\"x@a.example\"}],\"list_id\":\"talk.lists.b.com\","
		"\"reply_to\":[{"
		"\"address\":\"talk@lists.b.com\"}]}",
		"fact:list", "odd bad"},
	{"several names, one address",
		"{\"from\":[{\"name\":\"Bank\"},{\"name\":\"Bank\"},{\"address\":\"x@a.example\"}]"
		"}",
		"fact:sender", "odd bad"},
	{"our host says it failed",
		"{\"from\":[{\"address\":\"x@a.example\"}],\"auth\":[{\"by\":\"mx.parliament."
		"example\",\"own\":true,\"method\":\"dmarc\",\"result\":\"fail\"},{\"by\":\"mx."
		"evil.example\",\"method\":\"dmarc\",\"result\":\"pass\"}]}",
		"bad:auth", "fact:auth-claimed fact:auth-none"},
	{"only foreign results",
		"{\"from\":[{\"address\":\"x@a.example\"}],\"auth\":[{\"by\":\"mx."
		"evil.example\",\"method\":\"dmarc\",\"result\":\"fail\"}]}",
		"odd:auth-claimed fact:auth-none", "bad"},
	{"broken signature",
		"{\"from\":[{\"address\":\"x@a.example\"}],\"dkim\":[{\"domain\":\"a.example\","
		"\"verified\":\"fail\"}]}",
		"bad:dkim", ""},
	{"link disguised",
		"{\"from\":[{\"address\":\"x@a.com\"}],\"links\":[{\"url\":\"https://evil.net/\","
		"\"text\":\"www.bank.com\"}]}",
		"bad:link-disguised fact:links", ""},
	{"link as it says",
		"{\"from\":[{\"address\":\"x@a.com\"}],\"links\":[{\"url\":\"https://r.bank.com/"
		"x\",\"text\":\"https://www.bank.com/y\"},{\"url\":\"https://evil.net/\",\"text\":"
		"\"read more\"}]}",
		"fact:links", "bad odd"},
	{"link with a name in front",
		"{\"from\":[{\"address\":\"x@a.com\"}],\"links\":[{\"url\":\"https://bank.com@evil."
		"net/\"}]}",
		"bad:link-userinfo", ""},
	{"what is odd five times doesn't hide what is bad",
		"{\"from\":[{\"address\":\"x@a.com\"}],\"links\":["
		"{\"url\":\"https://192.0.2.1/\"},{\"url\":\"https://192.0.2.2/\"},"
		"{\"url\":\"https://192.0.2.3/\"},{\"url\":\"https://192.0.2.4/\"},"
		"{\"url\":\"https://192.0.2.5/\"},{\"url\":\"https://192.0.2.6/\"},"
		"{\"url\":\"https://evil.net/\",\"text\":\"www.bank.com\"}]}",
		"odd:link-address bad:link-disguised", ""},
	{"defanged link counts for nothing",
		"{\"from\":[{\"address\":\"x@a.com\"}],\"links\":[{\"url\":\"https://bank.com@evil."
		"net/\",\"defanged\":true}]}",
		"", "bad fact:links"},
	{"form",
		"{\"from\":[{\"address\":\"x@a.com\"}],\"links\":[{\"url\":\"https://evil.net/"
		"p\",\"element\":\"form\"}]}",
		"bad:form", ""},
	/* METHODS 1.8 (6): md5 of alice@parliament.example */
	{"address as its hash",
		"{\"from\":[{\"address\":\"x@a.com\"}],\"to\":[{\"address\":\"Alice@parliament."
		"example\"}],\"remote\":[{\"url\":\"https://t.evil.com/p/"
		"99ff06d6a0c92d93c36fd3f8a1e1d189\",\"element\":\"img\",\"width\":\"1\","
		"\"height\":\"1\"}]}",
		"fact:remote odd:tracked-hidden odd:tracked-unique odd:tracked-address", "bad"},
	/* printf alice@parliament.example | base64 */
	{"address in base64",
		"{\"from\":[{\"address\":\"x@a.com\"}],\"to\":[{\"address\":\"alice@parliament."
		"example\"}],\"links\":[{\"url\":\"https://t.evil.com/"
		"?q=YWxpY2VAcGFybGlhbWVudC5leGFtcGxl\"}]}",
		"odd:link-carries-address", "bad"},
	{"picture that is seen",
		"{\"from\":[{\"address\":\"x@a.com\"}],\"remote\":[{\"url\":\"https://a.com/"
		"logo.png\",\"width\":\"200\",\"height\":\"80\"}]}",
		"fact:remote", "odd bad"},
	{"program",
		"{\"from\":[{\"address\":\"x@a.com\"}],\"parts\":[{\"name\":\"invoice.pdf.exe\","
		"\"sha256\":\"00\"}]}",
		"bad:file-runs", ""},
	{"program, saved without the end of its name",
		"{\"from\":[{\"address\":\"x@a.com\"}],\"parts\":[{\"name\":\"invoice.exe. .\"}]}",
		"bad:file-runs", ""},
	{"file", "{\"from\":[{\"address\":\"x@a.com\"}],\"parts\":[{\"name\":\"minutes.pdf\"}]}",
		"fact:file", "bad odd"},
	{"a journal report by its own word: what is around counts",
		"{\"kind\":\"journal\",\"from\":[{\"name\":\"a@b.com\",\"address\":\"x@evil.net\"}]"
		","
		"\"links\":[{\"url\":\"https://evil.net/\",\"text\":\"www.bank.com\"}],"
		"\"parts\":[{\"name\":\"a.exe\"}],"
		"\"inner\":{\"from\":[{\"address\":\"ann@other.com\"}]}}",
		"fact:journal bad:name-shows-address bad:link-disguised bad:file-runs", ""},
	{"reported: the mail inside counts",
		"{\"kind\":\"reported\",\"from\":[{\"address\":\"u@parliament.example\"}],"
		"\"inner\":{"
		"\"from\":[{\"name\":\"a@b.com\",\"address\":\"x@evil.net\"}]}}",
		"fact:reported bad:name-shows-address", ""},
};

/* Is "level:what", or any of a level, among what was said? */
static bool is_said(struct str json, struct str word)
{
	struct members m;
	struct arena a = {0};
	struct str rest = word, level = str_cut(&rest, ':');
	bool found = false;

	ok(members_read(json, &m));
	MEMBERS_EACH(&m, i, members_get(&m, 0, "says"))
	found |= str_eq(members_string(&a, &m, i, "level"), level) &&
		 (!rest.n || str_eq(members_string(&a, &m, i, "what"), rest));
	arena_release(&a);
	members_release(&m);
	return found;
}

static void hold(struct str json, const char *title, const char *words, bool want)
{
	struct str rest = str_of(words);

	while (rest.n) {
		struct str word = str_cut(&rest, ' ');
		if (!tap_ok(is_said(json, word) == want, title, __FILE__, __LINE__))
			printf("# %s " STR_FMT "\n# " STR_FMT "\n", want ? "missing" : "too much",
				STR_ARG(word), STR_ARG(json));
	}
}

/* A value as long as the mail likes doesn't hide what is said of it. */
static void check_long(void)
{
	static const char *const forms[] = {
		"{\"from\":[{\"name\":\"%s\",\"address\":\"x@evil.example\"}]}",
		"{\"from\":[{\"address\":\"x@a.com\"}],\"parts\":[{\"name\":\"%s.exe\"}]}",
		"{\"from\":[{\"address\":\"x@a.com\"}],\"links\":[{\"url\":\"https://"
		"%s@evil.example/"
		"\"}]}",
	};
	static const struct str shown[] = {
		STR("<x@evil.example>."), STR(".exe is a program"), STR("host evil.example.")};
	const struct look_options opt = {0};
	char longest[4001];

	for (size_t i = 0; i + 1 < sizeof(longest); i += 2)
		memcpy(longest + i, "\xc3\xa4", 2);
	longest[4000] = '\0';
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct buf facts = {0}, out = {0};
		struct jsonw w = jsonw_of(&out);
		struct str form = str_of(forms[i]);
		size_t at = str_find(form, STR("%s"));
		buf_str(&facts, str_upto(form, at));
		buf_str(&facts, str_of(longest));
		buf_str(&facts, str_from(form, at + 2));
		jsonw_open(&w, '{');
		ok(mail_look(buf_view(&facts), &opt, &w));
		jsonw_close(&w, '}');
		struct str said = buf_view(&out);
		ok(str_find(said, shown[i]) < said.n);
		ok(str_find(said, STR("\\ufffd")) == said.n);
		buf_release(&facts);
		buf_release(&out);
	}
}

int main(void)
{
	const struct str own[] = {STR("parliament.example")};
	const struct look_options opt = {own, 1};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf out = {0};
		struct jsonw w = jsonw_of(&out);
		jsonw_open(&w, '{');
		ok(mail_look(str_of(cases[i].facts), &opt, &w));
		jsonw_close(&w, '}');
		hold(buf_view(&out), cases[i].title, cases[i].said, true);
		hold(buf_view(&out), cases[i].title, cases[i].unsaid, false);
		buf_release(&out);
	}
	check_long();
	return tap_end();
}
