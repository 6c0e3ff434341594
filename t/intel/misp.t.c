/* MISP: events, feeds, galaxies, taxonomies, warning lists (MISP core format and its like). */
#include "t/intel/data.h"

/* JSON is written with ' for ". */
static void read_text(struct arena *a, const char *text, struct intel *in, struct buf *got)
{
	char *json = arena_alloc(a, strlen(text) + 1);
	size_t n = 0;

	for (; text[n]; n++)
		json[n] = text[n] == '\'' ? '"' : text[n];
	intel_read(a, (struct str){json, n}, STR("x.json"), in);
	buf_clear(got);
	describe_all(in, got);
}

#define UUID "5a4cb19a-f550-437f-bd29-48ed950d210f"
#define ATTRIBUTE(type, value) "{'type':'" type "','to_ids':true,'value':'" value "'}"
#define MD5 "0123456789abcdef0123456789abcdef"
#define SHA1 "0123456789abcdef0123456789abcdef01234567"
#define PARTLY "the text ends within this value; it is read as far as it goes\n"
#define PENDING(type) "1: pending attributes of type '" type "' can't be matched yet\n"

/* One attribute, and what it is. */
static const struct {
	const char *type, *value, *want;
} types[] = {
	{"ip-src", "192.0.2.1", "1: ip 192.0.2.1\n"},
	{"ip-dst", "198.51.100.0/24",
		"1: network 00000000000000000000ffffc6336400-00000000000000000000ffffc63364ff\n"},
	{"ip-dst|port", "192.0.2.1|443", "1: ip 192.0.2.1\n"},
	{"ip-src|port", "2001:db8::1|443", "1: ip 2001:db8::1\n"},
	{"domain", "EVIL.example", "1: domain evil.example\n"},
	{"hostname", "www.evil.example", "1: domain www.evil.example\n"},
	{"hostname|port", "www.evil.example|8080", "1: domain www.evil.example\n"},
	{"domain|ip", "evil.example|192.0.2.1", "1: domain evil.example\n1: ip 192.0.2.1\n"},
	{"url", "http://evil.example/", "1: url http://evil.example/\n"},
	{"link", "http://evil.example/a", "1: url http://evil.example/a\n"},
	{"uri", "/gate.php", "1: pending a path without a host can't be matched yet\n"},
	{"email-src", "A@evil.example", "1: email a@evil.example\n"},
	{"email-dst", "a@evil.example", "1: email a@evil.example\n"},
	{"email-message-id", "<1@evil.example>", "1: message-id 1@evil.example\n"},
	{"email-attachment", "Invoice.DOC", "1: file-name invoice.doc\n"},
	{"email-subject", "Hello", PENDING("email-subject")},
	{"md5", "0123456789ABCDEF0123456789abcdef", "1: hash " MD5 "\n"},
	{"filename", "Evil.exe", "1: file-name evil.exe\n"},
	{"filename", "C:\\\\Temp\\\\Evil.exe", "1: file-path c:\\temp\\evil.exe\n"},
	{"filename|md5", "evil.exe|" MD5, "1: hash " MD5 "\n"},
	{"filename|sha1", "a|" SHA1, "1: hash " SHA1 "\n"},
	{"malware-sample", "evil.exe|" MD5, "1: hash " MD5 "\n"},
	{"malware-sample", "evil.exe", "1! evil.exe: of 'malware-sample' one half is missing\n"},
	{"filename|ssdeep", "a|3:b:c", PENDING("filename|ssdeep")},
	{"x509-fingerprint-sha1", SHA1, "1: hash " SHA1 "\n"},
	{"ssdeep", "3:a:b", PENDING("ssdeep")},
	{"imphash", MD5, PENDING("imphash")},
	{"sha224", "d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f", PENDING("sha224")},
	{"user-agent", "evil/1", "1: user-agent evil/1\n"},
	{"ja3-fingerprint-md5", MD5, "1: fingerprint " MD5 "\n"},
	{"mac-address", "AA-BB-CC-DD-EE-FF", "1: mac aa:bb:cc:dd:ee:ff\n"},
	{"phone-number", "+44 20 7946 0958", "1: phone +442079460958\n"},
	{"azure-application-id", "14D82EEC-204B-4C2F-b7e8-296a70dab67e",
		"1: app 14d82eec-204b-4c2f-b7e8-296a70dab67e\n"},
	{"regkey|value", "HKLM\\\\x|y", PENDING("regkey|value")},
	{"yara", "rule x", PENDING("yara")},
	{"btc", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", PENDING("btc")},
	{"AS", "AS64496", PENDING("AS")},
	{"stix2-pattern", "[url:value LIKE \\'x%\\']", "1: pending not a STIX pattern"},
	{"text", "x", "1! x: 'text' is nothing to look for\n"},
	{"comment", "evil.example", "1! evil.example: 'comment' is nothing to look for\n"},
	{"no-such-type", "x", PENDING("no-such-type")},
	{"ip-src", "nonsense", "1! nonsense: no value of the type 'ip-src'\n"},
	{"md5", SHA1 "0", "1! " SHA1 "0: no value of the type 'md5'\n"},
	{"ip-src", "10.0.0.1", "1! 10.0.0.1: a private address (RFC 1918)\n"},
	{"domain", "", "1! domain: an attribute without a value\n"},
};

static void test_types(void)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct arena a = {0};
		struct intel in;
		struct buf got = {0}, text = {0};
		struct str lines;

		buf_addf(&text, "{'Attribute':[" ATTRIBUTE("%s", "%s") "]}", types[i].type,
			types[i].value);
		buf_putc(&text, 0);
		read_text(&a, text.p, &in, &got);
		lines = buf_view(&got);
		ok(str_starts(lines, str_of(types[i].want)));
		if (!str_starts(lines, str_of(types[i].want)))
			printf("# %s: " STR_FMT, types[i].type, STR_ARG(lines));
		intel_release(&in);
		buf_release(&got);
		buf_release(&text);
		arena_release(&a);
	}
}

static const struct {
	const char *name, *text, *kind, *want;
} cases[] = {
	{"an event", "{'Event':{'info':'x'}}", "misp", "1* incident x\n"},
	{"an answer",
		"{'response':[\n{'Event':{'info':'x','Attribute':[" ATTRIBUTE(
			"domain", "a.example") "]}},\n{'Event':{'info':'y'}}]}",
		"misp", "2: domain a.example\n2* incident x\n3* incident y\n"},
	{"an answer of attributes",
		"{'response':{'Attribute':[\n" ATTRIBUTE("domain", "a.example") "]}}", "misp",
		"2: domain a.example\n"},
	{"an array", "[{'Event':{'info':'x'}},{'Event':{'info':'y'}}]", "misp",
		"1* incident x\n1* incident y\n"},
	{"lines", "{'Event':{'info':'x'}}\n{'Event':{'info':'y'}}\n", "misp",
		"1* incident x\n2* incident y\n"},
	{"a bare event", "{'info':'x','threat_level_id':'1'}", "misp", "1* incident x\n"},
	{"no event", "{'info':'x'}", "json",
		"1! {\"info\":\"x\"}: no STIX object, and no key that names a value\n"},
	{"STIX with an info",
		"{'id':'indicator--1','type':'indicator','info':'x','analysis':1,"
		"'pattern':'[a:b = 1]'}",
		"stix-2.0", "1: pending a:b: no event has what it asks for\n"},
	{"a list of what is bad is no warning list",
		"{'name':'L','version':1,'description':'bad','list':['a.example']}", "json",
		"1! "
		"{\"name\":\"L\",\"version\":1,\"description\":\"bad\",\"list\":[\"a.example\"]}: "
		"no "
		"STIX object, and no key that names a value\n"},
	{"values are no clusters", "{'name':'L','type':'domain','values':['a.example']}", "json",
		"1! {\"name\":\"L\",\"type\":\"domain\",\"values\":[\"a.example\"]}: no STIX "
		"object, and no key that names a value\n"},
	{"objects by uuid are no manifest", "{'" UUID "':{'a':1}}", "json",
		"1! {\"" UUID "\":{\"a\":1}}: no STIX object, and no key that names a value\n"},
	{"something else behind it", "{'Event':{'info':'x'}}\n{'a':1}\n5\n", "misp",
		"1* incident x\n2! {\"a\":1}: no event, cluster or list of MISP\n3! 5: no "
		"object\n"},
	{"not for detection",
		"{'Attribute':[{'type':'domain','to_ids':false,'value':'a.example'},\n"
		"{'type':'domain','value':'b.example'},\n{'type':'link','value':'http://c.example/"
		"c'},\n{'type':'domain','to_ids':'1','value':'d.example'}]}",
		"misp",
		"2: domain b.example\n4: domain d.example\n1! a.example: not for detection "
		"(to_ids)\n3! http://c.example/c: not for detection (to_ids)\n"},
	{"deleted",
		"{'Attribute':[{'type':'domain','to_ids':true,'deleted':true,'value':'a.example'}]"
		",'Object':[{'name':'file','deleted':true,'Attribute':[" ATTRIBUTE(
			"md5", MD5) "]}]}",
		"misp", "1! a.example: deleted by its source\n1! " MD5 ": deleted by its source\n"},
	{"a target is no indicator",
		"{'Attribute':[{'type':'email-dst','category':'Targeting data','to_ids':true,"
		"'value':'mp@parliament.example'}]}",
		"misp", "1! mp@parliament.example: a target: who was attacked is not looked for\n"},
	{"the same again",
		"{'Attribute':[" ATTRIBUTE("domain", "a.example") ",\n" ATTRIBUTE(
			"hostname", "a.example") "]}",
		"misp", "1: domain a.example\n2! a.example: the same as in line 1\n"},
	{"an object and what it refers to",
		"{'info':'x','uuid':'" UUID "','Object':[{'name':'file','uuid':'o1',\n"
		"'Attribute':[{'type':'md5','to_ids':true,'object_relation':'md5','value':'" MD5
		"'}],\n'ObjectReference':[{'referenced_uuid':'o2','relationship_type':'drops'}]},"
		"{'name':'file','uuid':'o2','ObjectReference':[{'referenced_uuid':'o1'}]}]}",
		"misp",
		"2: hash " MD5 "\n1* incident x\n1* observed md5: " MD5
		"\n3* observed file\n- o1 drops o2\n- o1 part-of " UUID
		"\n- o2 related-to o1\n- o2 part-of " UUID "\n"},
	{"a proposal",
		"{'info':'x','uuid':'e','Attribute':[{'type':'filename','to_ids':true,"
		"'value':'bar.exe','uuid':'u','ShadowAttribute':[{'type':'filename','uuid':'u',"
		"'id':7,'to_ids':true,'value':'bar.pdf'}]}],\n"
		"'ShadowAttribute':[{'type':'domain','uuid':'v','to_ids':true,"
		"'proposal_to_delete':true,'value':'a.example'}]}",
		"misp",
		"1: file-name bar.exe\n1* incident x\n1* note bar.pdf\n2* note a.example\n"
		"- proposal:u/7 proposed-for u\n- proposal:v/ proposed-for e\n"
		"1! bar.pdf: a proposal, not accepted\n"
		"2! a.example: a proposal to take it out, not accepted\n"},
	{"things of their own",
		"{'info':'x','uuid':'e','Attribute':[{'type':'threat-actor','value':'WOLF'},"
		"{'type':'vulnerability','value':'CVE-2020-1'}]}",
		"misp",
		"1* incident x\n1* actor WOLF\n1* vulnerability CVE-2020-1\n"
		"- e attributed-to actor:WOLF\n- e exploits vulnerability:CVE-2020-1\n"
		"1! WOLF: not for detection (to_ids)\n1! CVE-2020-1: not for detection (to_ids)\n"},
	{"tags of galaxies",
		"{'info':'x','uuid':'e','Tag':[{'name':'misp-galaxy:threat-actor=\\'WOLF\\''},"
		"{'name':'misp-galaxy:mitre-attack-pattern=\\'Phishing - T1566\\''},"
		"{'name':'misp-galaxy:sector=\\'Parliament\\''},{'name':'misp-galaxy:x'}]}",
		"misp",
		"1* actor WOLF\n1* technique Phishing\n1* sector Parliament\n1* incident x\n"
		"- e attributed-to misp-galaxy:threat-actor=\"WOLF\"\n"
		"- e uses misp-galaxy:mitre-attack-pattern=\"Phishing - T1566\"\n"
		"- e targets misp-galaxy:sector=\"Parliament\"\n"},
	{"a report, a relation, an extension",
		"{'info':'x','uuid':'e','extends_uuid':'f','EventReport':[{'uuid':'r','name':'R'}]"
		",'RelatedEvent':[{'Event':{'uuid':'g'}}],'Orgc':{'uuid':'o','name':'O'}}",
		"misp",
		"1* identity O\n1* incident x\n1* report R\n- e extends f\n- r part-of e\n- e "
		"related-to g\n"},
	{"impossible dates",
		"{'info':'x','date':'2020-02-31','timestamp':'99999999999999','threat_level_id':1,"
		"'Attribute':[{'type':'domain','to_ids':true,'first_seen':'soon','value':'a."
		"example'}]}",
		"misp",
		"1: domain a.example\n1* incident x\n1! 2020-02-31: no time; the rest is read\n"
		"1! 99999999999999: no time; the rest is read\n1! soon: no time; the rest is "
		"read\n"},
	{"wrong types",
		"{'info':['x'],'uuid':5,'Attribute':[5,'a',{'type':['domain'],'value':'a.example'}"
		",{'type':'domain','to_ids':{},'value':{}}],'Object':{'Attribute':7},'Tag':'a',"
		"'Orgc':[],'analysis':null}",
		"misp",
		"1! \"a\": no object\n1! 5: no object\n1! \"a\": no object\n1! a.example: an "
		"attribute without a type\n1! : not for detection (to_ids)\n1! 7: no object\n"},
	{"cut within an attribute",
		"{'Event':{'info':'x','Attribute':[" ATTRIBUTE(
			"domain", "a.example") ",\n"
					       "{'type':'domain','to_ids':true,'value':'b.exa",
		"misp",
		"1: domain a.example\n1* incident x\n"
		"1! {\"Event\":{\"info\":\"x\",\"Attribute\":[{\"type\":\"domain\",\"to_ids\":"
		"true,\"value\":\"a.example\"},: the text ends within this value; it is read as "
		"far as it goes\n"
		"2! {\"type\":\"domain\",\"to_ids\":true,\"value\":\"b.exa: the text ends within "
		"this value\n"},
	{"cut within the second event",
		"{'response':[{'Event':{'info':'x','Attribute':[" ATTRIBUTE("domain",
			"a.example") "]}},\n{'Event':{'info':'y','Object':[{'name':'o','"
				     "Attribute':[" ATTRIBUTE("domain", "b.example") ",\n",
		"misp",
		"1: domain a.example\n2: domain b.example\n1* incident x\n2* incident y\n"
		"1! {\"response\":[{\"Event\":{\"info\":\"x\",\"Attribute\":[{\"type\":\"domain\","
		"\"to_ids\":true,\"value\":\"a.example\"}]}},: " PARTLY
		"2! {\"Event\":{\"info\":\"y\","
		"\"Object\":[{\"name\":\"o\",\"Attribute\":[{\"type\":\"domain\",\"to_ids\":true,"
		"\"value\":\"b.example\"},: " PARTLY "2! {\"name\":\"o\",\"Attribute\":[{\"type\":"
		"\"domain\",\"to_ids\":true,\"value\":\"b.example\"},: " PARTLY},
	{"a cluster",
		"{'type':'threat-actor','name':'Threat Actor','uuid':'g','values':[\n"
		"{'uuid':'1','value':'WOLF','meta':{'synonyms':['APT 99','Wolf Pack'],"
		"'origin:APT 99':'Vendor','name-attribution':['WOLF:" UUID "','Lupus:" UUID
		"','bad'],'country':'XX','attribution-confidence':'50',"
		"'cfr-suspected-state-sponsor':'Xland','cfr-suspected-victims':['Yland'],"
		"'targeted-sector':'Energy'},\n"
		"'related':[{'dest-uuid':'2','type':'similar','tags':["
		"'estimative-language:likelihood-probability=\\'likely\\'']},{'type':'uses'}]},"
		"{'uuid':'1','value':'again'},{'uuid':'3'}]}",
		"misp-galaxy",
		"1* term Threat Actor\n2* actor WOLF\n2* place Yland\n2* sector Energy\n"
		"= 1 WOLF (" UUID ")\n= 1 APT 99 (Vendor)\n= 1 Wolf Pack ()\n= 1 Lupus (" UUID ")\n"
		"- 1 similar 2\n- 1 targets place:Yland\n- 1 targets sector:Energy\n"
		"2\" other MISP galaxy: assessment of XX\n"
		"2\" other Council on Foreign Relations: assessment of Xland\n"
		"2! 1: a relation without a type or a target\n"
		"3! {\"uuid\":\"1\",\"value\":\"again\"}: a cluster whose uuid another one has\n"
		"3! {\"uuid\":\"3\"}: a cluster without a value\n"},
	{"a cluster without an id",
		"{'type':'rat','name':'R','values':[{'value':'X','meta':{'synonyms':'Y'}}]}",
		"misp-galaxy", "1* term R\n1* malware X\n= malware:X Y ()\n"},
	{"countries are no attribution of tools",
		"{'type':'tool','name':'Tool','values':[{'uuid':'1','value':'X','meta':{'country':"
		"'XX'}}]}",
		"misp-galaxy", "1* term Tool\n1* tool X\n"},
	{"a galaxy",
		"{'uuid':'g','name':'Tea','type':'tea','namespace':'tea','GalaxyCluster':[{'type':"
		"'tea','value':'Milk','tag_name':'misp-galaxy:tea=\\'Milk\\''}]}",
		"misp-galaxy", "1* term Tea\n1* other Milk\n"},
	{"a taxonomy",
		"{'namespace':'n','predicates':[{'value':'p'}],'values':[{'predicate':'p','entry':"
		"[{'value':'v','numerical_value':75}]}]}",
		"misp-taxonomy", "1* term n\n1* term n:p\n1* term n:p=\"v\"\n"},
	{"a template of objects", "{'name':'o','meta-category':'file','attributes':{},'uuid':'1'}",
		"misp-object", "1* term o\n"},
	{"a sharing group",
		"[{'SharingGroup':{'name':'G'},'SharingGroupOrg':[{'Organisation':{'name':'O',"
		"'uuid':'1'}}]}]",
		"misp", "1* identity G\n1* identity O\n- 1 member-of misp-sharing-group:G\n"},
	{"a manifest by itself", "{'" UUID "':{'info':'x'},\n'y':1}", "misp-manifest",
		"2! y: no event of a manifest\n1! " UUID
		": the manifest has the event 'x', whose file isn't there\n"},
	{"a manifest and its events",
		"{'" UUID "':{'info':'x'}}\n{'Event':{'info':'x','uuid':'" UUID
		"'}}\n{'Event':{'info':'y','uuid':'6a4cb19a-f550-437f-bd29-48ed950d210f'}}",
		"misp-manifest",
		"2* incident x\n3* incident y\n3! 6a4cb19a-f550-437f-bd29-48ed950d210f: an event "
		"that the manifest doesn't have; it is read\n"},
	{"CSV",
		"uuid,event_id,category,type,value,comment,to_ids,date,attribute_tag\n"
		"u1,1,Network activity,domain|ip,a.example|192.0.2.1,c,1,20240131,tlp:red\n"
		"u2,1,Other,text,b.example,,0,20240131,\n"
		"u3,1,Targeting data,email-dst,mp@parliament.example,,1,20240131,\n"
		"u4,1,Payload delivery,filename|md5,'a,b.exe|" MD5 "',,1,20241399,\n",
		"misp-csv",
		"2: domain a.example\n2: ip 192.0.2.1\n5: hash " MD5
		"\n3! b.example: not for detection (to_ids)\n4! mp@parliament.example: a target: "
		"who was attacked is not looked for\n5! 20241399: no time; the rest is read\n"},
	{"hashes of a feed", MD5 "," UUID "\n" MD5 "," UUID "\n", "misp-hashes",
		"1! hashes.csv: hashes of values of a MISP feed (2): the values are in its "
		"events\n"},
};

static void test_cases(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena a = {0};
		struct intel in;
		struct buf got = {0};

		read_text(&a, cases[i].text, &in, &got);
		tap_eq_str(
			buf_view(&got), str_of(cases[i].want), cases[i].name, __FILE__, __LINE__);
		eq_str(in.kind, str_of(cases[i].kind));
		ok(in.role == INTEL_INDICATORS);
		intel_release(&in);
		buf_release(&got);
		arena_release(&a);
	}
}

/* Of two actors both count, though the one's name is in the other's. */
static void test_names_in_names(void)
{
	static const char text[] =
		"{'info':'x','uuid':'e','Orgc':{'name':'O'},'Tag':["
		"{'name':'misp-galaxy:threat-actor=\\'WOLF 11\\''},"
		"{'name':'misp-galaxy:threat-actor=\\'WOLF 1\\''},"
		"{'name':'misp-galaxy:threat-actor=\\'WOLF 11\\''}],'Attribute':["
		"{'type':'domain','to_ids':true,'value':'a.example','uuid':'1'}]}";
	struct arena a = {0};
	struct intel in;
	struct buf got = {0};

	read_text(&a, text, &in, &got);
	if (ok(in.indicators.n == 1))
		eq_str(in.indicators.at[0].actor, STR("WOLF 11, WOLF 1"));
	buf_release(&got);
	intel_release(&in);
	arena_release(&a);
}

/* What an event says holds of its attributes; what they say themselves goes first. */
static void test_inherited(void)
{
	static const char text[] =
		"{'Event':{'info':'Title','uuid':'e','distribution':'3','Orgc':{'uuid':'o','name':'"
		"O'},"
		"'Tag':["
		"{'name':'tlp:green'},{'name':'misp-galaxy:tool=\\'RAT\\''},"
		"{'name':'misp-galaxy:threat-actor=\\'WOLF\\''},"
		"{'name':'misp-galaxy:threat-actor=\\'BEAR\\''},"
		"{'name':'admiralty-scale:source-reliability=\\'b\\''},"
		"{'name':'admiralty-scale:information-credibility=\\'2\\''}],'Attribute':["
		"{'type':'domain','to_ids':true,'value':'a.example','uuid':'1','distribution':'5',"
		"'timestamp':'1704067200'},"
		"{'type':'domain','to_ids':true,'value':'b.example','comment':'C','Tag':["
		"{'name':'TLP:AMBER+STRICT'},{'name':'misp-galaxy:threat-actor=\\'FOX\\''},"
		"{'name':'misp:confidence-level=\\'rarely-confident\\''}],"
		"'first_seen':'2024-01-01T00:00:00Z','timestamp':'5'},"
		"{'type':'domain','to_ids':true,'value':'c.example','distribution':'0','Sighting':["
		"{'type':'0','date_sighting':'10'},{'type':'1'},"
		"{'type':'2','date_sighting':'1735689600'}]},"
		"{'type':'domain','to_ids':true,'value':'d.example','distribution':'9'}]}}";
	struct arena a = {0};
	struct intel in;
	struct buf got = {0};

	read_text(&a, text, &in, &got);
	if (ok(in.indicators.n == 4)) {
		const struct indicator *i = in.indicators.at;
		eq_str(i[0].id, STR("1"));
		eq_str(i[0].context, STR("Title"));
		eq_str(i[0].actor, STR("WOLF, BEAR"));
		eq_str(i[0].creator, STR("o"));
		eq_str(i[0].marking, STR("TLP:GREEN"));
		ok(i[0].confidence == 56); /* .75 * .75 */
		ok(i[0].valid_from.us == 1704067200 * WHEN_SECOND);
		eq_str(i[1].context, STR("C"));
		eq_str(i[1].actor, STR("FOX"));
		eq_str(i[1].marking, STR("TLP:AMBER+STRICT"));
		ok(i[1].confidence == 25);
		ok(i[1].valid_from.us == 1704067200 * WHEN_SECOND);
		eq_str(i[2].marking, STR("TLP:AMBER+STRICT"));
		ok(i[2].valid_until.us == 1735689600 * WHEN_SECOND);
		ok(!when_known(i[3].valid_until) && !when_known(i[3].valid_from));
		eq_str(i[3].marking, STR("TLP:AMBER+STRICT"));
	}
	ok(in.skipped.n == 1 && str_starts(in.skipped.at[0].why, STR("1 of its sightings say")));
	intel_release(&in);
	buf_release(&got);
	arena_release(&a);
}

/* Never laxer than the tag or the distribution; not known is for one's own organisation only. */
static void test_marking(void)
{
	static const struct {
		const char *said, *want;
	} all[] = {
		{"'distribution':'0'", "TLP:AMBER+STRICT"},
		{"'distribution':1", "TLP:AMBER"},
		{"'distribution':'2'", "TLP:GREEN"},
		{"'distribution':'3'", "TLP:GREEN"},
		{"'distribution':'4'", "TLP:AMBER+STRICT"},
		{"'distribution':'5'", "TLP:AMBER+STRICT"},
		{"'distribution':'x'", "TLP:AMBER+STRICT"},
		{"'x':1", "TLP:AMBER+STRICT"},
		{"'distribution':'3','Tag':[{'name':'tlp:white'}]", "TLP:GREEN"},
		{"'distribution':'3','Tag':[{'name':'tlp:red'}]", "TLP:RED"},
		{"'distribution':'3','Tag':[{'name':'TLP:AMBER'},{'name':'tlp:green'}]",
			"TLP:AMBER"},
		{"'distribution':'3','Tag':[{'name':'tlp:unclear'}]", "TLP:RED"},
		{"'Tag':[{'name':'tlp:white'}]", "TLP:AMBER+STRICT"},
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct arena a = {0};
		struct intel in;
		struct buf got = {0}, text = {0};
		buf_addf(&text, "{%s,'Attribute':[" ATTRIBUTE("domain", "a.example") "]}",
			all[i].said);
		buf_putc(&text, 0);
		read_text(&a, text.p, &in, &got);
		if (ok(in.indicators.n == 1 && in.said.nodes.n == 1)) {
			eq_str(in.indicators.at[0].marking, str_of(all[i].want));
			eq_str(in.said.nodes.at[0].marking, str_of(all[i].want));
		}
		intel_release(&in);
		buf_release(&got);
		buf_release(&text);
		arena_release(&a);
	}
}

/* Each type of list; a value that MISP would find, or not, is life's to look up. */
static const struct {
	const char *name, *text, *want;
} lists[] = {
	{"string",
		"{'name':'L','version':7,'type':'string','matching_attributes':['domain','md5'],"
		"'list':['a.example','.b.example',\n'" MD5 "','AAA','no value','']}",
		"1: domain a.example\n1: domain b.example\n2: hash " MD5 "\n2: host aaa\n"
		"1* other L\n- misp-warninglist:L applies-to domain\n"
		"- misp-warninglist:L applies-to md5\n"
		"2! no value: no value of a kind that spoor knows\n"
		"2! misp-warninglist:L: an empty entry\n"},
	{"no type is string",
		"{'name':'L','version':7,'matching_attributes':['domain'],'list':['a.example']}",
		"1: domain a.example\n1* other L\n- misp-warninglist:L applies-to domain\n"},
	{"behind a byte order mark",
		"\xef\xbb\xbf{'name':'L','version':1,'type':'string','list':['a.example']}",
		"1: domain a.example\n1* other L\n"},
	{"hostname", "{'name':'L','type':['hostname'],'version':1,'list':['.A.example','b c']}",
		"1! L: a warning list of type '[\"hostname\"]', which nobody knows: not loaded\n"},
	{"cidr",
		"{'name':'L','version':1,'type':'cidr','list':['192.0.2.0/24','198.51.100.7',"
		"'2001:db8::/32','2001:db8::','10.0.0.0/8','0.0.0.0/0','a.example']}",
		"1: network 00000000000000000000ffffc0000200-00000000000000000000ffffc00002ff\n"
		"1: ip 198.51.100.7\n"
		"1: network 20010db8000000000000000000000000-20010db8ffffffffffffffffffffffff\n"
		"1: ip 2001:db8::\n"
		"1: network 00000000000000000000ffff0a000000-00000000000000000000ffff0affffff\n"
		"1: network 00000000000000000000ffff00000000-00000000000000000000ffffffffffff\n"
		"1* other L\n1! a.example: no address and no network\n"},
	{"substring", "{'name':'L','version':1,'type':'substring','list':['any.run']}",
		"1: substring any.run\n1* other L\n"},
	{"regex",
		"{'name':'L','version':1,'type':'regex','list':['/^(a|b)\\\\@/i','{a}','a+','/a']}",
		"1: regex /^(a|b)\\@/i\n1: regex {a}\n1* other L\n"
		"1! a+: no expression in delimiters\n1! /a: no expression in delimiters\n"},
	{"comments",
		"{'name':'L','version':1,'type':'hostname','list':{'.A.example':'c','b c':''}}",
		"1: domain a.example\n1* other L\n1! b c: no name of a host\n"},
	{"of a type that nobody knows", "{'name':'L','version':1,'type':'magic','list':['a']}",
		"1! L: a warning list of type 'magic', which nobody knows: not loaded\n"},
	{"then an event",
		"{'name':'L','version':1,'type':'string','list':['a.example']}\n{'Attribute':"
		"[" ATTRIBUTE("domain", "b.example") "]}",
		"1: domain a.example\n1* other L\n2! b.example: an indicator in a source of "
		"warning lists: add it as a source of its own\n"},
	{"behind an event",
		"{'Attribute':[" ATTRIBUTE(
			"domain", "b.example") "]}\n{'name':'L','version':1,'type':'string','list':"
					       "['a.example']}",
		"1: domain b.example\n2! L: a warning list among indicators: not loaded; add it "
		"as a source of its own\n"},
};

static void test_lists(void)
{
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		struct arena a = {0};
		struct intel in;
		struct buf got = {0};

		read_text(&a, lists[i].text, &in, &got);
		tap_eq_str(
			buf_view(&got), str_of(lists[i].want), lists[i].name, __FILE__, __LINE__);
		intel_release(&in);
		buf_release(&got);
		arena_release(&a);
	}
}

/* Half of them are the same as another one, and a third of the rest was deleted. */
static void test_many(void)
{
	struct arena a = {0};
	struct intel in;
	struct buf text = {0}, got = {0};

	buf_str(&text, STR("{'Event':{'info':'x','Attribute':["));
	for (int i = 0; i < 30000; i++)
		buf_addf(&text,
			"%s\n{'type':'domain','to_ids':true,'uuid':'%d','deleted':%s,'value':'h%d."
			"example'}",
			i ? "," : "", i % 15000, i % 3 ? "false" : "true", i % 15000);
	buf_str(&text, STR("]}}"));
	buf_putc(&text, 0);
	read_text(&a, text.p, &in, &got);
	ok(in.indicators.n == 10000);
	ok(in.skipped.n == 10001); /* as many as are listed, and how many more */
	eq_str(in.skipped.at[10000].what, STR("10000 more"));
	intel_release(&in);
	buf_release(&text);
	buf_release(&got);
	arena_release(&a);
}

int main(void)
{
	test_types();
	test_cases();
	test_inherited();
	test_names_in_names();
	test_marking();
	test_lists();
	test_many();
	return tap_end();
}
