"""What the scripts that speak TLS share: an authority with certificates made for the occasion, and a relay for programs that know
no TLS. Imported, never called. Python 3.9, its standard library and the program `openssl`.
"""
import asyncio
import contextlib
import pathlib
import ssl
import subprocess
import tempfile
import threading

import harness


def build(product):
    """Builds a product with TLS; ends the script as not run where there are no headers of OpenSSL."""
    return harness.build(product, with_tls=True)


class Authority:
    """`ca.pem`, and what it has signed: `server` for localhost and 127.0.0.1, `client` for a trader, each .pem and .key.

    A context manager: the files are gone afterwards."""

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self._folder.name)
        self._openssl("req", "-x509", *self._new("ca"), "-subj", "/CN=root", "-days", "2",
                      "-addext", "keyUsage=critical,keyCertSign,cRLSign")
        self.sign("server", "localhost", "serverAuth", "DNS:localhost,IP:127.0.0.1")
        self.sign("client", "trader", "clientAuth", "email:trader@example.org")
        return self

    def __exit__(self, *_):
        self._folder.cleanup()

    def __getattr__(self, name):
        """The path of a file, as `ca_pem` for ca.pem."""
        return str(self.folder / name.replace("_", "."))

    def _new(self, name):
        return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.pem"]

    def _openssl(self, *words):
        subprocess.run(["openssl", *words], cwd=self.folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def sign(self, name, subject, usage, names):
        self._openssl("req", *self._new(name), "-subj", f"/CN={subject}")
        (self.folder / "extensions").write_text(
            f"subjectAltName={names}\nextendedKeyUsage={usage}\nkeyUsage=critical,digitalSignature\nbasicConstraints=CA:FALSE\n"
            "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n")
        self._openssl("x509", "-req", "-in", f"{name}.pem", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
                      "-out", f"{name}.pem", "-days", "2", "-extfile", "extensions")

    @property
    def as_server(self):
        """Options for one of our examples."""
        return ["--tls-cert", self.server_pem, "--tls-key", self.server_key]

    def server_context(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.server_pem, self.server_key)
        return context

    def client_context(self):
        return ssl.create_default_context(cafile=self.ca_pem)


class Relay:
    """Stands between a program that knows no TLS and one that speaks it, by Python's `ssl`: takes connections at `port` and passes
    bytes on to `target`, a port that may be set later. `taking` secures the side that is taken, `giving` the other."""

    def __init__(self, target=None, taking=None, giving=None):
        self.target, self.taking, self.giving = target, taking, giving

    def __enter__(self):
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._on_loop(asyncio.start_server(self._pass_on, "127.0.0.1", 0, ssl=self.taking))
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_):
        self._on_loop(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _on_loop(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _stop(self):
        self._server.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _pass_on(self, reader, writer):
        with contextlib.suppress(OSError):
            name = "localhost" if self.giving else None
            there = await asyncio.open_connection("127.0.0.1", self.target, ssl=self.giving, server_hostname=name)
            await asyncio.gather(self._copy(reader, there[1]), self._copy(there[0], writer))
        writer.close()

    async def _copy(self, reader, writer):
        # Where one side ends both do: neither `ssl` nor WebSocket knows a half of a connection.
        with contextlib.suppress(OSError):
            while part := await reader.read(65536):
                writer.write(part)
                await writer.drain()
        writer.close()
