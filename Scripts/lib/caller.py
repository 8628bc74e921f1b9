"""A WebSocket client, and the server's side of a conversation, that may do what they like: bytes, and nothing in between. For the
scripts that look at what a program says. Imported, never called.
"""
import base64
import hashlib
import os
import socket
import struct

TEXT, BINARY, CONTINUATION, CLOSE, PING, PONG = 1, 2, 0, 8, 9, 10
# RFC 6455 1.3.
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Violation(Exception):
    """What came instead of the expected."""


def expect(condition, came):
    if not condition:
        raise Violation(came)


def handshake(port, extra="", path="/"):
    key = base64.b64encode(os.urandom(16)).decode()
    return (f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n{extra}\r\n").encode()


def frame(opcode, payload=b"", final=True, key=b"\x37\xfa\x21\x3d", promised=None, compressed=False):
    """A client's frame; `promised` lies about the length."""
    count = len(payload) if promised is None else promised
    head = bytes([(0x80 if final else 0) | (0x40 if compressed else 0) | opcode])
    if count < 126:
        head += bytes([0x80 | count])
    elif count < 65536:
        head += struct.pack("!BH", 0x80 | 126, count)
    else:
        head += struct.pack("!BQ", 0x80 | 127, count)
    mask = int.from_bytes((key * (len(payload) // 4 + 1))[:len(payload)], "big")
    return head + key + (int.from_bytes(payload, "big") ^ mask).to_bytes(len(payload), "big")


class Caller:
    """A connection that may do what it likes."""

    def __init__(self, port, upgrade=True, seconds=10, extra="", path="/"):
        self.port = port
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=seconds)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = bytearray()
        if upgrade:
            self.send(handshake(port, extra, path))
            head = self.until(b"\r\n\r\n")
            expect(head.startswith(b"HTTP/1.1 101 "), f"handshake answered {bytes(head[:40])!r}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def fill(self):
        """Receives what there is; False at the end."""
        data = self.socket.recv(1 << 18)
        self.received += data
        return bool(data)

    def until(self, mark):
        while (end := self.received.find(mark)) < 0:
            expect(self.fill(), f"the end after {len(self.received)} bytes")
        return self.take(end + len(mark))

    def take(self, count):
        while len(self.received) < count:
            expect(self.fill(), f"the end after {len(self.received)} of {count} bytes")
        taken = self.received[:count]
        del self.received[:count]
        return taken

    def read_frame(self):
        """The next frame: whether it is the last of its message, opcode, payload."""
        first, second = self.take(2)
        expect(second & 0x80 == 0, "a masked frame from the server")
        count = second & 0x7F
        if count >= 126:
            count = int.from_bytes(self.take(2 if count == 126 else 8), "big")
        return first & 0x80 != 0, first & 0x0F, bytes(self.take(count))

    def read(self):
        """The next frame, which has to be whole: opcode, payload."""
        final, opcode, payload = self.read_frame()
        expect(final, f"a fragment of opcode {opcode}")
        return opcode, payload

    def echo(self, payload):
        self.send(frame(BINARY, payload))
        opcode, answer = self.read()
        expect(opcode == BINARY and answer == payload, f"opcode {opcode}, {len(answer)} bytes back")

    def expect_close(self, codes):
        """A close frame with one of these codes, then the end of the stream."""
        opcode, payload = self.read()
        expect(opcode == CLOSE, f"opcode {opcode} instead of a close")
        code = int.from_bytes(payload[:2], "big") if payload else None
        expect(code in codes, f"close with {code}")
        self.expect_end()
        return f"close {code}, the end"

    def expect_end(self):
        """Nothing but the end, cleanly or by a reset."""
        try:
            while self.fill():
                pass
        except ConnectionResetError:
            pass
        expect(not self.received, f"{len(self.received)} bytes more before the end")

    def reset(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


class Answerer(Caller):
    """The server's side of a connection that was accepted: what comes is masked, what goes out is not."""

    def __init__(self, accepted, seconds=10):
        accepted.settimeout(seconds)
        self.socket = accepted
        self.received = bytearray()

    def upgrade(self):
        """Reads a handshake, and agrees to it; the request's head."""
        head = bytes(self.until(b"\r\n\r\n"))
        key = next((line.split(b":", 1)[1].strip() for line in head.split(b"\r\n")
                    if line.lower().startswith(b"sec-websocket-key:")), None)
        expect(key is not None, f"a handshake without a key: {head!r}")
        proof = base64.b64encode(hashlib.sha1(key + GUID).digest())
        self.send(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                  + proof + b"\r\n\r\n")
        return head

    def read_frame(self):
        first, second = self.take(2)
        expect(second & 0x80 != 0, "a frame without a mask from the client")
        count = second & 0x7F
        if count >= 126:
            count = int.from_bytes(self.take(2 if count == 126 else 8), "big")
        key = self.take(4)
        return first & 0x80 != 0, first & 0x0F, bytes(byte ^ key[index % 4] for index, byte in enumerate(self.take(count)))

    def say(self, opcode, payload=b""):
        expect(len(payload) < 126, "a short frame")
        self.send(bytes([0x80 | opcode, len(payload)]) + payload)
