/* Reports: AsciiDoc, Markdown, HTML, and rules.  One line an indicator, with its context. */
#include "t/intel/data.h"

static const struct {
	const char *name, *text, *kind, *want;
} cases[] = {
	{"AsciiDoc: a table, and where to read more",
		"= Wolf -- Indicators\n:toc:\n\n== The Bear\n\nThe blog is at\n"
		"https://vendor.example/bear.\n\n=== Files\n\n[options=\"header\"]\n|===\n"
		"|SHA-1 |Filename |ESET detection name\n"
		"|`0123456789abcdef0123456789abcdef01234567` |`a.exe` |Win32/Bear\n|===\n",
		"asciidoc",
		"14: hash 0123456789abcdef0123456789abcdef01234567 | a.exe; Win32/Bear; "
		"The Bear / Files; https://vendor.example/bear\n"
		"7! https://vendor.example/bear.: in running text, and not written so that nobody "
		"opens it\n"
		"6! 1 line of running text: no address, domain, URL, mail address or hash\n"},
	{"AsciiDoc: cells on lines of their own, spans, cells that say nothing",
		"[cols=\"3*\"]\n|===\n|IP address |Domain |Details\n\n"
		".2+|`192.0.2[.]1`\n|N/A\n|first\n\n|`evil[.]example`\n|second "
		"(`evil2[.]example`)\n"
		"|===\n",
		"asciidoc",
		"5: ip 192.0.2.1 | first\n9: domain evil.example | second (`evil2[.]example`)\n"
		"9: domain evil2.example | second (`evil2[.]example`)\n"},
	{"AsciiDoc: lists, blocks and labels",
		"== C&C\n\n- `evil.example` (IP: `192.0.2.1`)\n* `++http://evil[.]example/a++`\n\n"
		".`a.exe`\n- `0123456789abcdef0123456789abcdef`\n\n----\nevil2.example\n"
		"%TEMP%\\b c.exe\n----\n////\nevil3.example\n////\n",
		"asciidoc",
		"3: domain evil.example | C&C\n3: ip 192.0.2.1 | C&C\n"
		"4: url http://evil.example/a | C&C\n"
		"7: hash 0123456789abcdef0123456789abcdef | C&C / `a.exe`\n"
		"10: domain evil2.example | C&C\n"
		"11: pending a path, a registry key or a pattern of names can't be matched yet | "
		"C&C\n"},
	{"who was attacked is no indicator",
		"== Targeted networks\n\n|===\n|Network |City\n|`192.0.2.0/24` |Here\n|===\n\n"
		"- `news.example`\n\n== Used to target Wolf\n\n- `evil.example`\n",
		"asciidoc",
		"12: domain evil.example | Used to target Wolf\n"
		"5! `192.0.2.0/24`: under a heading that says who was attacked\n"
		"8! `news.example`: under a heading that says who was attacked\n"},
	{"a table on its side",
		"|===\n|Serial number |0x494374D8553CA906\n|Thumbprint "
		"|0123456789abcdef0123456789abcdef01234567\n"
		"|Subject CN |Wolf Ltd\n|===\n",
		"asciidoc",
		"2: serial 494374d8553ca906 | Wolf Ltd\n"
		"2: hash 0123456789abcdef0123456789abcdef01234567 | Wolf Ltd\n"},
	{"a table without a header of values", "|===\n|ID |Name\n|T1190 |Exploit\n|===\n",
		"asciidoc", "2! ID: a table without a column of values\n"},
	{"a table that is cut", "|===\n|Domain |Details\n|evil.example |C2\n|evil2.exam",
		"asciidoc", "3: domain evil.example | C2\n4: domain evil2.exam | \n"},
	{"Markdown",
		"# Wolf\n\nSee [the report](https://vendor.example/1), and `evil[.]example`.\n\n"
		"## Files\n\n| Hash | Name |\n|---|:--:|\n"
		"| 0123456789abcdef0123456789abcdef | a\\|b |\n\n**C2:**\nhxxp://evil[.]example/b\n"
		"evil2[.]example\n",
		"markdown",
		"3: domain evil.example | Wolf; https://vendor.example/1\n"
		"9: hash 0123456789abcdef0123456789abcdef | a\\|b; Files\n"
		"12: url http://evil.example/b | Files / C2:\n"
		"13: domain evil2.example | Files / C2:\n"},
	{"several hashes in a cell",
		"| Hashes |\n|---|\n| 0123456789abcdef0123456789abcdef<br>"
		"1123456789abcdef0123456789abcdef <br/>`2123456789abcdef0123456789abcdef`, "
		"3123456789abcdef0123456789abcdef |\n",
		"markdown",
		"3: hash 0123456789abcdef0123456789abcdef | \n"
		"3: hash 1123456789abcdef0123456789abcdef | \n"
		"3: hash 2123456789abcdef0123456789abcdef | \n"
		"3: hash 3123456789abcdef0123456789abcdef | \n"},
	{"several lines in a quoted cell",
		"hashes,note\n\"0123456789abcdef0123456789abcdef\n"
		"1123456789abcdef0123456789abcdef\r\n\",a\n2123456789abcdef0123456789abcdef,b\n",
		"csv",
		"2: hash 0123456789abcdef0123456789abcdef | a\n"
		"2: hash 1123456789abcdef0123456789abcdef | a\n"
		"5: hash 2123456789abcdef0123456789abcdef | b\n"},
	{"HTML",
		"<!DOCTYPE html><html><title>Wolf</title>\n"
		"<link rel=canonical href=https://vendor.example/1>\n"
		"<script>evil9.example</script><nav><li><a href=/>vendor.example</a></nav>\n"
		"<h2>Files</h2><table><tr><th>MD5<th>Name\n"
		"<tr><td rowspan=2>0123456789abcdef0123456789abcdef<td>a.exe<tr><td>b.exe\n"
		"<tr><td>1123456789abcdef0123456789abcdef<br>"
		"0123456789abcdef0123456789abcdef01234567<td>c</table>\n"
		"<p>It talks to evil<b>[.]</b>example.\n<ul><li>evil2.example</ul>\n"
		"<pre>evil3.example\n192.0.2.1</pre>\n",
		"html",
		"5: hash 0123456789abcdef0123456789abcdef | a.exe; Files; "
		"https://vendor.example/1\n"
		"6: hash 1123456789abcdef0123456789abcdef | c; Files; https://vendor.example/1\n"
		"6: hash 0123456789abcdef0123456789abcdef01234567 | c; Files; "
		"https://vendor.example/1\n"
		"7: domain evil.example | Files; https://vendor.example/1\n"
		"8: domain evil2.example | Files; https://vendor.example/1\n"
		"9: domain evil3.example | Files; https://vendor.example/1\n"
		"10: ip 192.0.2.1 | Files; https://vendor.example/1\n"
		"3! vendor.example: in running text, and not written so that nobody opens it\n"},
	{"YARA: samples, and what stands in comments",
		"/*\nrule old { meta: hash = \"2123456789abcdef0123456789abcdef\" condition: true "
		"}\n*/\n"
		"rule a : b {\nmeta:\n  description = \"Wolf\"\n  reference = "
		"\"https://vendor.example\"\n"
		"  hash1 = \"0123456789abcdef0123456789abcdef\"\n"
		"  imphash = \"1123456789abcdef0123456789abcdef\"\n"
		"strings:\n  $hash = \"3123456789abcdef0123456789abcdef\"\ncondition: true }\n",
		"yara",
		"4: pending YARA rules run as rules | Wolf; https://vendor.example\n"
		"8: hash 0123456789abcdef0123456789abcdef | sample of YARA rule a: Wolf; "
		"https://vendor.example\n"},
	{"Suricata: lines that go on, and both directions",
		"alert tcp any any -> any any \\\n  (msg:\"one\"; sid:1;)\n"
		"alert tcp any any <> any any (msg:\"two\"; sid:2;)\nnothing\n",
		"suricata",
		"1: pending rules for traffic can't be matched yet | one\n"
		"3: pending rules for traffic can't be matched yet | two\n"
		"4! nothing: no rule for traffic\n"},
	{"Sigma: several documents",
		"action: global\ntitle: One\n---\nlogsource:\n  a: b\ndetection:\n  c: d\n---\n"
		"title: Two\n",
		"sigma",
		"2: pending Sigma rules run as rules | \n"
		"9: pending Sigma rules run as rules | \n"},
	{"PDF", "%PDF-1.7\n1 0 obj\n", "pdf", "1! x: a report as PDF isn't read: give its text\n"},
};

static void describe_report(const struct intel *in, struct buf *out)
{
	struct buf one = {0};

	for (size_t i = 0; i < in->indicators.n; i++) {
		describe(&in->indicators.at[i], &one);
		buf_addf(out, "%u: " STR_FMT " | " STR_FMT "\n", in->indicators.at[i].line,
			STR_ARG(buf_view(&one)), STR_ARG(in->indicators.at[i].context));
	}
	for (size_t i = 0; i < in->skipped.n; i++)
		buf_addf(out, "%u! " STR_FMT ": " STR_FMT "\n", in->skipped.at[i].line,
			STR_ARG(in->skipped.at[i].what), STR_ARG(in->skipped.at[i].why));
	buf_release(&one);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena a = {0};
		struct intel in;
		struct buf got = {0};

		intel_read(&a, str_of(cases[i].text), STR("x"), &in);
		describe_report(&in, &got);
		tap_eq_str(
			buf_view(&got), str_of(cases[i].want), cases[i].name, __FILE__, __LINE__);
		eq_str(in.kind, str_of(cases[i].kind));
		intel_release(&in);
		buf_release(&got);
		arena_release(&a);
	}
	return tap_end();
}
