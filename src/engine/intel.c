#include "engine/intel.h"

#include "engine/inside.h"
#include "engine/intelbox.h"
#include "engine/intelfile.h"
#include "engine/intelset.h"
#include "engine/kept.h"
#include "engine/live.h"
#include "intel/marking.h"

struct adding {
	struct folder *f;
	const struct intel_options *opt;
	struct intel_given given;
	struct intel_made made;
	struct intel_facts facts;
	struct intel_added out;
};

static void tell(const struct adding *d, const char *stage)
{
	watcher_tell(d->opt->watcher, stage, 0, 0);
}

static bool is_same(void *arg, const struct intel_source_row *r)
{
	struct adding *d = arg;

	if (!sha256_eq(r->sha256, d->given.sha256))
		return true;
	d->out.known = true;
	d->out.source = r->id;
	d->out.role = r->role;
	d->out.indicators = r->indicators;
	d->out.pending = r->pending;
	d->out.skipped = r->skipped;
	return false;
}

static bool take(struct adding *d, const struct str *paths, size_t n, struct err *err)
{
	tell(d, "copying");
	if (!intel_given_take(d->f, d->opt->worker, paths, n, &d->given, err))
		return false;
	d->facts = (struct intel_facts){.sha256 = d->given.sha256,
		.name = d->opt->name.n ? d->opt->name : d->given.name,
		.path = d->given.path,
		.marking = marking_of_text(d->opt->marking),
		.confidence = d->opt->confidence,
		.files = d->given.files.n};
	return true;
}

/* The two files that are compared, and whoever is told. */
struct comparing {
	struct file_map *before, *now;
	intel_change_fn fn;
	void *arg;
};

static void forget(void *arg)
{
	const struct comparing *c = arg;

	file_forget(c->before);
	file_forget(c->now);
}

static bool pass_on(void *arg, enum intel_change c, const struct indicator *was,
	const struct indicator *is, unsigned aspects)
{
	const struct comparing *to = arg;

	return to->fn(to->arg, c, was, is, aspects);
}

/* Beside the version of now, outside of the lock: what another process adds meanwhile is not it. */
static bool compare(struct adding *d, intel_change_fn fn, void *arg, struct intel_differences *ret,
	struct err *err)
{
	struct intel_source_row row = {
		.sha256 = d->facts.sha256, .name = d->facts.name, .path = d->facts.path};
	char name[NAME_ROOM];
	struct sha256 old;
	struct file_map map = {0};
	struct indicators before;
	int64_t id;

	tell(d, "comparing");
	if (!intel_rows_before(d->f, &row, &old, &id, err))
		return false;
	if (id) {
		name_of_hash(&old, name);
		if (!intel_file_open(d->f, str_of(name), &map, &before, err))
			return false;
	}
	struct comparing c = {&map, &d->made.map, fn, arg};
	intel_diff(id ? &before : NULL, &d->made.in, fn ? pass_on : NULL, forget, &c, ret);
	file_unmap(&map);
	return true;
}

static bool make(struct adding *d, struct stagedir *dir, struct err *err)
{
	tell(d, "reading");
	return intel_make(dir, &d->given, d->opt->worker, &d->made, err);
}

static bool keep(struct adding *d, struct stagedir *dir, struct err *err)
{
	tell(d, "compressing");
	return intel_keep_given(dir, &d->given, err);
}

static bool enter(struct adding *d, struct err *err)
{
	struct intel_published p;
	struct stagedir dir;

	if (!stagedir_make(d->f, &dir, err))
		return false;
	if (!make(d, &dir, err) || !compare(d, NULL, NULL, &d->facts.swap, err) ||
		!keep(d, &dir, err)) {
		stagedir_remove(&dir);
		return false;
	}
	tell(d, "writing");
	struct sha256 packed = file_hash(&d->made.map);
	if (!intel_publish(d->f, &dir, &d->facts, &packed, buf_view(&d->made.bytes), &p, err))
		return false;
	d->out.known = p.known;
	d->out.replaced = p.replaced;
	d->out.source = p.id;
	d->out.role = d->made.said.role;
	d->out.indicators = indicators_count(&d->made.in);
	d->out.pending = d->made.in.n_pending;
	d->out.skipped = d->made.said.skipped.n;
	d->out.swap = d->facts.swap;
	return true;
}

static void name_files(struct adding *d)
{
	struct indicators_file file;

	for (uint32_t i = 0; indicators_member(&d->made.in, i, &file); i++)
		*vec_push(&d->out.files) = arena_dup(&d->out.arena, file.name);
}

/* What is said, with the bytes that it borrows, is the caller's from now on. */
static void hand_over(struct adding *d)
{
	if (!d->out.known)
		name_files(d);
	d->out.read = d->made.said;
	d->out.bytes = d->made.bytes;
	d->made.said = (struct intel){.indicators = {0}};
	d->made.bytes = (struct buf){0};
}

bool intel_look_back(
	struct folder *f, const struct watcher *w, uint64_t *ret_sightings, struct err *err)
{
	struct snapshot *snap;

	watcher_tell(w, "looking back", 0, 0);
	if (!folder_lock(f, err))
		return false;
	bool done = recover_doomed(f, err);
	folder_unlock(f);
	if (!done || !snapshot_open(f, &snap, err))
		return false;
	done = sightings_update(f, snap, SIGHTING_RETRO, ret_sightings, err);
	snapshot_close(snap);
	return done;
}

bool intel_add(struct folder *f, const struct str *paths, size_t n, const struct intel_options *opt,
	struct intel_added *ret, struct err *err)
{
	struct adding d = {.f = f, .opt = opt, .given.fd = -1};

	bool done =
		take(&d, paths, n, err) && casedb_intel_source_each(folder_db(f), is_same, &d, err);
	d.out.since = when_now();
	if (done && !d.out.known)
		done = enter(&d, err) &&
		       (opt->later || intel_look_back(f, opt->watcher, &d.out.sightings, err));
	if (done) {
		hand_over(&d);
		*ret = d.out;
	}
	intel_made_release(&d.made);
	intel_given_release(&d.given);
	return done;
}

void intel_added_release(struct intel_added *r)
{
	intel_release(&r->read);
	buf_release(&r->bytes);
	vec_release(&r->files);
	arena_release(&r->arena);
}

bool intel_compare(struct folder *f, const struct str *paths, size_t n,
	const struct intel_options *opt, intel_change_fn fn, void *arg,
	struct intel_differences *ret, struct err *err)
{
	struct adding d = {.f = f, .opt = opt, .given.fd = -1};
	struct stagedir dir;

	bool done = take(&d, paths, n, err) && stagedir_make(f, &dir, err);
	if (done) {
		done = make(&d, &dir, err) && compare(&d, fn, arg, ret, err);
		stagedir_remove(&dir);
	}
	intel_made_release(&d.made);
	intel_given_release(&d.given);
	return done;
}

/* The source that people mean, by its path, or else by a name that no other has. */
struct naming {
	struct str name;
	size_t n; /* that have it */
	bool path;
	struct sha256 sha256;
};

static bool is_meant(void *arg, const struct intel_source_row *r)
{
	struct naming *n = arg;
	bool path = str_eq(n->name, r->path);

	if (n->path || (!path && !str_eq(n->name, r->name)))
		return true;
	n->path = path;
	n->n = path ? 1 : n->n + 1;
	n->sha256 = r->sha256;
	return true;
}

bool intel_remove(struct folder *f, struct str name, struct err *err)
{
	struct naming n = {.name = name};

	if (!casedb_intel_source_each(folder_db(f), is_meant, &n, err))
		return false;
	if (!n.n)
		return err_set(err, ERR_USAGE,
			"no intelligence named '" STR_FMT "'; 'spoor intel list' lists it",
			STR_ARG(name));
	if (n.n > 1)
		return err_set(err, ERR_USAGE,
			"%zu sources are named '" STR_FMT
			"': give the path, as 'spoor intel list --json' has it",
			n.n, STR_ARG(name));
	return intel_retract(f, &n.sha256, err);
}

bool intel_each(struct folder *f, int64_t source, intel_pending_fn fn, void *arg, struct err *err)
{
	struct intel_set set;
	struct indicator in;
	uint32_t at = UINT32_MAX;

	if (!intel_set_open(f, &set, err))
		return false;
	const struct intel_file *file = intel_set_find(&set, source);
	struct indicators_reader r = {.in = file ? &file->in : NULL};
	while (file && indicators_next(&r, &at, &in) && fn(arg, &in))
		;
	intel_set_close(&set);
	return true;
}
