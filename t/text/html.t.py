#!/usr/bin/env python3
"""Our tokeniser of HTML held against html5lib's, which shares no code with it, on documents put
together at random from what the states of the Standard turn on."""
import json, os, random, subprocess, sys

here = os.path.dirname(os.path.abspath(__file__))
root = os.path.join(here, "..", "..")
printer = os.path.join(root, os.environ.get("OUT", "build/debug"), "t/text/html.t")
sys.path.append("/usr/lib/python3/dist-packages")  # Debian's, whichever python3 comes first
try:
    from html5lib import _inputstream, _tokenizer
    from html5lib.constants import tokenTypes
except ImportError:
    print("1..0 # SKIP there is no html5lib here")
    sys.exit(0)
if not os.path.exists(printer):
    print("1..0 # SKIP the printer isn't built")
    sys.exit(0)

PIECES = ["<", "</", ">", "/>", "/", "=", "'", '"', "`", " ", "\n", "\t", "\f", "<!", "<!--", "-->",
          "--!>", "-", "--", "!", "?", "<?", "a", "A", "b", "<a", "<b ", "</a", "<a href=", "src",
          "src=", "x", "1", "&", ";", "#", "&#", "&#x", "&amp", "&amp;", "&lt", "&colon;", "&notin",
          "&not", "&nGt;", "&copy=", "&copy;", "&#60;", "&#x80;", "&#0;", "&#xd800;",
          "&#x110000;", "<!DOCTYPE", "]]>", "[if", "\u00e9", "\u0130", "\u212a", "http://e.example/"]
COUNT = int(os.environ.get("HTML_DOCUMENTS", "4000"))


def theirs(document):
    found = []
    tokens = _tokenizer.HTMLTokenizer(document)
    for token in tokens:
        kind = token["type"]
        if kind in (tokenTypes["Characters"], tokenTypes["SpaceCharacters"]):
            if found and found[-1][0] == 1:
                found[-1][1] += token["data"]
            else:
                found.append([1, token["data"]])
        elif kind == tokenTypes["StartTag"]:
            # A list of pairs in its order, or a mapping: releases differ.
            pairs = token["data"]
            pairs = list(pairs.items()) if hasattr(pairs, "items") else pairs
            flat, seen = [], set()
            for name, value in pairs:
                if name not in seen:
                    flat += [name, value]
                seen.add(name)
            found.append([2, token["name"]] + flat)
        elif kind == tokenTypes["EndTag"]:
            found.append([3, token["name"]])
    return found


def ours(line):
    found = []
    for token in json.loads(line):
        if token[0] == 1 and found and found[-1][0] == 1:
            found[-1][1] += token[1]
        else:
            found.append(token)
    return found


def main():
    seed = int(os.environ.get("SEED", "0")) or random.randrange(1, 1 << 31)
    rand = random.Random(seed)
    documents = ["".join(rand.choice(PIECES) for _ in range(rand.randrange(1, 24)))
                 for _ in range(COUNT)]
    # A tag in which the input ends is none to browsers: we would rather see it.
    documents = [d + "x'>\">-->x" for d in documents]
    # Outlook shows what a conditional comment holds, and so do we: no browser does.
    documents = [d for d in documents if "<!--[if" not in d]
    data = "\0".join(documents) + "\0"
    out = subprocess.run([printer, "-"], input=data.encode(), check=True, stdout=subprocess.PIPE)
    lines = out.stdout.decode().split("\n")[:-1]
    bad = [(d, ours(l), theirs(d)) for d, l in zip(documents, lines) if ours(l) != theirs(d)]
    good = not bad and len(lines) == len(documents)
    print("# SEED=%d" % seed)
    print("%sok 1 - %d documents" % ("" if good else "not ", len(documents)))
    for document, our, their in bad[:10]:
        print("# %s\n#  ours   %s\n#  theirs %s" % (ascii(document), ascii(our), ascii(their)))
    print("1..1")
    sys.exit(not good)


main()
