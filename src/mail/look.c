#include "mail/look.h"

#include <stdarg.h>
#include <stdio.h>

#include "mail/looking.h"
#include "text/domain.h"
#include "text/mailaddr.h"

/*
 * More of one kind tells nobody anything; the facts have them all.  There is room for all probes of
 * links and of what is remote (SITES_MAX of each), whatever comes before.
 */
enum { PROBES_MAX = 256, SHOWN_HEAD = 120, SHOWN_TAIL = 40, SAYING_MAX = 2048 };

static const char *const levels[] = {[LOOK_FACT] = "fact", [LOOK_ODD] = "odd", [LOOK_BAD] = "bad"};

void look_say(struct look *l, enum look_level level, const char *what, const char *fmt, ...)
{
	char text[SAYING_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	jsonw_open(&l->says_w, '{');
	jsonw_member_str(&l->says_w, "what", str_of(what));
	jsonw_member_str(&l->says_w, "level", str_of(levels[level]));
	jsonw_member_str(&l->says_w, "text", str_of(text));
	jsonw_close(&l->says_w, '}');
	l->count[level]++;
}

/* Not inside a character (RFC 3629: of four bytes at most). */
static size_t boundary(struct str s, size_t at)
{
	for (int i = 0; i < 3 && at < s.n && ((unsigned char)s.p[at] & 0xc0) == 0x80; i++)
		at++;
	return at;
}

struct str look_shown(struct look *l, struct str value)
{
	if (value.n <= SHOWN_HEAD + SHOWN_TAIL)
		return value;
	struct str head = str_upto(value, boundary(value, SHOWN_HEAD));
	struct str tail = str_from(value, boundary(value, value.n - SHOWN_TAIL));
	return arena_printf(
		&l->arena, STR_FMT " \xe2\x80\xa6 " STR_FMT, STR_ARG(head), STR_ARG(tail));
}

void look_probe(struct look *l, const char *what, const char *kind, struct str value)
{
	if (!value.n || l->n_probes == PROBES_MAX)
		return;
	l->n_probes++;
	jsonw_open(&l->probes_w, '{');
	jsonw_member_str(&l->probes_w, "what", str_of(what));
	jsonw_member_str(&l->probes_w, "kind", str_of(kind));
	jsonw_member_str(&l->probes_w, "value", value);
	jsonw_close(&l->probes_w, '}');
}

struct str look_text(struct look *l, uint32_t object, const char *key)
{
	return members_string(&l->arena, &l->m, object, key);
}

uint32_t look_get(struct look *l, uint32_t object, const char *key)
{
	return members_get(&l->m, object, key);
}

struct str look_domain_of(struct look *l, struct str address)
{
	struct str bare;

	if (mailaddr_read(&l->arena, address, idna_to_ascii, &bare) != MAILADDR_OK)
		return STR("");
	return str_from(bare, str_chr(bare, '@') + 1);
}

struct str look_site(struct str domain)
{
	struct str site = domain_registrable(domain);

	return site.n ? site : domain;
}

static void look_at(struct look *l)
{
	look_probe(l, "same", "message-id", look_text(l, l->mail, "message_id"));
	look_sender(l);
	look_auth(l);
	look_links(l);
	look_files(l);
}

/*
 * What a reporter or a journal wraps is what the question is about; but anybody can call a mail a
 * report, so that what is around it is looked at as well.
 */
static void look_at_both(struct look *l, uint32_t inner)
{
	bool journal = str_eq(look_text(l, 0, "kind"), STR("journal"));

	l->mail = 0;
	look_at(l);
	l->mail = inner;
	if (journal)
		look_say(l, LOOK_FACT, "journal",
			"By its own word a journal report: what follows is about the mail inside "
			"it.");
	else
		look_say(l, LOOK_FACT, "reported",
			"By its own word a report about a mail: what follows is about the mail "
			"inside it.");
	look_at(l);
}

static void write_head(struct look *l, struct jsonw *w)
{
	uint32_t from = members_first(&l->m, look_get(l, l->mail, "from"));

	jsonw_member_str(w, "kind", look_text(l, 0, "kind"));
	jsonw_member_str(w, "subject", look_text(l, l->mail, "subject"));
	jsonw_member_str(w, "from", look_text(l, from, "address"));
	jsonw_member_str(w, "date", look_text(l, l->mail, "date_utc"));
	jsonw_member_str(w, "message_id", look_text(l, l->mail, "message_id"));
}

bool mail_look(struct str facts, const struct look_options *o, struct jsonw *w)
{
	struct look l = {.opt = o};
	bool is_object = members_read(facts, &l.m) && l.m.tape.at[0].type == JSON_OBJECT;

	if (is_object) {
		l.says_w = jsonw_of(&l.says);
		l.probes_w = jsonw_of(&l.probes);
		uint32_t inner = look_get(&l, 0, "inner");
		l.mail = inner == MEMBERS_NONE ? 0 : inner;
		write_head(&l, w);
		if (inner == MEMBERS_NONE)
			look_at(&l);
		else
			look_at_both(&l, inner);
		jsonw_key(w, "says");
		jsonw_open(w, '[');
		jsonw_raw(w, buf_view(&l.says));
		jsonw_close(w, ']');
		jsonw_member_u64(w, "odd", l.count[LOOK_ODD]);
		jsonw_member_u64(w, "bad", l.count[LOOK_BAD]);
		jsonw_key(w, "probes");
		jsonw_open(w, '[');
		jsonw_raw(w, buf_view(&l.probes));
		jsonw_close(w, ']');
		jsonw_member_u64(w, "unasked", l.unasked);
	}
	buf_release(&l.says);
	buf_release(&l.probes);
	members_release(&l.m);
	arena_release(&l.arena);
	return is_object;
}
