/* What authentication says: our own hosts first, others only as what they claim. */
#include "mail/looking.h"

static bool is_true(struct look *l, uint32_t object, const char *key)
{
	return members_bool(&l->m, object, key);
}

/* "pass" of methods that are about the visible sender is what people rely on. */
static enum look_level level_of(struct str method, struct str result)
{
	if (str_eq_nocase(result, STR("fail")) || str_eq_nocase(result, STR("permerror")))
		return str_eq_nocase(method, STR("dmarc")) || str_eq_nocase(method, STR("dkim"))
			       ? LOOK_BAD
			       : LOOK_ODD;
	if (str_eq_nocase(result, STR("softfail")))
		return LOOK_ODD;
	return LOOK_FACT;
}

static struct str about(struct look *l, uint32_t result)
{
	static const char *const keys[] = {
		"header_d", "header_from", "header_i", "smtp_mailfrom", "smtp_helo"};
	uint32_t p = look_get(l, result, "properties");

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct str v = look_text(l, p, keys[i]);
		if (v.n)
			return v;
	}
	return STR("");
}

static void say_result(struct look *l, uint32_t i, bool own)
{
	struct str method = look_text(l, i, "method"), result = look_text(l, i, "result");
	struct str by = look_text(l, i, "by"), of = about(l, i);

	/* Whoever forges a result forges a good one. */
	enum look_level level = level_of(method, result);
	if (!own && level == LOOK_BAD)
		level = LOOK_ODD;
	look_say(l, level, own ? "auth" : "auth-claimed",
		"%s" STR_FMT ": " STR_FMT " = " STR_FMT "%s" STR_FMT "%s.",
		own ? "Your own host " : "Claimed by ",
		STR_ARG(by.n ? look_shown(l, by) : STR("an unnamed host")),
		STR_ARG(look_shown(l, method)), STR_ARG(look_shown(l, result)), of.n ? " (" : "",
		STR_ARG(look_shown(l, of)), of.n ? ")" : "");
}

static void signatures(struct look *l)
{
	uint32_t list = look_get(l, l->mail, "dkim");

	MEMBERS_EACH(&l->m, i, list)
	{
		struct str verified = look_text(l, i, "verified"),
			   domain = look_text(l, i, "domain");
		if (str_eq(verified, STR("pass")))
			look_say(l, LOOK_FACT, "dkim",
				"The signature of " STR_FMT " holds with the recorded key.",
				STR_ARG(look_shown(l, domain)));
		else if (str_eq(verified, STR("fail")))
			look_say(l, LOOK_BAD, "dkim",
				"The signature of " STR_FMT
				" does not hold: the mail was changed, or is not from there.",
				STR_ARG(look_shown(l, domain)));
	}
}

void look_auth(struct look *l)
{
	uint32_t list = look_get(l, l->mail, "auth");
	bool any_own = false;

	MEMBERS_EACH(&l->m, i, list)
	{
		if (!is_true(l, i, "own"))
			continue;
		any_own = true;
		say_result(l, i, true);
	}
	if (!any_own)
		look_say(l, LOOK_FACT, "auth-none",
			"No host that is known as your own says who sent it: all that follows "
			"about "
			"the sender is the mail's own word.");
	MEMBERS_EACH(&l->m, i, list)
	{
		if (!any_own)
			say_result(l, i, false);
	}
	signatures(l);
}
