#!/bin/sh
# People: lists go in, who had what when comes out, and events belong to the person whose address it
# was at their time.
. "$(dirname "$0")/lib.sh"
unset SPOOR_PURPOSE
python3 - "$scratch" <<'PY'
import json, sys
d = sys.argv[1]
def event(n, when, user, **more):
    e = {"CreationTime": when, "Id": "%08x-0000-4000-8000-000000000000" % n, "Operation": "UserLoggedIn", "OrganizationId": "o",
         "RecordType": 15, "Version": 1, "Workload": "AzureActiveDirectory", "UserId": user, "ClientIP": "198.51.100.7"}
    e.update(more)
    return json.dumps(e) + "\n"
with open(d + "/log.json", "w") as f:
    f.write(event(1, "2014-06-01T10:00:00", "seat@parliament.example"))
    f.write(event(2, "2015-03-30T23:59:59", "seat@parliament.example"))
    f.write(event(3, "2015-04-15T10:00:00", "seat@parliament.example"))
    f.write(event(4, "2015-05-08T00:00:00", "seat@parliament.example"))
    f.write(event(5, "2016-01-01T10:00:00", "seat@parliament.example"))
    f.write(event(6, "2016-01-02T10:00:00", "clerk@parliament.example"))
    f.write(event(7, "2016-01-03T10:00:00", "clerk@parliament.example", MailboxOwnerUPN="seat@parliament.example"))
    f.write(event(8, "2016-01-04T10:00:00", "porter@parliament.example"))
with open(d + "/members.csv", "w") as f:
    f.write("person,name,kind,value,from,to,role,body,role from,role to\n"
            "17,Ada Early,email,seat@parliament.example,2010-05-06,2015-03-30,member,House,2010-05-06,2015-03-30\n"
            "17,,phone,+44 1632 960961,,,,,,\n"
            "18,Ben Later,upn,seat@parliament.example,2015-05-08,,member,House,2015-05-08,\n"
            "19,Cy Clerk,email,clerk@parliament.example,,,staff,Office,,\n"
            "20,Di Porter,email,porter@parliament.example,,,staff,Gate,,\n")
head = "userPrincipalName,displayName,surname,mail,givenName,id,userType,department,telephoneNumber,createdDateTime\n"
with open(d + "/users.csv", "w") as f:
    f.write(head + 'Seat@parliament.example,"Later, Ben",Later,seat@parliament.example,Ben,7CC0C81B-F2A2-489A-8243-EDA96DA4214D,Member,,+44 20 7946 0958,5/8/2015 12:00:00 AM\n')
with open(d + "/popolo.json", "w") as f:
    json.dump({"persons": [{"id": "b4b1e8c2-0000-4000-8000-000000000018", "name": "Benjamin Later",
                            "identifiers": [{"scheme": "entra", "identifier": "7cc0c81b-f2a2-489a-8243-eda96da4214d"}],
                            "contact_details": [{"type": "email", "value": "ben@party.example"}]}],
               "organizations": [{"id": "house", "name": "House of Examples", "classification": "chamber"}],
               "events": [{"id": "term/56", "classification": "legislative period", "start_date": "2015-05-08", "end_date": "2017-05"}],
               "memberships": [{"person_id": "b4b1e8c2-0000-4000-8000-000000000018", "organization_id": "house",
                                "role": "member", "legislative_period_id": "term/56"}]}, f)
PY
new_case people
run() { "$spoor" -C "$case" "$@"; }
asked() { run "$@" --purpose "test of people"; }
run ingest "$scratch/log.json" >/dev/null
ok "ingest" $?
run people import --json "$scratch/members.csv" "$scratch/users.csv" "$scratch/popolo.json" >"$scratch/import"
ok "import" $?
eq "what the lists are" "$(json '[(x["kind"], x["persons"], x["skipped"]) for x in (d if isinstance(d, list) else [d])]' "$scratch/import")" \
	"[('csv', 4, []), ('entra', 1, []), ('popolo', 1, [])]"
run people import --json "$scratch/users.csv" >"$scratch/again"
eq "again: known" "$(json 'd["known"]' "$scratch/again")" True

# Ben is one person of three lists: by sign-in name and object id.
run people list --json >"$scratch/list"
eq "four persons" "$(json '[x["person"] for x in (d if isinstance(d, list) else [d])]' "$scratch/list")" "['id:17', 'id:18', 'id:19', 'id:20']"
asked people show --json 18 >"$scratch/ben"
eq "his ids" "$(json 'd["ids"]' "$scratch/ben")" \
	"['id:18', 'entra:7cc0c81b-f2a2-489a-8243-eda96da4214d', 'popolo:b4b1e8c2-0000-4000-8000-000000000018']"
eq "his membership ends with its period" \
	"$(json '[(r["body"], r["from"], r["to"]) for r in d["roles"] if r["body"] == "House of Examples"]' "$scratch/ben")" \
	"[('House of Examples', '2015-05-08T00:00:00Z', '2017-06-01T00:00:00Z')]"
asked who --json seat@parliament.example >"$scratch/who"
eq "who it was" "$(json 'sorted({(x["person"], x["from"], x["to"], x["disputed"]) for x in (d if isinstance(d, list) else [d]) if x["lists"][0]["list"] == "members.csv"})' "$scratch/who")" \
	"[('id:17', '2010-05-06T00:00:00Z', '2015-03-31T00:00:00Z', False), ('id:18', '2015-05-08T00:00:00Z', None, False)]"
eq "who it was then" "$(asked who --json --at 2012-01-01 seat@parliament.example | json '[x["person"] for x in (d if isinstance(d, list) else [d])]' /dev/stdin)" "['id:17']"
eq "and nobody in between" "$(asked who --json --at 2015-04-15 seat@parliament.example | json 'd["person"]' /dev/stdin)" None
eq "by number" "$(asked who --json '+441632960961' | json 'd["person"]' /dev/stdin)" id:17
eq "by object id" "$(asked who --json 7cc0c81b-f2a2-489a-8243-eda96da4214d | json 'd["person"]' /dev/stdin)" id:18

# One address, two holders: each event belongs to whose it was.
events_of() { asked events --person "$1" --json | json '[int(x["event.id"] != "") and x["@timestamp"] for x in (d if isinstance(d, list) else [d])]' /dev/stdin; }
eq "events of the first holder" "$(events_of id:17)" "['2014-06-01T10:00:00Z', '2015-03-30T23:59:59Z']"
eq "events of the second" "$(events_of 'Ben Later')" "['2015-05-08T00:00:00Z', '2016-01-01T10:00:00Z', '2016-01-03T10:00:00Z']"
eq "they say whose they are" "$(asked events --person id:17 | json '{x["spoor.person"] for x in (d if isinstance(d, list) else [d])}' /dev/stdin)" "{'id:17'}"

# Protection: members by role, their correspondents by a record that both stand in.
run who seat@parliament.example >/dev/null 2>&1
eq "who needs a purpose" $? 1
run search '+441632960961' >/dev/null 2>&1
eq "any identity needs one" $? 1
run search clerk@parliament.example >/dev/null 2>"$scratch/err"
eq "a correspondent needs one" $? 1
ok "and that is said" "$(grep -q 'corresponds with a protected person' "$scratch/err"; echo $?)"
run events --account clerk@parliament.example >/dev/null 2>&1
eq "events of a correspondent need one" $? 1
run events --person 19 >/dev/null 2>&1
eq "and a person's who is one" $? 1
run search porter@parliament.example >/dev/null 2>&1
eq "others do not" $? 0
run search 198.51.100.7 >/dev/null 2>&1
eq "an address of the network does not" $? 0
asked search clerk@parliament.example >/dev/null
ok "with a purpose it goes on" $?
ok "and is journalled" "$(grep -q '"purpose":"test of people"' "$case/journal/lines.jsonl"; echo $?)"
ok "without the value" "$(grep -q 'clerk@' "$case/journal/lines.jsonl" && echo 1 || echo 0)"
new_case calls
printf 'record_id,caller,callee,start\n1,+441632960961,+447700900999,2012-01-01T10:00:00Z\n2,+447700900888,+447700900777,2012-01-02T10:00:00Z\n' >"$scratch/calls.csv"
run ingest "$scratch/calls.csv" >/dev/null
run people import "$scratch/members.csv" >/dev/null
run search '+44 7700 900999' >/dev/null 2>&1
eq "the other end of a call is a correspondent" $? 1
run search '+447700900888' >/dev/null 2>&1
eq "who called others is not" $? 0
eq "calls are events of the number's owner" "$(asked events --person 17 | json 'd["spoor.call.to"]' /dev/stdin)" '+447700900999'
python3 - "$scratch" <<'PY'
import json, sys
mail = lambda n, a, b: {"Organization": "parliament.example", "MessageId": "<%d@x.example>" % n, "Received": "2013-02-07T08:00:00Z",
    "SenderAddress": a, "RecipientAddress": b, "Subject": "s", "Status": "Delivered", "ToIP": "", "FromIP": "198.51.100.25",
    "Size": "1", "MessageTraceId": "3c000000-0000-4000-8000-%012d" % n}
json.dump([mail(1, "reporter@news.example", "seat@parliament.example"), mail(2, "shop@a.example", "porter@parliament.example")],
    open(sys.argv[1] + "/trace.json", "w"))
PY
run ingest "$scratch/trace.json" >/dev/null
run search reporter@news.example >/dev/null 2>&1
eq "who wrote to a member is a correspondent" $? 1
run search shop@a.example >/dev/null 2>&1
eq "who wrote to others is not" $? 0
case=$scratch/people
cp "$case/spoor.yaml" "$scratch/spoor.yaml"
echo 'protected_roles: [staff]' >>"$case/spoor.yaml"
run search porter@parliament.example >/dev/null 2>&1
eq "roles are the case's to choose" $? 1
{ cat "$scratch/spoor.yaml"; echo 'protected_roles: [king]'; } >"$case/spoor.yaml"
run status >/dev/null 2>&1
eq "but have to be roles" $? 1
cp "$scratch/spoor.yaml" "$case/spoor.yaml"
eq "status counts" "$(run status --json | json '(d["people_lists"], d["persons"])' /dev/stdin)" "(3, 4)"

# In any order, the same answers; and from journal and files alone.
answers() { # answers CASE
	for q in "people list" "people lists" "who seat@parliament.example" "people show 18" "people show 17" "events --person 18"; do
		"$spoor" -C "$1" $q --json --purpose x | sed 's/"added":"[^"]*"//'
	done
}
answers "$case" >"$scratch/want"
for order in "popolo.json users.csv members.csv" "users.csv popolo.json members.csv" "users.csv members.csv popolo.json"; do
	new_case "order-$(echo $order | tr -c "a-z\n" -)"
	run ingest "$scratch/log.json" >/dev/null
	for f in $order; do run people import "$scratch/$f" >/dev/null; done
	answers "$case" >"$scratch/got"
	same "in the order $order" "$scratch/got" "$scratch/want"
done
rm "$case/case.db" "$case"/case.db-* 2>/dev/null
run reindex >/dev/null
ok "the catalogue is rebuilt" $?
answers "$case" >"$scratch/got"
same "and says the same" "$scratch/got" "$scratch/want"
run fsck >"$scratch/fsck" 2>&1
ok "fsck" $?
run backup "$scratch/copy" >/dev/null
ok "backup" $?
answers "$scratch/copy" >"$scratch/got"
same "the copy says the same" "$scratch/got" "$scratch/want"
"$spoor" -C "$scratch/copy" fsck >/dev/null 2>&1
ok "fsck of the copy" $?

# A list with dates: what changed hands in between is known.
new_case dated
printf 'person,name,email\n1,Old Holder,desk@office.example\n2,Stays,stay@office.example\n' >"$scratch/v1.csv"
printf 'person,name,email\n3,New Holder,desk@office.example\n2,Stays,stay@office.example\n' >"$scratch/v2.csv"
run people import --source staff --at 2024-01-01 "$scratch/v2.csv" >/dev/null
run people import --source staff --at 2020-01-01 "$scratch/v1.csv" >/dev/null
ok "two dates of a list" $?
eq "before" "$(run who --json --at 2019-01-01 desk@office.example | json 'd["name"]' /dev/stdin)" "Old Holder"
eq "until the next one" "$(run who --json --at 2023-12-31 desk@office.example | json 'd["name"]' /dev/stdin)" "Old Holder"
eq "from then on" "$(run who --json --at 2024-01-01 desk@office.example | json 'd["name"]' /dev/stdin)" "New Holder"
eq "who stays is one stretch" "$(run who --json stay@office.example | json '(d["from"], d["to"], len(d["lists"]))' /dev/stdin)" "(None, None, 2)"
printf 'person,name,email\n4,Newer Holder,desk@office.example\n' >"$scratch/v3.csv"
eq "the same date again takes its place" "$(run people import --json --source staff --at 2024-01-01 "$scratch/v3.csv" | json 'd["replaced"]' /dev/stdin)" True
eq "whole" "$(run people list --json | json '[x["name"] for x in (d if isinstance(d, list) else [d])]' /dev/stdin)" "['Newer Holder', 'Old Holder', 'Stays']"
eq "files of what went are gone" "$(ls "$case/people" | wc -l)" 4
run people remove staff --at 2020-01-01
ok "a list can be taken out again" $?
eq "with all it said" "$(run people list --json | json 'd["name"]' /dev/stdin)" "Newer Holder"
run people remove nothing 2>/dev/null
eq "one that isn't there" $? 2
rm "$case/case.db" "$case"/case.db-* 2>/dev/null
eq "it stays out of a rebuilt catalogue" "$(run reindex >/dev/null; run people list --json | json 'd["name"]' /dev/stdin)" "Newer Holder"
run fsck >/dev/null 2>&1
ok "fsck" $?

# Claims of several at a time are kept, and said.
printf 'person,name,email,role\n5,Other,desk@office.example,staff\n6,Front Desk,desk@office.example,role-account\n' >"$scratch/other.csv"
run people import "$scratch/other.csv" >/dev/null
eq "disputed" "$(run who --json desk@office.example | json 'sorted((x["name"], x["disputed"]) for x in (d if isinstance(d, list) else [d]))' /dev/stdin)" \
	"[('Front Desk', False), ('Newer Holder', True), ('Other', True)]"
run events --person desk@office.example >/dev/null 2>"$scratch/err"
eq "an address of several is nobody's name" $? 2

# Many claims at random: what is disputed is what a comparison of each with each says.
new_case many
python3 - "$scratch/many.csv" <<'EOF'
import random, sys
random.seed(17)
with open(sys.argv[1], "w") as f:
    f.write("person,name,email,from,to,role\n")
    for i in range(400):
        a, b = sorted(random.sample(range(1950, 2020), 2))
        person = random.randrange(120)
        f.write("%d,P,m%d@many.example,%s,%s,%s\n" % (person, i % 25, random.choice(["", a]),
            random.choice(["", b, a - 9]), "role-account" if person % 9 == 0 else "other"))
EOF
run people import "$scratch/many.csv" >/dev/null
run who --json $(seq -f 'm%g@many.example' 0 24) >"$scratch/claims"
eq "disputes" "$(python3 - "$scratch/claims" <<'EOF'
import json, sys
d = [json.loads(line) for line in open(sys.argv[1])]
wrong, n = 0, 0
for x in d:
    want = False
    for y in d:
        meet = all((p["from"] or "") < (q["to"] or "9") for p in (x, y) for q in (x, y))
        want |= (x["value"] == y["value"] and x["person"] != y["person"] and meet and
            int(x["person"][3:]) % 9 > 0 and int(y["person"][3:]) % 9 > 0)
    wrong += want != x["disputed"]
    n += want
print(wrong, 20 < n < len(d) - 20)
EOF
)" "0 True"

# Names join nothing, and one sign-in name does not make one person of two with ids of their own.
new_case joins
printf 'person,name,email\n1,Jane Doe,a@one.example\n' >"$scratch/a.csv"
printf 'person,name,email\n2,Jane Doe,b@two.example\n' >"$scratch/b.csv"
printf 'person,name,upn\n7,P,x@three.example\n8,Q,x@three.example\n' >"$scratch/c.csv"
printf 'person,id,name\n7,entra:11111111-2222-4333-8444-555555555555,P\n' >"$scratch/d.csv"
run people import "$scratch/a.csv" "$scratch/b.csv" "$scratch/c.csv" "$scratch/d.csv" >/dev/null
eq "namesakes stay two" "$(run people list --json | json '[x["person"] for x in (d if isinstance(d, list) else [d])]' /dev/stdin)" "['id:1', 'id:2', 'id:7', 'id:8']"
eq "and all show" "$(run people show --json "jane doe" | json '[x["person"] for x in (d if isinstance(d, list) else [d])]' /dev/stdin)" "['id:1', 'id:2']"

# Erasing: no byte of the folder has it afterwards, and the others stay.
new_case erase
printf 'person,name,kind,value,role,title\n1,Canary Person,email,canary.person@example.org,staff,aide\n1,,phone,+441632960777,,\n2,Other,email,other@example.org,staff,aide of canary.person\n2,,account,x-canary.person,,\n,,email,bad canary.person address,,\n' >"$scratch/canary.person.csv"
run people import "$scratch/canary.person.csv" >/dev/null
run people import --source "list of canary.person" --at 2020-01-01 "$scratch/members.csv" >/dev/null
run erase --yes --json canary.person@example.org canary.person "Canary Person" >"$scratch/out"
ok "erase" $?
eq "what went" "$(json 'd["people"] > 5' "$scratch/out")" True
eq "who is left" "$(run people list --json | json 'sorted(x["name"] for x in (d if isinstance(d, list) else [d]))' /dev/stdin)" \
	"['', 'Ada Early', 'Ben Later', 'Cy Clerk', 'Di Porter', 'Other']"
eq "not a byte" "$(grep -rli 'canary' "$case" | head; find "$case" -name '*anary*')" ""
grep -rlaE '63616e617279' "$case" >"$scratch/hex"
eq "nor in hexadecimal" "$(cat "$scratch/hex")" ""
eq "lists stay two" "$(run people lists --json | json 'len((d if isinstance(d, list) else [d]))' /dev/stdin)" 2
run fsck >"$scratch/fsck" 2>&1
ok "fsck" $?
sed 's/^/# /' "$scratch/fsck" | head -5
rm "$case/case.db" "$case"/case.db-* 2>/dev/null
run reindex >/dev/null
run people list --json >"$scratch/got"
eq "nor after a rebuild" "$(grep -c Later "$scratch/got"; grep -ci canary "$scratch/got")" "1
0"

# A case from before there were lists of people.
new_case older
rmdir "$case/people"
run fsck >/dev/null 2>&1
ok "fsck of an older case" $?
run people import "$scratch/members.csv" >/dev/null
ok "gets its first list" $?
run fsck >/dev/null 2>&1
ok "fsck" $?

# What is no list changes nothing.
new_case bad
printf 'nothing\nof people\n' >"$scratch/bad.txt"
run people import "$scratch/bad.txt" 2>/dev/null
eq "no list" $? 2
: >"$scratch/empty"
run people import "$scratch/empty" 2>/dev/null
eq "an empty file" $? 2
run people import --as king "$scratch/members.csv" 2>/dev/null
eq "no such kind" $? 2
printf 'userPrincipalName,id\n' >"$scratch/none.csv"
run people import "$scratch/none.csv" 2>/dev/null
eq "a list of nobody" $? 2
eq "and the journal has none of it" "$(grep -c '"people"' "$case/journal/lines.jsonl")" 0
run who nobody@example.org >"$scratch/out"
ok "nobody's" "$(grep -q "nobody's" "$scratch/out"; echo $?)"
done_testing
