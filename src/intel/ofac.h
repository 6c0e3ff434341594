#ifndef INTEL_OFAC_H
#define INTEL_OFAC_H

#include "intel/partydraft.h"
#include "intel/xml.h"

/*
 * Lists of the Office of Foreign Assets Control: SDN.CSV, ALT.CSV, ADD.CSV and SDN_COMMENTS.CSV (no
 * header; "-0-" is nothing; joined by the entry's number), sdn.xml, and sdn_advanced.xml.
 * https://ofac.treasury.gov/specially-designated-nationals-list-data-formats-data-schemas
 */
#define OFAC_LIST STR("OFAC")

/* False, and nothing is gathered, if text is none of the CSV files. */
bool ofac_csv_read(struct gather *g, struct str text);

/* What stands in remarks: "DOB 1961; POB Wuhan, China; Passport E1234 (China)". */
void ofac_remarks(struct party_draft *d, struct str remarks);
/* A date, a nationality, a number …: by its label.  False if the label is of none of these. */
bool ofac_clause(struct party_draft *d, struct str clause);

/* For xml_read, by the root's name: <sdnList>, and <Sanctions> of the advanced form. */
extern const struct xml_reader ofac_xml_reader, ofac_advanced_reader;

#endif
