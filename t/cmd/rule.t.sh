#!/bin/sh
# spoor rule: which rules load, what they ask, and what they say of events.
. "$(dirname "$0")/lib.sh"

rules=$scratch/rules
mkdir -p "$rules"
cat >"$rules/forward.yml" <<'END'
title: Forwarding to the outside
id: 11111111-1111-4111-8111-111111111111
logsource: {product: m365, service: exchange}
detection:
  selection:
    Operation: [New-InboxRule, Set-InboxRule]
    Parameters.ForwardTo|contains: '@'
  own:
    Parameters.ForwardTo|endswith: '@example.org'
  condition: selection and not own
level: high
END
cat >"$rules/broken.yml" <<'END'
title: Broken
logsource: {product: m365}
detection:
  selection:
    Operation|like: x
  condition: selection
END
cat >"$rules/elsewhere.yml" <<'END'
title: Of a log that is not read here
logsource: {product: nobody, service: nothing}
detection: {selection: {f: x}, condition: selection}
END
echo 'no rule' >"$rules/notes.txt"
one='{"RecordType":1,"CreationTime":"2024-03-01T10:00:00","Id":"a1","Operation":"New-InboxRule","Workload":"Exchange","UserId":"u@example.org"'
printf '%s\n' \
	"$one"',"Parameters":[{"Name":"Name","Value":"."},{"Name":"ForwardTo","Value":"x@evil.example"}]}' \
	"$one"',"Parameters":[{"Name":"Name","Value":"."},{"Name":"ForwardTo","Value":"x@example.org"}]}' \
	"$one"',"Parameters":[{"Name":"Name","Value":"x@evil.example"}]}' >"$scratch/log.jsonl"

"$spoor" rule check "$rules" >"$scratch/check"
eq "a rule that doesn't load: status" $? 1
eq "the text beside rules is none; what doesn't load says where and why" "$(sed "s,$rules/,," "$scratch/check")" \
	"broken.yml: Broken: line 5: no modifier is called 'like'
elsewhere.yml: Of a log that is not read here: loaded; no format that is read here is of its log source
2 rules loaded, 1 refused"
"$spoor" rule check --json "$rules" >"$scratch/check.json"
eq "a line a rule, each with why" \
	"$(json 'sorted((r["title"][:6], r["loaded"], bool(r["why"]), r["level"]) for r in d)' "$scratch/check.json")" \
	"[('Broken', False, True, ''), ('Forwar', True, False, 'high'), ('Of a l', True, False, '')]"
"$spoor" rule check "$rules/forward.yml" >"$scratch/check"
eq "all is well: status" $? 0

"$spoor" rule test "$rules/forward.yml" "$scratch/log.jsonl" >"$scratch/test"
eq "what matches is no failure: status" $? 0
eq "which match" "$(sed 's/^\([0-9]: [a-z ]*\): .*/\1/' "$scratch/test" | tr '\n' ' ')" \
	"1: match 2: no match 3: no match 1 of 3 events match "
ok "the value that decided is said" "$(grep -q "^1: .*ForwardTo contains '@' (it is x@evil.example)" "$scratch/test"; echo $?)"
ok "what ruled it out is said" "$(grep -q "^2: .*ends with '@example.org' (it is x@example.org)" "$scratch/test"; echo $?)"
ok "what was missing is said" "$(grep -q "^3: .*(it is not there)" "$scratch/test"; echo $?)"
"$spoor" rule test "$rules/broken.yml" "$scratch/log.jsonl" >"$scratch/test" 2>&1
eq "a rule that isn't valid: status" $? 1
ok "and why" "$(grep -q "line 5: no modifier is called 'like'" "$scratch/test"; echo $?)"

"$spoor" rule explain "$rules/forward.yml" >"$scratch/explain"
eq "explain: status" $? 0
eq "under what the index has it" "$("$spoor" rule explain --json "$rules/forward.yml" | jq -r '.tests[] | select(.witness) | .by + " " + .piece' | head -n 1)" \
	"is new-inboxrule"
ok "whose events it is asked of" "$(grep -q 'events of: .*m365-ual' "$scratch/explain"; echo $?)"
eq "the witness is what is rare and must be there: not '@', and nothing that is negated" \
	"$(grep '^  \*' "$scratch/explain")" "  * Operation is 'New-InboxRule'
  * Operation is 'Set-InboxRule'"
eq "all that it asks" "$(grep -c "'" "$scratch/explain")" 4
mkdir "$scratch/together"
cat >"$scratch/together/first.yml" <<'END'
title: Guessed
correlation:
  type: temporal_ordered
  rules: [many, login]
  group-by: UserId
  timespan: 1h
level: high
---
title: Many
name: many
correlation: {type: event_count, rules: failed, group-by: [UserId, ClientIP], timespan: 5m, condition: {gte: 3}}
END
cat >"$scratch/together/second.yml" <<'END'
title: Failed
name: failed
logsource: {product: m365}
detection: {s: {Operation: UserLoginFailed}, condition: s}
---
title: Login
name: login
logsource: {product: m365}
detection: {s: {Operation: UserLoggedIn}, condition: s}
END
login() { # TIME OPERATION USER
	printf '{"RecordType":15,"CreationTime":"2024-03-01T%s","Id":"%s","Operation":"%s","Workload":"AzureActiveDirectory","UserId":"%s","ClientIP":"192.0.2.1"}\n' "$1" "$1$2" "$2" "$3"
}
{
	login 10:05:00 UserLoggedIn ann@example.org
	login 10:00:00 UserLoginFailed ann@example.org
	login 10:02:00 UserLoginFailed Ann@example.org
	login 10:02:30 UserLoginFailed robert@example.org
	login 10:04:00 UserLoginFailed ann@example.org
	login 10:06:00 UserLoggedIn robert@example.org
} >"$scratch/logins.jsonl"
"$spoor" rule check --json "$scratch/together" >"$scratch/check.json"
eq "correlations load, whatever file and place their rules have" \
	"$(json '[(r["title"], r["kind"], r["feeds"], r["silent"], r.get("correlation", {}).get("rules")) for r in d if r["loaded"]]' "$scratch/check.json")" \
	"[('Guessed', 'correlation', False, False, ['many', 'login']), ('Many', 'correlation', True, True, ['failed']), ('Failed', 'sigma', True, True, None), ('Login', 'sigma', True, True, None)]"
eq "explain: what they count, for whom" "$("$spoor" rule explain "$scratch/together/first.yml" "$scratch/together/second.yml" | sed -n '/^Many/,/each/p')" \
	"Many
  event_count: at least 3 events within 5m
  of what these match: failed
  for each: UserId, ClientIP"
"$spoor" rule test --json "$scratch/together" "$scratch/logins.jsonl" >"$scratch/test"
eq "what is together: a line behind those of events, with their numbers" \
	"$(json '[(len(d), r["match"], r["rule"], r["events"], r["events_total"]) for r in d if "events" in r]' "$scratch/test")" \
	"[(7, True, 'Guessed', [1, 2, 3, 5], 4)]"
"$spoor" rule test "$scratch/together" "$scratch/logins.jsonl" >"$scratch/test"
ok "in words: of whom, when" "$(grep -q '^Guessed: match: all of the rules in order within 1h: many 1, login 1; with UserId ann@example.org; from 2024-03-01T10:00:00Z to 2024-03-01T10:05:00Z; of 4 events: 1 2 3 5$' "$scratch/test"; echo $?)"
grep -v 10:05 "$scratch/logins.jsonl" >"$scratch/fewer.jsonl"
"$spoor" rule test "$scratch/together" "$scratch/fewer.jsonl" >"$scratch/test"
eq "nothing together: status" $? 0
ok "and what was missing" "$(grep -q '^Guessed: no match: .*in all: many 1, login 1; 2 groups$' "$scratch/test"; echo $?)"
sed 's/\[many, login\]/[many, nobody]/' "$scratch/together/first.yml" >"$scratch/lost.yml"
"$spoor" rule check "$scratch/lost.yml" >"$scratch/check"
eq "a rule that isn't there: status" $? 1
ok "where, and what" "$(grep -q "Guessed: line 4: there is no rule that is called 'nobody'" "$scratch/check"; echo $?)"
"$spoor" formats --json | sed 's/^{"format":"\([^"]*\)".*/\1/' | sort >"$scratch/formats"
sed -n 's/^ *formats: \[\(.*\)\]/\1/p' rules/logsources.yaml | tr -d ' ' | tr ',' '\n' | grep . | sort -u >"$scratch/named"
eq "log sources name formats that there are" "$(comm -13 "$scratch/formats" "$scratch/named")" ""
ok "and quite some" "$([ "$(wc -l <"$scratch/named")" -gt 15 ]; echo $?)"
for words in "" "check" "test $rules/forward.yml" "explain" "like x"; do
	"$spoor" rule $words >/dev/null 2>&1
	eq "usage: $words" $? 2
done
done_testing
