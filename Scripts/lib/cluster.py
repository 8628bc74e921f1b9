"""Three servers of NATS and three nodes of the example im-server on free ports of this machine, each of which may be killed,
frozen and begun anew, and cut off from the others where relays lie between them. Imported, never called."""
import contextlib
import json
import pathlib
import shutil
import signal
import socket
import tempfile
import time
import urllib.error
import urllib.request

import harness
import nats_servers
import relay

COUNT = 3


def free_ports(count):
    """Ports that nobody had a moment ago: each has to know where the others are before they start."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


class Member:
    """A server or a node: a command that may be run again and again, one at a time."""

    def __init__(self, name, command):
        self.name = name
        self.command = command
        self.process = None
        self.is_frozen = False
        # What earlier lives of it have said.
        self.said = []

    def start(self):
        self.process = harness.Process(self.command)
        self.process.__enter__()

    @property
    def is_up(self):
        return self.process is not None and self.process.is_running and not self.is_frozen

    def send(self, number):
        if self.process is not None and self.process.is_running:
            self.process.child.send_signal(number)

    def freeze(self):
        self.send(signal.SIGSTOP)
        self.is_frozen = True

    def thaw(self):
        self.send(signal.SIGCONT)
        self.is_frozen = False

    def kill(self):
        """Ends it as a power failure would."""
        self.send(signal.SIGKILL)
        self.end()

    def end(self):
        """Ends it in good order, or has it ended."""
        if self.process is None:
            return
        if self.is_frozen:
            self.thaw()
        self.process.__exit__()
        self.said += self.process.lines
        self.process = None


class Cluster:
    """Use in a `with` block, which ends all of it. With `relayed` a relay lies between each two that speak to each other, but for users
    and nodes, so that they can be cut off."""

    def __init__(self, server_program=None, node_program=None, ports=None, relayed=False):
        self.program = nats_servers.any_program(server_program)
        self.node_program = node_program or harness.build("im-server")
        self.folder = tempfile.TemporaryDirectory(prefix="zcnet-cluster-", ignore_cleanup_errors=True)
        # All at once: a port that is given back may be given again.
        free = free_ports(3 * COUNT)
        self.server_ports, routes = free[:COUNT], free[COUNT:2 * COUNT]
        self.node_ports = ports or free[2 * COUNT:]
        self.relays = relay.Relays() if relayed else None
        # The relay of each two members, by their names: of who calls, and who is called.
        self.links = {}
        self.servers, self.nodes = [], []
        for index in range(COUNT):
            name = f"server-{index}"
            others = [port if other == index else self._port(name, f"server-{other}", port) for other, port in enumerate(routes)]
            self.servers.append(Member(name, [self.program, "-c", self._configuration(index, routes[index], others)]))
        for index in range(COUNT):
            name = f"node-{'abc'[index]}"
            reached = [self._port(name, server.name, port) for server, port in zip(self.servers, self.server_ports)]
            urls = ",".join(f"nats://127.0.0.1:{port}" for port in reached)
            self.nodes.append(Member(name, [self.node_program, "--port", self.node_ports[index], "--nats", urls, "--node", name,
                                            "--replicas", COUNT, "--loops", 1]))

    def _port(self, caller, called, port):
        """Where a member reaches another: its port, or that of a relay to it."""
        if self.relays is None:
            return port
        self.links[caller, called] = self.relays.to(port)
        return self.links[caller, called].port

    def _configuration(self, index, route, others):
        file = pathlib.Path(self.folder.name) / f"server-{index}.conf"
        known = ", ".join(f"nats://127.0.0.1:{port}" for port in others)
        # Why: with relays nobody may learn of a way around them. Servers tell each other an address where nobody listens.
        told = 'no_advertise: true, advertise: "127.0.0.1:1", ' if self.relays else ""
        # Why the pings: by default a server believes for four minutes in a route that has fallen silent, and until then there may
        # be no leader that all three agree on.
        file.write_text(f"""listen: 127.0.0.1:{self.server_ports[index]}
server_name: server-{index}
ping_interval: "5s"
ping_max: 2
jetstream {{ store_dir: "{self.folder.name}/server-{index}" }}
cluster {{ name: im, listen: "127.0.0.1:{route}", {told}routes: [{known}] }}
""")
        return file

    def links_of(self, member):
        """The relays that cut a member off: a server from the other servers, a node from all servers."""
        kind = "server-" if member in self.servers else "node-"
        return [link for (caller, called), link in self.links.items()
                if caller == member.name or called == member.name and caller.startswith(kind)]

    @property
    def members(self):
        return self.servers + self.nodes

    @property
    def urls(self):
        return [f"ws://127.0.0.1:{port}/im" for port in self.node_ports]

    def __enter__(self):
        for member in self.members:
            member.start()
        return self

    def __exit__(self, *_):
        # Nodes first: they hand over what they lead, which takes servers.
        for member in self.nodes + self.servers:
            member.end()
        if self.relays:
            self.relays.close()
        self.folder.cleanup()

    def lose_disks(self):
        """Takes away what servers have kept; while none of them runs."""
        for server in self.servers:
            shutil.rmtree(pathlib.Path(self.folder.name) / server.name, ignore_errors=True)

    def is_ready(self, index):
        """Whether a node has its place in the cluster."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.node_ports[index]}/healthz", timeout=2) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def record_count(self):
        """How many records the nodes' log has, as the servers say."""
        with socket.create_connection(("127.0.0.1", self.server_ports[0]), 10) as connection, connection.makefile("rwb") as lines:
            lines.write(b"CONNECT {\"verbose\":false}\r\nSUB answer 1\r\nPUB $JS.API.STREAM.INFO.im-log answer 0\r\n\r\n")
            lines.flush()
            while not (line := lines.readline()).startswith(b"MSG answer"):
                if not line:
                    harness.stop("a server of NATS does not say how long the log is")
            return json.loads(lines.read(int(line.split()[-1])))["state"]["messages"]

    def wait_until_ready(self, seconds=90):
        """Begins anew whoever ends meanwhile, as somebody else may have taken a port; ends the script where not all nodes have
        come to it by then."""
        deadline = time.monotonic() + seconds
        while not all(self.is_ready(index) for index in range(COUNT)):
            for member in self.members:
                if not member.process.is_running:
                    member.end()
                    member.start()
            if time.monotonic() > deadline:
                for member in self.members:
                    print(member.name, *(member.said + member.process.lines)[-5:], sep="\n  ")
                harness.stop(f"not all nodes were ready within {seconds} s")
            time.sleep(0.2)
