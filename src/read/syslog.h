#ifndef READ_SYSLOG_H
#define READ_SYSLOG_H

#include "base/str.h"

/*
 * What syslog puts in front of a message: RFC 5424; RFC 3164, with or without its "<PRI>", as it
 * is in files; and the latter with an RFC 3339 time, as rsyslog writes it.  Without a tag that
 * ends with a colon it is none: too many logs begin with a time.
 */
struct syslog {
	struct str time; /* empty where it has no year */
	struct str host, app;
	size_t message; /* where it begins */
};

bool syslog_read(struct str line, struct syslog *ret);

#endif
