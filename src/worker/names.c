#include "worker/names.h"

#include "text/domain.h"
#include "text/url.h"

static struct str join(struct arena *a, struct str x, struct str y, struct str z)
{
	return arena_printf(a, STR_FMT STR_FMT STR_FMT, STR_ARG(x), STR_ARG(y), STR_ARG(z));
}

/* The value with its name in ASCII: of a URL, of a mail address, of a name with or without path. */
static bool in_ascii(struct arena *a, struct str value, struct str *ret)
{
	struct str before = {value.p, 0}, name = value, ascii;
	size_t scheme = str_find(value, STR("://")), at = str_chr(value, '@');
	struct url u;

	if (scheme < value.n) {
		if (url_read(a, value, idna_to_ascii, &u) != URL_OK)
			return false;
		*ret = u.href;
		return true;
	}
	if (at < value.n) {
		before = str_upto(value, at + 1);
		name = str_from(value, at + 1);
	}
	size_t n = 0;
	while (n < name.n && !strchr("/:?#", name.p[n]))
		n++;
	if (!domain_to_ascii(a, str_upto(name, n), &ascii))
		return false;
	*ret = join(a, before, ascii, str_from(name, n));
	return true;
}

size_t names_types(struct arena *a, struct str value, struct typed ret[VALUES_MAX])
{
	struct typed more[VALUES_MAX];
	bool needs_idna = false, still;
	struct str ascii;
	size_t n = value_types(a, value, ret, &needs_idna);

	if (!needs_idna || !in_ascii(a, str_trim(value), &ascii))
		return n;
	size_t k = value_types(a, ascii, more, &still);
	for (size_t i = 0; i < k && n < VALUES_MAX; i++)
		if (more[i].sure)
			ret[n++] = more[i];
	return n;
}
