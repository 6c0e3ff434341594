#include "model/event.h"

#include "base/hash.h"

static struct event_id first_half(struct sha256 h)
{
	struct event_id id;

	memcpy(id.b, h.b, sizeof(id.b));
	return id;
}

struct event_id event_id_native(struct str format, struct str organisation, struct str native_id)
{
	char head[512];
	size_t n = 0;
	struct str parts[] = {format, STR("\0"), organisation, STR("\0")};

	/* Beyond the head, a name is taken into the hash as its own SHA-256. */
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		struct sha256 h;
		struct str s = parts[i];
		if (s.n > 200) {
			h = sha256_of(s);
			s = (struct str){(const char *)h.b, sizeof(h.b)};
		}
		memcpy(head + n, s.p, s.n);
		n += s.n;
	}
	return first_half(sha256_of3((struct str){head, n}, native_id, STR("")));
}

struct event_id event_id_raw(struct str format, struct str raw)
{
	return first_half(sha256_of3(format, STR("\1"), raw));
}
