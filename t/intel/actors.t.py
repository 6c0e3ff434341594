#!/usr/bin/env python3
"""Real catalogues of actors, read by us and by Python: APT31 and APT40 as each source has them, the
galaxy's names that fit more than one actor, and no two of a catalogue's own in one group."""
import collections, glob, json, os, re, subprocess, sys, tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
sys.dont_write_bytecode = True
from tap import end, ok

here = os.path.dirname(os.path.abspath(__file__))
root = os.path.join(here, "..", "..")
data = os.environ.get("SPOOR_DATA") or os.path.join(root, "..", "shared", "data")
spoor = os.path.join(root, os.environ.get("OUT", "build/debug"), "spoor")
attack = os.path.join(data, "attack", "enterprise-attack-v18.1-stix20.jsonl")
galaxies = {"misp-galaxy:" + name: os.path.join(data, "misp-galaxy", "clusters", file + ".json")
            for name, file in (("threat-actor", "threat-actor"), ("360net-threat-actor", "360net"),
                               ("microsoft-activity-group", "microsoft-activity-group"))}
trails = os.path.join(data, "ioc-maltrail")
if not all(map(os.path.exists, [spoor, attack, trails, *galaxies.values()])):
    print("1..0 # SKIP the catalogues of actors or the program aren't here")
    sys.exit(0)


def fold(name):
    return "".join(c.lower() for c in name if ord(c) >= 128 or c.isalnum())


class Entry:
    """What a catalogue calls one actor."""

    def __init__(self, catalogue, name, names):
        self.catalogue, self.name = catalogue, fold(name)
        self.names = {fold(n) for n in names} | {self.name}


def read_attack():
    for line in open(attack, encoding="utf-8"):
        o = json.loads(line)
        if o["type"] == "intrusion-set" and not o.get("revoked") and not o.get("x_mitre_deprecated"):
            number = [r["external_id"] for r in o["external_references"]
                      if r["source_name"] == "mitre-attack"]
            yield Entry("mitre-attack", o["name"], o.get("aliases", []) + number)


def read_galaxy(catalogue):
    for v in json.load(open(galaxies[catalogue], encoding="utf-8"))["values"]:
        meta = v.get("meta", {})
        coined = [a.rpartition(":")[0] for a in meta.get("name-attribution", [])]
        yield Entry(catalogue, v["value"], meta.get("synonyms", []) + coined)


def read_trails():
    maltrail = ""
    for path in sorted(glob.glob(os.path.join(trails, "apt_*.txt"))):
        for line in open(path, encoding="utf-8", errors="replace"):
            holder = re.match(r"#\s*Copyright \(c\) [\d-]+ (.*?) \(", line)
            maltrail = holder.group(1) if holder else maltrail
            found = re.match(r"#\s*aliases:(.*)", line, re.I)
            names = [n.partition("(")[0].strip() for n in found.group(1).split(",")] if found else []
            names = [n for n in names if n]
            if names:
                yield Entry(maltrail, names[0], names)


entries = [*read_attack(), *read_trails()]
for g in galaxies:
    entries += read_galaxy(g)


def run(*words):
    return subprocess.run([spoor, "-C", case.name + "/case", *words], check=True,
                          stdout=subprocess.PIPE).stdout.decode("utf-8")


def show(name):
    return json.loads(run("intel", "show", name, "--json"))


case = tempfile.TemporaryDirectory()
subprocess.run([spoor, "init", case.name + "/case"], check=True, stdout=subprocess.DEVNULL)
run("intel", "add", attack, *galaxies.values())
run("intel", "add", "--name", "maltrail", trails)
groups = [json.loads(line) for line in run("intel", "actors", "--json").splitlines()]
sizes = collections.Counter(c["catalogue"] for g in groups for c in g["catalogues"]
                            if not c["withdrawn"])
for catalogue in sorted({e.catalogue for e in entries}):
    # A name twice in one catalogue is one entry.
    want = len({e.name or id(e) for e in entries if e.catalogue == catalogue})
    ok(sizes[catalogue] == want, "%s has %d actors" % (catalogue, want), sizes[catalogue])

# Whoever goes by the name, and who is called by nothing else than one of their names.
for name, least in (("APT31", 5), ("APT40", 5)):
    mine = [e for e in entries if fold(name) in e.names]
    known = set.union(*(e.names for e in mine))
    mine += [e for e in entries if e not in mine and e.names <= known]
    page = show(name)
    got = {(c["catalogue"], fold(c["name"])) for c in page["catalogues"]}
    ok(got == {(e.catalogue, e.name) for e in mine} and len(got) >= least,
       "%s is one actor of %d entries" % (name, len(mine)), sorted(got))
    said = collections.defaultdict(set)
    for n in page["names_by_source"]:
        for by in n["said_by"]:
            said[by["catalogue"], fold(by["of"])].add(fold(by["written"]))
    for e in mine:
        ok(said[e.catalogue, e.name] == e.names, "… called so by %s" % e.catalogue,
           sorted(said[e.catalogue, e.name] ^ e.names))

# As METHODS counts them: 27 of 2,393, where only case doesn't matter.
plain = collections.defaultdict(set)
for v in json.load(open(galaxies["misp-galaxy:threat-actor"], encoding="utf-8"))["values"]:
    for n in [v["value"]] + v.get("meta", {}).get("synonyms", []):
        plain[n.lower()].add(v["value"])
several = {n: sorted(values) for n, values in plain.items() if len(values) > 1}
ok(len(plain) == 2393 and len(several) == 27, "27 of 2,393 names fit more than one actor",
   len(plain), len(several))
for name, values in sorted(several.items()):
    fits = show(name).get("may_mean", [])
    met = [[c["name"] for c in f["catalogues"] if c["catalogue"] == "misp-galaxy:threat-actor"]
           for f in fits]
    ok(all([v] in met for v in values), "%s: %s stay apart" % (name, ", ".join(values)), met)

for catalogue in ("mitre-attack", "misp-galaxy:threat-actor", "misp-galaxy:360net-threat-actor"):
    two = [g["actor"] for g in groups
           if sum(c["catalogue"] == catalogue for c in g["catalogues"]) > 1]
    ok(not two, "no two of %s are in one group" % catalogue, two)
end()
