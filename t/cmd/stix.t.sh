#!/bin/sh
# STIX into a case: markings that another file of the source defines; a newer file revokes;
# a file that was cut is read as far as it goes.
. "$(dirname "$0")/lib.sh"
python3 - "$scratch" <<'PY'
import json, sys
d = sys.argv[1]
def write(name, *objects, cut=0):
    text = json.dumps({"type": "bundle", "id": "bundle--1", "objects": objects}, indent=1)
    open(d + "/" + name, "w").write(text[:len(text) - cut])
def indicator(n, host, **more):
    o = {"type": "indicator", "id": "indicator--%d" % n, "spec_version": "2.1", "pattern_type": "stix",
         "pattern": "[email-addr:value = 'ada@%s']" % host, "created": "2024-01-01T00:00:00.000Z",
         "modified": "2024-01-01T00:00:00.000Z", "valid_from": "2024-01-01T00:00:00Z"}
    o.update(more)
    return o
open(d + "/log.json", "w").write("".join(json.dumps({
    "CreationTime": "2024-02-0%dT10:00:00" % n, "Id": "%08x-0000-4000-8000-000000000000" % n,
    "Operation": "UserLoggedIn", "OrganizationId": "o", "RecordType": 15, "Version": 1,
    "Workload": "AzureActiveDirectory", "UserId": "ada@%s.example" % host, "ClientIP": "198.51.100.7"}) + "\n"
    for n, host in enumerate(["open", "amber", "nowhere", "cut"], 1)))
write("marked.json", indicator(1, "open.example", object_marking_refs=["marking-definition--a1"]),
      indicator(2, "amber.example", object_marking_refs=["marking-definition--a2",
                "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"]),
      indicator(3, "nowhere.example", object_marking_refs=["marking-definition--a3"]))
write("markings.json",
      {"type": "marking-definition", "id": "marking-definition--a1", "spec_version": "2.1",
       "definition_type": "statement", "definition": {"statement": "Copyright"}},
      {"type": "marking-definition", "id": "marking-definition--a2", "spec_version": "2.1",
       "definition_type": "tlp", "definition": {"tlp": "amber"}})
write("revoked.json", indicator(1, "open.example", modified="2024-06-01T00:00:00.000Z", revoked=True),
      indicator(2, "amber.example", modified="2023-06-01T00:00:00.000Z", revoked=True))
import gzip, zipfile
whole = json.dumps({"type": "bundle", "objects": [indicator(7, "packed.example", name="\u00e9")]}, ensure_ascii=False)
open(d + "/x.json.gz", "wb").write(gzip.compress(whole.encode()))
open(d + "/x16.json", "wb").write(b"\xff\xfe" + whole.encode("utf-16-le"))
open(d + "/half.gz", "wb").write(gzip.compress(b"".join(b"a%d.evil.example\n" % n for n in range(9999)))[:9000])
with zipfile.ZipFile(d + "/x.zip", "w", zipfile.ZIP_DEFLATED) as z:
    z.writestr("iocs/stix.json", whole)
    z.writestr("iocs/list.txt.gz", gzip.compress(b"evil.example\nworse.example\n"))
open(d + "/x.xz", "wb").write(b"\xfd7zXZ\0" + bytes(99))
write("cut.json", indicator(4, "cut.example"), indicator(5, "gone.example"), cut=40)
PY
marks() {
	"$spoor" -C "$case" match --json >"$scratch/match"
	json 'sorted((x["value"], x["marking"]) for x in (d if isinstance(d, list) else [d]) if x["how"] == "exact")' \
		"$scratch/match"
}
all="[('ada@amber.example', 'TLP:AMBER'), ('ada@nowhere.example', 'TLP:RED'), ('ada@open.example', '')]"
for order in "marked markings" "markings marked"; do
	new_case "$(echo "$order" | tr -d ' ')"
	"$spoor" -C "$case" ingest "$scratch/log.json" >/dev/null
	for f in $order; do
		"$spoor" -C "$case" intel add --json "$scratch/$f.json" >"$scratch/$f.out"
		ok "$f is added" $?
	done
	# Nobody but its own source says what a marking is.
	eq "markings, adding $order apart" "$(marks)" \
		"[('ada@amber.example', 'TLP:RED'), ('ada@nowhere.example', 'TLP:RED'), ('ada@open.example', 'TLP:RED')]"
	new_case "feed$(echo "$order" | tr -d ' ')"
	"$spoor" -C "$case" ingest "$scratch/log.json" >/dev/null
	set -- $order
	"$spoor" -C "$case" intel add --name feed "$scratch/$1.json" "$scratch/$2.json" >/dev/null
	eq "markings, adding $order as one feed" "$(marks)" "$all"
	case=${case%/*}/$(echo "$order" | tr -d ' ')
done
eq "what is not defined is said" \
	"$(json 'sorted((x["what"], x["why"].split(":")[0]) for x in d["skipped"])' "$scratch/marked.out")" \
	"[('marking-definition--a1', \"a marking that this file doesn't define\"), ('marking-definition--a2', \"a marking that this file doesn't define\"), ('marking-definition--a3', \"a marking that this file doesn't define\")]"
# A file that revokes what another one says, and one that is older than it.
"$spoor" -C "$case" intel add "$scratch/revoked.json" >/dev/null
marks >/dev/null
eq "what another file revokes is said" \
	"$(json 'sorted((x["value"], x["newer"] and (x["newer"]["source"], x["newer"]["modified"], x["newer"]["revoked"])) for x in d)' "$scratch/match")" \
	"[('ada@amber.example', None), ('ada@nowhere.example', None), ('ada@open.example', ('revoked.json', '2024-06-01T00:00:00Z', True))]"
"$spoor" -C "$case" match >"$scratch/text"
eq "in text, too" "$(grep -c '^  revoked.json revokes it, 2024-06-01T00:00:00Z$' "$scratch/text")" 1
# So is what another file of one source revokes.
new_case feed
"$spoor" -C "$case" ingest "$scratch/log.json" >/dev/null
"$spoor" -C "$case" intel add --name feed "$scratch/marked.json" "$scratch/revoked.json" >/dev/null
marks >/dev/null
eq "what another file of the source revokes is said" \
	"$(json 'sorted((x["value"], x["newer"] and (x["newer"]["source"], x["newer"]["modified"], x["newer"]["revoked"])) for x in d)' "$scratch/match")" \
	"[('ada@amber.example', None), ('ada@nowhere.example', None), ('ada@open.example', ('feed', '2024-06-01T00:00:00Z', True))]"
new_case cut
"$spoor" -C "$case" ingest "$scratch/log.json" >/dev/null
"$spoor" -C "$case" intel add --json "$scratch/cut.json" >"$scratch/cut.out"
ok "a file that was cut is added" $?
eq "as far as it is whole" "$(json '(d["indicators"], len(d["skipped"]))' "$scratch/cut.out")" "(1, 2)"
eq "and matches" "$(marks)" "[('ada@cut.example', '')]"
# Written back: what is whole, as it was given; an object of the given version alone.
"$spoor" -C "$case" intel show cut.json --stix >"$scratch/back"
eq "the whole object comes back" "$(json '[(o["id"], o["pattern"]) for o in d["objects"]]' "$scratch/back")" \
	"[('indicator--4', \"[email-addr:value = 'ada@cut.example']\")]"
"$spoor" -C "$case" intel show cut.json --object indicator--9 >"$scratch/none" 2>"$scratch/err"
eq "one that isn't there" "$(json 'd["objects"]' "$scratch/none") $(cat "$scratch/err")" \
	"[] spoor intel: it has no object 'indicator--9'"
# Compressed, in another encoding, in an archive; what is damaged or unknown is said.
new_case packed
for f in x.json.gz x16.json; do
	"$spoor" -C "$case" intel add --json "$scratch/$f" >"$scratch/$f.out"
	eq "$f is read" "$(json '(d["indicators"], d["skipped"])' "$scratch/$f.out")" "(1, [])"
	"$spoor" -C "$case" intel show "$f" --stix >"$scratch/back"
	eq "$f comes back" "$(json '[(o["id"], o["name"]) for o in d["objects"]]' "$scratch/back")" "[('indicator--7', 'é')]"
done
"$spoor" -C "$case" intel add --json "$scratch/x.zip" >"$scratch/zip.out"
eq "an archive is read as one source" "$(json '(d["indicators"], d["skipped"])' "$scratch/zip.out")" "(3, [])"
"$spoor" -C "$case" intel list --json >"$scratch/list"
eq "of two files" "$(json '[(x["name"], x["files"]) for x in d]' "$scratch/list")" \
	"[('x.json.gz', 1), ('x16.json', 1), ('x.zip', 2)]"
"$spoor" -C "$case" intel add --json "$scratch/x.zip" >"$scratch/zip.out"
eq "known again" "$(json 'd["skipped"]' "$scratch/zip.out")" "[]"
"$spoor" -C "$case" intel add --json "$scratch/half.gz" >"$scratch/half.out"
eq "half a file" "$(json '(1000 < d["indicators"] < 9999, [x["why"] for x in d["skipped"]][:1])' "$scratch/half.out")" \
	"(True, ['flawed where it was decoded (truncated); read as far as it goes'])"
"$spoor" -C "$case" intel add --json "$scratch/x.xz" >"$scratch/xz.out"
eq "xz" "$(json '[x["why"] for x in d["skipped"]]' "$scratch/xz.out")" "['compressed by xz or bzip2: unpack it first']"
done_testing
