"""Our own rules and SigmaHQ's held against events, for the tests beside."""
import glob, json, os, re, shutil, subprocess, sys, tempfile

here = os.path.dirname(os.path.abspath(__file__))
root = os.path.join(here, "..", "..")
sys.path.insert(0, os.path.join(here, ".."))
data = os.environ.get("SPOOR_DATA", "/nonexistent")
spoor = os.path.join(root, os.environ.get("OUT", "build/debug"), "spoor")


def need(*folders):
    for f in folders:
        if not os.path.exists(os.path.join(data, f)):
            print("1..0 # SKIP no %s in $SPOOR_DATA" % f)
            sys.exit(0)


class Rules:
    """rules: by id, {"name", "own", "level", "techniques"}."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="spoor-rules.")
        sigma = os.path.join(data, "sigma")
        # Those in rules-placeholder ask for lists that only a site can fill in.
        files = [(f, False) for top in ("rules", "rules-threat-hunting", "rules-emerging-threats")
                 for f in glob.glob(os.path.join(sigma, top, "**/*.yml"), recursive=True)]
        files += [(f, True) for f in glob.glob(os.path.join(root, "rules/*.yml"))]
        self.rules = {}
        for f, own in files:
            name = os.path.basename(f)[:-4]
            shutil.copy(f, os.path.join(self.folder.name, "%s.%s.yml" % ("own" if own else "sigma", name)))
            text = open(f, encoding="utf-8").read()
            self.rules[re.search(r"^id: *'?([0-9a-f-]+)", text, re.M).group(1)] = {
                "name": name, "own": own,
                "level": re.search(r"^level: *(\w+)", text, re.M).group(1),
                "techniques": {t.upper().split(".")[0]
                               for t in re.findall(r"^ *- attack\.(t\d{4}(?:\.\d{3})?)", text, re.M)}}

    def test(self, file):
        """Of each event of the file: the rules that match and are for its log."""
        r = subprocess.run([spoor, "rule", "test", "--json", self.folder.name, file],
                           capture_output=True, text=True)
        if r.returncode:
            sys.exit("spoor rule test: " + r.stderr)
        # Lines of correlations, behind the events', are of no event.
        events = [e for e in map(json.loads, r.stdout.splitlines()) if "rules" in e]
        return [[self.rules[i] for i in e["rules"] if i in self.rules] for e in events]
