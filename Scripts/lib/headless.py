"""A browser without a window, driven over its debugging pipe, for the scripts that look at an example's page."""
import json
import os
import select
import shutil
import subprocess
import time

import harness

PATIENCE_SECONDS = 30
FAMILY = ["chromium", "chromium-browser", "google-chrome"]


def find(name=None):
    """The executable of a browser of the family, or the one that is named; ends the script where there is none."""
    executable = next(filter(None, map(shutil.which, [name] if name else FAMILY)), None)
    if executable is None:
        harness.stop("no such browser; nothing was tested. On Debian: Scripts/interop/browser --install",
                     status=harness.SETUP_FAILED)
    return executable


class Browser:
    """A browser without a window, spoken to in messages that end with a zero byte."""

    def __init__(self, executable, profile):
        theirs_in, self.to = os.pipe()
        self.out, theirs_out = os.pipe()
        for own in (self.to, self.out):
            os.set_inheritable(own, False)

        def arrange():
            # The browser reads from descriptor 3 and writes to 4; first out of the way, as either may be taken.
            first, second = os.dup(theirs_in), os.dup(theirs_out)
            os.dup2(first, 3)
            os.dup2(second, 4)
            os.set_inheritable(3, True)
            os.set_inheritable(4, True)
            harness._die_with_parent()

        # Why no sandbox: it cannot be set up as root, nor in most containers, and the page is ours.
        self.child = subprocess.Popen(
            [executable, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--disable-background-networking", "--remote-debugging-pipe", f"--user-data-dir={profile}", "about:blank"],
            preexec_fn=arrange, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(theirs_in)
        os.close(theirs_out)
        self.unread = b""
        self.number = 0

    def ask(self, method, session=None, **parameters):
        """A command's result."""
        self.number += 1
        command = {"id": self.number, "method": method, "params": parameters}
        if session:
            command["sessionId"] = session
        os.write(self.to, json.dumps(command).encode() + b"\0")
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            while b"\0" in self.unread:
                message, self.unread = self.unread.split(b"\0", 1)
                answer = json.loads(message)
                if answer.get("id") == self.number:
                    if "error" in answer:
                        harness.stop(f"{method}: {answer['error']['message']}")
                    return answer["result"]
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.out], [], [], left)[0]:
                harness.stop(f"the browser did not answer {method} within {PATIENCE_SECONDS} s")
            some = os.read(self.out, 1 << 16)
            if not some:
                harness.stop(f"the browser ended before it answered {method}")
            self.unread += some

    def close(self):
        self.child.terminate()
        try:
            self.child.wait(10)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
        os.close(self.to)
        os.close(self.out)


class Page:
    """A tab with an example's page in it."""

    def __init__(self, browser, url):
        self.browser = browser
        self.target = browser.ask("Target.createTarget", url=url)["targetId"]
        self.session = browser.ask("Target.attachToTarget", targetId=self.target, flatten=True)["sessionId"]

    def run(self, script):
        result = self.browser.ask("Runtime.evaluate", self.session, expression=script, returnByValue=True)
        return result["result"].get("value")

    def close(self):
        self.browser.ask("Target.closeTarget", targetId=self.target)
