"""Compares echo servers cell by cell in turn: server CPU per message, and ratios. Imported, never called."""
import shlex

import bench


def parse(description):
    parser = bench.parser(description)
    parser.add_argument("--driver", default="automatic", help="epoll, io_uring, automatic, or several with commas")
    parser.add_argument("--beside", action="append", default=[], metavar="NAME='COMMAND PORT'",
                        help="one more server, that listens on the port that replaces PORT")
    for name, usual in (("connections", "50,1000"), ("payloads", "32,512,16384"), ("pipelines", "1,16")):
        parser.add_argument("--" + name, default=bench.numbers(usual), type=bench.numbers)
    return bench.parse(parser, connections=[50], payloads=[32], pipelines=[1, 16])


def run(options, name, title, raw, product, *mode):
    """`raw` is the program in C, `product` ours; `mode` is what the load is told beside."""
    bench.build(options, raw, product, "echo-load")
    drivers = options.driver.split(",")
    commands = {"C": bench.reference(raw)}
    commands.update((entry.split("=", 1)[0], shlex.split(entry.split("=", 1)[1])) for entry in options.beside)
    commands.update((driver, bench.ours(product, driver)) for driver in drivers)
    others = list(commands)[1:]
    rows, errors = [], 0
    with bench.Servers(commands) as servers:
        for connections in options.connections:
            for payload in options.payloads:
                for pipeline in options.pipelines:
                    bench.note("%d x %d x %d" % (connections, payload, pipeline))
                    shape = (connections, payload, pipeline)
                    figures = bench.Figures(options.reps, {
                        name: lambda server=server: bench.load(
                            "echo-load", server.port, *shape, options.seconds, server.pid, *mode)
                        for name, server in servers.items()})
                    errors += figures.total("errors")
                    rows.append([*shape, *(figures.median(name) for name in commands),
                                 *(figures.ratio(other, "C") for other in others),
                                 *(figures.median(name, "msgs_per_s") for name in commands),
                                 *(figures.median(name, "p99_us") for name in commands)])
    report = bench.Report(name, title, [
        "Server on one processor, load on another; %d rounds of %s s each, contenders in turn. CPU is the server's, ratios "
        "are medians of the pairs." % (options.reps, options.seconds)])
    report.table("Echo, per message", ["connections", "payload", "pipeline", *("%s µs" % name for name in commands),
                                       *("%s / C" % other for other in others), *("%s msgs/s" % name for name in commands),
                                       *("%s p99 µs" % name for name in commands)], rows)
    labels = ["%d × %d × %d" % tuple(row[:3]) for row in rows]
    start = 3 + len(commands)
    report.chart(title, "bars", "server CPU per message, ratio to C (connections × payload × pipeline)", labels,
                 {other: [row[start + index] for row in rows] for index, other in enumerate(others)})
    report.publish(options)
    if errors:
        raise SystemExit("%d errors" % errors)
