#include "engine/status.h"

#include <errno.h>
#include <sys/statvfs.h>

#include "casedb/casedb.h"
#include "casedb/intel.h"
#include "casedb/people.h"
#include "casedb/segment.h"
#include "casedb/source.h"

static bool add_source(void *arg, const struct source_row *r)
{
	struct status *s = arg;

	s->sources++;
	s->source_bytes += r->bytes;
	return true;
}

static bool add_batch(void *arg, const struct batch_row *r)
{
	struct status *s = arg;

	s->batches++;
	s->records += r->records;
	s->batch_bytes += r->bytes;
	return true;
}

static bool add_source_flaw(void *arg, int64_t source, struct flaw f)
{
	struct status *s = arg;

	(void)source;
	if (f.code < FLAW_CODES)
		s->flaws[f.code]++;
	return true;
}

static bool add_flaw(void *arg, uint32_t batch, uint32_t record, struct flaw f)
{
	(void)record;
	return add_source_flaw(arg, batch, f);
}

static bool add_segment_file(void *arg, const struct segment_row *r)
{
	struct status *s = arg;

	s->segment_bytes += r->bytes;
	return true;
}

static bool add_intel(void *arg, const struct intel_source_row *r)
{
	struct status *s = arg;

	s->intel_sources++;
	s->indicators += r->role == INTEL_INDICATORS ? r->indicators : 0;
	s->pending += r->pending;
	return true;
}

static bool add_erasure(void *arg, const struct casedb_erasure *e)
{
	struct status *s = arg;

	(void)e;
	s->erasures++;
	return true;
}

static void add_segments(const struct snapshot *snap, struct status *s)
{
	for (size_t i = 0; i < snap->n; i++) {
		struct seg_info info;
		segment_info(snap->at[i].seg, &info);
		s->segments++;
		s->events += info.rows - snap->at[i].hidden.n;
		s->copies += info.copies + snap->at[i].hidden.n;
		s->observables += info.observables;
		s->distinct += info.entries;
		s->index_bytes += info.index_bytes;
		s->conflicts += snap->at[i].conflict.n;
		segment_each_flaw(snap->at[i].seg, add_flaw, s);
	}
	s->flaws[FLAW_ID_CONFLICT] += s->conflicts;
}

bool status_read(struct folder *f, struct snapshot *snap, struct status *ret, struct err *err)
{
	struct casedb *db = folder_db(f);
	struct status s = {0};
	struct casedb_state state;
	struct people_counts people;
	struct statvfs fs;

	add_segments(snap, &s);
	if (!casedb_source_each(db, add_source, &s, err) ||
		!casedb_batch_each(db, 0, add_batch, &s, err) ||
		!casedb_source_flaw_each(db, add_source_flaw, &s, err) ||
		!casedb_segment_each(db, add_segment_file, &s, err) ||
		!casedb_intel_source_each(db, add_intel, &s, err) ||
		!casedb_erasure_each(db, add_erasure, &s, err) ||
		!casedb_people_count(db, &people, err) || !casedb_state(db, &state, err))
		return false;
	s.people_lists = people.lists;
	s.persons = people.persons;
	s.journal_lines = state.journal_count;
	if (s.records > s.events + s.copies)
		s.records_without_event = s.records - s.events - s.copies;
	if (fstatvfs(folder_fd(f), &fs))
		return err_set(err, ERR_IO, "cannot ask how full '%s' is: %s", folder_path(f),
			strerror(errno));
	s.free_bytes = (uint64_t)fs.f_bavail * fs.f_frsize;
	*ret = s;
	return true;
}
