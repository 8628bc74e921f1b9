"""What the samples of README and of the tutorials have to do: a function for each, which calls at a sample's port or answers
it, and raises Violation where it does otherwise. For Scripts/samples, which says which is whose. Imported, never called.
"""
import contextlib
import os
import struct
import time
import urllib.request

import harness
from caller import BINARY, CLOSE, PING, PONG, TEXT, Answerer, Caller, Violation, expect, frame

PATIENCE_SECONDS = 30
NORMAL = struct.pack("!H", 1000)


# Of any program


def listening_port(child, deadline):
    """The port of the first TCP socket that a process listens on, as the kernel tells."""
    while time.monotonic() < deadline and child.poll() is None:
        held = set()
        with contextlib.suppress(OSError):
            for entry in os.scandir(f"/proc/{child.pid}/fd"):
                with contextlib.suppress(OSError):
                    held.add(os.readlink(entry.path))
        for line in open("/proc/net/tcp").readlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in held:
                return int(fields[1].split(":")[1], 16)
        time.sleep(0.02)
    raise Violation("does not listen")


def wait_for_lines(process, prints):
    """What a program prints may come some time after what its peer sees."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while missing := [one for one in prints if not any(one in line for line in process.lines)]:
        expect(time.monotonic() < deadline, f"printed {process.lines!r}, and not {missing!r}")
        time.sleep(0.02)


# Of conversations


def text(caller):
    """The next message, which has to be text."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    opcode, payload = caller.read()
    while opcode == PING:
        expect(time.monotonic() < deadline, "pings, and no message")
        caller.send(frame(PONG, payload))
        opcode, payload = caller.read()
    expect(opcode == TEXT, f"opcode {opcode}, {payload!r}")
    return payload.decode()


def says(caller, *expected):
    """Expects messages, one after the other."""
    for one in expected:
        came = text(caller)
        expect(came == one, f"{came!r} in place of {one!r}")


def goodbye(caller):
    """Ends a conversation as a good client does."""
    caller.send(frame(CLOSE, NORMAL))
    caller.expect_close([1000])


def get(port, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=PATIENCE_SECONDS) as answer:
        return answer.read().decode()


def echo(port):
    with Caller(port) as caller:
        for word in (b"hello", b"", b"x" * 70000):
            caller.send(frame(TEXT, word))
            opcode, payload = caller.read()
            expect((opcode, payload) == (TEXT, word), f"opcode {opcode}, {len(payload)} bytes")
        goodbye(caller)


def lines(port):
    with Caller(port, upgrade=False) as caller:
        caller.send(b"a\nb")
        caller.until(b"1 lines so far\n")
        caller.send(b"b\n")
        caller.until(b"2 lines so far\n")


def counting(port):
    with Caller(port, path="/count") as caller:
        for word in (b"a", b"b"):
            caller.send(frame(TEXT, word))
        says(caller, "1: a", "2: b")
        goodbye(caller)
    expect(get(port, "/healthz") == "fine\n", "another page")
    expect('zcnet_websocket_closes_total{code="1000"} 1' in get(port, "/metrics"), "no such figure")


def room(port):
    with Caller(port) as one, Caller(port) as other:
        one.send(frame(TEXT, b"good morning"))
        says(one, "good morning")
        says(other, "good morning")


def login(port):
    with Caller(port, path="/?token=4711") as caller:
        says(caller, "Ann")
    with Caller(port, upgrade=False) as caller:
        caller.send(b"GET /?token=1 HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
        head = bytes(caller.until(b"\r\n\r\n"))
        expect(head.startswith(b"HTTP/1.1 401 "), repr(head))


def history(port):
    expect("new WebSocket" in get(port, "/"), "another page")
    with Caller(port, path="/chat?token=4711") as ann:
        says(ann, "* Ann came")
        with Caller(port, path="/chat?token=0815") as bob:
            says(bob, "* Ann came", "* Bob came")
            says(ann, "* Bob came")
            ann.send(frame(TEXT, b"hello"))
            says(ann, "Ann: hello")
            says(bob, "Ann: hello")
            goodbye(bob)
        says(ann, "* Bob left")
        with Caller(port, path="/chat?token=0815") as late:
            says(late, "* Ann came", "* Bob came", "Ann: hello", "* Bob left", "* Bob came")


def conversation(port):
    with Caller(port) as caller:
        says(caller, "your name?")
        for word in (b"Ann", b"one", b"two"):
            caller.send(frame(TEXT, word))
        says(caller, "Ann has said 1 things; the last was one", "Ann has said 2 things; the last was two")
        goodbye(caller)


def two_links(port):
    for path in ("/echo", "/last"):
        with Caller(port, path=path) as caller:
            for number in range(20):
                caller.send(frame(TEXT, str(number).encode()))
            if path == "/echo":
                says(caller, *map(str, range(20)))
            goodbye(caller)


def rendering(port):
    with Caller(port) as caller:
        caller.send(frame(TEXT, b"desserts"))
        says(caller, "stressed")
        goodbye(caller)


def ticking(port):
    with Caller(port) as caller:
        caller.send(frame(TEXT, b"something"))
        says(caller, "tick", "tick")


def trade(price, quantity):
    """A trade's message: the header, and a block of 21 bytes."""
    return struct.pack("<HHHHQ", 21, 1, 1, 0, 7) + b"A" + struct.pack("<dI", price, quantity)


def trades(port):
    with Caller(port, path="/feed") as caller:
        expect(get(port, "/healthz") == "fine\n", "another page")
        caller.send(frame(BINARY, trade(1.5, 9)) + frame(BINARY, trade(1.5, 9)[:20]))
        caller.expect_close([1007])


def fills(port):
    with Caller(port) as caller:
        caller.send(frame(BINARY, trade(1.5, 9)))
        goodbye(caller)


def lobby(port):
    with Caller(port, path="/?name=Ann") as ann, Caller(port, path="/?name=Bob") as bob:
        ann.send(frame(TEXT, b"hello"))
        says(ann, "1 Ann: hello")
        says(bob, "1 Ann: hello")
        bob.send(frame(TEXT, b"good morning"))
        says(ann, "2 Bob: good morning")
        with Caller(port) as late:
            says(late, "1 Ann: hello", "2 Bob: good morning")


def three_nodes(program):
    """The same lobby by three processes over a server of NATS. The one that leads it is killed, and comes back; then another
    is. Tells how long lines took: leases bound that, not this script."""
    with contextlib.ExitStack() as stack:
        processes, callers, heard, said = {}, {}, {}, []

        def begin(name):
            processes[name] = stack.enter_context(harness.Process(["stdbuf", "-oL", program, name]))
            port = listening_port(processes[name].child, time.monotonic() + PATIENCE_SECONDS)
            # What is said in a channel that has lost its leader waits for another.
            callers[name] = stack.enter_context(Caller(port, path=f"/?name={name}", seconds=PATIENCE_SECONDS))
            heard[name] = 0
            hear(name)
            wait_for_lines(processes[name], ["joined"])

        def hear(name):
            """All that was said, in order; whoever has just joined may hear some of it again."""
            while heard[name] < len(said):
                line = text(callers[name])
                if line == said[heard[name]]:
                    heard[name] += 1
                else:
                    expect(line in said[:heard[name]], f"{name} heard {line!r} in place of {said[heard[name]]!r}")

        def kill(name):
            processes[name].child.kill()
            del callers[name]

        def say(name, line):
            begun = time.monotonic()
            callers[name].send(frame(TEXT, line.encode()))
            said.append(f"{len(said) + 1} {name}: {line}")
            for one in callers:
                hear(one)
            return f"{time.monotonic() - begun:.1f} s"

        for name in "abc":
            begin(name)
        # By their names c leads 86 of the slots, that of what is called lobby among them.
        wait_for_lines(processes["c"], ["leads(slots: 86)"])
        took = [f"a line among three {say('a', 'one')}"]
        kill("c")
        took.append(f"without its leader {say('b', 'two')}")
        took.append(f"then {say('a', 'three')}")
        begun = time.monotonic()
        begin("c")
        took.append(f"c again a member after {time.monotonic() - begun:.1f} s")
        wait_for_lines(processes["c"], ["leads(slots: 86)"])
        took.append(f"a line then {say('c', 'four')}")
        kill("a")
        took.append(f"without one that leads elsewhere {say('b', 'five')}")
        return ", ".join(took)


def hears_greeting(accepted):
    """README's client: its message has to come whole before its end does."""
    with Answerer(accepted) as peer:
        peer.until(b"hello\n")
        peer.expect_end()


def hears_hello(accepted):
    with Answerer(accepted) as peer:
        peer.upgrade()
        says(peer, "hello")
        peer.say(TEXT, b"hello")
        opcode, payload = peer.read()
        expect((opcode, payload) == (CLOSE, NORMAL), f"opcode {opcode}, {payload!r}")
        peer.say(CLOSE, NORMAL)


def hears_question(accepted):
    with Answerer(accepted) as peer:
        peer.upgrade()
        peer.say(TEXT, b"your name?")
        says(peer, "Ann", "hello")
        peer.say(TEXT, b"Ann has said 1 things")
        opcode, payload = peer.read()
        expect((opcode, payload) == (CLOSE, NORMAL), f"opcode {opcode}, {payload!r}")
        peer.say(CLOSE, NORMAL)
