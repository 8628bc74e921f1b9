"""Measures what idle connections take of a server's resident memory. Imported, never called."""
import pathlib
import resource
import subprocess
import sys
import time

root = pathlib.Path(__file__).resolve().parents[2]
bench = root / ".build/bench"


def resident(pid):
    """Resident memory of a process in bytes, its own without what is mapped from files."""
    for line in open("/proc/%d/status" % pid):
        if line.startswith("RssAnon"):
            return int(line.split()[1]) * 1024


def settled(pid):
    """The same once it has stopped moving."""
    before = resident(pid)
    while True:
        time.sleep(0.3)  # Why: nothing tells of another process's memory; this polls.
        after = resident(pid)
        if after == before:
            return after
        before = after


def idle(port, connections, mode):
    process = subprocess.Popen([str(bench / "echo-load"), port, str(connections), "idle", *mode],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    if process.stdout.readline() != "open\n":
        sys.exit("echo-load could not open %d connections" % connections)
    return process


def measure(product, what, mode=(), bytes_max=None):
    """Prints the figure; ends the program with 1 where it is above `bytes_max`."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 15000
    subprocess.run([root / "Scripts/bench/build"], check=True)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    server = subprocess.Popen([str(bench / product), "--port", "0", "--loops", "1"], stdout=subprocess.PIPE, text=True)
    port = server.stdout.readline().strip().rsplit(":", 1)[1]
    # First connections load what every connection needs, so that the difference is the connections' own.
    warm = idle(port, 100, mode)
    warm.stdin.close()
    warm.wait()
    before = settled(server.pid)
    many = idle(port, count, mode)
    after = settled(server.pid)
    each = (after - before) / count
    print("%d idle %s connections: %d KiB before, %d KiB after, %.0f bytes per connection" % (
        count, what, before // 1024, after // 1024, each))
    many.stdin.close()
    many.wait()
    server.terminate()
    if bytes_max is not None and each > bytes_max:
        sys.exit("expected at most %d bytes per connection, got %.0f" % (bytes_max, each))
