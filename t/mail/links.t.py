#!/usr/bin/env python3
"""What the HTML of real mails refers to: ours held against Python's email and html.parser, which
share no code with it.  Every URL that only one of the two sees is listed with a reason."""
import collections, email, html.parser, json, os, re, subprocess, sys, tarfile, tempfile, urllib.parse

here = os.path.dirname(os.path.abspath(__file__))
root = os.path.join(here, "..", "..")
data = os.environ.get("SPOOR_DATA") or os.path.join(root, "..", "shared", "data")
printer = os.path.join(root, os.environ.get("OUT", "build/debug"), "t/mail/body.t")
sets = [("mail-phishing-pot", "phish.tar.gz"), ("mail-spamassassin", "hard-ham.tar.gz"),
        ("mail-rspamd", None)]
if not all(os.path.isdir(os.path.join(data, d)) for d, _ in sets) or not os.path.exists(printer):
    print("1..0 # SKIP the real mails or the printer aren't here")
    sys.exit(0)

URL_ATTRIBUTES = {"href", "src", "background", "action", "formaction", "poster", "data", "ping",
                  "xlink:href", "lowsrc", "dynsrc"}
INSIDE = ("cid:", "mid:", "data:", "about:", "javascript:", "x-apple-data-detectors:", "blob:",
          "vbscript:")


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.urls, self.base, self.style = [], "", False

    def handle_starttag(self, tag, attrs):
        self.style = tag == "style"
        seen = {}
        for name, value in attrs:
            seen.setdefault(name, value or "")
        if tag == "base":
            self.base = self.base or seen.pop("href", "")
        for name, value in seen.items():
            if name in URL_ATTRIBUTES and not (name == "data" and tag != "object"):
                self.urls.append(value)
            elif name in ("srcset", "imagesrcset"):
                self.urls += [c.split()[0] for c in re.split(r",\s+", value) if c.split()]
            elif name == "style":
                self.css(value)
        if tag == "meta" and seen.get("http-equiv", "").lower() == "refresh":
            m = re.match(r"[\s\d.]*[;,]\s*(?:url\s*=\s*)?['\"]?([^'\"]*)", seen.get("content", ""),
                         re.I)
            self.urls += [m.group(1)] if m else []

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag):
        self.style = False

    def handle_data(self, text):
        if self.style:
            self.css(text)

    def css(self, text):
        text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
        for m in re.finditer(r"url\(\s*(?:'([^']*)'|\"([^\"]*)\"|([^)]*))\s*\)|"
                             r"@import\s+(?:'([^']*)'|\"([^\"]*)\")", text, re.I):
            self.urls.append(next(g for g in m.groups() if g is not None))

    def handle_comment(self, text):  # what Outlook shows
        m = re.match(r"\[if [^]]*\]>(.*)<!\[endif\]", text, re.S)
        if m:
            inner = Page()
            inner.feed(m.group(1))
            inner.close()
            self.urls += inner.urls


def plain(url):
    return re.sub(r"[\t\r\n]", "", url.strip("".join(map(chr, range(33)))))


def python_urls(raw):
    found = set()
    for part in email.message_from_bytes(raw).walk():
        if part.get_content_type() not in ("text/html", "application/xhtml+xml"):
            continue
        payload = part.get_payload(decode=True) or b""
        charset = (part.get_content_charset() or "utf-8").lower()
        charset = {"iso-8859-1": "windows-1252", "us-ascii": "windows-1252"}.get(charset, charset)
        try:
            text = payload.decode(charset, "replace")
        except LookupError:
            text = payload.decode("utf-8", "replace")
        page = Page()
        page.feed(text)
        page.close()
        for url in map(plain, page.urls):
            if url.startswith("\\\\"):
                url = "file://" + url[2:]
            elif page.base and not re.match(r"[a-zA-Z][\w+.-]*:|#", url):
                url = urllib.parse.urljoin(page.base, url)
            elif url.startswith("//"):
                url = "https:" + url
            elif url.lower().startswith("www."):
                url = "http://" + url
            if re.match(r"[a-zA-Z][\w+.-]*:", url) and not url.lower().startswith(INSIDE):
                found.add(url)
    return found


def mails(folder, archive, room):
    if not archive:
        folder = os.path.join(data, folder)
        return sorted(os.path.join(folder, f) for f in os.listdir(folder) if f.endswith(".eml"))
    room = os.path.join(room, folder)
    with tarfile.open(os.path.join(data, folder, archive)) as tar:
        tar.extractall(room)
    return sorted(os.path.join(d, f) for d, _, fs in os.walk(room) for f in fs)


def main():
    bad = n = 0
    with tempfile.TemporaryDirectory() as room:
        for folder, archive in sets:
            paths = mails(folder, archive, room)
            out = subprocess.run([printer] + paths, check=True, stdout=subprocess.PIPE).stdout
            lines = out.decode("utf-8", "replace").split("\n")[:-1]
            total = both = 0
            differ = []
            for path, line in zip(paths, lines):
                facts = json.loads(line)
                links = [r for r in facts.get("links", []) if r["element"] not in ("text", "script")]
                ours = {r.get("url", r.get("defanged")) for r in links + facts.get("remote", [])}
                theirs = python_urls(open(path, "rb").read())
                total += len(ours | theirs)
                both += len(ours & theirs)
                name = os.path.basename(path)
                differ += [(name, "ours", u) for u in sorted(ours - theirs)]
                differ += [(name, "theirs", u) for u in sorted(theirs - ours)]
            n += 1
            good = len(lines) == len(paths) and not differ
            bad += not good
            print("%sok %d - %s: %d mails, %d URLs, %d in common" %
                  ("" if good else "not ", n, folder, len(paths), total, both))
            for name, who, url in differ:
                print("# %s, only %s: %s" % (name, who, ascii(url)[:200]))
    print("1..%d" % n)
    sys.exit(bad != 0)


main()
