#!/bin/sh
# Twenty values of published intelligence, written into logs in different spellings among a
# million other values: all of them are found, and only they, with the right `how`, whether the
# logs or the intelligence came first.
. "$(dirname "$0")/lib.sh"
need_data ioc-sekoia/apt31 ioc-maltrail

python3 - "$data" "$scratch" <<'PY'
import glob, ipaddress, json, random, re, sys
data, out = sys.argv[1:]
rnd = random.Random(20210318)
patterns = []
for path in glob.glob(data + "/ioc-sekoia/apt31/*.jsonl"):
    for line in open(path, encoding="utf-8"):
        o = json.loads(line)
        if o.get("type") == "indicator" and o.get("pattern_type", "stix") == "stix":
            patterns += re.findall(r"(ipv4-addr:value|domain-name:value|file:hashes\.MD5) = '([^']+)'", o["pattern"])
ips = sorted({v for k, v in patterns if k.startswith("ipv4")})
domains = sorted({v for k, v in patterns if k.startswith("domain")})
hashes = sorted({v for k, v in patterns if k.startswith("file")})
trail = sorted({l.strip() for l in open(data + "/ioc-maltrail/apt_judgmentpanda.txt", encoding="utf-8")
                if re.fullmatch(r"[a-z0-9-]+\.[a-z]+", l.strip())} - set(domains))
everything = set(ips) | set(domains) | set(trail)
def parents(name):
    parts = name.split(".")
    return {".".join(parts[i:]) for i in range(1, len(parts))}
# Names that are not below or above each other, so that each needle meets one indicator.
def lone(names, n):
    bad = {d for d in domains + trail if parents(d) & everything} | set().union(*(parents(d) for d in domains + trail))
    names = [d for d in names if d not in bad]
    rnd.shuffle(names)
    return names[:n]
D, T = lone(domains, 7), lone(trail, 5)
I = rnd.sample(ips, 6)
H = rnd.sample(hashes, 2)
assert len(D) + len(T) + len(I) + len(H) == 20
want, lines = [], []
serial = 0
def ual(op, **more):
    global serial
    serial += 1
    d = {"CreationTime": "2021-%02d-%02dT%02d:%02d:%02d" % (rnd.randint(1, 12), rnd.randint(1, 28), rnd.randint(0, 23), rnd.randint(0, 59), rnd.randint(0, 59)),
         "Id": "%08x-0000-4000-8000-%012x" % (rnd.getrandbits(32), serial), "Operation": op,
         "OrganizationId": "11111111-2222-4333-8444-555555555555", "RecordType": 1, "UserKey": "k",
         "UserType": 0, "Version": 1, "Workload": "Exchange", "UserId": "user%d@example.org" % rnd.randint(1, 5000)}
    d.update(more)
    lines.append(json.dumps(d))
def needle(value, how, op, **more):
    want.append("%s\t%s" % (value, how))
    ual(op, **more)
needle(I[0], "exact", "UserLoggedIn", ClientIP=I[0])
needle(I[1], "exact", "UserLoggedIn", ClientIP=I[1] + ":52378")
needle(I[2], "exact", "UserLoggedIn", ClientIP="[::ffff:" + I[2] + "]:443")
needle(I[3], "exact", "UserLoggedIn", ActorIpAddress="::ffff:" + I[3])
# The host of a URL is an observable of its own, so such a needle is met in two ways.
want.append(I[4] + "\texact")
needle(I[4], "url-host", "FileAccessed", Workload="SharePoint", ObjectId="http://" + I[4] + "/plain?x=1")
needle(I[5], "exact", "Set-Mailbox", Parameters=[{"Name": "Note", "Value": "seen from (" + I[5] + "), twice"}])
needle(D[0], "exact", "Set-Mailbox", Parameters=[{"Name": "Note", "Value": D[0]}])
needle(D[1], "exact", "Set-Mailbox", Parameters=[{"Name": "Note", "Value": D[1].upper() + "."}])
needle(D[2], "subdomain", "Set-Mailbox", Parameters=[{"Name": "Note", "Value": "mail7." + D[2]}])
needle(D[3], "mail-domain", "New-InboxRule", Parameters=[{"Name": "ForwardTo", "Value": "Jo@" + D[3].capitalize()}])
want.append(D[4] + "\texact")
needle(D[4], "url-host", "FileAccessed", Workload="SharePoint", ObjectId="HTTPS://" + D[4].upper() + ":443/a/b.gif?id=7#x")
want.append(D[5] + "\tsubdomain")
needle(D[5], "url-host-subdomain", "FileAccessed", Workload="SharePoint", ObjectId="https://x.y." + D[5] + "/")
needle(D[6], "exact", "Set-Mailbox", Parameters=[{"Name": "Note", "Value": "go to <" + D[6] + "> now"}])
zeek = []
def z(path, **more):
    zeek.append(json.dumps(dict({"_path": path, "ts": 1616000000.25 + len(zeek), "uid": "C%017d" % len(zeek),
                                 "id.orig_h": "10.1.2.3", "id.orig_p": 50000, "id.resp_h": "10.0.0.53", "id.resp_p": 53}, **more)))
for v, how, more in ((T[0], "exact", dict(query=T[0])), (T[1], "exact", dict(query=T[1].swapcase())),
                     (T[2], "subdomain", dict(query="a.b.c." + T[2]))):
    want.append("%s\t%s" % (v, how)); z("dns", proto="udp", **more)
want.append(T[3] + "\texact"); z("ssl", server_name=T[3].upper())
want += [T[4] + "\texact", T[4] + "\turl-host"]; z("http", host=T[4], uri="/x", method="GET")
for v in H:
    want.append(v + "\texact"); z("files", md5=v.upper() if v == H[0] else v, fuid="F1")
# A million other values: near misses of the needles among them.
for v in D + T:
    ual("Set-Mailbox", Parameters=[{"Name": "Note", "Value": "x" + v}, {"Name": "Other", "Value": v + ".example"}])
    ual("New-InboxRule", Parameters=[{"Name": "ForwardTo", "Value": v.replace(".", "-") + "@example.org"}])
for v in I:
    ip = ipaddress.ip_address(v)
    ual("UserLoggedIn", ClientIP=str(ip + 1) if str(ip + 1) not in ips else "192.0.2.1")
    ual("UserLoggedIn", ClientIP="2001:db8::" + v)
def guid():
    h = "%032x" % rnd.getrandbits(128)
    return "-".join((h[:8], h[8:12], h[12:16], h[16:20], h[20:]))
for i in range(110000):
    ual("MailItemsAccessed", ClientIP="10.%d.%d.%d" % (rnd.randint(0, 255), rnd.randint(0, 255), rnd.randint(0, 255)),
        SessionId=guid(), MailboxGuid=guid(), ClientAppId=guid(),
        Folders=[{"Path": "\\Inbox", "FolderItems": [{"InternetMessageId": "<%s@mail%d.example.org>" % (guid(), rnd.randint(0, 999))} for _ in range(6)]}])
rnd.shuffle(lines)
open(out + "/ual.jsonl", "w").write("\n".join(lines) + "\n")
open(out + "/zeek.json", "w").write("\n".join(zeek) + "\n")
open(out + "/want", "w").write("\n".join(sorted(want)) + "\n")
PY
eq "20 needles" "$(cut -f1 "$scratch/want" | sort -u | grep -c .)" 20
set -- "$scratch/ual.jsonl" "$scratch/zeek.json"
found() { # found: what match says, one "value how" a line, each needle once however many sources name it
	"$spoor" -C "$case" match --json >"$scratch/match.json"
	python3 -c '
import json, sys
for l in sorted({"%s\t%s" % (d["indicator"], d["how"]) for d in map(json.loads, open(sys.argv[1]))}):
    print(l)' "$scratch/match.json"
}

new_case retro
"$spoor" -C "$case" ingest --json "$@" >"$scratch/in.json"
ok "logs first" $?
distinct=$(json 'd["distinct_observables"]' "$scratch/in.json")
[ "$distinct" -ge 1000000 ]
ok "among a million others ($distinct)" $?
"$spoor" -C "$case" intel add --json "$data"/ioc-sekoia/apt31/*.jsonl "$data/ioc-maltrail/apt_judgmentpanda.txt" >"$scratch/intel.json"
ok "then intelligence" $?
found >"$scratch/got.retro"
same "old logs, new indicators: all and only they" "$scratch/got.retro" "$scratch/want"

new_case live
"$spoor" -C "$case" intel add "$data"/ioc-sekoia/apt31/*.jsonl "$data/ioc-maltrail/apt_judgmentpanda.txt" >/dev/null
ok "intelligence first" $?
"$spoor" -C "$case" ingest --json "$@" >"$scratch/in.json"
ok "then logs" $?
[ "$(json 'd["sightings"]' "$scratch/in.json")" -ge 20 ]
ok "ingest tells of the sightings" $?
found >"$scratch/got.live"
same "old indicators, new logs: the same" "$scratch/got.live" "$scratch/want"
done_testing
