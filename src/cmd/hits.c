#include "cmd/hits.h"

enum { EVENTS_SHOWN = 20 };

void hits_json_events(const struct snapshot *snap, const struct found *f, struct jsonw *w)
{
	struct events_at ev = {0};

	if (f)
		found_events(snap, f, EVENTS_SHOWN, &ev);
	events_sort(&ev);
	jsonw_key(w, "events");
	jsonw_open(w, '[');
	for (size_t i = 0; i < ev.at.n && i < EVENTS_SHOWN; i++) {
		char hex[32];
		hex_write(ev.at.at[i].id.b, 16, hex);
		jsonw_str(w, (struct str){hex, sizeof(hex)});
	}
	jsonw_close(w, ']');
	jsonw_member_u64(w, "events_total", f ? f->count : 0);
	vec_release(&ev.at);
}
