#!/bin/sh
# Mail of others: every file recognised, read to the end, each flaw explained.  The tests in t/mail
# hold what was read against other parsers.
. "$(dirname "$0")/lib.sh"
need_data mail-spamassassin mail-phishing-pot mail-rspamd mail-auth mail-parse-stalwart mail-parse-zbateson

unpack() { # unpack NAME ARCHIVE
	mkdir -p "$scratch/$1" && tar -xzf "$data/$2.tar.gz" -C "$scratch/$1" || exit 2
}
# What can be a mail by its name, each content once, as the case counts it.
mails() { find "$1" -type f \( -name '*.eml' -o -name '*.msg' -o -name '*.txt' -o -name '*.elm' \) ! -name 'LICENSE*' | LC_ALL=C sort; }
distinct() { tr '\n' '\0' | xargs -0 sha256sum | cut -c1-64 | sort -u | wc -l; }

# ingest NAME FLAWS COPIES: the files listed in $scratch/list
ingest() {
	new_case "case-$1"
	tr '\n' '\0' <"$scratch/list" | xargs -0 "$spoor" -C "$case" ingest --json >"$scratch/$1.json" 2>"$scratch/$1.err"
	ok "$1: read" $?
	eq "$1: each file is one mail" "$(json '[d["records"], d["events"], sorted({s.get("format") for s in d["sources"] if not s["known"]})]' "$scratch/$1.json")" \
		"[$(distinct <"$scratch/list"), $(($(distinct <"$scratch/list") - ${3:-0})), ['mail']]"
	"$spoor" -C "$case" status --json >"$scratch/status.json"
	eq "$1: flaws" "$(json 'd["flaws_by_name"]' "$scratch/status.json")" "$2"
}

unpack easy-ham mail-spamassassin/easy-ham
unpack hard-ham mail-spamassassin/hard-ham
unpack spam mail-spamassassin/spam
unpack phish mail-phishing-pot/phish

# No host is ours, so no time is trusted.
find "$scratch/easy-ham" -type f | LC_ALL=C sort >"$scratch/list"
eq "easy-ham: as many as are said to be there" "$(wc -l <"$scratch/list")" 700
ingest easy-ham "{'time-untrusted': 700}"
# A mail that ends early; a charset that lies; quoted-printable with a bare "=".
find "$scratch/hard-ham" -type f | LC_ALL=C sort >"$scratch/list"
ingest hard-ham "{'time-untrusted': 120, 'unclosed-multipart': 1, 'bad-encoding': 1, 'bad-charset': 1}"
# Spammers' tools: multiparts that don't end, dates that are none, raw bytes in headers, names in
# the place of addresses, hosts of links that can be none.
find "$scratch/spam" -type f | LC_ALL=C sort >"$scratch/list"
ingest spam "{'bad-utf8': 14, 'no-time': 3, 'bad-time': 3, 'time-untrusted': 417, 'bad-value': 10, 'unclosed-multipart': 23, 'bad-encoding': 2, 'bad-charset': 2}"
# Addresses with "phishing@pot" in the middle, which who collected them put in the place of the
# recipient's, three of them in IP addresses; senders such as "x,net" (bad-value); results of authentication that no grammar has
# (syntax); text that is not in its charset.
find "$scratch/phish" -type f | LC_ALL=C sort >"$scratch/list"
ingest phish "{'syntax': 2, 'bad-utf8': 2, 'value-cut': 1, 'no-time': 1, 'bad-time': 1, 'time-untrusted': 439, 'bad-value': 83, 'bad-charset': 1}"
# Many have no Date; multiparts made to be broken; links with a port that is none.
mails "$data/mail-rspamd" >"$scratch/list"
ingest rspamd "{'syntax': 1, 'no-time': 113, 'time-untrusted': 92, 'bad-value': 11, 'bad-boundary': 12, 'unclosed-multipart': 1, 'bad-encoding': 4}"
mails "$data/mail-parse-stalwart" >"$scratch/list"
ingest stalwart "{'syntax': 8, 'bad-utf8': 19, 'bad-header': 3, 'no-time': 33, 'bad-time': 1, 'time-untrusted': 73, 'bad-value': 1, 'bad-boundary': 1, 'unclosed-multipart': 25, 'bad-encoding': 8, 'unsafe-name': 5}"
# The folder also has attachments by themselves.
mails "$data/mail-parse-zbateson" | grep -v -e HasenundFrosche -e farmerandstork -e hareandtortoise -e wolfandlamb >"$scratch/list"
ingest zbateson "{'bad-utf8': 28, 'time-untrusted': 73, 'unsafe-name': 8}"
# One is there with either line end.
mails "$data/mail-auth" >"$scratch/list"
ingest auth "{'syntax': 1, 'bad-header': 2, 'time-untrusted': 55}" 1
done_testing
