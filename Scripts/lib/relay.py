"""Relays of TCP connections that can fall silent, as a network that is cut does: neither end is told anything, and what was on its way
comes late. Imported, never called."""
import asyncio
import threading


class _End(asyncio.Protocol):
    """One of the two connections of a pair: hands on to the other what comes."""

    def __init__(self, relay, other=None):
        self.relay = relay
        self.other = other
        self.transport = None
        # Whether the transport has more to write than it likes.
        self.is_full = False

    def connection_made(self, transport):
        self.transport = transport
        self.relay.ends.add(self)
        if self.other is None:
            transport.pause_reading()
            self.relay.loop.create_task(self.relay.meet(self))
        else:
            self.other.other = self
        self.flow()

    def flow(self):
        """Reads while what is read may go somewhere, both ways."""
        for end in (self, self.other):
            if end is None or end.transport.is_closing():
                continue
            if self.relay.is_silent or end.other is None or end.other.is_full:
                end.transport.pause_reading()
            else:
                end.transport.resume_reading()

    def data_received(self, data):
        self.other.transport.write(data)

    def pause_writing(self):
        self.is_full = True
        self.flow()

    def resume_writing(self):
        self.is_full = False
        self.flow()

    def connection_lost(self, _):
        self.relay.ends.discard(self)
        if self.other is not None:
            self.other.transport.close()


class Relay:
    """From a port of its own to another one of this machine. Any thread calls; a loop's thread works."""

    def __init__(self, loop, target):
        self.loop = loop
        self.target = target
        self.ends = set()
        # How many have cut it and not mended it.
        self.cuts = 0
        self.server = asyncio.run_coroutine_threadsafe(
            loop.create_server(lambda: _End(self), "127.0.0.1", 0, backlog=128), loop).result(30)
        self.port = self.server.sockets[0].getsockname()[1]

    @property
    def is_silent(self):
        return self.cuts > 0

    async def meet(self, end):
        """Whoever comes while it is silent is not answered before it speaks again."""
        while self.is_silent and not end.transport.is_closing():
            await asyncio.sleep(0.05)
        try:
            await self.loop.create_connection(lambda: _End(self, end), "127.0.0.1", self.target)
        except OSError:
            end.transport.abort()

    def cut(self):
        self._change(1, False)

    def mend(self, reset=False):
        """Goes on where it was; with `reset` the connections that it had are lost instead."""
        self._change(-1, reset)

    def _change(self, cuts, reset):
        def change():
            self.cuts += cuts
            for end in list(self.ends):
                if reset:
                    end.transport.abort()
                else:
                    end.flow()
        self.loop.call_soon_threadsafe(change)


class Relays:
    """All of a script's relays, on one thread; use in a `with` block, or close them."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def to(self, target):
        return Relay(self.loop, target)

    def close(self):
        def end():
            for task in asyncio.all_tasks(self.loop):
                task.cancel()
            # Once more round, so that they are over.
            self.loop.call_soon(self.loop.stop)
        self.loop.call_soon_threadsafe(end)
        self.thread.join(5)
