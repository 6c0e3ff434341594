#!/bin/sh
# A record meets a rule whether it came before it or after it: the same findings, byte by byte, of cases
# that got the rules first, the logs first, or some of each, on the logs of others and with their rules.
. "$(dirname "$0")/../cmd/lib.sh"
cd "$scratch" || exit 2
data=${SPOOR_DATA-}
if ! [ -d "$data/sigma" ] || ! [ -d "$data/o365-ual" ] || ! [ -d "$data/panther-labelled-events" ]; then
	ok "stream and history # SKIP no sigma, o365-ual and panther-labelled-events in \$SPOOR_DATA" 0
	done_testing
	exit
fi
logs=
few="o365-ual panther-labelled-events aws-cloudtrail"
more="stratus-detonation elastic-fixtures otrf-mordor suricata-eve zeek-baselines zeek-wrccdc mail-phishing-pot
	mail-spamassassin"
for d in $few ${CHECK_LONG:+$more}; do
	[ ! -d "$data/$d" ] || logs="$logs $data/$d"
done
# The events of the rules' own tests, as they are.
find "$data/sigma" -path '*regression*' -name '*.json' -exec cat {} + >regression.json
add() { "$spoor" -C "$case" ingest -q "$@" >out 2>err; cat out >>said; }
rules() { "$spoor" -C "$case" intel add --name "$1" "$2" >out 2>err; }
asked() { "$spoor" -C "$case" detect --json >"$1" 2>"$1.said"; }

new_case first
rules sigma "$data/sigma"
ok "rules first" $?
for f in $logs; do add "$f"; done
add regression.json
grep -q "times the case's rules match it" said
ok "ingest says that rules matched" $?
asked stream
ok "asked" $?

new_case later
add regression.json
for f in $logs; do add "$f"; done
rules sigma "$data/sigma"
grep -q 'times its rules match history' out
ok "and so does intel add of what came before" $?
asked history
same "logs first" stream history

new_case between
add regression.json
"$spoor" -C "$case" detect --json >early 2>/dev/null
rules sigma "$data/sigma"
for f in $logs; do add --no-merge -j1 "$f"; done
asked mixed
same "rules in between, and one worker" stream mixed
ok "there is something to compare" "$(wc -l <stream | awk '{ print $1 < 500 }')"
echo "# $(wc -l <stream) findings of $(jq -r .rule stream | sort -u | wc -l) rules"
done_testing
