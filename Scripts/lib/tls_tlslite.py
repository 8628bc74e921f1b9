"""tlslite-ng's side of Scripts/interop/tls, inside its environment.

Call: PYTHON tls_tlslite.py client PORT CHECK                   asks a few times, and comes back where the check is resumption
      PYTHON tls_tlslite.py server CERTIFICATE KEY CHECK        says back what it hears, by record
"""
import pathlib
import socket
import sys

from tlslite.api import HandshakeSettings, TLSConnection, X509CertChain, parsePEMKey
from tlslite.constants import KeyUpdateMessageType
from tlslite.errors import TLSError

KINDS = {"KeyUpdate without a request": KeyUpdateMessageType.update_not_requested,
         "KeyUpdate with a request": KeyUpdateMessageType.update_requested}


def update_keys(link, check):
    if check in KINDS:
        for _ in link.send_keyupdate_request(KINDS[check]):
            pass


def ask(link, check):
    for name in ("first", "second", "last"):
        update_keys(link, check)
        end = "Connection: close\r\n" if name == "last" else ""
        link.sendall(f"GET /request?{name} HTTP/1.1\r\nHost: localhost\r\n{end}\r\n".encode())
        heard = b""
        while b"\r\n\r\n" not in heard:
            part = link.recv(4096)
            if not part:
                break
            heard += part
        print(heard.decode(), flush=True)
    # The tickets are with the first answer.
    link.close()


def client(port, check):
    session = None
    for _ in range(2 if check == "resumption" else 1):
        settings = HandshakeSettings()
        if check == "no key share":
            settings.keyShares = []
        if check == "padding":
            settings.padding_cb = lambda length, _, most: min(300, most - length)
        link = TLSConnection(socket.create_connection(("127.0.0.1", int(port)), 30))
        link.handshakeClientCert(serverName="localhost", session=session, settings=settings)
        print(f"version: {link.version}, resumed: {link.resumed}", flush=True)
        ask(link, check)
        session = link.session


def server(certificate, key, check):
    chain = X509CertChain()
    chain.parsePemList(pathlib.Path(certificate).read_text())
    own_key = parsePEMKey(pathlib.Path(key).read_text(), private=True)
    settings = HandshakeSettings()
    settings.ticketKeys = [bytes(32)]
    listener = socket.create_server(("127.0.0.1", 0))
    print(f"listening on {listener.getsockname()[1]}", flush=True)
    while True:
        link = TLSConnection(listener.accept()[0])
        try:
            link.handshakeServer(certChain=chain, privateKey=own_key, settings=settings)
            while part := link.recv(65536):
                update_keys(link, check)
                link.sendall(part)
            link.close()
        except (OSError, TLSError) as error:
            print(f"ended: {error!r}", flush=True)


if __name__ == "__main__":
    {"client": client, "server": server}[sys.argv[1]](*sys.argv[2:])
