#include "unpack/seen.h"

#include <stdlib.h>

#include "base/err.h"

/* Open addressing, at most half full. */
struct seen {
	uint32_t *at;
	uint32_t n, mask;
};

static uint32_t *slots(uint32_t n)
{
	uint32_t *at = calloc(n, sizeof(*at));

	if (!at)
		BUG("out of memory");
	return at;
}

struct seen *seen_new(void)
{
	struct seen *s = calloc(1, sizeof(*s));

	if (!s)
		BUG("out of memory");
	s->mask = 1023;
	s->at = slots(s->mask + 1);
	return s;
}

void seen_free(struct seen *s)
{
	if (s)
		free(s->at);
	free(s);
}

static bool insert(struct seen *s, uint32_t v)
{
	uint32_t i = v * 2654435769u & s->mask;

	while (s->at[i] && s->at[i] != v)
		i = (i + 1) & s->mask;
	if (s->at[i] == v)
		return false;
	s->at[i] = v;
	s->n++;
	return true;
}

bool seen_add(struct seen *s, uint32_t v)
{
	if (!insert(s, v))
		return false;
	if (s->n > s->mask / 2) {
		struct seen old = *s;
		s->mask = old.mask * 2 + 1;
		s->at = slots(s->mask + 1);
		s->n = 0;
		for (uint32_t i = 0; i <= old.mask; i++)
			if (old.at[i])
				insert(s, old.at[i]);
		free(old.at);
	}
	return true;
}
