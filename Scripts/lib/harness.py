"""What the conformance, interoperability and abuse scripts share: building and starting examples, virtual
environments from public packages, and a table of checks. Imported, never called. Python 3.9 and the standard
library only.

Children end with the script however it ends: the context managers end them, and the kernel is asked to kill
them should the script itself be killed.
"""
import contextlib
import ctypes
import functools
import hashlib
import os
import pathlib
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time

root = pathlib.Path(__file__).resolve().parents[2]
build_folder = root / ".build"
# What a script ends with when the public packages that it stands on cannot be had: nothing was checked.
SETUP_FAILED = 75


def stop(message, status=1):
    """Ends the script with a message; a script that cannot run its checks must fail, not pass."""
    print(f"{pathlib.Path(sys.argv[0]).name}: {message}", file=sys.stderr, flush=True)
    sys.exit(status)


def end_on_signals(seconds):
    """SIGTERM, SIGHUP and a whole-script limit raise SystemExit, so that every cleanup runs."""
    def leave(number, _):
        stop(f"ended by {signal.Signals(number).name}" + (
            f": took more than {seconds} s" if number == signal.SIGALRM else ""))
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGALRM):
        signal.signal(number, leave)
    signal.alarm(seconds)


def split_options():
    """The script's own arguments, and those behind `--`, which are for the program under test."""
    arguments = sys.argv[1:]
    cut = arguments.index("--") if "--" in arguments else len(arguments)
    return arguments[:cut], arguments[cut + 1:]


@functools.cache
def build(product, *options, with_tls=False):
    """Builds a product in release, once for each run of a script, and returns its executable's path. Ends the script where that
    fails: as not run, where what it needs is not there."""
    command = [root / "Scripts/lib/product", *(["--tls"] if with_tls else []), product, *options]
    done = subprocess.run(command, text=True, capture_output=True)
    if done.returncode == SETUP_FAILED:
        # Its second line says why, as .ci/run shows it.
        print(f"not run:\n{done.stderr.strip()}")
        raise SystemExit(SETUP_FAILED)
    if done.returncode != 0:
        stop(f"cannot build {product}:\n{done.stderr[-4000:]}")
    return pathlib.Path(done.stdout.strip())


def virtual_environment(folder, requirements):
    """A Python 3 environment in .build/<folder> with these requirements; made once, made anew when they change."""
    place = build_folder / folder
    stamp = place / "requirements.sha256"
    wanted = hashlib.sha256("\n".join([sys.version, *requirements]).encode()).hexdigest()
    if not (stamp.exists() and stamp.read_text() == wanted):
        shutil.rmtree(place, ignore_errors=True)
        run_setup([sys.executable, "-m", "venv", str(place)])
        run_setup([str(place / "bin/python"), "-m", "pip", "install", "--quiet", *requirements])
        stamp.write_text(wanted)
    return place / "bin/python"


def run_setup(command, **options):
    """A step of a set-up; what it prints is shown only when it fails."""
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
    if done.returncode != 0:
        stop(f"set-up failed: {' '.join(command)}\n{done.stdout[-4000:]}", status=SETUP_FAILED)
    return done.stdout


def continue_inside(folder, requirements):
    """Runs the calling script again with the environment's interpreter, unless it is that already."""
    interpreter = virtual_environment(folder, requirements)
    if pathlib.Path(sys.prefix) != interpreter.parents[1]:
        os.execv(interpreter, [str(interpreter), *sys.argv])


def _die_with_parent():
    # Why: a killed script runs no cleanup; PR_SET_PDEATHSIG (1) lets the kernel end the child instead.
    ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)


class Process:
    """A child whose output is kept line by line; ended when the `with` block ends."""

    def __init__(self, command, **options):
        self.command = [str(part) for part in command]
        self.options = options
        self.lines = []
        self._arrived = queue.Queue()

    def __enter__(self):
        self.child = subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                      errors="replace", preexec_fn=_die_with_parent, **self.options)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def _read(self):
        for line in self.child.stdout:
            self.lines.append(line.rstrip("\n"))
            self._arrived.put(self.lines[-1])
        self._arrived.put(None)

    def wait_for(self, prefix, seconds=30):
        """What follows `prefix` in the first line that begins with it; None when the child ended or was too slow."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            try:
                line = self._arrived.get(timeout=left)
            except queue.Empty:
                return None
            if line is None:
                return None
            if line.startswith(prefix):
                return line[len(prefix):]
        return None

    def wait(self, seconds):
        """The exit status, or None when it still runs after `seconds`."""
        try:
            return self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    @property
    def is_running(self):
        return self.child.poll() is None

    @property
    def resident_bytes(self):
        """Resident memory, as the kernel tells; None once the process is gone."""
        try:
            for line in open(f"/proc/{self.child.pid}/status"):
                if line.startswith("VmRSS"):
                    return int(line.split()[1]) * 1024
        except OSError:
            pass
        return None

    @property
    def open_descriptors(self):
        """How many descriptors it holds."""
        return len(os.listdir(f"/proc/{self.child.pid}/fd"))

    def __exit__(self, *_):
        if self.is_running:
            self.child.terminate()
            if self.wait(10) is None:
                self.child.kill()
                self.child.wait()
        self._reader.join(5)
        self.child.stdout.close()


class ExampleServer(Process):
    """An example that listens, on a port of the kernel's choice; `options` are further command line options of its own.
    `program` is the executable, where it was built otherwise."""

    def __init__(self, example, *options, program=None):
        super().__init__([program or build(example), "--port", "0", *options])
        self.example = example
        self.port = None

    def __enter__(self):
        super().__enter__()
        address = self.wait_for("listening on ")
        if address is not None:
            self.port = int(address.rsplit(":", 1)[1])
        return self

    def require(self):
        """Ends the script when the server did not start."""
        if self.port is None:
            stop(f"{self.example} did not say that it listens:\n" + "\n".join(self.lines))
        return self

    @property
    def url(self):
        return f"ws://127.0.0.1:{self.port}"


class EchoServer(ExampleServer):
    """The echo server."""

    def __init__(self, *options, program=None):
        super().__init__("echo-server", *options, program=program)


@contextlib.contextmanager
def echo_server(options, deflate, program=None):
    """A started echo server, of `program` where it was built otherwise; one that cannot compress is started without, and those
    checks then tell `not run`."""
    for switches in ([["--deflate", "on"]] if deflate else []) + [[]]:
        with EchoServer(*options, *switches, program=program) as server:
            if server.port is None and switches:
                print("echo-server does not start with --deflate on; going on without")
                continue
            yield server.require()
            return


class Checks:
    """Named checks, each with what was expected and what came."""

    def __init__(self, title):
        self.title = title
        self.rows = []

    def record(self, name, passed, expected, came):
        """Passed or failed."""
        self._add(name, "passed" if passed else "FAILED", expected, came)
        return passed

    def not_run(self, name, why):
        """What could not be checked, and why: never counted as passed."""
        self._add(name, "not run", "-", why)

    def _add(self, name, verdict, expected, came):
        self.rows.append((name, verdict, str(expected), str(came)))
        print(f"  {verdict:<8} {name}" + ("" if verdict == "passed" else f": {came} (expected {expected})"), flush=True)

    def finish(self):
        """Prints the table and the totals; the script's exit status."""
        header = ("check", "verdict", "expected", "came")
        shown = [header, *[tuple(cell if len(cell) <= 100 else cell[:97] + "..." for cell in row) for row in self.rows]]
        widths = [max(len(row[column]) for row in shown) for column in range(4)]
        print(f"\n{self.title}")
        for row in shown:
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
        count = {verdict: sum(row[1] == verdict for row in self.rows) for verdict in ("passed", "FAILED", "not run")}
        print(f"\n{count['passed']} passed, {count['FAILED']} failed, {count['not run']} not run", flush=True)
        return 0 if count["FAILED"] == 0 and count["passed"] > 0 else 1
