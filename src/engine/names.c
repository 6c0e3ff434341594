#include "engine/names.h"

#include <stdio.h>

#include "base/err.h"

static const struct {
	const char *folder, *suffix;
} kinds[] = {
	[NAME_BATCH] = {"batches", "batch"},
	[NAME_SEGMENT] = {"segments", "segment"},
	[NAME_SOURCE] = {"batches", "source"},
	[NAME_INTEL] = {"intel", "indicators"},
	[NAME_INTEL_SAID] = {"intel", "said"},
	[NAME_INTEL_GIVEN] = {"intel", "given"},
	[NAME_INTEL_FACTS] = {"intel", "facts"},
	[NAME_PEOPLE] = {"people", "people"},
	[NAME_PEOPLE_FACTS] = {"people", "facts"},
};

void name_of_batch(const struct sha256 *source, uint32_t seq, char ret_name[NAME_ROOM])
{
	hex_write(source->b, 16, ret_name);
	snprintf(ret_name + 32, NAME_ROOM - 32, "-%06u", seq);
}

bool name_parse_hash(struct str name, uint8_t ret_hash[16])
{
	uint8_t hash[16];
	char again[33] = "";

	if (name.n != 32)
		return false;
	for (size_t i = 0; i < 16; i++) {
		int hi = hex_digit(name.p[2 * i]), lo = hex_digit(name.p[2 * i + 1]);
		if (hi < 0 || lo < 0)
			return false;
		hash[i] = (uint8_t)(hi << 4 | lo);
	}
	/* One spelling only: lower case. */
	hex_write(hash, 16, again);
	if (memcmp(name.p, again, 32) != 0)
		return false;
	memcpy(ret_hash, hash, 16);
	return true;
}

void name_of_hash(const struct sha256 *h, char ret_name[NAME_ROOM])
{
	hex_write(h->b, 16, ret_name);
	ret_name[32] = '\0';
}

bool name_is_hash(struct str name)
{
	uint8_t hash[16];

	return name_parse_hash(name, hash);
}

bool name_parse_batch(struct str name, struct batch_key *ret_key)
{
	struct batch_key key;
	uint64_t seq;
	char again[NAME_ROOM];
	struct sha256 h = {0};

	if (name.n < 39 || name.n > 43 || !name_parse_hash(str_upto(name, 32), key.source) ||
		!str_u64(str_from(name, 33), &seq) || seq > UINT32_MAX)
		return false;
	/* One spelling only: lower case, six digits or no leading zero. */
	key.seq = (uint32_t)seq;
	memcpy(h.b, key.source, 16);
	name_of_batch(&h, key.seq, again);
	if (!str_eq(name, str_of(again)))
		return false;
	*ret_key = key;
	return true;
}

struct str name_batch_of_segment(struct str segment)
{
	return str_chr(segment, '-') == segment.n ? STR("")
						  : str_upto(segment, str_chr(segment, '.'));
}

bool name_is_segment(struct str name)
{
	struct str batch = name_batch_of_segment(name);
	struct batch_key key;
	uint64_t n;

	if (batch.n == 0)
		return name_is_hash(name);
	return name_parse_batch(batch, &key) &&
	       (batch.n == name.n ||
		       (name.n - batch.n <= 21 && str_u64(str_from(name, batch.n + 1), &n)));
}

const char *name_suffix(enum name_kind k)
{
	return kinds[k].suffix;
}

void name_folder(enum name_kind k, struct str name, char ret_path[FILE_NAME_ROOM])
{
	if (name.n < 2 || name.n >= NAME_ROOM + 12)
		BUG("'" STR_FMT "' is no name of a file", STR_ARG(name));
	if (k >= NAME_INTEL)
		snprintf(ret_path, FILE_NAME_ROOM, "%s", kinds[k].folder);
	else
		snprintf(ret_path, FILE_NAME_ROOM, "%s/%.2s", kinds[k].folder, name.p);
}

void name_file(enum name_kind k, struct str name, char ret_path[FILE_NAME_ROOM])
{
	name_folder(k, name, ret_path);
	size_t n = strlen(ret_path);
	int more = snprintf(ret_path + n, FILE_NAME_ROOM - n, "/" STR_FMT ".%s", STR_ARG(name),
		kinds[k].suffix);
	if (more < 0 || (size_t)more >= FILE_NAME_ROOM - n)
		BUG("'" STR_FMT "' is too long for a name", STR_ARG(name));
}
