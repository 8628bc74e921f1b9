"""The repository's pages: their links, and their form as articles of the documentation site. Imported, never called."""
import os
import pathlib
import re
import shutil
import unicodedata

import harness

root = harness.root
LINK = re.compile(r"(!?)\[((?:[^\[\]`]|`[^`]*`)*)\]\(([^()\s]+)\)")

# The site's guide, by its topics. Every page of Docs has to be in one of them.
TOPICS = [
    ("First steps", ["Tutorials/EchoServer", "Tutorials/Chat", "Tutorials/TestsWithoutNetwork", "Tutorials/Certificates",
                     "Tutorials/AsyncLinks", "Tutorials/FromSchemaToGateway", "Tutorials/ThreeMachines"]),
    ("Every day", ["Cookbook", "Production", "Observing", "Shutdown", "CompilerSays"]),
    ("What is promised", ["Ownership", "Limits", "Architecture", "Performance", "Conformance", "Testing", "Platforms", "Scale"]),
    ("Protocols", ["WebSocket", "HTTP", "Links", "TLS", "Goim", "NATS", "Cluster"]),
    ("Messages", ["SBE", "TradeGateway", "Delivery"]),
    ("Coming from elsewhere", ["FromSwiftNIO"]),
]
GUIDE = """# ZCNet

Long-lived connections, small messages, many of them, no copies, no garbage: networking for Swift on Linux.

@Metadata {
    @TechnologyRoot
}

## Overview

Begin with <doc:EchoServer>; come back to the <doc:Cookbook> with a question, and to <doc:Production> before others depend on what you
have built. Each module has pages of its own, for every symbol.

## Topics
"""


class Page:
    """A Markdown file: its lines, and which of them are code."""

    def __init__(self, path):
        self.path = path
        self.lines = path.read_text().split("\n")
        self.is_code = []
        inside = False
        for line in self.lines:
            fence = line.lstrip().startswith("```")
            self.is_code.append(inside or fence)
            inside ^= fence

    @property
    def headings(self):
        return [line.lstrip("#").strip() for line, code in zip(self.lines, self.is_code) if re.match(r"#{1,6} ", line) and not code]

    @property
    def links(self):
        """Line numbers, and where the links in them lead."""
        for number, (line, code) in enumerate(zip(self.lines, self.is_code), 1):
            if not code:
                for match in LINK.finditer(line):
                    yield number, match.group(3)


def pages():
    """What people read: the pages at the root, those of Docs, and those of the examples."""
    found = [*root.glob("*.md"), *(root / "Docs").rglob("*.md"), root / "Examples/README.md",
             *(root / "Examples").glob("*/README.md")]
    return [Page(path) for path in sorted(found)]


def plain(heading):
    """A heading's text without its marks."""
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").replace("*", "")


def slug(heading):
    """A heading's anchor as forges make it."""
    kept = [character for character in plain(heading).lower() if character.isalnum() or character in " -_"]
    return "".join(kept).replace(" ", "-")


def fragment(heading):
    """A heading's anchor as docc makes it: words with hyphens between them, without punctuation."""
    joined = "-".join(re.split(r"[\s\-–—]+", plain(heading)))
    return "".join(one for one in joined if one == "-" or not unicodedata.category(one).startswith("P"))


def broken_links():
    """Links within the repository that lead nowhere, each with the place where it stands."""
    known = {page.path.resolve(): page for page in pages()}
    for page in known.values():
        for number, target in page.links:
            if re.match(r"[a-z]+:", target):
                continue
            name, _, anchor = target.partition("#")
            file = (page.path.parent / name).resolve() if name else page.path.resolve()
            place = f"{page.path.relative_to(root)}:{number}"
            if not file.exists():
                yield f"{place}: {target}: no such file"
            elif anchor and file in known and anchor not in map(slug, known[file].headings):
                yield f"{place}: {target}: no such heading"


class Guide:
    """A catalog of articles for docc, made of Docs: one source, two forms."""

    def __init__(self, folder):
        self.folder = folder
        self.articles = {page.path.resolve(): page for page in pages() if root / "Docs" in page.path.parents}

    def write(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        named = [name for _, names in TOPICS for name in names]
        there = sorted(str(path.relative_to(root / "Docs"))[:-3] for path in self.articles)
        if sorted(named) != there:
            harness.stop(f"Scripts/lib/documents.py: expected every page of Docs in a topic, got {sorted(set(named) ^ set(there))}")
        topics = "".join(f"\n### {title}\n\n" + "".join(f"- <doc:{name.split('/')[-1]}>\n" for name in names)
                         for title, names in [*TOPICS, ("Files", ["ProductionFiles"])])
        (self.folder / "Guide.md").write_text(GUIDE + topics)
        for page in self.articles.values():
            (self.folder / page.path.name).write_text(self.article(page))
        for picture in (root / "Docs/plots").glob("*.svg"):
            shutil.copy(picture, self.folder)
        (self.folder / "ProductionFiles.md").write_text(self.files())

    def files(self):
        """The files of Docs/production as one article: a site has no folder to link to."""
        text = "# Files for production\n\nThe files of `Docs/production`, which the pages on production speak of.\n"
        for file in sorted((root / "Docs/production").iterdir()):
            if file.suffix != ".json":
                text += f"\n## {file.name}\n\n```\n{file.read_text()}```\n"
        return text

    def article(self, page):
        lines = []
        for line, code in zip(page.lines, page.is_code):
            if code:
                lines.append(re.sub(r"^(\s*```\w+).*", r"\1", line))
            elif not re.match(r"<!--.*-->$", line):
                lines.append(LINK.sub(lambda match: self.link(page, *match.groups()), line))
        return "\n".join(lines)

    def link(self, page, mark, text, target):
        if re.match(r"[a-z]+:", target):
            return f"{mark}[{text}]({target})"
        name, _, anchor = target.partition("#")
        file = (page.path.parent / name).resolve() if name else page.path.resolve()
        if mark:
            return f"![{text}]({file.name})"
        if file in self.articles:
            to = self.articles[file]
            heading = next((one for one in to.headings if slug(one) == anchor), None)
            return f"[{text}](doc:{to.path.stem}" + (f"#{fragment(heading)}" if heading else "") + ")"
        if file == root / "Docs/production" or root / "Docs/production" in file.parents:
            return f"[{text}](doc:ProductionFiles" + (f"#{fragment(file.name)}" if file.suffix not in ("", ".json") else "") + ")"
        # What the site has not: a file of the repository.
        return text if text.startswith("`") else f"{text} (`{os.path.relpath(file, root)}`)"
