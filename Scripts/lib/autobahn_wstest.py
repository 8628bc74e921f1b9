"""Runs Autobahn's cases with wstest, inside its environment of Python 2.7; called by Scripts/autobahn.

Call: PYTHON autobahn_wstest.py SETTINGS.json
SETTINGS: mode (server: test a server | client: test a client), url, agent, cases, exclude,
messages (the message count of groups 12 and 13, or null for the one as shipped), outdir, and perhaps shown_port, the port
that clients know, where a relay stands in front.
Writes OUTDIR/expected.json, the cases that were asked for, and OUTDIR/index.json, the results.
As a server it prints `listening on ws://ADDRESS:PORT`; the kernel chooses the port.
"""
from __future__ import print_function

import json
import os
import sys


def cut(classes, messages):
    """Sets the message count of the compression cases; the rest has none."""
    for case in classes:
        if messages is not None and case.__name__.startswith(("Case12_", "Case13_")):
            case.COUNT = messages


def write(settings, name, value):
    with open(os.path.join(settings["outdir"], name), "w") as out:
        json.dump(value, out, indent=1, sort_keys=True)


def run_wstest(settings):
    from autobahntestsuite import choosereactor  # noqa: F401, it must come first
    from twisted.internet import reactor
    from autobahntestsuite import case, caseset, fuzzing
    cut(case.Cases, settings["messages"])
    cases = caseset.CaseSet(case.CaseSetname, case.CaseBasename, case.Cases, case.CaseCategories,
                            case.CaseSubCategories)
    specification = {"outdir": settings["outdir"].encode("utf8"), "cases": settings["cases"],
                     "exclude-cases": settings["exclude"]}
    write(settings, "expected.json", cases.parseSpecCases(specification))
    if settings["mode"] == "server":
        specification["servers"] = [{"agent": settings["agent"], "url": settings["url"]}]
        fuzzing.startClient(specification)
    else:
        specification["url"] = "ws://127.0.0.1:1"
        listen = reactor.listenTCP

        def listen_anywhere(_, factory, backlog, *__):
            port = listen(0, factory, backlog, "127.0.0.1")
            # Why: the server compares the Host field's port with the one it was told.
            factory.port = factory.externalPort = settings.get("shown_port") or port.getHost().port
            print("listening on ws://127.0.0.1:%d" % port.getHost().port)
            sys.stdout.flush()
            return port
        reactor.listenTCP = listen_anywhere
        fuzzing.startServer(specification, 0)
    reactor.run()


def settings_of(arguments):
    with open(arguments[1]) as file:
        return json.load(file)


if __name__ == "__main__":
    run_wstest(settings_of(sys.argv))
