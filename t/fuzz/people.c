/*
 * Lists of people.  Law: what was read packs and unpacks to the same; every identity is in normal form
 * and of a kind that persons have; nothing stands in a line that the file doesn't have.
 */
#include "base/buf.h"
#include "base/limits.h"
#include "people/pack.h"
#include "t/fuzz/fuzz.h"

static void check_person(const struct person *p, size_t lines)
{
	if (p->line == 0 || p->line > lines || p->n_ids > LIMIT_PERSON_PARTS ||
		p->n_names > LIMIT_PERSON_NAMES)
		BUG("a person of nowhere");
	for (uint32_t i = 0; i < p->n_ids; i++)
		if (str_chr(p->ids[i], ':') == p->ids[i].n)
			BUG("an id without a scheme");
	for (uint32_t i = 0; i < p->n_identities; i++) {
		struct observable o = p->identities[i].o;
		struct buf text = {0};
		if (o.kind != KIND_EMAIL && o.kind != KIND_ACCOUNT && o.kind != KIND_PHONE)
			BUG("an identity that no person has");
		observable_text(o, &text);
		buf_reserve(&text, text.n + 17);
		struct observable again =
			observable_pack((enum kind)o.kind, buf_view(&text), text.p + text.n);
		if (!observable_eq(again, o))
			BUG("an identity that is not in its packed form");
		buf_release(&text);
	}
}

/* The first byte says what the file is taken for; the rest is the file. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const kinds[] = {"", "entra", "popolo", "csv"};
	struct arena a = {0};
	struct people p, back;
	struct buf packed = {0}, twice = {0};
	struct err err = {0};
	size_t lines = 1;

	if (size == 0)
		return 0;
	struct str text = {(const char *)data + 1, size - 1};
	for (size_t i = 0; i < text.n; i++)
		lines += text.p[i] == '\n';
	people_read(&a, text, str_of(kinds[data[0] & 3]), &p);
	for (size_t i = 0; i < p.persons.n; i++)
		/* In UTF-16 a line end is not one byte. */
		check_person(&p.persons.at[i], size > 2 && data[1] >= 0xfe ? size : lines);
	for (size_t i = 0; i < p.skipped.n; i++)
		if (p.skipped.at[i].why.n == 0)
			BUG("skipped without why");
	people_pack(&p, &packed);
	if (!people_unpack(&a, buf_view(&packed), &back, &err))
		BUG("what was packed can't be read: %s", err.msg);
	people_pack(&back, &twice);
	if (!str_eq(buf_view(&packed), buf_view(&twice)))
		BUG("packed twice, two answers");
	people_release(&back);
	people_release(&p);
	buf_release(&packed);
	buf_release(&twice);
	arena_release(&a);
	return 0;
}
