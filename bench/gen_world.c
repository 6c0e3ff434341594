/* The world that the generated logs are about: one ministry, its people, networks and files. */
#include "bench/gen.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *const first_names[] = {"abel", "alma", "anouk", "arlo", "beate", "bram", "calla",
	"cato", "dario", "delia", "edda", "elio", "enno", "esme", "fenna", "flore", "gideon",
	"greta", "hanno", "hedda", "ida", "ilja", "ines", "ivo", "jana", "joris", "jun", "kaia",
	"kees", "lale", "lars", "leda", "linus", "maren", "mattis", "mirela", "nadir", "nils",
	"noor", "odile", "olof", "orla", "paulo", "petra", "quinn", "rafe", "rina", "runa", "sanne",
	"selma", "soren", "talia", "tjark", "tomas", "una", "vera", "viggo", "wanda", "willem",
	"xenia", "yara", "yuna", "zeno", "zora"};

static const char *const last_names[] = {"abend", "ashmore", "bakker", "birch", "brandt", "calder",
	"carver", "clove", "dahlem", "dell", "dorn", "ebner", "elm", "falk", "fenwick", "fjord",
	"gallow", "garn", "grove", "hale", "harbour", "heath", "holt", "ibsen", "ingram", "jarvis",
	"juniper", "kestrel", "knoll", "kramm", "lark", "linden", "lund", "marsh", "mead", "moor",
	"nettle", "north", "oak", "orchard", "otten", "pike", "plover", "quill", "raven", "reed",
	"reis", "rook", "sandor", "sedge", "stork", "tarn", "thorne", "tolk", "ulm", "varga",
	"vesper", "wade", "weir", "wick", "yarrow", "yule", "zander", "zobel", "alder", "bramble",
	"cairn", "dune", "eyre", "fallow", "glen", "hollow", "islay", "kelp", "loch", "mire"};

static const char *const words[] = {"agenda", "annex", "audit", "ballot", "board", "briefing",
	"budget", "cabinet", "calendar", "charter", "clause", "committee", "contract", "council",
	"decree", "delegation", "draft", "election", "energy", "export", "figures", "fisheries",
	"forecast", "grant", "harbour", "health", "hearing", "inquiry", "invoice", "letter", "list",
	"mandate", "meeting", "memo", "minutes", "notes", "notice", "opinion", "outline", "paper",
	"plan", "policy", "position", "press", "project", "protocol", "quarter", "railway",
	"reform", "report", "response", "review", "roads", "schedule", "schools", "session",
	"sheet", "speech", "status", "summary", "tender", "trade", "treaty", "visit", "vote",
	"water"};

static const char *const file_types[] = {"docx", "xlsx", "pdf", "pptx", "msg", "txt", "csv", "png"};
static const char *const domains[] = {
	"ministry.example", "agency.ministry.example", "press.ministry.example"};

static uint64_t hash3(const struct gen *g, uint64_t what, uint64_t a, uint64_t b)
{
	return mix(mix(mix(g->seed ^ what) + a) + b * 0x9e3779b97f4a7c15u);
}

static void note(struct gen *g, const char *kind, size_t from)
{
	if (g->postings)
		fprintf(g->postings, "%s\t%.*s\t%llu\n", kind, (int)(g->n - from), g->buf + from,
			(unsigned long long)g->record);
}

/* RFC 9562 version 4 in form, drawn from (what, a, b). */
static void put_guid(struct gen *g, uint64_t what, uint64_t a, uint64_t b)
{
	uint64_t hi = hash3(g, what, a, b), lo = mix(hi + 1);
	put_hex(g, hi >> 32, 8);
	put(g, "-");
	put_hex(g, hi >> 16, 4);
	put(g, "-4");
	put_hex(g, hi, 3);
	put(g, "-");
	put_hex(g, (lo >> 48 & 0x3fff) | 0x8000, 4);
	put(g, "-");
	put_hex(g, lo, 12);
}

static void put_name(struct gen *g, uint32_t user)
{
	uint64_t h = mix(g->seed + user);
	put(g, first_names[h % COUNT(first_names)]);
	put(g, ".");
	put(g, last_names[h / 64 % COUNT(last_names)]);
	put_u64(g, user / 7);
}

static void put_mail(struct gen *g, uint32_t user)
{
	size_t from = g->n;
	put_name(g, user);
	put(g, "@");
	put(g, domains[user % 11 == 0 ? 1 : user % 17 == 0 ? 2 : 0]);
	note(g, "email", from);
}

static void put_outside_mail(struct gen *g)
{
	size_t from = g->n;
	uint64_t firm = draw_zipf(g, 4000);
	put_name(g, (uint32_t)(6000 + draw_zipf(g, 90000)));
	put(g, "@");
	put(g, words[firm % COUNT(words)]);
	put_u64(g, firm / COUNT(words));
	put(g, ".example");
	note(g, "email", from);
}

static void put_ipv4(struct gen *g, uint32_t ip)
{
	for (int shift = 24; shift >= 0; shift -= 8) {
		put_u64(g, ip >> shift & 255);
		if (shift)
			put(g, ".");
	}
}

/* 100.64.0.0/10 at home, changed every few days; 198.18.0.0/15 on the road. */
static void put_ip(struct gen *g, uint64_t user)
{
	size_t from = g->n;
	uint64_t day = g->now / 86400000;
	uint64_t where = mix(g->place + user) % 100;
	if (where < 50) { /* the offices' gateways */
		put_ipv4(g, 0xc0000200u | (uint32_t)(hash3(g, 1, user, 0) % 64)); /* 192.0.2.0 */
	} else if (where < 75) {
		uint64_t h = hash3(g, 2, user, (day + user) / 4);
		put_ipv4(g, 0x64400000u | (uint32_t)(h & 0x3fffff));
	} else if (where < 88) {
		uint64_t h = hash3(g, 3, user, day), net = hash3(g, 4, user, (day + user) / 9);
		put(g, "2001:db8:");
		put_hex(g, net | 0x1000, 4);
		put(g, ":");
		put_hex(g, (net >> 16) | 0x1000, 4);
		for (int shift = 48; shift >= 0; shift -= 16) {
			put(g, ":");
			put_hex(g, h >> shift | 0x1000, 4);
		}
	} else {
		uint64_t h = hash3(g, 5, user, day * 4 + g->place % 4);
		put_ipv4(g, 0xc6120000u | (uint32_t)(h & 0x1ffff));
	}
	note(g, "ip", from);
}

static void put_agent(struct gen *g, uint64_t user)
{
	static const char *const forms[] = {
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
		"Chrome/%.0.0.0 Safari/537.36",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
		"Chrome/%.0.0.0 Safari/537.36 Edg/%.0.0.0",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like "
		"Gecko) Version/17.% Safari/605.1.15",
		"Mozilla/5.0 (X11; Linux x86_64; rv:%.0) Gecko/20100101 Firefox/%.0",
		"Outlook-iOS/2.%.0",
	};
	uint64_t h = hash3(g, 6, user, g->place % 8 == 0) % 200;
	size_t from = g->n;
	for (const char *p = forms[h % COUNT(forms)]; *p; p++) {
		char one[2] = {*p, 0};
		if (*p == '%')
			put_u64(g, 90 + h / COUNT(forms));
		else
			put(g, one);
	}
	note(g, "user-agent", from);
}

static void put_time(struct gen *g, uint64_t ms)
{
	/* Days to civil date: H. Hinnant, "chrono-compatible low-level date algorithms". */
	uint64_t s = ms / 1000, z = s / 86400 + 719468, era = z / 146097, doe = z - era * 146097;
	uint64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	uint64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
	uint64_t month = mp < 10 ? mp + 3 : mp - 9;
	put_u64(g, yoe + era * 400 + (month <= 2));
	put(g, "-");
	put_padded(g, month, 2);
	put(g, "-");
	put_padded(g, doy - (153 * mp + 2) / 5 + 1, 2);
	put(g, "T");
	put_padded(g, s / 3600 % 24, 2);
	put(g, ":");
	put_padded(g, s / 60 % 60, 2);
	put(g, ":");
	put_padded(g, s % 60, 2);
}

static void put_message_id(struct gen *g, uint64_t which)
{
	size_t from = g->n;
	uint64_t h = hash3(g, 7, which, 0);
	put_hex(g, h, 16);
	put_hex(g, mix(h), 16);
	put(g, "@mx");
	put_u64(g, h % 7);
	put(g, ".");
	put(g, words[h / 7 % COUNT(words)]);
	put(g, ".example");
	note(g, "message-id", from);
}

/* Most of what is read came lately; some of it is read again. */
static void put_folder_items(struct gen *g)
{
	uint64_t n = g->items = 1 + draw_zipf(g, 20);
	for (uint64_t i = 0; i < n; i++) {
		put(g, i ? ",{\"InternetMessageId\":\"<" : "{\"InternetMessageId\":\"<");
		bool again = draw(g, 4) == 0 && g->record > 1000;
		put_message_id(
			g, again ? g->record - 1 - draw(g, 1000) : g->record * 32 + i + 1000000);
		put(g, ">\",\"SizeInBytes\":");
		put_u64(g, 2000 + draw_zipf(g, 900000));
		put(g, "}");
	}
}

static void put_site(struct gen *g)
{
	uint64_t k = hash3(g, 8, g->user, draw(g, 3)) % 800;
	put(g, "https://files.ministry.example/sites/");
	put(g, words[k % COUNT(words)]);
	put_u64(g, k / COUNT(words));
	put(g, "/");
}

static void put_file(struct gen *g)
{
	size_t from = g->n;
	uint64_t k = hash3(g, 9, g->user / 8, draw_zipf(g, 3000));
	put(g, words[k % COUNT(words)]);
	put(g, k >> 20 & 1 ? "-" : "_");
	put(g, words[(k >> 24) % COUNT(words)]);
	put(g, " v");
	put_u64(g, k >> 40 & 7);
	put(g, " ");
	put_u64(g, k >> 44 & 255);
	put(g, ".");
	put(g, file_types[k % 13 % COUNT(file_types)]);
	note(g, "file-name", from);
}

static void put_url(struct gen *g)
{
	size_t from = g->n;
	put_site(g);
	put(g, "Shared Documents/");
	put_file(g);
	note(g, "url", from);
}

static void put_host(struct gen *g)
{
	size_t from = g->n;
	uint64_t k = draw_zipf(g, 60000), h = hash3(g, 10, k, 0);
	static const char *const heads[] = {"www", "cdn", "img", "api", "mail", "static", "login"};
	put(g, heads[h % COUNT(heads)]);
	put(g, ".");
	put(g, words[h / 8 % COUNT(words)]);
	put(g, "-");
	put(g, words[h / 1024 % COUNT(words)]);
	put_u64(g, k / 50);
	put(g, ".example");
	note(g, "domain", from);
}

static void put_noted_guid(struct gen *g, const char *kind, uint64_t what, uint64_t a, uint64_t b)
{
	size_t from = g->n;
	put_guid(g, what, a, b);
	note(g, kind, from);
}

static void put_words(struct gen *g, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++) {
		put(g, i ? " " : "");
		put(g, words[draw(g, COUNT(words))]);
	}
}

static void put_zeek_uid(struct gen *g)
{
	size_t from = g->n;
	uint64_t h = hash3(g, 11, g->record, 0);
	put(g, "C");
	for (int i = 0; i < 17; i++, h = i == 9 ? mix(h + 5) : h / 62) {
		uint64_t d = h % 62;
		char one[2] = {(char)(d < 10 ? '0' + d : d < 36 ? 'A' + d - 10 : 'a' + d - 36), 0};
		put(g, one);
	}
	note(g, "connection", from);
}

/* A session lasts for an hour of one user, so that a good share of ids is unique. */
static uint64_t session_of(const struct gen *g)
{
	return g->now / 3600000 * 65536 + g->user;
}

/* Values that belong to the record, the user or the organisation: GUIDs and names. */
static bool put_identity(struct gen *g, const struct shape *shape, char code)
{
	uint64_t some = 0;
	switch (code) {
	case 'N':
		put(g, shape->name);
		return true;
	case 'O':
		put(g, shape->workload);
		return true;
	case 'Y':
		put(g, shape->type);
		return true;
	case 'I':
		put_guid(g, 20, g->record, 0);
		return true;
	case 'g':
		put_guid(g, 21, g->record, draw(g, 1 << 20));
		return true;
	case 'o':
		put_guid(g, 22, 0, 0);
		return true;
	case 'K':
		put_noted_guid(g, "account", 23, g->user, 0);
		return true;
	case 'b':
		put_noted_guid(g, "resource", 24, g->user, 0);
		return true;
	case 's':
		put_noted_guid(g, "session", 25, session_of(g), 0);
		return true;
	case 'q': /* a token lives for some minutes */
		put_noted_guid(g, "session", 28, g->now / 300000 * 65536 + g->user, g->place % 3);
		return true;
	case 'x':
		put_noted_guid(g, "device", 26, g->user, draw(g, 3));
		return true;
	case 'A':
		some = draw_zipf(g, 120);
		put_noted_guid(g, "app", 27, some, 0);
		return true;
	case 'u':
		put_mail(g, g->user);
		return true;
	case 'l':
		put_name(g, g->user);
		return true;
	case 'v':
		put_mail(g, (uint32_t)draw_zipf(g, 5000));
		return true;
	case 'e':
		put_outside_mail(g);
		return true;
	default:
		return false;
	}
}

void put_value(struct gen *g, const struct shape *shape, char code)
{
	if (put_identity(g, shape, code))
		return;
	switch (code) {
	case 't':
		put_time(g, g->now);
		break;
	case 'z': /* Zeek's seconds with microseconds */
		put_u64(g, g->now / 1000);
		put(g, ".");
		put_padded(g, g->now % 1000 * 1000 + draw(g, 1000), 6);
		break;
	case 'i':
		put_ip(g, g->user);
		break;
	case 'j':
		put_ip(g, 100000 + draw_zipf(g, 200000));
		break;
	case 'a':
		put_agent(g, g->user);
		break;
	case 'M':
		put_message_id(g, g->record * 32 + 31 + 1000000);
		break;
	case 'm':
		put_folder_items(g);
		break;
	case 'c':
		put_u64(g, g->items);
		break;
	case 'F':
		put_file(g);
		break;
	case 'W':
		put_site(g);
		break;
	case 'P':
		put_url(g);
		break;
	case 'H':
		put_host(g);
		break;
	case 'h':
		put(g, "EX");
		put_padded(g, draw(g, 64), 2);
		break;
	case 'T':
		put_words(g, 2 + draw(g, 5));
		break;
	case 'w':
		put_words(g, 1);
		break;
	case 'k':
		put_hex(g, hash3(g, 12, g->user, 0), 16);
		break;
	case 'r':
		put_hex(g, hash3(g, 13, g->record, draw(g, 1 << 20)), 16);
		break;
	case 'n':
		put_u64(g, draw_zipf(g, 100000));
		break;
	case 'p':
		put_u64(g, 1024 + draw(g, 64000));
		break;
	case 'C':
		put_zeek_uid(g);
		break;
	default:
		put(g, "%");
		break;
	}
}

void put_indicator(struct gen *g, uint64_t one_in)
{
	bool known = draw(g, one_in) == 0;
	uint64_t kind = draw(g, 10);
	g->now = 1704067200000u + draw(g, 86400000);
	g->user = (uint32_t)draw_zipf(g, 5000);
	g->place = draw(g, 1ull << 32);
	if (known) {
		put_value(g, NULL, "ijeHHjHiue"[kind]);
		return;
	}
	uint64_t h = hash3(g, 14, g->record, 0);
	if (kind < 4) {
		put_ipv4(g, 0xf0000000u | (uint32_t)(h & 0xfffffff)); /* 240.0.0.0/4 */
	} else if (kind < 8) {
		put_hex(g, h, 10);
		put(g, kind < 6 ? "." : "-");
		put_words(g, 1);
		put(g, ".example");
	} else {
		put_hex(g, h, 16);
		put_hex(g, mix(h), 16);
	}
}
