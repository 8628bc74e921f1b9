"""Strangers of Scripts/abuse who make the server hold something, by the hundred: a loop stays within the memory that it may hold.
Imported, never called.
"""
import contextlib
import os
import zlib

import harness
from abuse_means import MIB, Watch, serve_someone
from caller import BINARY, TEXT, Caller, expect, frame

# What the loop of the tests here may hold, and what its process may grow by: the same again for what the allocator
# keeps, for pages that a doubled buffer leaves behind, and for tables.
LOOP_MEMORY = 32 * MIB


def held_by(hold, count, *options, **how):
    """`count` strangers, who call as `how` says, make the server hold something: it stays within its memory, and serves
    others."""
    how = {"extra": "Sec-WebSocket-Extensions: permessage-deflate\r\n", "seconds": 5, **how}

    def test(_):
        options_all = ["--loops", "1", "--loop-memory", str(LOOP_MEMORY), "--max-message", str(MIB), *options]
        with harness.EchoServer(*options_all) as server:
            port = server.require().port
            serve_someone(port)
            resident, callers = server.resident_bytes, []
            try:
                with Watch(server) as watch:
                    for _ in range(count):
                        caller = Caller(port, **how)
                        callers.append(caller)
                        with contextlib.suppress(ConnectionError, TimeoutError):
                            hold(caller)
                    served = serve_someone(port)
                    with Caller(port, extra="Sec-WebSocket-Extensions: permessage-deflate\r\n") as caller:
                        caller.send(frame(TEXT, deflated(b"hello " * 100), compressed=True))
                        opcode, _ = caller.read()
                        expect(opcode == TEXT, f"opcode {opcode} for an honest compressed message")
            finally:
                for caller in callers:
                    caller.socket.close()
            growth = watch.peak - resident
            came = f"{growth / MIB:+.1f} MiB for {count} strangers; someone else was served in {served * 1000:.0f} ms"
            expect(server.is_running, f"the server ended with {server.child.poll()}")
            expect(growth <= 2 * LOOP_MEMORY, came)
            return came
    return test


def deflated(data, cut=4):
    codec = zlib.compressobj(6, zlib.DEFLATED, -15)
    message = codec.compress(data) + codec.flush(zlib.Z_SYNC_FLUSH)
    return message[:-cut] if cut else message


MILLION = os.urandom(1 << 16) * 15
holders = {
    "a frame that never ends": lambda caller: caller.send(frame(BINARY, MILLION)[:-8]),
    "fragments that never end": lambda caller: caller.send(frame(BINARY, MILLION, final=False)),
    "compressed fragments that never end": lambda caller: caller.send(
        frame(BINARY, deflated(bytes(MIB - 64), 0), final=False, compressed=True)),
    "compressed messages, contexts kept": lambda caller: caller.send(
        frame(BINARY, deflated(os.urandom(20000)), compressed=True)),
    "answers that are not read": lambda caller: caller.send(frame(BINARY, MILLION) * 2),
    "frames of which 5 bytes came": lambda caller: caller.send(frame(BINARY, MILLION)[:13]),
    "messages that the handler keeps": lambda caller: caller.send(frame(BINARY, MILLION[:60000]) * 4),
    "request heads without an end": lambda caller: caller.send(
        b"GET / HTTP/1.1\r\nHost: a\r\n" + b"x:y\r\n" * 95 + b"x: " + b"v" * 12000),
    "request bodies without an end": lambda caller: caller.send(
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n" + b"x:y\r\n" * 90 + b"x: " + b"v" * 15000
        + b"\r\n\r\n" + bytes(50000)),
    "pages that are not read": lambda caller: caller.send(b"GET /request HTTP/1.1\r\nHost: a\r\n\r\n" * 3000),
}
