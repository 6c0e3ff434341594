#!/bin/sh
# Bad input gets a clear message or a recorded flaw, and nothing is lost.
. "$(dirname "$0")/lib.sh"
new_case hostile
good='{"CreationTime":"2022-03-01T00:00:00","Id":"00000000-0000-4000-8000-00000000000%s","Operation":"UserLoggedIn","OrganizationId":"o","RecordType":15,"Version":1,"Workload":"AzureActiveDirectory","UserId":"jo@example.org","ClientIP":"198.51.100.%s"}\n'
h=$scratch/h
mkdir "$h"
line() { printf "$good" "$1" "$1"; }

# read_one NAME RECORDS EVENTS FLAW: one file, as many records and events, with the flaw named.
read_one() {
	new_case "one-$1"
	"$spoor" -C "$case" ingest --json "$h/$1" >"$scratch/out" 2>"$scratch/err"
	status=$?
	eq "$1: status" $status "${5:-0}"
	eq "$1: records" "$(json 'd["records"]' "$scratch/out")" "$2"
	eq "$1: events" "$(json 'd["events"]' "$scratch/out")" "$3"
	if [ -n "$4" ]; then
		"$spoor" -C "$case" status --json >"$scratch/status"
		ok "$1: flaw $4" "$([ "$(json "d['flaws_by_name'].get('$4', 0)" "$scratch/status")" -gt 0 ]; echo $?)"
	fi
	"$spoor" -C "$case" fsck >"$scratch/fsck" 2>&1
	ok "$1: fsck" $?
}

{ line 1; printf '{"CreationTime":"2022-03-01T00:00:00","Id":"x","Operation":"a\377b","OrganizationId":"o","RecordType":15,"Workload":"w","UserId":"u","Version":1}\n'; line 2; } >"$h/bad-utf8.json"
read_one bad-utf8.json 3 3 bad-utf8
{ line 1; printf '{"CreationTime":"2022-03-01T00:00:00","Id":"x","Operation":"a\000b","OrganizationId":"o","RecordType":15,"Workload":"w","UserId":"u","Version":1}\n'; line 2; } >"$h/nul.json"
read_one nul.json 3 3 control-byte
{ line 1; printf '{"CreationTime":"2022-03-01T00:00:00","Id":"x","Id":"y","Operation":"o","OrganizationId":"o","RecordType":15,"Workload":"w","UserId":"u","Version":1}\n'; } >"$h/duplicate-keys.json"
read_one duplicate-keys.json 2 2 duplicate-key
{ line 1; printf '{"CreationTime":"2022-03-01T00:00:00","Id":"x","Operation":"o","OrganizationId":"o","RecordType":123456789012345678901234567890,"Workload":"w","UserId":"u","Version":1e999999}\n'; } >"$h/numbers.json"
read_one numbers.json 2 2 ''
{ line 1; printf '{"CreationTime":"2022-03-01T00:00:00","Id":"x","Operation":"o","OrganizationId":"o","RecordType":1,"Workload":"w","UserId":"u","Version":1,"Deep":'; head -c 10000 /dev/zero | tr '\0' '['; head -c 10000 /dev/zero | tr '\0' ']'; printf '}\n'; line 2; } >"$h/deep.json"
read_one deep.json 3 3 too-deep
{ line 1; line 2; printf '{"CreationTime":"2022-03-01T00:00:00","Id":"x","Oper'; } >"$h/cut.json"
read_one cut.json 3 2 truncated
{ line 1; printf '\n\n'; line 2; } | iconv -f utf-8 -t utf-16 >"$h/utf16.json"
read_one utf16.json 2 2 ''
{ line 1; line 2; line 3; } | gzip -c | head -c 150 >"$h/cut.json.gz"
new_case one-gz
"$spoor" -C "$case" ingest --json "$h/cut.json.gz" >"$scratch/out"
ok "truncated gzip: read" $?
"$spoor" -C "$case" status --json >"$scratch/status"
ok "truncated gzip: flaw" "$([ "$(json "d['flaws_by_name'].get('bad-compression', 0) + d['flaws_by_name'].get('truncated', 0)" "$scratch/status")" -gt 0 ]; echo $?)"
printf '#separator \\x09\n#path\tdns\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tquery\n#types\ttime\tstring\taddr\tport\taddr\tport\tstring\n1616000000.0\tC1\t10.0.0.1\t5\t10.0.0.2\t53\ta.example.org\n1616000001.0\tC2\t10.0' >"$h/cut-zeek.log"
new_case one-zeek
"$spoor" -C "$case" ingest --json "$h/cut-zeek.log" >"$scratch/out"
eq "a Zeek log cut mid-line: records" "$(json 'd["records"]' "$scratch/out")" 2
"$spoor" -C "$case" search --json a.example.org >"$scratch/out"
eq "a Zeek log cut mid-line: what was whole is found" "$(json 'd["count"]' "$scratch/out")" 1
printf 'CreationDate,UserIds,Operations,AuditData\n2022-03-01,u,o,"{""Id"":""x"",""CreationTime"":""2022-03-01T00:00:00"",""Operation"":""o"",""RecordType"":1,""Workload"":""w"",""OrganizationId"":""o"",""UserId"":""u"",""Version"":1}"\n2022-03-01,u,o,"{""Id"":""y\n' >"$h/quote.csv"
new_case one-csv
"$spoor" -C "$case" ingest --json "$h/quote.csv" >"$scratch/out"
eq "an unclosed quote: records" "$(json 'd["records"]' "$scratch/out")" 2
"$spoor" -C "$case" status --json >"$scratch/status"
ok "an unclosed quote: flaw" "$([ "$(json "d['flaws_by_name'].get('unclosed-quote', 0)" "$scratch/status")" -gt 0 ]; echo $?)"
# A line that is too long: raw spans, no event, and what stands around it is there.
{ line 1; printf '{"x":"'; head -c ${LONG_LINE:-80000000} /dev/zero | tr '\0' 'a'; printf '"}\n'; line 2; } >"$h/long.json"
new_case one-long
"$spoor" -C "$case" ingest --json "$h/long.json" >"$scratch/out"
ok "a long line: read" $?
eq "a long line: the others are events" "$(json 'd["events"]' "$scratch/out")" 2
"$spoor" -C "$case" status --json >"$scratch/status"
ok "a long line: flaw too-long" "$([ "$(json "d['flaws_by_name'].get('too-long', 0)" "$scratch/status")" -gt 0 ]; echo $?)"
rm "$h/long.json"
# A bomb: 1 GiB of zeros twice compressed.
head -c 1073741824 /dev/zero | gzip -c | gzip -c >"$h/bomb.gz"
new_case one-bomb
"$spoor" -C "$case" ingest --json "$h/bomb.gz" >"$scratch/out" 2>"$scratch/err"
"$spoor" -C "$case" status --json >"$scratch/status"
ok "a bomb: flaw" "$([ "$(json "d['flaws_by_name'].get('bomb', 0)" "$scratch/status")" -gt 0 ]; echo $?)"
"$spoor" -C "$case" fsck >/dev/null 2>&1
ok "a bomb: fsck" $?
rm "$h/bomb.gz"
# A folder that contains itself by a link, and a file that can't be read.
mkdir -p "$scratch/loop/in"
ln -s ../.. "$scratch/loop/in/up"
ln -s . "$scratch/loop/self"
line 1 >"$scratch/loop/in/a.json"
new_case one-loop
case_loop=$case
"$spoor" -C "$case" ingest --json "$scratch/loop/in/a.json" >/dev/null
mkdir "$scratch/l2"; line 2 >"$scratch/l2/b.json"; ln -s . "$scratch/l2/self"
"$spoor" -C "$case_loop" ingest --json "$scratch/l2" >"$scratch/out"
eq "a folder in itself: read once" "$(json 'd["events"]' "$scratch/out")" 1
if [ "$(id -u)" -ne 0 ]; then
	line 3 >"$scratch/l2/c.json"
	chmod 0 "$scratch/l2/c.json"
	"$spoor" -C "$case" ingest --json "$scratch/l2/c.json" >"$scratch/out" 2>"$scratch/err"
	eq "an unreadable file: status" $? 1
fi
"$spoor" -C "$case" ingest "$scratch/nowhere.json" >"$scratch/out" 2>"$scratch/err"
eq "a file that isn't there: status" $? 1
ok "a file that isn't there: named" "$(cat "$scratch/out" "$scratch/err" | grep -q 'nowhere.json'; echo $?)"
# The same id, different content: both count.
new_case one-conflict
{ line 1; printf "$good" 1 2; } >"$h/conflict.json"
"$spoor" -C "$case" ingest --json "$h/conflict.json" >"$scratch/out"
eq "one id, two contents: both count" "$(json 'd["events"]' "$scratch/out")" 2
eq "one id, two contents: said" "$("$spoor" -C "$case" events | grep -c id-conflict)" 2
: >"$h/empty"
new_case one-empty
"$spoor" -C "$case" ingest --json "$h/empty" >"$scratch/out"
ok "an empty file" $?
# Every kind of binary noise is kept and answered for.
head -c 300000 /dev/urandom >"$h/noise"
"$spoor" -C "$case" ingest --json "$h/noise" >"$scratch/out"
ok "noise" $?
"$spoor" -C "$case" fsck >"$scratch/fsck" 2>&1
ok "noise: fsck" $?
done_testing
