"""Closes of Scripts/abuse against everything else that may happen at the same time: each a function of the server, which tells
what came or raises Violation. Imported, never called.
"""
import collections
import contextlib
import socket
import struct

import harness
from caller import CLOSE, PING, PONG, TEXT, Caller, expect, frame


def races(server, rounds):
    """Closing against everything else; what may be read must be one close frame, then the end."""
    bye = frame(CLOSE, struct.pack("!H", 1000) + b"bye")

    def told(*parts, end=False):
        with Caller(server.port) as caller:
            for part in parts:
                try:
                    caller.send(part)
                except (ConnectionResetError, BrokenPipeError):
                    break
            if end:
                with contextlib.suppress(OSError):
                    caller.socket.shutdown(socket.SHUT_WR)
            caller.expect_close({1000})

    def gone(data, how):
        caller = Caller(server.port)
        caller.send(data)
        if how == "reset":
            return caller.reset()
        caller.socket.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionResetError):
            while caller.fill():
                pass
        caller.socket.close()
    for _ in range(rounds):
        told(bye, end=True)
        told(bye + bye)
        told(*[bytes([byte]) for byte in bye])
        told(bye, frame(TEXT, b"after the close"), end=True)
        told(frame(PONG) + bye + b"\xff" * 40)
        gone(bye, "reset")
        gone(frame(TEXT, b"x" * 5000) * 20 + bye, "reset")
        gone(frame(TEXT, b"half a fra")[:9], "end")
        gone(frame(TEXT, b"no close frame"), "end")
    return f"{rounds} rounds of 9 races"


def broken_rules(server, rounds):
    """The server closes for a broken rule while the client closes: what came first decides, and there is one close."""
    bye = frame(CLOSE, struct.pack("!H", 1000))
    reserved, unmasked = b"\xf1\x80abcd", b"\x81\x01a"
    for number in range(rounds):
        for parts, code in [([reserved, bye], 1002), ([bye, reserved], 1000), ([unmasked + bye], 1002),
                            ([bye + unmasked], 1000), ([frame(TEXT, b"\xff"), bye], 1007),
                            ([frame(PING, b"?" * 125), bye, bye], 1000)]:
            with Caller(server.port) as caller:
                for part in parts:
                    with contextlib.suppress(ConnectionResetError, BrokenPipeError):
                        caller.send(part)
                if parts[0].startswith(b"\x89"):
                    expect(caller.read()[0] == PONG, "a pong first")
                caller.expect_close({code})
    return f"{rounds} rounds of 6 races"


def shutdown_races(_):
    """The server goes away while clients close, send and read nothing; each that reads sees one close frame."""
    bye = frame(CLOSE, struct.pack("!H", 1000))
    with harness.EchoServer() as server:
        callers = [Caller(server.require().port, seconds=20) for _ in range(300)]
        quiet = callers[::3]
        for caller in callers[1::3]:
            caller.send(frame(TEXT, b"under way") * 50)
        server.child.terminate()
        for caller in callers[2::3]:
            with contextlib.suppress(ConnectionResetError, BrokenPipeError):
                caller.send(bye)
        codes = collections.Counter()
        for caller in [*callers[2::3], *callers[1::3], *quiet]:
            opcode, payload = caller.read()
            while opcode == TEXT:
                opcode, payload = caller.read()
            expect(opcode == CLOSE, f"opcode {opcode} instead of a close")
            codes[int.from_bytes(payload[:2], "big")] += 1
            with contextlib.suppress(ConnectionResetError, BrokenPipeError):
                caller.send(frame(CLOSE, payload[:2]))
            caller.expect_end()
            caller.socket.close()
        expect(set(codes) <= {1000, 1001} and codes[1001] >= 200, f"{dict(codes)}")
        status = server.wait(20)
        expect(status == 0, f"the server ended with {status}")
    return ", ".join(f"{count} times {code}" for code, count in sorted(codes.items())) + ", status 0"
