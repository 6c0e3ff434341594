#!/bin/sh
# What --acquired says of an export becomes coverage; what a case lacks is said at what it has.
. "$(dirname "$0")/lib.sh"

signin() { # signin TIME ID: a sign-in as Microsoft Graph gives it
	printf '{"id":"%s","createdDateTime":"%s","userPrincipalName":"ada@parliament.example.org","userId":"ada00000-0000-4000-8000-000000000001","appDisplayName":"Mail","appId":"b0000000-0000-4000-8000-000000000001","ipAddress":"192.0.2.9","clientAppUsed":"Browser","isInteractive":true,"status":{"errorCode":0}}\n' "$2" "$1"
}
ingest() { "$spoor" -C "$case" ingest -q "$@" >"$scratch/out" 2>"$scratch/err"; }
coverage() { "$spoor" -C "$case" coverage --json >"$scratch/coverage"; }
said() { # said JSON: into a file
	printf '%s' "$1" >"$scratch/acquired.json"
}

# Three sign-ins in a quiet month: on their own, too little to judge.
signin 2024-02-01T08:00:00Z s-1 >"$scratch/a.json"
signin 2024-02-03T08:00:00Z s-2 >>"$scratch/a.json"
signin 2024-02-20T08:00:00Z s-3 >>"$scratch/a.json"
new_case plain
ingest "$scratch/a.json"
coverage
eq "not judged" "$(json 'd["judged"], d["gaps"], d["asked"]' "$scratch/coverage")" "(False, [], [])"

# The same, asked for and counted: nothing was in between.
new_case asked
said '{"who":"clerk","tool":"portal","when":"2024-03-01T09:00:00Z","from":"2024-02-01T00:00:00Z","to":"2024-03-01T00:00:00Z","count":3}'
ingest --acquired "$scratch/acquired.json" "$scratch/a.json"
ok "asked for: read" $?
coverage
eq "asked for: no gap" "$(json 'd["judged"], d["gaps"]' "$scratch/coverage")" "(True, [])"
eq "asked for: what came" "$(json 'd["asked"]' "$scratch/coverage")" \
	"[{'from': '2024-02-01T00:00:00Z', 'to': '2024-03-01T00:00:00Z', 'count': 3, 'records': 3, 'complete': True}]"
blind() { "$spoor" -C "$case" search --json 203.0.113.99 >"$scratch/blind"; json 'sorted((b["from"] or "", b["to"] or "") for b in d["blind"])' "$scratch/blind"; }
eq "asked for: blind before and behind the range only" "$(blind)" \
	"[('', '2024-02-01T00:00:00Z'), ('2024-03-01T00:00:00Z', '')]"

# A later range in which nothing was: covered, not a gap; in between is one.
echo '{"value":[]}' >"$scratch/empty.json"
said '{"when":"2024-05-01T09:00:00Z","from":"2024-04-01T00:00:00Z","to":"2024-05-01T00:00:00Z","count":0,"format":"entra-signin"}'
ingest --acquired "$scratch/acquired.json" "$scratch/empty.json"
ok "an empty answer: read" $?
coverage
eq "an empty answer: the gap in front of it" "$(json '[(g["from"], g["to"]) for g in d["gaps"]]' "$scratch/coverage")" \
	"[('2024-03-01T00:00:00Z', '2024-04-01T00:00:00Z')]"
eq "an empty answer: blind" "$(blind)" \
	"[('', '2024-02-01T00:00:00Z'), ('2024-03-01T00:00:00Z', '2024-04-01T00:00:00Z'), ('2024-05-01T00:00:00Z', '')]"
eq "the cache says the same" "$("$spoor" -C "$case" coverage --json | cksum)" "$(cksum <"$scratch/coverage")"

# A stream of which there are only answers.
said '{"from":"2024-04-01T00:00:00Z","to":"2024-05-01T00:00:00Z","count":0,"format":"google-workspace","tenant":"C01"}'
ingest --acquired "$scratch/acquired.json" "$scratch/empty.json"
ok "the same empty bytes, another question: read" $?
coverage
eq "nothing came: the stream is there" \
	"$(json '[(x["stream"], x["records"], x["judged"], len(x["gaps"])) for x in d]' "$scratch/coverage")" \
	"[('entra-signin', 3, True, 1), ('google-workspace/C01', 0, True, 0)]"

eq "and the first question still stands" "$(json 'd[0]["asked"][1]["from"], d[1]["asked"][0]["from"]' "$scratch/coverage")" \
	"('2024-04-01T00:00:00Z', '2024-04-01T00:00:00Z')"
ingest --acquired "$scratch/acquired.json" "$scratch/empty.json"
cp "$scratch/coverage" "$scratch/before"
coverage
same "asked once more in the same words: nothing new" "$scratch/before" "$scratch/coverage"
rm "$case/case.db" "$case"/case.db-* 2>/dev/null
ingest "$scratch/a.json"
coverage
same "and what is rebuilt says the same" "$scratch/before" "$scratch/coverage"
"$spoor" -C "$case" fsck >/dev/null
ok "fsck" $?

# A source that was read without a word can be explained later.
new_case later
ingest "$scratch/a.json"
said '{"when":"2024-03-01T09:00:00Z","from":"2024-02-01T00:00:00Z","to":"2024-03-01T00:00:00Z","count":3}'
ingest --acquired "$scratch/acquired.json" "$scratch/a.json"
coverage
eq "explained later" "$(json 'd["judged"], d["asked"][0]["complete"]' "$scratch/coverage")" "(True, True)"
eq "explained later: events once" "$("$spoor" -C "$case" events --count)" 3

# Fewer records than their source counted, over two files of one export.
new_case cut
signin 2024-02-01T08:00:00Z s-1 >"$scratch/1.json"
signin 2024-02-20T08:00:00Z s-3 >"$scratch/2.json"
said '{"from":"2024-02-01T00:00:00Z","to":"2024-03-01T00:00:00Z","count":5000}'
ingest --acquired "$scratch/acquired.json" "$scratch/1.json" "$scratch/2.json"
coverage
eq "cut: the whole range" "$(json '[(g["from"], g["to"], g["why"]) for g in d["gaps"]]' "$scratch/coverage")" \
	"[('2024-02-01T00:00:00Z', '2024-03-01T00:00:00Z', 'cut export: its source counted 5000 records, and 2 came')]"
eq "cut: export again" "$(json '[m for m in d["missing"] if "again" in m]' "$scratch/coverage")" \
	"['export again in shorter intervals: an export was cut']"
new_case incomplete
said '{"from":"2024-02-01T00:00:00Z","to":"2024-03-01T00:00:00Z","complete":false}'
ingest --acquired "$scratch/acquired.json" "$scratch/a.json"
coverage
eq "not complete, as it says" "$(json 'd["asked"][0]["complete"], len(d["gaps"])' "$scratch/coverage")" "(False, 1)"

# What can't be meant is refused, and nothing is read.
new_case wrong
while read -r bad; do
	said "$bad"
	ingest --acquired "$scratch/acquired.json" "$scratch/a.json"
	eq "refused: $bad" "$?" 2
done <<'EOF'
{"when":"yesterday"}
{"from":5,"to":6}
{"count":-1}
{"count":"many"}
{"from":"2024-03-01T00:00:00Z","to":"2024-02-01T00:00:00Z"}
[]
"x"
EOF
eq "refused: nothing there" "$("$spoor" -C "$case" events --count)" 0

# State: dated by its export, a second export is a second event, and both outlive a reindex.
new_case state
rule='[{"RuleIdentity":7,"MailboxOwnerId":"ada","Name":"..","Enabled":true,"ForwardTo":["\"x\" [SMTP:box@evil.example]"]}]'
echo "$rule" >"$scratch/rule1.json"
echo " $rule" >"$scratch/rule2.json"
said '{"when":"2024-02-01T09:00:00Z"}'
ingest --acquired "$scratch/acquired.json" "$scratch/rule1.json"
said '{"when":"2024-05-01T09:00:00Z"}'
ingest --acquired "$scratch/acquired.json" "$scratch/rule2.json"
dated() { "$spoor" -C "$case" events --json >"$scratch/events"; json '[(e["@timestamp"], e["event.kind"], e["spoor.flaws"]) for e in d]' "$scratch/events"; }
want="[('2024-02-01T09:00:00Z', 'state', ['time-acquired']), ('2024-05-01T09:00:00Z', 'state', ['time-acquired'])]"
eq "state: dated" "$(dated)" "$want"
"$spoor" -C "$case" reindex >/dev/null 2>&1
ok "state: reindex" $?
eq "state: dated anew" "$(dated)" "$want"
"$spoor" -C "$case" fsck >/dev/null
ok "state: fsck" $?
eq "state: where it sends mail" "$("$spoor" -C "$case" search --json box@evil.example | grep -c '"count":2')" 1

new_case undated
ingest "$scratch/rule1.json"
coverage
eq "state: without a date, that is said" "$(json '[m.split(":")[0] for m in d["missing"]]' "$scratch/coverage")" \
	"['1 events have no time']"

# What to export next: what sign-ins show that the case lacks, until it is there.
next() { coverage; python3 - "$scratch/coverage" "$1" <<'PY'
import json, sys
for l in open(sys.argv[1]):
    d = json.loads(l)
    for m in d["missing"]:
        if m.startswith("export next: ") and d["format"] == sys.argv[2]:
            print(m.split("(")[-1].split(")")[0] if "(" in m else m.split(": ")[1].split(" ")[0])
PY
}
new_case next
ingest "$scratch/a.json"
eq "sign-ins alone" "$(next entra-signin | tr '\n' ' ')" "m365-ual entra-audit entra-state "
ingest t/formats/m365-ual/native-lines.json t/formats/entra-audit/graph.json
eq "with audit logs" "$(next entra-signin | tr '\n' ' ')" "entra-state "
ingest t/formats/entra-state
eq "with state" "$(next entra-signin | tr '\n' ' ')" ""
new_case mailread
grep -v MailItemsAccessed t/formats/m365-ual/native-lines.json >"$scratch/noread.json"
ingest "$scratch/noread.json"
eq "no MailItemsAccessed" "$(next m365-ual | grep -c MailItemsAccessed)" 1
ingest t/formats/m365-ual/native-lines.json
eq "MailItemsAccessed" "$(next m365-ual | grep -c MailItemsAccessed)" 0
ok "text says it, too" "$("$spoor" -C "$case" coverage | grep -q 'export next: '; echo $?)"

# An organisation in each record is a stream in each: memory grows with the records only.
new_case streams
python3 - >"$scratch/streams.json" <<'EOF'
for i in range(16000):
    print('{"CreationTime":"2024-%02d-01T00:00:00","Id":"00000000-0000-4000-8000-%012d","Operation":"MailItemsAccessed","OrganizationId":"11111111-1111-4111-8111-%012d","RecordType":50,"UserId":"ada@example.org","Workload":"Exchange"}' % (1 + i // 8000, i, i % 8000))
EOF
ingest "$scratch/streams.json"
# What is kept of the last walk goes, so that it is walked again.
python3 - "$case/case.db" <<'EOF'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("DELETE FROM coverage")
db.commit()
EOF
case $OUT in
*debug* | *release*) limit=1000000 ;;
*) limit=unlimited ;; # a sanitiser's shadow is larger
esac
(ulimit -v $limit && coverage)
ok "thousands of streams" $?
eq "each of them" "$(wc -l <"$scratch/coverage")" 8000
done_testing
