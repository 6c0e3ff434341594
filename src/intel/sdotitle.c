/* What an object is called by, and what tells two versions of it apart. */
#include "base/hash.h"
#include "intel/sdo.h"

uint64_t sdo_digest(const struct sdo_reader *r, struct str object)
{
	uint64_t h = 0;

	for (uint32_t i = 0; i < r->tape.n; i++) {
		const struct json_token *t = &r->tape.at[i];
		bool container = t->type == JSON_OBJECT || t->type == JSON_ARRAY;
		struct str s = container ? STR("") : json_span(object, t);
		h = hash64(s.p, s.n, h ^ t->type ^ (uint64_t)t->depth << 8);
	}
	return h;
}

struct str sdo_title(const struct sdo *o)
{
	const struct str by[] = {o->name, o->value, o->abstract, o->opinion, o->path, o->key,
		o->subject, o->account_login, o->user_id, o->display_name, o->command_line,
		o->message_id, o->hash, o->serial_number, o->url, o->number, o->pid, o->inside,
		o->tlp, o->statement};

	for (size_t i = 0; i < sizeof(by) / sizeof(by[0]); i++) {
		if (by[i].n)
			return by[i];
	}
	return STR("");
}
