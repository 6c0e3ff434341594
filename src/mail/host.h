#ifndef MAIL_HOST_H
#define MAIL_HOST_H

#include "mail/header.h"

/*
 * Which hosts are ours.  An entry "example.org" means that name and all below it; letters' case
 * and a trailing dot don't matter.
 */
bool mail_host_is_own(const struct str *own, size_t n_own, struct str host);

/* The host after "by" in a Received field (RFC 5321 §4.4); "" where there is none. */
struct str mail_received_by(struct str value);

/*
 * How far down the fields were written by hosts of ours: fields are added at the top, so that is
 * the topmost run of Received fields whose "by" is ours, and what stands among them, down to the
 * first Received of somebody else.  Returns that one's index, n where there is none, and 0 where
 * not even the topmost Received is ours.  A Received without any host name (qmail's notes of its
 * own steps) neither belongs to the run nor ends it.
 */
size_t mail_border(
	const struct mail_header *headers, size_t n, const struct str *own, size_t n_own);

#endif
