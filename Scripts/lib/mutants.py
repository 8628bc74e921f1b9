"""Finds places in Swift sources where a small change ought to be noticed by a test. Imported by Scripts/mutate; standard library only.

No parser: comments and strings are blanked out, bodies of functions and computed properties are found by their braces, and changes
are made to what stands there on one line. What does not compile is no mutant, so that a guess that goes wrong costs a build.
"""
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """One change of one file: the characters from `start` to `end` become `text`."""
    path: object
    kind: str
    start: int
    end: int
    text: str

    def apply(self, source):
        return source[:self.start] + self.text + source[self.end:]

    def line(self, source):
        return source.count("\n", 0, self.start) + 1


def blanked(source):
    """The source with comments and strings as spaces, every character where it was."""
    out = list(source)
    place, count = 0, len(source)

    def blank(start, end):
        for index in range(start, min(end, count)):
            if out[index] != "\n":
                out[index] = " "

    while place < count:
        if source.startswith("//", place):
            end = source.find("\n", place)
            end = count if end < 0 else end
        elif source.startswith("/*", place):
            depth, end = 1, place + 2
            while end < count and depth:
                if source.startswith("/*", end):
                    depth, end = depth + 1, end + 2
                elif source.startswith("*/", end):
                    depth, end = depth - 1, end + 2
                else:
                    end += 1
        elif source.startswith('"""', place):
            end = source.find('"""', place + 3)
            end = count if end < 0 else end + 3
        elif source[place] == '"':
            end, depth = place + 1, 0
            # A string within an interpolation of a string goes with it.
            while end < count and source[end] != "\n" and (source[end] != '"' or depth):
                if source.startswith("\\(", end):
                    depth, end = depth + 1, end + 2
                    continue
                if source[end] == "\\":
                    end += 1
                elif depth and source[end] == "(":
                    depth += 1
                elif depth and source[end] == ")":
                    depth -= 1
                end += 1
            end += 1
        else:
            place += 1
            continue
        blank(place, end)
        place = end
    return "".join(out)


# What opens a body, behind the end of what was before it.
HEAD = re.compile(r"\b(func|init[?!]?|subscript|deinit|get|set|_read|_modify|willSet|didSet)\b|\bvar\b[^=]*:[^=]*$")


def bodies(text):
    """The ranges between the outermost braces of functions and of properties that are computed."""
    found, opened, start = [], [], 0
    for match in re.finditer(r"[{};]", text):
        place = match.start()
        if match[0] == "{":
            head = text[start:place]
            isBody = bool(HEAD.search(head)) and not re.search(r"\b(class|struct|enum|extension|protocol|actor)\b", head.split("func")[0])
            opened.append((place + 1, isBody))
        elif match[0] == "}" and opened:
            begin, isBody = opened.pop()
            if isBody and not any(inner for _, inner in opened):
                found.append((begin, place))
        start = place + 1
    return found


SWAPS = {" < ": " <= ", " <= ": " < ", " > ": " >= ", " >= ": " > ", " == ": " != ", " != ": " == ", "..<": "...", " && ": " || ",
         " || ": " && ", " + ": " - ", " - ": " + ", " &+ ": " &- ", " &- ": " &+ ", " += ": " -= ", " -= ": " += ", " >> ": " << ",
         " << ": " >> ", " & ": " | ", " | ": " & "}
KINDS = {" < ": "comparison", " <= ": "comparison", " > ": "comparison", " >= ": "comparison", " == ": "comparison",
         " != ": "comparison", "..<": "off by one", " && ": "condition", " || ": "condition"}
STATEMENT = re.compile(r"^[ \t]*(?!let\b|var\b|return\b|throw\b|case\b|guard\b|if\b|for\b|while\b|switch\b|else\b|defer\b|super\b|self\.init)"
                       r"(?:_ = )?(?:try )?(?:unsafe )?[\w.\[\]?!]+(?:\([^{}\n]*\)| [-+*|&^]?= [^{}\n]+)$", re.MULTILINE)
CONTINUED = re.compile(r"\s*[.?:&|+*)\]-]|\s*(?:\?\?|else\b)")


def mutants(path, source):
    """All changes of a file, in the order of their places."""
    text = blanked(source)
    found = []

    def add(kind, start, end, to):
        found.append(Mutant(path, kind, start, end, to))

    for begin, end in bodies(text):
        body = text[begin:end]
        for old, new in SWAPS.items():
            for match in re.finditer(re.escape(old), body):
                add(KINDS.get(old, "arithmetic"), begin + match.start(), begin + match.end(), new)
        for match in re.finditer(r" ([-+]|&[-+]) 1\b(?!\.)", body):
            add("off by one", begin + match.start(), begin + match.end(), "")
        for match in re.finditer(r"\b(true|false)\b", body):
            add("condition", begin + match.start(), begin + match.end(), "false" if match[0] == "true" else "true")
        for match in re.finditer(r"\b(min|max)(?=\()", body):
            if body[match.start() - 1] != ".":
                add("off by one", begin + match.start(), begin + match.end(), "max" if match[0] == "min" else "min")
        for match in re.finditer(r"\b(if|while) ((?!let\b|var\b|case\b|#)[^{}\n]+?) \{", body):
            if " let " not in match[2] and "case " not in match[2] and match[1] == "if":
                add("removed check", begin + match.start(2), begin + match.end(2), "false")
        for match in re.finditer(r"\bguard ([^{}]+?)(?=\s+else \{)", body):
            if not re.search(r"\b(let|var|case)\b|#", match[1]):
                add("removed check", begin + match.start(1), begin + match.end(1), "true")
        for match in re.finditer(r"\((\w+), (\w+)\)", body):
            if match[1] != match[2]:
                add("swapped arguments", begin + match.start(), begin + match.end(), f"({match[2]}, {match[1]})")
        for match in re.finditer(r"\((\w+: )([\w.]+), (\w+: )([\w.]+)\)", body):
            if match[2] != match[4]:
                add("swapped arguments", begin + match.start(), begin + match.end(), f"({match[1]}{match[4]}, {match[3]}{match[2]})")
        for match in STATEMENT.finditer(body):
            line = match[0]
            before = body[:match.start()].rstrip()
            isWhole = line.count("(") == line.count(")") and line.count("[") == line.count("]")
            continues = CONTINUED.match(body[match.end():]) or before.endswith((",", "(", "=", "&&", "||", "+", "?", ":", "["))
            # A member that is not set in an initialiser does not compile.
            if isWhole and not continues and not re.match(r"\s*(unsafe )?self\.\w+ = ", line):
                indent = len(line) - len(line.lstrip())
                kind = "removed check" if "precondition" in line else "dropped statement"
                add(kind, begin + match.start() + indent, begin + match.end(), "do {}")
    return sorted(found, key=lambda mutant: (mutant.start, mutant.kind))
