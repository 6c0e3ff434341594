#include "casedb/schema.h"

#include "base/err.h"

/*
 * Paths and values are BLOBs, since they are bytes that others chose and need not be UTF-8.
 * Times are microseconds UTC, INT64_MIN where unknown.
 */
static const char *const steps[] = {
	/* 1: evidence and what was derived from it */
	"CREATE TABLE state("
	"  one INTEGER PRIMARY KEY CHECK(one = 1),"
	"  generation INTEGER NOT NULL, journal_count INTEGER NOT NULL,"
	"  journal_bytes INTEGER NOT NULL, journal_head BLOB NOT NULL);"
	"INSERT INTO state VALUES(1, 0, 0, 0, zeroblob(32));"
	"CREATE TABLE sources("
	"  id INTEGER PRIMARY KEY AUTOINCREMENT, sha256 BLOB NOT NULL UNIQUE,"
	"  path BLOB NOT NULL, bytes INTEGER NOT NULL, decoded_bytes INTEGER NOT NULL,"
	"  decoding BLOB NOT NULL, acquired BLOB NOT NULL, formats_version BLOB NOT NULL,"
	"  ingested INTEGER NOT NULL, records INTEGER NOT NULL, events INTEGER NOT NULL,"
	"  copies INTEGER NOT NULL, conflicts INTEGER NOT NULL, observables INTEGER NOT NULL,"
	"  flaws INTEGER NOT NULL);"
	"CREATE TABLE source_flaws("
	"  source INTEGER NOT NULL REFERENCES sources ON DELETE CASCADE,"
	"  code BLOB NOT NULL, offset INTEGER NOT NULL);"
	"CREATE INDEX source_flaws_source ON source_flaws(source);"
	"CREATE TABLE batches("
	"  name BLOB PRIMARY KEY, source INTEGER NOT NULL REFERENCES sources ON DELETE CASCADE,"
	"  seq INTEGER NOT NULL, sha256 BLOB NOT NULL, bytes INTEGER NOT NULL,"
	"  records INTEGER NOT NULL, UNIQUE(source, seq)) WITHOUT ROWID;"
	"CREATE TABLE segments("
	"  id INTEGER PRIMARY KEY AUTOINCREMENT, name BLOB NOT NULL UNIQUE,"
	"  level INTEGER NOT NULL, rows INTEGER NOT NULL, copies INTEGER NOT NULL,"
	"  observables INTEGER NOT NULL, entries INTEGER NOT NULL, bytes INTEGER NOT NULL,"
	"  flaws INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,"
	"  sha256 BLOB NOT NULL, hidden BLOB NOT NULL, conflict BLOB NOT NULL);"
	"CREATE TABLE segment_batches("
	"  segment INTEGER NOT NULL REFERENCES segments ON DELETE CASCADE,"
	"  batch BLOB NOT NULL UNIQUE, dropped INTEGER NOT NULL,"
	"  PRIMARY KEY(segment, batch)) WITHOUT ROWID;"
	"CREATE TABLE streams("
	"  id INTEGER PRIMARY KEY, format BLOB NOT NULL, version BLOB NOT NULL,"
	"  organisation BLOB NOT NULL, UNIQUE(format, version, organisation));"
	"CREATE TABLE segment_streams("
	"  segment INTEGER NOT NULL REFERENCES segments ON DELETE CASCADE,"
	"  stream INTEGER NOT NULL REFERENCES streams, rows INTEGER NOT NULL,"
	"  first INTEGER NOT NULL, last INTEGER NOT NULL,"
	"  PRIMARY KEY(segment, stream)) WITHOUT ROWID;"
	"CREATE TABLE erasures("
	"  id INTEGER PRIMARY KEY, time INTEGER NOT NULL, journal_seq INTEGER NOT NULL UNIQUE,"
	"  batches INTEGER NOT NULL, records INTEGER NOT NULL);"
	"CREATE TABLE doomed(file BLOB PRIMARY KEY) WITHOUT ROWID;",

	/* 2: intelligence, sightings, cached answers */
	"CREATE TABLE intel_sources("
	"  id INTEGER PRIMARY KEY AUTOINCREMENT, sha256 BLOB NOT NULL UNIQUE,"
	"  name BLOB NOT NULL, path BLOB NOT NULL, title BLOB NOT NULL, kind BLOB NOT NULL,"
	"  marking BLOB NOT NULL, confidence INTEGER NOT NULL, added INTEGER NOT NULL,"
	"  indicators INTEGER NOT NULL, pending INTEGER NOT NULL, skipped INTEGER NOT NULL);"
	"CREATE TABLE indicators("
	"  id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"  source INTEGER NOT NULL REFERENCES intel_sources ON DELETE CASCADE,"
	"  what INTEGER NOT NULL, kind INTEGER NOT NULL, form INTEGER NOT NULL,"
	"  value BLOB NOT NULL, range_from BLOB NOT NULL, range_to BLOB NOT NULL,"
	"  sid BLOB NOT NULL, original BLOB NOT NULL, context BLOB NOT NULL,"
	"  actor BLOB NOT NULL, marking BLOB NOT NULL, why BLOB NOT NULL,"
	"  line INTEGER NOT NULL, confidence INTEGER NOT NULL, revoked INTEGER NOT NULL,"
	"  valid_from INTEGER NOT NULL, valid_until INTEGER NOT NULL);"
	"CREATE INDEX indicators_source ON indicators(source);"
	"CREATE TABLE intel_skipped("
	"  source INTEGER NOT NULL REFERENCES intel_sources ON DELETE CASCADE,"
	"  what BLOB NOT NULL, why BLOB NOT NULL, line INTEGER NOT NULL);"
	"CREATE INDEX intel_skipped_source ON intel_skipped(source);"
	"CREATE TABLE sightings("
	"  indicator INTEGER NOT NULL REFERENCES indicators ON DELETE CASCADE,"
	"  kind INTEGER NOT NULL, form INTEGER NOT NULL, value BLOB NOT NULL,"
	"  how INTEGER NOT NULL, count INTEGER NOT NULL, first INTEGER NOT NULL,"
	"  last INTEGER NOT NULL, direction INTEGER NOT NULL, noticed INTEGER NOT NULL,"
	"  PRIMARY KEY(indicator, kind, form, value, how)) WITHOUT ROWID;"
	"CREATE TABLE coverage("
	"  key BLOB PRIMARY KEY, generation INTEGER NOT NULL, json BLOB NOT NULL) WITHOUT ROWID;",

	/* 3: people */
	"CREATE TABLE people_lists("
	"  id INTEGER PRIMARY KEY AUTOINCREMENT, key BLOB NOT NULL UNIQUE,"
	"  sha256 BLOB NOT NULL, name BLOB NOT NULL, path BLOB NOT NULL, kind BLOB NOT NULL,"
	"  at INTEGER NOT NULL, added INTEGER NOT NULL, persons INTEGER NOT NULL,"
	"  identities INTEGER NOT NULL, skipped INTEGER NOT NULL);"
	"CREATE TABLE said("
	"  id INTEGER PRIMARY KEY,"
	"  list INTEGER NOT NULL REFERENCES people_lists ON DELETE CASCADE,"
	"  person INTEGER NOT NULL, roles INTEGER NOT NULL, said BLOB NOT NULL);"
	"CREATE INDEX said_list ON said(list);"
	"CREATE INDEX said_person ON said(person);"
	"CREATE INDEX said_roles ON said(roles, person);"
	"CREATE TABLE people_keys("
	"  hash INTEGER NOT NULL, said INTEGER NOT NULL,"
	"  PRIMARY KEY(hash, said)) WITHOUT ROWID;",

	/* 4: what intelligence says beside indicators */
	"CREATE TABLE nodes("
	"  id INTEGER PRIMARY KEY, source INTEGER NOT NULL REFERENCES intel_sources ON DELETE "
	"CASCADE,"
	"  type INTEGER NOT NULL, nid BLOB NOT NULL, is_a BLOB NOT NULL, name BLOB NOT NULL,"
	"  origin BLOB NOT NULL, external BLOB NOT NULL, description BLOB NOT NULL,"
	"  creator BLOB NOT NULL, marking BLOB NOT NULL, created INTEGER NOT NULL,"
	"  modified INTEGER NOT NULL, confidence INTEGER NOT NULL, revoked INTEGER NOT NULL,"
	"  offset INTEGER NOT NULL, length INTEGER NOT NULL, member INTEGER NOT NULL,"
	"  line INTEGER NOT NULL);"
	"CREATE INDEX nodes_source ON nodes(source, nid);"
	"CREATE INDEX nodes_nid ON nodes(nid);"
	"CREATE TABLE node_names("
	"  source INTEGER NOT NULL REFERENCES intel_sources ON DELETE CASCADE,"
	"  nid BLOB NOT NULL, fold BLOB NOT NULL, name BLOB NOT NULL, origin BLOB NOT NULL,"
	"  confidence INTEGER NOT NULL, own INTEGER NOT NULL);"
	"CREATE INDEX node_names_source ON node_names(source, nid);"
	"CREATE INDEX node_names_fold ON node_names(fold);"
	"CREATE TABLE edges("
	"  id INTEGER PRIMARY KEY, source INTEGER NOT NULL REFERENCES intel_sources ON DELETE "
	"CASCADE,"
	"  eid BLOB NOT NULL, from_nid BLOB NOT NULL, to_nid BLOB NOT NULL, type BLOB NOT NULL,"
	"  description BLOB NOT NULL, marking BLOB NOT NULL, modified INTEGER NOT NULL,"
	"  confidence INTEGER NOT NULL, revoked INTEGER NOT NULL, offset INTEGER NOT NULL,"
	"  length INTEGER NOT NULL, member INTEGER NOT NULL, line INTEGER NOT NULL);"
	"CREATE INDEX edges_from ON edges(source, from_nid);"
	"CREATE INDEX edges_to ON edges(source, to_nid);"
	"CREATE TABLE claims("
	"  id INTEGER PRIMARY KEY, source INTEGER NOT NULL REFERENCES intel_sources ON DELETE "
	"CASCADE,"
	"  cid BLOB NOT NULL, by BLOB NOT NULL, incident BLOB NOT NULL, about BLOB NOT NULL,"
	"  words BLOB NOT NULL, text BLOB NOT NULL, of BLOB NOT NULL, reference BLOB NOT NULL,"
	"  marking BLOB NOT NULL, said INTEGER NOT NULL, speaker INTEGER NOT NULL,"
	"  level INTEGER NOT NULL, standing INTEGER NOT NULL, scale INTEGER NOT NULL,"
	"  shown INTEGER NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL,"
	"  offset INTEGER NOT NULL, length INTEGER NOT NULL, member INTEGER NOT NULL,"
	"  line INTEGER NOT NULL);"
	"CREATE INDEX claims_source ON claims(source);"
	"CREATE INDEX claims_incident ON claims(incident);",

	/* 5: designated parties */
	"CREATE TABLE parties("
	"  id INTEGER PRIMARY KEY, source INTEGER NOT NULL REFERENCES intel_sources ON DELETE "
	"CASCADE,"
	"  list BLOB NOT NULL, entry BLOB NOT NULL, list_date INTEGER NOT NULL,"
	"  said BLOB NOT NULL);"
	"CREATE INDEX parties_source ON parties(source, list, list_date);"
	"CREATE INDEX parties_entry ON parties(entry, list);"
	"CREATE TABLE party_keys("
	"  key INTEGER NOT NULL, party INTEGER NOT NULL REFERENCES parties ON DELETE CASCADE,"
	"  PRIMARY KEY(key, party)) WITHOUT ROWID;"
	"CREATE INDEX party_keys_party ON party_keys(party);",

	/* 6: indicators are in files alone, which were of another form: they are to be added again */
	"INSERT OR IGNORE INTO doomed SELECT CAST('intel/' || lower(hex(substr(sha256, 1, 16)))"
	"  || '.indicators' AS BLOB) FROM intel_sources;"
	"INSERT OR IGNORE INTO doomed SELECT CAST('intel/' || lower(hex(substr(sha256, 1, 16)))"
	"  || '.facts' AS BLOB) FROM intel_sources;"
	"INSERT OR IGNORE INTO doomed SELECT CAST('intel/keys' AS BLOB) FROM intel_sources;"
	"DROP TABLE sightings; DROP TABLE indicators;"
	"DELETE FROM nodes; DELETE FROM node_names; DELETE FROM edges; DELETE FROM claims;"
	"DELETE FROM party_keys; DELETE FROM parties;"
	"DELETE FROM intel_skipped; DELETE FROM intel_sources;"
	"ALTER TABLE intel_skipped ADD COLUMN member INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE intel_sources ADD COLUMN role INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE intel_sources ADD COLUMN files INTEGER NOT NULL DEFAULT 1;"
	/* The packed file's; and beside the version that it replaced. */
	"ALTER TABLE intel_sources ADD COLUMN packed BLOB NOT NULL DEFAULT x'';"
	"ALTER TABLE intel_sources ADD COLUMN new INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE intel_sources ADD COLUMN gone INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE intel_sources ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;"
	"CREATE TABLE sightings("
	"  source INTEGER NOT NULL REFERENCES intel_sources ON DELETE CASCADE,"
	"  ordinal INTEGER NOT NULL, kind INTEGER NOT NULL, form INTEGER NOT NULL,"
	"  value BLOB NOT NULL, how INTEGER NOT NULL, count INTEGER NOT NULL,"
	"  first INTEGER NOT NULL, last INTEGER NOT NULL, direction INTEGER NOT NULL,"
	"  noticed INTEGER NOT NULL, PRIMARY KEY(source, ordinal, kind, form, value, how))"
	"  WITHOUT ROWID;"
	/* Which sources have met which segments: the join need not be made again. */
	"CREATE TABLE joined("
	"  source INTEGER NOT NULL REFERENCES intel_sources ON DELETE CASCADE,"
	"  segment INTEGER NOT NULL REFERENCES segments ON DELETE CASCADE,"
	"  PRIMARY KEY(source, segment)) WITHOUT ROWID;"
	"CREATE INDEX joined_segment ON joined(segment);",

	/* 7: which rules have been held against which batches, and what they match */
	"CREATE TABLE passes("
	"  id INTEGER PRIMARY KEY AUTOINCREMENT, used INTEGER NOT NULL, rules BLOB NOT NULL);"
	"CREATE TABLE hits("
	"  pass INTEGER NOT NULL REFERENCES passes ON DELETE CASCADE,"
	"  batch BLOB NOT NULL REFERENCES batches ON DELETE CASCADE,"
	"  reduced INTEGER NOT NULL, unread INTEGER NOT NULL, hits BLOB NOT NULL,"
	"  PRIMARY KEY(pass, batch)) WITHOUT ROWID;"
	"CREATE INDEX hits_batch ON hits(batch);",
};

unsigned schema_steps(void)
{
	return sizeof(steps) / sizeof(steps[0]);
}

const char *schema_step(unsigned i)
{
	if (i >= schema_steps())
		BUG("the schema has no step %u", i);
	return steps[i];
}
