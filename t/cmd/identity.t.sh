#!/bin/sh
# Cloud and identity logs: one record in many shapes is one event, and other people's records are
# recognised with the outcome that a reader of the documentation expects.
. "$(dirname "$0")/lib.sh"

count() { "$spoor" -C "$case" events --count "$@" | tr -d ,; }
flawed() { "$spoor" -C "$case" events "$@" | grep -c '"id-conflict"'; }

# The samples, all shapes together.  The figures are those of the invented records (t/formats).
new_case shapes
for f in entra-signin entra-audit graph-activity defender-email defender-urls defender-attachments \
	defender-actions defender-clicks defender-apps message-trace; do
	find "t/formats/$f" -type f ! -name '*.want' ! -name 'hostile*'
done >"$scratch/list"
find t/formats/m365-ual -name 'native-*' ! -name '*.want' >>"$scratch/list"
# shellcheck disable=SC2046
"$spoor" -C "$case" ingest -q $(cat "$scratch/list") >/dev/null
ok "all shapes: read" $?
eq "sign-ins" "$(count --format entra-signin)" 11
# Seven records; one without an id; and the portal's CSV, which has no ids.
eq "directory audit" "$(count --format entra-audit)" 15
eq "Graph activity" "$(count --format graph-activity)" 5
eq "EmailEvents: message and recipient" "$(count --format defender-email)" 3
# Three links, and one row without its place.
eq "EmailUrlInfo" "$(count --format defender-urls)" 4
eq "EmailAttachmentInfo" "$(count --format defender-attachments)" 2
eq "EmailPostDeliveryEvents" "$(count --format defender-actions)" 2
eq "UrlClickEvents: a click through is a second event" "$(count --format defender-clicks)" 4
eq "CloudAppEvents: what is no audit record" "$(count --format defender-apps)" 1
# Five rows of cmdlets; two summaries; six steps.
eq "message trace" "$(count --format message-trace)" 13
eq "no copy differs" "$(flawed)" 0

# Google's list and its split lines: an activity of one event is the same in both.
new_case google
"$spoor" -C "$case" ingest -q t/formats/google-workspace/list.json >/dev/null
ok "list: read" $?
eq "list" "$(count)" 13
"$spoor" -C "$case" ingest -q t/formats/google-workspace/split.json t/formats/google-workspace/lines.json >/dev/null
ok "split: read" $?
eq "split: the two events of one activity" "$(count)" 15
eq "split: one of them differs from the whole" "$(flawed)" 2

# Other people's.
[ -e "$data/elastic-fixtures" ] && [ -e "$data/panther-labelled-events" ] || {
	echo "# no third-party logs in \$SPOOR_DATA"
	done_testing
}
python3 - "$data/panther-labelled-events" "$scratch" <<'PY'
import json, sys
for name in ("azure_signin", "gsuite"):
    with open(f"{sys.argv[2]}/{name}.json", "w") as out:
        for l in open(f"{sys.argv[1]}/{name}.jsonl"):
            out.write(json.dumps(json.loads(l)["log"]) + "\n")
PY
# What Python, which knows nothing of formats/, makes of the records.
cat >"$scratch/oracle.py" <<'PY'
import collections, json, sys
kind, path = sys.argv[1:]
interrupts = {"50140", "50074", "50076", "50072", "50079", "50125", "50097", "50058", "65001", "16000", "50199"}
outcomes, who, where = collections.Counter(), collections.Counter(), collections.Counter()
for l in open(path):
    d = json.loads(l)
    outcome = "unknown"
    if kind == "signin":
        p = d["properties"]
        if "SignIn" in d["category"]:
            result = str(p.get("status", {}).get("errorCode", d.get("resultType", d.get("resulttype"))))
            outcome = ("success" if result in ("0", "Success") else
                       "unknown" if result in interrupts else "failure")
            who[p.get("userPrincipalName")] += 1
            where[p.get("ipAddress")] += 1
        else:
            result = p.get("result", d.get("result", "")).lower()
            outcome = result if result in ("success", "failure") else "unknown"
            by = p["initiatedBy"]["user"]
            who[by["userPrincipalName"]] += 1
            where[by["ipAddress"]] += 1
    else:
        e = d["events"] if "events" in d else d
        name = e.get("name", "")
        status = ""
        for q in e.get("parameters") or [] if "events" in d else []:
            if q["name"] == "login_challenge_status":
                status = q["value"].lower()
        # Gmail says it itself.
        sent = (d.get("parameters") or {}).get("event_info", {}).get("success")
        if isinstance(sent, bool):
            outcome = "success" if sent else "failure"
        elif name in ("login_success", "login_verification", "logout", "risky_sensitive_action_allowed") or \
           (status and "passed" in status):
            outcome = "success"
        elif name == "login_failure" or (status and "failed" in status):
            outcome = "failure"
        who[d.get("actor", {}).get("email")] += 1
        where[d.get("ipAddress")] += 1
    outcomes[outcome] += 1
for x in [x for x in who if "@" not in (x or "")]:
    del who[x]
del where[None], where[""]
print(json.dumps([outcomes, sum(outcomes.values()), who, where], sort_keys=True))
PY
# The reader's printer shows records that a case would take for copies.
printer=$OUT/t/read/samples.t
if [ -x "$printer" ]; then
	cat >"$scratch/read.py" <<'PY'
import collections, json, re, sys
outcomes, who, where = collections.Counter(), collections.Counter(), collections.Counter()
for l in sys.stdin:
    assert not l.startswith("- "), l
    outcomes[l.split()[2]] += 1
    for field, c in (("user.email", who), ("source.ip", where)):
        m = re.search(r' %s=("(?:[^"\\]|\\.)*")' % re.escape(field), l)
        if m:
            c[json.loads(m[1])] += 1
print(json.dumps([outcomes, sum(outcomes.values()), who, where], sort_keys=True))
PY
	for t in "signin $scratch/azure_signin.json" "signin $data/elastic-fixtures/azure/test-signinlogs-raw.log" \
		"google $scratch/gsuite.json" "google $data/elastic-fixtures/google_workspace/test-login.log" \
		"google $data/elastic-fixtures/google_workspace/test-token.log"; do
		# shellcheck disable=SC2086
		set -- $t
		eq "$(basename "$2"): outcomes, accounts, addresses" \
			"$("$printer" "$2" | python3 "$scratch/read.py")" \
			"$(python3 "$scratch/oracle.py" "$1" "$2")"
	done
fi
done_testing
