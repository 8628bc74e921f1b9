"""Streams of HTTP/1 requests made from a seed, for Scripts/interop/http-differential: a grammar with every spelling of
length and transfer coding that has been used to smuggle requests, and mutations. Imported, never called.

Every request names a token of its own in its target: `c7.0` for the first of case 7, `s7.1` for what hides in a body of
it, `e7.0` for the sound request that ends each stream.
"""
import random

WORDS = [b"\r\n", b"\n", b"\r", b" ", b"\t", b"\0", b"\x0b", b"\x0c", b"\xa0", b",", b";", b":", b'"', b"0", b"5", b"\r\n ",
         b"0\r\n\r\n", b"Content-Length: 3\r\n", b"Transfer-Encoding: chunked\r\n", b"chunked", b"HTTP/1.0", b"\r\n\r\n",
         b"Upgrade: websocket\r\n", b"Connection: Upgrade\r\n", b"Host: b\r\n", b"Connection: close\r\n"]
CODINGS = ["chunked"] * 12 + [
    "Chunked", "CHUNKED", " chunked", "\tchunked", "chunked ", "chunked\t", "chunked,", ", chunked", "chunked, chunked",
    "chunked,identity", "identity, chunked", "identity", "gzip", "gzip, chunked", "chunked, gzip", "xchunked", "chunkedx",
    "chunk", "", '"chunked"', "'chunked'", "chunked;q=1", "chunked; a=b", "\x0bchunked", "\x0cchunked", "chunked\x0b",
    "chunked\x00", "\xa0chunked", "chunked\xa0", "chunked\x85", "\r\n chunked", "\r\n\tchunked", "\n chunked", "\rchunked",
    'a="b, chunked', "chun\\ked", "cow", "trailers", "chunked x", "ch\u00fcnked", "gzip\r\nTransfer-Encoding: chunked",
    "chunked\r\nTransfer-Encoding: gzip", "chunked\r\nTransfer-Encoding: chunked", "\r\nTransfer-Encoding: chunked"]
CODING_NAMES = ["Transfer-Encoding"] * 8 + [
    "transfer-encoding", "TRANSFER-ENCODING", "Transfer-Encoding ", "Transfer-Encoding\t", " Transfer-Encoding",
    "\tTransfer-Encoding", "Transfer_Encoding", "Transfer Encoding", "Transfer-Encoding\x00", "Transfer-Encoding\x0b",
    "\x00Transfer-Encoding", "X: y\nTransfer-Encoding", "X: y\rTransfer-Encoding", "X: y\r\n Transfer-Encoding",
    "X\r\nTransfer-Encoding", "\xa0Transfer-Encoding", "Transfer-Encoding\r\n", '"Transfer-Encoding"']
LENGTHS = ["{0}"] * 10 + [
    "0", "{0}, {0}", "{0},{0}", "{0}, 0", "0, {0}", "+{0}", "-{0}", " {0}", "\t{0}", "{0} ", "00{0}", "0x{1}", "{0}.0", "{0}e0",
    "{0} {0}", '"{0}"', "{0};a=b", "", "\x0b{0}", "{0}\x0b", "{0}\x00", "1{0}", "9223372036854775807", "9223372036854775808",
    "18446744073709551616", "1844674407370955{2}", "-0", "- 0", "\xa0{0}", "{0}\xa0", "\r\n {0}", "{0}\r\n ", "{0}\r\n 0", "{0}_0",
    "{0}\r\nContent-Length: {0}", "{0}\r\nContent-Length: 0", "0\r\nContent-Length: {0}", "\u0665"]
LENGTH_NAMES = ["Content-Length"] * 8 + [
    "content-length", "CONTENT-LENGTH", "Content-Length ", "Content-Length\t", " Content-Length", "\tContent-Length",
    "Content_Length", "Content Length", "Content-Length\x00", "X: y\nContent-Length", "X: y\rContent-Length",
    "X: y\r\n Content-Length", "Content-Length\r\n"]
UPGRADES = ["websocket"] * 6 + ["WebSocket", "h2c", "websocket, h2c", "h2c, websocket", '"a, websocket', "websocket/13", "", "tls",
                                "h2c\r\nUpgrade: websocket", "\twebsocket", "websocket,"]
CONNECTIONS = ["Upgrade"] * 4 + ["keep-alive, Upgrade", "keep-alive", "close", "close, keep-alive", "Content-Length",
                                 "Transfer-Encoding", "Host", '"x, close', "upgrade, close", "", "Upgrade, Content-Length",
                                 "Upgrade, Transfer-Encoding", "TE", "Expect"]
KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"


def sound(token, more=""):
    """A request that nobody can misread."""
    return f"GET /request?{token} HTTP/1.1\r\nHost: a\r\n{more}\r\n".encode()


class Case:
    """One stream, its number among those of the seed, and where to cut it."""

    def __init__(self, seed, number):
        self.number = number
        self.numbers = random.Random(f"{seed} {number}")
        self.hidden = 0
        # Tame streams keep every rule; of the others some break one here and there, and some are damaged besides.
        self.wildness = self.numbers.choice([0, 0, 0, 1, 1, 2])
        parts = [self._request(index) for index in range(self.numbers.choice([1, 1, 1, 2, 2, 3]))]
        self.stream = b"".join(parts)
        if self.wildness == 2:
            self.stream = self._mutate(self.stream)
        self.end = sound(f"e{number}.0")
        self.cuts = sorted(self.numbers.randrange(len(self.stream) + 1) for _ in range(self.numbers.choice([0, 0, 1, 3])))

    def pieces(self, data):
        """The stream in pieces, and behind it the sound request."""
        ends = [cut for cut in self.cuts if cut < len(data)] + [len(data)]
        starts = [0, *ends[:-1]]
        return [data[start:end] for start, end in zip(starts, ends) if end > start]

    def _pick(self, choices):
        return self.numbers.choice(choices)

    def _sometimes(self, share):
        return self.numbers.random() < share

    def _seldom(self, share=0.06):
        """Whether to break a rule here."""
        return self.wildness > 0 and self._sometimes(share)

    def _inner(self):
        """What hides in a body: a request, the beginning of one, or nothing of the kind."""
        token = f"s{self.number}.{self.hidden}"
        self.hidden += 1
        whole = sound(token)
        return self._pick([whole, whole, whole, whole[:-2] + b"X: ", whole[:-2] + b"Content-Length: 300\r\n\r\n",
                           b"x=1", whole.replace(b"HTTP/1.1", b"HTTP/1.0"), b"\r\n" + whole, b"0\r\n\r\n" + whole])

    def _request(self, index):
        if self._sometimes(0.15):
            return sound(f"c{self.number}.{index}")
        method = self._pick(["GET"] * 6 + ["POST"] * 5 + ["HEAD", "HEAD", "PUT", "OPTIONS", "DELETE"])
        version = "HTTP/1.0" if self._sometimes(0.08) else "HTTP/1.1"
        target = f"/request?c{self.number}.{index}"
        if self._sometimes(0.08):
            target = self._pick([f"http://a{target}", f"http://b{target}", f"HTTP://a:80{target}", f"/nothing?c{self.number}.{index}"])
        if self._seldom():
            method = self._pick(["get", "TRACE", "G(T", ""])
        if self._seldom():
            version = self._pick(["HTTP/1.2", "HTTP/0.9", "http/1.1", "HTTP/1.1 ", "HTTP/01.1", ""])
        if self._seldom():
            target = self._pick([f"//a{target}", f"{target}#x", f"{target} x", "*", f"ftp://a{target}", f"{target}\x7f"])
        line = f"{method} {target} {version}".rstrip() if version == "" else f"{method} {target} {version}"
        if self._seldom(0.03):
            line = self._pick([line.replace(" ", "  ", 1), line.replace(" ", "\t", 1), " " + line, line + " ", "\r\n" + line, "\n" + line])
        fields, body = self._framing()
        fields += self._others()
        self.numbers.shuffle(fields)
        hosts = ["Host: a"] * 6 + ["Host: a:80", "host:a"]
        if self._seldom():
            hosts = ["Host: b\r\nHost: a", "Host: a b", "Host : a", "Host:", "Host: a, b", " Host: a"]
        if not self._seldom(0.03):
            fields.insert(0, self._pick(hosts))
        head = "\r\n".join([line, *fields, "", ""])
        if self._seldom(0.04):
            head = self._soften(head)
        return head.encode("latin-1", "replace") + body

    def _soften(self, head):
        """Line ends as others may read them, too."""
        lines = head.split("\r\n")
        kind = self._pick(["\n", "\r", "\r\r\n", " \r\n", "\n\r"])
        if self._sometimes(0.4):
            return kind.join(lines)
        place = self.numbers.randrange(max(1, len(lines) - 1))
        return "\r\n".join(lines[:place]) + ("\r\n" if place else "") + lines[place] + kind + "\r\n".join(lines[place + 1:])

    def _others(self):
        """Fields that ask for something else than a plain answer."""
        fields = []
        if self._sometimes(0.25):
            fields.append(f"Upgrade: {self._pick(UPGRADES)}")
            fields.append(f"Connection: {self._pick(CONNECTIONS)}")
            if self._sometimes(0.5):
                fields.append(KEY.rstrip("\r\n"))
        elif self._sometimes(0.2):
            fields.append(f"Connection: {self._pick(CONNECTIONS)}")
        if self._sometimes(0.06):
            fields.append("Expect: " + self._pick(["100-continue"] * 4 + ["100-Continue", "gold", "100-continue, gold", ""]))
        if self._sometimes(0.3):
            count = self._pick([1, 2, 5, 20, 80, 90, 98 if self._seldom(1) else 3, 105 if self._seldom(1) else 4])
            fields += [f"X-{number}: {self._pick(['a', 'b c', '', 'é', chr(34), 'x' * 60])}" for number in range(count)]
        if self._seldom(0.05):
            fields.append(self._pick(["TE: trailers", "Trailer: Content-Length", "X-HTTP-Method-Override: POST", "a b: c", "(: x", ":",
                                      "nocolon", "X: y\r\n folded", "X: y\x00z", "X: y\x7f", "Cookie: a=b", "HTTP2-Settings: AAMAAABk"]))
        return fields

    def _framing(self):
        """Fields about length, and a body that fits one of them."""
        kind = self._pick(["none", "length", "chunked"])
        if self._seldom(0.5):
            kind = self._pick(["both", "odd length", "odd length", "odd chunked", "odd chunked", "odd both"])
        if kind == "none":
            return [], b""
        inner = self._inner()
        chunks = self._chunks(inner, odd="odd" in kind or self._seldom(0.1))
        odd = kind.startswith("odd")
        coding = f"{self._pick(CODING_NAMES) if odd else 'Transfer-Encoding'}: {self._pick(CODINGS) if odd else 'chunked'}"
        in_chunks = "chunked" in kind or kind.endswith("both") and self._sometimes(0.7)
        size = len(inner)
        if "both" in kind:
            # Each of the two ends takes a part of it for the next request.
            size = self._pick([len(chunks), len(inner), 0, 1, 3, 4, chunks.find(b"\r\n") + 2, len(chunks) + 5])
        spelled = self._pick(LENGTHS) if odd else "{0}"
        length = f"{self._pick(LENGTH_NAMES) if odd else 'Content-Length'}: " + spelled.format(size, f"{size:x}", 1616 + size)
        if "both" in kind:
            return [coding, length], chunks if in_chunks else inner
        return ([coding], chunks) if "chunked" in kind else ([length], inner)

    def _chunks(self, inner, odd):
        """A body in chunks."""
        parts, rest = [], inner
        while rest:
            size = len(rest) if self._sometimes(0.5) else self.numbers.randint(1, len(rest))
            parts.append(rest[:size])
            rest = rest[size:]
        out = b""
        for part in parts:
            size, line, end = f"{len(part):x}".encode(), b"\r\n", b"\r\n"
            if self._sometimes(0.2):
                size = self._pick([b"0" + size, size.upper(), size + b";a", size + b';a="b;c"', size + b" ; a = b"])
            if odd and self._sometimes(0.5):
                size = self._pick([size, b"0" + size, b"0x" + size, b"+" + size, b" " + size, size + b" ", size + b"\t", size + b";a",
                                   size + b" ;a=\"\n\"", size + b";a\x00", b"-" + size, size + b"\r", b"00000000000000000" + size,
                                   b"f" * 15 + size, b"1" + b"0" * 16 + size, size + b";" + b"a" * 300, b"", size + b",5", size + b"\x0b",
                                   b"%x" % (len(part) + 2), b"%x" % max(0, len(part) - 1)])
                line = self._pick([b"\r\n"] * 5 + [b"\n", b"\r", b"\n\n", b"\r\r\n"])
                end = self._pick([b"\r\n"] * 5 + [b"\n", b"", b"\r", b"xx", b"\r\n\r\n"])
            out += size + line + part + end
        if self._sometimes(0.1):
            return out + self._pick([b"0\r\nX: y\r\n\r\n", b"000\r\n\r\n", b"0;a\r\n\r\n", b"0\r\nContent-Length: 5\r\n\r\n"])
        if odd and self._sometimes(0.3):
            return out + self._pick([b"0\r\nX: y\r\n\r\n", b"0\r\nContent-Length: 5\r\n\r\n", b"0\n\n", b"0\r\n", b"000\r\n\r\n", b"0;a\r\n\r\n", b"",
                                     b"0\r\n\n", b"0\r\n\r\nx", b"-0\r\n\r\n", b"0x0\r\n\r\n", b"0\r\nX : y\r\n\r\n", b"0\r\n folded\r\n\r\n",
                                     b"0\r\nX: y\n\r\n", b"0 \r\n\r\n", b"0\r\n" + b"X: y\r\n" * 120 + b"\r\n"])
        return out + b"0\r\n\r\n"

    def _mutate(self, stream):
        for _ in range(self._pick([0, 0, 0, 0, 1, 1, 2])):
            place = self.numbers.randrange(len(stream) + 1)
            kind = self.numbers.randrange(4)
            if kind == 0:
                stream = stream[:place] + self._pick(WORDS) + stream[place:]
            elif kind == 1:
                stream = stream[:place] + stream[place + self.numbers.randint(1, 3):]
            elif kind == 2:
                stream = stream[:place] + bytes([self.numbers.randrange(256)]) + stream[place + 1:]
            else:
                piece = stream[place:place + self.numbers.randint(1, 40)]
                other = self.numbers.randrange(len(stream) + 1)
                stream = stream[:other] + piece + stream[other:]
        return stream
