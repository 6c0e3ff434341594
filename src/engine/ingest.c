#include "engine/ingest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "engine/acquired.h"
#include "engine/arrival.h"
#include "engine/feed.h"
#include "engine/group.h"
#include "engine/pool.h"
#include "read/cutter.h"

/* A source on its way: alive until its last batch has come back and it waits in the group. */
struct source {
	struct run *run;
	struct source *next;
	size_t index; /* in ingest.sources */
	struct feed *feed;
	struct cutter *cutter;
	struct arrival *arrival;
	uint64_t decoded;
	uint32_t sent;
	bool cut;         /* all of it was sent */
	bool read_failed; /* given up: what is still on its way is let go */
};

/*
 * A batch on its way: which source's, which number, and the preamble that it was sent with, since
 * the cutter has the next one by then.
 */
struct ticket {
	struct source *source;
	uint32_t seq;
	char preamble[];
};

struct run {
	struct folder *folder;
	struct arena *arena;
	const struct ingest_options *opt;
	struct str told; /* what the user said of all sources: batch_head.forced */
	struct ingest *in;
	struct pool *pool;
	struct group *group; /* sources that are to be published */
	struct feed_run feeds;
	struct box_options box;
	struct source *alive; /* oldest first */
	struct ingest_progress progress;
	const struct feed *given; /* of what was named: the source being read is it, or is in it */
	uint64_t bytes_before;    /* of the sources before it, as given */
	struct buf carry;         /* bytes behind the last cut, for the next batch */
};

enum { ZSTD_LEVEL = 1, READ_STEP = 1 << 20 };

static void source_free(struct source *s)
{
	if (!s)
		return;
	feed_free(s->feed);
	cutter_free(s->cutter);
	arrival_free(s->arrival);
	free(s);
}

static void report_progress(struct run *r)
{
	if (r->opt->progress)
		r->opt->progress(r->opt->arg, &r->progress);
}

static void note_published(void *arg, size_t index, const struct published *p)
{
	struct run *r = arg;

	r->in->sources.at[index].facts = *p;
	r->progress.records += p->records;
}

/* All of it is there: from now on the group has it. */
static bool hand_on(struct source *s, struct err *err)
{
	struct ingested *out = &s->run->in->sources.at[s->index];
	struct source_facts facts = {
		.path = out->path,
		.bytes = feed_bytes(s->feed),
		.decoded_bytes = s->decoded,
		.decoding = feed_decoding(s->feed),
		.acquired = s->run->opt->acquired,
	};

	facts.sha256 = feed_hash(s->feed);
	facts.flaws = feed_flaws(s->feed, &facts.n_flaws);
	out->sha256 = facts.sha256;
	out->bytes = facts.bytes;
	out->archive = feed_is_archive(s->feed);
	out->format = arrival_format(s->arrival);
	arrival_span(s->arrival, &out->first, &out->last);
	return group_add(s->run->group, s->index, arrival_staging(s->arrival), &facts, err);
}

static void unlink_source(struct run *r, struct source *s)
{
	struct source **at = &r->alive;

	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	source_free(s);
}

static bool hand_on_if_whole(struct source *s, struct err *err)
{
	if (!s->cut || arrival_staged(s->arrival) < s->sent)
		return true;
	bool done = hand_on(s, err);
	unlink_source(s->run, s);
	return done;
}

static bool batch_done(void *arg, const struct pool_result *res, struct err *err)
{
	struct ticket *t = res->task;
	struct source *s = t->source;
	uint32_t seq = t->seq;

	s->run->in->without_rules += res->without_rules;

	(void)arg;
	free(t);
	if (s->read_failed)
		return true;
	return arrival_take(s->arrival, seq, res->batch, res->segment, err) &&
	       hand_on_if_whole(s, err);
}

/*
 * Fills the window until the cutter finds the end of a batch; *ret_n 0 at the end of the source.
 * What was read beyond the cut is carried to the next window.
 */
static bool fill(struct source *s, char *window, size_t room, size_t *ret_n, struct err *err)
{
	struct run *r = s->run;
	size_t n = r->carry.n, cut = 0;
	bool eof = false;

	if (room < LIMIT_SLICE_BYTES + READ_STEP)
		BUG("a worker's input of %zu bytes is too small", room);
	memcpy(window, r->carry.p ? r->carry.p : "", n);
	buf_clear(&r->carry);
	while (!cut) {
		if (n >= LIMIT_BATCH_BYTES || eof)
			cut = cutter_cut(s->cutter, (struct str){window, n}, eof);
		if (cut || eof)
			break;
		size_t got;
		if (!feed_read(s->feed, window + n, READ_STEP, &got, err)) {
			s->read_failed = true;
			return false;
		}
		n += got;
		eof = got == 0;
		r->progress.bytes = r->bytes_before + feed_bytes(r->given);
	}
	buf_add(&r->carry, window + cut, n - cut);
	*ret_n = cut;
	return true;
}

static struct ticket *ticket_new(struct source *s, struct str *inout_preamble)
{
	struct ticket *t = malloc(sizeof(*t) + inout_preamble->n);

	if (!t)
		BUG("out of memory");
	t->source = s;
	t->seq = s->sent++;
	memcpy(t->preamble, inout_preamble->n ? inout_preamble->p : "", inout_preamble->n);
	inout_preamble->p = t->preamble;
	return t;
}

static bool send_batches(struct source *s, struct err *err)
{
	struct run *r = s->run;
	char *window;
	size_t room, n;

	buf_clear(&r->carry);
	for (;;) {
		if (!pool_input(r->pool, &window, &room, err) || !fill(s, window, room, &n, err))
			return false;
		if (n == 0)
			return true;
		struct pool_task task = {.raw_len = n, .want_batch = true};
		cutter_head(s->cutter, &task.head);
		task.reduce =
			(task.head.framing == FRAMING_MAIL || task.head.framing == FRAMING_MBOX) &&
			config_reduces_mail(folder_config(r->folder));
		task.rules = task.reduce ? r->opt->rules : STR("");
		task.task = ticket_new(s, &task.head.preamble);
		task.head.forced = r->told;
		s->decoded += n;
		if (!pool_submit(r->pool, &task, err) || !group_look(r->group, err))
			return false;
		report_progress(r);
	}
}

/* Takes the given.  The source is alive from now on, and the last of those. */
static bool open_source(
	struct run *r, struct given *given, unsigned level, struct source **ret_s, struct err *err)
{
	struct source *s = calloc(1, sizeof(*s));

	if (!s)
		BUG("out of memory");
	s->run = r;
	s->index = r->in->sources.n - 1;
	if (!feed_open(given, &r->feeds, level, &s->feed, err)) {
		source_free(s);
		return false;
	}
	s->cutter = cutter_new(feed_head(s->feed));
	if (!arrival_begin(r->folder, r->arena, &s->arrival, err)) {
		source_free(s);
		return false;
	}
	struct source **last = &r->alive;
	while (*last)
		last = &(*last)->next;
	*last = s;
	*ret_s = s;
	return true;
}

/* A source that can't be read to its end costs itself only: nothing of it is published. */
static bool give_up(struct run *r, struct source *s, struct err *err)
{
	r->in->sources.at[s->index].not_read = arena_dup(r->arena, str_of(err->msg));
	if (!pool_drain(r->pool, err))
		return false;
	unlink_source(r, s);
	return true;
}

static void add_source(struct run *r, const struct walk_file *file, bool member)
{
	*vec_push(&r->in->sources) = (struct ingested){.path = file->path,
		.member = member,
		.not_read = file->not_read,
		.first = INT64_MIN,
		.last = INT64_MIN};
	r->progress.path = file->path.p;
	report_progress(r);
}

static bool ingest_given(
	struct run *r, struct given *given, unsigned level, struct feed *archive, struct err *err);

/* Each member is a source of its own, below the archive's path, whatever its name says. */
static bool ingest_members(struct run *r, struct source *s, unsigned level, struct err *err)
{
	struct str path = r->in->sources.at[s->index].path, name;

	while (feed_member(s->feed, &name, err)) {
		if (!name.n)
			return true;
		struct walk_file file = {.path = arena_printf(r->arena, STR_FMT "/" STR_FMT,
						 STR_ARG(path), STR_ARG(name))};
		add_source(r, &file, true);
		if (!ingest_given(r, given_stream(feed_member_read, s->feed, file.path.p),
			    level + 1, s->feed, err))
			return false;
	}
	s->read_failed = true;
	return false;
}

/* To the end of what was given, which its hash needs; a member's flaw is known only there. */
static bool finish(struct source *s, const struct feed *archive, struct err *err)
{
	if (!feed_finish(s->feed, err)) {
		s->read_failed = true;
		return false;
	}
	if (!archive)
		s->run->bytes_before += feed_bytes(s->feed);
	else if (feed_member_flaw(archive) < FLAW_CODES)
		feed_add_flaw(s->feed, feed_member_flaw(archive));
	s->cut = true;
	return true;
}

/* The last of the sources, from what was given.  archive: what it is a member of, or NULL. */
static bool ingest_given(
	struct run *r, struct given *given, unsigned level, struct feed *archive, struct err *err)
{
	size_t index = r->in->sources.n - 1;
	struct str path = r->in->sources.at[index].path;
	struct source *s = NULL;
	struct err why = {0};

	/* What can't be read costs itself only; what the case can't take stops the run. */
	if (!open_source(r, given, level, &s, &why)) {
		if (why.code != ERR_IO) {
			*err = why;
			return false;
		}
		r->in->sources.at[index].not_read = arena_dup(r->arena, str_of(why.msg));
		return true;
	}
	if (!archive)
		r->given = s->feed;
	bool read = feed_is_archive(s->feed) ? ingest_members(r, s, level, &why)
					     : send_batches(s, &why);
	if (!read || !finish(s, archive, &why)) {
		*err = why;
		return s->read_failed ? give_up(r, s, err) : err_in(err, "'%s'", path.p);
	}
	return hand_on_if_whole(s, err);
}

static bool ingest_file(struct run *r, const struct walk_file *file, struct err *err)
{
	add_source(r, file, false);
	if (file->not_read.n)
		return true;
	/* Of what has no size nobody knows how long it takes to come. */
	if (!file->size && !group_flush(r->group, err))
		return false;
	int fd = str_eq(file->path, STR("-")) ? dup(STDIN_FILENO)
					      : open(file->path.p, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		r->in->sources.at[r->in->sources.n - 1].not_read = arena_printf(
			r->arena, "cannot open '%s': %s", file->path.p, strerror(errno));
		return true;
	}
	return ingest_given(r, given_file(fd, file->path.p), 0, NULL, err);
}

static void add_up(struct run *r)
{
	struct ingest *in = r->in;

	for (size_t i = 0; i < in->sources.n; i++) {
		const struct ingested *s = &in->sources.at[i];
		in->bytes += s->member ? 0 : s->bytes;
		in->not_read += s->not_read.n != 0;
		in->records += s->facts.records;
		in->events += s->facts.new_events;
		in->copies +=
			s->facts.records && s->facts.known ? s->facts.events : s->facts.copies;
		in->observables += s->facts.observables;
		in->flaws += s->facts.flaws;
	}
}

static bool run_all(struct run *r, const struct walk *w, struct err *err)
{
	for (size_t i = 0; i < w->files.n; i++) {
		r->progress.files = i;
		if (!ingest_file(r, &w->files.at[i], err))
			return false;
	}
	r->progress.files = w->files.n;
	return pool_drain(r->pool, err) && group_flush(r->group, err);
}

bool ingest_run(struct folder *f, struct arena *a, const struct walk *w,
	const struct ingest_options *opt, struct ingest *ret, struct err *err)
{
	double began = when_elapsed();
	struct run r = {
		.folder = f,
		.arena = a,
		.opt = opt,
		.in = ret,
		.box = {.worker = opt->worker,
			.formats = opt->formats,
			.n_formats = opt->n_formats,
			.own_hosts = folder_config(f)->mail_hosts,
			.n_own_hosts = folder_config(f)->n_mail_hosts},
		.progress = {.bytes_total = w->bytes, .files_total = w->files.n},
	};
	if (opt->rules.n)
		r.box.input_room = BOX_INPUT_ROOM + opt->rules.n;
	struct pool_options pool = {
		.box = r.box, .jobs = opt->jobs, .zstd_level = ZSTD_LEVEL, .done = batch_done};

	struct acquired acquired;

	if (!acquired_parse(a, opt->acquired, &acquired, err) || !pool_start(&pool, &r.pool, err))
		return false;
	r.told = acquired_told(a, opt->as, &acquired);
	r.feeds.box = &r.box;
	r.feeds.folder = f;
	r.group = group_new(f, !opt->no_merge, note_published, &r);
	bool done = run_all(&r, w, err);
	/* What failed takes nothing with it that was whole. */
	struct err later;
	if (!done && !group_flush(r.group, &later))
		err_in(err, "and what was read before it could not be published (%s)", later.msg);
	while (r.alive)
		unlink_source(&r, r.alive);
	group_free(r.group);
	pool_stop(r.pool);
	feed_run_release(&r.feeds);
	buf_release(&r.carry);
	add_up(&r);
	ret->seconds = when_elapsed() - began;
	report_progress(&r);
	return done;
}

void ingest_release(struct ingest *in)
{
	vec_release(&in->sources);
}
