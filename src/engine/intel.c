#include "engine/intel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/limits.h"
#include "engine/inside.h"
#include "engine/intelfile.h"
#include "engine/intelrows.h"
#include "engine/kept.h"
#include "engine/keys.h"
#include "engine/live.h"
#include "intel/marking.h"
#include "intel/pack.h"

struct adding {
	struct folder *f;
	const struct intel_options *opt;
	struct buf given; /* the file */
	char *path;       /* absolute */
	struct sha256 sha256;
	struct intel_added *out;
};

static struct str base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return str_of(slash ? slash + 1 : path);
}

static bool is_same(void *arg, const struct intel_source_row *r)
{
	struct adding *d = arg;

	if (!sha256_eq(r->sha256, d->sha256))
		return true;
	*d->out = (struct intel_added){.known = true,
		.source = r->id,
		.indicators = r->indicators,
		.pending = r->pending,
		.skipped = r->skipped};
	return false;
}

static bool open_file(struct adding *d, const char *path, struct err *err)
{
	d->path = realpath(path, NULL);
	if (!d->path)
		return err_set(err, ERR_IO, "cannot open '%s': %s", path, strerror(errno));
	if (!file_read(AT_FDCWD, d->path, LIMIT_INTEL_BYTES, &d->given, err))
		return false;
	d->sha256 = sha256_of(buf_view(&d->given));
	return casedb_intel_source_each(folder_db(d->f), is_same, d, err);
}

static bool read_in_box(struct adding *d, struct err *err)
{
	struct kept_reading r = {.job = BOX_INTEL,
		.what = "intelligence",
		.worker = d->opt->worker,
		.path = d->path,
		.given = buf_view(&d->given),
		.description = base_name(d->path)};

	return kept_read(&r, &d->out->bytes, err) &&
	       intel_unpack(buf_view(&d->out->bytes), &d->out->read, err);
}

static bool enter(struct adding *d, struct err *err)
{
	struct intel_facts facts = {.sha256 = d->sha256,
		.name = d->opt->name.n ? d->opt->name : base_name(d->path),
		.path = str_of(d->path),
		.marking = marking_of_text(d->opt->marking),
		.confidence = d->opt->confidence};
	struct intel_published p;

	if (!intel_publish(d->f, &facts, buf_view(&d->out->bytes), &p, err))
		return false;
	d->out->known = p.known;
	d->out->source = p.id;
	d->out->indicators = p.indicators;
	d->out->pending = p.pending;
	d->out->skipped = p.skipped;
	d->out->replaced = p.rows.replaced;
	d->out->added = p.rows.added;
	d->out->gone = p.rows.gone;
	return true;
}

bool intel_look_back(struct folder *f, uint64_t *ret_sightings, struct err *err)
{
	struct snapshot *snap;

	if (!folder_lock(f, err))
		return false;
	bool done = keys_compile(f, err) && recover_doomed(f, err);
	folder_unlock(f);
	if (!done || !snapshot_open(f, &snap, err))
		return false;
	done = sightings_update(f, snap, SIGHTING_RETRO, ret_sightings, err);
	snapshot_close(snap);
	return done;
}

bool intel_add(struct folder *f, const char *path, const struct intel_options *opt,
	struct intel_added *ret, struct err *err)
{
	struct intel_added out = {0};
	struct adding d = {.f = f, .opt = opt, .out = &out};

	bool done = open_file(&d, path, err);
	out.since = when_now();
	if (done && !out.known)
		done = read_in_box(&d, err) && enter(&d, err) &&
		       (opt->later || intel_look_back(f, &out.sightings, err));
	buf_release(&d.given);
	free(d.path);
	if (done)
		*ret = out;
	else
		intel_added_release(&out);
	return done;
}

void intel_added_release(struct intel_added *r)
{
	intel_release(&r->read);
	buf_release(&r->bytes);
}
