#!/bin/sh
# spoor look: one mail, with and without a case; nothing leaves the machine.
. "$(dirname "$0")/lib.sh"

cat >"$scratch/mail.eml" <<'M'
Received: from mail.evil.test (mail.evil.test [198.51.100.9]) by mx.parliament.example
 with ESMTP id 1; Mon, 3 Jun 2024 10:00:00 +0000
Authentication-Results: mx.parliament.example; dmarc=fail header.from=evil.test
Message-ID: <m1@evil.test>
Date: Mon, 3 Jun 2024 09:59:58 +0000
From: "editor@press.example" <news@evil.test>
Reply-To: other@answers.test
To: ann@parliament.example
Subject: Your interview
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8

<p>Read it: <a href="https://evil.com/l/1">https://www.press.com/interview</a></p>
<img src="https://t.evil.com/o/0123456789abcdef.gif" width="1" height="1">
M
sed 's/<m1@/<m2@/; s/ann@/bob@/; s/0123456789abcdef/fedcba9876543210/' "$scratch/mail.eml" \
	>"$scratch/other.eml"
# A proxy's line of the picture that came with the mail (Squid's native format).
echo '1717409000.123 45 192.0.2.7 TCP_MISS/200 512 GET http://t.evil.com/o/0123456789abcdef.gif - DIRECT/198.51.100.9 image/gif' \
	>"$scratch/proxy.log"

has() { # has WHAT TEXT: in the last answer
	grep -qF -e "$2" "$scratch/out"
	ok "$1" $? || true
	grep -qF -e "$2" "$scratch/out" || sed 's/^/# /' "$scratch/out"
}

cd "$scratch" || exit 2
"$spoor" look mail.eml >out
ok "without a case" $?
has "the sender" "It says that it comes from editor@press.example <news@evil.test>."
has "a name that is another address" "shows editor@press.example, but the mail says it comes from news@evil.test"
has "answers go elsewhere" "Answers go to other@answers.test"
has "a link that shows another place" "A link shows press.com and leads to evil.com."
has "a picture that nobody sees" "1 thing is fetched from evil.com when it is opened that nobody is meant to see"
has "nobody was asked" "No case here"
"$spoor" look --own parliament.example mail.eml >out
has "our own host is known" "!! Your own host mx.parliament.example: dmarc = fail (evil.test)."
cat mail.eml | "$spoor" look - >out
has "from standard input" "It says that it comes from"
eq "what was read of it" "$("$spoor" look --facts mail.eml | jq -r '.from[0].address')" news@evil.test

"$spoor" look "$tree/t/fuzz/corpus/msg/whole" >out
has "what Outlook saves" "It says that it comes from"
gzip -c "$tree/t/fuzz/corpus/msg/whole" >saved.msg.gz
"$spoor" look saved.msg.gz >out
has "the same compressed" "It says that it comes from"
gzip -k mail.eml
"$spoor" look mail.eml.gz >out
has "compressed" "It says that it comes from editor@press.example"

# Decoys in front of what tells don't make the case say that nothing was opened.
{
	sed '/<img/d; s/<m1@/<m3@/' mail.eml
	for i in $(seq 40); do echo "<img src=\"https://decoy$i.com/\">"; done
	grep '<img' mail.eml
} >decoys.eml
{
	sed '/<img/d; s/<m1@/<m4@/' mail.eml
	for i in $(seq 31); do echo "<a href=\"https://link$i.com/\">x</a>"; done
	for i in $(seq 20); do echo "<img src=\"https://decoy$i.com/\">"; done
	grep '<img' mail.eml
} >links.eml

new_case known
sed -i 's/^domains: .*/domains: [parliament.example]/' "$case/spoor.yaml"
"$spoor" -C "$case" ingest -q mail.eml other.eml proxy.log
"$spoor" -C "$case" look mail.eml >out
ok "with a case" $?
has "this very mail" "This very mail: 1, since 2024-06-03T10:00:00Z, from news@evil.test, to ann@parliament.example (mail)"
has "its like went to both" "Mails with links of the same shape: 2"
has "the sender wrote to both" "Mails from this sender: 2"
has "the proxy saw the picture" "Records of something that this mail leads to: 1, since 2024-06-03T10:03:20.123Z, by 192.0.2.7 (squid)"
"$spoor" -C "$case" look decoys.eml >out
has "more places than are asked for" "Whether a log shows that it was opened isn't known"
"$spoor" -C "$case" look links.eml >out
has "links to other places don't use up what is asked" "Records of something that this mail leads to: 1"
"$spoor" -C "$case" look --json other.eml >out
eq "as JSON" "$(jq -c '[.odd > 0, .bad > 0, .case.template.events_total, .case.template.recipients]' out)" \
	'[true,true,2,["ann@parliament.example","bob@parliament.example"]]'

"$spoor" look nothing-here.eml >out 2>err
eq "a file that isn't there" $? 1
printf 'x' >no.eml
"$spoor" look no.eml >out 2>err
ok "what is no mail is looked at too" $?

# Nothing leaves the machine: any socket but those to its own worker ends the program.
cat >trap.c <<'C'
#include <stdlib.h>
#include <sys/socket.h>
int socket(int domain, int type, int protocol)
{
	(void)domain, (void)type, (void)protocol;
	abort();
}
int connect(int fd, const struct sockaddr *a, socklen_t n)
{
	(void)fd, (void)a, (void)n;
	abort();
}
C
if cc -shared -fPIC -o trap.so trap.c 2>/dev/null && [ "${OUT##*/}" != asan ]; then
	LD_PRELOAD=$scratch/trap.so "$spoor" -C "$case" look mail.eml >out
	ok "no socket is opened" $?
fi
if unshare -rn true 2>/dev/null; then
	unshare -rn "$spoor" look mail.eml >out
	ok "without a network" $?
fi
done_testing
