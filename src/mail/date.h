#ifndef MAIL_DATE_H
#define MAIL_DATE_H

#include "base/when.h"

/*
 * A date of mail: RFC 5322 §3.3 and its obsolete forms (§4.3: years of two digits, zones by
 * name), and what else is met: ctime(3)'s order, RFC 3339.  Of a zone that isn't known, UTC.
 */
bool mail_date(struct str s, struct when *ret);

#endif
