#include "read/path.h"

#include "base/scan.h"

static bool is_end_of_key(char c)
{
	return c == '.' || c == '[' || c == '|' || c == '"' || c == ']' || c == '=';
}

static struct str parse_name(struct scan *sc)
{
	struct str name = {sc->p, 0};

	if (scan_try(sc, STR("\""))) {
		name = scan_until(sc, '"');
		scan_expect(sc, STR("\""), "a closing quote is missing");
	} else {
		while (sc->p < sc->end && !is_end_of_key(*sc->p))
			sc->p++;
		name.n = (size_t)(sc->p - name.p);
	}
	if (!name.n)
		scan_fail(sc, "a key is missing");
	return name;
}

static struct step parse_brackets(struct scan *sc)
{
	struct step s = {.kind = STEP_ELEMENT};

	if (scan_try(sc, STR("]")))
		return s;
	s.kind = STEP_WHERE;
	s.key = parse_name(sc);
	scan_expect(sc, STR("="), "'[' wants ']' or KEY=VALUE");
	if (scan_try(sc, STR("\""))) {
		s.value = scan_until(sc, '"');
		scan_expect(sc, STR("\""), "a closing quote is missing");
	} else {
		s.value = scan_until(sc, ']');
	}
	scan_expect(sc, STR("]"), "a closing ']' is missing");
	return s;
}

static struct step parse_step(struct scan *sc, bool first)
{
	struct step s = {.kind = STEP_KEY};

	if (!first && scan_try(sc, STR("[")))
		return parse_brackets(sc);
	if (!first && scan_try(sc, STR("|"))) {
		scan_expect(sc, STR("json"), "only 'json' can follow a bar without blanks");
		s.kind = STEP_JSON;
		return s;
	}
	if (!first)
		scan_expect(sc, STR("."), "'.', '[' or '|' is missing after a key");
	s.key = parse_name(sc);
	return s;
}

bool path_parse(struct str text, struct path *ret_path, const char **ret_why)
{
	struct scan sc = scan_of(text);
	struct path p = {.n = 0};

	do {
		struct step s = parse_step(&sc, p.n == 0);
		if (p.n == PATH_STEPS_MAX)
			scan_fail(&sc, "a path has at most 16 steps");
		else
			p.at[p.n++] = s;
	} while (scan_ok(&sc) && scan_left(&sc));
	if (!scan_ok(&sc)) {
		*ret_why = sc.fail;
		return false;
	}
	*ret_path = p;
	return true;
}

bool path_alternative(struct str *list, struct str *ret_text)
{
	size_t bar = str_find(*list, STR(" | "));

	if (!list->n)
		return false;
	*ret_text = str_trim(str_upto(*list, bar));
	*list = bar < list->n ? str_from(*list, bar + 3) : (struct str){list->p + list->n, 0};
	return true;
}
