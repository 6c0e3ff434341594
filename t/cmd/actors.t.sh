#!/bin/sh
# Actors under several names: who calls them what, what a name may mean, and where they were seen,
# whatever the order in which sources came.
. "$(dirname "$0")/lib.sh"
python3 - "$scratch" <<'PY'
import json, sys
d = sys.argv[1]
def write(name, text):
    open(d + "/" + name, "w").write(text)
def sdo(kind, n, **more):
    o = {"type": kind, "spec_version": "2.1", "id": "%s--%08x-0000-4000-8000-000000000000" % (kind, n),
         "created": "2020-01-02T00:00:00Z", "modified": "2021-03-04T00:00:00Z"}
    o.update(more)
    return o
def number(n):
    return [{"source_name": "mitre-attack", "external_id": n}]
def relation(n, kind, a, b):
    return sdo("relationship", n, relationship_type=kind, source_ref=a["id"], target_ref=b["id"])
ash = sdo("intrusion-set", 1, name="Ash", aliases=["Ash", "Asp"], external_references=number("G9001"))
elm = sdo("intrusion-set", 2, name="Elm", aliases=["Elm", "Shared"], external_references=number("G9002"))
oak = sdo("intrusion-set", 3, name="Oak", aliases=["Oak", "Shared"], external_references=number("G9003"))
mail = sdo("attack-pattern", 4, name="Mail", external_references=number("T9001"),
           kill_chain_phases=[{"kill_chain_name": "mitre-attack", "phase_name": "initial-access"}])
kit = sdo("malware", 5, name="Kit", is_family=True, external_references=number("S9001"))
write("attack.json", json.dumps({"type": "bundle", "id": "bundle--00000000-0000-4000-8000-000000000001", "objects": [
    ash, elm, oak, mail, kit, relation(6, "uses", ash, mail), relation(7, "uses", ash, kit)]}))
who = sdo("identity", 11, name="Vendor", identity_class="organization")
asp = sdo("intrusion-set", 12, name="Asp", aliases=["Ash", "Alone"], created_by_ref=who["id"])
bad = sdo("indicator", 13, name="bad", pattern="[domain-name:value = 'bad.example']", pattern_type="stix",
          valid_from="2020-01-01T00:00:00Z", created_by_ref=who["id"])
write("vendor.json", json.dumps({"type": "bundle", "id": "bundle--00000000-0000-4000-8000-000000000002", "objects": [
    who, asp, bad, relation(14, "indicates", bad, asp)]}))
write("trails.txt", "# Aliases: Ash, Asp, Kit\n\nworse.example\n")
write("claims.yaml", """spoor-claims: 1
as-of: 2024-05-01
actors:
- name: Ash
  by: Bureau
  sectors: [government]
  confused-with:
  - {name: Elm, why: same tools}
claims:
- {id: a, by: Centre, speaker: government, said: 2024-03-25, incident: case-1, about: Ash, level: intrusion-set,
   standing: assessment, text: Ash did it.}
- {id: b, by: Bureau, speaker: ally, said: 2024-03-26, incident: case-1, about: Oak, level: intrusion-set,
   standing: assessment, text: Oak did it.}
- {id: c, by: Embassy, speaker: accused, said: 2024-03-27, incident: case-1, standing: denial, text: Nobody did it.}
""")
def event(n, host):
    return json.dumps({"CreationTime": "2020-05-0%dT10:00:00" % n, "Id": "%08x-0000-4000-8000-000000000000" % n,
        "Operation": "MailItemsAccessed", "OrganizationId": "o", "RecordType": 50, "Version": 1, "Workload": "Exchange",
        "UserId": "a@" + host, "ClientIP": "198.51.100.7"}) + "\n"
write("log.json", event(1, "bad.example") + event(2, "bad.example"))
PY
cd "$scratch" || exit 2

# fill CASE SOURCE…
fill() {
	"$spoor" init "$1" >/dev/null 2>&1 && "$spoor" -C "$1" ingest log.json >/dev/null 2>&1
	c=$1
	shift
	for s; do "$spoor" -C "$c" intel add "$s" >/dev/null || return 1; done
}
fill one attack.json vendor.json trails.txt claims.yaml
ok 'sources of four kinds go in' $?
fill two claims.yaml trails.txt vendor.json attack.json
"$spoor" -C one intel actors --json >one.out
"$spoor" -C two intel actors --json >two.out
same 'actors are the same in any order' one.out two.out
"$spoor" -C one intel show ash --json >one.out
"$spoor" -C two intel show ash --json >two.out
same '… and so is what is said of one' one.out two.out

# page EXPRESSION: of the page in one.out.
page() {
	python3 -c "import json, sys; d = json.load(open('one.out')); print($1)"
}
eq 'one actor of four catalogues' \
	"$(page '[(c["catalogue"], c["name"], c["number"]) for c in d["catalogues"]]')" \
	"[('claims.yaml', 'Ash', ''), ('mitre-attack', 'Ash', 'G9001'), ('trails.txt', 'Ash', ''), ('Vendor', 'Asp', '')]"
eq 'who says it' "$(page '[(n["name"], n["origins"]) for n in d["names_by_source"]]')" \
	"[('Ash', 4), ('Asp', 3), ('Alone', 1), ('Kit', 1), ('G9001', 1)]"
eq 'techniques, with tactics' "$(page '[(t["number"], t["name"], t["tactics"], t["said_by"]) for t in d["techniques"]]')" \
	"[('T9001', 'Mail', 'initial-access', ['mitre-attack'])]"
eq 'software' "$(page '[t["name"] for t in d["software"]]')" "['Kit']"
eq 'whom it targets' "$(page '[(t["name"], t["said_by"]) for t in d["targets"]]')" "[('government', ['claims.yaml'])]"
eq 'indicators by source and kind' \
	"$(page '[(i["source"], i["kind"], i["count"], i["sighted"], i["first"]) for i in d["indicators"]["by_source"]]')" \
	"[('trails.txt', 'domain', 1, 0, None), ('vendor.json', 'domain', 1, 1, '2020-01-01T00:00:00Z')]"
eq 'sightings in the case' "$(page 'd["sightings"]["indicators"], d["sightings"]["events"], d["sightings"]["first"]')" \
	"1 2 2020-05-01T10:00:00Z"
eq 'claims of its incidents' "$(page '[(c["by"], c["names_it"]) for c in d["claims"]]')" \
	"[('Centre', True), ('Bureau', False), ('Embassy', False)]"
eq 'contradictions' "$(page 'd["contradictions"]')" \
	"['case-1: at the level of intrusion-set, Centre names Ash, Bureau Oak', 'case-1: Embassy denies it']"

"$spoor" -C one intel show shared --json >one.out
eq 'a name that fits two' "$(page '[m["actor"] for m in d["may_mean"]]')" "['Elm', 'Oak']"
"$spoor" -C one intel show Shared >text
grep -q "'Shared' fits 2 actors; which is meant?" text && grep -q 'mitre-attack: Elm, ask for intrusion-set--00000002' text
ok '… is asked back' $?
"$spoor" -C one intel show intrusion-set--00000003-0000-4000-8000-000000000000 | head -1 >text
eq '… and answered by an id' "$(cat text)" Oak
"$spoor" -C one intel show G9001 | head -2 | tail -1 >text
eq 'a number' "$(cat text)" '  also Asp, Alone, Kit, G9001'
"$spoor" -C one intel show Nobody 2>text
[ $? -eq 2 ] && grep -q "no intelligence and no actor named 'Nobody'" text
ok 'nobody' $?
"$spoor" -C one intel actors >text
eq 'the list' "$(cat text)" "Ash  5 names in 4 catalogues, 1 techniques, 2 indicators, 1 of them seen here
Elm  3 names in 1 catalogues, 1 contested
Oak  3 names in 1 catalogues, 1 contested"
done_testing
