#!/bin/sh
# spoor screen: lists of designated parties go in; a name of the attacker's side may match, and says
# why; our own people and who writes to them are refused; the journal says which lists were asked.
# The names and the characters are those of the charge of March 2024; dates, numbers and lists are
# invented.
. "$(dirname "$0")/lib.sh"
lists=$scratch/lists
mkdir "$lists"
python3 - "$lists" <<'PY'
import sys
d = sys.argv[1] + "/"
nothing = ",-0- " * 7
def sdn(name, rows):
    with open(d + name, "w", newline="") as f:
        f.write("".join(r + "\r\n" for r in rows) + "\x1a\r\n")
weng = '40001,"WENG, Ming","individual","CYBER2"' + nothing + ',"DOB 12 Apr 1981; nationality China; Passport E1234567 (China)."'
company = '40002,"WUHAN XIAORUIZHI SCIENCE AND TECHNOLOGY COMPANY, LIMITED",-0- ,"CYBER2"' + nothing + ',-0- '
xiong = '40003,"XIONG, Wang","individual","CYBER2"' + nothing + ',-0- '
sdn("SDN.CSV", [weng, company, xiong])
sdn("SDN-later.CSV", [company, xiong])
sdn("ALT.CSV", ['40003,7,"aka","BEAR, Warm",-0- '])
with open(d + "uk.csv", "w") as f:
    f.write("Report Date: 26-Mar-2024\n"
            "Last Updated,Unique ID,Name 6,Name 1,Name type,Alias strength,Name non-latin script,Regime Name,"
            "\"Individual, Entity, Ship\",Date Designated,D.O.B,Nationality(/ies)\n"
            "25/03/2024,CYB0097,ZHAO,Guangzong,Primary Name,,赵光宗,Cyber,Individual,25/03/2024,dd/mm/1985,China\n")
PY
new_case screen
run() { "$spoor" -C "$case" "$@"; }
asked() { run screen --purpose "test of screening" "$@"; }
fails() { # fails WHAT WORDS COMMAND…: must fail, and say so
	what=$1 words=$2
	shift 2
	"$@" >"$scratch/out" 2>"$scratch/err"
	[ $? -eq 1 ] && grep -q "$words" "$scratch/err" && ! [ -s "$scratch/out" ]
	ok "$what" $?
}

fails "off by default, and says how it is turned on" "screening: true" asked "Weng Ming"
sed -i 's/^# screening: true/screening: true/' "$case/spoor.yaml"
fails "no list" "no list of designated parties" asked "Weng Ming"
run intel add --json "$lists/SDN.CSV" "$lists/ALT.CSV" "$lists/uk.csv" >"$scratch/added"
eq "what went in" "$(json '(d["parties"], d["indicators"], d["skipped"])' "$scratch/added")" "(5, 0, [])"
fails "needs a purpose" "needs a purpose" run screen "Weng Ming"

answer() { # answer WORDS…: score, name and list of each
	asked --json "$@" >"$scratch/answer" || echo failed
	json '[(x.get("score"), x.get("name"), x.get("list"), x.get("entry")) for x in (d if isinstance(d, list) else [d])]' "$scratch/answer"
}
eq "by sound alone" "$(answer "Ming Weng")" "[(0.75, 'WENG, Ming', 'OFAC', '40001')]"
eq "what would raise it" "$(json 'd["would_raise"]' "$scratch/answer")" "['born 1981-04-12', 'Passport E1234567']"
eq "with the date of birth" "$(answer --born 1981-04-12 "Weng Ming")" "[(1, 'WENG, Ming', 'OFAC', '40001')]"
eq "with another" "$(answer --born 1960-04-12 "Weng Ming")" "[(None, None, None, None)]"
eq "with the number" "$(answer --id "E 123 4567" "Weng Ming")" "[(1, 'WENG, Ming', 'OFAC', '40001')]"
eq "characters, their old form" "$(answer "趙光宗")" "[(1, '赵光宗', 'UK Sanctions List', 'CYB0097')]"
eq "in Wade-Giles" "$(answer "Chao Kuang-tsung")" "[(0.75, 'Guangzong ZHAO', 'UK Sanctions List', 'CYB0097')]"
eq "the order is ambiguous" "$(answer "Wang Xiong"; json 'd["order_ambiguous"]' "$scratch/answer")" \
	"[(0.75, 'XIONG, Wang', 'OFAC', '40003')]
True"
eq "an alias of another file of the list" "$(answer "Warm Bear")" "[(1, 'BEAR, Warm', 'OFAC', '40003')]"
eq "both files are named" "$(json 'len(d["sources"])' "$scratch/answer")" 2
eq "the company" "$(answer "Wuhan Xiao Rui Zhi Technology")" \
	"[(1, 'WUHAN XIAORUIZHI SCIENCE AND TECHNOLOGY COMPANY, LIMITED', 'OFAC', '40002')]"
eq "with the list's own hash" "$(json 'd["sources"][0]["sha256"]' "$scratch/answer")" \
	"$(sha256sum <"$lists/SDN.CSV" | cut -d' ' -f1)"
eq "another company, another name" "$(answer "Wuhan Ruizhi Trading" "Wang Ming")" \
	"[(None, None, None, None), (None, None, None, None)]"
asked "Weng Ming" "趙光宗" "Nobody At All" >"$scratch/text"
eq "possible matches, and nothing else" "$(grep -c ': possible match to a designated party (' "$scratch/text")" 2
! grep -qw "is" "$scratch/text"
ok "never 'is'" $?
grep -q "UK Sanctions List of 2024-03-26 (sha256 $(sha256sum <"$lists/uk.csv" | cut -d' ' -f1))" "$scratch/text"
ok "the list's date and hash" $?

# Ours, and who writes to ours.
cat >"$scratch/people.csv" <<END
person,name,kind,value,role
17,Ada Early,email,ada@parliament.example,member
18,Cao Xueqin,email,cao@parliament.example,staff
END
printf '%s\n' '{"CreationTime":"2024-03-01T10:00:00","Id":"00000001-0000-4000-8000-000000000000","Operation":"Send","OrganizationId":"o","RecordType":2,"Version":1,"Workload":"Exchange","UserId":"writer@paper.example","MailboxOwnerUPN":"ada@parliament.example"}' >"$scratch/log.json"
run ingest "$scratch/log.json" >/dev/null && run people import "$scratch/people.csv" >/dev/null
ok "people and a log" $?
lines() { run status >/dev/null; cat "$case"/journal/* | grep -a -c '"command":"screen"'; }
before=$(lines)
fails "a member's name" "a person of this case" asked "Early, Ada"
fails "a member's address" "a person of this case" asked "ada@parliament.example"
fails "as a number beside another name" "a person of this case" asked --id ada@parliament.example "Weng Ming"
fails "a colleague, in another spelling" "a person of this case" asked "Ts'ao Hsueh-ch'in"
fails "a colleague, in characters" "a person of this case" asked "曹雪芹"
fails "who writes to a member" "corresponds with a protected person" asked "writer@paper.example"
sed -i 's/^organisation: .*/organisation: Parliament of Exampleland/; s/^domains: .*/domains: [parliament.example]/' "$case/spoor.yaml"
fails "the organisation" "this organisation's own" asked "Exampleland Parliament"
fails "an address of ours that no list has" "this organisation's own" asked --id "x@mail.parliament.example" "Weng Ming"
eq "another domain's" "$(answer --id "x@notparliament.example" "Weng Ming")" "[(0.75, 'WENG, Ming', 'OFAC', '40001')]"
before=$((before + 1))
eq "what was refused was not asked" "$(lines)" "$before"

# A newer list without somebody: what was said is still explained.
sum=$(sha256sum <"$lists/SDN.CSV" | cut -d' ' -f1)
later=$(sha256sum <"$lists/SDN-later.CSV" | cut -d' ' -f1)
cp "$lists/SDN-later.CSV" "$lists/SDN.CSV"
run intel add "$lists/SDN.CSV" >"$scratch/replaced"
ok "a newer list" $?
eq "whoever was removed is gone" "$(answer "Ming Weng")" "[(None, None, None, None)]"
eq "others are not" "$(answer "Xiong Wang")" "[(0.75, 'XIONG, Wang', 'OFAC', '40003')]"
cat "$case"/journal/* | grep -a '"command":"screen"' >"$scratch/screened"
grep -q "$sum" "$scratch/screened" && tail -n 1 "$scratch/screened" | grep -q "$later" &&
	! tail -n 1 "$scratch/screened" | grep -q "$sum"
ok "the journal has the lists of each day" $?
! grep -a -q -i "weng\|1981-04-12\|E1234567" "$scratch/screened"
ok "and no name" $?

# What is derived can be made again.
answer "趙光宗" >"$scratch/once"
rm -f "$case"/case.db*
run reindex >/dev/null 2>&1
eq "after the catalogue was lost" "$(answer "趙光宗")" "$(cat "$scratch/once")"
run fsck >"$scratch/fsck" 2>&1
ok "fsck" $?
# Which file came first makes no difference.
for order in "SDN.CSV ALT.CSV uk.csv" "uk.csv ALT.CSV SDN.CSV"; do
	new_case "order $order"
	sed -i 's/^# screening: true/screening: true/' "$case/spoor.yaml"
	for f in $order; do run intel add "$lists/$f" >/dev/null; done
	asked --json "Warm Bear" "Wang Xiong" "趙光宗" "Nobody" >"$scratch/answer $order"
done
same "the same in any order" "$scratch/answer SDN.CSV ALT.CSV uk.csv" "$scratch/answer uk.csv ALT.CSV SDN.CSV"

# The files of a list under one name are one source, whatever their order.
new_case feed
sed -i 's/^# screening: true/screening: true/' "$case/spoor.yaml"
run intel add --json --name ofac "$lists/ALT.CSV" "$lists/SDN.CSV" >"$scratch/added"
eq "rows of one entry are one" "$(json 'd["parties"]' "$scratch/added")" 2
eq "an alias of another file of the feed" "$(answer "Warm Bear"; json 'len(d["sources"])' "$scratch/answer")" \
	"[(1, 'BEAR, Warm', 'OFAC', '40003')]
1"
run screen --born soon --purpose x "Weng Ming" 2>"$scratch/err"
eq "a date that is none" $? 2
run screen --born 1981 --purpose x "Weng Ming" "Xiong Wang" 2>"$scratch/err"
eq "one date for two names" $? 2
done_testing
