#!/usr/bin/env python3
"""STIX files of others: what is kept of them held against a reading by Python's json, which shares
no code with ours.  Every object is there, with its place in the file; what is written back is what
came; and the counts are those of the collection's README, or the difference is explained."""
import bisect, collections, glob, gzip, json, os, re, subprocess, sys, tempfile

here = os.path.dirname(os.path.abspath(__file__))
root = os.path.join(here, "..", "..")
sys.path.insert(0, os.path.join(root, "t"))
from tap import ok, end
data = os.environ.get("SPOOR_DATA") or "/nonexistent"
printer = os.path.join(root, os.environ.get("OUT", "build/debug"), "t/intel/bundle.t")
if not os.path.isdir(os.path.join(data, "attack")) or not os.path.exists(printer):
    print("1..0 # SKIP no attack in $SPOOR_DATA, or the printer isn't built")
    sys.exit(0)

SETS = {
    "attack": ["attack/*.jsonl", "attack/*.json.gz", "attack/intrusion-set/*.json"],
    "stix-documentation": ["stix-documentation/*.json"],
    "stix-oasis": ["stix-oasis/examples/**/*.json"],
    "misp-stix": ["misp-stix/*stix2*.json"],
    "stix-unit42-playbooks": ["stix-unit42-playbooks/*.json"],
    "ioc-sekoia": ["ioc-sekoia/**/*STIX2.jsonl"],
    "ioc-amnesty": ["ioc-amnesty/**/*.stix2"],
}
TYPES = {"intrusion-set": "actor", "threat-actor": "actor", "attack-pattern": "technique",
         "x-mitre-tactic": "tactic", "course-of-action": "mitigation", "location": "place",
         "grouping": "report", "x-mitre-collection": "report", "malware-analysis": "report",
         "x-mitre-data-source": "detection", "x-mitre-data-component": "detection",
         "x-mitre-detection-strategy": "detection", "x-mitre-analytic": "detection",
         "x-mitre-matrix": "term", "x-mitre-asset": "other", "observed-data": "observed",
         "marking-definition": "marking"}
OBSERVABLES = {"ipv4-addr", "domain-name", "autonomous-system", "file", "email-message",
               "email-addr", "directory", "user-account", "windows-registry-key"}
# Of the README, by type of the object; what it doesn't count is counted here alone.
README = {
    "attack/enterprise-attack-v18.1-stix20.jsonl": {
        "intrusion-set": 187, "campaign": 52, "malware": 694, "tool": 91, "attack-pattern": 703,
        "relationship": 7142},
    "stix-unit42-playbooks": {"indicator": 646, "campaign": 28},
    "ioc-amnesty": {"indicator": 1910},
    "ioc-sekoia": {"indicator": 104},
}


def values(text):
    """JSON values one after another."""
    decoder, at = json.JSONDecoder(), 0
    while True:
        at = re.compile(r"\s*").match(text, at).end()
        if at == len(text):
            return
        value, at = decoder.raw_decode(text, at)
        yield value


def objects(value):
    if isinstance(value, list):
        for v in value:
            yield from objects(v)
    elif isinstance(value.get("objects"), list) and value.get("type") in ("bundle", None):
        yield from value["objects"]
    else:
        yield value


def read(path):
    raw = gzip.open(path).read() if path.endswith(".gz") else open(path, "rb").read()
    return raw, [o for v in values(raw.decode()) for o in objects(v)]


def ours(path, raw):
    with tempfile.NamedTemporaryFile(suffix=".json") as f:
        f.write(raw)
        f.flush()
        out = subprocess.run([printer, f.name], check=True, stdout=subprocess.PIPE).stdout
    said, bundle = out.split(b"\nBUNDLE\n", 1)
    return [json.loads(line) for line in said.split(b"\n")], json.loads(bundle.rstrip(b"\0\n"))


def when(text):
    """As ours is written: no fraction where it is zero, else three or six digits."""
    if not text:
        return None
    whole, _, rest = text.rstrip("Z").partition(".")
    rest = rest.rstrip("0")
    return whole + ("." + rest.ljust(3 if len(rest) <= 3 else 6, "0") if rest else "") + "Z"


def type_of(o):
    t = o["type"]
    if t == "identity" and o.get("identity_class") == "class":
        return "sector"
    return "observed" if t in OBSERVABLES else TYPES.get(t, t)


def aliases(o):
    """(name, who calls it so): ATT&CK's references cite the reports that use a name."""
    cited, found = collections.defaultdict(list), set()
    for r in o.get("external_references", []):
        cited[r.get("source_name")] += re.findall(r"\(Citation: ([^)]*)\)", r.get("description", ""))
    names = (o.get("aliases") or []) + (o.get("x_mitre_aliases") or [])
    for name in [o.get("name")] + names:
        for title in cited.get(name, [])[:16]:
            found.add((name, title.strip()[:256]))
        if not cited.get(name) and name != o.get("name"):
            found.add((name, ""))
    return found


def external(o):
    refs = [r for r in o.get("external_references", []) if r.get("external_id")]
    mitre = [r["external_id"] for r in refs if r["source_name"].startswith("mitre-")]
    known = [r["external_id"] for r in refs if r["source_name"].lower() in ("cve", "capec", "cwe")]
    return (mitre + known + [""])[0]


def check_file(path, raw, theirs, lines, bundle):
    """What differs, as sentences."""
    ends = [m.start() for m in re.finditer(rb"\n", raw)]
    nodes = {n["node"]: n for n in lines if "node" in n}
    edges = {e["edge"]: e for e in lines if "edge" in e and e["edge"].startswith("relationship--")}
    names = collections.defaultdict(set)
    for n in lines:
        if "of" in n:
            names[n["of"]].add((n["name"], n["origin"]))
    for o in theirs:
        ours = (edges if o["type"] == "relationship" else nodes).get(o["id"])
        if not ours:
            yield "%s is not kept" % o["id"]
            continue
        place = raw[ours["offset"]:ours["offset"] + ours["length"]]
        if json.loads(place) != o or bisect.bisect_left(ends, ours["offset"]) + 1 != ours["line"]:
            yield "%s is not at its place" % o["id"]
        if ours["modified"] != when(o.get("modified")):
            yield "%s: modified %s" % (o["id"], ours["modified"])
        if bool(ours["revoked"]) != bool(o.get("revoked") or o.get("x_mitre_deprecated")):
            yield "%s: revoked %s" % (o["id"], ours["revoked"])
        if ours["confidence"] != o.get("confidence", -1):
            yield "%s: confidence %s" % (o["id"], ours["confidence"])
        if o["type"] == "relationship":
            if (ours["from"], ours["type"], ours["to"]) != (
                    o["source_ref"], o["relationship_type"], o["target_ref"]):
                yield "%s joins other things" % o["id"]
            continue
        if (ours["type"], ours["is"]) != (type_of(o), o["type"]):
            yield "%s is of type %s" % (o["id"], ours["type"])
        if "name" in o and ours["name"] != o["name"]:
            yield "%s is called %s" % (o["id"], ours["name"])
        if (ours["external"], ours["creator"]) != (external(o), o.get("created_by_ref", "")):
            yield "%s: %s, %s" % (o["id"], ours["external"], ours["creator"])
        if names[o["id"]] != aliases(o):
            yield "%s: names %s" % (o["id"], names[o["id"]] ^ aliases(o))
    if len(theirs) != len(nodes) + len(edges):
        yield "%d objects, %d kept" % (len(theirs), len(nodes) + len(edges))
    if bundle["objects"] != theirs:
        yield "what is written back isn't what came"
    for o in theirs:
        if o["type"] == "indicator" and not any(
                i.get("id") == o["id"] for i in lines if "indicator" in i) and not any(
                "skipped" in s and s["line"] == nodes[o["id"]]["line"] for s in lines):
            yield "%s has neither values nor a reason" % o["id"]


# Comparisons of these with = are values (spoor-intel(7)); all other patterns are pending, or both.
PATHS = re.compile(r"""(ipv4-addr|ipv6-addr|domain-name|url|mac-addr|email-addr):value$|
    email-message:(from_ref|sender_ref|(to|cc|bcc)_refs\[\*\])\.value$|email-message:message_id$|
    (file|artifact|x509-certificate):hashes\.'?(MD5|SHA-?1|SHA-?256|SHA-?512)'?$|
    process:(image|binary)_ref\.hashes\.|file:(name|path)$|user-account:(user_id|account_login)$|
    network-traffic:(src|dst)_ref\.value$|x509-certificate:serial_number$""", re.X | re.I)
SIMPLE = re.compile(r"\[\s*([\w-]+:[\w.'*\[\]-]+)\s*=\s*'((?:[^'\\]|\\.)*)'\s*\]$")


def check_patterns(theirs, lines):
    """Patterns of one comparison: a value where its path is one that is stored, else pending."""
    kept, refused = collections.defaultdict(set), {
        s["line"] for s in lines if "skipped" in s and "in this file" not in s["why"]}
    for i in lines:
        if "indicator" in i:
            kept[i["id"]].add("pending" if i["pending"] else "value")
            if i["line"] in refused:
                kept[i["id"]].add("refused")
    for o in theirs:
        m = SIMPLE.match(o.get("pattern", ""))
        if o["type"] != "indicator" or not m or o.get("pattern_type", "stix") != "stix":
            continue
        want = "value" if PATHS.match(m.group(1)) else "pending"
        if kept[o["id"]] not in ({want}, set()):
            yield "%s %s: %s" % (o["id"], o["pattern"], kept[o["id"]])


def check_refs(theirs, lines):
    """References to nothing: ours are listed once per property, with how many there are."""
    known, nowhere = {o["id"] for o in theirs}, collections.Counter()
    for o in theirs:
        for key, v in o.items():
            if key == "object_marking_refs":
                continue
            if key.endswith("_ref") and isinstance(v, str):
                nowhere[key] += v not in known
            elif key.endswith("_refs") and isinstance(v, list):
                nowhere[key] += sum(isinstance(r, str) and r not in known for r in v)
    told = {}
    for s in lines:
        if "skipped" in s and "in this file; kept" in s["why"]:
            n = re.match(r"\d+", s["why"])
            told[s["skipped"].split(":")[0]] = int(n.group()) if n else 1
    want = {k: n for k, n in nowhere.items() if n}
    return [] if told == want else ["references to nothing: %s, not %s" % (told, want)]


table = {}
for name, patterns in SETS.items():
    paths = sorted(p for g in patterns for p in glob.glob(os.path.join(data, g), recursive=True))
    wrong, count = [], collections.Counter()
    for path in paths:
        raw, theirs = read(path)
        lines, bundle = ours(path, raw)
        short = os.path.relpath(path, data)
        wrong += ["%s: %s" % (short, w) for w in check_file(path, raw, theirs, lines, bundle)]
        wrong += ["%s: %s" % (short, w) for w in check_refs(theirs, lines)]
        wrong += ["%s: %s" % (short, w) for w in check_patterns(theirs, lines)]
        one = collections.Counter(n["is"] for n in lines if "node" in n)
        one["relationship"] = sum("edge" in e and e["edge"].startswith("relationship--") for e in lines)
        one[":values"] = sum("indicator" in i and not i["pending"] for i in lines)
        one[":pending"] = sum("indicator" in i and bool(i["pending"]) for i in lines)
        one[":skipped"] = sum("skipped" in s for s in lines)
        one[":no reason"] = sum("skipped" in s and not s["why"] for s in lines)
        count += one
        if short in README:
            table[short] = one
    ok(paths and not wrong, "%s: every object of %d files, and back" % (name, len(paths)), *wrong[:20])
    ok(count[":no reason"] == 0, "%s: nothing is skipped without a reason" % name)
    table[name] = count
    print("# %s: %s" % (name, ", ".join("%d %s" % (n, k) for k, n in sorted(count.items()) if n)))
for name, want in README.items():
    got = {k: table[name][k] for k in want}
    ok(got == want, "%s: as its README counts" % name, got, want)
end()
