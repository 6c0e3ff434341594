#include "engine/rules.h"

#include <fcntl.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "box/jobs.h"
#include "intel/rulelang.h"

void rules_add_file(struct buf *all, enum rule_file_kind kind, struct str name, struct str bytes)
{
	buf_putc(all, (char)kind);
	buf_u32(all, (uint32_t)name.n);
	buf_u64(all, bytes.n);
	buf_str(all, name);
	buf_str(all, bytes);
}

/* By the name, and by the content where that says nothing. */
static enum rule_file_kind kind_of(struct str path, struct str bytes)
{
	if (str_ends(path, STR(".yar")) || str_ends(path, STR(".yara")))
		return RULE_FILE_YARA;
	if (str_ends(path, STR(".yml")) || str_ends(path, STR(".yaml")))
		return RULE_FILE_SIGMA;
	if (str_ends(path, STR(".stix")) || rule_language_of(bytes) == LANGUAGE_STIX)
		return RULE_FILE_PATTERN;
	return yara_is(str_upto(bytes, LANGUAGE_LOOK_BYTES)) ? RULE_FILE_YARA : RULE_FILE_SIGMA;
}

static bool add_file(struct buf *all, const char *path, struct err *err)
{
	struct buf bytes = {0};

	bool done = file_read(AT_FDCWD, path, LIMIT_RULES_BYTES, &bytes, err);
	if (done && all->n + bytes.n > LIMIT_RULES_BYTES)
		done = err_set(err, ERR_LIMIT, "'%s': rules and events above %u MiB in all",
			path ? path : "", LIMIT_RULES_BYTES >> 20);
	if (done)
		rules_add_file(all, kind_of(str_of(path), buf_view(&bytes)), str_of(path),
			buf_view(&bytes));
	buf_release(&bytes);
	return done;
}

bool rules_gather(const struct rules_asked *q, struct buf *all, struct err *err)
{
	bool done = add_file(all, q->logsources, err);

	if (!q->placeholders)
		rules_add_file(all, RULE_FILE_SIGMA, STR(""), STR(""));
	else
		done = done && add_file(all, q->placeholders, err);
	for (size_t i = 0; done && i < q->n_files; i++)
		done = add_file(all, q->files[i].p, err);
	buf_str(all, q->more);
	if (q->pattern.p)
		rules_add_file(all, RULE_FILE_PATTERN, STR(""), q->pattern);
	return done && (!q->events || add_file(all, q->events, err));
}

bool rules_say(const struct rules_asked *q, struct str all, struct buf *out, struct err *err)
{
	struct box_options opt = q->box;
	struct box_reply reply;
	struct box *box = NULL;
	struct str answer;

	opt.input_room = all.n + 4096;
	opt.output_room = LIMIT_RULES_BYTES;
	bool done = box_start(&opt, &box, err);
	if (done && all.n)
		memcpy(box_input(box), all.p, all.n);
	done = done && box_send(box, BOX_RULE, all.n, str_of(q->what), err) &&
	       box_receive(box, &reply, &answer, err);
	if (done && reply.status != BOX_OK)
		done = err_set(err, ERR_BOX, "the worker failed on the rules, in its box (%u)",
			reply.status);
	if (done)
		buf_str(out, answer);
	box_stop(box);
	return done;
}

bool rules_ask(const struct rules_asked *q, struct buf *out, struct err *err)
{
	struct buf all = {0};
	bool done = rules_gather(q, &all, err) && rules_say(q, buf_view(&all), out, err);

	buf_release(&all);
	return done;
}
