#!/bin/sh
# STIX patterns on events: held against a log by rule test; taken by intel add, and run as rules on
# history and on what comes.
. "$(dirname "$0")/lib.sh"
cd "$scratch" || exit 2

event() { # event N TIME USER OPERATION ADDRESS
	printf '{"CreationTime":"2022-03-%s","Id":"%08d-0000-4000-8000-000000000000","Operation":"%s","OrganizationId":"o","RecordType":15,"Version":1,"Workload":"AzureActiveDirectory","UserId":"%s","ClientIP":"%s"}\n' \
		"$2" "$1" "$4" "$3" "$5"
}
{
	event 1 01T08:00:00 ann@example.org UserLoginFailed 192.0.2.1
	event 2 01T08:01:00 ann@example.org UserLoginFailed 192.0.2.1
	event 3 01T08:02:00 ann@example.org UserLoggedIn 192.0.2.1
	event 4 01T20:00:00 bob@example.org UserLoggedIn 192.0.2.9
	event 5 02T09:00:00 ann@example.org UserLoggedIn 192.0.2.1
	event 6 02T09:04:00 cyd@example.org UserLoggedIn 198.51.100.7
} >log.jsonl

# says WHAT EXPRESSION WANT PATTERN
says() {
	"$spoor" rule test --json "$4" log.jsonl >out 2>err
	eq "$1" "$(json "$2" out)" "$3"
}
records='[[p["record"] for p in f] for f in d["findings"]]'
ip1="[ipv4-addr:value = '192.0.2.1']"
says "each event of a bracket is a finding" "$records" "[[1], [2], [3], [5]]" "$ip1"
says "a pair in ten minutes, again and again" "$records" "[[1, 2]]" "($ip1 AND $ip1) WITHIN 90 SECONDS"
says "in order" "$records" "[[5, 6]]" "($ip1 FOLLOWEDBY [ipv4-addr:value ISSUBSET '198.51.100.0/24']) WITHIN 300 SECONDS"
says "not in the other" "d[\"match\"]" "False" "([ipv4-addr:value ISSUBSET '198.51.100.0/24'] FOLLOWEDBY $ip1) WITHIN 300 SECONDS"
says "what no event satisfies is told" "d[\"missing\"]" "[\"[ipv4-addr:value = '203.0.113.1']\"]" "$ip1 AND [ipv4-addr:value = '203.0.113.1']"
"$spoor" rule test "[mutex:name = 'x']" log.jsonl >out
grep -q "no event has what it asks for" out
ok "nor what none can have" $?
"$spoor" rule test "[file:size = ]" log.jsonl 2>/dev/null
eq "a bad pattern is status 1" $? 1
echo "{'type':'observed-data','number_observed':1,'objects':{'0':{'type':'ipv4-addr','value':'192.0.2.1'}}}" | tr "'" '"' >seen.json
"$spoor" rule test --json "$ip1" seen.json >out
eq "observed-data stays what it is" "$(json 'd["match"], "parts" in d' out)" "(True, True)"

# As files of rules.
mkdir folder
printf "%s FOLLOWEDBY [user-account:account_login LIKE 'cyd@%%']" "$ip1" >folder/pair.stix
printf '{"type":"indicator","id":"indicator--1","name":"Named","pattern_type":"stix","pattern":"[url:value = ]"}' >folder/bad.stix
"$spoor" rule check --json folder >out
eq "rule check: one loads, one doesn't" "$(json 'sorted((r["loaded"], r["kind"]) for r in d)' out)" \
	"[(False, 'stix'), (True, 'stix')]"
grep -q "at byte 13: a literal was expected" out
ok "and why" $?
"$spoor" rule explain folder/pair.stix >out
grep -q "^  \* \[ipv4-addr:value = '192.0.2.1'\], of events that have '192.0.2.1'" out
ok "rule explain: what an event must have" $?

# An attachment's name and hash belong together; those of two don't.
mail='From: a@example.org
To: b@example.org
Subject: x
Date: Tue, 01 Mar 2022 08:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: application/octet-stream; name=one.bin
Content-Disposition: attachment; filename=one.bin

one
--b
Content-Type: application/octet-stream; name=two.bin
Content-Disposition: attachment; filename=two.bin

two
--b--
'
printf '%s' "$mail" >m.eml
one=$(printf one | sha256sum | cut -d' ' -f1)
for n in one two; do
	"$spoor" rule test --json "[file:name = '$n.bin' AND file:hashes.'SHA-256' = '$one']" m.eml >$n.out
done
eq "one attachment" "$(json 'd["match"]' one.out)" True
eq "two attachments" "$(json 'd["match"]' two.out)" False
"$spoor" rule test --json "[email-message:from_ref.value = 'A@example.org' AND email-message:body_multipart[*].body_raw_ref.name = 'two.bin']" m.eml >out
eq "a mail and what is in it" "$(json 'd["match"]' out)" True

# A list of names and values is no list of things: <Data Name=…> of Windows.
"$spoor" rule test --json "[network-traffic:src_ref.value = '192.0.2.9' AND network-traffic:src_port = 49152]" \
	"$tree/t/formats/windows-event/named-data.json" >out
eq "an event's XML as a list of names and values" "$(json "$records" out)" "[[1]]"

# As rules of a case: before what they are about has come, and after.
indicator() { # indicator N PATTERN
	printf '{"type":"indicator","spec_version":"2.1","id":"indicator--%s1111111-1111-4111-8111-111111111111","created":"2022-01-01T00:00:00Z","modified":"2022-01-01T00:00:00Z","name":"Thing %s","pattern_type":"stix","pattern":"%s","valid_from":"2022-01-01T00:00:00Z"}' "$1" "$1" "$2"
}
printf '{"type":"bundle","id":"bundle--1","objects":[%s,%s,%s]}' \
	"$(indicator 1 "($ip1 FOLLOWEDBY [user-account:account_login LIKE 'cyd@%']) WITHIN 300 SECONDS")" \
	"$(indicator 2 "[user-account:account_login LIKE 'bob@%']")" \
	"$(indicator 3 "[mutex:name LIKE 'x%']")" >feed.json
for order in before after; do
	"$spoor" init $order >/dev/null
	[ $order = after ] || "$spoor" -C $order intel add --json feed.json >$order.add
	"$spoor" -C $order ingest -q log.jsonl
	[ $order = before ] || "$spoor" -C $order intel add --json feed.json >$order.add
	"$spoor" -C $order detect --json >$order.all
	python3 - $order.all <<'P' >$order.found
import json, sys
for l in open(sys.argv[1]):
    f = json.loads(l)
    if f["detector"] == "stix":
        print(f["time"], f["rule"], f["title"], f["events_total"], f["why"])
P
done
same "the same findings, whichever came first" before.found after.found
eq "one of each" "$(cut -d' ' -f2 after.found | sort)" "indicator--11111111-1111-4111-8111-111111111111
indicator--21111111-1111-4111-8111-111111111111"
grep -q "Thing 1 2 \[ipv4-addr:value = '192.0.2.1'\]; \[user-account" after.found
ok "a finding says what by what" $?
eq "intel add says how many run" "$(json 'd["rules"]' after.add)" 2
grep -q "mutex:name: no event has what it asks for" after.add
ok "or that it can't" $?
done_testing
