#include "t/tap.h"
#include "t/unpack/unpack.h"

#define NS "xmlns='http://schemas.microsoft.com/win/2004/08/events/event'"

/* XML of events, what is made of it, and what is said of it. */
static const struct {
	const char *what, *xml, *want, *flaws;
} cases[] = {
	{"as Event Viewer saves it",
		"<?xml version=\"1.0\" encoding=\"utf-8\" "
		"standalone=\"yes\"?>\r\n<Events><Event " NS
		"><System><Provider Name='P'/><EventID Qualifiers='0'>4624</EventID><Correlation/>"
		"<Channel>Security</Channel></System><EventData><Data "
		"Name='TargetUserName'>ada</Data>"
		"<Data Name='LogonType'>3</Data></EventData></Event></Events>\r\n",
		"{\"Event\":{\"System\":{\"Provider\":{\"#attributes\":{\"Name\":\"P\"}},"
		"\"EventID\":"
		"{\"#attributes\":{\"Qualifiers\":\"0\"},\"#text\":\"4624\"},\"Correlation\":null,"
		"\"Channel\":\"Security\"},\"EventData\":{\"TargetUserName\":\"ada\",\"LogonType\":"
		"\"3\"}}}\n",
		""},
	{"as wevtutil writes them, without a root",
		"<Event " NS "><System><EventID>1</EventID></System></Event>\n<Event " NS
		"><System><EventID>2</EventID></System></Event>\n",
		"{\"Event\":{\"System\":{\"EventID\":\"1\"}}}\n{\"Event\":{\"System\":{\"EventID\":"
		"\"2\"}}}\n",
		""},
	{"Data without names is a list, one with a name twice too",
		"<Event " NS
		"><EventData><Data>a</Data><Data Name='x'>1</Data><Data>b &lt;&#65;</Data>"
		"<Data Name='x'>2</Data><Data Name='y'/></EventData></Event>",
		"{\"Event\":{\"EventData\":{\"Data\":[\"a\",\"b "
		"<A\"],\"x\":[\"1\",\"2\"],\"y\":\"\"}}}\n",
		""},
	{"UserData, and elements that repeat",
		"<Event " NS
		"><UserData><e:X xmlns:e='n'><I>1</I><I>2</I><J k='v'>t</J></e:X></UserData>"
		"</Event>",
		"{\"Event\":{\"UserData\":{\"X\":{\"I\":[\"1\",\"2\"],\"J\":{\"#attributes\":{"
		"\"k\":"
		"\"v\"},\"#text\":\"t\"}}}}}\n",
		""},
	{"a broken event costs itself only",
		"<Event " NS "><System><EventID>1</EventID></Event>\n<Event " NS
		"><System><EventID>2</EventID></System></Event>\n",
		"{\"Event\":{\"System\":{\"EventID\":\"1\"}}}\n{\"Event\":{\"System\":{\"EventID\":"
		"\"2\"}}}\n",
		"truncated"},
	{"cut off", "<Event " NS "><System><EventID>1</EventID><Channel>Secu",
		"{\"Event\":{\"System\":{\"EventID\":\"1\",\"Channel\":\"Secu\"}}}\n", "truncated"},
	{"what stands between events is told", "<Event " NS "><A>1</A></Event> x <Event " NS "/>",
		"{\"Event\":{\"A\":\"1\"}}\n{\"Event\":null}\n", "syntax"},
	{"a control character",
		"<Event " NS "><EventData><Data Name='x'>a\1b</Data></EventData></Event>",
		"{\"Event\":{\"EventData\":{\"x\":\"ab\"}}}\n", "control-byte"},
	{"an entity that nobody defined is no file and no bomb",
		"<Event " NS "><EventData><Data Name='x'>a&xxe;b</Data></EventData></Event>",
		"{\"Event\":{\"EventData\":{\"x\":\"ab\"}}}\n", "syntax"},
	{"a DTD between events is not read",
		"<!DOCTYPE Event [<!ENTITY a 'aaaa'>]><Event " NS "><A>&a;</A></Event>",
		"{\"Event\":{\"A\":null}}\n", "syntax syntax"},
};

static void events_become_lines(void)
{
	struct buf room = {0};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct unpacked p;
		printf("# %s\n", cases[i].what);
		unpack_this(str_of(cases[i].xml), unpack_event_xml, &p);
		ok(p.good);
		eq_str(buf_view(&p.out), str_of(cases[i].want));
		eq_str(unpacked_flaws(&p, &room), str_of(cases[i].flaws));
		buf_release(&p.out);
	}
	buf_release(&room);
}

/* More siblings than are grouped: none is lost, and time doesn't grow with their square. */
static void many_children_are_kept(void)
{
	struct buf xml = {0};
	struct unpacked p;

	buf_str(&xml, STR("<Event " NS "><EventData>"));
	for (int i = 0; i < 200000; i++)
		buf_addf(&xml, "<Data Name='n%d'>v</Data>", i);
	buf_str(&xml, STR("</EventData></Event>"));
	unpack_this(buf_view(&xml), unpack_event_xml, &p);
	ok(p.good && p.flaws.n == 0);
	ok(str_find(buf_view(&p.out), STR("\"n199999\":\"v\"")) < p.out.n);
	buf_release(&xml);
	buf_release(&p.out);
}

static void many_events_are_all_there(void)
{
	struct buf xml = {0};
	struct unpacked p;
	size_t lines = 0;

	/* More than a window. */
	for (int i = 0; i < 30000; i++)
		buf_addf(&xml,
			"<Event " NS "><System><EventRecordID>%d</EventRecordID></System>"
			"</Event>\r\n",
			i);
	unpack_this(buf_view(&xml), unpack_event_xml, &p);
	struct str rest = buf_view(&p.out);
	while (rest.n) {
		struct str line = str_cut(&rest, '\n');
		char want[32];
		snprintf(want, sizeof(want), "\"EventRecordID\":\"%zu\"", lines++);
		if (str_find(line, str_of(want)) == line.n)
			break;
	}
	ok(lines == 30000 && p.flaws.n == 0);
	buf_release(&xml);
	buf_release(&p.out);
}

static void fill(struct buf *out, const char *with, size_t n)
{
	while (n--)
		buf_str(out, str_of(with));
}

/* More than windows of it, and blanks around it. */
static void what_is_passed_over_is_told_once(void)
{
	struct buf xml = {0}, room = {0};
	struct unpacked p;

	buf_str(&xml, STR("<?xml version='1.0'?>"));
	fill(&xml, " ", 1 << 20);
	buf_str(&xml, STR("<Events>"));
	fill(&xml, "\r\n", 3 << 20);
	buf_str(&xml, STR("<Event " NS "></Event>"));
	fill(&xml, " ", 3 << 20);
	size_t whole = xml.n;
	buf_str(&xml, STR("</Events>"));
	unpack_this(buf_view(&xml), unpack_event_xml, &p);
	ok(p.good);
	eq_str(unpacked_flaws(&p, &room), STR(""));
	buf_release(&p.out);

	xml.n = whole;
	fill(&xml, "junk<", 3 << 20);
	fill(&xml, " ", 3 << 20);
	buf_str(&xml, STR("<Event><A>1</A></Event></Events>"));
	unpack_this(buf_view(&xml), unpack_event_xml, &p);
	ok(p.good);
	eq_str(unpacked_flaws(&p, &room), STR("syntax"));
	buf_release(&p.out);
	buf_release(&xml);
	buf_release(&room);
}

static void other_bytes_are_no_events(void)
{
	static const char *const others[] = {
		"", "<Events></Events>", "no XML at all", "<Eventful/>"};
	struct unpacked p;

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		unpack_this(str_of(others[i]), unpack_event_xml, &p);
		ok(!p.good && p.out.n == 0);
		buf_release(&p.out);
	}
}

/* Magics that are nobody else's, and nothing behind them. */
static void damaged_containers_give_nothing(void)
{
	static const struct {
		struct str in;
		bool (*unpack)(const struct unpack *);
	} heads[] = {{{"ElfFile\0 and nothing that makes sense", 38}, unpack_evtx},
		{{"!BDN and nothing that makes sense", 33}, unpack_pst},
		{{"PK\3\4 and nothing that makes sense", 34}, unpack_archive}};
	struct buf room = {0};
	struct unpacked p;

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		unpack_this(heads[i].in, heads[i].unpack, &p);
		ok(p.good && p.out.n == 0 && p.flaws.n > 0);
		printf("# " STR_FMT "\n", STR_ARG(unpacked_flaws(&p, &room)));
		buf_release(&p.out);
	}
	buf_release(&room);
}

int main(void)
{
	events_become_lines();
	many_children_are_kept();
	many_events_are_all_there();
	what_is_passed_over_is_told_once();
	other_bytes_are_no_events();
	damaged_containers_give_nothing();
	return tap_end();
}
