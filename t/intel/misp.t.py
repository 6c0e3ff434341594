#!/usr/bin/env python3
"""MISP's files as others publish them: what is read of each held against a reading by Python's json,
which shares no code with ours, and against the STIX that MISP's own converter makes of attributes.
Everything in a file is used, or listed with why; the counts are those of the collection's README."""
import collections, glob, ipaddress, json, os, subprocess, sys, tempfile

here = os.path.dirname(os.path.abspath(__file__))
root = os.path.join(here, "..", "..")
sys.path.insert(0, os.path.join(root, "t"))
from tap import ok, end

data = os.environ.get("SPOOR_DATA") or "/nonexistent"
build = os.path.join(root, os.environ.get("OUT", "build/debug"), "t/intel")
if not os.path.isdir(os.path.join(data, "misp-galaxy")):
    print("1..0 # SKIP no misp-galaxy in $SPOOR_DATA")
    sys.exit(0)
if not all(os.path.exists(os.path.join(build, p)) for p in ("read.t", "bundle.t")):
    print("1..0 # SKIP the printers aren't built")
    sys.exit(0)


def files(pattern):
    return sorted(glob.glob(os.path.join(data, pattern), recursive=True))


def load(path):
    with open(path, encoding="utf-8") as f:
        return json.load(f)


def read(paths):
    """Path to indicators and skipped."""
    out = subprocess.run([os.path.join(build, "read.t")] + paths, capture_output=True, check=True)
    return {d["path"]: d for d in map(json.loads, out.stdout.splitlines())}


def said(path):
    """Nodes, edges and names."""
    out = subprocess.run([os.path.join(build, "bundle.t"), path], capture_output=True, check=True)
    lines = [json.loads(line) for line in out.stdout.split(b"\nBUNDLE\n")[0].split(b"\n")]
    return ([d for d in lines if "node" in d], [d for d in lines if "edge" in d],
            [d for d in lines if "of" in d])


# --- events -------------------------------------------------------------------------------------

KINDS = {"md5": "hash", "sha1": "hash", "sha256": "hash", "sha512": "hash", "domain": "domain",
         "hostname": "domain", "ip-src": "ip", "ip-dst": "ip", "url": "url", "filename": "file-name",
         "email-src": "email", "email-dst": "email"}
NEVER = {"text", "comment", "other", "attachment", "size-in-bytes"}


def attributes(x, deleted=False):
    """(attribute, is it of a deleted object), wherever they stand but in proposals."""
    if isinstance(x, list):
        for v in x:
            yield from attributes(v, deleted)
    elif isinstance(x, dict):
        for a in [x["Attribute"]] if isinstance(x.get("Attribute"), dict) else x.get("Attribute") or []:
            yield a, deleted
        for k in ("Event", "response", "Object"):
            yield from attributes(x.get(k), deleted or (k == "Object" and bool(x.get("deleted"))))


def expected(a, deleted):
    """What an attribute is: ("value", kind, value)…, "no", "pending" or "listed"."""
    t, v = a.get("type"), str(a.get("value", "")).strip()
    if deleted or a.get("deleted") or a.get("category") == "Targeting data":
        return "no"
    if not a.get("to_ids"):
        return "no"
    if t in NEVER:
        return "listed"
    if t in ("domain|ip", "ip-dst|port", "hostname|port"):
        first, second = v.split("|", 1)
        if t == "domain|ip":
            return [("domain", first.lower()), ("ip", second)]
        return [("domain" if t[0] == "h" else "ip", first)]
    if "|" in t and t.split("|")[0] == "filename" or t == "malware-sample":
        return [("hash", v.split("|", 1)[1].lower())] if "|" in v else "listed"
    if t in KINDS:
        kind = KINDS[t]
        if kind == "file-name" and ("/" in v or "\\" in v):
            kind = "file-path"
        return [(kind, v if kind == "url" else v.lower())]
    return "pending"


def check_events(paths):
    counts, wrong = collections.Counter(), []
    for path, got in read(paths).items():
        have = collections.Counter((i["kind"], i.get("value")) for i in got["indicators"]
                                   if i["kind"] not in ("pending", "network"))
        # The same value twice under one id, or what is too broad, is listed instead.
        originals = collections.Counter(s["what"].strip() for s in got["skipped"])
        pending = sum(i["kind"] == "pending" for i in got["indicators"])
        urls = {i["original"]: ("url", i.get("value")) for i in got["indicators"] if i["kind"] == "url"}
        want_pending = 0
        for a, deleted in attributes(load(path)):
            want = expected(a, deleted)
            counts["attributes"] += 1
            if want == "pending":
                want_pending += 1
                continue
            if want in ("no", "listed"):
                counts["not for detection"] += 1
                what = str(a.get("value", "")).strip()
                # What is listed is cut after 200 bytes, perhaps within a character.
                found = [k for k in originals if what.startswith(k.rstrip("\ufffd"))]
                if not found:
                    wrong.append((path, a.get("type"), what[:80], "isn't listed"))
                continue
            for kind, value in want:
                if kind == "url":
                    value = urls.get(value, (None, value))[1]
                if have[(kind, value)]:
                    have[(kind, value)] -= 1
                    counts["indicators"] += 1
                elif any(k == value or k.lower() == value for k in originals):
                    counts["listed"] += 1
                else:
                    wrong.append((path, a.get("type"), value, "is lost"))
        if pending != want_pending:
            wrong.append((path, "pending", pending, want_pending))
        counts["pending"] += pending
        left = +have
        if left:
            wrong.append((path, "not in the file", left))
    return counts, wrong


events = [p for p in files("misp-events/**/*.json")
          if os.path.basename(p) not in ("git-vuln-finder-quagga.json", "sighting.json", "simple.json",
                                         "stix2.json", "definition.json", "sharing_groups.json",
                                         "galaxy.json")]
ok(len(files("misp-events/**/*.json")) == 28, "README: 28 files in misp-events")
for name, paths in (("misp-events", events),
                    ("ioc-eset", [p for p in files("ioc-eset/**/*.json") if '"threat_level_id"' in open(p).read()]),
                    ("misp-stix", files("misp-stix/*_collection_[12].json"))):
    counts, wrong = check_events(paths)
    ok(not wrong and counts["attributes"] > 0,
       "%s: %d files, %s" % (name, len(paths), dict(counts)), *wrong[:20])

others = {p: read([p])[p] for p in files("misp-events/**/*.json") if p not in events}
for name, kind in (("git-vuln-finder-quagga", "json"), ("sighting", "json"), ("simple", "json"),
                   ("stix2", "stix-2.0"), ("definition", "misp-object"), ("sharing_groups", "misp"),
                   ("galaxy", "misp-galaxy")):
    found = [d for p, d in others.items() if p.endswith("/%s.json" % name)]
    ok(found and all(d["kind"] == kind for d in found), "%s.json is %s" % (name, kind))
    if kind == "json":
        ok(all(d["skipped"] for d in found), "%s.json is no event, and listed" % name)

# --- MISP's own converter to STIX -------------------------------------------------------------

# Where an attribute and the pattern that MISP makes of it differ here, and why.
APART = {
    "sha3-384": "a hash of a file; the pattern's name for it is none of STIX's vocabulary",
}


def read_each(values):
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for i, value in enumerate(values):
            paths.append(os.path.join(folder, "%d.json" % i))
            with open(paths[-1], "w") as f:
                json.dump(value, f)
        got = read(paths)
        return [got[p]["indicators"] for p in paths]


def plain(indicators):
    return {(i["kind"], i.get("value")) for i in indicators if i["kind"] != "pending"}


def converter(path):
    both, wrong, pairs = collections.Counter(), [], []
    for name, one in load(path).items():
        stix = one["STIX"] if isinstance(one["STIX"], list) else [one["STIX"]]
        for o in stix:
            if o.get("type") == "indicator" and o.get("pattern_type") == "stix" and "value" in one["MISP"]:
                pairs.append((dict(one["MISP"], to_ids=True), o))
    misp = read_each([{"Attribute": [a]} for a, _ in pairs])
    stix = read_each([{"type": "bundle", "id": "bundle--1", "objects": [o]} for _, o in pairs])
    for (a, o), ours, theirs in zip(pairs, map(plain, misp), map(plain, stix)):
        if ours == theirs:
            both["the same"] += 1
        elif not theirs and a["type"] in APART:
            both[a["type"]] += 1
        elif not theirs and " AND " in o["pattern"]:
            # AND can't be matched yet; of "a|b" what can be looked for is.
            both["AND"] += 1
        else:
            wrong.append((a["type"], a["value"], o["pattern"], sorted(ours), sorted(theirs)))
    return both, wrong


both, wrong = converter(os.path.join(data, "misp-stix/mapping/misp_attributes_to_stix21.json"))
ok(both["the same"] > 40 and not wrong,
   "attributes and the STIX that MISP makes of them: %s" % dict(both), *wrong)

# --- galaxies ---------------------------------------------------------------------------------

clusters = files("misp-galaxy/clusters/*.json")
ok(len(clusters) == 16, "README: 16 galaxies")
actors = 0
for path in clusters:
    g = load(path)
    nodes, edges, names = said(path)
    ids = {v["uuid"]: v for v in g["values"]}
    mine = [n for n in nodes if n["node"] in ids]
    wrong = [v["value"] for v in g["values"]
             if not any(n["node"] == v["uuid"] and v["value"].strip().startswith(n["name"]) for n in mine)]
    want_names = collections.Counter()
    for v in g["values"]:
        meta = v.get("meta", {})
        synonyms = meta.get("synonyms", [])
        synonyms = [synonyms] if isinstance(synonyms, str) else synonyms
        attributed = [s.rsplit(":", 1)[0] for s in meta.get("name-attribution", [])]
        known = {s.strip().lower() for s in [v["value"]] + synonyms}
        extra = [s for s in attributed if s.lower() not in known]
        want_names[v["uuid"]] = len([s for s in synonyms if s.strip()]) + len(extra)
    have_names = collections.Counter()
    for n in names:
        v = ids[n["of"]]
        own = n["name"].lower() in (v["value"].strip().lower(),
                                    next(m["name"] for m in mine if m["node"] == n["of"]).lower())
        synonyms = v.get("meta", {}).get("synonyms", [])
        if not own or n["name"] in [s.strip() for s in synonyms]:
            have_names[n["of"]] += 1
    differ = {ids[k]["value"]: (want_names[k], have_names[k]) for k in ids if want_names[k] != have_names[k]}
    related = collections.Counter((v["uuid"], r["dest-uuid"], r["type"].strip()) for v in g["values"]
                                  for r in v.get("related", []) if r.get("dest-uuid"))
    have = collections.Counter((e["from"], e["to"], e["type"]) for e in edges if e["to"] not in
                               {n["node"] for n in nodes} or e["type"] != "targets" or ":" not in e["to"])
    missing = related - have
    if g["type"] == "threat-actor":
        actors = sum(n["type"] == "actor" for n in mine)
    ok(len(mine) == len(ids) and not wrong and not differ and not missing,
       "%s: %d clusters (%s), %d names, %d relations" %
       (g["type"], len(mine), "/".join(sorted({n["type"] for n in mine})), len(names), sum(related.values())),
       wrong[:5], list(differ.items())[:5], list(missing)[:5])
ok(actors == 1041, "README: 1,041 actors, %d found" % actors)

# --- taxonomies, templates ----------------------------------------------------------------------

taxonomies = files("misp-taxonomies/*.json")
ok(len(taxonomies) == 11, "README: 11 taxonomies")
for path in taxonomies:
    t = load(path)
    want = {t["namespace"]} | {"%s:%s" % (t["namespace"], p["value"]) for p in t["predicates"]}
    want |= {'%s:%s="%s"' % (t["namespace"], v["predicate"], e["value"])
             for v in t.get("values", []) for e in v["entry"]}
    nodes, _, _ = said(path)
    ok({n["name"] for n in nodes} == want and all(n["type"] == "term" for n in nodes),
       "%s: %d terms" % (t["namespace"], len(want)))
templates = files("misp-objects/*.json")
ok(len(templates) == 27, "README: 27 templates of objects")
full = [p for p in templates if os.path.getsize(p)]
ok(all([n["name"] for n in said(p)[0]] == [load(p)["name"]] for p in full),
   "each is a term, but %d files that are empty" % (len(templates) - len(full)))

# --- warning lists ------------------------------------------------------------------------------

lists = files("misp-warninglists/*.json")
ok(len(lists) == 128, "README: 128 warning lists")
table, wrong = collections.Counter(), []
for path, got in read(lists).items():
    w = load(path)
    entries, t = w["list"], w["type"]
    used = collections.Counter(i["original"] for i in got["indicators"])
    listed = collections.Counter(s["what"] for s in got["skipped"])
    lost = [e for e in entries if not used[e.strip()] and not listed[e.strip()[:200]]]
    if lost or len(got["indicators"]) + len(got["skipped"]) != len(entries):
        wrong.append((path, len(entries), len(got["indicators"]), len(got["skipped"]), lost[:3]))
    by_original = {i["original"]: i for i in got["indicators"]}
    for e in by_original:
        i = by_original[e]
        if t == "cidr":
            net = ipaddress.ip_network(e.strip(), strict=False)
            mapped = getattr(net.network_address, "ipv4_mapped", None)
            first = int(net[0]) if net.version == 6 else int(net[0]) + (0xffff << 32)
            last = int(net[-1]) if net.version == 6 else int(net[-1]) + (0xffff << 32)
            good = (i["value"] == "network %032x-%032x" % (first, last) if i["kind"] == "network" else
                    i["kind"] == "ip" and net.num_addresses == 1 and
                    ipaddress.ip_address(i["value"]) in (net[0], mapped))
        elif t == "hostname":
            good = i["value"] == e.strip().strip(".").lower().encode("idna").decode() if e.isascii() else True
        elif t == "string":
            good = i["value"] == e.strip().strip(".").lower()
        else:
            good = i["kind"] == t
        if not good:
            wrong.append((path, e, i))
    table[t] += 1
    table["entries"] += len(got["indicators"])
    for s in got["skipped"]:
        table[s["why"].split(" in line")[0]] += 1
ok(not wrong, "warning lists: %s" % dict(table), *wrong[:20])
end()
