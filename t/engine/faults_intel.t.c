/*
 * Each write, fsync, rename and removal of adding, swapping, erasing from and taking out sources of
 * intelligence, and of writing down what they met, fails once, or is where the process is killed.
 * Afterwards the case opens, fsck finds nothing, and doing the work again completes it.
 *
 * `faults_intel.t work CASE` is the work, run in processes of their own: t/seam/io.c counts and
 * fails.
 */
#include "t/engine/faults.h"

#include "engine/erasing.h"
#include "t/engine/madeintel.h"

static const struct made_event events[] = {
	{1, 11, 1000, "bela"}, {2, 12, 2000, "cara"}, {3, 13, 3000, "dora"}};
static const struct made_source source = {"/in/a", events, 3, 2};

static const struct made_intel first = {"feed", "account: bela\naccount: cara\n"},
			       newer = {"feed",
				       "account: dora\naccount: canary.zoe\naccount: cara\n"},
			       other = {"other", "account: bela\n"};

/* By hand: the newer feed; other is taken out again. */
static const char *const want = "feed | cara | cara | 0 | 1 | 2000 | 2000\n"
				"feed | dora | dora | 0 | 1 | 3000 | 3000\n";

static bool erase(struct folder *f, struct err *err)
{
	struct str value = STR("canary.zoe");
	struct arena a = {0};
	struct erasing e = {.preamble = false};
	struct replacement *rep = NULL;
	uint64_t gone = 0;

	bool done = erasing_init(&e, &a, &value, 1, err) &&
		    replace_begin(f, REPLACE_ERASE, &rep, err) &&
		    erasing_intel(&e, f, rep, &gone, err);
	if (done)
		done = replace_publish(rep, err);
	else
		replace_drop(rep);
	erasing_release(&e);
	arena_release(&a);
	return done;
}

static bool retract(struct folder *f, struct err *err)
{
	struct sha256 hash = made_intel_hash(&other);
	int64_t id;

	return casedb_intel_source_find(folder_db(f), &hash, &id, err) &&
	       (!id || intel_retract(f, &hash, err));
}

/* What is erased already is not entered again. */
static bool work(struct folder *f, struct err *err)
{
	unsigned erasures = 0;
	struct published p;

	if (!made_publish(f, &source, &p, err) ||
		!casedb_erasure_each(folder_db(f), count_erasure, &erasures, err))
		return false;
	if (!erasures && (!made_intel_add(f, &first, err) || !made_look(f, SIGHTING_RETRO, err) ||
				 !made_intel_add(f, &newer, err) || !erase(f, err)))
		return false;
	return made_intel_add(f, &other, err) && made_look(f, SIGHTING_RETRO, err) &&
	       retract(f, err);
}

static bool is_done(struct folder *f)
{
	struct arena a = {0};
	struct str got = made_written_down(&a, f, false), anew = made_joined_anew(&a, f);
	bool right = str_eq(got, str_of(want)) && str_eq(anew, got);

	if (!right)
		printf("# got:\n" STR_FMT "# anew:\n" STR_FMT, STR_ARG(got), STR_ARG(anew));
	arena_release(&a);
	return right;
}

static const struct faulty all = {work, is_done, 7};

int main(int argc, char **argv)
{
	if (argc == 3)
		return faulty_work(&all, argv[2]);
	faulty_begin();
	unsigned long calls = faulty_calls(&all, argv[0]);
	ok(calls > 50);
	for (size_t i = 0; i < FAULTS; i++)
		faulty_all(&all, argv[0], &faults[i], calls);
	return tap_end();
}
