#!/bin/sh
# What an office hands over: a heap of exports under any name, a tool's output folder, other
# people's events.  The content decides what each is.
. "$(dirname "$0")/lib.sh"

ingest() { # ingest NAME ARG…
	name=$1
	shift
	"$spoor" -C "$case" ingest --json "$@" >"$scratch/$name.json" 2>"$scratch/$name.err"
	ok "$name: read" $?
	"$spoor" -C "$case" status --json >"$scratch/status.json"
}

# All samples in one folder, under random names: each is its format's.  Only Zeek's log without its
# header can't be told; its records say so (no-header).
seed=${SEED:-$$}
echo "# SEED=$seed"
mkdir "$scratch/heap"
find t/formats -type f ! -name '*.want' | LC_ALL=C sort >"$scratch/samples"
python3 - "$scratch" "$seed" <<'PY'
import os, random, shutil, sys
scratch, seed = sys.argv[1:]
r = random.Random(seed)
with open(scratch + "/names", "w") as out:
    for path in open(scratch + "/samples"):
        path = path.strip()
        name = "%016x" % r.getrandbits(64) + r.choice(["", ".txt", ".csv", ".json", ".log", ".dat", ".eml"])
        shutil.copyfile(path, os.path.join(scratch, "heap", name))
        out.write("%s %s\n" % (name, path))
PY
new_case mixed
ingest heap "$scratch/heap"
eq "heap: each file is its format's" "$(python3 - "$scratch" <<'PY'
import json, os, sys
scratch = sys.argv[1]
names = dict(l.split() for l in open(scratch + "/names"))
formats = set()
for s in json.load(open(scratch + "/heap.json"))["sources"]:
    path = names[os.path.basename(s["path"])]
    want = path.split("/")[2]
    # The same bytes twice are one source.
    if s.get("known") or s.get("format") == want:
        formats.add(want)
    else:
        print(path, "is taken for", s.get("format"))
print(len(formats) >= 20)
PY
)" "t/formats/zeek/no-header.log is taken for 
True"
eq "heap: nothing ambiguous" "$(json 'd["flaws_by_name"].get("ambiguous", 0)' "$scratch/status.json")" 0

# The output folder of Microsoft-Extractor-Suite, as its versions lay it out.
out=$scratch/Output
put() { # put SAMPLE PATH
	mkdir -p "$(dirname "$out/$2")"
	cp "t/formats/$1" "$out/$2"
}
put m365-ual/search-csv.csv UnifiedAuditLog/20240501090000/UAL-20240501090000.csv
put m365-ual/search-csv.json UnifiedAuditLog/20240501090000/UAL-20240501090000.json
put m365-ual/graph.json UnifiedAuditLog/20240501090000-UALGraph.json
put extractor/statistics.csv UnifiedAuditLog/Amount_Of_Audit_Logs.csv
put extractor/sessions.csv MailItemsAccessed/Sessions.csv
put extractor/messages.csv MailItemsAccessed/MessageIDs-20240501.csv
put message-trace/cmdlet.csv MessageTrace/ada@parliament.example.org-MTL.csv
put exchange-state/inbox-rule-extractor.csv Rules/20240501090000-MailboxRules.csv
put exchange-state/inbox-rule-old.csv Rules/MailboxRules.csv
put exchange-state/transport-rule-extractor.csv Rules/20240501090000-TransportRules.csv
put exchange-state/permissions-extractor.csv "Mailbox Permissions/20240501-MailboxPermissions.csv"
put exchange-state/audit-extractor.csv "Audit Status/20240501-MailboxAuditStatus.csv"
put entra-state/grant-extractor.csv OAuthPermissions/20240501-OAuthPermissions.csv
put entra-state/application-extractor.csv EntraID/Applications/20240501-Applications.csv
put entra-state/registration.csv MFA/20240501-MFA-UserRegistrationDetails.csv
put entra-state/methods-extractor.csv MFA/20240501-MFA-AuthenticationMethods.csv
put entra-state/phones-extractor.csv MFA/20240501-MFA-PhoneMethods.csv
put entra-state/user-extractor.csv Users/20240501-Users.csv
put entra-state/role-extractor.csv Admins/Merged/20240501-All-Administrators.csv
put entra-state/role-pim-extractor.csv Roles/20240501-PIM-Assignments.csv
put entra-state/group-extractor.csv Groups/GroupMembers.csv
put entra-state/group-dynamic.csv Groups/DynamicGroups.csv
put entra-state/device-extractor.csv "Device Information/20240501-Devices.csv"
put entra-state/conditional-access-extractor.csv ConditionalAccess/ConditionalAccessPolicy.csv
put entra-state/security-defaults.csv Licenses/EntraSecurityDefaults.csv
put entra-state/licence.csv Licenses/20240501-TenantLicenses.csv
put entra-state/risky-user.csv RiskyEvents/20240501-RiskyUsers.csv
put entra-risk/extractor.csv RiskyEvents/20240501-RiskyDetections.csv
put security-alerts/extractor.csv SecurityAlerts/20240501-SecurityAlerts.csv
put entra-signin/graph.json EntraID/20240501-SignInLogs/interactiveUser/20240501-SignInLogs.json
put entra-audit/graph.json EntraID/20240501-Auditlogs/20240501-AuditLogs.json
put azure-activity/rest.json AzureActivityLogs/20240501-ActivityLog.json
put entra-state/secure-score.csv SecureScore/20240501-SecureScore.csv
# Windows PowerShell writes UTF-16.
iconv -f UTF-8 -t UTF-16 t/formats/extractor/LogFile.txt >"$out/LogFile.txt"
new_case extractor
echo '{"tool":"Microsoft-Extractor-Suite","when":"2024-05-01T09:00:00Z"}' >"$scratch/acquired.json"
ingest extractor --acquired "$scratch/acquired.json" "$out"
eq "extractor: all files are there" "$(json 'len(d["sources"])' "$scratch/extractor.json")" \
	"$(find "$out" -type f | grep -c .)"
eq "extractor: each has a format" \
	"$(json '[s["path"] for s in d["sources"] if not s.get("format")]' "$scratch/extractor.json")" "[]"
eq "extractor: each record is an event" \
	"$(json 'd["records_without_event"]' "$scratch/status.json")" 0
eq "extractor: each state has a date" "$("$spoor" -C "$case" events --json >"$scratch/events"
	json '[e["event.action"] for e in d if e.get("event.kind") == "state" and "@timestamp" not in e]' "$scratch/events")" "[]"

# Logs whose header changes midway are batches with a header each, and one may still be parsed when
# the next is cut: many of them, so that it happens.
mkdir "$scratch/w3c"
for i in $(seq 40); do
	for h in "date time c-ip cs-method cs-uri-stem sc-status" "date time cs-method cs-uri-stem c-ip sc-status"; do
		printf '#Software: Microsoft Internet Information Services 10.0\n#Fields: %s\n' "$h"
		case $h in
		*c-ip\ cs-method*) echo "2024-05-01 00:00:$((10 + i % 50)) 192.0.2.$i GET /a 200" ;;
		*) echo "2024-05-01 00:01:$((10 + i % 50)) GET /b 192.0.2.$i 200" ;;
		esac
	done >"$scratch/w3c/$i.log"
done
new_case headers
ingest headers "$scratch/w3c"
eq "headers: an event a line" "$(json 'd["events"], d["flaws"]' "$scratch/headers.json")" "(80, 0)"

# Telephony: a number in any spelling, and who looked it up.
new_case calls
ingest calls t/formats/call-record t/formats/call-lookup t/formats/entra-state/phones-extractor.csv
found() { "$spoor" -C "$case" search --json "$@" >"$scratch/found"; json 'sorted((x["value"], x["count"]) for x in (d if isinstance(d, list) else [d]) if x["count"])' "$scratch/found"; }
eq "calls: with its country, also where it stands without" "$(found "+44 (0)7700 900123")" \
	"[('+447700900123', 6), ('7700900123', 2)]"
eq "calls: as dialled at home" "$(found "07700 900123" | grep -c "'7700900123', ")" 1
eq "calls: who looked it up" "$("$spoor" -C "$case" events --json --format call-lookup >"$scratch/events"
	json 'sorted(e["user.name"] for e in d if "900123" in str(e.get("spoor.call.subject")))' "$scratch/events")" \
	"['k.brown', 'k.brown', 'svc-mediation']"

# A protected person's number needs a purpose, also as it is dialled at home; and is erased in all
# its spellings.
printf 'protected: ["+44 7700 900123"]\n' >"$case/spoor.yaml"
"$spoor" -C "$case" search "07700 900123" >/dev/null 2>&1
ok "calls: a protected number needs a purpose" "$([ $? -ne 0 ]; echo $?)"
"$spoor" -C "$case" search --purpose test "07700 900123" >/dev/null 2>&1
ok "calls: with a purpose" $?
"$spoor" -C "$case" erase --yes "tel:+44-7700-900123" >/dev/null 2>&1
ok "calls: erased" $?
eq "calls: erased in each spelling" "$("$spoor" -C "$case" events --json | tr -d ' ' | grep -c 7700900123)" 0
ok "calls: not in a byte of the folder" "$(grep -rqE '7700 ?900123' "$case/batches" "$case/segments" "$case/journal" "$case/case.db"; [ $? -eq 1 ]; echo $?)"

# Other people's events.
[ -e "$data/elastic-fixtures" ] && {
	# The fixtures give different records one id: that many are in conflict.
	while read -r file format records conflicts; do
		name=$(basename "$file")
		new_case "elastic-$name"
		ingest "$name" "$data/elastic-fixtures/$file"
		eq "elastic $name: what it is" \
			"$(json '[(s["format"], s["records"]) for s in d["sources"]]' "$scratch/$name.json")" \
			"[('$format', $records)]"
		eq "elastic $name: flaws" "$(json '[(k, n) for k, n in d["flaws_by_name"].items()] or [("id-conflict", 0)]' "$scratch/status.json")" \
			"[('id-conflict', $conflicts)]"
	done <<'EOF'
azure/test-signinlogs-raw.log entra-signin 5 2
google_workspace/test-login.log google-workspace 17 2
google_workspace/test-token.log google-workspace 1 0
o365/test-ip-formats-events.json m365-ual 15 15
EOF
}
[ -e "$data/panther-labelled-events" ] || {
	echo "# no panther-labelled-events in \$SPOOR_DATA"
	done_testing
}
mkdir "$scratch/panther"
python3 - "$data/panther-labelled-events" "$scratch/panther" <<'PY'
import glob, json, os, sys
for path in glob.glob(sys.argv[1] + "/*.jsonl"):
    with open("%s/%s" % (sys.argv[2], os.path.basename(path)[:-1]), "w") as out:
        for l in open(path):
            out.write(json.dumps(json.loads(l)["log"]) + "\n")
PY
# File, records, and those that no format claims: pieces without what every record of the log has
# (its source, its region, an id or a time), and logs of products that have no format here.
while read -r file records unclaimed; do
	new_case "panther-$file"
	ingest "$file" "$scratch/panther/$file.json"
	eq "$file: records" "$(json 'd["records"]' "$scratch/$file.json")" "$records"
	eq "$file: not recognised" "$(json 'd["flaws_by_name"].get("unrecognised", 0)' "$scratch/status.json")" "$unclaimed"
	eq "$file: nothing ambiguous, nothing lost" \
		"$(json 'd["flaws_by_name"].get("ambiguous", 0), d["records_without_event"]' "$scratch/status.json")" "(0, $unclaimed)"
done <<'EOF'
azure_activity 148 0
azure_signin 32 0
cloudtrail 290 7
gsuite 107 0
guardduty 6 0
m365 21 0
proofpoint 24 0
s3 13 1
standard 76 68
sublime 5 5
vpcflow 30 30
EOF
done_testing
