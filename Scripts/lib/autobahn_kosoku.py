"""Runs Autobahn's cases with kosoku, inside its environment of Python 3; called by Scripts/autobahn --quick.

Call: PYTHON autobahn_kosoku.py SETTINGS.json; settings and results as in autobahn_wstest.py.
"""
import asyncio
import fnmatch
import sys

import kosoku
from autobahn_wstest import cut, settings_of, write
from kosoku import _caseindex, _report


def run_kosoku(settings):
    build_index = _caseindex.build_index

    def chosen(name):
        return (any(fnmatch.fnmatch(name, pattern) for pattern in settings["cases"])
                and not any(fnmatch.fnmatch(name, pattern) for pattern in settings["exclude"]))

    def build_cut(*arguments):
        cases, groups = build_index(*arguments)
        cut(cases.values(), settings["messages"])
        write(settings, "expected.json", [name for name in cases if chosen(name)])
        return cases, groups
    _caseindex.build_index = build_cut

    async def run():
        try:
            if settings["mode"] == "server":
                return await kosoku.run_fuzzingclient(settings["url"], settings["cases"], settings["exclude"])
            async with kosoku.run_fuzzingserver(settings["cases"], settings["exclude"], port=0) as server:
                print("listening on ws://%s:%d" % (server.address, server.port), flush=True)
                return await server.get_result()
        except kosoku.FailureError as failure:
            return failure.results
    _report.write_reports(asyncio.run(run()), settings["outdir"])


if __name__ == "__main__":
    run_kosoku(settings_of(sys.argv))
