#!/bin/sh
# YARA rules on mail: while it is read where facts alone are kept, and over history where it is whole.
. "$(dirname "$0")/lib.sh"
cd "$scratch" || exit 2
mail() { # mail N TEXT ATTACHED
	printf 'From: ann@example.org\r\nTo: bob@example.org\r\nSubject: n\r\nMessage-ID: <%s@example.org>\r\nDate: Mon, %s Jan 2024 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n%s\r\n--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="f%s.bin"\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n--b--\r\n' \
		"$1" "$1" "$2" "$1" "$(printf '%s' "$3" | base64)"
}
mail 1 'plain words' 'MAGIC one' >1.eml
mail 2 'with MAGIC in it' 'something' >2.eml
mail 3 'nothing' 'NoMagic' >3.eml
cat >rules.yar <<'Y'
rule starts_with_magic {
    meta:
        description = "Begins with the magic"
        level = "high"
    strings:
        $a = "MAGIC"
    condition:
        $a at 0
}
rule has_magic {
    strings:
        $a = "MAGIC"
    condition:
        $a
}
Y
found() { "$spoor" -C "$case" detect --json ${1+--rules "$1"} 2>said | jq -r '[.time[8:10],.detector,.rule]|join(" ")' | grep ' yara '; }
want="01 yara has_magic
01 yara starts_with_magic
02 yara has_magic"

new_case reduced
"$spoor" -C "$case" intel add --name y rules.yar >out
ok "rules of the case" $?
"$spoor" -C "$case" ingest 1.eml 2.eml 3.eml >out
grep -q "^3 times the case's rules match it" out
ok "while mail is read" $?
eq "what was seen is found, though the mail is gone" "$(found | sort)" "$want"
eq "why" "$("$spoor" -C "$case" detect --json 2>/dev/null | jq -r 'select(.rule=="starts_with_magic")|.why')" \
	"in part 2 'f1.bin': \$a \"MAGIC\" at 0"
grep -q 'rules did not see their text: 3, 2024-01-01T10:00:00Z to 2024-01-03T10:00:00Z$' said
ok "which stretch could not be read now" $?
"$spoor" -C "$case" reindex -q >/dev/null
eq "after reindexing" "$(found | sort)" "$want"
eq "of the same rules elsewhere" "$(found rules.yar | sort)" "$want"
sed 's/MAGIC/OTHER/' rules.yar >other.yar
eq "of others nothing is known" "$(found other.yar)" ""
"$spoor" -C "$case" erase --yes '<1@example.org>' >/dev/null 2>&1
eq "what is erased is not found" "$(found | sort)" "02 yara has_magic"

new_case late
"$spoor" -C "$case" ingest -q 1.eml 2.eml 3.eml >/dev/null
"$spoor" -C "$case" intel add --name y rules.yar >/dev/null
eq "a rule that comes later can't see mail that is gone" "$(found)" ""
grep -q 'did not see their text: 3, ' said
ok "which is said" $?

new_case whole
sed 's/^# retention:/retention:/; s/^#   - {format: mail, keep: full/   - {format: mail, keep: full/' "$case/spoor.yaml" >yaml
cat yaml >"$case/spoor.yaml"
"$spoor" -C "$case" ingest -q 1.eml 2.eml 3.eml >/dev/null
"$spoor" -C "$case" intel add --name y rules.yar >/dev/null
eq "but mail that is kept whole" "$(found | sort)" "$want"
! grep -q 'did not see their text' said
ok "and nothing was hidden" $?

# A log can't say that YARA rules matched.
key=$(python3 -c 'import hashlib
h = hashlib.sha256
print(h(h(open("rules.yar", "rb").read()).digest() + bytes([1, 0, 0, 0])).hexdigest()[:32])')
printf '{"CreationTime":"2022-03-01T10:00:00","Id":"1","Operation":"Send","OrganizationId":"o","RecordType":1,"Workload":"Exchange","UserId":"eve","yara":[{"rule":"%s","why":"so"}]}\n' "$key" >log.json
new_case log
"$spoor" -C "$case" intel add --name y rules.yar >/dev/null
"$spoor" -C "$case" ingest -q log.json >/dev/null
eq "a log can't say it" "$(found)" ""
done_testing
