"""Clients for Scripts/chaos: conversations with the echo servers and the room server that know what the answer has to be, and
those that break off in one way or another. Imported, never called. The standard library only."""
import json
import os
import random
import socket
import struct
import time

import caller

SECONDS = 10


class Wrong(Exception):
    """An answer that is not the right one, or none for too long. An end of the connection is not among them."""


class Line:
    """A TCP connection whose ends, however they come, are told as EOFError."""

    def __init__(self, port):
        self.port = port
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=SECONDS)
        self.received = bytearray()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        try:
            self.socket.sendall(data)
        except TimeoutError:
            raise Wrong(f"nothing taken of {len(data)} bytes in {SECONDS} s")
        except OSError as error:
            raise EOFError(str(error))

    def take(self, count):
        while len(self.received) < count:
            self._fill()
        taken = bytes(self.received[:count])
        del self.received[:count]
        return taken

    def until(self, mark):
        while (end := self.received.find(mark)) < 0:
            self._fill()
        return self.take(end + len(mark))

    def _fill(self):
        try:
            data = self.socket.recv(1 << 16)
        except TimeoutError:
            raise Wrong(f"no answer in {SECONDS} s")
        except OSError as error:
            raise EOFError(str(error))
        if not data:
            raise EOFError("the end")
        self.received += data

    def reset(self):
        """Ends it with RST."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def finish(self):
        """Ends the own side, and reads what is still said."""
        try:
            self.socket.shutdown(socket.SHUT_WR)
            while True:
                self._fill()
        except (OSError, EOFError):
            pass


def expect(expected, came, what):
    if came != expected:
        raise Wrong(f"{what}: expected {expected[:40]!r} ({len(expected)} bytes), got {came[:40]!r} ({len(came)} bytes)")


class TCPEcho:
    """What tcp-echo is asked."""
    example = "tcp-echo"

    @staticmethod
    def begin(line):
        pass

    @staticmethod
    def encode(payload):
        return payload

    @staticmethod
    def check(line, payload):
        expect(payload, line.take(len(payload)), "echo")


class WebSocketEcho:
    """What echo-server is asked."""
    example = "echo-server"

    @staticmethod
    def begin(line):
        line.send(caller.handshake(line.port))
        head = line.until(b"\r\n\r\n")
        if head.startswith(b"HTTP/1.1 503 "):
            raise EOFError("turned away in good order")
        expect(b"HTTP/1.1 101 ", head[:13], "handshake")

    @staticmethod
    def encode(payload):
        return caller.frame(caller.BINARY, payload, key=os.urandom(4))

    @staticmethod
    def check(line, payload):
        first, second = line.take(2)
        if first == 0x88:
            line.take(second)
            raise EOFError("a close frame")
        count = second if second < 126 else int.from_bytes(line.take(2 if second == 126 else 8), "big")
        expect(b"\x82", bytes([first]), "opcode")
        expect(payload, line.take(count), "message")


class Room:
    """What goim-room is asked, by a member that is alone in its room: each message is answered and pushed to it."""
    example = "goim-room"

    @staticmethod
    def proto(operation, body):
        return struct.pack("!IHHII", 16 + len(body), 16, 1, operation, 1) + body

    @classmethod
    def begin(cls, line):
        token = {"mid": 1, "room_id": f"live://{os.urandom(8).hex()}", "accepts": [1000]}
        line.send(cls.proto(7, json.dumps(token).encode()))
        expect(cls.proto(8, b""), cls.take(line), "answer to the token")

    @staticmethod
    def take(line):
        head = line.take(16)
        count = struct.unpack("!I", head[:4])[0]
        if not 16 <= count <= 1 << 20:
            raise Wrong(f"a proto of {count} bytes")
        return head + line.take(count - 16)

    @classmethod
    def encode(cls, payload):
        return cls.proto(4, payload[:4000])

    @classmethod
    def check(cls, line, payload):
        came = sorted([cls.take(line), cls.take(line)])
        expect(sorted([cls.proto(4, b""), cls.proto(1000, payload[:4000])]), came, "answer and push")


def converse(talk, port, draw, messages=3, largest=20_000):
    """A whole conversation, with right answers. True if it came to its end; False if the connection ended before."""
    try:
        with Line(port) as line:
            talk.begin(line)
            for _ in range(messages):
                payload = draw.randbytes(draw.choice([1, 125, 126, 1000, largest]))
                line.send(talk.encode(payload))
                talk.check(line, payload)
            return True
    except (EOFError, ConnectionError):
        return False
    except TimeoutError:
        raise Wrong(f"no connection in {SECONDS} s")


def misbehave(talk, port, draw):
    """A conversation that ends somewhere, in some way."""
    try:
        with Line(port) as line:
            way = draw.randrange(6)
            if way == 0:
                return line.reset()
            talk.begin(line)
            bytes_ = b"".join(talk.encode(draw.randbytes(draw.choice([1, 200, 4000]))) for _ in range(draw.randrange(1, 9)))
            if way == 1:
                line.send(bytes_[:draw.randrange(len(bytes_))])
                line.reset()
            elif way == 2:
                line.send(bytes_)
                line.finish()
            elif way == 3:
                for start in range(0, min(len(bytes_), 40)):
                    line.send(bytes_[start:start + 1])
                    time.sleep(0.005)
            elif way == 4:
                line.send(bytes_)
                line.take(1)
                line.reset()
            else:
                line.send(bytes_[:draw.randrange(len(bytes_))])
    except (EOFError, ConnectionError):
        pass


def drawing(seed):
    return random.Random(seed)
