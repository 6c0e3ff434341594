#!/bin/sh
# Other people's unified audit log: the counts were taken with Python's csv and json.
. "$(dirname "$0")/lib.sh"
need_data o365-ual
log=$data/o365-ual/ual-2021-03_to_06.csv
new_case ual

# The oracle: distinct ids, and rows without AuditData, counted without any code of ours.
python3 - "$log" >"$scratch/oracle" <<'PY'
import collections, csv, json, sys
csv.field_size_limit(1 << 30)
rows = list(csv.DictReader(open(sys.argv[1], newline="", encoding="utf-8")))
first = {}
empty = 0
for r in rows:
    if not r["AuditData"].strip():
        empty += 1
        continue
    d = json.loads(r["AuditData"])
    first.setdefault(d["Id"], d)
ops = collections.Counter(d["Operation"] for d in first.values())
print(len(rows), len(first) + empty, ops["MailItemsAccessed"], ops["UserLoggedIn"],
      ops["UserLoginFailed"], ops["New-InboxRule"])
PY
read -r records events mail logins failed rules <"$scratch/oracle"

"$spoor" -C "$case" ingest --json "$log" >"$scratch/1.json"
ok "ingest" $?
eq "records" "$(json 'd["records"]' "$scratch/1.json")" "$records"
eq "distinct events" "$(json 'd["events"]' "$scratch/1.json")" "$events"
eq "copies" "$(json 'd["duplicates"]' "$scratch/1.json")" "$((records - events))"
eq "the format" "$(json 'd["sources"][0]["format"]' "$scratch/1.json")" m365-ual
count() { "$spoor" -C "$case" events --count "$@"; }
plain() { count "$@" | tr -d ,; }
eq "events of all" "$(plain)" "$events"
eq "MailItemsAccessed" "$(plain --action MailItemsAccessed)" "$mail"
eq "UserLoggedIn" "$(plain --action UserLoggedIn)" "$logins"
eq "New-InboxRule" "$(plain --action New-InboxRule)" "$rules"
"$spoor" -C "$case" events --action UserLoginFailed >"$scratch/failed.json"
eq "UserLoginFailed" "$(grep -c . "$scratch/failed.json")" "$failed"
eq "all of them failures" "$(grep -c '"event.outcome":"failure"' "$scratch/failed.json")" "$failed"

"$spoor" -C "$case" events >"$scratch/events.before"
"$spoor" -C "$case" ingest --json "$log" >"$scratch/2.json"
eq "again: no event" "$(json 'd["events"]' "$scratch/2.json")" 0
eq "again: known" "$(json 'd["sources"][0]["known"]' "$scratch/2.json")" True

# The same records as JSON lines: each is a copy of an event that is there.
python3 - "$log" >"$scratch/ual.jsonl" <<'PY'
import csv, json, sys
csv.field_size_limit(1 << 30)
for r in csv.DictReader(open(sys.argv[1], newline="", encoding="utf-8")):
    if r["AuditData"].strip():
        print(json.dumps(json.loads(r["AuditData"])))
PY
"$spoor" -C "$case" ingest --json "$scratch/ual.jsonl" >"$scratch/3.json"
eq "as JSON lines: records" "$(json 'd["records"]' "$scratch/3.json")" "$(grep -c . "$scratch/ual.jsonl")"
eq "as JSON lines: no new event" "$(json 'd["events"]' "$scratch/3.json")" 0
eq "as JSON lines: conflicts" "$("$spoor" -C "$case" events | grep -c id-conflict)" 0
eq "events of all, still" "$(plain)" "$events"
"$spoor" -C "$case" fsck >/dev/null
ok "fsck" $?
done_testing
