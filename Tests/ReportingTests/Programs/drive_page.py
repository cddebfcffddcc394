#!/usr/bin/python3 -B
"""Drives a page in Chromium by mouse and by script, through the DevTools protocol on a pipe.

usage: drive_page.py CHROMIUM PAGE FOLDER < STEPS

STEPS is a JSON list: {"until": CODE} waits for CODE to be true, {"value": CODE} takes a value,
{"click": SELECTOR} clicks on an element, {"drag": [[x, y], …]} drags over places on the page,
{"download": SELECTOR} clicks and takes the file it saves, {"move": [x, y]} moves the mouse.
Prints the list of values and files, in order. FOLDER takes the profile and what is saved.
"""

import json
import os
import pathlib
import subprocess
import sys
import time

PATIENCE = 90


class Browser:
    def __init__(self, program, folder):
        to_browser, self.out = os.pipe()
        self.into, from_browser = os.pipe()
        os.set_inheritable(to_browser, True)
        os.set_inheritable(from_browser, True)
        # Chromium reads at descriptor 3 and writes at 4.
        shell = f'exec "$0" "$@" 3<&{to_browser} 4>&{from_browser}'
        self.process = subprocess.Popen(
            ["/bin/bash", "-c", shell, program, "--headless", "--no-sandbox",
             "--remote-debugging-pipe", "--window-size=1200,900", "--use-angle=swiftshader",
             "--enable-unsafe-swiftshader", f"--user-data-dir={folder}/profile", "about:blank"],
            close_fds=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.count = 0
        self.rest = b""
        self.session = None

    def call(self, method, **parameters):
        self.count += 1
        message = {"id": self.count, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.count:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]

    def receive(self):
        while b"\0" not in self.rest:
            part = os.read(self.into, 1 << 20)
            if not part:
                raise RuntimeError("the browser has gone")
            self.rest += part
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def open(self, page, folder):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(folder))
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self.session = attached["sessionId"]
        self.call("Emulation.setDeviceMetricsOverride", width=1200, height=900,
                  deviceScaleFactor=1, mobile=False)
        self.call("Page.navigate", url=page.as_uri())

    def value(self, code):
        result = self.call("Runtime.evaluate", expression=code, returnByValue=True,
                           awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{code}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def mouse(self, kind, place, buttons=0):
        self.call("Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1],
                  button="left" if kind != "mouseMoved" or buttons else "none", buttons=buttons,
                  clickCount=0 if kind == "mouseMoved" else 1)

    def drag(self, places):
        self.mouse("mouseMoved", places[0])
        self.mouse("mousePressed", places[0], 1)
        for place in places[1:]:
            self.mouse("mouseMoved", place, 1)
        self.mouse("mouseReleased", places[-1])

    def click(self, selector):
        code = (f"(() => {{ const box = document.querySelector({json.dumps(selector)})"
                ".getBoundingClientRect();"
                " return [box.left + box.width / 2, box.top + box.height / 2]; })()")
        self.drag([self.value(code)])


def wait(condition, what):
    end = time.monotonic() + PATIENCE
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > end:
            raise RuntimeError(f"waited {PATIENCE} s for {what}")
        time.sleep(0.05)


def saved(folder):
    files = [f for f in folder.glob("*.csv") if f.stat().st_size]
    return files[0] if files and not list(folder.glob("*.crdownload")) else None


def play(browser, steps, folder):
    answers = []
    for step in steps:
        ((kind, what),) = step.items()
        if kind == "until":
            wait(lambda: browser.value(what), what)
        elif kind == "value":
            answers.append(browser.value(what))
        elif kind == "drag":
            browser.drag(what)
        elif kind == "move":
            browser.mouse("mouseMoved", what)
        elif kind == "click":
            browser.click(what)
        elif kind == "download":
            browser.click(what)
            file = wait(lambda: saved(folder), "a download")
            answers.append(file.read_bytes().decode())
            file.unlink()
    return answers


def main():
    program, page, folder = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    browser = Browser(program, folder)
    try:
        browser.open(page, folder)
        print(json.dumps(play(browser, json.load(sys.stdin), folder)))
    finally:
        browser.process.kill()
        browser.process.wait()


main()
