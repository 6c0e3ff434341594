#!/bin/sh
# Rules over all of history: which events they match, whatever order sources came in and however many
# workers there are.
. "$(dirname "$0")/lib.sh"
cd "$scratch" || exit 2
mkdir rules

event() { # event N DAY USER OPERATION [MORE]
	printf '{"CreationTime":"2022-03-%02dT10:00:00","Id":"%08d-0000-4000-8000-000000000000","Operation":"%s","OrganizationId":"o","RecordType":1,"Version":1,"Workload":"Exchange","UserId":"%s"%s}\n' \
		"$2" "$1" "$4" "$3" "$5"
}

cat >rules/a_forward.yml <<'Y'
title: Rule that forwards
id: 11111111-1111-4111-8111-111111111111
level: high
tags: [attack.persistence, attack.t1114.003, attack.T9]
references: ['https://example.org/forward']
falsepositives: [Holidays]
logsource: {product: m365, service: exchange}
detection:
    sel:
        Operation: New-InboxRule
        ForwardTo|endswith: '@outside.example'
    condition: sel
Y
cat >rules/b_any.yml <<'Y'
title: Any inbox rule
level: low
logsource: {product: m365}
detection:
    sel: {Operation|contains: InboxRule}
    condition: sel
Y
cat >rules/c_other.yml <<'Y'
title: For another log
level: critical
logsource: {product: zeek, service: dns}
detection:
    sel: {Operation|contains: InboxRule}
    condition: sel
Y
cat >rules/d_bad.yml <<'Y'
title: No rule
logsource: {product: m365}
detection:
    sel: {Operation|sideways: x}
    condition: sel
Y
echo 'no rule' >rules/README.md

{
	event 1 1 ann@parliament.example New-InboxRule ',"ForwardTo":"spy@outside.example"'
	event 2 2 bob@parliament.example New-InboxRule ',"ForwardTo":"bob@outside.example.org"'
	event 3 3 bob@parliament.example Set-Mailbox ',"ForwardTo":"spy@outside.example"'
} >one.json
{
	event 1 1 ann@parliament.example New-InboxRule ',"ForwardTo":"spy@outside.example"'
	event 4 9 ann@parliament.example New-InboxRule ',"ForwardTo":"spy@outside.example"'
} >two.json
printf '%s\n' 'person,name,kind,value,from,to' \
	'17,Ann Early,email,ann@parliament.example,,2022-03-05' \
	'18,Ann Later,email,ann@parliament.example,2022-03-06,' >people.csv

new_case small
"$spoor" -C "$case" ingest -q one.json two.json >/dev/null
"$spoor" -C "$case" people import people.csv >/dev/null
"$spoor" -C "$case" detect --json --rules rules >found 2>said
ok "detect" $?
eq "by hand: a copy counts once, near misses don't, other logs' rules neither" \
	"$(jq -r '[.time[0:10],.severity,.rule]|join(" ")' found)" \
	"2022-03-01 high 11111111-1111-4111-8111-111111111111
2022-03-01 low Any inbox rule
2022-03-02 low Any inbox rule
2022-03-09 high 11111111-1111-4111-8111-111111111111
2022-03-09 low Any inbox rule"
eq "whose it was at that time" "$(jq -rc 'select(.severity=="high")|[.accounts,.persons]' found)" \
	'[["ann@parliament.example"],["id:17"]]
[["ann@parliament.example"],["id:18"]]'
eq "what a rule says of itself" \
	"$(jq -c 'select(.severity=="high")|[.detector,.title,.techniques,.falsepositives,.references,.events_total]' found | sort -u)" \
	'["sigma","Rule that forwards",["T1114.003"],["Holidays"],["https://example.org/forward"],1]'
ok "why" "$(jq -r 'select(.severity=="high")|.why' found | grep -c 'spy@outside.example' | awk '{print $1 != 2}')"
eq "findings have ids of their own" "$(jq -r .id found | sort -u | wc -l)" 5
"$spoor" -C "$case" events --json --action New-InboxRule >events
eq "events are those of 'events'" "$(jq -r '.events[]' found | sort -u)" \
	"$(jq -r '.["spoor.id"] // .["event.id"]' events | sort -u)"
grep -q '^rules that were refused (.*): 1$' said
ok "a rule that was refused is said" $?
grep -q '^rules for logs that this case does not have: 1$' said
ok "so is one whose logs are not there" $?
eq "from and to" "$("$spoor" -C "$case" detect --json --rules rules --from 2022-03-02 --to 2022-03-09T10:00:00Z 2>&1 | jq -Rr 'fromjson?|.time[0:10]')" "2022-03-02"
"$spoor" -C "$case" detect --rules rules >text
eq "text: the most severe first" "$(grep -c . text; sed -n 1,2p text)" "$(grep -c . text)
high: Rule that forwards
  2 events of 1 account, 2022-03-01T10:00:00Z to 2022-03-09T10:00:00Z"
"$spoor" -C "$case" detect --json rules >words 2>/dev/null
same "words are paths of rules as well" found words
"$spoor" -C "$case" detect --json --rules rules --budget 1 >few 2>said
eq "a budget: the most severe of each day" "$(jq -r '.time[0:10]+" "+.severity' few)" \
	"2022-03-01 high
2022-03-02 low
2022-03-09 high"
grep -q '^findings beyond the budget of each day, not told: 2$' said
ok "and how many more there are" $?
"$spoor" -C "$case" detect --rules rules/c_other.yml >out
grep -q '^no rule is about: m365-ual$' out
ok "formats that no rule is about are said" $?

# What a rule matched is kept: only new rules and new records are looked at, and the answer is that of
# a case that looks for the first time.
passes() { sqlite3 "$case/case.db" "SELECT id, length(rules)/16, (SELECT count(*) FROM hits WHERE pass=passes.id) FROM passes ORDER BY id" | tr '\n' ' '; }
eq "a pass of two rules about these logs, and one about others" "$(passes)" "1|3|2 "
"$spoor" -C "$case" detect --json --rules rules >again 2>/dev/null
same "asked again" found again
eq "and nothing was looked at again" "$(passes)" "1|3|2 "
kept=$case
cp -r "$case" grown
case=$scratch/grown
sed 's/InboxRule/Mailbox/; s/Any inbox rule/Any mailbox/' rules/b_any.yml >rules/e_new.yml
"$spoor" -C "$case" detect --json --rules rules >wider 2>/dev/null
eq "of a new rule that alone" "$(passes)" "1|3|2 2|1|2 "
event 20 5 eve@parliament.example New-InboxRule ',"ForwardTo":"new@outside.example","Parameters":[{"Name":"ForwardTo","Value":"new@outside.example"}]' >later.json
"$spoor" -C "$case" ingest -q later.json >/dev/null
"$spoor" -C "$case" detect --json --rules rules >stored 2>/dev/null
eq "of a new source all" "$(passes)" "1|3|2 2|1|2 3|4|1 "
cp -r "$case" fresh
sqlite3 fresh/case.db 'DELETE FROM hits; DELETE FROM passes'
"$spoor" -C fresh detect --json --rules rules >anew 2>/dev/null
same "as if it had never been asked" stored anew
eq "and there is more" "$(wc -l <found; wc -l <stored)" "$(wc -l <found; echo $(($(wc -l <found) + 3)))"
rm rules/e_new.yml
"$spoor" -C "$case" detect --json --rules "$tree/rules" >own 2>/dev/null
"$spoor" -C "$case" detect --json >default 2>/dev/null
same "without rules: those that come with spoor" own default
eq "which find the rule that forwards" "$(jq -r .title own)" "Inbox rule sends mail on"
case=$kept

# Erased records, merged and derived anew segments.
"$spoor" -C "$case" reindex -q >/dev/null
"$spoor" -C "$case" detect --json --rules rules >again 2>/dev/null
same "after reindexing" found again
"$spoor" -C "$case" erase --yes spy@outside.example >/dev/null 2>&1
eq "what is erased is not found" "$("$spoor" -C "$case" detect --json --rules rules 2>/dev/null | jq -r .time[0:10])" 2022-03-02

# Many small sources in either order, and one to four workers: the same bytes.
i=0
while [ $i -lt 12 ]; do
	{
		event $((100 + i)) $((1 + i % 20)) "u$i@parliament.example" New-InboxRule ',"ForwardTo":"a@outside.example"'
		event $((100 + (i + 1) % 12)) $((1 + (i + 1) % 12 % 20)) "u$(((i + 1) % 12))@parliament.example" New-InboxRule ',"ForwardTo":"a@outside.example"'
	} >"$(printf 'many%02d.json' $i)"
	i=$((i + 1))
done
new_case forth
"$spoor" -C "$case" ingest -q many*.json >/dev/null
"$spoor" -C "$case" detect --json -j1 --rules rules >j1 2>/dev/null
"$spoor" -C "$case" detect --json -j4 --rules rules >j4 2>/dev/null
eq "each event once for each rule" "$(wc -l <j1)" 24
same "one worker and four" j1 j4
new_case back
for f in $(ls -r many*.json); do "$spoor" -C "$case" ingest -q "$f" >/dev/null; done
"$spoor" -C "$case" detect --json -j2 --rules rules >j2 2>/dev/null
same "the other order" j1 j2

# Records that end the worker cost themselves.
if [ -x "$tree/$OUT/spoor-worker-test" ] && case $OUT in *asan* | *tsan*) false ;; esac; then
	{ cat one.json; event 5 5 spoor-test-crash New-InboxRule; event 6 6 eve@parliament.example New-InboxRule; } >kill.json
	new_case kill
	"$spoor" -C "$case" ingest -q kill.json >/dev/null
	SPOOR_WORKER=$tree/$OUT/spoor-worker-test "$spoor" -C "$case" detect --json --rules rules >found 2>said
	ok "a record that ends the worker" $?
	eq "the others are held against the rules" "$(jq -r .time[0:10] found | sort -u | tr '\n' ' ')" \
		"2022-03-01 2022-03-02 2022-03-06 "
	grep -q '^events not held against the rules, .*: 1$' said
	ok "and it is said" $?
fi

# The log of others: rule by rule as many as 'rule test' says, and as a count by other means.
log=$data/o365-ual/ual-2021-03_to_06.csv
sigma=$data/sigma/rules/cloud/m365
if [ -e "$log" ] && [ -e "$sigma" ]; then
	python3 - "$log" once.csv >counts <<'PY'
import csv, json, sys
csv.field_size_limit(1 << 30)
rows = list(csv.reader(open(sys.argv[1], encoding="utf-8-sig", newline="")))
head, at, seen, n = rows[0], rows[0].index("AuditData"), set(), {}
with open(sys.argv[2], "w", newline="", encoding="utf-8") as f:
    out = csv.writer(f)
    out.writerow(head)
    for r in rows[1:]:
        try:
            e = json.loads(r[at])
        except ValueError:  # cut by the export
            continue
        if e["Id"] in seen:
            continue
        seen.add(e["Id"])
        out.writerow(r)
        n[e["Operation"]] = n.get(e["Operation"], 0) + 1
for op in "New-InboxRule", "New-TransportRule", "Consent to application.", "Add-MailboxPermission":
    print(n.get(op, 0), op)
PY
	eq "counted" "$(wc -l <counts)" 4
	mkdir ours
	i=0
	while read -r n op; do
		i=$((i + 1))
		printf 'title: %s\nlogsource: {product: m365}\ndetection:\n    sel: {Operation: "%s"}\n    condition: sel\n' \
			"$op" "$op" >ours/$i.yml
	done <counts
	new_case others
	"$spoor" -C "$case" ingest -q once.csv >/dev/null
	"$spoor" -C "$case" detect --json --rules "$sigma" --rules ours >found 2>said
	ok "rules of others on the log of others" $?
	for f in $(find "$sigma" -name '*.yml' | sort) ours/*.yml; do
		want=$("$spoor" rule test --json "$f" once.csv | jq -c 'select(.match and .routed)' | wc -l)
		title=$(sed -n 's/^title: *//p' "$f" | head -1)
		got=$(jq -c --arg t "$title" 'select(.title==$t)' found | wc -l)
		[ "$got" = "$want" ] || echo "# $title: $got, and by rule test $want"
		echo "$got $want $title"
	done >table
	eq "as 'rule test' says, rule by rule" "$(awk '$1 != $2' table)" ""
	eq "as another reading counts" "$(jq -r .title found | sort | uniq -c | sed 's/^ *//' | sort)" \
		"$(grep -v '^0 ' counts | sort)"
	grep -v '^0 0' table | sed 's/^/# /'
else
	ok "the log of others # SKIP no o365-ual and sigma in \$SPOOR_DATA" 0
fi
done_testing
