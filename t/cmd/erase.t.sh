#!/bin/sh
# What is erased is in no byte of the folder afterwards, and nothing else is lost.
. "$(dirname "$0")/lib.sh"
python3 - "$scratch" <<'PY'
import json, random, sys
rnd = random.Random(5)
def event(k, i, **more):
    d = {"CreationTime": "2022-03-%02dT%02d:00:00" % (rnd.randint(1, 28), rnd.randint(0, 23)),
         "Id": "%08x-0000-4000-8000-%012x" % (k, i), "Operation": "UserLoggedIn", "OrganizationId": "o", "RecordType": 15,
         "Version": 1, "Workload": "AzureActiveDirectory", "UserId": "user%d@example.org" % rnd.randint(1, 40),
         "ClientIP": "198.51.100.%d" % rnd.randint(1, 200)}
    d.update(more)
    return json.dumps(d)
for k in range(10):
    with open("%s/log%d.json" % (sys.argv[1], k), "w") as f:
        for i in range(300):
            f.write(event(k, i) + "\n")
        if k in (2, 5):
            f.write(event(k, 1000, UserId="Canary.Person@example.org", SessionId="5ec2e75e-0bad-4cab-9e0f-ca9a27f00d5e") + "\n")
            f.write(event(k, 1001, Parameters=[{"Name": "ForwardTo", "Value": "smtp:canary.person@example.org"}]) + "\n")
            f.write('{"broken": "CANARY.PERSON@example.org\n')
            f.write(event(k, 1002, UserId="c\\u0061nary.person@example.org".encode().decode("unicode_escape")).replace("canary", "c\\u0061nary") + "\n")
PY
{ cat "$scratch/log2.json"; echo "{\"x\":1}"; } >"$scratch/canary.person@example.org.json"
new_case erase
"$spoor" -C "$case" ingest "$scratch"/log*.json "$scratch/canary.person@example.org.json" >/dev/null
ok "ingest" $?
printf 'canary.person@example.org\n198.51.100.7\n' >"$scratch/intel.txt"
"$spoor" -C "$case" intel add "$scratch/intel.txt" >/dev/null
ok "intel" $?
# What is in nothing but the bytes as given: a comment that speaks of no value, in UTF-16 too.
printf '203.0.113.9\n# asked canary.person@example.org\n' >"$scratch/remark.txt"
{ printf '\377\376'; printf '203.0.113.10\n# asked canary.person@example.org\n' | iconv -t UTF-16LE; } >"$scratch/wide.txt"
# Beside other values, written so that nobody opens it.
printf '203.0.113.11 # asked canary.person[at]example[.]org\n' >"$scratch/beside.txt"
"$spoor" -C "$case" intel add "$scratch/remark.txt" "$scratch/wide.txt" "$scratch/beside.txt" >/dev/null
ok "intel with remarks" $?
# What was noticed, and when: the rows but for counts, which an erasure may lower.
sightings() {
	python3 - "$case" "$1" <<'PY'
import sqlite3, sys
db = sqlite3.connect("file:%s/case.db?mode=ro" % sys.argv[1], uri=True)
for kind, value, how, direction, noticed in db.execute(
        "SELECT kind, value, how, direction, noticed FROM sightings ORDER BY 1, 2, 3"):
    person = b"person@" in bytes(value)
    if person == (sys.argv[2] == "person"):
        print(kind, bytes(value).hex(), how, direction, noticed)
PY
}
# Files that hold the person, or an id of a record of hers: every byte, and what is compressed undone.
scan() {
	python3 - "$case" <<'PY'
import os, re, subprocess, sys
magic = b"\x28\xb5\x2f\xfd"
def pieces(raw):
    yield raw
    at = raw.find(magic)
    while at >= 0:
        p = subprocess.run(["zstd", "-dc"], input=raw[at:], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        yield p.stdout
        at = raw.find(magic, at + 1)
for d, _, names in os.walk(sys.argv[1]):
    for n in names:
        raw = open(os.path.join(d, n), "rb").read()
        for p in pieces(raw):
            if re.search(rb"c(a|\\u0061)nary.?person|c\0a\0n\0a\0r\0y|5ec2e75e-?0bad", p, re.I) or bytes.fromhex("5ec2e75e0bad") in p:
                print(os.path.join(d, n))
                break
PY
}
sightings other >"$scratch/noticed.before"
ok "others were noticed" "$([ -s "$scratch/noticed.before" ]; echo $?)"
ok "the person was noticed" "$([ -n "$(sightings person)" ]; echo $?)"
"$spoor" -C "$case" search --json canary.person@example.org >"$scratch/before"
ok "it is found before" "$([ "$(json '(d if isinstance(d, list) else [d])[0]["count"]' "$scratch/before")" -gt 0 ]; echo $?)"
"$spoor" -C "$case" events | grep -iv 'canary' | sed 's/"spoor.offset":[0-9]*,*//' >"$scratch/others.before"
ok "bytes of it are there before" "$(scan | grep -c /batches/ >/dev/null; echo $?)"
"$spoor" -C "$case" erase --yes --json canary.person@example.org >"$scratch/out"
ok "erase" $?
sightings other >"$scratch/noticed.after"
same "others are known since when they were" "$scratch/noticed.before" "$scratch/noticed.after"
eq "the person's sightings are gone" "$(sightings person)" ""
"$spoor" -C "$case" search --json canary.person@example.org >"$scratch/after"
eq "not found afterwards" "$(json '(d if isinstance(d, list) else [d])[0]["count"]' "$scratch/after")" 0
"$spoor" -C "$case" events | sed 's/"spoor.offset":[0-9]*,*//' >"$scratch/others.after"
same "nothing else is lost" "$scratch/others.before" "$scratch/others.after"
"$spoor" -C "$case" fsck >"$scratch/fsck" 2>&1
ok "fsck" $?
sed 's/^/# /' "$scratch/fsck" | head -5

find "$case" -print | grep -i 'canary' >"$scratch/names"
eq "no name" "$(grep -c . "$scratch/names")" 0
scan >"$scratch/bytes"
eq "no byte" "$(cat "$scratch/bytes")" ""
"$spoor" -C "$case" ingest "$scratch/log0.json" "$scratch/log1.json" >/dev/null
"$spoor" -C "$case" events --count >"$scratch/count"
"$spoor" -C "$case" reindex >/dev/null
ok "reindex" $?
"$spoor" -C "$case" events --count >"$scratch/count2"
same "reindex changes no answer" "$scratch/count" "$scratch/count2"
done_testing
