#ifndef INTEL_PARTYDRAFT_H
#define INTEL_PARTYDRAFT_H

#include "intel/gather.h"

/*
 * Where readers of sanctions lists put an entry together, part by part.  Texts are trimmed, cut at
 * LIMIT_PARTY_TEXT and copied; empty ones, and what the entry has already, are no part.
 */
struct party_draft {
	struct gather *g;
	struct str list; /* whose list it is, and its date: of entries that begin from now on */
	struct when list_date;
	struct party p;
	VEC(struct party_name) names;
	VEC(struct party_date) births;
	VEC(struct str) countries;
	VEC(struct str) places;
	VEC(struct party_id) ids;
	bool open, told; /* told: that there is more of it than is kept */
};

void party_draft_init(struct party_draft *d, struct gather *g, struct str list);
void party_draft_release(struct party_draft *d);

/* An entry begins; one that is open still ends first. */
void party_begin(struct party_draft *d, struct str id, uint32_t line);
/* Its number, where that comes later. */
void party_number(struct party_draft *d, struct str id);
void party_name(struct party_draft *d, struct str text, enum party_name_kind kind);
void party_programme(struct party_draft *d, struct str text);
/* What is no date is skipped with the entry's line. */
void party_birth(struct party_draft *d, struct str date);
void party_birth_date(struct party_draft *d, struct party_date date);
void party_country(struct party_draft *d, struct str text);
void party_place(struct party_draft *d, struct str text);
void party_id(struct party_draft *d, struct str type, struct str value);
void party_end(struct party_draft *d);

/* Entries of one list with one id, from rows and files far apart, become one.  Ends the reading. */
void party_join(struct gather *g);

#endif
