#ifndef MAIL_WINMAIL_H
#define MAIL_WINMAIL_H

#include "mail/mime.h"

/*
 * What Outlook puts into a mail in the place of MIME ("winmail.dat", application/ms-tnef,
 * [MS-OXTNEF]): the body and the attachments, which nobody sees who doesn't undo it.
 */
bool winmail_is(const struct mime_part *part);
/* As a part with the parts that it stands for; "" if it can't be read.  Lives in the arena. */
struct str winmail_parts(struct mail_reading *r, const struct mime_part *part);

#endif
