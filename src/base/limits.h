#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

/*
 * The one table of limits.  What we read was written by the attacker, so nothing that an
 * input names is allocated, nested or counted beyond these; what meets a limit is kept as
 * raw bytes with a flaw.  They count bytes and steps, never seconds, so that results don't
 * depend on a machine's load.  spoor(1) prints the same table.
 */
#define LIMIT_BATCH_BYTES (32u << 20)  /* a cutter cuts at the next record boundary after this */
#define LIMIT_RECORD_BYTES (16u << 20) /* a longer record is raw spans with flaw too-long */
#define LIMIT_SLICE_BYTES (LIMIT_BATCH_BYTES + LIMIT_RECORD_BYTES)
#define LIMIT_PREAMBLE_BYTES (64u << 10) /* header rows of CSV and Zeek logs */
#define LIMIT_RECORDS_PER_BATCH (4u << 20)
#define LIMIT_JSON_DEPTH 512u        /* deeper values are kept unread, flaw too-deep */
#define LIMIT_JSON_TOKENS (8u << 20) /* per record */
#define LIMIT_NESTED_TEXTS 6u        /* JSON in a string in JSON …: METHODS §1 */
#define LIMIT_CSV_COLUMNS 4096u
#define LIMIT_VALUES_PER_EVENT 4096u /* mapped values; more get flaw too-many-values */
#define LIMIT_OBSERVABLES_PER_EVENT 65536u
#define LIMIT_OBSERVABLE_BYTES 8192u /* a longer value is cut, flaw value-cut */
#define LIMIT_FLAWS_PER_RECORD 64u
#define LIMIT_URL_BYTES (64u << 10)      /* METHODS §1 */
#define LIMIT_DECODE_RATIO 2000u         /* decoded bytes per compressed byte … */
#define LIMIT_DECODE_FREE (256u << 20)   /* … once this much was decoded: flaw bomb */
#define LIMIT_NESTED_CONTAINERS 6u       /* gzip in zstd in … */
#define LIMIT_ARCHIVE_MEMBERS (1u << 20) /* of all archives in one file: flaw bomb */
#define LIMIT_SPOOL_BYTES (64ull << 30)  /* a container inside a stream or an archive */
#define LIMIT_MESSAGE_BYTES (256u << 20) /* a compound file or a winmail.dat: read as a whole */
#define LIMIT_FOLDER_DEPTH 64u
#define LIMIT_PST_FOLDERS (1u << 16)     /* mails of further ones have no folder */
#define LIMIT_PST_NODES (1u << 20)       /* of a PST's remains; 40 bytes each … */
#define LIMIT_PST_BLOCKS (8u << 20)      /* … and 24 */
#define LIMIT_MAIL_DEPTH 64u             /* parts in parts and mails in mails */
#define LIMIT_MAIL_PARTS 1024u           /* of a mail, those of mails in it included */
#define LIMIT_MAIL_FIELDS 4096u          /* header fields of a mail */
#define LIMIT_MAIL_VALUE (64u << 10)     /* bytes of a header field that are read */
#define LIMIT_MAIL_ADDRESSES 4096u       /* of a header field */
#define LIMIT_INTEL_BYTES (2ull << 30)   /* one source of intelligence, all its files */
#define LIMIT_INTEL_NODES (2u << 20)     /* things that it names, of each kind of record */
#define LIMIT_INTEL_ID_BYTES 1024u       /* of what objects call themselves and one another */
#define LIMIT_CLUSTER_NAMES 1024u        /* other names of one cluster of a MISP galaxy */
#define LIMIT_AUTH_FIELDS 64u            /* Authentication-Results fields of one mail … */
#define LIMIT_AUTH_RESULTS 64u           /* … results in one of them … */
#define LIMIT_AUTH_PROPERTIES 32u        /* … and properties of one result */
#define LIMIT_SIGNATURES 16u             /* DKIM signatures of one mail that are verified */
#define LIMIT_MAIL_PART_BYTES (8u << 20) /* METHODS §1; what a longer part's end says isn't read */
#define LIMIT_MAIL_REFERENCES 2048u      /* links and remote objects of a mail */
#define LIMIT_HTML_ATTRIBUTES 256u       /* of one tag */
#define LIMIT_HTML_DEPTH 512u            /* below it nothing counts as hidden */
#define LIMIT_NESTED_DOCUMENTS 1u        /* HTML in a data: URL, a mail in a file */
#define LIMIT_PEOPLE_BYTES (256u << 20)  /* one list of people */
#define LIMIT_PERSON_PARTS 1024u         /* ids, addresses and roles of one person, of each */
#define LIMIT_PERSON_NAMES 64u
#define LIMIT_PERSON_SCHEME 64u /* bytes of what an id is of */
#define LIMIT_PERSON_TEXT 1024u /* bytes of a name, an id, a title: a longer one is cut */
#define LIMIT_PARTY_PARTS 1024u /* names, dates, numbers of one designated party, of each */
#define LIMIT_PARTY_TEXT 1024u  /* bytes of each of them: a longer one is cut */
#define LIMIT_FORMATS 256u
#define LIMIT_RULES_BYTES (256u << 20)   /* files of rules, and what they are tried on */
#define LIMIT_RULE_SELECTIONS 1024u      /* of one rule */
#define LIMIT_RULE_CONDITION (16u << 10) /* bytes of a rule's conditions */
#define LIMIT_RULE_COST (1u << 20)       /* tests that one event can meet in one rule */
#define LIMIT_RULES_NODES (4u << 20)     /* tests and what joins them, of all rules */
#define LIMIT_RULE_REPEATED (1u << 20)   /* steps of merging `action: global` into a file's rules */
#define LIMIT_CORRELATION_RULES 64u      /* that one correlation names */
#define LIMIT_CORRELATION_FIELDS 16u     /* that it groups by; and that it counts */
#define LIMIT_CORRELATION_DEPTH 16u      /* correlations of correlations of … */
#define LIMIT_CORRELATION_WAYS 256u      /* in which a condition of names can be met */
#define LIMIT_CORRELATION_STEPS (1u << 20) /* of finding them */
#define LIMIT_RULE_CAPTURES 48u       /* fields of one rule's events that correlations ask for */
#define LIMIT_EVENT_VISITS (4u << 20) /* steps of looking for rules' fields in one event */
#define LIMIT_YARA_RULES (1u << 17)
#define LIMIT_YARA_RULE_BYTES (128u << 10)
#define LIMIT_YARA_RULE_STRINGS 2000u
#define LIMIT_YARA_RULE_ATOMS 12000u /* beginnings of strings that libyara looks for, of a rule … */
#define LIMIT_YARA_ATOMS 80000u      /* … of all: compiling takes their square … */
#define LIMIT_YARA_TRIED (4u << 20)   /* … and of all that were tried, refused ones included */
#define LIMIT_YARA_REFUSED 4096u      /* rules that are refused, before the rest is */
#define LIMIT_PATTERN_STEPS 60000000u /* observations looked at for one STIX pattern: undecided */
#define LIMIT_OBJECT_PROPERTIES (1u << 16) /* of one event seen as objects of STIX */
#define LIMIT_PATTERN_BRACKETS 4096u       /* of one STIX pattern that is a rule */
#define LIMIT_YAML_BYTES (4u << 20)
#define LIMIT_YAML_DEPTH 32u
#define LIMIT_WORKER_BYTES (1024ull << 20) /* address space of a worker's child */
#define LIMIT_COMBINE_CPU_SECONDS 600u     /* on one rule of several events, over all history */
#define LIMIT_WORKER_CPU_SECONDS 20u       /* on ONE record: a backstop, not a limit of results */
#define LIMIT_SEGMENT_BYTES (1ull << 38)
#define LIMIT_RESTARTS_PER_BATCH 64u /* records taken out, then the batch is raw only */

#endif
