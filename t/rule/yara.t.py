#!/usr/bin/env python3
"""Random YARA rules on random files and mails: what matches, and what is refused as slow, is what the
program `yara` says, of mails about their bytes and those of each part as Python decodes them."""
import email.message, email.policy, json, os, random, shutil, subprocess, sys, tempfile

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, ".."))
import tap

spoor = os.path.join(here, "..", "..", os.environ.get("OUT", "build/debug"), "spoor")
if not shutil.which("yara"):
    print("1..0 # SKIP no program yara")
    sys.exit(0)
if not os.path.exists(spoor):
    print("1..0 # SKIP spoor isn't built")
    sys.exit(0)

seed = int(os.environ.get("SEED", random.randrange(1 << 30)))
sets = int(os.environ.get("N", 20))
print("# SEED=%d N=%d" % (seed, sets))
rnd = random.Random(seed)
scratch = tempfile.mkdtemp()
variables = ["filepath", "filetype", "owner", "md5"]


def literal():
    return "".join(rnd.choice("abAB01") for _ in range(rnd.choice([1, 2, 3, 4, 5, 6, 7, 5, 6, 7])))


def string(name):
    kind = rnd.randrange(4)
    if kind == 0:
        mods = rnd.sample(["nocase", "wide", "ascii", "fullword"], rnd.randint(0, 3))
        return '%s = "%s" %s' % (name, literal(), " ".join(mods))
    if kind == 1:
        return '%s = "%s" %s' % (name, literal() + "ab", rnd.choice(["xor", "base64", "xor(1-3)", "xor wide"]))
    if kind == 2:
        parts = ["%02x" % ord(c) for c in "a" + literal()]
        parts.insert(rnd.randint(1, len(parts) - 1), rnd.choice(["??", "[0-3]", "( 61 | 62 61 )", "6?"]))
        return "%s = { %s }" % (name, " ".join(parts))
    middle = rnd.choice([".", "[ab]+", "(a|b0)*", "\\d", "b?", "x{0,2}", "\\x41"])
    return "%s = /%s%s%s/%s" % (name, literal(), middle, literal(), rnd.choice(["", "i", "s"]))


def condition(names, earlier):
    some = rnd.choice(names)
    simple = [some, "not " + some, "#%s > %d" % (some[1:], rnd.randint(0, 2)), "any of them", "all of them",
              "%s at %d" % (some, rnd.randint(0, 9)), "%s in (0..%d)" % (some, rnd.randint(5, 200)),
              "2 of ($s*)", "filesize < %d" % rnd.randint(1, 600), "@%s[1] > 20" % some[1:],
              "for any i in (1..#%s) : (@%s[i] > 30)" % (some[1:], some[1:]),
              'extension == ".doc"', 'filename matches /^a/'] + earlier
    out = rnd.choice(simple)
    for _ in range(rnd.randint(0, 2)):
        out = "(%s) %s (%s)" % (out, rnd.choice(["and", "or"]), rnd.choice(simple))
    # All strings must be referred to.
    return "(%s) and #%s >= 0" % (out, " >= 0 and #".join(n[1:] for n in names))


def rules():
    earlier, out = [], []
    for i in range(rnd.randint(2, 8)):
        names = ["$s%d" % k for k in range(rnd.randint(1, 3))]
        kind = rnd.choice(["", "", "", "private ", "global "] if rnd.random() < 0.3 else ["", "private "])
        out.append(("r%d" % i, "%srule r%d { strings: %s condition: %s }" % (
            kind, i, " ".join(string(n) for n in names), condition(names, earlier))))
        earlier.append("r%d" % i)
    return out


def noise():
    parts = [rnd.choice([literal(), literal().upper(), " ", "\n", "\0", "".join(c + "\0" for c in literal())])
             for _ in range(rnd.randint(1, 60))]
    raw = "".join(parts).encode("latin-1")
    return raw if rnd.random() < 0.8 else bytes(c ^ 1 for c in raw)


def write(name, data):
    path = os.path.join(scratch, name)
    with open(path, "wb") as f:
        f.write(data if isinstance(data, bytes) else data.encode())
    return path


def theirs(path, data, name=""):
    """Matching rules, and those with a warning that they are slow."""
    file = write("theirs.bin", data)
    extension = name[name.rindex("."):] if "." in name else ""
    args = ["yara"]
    for v in [v + "=" for v in variables] + ["filename=" + name, "extension=" + extension]:
        args += ["-d", v]
    run = subprocess.run(args + [path, file], capture_output=True, text=True)
    if run.returncode:
        raise RuntimeError(run.stderr)
    slow = {l.split('"')[1] for l in run.stderr.splitlines() if "slow" in l and 'rule "' in l}
    return {l.split()[0] for l in run.stdout.splitlines()}, slow, run.stderr


def ours(path, data, name):
    file = write(name, data)
    run = subprocess.run([spoor, "rule", "test", "--json", path, file], capture_output=True, text=True)
    if run.returncode:
        return run.stderr
    return set(json.loads(run.stdout)["rules"])


def mail():
    m = email.message.EmailMessage()
    m["From"], m["To"], m["Subject"] = "a@example.org", "b@example.org", literal()
    m.set_content(literal() + "\n" + literal() + "\n", cte=rnd.choice(["7bit", "quoted-printable", "base64"]))
    for i in range(rnd.randint(0, 3)):
        m.add_attachment(noise(), maintype="application", subtype="octet-stream",
                         filename=rnd.choice(["a.doc", "b.bin", "c"]))
    return m.as_bytes()


def parts(data):
    yield data, ""
    for p in email.message_from_bytes(data, policy=email.policy.default).walk():
        if not p.is_multipart():
            yield p.get_payload(decode=True), p.get_filename() or ""


def hold(path, data, name, pieces):
    """Says where ours and theirs differ; "" if nowhere."""
    want = set()
    for bytes_, file_name in pieces:
        want |= theirs(path, bytes_, file_name)[0]
    got = ours(path, data, name)
    return "" if got == want else "%s: got %s, want %s" % (name, got, want)


refused = differ = held = matched = 0
for n in range(sets):
    all_rules = rules()
    path = write("rules.yar", "\n".join(t for _, t in all_rules))
    _, slow, said = theirs(path, b"x")
    out = subprocess.run([spoor, "rule", "check", "--json", path], capture_output=True, text=True).stdout
    not_loaded = {j["rule"]: j["why"] for j in map(json.loads, out.splitlines()) if not j["loaded"]}
    # Who refers to a slow one is refused with it.
    wrong = [r for r, why in not_loaded.items() if r not in slow and "undefined identifier" not in why
             and "global rule" not in why]
    if wrong or slow - set(not_loaded):
        differ += 1
        print("# refused", not_loaded, "slow", slow, said)
    refused += len(not_loaded)
    left = [t for r, t in all_rules if r not in not_loaded]
    if not left:
        continue
    path = write("rules.yar", "\n".join(left))
    cases = [(noise(), "a.doc"), (noise(), "b.bin"), (b"", "a"), (mail(), "m.eml"), (mail(), "m.eml")]
    for data, name in cases:
        pieces = parts(data) if name == "m.eml" else [(data, name)]
        why = hold(path, data, name, pieces)
        held += 1
        if why:
            differ += 1
            print("#", why)
            for t in left:
                print("#  ", t)
    matched += bool(theirs(path, cases[0][0])[0])

print("# %d files and mails held, %d rules refused" % (held, refused))
tap.ok(differ == 0, "the same rules match")
tap.ok(held > sets and matched > sets // 10, "and some of them do")
shutil.rmtree(scratch)
tap.end()
