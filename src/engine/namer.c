#include "engine/namer.h"

#include "model/knowledge.h"

enum { NAME_BYTES_MIN = 3 };

static const struct known_catalogue {
	const char *fold, *publisher;
	bool apart, anchor;
	int confidence;
} catalogues[] = {
#define CATALOGUE(origin, publisher, apart, anchor, confidence, why)                               \
	{origin, publisher, apart, anchor, confidence},
#include "engine/namers.def"
#undef CATALOGUE
};
static const struct {
	const char *begins, *publisher;
} publishers[] = {
#define PUBLISHER(begins, publisher) {begins, publisher},
#include "engine/namers.def"
#undef PUBLISHER
};
static const char *const generic[] = {
#define GENERIC(name) name,
#include "engine/namers.def"
#undef GENERIC
};

static struct str publisher_folded(struct str fold)
{
	for (size_t i = 0; i < sizeof(publishers) / sizeof(publishers[0]); i++) {
		if (str_starts(fold, str_of(publishers[i].begins)))
			return str_of(publishers[i].publisher);
	}
	return fold;
}

struct str publisher_of(struct arena *a, struct str who)
{
	return publisher_folded(name_folded(a, who));
}

struct catalogue catalogue_of(struct arena *a, struct str origin, struct str is)
{
	size_t n = sizeof(catalogues) / sizeof(catalogues[0]), i = 0;
	struct str fold = name_folded(a, origin), kind = str_eq(is, STR("aliases")) ? is : fold;

	while (i + 1 < n && !str_eq(kind, str_of(catalogues[i].fold)))
		i++;
	const struct known_catalogue *k = &catalogues[i];
	return (struct catalogue){.fold = fold,
		.publisher = k->publisher[0] ? str_of(k->publisher) : publisher_folded(fold),
		.apart = k->apart,
		.anchor = k->anchor,
		.confidence = k->confidence};
}

bool name_is_generic(struct str fold)
{
	bool number = true;

	for (size_t i = 0; i < fold.n; i++)
		number = number && ascii_is_digit(fold.p[i]);
	if (number || fold.n < NAME_BYTES_MIN)
		return true;
	for (size_t i = 0; i < sizeof(generic) / sizeof(generic[0]); i++) {
		if (str_eq(fold, str_of(generic[i])))
			return true;
	}
	return false;
}
