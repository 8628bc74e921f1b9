"""What the tests of Scripts/abuse share: a watch over the server's memory, limits of time, and the someone else who has
to be served meanwhile. Imported, never called.
"""
import contextlib
import signal
import threading
import time

from caller import Caller, Violation, expect

MIB = 1 << 20
# What resident memory may grow by since the server's first echo, over all tests: an echo's whole output limit
# (16 MiB), its buffers, and what the pools keep.
GROWTH_MAX = 64 * MIB
SERVED_SECONDS = 2


class Watch(threading.Thread):
    """The server's highest resident memory while it is entered."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.server = server
        self.peak = server.resident_bytes or 0
        self.over = threading.Event()

    def run(self):
        while not self.over.wait(0.02):
            self.peak = max(self.peak, self.server.resident_bytes or 0)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.join()


@contextlib.contextmanager
def limited(seconds):
    """Raises Violation when its block takes longer."""
    def late(*_):
        raise Violation(f"not done within {seconds} s")
    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def serve_someone(port):
    """A well-behaved client must be served, and soon; how long it took."""
    begin = time.monotonic()
    with Caller(port) as caller:
        caller.echo(b"someone else")
    took = time.monotonic() - begin
    expect(took < SERVED_SECONDS, f"someone else was served after {took:.1f} s")
    return took


def settle(server, baseline, seconds=30):
    """Waits until the server holds as few descriptors as before; how many it holds then."""
    deadline = time.monotonic() + seconds
    while (held := server.open_descriptors) > baseline and time.monotonic() < deadline:
        time.sleep(0.05)  # Why: no event tells of another process's descriptors; this polls.
    return held
