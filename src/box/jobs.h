#ifndef BOX_JOBS_H
#define BOX_JOBS_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/flaw.h"
#include "model/observable.h"
#include "store/batch.h"
#include "text/nameform.h"

/*
 * The descriptions of jobs, packed behind the raw bytes of the input region; unpacked by the
 * worker with everything checked.  What unpack returns borrows from the packed bytes.
 */
struct parse_job {
	struct batch_head head;
	int zstd_level;
	const uint32_t *skip;    /* numbers of records not to parse, ascending, with why */
	const uint8_t *skip_why; /* enum box_status of each: the flaw to record */
	size_t n_skip;
	bool skip_all;   /* parse nothing: raw bytes only, each record with flaw KILLED_PARSER */
	bool want_batch; /* false for reindex and erasure: only the segment */
	bool reduce;     /* of mails keep their facts only (FRAMING_FACTS), where all can be read */
	/* Files of YARA rules (worker/rulefile.h) that mails are held against before they are reduced. */
	struct str rules;
	/*
	 * Reindexing: the records' places in raw are known, so that they are not framed anew;
	 * len 0 is an erased record, which keeps its number.  NULL: frame them.
	 */
	const struct span *spans;
	uint32_t n_spans;
};
void parse_job_pack(const struct parse_job *j, struct buf *out);
/* What unpack returns in arrays is allocated in the arena. */
bool parse_job_unpack(struct arena *a, struct str packed, struct parse_job *ret);

/* Output of BOX_PARSE: u64 batch length, u64 segment length, the batch, the segment. */
void parse_out_pack_head(uint64_t batch_len, uint64_t segment_len, char ret_head[16]);
bool parse_out_unpack(struct str out, struct str *ret_batch, struct str *ret_segment);

/* Events of some records of a batch, as ECS JSON lines in the order asked for. */
struct render_item {
	uint32_t off, len;      /* of the record in raw */
	uint64_t source_offset; /* shown as spoor.offset */
	uint8_t conflict;       /* add flaw id-conflict */
	uint8_t pad[7];
};
struct render_job {
	struct batch_head head;
	struct str source; /* sha256 in hex, shown as spoor.source */
	const struct render_item *items;
	size_t n_items;
};
void render_job_pack(const struct render_job *j, struct buf *out);
bool render_job_unpack(struct arena *a, struct str packed, struct render_job *ret);

/*
 * Which records, and which gaps between them (gap i is in front of record i), hold one of the
 * values in raw bytes or in any text unescaped from them; case of ASCII letters ignored, and in
 * their spellings as observables.
 */
struct scan_job {
	struct batch_head head;
	const struct span *records;
	size_t n_records;
	const struct str *values;
	size_t n_values;
	/*
	 * Places not to look into, ascending: record i with the gap in front of it, n_records for the
	 * last gap.  They count as holding a value.
	 */
	const uint32_t *unread;
	size_t n_unread;
};
void scan_job_pack(const struct scan_job *j, struct buf *out);
bool scan_job_unpack(struct arena *a, struct str packed, struct scan_job *ret);
/* Output of BOX_SCAN: n_records bytes 0/1, then n_records + 1 bytes for the gaps. */

/*
 * Which rules match which records.  A job has records of several batches, behind one another in
 * raw, since reading the rules may take longer than holding a small batch against them.  Records
 * are numbered through all parts.
 */
struct detect_part {
	struct batch_head head;
	const struct span *records; /* places in raw, ascending through all parts */
	size_t n_records;
};
struct detect_job {
	struct str rules;     /* files of them: worker/rulefile.h */
	const uint32_t *only; /* numbers of those that are asked, ascending */
	size_t n_only;
	const struct detect_part *parts;
	size_t n_parts;
	const uint32_t *skip; /* records not to look at, ascending */
	size_t n_skip;
};
void detect_job_pack(const struct detect_job *j, struct buf *out);
bool detect_job_unpack(struct arena *a, struct str packed, struct detect_job *ret);
/* What a file of rules is in (worker/rulefile.h). */
enum rule_file_kind { RULE_FILE_SIGMA, RULE_FILE_PATTERN, RULE_FILE_YARA };

/* Output of BOX_DETECT: hits, one after another, by record, rule and part. */
struct detect_hit {
	uint32_t record, rule; /* the rule's number in the set, loaded or not */
	uint32_t part;         /* of a STIX pattern: which of its brackets; else 0 */
	struct str values;     /* what the rule captures: hit_value_pack, one after another */
	struct str why;        /* "" once all that a batch may say is said */
};
enum { DETECT_WHY_MAX = 1024, DETECT_VALUES_MAX = 16384 };         /* bytes */
void detect_hit_pack(const struct detect_hit *h, struct buf *out); /* appends one */
/* The next one, which borrows the bytes; false where they make no sense, or at the end. */
bool detect_hit_next(struct str *inout, struct detect_hit *ret);
/* A captured value, or that the event has none.  A long one is cut, and told apart by a hash. */
void hit_value_pack(bool there, struct str value, struct buf *out); /* appends one */
/* False where they make no sense, or at the end. */
bool hit_value_next(struct str *inout, bool *ret_there, struct str *ret_value);

/*
 * Hits of rules that are about several events, taken together.  raw: hits in the order of (time, id,
 * content, rule, part), one after another; description: the files of rules.
 */
struct combine_hit {
	int64_t time;   /* INT64_MIN: unknown */
	uint32_t event; /* ascending with the order of events; hits of one event share it */
	uint32_t rule, part;
	struct str values; /* of struct detect_hit */
};
void combine_hit_pack(const struct combine_hit *h, struct buf *out); /* appends one */
/* The next one, which borrows the bytes; false where they make no sense, or at the end. */
bool combine_hit_next(struct str *inout, struct combine_hit *ret);

/* Output of BOX_COMBINE: findings, one after another, in no order that means anything. */
enum { COMBINE_EVENTS_MAX = 20, COMBINE_WHY_MAX = 4096 };
struct combine_found {
	uint32_t rule;
	uint64_t total; /* events that it stands on; 0: the rule met a limit, and may find more */
	uint32_t events[COMBINE_EVENTS_MAX]; /* the first of them, ascending */
	uint32_t n;
	struct str why;
};
void combine_found_pack(const struct combine_found *f, struct buf *out);
bool combine_found_next(struct str *inout, struct combine_found *ret);

/* A container to unpack; its output goes through a pipe. */
struct unpack_job {
	uint8_t container; /* enum container */
	uint64_t size;
};
void unpack_job_pack(const struct unpack_job *j, struct buf *out);
bool unpack_job_unpack(struct str packed, struct unpack_job *ret);
/* A source of intelligence: its files, one behind the other in one descriptor. */
struct intel_job_file {
	struct str name;
	uint64_t size;
	enum flaw_code flaw; /* of what it was compressed in; FLAW_CODES: none */
};
struct intel_job {
	const struct intel_job_file *files;
	uint32_t n_files;
	uint64_t size; /* of all; for the packer the sum of the files', checked when unpacked */
};
void intel_job_pack(const struct intel_job *j, struct buf *out);
bool intel_job_unpack(struct arena *a, struct str packed, struct intel_job *ret);
/*
 * What comes out of an archive: frames of a kind (one byte), a length (u32) and as many bytes.  A
 * member is its name, its data in pieces, its end; the end's length is a flaw's code and 1, or 0.
 */
enum { FRAME_NAME = 'N', FRAME_DATA = 'D', FRAME_END = 'E' };
enum { FRAME_HEAD = 5, FRAME_NAME_MAX = 4096, FRAME_DATA_MAX = 1 << 20 };
void frame_head_pack(char kind, uint32_t n, char ret[FRAME_HEAD]);
/* False for what the worker can't have meant. */
bool frame_head_unpack(const char head[FRAME_HEAD], char *ret_kind, uint32_t *ret_n);

/* Output of BOX_DECODE and BOX_UNPACK: how the bytes came, "gzip", and what was wrong with them. */
struct decode_out {
	struct str path;
	const struct flaw *flaws;
	size_t n_flaws;
};
void decode_out_pack(const struct decode_out *d, struct buf *out);
bool decode_out_unpack(struct arena *a, struct str packed, struct decode_out *ret);

/*
 * Output of BOX_NORMALISE: for line i of the input, the observables that it can be; a line that
 * can't be any has none.
 */
struct normalised {
	uint32_t line;
	bool sure; /* struct typed */
	struct observable o;
};
void normalised_pack(const struct normalised *n, struct buf *out); /* appends one */
/* The next one; false at the end, or (*ret_bad true) where the bytes make no sense. */
bool normalised_next(struct str *inout, struct normalised *ret, bool *ret_bad);

/* Output of BOX_NAMES: for each line of the input, in order. */
void name_form_pack(const struct name_form *f, struct buf *out); /* appends one */
/* The next one, which borrows the bytes; false where they make no sense, or at the end. */
bool name_form_next(struct str *inout, struct name_form *ret);

#endif
