#!/bin/sh
# Our own rules: each loads, matches each event of its fires.*, and no event of its near.*, which are
# events of a log that the rule is for.
. "$(dirname "$0")/../cmd/lib.sh"

held() { # held RULE-FILE EVENTS true|false: the events are there, and each is (not) matched
	lines=$("$spoor" rule test --json "$1" "$2" 2>&1)
	odd=$(echo "$lines" | grep -v "\"match\":$3,.*\"routed\":true")
	[ -n "$lines" ] && [ -z "$odd" ]
	ok "$(basename "$1"): $(basename "$2")" $?
	[ -z "$odd" ] || echo "$odd" | cut -c1-600 | sed 's/^/# /'
}

# A correlation is about its events together: it finds something in what it fires on, and nothing in what
# is near, however its records are told apart.
counted() { # counted RULE-FILE EVENTS WHAT GREP-STATUS
	new_case "$(basename "$1" .yml)-$3"
	"$spoor" -C "$case" ingest -q "$2" >/dev/null
	"$spoor" -C "$case" detect --json --rules "$1" 2>/dev/null | grep -q '"detector":"correlation"'
	[ $? = "$4" ]
	ok "$(basename "$1"): $(basename "$2")" $?
}

"$spoor" rule check rules >"$scratch/check"
eq "all load, and each has a log that it is for" "$(cat "$scratch/check")" \
	"$(cat rules/*.yml | grep -c '^title:') rules loaded, 0 refused"
for rule in rules/*.yml; do
	dir=t/rules/$(basename "$rule" .yml)
	if grep -q '^correlation:' "$rule"; then
		counted "$rule" "$dir/fires.jsonl" fires 0
		counted "$rule" "$dir/near.jsonl" near 1
		continue
	fi
	held "$rule" "$(ls "$dir"/fires.* 2>/dev/null)" true
	held "$rule" "$(ls "$dir"/near.* 2>/dev/null)" false
done
for dir in t/rules/*/; do
	[ -f "rules/$(basename "$dir").yml" ]
	ok "$dir has its rule" $?
done

# What rules/logsources.yaml says: what a field is in all events of a log, and names below names.
cat >"$scratch/said.yml" <<'END'
title: Said
logsource: {product: gcp, service: google_workspace.admin}
detection:
  selection: {eventService: admin.googleapis.com, eventName: CREATE_USER}
  condition: selection
END
cat >"$scratch/event.jsonl" <<'END'
{"id":{"time":"2024-05-14T08:12:31Z","applicationName":"admin","uniqueQualifier":"1"},"name":"CREATE_USER","type":"USER_SETTINGS"}
END
held "$scratch/said.yml" "$scratch/event.jsonl" true
cat >"$scratch/below.yml" <<'END'
title: Below
logsource: {product: m365}
detection:
  selection: {Operation: Set-Mailbox, Parameters.ForwardTo: a@example.net}
  condition: selection
END
cat >"$scratch/event.jsonl" <<'END'
{"creationtime":"2024-05-14T08:12:31","id":"1","operation":"Set-Mailbox","recordtype":1,"userid":"a","workload":"Exchange","parameters":[{"Name":"ForwardTo","Value":"a@example.net"}]}
END
held "$scratch/below.yml" "$scratch/event.jsonl" true
done_testing
