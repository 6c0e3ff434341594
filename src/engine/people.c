#include "engine/people.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/limits.h"
#include "engine/kept.h"
#include "engine/peoplefile.h"
#include "people/pack.h"

static struct str base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return str_of(slash ? slash + 1 : path);
}

static bool read_in_box(const char *path, struct str given, const struct people_options *opt,
	struct people_added *out, struct err *err)
{
	struct kept_reading r = {.job = BOX_PEOPLE,
		.what = "a list of people",
		.worker = opt->worker,
		.path = path,
		.given = given,
		.description = opt->as};

	if (!kept_read(&r, &out->bytes, err) ||
		!people_unpack(&out->arena, buf_view(&out->bytes), &out->read, err))
		return false;
	if (out->read.kind.n == 0)
		return err_set(err, ERR_USAGE,
			"'%s' is no list of people that spoor knows: spoor-people(5) says which "
			"ones it does",
			path);
	return out->read.persons.n > 0 ||
	       err_set(err, ERR_USAGE, "'%s' has nobody in it: nothing was changed", path);
}

static bool add(struct folder *f, const char *path, const struct people_options *opt,
	struct people_added *out, struct err *err)
{
	struct buf given = {0};
	struct people_published p;

	if (!file_read(AT_FDCWD, path, LIMIT_PEOPLE_BYTES, &given, err))
		return false;
	struct people_facts facts = {.sha256 = sha256_of(buf_view(&given)),
		.list = opt->list.n ? opt->list : base_name(path),
		.path = str_of(path),
		.as = opt->as,
		.at = opt->at};
	bool done = read_in_box(path, buf_view(&given), opt, out, err) &&
		    people_publish(f, &facts, buf_view(&out->bytes), &p, err);
	buf_release(&given);
	if (!done)
		return false;
	out->list = arena_dup(&out->arena, facts.list);
	out->known = p.known;
	out->replaced = p.replaced;
	out->persons = p.persons;
	out->identities = p.identities;
	out->skipped = p.skipped;
	return true;
}

bool people_add(struct folder *f, const char *path, const struct people_options *opt,
	struct people_added *ret, struct err *err)
{
	struct people_added out = {0};
	char *whole = realpath(path, NULL);
	bool done = whole ? add(f, whole, opt, &out, err)
			  : err_set(err, ERR_IO, "cannot open '%s': %s", path, strerror(errno));

	free(whole);
	if (done)
		*ret = out;
	else
		people_added_release(&out);
	return done;
}

void people_added_release(struct people_added *r)
{
	people_release(&r->read);
	buf_release(&r->bytes);
	arena_release(&r->arena);
}
