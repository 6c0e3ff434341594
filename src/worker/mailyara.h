#ifndef WORKER_MAILYARA_H
#define WORKER_MAILYARA_H

#include "base/buf.h"
#include "read/reader.h"
#include "worker/job.h"
#include "worker/ruleview.h"

/*
 * YARA rules see mails while they are read; where facts alone are kept, what they matched is one of them:
 * "yara":[{"rule":key in hexadecimal,"name","why"}] (spoor-mail(5)).
 */
struct mail_yara;

/* files: of rules (worker/rulefile.h), of which those of YARA count.  NULL: there are none. */
struct mail_yara *mail_yara_new(struct job *j, struct str files);
/* Who shall see the mails of this reader. */
void mail_yara_listen(struct mail_yara *y, struct reader *r);
void mail_yara_begin(struct mail_yara *y, struct str raw); /* a new mail */
/* Appends the member to a line that ends with its object, if anything matched. */
void mail_yara_add(struct mail_yara *y, struct buf *line);

/* What facts say of it, to who is asked about them. */
void rule_view_told(struct rule_view *v, struct str text, const struct json_tape *tape);

#endif
