#ifndef PEOPLE_ENTRA_H
#define PEOPLE_ENTRA_H

#include "people/draft.h"
#include "people/sheet.h"

/*
 * Users of a directory: Microsoft Entra's "Download users" and the Microsoft 365 admin center's
 * "Export users" (CSV), Microsoft Graph's /users and what PowerShell makes of it (JSON, CSV).  Their
 * columns and properties have the same names but for case and blanks.
 */
/* The sheet stands behind its header, whose cells are given; false if that is no such list. */
bool entra_is_header(const struct str *cells, size_t n);
void entra_sheet(struct draft *d, struct sheet *s, const struct str *header, size_t n);
void entra_json(struct draft *d, struct str text);

#endif
