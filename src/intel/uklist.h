#ifndef INTEL_UKLIST_H
#define INTEL_UKLIST_H

#include "intel/partydraft.h"
#include "intel/xml.h"

/*
 * The UK Sanctions List, which the Foreign, Commonwealth and Development Office publishes as CSV (a
 * line with the report's date, the names of the columns, a row for each name) and as XML.
 * https://www.gov.uk/government/publications/the-uk-sanctions-list
 */
#define UK_LIST STR("UK Sanctions List")

/* False, and nothing is gathered, if text is not that CSV. */
bool uk_csv_read(struct gather *g, struct str text);
extern const struct xml_reader uk_xml_reader; /* <Designations> */

/* "Primary name variation", and how good an alias is: "Low quality a.k.a". */
enum party_name_kind uk_name_kind(struct str type, struct str strength);
enum party_type uk_type(struct str s); /* "Individual", "Entity", "Ship" */

#endif
