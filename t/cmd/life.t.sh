#!/bin/sh
# What match says of a sighting: how old the word is, who else says it, what list knows it.
. "$(dirname "$0")/lib.sh"

new_case life
python3 - "$scratch" <<'PY'
import json, sys
out = sys.argv[1]
def ual(n, time, **more):
    d = {"CreationTime": time, "Id": "00000000-0000-4000-8000-%012x" % n, "Operation": "UserLoggedIn",
         "OrganizationId": "11111111-2222-4333-8444-555555555555", "RecordType": 15, "UserKey": "k",
         "UserType": 0, "Version": 1, "Workload": "AzureActiveDirectory", "UserId": "a@example.org"}
    d.update(more)
    return json.dumps(d)
# 2021-03-01 and 120 days is 2021-06-29.
open(out + "/log.jsonl", "w").write("\n".join([
    ual(1, "2021-06-29T00:00:00", ClientIP="198.51.100.1"),
    ual(2, "2021-06-29T00:00:00", ClientIP="198.51.100.2"),
    ual(3, "2021-06-29T00:00:00", ClientIP="198.51.100.3"),
    ual(4, "2021-06-29T00:00:00", ClientIP="198.51.100.4"),
    ual(6, "2021-06-29T00:00:00", UserId="abuse@example.org"),
    ual(5, "2021-06-29T00:00:00", ClientIP="198.51.100.5", Operation="FileAccessed", Workload="SharePoint", ObjectId="https://a.b.shared.example/x"),
]) + "\n")
def indicator(n, value, **more):
    d = {"type": "indicator", "spec_version": "2.1", "id": "indicator--00000000-0000-4000-8000-%012x" % n,
         "created": "2021-03-01T00:00:00Z", "modified": "2021-03-01T00:00:00Z",
         "created_by_ref": "identity--00000000-0000-4000-8000-000000000001",
         "pattern_type": "stix", "pattern": value, "valid_from": "2021-03-01T00:00:00Z"}
    d.update(more)
    return d
ip = "[ipv4-addr:value = '198.51.100.%d']"
mine = [indicator(1, ip % 1), indicator(2, ip % 2, valid_until="2021-04-01T00:00:00Z"),
        indicator(3, ip % 3), indicator(5, "[domain-name:value = 'b.shared.example']"),
        {"type": "sighting", "spec_version": "2.1", "id": "sighting--00000000-0000-4000-8000-000000000001",
         "created": "2021-06-29T00:00:00Z", "modified": "2021-06-29T00:00:00Z", "last_seen": "2021-06-28T00:00:00Z",
         "sighting_of_ref": "indicator--00000000-0000-4000-8000-000000000003"}]
json.dump({"type": "bundle", "id": "bundle--00000000-0000-4000-8000-000000000001", "objects": mine},
          open(out + "/mine.json", "w"))
# The same object passed on, somebody of his own, and one who had it from the first.
json.dump({"type": "bundle", "id": "bundle--00000000-0000-4000-8000-000000000002", "objects": [mine[0]], "note": "copy"},
          open(out + "/copy.json", "w"))
open(out + "/other.txt", "w").write("# seen by ourselves\n198.51.100.1\n")
open(out + "/third.txt", "w").write("# from mine.json, thank you\n198.51.100.1\n")
json.dump({"name": "Networks of a relay", "version": 7, "description": "d", "type": "cidr",
           "matching_attributes": ["ip-src"], "list": ["198.51.100.4/31"]}, open(out + "/cidr.json", "w"))
json.dump({"name": "Hosts that many share", "version": 9, "description": "d", "type": "hostname",
           "matching_attributes": ["domain"], "list": ["shared.example"]}, open(out + "/hostname.json", "w"))
json.dump({"name": "List of sinkholes", "version": 2, "description": "d", "type": "string",
           "matching_attributes": ["ip-src"], "list": ["198.51.100.3"]}, open(out + "/sinkholes.json", "w"))
json.dump({"name": "Contact addresses", "version": 3, "description": "d", "type": "regex",
           "matching_attributes": ["email-src"], "list": ["/^(security|abuse)\\@.*\\..*$/i", "/(/", "{^ABUSE@}i", "|^abuse@|", "/^ABUSE@/"]},
          open(out + "/regex.json", "w"))
open(out + "/mail.txt", "w").write("Abuse@example.org\n")
open(out + "/four.txt", "w").write("198.51.100.4\n")
PY
"$spoor" -C "$case" ingest -q "$scratch/log.jsonl" >/dev/null || exit 1
for f in mine.json copy.json other.txt third.txt four.txt mail.txt cidr.json hostname.json sinkholes.json regex.json; do
	"$spoor" -C "$case" intel add "$scratch/$f" >/dev/null || exit 1
done
"$spoor" -C "$case" match --json >"$scratch/all"
# of VALUE EXPRESSION: of the first line about the value
of() { json "[$2 for m in d if m['value'] == '$1'][0]" "$scratch/all"; }

eq "a half-life of an address after it was said" "$(of 198.51.100.1 'm["decay"]')" \
	"{'gap_days': 120, 'before': False, 'half_life_days': 120, 'left': 0.5}"
eq "seen by others later: no gap to speak of" "$(of 198.51.100.3 'm["decay"]["gap_days"]')" 1
eq "behind the end that its source gives" "$(of 198.51.100.2 'm["outside_validity"]')" True
eq "inside of it" "$(of 198.51.100.1 'm["outside_validity"]')" False
eq "said at no time" "$(of 198.51.100.4 'm["decay"]')" None
eq "four say so, of two origins" \
	"$(of 198.51.100.1 '(sorted(s["source"] for s in m["said_by"]), m["origins"])')" \
	"(['copy.json', 'mine.json', 'other.txt', 'third.txt'], 2)"
eq "who has it from whom is one origin" \
	"$(of 198.51.100.1 'len({s["origin"] for s in m["said_by"] if s["source"] != "other.txt"})')" 1
eq "a network of a list" "$(of 198.51.100.4 '[(w["list"], w["version"], w["entry"], w["how"]) for w in m["warning"]]')" \
	"[('Networks of a relay', '7', '198.51.100.4/31', 'network')]"
eq "on no list" "$(of 198.51.100.1 'm["warning"]')" None
eq "a name below one of a list" "$(of a.b.shared.example '[(w["list"], w["how"]) for w in m["warning"]][0]')" \
	"('Hosts that many share', 'name-below')"
eq "expressions of a list, in whatever delimiters" "$(of abuse@example.org 'sorted((w["list"], w["how"], w["entry"][0]) for w in m["warning"])')" \
	"[('Contact addresses', 'pattern', '/'), ('Contact addresses', 'pattern', '{'), ('Contact addresses', 'pattern', '|')]"
eq "a sinkhole is said to be one" "$(of 198.51.100.3 'm["sinkhole"]')" True
eq "nothing is left out" "$(json 'len({m["value"] for m in d if m["kind"] == "ip"})' "$scratch/all")" 4

# The order in which sources come is no matter.
case=$scratch/reverse
"$spoor" init "$case" >/dev/null
for f in regex.json sinkholes.json hostname.json cidr.json mail.txt four.txt third.txt other.txt copy.json mine.json; do
	"$spoor" -C "$case" intel add "$scratch/$f" >/dev/null || exit 1
done
"$spoor" -C "$case" ingest -q "$scratch/log.jsonl" >/dev/null || exit 1
"$spoor" -C "$case" match --json >"$scratch/reverse.out"
same "in another order" "$scratch/all" "$scratch/reverse.out"
"$spoor" -C "$case" match >"$scratch/text"
ok "in words: the list" "$(grep -q "harmless as a rule: 198.51.100.4/31 is on the list 'Networks of a relay' (version 7)" "$scratch/text"; echo $?)"
ok "in words: the origins" "$(grep -q '4 say so, of 2 origins' "$scratch/text"; echo $?)"
done_testing
