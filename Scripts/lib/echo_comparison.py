"""Compares an echo server of ours with one in C, cell by cell in turn: server CPU per message, and ratios. Imported,
never called.
"""
import argparse
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parents[2]
bench = root / ".build/bench"


def parse(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--reps", type=int, default=5)
    parser.add_argument("--seconds", default="1")
    for name, default in (("connections", "50,1000"), ("payloads", "32,512,16384"), ("pipelines", "1,16")):
        parser.add_argument("--" + name, default=default, type=lambda text: [int(part) for part in text.split(",")])
    return parser.parse_args()


def prepare():
    """Builds everything, and allows as many descriptors as the system does."""
    subprocess.run([root / "Scripts/bench/build"], check=True)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    (bench / "results").mkdir(exist_ok=True)


def start(command):
    """Starts a server on processor 0; answers the process and its port."""
    server = subprocess.Popen(["taskset", "-c", "0"] + command, stdout=subprocess.PIPE, text=True)
    line = server.stdout.readline()
    if not line.startswith("listening on "):
        sys.exit("%s did not start: %s" % (command[0], line))
    return server, line.strip().rsplit(":", 1)[1]


class Comparison:
    """`name` names the results, `raw` the program in C, `ours` the product; `mode` is what the load is told beside."""

    def __init__(self, name, raw, ours, mode=()):
        self.name, self.raw, self.ours, self.mode = name, raw, ours, list(mode)

    def run(self, options):
        prepare()
        servers = {
            "raw": start([str(bench / self.raw), "%d" % (20000 + os.getpid() % 20000)]),
            "zcnet": start([str(bench / self.ours), "--port", "0", "--loops", "1"]),
        }
        print("conns payload pipe |  raw us/msg  zcnet us/msg  ratio | raw msgs/s  zcnet msgs/s | raw p99 us  zcnet p99 us")
        try:
            with open(bench / ("results/%s.jsonl" % self.name), "w") as log:
                for connections in options.connections:
                    for payload in options.payloads:
                        for pipeline in options.pipelines:
                            self.cell(servers, options, (connections, payload, pipeline), log)
        finally:
            for server, _ in servers.values():
                server.terminate()

    def load(self, port, shape, seconds, pid):
        command = ["taskset", "-c", "1", str(bench / "echo-load"), port] + [str(number) for number in shape]
        done = subprocess.run(command + [seconds, str(pid)] + self.mode, capture_output=True, text=True, timeout=120)
        if not done.stdout:
            sys.exit("echo-load: %s" % done.stderr)
        return json.loads(done.stdout)

    def cell(self, servers, options, shape, log):
        figures = {name: [] for name in servers}
        for _ in range(options.reps):
            for name, (server, port) in servers.items():
                result = self.load(port, shape, options.seconds, server.pid)
                figures[name].append(result)
                said = dict(result, server=name, connections=shape[0], payload=shape[1], pipeline=shape[2])
                log.write(json.dumps(said) + "\n")
        median = lambda name, key: statistics.median(result[key] for result in figures[name])
        cpu = {name: median(name, "server_cpu_us_per_msg") for name in servers}
        # A repetition so short that the clock of a process shows nothing has no ratio.
        ratios = [a["server_cpu_us_per_msg"] / b["server_cpu_us_per_msg"]
                  for a, b in zip(figures["zcnet"], figures["raw"]) if b["server_cpu_us_per_msg"] > 0]
        ratio = statistics.median(ratios) if ratios else float("nan")
        errors = sum(result["errors"] for results in figures.values() for result in results)
        print("%5d %7d %4d | %11.3f %13.3f %6.2f | %10.0f %13.0f | %10.0f %13.0f%s" % (
            *shape, cpu["raw"], cpu["zcnet"], ratio, median("raw", "msgs_per_s"), median("zcnet", "msgs_per_s"),
            median("raw", "p99_us"), median("zcnet", "p99_us"), "  ERRORS %d" % errors if errors else ""), flush=True)
