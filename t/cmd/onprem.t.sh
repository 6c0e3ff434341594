#!/bin/sh
# Suricata and Windows events of others: recognised, read to the end, each flaw explained.
. "$(dirname "$0")/lib.sh"
need_data suricata-eve sigma

# Python counts: JSON documents, also several in one file; elements of an array.
records_of() { find "$1" -name '*.json' -print0 | LC_ALL=C sort -z | xargs -0 python3 -c '
import json, sys
total, seen = 0, set()
for p in sys.argv[1:]:
    text = open(p, encoding="utf-8-sig").read()
    # The same bytes twice are one source.
    if text in seen:
        continue
    seen.add(text)
    at = 0
    while text[at:].strip():
        at += len(text[at:]) - len(text[at:].lstrip())
        d, at = json.JSONDecoder().raw_decode(text, at)
        total += len(d) if isinstance(d, list) else 1
print(total)'; }

ingest() { # ingest NAME FORMAT FOLDER
	find "$3" -name '*.json' | LC_ALL=C sort >"$scratch/list"
	tr '\n' '\0' <"$scratch/list" | xargs -0 "$spoor" -C "$case" ingest --json >"$scratch/$1.json" 2>"$scratch/$1.err"
	ok "$1: read" $?
	eq "$1: records" "$(json 'd["records"]' "$scratch/$1.json")" "$(records_of "$3")"
	eq "$1: one format" "$(json 'sorted(set(str(s.get("format")) for s in d["sources"] if not s.get("known")))' "$scratch/$1.json")" "['$2']"
	"$spoor" -C "$case" status --json >"$scratch/status.json"
}

new_case onprem
ingest suricata suricata "$data/suricata-eve/samples"
# Host headers with a path, recipients that are no addresses, a referrer that is a shell's: the
# hostile values of scanners, kept as text.
eq "suricata: flaws" "$(json 'd["flaws_by_name"]' "$scratch/status.json")" "{'bad-value': 6}"
"$spoor" -C "$case" events --json --format suricata >"$scratch/events"
find "$data/suricata-eve/samples" -name '*.json' -print0 | xargs -0 python3 -c '
import collections, json, re, sys
want, got = collections.Counter(), collections.Counter()
for p in sys.argv[2:]:
    for r in json.load(open(p)):
        h = r.get("http", {})
        if re.fullmatch(r"[\w.:-]+", h.get("hostname", "")) and h.get("url", "").startswith("/"):
            want[r["src_ip"], r["dest_ip"], "http://" + h["hostname"] + h["url"]] += 1
for l in open(sys.argv[1]):
    e = json.loads(l)
    if e.get("url.full", "").startswith("http://"):
        got[e["source.ip"], e["destination.ip"], e["url.full"]] += 1
for d in (want - got, got - want):
    print(list(d)[:3])
print(sum(want.values()) > 100)' "$scratch/events" >"$scratch/urls"
eq "suricata: URLs" "$(tr '\n' ' ' <"$scratch/urls")" "[] [] True "

new_case windows
ingest windows windows-event "$data/sigma/regression_data"
eq "windows: flaws" "$(json 'd["flaws_by_name"]' "$scratch/status.json")" "{}"
done_testing
