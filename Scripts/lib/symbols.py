"""What the symbol graphs say of public symbols: whether each has a summary, and whether that says something. Imported, never
called.
"""
import json
import re

# Words that say nothing by themselves.
SMALL = set("""a an and are as at be been by can could do does for from had has have how i if in into is it its may no none not of off
on one ones or other others out per so some that the their them then there these they this those to up was what when where which while
who whom whose will with without would you your""".split())


def words(text):
    """The words of a name or a sentence, in lower case."""
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", text)
    return [word.lower() for word in re.findall(r"[A-Za-z0-9]+", spaced)]


def summary(symbol):
    """The first paragraph of a symbol's documentation."""
    lines = [line["text"].strip() for line in symbol.get("docComment", {}).get("lines", [])]
    text = []
    for line in lines:
        if not line and text:
            break
        text.append(line)
    return " ".join(text).strip()


def complaint(symbol):
    """What is wrong with a symbol's summary; nil where nothing is."""
    text = summary(symbol)
    if not text:
        return "has no summary"
    if len(text.split()) < 3:
        return f'says little: "{text}"'
    # What is left without small words and the words of the name.
    name = words(" ".join(symbol["pathComponents"][-2:]))
    said = [word for word in words(text) if word not in SMALL and not any(
        word[:5] == part[:5] for part in name if len(part) > 2 or part == word)]
    return None if said or re.search(r"\d", text) else f'repeats its name: "{text}"'


def complaints(graphs, root):
    """For all symbol graphs: how many symbols were looked at, and those whose summary says nothing, by place."""
    looked, found = 0, []
    for file in sorted(graphs):
        for symbol in json.loads(file.read_text())["symbols"]:
            place = symbol.get("location", {}).get("uri", "").removeprefix("file://")
            if "::SYNTHESIZED::" in symbol["identifier"]["precise"] or f"{root}/Sources/" not in place:
                continue
            # What is generated says what its schema says.
            if "/Generated/" in place:
                continue
            looked += 1
            what = complaint(symbol)
            if what:
                line = symbol["location"]["position"]["line"] + 1
                found.append(f"{place.removeprefix(str(root) + '/')}:{line}: {'.'.join(symbol['pathComponents'])} {what}")
    return looked, sorted(set(found))
