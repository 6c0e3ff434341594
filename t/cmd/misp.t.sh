#!/bin/sh
# A feed of MISP as a folder: its manifest against its events, its next version in one step; and a
# warning list, whose entries meet nothing.
. "$(dirname "$0")/lib.sh"
python3 - "$scratch" <<'PY'
import json, os, sys
d = sys.argv[1]
def uuid(n):
    return "%08x-0000-4000-8000-000000000000" % n
def event(n, host, **more):
    a = dict({"type": "domain", "category": "Network activity", "to_ids": True, "uuid": uuid(100 + n),
              "value": host, "timestamp": "1706781600"}, **more)
    return {"Event": {"info": "Event %d" % n, "uuid": uuid(n), "date": "2024-02-01", "distribution": "3",
                      "Tag": [{"name": "tlp:green"}, {"name": 'misp-galaxy:threat-actor="WOLF"'}],
                      "Orgc": {"name": "CERT", "uuid": uuid(999)}, "Attribute": [a]}}
def feed(name, events, manifest):
    os.mkdir(d + "/" + name)
    for n, e in events.items():
        json.dump(e, open("%s/%s/%s.json" % (d, name, uuid(n)), "w"))
    json.dump({uuid(n): {"info": "Event %d" % n, "Orgc": {"name": "CERT"}} for n in manifest},
              open(d + "/" + name + "/manifest.json", "w"), indent=1)
    open(d + "/" + name + "/hashes.csv", "w").write("0123456789abcdef0123456789abcdef,%s\n" % uuid(1))
open(d + "/log.json", "w").write("".join(json.dumps({
    "CreationTime": "2024-02-0%dT10:00:00" % n, "Id": "%08x-0000-4000-8000-000000000000" % n,
    "Operation": "UserLoggedIn", "OrganizationId": "o", "RecordType": 15, "Version": 1,
    "Workload": "AzureActiveDirectory", "UserId": "ada@%s.example" % host, "ClientIP": "198.51.100.7"}) + "\n"
    for n, host in enumerate(["one", "two", "three"], 1)))
feed("first", {1: event(1, "one.example"), 2: event(2, "two.example", to_ids=False)}, [1, 2, 3])
feed("second", {1: event(1, "one.example", deleted=True), 4: event(4, "three.example")}, [1])
json.dump({"name": "Harmless", "version": 5, "type": "hostname", "description": "", "list": ["three.example"],
           "matching_attributes": ["domain"]}, open(d + "/list.json", "w"))
os.mkdir(d + "/lists")
open(d + "/lists/README.md", "w").write("hxxp://one[.]example/a\n")
for n, host in enumerate(["one.example", "two.example"]):
    json.dump({"name": "L%d" % n, "version": 1, "type": "string", "list": [host]},
              open(d + "/lists/%d.json" % n, "w"))
PY
met() {
	"$spoor" -C "$case" match --json >"$scratch/match"
	json 'sorted({(x["indicator"], x["actor"], x["marking"]) for x in (d if isinstance(d, list) else [d])})' \
		"$scratch/match"
}
why() { json 'sorted({x["why"] for x in d["skipped"]})' "$1"; }
new_case case
"$spoor" -C "$case" ingest "$scratch/log.json" >/dev/null
"$spoor" -C "$case" intel add --json "$scratch/list.json" >"$scratch/out"
ok "a warning list is added" $?
eq "which is no indicator" "$(json '(d["indicators"], d["warninglists"])' "$scratch/out")" "(0, 1)"
"$spoor" -C "$case" match --json >"$scratch/match"
eq "and meets nothing" "$(wc -c <"$scratch/match" | tr -d ' ')" 0
"$spoor" -C "$case" intel add --json --name lists "$scratch/lists" >"$scratch/out"
eq "a folder of lists with a README is one of lists" \
	"$(json '(d["indicators"], d["warninglists"])' "$scratch/out")" "(0, 2)"
eq "and what the README has is skipped" "$(why "$scratch/out")" \
	"['an indicator in a source of warning lists: add it as a source of its own']"
"$spoor" -C "$case" intel add --json --name feed "$scratch/first" >"$scratch/out"
ok "a feed is added" $?
eq "with what its manifest misses" "$(why "$scratch/out")" \
	"['hashes of values of a MISP feed (1): the values are in its events', 'not for detection (to_ids)', \"the manifest has the event 'Event 3', whose file isn't there\"]"
eq "one indicator is met" "$(met)" "[('one.example', 'WOLF', 'TLP:GREEN')]"
"$spoor" -C "$case" intel add --json --name feed "$scratch/second" >"$scratch/out"
ok "its next version takes its place" $?
eq "with an event that the manifest lacks" "$(why "$scratch/out")" \
	"[\"an event that the manifest doesn't have; it is read\", 'deleted by its source', 'hashes of values of a MISP feed (1): the values are in its events']"
eq "what it deleted is gone" "$(met)" "[('three.example', 'WOLF', 'TLP:GREEN')]"
done_testing
