#ifndef RULE_STIXDATA_INSIDE_H
#define RULE_STIXDATA_INSIDE_H

#include "base/err.h"
#include "base/limits.h"
#include "rule/stixdata.h"
#include "text/json.h"

/* What stixdata.c reads, and stixpath.c walks through. */
enum { DATA_NONE = UINT32_MAX };

struct observation {
	struct str id;
	uint32_t objects, refs; /* tokens, or DATA_NONE */
};

/* An object by what it is referred to: its id (scope 0), or a key of an observation (its place + 1). */
struct data_name {
	struct str name;
	uint32_t scope;
	uint32_t object; /* its token plus 1; 0: none */
};

struct stix_data {
	struct str text;
	struct json_tape tape;
	bool broken;
	bool of_event; /* a text stands for a list of it alone */
	struct arena a;
	VEC(struct observation) observations;
	VEC(struct stix_span) spans;
	struct data_name *names; /* open addressing */
	size_t mask;
	struct stix_tests *tests;
	/* The walk along a path: tokens that it is at, each once. */
	VEC(uint32_t) now;
	VEC(uint32_t) then;
	uint64_t *stamps; /* per token: the step that came to it last */
	uint64_t step;
	/* Of the bracket that was asked for last, per object: 1 it doesn't satisfy it, 2 it does. */
	const struct pattern_node *bracket;
	uint8_t *known;
};

uint32_t stix_data_member(struct stix_data *d, uint32_t object, struct str key);
struct str stix_data_text(struct stix_data *d, uint32_t at);
/* The object of that name, in the observation's scope or in the whole; or DATA_NONE. */
uint32_t stix_data_find(const struct stix_data *d, uint32_t scope, struct str name);
bool stix_data_holds(void *arg, const struct pattern_node *bracket, uint32_t i);

#endif
