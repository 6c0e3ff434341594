// The peer of bench/tokens.c: simdjson's DOM parse of one record.
#include <simdjson.h>

extern "C" bool simdjson_parse(const char *text, std::size_t n);

// The text must be followed by simdjson::SIMDJSON_PADDING readable bytes.
extern "C" bool simdjson_parse(const char *text, std::size_t n)
{
	static simdjson::dom::parser parser;

	return parser.parse(text, n, false).error() == simdjson::SUCCESS;
}
