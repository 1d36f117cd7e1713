#!/usr/bin/env python3
"""Cuts a corpus of real English paragraphs from named, versioned Debian documentation packages.

    make.py OUTPUT.jsonl [CACHE]

Needs Python 3 and nothing else. Packages come from `apt-get download` where that has the version,
else from Debian's archive over HTTP; each is checked against its SHA-256. The output is one JSON
object a line, {"id", "text"}, the same bytes on every machine: paragraphs, list items and headings
of 3 to 200 words, each once, in the order of their SHA-256 so that every head of the file is a fair
sample.
"""

import hashlib
import html.parser
import io
import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import tarfile
import urllib.request

# package, version, SHA-256, path in the archive, folders of which every HTML file is read
PACKAGES = [
    ("debian-policy", "4.6.2.0", "ef9d01b625c3b87c3a845c2cd1b66f1a16e9240b2b9e5bee53472a00e8457a39",
     "pool/main/d/debian-policy/debian-policy_4.6.2.0_all.deb",
     ["usr/share/doc/debian-policy/"]),
    ("debian-reference-en", "2.100", "9f31d3a17df505de09689ca255512ea58c1fc47c59bb1b0c7bf1c23362e9743f",
     "pool/main/d/debian-reference/debian-reference-en_2.100_all.deb",
     ["usr/share/debian-reference/"]),
    ("developers-reference", "12.18", "0dba82f6fa16e373f2a84ad07e7971aa9264ad2e7d2ae46b37edbc9c5fd57e2e",
     "pool/main/d/developers-reference/developers-reference_12.18_all.deb",
     ["usr/share/developers-reference/"]),
    ("rust-doc", "1.63.0+dfsg1-2", "96ef96fe6df87d939ca713bd7df3d15c2b778ccb892eca025c4ee504146f697b",
     "pool/main/r/rustc/rust-doc_1.63.0+dfsg1-2_all.deb",
     ["usr/share/doc/rust-doc/html/" + book + "/" for book in
      ("book", "reference", "nomicon", "rustc", "rustdoc", "embedded-book", "edition-guide",
       "rust-by-example")]),
]
ARCHIVES = ["http://deb.debian.org/debian/", "http://snapshot.debian.org/archive/debian/20230701T000000Z/"]
WORDS = range(3, 201)
KEPT = {"p", "li", "dd", "h1", "h2", "h3", "h4"}
DROPPED = {"pre", "script", "style", "nav", "head", "table", "svg", "button"}


class Paragraphs(html.parser.HTMLParser):
    """Collects the text of innermost block elements; code blocks, tables and menus are left out."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found = []
        self.text = []
        self.dropped = []

    def flush(self):
        words = "".join(self.text).replace("\u00b6", " ").split()
        self.text = []
        if len(words) in WORDS:
            text = " ".join(words)
            if sum(c.isascii() and (c.isalpha() or c == " ") for c in text) >= 0.8 * len(text):
                self.found.append(text)

    def handle_starttag(self, tag, attrs):
        if self.dropped:
            if tag == self.dropped[-1]:
                self.dropped.append(tag)
        elif tag in DROPPED or tag == "div" and "sphinxsidebar" in (dict(attrs).get("class") or ""):
            self.flush()
            self.dropped.append(tag)
        elif tag in KEPT or tag in ("div", "ul", "ol", "dl", "dt", "blockquote"):
            self.flush()

    def handle_endtag(self, tag):
        if self.dropped:
            if tag == self.dropped[-1]:
                self.dropped.pop()
        elif tag in KEPT or tag in ("div", "ul", "ol", "dl", "dt", "blockquote", "body"):
            self.flush()

    def handle_data(self, data):
        if not self.dropped:
            self.text.append(data)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def fetched(name, version, digest, path, cache):
    """The package's bytes: from the cache, apt or the archive, whichever has the right ones first."""
    kept = cache / path.rsplit("/", 1)[1]
    if kept.is_file() and sha256(kept.read_bytes()) == digest:
        return kept.read_bytes()
    complaints = []
    if shutil.which("apt-get"):
        done = subprocess.run(["apt-get", "download", f"{name}={version}"], cwd=cache, capture_output=True, text=True)
        files = list(cache.glob(f"{name}_*.deb"))
        if done.returncode == 0 and files:
            data = files[0].read_bytes()
            if sha256(data) == digest:
                kept.write_bytes(data)
                return data
        complaints.append("apt-get: " + (done.stderr.strip().splitlines() or ["other content"])[-1])
    for archive in ARCHIVES:
        try:
            with urllib.request.urlopen(archive + path, timeout=60) as reply:
                data = reply.read()
            if sha256(data) == digest:
                kept.write_bytes(data)
                return data
            complaints.append(f"{archive}: other content, SHA-256 {sha256(data)}")
        except OSError as e:
            complaints.append(f"{archive}: {e}")
    sys.exit(f"make.py: no {name} {version} with SHA-256 {digest}:\n  " + "\n  ".join(complaints))


def files(deb):
    """Path and bytes of every regular file: a .deb is an ar archive with a tar inside."""
    at = 8
    while at < len(deb):
        header = deb[at:at + 60]
        size = int(header[48:58])
        if header[:16].startswith(b"data.tar"):
            with tarfile.open(fileobj=io.BytesIO(deb[at + 60:at + 60 + size])) as tar:
                return [(m.name.removeprefix("./"), tar.extractfile(m).read()) for m in tar if m.isfile()]
        at += 60 + size + size % 2
    sys.exit("make.py: a package without data.tar")


def main(output, cache):
    cache.mkdir(parents=True, exist_ok=True)
    output.parent.mkdir(parents=True, exist_ok=True)
    texts = {}
    for name, version, digest, path, folders in PACKAGES:
        before = len(texts)
        for file, data in sorted(files(fetched(name, version, digest, path, cache))):
            if file.endswith(".html") and any(file.startswith(folder) for folder in folders):
                parser = Paragraphs()
                parser.feed(data.decode("utf-8", "replace"))
                parser.close()
                parser.flush()
                for text in parser.found:
                    texts.setdefault(text, name)
        print(f"{name} {version}: {len(texts) - before} texts")
    lines = []
    for text, name in sorted(texts.items(), key=lambda item: sha256(item[0].encode())):
        lines.append(json.dumps({"id": f"{name}-{sha256(text.encode())[:12]}", "text": text}, ensure_ascii=False))
    data = ("\n".join(lines) + "\n").encode()
    output.write_bytes(data)
    lengths = sorted(len(text.split()) for text in texts)
    print(f"{output}: {len(lengths)} texts, {len(data)} bytes, SHA-256 {sha256(data)}")
    print(f"words: median {statistics.median(lengths):g}, mean {statistics.mean(lengths):.1f}, "
          f"90 % up to {lengths[len(lengths) * 9 // 10]}, longest {lengths[-1]}")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    target = pathlib.Path(sys.argv[1])
    main(target, pathlib.Path(sys.argv[2]) if len(sys.argv) == 3 else target.parent / "packages")
