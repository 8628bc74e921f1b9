"""Clients of Scripts/abuse that send too slowly, too much, or without an end, and never read: each a function of the server,
which tells what came or raises Violation. Imported, never called.
"""
import asyncio
import collections
import contextlib
import math
import select
import threading
import time
import zlib

import harness
from abuse_means import GROWTH_MAX, MIB, SERVED_SECONDS, Watch, serve_someone, settle
from caller import BINARY, CONTINUATION, PING, PONG, TEXT, Caller, Violation, expect, frame, handshake


async def slowly(port, data, seconds_a_byte, read):
    """Sends a byte at a time until `read(reader)` has its answer: that, and after how long. The pace is the abuse."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    begin = time.monotonic()
    reading = asyncio.create_task(read(reader))
    try:
        for byte in data:
            writer.write(bytes([byte]))
            if (await asyncio.wait([reading], timeout=seconds_a_byte))[0]:
                break
        answer = await reading
    except ConnectionError:
        answer = "closed"
    finally:
        reading.cancel()
        writer.close()
    return answer, time.monotonic() - begin


async def watching(port, tasks):
    """Serves someone else again and again until the tasks are done; their results, and the longest wait."""
    loop = asyncio.get_running_loop()
    together = asyncio.gather(*tasks)
    longest = 0
    while not together.done():
        longest = max(longest, await loop.run_in_executor(None, serve_someone, port))
        await asyncio.wait([together], timeout=0.5)
    return together.result(), longest


def slow_handshakes(server):
    async def answer(reader):
        return (await reader.read(15))[9:12].decode() or "closed"

    async def run():
        return await watching(server.port, [slowly(server.port, handshake(server.port), 0.05, answer)
                                            for _ in range(200)])
    answers, longest = asyncio.run(run())
    kinds = collections.Counter(kind for kind, _ in answers)
    soonest = min(seconds for _, seconds in answers)
    came = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())) + f" after {soonest:.1f} s or more"
    expect(set(kinds) <= {"101", "408", "closed"} and (set(kinds) == {"101"} or soonest >= 2), came)
    return f"{came}; someone else waited {longest * 1000:.0f} ms at most"


def slow_frames(server):
    message = b"0123456789" * 10
    sent = frame(TEXT, message)

    async def answer(reader):
        try:
            await reader.readuntil(b"\r\n\r\n")
            echo = await reader.readexactly(2 + len(message))
        except asyncio.IncompleteReadError:
            return "closed"
        return "echoed" if echo == b"\x81\x64" + message else "other bytes"

    async def run():
        return await watching(server.port, [slowly(server.port, handshake(server.port) + sent, 0.02, answer)
                                            for _ in range(200)])
    answers, longest = asyncio.run(run())
    kinds = collections.Counter(kind for kind, _ in answers)
    expect(kinds["echoed"] == 200, f"{dict(kinds)}")
    return f"200 echoed; someone else waited {longest * 1000:.0f} ms at most"


def push(caller, data, bytes_max, patience=2):
    """Sends `data` again and again without ever reading; how it ended."""
    caller.socket.setblocking(False)
    view, position, sent = memoryview(data), 0, 0
    while sent < bytes_max:
        if not select.select([], [caller.socket], [], patience)[1]:
            return f"the server stopped reading after {sent // 1024} KiB"
        try:
            count = caller.socket.send(view[position:])
        except BlockingIOError:
            continue
        except (ConnectionResetError, BrokenPipeError):
            return f"the server closed after {sent // 1024} KiB"
        sent += count
        position = (position + count) % len(data)
    return f"the server read all {sent // 1024} KiB"


def never_reads(data):
    """One that never reads what it asks for: held back or closed, but not gathered for."""
    def test(server):
        with Caller(server.port) as caller:
            ending = push(caller, data, 512 * MIB)
            expect("read all" not in ending, ending)
            serve_someone(server.port)
        return ending
    return test


def ping_flood(server, count):
    ping = frame(PING, b"p" * 16)
    with Caller(server.port, seconds=20) as caller:
        writer = threading.Thread(target=caller.send, args=(ping * count,), daemon=True)
        writer.start()
        for number in range(count):
            opcode, payload = caller.read()
            expect(opcode == PONG and payload == b"p" * 16, f"opcode {opcode} after {number} pongs")
        writer.join()
        serve_someone(server.port)
    return f"{count} pongs"


def in_fragments(server, count, payload):
    """How long one message of `count` fragments takes until its echo is whole."""
    middle = frame(CONTINUATION, payload, final=False)
    data = frame(BINARY, payload, final=False) + middle * (count - 2) + frame(CONTINUATION, payload)
    with Caller(server.port, seconds=60) as caller:
        begin = time.monotonic()
        writer = threading.Thread(target=caller.send, args=(data,), daemon=True)
        writer.start()
        got, final = bytearray(), False
        while not final:
            final, _, part = caller.read_frame()
            got += part
        writer.join()
        expect(bytes(got) == payload * count, f"{len(got)} bytes back")
        return time.monotonic() - begin


def tiny_fragments(server):
    # Four times the fragments take four times as long where time is linear, and sixteen times where it is square. Others
    # of the machine only ever make it longer, so the shortest count, and more are tried while those disagree.
    few = many = math.inf
    for attempt in range(12):
        few = min(few, in_fragments(server, 250_000, b"x"))
        many = min(many, in_fragments(server, 1_000_000, b"x"))
        if attempt >= 2 and many < 9 * few:
            break
    came = f"{few * 1000:.0f} ms for 250000, {many * 1000:.0f} ms for 1000000"
    expect(many < 9 * few, came)
    return came


def empty_fragments(server):
    return f"{in_fragments(server, 300_000, b'') * 1000:.0f} ms for 300000"


def bomb(count):
    """`count` zeros as permessage-deflate has them: about a thousandth."""
    codec = zlib.compressobj(9, zlib.DEFLATED, -15)
    zeros = bytes(MIB)
    data = b"".join(codec.compress(zeros) for _ in range(count // MIB))
    return (data + codec.flush(zlib.Z_SYNC_FLUSH))[:-4]


def bombs(_):
    """What inflates to more than a message may be: refused at the limit, whole or in fragments, again and again."""
    offer = "Sec-WebSocket-Extensions: permessage-deflate\r\n"
    data = bomb(256 * MIB)
    pieces = [data[start:start + 1000] for start in range(0, len(data), 1000)]
    fragments = (frame(BINARY, pieces[0], final=False, compressed=True)
                 + b"".join(frame(CONTINUATION, piece, final=False) for piece in pieces[1:-1])
                 # Fragments are inflated once they are all there.
                 + frame(CONTINUATION, pieces[-1]))
    with harness.EchoServer("--deflate", "on") as server:
        if server.port is None:
            raise Violation("no server that compresses: " + "; ".join(server.lines))
        serve_someone(server.port)
        resident = server.resident_bytes
        with Watch(server) as watch:
            for sent in [frame(BINARY, data, compressed=True), fragments] * 5:
                with Caller(server.port, extra=offer) as caller:
                    with contextlib.suppress(ConnectionResetError, BrokenPipeError):
                        caller.send(sent)
                    caller.expect_close({1009})
                serve_someone(server.port)
        growth = watch.peak - resident
        expect(growth <= GROWTH_MAX, f"{growth / MIB:+.1f} MiB in the server that compresses")
    return f"10 times close 1009, {growth / MIB:+.1f} MiB for {len(data) // 1024} KiB that stand for 256 MiB"


def promise(length, codes):
    def test(server):
        with Caller(server.port) as caller:
            caller.send(frame(BINARY, b"a few", promised=length))
            return caller.expect_close(codes)
    return test


def many_promises(server):
    """Each connection promises a frame within the limit and sends ten bytes of it."""
    callers = []
    try:
        for _ in range(1000):
            callers.append(Caller(server.port))
            callers[-1].send(frame(BINARY, b"0123456789", promised=1_000_000))
        # What each sent was looked at once this answer has come: the loops take their sockets in turn.
        for _ in range(4):
            serve_someone(server.port)
    finally:
        for caller in callers:
            caller.socket.close()
    return "1000 connections held"


def endless_head(server):
    with Caller(server.port, upgrade=False) as caller:
        caller.send(b"GET / HTTP/1.1\r\nHost: a\r\n")
        ending = push(caller, b"X-More: and more and more and more\r\n", 64 * MIB)
        expect("read all" not in ending, ending)
    return ending


def resets(server, count):
    request = handshake(server.port)
    for number in range(count):
        caller = Caller(server.port, upgrade=False)
        caller.send(request[:(0, 20, len(request))[number % 3]])
        caller.reset()
    return f"{count} resets"


def deaf_members(_):
    """Some members of a chat's room never read what is said in it: they are let go, and all others hear everything."""
    talkers_count, deaf_count, said_after, said_max = 20, 10, 200, 16384

    def join(port, name):
        caller = Caller(port, seconds=20, path="/chat")
        # What was said there before comes first.
        while (heard := caller.read()) != (TEXT, b"* you are in lobby"):
            expect(heard[0] == TEXT, f"opcode {heard[0]} in a welcome")
        caller.send(frame(TEXT, b"/name " + name))
        while caller.read() != (TEXT, b"* somebody is now " + name):
            pass
        return caller

    def hear(caller, wanted):
        """Reads what the server tells, until a member says something: that must be it. How many deaf ones left."""
        left = 0
        while (heard := caller.read())[1].startswith(b"* "):
            left += heard[1] == b"* deaf left"
        expect(heard == (TEXT, wanted), f"opcode {heard[0]}, {heard[1][:40]!r} instead of {wanted[:40]!r}")
        return left

    with harness.ExampleServer("chat", "--loops", "2") as server:
        port = server.require().port
        talkers = [join(port, b"talker") for _ in range(talkers_count)]
        descriptors = server.open_descriptors
        deaf = [join(port, b"deaf") for _ in range(deaf_count)]
        resident, left, said, let_go, longest = server.resident_bytes, [0] * talkers_count, 0, None, 0
        with Watch(server) as watch:
            while said < said_max and (let_go is None or said < let_go + said_after):
                text = b"%d " % said + b"t" * 4000
                begin = time.monotonic()
                talkers[said % talkers_count].send(frame(TEXT, text))
                for number, talker in enumerate(talkers):
                    left[number] += hear(talker, b"talker: " + text)
                longest = max(longest, time.monotonic() - begin)
                said += 1
                if let_go is None and min(left) == deaf_count:
                    let_go = said
        growth = watch.peak - resident
        came = (f"{max(left)} of {deaf_count} let go, the last after {let_go} messages of {said}; heard by "
                f"{talkers_count} within {longest * 1000:.0f} ms; {growth / MIB:+.1f} MiB in the chat")
        expect(let_go is not None and set(left) == {deaf_count} and longest < SERVED_SECONDS, came)
        # Each may have 1 MiB waiting; twice that leaves room for what the allocator keeps.
        expect(growth <= 2 * deaf_count * MIB, came)
        held = settle(server, descriptors)
        expect(held <= descriptors, f"{came}; {held - descriptors} descriptors left behind")
        for caller in [*deaf, *talkers]:
            caller.socket.close()
    return came
