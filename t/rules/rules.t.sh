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

"$spoor" rule check rules >"$scratch/check"
eq "all load, and each has a log that it is for" "$(cat "$scratch/check")" \
	"$(ls rules/*.yml | wc -l) rules loaded, 0 refused"
for rule in rules/*.yml; do
	dir=t/rules/$(basename "$rule" .yml)
	held "$rule" "$(ls "$dir"/fires.* 2>/dev/null)" true
	held "$rule" "$(ls "$dir"/near.* 2>/dev/null)" false
done
for dir in t/rules/*/; do
	[ -f "rules/$(basename "$dir").yml" ]
	ok "$dir has its rule" $?
done
done_testing
