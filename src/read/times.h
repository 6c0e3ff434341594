#ifndef READ_TIMES_H
#define READ_TIMES_H

#include "base/when.h"

/* The ways in which logs write a moment (spoor-formats(5), "Times"). */
enum time_kind {
	TIME_ANY,     /* whichever of the next three it looks like, or "/Date(ms)/" */
	TIME_RFC3339, /* also without a zone: UTC; " UTC" or " GMT" may follow */
	TIME_EPOCH,   /* seconds since 1970, with or without a fraction */
	TIME_US,      /* "M/D/YYYY h:mm:ss AM", "M/D/YYYY H:mm", UTC */
	TIME_EPOCH_MS,
	TIME_EPOCH_US,
	TIME_EPOCH_NS,
	TIME_CLF,      /* "01/May/2024:00:00:03 +0200" */
	TIME_ACQUIRED, /* nothing in the record: when its source was acquired */
	TIME_KINDS
};

bool time_kind_by_name(struct str name, enum time_kind *ret_kind);
bool time_parse(enum time_kind kind, struct str text, struct when *ret_w);

#endif
