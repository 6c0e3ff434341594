/* One claim of a file of claims. */
#include "base/limits.h"
#include "intel/claims_inside.h"
#include "intel/marking.h"
#include "model/scale.h"

#define ID_BYTES 200u

/* Index of the first of an id; c->ids.n if the file has none. */
static size_t find_id(const struct claims *c, struct str id)
{
	size_t from = 0, to = c->ids.n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		if (str_cmp(c->ids.at[mid].id, id) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return from < c->ids.n && str_eq(c->ids.at[from].id, id) ? from : c->ids.n;
}

static bool read_id(struct claims *c, const struct yaml *y, struct claim *k)
{
	k->id = claims_text(c, y, "id");
	if (k->id.n == 0 || k->id.n > ID_BYTES) {
		claims_bad(c, y, k->id, "a claim needs an id of at most %u bytes", ID_BYTES);
		return false;
	}
	const struct claim_id *first = &c->ids.at[find_id(c, k->id)];
	if (first->y != y) {
		claims_bad(c, y, k->id, "line %u has a claim of this id", first->y->line);
		return false;
	}
	return true;
}

/* A word that isn't in its table; what it may be stands in spoor-claims(5). */
static bool unknown(
	struct claims *c, const struct yaml *y, struct str id, const char *key, struct str word)
{
	claims_bad(c, y, id, "'" STR_FMT "' is no %s", STR_ARG(str_upto(word, 60)), key);
	return false;
}

static bool read_kinds(struct claims *c, const struct yaml *y, struct claim *k)
{
	struct str speaker = claims_text(c, y, "speaker"), level = claims_text(c, y, "level");
	struct str standing = claims_text(c, y, "standing"), shown = claims_text(c, y, "shown");
	struct str scale = claims_text(c, y, "scale");

	if (speaker.n && !claim_speaker_by_name(speaker, &k->speaker))
		return unknown(c, y, k->id, "speaker", speaker);
	if (level.n && !claim_level_by_name(level, &k->level))
		return unknown(c, y, k->id, "level", level);
	if (!claim_standing_by_name(standing, &k->standing))
		return unknown(c, y, k->id, "standing", standing);
	if (shown.n && !claim_shown_by_name(shown, &k->shown))
		return unknown(c, y, k->id, "shown", shown);
	if (scale.n && !claim_scale_by_name(scale, &k->scale))
		return unknown(c, y, k->id, "scale", scale);
	return true;
}

static bool read_date(struct claims *c, const struct yaml *y, struct claim *k)
{
	struct str said = claims_text(c, y, "said");
	struct when after;

	if (said.n < 10 || !claims_date(said, &k->said, &after)) {
		claims_bad(c, y, k->id, "'said' must be a day or a time, not '" STR_FMT "'",
			STR_ARG(str_upto(said, 60)));
		return false;
	}
	if (k->said.us >= c->after.us) {
		claims_bad(c, y, k->id, "said on " STR_FMT ", which is after the file's 'as-of'",
			STR_ARG(str_upto(said, 60)));
		return false;
	}
	return true;
}

/* The word stays as it is; what it means only its own scale says. */
static void read_words(struct claims *c, const struct yaml *y, struct claim *k)
{
	k->words = claims_text(c, y, "words");
	if (k->scale != SCALE_NONE && k->words.n &&
		!scale_word(k->scale, k->words, &k->low, &k->high))
		claims_bad(c, y, k->id, "'" STR_FMT "' is no word of %s; kept without a range",
			STR_ARG(str_upto(k->words, 60)), claim_scale_name(k->scale));
}

void claims_claim(struct claims *c, const struct yaml *y)
{
	static const char *const keys[] = {"id", "by", "speaker", "said", "incident", "about",
		"level", "standing", "scale", "words", "text", "of", "shown", "reference",
		"marking", NULL};
	struct claim k = claim_empty();

	claims_check_keys(c, y, keys);
	if (!read_id(c, y, &k) || !read_kinds(c, y, &k) || !read_date(c, y, &k))
		return;
	k.by = claims_text(c, y, "by");
	k.text = claims_text(c, y, "text");
	if (k.by.n == 0 || k.text.n == 0) {
		claims_bad(c, y, k.id, "'%s' is missing", k.by.n ? "text" : "by");
		return;
	}
	read_words(c, y, &k);
	k.incident = claims_text(c, y, "incident");
	k.about = claims_text(c, y, "about");
	k.of = claims_text(c, y, "of");
	if (k.of.n && find_id(c, k.of) == c->ids.n)
		claims_bad(c, y, k.id, "answers '" STR_FMT "', which isn't in this file; kept",
			STR_ARG(str_upto(k.of, 60)));
	k.reference = claims_reference(c, y);
	k.marking = marking_stricter(c->marking, marking_of_text(claims_text(c, y, "marking")));
	k.place.line = y->line;
	gather_claim(c->g, &k);
}
