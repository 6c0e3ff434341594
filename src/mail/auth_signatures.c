#include "mail/align.h"
#include "mail/arc.h"
#include "mail/auth_inside.h"
#include "mail/field.h"
#include "mail/host.h"

/* The body follows the line end of the last field, and the empty line. */
static struct str body_of(const struct auth_writing *x)
{
	struct str rest = x->raw, line;

	if (x->n) {
		struct str last = x->headers[x->n - 1].value;
		rest = str_from(rest, (size_t)(last.p + last.n - x->raw.p));
		str_cut(&rest, '\n');
	}
	line = str_upto(rest, 2);
	if (str_starts(line, STR("\n")))
		return str_from(rest, 1);
	return str_starts(line, STR("\r\n")) ? str_from(rest, 2) : rest;
}

static void write_time(struct auth_writing *x, const char *key, struct when t)
{
	if (when_known(t))
		jsonw_member_when(x->w, key, t.us);
}

static void write_match(struct auth_writing *x, const char *key, bool known, bool matches)
{
	if (known)
		jsonw_member_str(x->w, key, matches ? STR("match") : STR("differs"));
}

static void write_key(struct auth_writing *x, const struct dkim_key *k)
{
	char hex[65];

	if (!k || k->kind < DKIM_KEY_RSA)
		return;
	sha256_hex(k->hash, hex);
	jsonw_member_u64(x->w, "key_bits", k->bits);
	jsonw_member_str(x->w, "key_sha256", (struct str){hex, 64});
	if (k->testing)
		auth_true(x, "key_testing");
}

static void write_result(struct auth_writing *x, const struct dkim_result *r)
{
	jsonw_member_str(x->w, "verified", str_of(dkim_verdict_name(r->verdict)));
	if (r->why)
		jsonw_member_str(x->w, "reason", str_of(r->why));
	write_match(x, "body_hash", r->body_known, r->body_matches);
	write_match(x, "signature", r->signature_known, r->signature_matches);
	if (r->unquoted)
		auth_true(x, "mbox_quoted");
	if (r->unsigned_bytes)
		jsonw_member_u64(x->w, "unsigned_bytes", r->unsigned_bytes);
	write_key(x, r->key);
	if (r->weak)
		auth_true(x, "weak");
}

static void write_signature(struct auth_writing *x, const struct signature *s)
{
	auth_member(x, "domain", auth_lower(x->a, s->domain));
	auth_member(x, "selector", s->selector);
	auth_member(x, "identity", s->identity);
	auth_member(x, "algorithm", s->algorithm);
	write_time(x, "signed_utc", s->signed_at);
	write_time(x, "expires_utc", s->expires_at);
}

static void write_dkim(struct auth_writing *x, struct dkim_mail *m, size_t at)
{
	struct signature s;
	struct dkim_result r = {.verdict = DKIM_MALFORMED};

	r.why = signature_read(x->a, x->headers[at].value, SIGNATURE_DKIM, &s);
	if (!r.why)
		r = dkim_verify(m, at, &s, x->o->keys, x->o->received);
	jsonw_open(x->w, '{');
	write_signature(x, &s);
	write_result(x, &r);
	if (s.domain.n && x->o->from_domain.n)
		jsonw_member_str(x->w, "aligned",
			str_of(alignment_name(mail_alignment(x->a, x->o->from_domain, s.domain))));
	jsonw_close(x->w, '}');
}

static void write_all_dkim(struct auth_writing *x, struct dkim_mail *m)
{
	size_t found = 0;

	for (size_t i = 0; i < x->n; i++) {
		if (!mail_field_is(&x->headers[i], "DKIM-Signature"))
			continue;
		if (found == LIMIT_SIGNATURES) {
			flaw_add(x->flaws, FLAW_TOO_MANY_VALUES, x->headers[i].offset);
			break;
		}
		if (found++ == 0) {
			jsonw_key(x->w, "dkim");
			jsonw_open(x->w, '[');
		}
		write_dkim(x, m, i);
	}
	if (found)
		jsonw_close(x->w, ']');
}

/* What a server found before it passed the mail on, by its word. */
static void write_found(struct auth_writing *x, size_t field)
{
	const struct mail_header *h = &x->headers[field];
	struct auth_results r;

	authres_read(x->a, h->value, &r);
	auth_note_flaws(x, &r, h->offset);
	auth_member(x, "by", auth_lower(x->a, r.by));
	if (!r.n)
		return;
	jsonw_key(x->w, "results");
	jsonw_open(x->w, '[');
	for (size_t i = 0; i < r.n; i++) {
		jsonw_open(x->w, '{');
		auth_result_members(x, &r.results[i], h->offset);
		jsonw_close(x->w, '}');
	}
	jsonw_close(x->w, ']');
}

static void write_set(struct auth_writing *x, const struct arc_set *s)
{
	jsonw_open(x->w, '{');
	jsonw_member_u64(x->w, "instance", s->instance);
	if (mail_host_is_own(x->o->own_hosts, x->o->n_own, s->as.domain))
		auth_true(x, "own");
	write_signature(x, &s->as);
	auth_member(x, "cv", s->as.cv);
	if (!str_eq_nocase(s->ams.domain, s->as.domain))
		auth_member(x, "signature_domain", auth_lower(x->a, s->ams.domain));
	if (s->results != SIZE_MAX)
		write_found(x, s->results);
	jsonw_close(x->w, '}');
}

static void write_arc(struct auth_writing *x, struct dkim_mail *m)
{
	struct arc arc = arc_validate(x->a, m, x->headers, x->n, x->o->keys);

	if (arc.verdict == ARC_NONE)
		return;
	jsonw_key(x->w, "arc");
	jsonw_open(x->w, '{');
	if (arc.n)
		auth_member(x, "cv", arc.sets[arc.n - 1]->as.cv);
	jsonw_member_str(x->w, "verified", str_of(arc_verdict_name(arc.verdict)));
	if (arc.why)
		jsonw_member_str(x->w, "reason", str_of(arc.why));
	if (arc.n) {
		jsonw_key(x->w, "sets");
		jsonw_open(x->w, '[');
		for (size_t i = arc.n; i-- > 0;)
			write_set(x, arc.sets[i]);
		jsonw_close(x->w, ']');
	}
	jsonw_close(x->w, '}');
}

static bool has_signature(const struct auth_writing *x)
{
	for (size_t i = 0; i < x->n; i++)
		if (mail_field_is(&x->headers[i], "DKIM-Signature") ||
			str_eq_nocase(str_upto(x->headers[i].name, 4), STR("ARC-")))
			return true;
	return false;
}

void auth_signatures_write(struct auth_writing *x)
{
	if (!has_signature(x))
		return;
	struct dkim_mail *m = dkim_mail_new(x->a, x->headers, x->n, body_of(x));
	write_all_dkim(x, m);
	write_arc(x, m);
	dkim_mail_free(m);
}
