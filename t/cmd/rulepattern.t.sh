#!/bin/sh
# spoor rule test 'PATTERN' FILE: STIX patterns held against observed-data, that of OASIS's examples.
. "$(dirname "$0")/lib.sh"
need_data stix-documentation/sighting-of-observed-data.json
file=$data/stix-documentation/sighting-of-observed-data.json

# says WANT WHAT PATTERN
says() {
	"$spoor" rule test --json "$3" "$file" >"$scratch/out" 2>"$scratch/err"
	eq "$2" "$(sed -n 's/^{"match":\(true\|false\),.*/\1/p' "$scratch/out")" "$1"
}
# The file of 84 KB was seen at 21:37:11.213, the registry key from then to .214 (the example's text).
f="[file:name = 'resume.pdf' AND file:hashes.MD5 = '1717b7fff97d37a1e1a0029d83492de1']"
k="[windows-registry-key:key LIKE '%\\\\WSALG2']"
says true "an object by reference" "$f"
says false "two objects are not one" "[file:name = 'resume.pdf' AND windows-registry-key:key LIKE '%']"
says true "both" "$f AND $k"
says false "not one observation twice" "$f AND $f"
says true "in order" "($f FOLLOWEDBY $k) WITHIN 1 SECONDS"
says true "the same moment" "($k FOLLOWEDBY $f) WITHIN 0.001 SECONDS"
says false "later" "$f START t'2017-02-27T21:37:11.214Z' STOP t'2018-01-01T00:00:00Z'"
says true "the key may be later" "$k START t'2017-02-27T21:37:11.214Z' STOP t'2018-01-01T00:00:00Z'"
says false "not so often" "$f REPEATS 2 TIMES"
says true "either" "$f REPEATS 2 TIMES OR $k"
says true "a number" "[file:size > 83967.5 AND file:size <= 83968]"

"$spoor" rule test "$f REPEATS 2 TIMES OR $k" "$file" >"$scratch/out"
grep -q "WSALG2'\] by observed-data--a0d34360-66ad-4977-b255-d9e1080421c4" "$scratch/out"
ok "a match says what by what" $?
"$spoor" rule test "[file:name = 'x'] AND $k" "$file" >"$scratch/out"
grep -q "nothing satisfies \[file:name = 'x'\]" "$scratch/out"
ok "no match says what is missing" $?

"$spoor" rule test "[file:size = ]" "$file" 2>"$scratch/err"
eq "a bad pattern is status 1" $? 1
grep -q "at byte 13" "$scratch/err"
ok "and its place is told" $?
"$spoor" rule test --stix-version 2.0 "[EXISTS file:name]" "$file" 2>/dev/null
eq "EXISTS is not of 2.0" $? 1
"$spoor" rule test --stix-version 2.1 "[EXISTS file:name]" "$file" >/dev/null
eq "but of 2.1" $? 0
"$spoor" rule test "[file:name MATCHES '(']" "$file" 2>"$scratch/err"
eq "a bad regular expression is status 1" $? 1

# All patterns of the validator's own cases, by version.
python3 - "$data/stix-pattern-validator/cases.json" "$spoor" "$file" <<'PY' >"$scratch/wrong"
import json, os, subprocess, sys
cases, spoor, file = sys.argv[1:]
if os.path.exists(cases):
    for c in json.load(open(cases, encoding="utf-8")):
        p = c["pattern"]
        if p[:1] not in "[(":
            continue  # a file's name
        r = subprocess.run([spoor, "rule", "test", "--json", "--stix-version", c["stix_version"], p, file],
                           capture_output=True)
        if (r.returncode == 0) != c["valid"]:
            print(c["stix_version"], p)
PY
eq "each is judged as by OASIS's validator" "$(cat "$scratch/wrong")" ""
done_testing
