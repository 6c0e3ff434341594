#ifndef UNPACK_PSTBOX_H
#define UNPACK_PSTBOX_H

#include <libpff.h>

#include "base/buf.h"
#include "unpack/bfio.h"
#include "unpack/seen.h"

/* A mailbox of Outlook while its mails are written: what both ways through it share. */
struct pst_box {
	const struct unpack *u;
	libpff_file_t *file; /* NULL while none is open */
	libbfio_handle_t *handle;
	struct seen *seen;  /* items by identifier: a damaged tree may lead in circles */
	struct arena arena; /* of an item, and of names of folders */
	struct buf mail;
	const char *origin; /* "pst" or "ost" */
	uint32_t not_mail;
	bool stopped; /* nobody wants more */
};

bool pst_box_open(struct pst_box *b, const struct unpack *as);
void pst_box_close(struct pst_box *b);
/* Writes the item, whose id in the file is given, if it is a mail.  found: as in mapi_item. */
void pst_box_take(
	struct pst_box *b, libpff_item_t *item, uint32_t id, struct str folder, const char *found);
/* The folder's name, in the box's arena; "" for none. */
struct str pst_box_name(struct pst_box *b, libpff_item_t *folder);
/*
 * Folder by folder as libpff lists them, for forms whose trees we don't read ourselves: ANSI files
 * (below 2 GB) and pages of 4096 bytes.  A file must be open.
 */
void pst_box_walk(struct pst_box *b);

#endif
