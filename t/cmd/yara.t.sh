#!/bin/sh
# YARA rules: on files, on mails and what is attached to them, and over all that a case keeps whole.
. "$(dirname "$0")/lib.sh"
cd "$scratch" || exit 2
mkdir rules mails

holds() { # holds WHAT COMMAND…
	what=$1
	shift
	"$@"
	ok "$what" $?
}

cat >rules/doc.yar <<'Y'
rule document {
	meta:
		title = "A document with a macro"
		severity = "high"
		mitre_attack = "T1566.001"
		reference = "https://example.org/macro"
	strings:
		$name = "AutoOpen" nocase
	condition:
		$name and extension == ".doc"
}
private rule small { condition: filesize < 10KB }
rule hello { strings: $a = "hello there" condition: small and $a }
rule broken { condition: nosuch }
Y
cat >rules/other.yml <<'Y'
title: Mails from outside
logsource: {category: mail}
detection: {s: {email.subject|contains: offer}, condition: s}
Y
printf 'rule by_content { condition: filesize == 3 }\n' >content.txt

mail() { # mail NAME ENCODING BODY: a mail with a text and a file
	cat >"mails/$1.eml" <<M
Received: from mx.example.net by mx.example.org; Mon, 1 Jan 2024 00:00:00 +0000
From: a@example.net
To: b@example.org
Subject: an offer $1
Message-ID: <$1@example.net>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

hel=
lo th=65re
--b
Content-Type: application/msword
Content-Disposition: attachment; filename="$1.doc"
Content-Transfer-Encoding: $2

$3
--b--
M
}
mail base64 base64 "$(printf 'Sub AUTOopen()' | base64)"
mail qp quoted-printable 'Sub Auto=4Fpen()'
mail harmless base64 "$(printf 'Sub Nothing()' | base64)"
{
	printf 'From: c@example.net\nTo: b@example.org\nSubject: forwarded\nMessage-ID: <f@example.net>\n'
	printf 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=o\n\n'
	printf -- '--o\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n'
	base64 mails/base64.eml
	printf -- '--o--\n'
} >mails/inside.eml

"$spoor" rule check rules >check
holds "what is refused is said, with line and reason" sh -c '[ $? = 1 ] || true; grep -qx \
	"rules/doc.yar: broken: line 14: undefined identifier \"nosuch\"" check &&
	grep -qx "4 rules loaded, 1 refused" check && [ "$(wc -l <check)" = 2 ]'
"$spoor" rule check --json rules >check.json
holds "rules say what they are" sh -c 'grep "\"rule\":\"A document with a macro\"" check.json |
	grep "\"kind\":\"yara\"" | grep "\"level\":\"high\"" | grep "\"tags\":\[\"attack.t1566.001\"\]" |
	grep -q "\"formats\":\[\"mail\"\]"'
"$spoor" rule explain rules >explained
holds "explain says what is looked for" grep -q '^  looks for 1 strings, by .* beginnings: \$name$' explained

sed '/broken/d' rules/doc.yar >good.yar
for m in base64 qp; do
	"$spoor" rule test --json good.yar "mails/$m.eml" >out
	holds "an attachment in $m" grep -q \
		"\"match\":true,\"why\":\"in part 2 '$m.doc': \$name .*\"rules\":\[\"A document with a macro\",\"hello\"\]" out
done
"$spoor" rule test --json good.yar mails/harmless.eml >out
holds "a file that it isn't about" grep -q '"match":true,"why":"in part 1: $a .*"rules":\["hello"\]' out
"$spoor" rule test good.yar mails/inside.eml >out
holds "in a mail in a mail, which is in base64" grep -q "^1: match: in part 1.2 'base64.doc': " out
cat mails/harmless.eml >box.mbox
sed -i '1i From a@example.net Mon Jan  1 00:00:00 2024' box.mbox
{ cat box.mbox; echo; cat box.mbox; } >two.mbox
"$spoor" rule test good.yar two.mbox >out
holds "each mail of an mbox" grep -qx '2 of 2 events match' out
printf 'hello there' >file.bin
"$spoor" rule test --json good.yar file.bin >out
holds "any other file as a whole" grep -q '"match":true,"why":"in the file: $a \\"hello there\\" at 0".*"rules":\["hello"\]' out
printf 'abc' >three
holds "rules are known by what they say, too" sh -c '"$1" rule test content.txt three | grep -qx "1 of 1 events match"' - "$spoor"
holds "a file with a rule that is refused is not tried" \
	sh -c '! "$1" rule test rules/doc.yar file.bin 2>err && grep -q "nosuch" err' - "$spoor"

detected() { # detect CASE: what was found, one line each
	"$spoor" -C "$1" detect --json --rules rules 2>blind |
		jq -r '[.rule, .severity, (.techniques|join(",")), .events_total] | @tsv' | sort
}
printf 'retention: [{format: mail, keep: full}]\n' >whole.yaml
"$spoor" init --from whole.yaml whole >/dev/null
"$spoor" -C whole ingest mails >/dev/null
detected whole >one
"$spoor" -C whole detect --jobs 1 --json --rules rules 2>/dev/null | sort >by1
"$spoor" -C whole detect --jobs 2 --json --rules rules 2>/dev/null | sort >by2
holds "over all history" sh -c '[ "$(grep -c "macro" one)" = 3 ] && [ "$(grep -c "^hello" one)" = 4 ]'
holds "with what rules say of themselves" grep -q 'macro	high	T1566.001	1' one
holds "the same with any number of workers, and again" cmp by1 by2
holds "Sigma beside it" [ "$(grep -c 'Mails from outside' one)" = 3 ]
mkdir intel
cat >intel/bundle.json <<'J'
{"type": "bundle", "id": "bundle--11111111-1111-4111-8111-111111111111", "objects": [
 {"type": "indicator", "spec_version": "2.1", "id": "indicator--22222222-2222-4222-8222-222222222222",
  "created": "2024-01-01T00:00:00.000Z", "modified": "2024-01-01T00:00:00.000Z", "name": "macro",
  "pattern_type": "yara", "valid_from": "2024-01-01T00:00:00Z",
  "pattern": "rule from_stix { strings: $a = \"AutoOpen\" nocase condition: $a and extension == \".doc\" }"}]}
J
printf 'rule from_file {\n strings:\n  $a = "Nothing()"\n condition:\n  $a\n}\n' >intel/given.yar
"$spoor" -C whole intel add intel --name ally >/dev/null 2>&1
"$spoor" -C whole detect --json 2>/dev/null | jq -r .rule | grep from_ | sort | uniq -c | awk '{print $2, $1}' >given
printf 'from_file 1\nfrom_stix 3\n' >want
holds "rules that came with intelligence, in STIX and as a file" cmp given want
"$spoor" init short >/dev/null
"$spoor" -C short ingest mails >/dev/null
detected short >two
holds "mails whose facts alone are kept can't be looked at, and that is said" \
	sh -c '! grep -q "macro\|hello" two && grep -q "mails whose facts alone are kept.*: 4" blind'

if [ -d "$data/ioc-signature-base" ] && [ -d "$data/mail-rspamd" ]; then
	mkdir public
	n=0
	find "$data"/ioc-* \( -name '*.yar' -o -name '*.yara' \) | sort | while read -r f; do
		n=$((n + 1))
		cp "$f" "public/$n.yar"
	done
	"$spoor" rule check --json public >check.json
	echo "# $(grep -c '"loaded":true' check.json) rules of others loaded," \
		"$(grep -c '"loaded":false' check.json) refused"
	jq -r 'select(.loaded | not) | .why' check.json >refused
	holds "rules of others load, but for what wants a module that libyara hasn't got" \
		sh -c '[ "$(grep -c . check.json)" -gt 1000 ] && ! grep -v "module" refused'
	"$spoor" init --from whole.yaml real >/dev/null
	"$spoor" -C real ingest "$data/mail-rspamd" "$data/mail-phishing-pot" >/dev/null 2>&1
	"$spoor" -C real detect --json --rules public >found 2>blind
	holds "and are held against mails of others" \
		sh -c '[ $1 = 0 ] && ! grep "end the worker" blind' - $?
	printf 'rule links { strings: $a = "http" condition: $a }\n' >links.yar
	"$spoor" -C real detect --json --rules links.yar 2>/dev/null | grep -c . >found
	holds "of which many have links" [ "$(cat found)" -gt 100 ]
else
	ok "rules and mails of others # SKIP no ioc-signature-base and mail-rspamd in \$SPOOR_DATA" 0
fi
done_testing
