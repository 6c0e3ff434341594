#!/bin/sh
# Whose results of servers count, and signatures that are verified with recorded keys: the mails are
# a sample of formats and the example of RFC 8463 Appendix A.
. "$(dirname "$0")/lib.sh"
signed=t/fuzz/corpus/mailauth/rfc8463

new_case none
cp $signed "$scratch/signed.eml"
"$spoor" -C "$case" ingest -q "$scratch/signed.eml" t/formats/mail/results.eml
ok "without keys" $?
eq "nothing is said of signatures, and nobody is ours" \
	"$("$spoor" -C "$case" events | grep -c mail_auth)" 0

new_case ours
echo "domains: [parliament.example.org]" >"$case/spoor.yaml"
"$spoor" -C "$case" ingest -q t/formats/mail/results.eml
"$spoor" -C "$case" events >"$scratch/events"
eq "what our server found, and nothing that stands below it" \
	"$(json 'd["spoor.mail_auth"]' "$scratch/events")" "['spf=fail', 'dkim=none', 'dmarc=fail']"

new_case keys
mkdir -p "$case/formats"
cat >"$case/formats/dkim.keys" <<END
; recorded on 2018-06-10
brisbane._domainkey.football.example.com. 3600 IN TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
END
# One word changed; and the line end of another system.
sed 's/lost the game/won the game/' $signed >"$scratch/changed.eml"
sed 's/$/\r/' $signed >"$scratch/crlf.eml"
"$spoor" -C "$case" ingest -q "$scratch/signed.eml" "$scratch/changed.eml"
ok "with keys" $?
"$spoor" -C "$case" events | sort >"$scratch/events"
eq "one holds, one doesn't" \
	"$(json 'sorted(e["spoor.mail_auth"] for e in d)' "$scratch/events")" \
	"['dkim-verified=fail', 'dkim-verified=pass']"
"$spoor" -C "$case" ingest -q "$scratch/crlf.eml"
eq "the other line end is the same mail" "$("$spoor" -C "$case" events | wc -l)" 2

echo "what is this" >>"$case/formats/dkim.keys"
"$spoor" -C "$case" events >"$scratch/out" 2>"$scratch/err"
eq "a line that is no key is refused" $? 1
grep -q "dkim.keys': line 3 is not 'NAME TXT VALUE'" "$scratch/err"
ok "and says where it is" $?
done_testing
