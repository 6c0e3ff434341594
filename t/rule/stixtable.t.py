#!/usr/bin/env python3
"""The mapping of spoor-rules(7) is that of src/rule/stixfields.def."""
import os
import re
import sys

here = os.path.dirname(os.path.abspath(__file__))
root = os.path.join(here, "..", "..")
sys.path.insert(0, os.path.join(here, ".."))
import tap


def read(path):
    return open(os.path.join(root, path), encoding="utf-8").read()


names = dict(re.findall(r'^FIELD\((\w+), "([^"]+)"', read("src/model/fields.def"), re.M))
table = read("src/rule/stixfields.def")
types = dict(re.findall(r'^STIX_THING\((\w+), "([^"]+)"\)', table, re.M))
real = set()
for thing, path, field, _ in re.findall(r'^STIX_FIELD\((\w+), "([^"]+)", (\w+), (\w+)\)', table, re.M):
    keys = [k if re.fullmatch(r"\w+", k) else "'%s'" % k for k in path.replace("/[]", "[*]").split("/")
            ] if "[*]" not in path.replace("/[]", "[*]") else path.replace("/[]", "[*]").split("/")
    place = "process:parent_ref." if thing == "PARENT" else types[thing] + ":"
    real.add((names[field], place + ".".join(keys)))
page = read("man/spoor-rules.7").replace("\\(aq", "'").replace("\\-", "-")
said = {tuple(line.split("\t")[:2]) for line in page.splitlines() if re.match(r"[\w.]+\t[\w-]+:", line)}
tap.ok(len(real) > 50, "%d lines" % len(real))
tap.ok(real <= said, "each is in the page", real - said)
tap.ok(said <= real, "and no other", said - real)
tap.end()
