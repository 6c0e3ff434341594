#!/usr/bin/env python3
"""STIX patterns on logs against another way to the same answer: the events as `spoor events` shows them
are made observed-data by a table of this file's own, and the matcher of observed-data is asked.  Random
patterns of what the events have, and of what they nearly have.  SEED and N in the environment, the seed
is printed."""
import collections
import json
import os
import random
import subprocess
import sys
import tempfile
from urllib.parse import urlsplit

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import tap

OUT = os.environ.get("OUT", "build/debug")
SPOOR = os.path.join(OUT, "spoor")
ASK = os.path.join(OUT, "t/rule/stixevent.t")
SEED = int(os.environ.get("SEED", random.randrange(10**6)))
N = int(os.environ.get("N", 20))  # patterns a log
rnd = random.Random(SEED)
print("# SEED=%d" % SEED)

LOGS = ["t/samples/zeek/conn.log", "t/samples/zeek/dns.log", "t/samples/zeek/http.log", "t/samples/m365/ual-late-march.jsonl",
        "t/formats/windows-event/nested.json", "t/formats/windows-event/named-data.json", "t/formats/entra-signin/graph.json", "t/samples/mail/ines-quill.eml",
        "t/samples/mail/tomas-varga.eml"]


def host(text):
    return "ipv6-addr" if ":" in text else "ipv4-addr" if text.replace(".", "").isdigit() else "domain-name"


def split(path):
    at = max(path.rfind("/"), path.rfind("\\"))
    return path[:at] if at > 0 else path[: at + 1], path[at + 1:]


def many(e, name):
    v = e.get(name, [])
    return v if isinstance(v, list) else [v]


class Objects:
    """Of one event.  Where a property has several values there is an object for each."""

    def __init__(self, e):
        self.e = e
        self.all = {}
        self.loose = set()  # types whose properties can't be told to belong together here
        self.file(), self.accounts(), self.process(), self.registry(), self.names(), self.traffic(), self.mail()

    def add(self, kind, **properties):
        o = dict(type=kind, **{k: v for k, v in properties.items() if v not in (None, [], {})})
        key = str(len(self.all))
        self.all[key] = o
        return key

    def value(self, text):
        return self.add(host(text), value=text)

    def path(self, text):
        folder, name = split(text)
        return self.add("file", name=name, path=text,
                        parent_directory_ref=self.add("directory", path=folder) if folder else None)

    def each(self, kind, single, common):
        """Objects of single values: one if each has one; else one for each value."""
        if not any(single.values()):
            return []
        if all(len(v) <= 1 for v in single.values()):
            return [self.add(kind, **common, **{k: v[0] for k, v in single.items() if v})]
        self.loose.add(kind)
        base = {k: v[0] for k, v in single.items() if len(v) == 1}
        return [self.add(kind, **common, **base, **{k: one}) for k, v in single.items() if len(v) > 1 for one in v]

    def file(self):
        hashes = {k: many(self.e, "file.hash." + f) for k, f in
                  (("MD5", "md5"), ("SHA-1", "sha1"), ("SHA-256", "sha256"))}
        names, paths = many(self.e, "file.name"), many(self.e, "file.path")
        if len(paths) + len(names) + sum(map(len, hashes.values())) > 1:
            self.loose.add("file")
        if len(paths) == len(names) == 1:
            folder, paths = self.path(paths[0]), []
            self.all[folder]["name"] = names.pop()
            self.files = [folder]
            return self.files.extend(self.add("file", hashes={k: h}) for k, v in hashes.items() for h in v)
        self.files = [self.path(p) for p in paths]
        self.files += [self.add("file", name=n) for n in names]
        self.files += [self.add("file", hashes={k: h}) for k, v in hashes.items() for h in v]

    def accounts(self):
        self.users = []
        for who in "user", "user.target":
            login = many(self.e, who + ".name") or many(self.e, who + ".email")
            made = self.each("user-account", {"user_id": many(self.e, who + ".id"), "account_login": login}, {})
            self.users = made if who == "user" else self.users

    def process(self):
        one = lambda f: many(self.e, f)[:1]
        def made(prefix, **more):
            image = one(prefix + ".executable")
            line, pid = one(prefix + ".command_line"), one(prefix + ".pid")
            if not image and not line and not pid:
                return None
            ref = self.path(image[0]) if image else None
            return self.add("process", command_line=line[0] if line else None, pid=pid[0] if pid else None,
                            image_ref=ref, binary_ref=ref, name=split(image[0])[1] if image else None, **more)
        parent = made("process.parent")
        made("process", parent_ref=parent, creator_user_ref=self.users[0] if len(self.users) == 1 else None)

    def registry(self):
        for path in many(self.e, "registry.path"):
            data = many(self.e, "registry.data.strings")
            for short, whole in (("HKLM", "HKEY_LOCAL_MACHINE"), ("HKU", "HKEY_USERS")):
                if path.startswith(short + "\\"):
                    path = whole + path[len(short):]
            key, name = split(path) if data else (path, None)
            self.add("windows-registry-key", key=key, values=[{"name": name, "data": data[0]}] if data else None)

    def names(self):
        for name in many(self.e, "dns.question.name"):
            self.add("domain-name", value=name.lower(),
                     resolves_to_refs=[self.value(a) for a in many(self.e, "dns.answers.data")])

    def traffic(self):
        request = {}
        method, url = many(self.e, "http.request.method"), many(self.e, "url.full")
        if method:
            request["request_method"] = method[0].lower()
        if method and url:
            u = urlsplit(url[0])
            request["request_value"] = (u.path or "/") + ("?" + u.query if u.query else "")
        header = {k: many(self.e, f)[0] for k, f in (("User-Agent", "user_agent.original"),
                                                    ("Referer", "http.request.referrer")) if many(self.e, f)}
        if method and url and "request_value" in request:
            header["Host"] = urlsplit(url[0]).netloc.split("@")[-1]
        if header:
            request["request_header"] = header
        common = {"protocols": [str(p).lower() for f in ("transport", "protocol") for p in many(self.e, "network." + f)]}
        if request:
            common["extensions"] = {"http-request-ext": request}
        ends = {end: [self.value(a) for a in many(self.e, f + ".ip") or many(self.e, f + ".domain")]
                for end, f in (("src_ref", "source"), ("dst_ref", "destination"))}
        single = dict(ends, src_port=many(self.e, "source.port"), dst_port=many(self.e, "destination.port"),
                      src_byte_count=many(self.e, "source.bytes"), dst_byte_count=many(self.e, "destination.bytes"))
        if any(single.values()):
            self.each("network-traffic", single, common)
        elif any(common.values()):
            self.add("network-traffic", **common)

    def mail(self):
        refs = lambda f: [self.add("email-addr", value=a) for a in many(self.e, "email.%s.address" % f)]
        single = {"from_ref": refs("from"), "sender_ref": refs("sender"), "subject": many(self.e, "email.subject"),
                  "message_id": [m.strip("<>") for m in many(self.e, "email.message_id")]}
        common = {"to_refs": refs("to"), "cc_refs": refs("cc"), "bcc_refs": refs("bcc")}
        extra = {k: many(self.e, f)[0] for k, f in (("Reply-To", "email.reply_to.address"),
                                                   ("X-Mailer", "email.x_mailer")) if many(self.e, f)}
        if any(single.values()) or any(common.values()) or extra:
            common.update(additional_header_fields=extra, date=self.e["@timestamp"],
                          body_multipart=[{"body_raw_ref": f} for f in self.files])
            self.each("email-message", single, common) or self.add("email-message", **common)

    def observed(self):
        t = self.e["@timestamp"]
        return {"type": "observed-data", "first_observed": t, "last_observed": t, "number_observed": 1, "objects": self.all}


def leaves(objects, value, path, last):
    """(path, value) of everything that a pattern can ask for."""
    if isinstance(value, dict):
        for k, v in value.items():
            if k != "type":
                step = k if k.replace("_", "").isalnum() else "'%s'" % k
                yield from leaves(objects, v, path + ("." if path else "") + step, k)
    elif isinstance(value, list):
        for i, v in enumerate(value):
            yield from leaves(objects, v, path + rnd.choice(["[*]", "[%d]" % i]), last)
    elif last.endswith(("_ref", "_refs")):
        yield from leaves(objects, objects[value], path, "")
    else:
        yield path, value


def quote(s):
    return "'%s'" % s.replace("\\", "\\\\").replace("'", "\\'")


# What is in an event without a field of its own is in no line of `spoor events`.
UNSEEN = ("user-account", "file", "ipv4-addr", "ipv6-addr", "domain-name", "url", "email-addr", "mac-addr", "directory")


def test(path, v):
    if isinstance(v, (int, float)):
        return "%s %s %d" % (path, rnd.choice(["=", "!=", "<", ">="]), v + rnd.choice([0, 0, 1, -1]))
    if path.endswith("date"):
        return "%s %s t'%s'" % (path, rnd.choice(["=", "<", ">="]), v)
    half = v[: len(v) // 2 + 1].replace("%", "_")
    if path.split(":")[0] in UNSEEN:
        return rnd.choice(["%s = %s" % (path, quote(v)), "%s LIKE %s" % (path, quote(half + "%")),
                           "%s IN ('x', %s)" % (path, quote(v)), "%s = %s" % (path, quote(v + "x"))])
    return rnd.choice([lambda: "%s = %s" % (path, quote(v)), lambda: "%s LIKE %s" % (path, quote(half + "%")),
                       lambda: "%s NOT LIKE %s" % (path, quote(half + "%")), lambda: "%s != %s" % (path, quote(v)),
                       lambda: "%s IN ('x', %s)" % (path, quote(v)), lambda: "EXISTS " + path,
                       lambda: "%s = %s" % (path, quote(v + "x")), lambda: "%s > %s" % (path, quote(half))])()


def bracket(all_of):
    """Of one object of one event."""
    o = rnd.choice(all_of)
    key = rnd.choice(list(o.all))
    kind = o.all[key]["type"]
    have = list(leaves(o.all, o.all[key], "", ""))
    if not have:
        return "[%s:type = '%s']" % (kind, kind)
    tests = ["%s" % test("%s:%s" % (kind, p), v) for p, v in rnd.sample(have, min(len(have), rnd.choice([1, 1, 2])))]
    if kind in LOOSE:
        tests = tests[:1]
    return "[%s]" % rnd.choice([" AND ", " OR "]).join(tests)


def run(*args):
    return subprocess.run(args, capture_output=True, check=True, text=True, encoding="utf-8").stdout


if not os.path.exists(ASK) or not os.path.exists(SPOOR):
    print("1..0 # SKIP %s isn't built" % ASK)
    sys.exit(0)
counts = collections.Counter()
wrong = []
for log in LOGS:
    if not os.path.exists(log):
        tap.ok(False, "%s is there" % log)
        continue
    with tempfile.TemporaryDirectory() as d:
        case = os.path.join(d, "case")
        run(SPOOR, "init", case)
        run(SPOOR, "-C", case, "ingest", "-q", log)
        events = [json.loads(l) for l in run(SPOOR, "-C", case, "events").splitlines()]
    events.sort(key=lambda e: e["spoor.offset"])
    objects = [Objects(e) for e in events]
    LOOSE = {t for o in objects for t in o.loose}
    patterns = [bracket([o for o in objects if o.all]) for _ in range(N)]
    asked = "".join("%s\t%s\n" % (p, json.dumps(o.observed())) for p in patterns for o in objects)
    answers = subprocess.run([ASK, "ask"], input=asked, capture_output=True, check=True, text=True,
                             encoding="utf-8").stdout.split()
    for i, p in enumerate(patterns):
        want = [k + 1 for k, a in enumerate(answers[i * len(objects):(i + 1) * len(objects)]) if a == "1"]
        out = json.loads(run(SPOOR, "rule", "test", "--json", p, log))
        got = sorted(f[0]["record"] for f in out["findings"])
        same = got == want if out["events"] == len(events) and max(got + [0]) <= len(events) else len(got) == len(want)
        counts[bool(want)] += 1
        if not same:
            wrong.append("%s: %s: %s, by observed-data %s" % (log, p, got[:9], want[:9]))
    tap.ok(not [w for w in wrong if w.startswith(log)], "%d patterns on %d events of %s" % (N, len(events), log),
           *[w for w in wrong if w.startswith(log)][:5])
tap.ok(min(counts[True], counts[False]) * 10 > sum(counts.values()), "both answers occur: %s" % dict(counts))
tap.end()
