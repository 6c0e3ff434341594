#ifndef INTEL_MISP_EVENT_H
#define INTEL_MISP_EVENT_H

#include "base/buf.h"
#include "intel/misp_inside.h"

/* An event that is being read; texts are kept in g->a. */
struct misp_event {
	struct str id, info;
	struct str creator; /* id of the organisation, or "" */
	struct misp_marks marks;
	struct buf tags; /* all of them, as written */
	uint32_t line;
};

/* What is around an attribute: the event, and the object that it belongs to or none. */
struct misp_ctx {
	struct misp_event *event;
	struct misp_marks marks; /* of the object, or of the event */
	struct str object;       /* its uuid, "" for none */
	struct str object_name;
	struct str context;     /* the object's comment */
	struct buf values;      /* of the object: "relation: value; …" */
	struct when first_seen; /* of the object */
	bool deleted;
};

/* arg is a struct misp_ctx. */
void misp_attribute_read(struct misp *m, void *arg, struct str value, uint32_t line);
/* A ShadowAttribute of an event: what somebody proposes. */
void misp_proposal_read(struct misp *m, void *arg, struct str value, uint32_t line);

#endif
