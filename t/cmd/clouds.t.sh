#!/bin/sh
# CloudTrail and Zeek of others: recognised, read to the end, each flaw explained.
. "$(dirname "$0")/lib.sh"
need_data aws-cloudtrail stratus-detonation otrf-mordor zeek-wrccdc zeek-baselines
mordor=$data/otrf-mordor/datasets

# What an oracle that shares no code counts: JSON values by Python, TSV lines by grep.
records_of() { python3 - "$@" <<'PY'
import csv, gzip, json, os, sys
def files(p):
    if os.path.isfile(p):
        yield p
    for d, _, names in os.walk(p):
        for n in sorted(names):
            yield os.path.join(d, n)
total = 0
seen = set()
for arg in sys.argv[1:]:
    for p in files(arg):
        raw = open(p, "rb").read()
        if p.endswith(".gz"):
            raw = gzip.decompress(raw)
        text = raw.decode("utf-8", "surrogateescape")
        if p.endswith(".csv"):
            total += sum(1 for _ in csv.DictReader(text.splitlines(True)))
            continue
        # The same bytes twice are one source.
        if hash(raw) in seen:
            continue
        seen.add(hash(raw))
        try:
            d = json.loads(text)
            total += len(d["Records"]) if isinstance(d, dict) and "Records" in d else len(d) if isinstance(d, list) else 1
        except ValueError:
            # Comment lines are Zeek's header; among JSON lines they are lines like others.
            zeek = "#fields" in text
            total += sum(1 for l in text.split("\n") if l.strip() and not (zeek and l.startswith("#")))
print(total)
PY
}

ingest() { # ingest NAME PATH…
	name=$1
	shift
	"$spoor" -C "$case" ingest --json "$@" >"$scratch/$name.json" 2>"$scratch/$name.err"
	ok "$name: read" $?
	eq "$name: records" "$(json 'd["records"]' "$scratch/$name.json")" "$(records_of "$@")"
	eq "$name: recognised" "$(json '[s["path"] for s in d["sources"] if not s.get("format") and not s.get("known") and s.get("records")]' "$scratch/$name.json")" "[]"
}

new_case clouds
ingest aws "$data/aws-cloudtrail/CloudTrail"
eq "aws: all distinct" "$(json 'd["events"]' "$scratch/aws.json")" 1448
for f in "$data"/stratus-detonation/*.json; do
	echo "$f"
done >"$scratch/list"
# shellcheck disable=SC2046
ingest stratus $(cat "$scratch/list")
ingest mordor "$mordor/atomic/aws"
ingest mordor-zeek "$mordor/compound/apt29/day1/zeek"
ingest wrccdc "$data/zeek-wrccdc/zeek-default" "$data/zeek-wrccdc/zeek-json"
# Zeek's own test suite: whole logs, and fragments (columns cut out, headers cut off, formats of a
# test's own) of which no one can say what they are; those are kept, and each line says so.
find "$data/zeek-baselines/Baseline" -name '*.log' | LC_ALL=C sort >"$scratch/all"
while read -r f; do
	if grep -q '^#fields' "$f" || grep -v '^#' "$f" | head -n 1 | grep -q '^{.*"ts":'; then
		echo "$f"
	else
		echo "$f" >&2
	fi
done <"$scratch/all" >"$scratch/whole" 2>"$scratch/fragments"
ok "baselines: $(grep -c . "$scratch/whole") whole logs, $(grep -c . "$scratch/fragments") fragments" \
	"$([ "$(grep -c . "$scratch/whole")" -gt 500 ]; echo $?)"
# shellcheck disable=SC2046
ingest baselines $(cat "$scratch/whole")
# shellcheck disable=SC2046
"$spoor" -C "$case" ingest --json $(cat "$scratch/fragments") >"$scratch/fragments.json"
ok "baselines: fragments read" $?
"$spoor" -C "$case" status --json >"$scratch/status.json"
eq "every record has an event or a flaw" "$(json 'd["records_without_event"] - d["flaws_by_name"].get("unrecognised", 0) - d["flaws_by_name"].get("too-long", 0)' "$scratch/status.json")" 0
"$spoor" -C "$case" fsck >/dev/null
ok "fsck" $?
done_testing
