#!/usr/bin/env python3
"""Everything that others publish, folder by folder, as somebody adds it: licences and READMEs too.
Prints a table of what each folder has, and of what was not used and why.  What is expected is counted
in the files by other means; where the README of the collection has another number, it is said why."""
import collections, glob, gzip, json, os, re, shutil, subprocess, sys, tempfile

here = os.path.dirname(os.path.abspath(__file__))
root = os.path.join(here, "..", "..")
sys.path.insert(0, os.path.join(root, "t"))
from tap import ok, end
data = os.path.realpath(os.environ.get("SPOOR_DATA") or "/nonexistent")
spoor = os.path.abspath(os.path.join(root, os.environ.get("OUT", "build/debug"), "spoor"))
FOLDERS = sorted(os.path.basename(p) for prefix in ("attack", "misp-*", "stix-*", "ioc-*")
                 for p in glob.glob(os.path.join(data, prefix)))
if "attack" not in FOLDERS or not os.path.exists(spoor):
    print("1..0 # SKIP no attack in $SPOOR_DATA, or spoor isn't built")
    sys.exit(0)
COUNTS = ("indicators", "patterns", "actors", "techniques", "claims", "warninglists")


def files(pattern):
    return sorted(glob.glob(os.path.join(data, pattern), recursive=True))


def attack():
    """Ids by type.  The README counts the enterprise file alone (187 groups, 703 techniques); the
    file for industry adds 2 groups and 95 techniques, the bundles of groups nothing."""
    found = collections.defaultdict(set)
    for line in open(files("attack/*.jsonl")[0]):
        one = json.loads(line)
        found[one["type"]].add(one["id"])
    bundles = [open(p) for p in files("attack/intrusion-set/*.json")]
    for f in bundles + [gzip.open(p) for p in files("attack/*.json.gz")]:
        for one in json.load(f)["objects"]:
            found[one["type"]].add(one["id"])
    return found


def clusters(*types):
    """By the galaxies' own counts.  The README's 1,041 actors are those of threat-actor alone."""
    galaxies = [json.load(open(p)) for p in files("misp-galaxy/clusters/*.json")]
    return sum(len(g["values"]) for g in galaxies if g["type"] in types)


def playbooks():
    """Each has one pattern with one comparison, or one that is pending."""
    objects = [o for p in files("stix-unit42-playbooks/*.json") for o in json.load(open(p))["objects"]]
    return len({o["id"] for o in objects if o["type"] == "indicator"})


def trails():
    """The README counts files (225); those that name nobody in an Aliases line have no actor."""
    return sum(bool(re.search(r"^# *aliases", open(p, errors="replace").read(), re.M | re.I))
               for p in files("ioc-maltrail/*.txt"))


scratch = tempfile.mkdtemp(prefix="spoor-test.")
case = os.path.join(scratch, "case")
found = {}


def run(*words):
    return subprocess.run([spoor, "-C", case] + list(words), capture_output=True, text=True)


def reasons(skipped):
    """How often each, numbers and quotations left out."""
    return collections.Counter(re.sub(r"\d+|'[^']*'", "N", s["why"]) for s in skipped)


def check(folder):
    got = run("intel", "add", "-q", "--json", "--name", folder, os.path.join(data, folder))
    ok(got.returncode == 0, "%s is added" % folder, got.stderr)
    d = found[folder] = json.loads(got.stdout)
    print("# %s: %s" % (folder, ", ".join("%d %s" % (d[c], c) for c in COUNTS if d[c])))
    for why, times in reasons(d["skipped"]).most_common(12):
        print("#   %6d %s" % (times, why))
    # A text that is the source's whole (a pattern without a name) may be empty; a reason may not.
    odd = [s for s in d["skipped"] if not s["why"] or not os.path.exists(os.path.join(data, folder, s["file"]))]
    ok(not odd, "%s: everything that was not used has its file and its reason" % folder, *odd[:3])


def text_is_bounded():
    run("intel", "remove", "ioc-eset")
    lines = run("intel", "add", "-q", "--name", "ioc-eset", os.path.join(data, "ioc-eset")).stdout.splitlines()
    ok(len(lines) < 120, "for people a folder's answer is short", len(lines))
    shown = sum(": " in line and line.startswith("  ") and not line.startswith("   ") for line in lines)
    more = sum(int(m.group(1).replace(",", "")) for m in (re.match(r" +and ([\d,]+) more", l) for l in lines) if m)
    ok(shown + more == len(found["ioc-eset"]["skipped"]), "and counts all of it", shown, more)
    again = run("intel", "show", "ioc-eset", "--json").stdout.splitlines()
    whats = collections.Counter(json.loads(line)["what"] for line in again)
    # What runs as a rule is pending as an indicator, and not among what wasn't used.
    ok(whats["skipped"] + whats["pending"] == len(found["ioc-eset"]["skipped"]) + found["ioc-eset"]["rules"],
       "intel show lists it afterwards", whats)


try:
    subprocess.run([spoor, "init", case], capture_output=True, check=True)
    for folder in FOLDERS:
        check(folder)
    ids = attack()
    for what, type in ("actors", "intrusion-set"), ("techniques", "attack-pattern"):
        ok(found["attack"][what] == len(ids[type]), "ATT&CK's %s" % what, len(ids[type]))
    galaxy = found["misp-galaxy"]
    ok(galaxy["actors"] == clusters("threat-actor", "microsoft-activity-group", "360net-threat-actor"),
       "the galaxy's actors")
    ok(found["misp-warninglists"]["warninglists"] == len(files("misp-warninglists/*.json")),
       "the warning lists")
    ok(found["misp-warninglists"]["indicators"] == 0, "which are no indicators")
    books = found["stix-unit42-playbooks"]
    ok(books["indicators"] + books["patterns"] == playbooks(), "the playbooks' indicators", playbooks())
    ok(found["ioc-maltrail"]["actors"] == trails(), "whom the trails name", trails())
    text_is_bounded()
finally:
    shutil.rmtree(scratch, ignore_errors=True)
end()
