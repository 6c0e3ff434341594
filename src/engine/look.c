#include "engine/look.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "engine/feed.h"
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

/* Read once into memory, so that a pipe has places too. */
static bool in_memory(int fd, const char *name, int *ret_fd, struct err *err)
{
	char room[1 << 16];
	uint64_t n = 0;
	ssize_t got;
	int to = memfd_create("mail", MFD_CLOEXEC);

	if (to < 0)
		return err_set(err, ERR_IO, "no memory file: %s", strerror(errno));
	while ((got = read(fd, room, sizeof(room))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		n += got > 0 ? (uint64_t)got : 0;
		if (got < 0 || !file_write(to, (struct str){room, (size_t)got}, name, err) ||
			n > LIMIT_MESSAGE_BYTES) {
			if (got < 0)
				err_set(err, ERR_IO, "cannot read '%s': %s", name, strerror(errno));
			else if (n > LIMIT_MESSAGE_BYTES)
				err_set(err, ERR_LIMIT, "'%s' is larger than %u MiB", name,
					LIMIT_MESSAGE_BYTES >> 20);
			close(to);
			return false;
		}
	}
	if (lseek(to, 0, SEEK_SET) < 0) {
		close(to);
		return err_set(err, ERR_IO, "cannot go back in memory: %s", strerror(errno));
	}
	*ret_fd = to;
	return true;
}

/* The first bytes of what is in it, as much as one mail may have. */
static bool decoded(int fd, const char *name, struct box *box, const struct box_options *opt,
	size_t *ret_n, struct err *err)
{
	struct feed_run run = {.box = opt, .folder = NULL};
	struct feed *feed = NULL;
	size_t n = 0, got = 1;
	bool done = feed_open(given_file(fd, name), &run, 0, &feed, err);

	if (done && feed_is_archive(feed))
		done = err_set(err, ERR_USAGE, "'%s' is an archive: look at one mail of it", name);
	while (done && got && n < LIMIT_RECORD_BYTES) {
		done = feed_read(feed, box_input(box) + n, LIMIT_RECORD_BYTES - n, &got, err);
		n += done ? got : 0;
	}
	feed_free(feed);
	feed_run_release(&run);
	*ret_n = n;
	return done;
}

bool look_read(int fd, const char *name, const struct str *own_domains, size_t n_own,
	const struct box_options *opt, struct buf *out, struct err *err)
{
	struct buf own = {0};
	struct box_reply reply;
	struct box *box;
	struct str answer;
	size_t n;
	int memory;

	if (!in_memory(fd, name, &memory, err))
		return false;
	if (!box_start(opt, &box, err)) {
		close(memory);
		return false;
	}
	for (size_t i = 0; i < n_own; i++)
		buf_addf(&own, STR_FMT "\n", STR_ARG(own_domains[i]));
	bool done = decoded(memory, name, box, opt, &n, err) &&
		    box_send(box, BOX_LOOK, n, buf_view(&own), err) &&
		    box_receive(box, &reply, &answer, err);
	if (done && reply.status != BOX_OK)
		done = err_set(err, ERR_BOX,
			"'%s' could not be read (it broke the parser, which was in its box)", name);
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
