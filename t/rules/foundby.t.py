#!/usr/bin/env python3
"""Rules that are found by an observable find what they would find if every record were read: values of
a log of others, each asked for twice, as they are (which observables lead to) and as a regular
expression (which none does)."""
import csv, json, os, random, re, subprocess, tempfile
import ruleset
import tap
from tap import ok

ruleset.need("o365-ual")
DATA = os.path.join(ruleset.data, "o365-ual", "ual-2021-03_to_06.csv")
SEED = int(os.environ.get("SEED", "1"))
N = int(os.environ.get("N", "300"))


def spoor(*args, check=True):
    return subprocess.run([ruleset.spoor, *args], check=check, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE).stdout


def leaves(value, path):
    if isinstance(value, dict):
        for k, v in value.items():
            yield from leaves(v, path + [k])
    elif isinstance(value, str) and value and all(re.fullmatch(r"\w+", p) for p in path):
        yield ".".join(path), value


def rule(title, field, modifier, value):
    return json.dumps({"title": title, "logsource": {"product": "m365"},
                       "detection": {"sel": {field + modifier: value}, "condition": "sel"}})


def found(case, folder):
    all = {}
    for line in spoor("-C", case, "detect", "--json", "--rules", folder).splitlines():
        f = json.loads(line)
        all.setdefault(f["title"], []).append(f["events"][0])
    return {k: sorted(v) for k, v in all.items()}


def main():
    print("# SEED=%d N=%d" % (SEED, N))
    rng = random.Random(SEED)
    pairs = set()
    for row in csv.DictReader(open(DATA, encoding="utf-8-sig", newline="")):
        if row["AuditData"]:
            pairs.update(leaves(json.loads(row["AuditData"]), []))
    by_field = {}
    for field, value in sorted(pairs):
        if len(value) < 200 and not re.search(r"[*?\\{]", value) and value.isascii():
            by_field.setdefault(field, []).append(value)
    chosen = []
    while len(chosen) < N:
        field = rng.choice(sorted(by_field))
        value = rng.choice(by_field[field])
        chosen.append((field, rng.choice([value, value.upper(), value.lower()])))
    with tempfile.TemporaryDirectory() as t:
        case, plain, whole = (os.path.join(t, n) for n in ("case", "plain", "whole"))
        spoor("init", case)
        spoor("-C", case, "ingest", "-q", DATA)
        os.mkdir(plain)
        os.mkdir(whole)
        for i, (field, value) in enumerate(chosen):
            with open(os.path.join(t, "one.yml"), "w") as f:
                f.write(rule("%d" % i, field, "", value))
            said = json.loads(spoor("rule", "check", "--json", f.name))
            if not any(w["format"] == "m365-ual" for w in said["found_by"]):
                continue
            os.rename(f.name, os.path.join(plain, "%d.yml" % i))
            with open(os.path.join(whole, "%d.yml" % i), "w") as f:
                f.write(rule("%d" % i, field, "|re|i", "^" + re.escape(value).replace("/", "\\/") + "$"))
        n = len(os.listdir(plain))
        ok(n >= N // 20, "%d of %d are found by observables" % (n, N))
        a, b = found(case, plain), found(case, whole)
        wrong = [i for i in sorted(set(a) | set(b)) if a.get(i) != b.get(i)]
        for i in wrong[:10]:
            print("# %s: %d and %d of all" % (chosen[int(i)], len(a.get(i, [])), len(b.get(i, []))))
        ok(not wrong, "the same events as of all that were read")
        ok(sum(map(len, a.values())) > n, "%d of them" % sum(map(len, a.values())))
        fields = sorted({chosen[int(i[:-4])][0] for i in os.listdir(plain)})
        print("# fields: " + ", ".join(fields))


main()
tap.end()
