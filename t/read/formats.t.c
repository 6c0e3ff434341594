#include "t/tap.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "read/reader.h"

static char folder[] = "/tmp/spoor-formats-XXXXXX";

static void write_format(const char *name, const char *text)
{
	char path[200];

	snprintf(path, sizeof(path), "%s/%s.yaml", folder, name);
	FILE *f = fopen(path, "w");
	if (!f || fputs(text, f) < 0 || fclose(f))
		BUG("cannot write '%s'", path);
}

static void remove_format(const char *name)
{
	char path[200];

	snprintf(path, sizeof(path), "%s/%s.yaml", folder, name);
	unlink(path);
}

static bool load(struct formats **ret_f, struct err *err)
{
	const char *const folders[] = {"/nonexistent/spoor", folder};

	return formats_load(folders, 2, ret_f, err);
}

/* A format with one mistake, and where and how the message must say so. */
static const struct {
	const char *text, *place, *says;
} mistakes[] = {
	{"", ":1:1: ", "empty"},
	{"a: [", ":2:1: ", "not YAML"},
	{"name: x\nversion: 1\n", ":1:1: ", "'recognise' is missing"},
	{"version: 1\nrecognise: {a: exists}\n", ":1:1: ", "'name'"},
	{"name: X y\nversion: 1\nrecognise: {a: exists}\n", ":1:1: ", "'name'"},
	{"name: x\nversion: one\nrecognise: {a: exists}\n", ":2:1: ", "whole number"},
	{"name: x\nname: y\n", ":2:1: ", "is here already"},
	{"name: &a x\n", ":1:7: ", "anchors"},
	{"name: *a\n", ":1:7: ", "aliases"},
	{"name: x\nversion: 1\nrecognise: {a: exists}\nfeilds: {}\n", ":4:1: ", "'feilds'"},
	{"name: x\nversion: 1\nrecognise: {a: absent}\n", ":", "must name something that exists"},
	{"name: x\nversion: 1\nrecognise: {'a[': exists}\n", ":3:13: ", "'a['"},
	{"name: x\nversion: 1\nrecognise: {a: {like: b}}\n", ":3:13: ", "a test is"},
	{"name: x\nversion: 1\nrecognise: {a: exists}\nfields:\n  sourc.ip: b\n",
		":5:3: ", "no such field"},
	{"name: x\nversion: 1\nrecognise: {a: exists}\nfields:\n  source.ip: {kind: ip}\n",
		":5:3: ", "'path' is missing"},
	{"name: x\nversion: 1\nrecognise: {a: exists}\nfields:\n  source.ip: {path: b, kind: up}\n",
		":5:24: ", "no such kind"},
	{"name: x\nversion: 1\nrecognise: {a: exists}\nline: '{a}{b}'\n",
		":4:1: ", "something between them"},
	{"name: x\nversion: 1\nrecognise: {a: exists}\nline: '{a} b'\n",
		":4:1: ", "two {COLUMNS} or more"},
	{"name: x\nversion: 1\nrecognise: {a: exists}\nline: '{a} {b:real}'\n",
		":4:1: ", "word, number or ip"},
	{"name: x\nversion: 1\nrecognise: {a: exists}\nline: '{a} {b'\n", ":4:1: ", "a column is"},
	{"name: x\nversion: 1\nrecognise: {a: exists}\nline: '{a} {} {b}'\n",
		":4:1: ", "a column is"},
	{"name: x\nversion: 1\nrecognise: {a: exists}\nfields:\n  url.full: {url: {path: b}}\n",
		":5:14: ", "a URL wants 'host' and 'path'"},
	{"name: x\nversion: 1\nrecognise: {a: exists}\nfields:\n"
	 "  url.full: {url: {host: a, path: b, user: c}}\n",
		":5:38: ", "scheme, host, port, path or query"},
	{"name: x\nversion: 1\nrecognise: {a: exists}\nfields:\n  source.ip: {path: b, port: x}\n",
		":5:24: ", "no such field"},
	{"name: x\nversion: 1\nrecognise: {a: exists}\nfields:\n  source.ip: {path: b, upper: "
	 "true}\n",
		":5:24: ", "no such option"},
	{"name: x\nversion: 1\nrecognise: {a: exists}\ntime: {path: b, kind: roman}\n",
		":4:17: ", "no such kind of time"},
	{"name: x\nversion: 1\nrecognise: {a: exists}\nid: {lower: true}\n",
		":4:1: ", "'path' or 'all'"},
	{"name: x\nversion: 1\nrecognise: {a: exists}\nid: {path: a, all: [b]}\n",
		":4:1: ", "'path' or 'all'"},
	{"name: x\nversion: 1\nrecognise: {a: exists}\nid: {all: a}\n",
		":4:6: ", "a list of paths"},
	{"name: x\nversion: 1\nrecognise: {a: exists}\nid: {all: ['b[']}\n", ":4:12: ", "'b['"},
	{"name: x\nversion: 1\nrecognise: {a: exists}\noutcome:\n  - {is: maybe}\n",
		":5:6: ", "success, failure"},
	{"name: x\nversion: 1\nrecognise: {a: exists}\nset:\n  - {field: event.action}\n",
		":5:5: ", "'value'"},
	{"name: x\nversion: 1\nrecognise: {a: exists}\nretention: forever\n", ":4:1: ", "full"},
	{"name: x\nversion: 1\nrecognise: {a: exists}\nshapes:\n  - {name: s, inside: b, flat: "
	 "true}\n",
		":5:5: ", "exclude one another"},
	{"name: x\nversion: 1\nrecognise: {a: exists}\nshapes:\n  - {inside: b}\n",
		":5:5: ", "'name'"},
	{"[1, 2]\n", ":1:1: ", "KEY: VALUE"},
	{"name: x\nversion: 1\nrecognise: [a]\n", ":3:1: ", "PATH: TEST"},
	{"name: x\nversion: 1\nrecognise: {a: exists}\n---\nname: y\n",
		":5:1: ", "second document"},
};

static void check_mistakes(void)
{
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		struct formats *f = NULL;
		struct err err = {0};
		char begin[200];
		write_format("mistake", mistakes[i].text);
		snprintf(begin, sizeof(begin), "%s/mistake.yaml%s", folder, mistakes[i].place);
		bool right = !load(&f, &err) && err.code == ERR_CONFIG &&
			     str_starts(str_of(err.msg), str_of(begin)) &&
			     strstr(err.msg, mistakes[i].says);
		if (!ok(right))
			printf("# %zu: '%s'\n", i, err.msg);
		formats_free(f);
	}
	remove_format("mistake");
}

/* What a line of JSON becomes: "format/shape field=value …" or its first flaw. */
static void read_line(
	const struct formats *f, const char *line, const char *forced, struct buf *out)
{
	struct batch_head head = {.decoding = STR(""), .forced = str_of(forced)};
	struct reader *r = reader_new(f);
	struct record rec = {0};

	reader_begin(r, &head, str_of(line));
	ok(reader_next(r, &rec));
	if (rec.has_event) {
		const struct format_info *info = formats_info(f, rec.event.format);
		buf_addf(out, STR_FMT "/" STR_FMT, STR_ARG(info->name),
			STR_ARG(info->shapes[rec.event.shape]));
		for (uint32_t i = 0; i < rec.event.n_values; i++) {
			const struct value *v = &rec.event.values[i];
			buf_addf(out, " %s=" STR_FMT,
				v->field < FIELDS ? field_name(v->field) : "~", STR_ARG(v->text));
		}
	} else if (rec.flaws.n) {
		buf_addf(out, "!%s", flaw_name(rec.flaws.at[0].code));
	}
	reader_free(r);
}

static void check_line(
	const struct formats *f, const char *line, const char *forced, const char *want)
{
	struct buf b = {0};

	printf("# %s\n", line);
	read_line(f, line, forced, &b);
	eq_str(buf_view(&b), str_of(want));
	buf_release(&b);
}

static const char *const broad = "name: broad\nversion: 1\nrecognise: {id: exists, kind: exists}\n"
				 "fields: {event.action: kind}\nignore: [id, 'list[].a']\n";
static const char *const narrow =
	"name: narrow\nversion: 1\nrecognise: {id: exists, kind: exists, door: exists}\n"
	"fields: {event.action: kind, host.name: door}\nignore: [id]\n";
static const char *const rival = "name: rival\nversion: 1\nrecognise: {id: exists, badge: exists}\n"
				 "fields: {user.name: badge}\nignore: [id]\n";

static void check_claims(void)
{
	struct formats *f;
	struct err err = {0};

	write_format("broad", broad);
	write_format("narrow", narrow);
	write_format("rival", rival);
	if (!ok(load(&f, &err)))
		BUG("%s", err.msg);
	ok(formats_count(f) == 3);
	check_line(f, "{\"id\":\"x\",\"kind\":\"k\"}", "", "broad/native event.action=k");
	check_line(f, "{\"ID\":\"x\",\"Kind\":\"k\"}", "", "broad/native event.action=k");
	check_line(f, "{\"id\":\"x\",\"kind\":\"k\",\"door\":\"d\"}", "",
		"narrow/native event.action=k host.name=d");
	check_line(f, "{\"id\":\"x\",\"badge\":\"b\"}", "", "rival/native user.name=b");
	check_line(f, "{\"id\":\"x\",\"kind\":\"k\",\"badge\":\"b\"}", "", "!ambiguous");
	check_line(f, "{\"id\":\"x\",\"kind\":\"kind\",\"badge\":\"badge\"}", "rival",
		"rival/native user.name=badge ~=kind");
	/* A name breaks ties; it does not overrule. */
	check_line(f, "{\"id\":\"x\",\"kind\":\"k\",\"door\":\"d\"}", "broad",
		"narrow/native event.action=k host.name=d");
	check_line(f, "{\"id\":\"x\",\"kind\":\"\"}", "", "!unrecognised");
	check_line(f, "{\"id\":\"x\",\"kind\":null}", "", "!unrecognised");
	check_line(f, "{\"id\":null,\"badge\":{}}", "", "!unrecognised");
	check_line(f, "{}", "", "!unrecognised");
	formats_free(f);
	remove_format("broad");
	remove_format("narrow");
	remove_format("rival");
}

static const char *const rich =
	"name: rich\nversion: 3\ntitle: all of it\nrecognise: {Id: exists}\n"
	"joined: ['.', '_']\nspelled: {ip: ['@ip']}\nid: Id\n"
	"fields:\n"
	"  source.ip: {path: ip | net.client, port: source.port, name: source.domain}\n"
	"  user.email: {path: who, name: user.name}\n"
	"  email.to.address: {path: 'rules[Name=Forward].Value', split: ';', after: 'smtp:'}\n"
	"  email.cc.address: 'rules[].Value'\n"
	"  event.dataset: {path: stream, prefix: 'x.', lower: true}\n"
	"  file.name: 'files[].name'\n"
	"  user.roles: 'roles[]'\n"
	"  user_agent.original: 'details|json.\"User-Agent\"'\n"
	"  spoor.resource: {path: object, when: [{kind: [A, B]}, {kind: absent}]}\n"
	"  url.full: {path: object, when: {kind: C}}\n"
	"set:\n  - {when: {kind: {prefix: Z}}, field: event.action, value: zed}\n"
	"observe: [{path: helper, kind: ip}]\n"
	"ignore: [Id, kind, 'rules[].Name']\n"
	"shapes:\n"
	"  - name: plain\n"
	"  - {name: wrapped, inside: 'body|json', recognise: {outer: exists}, fields: {host.name: "
	"outer}}\n"
	"  - {name: columns, rename: {Id: RecordId, who: UserName}, recognise: {RecordId: "
	"exists}}\n"
	"  - {name: bare, flat: true, recognise: {only: exists}, fields: {event.action: only}}\n";

static const struct {
	const char *line, *want;
} rich_cases[] = {
	{"{\"Id\":\"1\",\"ip\":\"192.0.2.1:80\",\"net\":{\"client\":\"192.0.2.2\"}}",
		"rich/plain source.ip=192.0.2.1 source.port=80 ~=192.0.2.2"},
	{"{\"Id\":\"1\",\"@ip\":\"host.example.org:80\"}",
		"rich/plain source.domain=host.example.org source.port=80"},
	{"{\"Id\":\"1\",\"net.client\":\"2001:db8::1\"}", "rich/plain source.ip=2001:db8::1"},
	{"{\"Id\":\"1\",\"net_client\":\"[2001:db8::1]:1\"}",
		"rich/plain source.ip=2001:db8::1 source.port=1"},
	{"{\"Id\":\"1\",\"who\":\"a@example.org\"}", "rich/plain user.email=a@example.org"},
	{"{\"Id\":\"1\",\"who\":\"NT AUTHORITY\\\\SYSTEM\"}",
		"rich/plain user.name=NT AUTHORITY\\SYSTEM"},
	/* An element picked by its Name also is an element. */
	{"{\"Id\":\"1\",\"rules\":[{\"Name\":\"Forward\",\"Value\":\"smtp:a@example.org; "
	 "b@example.org\"},"
	 "{\"Name\":\"Other\",\"Value\":\"c@example.org\"}]}",
		"rich/plain email.to.address=a@example.org email.to.address=b@example.org "
		"email.cc.address=smtp:a@example.org; b@example.org "
		"email.cc.address=c@example.org"},
	{"{\"Id\":\"1\",\"rules\":[{\"Value\":\"v\",\"Name\":\"forward\"}]}",
		"rich/plain email.to.address=v email.cc.address=v"},
	/* The same list as a text, and as a text in a text. */
	{"{\"Id\":\"1\",\"rules\":\"[{\\\"Name\\\":\\\"Forward\\\",\\\"Value\\\":\\\"v\\\"}]\"}",
		"rich/plain email.to.address=v email.cc.address=v"},
	{"{\"Id\":\"1\",\"stream\":\"DNS\"}", "rich/plain event.dataset=x.dns"},
	{"{\"Id\":\"1\",\"files\":[{\"name\":\"a\"},{\"name\":\"b\"},{\"size\":1}]}",
		"rich/plain file.name=a file.name=b"},
	{"{\"Id\":\"1\",\"roles\":[\"r1\",\"r2\"]}", "rich/plain user.roles=r1 user.roles=r2"},
	{"{\"Id\":\"1\",\"roles\":\"alone\"}", "rich/plain user.roles=alone"},
	{"{\"Id\":\"1\",\"details\":\"{\\\"User-Agent\\\":\\\"curl\\\",\\\"x\\\":\\\"192.0.2.9\\\"}"
	 "\"}",
		"rich/plain user_agent.original=curl ~=192.0.2.9"},
	{"{\"Id\":\"1\",\"details\":\"no json at all\"}", "rich/plain ~=no json at all"},
	{"{\"Id\":\"1\",\"kind\":\"b\",\"object\":\"o\"}", "rich/plain spoor.resource=o"},
	{"{\"Id\":\"1\",\"object\":\"o\"}", "rich/plain spoor.resource=o"},
	{"{\"Id\":\"1\",\"kind\":\"C\",\"object\":\"o\"}", "rich/plain url.full=o"},
	{"{\"Id\":\"1\",\"kind\":\"D\",\"object\":\"obj\"}", "rich/plain ~=obj"},
	{"{\"Id\":\"1\",\"kind\":\"zebra\"}", "rich/plain event.action=zed"},
	{"{\"Id\":\"1\",\"helper\":\"192.0.2.3\",\"else\":\"text\",\"n\":[1,{\"deep\":\"er\\u0021!"
	 "\"}]}",
		"rich/plain ~=192.0.2.3 ~=text ~=er!!"},
	{"{\"outer\":\"host7\",\"body\":\"{\\\"Id\\\":\\\"1\\\",\\\"who\\\":\\\"w\\\"}\"}",
		"rich/wrapped user.name=w host.name=host7"},
	{"{\"outer\":\"host7\",\"body\":{\"Id\":\"1\",\"who\":\"w\"}}",
		"rich/wrapped user.name=w host.name=host7"},
	{"{\"body\":{\"Id\":\"1\"}}", "!unrecognised"},
	{"{\"outer\":\"x\",\"body\":\"{\\\"who\\\":\\\"w\\\"}\"}", "!unrecognised"},
	{"{\"RecordId\":\"1\",\"UserName\":\"w\",\"who\":\"other\"}",
		"rich/columns user.name=w ~=other"},
	{"{\"only\":\"act\"}", "rich/bare event.action=act"},
};

static void check_rest(void)
{
	struct formats *f;
	struct err err = {0};

	write_format("quiet", "name: quiet\nversion: 1\nrecognise: {id: exists}\nrest: false\n"
			      "fields: {event.action: kind}\n");
	if (!ok(load(&f, &err)))
		BUG("%s", err.msg);
	check_line(f, "{\"id\":\"x\",\"kind\":\"act\",\"else\":\"text\"}", "",
		"quiet/native event.action=act");
	formats_free(f);
	remove_format("quiet");
}

static void check_rich(void)
{
	struct formats *f;
	struct err err = {0};
	size_t i;

	write_format("rich", rich);
	if (!ok(load(&f, &err)))
		BUG("%s", err.msg);
	ok(formats_find(f, STR("rich"), &i) && i == 0);
	ok(!formats_find(f, STR("poor"), &i));
	eq_str(formats_info(f, 0)->version, STR("3"));
	eq_str(formats_info(f, 0)->retention, STR("full"));
	ok(formats_info(f, 0)->n_shapes == 4);
	for (size_t k = 1; k < formats_info(f, 0)->n_fields; k++)
		ok(formats_info(f, 0)->fields[k - 1] < formats_info(f, 0)->fields[k]);
	for (i = 0; i < sizeof(rich_cases) / sizeof(rich_cases[0]); i++)
		check_line(f, rich_cases[i].line, "", rich_cases[i].want);
	formats_free(f);
	remove_format("rich");
}

static uint32_t content(const struct formats *f, const char *line)
{
	struct batch_head head = {.decoding = STR(""), .forced = STR("")};
	struct reader *r = reader_new(f);
	struct record rec = {0};

	reader_begin(r, &head, str_of(line));
	ok(reader_next(r, &rec) && rec.has_event && rec.event.comparable);
	reader_free(r);
	return rec.event.content;
}

/* Which renderings say the same, and which don't. */
static const struct {
	const char *a, *b;
	bool same;
} pairs[] = {
	{"{\"id\":\"1\",\"kind\":\"k\"}", "{ \"kind\" : \"k\", \"id\": \"1\" }", true},
	{"{\"id\":\"1\",\"kind\":\"k\",\"x\":null,\"y\":\"\",\"z\":[]}",
		"{\"id\":\"1\",\"kind\":\"k\"}", true},
	{"{\"id\":\"1\",\"kind\":\"a\\/b\\u0041\"}", "{\"id\":\"1\",\"kind\":\"a/bA\"}", true},
	{"{\"id\":\"1\",\"kind\":\"k\",\"n\":1}", "{\"ID\":\"1\",\"KIND\":\"k\",\"N\":1}", true},
	{"{\"id\":\"1\",\"kind\":\"k\",\"l\":[{\"a\":1,\"b\":2},{\"a\":3,\"b\":4}]}",
		"{\"id\":\"1\",\"kind\":\"k\",\"l\":[{\"b\":4,\"a\":3},{\"a\":1,\"b\":2}]}", true},
	{"{\"id\":\"1\",\"kind\":\"k\",\"@odata.type\":\"#x\"}", "{\"id\":\"1\",\"kind\":\"k\"}",
		true},
	{"{\"id\":\"1\",\"kind\":\"k\",\"etag\":\"\\\"x/y\\\"\"}", "{\"id\":\"1\",\"kind\":\"k\"}",
		true},
	{"{\"id\":\"1\",\"kind\":\"k\",\"etags\":\"x\"}", "{\"id\":\"1\",\"kind\":\"k\"}", false},
	{"{\"id\":\"1\",\"kind\":\"k\"}", "{\"id\":\"1\",\"kind\":\"K\"}", false},
	{"{\"id\":\"1\",\"kind\":\"k\",\"n\":1}", "{\"id\":\"1\",\"kind\":\"k\",\"n\":1.0}", false},
	{"{\"id\":\"1\",\"kind\":\"k\",\"n\":true}", "{\"id\":\"1\",\"kind\":\"k\",\"n\":false}",
		false},
	{"{\"id\":\"1\",\"kind\":\"k\",\"a\":{\"b\":1}}",
		"{\"id\":\"1\",\"kind\":\"k\",\"b\":{\"a\":1}}", false},
	{"{\"id\":\"1\",\"kind\":\"k\",\"l\":[{\"a\":1,\"b\":2},{\"a\":3,\"b\":4}]}",
		"{\"id\":\"1\",\"kind\":\"k\",\"l\":[{\"a\":1,\"b\":4},{\"a\":3,\"b\":2}]}", false},
	/* One element, and the object alone, where the format says that it is a list. */
	{"{\"id\":\"1\",\"kind\":\"k\",\"list\":[{\"a\":1,\"b\":2}]}",
		"{\"id\":\"1\",\"kind\":\"k\",\"list\":{\"b\":2,\"a\":1}}", true},
	{"{\"id\":\"1\",\"kind\":\"k\",\"list\":[{\"a\":1},{\"b\":2}]}",
		"{\"id\":\"1\",\"kind\":\"k\",\"list\":{\"b\":2,\"a\":1}}", false},
	{"{\"id\":\"1\",\"kind\":\"k\",\"l\":[1,1]}", "{\"id\":\"1\",\"kind\":\"k\",\"l\":[1]}",
		false},
};

static void check_content(void)
{
	struct formats *f;
	struct err err = {0};

	write_format("broad", broad);
	if (!ok(load(&f, &err)))
		BUG("%s", err.msg);
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		printf("# %s %s %s\n", pairs[i].a, pairs[i].same ? "=" : "!=", pairs[i].b);
		ok((content(f, pairs[i].a) == content(f, pairs[i].b)) == pairs[i].same);
	}
	formats_free(f);
	remove_format("broad");
}

static const struct {
	const char *line, *want;
} ids[] = {
	{"{\"box\":\"B\",\"to\":\"Ada\",\"at\":1}", "b/ada/1000000"},
	{"{\"box\":\"B\",\"to\":\"Ada\",\"at\":\"1.000\"}", "b/ada/1000000"},
	{"{\"box\":\"B\",\"for\":\"Bob\",\"at\":1}", "b/bob/1000000"},
	/* An object is no text. */
	{"{\"box\":\"B\",\"to\":{\"x\":1},\"for\":\"Bob\",\"at\":1}", "b/bob/1000000"},
	/* What isn't whole is no id. */
	{"{\"box\":\"B\",\"at\":1}", ""},
	{"{\"box\":\"B\",\"to\":\"\",\"at\":1}", ""},
	{"{\"box\":\"B\",\"to\":\"Ada\"}", ""},
	{"{\"box\":\"B\",\"to\":\"Ada\",\"at\":\"noon\"}", ""},
};

static void check_ids(void)
{
	struct batch_head head = {.decoding = STR(""), .forced = STR("")};
	struct formats *f;
	struct err err = {0};

	write_format("parts", "name: parts\nversion: 1\nrecognise: {box: exists}\ntime: at\n"
			      "id: {all: [box, to | for], time: true, lower: true}\n");
	if (!ok(load(&f, &err)))
		BUG("%s", err.msg);
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		struct reader *r = reader_new(f);
		struct record rec = {0};
		reader_begin(r, &head, str_of(ids[i].line));
		ok(reader_next(r, &rec) && rec.has_event);
		eq_str(rec.event.native_id, str_of(ids[i].want));
		reader_free(r);
	}
	formats_free(f);
	remove_format("parts");
}

/* State has no time of its own: that of its acquisition, which a log's record never gets. */
static const struct {
	const char *line, *told, *time;
	bool flawed;
} acquired[] = {
	{"{\"rule\":1}", "@2024-05-01T09:00:00Z", "2024-05-01T09:00:00Z", true},
	{"{\"rule\":1}", "state@2024-05-01T09:00:00Z", "2024-05-01T09:00:00Z", true},
	{"{\"rule\":1,\"changed\":60}", "@2024-05-01T09:00:00Z", "1970-01-01T00:01:00Z", false},
	{"{\"rule\":1}", "state", "", false},
	{"{\"rule\":1}", "@", "", false},
	{"{\"rule\":1}", "@yesterday", "", false},
	{"{\"log\":1}", "@2024-05-01T09:00:00Z", "", false},
};

static void check_acquired(void)
{
	struct formats *f;
	struct err err = {0};

	write_format("state", "name: state\nversion: 1\nrecognise: {rule: exists}\n"
			      "time:\n  - {path: changed, trusted: false}\n  - {kind: acquired}\n");
	write_format("log", "name: log\nversion: 1\nrecognise: {log: exists}\ntime: changed\n");
	if (!ok(load(&f, &err)))
		BUG("%s", err.msg);
	for (size_t i = 0; i < sizeof(acquired) / sizeof(acquired[0]); i++) {
		struct batch_head head = {.decoding = STR(""), .forced = str_of(acquired[i].told)};
		struct reader *r = reader_new(f);
		struct record rec = {0};
		struct buf time = {0};
		bool flawed = false;
		reader_begin(r, &head, str_of(acquired[i].line));
		ok(reader_next(r, &rec) && rec.has_event && !rec.event.time_trusted);
		if (when_known(rec.event.time))
			when_print(rec.event.time, &time);
		eq_str(buf_view(&time), str_of(acquired[i].time));
		for (uint32_t k = 0; k < rec.flaws.n; k++)
			flawed |= rec.flaws.at[k].code == FLAW_TIME_ACQUIRED;
		ok(flawed == acquired[i].flawed);
		buf_release(&time);
		reader_free(r);
	}
	formats_free(f);
	remove_format("state");
	remove_format("log");
}

/* A format of a later folder replaces its namesake. */
static void check_replacing(void)
{
	const char *const folders[] = {"formats", folder};
	struct formats *f;
	struct err err = {0};
	size_t i;

	write_format("mine", "name: zeek\nversion: 99\ntitle: mine\nrecognise: {a: exists}\n");
	if (!ok(formats_load(folders, 2, &f, &err)))
		BUG("%s", err.msg);
	ok(formats_find(f, STR("zeek"), &i));
	eq_str(formats_info(f, i)->version, STR("99"));
	ok(formats_find(f, STR("m365-ual"), &i));
	ok(formats_find(f, STR("aws-cloudtrail"), &i));
	formats_free(f);
	remove_format("mine");
}

int main(void)
{
	if (!mkdtemp(folder))
		BUG("no folder");
	check_mistakes();
	check_claims();
	check_rich();
	check_rest();
	check_content();
	check_ids();
	check_acquired();
	check_replacing();
	rmdir(folder);
	return tap_end();
}
