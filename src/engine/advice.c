#include "engine/advice.h"

/*
 * Where the case has `have` but no `lack`.  A format's name, "…/ACTION" for events of that action
 * in it, or a list with blanks of which one must be there.
 */
static const struct {
	const char *have, *lack, *text;
} pairs[] = {
	{"entra-signin", "m365-ual",
		"the unified audit log (m365-ual): what was done after a sign-in stands only "
		"there"},
	{"m365-ual", "m365-ual/MailItemsAccessed",
		"MailItemsAccessed of the audit log: without it nobody can say which mail was "
		"read"},
	{"m365-ual", "entra-signin",
		"sign-ins of Entra ID, interactive and not (entra-signin): the audit log lacks "
		"tokens "
		"that were refreshed or refused"},
	{"m365-ual entra-signin", "entra-audit",
		"the directory audit of Entra ID (entra-audit): consents, new methods and devices"},
	{"m365-ual", "exchange-state",
		"rules and permissions as they are now (exchange-state): those made before the log "
		"begins stand only there"},
	{"entra-signin entra-audit", "entra-state",
		"grants, applications and methods as they are now (entra-state)"},
	{"m365-ual mail", "message-trace exchange-tracking defender-email",
		"the message trace (message-trace): who else got a mail, and whether it was "
		"delivered"},
	{"message-trace exchange-tracking defender-email", "mail",
		"the mails themselves: links, attachments and headers are not in a trace"},
	{"defender-email", "defender-urls",
		"EmailUrlInfo (defender-urls): the links of those mails"},
	{"defender-email defender-urls", "defender-clicks",
		"UrlClickEvents (defender-clicks): who followed a link"},
	{"exchange-tracking exchange-admin", "exchange-http w3c-http",
		"IIS and HttpProxy logs (exchange-http, w3c-http): who came to the mailboxes from "
		"outside"},
	{"exchange-http exchange-tracking", "exchange-admin",
		"the administrators' audit log of Exchange (exchange-admin)"},
	{"google-takeout", "google-workspace",
		"the audit log of Google Workspace (google-workspace), if it is an account of "
		"yours: a "
		"takeout goes back a month"},
	{"azure-activity", "entra-signin", "sign-ins of Entra ID (entra-signin)"},
	{"call-record", "call-lookup",
		"the log of who looked up call records (call-lookup): the records don't say who "
		"read them"},
	{"call-lookup", "call-record",
		"the call records that were looked up (call-record): what the look-ups gave away"},
};

/* The stream's format is one of the words, and events of the action are there if one is asked for. */
static bool is_one(const struct stream_coverage *s, struct str words)
{
	while (words.n)
		if (str_eq(str_cut(&words, ' '), s->format))
			return true;
	return false;
}

static bool has_action(const struct snapshot *snap, struct str action)
{
	struct seg_hit hit;

	for (size_t i = 0; i < snap->n; i++)
		if (segment_find(snap->at[i].seg,
			    (struct observable){KIND_ACTION, FORM_TEXT, action}, &hit, 1))
			return true;
	return false;
}

static bool has(const struct snapshot *snap, const struct coverage *c, struct str words)
{
	struct str action = words, formats = str_cut(&action, '/');

	if (action.n && !has_action(snap, action))
		return false;
	for (size_t i = 0; i < c->streams.n; i++)
		if (is_one(&c->streams.at[i], formats))
			return true;
	return false;
}

static void add(struct stream_coverage *s, struct str text)
{
	*vec_push(&s->missing) = text;
}

static void advise_stream(struct arena *a, struct stream_coverage *s)
{
	bool cut = false;

	if (!s->judged && s->first != INT64_MIN)
		add(s, STR("less than 28 days of history: export more to have its gaps judged"));
	for (size_t i = 0; i < s->gaps.n; i++)
		cut |= str_starts(s->gaps.at[i].why, STR("cut export"));
	if (cut)
		add(s, STR("export again in shorter intervals: an export was cut"));
	if (s->untimed)
		add(s, arena_printf(a,
			       "%llu events have no time: say when an export of settings was made "
			       "(ingest --acquired)",
			       (unsigned long long)s->untimed));
	if (s->mixed_versions)
		add(s, STR("run 'spoor reindex': some of it was read by an older format version"));
}

void advice_give(const struct snapshot *snap, struct arena *a, struct coverage *inout_c)
{
	for (size_t i = 0; i < inout_c->streams.n; i++)
		advise_stream(a, &inout_c->streams.at[i]);
	for (size_t p = 0; p < sizeof(pairs) / sizeof(pairs[0]); p++) {
		struct str have = str_of(pairs[p].have);
		if (!has(snap, inout_c, have) || has(snap, inout_c, str_of(pairs[p].lack)))
			continue;
		for (size_t i = 0; i < inout_c->streams.n; i++)
			if (is_one(&inout_c->streams.at[i], have))
				add(&inout_c->streams.at[i],
					arena_printf(a, "export next: %s", pairs[p].text));
	}
}
