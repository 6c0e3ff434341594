#!/usr/bin/env python3
"""All STIX of the collection goes into one case and is written back: the objects that come out are
those that went in, as JSON values and in their order.  What differs is the bundle around them."""
import glob, gzip, json, os, re, shutil, subprocess, sys, tempfile

here = os.path.dirname(os.path.abspath(__file__))
root = os.path.join(here, "..", "..")
sys.path.insert(0, os.path.join(root, "t"))
from tap import ok, end
data = os.path.realpath(os.environ.get("SPOOR_DATA") or "/nonexistent")
spoor = os.path.abspath(os.path.join(root, os.environ.get("OUT", "build/debug"), "spoor"))
SETS = ["stix-documentation/*.json", "stix-oasis/examples/**/*.json", "misp-stix/*stix2*.json",
        "stix-unit42-playbooks/*.json", "attack/intrusion-set/*.json", "attack/*.jsonl",
        "attack/*.json.gz", "ioc-amnesty/**/*.stix2", "ioc-sekoia/**/*STIX2.jsonl"]
if not os.path.isdir(os.path.join(data, "attack")) or not os.path.exists(spoor):
    print("1..0 # SKIP no attack in $SPOOR_DATA, or spoor isn't built")
    sys.exit(0)


def objects(path):
    text = (gzip.open if path.endswith(".gz") else open)(path, "rb").read().decode()
    decoder, at = json.JSONDecoder(), 0
    while True:
        at = re.compile(r"\s*").match(text, at).end()
        if at == len(text):
            return
        value, at = decoder.raw_decode(text, at)
        yield from value.get("objects", [value]) if value.get("type") == "bundle" else [value]


scratch = tempfile.mkdtemp(prefix="spoor-test.")
case = os.path.join(scratch, "case")


def run(*words):
    return subprocess.run([spoor] + list(words), stdout=subprocess.PIPE, stderr=subprocess.PIPE)


seen = set()
try:
    run("init", case)
    for pattern in SETS:
        paths = sorted(glob.glob(os.path.join(data, pattern), recursive=True))
        # The same bytes under another name add nothing.
        paths = [p for p in paths if open(p, "rb").read() not in seen]
        seen |= {open(p, "rb").read() for p in paths}
        added, wrong = run("-C", case, "intel", "add", "--json", *paths), []
        for path in paths:
            back = run("-C", case, "intel", "show", path, "--stix")
            theirs = list(objects(path))
            if back.returncode or back.stderr or json.loads(back.stdout)["objects"] != theirs:
                wrong.append("%s: %s" % (path, back.stderr.decode()))
            one = theirs[len(theirs) // 2]
            back = run("-C", case, "intel", "show", path, "--object", one["id"])
            if back.returncode or json.loads(back.stdout)["objects"] != [one]:
                wrong.append("%s: not %s alone" % (path, one["id"]))
        ok(paths and added.returncode == 0 and not wrong, "%s: %d files, and back" % (pattern, len(paths)),
           *wrong[:10])
finally:
    shutil.rmtree(scratch)
end()
