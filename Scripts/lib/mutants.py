"""Finds places in Swift sources where a small change ought to be noticed by a test. Imported by Scripts/mutate; standard library only.

No parser: comments and strings are blanked out, bodies of functions and accessors are found by their braces, and changes are made to what
stands there on one line. What does not compile is no mutant, so that a guess that goes wrong costs little. Many mutants are compiled at once: a body is
written once more for each of them, and a number that the program is started with chooses.
"""
import itertools
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """One change of one file: the characters from `start` to `end`, within those of `body`, become `text`."""
    path: object
    kind: str
    body: tuple
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
HEAD = re.compile(r"\bfunc\b|(?<!\.)\binit[?!]?[<(]|\bsubscript\b|\b(deinit|get|set|_read|_modify|willSet|didSet)(\(\w+\))?"
                  r"( throws(\(\w+\))?)?\s*$|\bvar\s+\w+\s*:[^=\n]*$")
TYPE = re.compile(r"\b(class|struct|enum|extension|protocol|actor)\b")
ACCESSOR = re.compile(r"\s*(@\w+(\([^)]*\))?\s+)*(mutating |nonmutating |unsafe )?(get|set|_read|_modify|willSet|didSet)\b")


def bodies(text):
    """The ranges between the outermost braces of functions and of accessors, also where `get` is not written."""
    found, opened, start = [], [], 0
    for match in re.finditer(r"[{};]", text):
        place = match.start()
        if match[0] == "{":
            head = text[start:place]
            isBody = bool(HEAD.search(head)) and not TYPE.search(head.split("func")[0])
            opened.append((place + 1, isBody and not ACCESSOR.match(text, place + 1)))
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
# Lines that no test could notice a change of: hints to the allocator and the cache, and assertions, which release builds do not have.
HINT = re.compile(r"\s*(?:unsafe )?(?:[\w.\[\]]+\.)?(?:reserveCapacity|\w*prefetch|assert(?:ionFailure)?)\(")
CONTINUED = re.compile(r"\s*[.?:&|+*)\]-]|\s*(?:\?\?|else\b)")


def mutants(path, source):
    """All changes of a file, in the order of their places."""
    text = blanked(source)
    found = []

    def add(kind, first, last, to):
        if not HINT.match(text, text.rfind("\n", 0, first) + 1):
            found.append(Mutant(path, kind, (begin, end), first, last, to))

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
            # The least and the greatest of two are the same either way.
            if match[1] != match[2] and not re.search(r"\b(min|max)$", body[:match.start()]):
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


# What a module has beside its sources while mutants are in it. The first time that a mutant could have been chosen is written down, so
# that those that no test runs are known. Bits that two threads set at once may be lost, which costs a line more.
SWITCH = """import Glibc

@usableFromInline
let chosenMutant = unsafe getenv("ZCNET_MUTANT").flatMap { unsafe Int(String(cString: $0)) } ?? 0
let placeOfMutants = unsafe getenv("ZCNET_MUTANTS_RUN").map { unsafe String(cString: $0) }
nonisolated(unsafe) let mutantsRun: UnsafeMutablePointer<Bool> = {
    let flags = UnsafeMutablePointer<Bool>.allocate(capacity: 1 << 16)
    unsafe flags.initialize(repeating: false, count: 1 << 16)
    return unsafe flags
}()

@usableFromInline
func isMutant(_ number: Int32) -> Bool {
    if let placeOfMutants, unsafe !mutantsRun[Int(number)] {
        unsafe mutantsRun[Int(number)] = true
        let file = unsafe open(placeOfMutants, O_WRONLY | O_APPEND | O_CREAT, 0o600)
        var bytes = number
        _ = unsafe write(file, &bytes, 4)
        close(file)
    }
    return chosenMutant == Int(number)
}
"""


def compiled(source, picked):
    """The source with all of `picked`, pairs of a number and a mutant, in it; and which lines belong to which numbers, as triples of the first
    line, the last one and a set, the closest first."""
    out, lines, place = "", [], 0
    ordered = sorted(picked, key=lambda pair: (pair[1].body, pair[0]))
    for (begin, end), members in itertools.groupby(ordered, key=lambda pair: pair[1].body):
        members = list(members)
        out += source[place:begin] + " "
        first = out.count("\n") + 1
        for number, mutant in members:
            start = out.count("\n") + 2
            changed = source[begin:mutant.start] + mutant.text + source[mutant.end:end]
            out += f"if isMutant({number}) {{\n{changed}\n}} else "
            lines.append((start, out.count("\n"), {number}))
        out += f"{{\n{source[begin:end]}\n}}"
        lines.append((first, out.count("\n") + 1, {number for number, _ in members}))
        place = end
    return out + source[place:], lines
