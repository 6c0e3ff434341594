#include "mail/look_token.h"

#include "base/hash.h"
#include "mail/digest.h"
#include "text/base64.h"
#include "text/domain.h"
#include "text/template.h"

static void add(struct tokens *t, struct str text, const char *how, bool exact)
{
	if (t->n == sizeof(t->at) / sizeof(t->at[0]))
		return;
	t->at[t->n++] = (struct token){text, how, exact};
}

static struct str lower(struct look *l, struct str s)
{
	char *p = arena_alloc(&l->arena, s.n + 1);

	for (size_t i = 0; i < s.n; i++)
		p[i] = ascii_lower(s.p[i]);
	return (struct str){p, s.n};
}

/* Without its padding, and without the last digit, which hangs on what follows. */
static void add_base64(struct look *l, struct tokens *t, struct str s, bool url_alphabet)
{
	struct buf out = {0};
	size_t whole = s.n / 3 * 4 + (s.n % 3);

	base64_add(&out, s, 0);
	for (size_t i = 0; i < whole; i++)
		if (url_alphabet && (out.p[i] == '+' || out.p[i] == '/'))
			out.p[i] = out.p[i] == '+' ? '-' : '_';
	add(t, arena_dup(&l->arena, str_upto(buf_view(&out), whole)), "in base64", true);
	buf_release(&out);
}

static void add_hashes(struct look *l, struct tokens *t, struct str s)
{
	struct digests d;

	digests_of(s, &d);
	add(t, arena_dup(&l->arena, str_of(d.md5)), "as its MD5 hash", false);
	add(t, arena_dup(&l->arena, str_of(d.sha1)), "as its SHA-1 hash", false);
	add(t, arena_dup(&l->arena, str_of(d.sha256)), "as its SHA-256 hash", false);
}

static void add_address(struct look *l, struct tokens *t, struct str address)
{
	struct str a = lower(l, address);
	size_t at = str_chr(a, '@');

	if (at == 0 || at >= a.n || a.n > 256)
		return;
	add(t, a, "in plain text", false);
	add(t,
		arena_printf(&l->arena, STR_FMT "%%40" STR_FMT, STR_ARG(str_upto(a, at)),
			STR_ARG(str_from(a, at + 1))),
		"in plain text", false);
	char *hex = arena_alloc(&l->arena, 2 * a.n);
	hex_write(a.p, a.n, hex);
	add(t, (struct str){hex, 2 * a.n}, "in hexadecimal", false);
	add_base64(l, t, a, false);
	add_base64(l, t, a, true);
	add_hashes(l, t, a);
}

static void add_list(struct look *l, struct tokens *t, uint32_t object, const char *key)
{
	uint32_t list = look_get(l, object, key);

	MEMBERS_EACH(&l->m, i, list)
	{
		add_address(l, t, members_string_at(&l->arena, &l->m, i));
		add_address(l, t, look_text(l, i, "address"));
	}
}

void tokens_of(struct look *l, struct tokens *ret)
{
	uint32_t envelope = look_get(l, 0, "envelope");

	ret->n = 0;
	add_list(l, ret, l->mail, "to");
	add_list(l, ret, l->mail, "delivered_to");
	add_list(l, ret, envelope, "to");
	add_list(l, ret, l->mail, "cc");
}

const char *tokens_in(struct look *l, const struct tokens *t, struct str url)
{
	struct str folded = lower(l, url);

	for (size_t i = 0; i < t->n; i++) {
		struct str in = t->at[i].exact ? url : folded;
		if (str_find(in, t->at[i].text) < in.n)
			return t->at[i].how;
	}
	return NULL;
}

/* "{hex16}": bits of one class of url_template, and where it ends. */
static unsigned class_bits(struct str s, size_t *ret_end)
{
	static const struct {
		struct str name;
		double bits;
	} classes[] = {{STR("{hex"), 4}, {STR("{b64url"), 6}, {STR("{int"), 3.32}};
	size_t end = str_chr(s, '}');

	*ret_end = end < s.n ? end + 1 : s.n;
	if (str_starts(s, STR("{uuid}")))
		return 122; /* RFC 9562 section 5.4 */
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		uint64_t n;
		if (!str_starts(s, classes[i].name) ||
			!str_u64(str_from(str_upto(s, end), classes[i].name.n), &n))
			continue;
		return (unsigned)(classes[i].bits * (double)(n < 1000 ? n : 1000));
	}
	return 0;
}

unsigned token_bits(struct look *l, const struct url *u)
{
	unsigned slots, bits = 0;
	struct str rest = url_template(
		&l->arena, u, u->host_is_ip ? STR("") : domain_registrable(u->host), &slots);

	while (slots && rest.n) {
		size_t end;
		rest = str_from(rest, str_chr(rest, '{'));
		bits += class_bits(rest, &end);
		rest = str_from(rest, end);
	}
	return bits;
}
