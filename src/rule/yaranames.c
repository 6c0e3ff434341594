/* The names of the rules of a file, sorted, so that who refers to one finds it. */
#include <stdlib.h>

#include "rule/yara_inside.h"

static struct str name_of(const struct yara *y, uint32_t unit)
{
	return y->units.at[unit].of.name;
}

static int by_name(const void *x, const void *y, void *arg)
{
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
	int c = str_cmp(name_of(arg, a), name_of(arg, b));

	return c ? c : a < b ? -1 : a > b;
}

void yara_names_make(struct yara_names *n, struct yara *y, uint32_t file)
{
	uint32_t from = y->files.at[file];
	uint32_t end = file + 1 < y->files.n ? y->files.at[file + 1] : (uint32_t)y->units.n;

	*n = (struct yara_names){.y = y};
	n->at = calloc(end - from + 1, sizeof(*n->at));
	if (!n->at)
		BUG("out of memory");
	for (uint32_t i = from; i < end; i++)
		if (y->units.at[i].of.kind == YARA_RULE)
			n->at[n->n++] = i;
	qsort_r(n->at, n->n, sizeof(*n->at), by_name, y);
}

void yara_names_release(struct yara_names *n)
{
	free(n->at);
	*n = (struct yara_names){0};
}

uint32_t yara_names_find(const struct yara_names *n, struct str name)
{
	uint32_t low = 0, high = n->n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (str_cmp(name_of(n->y, n->at[middle]), name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}
