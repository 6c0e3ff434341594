// simdjson reads the same texts.  What it accepts we accept without a flaw but duplicate keys, with
// the same values in the same order; what it rejects has a flaw, or something behind its value, or
// no value.  Deliberate differences: numbers beyond 64 bits or a double are kept as text, and a
// byte order mark is ignored.
#include <simdjson.h>
#include <stdlib.h>

extern "C" {
#include "base/limits.h"
#include "t/oracle/random_json.h"
#include "t/tap.h"
#include "text/json.h"
}

using simdjson::dom::element;
using simdjson::dom::element_type;

struct walk {
	struct str text;
	const struct json_tape *tape;
	char *room;
	uint32_t i;
};

static bool is_string(struct walk &w, uint8_t type, std::string_view want)
{
	const struct json_token *t = &w.tape->at[w.i++];

	return t->type == type &&
	       str_eq(json_unescape(json_span(w.text, t), w.room), {want.data(), want.size()});
}

static std::string number(struct walk &w)
{
	struct str s = json_span(w.text, &w.tape->at[w.i++]);

	return std::string(s.p, s.n);
}

static bool same(struct walk &w, element want);

static bool same_object(struct walk &w, simdjson::dom::object want)
{
	uint32_t end = w.tape->at[w.i++].next;

	for (auto member : want)
		if (w.i >= end || !is_string(w, JSON_KEY, member.key) || !same(w, member.value))
			return false;
	return w.i == end;
}

static bool same_array(struct walk &w, simdjson::dom::array want)
{
	uint32_t end = w.tape->at[w.i++].next;

	for (element value : want)
		if (w.i >= end || !same(w, value))
			return false;
	return w.i == end;
}

static bool same(struct walk &w, element want)
{
	uint8_t type = w.tape->at[w.i].type;

	switch (want.type()) {
	case element_type::OBJECT:
		return type == JSON_OBJECT && same_object(w, want.get_object().value_unsafe());
	case element_type::ARRAY:
		return type == JSON_ARRAY && same_array(w, want.get_array().value_unsafe());
	case element_type::STRING:
		return is_string(w, JSON_STRING, want.get_string().value_unsafe());
	case element_type::INT64:
		return type == JSON_NUMBER &&
		       strtoll(number(w).c_str(), nullptr, 10) == want.get_int64().value_unsafe();
	case element_type::UINT64:
		return type == JSON_NUMBER &&
		       strtoull(number(w).c_str(), nullptr, 10) == want.get_uint64().value_unsafe();
	case element_type::DOUBLE:
		return type == JSON_NUMBER &&
		       strtod(number(w).c_str(), nullptr) == want.get_double().value_unsafe();
	case element_type::BOOL:
		w.i++;
		return type == (want.get_bool().value_unsafe() ? JSON_TRUE : JSON_FALSE);
	case element_type::NULL_VALUE:
		w.i++;
		return type == JSON_NULL;
	}
	return false;
}

// A number is all that can be wrong with a text that is clean for us.  Newer releases tell integers
// beyond 64 bits apart, by a BIGINT_ERROR whose name Debian 12's lacks: it is known by its message.
static bool is_deliberate(struct str text, simdjson::error_code error)
{
	return error == simdjson::NUMBER_ERROR || str_starts(text, STR("\xef\xbb\xbf")) ||
	       str_starts(str_of(simdjson::error_message(error)), STR("BIGINT_ERROR:"));
}

static bool agree(struct str text, bool *ret_accepted)
{
	static simdjson::dom::parser parser;
	static struct json_tape tape;
	struct flaw at[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws = {at, 0, 0};
	size_t used = json_tokenise(&tape, text, &flaws, 0);
	bool clean = tape.n && used == text.n;
	element want;
	simdjson::error_code error =
		parser.parse(simdjson::padded_string(text.p, text.n)).get(want);

	for (uint32_t i = 0; i < flaws.n; i++)
		clean &= at[i].code == FLAW_DUPLICATE_KEY;
	bool good = !clean || is_deliberate(text, error);
	if (!error) {
		std::string room(text.n + 1, '\0');
		struct walk w = {text, &tape, &room[0], 0};
		good = clean && same(w, want) && w.i == tape.n;
	}
	*ret_accepted = !error;
	if (!good)
		printf("# simdjson says %s: " STR_FMT "\n", simdjson::error_message(error),
			STR_ARG(text));
	return good;
}

int main()
{
	struct dice d = {2};
	unsigned accepted = 0, rejected = 0, bad = 0;

	for (unsigned i = 0; i < 60000 && bad < 5; i++) {
		struct buf b = {nullptr, 0, 0};
		bool yes;
		random_value(&d, &b, 0);
		for (uint32_t n = dice(&d, 3); n; n--)
			spoil(&d, &b);
		bad += !agree(buf_view(&b), &yes);
		accepted += yes;
		rejected += !yes;
		buf_release(&b);
	}
	printf("# simdjson accepts %u, rejects %u\n", accepted, rejected);
	ok(bad == 0);
	ok(accepted > 20000 && rejected > 20000);
	return tap_end();
}
