"""A browser without a window, driven over its debugging pipe, for the scripts that look at an example's page."""
import base64
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


# Before anything of a page runs: what it throws is kept, for `Page.errors`.
WATCH = """window.thrown = [];
addEventListener('error', event => thrown.push(event.message || 'cannot load ' + event.target.src), true);
addEventListener('unhandledrejection', event => thrown.push(String(event.reason)));"""

# How many colours a picture has, and which part of it is of another than its most frequent one.
INK = """(async () => {
  const image = new Image();
  image.src = 'data:image/png;base64,' + %s;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height), context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const points = new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer), counts = new Map();
  for (const point of points) counts.set(point, (counts.get(point) || 0) + 1);
  return {colours: counts.size, ink: 1 - Math.max(...counts.values()) / points.length};
})()"""


class Page:
    """A tab with an example's page in it."""

    def __init__(self, browser, url):
        self.browser = browser
        self.target = browser.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.ask("Target.attachToTarget", targetId=self.target, flatten=True)["sessionId"]
        browser.ask("Page.enable", self.session)
        browser.ask("Page.addScriptToEvaluateOnNewDocument", self.session, source=WATCH)
        browser.ask("Page.navigate", self.session, url=url)

    def run(self, script):
        result = self.browser.ask("Runtime.evaluate", self.session, expression=script, returnByValue=True, awaitPromise=True)
        return result["result"].get("value")

    def errors(self):
        """What the page has thrown, or could not load."""
        return self.run("thrown")

    def look(self, width, theme):
        """From now on the window is so wide, and the system's theme `light` or `dark`."""
        self.browser.ask("Emulation.setDeviceMetricsOverride", self.session, width=width, height=900,
                         deviceScaleFactor=1, mobile=False)
        self.browser.ask("Emulation.setEmulatedMedia", self.session,
                         features=[{"name": "prefers-color-scheme", "value": theme}])

    def press(self, key):
        """A key, as from the keyboard."""
        code = {"key": key, "text": key} if len(key) == 1 else {"key": key, "code": key}
        if key == "Enter":
            # Without its text it presses no button.
            code.update(text="\r", windowsVirtualKeyCode=13)
        for kind in ("keyDown", "keyUp"):
            self.browser.ask("Input.dispatchKeyEvent", self.session, type=kind, **code)

    def picture(self):
        """What is seen, as a PNG in Base64."""
        self.browser.ask("Target.activateTarget", targetId=self.target)
        return self.browser.ask("Page.captureScreenshot", self.session, format="png")["data"]

    def close(self):
        self.browser.ask("Target.closeTarget", targetId=self.target)


def look_at(table, page, name, folder=None):
    """Looks at a page wide and narrow, light and dark: something has to be there, nothing wider than the window, and nothing
    may have been thrown. The pictures are left in the folder, where there is one."""
    for theme in ("light", "dark"):
        for width in (1280, 400):
            page.look(width, theme)
            # The next frame but one has been laid out for the new window.
            page.run("new Promise(done => setTimeout(() => done(0), 300))")
            picture, look = page.picture(), f"{name}, {theme}, {width} points wide"
            if folder:
                folder.mkdir(parents=True, exist_ok=True)
                (folder / f"{name.replace(' ', '-')}-{theme}-{width}.png").write_bytes(base64.b64decode(picture))
            seen = page.run(INK % json.dumps(picture))
            table.record(f"{look}: something is seen", seen["colours"] > 8 and seen["ink"] > 0.02, "more than 8 colours", seen)
            wide = page.run("document.documentElement.scrollWidth")
            table.record(f"{look}: fits", wide <= width, f"at most {width}", wide)
            ground = page.run("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)")
            is_dark = bool(ground) and sum(ground[:3]) < 3 * 128
            table.record(f"{look}: the theme", is_dark == (theme == "dark"), theme, ground)
    errors = page.errors()
    table.record(f"{name}: nothing thrown", errors == [], [], errors)
