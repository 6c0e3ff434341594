#include "engine/ingest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "engine/acquired.h"
#include "engine/feed.h"
#include "engine/group.h"
#include "engine/pool.h"
#include "read/cutter.h"

/* A batch that came back before an earlier one of its source. */
struct early {
	uint32_t seq;
	struct buf batch, segment;
};

/* A source on its way: alive until its last batch has come back and it waits in the group. */
struct source {
	struct run *run;
	struct source *next;
	size_t index; /* in ingest.sources */
	struct feed *feed;
	struct cutter *cutter;
	struct staging *staging;
	uint64_t decoded;
	uint32_t sent, staged;
	bool cut;         /* all of it was sent */
	bool read_failed; /* given up: what is still on its way is let go */
	VEC(struct early) early;
	VEC(struct tally) tallies;
};

/* Events by format, to say which format a source was. */
struct tally {
	struct str format;
	uint64_t rows;
};

/* A batch on its way: which source's, which number. */
struct ticket {
	struct source *source;
	uint32_t seq;
};

struct run {
	struct folder *folder;
	struct arena *arena;
	const struct ingest_options *opt;
	struct str told; /* what the user said of all sources: batch_head.forced */
	struct ingest *in;
	struct pool *pool;
	struct group *group; /* sources that are to be published */
	struct box *decoder;
	struct box_options box;
	struct source *alive; /* oldest first */
	struct ingest_progress progress;
	uint64_t bytes_before; /* of the sources before the one being read, as given */
	struct buf carry;      /* bytes behind the last cut, for the next batch */
};

enum { ZSTD_LEVEL = 1, READ_STEP = 1 << 20 };

static void source_free(struct source *s)
{
	if (!s)
		return;
	feed_free(s->feed);
	cutter_free(s->cutter);
	if (s->staging)
		staging_drop(s->staging);
	for (size_t i = 0; i < s->early.n; i++) {
		buf_release(&s->early.at[i].batch);
		buf_release(&s->early.at[i].segment);
	}
	vec_release(&s->early);
	vec_release(&s->tallies);
	free(s);
}

static void report_progress(struct run *r)
{
	if (r->opt->progress)
		r->opt->progress(r->opt->arg, &r->progress);
}

/* Adds what a fresh segment says of its source to the report. */
static bool tally_segment(struct source *s, struct str file, struct err *err)
{
	struct ingested *out = &s->run->in->sources.at[s->index];
	struct segment *seg;
	struct seg_stream st;

	if (!segment_open(file, &seg, err))
		return false;
	for (uint32_t i = 0; segment_stream(seg, i, &st); i++) {
		size_t k = 0;
		while (k < s->tallies.n && !str_eq(s->tallies.at[k].format, st.format))
			k++;
		if (k == s->tallies.n)
			*vec_push(&s->tallies) =
				(struct tally){arena_dup(s->run->arena, st.format), 0};
		s->tallies.at[k].rows += st.rows;
		if (st.first != INT64_MIN && (out->first == INT64_MIN || st.first < out->first))
			out->first = st.first;
		if (st.last != INT64_MIN && st.last > out->last)
			out->last = st.last;
	}
	segment_close(seg);
	return true;
}

static bool stage(struct source *s, struct str batch, struct str segment, struct err *err)
{
	s->staged++;
	return tally_segment(s, segment, err) && staging_add(s->staging, batch, segment, err);
}

/* Stages what had to wait for the batch before it. */
static bool stage_early(struct source *s, struct err *err)
{
	for (size_t i = 0; i < s->early.n;) {
		struct early e = s->early.at[i];
		if (e.seq != s->staged) {
			i++;
			continue;
		}
		s->early.at[i] = s->early.at[--s->early.n];
		bool staged = stage(s, buf_view(&e.batch), buf_view(&e.segment), err);
		buf_release(&e.batch);
		buf_release(&e.segment);
		if (!staged)
			return false;
		i = 0;
	}
	return true;
}

static struct str main_format(const struct source *s)
{
	struct tally best = {STR(""), 0};

	for (size_t i = 0; i < s->tallies.n; i++) {
		struct tally t = s->tallies.at[i];
		if (t.rows > best.rows ||
			(t.rows == best.rows && str_cmp(t.format, best.format) < 0))
			best = t;
	}
	return best.format;
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

	if (!feed_hash(s->feed, &facts.sha256, err))
		return err_in(err, "'%s'", out->path.p);
	facts.flaws = feed_flaws(s->feed, &facts.n_flaws);
	out->sha256 = facts.sha256;
	out->bytes = facts.bytes;
	out->format = main_format(s);
	struct staging *staging = s->staging;
	s->staging = NULL;
	return group_add(s->run->group, s->index, staging, &facts, err);
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
	if (!s->cut || s->staged < s->sent)
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

	(void)arg;
	free(t);
	if (s->read_failed)
		return true;
	if (seq != s->staged) {
		struct early *e = vec_push(&s->early);
		*e = (struct early){.seq = seq};
		buf_str(&e->batch, res->batch);
		buf_str(&e->segment, res->segment);
		return true;
	}
	return stage(s, res->batch, res->segment, err) && stage_early(s, err) &&
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
		r->progress.bytes = r->bytes_before + feed_bytes(s->feed);
	}
	buf_add(&r->carry, window + cut, n - cut);
	*ret_n = cut;
	return true;
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
		struct ticket *t = malloc(sizeof(*t));
		if (!t)
			BUG("out of memory");
		*t = (struct ticket){s, s->sent++};
		struct pool_task task = {.raw_len = n, .want_batch = true, .task = t};
		cutter_head(s->cutter, &task.head);
		task.head.forced = r->told;
		s->decoded += n;
		if (!pool_submit(r->pool, &task, err) || !group_look(r->group, err))
			return false;
		report_progress(r);
	}
}

static bool open_source(struct run *r, const struct walk_file *file, size_t index,
	struct source **ret_s, struct err *err)
{
	int fd = str_eq(file->path, STR("-")) ? dup(STDIN_FILENO)
					      : open(file->path.p, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return err_set(err, ERR_IO, "cannot open '%s': %s", file->path.p, strerror(errno));
	struct source *s = calloc(1, sizeof(*s));
	if (!s)
		BUG("out of memory");
	s->run = r;
	s->index = index;
	if (!feed_open(fd, file->path.p, &r->box, &r->decoder, &s->feed, err)) {
		source_free(s);
		return false;
	}
	s->cutter = cutter_new(feed_head(s->feed));
	if (!staging_begin(r->folder, &s->staging, err)) {
		source_free(s);
		return false;
	}
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

static bool ingest_file(struct run *r, const struct walk_file *file, struct err *err)
{
	struct source *s = NULL;
	struct err why = {0};

	*vec_push(&r->in->sources) = (struct ingested){.path = file->path,
		.not_read = file->not_read,
		.first = INT64_MIN,
		.last = INT64_MIN};
	struct ingested *out = &r->in->sources.at[r->in->sources.n - 1];
	r->progress.path = file->path.p;
	report_progress(r);
	if (file->not_read.n)
		return true;
	/* Of what has no size nobody knows how long it takes to come. */
	if (!file->size && !group_flush(r->group, err))
		return false;
	/* What can't be read costs itself only; what the case can't take stops the run. */
	if (!open_source(r, file, r->in->sources.n - 1, &s, &why)) {
		if (why.code != ERR_IO) {
			*err = why;
			return false;
		}
		out->not_read = arena_dup(r->arena, str_of(why.msg));
		return true;
	}
	struct source **last = &r->alive;
	while (*last)
		last = &(*last)->next;
	*last = s;
	if (!send_batches(s, &why)) {
		*err = why;
		return s->read_failed ? give_up(r, s, err) : err_in(err, "'%s'", file->path.p);
	}
	s->cut = true;
	r->bytes_before += feed_bytes(s->feed);
	return hand_on_if_whole(s, err);
}

static void add_up(struct run *r)
{
	struct ingest *in = r->in;

	for (size_t i = 0; i < in->sources.n; i++) {
		const struct ingested *s = &in->sources.at[i];
		in->bytes += s->bytes;
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
	struct pool_options pool = {
		.box = r.box, .jobs = opt->jobs, .zstd_level = ZSTD_LEVEL, .done = batch_done};

	struct acquired acquired;

	if (!acquired_parse(a, opt->acquired, &acquired, err) || !pool_start(&pool, &r.pool, err))
		return false;
	r.told = acquired_told(a, opt->as, &acquired);
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
	box_stop(r.decoder);
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
