#ifndef INTEL_MISP_INSIDE_H
#define INTEL_MISP_INSIDE_H

#include "base/vec.h"
#include "intel/gather.h"
#include "intel/jobject.h"
#include "intel/misp.h"

/* What the readers of MISP's formats share. */
struct misp {
	struct gather *g;
	struct str text, given;
	struct jobject o; /* the small object that is being read */
	uint64_t *made;   /* hashes of the ids of nodes that tags and names made: once each */
	size_t n_made, room_made;
	bool in_answer;
	bool cut; /* the text ends within an object, of which this is what there is */
};

/* What is said of an event, an object or an attribute by tags and distribution. */
struct misp_marks {
	struct str marking;
	struct str actor; /* kept in g->a */
	int actor_rank;   /* of what kind it is: the lower the better */
	int confidence;   /* 0 to 100, -1 unknown */
	int reliability;  /* Admiralty scale's two, -1 unknown */
	int credibility;
};

/* The members of a large object, as they stand there; of several with one name the first. */
struct misp_parts {
	struct str key[32], value[32];
	size_t n;
	const char *const *wanted;
};

void misp_parts_read(struct misp_parts *p, struct str object, const char *const *wanted);
struct str misp_part(const struct misp_parts *p, const char *key); /* raw, or "" */
/* A string's text or a number, kept in g->a. */
struct str misp_part_text(struct misp *m, const struct misp_parts *p, const char *key);

/*
 * Each object of an array, or the object that stands there instead; its line is counted from
 * `line`, which is the array's.  partly: the last one as well if the text ends within it.
 */
typedef void (*misp_each_fn)(struct misp *m, void *arg, struct str value, uint32_t line);
void misp_each(
	struct misp *m, struct str array, uint32_t line, bool partly, misp_each_fn fn, void *arg);
/* The line of a part of an object that begins in `line`. */
uint32_t misp_line(struct str object, uint32_t line, struct str part);
struct place misp_place(const struct misp *m, struct str value, uint32_t line);
/* True the first time. */
bool misp_is_new(struct misp *m, struct str id);
/* Seconds since 1970, RFC 3339, or a date; what is none of them is listed as skipped. */
struct when misp_when(struct misp *m, struct str s, uint32_t line);

/* misp_marks.c */
struct misp_marks misp_marks_none(void);
/* distribution: as written, "" if it isn't there. */
void misp_marks_distribution(struct misp_marks *k, struct str distribution, bool inherits);
/* What holds of the whole holds of the part: marking, and what the part doesn't say itself. */
void misp_marks_of_part(struct misp_marks *part, const struct misp_marks *whole);
/* subject: id of what is tagged; "" makes no edges. */
void misp_marks_tag(
	struct misp *m, struct misp_marks *k, struct str subject, struct str tag, uint32_t line);
/* Tags in a tape: an array of objects with `name`. */
void misp_marks_tags(
	struct misp *m, struct misp_marks *k, struct str subject, uint32_t array, uint32_t line);
/* Per cent that the words of a tag mean, or -1. */
int misp_tag_percent(struct str tag);
/* name:predicate="value" */
bool misp_tag_split(
	struct str tag, struct str *ret_space, struct str *ret_predicate, struct str *ret_value);

/* misp_galaxy.c, misp_names.c */
enum node_type misp_galaxy_type(struct str galaxy, struct str category);
/* "APT32 - G0050": the name, and the number in ATT&CK. */
struct str misp_cluster_name(struct str value, struct str *ret_external);
/*
 * A cluster's other names, of the metadata at that token of m->o: its synonyms, its own name where
 * it is known whose it is, and names that are only said to be somebody's; each once.
 */
void misp_names_read(struct misp *m, struct str id, uint32_t meta, struct str own, uint32_t line);
/* The cluster of an event's galaxy at that token of m->o. */
void misp_cluster_of_event(struct misp *m, uint32_t at, uint32_t line);
void misp_clusters_read(struct misp *m, struct str object, uint32_t line);
void misp_galaxy_read(struct misp *m, struct str object, uint32_t line);

void misp_event_read(struct misp *m, struct str object, uint32_t line);
void misp_sharing_group_read(struct misp *m, struct str object, uint32_t line);
void misp_taxonomy_read(struct misp *m, struct str object, uint32_t line);
void misp_template_read(struct misp *m, struct str object, uint32_t line);
void misp_warning_read(struct misp *m, struct str object, uint32_t line);
void misp_feed_event(struct misp *m, struct str uuid, struct str info, uint32_t line);
void misp_manifest_read(struct misp *m, struct str object, uint32_t line);

#endif
