#!/bin/sh
# Mail that was made to be misread: what can be read is an event, the rest is a flaw.
. "$(dirname "$0")/lib.sh"
h=$scratch/h
mkdir "$h"
python3 - "$h" <<'END' || exit 2
import base64, os, sys

def write(name, *parts):
    with open(os.path.join(sys.argv[1], name), "wb") as f:
        for p in parts:
            f.write(p if isinstance(p, bytes) else p.encode("utf-8"))

head = "From: Mallory <mallory@evil.example>\nTo: ada@parliament.example.org\nSubject: %s\nDate: %s\n"
day = "Mon, 1 Jan 2024 10:00:00 +0000"
plain = head % ("x", day)

deep = "".join("Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(1000))
write("deep.eml", plain, deep, "Content-Type: text/plain\n\nhello\n", "".join("--b%d--\n" % i for i in range(999, -1, -1)))
mails = "".join("Content-Type: message/rfc822\n\nSubject: %d\n" % i for i in range(1000))
write("mails.eml", plain, mails, "\nhello\n")
inner = b"Subject: in\n\nhello\n"
for i in range(100):
    inner = b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n" + base64.b64encode(inner) + b"\n"
    if len(inner) > 4 << 20:
        break
write("onion.eml", plain, inner)
write("long-header.eml", "Received: from a by b\nX-Long: ", "a" * (10 << 20), "\n", plain, "\nhello\n")
write("long-subject.eml", head % ("A" * (8 << 20), day), "\nhello\n")
write("long-folded.eml", "To:", "\n a@b.example," * (1 << 19), "\n", plain.replace("To:", "Cc:"), "\nhello\n")
write("fields.eml", plain, "X: y\n" * 2000000, "\nhello\n")
write("parts.eml", plain, "Content-Type: multipart/mixed; boundary=b\n\n", "--b\n\nx\n" * 500000, "--b--\n")
write("hyphens.eml", plain, "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n", "--\n" * 3000000, "--b--\n")
write("words.eml", head % ("=?utf-8?B?" + base64.b64encode(b"=?utf-8?Q?nested?=").decode() + "?=", day), "\nhello\n")
write("charset.eml", plain, "Subject: =?x-no-such-set?Q?=E4?=\n\nhello\n".replace("Subject", "Comments"),)
write("charset-subject.eml", head % ("=?koi8-x?Q?=C4=CF?= =?utf-8?Q?=ff=fe?=", day), "\nhello\n")
write("name.eml", plain, "Content-Type: text/plain; name=\"../../x\"\n\nhello\n")
write("epoch.eml", head % ("x", "Thu, 1 Jan 1970 00:00:00 +0000"), "\nhello\n")
write("future.eml", head % ("x", "Thu, 31 Dec 2099 23:59:59 +0000"), "\nhello\n")
write("nul.eml", "From: a\0b <mallory@evil.example>\nTo: ada@parliament.example.org\nSubject: x\nDate: %s\n\nhel\0lo\n" % day)
write("open.eml", plain, "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhello\n")
write("no-boundary.eml", plain, "Content-Type: multipart/mixed\n\nhello\n")
line = "From mallory@evil.example Mon Jan  1 10:00:00 2024\n"
box = line + plain + "Content-Length: %d\n\nhello\n\n"
write("length.mbox", box % 5000000, box.replace("Subject: x", "Subject: y") % 0, box.replace("Subject: x", "Subject: z") % 6)
write("long.mbox", box % 6, line, plain, "\n", "a" * 79 + "\n", ("b" * 79 + "\n") * (20 << 20 >> 6), "\n",
      box.replace("Subject: x", "Subject: y") % 6)
END

# read_one NAME RECORDS EVENTS FLAW
read_one() {
	new_case "one-$1"
	timeout 120 "$spoor" -C "$case" ingest --json "$h/$1" >"$scratch/out" 2>"$scratch/err"
	eq "$1: status" $? 0
	eq "$1: records, events" "$(json '[d["records"], d["events"]]' "$scratch/out")" "[$2, $3]"
	"$spoor" -C "$case" status --json >"$scratch/status"
	[ -z "$4" ] || ok "$1: flaw $4" "$([ "$(json "d['flaws_by_name'].get('$4', 0)" "$scratch/status")" -gt 0 ]; echo $?)"
	eq "$1: nothing died" "$(json 'sum(n for f, n in d["flaws_by_name"].items() if f.endswith("-parser"))' "$scratch/status")" 0
	[ "$3" = 0 ] || "$spoor" -C "$case" events --json >"$scratch/events"
}
shown() { # shown WHAT EXPRESSION WANT: of the events, e the first one
	eq "$1" "$(json "$2" "$scratch/events")" "$3"
}

read_one deep.eml 1 1 too-deep
read_one mails.eml 1 1 too-deep
read_one onion.eml 1 1 ''
read_one long-header.eml 1 1 ''
shown "a header of 10 MB: the fields below it are read" 'd["email.subject"]' x
read_one long-subject.eml 1 1 value-cut
shown "a subject of 8 MB: its beginning is read" 'len(d["email.subject"]) > 60000' True
read_one long-folded.eml 1 1 value-cut
read_one fields.eml 1 1 too-many-parts
read_one parts.eml 1 1 too-many-parts
read_one hyphens.eml 1 1 ''
read_one words.eml 1 1 bad-encoding
shown "an encoded word in an encoded word is decoded once" 'd["email.subject"]' '=?utf-8?Q?nested?='
read_one charset.eml 1 1 ''
read_one charset-subject.eml 1 1 bad-charset
read_one name.eml 1 1 unsafe-name
shown "an attachment's name is kept as it is" 'd["file.name"]' ../../x
read_one epoch.eml 1 1 time-untrusted
shown "1970" 'd["@timestamp"]' 1970-01-01T00:00:00Z
read_one future.eml 1 1 time-untrusted
shown "2099" 'd["@timestamp"]' 2099-12-31T23:59:59Z
read_one nul.eml 1 1 control-byte
shown "a NUL hides nothing behind it" 'd["email.from.address"]' mallory@evil.example
read_one open.eml 1 1 unclosed-multipart
read_one no-boundary.eml 1 1 bad-boundary
read_one length.mbox 3 3 lying-length
shown "a Content-Length that lies hides no mail" 'sorted(e["email.subject"] for e in d)' "['x', 'y', 'z']"
read_one long.mbox 4 2 too-long
shown "the mails around one that is too long" 'sorted(e["email.subject"] for e in d)' "['x', 'y']"

# A Maildir; the same mails in an mbox, with other line ends, are the same mails.
mkdir -p "$h/Maildir/cur" "$h/Maildir/new" "$h/Maildir/tmp"
for i in 1 2 3; do
	printf 'From: a@b.example\nTo: c@d.example\nSubject: mail %s\nDate: Mon, 1 Jan 2024 10:00:0%s +0000\n\nhello\n' $i $i \
		>"$h/Maildir/cur/170000000$i.M${i}P1.host:2,S"
	{ printf 'From a@b.example Mon Jan  1 10:00:00 2024\r\n'; sed 's/$/\r/' "$h/Maildir/cur/170000000$i.M${i}P1.host:2,S"; printf '\r\n'; } >>"$h/same.mbox"
done
mv "$h"/Maildir/cur/1700000003* "$h/Maildir/new/1700000003.M3P1.host"
new_case maildir
"$spoor" -C "$case" ingest --json "$h/Maildir" >"$scratch/out" 2>"$scratch/err"
eq "a Maildir: each file is a mail" "$(json '[d["records"], d["events"], d["duplicates"]]' "$scratch/out")" "[3, 3, 0]"
"$spoor" -C "$case" ingest --json "$h/same.mbox" >"$scratch/out" 2>"$scratch/err"
eq "the same mails in an mbox are copies" "$(json '[d["records"], d["events"], d["duplicates"]]' "$scratch/out")" "[3, 0, 3]"
"$spoor" -C "$case" status --json >"$scratch/status"
eq "and no other flaw" "$(json 'sorted(d["flaws_by_name"])' "$scratch/status")" "['time-untrusted']"

# A journal report that a stranger wrote is a mail from him.
journal() { # journal FROM-HOST ADDRESS: as one of our hosts took it
	printf 'Received: from %s (%s [%s]) by mx.parliament.example with ESMTP; Mon, 3 Jun 2024 10:00:00 +0000\n' "$1" "$1" "$2"
	printf 'From: x@evil.example\nTo: journal@parliament.example\nSubject: outer\nX-MS-Journal-Report:\nMIME-Version: 1.0\n'
	printf 'Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSender: ann@press.example\nRecipient: bob@parliament.example\n\n'
	printf '%s\nContent-Type: message/rfc822\n\nFrom: ann@press.example\nTo: bob@parliament.example\nSubject: inner\n\nhello\n%s--\n' --b --b
}
for from in "ex1.parliament.example 10.0.0.5" "mail.evil.example 198.51.100.9"; do
	new_case "journal-${from%% *}"
	printf 'domains: [parliament.example]\n' >"$case/spoor.yaml"
	journal $from >"$h/journal.eml"
	"$spoor" -C "$case" ingest -q "$h/journal.eml" >/dev/null
	"$spoor" -C "$case" events | jq -r '[.["event.action"], .["email.subject"]] | join(" ")'
done >"$scratch/journals"
eq "a journal report is one if it comes from inside" "$(sed -n 1p "$scratch/journals")" "mail-journaled inner"
eq "and a mail if it comes from outside" "$(sed -n 2p "$scratch/journals" | sed 's/.* //')" outer

# What is erased is gone from where it was encoded, too.
printf 'From: a@b.example\nTo: c@d.example\nSubject: =?utf-8?B?%s?=\n\nx\n' "$(printf 'call 0815-4711' | base64)" >"$h/word.eml"
printf 'From: a@b.example\nTo: c@d.example\nSubject: y\nContent-Transfer-Encoding: base64\nContent-Type: text/plain; charset=utf-16le\n\n%s\n' \
	"$(printf 'call 0815-4711 at once' | iconv -t utf-16le | base64)" >"$h/body.eml"
printf 'From: a@b.example\nTo: c@d.example\nSubject: z\n\nnothing\n' >"$h/other.eml"
new_case erased
printf 'retention: [{format: mail, keep: full}]\n' >"$case/spoor.yaml"
"$spoor" -C "$case" ingest --json "$h/word.eml" "$h/body.eml" "$h/other.eml" >"$scratch/out" 2>"$scratch/err"
"$spoor" -C "$case" erase --yes --json 0815-4711 >"$scratch/out" 2>"$scratch/err"
eq "erased: the two records that hold it" "$(json 'd["records"]' "$scratch/out")" 2
"$spoor" -C "$case" events --json >"$scratch/events"
eq "erased: the other one is there" "$(json 'd["email.subject"]' "$scratch/events")" z
done_testing
