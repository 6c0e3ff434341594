/* STIX: bundles, arrays, lines; what the objects of a file say about one another. */
#include "t/intel/data.h"

#define ID(x) "indicator--00000000-0000-4000-8000-00000000000" x
#define PATTERN(id, pattern)                                                                       \
	"{\"type\":\"indicator\",\"id\":\"" ID(id) "\",\"pattern\":\"" pattern "\"}"

static const struct {
	const char *name, *pattern, *want;
} patterns[] = {
	{"ipv4", "[ipv4-addr:value = '192.0.2.1']", "1: ip 192.0.2.1\n"},
	{"ipv4 as a network", "[ipv4-addr:value = '198.51.100.0/24']",
		"1: network 00000000000000000000ffffc6336400-00000000000000000000ffffc63364ff\n"},
	{"subset", "[network-traffic:dst_ref.value ISSUBSET '2001:0db8:dead:beef::/64']",
		"1: network 20010db8deadbeef0000000000000000-20010db8deadbeefffffffffffffffff\n"},
	{"a network of one", "[ipv4-addr:value = '203.0.113.33/32']", "1: ip 203.0.113.33\n"},
	{"a private address", "[ipv4-addr:value = '10.0.0.1']",
		"1! 10.0.0.1: a private address (RFC 1918)\n"},
	{"domain", "[domain-name:value = 'EVIL.example']", "1: domain evil.example\n"},
	{"url stays one", "[url:value = 'http://evil.example/']", "1: url http://evil.example/\n"},
	{"url without a scheme", "[url:value = 'evil.example/a.exe']",
		"1: url-path evil.example/a.exe\n"},
	{"url that is a host", "[url:value = 'evil.example']", "1: domain evil.example\n"},
	{"mail",
		"[email-addr:value = 'A@evil.example' OR email-message:from_ref.value = "
		"'b@evil.example']",
		"1: email a@evil.example\n1: email b@evil.example\n"},
	{"message id", "[email-message:message_id = '<1@evil.example>']",
		"1: message-id 1@evil.example\n"},
	{"hashes in every spelling",
		"[file:hashes.MD5 = '0123456789abcdef0123456789abcdef' OR file:hashes.'SHA-1' = "
		"'da39a3ee5e6b4b0d3255bfef95601890afd80700' OR file:hashes.sha256 = "
		"'E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B800']",
		"1: hash 0123456789abcdef0123456789abcdef\n"
		"1: hash da39a3ee5e6b4b0d3255bfef95601890afd80700\n"
		"1: hash e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b800\n"},
	{"account", "[user-account:account_login = 'Bob']", "1: account bob\n"},
	{"file name", "[file:name = 'Foo.DLL']", "1: file-name foo.dll\n"},
	{"serial", "[x509-certificate:serial_number = '4C:0B:1D']", "1: serial 4c0b1d\n"},
	{"mac", "[mac-addr:value = 'AA:BB:CC:DD:EE:FF']", "1: mac aa:bb:cc:dd:ee:ff\n"},
	{"user agent",
		"[network-traffic:extensions.'http-request-ext'.request_header.'User-Agent' = "
		"'evil/1']",
		"1: user-agent evil/1\n"},
	{"in", "[domain-name:value IN ('a.example', 'b.example')]",
		"1: domain a.example\n1: domain b.example\n"},
	{"one leg that can't",
		"[domain-name:value = 'a.example' OR file:size = 25 OR process:name = 'x' OR "
		"file:size = 9]",
		"1: domain a.example\n1: pending file:size, process:name: runs as a rule\n"},
	{"and", "[domain-name:value = 'a.example' AND domain-name:x = 'y']",
		"1: pending AND: no event has what it asks for\n"},
	{"and beside or",
		"[domain-name:value = 'a.example' AND a:x = 'y'] OR [domain-name:value = "
		"'b.example']",
		"1: domain b.example\n1: pending AND: runs as a rule\n"},
	{"followed by", "[url:value = 'http://a.example/b'] FOLLOWEDBY [a:b = 1]",
		"1: pending FOLLOWEDBY: no event has what it asks for\n"},
	{"qualifier", "[url:value = 'http://a.example/b'] REPEATS 5 TIMES",
		"1: pending a qualifier: runs as a rule\n"},
	{"like", "[url:value LIKE 'http://a%']", "1: pending LIKE: runs as a rule\n"},
	{"matches", "[url:value MATCHES '^http']", "1: pending MATCHES: runs as a rule\n"},
	{"not", "[url:value NOT = 'http://a.example/']", "1: pending NOT: runs as a rule\n"},
	{"unequal", "[url:value != 'http://a.example/']", "1: pending !=: runs as a rule\n"},
	{"exists", "[EXISTS url:value]", "1: pending EXISTS: runs as a rule\n"},
	{"likeness", "[file:hashes.SSDEEP = '3:a:b']",
		"1: pending file:hashes.SSDEEP: no event has what it asks for\n"},
	{"not of its kind", "[ipv4-addr:value = 'nonsense']",
		"1: pending 'nonsense' as a value of ipv4-addr:value: runs as a rule\n"},
	{"a key that passes for a path", "[file:'hashes.MD5' = '0123456789abcdef0123456789abcdef']",
		"1: pending file:'hashes.MD5': no event has what it asks for\n"},
	{"a mistake", "[url:value = ]",
		"1: pending not a STIX pattern: at byte 13 a literal was expected\n"},
	{"nothing", "[ipv4-addr:value IN ()]", "1: pending it compares nothing\n"},
};

static void read_text(struct arena *a, const char *text, struct intel *in, struct buf *got)
{
	intel_read(a, str_of(text), STR("x.json"), in);
	buf_clear(got);
	describe_all(in, got);
}

static void test_patterns(void)
{
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		struct arena a = {0};
		struct intel in;
		struct buf got = {0}, text = {0};

		buf_addf(&text,
			"{\"type\":\"indicator\",\"id\":\"" ID("1") "\",\"pattern\":\"%s\"}\n",
			patterns[i].pattern);
		buf_putc(&text, 0);
		read_text(&a, text.p, &in, &got);
		tap_eq_str(buf_view(&got), str_of(patterns[i].want), patterns[i].name, __FILE__,
			__LINE__);
		intel_release(&in);
		buf_release(&got);
		buf_release(&text);
		arena_release(&a);
	}
}

static const struct {
	const char *name, *text, *kind, *want;
} shapes[] = {
	{"bundle",
		"{\"type\":\"bundle\",\"id\":\"bundle--1\",\"objects\":[\n" PATTERN(
			"1", "[domain-name:value = 'a.example']") ",\n" PATTERN("2",
			"[domain-name:value = 'b.example']") "]}",
		"stix-2.0", "2: domain a.example\n3: domain b.example\n"},
	{"array", "[" PATTERN("1", "[domain-name:value = 'a.example']") "]", "stix-2.0",
		"1: domain a.example\n"},
	{"lines",
		PATTERN("1", "[domain-name:value = 'a.example']") "\r\n" PATTERN(
			"2", "[domain-name:value = 'b.example']") "\n",
		"stix-2.0", "1: domain a.example\n2: domain b.example\n"},
	{"a bundle a line",
		"{\"objects\":[" PATTERN(
			"1", "[domain-name:value = 'a.example']") "]}\n"
								  "{\"objects\":[" PATTERN("2",
									  "[domain-name:value = "
									  "'b.example']") "]}\n",
		"stix-2.0", "1: domain a.example\n2: domain b.example\n"},
	{"2.1",
		"{\"type\":\"indicator\",\"spec_version\":\"2.1\",\"id\":\"" ID(
			"1") "\",\"pattern_type\":"
			     "\"yara\",\"pattern\":\"rule x\"}",
		"stix-2.1", "1: pending patterns of type 'yara' can't be matched yet\n"},
	{"other objects are nodes",
		"{\"type\":\"malware\",\"id\":\"malware--1\",\"name\":\"M\"}\n"
		"{\"type\":\"malware\",\"id\":\"malware--2\",\"name\":\"N\"}\n",
		"stix-2.0", "1* malware M\n2* malware N\n"},
	{"benign",
		"{\"type\":\"indicator\",\"id\":\"" ID(
			"1") "\",\"labels\":[\"benign\"],"
			     "\"pattern\":\"[domain-name:value = 'a.example']\"}",
		"stix-2.0",
		"1! [domain-name:value = 'a.example']: its source says that it is benign\n"},
	{"plain objects",
		"{\"ioc\":\"evil[.]example\",\"type\":\"domain\",\"comment\":\"c\"}\n{\"a\":1}\n",
		"json",
		"1: domain evil.example\n2! {\"a\":1}: no STIX object, and no key that names a "
		"value\n"},
	{"strings", "[\"evil.example\", \"192.0.2.1\", \"x\", 5]", "json",
		"1: domain evil.example\n1: ip 192.0.2.1\n1! \"x\": neither an object nor a value\n"
		"1! 5: neither an object nor a value\n"},
	{"a line that never ends",
		PATTERN("1", "[domain-name:value = 'a.example']") "\n{\"type\":\"indi\n" PATTERN(
			"2", "[domain-name:value = 'b.example']") "\n",
		"stix-2.0",
		"1: domain a.example\n3: domain b.example\n2! {\"type\":\"indi: not JSON\n"},
};

static void test_shapes(void)
{
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		struct arena a = {0};
		struct intel in;
		struct buf got = {0};

		read_text(&a, shapes[i].text, &in, &got);
		tap_eq_str(
			buf_view(&got), str_of(shapes[i].want), shapes[i].name, __FILE__, __LINE__);
		eq_str(in.kind, str_of(shapes[i].kind));
		intel_release(&in);
		buf_release(&got);
		arena_release(&a);
	}
}

/* Everything refers to what comes later. */
static void test_graph(void)
{
	static const char text[] =
		"{\"type\":\"relationship\",\"id\":\"relationship--1\",\"relationship_type\":"
		"\"indicates\","
		"\"source_ref\":\"" ID(
			"1") "\",\"target_ref\":\"malware--1\"}\n"
			     "{\"type\":\"relationship\",\"id\":\"relationship--2\",\"relationship_"
			     "type\":\"indicates\","
			     "\"source_ref\":\"" ID(
				     "1") "\",\"target_ref\":\"campaign--1\"}\n"
					  "{\"type\":\"relationship\",\"id\":\"relationship--3\","
					  "\"relationship_type\":"
					  "\"attributed-to\",\"source_ref\":\"campaign--1\","
					  "\"target_ref\":\"intrusion-set--1\"}\n"
					  "{\"type\":\"relationship\",\"id\":\"relationship--4\","
					  "\"relationship_type\":\"indicates\","
					  "\"source_ref\":\"" ID(
						  "2") "\",\"target_ref\":\"malware--1\"}\n"
						       "{\"type\":\"indicator\",\"id\":\"" ID(
							       "1") "\",\"name\":\"First\","
								    "\"confidence\":85,"
								    "\"valid_from\":\"2024-01-"
								    "01T00:00:00Z\",\"valid_"
								    "until\":\"2025-01-01T00:00:00."
								    "000Z\","
								    "\"object_marking_refs\":["
								    "\"marking-definition--"
								    "bab4a63c-aed9-4cf5-a766-"
								    "dfca5abac2bb\","
								    "\"marking-definition--"
								    "f88d31f6-486f-44da-b317-"
								    "01333bde0b82\"],"
								    "\"pattern\":\"[domain-name:"
								    "value = 'a.example']\"}\n"
								    "{\"type\":\"indicator\","
								    "\"id\":\"" ID(
									    "2") "\",\"name\":\"b."
										 "example\","
										 "\"revoked\":true,"
										 "\"description\":"
										 "\"Second\","
										 "\"object_marking_"
										 "refs\":["
										 "\"marking-"
										 "definition--1\"],"
										 "\"pattern\":\"["
										 "domain-name:"
										 "value = "
										 "'b.example']\"}\n"
										 "{\"type\":"
										 "\"indicator\","
										 "\"id\":\"" ID(
											 "3") "\","
											      "\"la"
											      "bels"
											      "\":["
											      "\"x"
											      "\","
											      "\"y"
											      "\"],"
											      "\"ob"
											      "ject"
											      "_mar"
											      "king"
											      "_ref"
											      "s\":"
											      "[\"m"
											      "arki"
											      "ng-"
											      "defi"
											      "niti"
											      "on--"
											      "2\"]"
											      ","
											      "\"pa"
											      "tter"
											      "n\":"
											      "\"["
											      "doma"
											      "in-"
											      "name"
											      ":val"
											      "ue "
											      "= "
											      "'c."
											      "exam"
											      "ple'"
											      "]\"}"
											      "\n"
											      "{\"t"
											      "ype"
											      "\":"
											      "\"in"
											      "dica"
											      "tor"
											      "\","
											      "\"id"
											      "\":"
											      "\"" ID("4") "\",\"granular_markings\":[{\"marking_ref\":"
													   "\"marking-definition--3\",\"selectors\":[\"pattern\"]}],"
													   "\"pattern\":\"[domain-name:value = 'd.example']\"}\n"
													   "{\"type\":\"malware\",\"id\":\"malware--1\",\"name\":\"RAT\"}\n"
													   "{\"type\":\"campaign\",\"id\":\"campaign--1\",\"name\":\"Winter\"}\n"
													   "{\"type\":\"intrusion-set\",\"id\":\"intrusion-set--1\",\"name\":\"WOLF\"}\n"
													   "{\"type\":\"marking-definition\",\"id\":\"marking-definition--1\",\"definition_type\":"
													   "\"tlp\",\"definition\":{\"tlp\":\"green\"}}\n"
													   "{\"type\":\"marking-definition\",\"id\":\"marking-definition--3\",\"extensions\":"
													   "{\"extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d\":{\"extension_type\":"
													   "\"property-extension\",\"tlp_2_0\":\"amber+strict\"}}}\n";
	struct arena a = {0};
	struct intel in;
	struct buf got = {0};

	read_text(&a, text, &in, &got);
	if (ok(in.indicators.n == 4)) {
		const struct indicator *i = in.indicators.at;
		eq_str(i[0].id, STR(ID("1")));
		eq_str(i[0].actor, STR("WOLF"));
		eq_str(i[0].context, STR("First"));
		eq_str(i[0].marking, STR("TLP:AMBER"));
		ok(i[0].confidence == 85 && !i[0].revoked);
		ok(i[0].valid_from.us == 1704067200 * WHEN_SECOND);
		ok(i[0].valid_until.us == 1735689600 * WHEN_SECOND);
		eq_str(i[1].actor, STR("RAT"));
		eq_str(i[1].context, STR("Second"));
		eq_str(i[1].marking, STR("TLP:GREEN"));
		ok(i[1].revoked && i[1].confidence == -1);
		eq_str(i[2].actor, STR(""));
		eq_str(i[2].context, STR("x, y"));
		eq_str(i[2].marking, STR("marking-definition--2")); /* open: not in the file */
		eq_str(i[3].marking, STR("TLP:AMBER+STRICT"));
	}
	intel_release(&in);
	buf_release(&got);
	arena_release(&a);
}

/* Times that never were are told, and what they stand at counts. */
static void test_no_times(void)
{
	static const char text[] = "{\"type\":\"indicator\",\"id\":\"" ID(
		"1") "\",\"pattern\":\"[domain-name:value = 'a.example']\",\"valid_from\":"
		     "\"2024-02-30T00:00:00Z\",\"valid_until\":\"soon\"}\n";
	struct arena a = {0};
	struct intel in;
	struct buf got = {0};

	read_text(&a, text, &in, &got);
	eq_str(buf_view(&got),
		STR("1: domain a.example\n1! " ID(
			"1") ": its 'valid_from' is no time; the rest is "
			     "read\n1! " ID(
				     "1") ": its 'valid_until' is no time; the rest is read\n"));
	intel_release(&in);
	buf_release(&got);
	arena_release(&a);
}

/* Brackets that never close, ten thousand deep, in one file of a megabyte: answered at once. */
static void test_hostile(void)
{
	static const char *const units[] = {
		"{\"objects\":[", "[", "{", "\"", "{\"a\":\"\\\\", "]", "}", ","};
	struct buf got = {0};

	for (size_t u = 0; u < sizeof(units) / sizeof(units[0]); u++) {
		for (int lines = 0; lines < 2; lines++) {
			struct arena a = {0};
			struct buf text = {0};
			struct intel in;
			buf_str(&text, STR("{}"));
			while (text.n < 1 << 20) {
				buf_str(&text, str_of(units[u]));
				if (lines)
					buf_putc(&text, '\n');
			}
			intel_read(&a, buf_view(&text), STR("x"), &in);
			ok(in.indicators.n == 0 && in.skipped.n > 0);
			intel_release(&in);
			buf_release(&text);
			arena_release(&a);
		}
	}
	buf_release(&got);
}

int main(void)
{
	test_patterns();
	test_shapes();
	test_graph();
	test_no_times();
	test_hostile();
	return tap_end();
}
