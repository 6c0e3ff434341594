#include "mail/arc.h"

#include "mail/authres.h"
#include "mail/canon.h"
#include "mail/field.h"

enum { MISSING = SIZE_MAX };

struct chain {
	struct arena *a;
	struct dkim_mail *m;
	const struct mail_header *headers;
	size_t n;
	const struct dkim_keys *keys;
	struct arc_set *sets[ARC_SETS_MAX]; /* sets[i - 1] is instance i */
	size_t n_sets;                      /* the highest instance */
};

const char *arc_verdict_name(enum arc_verdict v)
{
	static const char *const names[] = {[ARC_NONE] = "none",
		[ARC_PASS] = "pass",
		[ARC_FAIL] = "fail",
		[ARC_NO_KEY] = "no-key"};

	return names[v];
}

static struct arc_set *set_of(struct chain *c, uint64_t instance)
{
	struct arc_set **at = &c->sets[instance - 1];

	if (!*at) {
		*at = arena_new(c->a, struct arc_set);
		(*at)->results = (*at)->message = (*at)->seal = MISSING;
		(*at)->instance = instance;
	}
	if (c->n_sets < instance)
		c->n_sets = (size_t)instance;
	return *at;
}

/* A field into its place; two of a kind in a set are wrong (§5.1.1.2 step 2). */
static const char *place(struct chain *c, size_t i, uint64_t instance, size_t which)
{
	if (!instance || instance > ARC_SETS_MAX)
		return "i= is not 1 to 50";
	struct arc_set *set = set_of(c, instance);
	size_t *const places[] = {&set->results, &set->message, &set->seal};
	if (*places[which] != MISSING)
		return "a field stands twice in its set";
	*places[which] = i;
	return NULL;
}

/* What is wrong with a field by itself. */
static const char *read_field(struct chain *c, size_t i, size_t which)
{
	struct str value = c->headers[i].value;
	struct signature s;

	if (which == 0) {
		struct auth_results r;
		authres_read(c->a, value, &r);
		return place(c, i, r.instance, which);
	}
	const char *bad =
		signature_read(c->a, value, which == 1 ? SIGNATURE_AMS : SIGNATURE_AS, &s);
	const char *misplaced = place(c, i, s.instance, which);
	if (misplaced)
		return misplaced;
	*(which == 1 ? &c->sets[s.instance - 1]->ams : &c->sets[s.instance - 1]->as) = s;
	return bad;
}

/* All fields into their sets.  Goes on behind what is wrong, so that the facts are whole. */
static const char *collect(struct chain *c)
{
	static const char *const names[] = {
		"ARC-Authentication-Results", "ARC-Message-Signature", "ARC-Seal"};
	const char *wrong = NULL;

	for (size_t i = 0; i < c->n; i++) {
		for (size_t which = 0; which < 3; which++) {
			if (!mail_field_is(&c->headers[i], names[which]))
				continue;
			const char *bad = read_field(c, i, which);
			wrong = wrong ? wrong : bad;
		}
	}
	return wrong;
}

/* §5.2 steps 2 and 3. */
static const char *check_structure(const struct chain *c)
{
	for (size_t i = 0; i < c->n_sets; i++) {
		const struct arc_set *s = c->sets[i];
		if (!s || s->results == MISSING || s->message == MISSING || s->seal == MISSING)
			return "a set is not whole";
	}
	for (size_t i = c->n_sets; i-- > 0;) {
		struct str cv = c->sets[i]->as.cv;
		if (str_eq(cv, STR("fail")))
			return "a seal says that the chain was broken";
		if (!str_eq(cv, i ? STR("pass") : STR("none")))
			return "cv= is not what it must be";
	}
	return NULL;
}

/* §5.1.1: all sets up to this one, its own seal without the value of b=. */
static struct dkim_result verify_seal(const struct chain *c, size_t last)
{
	struct dkim_result r = {.verdict = DKIM_NO_KEY};
	const struct arc_set *newest = c->sets[last];
	struct buf text = {0};
	const struct str nothing = {NULL, 0};
	size_t n;

	if (!dkim_keys_find(c->keys, newest->as.selector, newest->as.domain, &n))
		return r;
	for (size_t i = 0; i <= last; i++) {
		const struct arc_set *s = c->sets[i];
		const size_t order[] = {s->results, s->message, s->seal};
		for (size_t k = 0; k < 3; k++) {
			bool own = i == last && k == 2;
			canon_field(&c->headers[order[k]], true,
				own ? taglist_find(&newest->as.tags, "b")->raw : nothing, &text);
			if (!own)
				buf_add(&text, "\r\n", 2);
		}
	}
	dkim_check_text(buf_view(&text), &newest->as, c->keys, &r);
	buf_release(&text);
	return r;
}

/* One link: false ends the chain. */
static bool link_holds(struct dkim_result r, const char *what, bool *missing_key, const char **why)
{
	*missing_key |= r.verdict == DKIM_NO_KEY;
	if (r.verdict == DKIM_NO_KEY && (!r.body_known || r.body_matches))
		return true;
	/* RFC 8617 §4.1.3 wants keys that RFC 8301 takes. */
	if (r.verdict == DKIM_PASS && !r.weak)
		return true;
	*why = what;
	return false;
}

/* §5.2 steps 4 to 6. */
static enum arc_verdict verify(struct chain *c, const char **why)
{
	const struct arc_set *newest = c->sets[c->n_sets - 1];
	bool missing_key = false;

	if (!link_holds(dkim_check(c->m, newest->message, &newest->ams, c->keys, WHEN_NONE),
		    "the newest message signature does not hold", &missing_key, why))
		return ARC_FAIL;
	for (size_t i = c->n_sets; i-- > 0;)
		if (!link_holds(verify_seal(c, i), "a seal does not hold", &missing_key, why))
			return ARC_FAIL;
	return missing_key ? ARC_NO_KEY : ARC_PASS;
}

static void return_sets(const struct chain *c, struct arc *ret)
{
	ret->sets = arena_array(c->a, c->n_sets ? c->n_sets : 1, sizeof(struct arc_set *));
	for (size_t i = 0; i < c->n_sets; i++)
		if (c->sets[i])
			ret->sets[ret->n++] = c->sets[i];
}

struct arc arc_validate(struct arena *a, struct dkim_mail *m, const struct mail_header *headers,
	size_t n, const struct dkim_keys *keys)
{
	struct chain c = {.a = a, .m = m, .headers = headers, .n = n, .keys = keys};
	struct arc arc = {.verdict = ARC_NONE};

	arc.why = collect(&c);
	return_sets(&c, &arc);
	if (!arc.n && !arc.why)
		return arc;
	if (!arc.why)
		arc.why = check_structure(&c);
	arc.verdict = arc.why ? ARC_FAIL : verify(&c, &arc.why);
	return arc;
}
