"""The library's techniques, and how to take each one out: pieces of its sources, and what stands there instead.

A variant is built from a copy of the sources, so that what is shipped contains no switch and no branch for it. A piece that
is no longer there, or is there twice, is an error: then the technique has moved and this file must follow. Imported, never
called.
"""
import hashlib
import pathlib
import shutil
import subprocess
import sys

import bench

package = bench.root / ".build/techniques"
binaries = bench.bench / "techniques"

CONNECTIONS = "Sources/ZCNet/Connections/"


class Technique:
    """`pieces` are (file, what stands there, what stands there instead). The rest says how its effect is measured:
    a product, the driver, and the shape of the echo: connections, payload, pipeline."""

    def __init__(self, name, without, pieces, product, shape, driver="epoll"):
        self.name, self.without, self.pieces = name, without, pieces
        self.product, self.shape, self.driver = product, shape, driver
        self.file_name = name.replace(" ", "-")


ALL = [
    Technique(
        "cork", "each message is written by a call of its own", [
            (CONNECTIONS + "ConnectionHost+Sending.swift",
             "if case .gathered = gathering { return .sent }",
             """if case .gathered = gathering {
                    flush(slot)
                    return .sent
                }"""),
        ], "echo-server", (50, 32, 16)),
    Technique(
        "direct write", "output goes to the connection's queue first, and from there at the end of the turn", [
            (CONNECTIONS + "Output/ConnectionOutput.swift",
             "if slot[].outbound == nil && sendsDirectly {",
             "if slot[].outbound == nil && sendsDirectly && total < 0 {"),
        ], "tcp-echo", (50, 32, 1)),
    Technique(
        "pointing at received bytes", "large payloads are copied to the cork, as small ones are", [
            (CONNECTIONS + "Output/Cork.swift", "static var borrowBytesMin: Int { 512 }",
             "static var borrowBytesMin: Int { 1 << 40 }"),
        ], "tcp-echo", (50, 16384, 1)),
    Technique(
        "shared chunk", "each connection receives into 64 KiB of its own", [
            (CONNECTIONS + "ConnectionHost+Receiving.swift",
             "return unsafe ReceiveTarget(descriptor: descriptor, memory: intake.room())",
             """intake.state[].memory.offset = Int(truncatingIfNeeded: slot[].id.rawValue & 0x3FF) << 16
            let own = unsafe UnsafeMutableRawBufferPointer(rebasing: intake.room().prefix(1 << 16))
            return unsafe ReceiveTarget(descriptor: descriptor, memory: own)"""),
            (CONNECTIONS + "ConnectionLimits.swift", "public var chunkBytes = 512 << 10", "public var chunkBytes = 64 << 20"),
        ], "tcp-echo", (1000, 512, 1)),
    Technique(
        "lazy idle timer", "every reception arms the connection's timer again", [
            (CONNECTIONS + "ConnectionHost+Receiving.swift",
             """        slot[].lastActivity = turn[].now
        return !slot[].flags.contains(.closing)""",
             """        slot[].lastActivity = turn[].now
        if !slot[].flags.contains(.closing) {
            loop.cancel(slot[].timer)
            armIdle(slot)
        }
        return !slot[].flags.contains(.closing)"""),
        ], "tcp-echo", (50, 32, 1)),
    Technique(
        "pooled buffers", "every buffer is allocated and freed", [
            ("Sources/ZCNet/Pools/BufferPoolConfiguration.swift", "keptIdleMax: %d)" % kept, "keptIdleMax: 0)")
            for kept in (4096, 1024, 256, 64, 16, 4, 1)
        ], "echo-server", (50, 16384, 16)),
    Technique(
        "many events per wait", "each wait answers one event", [
            ("Sources/ZCNet/Driver/EpollDriver.swift", "eventsInitial = 256", "eventsInitial = 1"),
            ("Sources/ZCNet/Driver/EpollDriver.swift", "eventsMax = 8192", "eventsMax = 1"),
        ], "tcp-echo", (1000, 32, 1)),
    Technique(
        "many messages per reception", "each reception takes 38 bytes, which is one message", [
            ("Sources/ZCNet/Driver/KernelSocket.swift", "target.memory.baseAddress, target.memory.count, 0)",
             "target.memory.baseAddress, min(38, target.memory.count), 0)"),
            ("Sources/ZCNet/Driver/KernelSocket.swift", "if unsafe count < target.memory.count && events",
             "if unsafe count < min(38, target.memory.count) && events"),
        ], "echo-server", (50, 32, 16)),
    Technique(
        "cache-line padding", "the words of a ring lie side by side", [
            ("Sources/ZCNet/Rings/RingCells.swift", "static var head: Int { 16 }", "static var head: Int { 1 }"),
            ("Sources/ZCNet/Rings/RingCells.swift", "static var sleeping: Int { 32 }", "static var sleeping: Int { 2 }"),
            ("Sources/ZCNet/Rings/RingCells.swift", "static var abandoned: Int { 33 }", "static var abandoned: Int { 3 }"),
            ("Sources/ZCNet/Rings/RingCells.swift", "static var wantsSpace: Int { 48 }", "static var wantsSpace: Int { 4 }"),
            ("Sources/ZCNet/Rings/RingCells.swift", "static var finished: Int { 49 }", "static var finished: Int { 5 }"),
        ], "micro-benchmarks", None),
]


def changed(technique):
    """The files of a variant: path and text. Ends the program when a piece is not exactly once where it was."""
    texts = {}
    for path, old, new in technique.pieces:
        text = texts.get(path) or (bench.root / path).read_text()
        if text.count(old) != 1:
            sys.exit("%s: expected once in %s, found %d times:\n%s" % (technique.name, path, text.count(old), old))
        texts[path] = text.replace(old, new)
    return texts


def digest(technique):
    """Of everything that a variant is built from."""
    hashed = hashlib.sha256(repr(technique.pieces).encode())
    for folder in ("Sources", "Benchmarks/micro" if technique.product == "micro-benchmarks" else "Examples"):
        for path in sorted((bench.root / folder).rglob("*")):
            if path.suffix in (".swift", ".c", ".h"):
                hashed.update(path.read_bytes())
    return hashed.hexdigest()


def write(path, text):
    """Leaves a file alone that says the same already, so that it need not be compiled again."""
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def build(technique):
    """Builds a variant unless it is there; answers the path of its program."""
    binary = binaries / technique.file_name / technique.product
    stamp = binary.parent / "digest"
    wanted = digest(technique)
    if binary.exists() and stamp.exists() and stamp.read_text() == wanted:
        return binary
    texts = changed(technique)
    package.mkdir(parents=True, exist_ok=True)
    for name in ("Benchmarks", "Examples", "Fuzzing", "Plugins", "Tests"):
        link = package / name
        if not link.is_symlink():
            link.symlink_to(bench.root / name)
    write(package / "Package.swift", (bench.root / "Package.swift").read_text())
    present = set()
    for path in (bench.root / "Sources").rglob("*"):
        if path.is_dir():
            continue
        relative = str(path.relative_to(bench.root))
        present.add(relative)
        (package / relative).parent.mkdir(parents=True, exist_ok=True)
        write(package / relative, texts.get(relative) or path.read_text())
    for path in [path for path in (package / "Sources").rglob("*") if path.is_file()]:
        if str(path.relative_to(package)) not in present:
            path.unlink()
    command = ["swift", "build", "-c", "release", "--package-path", str(package)]
    done = subprocess.run(command + ["--product", technique.product], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit("%s: %s%s" % (technique.name, done.stdout, done.stderr))
    where = subprocess.run(command + ["--show-bin-path"], capture_output=True, text=True, check=True).stdout.strip()
    binary.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(pathlib.Path(where) / technique.product, binary)
    stamp.write_text(wanted)
    return binary
