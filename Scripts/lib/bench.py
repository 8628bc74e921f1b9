"""What the benchmarks share: options, servers and loads on processors of their own, interleaved runs, and reports in the
form that all benchmarks of this repository write. Imported, never called.
"""
import argparse
import json
import os
import pathlib
import resource
import shlex
import socket
import statistics
import subprocess
import sys
import time

root = pathlib.Path(__file__).resolve().parents[2]
bench = root / ".build/bench"
results = bench / "results"

# What the examples call the drivers.
DRIVERS = {"epoll": "epoll", "io_uring": "uring", "uring": "uring", "automatic": "automatic"}
# The rest of the work of one core is the load's: server on the first processor, load on the second.
SERVER, LOAD = "0", "1"


def numbers(text):
    return [int(part) for part in text.split(",")]


def parser(description, seconds="1", reps=5):
    """The options of every benchmark; more may be added."""
    made = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--json", metavar="FILE", help="write the figures there too")
    made.add_argument("--svg", metavar="FILE", help="draw the plots there")
    made.add_argument("--markdown", action="store_true", help="print tables for a document")
    made.add_argument("--quick", action="store_true", help="less than ten seconds: shows that it works, measures little")
    made.add_argument("--no-build", action="store_true", help="what is needed has been built already")
    made.add_argument("--reps", type=int, default=reps, help="rounds of all contenders in turn")
    made.add_argument("--seconds", default=seconds, help="length of one run")
    return made


def parse(made, **quick):
    """Reads the command line; with --quick the options named in `quick` take those values."""
    options = made.parse_args()
    if options.quick:
        for name, value in dict({"reps": 1, "seconds": "0.3"}, **quick).items():
            setattr(options, name, value)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return options


def build(options, *names):
    """Builds products and reference programs by name, and what prints reports."""
    results.mkdir(parents=True, exist_ok=True)
    if not options.no_build:
        subprocess.run([root / "Scripts/bench/build", "plot", *names], check=True)
    elif not (bench / "plot").exists():
        sys.exit("expected %s, which prints the report, got no such file; Scripts/bench/build plot builds it" % (bench / "plot"))
    warn_of_others()


def busy_parts(seconds=0.5):
    """For each processor which part of the next moment it is busy."""
    def times():
        lines = [line.split() for line in open("/proc/stat") if line.startswith("cpu") and line[3].isdigit()]
        # User, nice, system, idle, waiting for a disk, interrupts, soft interrupts, at the hypervisor.
        return [[int(field) for field in fields[1:9]] for fields in lines]
    before = times()
    time.sleep(seconds)  # Why: the kernel counts in hundredths of a second.
    steps = [[b - a for a, b in zip(*pair)] for pair in zip(before, times())]
    return [1 - (step[3] + step[4]) / max(1, sum(step)) for step in steps]


def warn_of_others():
    """Says so when something else keeps a processor busy.

    A process's CPU time is no measure then. What the kernel does for arrived packets is charged to whoever runs at the moment:
    a stranger that woke every 100 microseconds beside a server on io_uring was once charged with a third of the server's work.
    """
    part = max(busy_parts())
    if part > 0.03:
        print("another process keeps a processor busy (%.0f %%): CPU times would be wrong" % (100 * part), file=sys.stderr)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def ours(product, driver="automatic", loops=1, binary=None):
    """The command of one of our servers."""
    command = [str(binary or bench / product), "--port", "0", "--loops", str(loops), "--driver", DRIVERS[driver]]
    if product in ("tcp-echo", "echo-server", "async-echo"):
        # More than any of them opens: the defaults keep crowds out.
        command += ["--connections-max", "1000000"]
    return command


def reference(name, *arguments):
    """The command of a reference program in C; PORT is replaced."""
    return [str(bench / name), "PORT", *arguments]


def take_others(made):
    """Gives a parser the option to compare with programs from elsewhere."""
    made.add_argument("--beside", action="append", default=[], metavar="NAME='COMMAND PORT'",
                      help="one more server, that listens on the port that replaces PORT")


def others(options):
    """The commands of these programs by name."""
    return {name: shlex.split(command) for name, command in (entry.split("=", 1) for entry in options.beside)}


class Server:
    """A server on a processor, for a `with` statement."""

    def __init__(self, command, processors=SERVER):
        given = free_port()
        self.command = [part.replace("PORT", given) for part in command]
        self.process = subprocess.Popen(
            ["taskset", "-c", processors] + self.command, stdout=subprocess.PIPE, text=True)
        self.pid = self.process.pid
        # Programs from elsewhere may listen without saying so.
        speaks = bench in pathlib.Path(command[0]).parents
        self.port = self.announced() if speaks else self.waited(given)

    def announced(self):
        line = self.process.stdout.readline()
        if not line.startswith("listening on "):
            sys.exit("%s did not start: %s" % (self.command, line))
        return line.strip().rsplit(":", 1)[1]

    def waited(self, port):
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", int(port)), 1).close()
                return port
            except OSError:
                time.sleep(0.05)  # Why: nothing else tells when a program from elsewhere listens.
        sys.exit("%s does not listen" % self.command)

    def cpu(self):
        """Processor time of all its threads so far, in seconds: the kernel's clock of another process."""
        return time.clock_gettime(~self.pid << 3 | 2)

    def resident(self):
        """Resident memory in bytes, its own without what is mapped from files."""
        for line in open("/proc/%d/status" % self.pid):
            if line.startswith("RssAnon"):
                return int(line.split()[1]) * 1024
        return 0

    def settled(self):
        """Resident memory once it has stopped moving."""
        before = self.resident()
        while True:
            time.sleep(0.1)  # Why: nothing tells of another process's memory; this polls.
            after = self.resident()
            if after == before:
                return after
            before = after

    def threads(self):
        return len(os.listdir("/proc/%d/task" % self.pid))

    def stop(self):
        """Ends it; answers what it printed since it began to listen."""
        self.process.terminate()
        return self.process.communicate()[0]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop()


class Servers:
    """Several by name, for a `with` statement."""

    def __init__(self, commands):
        self.commands, self.running = commands, {}

    def __enter__(self):
        try:
            for name, command in self.commands.items():
                self.running[name] = Server(command)
        except BaseException:
            self.__exit__()
            raise
        return self.running

    def __exit__(self, *_):
        for server in self.running.values():
            server.__exit__()


def load(program, *arguments, processors=LOAD, fails=True):
    """Runs a load program to its end; answers its line of JSON."""
    command = ["taskset", "-c", processors, str(bench / program)] + [str(argument) for argument in arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if not done.stdout or (fails and done.returncode != 0):
        sys.exit("%s: %s%s" % (" ".join(command), done.stdout, done.stderr))
    return json.loads(done.stdout)


def standstill(seconds, pause):
    """How long the two processors are away for more than `pause` microseconds though nothing else runs: a sentence."""
    running = [subprocess.Popen(["taskset", "-c", processor, str(bench / "standstill"), seconds, str(pause)],
                                stdout=subprocess.PIPE, text=True) for processor in (SERVER, LOAD)]
    seen = [json.loads(process.communicate()[0]) for process in running]
    return ("With nothing to do but to look at the clock, the two processors were away for more than %d µs at a time during "
            "%.2f %% and %.2f %% of it, for %.1f ms at most: a tail above that share is the machine's."
            % (pause, *(100 * part["away"] for part in seen), max(part["longest_us"] for part in seen) / 1000))


class Idle:
    """Connections that are opened and then silent, for a `with` statement."""

    def __init__(self, port, count, *mode):
        self.process = subprocess.Popen([str(bench / "echo-load"), port, str(count), "idle", *mode],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline() != "open\n":
            sys.exit("echo-load could not open %d connections" % count)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()


class Figures:
    """What contenders came to, round by round in turn, so that a change of the machine's mood meets all of them."""

    def __init__(self, reps, contenders):
        self.runs = {name: [] for name in contenders}
        for _ in range(reps):
            for name, run in contenders.items():
                self.runs[name].append(run())

    def median(self, name, key="server_cpu_us_per_msg"):
        return statistics.median(run[key] for run in self.runs[name])

    def ratio(self, name, to, key="server_cpu_us_per_msg"):
        """The median of the ratios within each round; None where the clock showed nothing."""
        pairs = [(a[key], b[key]) for a, b in zip(self.runs[name], self.runs[to])]
        ratios = [a / b for a, b in pairs if b > 0]
        return statistics.median(ratios) if ratios else None

    def total(self, key):
        return sum(run.get(key, 0) for runs in self.runs.values() for run in runs)


def note(text):
    """Tells whoever watches how far it is; figures go to the report."""
    if sys.stderr.isatty():
        print("  " + text, file=sys.stderr, flush=True)


class Report:
    """The form that `plot` reads: tables of cells that are words, figures or None, and charts of them."""

    def __init__(self, name, title, notes=()):
        kernel = os.uname().release.split("-")[0]
        self.content = {"name": name, "title": title, "notes": list(notes), "tables": [], "charts": [],
                        "machine": "%d processors, Linux %s" % (len(os.sched_getaffinity(0)), kernel)}

    def table(self, title, columns, rows):
        self.content["tables"].append({"title": title, "columns": columns, "rows": rows})

    def chart(self, title, kind, y, x, series, x_title="", log_x=False, log_y=False):
        """`series` maps names to figures, one for each of `x`."""
        self.content["charts"].append({
            "title": title, "kind": kind, "xTitle": x_title, "yTitle": y, "x": x, "isXLogarithmic": log_x,
            "isYLogarithmic": log_y, "series": [{"name": name, "values": values} for name, values in series.items()]})

    def note(self, text):
        self.content["notes"].append(text)

    def publish(self, options):
        """Writes the figures to .build/bench/results, and prints and draws them as the options say."""
        path = results / (self.content["name"] + ".json")
        path.write_text(json.dumps(self.content, indent=1) + "\n")
        command = [str(bench / "plot"), str(path)] + (["--markdown"] if options.markdown else [])
        for name in ("json", "svg"):
            if getattr(options, name):
                command += ["--" + name, getattr(options, name)]
        subprocess.run(command, check=True)


def read_report(name):
    """A report that was published earlier, or None."""
    path = results / (name + ".json")
    return json.loads(path.read_text()) if path.exists() else None
