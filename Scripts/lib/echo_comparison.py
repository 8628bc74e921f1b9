"""Compares echo servers cell by cell in turn: server CPU per message, and ratios. Imported, never called."""
import itertools

import bench


def parse(description):
    parser = bench.parser(description)
    parser.add_argument("--driver", default="automatic", help="epoll, io_uring, automatic, or several with commas")
    bench.take_others(parser)
    for name, usual in (("connections", "50,1000"), ("payloads", "32,512,16384"), ("pipelines", "1,16")):
        parser.add_argument("--" + name, default=bench.numbers(usual), type=bench.numbers)
    return bench.parse(parser, connections=[50], payloads=[32], pipelines=[1, 16])


def run(options, name, title, raw, product, *mode):
    """`raw` is the program in C, `product` ours; `mode` is what the load is told beside."""
    bench.build(options, raw, product, "echo-load")
    drivers = options.driver.split(",")
    commands = {"C": bench.reference(raw)}
    commands.update(bench.others(options))
    commands.update((driver, bench.ours(product, driver)) for driver in drivers)
    others = list(commands)[1:]
    # What is chosen without being asked for should be the better of the two.
    has_all = {"epoll", "io_uring", "automatic"} <= set(drivers)
    rows, rates, errors = [], [], 0
    with bench.Servers(commands) as servers:
        for shape in itertools.product(options.connections, options.payloads, options.pipelines):
            bench.note("%d x %d x %d" % shape)
            figures = bench.Figures(options.reps, {
                key: lambda server=server: bench.load(
                    "echo-load", server.port, *shape, options.seconds, server.pid, *mode)
                for key, server in servers.items()})
            errors += figures.total("errors")
            rows.append([*shape, *(figures.median(key) for key in commands), *(figures.ratio(other, "C") for other in others)])
            if has_all:
                better = min("epoll", "io_uring", key=figures.median)
                rows[-1].append(figures.ratio("automatic", better))
            rates.append([*shape, *(figures.median(key, "msgs_per_s") for key in commands),
                          *(figures.median(key, "p99_us") for key in commands)])
    report = bench.Report(name, title, [
        "Server on one processor, load on another; %d rounds of %s s each, contenders in turn. CPU is the server's, ratios "
        "are medians of the pairs." % (options.reps, options.seconds)])
    shapes = ["connections", "payload", "pipeline"]
    report.table("Server CPU per message", [*shapes, *("%s µs" % key for key in commands), *("%s / C" % other for other in others),
                                            *(["automatic / better"] if has_all else [])], rows)
    report.table("Rates, and latency of the closed loop", [*shapes, *("%s msgs/s" % key for key in commands),
                                                           *("%s p99 µs" % key for key in commands)], rates)
    labels = ["%d × %d × %d" % tuple(row[:3]) for row in rows]
    start = 3 + len(commands)
    report.chart(title, "bars", "server CPU per message, ratio to C (connections × payload × pipeline)", labels,
                 {other: [row[start + index] for row in rows] for index, other in enumerate(others)})
    report.publish(options)
    if errors:
        raise SystemExit("%d errors" % errors)
