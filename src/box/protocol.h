#ifndef BOX_PROTOCOL_H
#define BOX_PROTOCOL_H

#include <stddef.h>
#include <stdint.h>

/*
 * What spoor and spoor-worker say to each other.  The worker is started once per slot as
 *	spoor-worker VERSION CPU_MS MEMORY FOLDER… -- HOST…
 * (BOX_VERSION; the limits of struct box_options; where the formats are; hosts of ours), without environment, and
 *with fd 3  a SOCK_SEQPACKET socket: one struct box_request per job, one struct box_reply back fd 4
 *the input region (memfd, read-only): request.raw_len raw bytes at 0, then the job's description
 *(box/jobs.h) up to request.input_len fd 5  the output region (memfd): the job's result at 0 fd 6
 *the progress page (memfd): struct box_progress It loads formats, drops its rights, says so (struct
 *box_hello), then forks a child per job; the child maps the regions, works, writes, and exits.  All
 *integers are of the machine; both ends are one build (version). The parent trusts nothing of it:
 *results are checked like any foreign file.
 */
#define BOX_VERSION 9u

enum box_job {
	BOX_PARSE = 1, /* raw + struct parse_job: out a batch and a segment */
	BOX_RENDER,    /* raw + struct render_job: out events as ECS JSON lines */
	BOX_SCAN,      /* raw + struct scan_job: out which records and gaps hold a value */
	BOX_DECODE,    /* two more descriptors by SCM_RIGHTS: compressed in, decoded out (pipes);
			  out: struct decode_out */
	BOX_UNPACK, /* struct unpack_job, and two descriptors: a file to read by its places, and a
			  pipe for what is in it; out: struct decode_out */
	BOX_INTEL,  /* struct intel_job, and two descriptors: the files of a source, and an empty
		       file for its indicators (spoor-indicators(5)); out: intel/pack.h */
	BOX_NORMALISE, /* raw: values, one a line; out: struct normalised, one after another */
	BOX_FORMATS,   /* out: what formats are loaded, as JSON lines */
	BOX_PEOPLE,    /* raw: a list of people, description: its kind or ""; out: people/pack.h */
	BOX_LOOK,      /* raw: one mail, description: own domains, a line each; out: a JSON object
			  (engine/look.h) */
	BOX_NAMES,     /* raw: names, one a line; out: struct name_form (box/jobs.h), one each */
	BOX_RULE,      /* raw: files of rules and of what they need, description: what to do
			  (worker/rule.c); out: JSON lines */
	BOX_SEARCH,    /* raw: regular expressions and texts; out: which are found in which
			  (worker/search.c) */
	BOX_DETECT,    /* raw + struct detect_job: out which rules match which records */
	BOX_COMBINE,   /* raw: struct combine_hit, one after another, description: files of rules;
			  out: struct combine_found, one after another */
	BOX_TRY,       /* for tests: raw names a forbidden thing; the child tries it and says what
			  happened, if it lives */
};

/* What a search finds in one text beyond that is not said. */
#define BOX_SEARCH_FOUND_MAX 32u

enum box_status {
	BOX_OK = 0,
	BOX_CRASHED, /* killed by a signal */
	BOX_LOOPED,  /* one record took more than LIMIT_WORKER_CPU_SECONDS */
	BOX_STARVED, /* out of memory */
	BOX_REFUSED, /* the job's input makes no sense, or output is too large */
	BOX_FAILED,  /* ended otherwise */
};

/* The first thing on the socket: ready, and what the box is made of; or not, and why. */
struct box_hello {
	uint32_t version, ready;
	char text[1016]; /* NUL-terminated */
};

struct box_request {
	uint32_t version, job;
	uint64_t raw_len;
	uint64_t input_len; /* raw_len + description */
	uint64_t output_room;
	uint64_t tag;
};

struct box_reply {
	uint32_t version, status; /* enum box_status */
	uint64_t output_len;
	uint64_t tag;
	int32_t signal;
	uint32_t pad;
};

struct box_progress {
	/* The record being parsed, from 0 (other jobs: any step done); UINT32_MAX before it. */
	volatile uint32_t record;
	volatile uint32_t starved; /* set by the child's allocator before it gives up */
	volatile uint64_t output_len;
};

#define BOX_FD_SOCKET 3
#define BOX_FD_INPUT 4
#define BOX_FD_OUTPUT 5
#define BOX_FD_PROGRESS 6

#endif
