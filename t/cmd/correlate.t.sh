#!/bin/sh
# Correlations over all of history: from what rules matched, whatever order records came in.
. "$(dirname "$0")/lib.sh"
cd "$scratch" || exit 2

event() { # event N TIME USER OPERATION [MORE]
	printf '{"CreationTime":"2022-03-%s","Id":"%08d-0000-4000-8000-000000000000","Operation":"%s","OrganizationId":"o","RecordType":1,"Version":1,"Workload":"Exchange","UserId":"%s"%s}\n' \
		"$2" "$1" "$4" "$3" "$5"
}
cat >rules.yml <<'Y'
title: Failed
name: failed
logsource: {product: m365}
detection: {sel: {Operation: UserLoginFailed}, condition: sel}
---
title: Signed in
name: signed_in
level: low
logsource: {product: m365}
detection: {sel: {Operation: UserLoggedIn}, condition: sel}
---
title: Many failed
name: many_failed
id: 11111111-1111-4111-8111-111111111111
correlation:
    type: event_count
    rules: [failed]
    group-by: [UserId]
    timespan: 10m
    condition: {gte: 3}
---
title: Guessed
id: 22222222-2222-4222-8222-222222222222
level: high
tags: [attack.t1110.001]
correlation:
    type: temporal_ordered
    rules: [many_failed, signed_in]
    group-by: [UserId]
    timespan: 1h
    generate: true
Y
{
	event 1 01T10:00:00 ann UserLoginFailed
	event 2 01T10:04:00 ann UserLoginFailed
	event 3 01T10:10:00 ann UserLoginFailed
	event 4 01T10:30:00 ann UserLoggedIn
} >ann.json
{ # one second too long
	event 11 01T10:00:00 robert UserLoginFailed
	event 12 01T10:04:00 robert UserLoginFailed
	event 13 01T10:10:01 robert UserLoginFailed
	event 14 01T10:30:00 robert UserLoggedIn
} >bob.json
{ # the other order; and a group by itself
	event 21 01T09:59:00 cyd UserLoggedIn
	event 22 01T10:00:00 cyd UserLoginFailed
	event 23 01T10:04:00 cyd UserLoginFailed
	event 24 01T10:05:00 cyd UserLoginFailed
} >cyd.json

new_case whole
"$spoor" -C "$case" ingest -q ann.json bob.json cyd.json >/dev/null
"$spoor" -C "$case" detect --json --rules rules.yml >found 2>said
ok "detect" $?
eq "who was guessed, and what stands by itself" \
	"$(jq -r '[.time[11:19],.title,(.accounts|join(" ")),.events_total]|join(" ")' found)" \
	"09:59:00 Signed in cyd 1
10:00:00 Many failed ann 3
10:00:00 Guessed ann 4
10:00:00 Many failed cyd 3
10:30:00 Signed in ann 1
10:30:00 Signed in robert 1"
eq "what it says of itself" "$(jq -c 'select(.title=="Guessed")|[.detector,.severity,.techniques,(.events|length)]' found)" \
	'["correlation","high",["T1110.001"],4]'
eq "findings have ids of their own" "$(jq -r .id found | sort -u | wc -l)" 6

# Records one by one, in an order that nobody wants, asked in between, and a merge.
new_case late
split -l 1 -d ann.json a.; split -l 1 -d bob.json b.; split -l 1 -d cyd.json c.
for f in $(ls a.* b.* c.* | sort -r); do
	"$spoor" -C "$case" ingest -q "$f" >/dev/null
	"$spoor" -C "$case" detect --json --rules rules.yml >between 2>/dev/null
done
same "as if they had come in time" found between

# What comes between makes another answer, and what goes gives back the one before.
event 15 01T10:02:00 robert UserLoginFailed >between.json
"$spoor" -C "$case" ingest -q between.json >/dev/null
eq "a late record that completes a window" \
	"$("$spoor" -C "$case" detect --json --rules rules.yml 2>/dev/null | jq -r 'select(.title=="Guessed")|.accounts[0]')" "ann
robert"
"$spoor" -C "$case" erase --yes robert >/dev/null 2>&1
eq "erased records are in no window" \
	"$("$spoor" -C "$case" detect --json --rules rules.yml 2>/dev/null | jq -r 'select(.title=="Guessed")|.accounts[0]')" "ann"

# The case's own rules, which records meet as they come.
new_case stream
"$spoor" -C "$case" intel add --name ours rules.yml >/dev/null
for f in cyd bob ann; do "$spoor" -C "$case" ingest -q $f.json >/dev/null; done
"$spoor" -C "$case" detect --json 2>/dev/null | jq -c 'select(.rule=="22222222-2222-4222-8222-222222222222" or .title=="Many failed" or .title=="Signed in")' >streamed
jq -c . found >want
same "the stream" want streamed
"$spoor" -C "$case" detect | grep -A1 '^high: Guessed' >text
eq "in words" "$(sed -n 2p text)" "  1 finding of 1 account, 2022-03-01T10:00:00Z"
done_testing
