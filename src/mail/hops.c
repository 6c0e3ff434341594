/* The facts of a mail's way: who handed it to whom, and which of them we believe. */
#include "mail/inside.h"
#include "mail/received.h"
#include "text/ipaddr.h"

#define HOPS_MAX 128 /* RFC 5321 §6.3: a hundred hops are a loop */

/* Addresses that mean nothing outside of a network (RFC 6890). */
static bool is_private(struct str text)
{
	static const char *const nets[] = {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",
		"127.0.0.0/8", "169.254.0.0/16", "100.64.0.0/10", "0.0.0.0/8", "fc00::/7",
		"fe80::/10", "::1/128"};
	struct ipaddr ip;
	uint8_t at[16], from[16], to[16];
	bool mapped;
	int port;

	if (!ipaddr_parse(text, &ip, &port, &mapped))
		return true;
	ipaddr_ordered(&ip, at);
	for (size_t i = 0; i < sizeof(nets) / sizeof(nets[0]); i++)
		if (ipaddr_network(str_of(nets[i]), from, to) && memcmp(at, from, 16) >= 0 &&
			memcmp(at, to, 16) <= 0)
			return true;
	return false;
}

static void hop(struct facts *f, const struct received *v, bool own)
{
	jsonw_open(&f->w, '{');
	facts_string(f, "from", v->from);
	facts_string(f, "ip", v->ip);
	facts_string(f, "by", v->by);
	facts_string(f, "with", v->with);
	facts_string(f, "id", v->id);
	facts_string(f, "for", v->for_);
	if (when_known(v->time))
		jsonw_member_when(&f->w, "utc", v->time.us);
	if (own) {
		jsonw_key(&f->w, "own");
		jsonw_bool(&f->w, true);
	}
	jsonw_close(&f->w, '}');
}

/*
 * The hop at which the mail came to us: of the topmost run of lines by our own hosts the lowest
 * that names an address outside.  Where none is ours: the topmost line that names one, which
 * whoever wrote it may have chosen.
 */
struct entry {
	struct received at;
	bool found, own, left; /* left: the run has ended */
};

static void note_entry(struct entry *e, const struct received *v, bool own)
{
	bool outside = v->ip.n && !is_private(v->ip);

	if (e->own && !own)
		e->left = true;
	if (own && !e->own && !e->left) {
		e->own = true;
		e->found = false;
	}
	if (outside && !e->left && (own || (!e->own && !e->found))) {
		e->at = *v;
		e->found = true;
	}
}

/* Of the addresses in fields of that name: are there any, and are they all ours? */
static bool all_own(struct facts *f, const struct mail_headers *h, struct str name, bool *inout_any)
{
	bool all = true;

	for (size_t i = 0; i < h->n; i++) {
		size_t n;
		if (!str_eq_nocase(h->at[i].name, name))
			continue;
		struct mail_address *a = addresses_read(&f->r, h->at[i].value, h->at[i].offset, &n);
		for (size_t k = 0; k < n; k++) {
			struct str domain = a[k].address;
			str_cut(&domain, '@');
			*inout_any |= domain.n > 0;
			all &= !domain.n ||
			       host_is_own(domain, f->options->own_hosts, f->options->n_own);
		}
	}
	return all;
}

/*
 * Which way it went.  What one of our hosts took from outside came in, whatever From says; else
 * who sent it decides.  Nothing is said where we don't know who we are.
 */
static void direction(struct facts *f, const struct mail_headers *h, const struct entry *e)
{
	bool from = false, to = false;

	if (!f->options->n_own)
		return;
	bool ours = all_own(f, h, STR("from"), &from) && from;
	if ((e->found && e->own) || !ours) {
		facts_string(f, "direction", STR("inbound"));
		return;
	}
	bool inside = all_own(f, h, STR("to"), &to) && all_own(f, h, STR("cc"), &to);
	facts_string(f, "direction", inside && to ? STR("internal") : STR("outbound"));
}

void facts_received(struct facts *f, const struct mail_headers *h)
{
	struct entry entry = {0};
	struct when trusted = WHEN_NONE;
	size_t n = 0;

	for (size_t i = 0; i < h->n && n < HOPS_MAX; i++) {
		if (!str_eq_nocase(h->at[i].name, STR("received")))
			continue;
		struct received v = received_read(&f->r, h->at[i].value, h->at[i].offset);
		bool own = host_is_own(v.by, f->options->own_hosts, f->options->n_own);
		if (n++ == 0) {
			jsonw_key(&f->w, "received");
			jsonw_open(&f->w, '[');
		}
		hop(f, &v, own);
		note_entry(&entry, &v, own);
		if (own && !when_known(trusted))
			trusted = v.time;
	}
	if (n)
		jsonw_close(&f->w, ']');
	if (when_known(trusted)) {
		jsonw_member_when(&f->w, "received_utc", trusted.us);
		f->trusted = true;
	}
	if (entry.found) {
		jsonw_key(&f->w, "last_hop");
		hop(f, &entry.at, entry.own);
	}
	direction(f, h, &entry);
}
