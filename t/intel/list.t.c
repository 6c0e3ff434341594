/* Lists, text and tables as a whole. */
#include "t/intel/data.h"

static const struct {
	const char *name, *text, *kind, *want;
} cases[] = {
	{"one a line, comments above and behind",
		"# Copyright (c) 2014-2026 Us (https://us.example)\n\n# Aliases: wolf, bear\n\n# "
		"Reference: https://r.example/1\n"
		"# Reference: https://r.example/2\n\nevil.example\n192.0.2.1 # scanner.example\n",
		"list",
		"8: domain evil.example\n9: ip 192.0.2.1\n3* actor wolf\n= actor:wolf bear (Us)\n"},
	{"hash and comment",
		"0123456789abcdef0123456789abcdef;Dropper https://r.example readme.md\n"
		"192.0.2.5;65\nevil.example;evil2.example\n",
		"list",
		"1: hash 0123456789abcdef0123456789abcdef\n2: ip 192.0.2.5\n"
		"3: domain evil.example\n3: domain evil2.example\n"},
	{"several in a line", "evil.example, evil2.example 192.0.2.1\nC2: evil3.example\n", "list",
		"1: domain evil.example\n1: domain evil2.example\n1: ip 192.0.2.1\n"
		"2: domain evil3.example\n"},
	{"running text",
		"We saw that the program talks to evil[.]example (192.0.2.9), as news.example "
		"wrote in\n"
		"https://news.example/story on Monday.\n"
		"see https://news.example/more\n",
		"list",
		"1: domain evil.example\n1: ip 192.0.2.9\n"
		"2: url https://news.example/story\n"
		"1! news.example: in running text, and not written so that nobody opens it\n"
		"3! https://news.example/more: in running text, and not written so that nobody "
		"opens it\n"},
	{"a heading", "Domains:\nevil.example\nnothing here\n", "list",
		"2: domain evil.example\n"
		"3! nothing here: no address, domain, URL, mail address or hash\n"},
	{"the same twice", "evil.example\nEVIL.example.\n", "list",
		"1: domain evil.example\n2! EVIL.example.: the same as in line 1\n"},
	{"carriage returns", "evil.example\r\n192.0.2.1\r\n", "list",
		"1: domain evil.example\n2: ip 192.0.2.1\n"},
	{"byte order mark",
		"\xef\xbb\xbf"
		"evil.example\n",
		"list", "1: domain evil.example\n"},
	{"no line end", "evil.example", "list", "1: domain evil.example\n"},
	{"patterns", "[ipv4-addr:value = '192.0.2.1']\n[a:b = 1]\n[a:b = ]\n", "list",
		"1: ip 192.0.2.1\n2: pending a:b: no event has what it asks for\n"
		"3: pending not a STIX pattern: at byte 7 a literal was expected\n"},
	{"empty", "", "list", ""},
	{"a header of columns",
		"value,type,notes\nwww.evil.example,hostname,\"a "
		"\"\"name\"\"\"\n192.0.2.1,ipaddress,\n"
		"192.0.2.2:443,url,C2\n,hostname,nothing\nalice,username,a user\nx,mutex,a lock\n",
		"csv",
		"2: domain www.evil.example\n3: ip 192.0.2.1\n4: ip 192.0.2.2\n6: account alice\n"
		"5! ,hostname,nothing: no value in the columns that have values\n"
		"7! x: no value of a kind that spoor knows ('mutex')\n"},
	{"typed columns", "Domain,IP Address,SHA256,User-Agent\nevil.example,192.0.2.1,,curl/7\n",
		"csv", "2: domain evil.example\n2: ip 192.0.2.1\n2: user-agent curl/7\n"},
	{"only the value's column",
		"IOC, Valid From, Link\nevil.example,2024-01-01,https://x.example/\n", "csv",
		"2: domain evil.example\n"},
	{"several hashes in a cell",
		"value,entity_type\n\"0123456789abcdef0123456789abcdef,"
		"da39a3ee5e6b4b0d3255bfef95601890afd80700\",file\n",
		"csv",
		"2: hash 0123456789abcdef0123456789abcdef\n"
		"2: hash da39a3ee5e6b4b0d3255bfef95601890afd80700\n"},
	{"cells of several lines",
		"Indicator,Kill chain\n192.0.2.1,\"c2\n\"\nNetwork traffic to 192.0.2.2 on port "
		"80,c2\n"
		"January invoice.doc,c2\n",
		"csv", "2: ip 192.0.2.1\n4: ip 192.0.2.2\n5: file-name january invoice.doc\n"},
	{"semicolons and tabs", "type;ioc\nurl;hxxp://evil[.]example/a\n", "csv",
		"2: url http://evil.example/a\n"},
	{"no header",
		"192.0.2.1,a scanner of ports\n192.0.2.2,another one\nx,a third\n"
		"192.0.2.3,a fourth\n192.0.2.4,a fifth\n",
		"csv",
		"1: ip 192.0.2.1\n2: ip 192.0.2.2\n4: ip 192.0.2.3\n5: ip 192.0.2.4\n"
		"3! x: no address, domain, URL, mail address or hash\n"},
	{"patterns in a column",
		"tlp,id,pattern,pattern_type,confidence\n"
		"white,indicator--1,[domain-name:value = 'evil.example'],stix,90\n"
		"amber,indicator--2,rule x {condition: true},yara,\n",
		"csv",
		"2: domain evil.example\n3: pending patterns of type 'yara' run as "
		"rules\n"},
	{"an open quote", "value,notes\nevil.example,\"open\nevil2.example,x\n", "csv",
		"2: domain evil.example\n3: domain evil2.example\n"
		"2! \": a quote that never ends: from here on each line is a row\n"},
	{"YARA",
		"/*\n  about\n*/\nimport \"pe\"\n\nprivate rule a : tag {\n  condition: "
		"true\n}\nrule b\n{\n"
		"  condition: pe.x\n}\n",
		"yara",
		"6: pending YARA rules run as rules\n9: pending YARA rules run as "
		"rules\n"},
	{"Suricata", "# rules\nalert tcp any any -> $HOME_NET 80 (msg:\"x\"; sid:1;)\n", "suricata",
		"2: pending rules for traffic can't be matched yet\n"},
	{"Sigma",
		"title: A thing\nlogsource:\n  product: aws\ndetection:\n  s: {a: b}\n  condition: "
		"s\n",
		"sigma", "1: pending Sigma rules run as rules\n"},
	{"XML", "<?xml version=\"1.0\"?>\n<ioc/>\n", "xml",
		"1: pending XML (STIX 1, OpenIOC) can't be read yet\n"},
};

static void read_text(struct arena *a, struct str text, struct intel *in)
{
	intel_read(a, text, STR("x"), in);
}

static void test_cases(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena a = {0};
		struct intel in;
		struct buf got = {0};

		read_text(&a, str_of(cases[i].text), &in);
		describe_all(&in, &got);
		tap_eq_str(
			buf_view(&got), str_of(cases[i].want), cases[i].name, __FILE__, __LINE__);
		eq_str(in.kind, str_of(cases[i].kind));
		intel_release(&in);
		buf_release(&got);
		arena_release(&a);
	}
}

static void test_context(void)
{
	struct arena a = {0};
	struct intel in;

	read_text(&a,
		STR("# Aliases: wolf, bear\n# Old\n\n# Reference: 1\n# Reference: 2\nevil.example\n"
		    "192.0.2.1 # scanner\n\n# Other\n192.0.2.2\n"),
		&in);
	ok(in.indicators.n == 3);
	eq_str(in.indicators.at[0].actor, STR("wolf"));
	ok(in.said.nodes.n == 1 && in.said.nodes.at[0].type == NODE_ACTOR);
	eq_str(in.said.nodes.at[0].name, STR("wolf"));
	eq_str(in.said.nodes.at[0].description, STR("Reference: 1\nReference: 2"));
	ok(in.said.names.n == 1);
	eq_str(in.said.names.at[0].name, STR("bear"));
	eq_str(in.said.names.at[0].node, in.said.nodes.at[0].id);
	eq_str(in.indicators.at[0].context, STR("Reference: 1; Reference: 2"));
	eq_str(in.indicators.at[1].context, STR("scanner"));
	eq_str(in.indicators.at[2].context, STR("Other"));
	eq_str(in.indicators.at[1].original, STR("192.0.2.1"));
	intel_release(&in);
	read_text(&a,
		STR("tlp,id,name,value,confidence,valid from,valid until,description,revoked\n"
		    "white,i--1,n,evil.example,90,2024-01-01,2025-01-01T00:00:00Z,why,true\n"
		    "odd,,n,evil2.example,900,soon,,,\n"),
		&in);
	ok(in.indicators.n == 2);
	eq_str(in.indicators.at[0].marking, STR("TLP:CLEAR"));
	eq_str(in.indicators.at[0].id, STR("i--1"));
	eq_str(in.indicators.at[0].context, STR("why"));
	ok(in.indicators.at[0].confidence == 90 && in.indicators.at[0].revoked);
	/* date -u -d 2024-01-01 +%s */
	ok(in.indicators.at[0].valid_from.us == 1704067200 * WHEN_SECOND);
	ok(in.indicators.at[0].valid_until.us == 1735689600 * WHEN_SECOND);
	eq_str(in.indicators.at[1].marking, STR("TLP:RED"));
	eq_str(in.indicators.at[1].context, STR("n"));
	ok(in.indicators.at[1].confidence == -1 && !in.indicators.at[1].revoked);
	ok(!when_known(in.indicators.at[1].valid_from));
	intel_release(&in);
	arena_release(&a);
}

static void test_utf16(void)
{
	static const char ascii[] = "evil.example\r\n192.0.2.1\r\n";
	struct arena a = {0};
	struct buf le = {0}, be = {0};
	struct intel in;

	buf_str(&le, STR("\xff\xfe"));
	buf_str(&be, STR("\xfe\xff"));
	for (size_t i = 0; i < sizeof(ascii) - 1; i++) {
		buf_putc(&le, ascii[i]);
		buf_putc(&le, 0);
		buf_putc(&be, 0);
		buf_putc(&be, ascii[i]);
	}
	read_text(&a, buf_view(&le), &in);
	ok(in.indicators.n == 2 && in.skipped.n == 0);
	intel_release(&in);
	read_text(&a, buf_view(&be), &in);
	ok(in.indicators.n == 2 && in.skipped.n == 0);
	intel_release(&in);
	read_text(&a,
		STR("\x7f"
		    "ELF\0\0evil.example\n"),
		&in);
	ok(in.indicators.n == 0 && in.skipped.n == 1);
	eq_str(in.skipped.at[0].why, STR("not text"));
	intel_release(&in);
	buf_release(&le);
	buf_release(&be);
	arena_release(&a);
}

int main(void)
{
	test_cases();
	test_context();
	test_utf16();
	return tap_end();
}
