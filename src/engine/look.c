#include "engine/look.h"

#include <string.h>

#include "base/limits.h"
#include "observe/value.h"

/* So many events of one question are rendered; names kept of each set. */
enum { EVENTS_MAX = 5000, NAMES_MAX = 1000 };

static const char *const names[] = {[LOOK_SAME] = "same",
	[LOOK_TEMPLATE] = "template",
	[LOOK_SENDER] = "sender",
	[LOOK_FILE] = "file",
	[LOOK_OPENED] = "opened"};

const char *look_what_name(enum look_what w)
{
	return names[w];
}

bool look_read(struct str mail, const struct str *own_domains, size_t n_own,
	const struct box_options *opt, struct buf *out, struct err *err)
{
	struct buf own = {0};
	struct box_reply reply;
	struct box *box;
	struct str answer;

	if (!box_start(opt, &box, err))
		return false;
	for (size_t i = 0; i < n_own; i++)
		buf_addf(&own, STR_FMT "\n", STR_ARG(own_domains[i]));
	bool done = mail.n <= LIMIT_RECORD_BYTES ||
		    err_set(err, ERR_LIMIT, "a mail of more than %u MiB is not looked at",
			    LIMIT_RECORD_BYTES >> 20);
	if (done)
		memcpy(box_input(box), mail.p, mail.n);
	done = done && box_send(box, BOX_LOOK, mail.n, buf_view(&own), err) &&
	       box_receive(box, &reply, &answer, err);
	if (done && reply.status != BOX_OK)
		done = err_set(err, ERR_BOX,
			"the mail could not be read (it broke the parser, which was in its box)");
	if (done)
		buf_str(out, answer);
	buf_release(&own);
	box_stop(box);
	return done;
}

/* The whole of one answer. */
struct looking {
	struct snapshot *snap;
	struct renderer *renderer;
	struct arena *arena;
	struct look_known *known;
	struct members event;
};

static void add_name(struct looking *g, struct look_names *set, struct str name)
{
	if (!name.n)
		return;
	for (size_t i = 0; i < set->at.n; i++)
		if (str_eq(set->at.at[i], name))
			return;
	if (set->at.n == NAMES_MAX) {
		set->more++;
		return;
	}
	*vec_push(&set->at) = arena_dup(g->arena, name);
}

/* A field of one value or of a list of them. */
static bool add_field(struct looking *g, const char *field, struct look_names *set)
{
	uint32_t v = members_get(&g->event, 0, field);

	add_name(g, set, members_string_at(g->arena, &g->event, v));
	MEMBERS_EACH(&g->event, i, v)
	add_name(g, set, members_string_at(g->arena, &g->event, i));
	return v != MEMBERS_NONE;
}

static void add_event(struct looking *g, enum look_what what, const struct event_at *at)
{
	bool is_mail = members_get(&g->event, 0, "email.from.address") != MEMBERS_NONE;

	if (is_mail ? what == LOOK_OPENED : what == LOOK_SENDER)
		return;
	struct look_known *k = &g->known[is_mail ? what : LOOK_OPENED];
	*vec_push(&k->at.at) = *at;
	add_field(g, "spoor.format", &k->formats);
	if (is_mail) {
		add_field(g, "email.from.address", &k->senders);
		add_field(g, "email.to.address", &k->recipients);
		add_field(g, "email.cc.address", &k->recipients);
	} else if (!add_field(g, "user.email", &k->who) && !add_field(g, "user.name", &k->who)) {
		add_field(g, "source.ip", &k->who);
	}
}

static bool add_events(
	struct looking *g, enum look_what what, struct events_at *ev, struct err *err)
{
	struct buf lines = {0};

	events_sort(ev);
	if (ev->at.n > EVENTS_MAX) {
		g->known[what].cut = true;
		ev->at.n = EVENTS_MAX;
	}
	bool done = render_events(g->renderer, ev->at.at, ev->at.n, &lines, err);
	struct str rest = buf_view(&lines);
	for (size_t i = 0; done && i < ev->at.n && rest.n; i++) {
		if (members_read(str_cut(&rest, '\n'), &g->event))
			add_event(g, what, &ev->at.at[i]);
		members_release(&g->event);
	}
	buf_release(&lines);
	return done;
}

static void find(struct looking *g, enum kind kind, struct str value, struct events_at *ev)
{
	struct typed typed = {.sure = true};
	struct answer answer = {0};
	bool needs_idna = false;

	if (!value_as(g->arena, kind, value, &typed.o, &needs_idna))
		return;
	search_types(g->snap, &typed, 1, &answer);
	for (size_t i = 0; i < answer.found.n; i++)
		if (answer.found.at[i].how == HOW_EXACT || kind == KIND_DOMAIN)
			found_events(g->snap, &answer.found.at[i], EVENTS_MAX + 1, ev);
	answer_release(&answer);
}

static bool what_by_name(struct str name, enum look_what *ret)
{
	for (size_t i = 0; i < LOOK_WHATS; i++) {
		*ret = (enum look_what)i;
		if (str_eq(name, str_of(names[i])))
			return true;
	}
	return false;
}

/* The probes of one kind of question are one question. */
static bool ask(struct looking *g, const struct members *look, enum look_what what, struct err *err)
{
	struct events_at ev = {0};

	MEMBERS_EACH(look, i, members_get(look, 0, "probes"))
	{
		enum look_what is;
		enum kind kind;
		if (what_by_name(members_string(g->arena, look, i, "what"), &is) && is == what &&
			kind_by_name(members_string(g->arena, look, i, "kind"), &kind))
			find(g, kind, members_string(g->arena, look, i, "value"), &ev);
	}
	bool done = add_events(g, what, &ev, err);
	vec_release(&ev.at);
	return done;
}

static void finish(struct look_known *k)
{
	events_sort(&k->at);
	k->events = k->at.at.n;
	k->first = k->last = INT64_MIN;
	for (size_t i = 0; i < k->at.at.n; i++) {
		int64_t t = k->at.at.at[i].time;
		if (t == INT64_MIN)
			continue;
		k->first = k->first == INT64_MIN ? t : k->first;
		k->last = t;
	}
}

bool look_ask(struct snapshot *snap, struct renderer *r, struct arena *a,
	const struct members *look, struct look_known ret[LOOK_WHATS], struct err *err)
{
	struct looking g = {.snap = snap, .renderer = r, .arena = a, .known = ret};
	bool done = true;

	memset(ret, 0, sizeof(*ret) * LOOK_WHATS);
	for (size_t i = 0; i < LOOK_WHATS && done; i++)
		done = ask(&g, look, (enum look_what)i, err);
	for (size_t i = 0; i < LOOK_WHATS; i++)
		finish(&ret[i]);
	return done;
}

void look_known_release(struct look_known known[LOOK_WHATS])
{
	for (size_t i = 0; i < LOOK_WHATS; i++) {
		vec_release(&known[i].senders.at);
		vec_release(&known[i].recipients.at);
		vec_release(&known[i].who.at);
		vec_release(&known[i].formats.at);
		vec_release(&known[i].at.at);
	}
}
