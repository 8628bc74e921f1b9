"""The interoperability checks, the same for every library. Imported by the scripts beside it, never called.

The peer under test is always an echo: our echo-server, called by the library, or our autobahn-client, which calls the
library's server and echoes (it asks /getCaseCount, then for each /runCase?case=N, then /updateReports, as Autobahn's
clients do). So each check is written once, from the library's side, against a `Connection` that a script adapts to its
library.
"""
import argparse
import asyncio
import os
import pathlib
import random
import struct
import sys
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import harness

CHECK_SECONDS = 20
AGENT = "zcnet"
TEXT, BINARY, CONTINUATION, CLOSE, PING = 1, 2, 0, 8, 9


class NotRun(Exception):
    """Why a check cannot be made here."""


class Connection:
    """What a library's connection has to offer; `is_client` tells which side the library is on."""
    is_client = True
    subprotocol = None
    has_compression = False

    async def send(self, message):
        raise NotImplementedError

    async def receive(self):
        raise NotImplementedError

    async def ping(self, payload):
        """Sends a ping and waits for its pong."""
        raise NotImplementedError

    def write(self, data):
        """Writes bytes past the library, for what it would never send."""
        raise NotImplementedError

    async def close(self, code, reason):
        """Closes; the code and reason that the peer answered with (1005 for none, 1006 for no answer)."""
        raise NotImplementedError

    async def closed(self):
        """Waits until the peer closes; its code and reason."""
        raise NotImplementedError

    def write_frame(self, opcode, payload, final=True, reserved=0, masked=None):
        masked = self.is_client if masked is None else masked
        head = bytes([(0x80 if final else 0) | reserved << 4 | opcode])
        flag = 0x80 if masked else 0
        if len(payload) < 126:
            head += bytes([flag | len(payload)])
        elif len(payload) < 65536:
            head += struct.pack("!BH", flag | 126, len(payload))
        else:
            head += struct.pack("!BQ", flag | 127, len(payload))
        if masked:
            key = os.urandom(4)
            head += key
            payload = bytes(byte ^ key[index & 3] for index, byte in enumerate(payload))
        self.write(head + payload)


def shown(message):
    kind = "text" if isinstance(message, str) else "binary"
    return f"{kind} of {len(message)}" if len(message) > 20 else repr(message)


async def echoed(connection, *messages):
    """Sends each and expects it back."""
    for message in messages:
        await connection.send(message)
        answer = await connection.receive()
        if answer != message:
            return False, f"sent {shown(message)}, got {shown(answer)}"
    return True, "the same back"


async def text(connection):
    return await echoed(connection, "hello", "žluťoučký kůň 馬 🐎", "\x00\x7f\u0080\u07ff\u0800\uffff\U0010ffff")


async def binary(connection):
    return await echoed(connection, b"\x00", bytes(range(256)))


async def empty(connection):
    return await echoed(connection, "", b"", "")


async def edges(connection):
    numbers = random.Random(1)
    lengths = (125, 126, 127, 4095, 65535, 65536, 65537)
    return await echoed(connection, *(numbers.randbytes(length) for length in lengths))


async def megabyte_binary(connection):
    return await echoed(connection, random.Random(2).randbytes(1 << 20))


async def megabyte_text(connection):
    return await echoed(connection, "añ馬" * (1 << 17) + "z" * (1 << 17))


async def fragmented(connection):
    whole = "přílišné".encode()
    connection.write_frame(TEXT, whole[:2], final=False)
    connection.write_frame(CONTINUATION, b"", final=False)
    connection.write_frame(PING, b"between")
    connection.write_frame(CONTINUATION, whole[2:5], final=False)
    connection.write_frame(CONTINUATION, whole[5:])
    answer = await connection.receive()
    return answer == whole.decode(), shown(answer)


async def pings(connection):
    await connection.ping(b"")
    await connection.ping(bytes(range(125)))
    return await echoed(connection, "after the pings")


async def pipelined(connection):
    sent = [f"message {number}" for number in range(500)]
    for message in sent:
        await connection.send(message)
    got = [await connection.receive() for _ in sent]
    return got == sent, "all in order" if got == sent else "other messages, or another order"


def closing(code, reason):
    async def check(connection):
        await connection.send("before")
        await connection.receive()
        answer = await connection.close(code, reason)
        return answer[0] == code, answer
    return check


def refused(code, *frames):
    """Frames that the peer must refuse with a close of this code."""
    async def check(connection):
        for opcode, payload, options in frames:
            connection.write_frame(opcode, payload, **options)
        answer = await connection.closed()
        return answer[0] == code, answer
    return check


async def wrongly_masked(connection):
    connection.write_frame(TEXT, b"hello", masked=not connection.is_client)
    answer = await connection.closed()
    return answer[0] == 1002, answer


async def compressed(connection):
    if not connection.has_compression:
        raise NotRun("the peer does not take permessage-deflate")
    repeated = "the same again and again " * 4000
    numbers = random.Random(3)
    return await echoed(connection, repeated, repeated, "", numbers.randbytes(70000), repeated.encode())


# Name, what is expected, the check. RFC 6455: 5.4 to 5.6, 7.4, 8.1; RFC 7692 for compression.
checks = [
    ("text", "the same back", text),
    ("binary", "the same back", binary),
    ("empty messages", "the same back", empty),
    ("every length form and its edges", "the same back", edges),
    ("1 MiB binary", "the same back", megabyte_binary),
    ("1 MiB text", "the same back", megabyte_text),
    ("fragments, a ping between, cut inside a character", "one message", fragmented),
    ("pings, empty and of 125 bytes", "pongs with the payload", pings),
    ("500 messages without waiting", "all in order", pipelined),
    ("close 1000 from the library", "(1000, ...)", closing(1000, "done")),
    ("close 1001 from the library", "(1001, ...)", closing(1001, "")),
    ("close 3000 from the library", "(3000, ...)", closing(3000, "registered")),
    ("close 4999, reason of 123 bytes", "(4999, ...)", closing(4999, "r" * 123)),
    ("invalid UTF-8", "(1007, ...)", refused(1007, (TEXT, b"a\xc3(", {}))),
    ("text that ends inside a character", "(1007, ...)", refused(1007, (TEXT, b"a\xe9\xa6", {}))),
    ("reserved opcode 3", "(1002, ...)", refused(1002, (3, b"", {}))),
    ("reserved bit RSV2", "(1002, ...)", refused(1002, (TEXT, b"a", {"reserved": 2}))),
    ("continuation of nothing", "(1002, ...)", refused(1002, (CONTINUATION, b"a", {}))),
    ("a message inside a message", "(1002, ...)",
     refused(1002, (TEXT, b"a", {"final": False}), (TEXT, b"b", {}))),
    ("ping of 126 bytes", "(1002, ...)", refused(1002, (PING, b"p" * 126, {}))),
    ("fragmented ping", "(1002, ...)", refused(1002, (PING, b"p", {"final": False}))),
    ("close with code 1005 on the wire", "(1002, ...)", refused(1002, (CLOSE, struct.pack("!H", 1005), {}))),
    ("close with a body of one byte", "(1002, ...)", refused(1002, (CLOSE, b"\x03", {}))),
    ("masked by the server, or unmasked by the client", "(1002, ...)", wrongly_masked),
    ("compression", "the same back", compressed),
]


async def perform(table, name, expected, action):
    """Makes a check within its time; whatever goes wrong is a failure of it."""
    try:
        passed, came = await asyncio.wait_for(action, CHECK_SECONDS)
        table.record(name, passed, expected, came)
    except NotRun as reason:
        table.not_run(name, str(reason))
    except asyncio.TimeoutError:
        table.record(name, False, expected, f"nothing within {CHECK_SECONDS} s")
    except Exception as error:
        table.record(name, False, expected, f"{type(error).__name__}: {error}")


KEY = "dGhlIHNhbXBsZSBub25jZQ=="
wrong_requests = [
    ("POST instead of GET", "POST", "HTTP/1.1", {}, (400, 405)),
    ("HTTP/1.0", "GET", "HTTP/1.0", {}, (400, 426, 505)),
    ("no Host", "GET", "HTTP/1.1", {"Host": None}, (400,)),
    ("no Upgrade", "GET", "HTTP/1.1", {"Upgrade": None}, (400, 404, 426)),
    ("Upgrade to something else", "GET", "HTTP/1.1", {"Upgrade": "h2c"}, (400, 404, 426)),
    ("Connection without upgrade", "GET", "HTTP/1.1", {"Connection": "keep-alive"}, (400, 404, 426)),
    ("no key", "GET", "HTTP/1.1", {"Sec-WebSocket-Key": None}, (400,)),
    ("a key of 15 bytes", "GET", "HTTP/1.1", {"Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAA"}, (400,)),
    ("version 8", "GET", "HTTP/1.1", {"Sec-WebSocket-Version": "8"}, (400, 426)),
    ("no version", "GET", "HTTP/1.1", {"Sec-WebSocket-Version": None}, (400, 426)),
    ("not HTTP, refused or closed", "\x16\x03\x01", "\x02", {}, (400, None)),
]


async def answered(port, method, version, changes):
    """The status code with which the server answers a request; None for none."""
    fields = {"Host": f"127.0.0.1:{port}", "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": KEY,
              "Sec-WebSocket-Version": "13", **changes}
    lines = [f"{method} / {version}", *(f"{name}: {value}" for name, value in fields.items() if value is not None)]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write("\r\n".join([*lines, "", ""]).encode("latin-1"))
        head = (await reader.readline()).split()
        return int(head[1]) if len(head) > 1 and head[1].isdigit() else None
    finally:
        writer.close()


async def refuse(port, method, version, changes, allowed):
    status = await answered(port, method, version, changes)
    return status in allowed, f"status {status}"


async def check_server(table, server, connect):
    """Our server, called by the library; `connect(url, subprotocols=, compression=)` is an async context manager."""
    async def with_connection(check, **options):
        async with connect(server.url, **options) as connection:
            return await check(connection)
    for name, expected, check in checks:
        await perform(table, name, expected, with_connection(check, compression=check is compressed))

    async def subprotocol(connection):
        if connection.subprotocol is None:
            raise NotRun("the server selects none")
        return connection.subprotocol in ("zcnet-echo", "other"), connection.subprotocol
    await perform(table, "subprotocol", "one of those offered",
                  with_connection(subprotocol, subprotocols=["zcnet-echo", "other"]))
    for name, method, version, changes, allowed in wrong_requests:
        await perform(table, f"request refused: {name}", f"status in {allowed}",
                      refuse(server.port, method, version, changes, allowed))
    await perform(table, "200 connections at once", "each its own messages back", many(server, connect, 200))
    table.record("the server lives", server.is_running, "running", "running" if server.is_running else "ended")


async def many(server, connect, count):
    """All connections are open before the first speaks, and each speaks ten times."""
    everyone_is_here = asyncio.Event()
    arrived = 0

    async def one(number):
        nonlocal arrived
        async with connect(server.url) as connection:
            arrived += 1
            if arrived == count:
                everyone_is_here.set()
            await everyone_is_here.wait()
            good, _ = await echoed(connection, *(f"{number} says {turn}" for turn in range(10)))
            return good
    outcomes = await asyncio.gather(*(one(number) for number in range(count)))
    return all(outcomes), f"{sum(outcomes)} of {count}"


class ClientSession:
    """The library's server side of `client` mode: hands out a check for each /runCase and knows when all is said."""

    def __init__(self, table):
        self.table = table
        self.finished = asyncio.Event()
        self.seen = set()

    async def serve(self, connection, target):
        address = urllib.parse.urlsplit(target)
        if address.path == "/getCaseCount":
            await connection.send(str(len(checks)))
            await connection.close(1000, "")
        elif address.path == "/runCase":
            number = int(urllib.parse.parse_qs(address.query)["case"][0])
            name, expected, check = checks[number - 1]
            self.seen.add(number)
            await perform(self.table, name, expected, check(connection))
            await connection.close(1000, "")
        elif address.path == "/updateReports":
            await connection.close(1000, "")
            self.finished.set()


async def check_client(table, command, serve):
    """Our client against the library's server; `serve(handler)` is an async context manager that gives the port."""
    session = ClientSession(table)
    async with serve(session.serve) as port:
        with harness.Process([*command, "--url", f"ws://127.0.0.1:{port}", "--agent", AGENT]) as client:
            status = await asyncio.get_running_loop().run_in_executor(None, client.wait, 300)
    table.record("the client ends by itself", status == 0, "status 0", f"status {status}: {client.lines[-1:]}")
    table.record("the client asked for every case", len(session.seen) == len(checks) and session.finished.is_set(),
                 f"{len(checks)} cases and the report", f"{len(session.seen)} cases")


def main(library, connect, serve):
    """The command line that the scripts share."""
    parser = argparse.ArgumentParser(description=f"Interoperability with {library}")
    parser.add_argument("mode", nargs="?", choices=["server", "client"], default="server")
    parser.add_argument("--deflate", action="store_true", help="start the peer under test with --deflate on")
    parser.add_argument("--client", help="another client to test, as one word")
    own, switches = harness.split_options()
    options = parser.parse_args(own)
    harness.end_on_signals(600)
    table = harness.Checks(f"{library} against our {options.mode}")
    if options.mode == "server":
        with harness.echo_server(switches, options.deflate) as server:
            asyncio.run(check_server(table, server, connect))
    else:
        command = options.client.split() if options.client else [harness.build("autobahn-client")]
        switches += ["--deflate", "on"] if options.deflate else []
        asyncio.run(check_client(table, [*command, *switches], serve))
    sys.exit(table.finish())
