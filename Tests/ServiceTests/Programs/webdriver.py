"""Chromium through chromedriver, by the W3C WebDriver protocol and nothing but the standard library."""

import base64
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

from daemon import until

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
KEYS = {
    "Enter": "\ue007", "Escape": "\ue00c", "Space": " ", "Tab": "\ue004", "Shift": "\ue008",
    "Alt": "\ue00a", "Left": "\ue012", "Up": "\ue013", "Right": "\ue014", "Down": "\ue015",
}


class Refused(Exception):
    """The driver said no."""


class Browser:
    """One window. Close it with `quit`."""

    def __init__(self, folder, driver="/usr/bin/chromedriver", size=(1280, 900), flags=()):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.root = f"http://127.0.0.1:{port}"
        self.driver = subprocess.Popen(
            [driver, f"--port={port}", f"--log-path={folder}/chromedriver.log"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True)
        self.session = None
        self.until(self._is_ready, "chromedriver to start", 30)
        arguments = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--no-first-run",
                     "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
                     f"--window-size={size[0]},{size[1]}", f"--user-data-dir={folder}/profile", *flags]
        wanted = {"browserName": "chrome", "goog:loggingPrefs": {"browser": "ALL"},
                  "goog:chromeOptions": {"args": arguments, "binary": "/usr/bin/chromium"}}
        answer = self._send("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self.session = answer["sessionId"]
        self.call("POST", "/timeouts", {"script": 60000, "pageLoad": 60000})

    def _is_ready(self):
        try:
            return self._send("GET", "/status")["ready"]
        except (OSError, Refused):
            return False

    def _send(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.root + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=300) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            value = json.load(error)["value"]
            raise Refused(f"{value['error']}: {value['message'].splitlines()[0]}") from None

    def call(self, method, path, body=None):
        return self._send(method, f"/session/{self.session}{path}",
                          {} if body is None and method == "POST" else body)

    def quit(self):
        try:
            if self.session:
                self._send("DELETE", f"/session/{self.session}")
        except (OSError, Refused):
            pass
        try:
            os.killpg(self.driver.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.driver.wait()

    # Looking.

    def go(self, url):
        self.call("POST", "/url", {"url": url})

    def value(self, code, *arguments):
        """What a function body returns; a promise is waited for."""
        return self.call("POST", "/execute/sync", {"script": code, "args": list(arguments)})

    def until(self, condition, what, patience=90):
        return until(what, patience, condition, every=0.03)

    def wait(self, code, what=None, patience=90):
        """Waits until an expression is true in the page."""
        return self.until(lambda: self.value(f"return {code}"), what or code, patience)

    def find(self, selector):
        return self.call("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]

    def see(self, selector, patience=90):
        """Waits for an element that is on the page."""
        self.wait(f"!!document.querySelector({json.dumps(selector)})", selector, patience)
        return self.find(selector)

    def text(self, selector):
        return self.value("return document.querySelector(arguments[0])?.textContent ?? ''", selector)

    def complaints(self):
        """What the page complained of in the console since the last call."""
        return [entry["message"] for entry in self.call("POST", "/se/log", {"type": "browser"})
                if entry["level"] in ("SEVERE", "WARNING")]

    def picture(self, file):
        with open(file, "wb") as out:
            out.write(base64.b64decode(self.call("GET", "/screenshot")))

    # Doing.

    def click(self, selector):
        self.call("POST", f"/element/{self.see(selector)}/click")

    def click_text(self, name, words):
        """Clicks the element of a tag whose text is `words`, or begins with them."""
        code = ("return [...document.querySelectorAll(arguments[0])].find((e) => "
                "e.checkVisibility() && e.textContent.trim().startsWith(arguments[1]))")
        for turn in range(3):
            element = self.until(lambda: self.value(code, name, words), f"{name} “{words}”")
            try:
                return self.call("POST", f"/element/{element[ELEMENT]}/click")
            except Refused as refusal:  # it was drawn anew in between
                if turn == 2 or "stale" not in str(refusal):
                    raise

    def write(self, selector, words):
        element = self.see(selector)
        self.call("POST", f"/element/{element}/clear")
        self.call("POST", f"/element/{element}/value", {"text": words})

    def keys(self, *keys, held=()):
        steps = [{"type": "keyDown", "value": KEYS.get(key, key)} for key in held]
        for key in keys:
            code = KEYS.get(key, key)
            steps += [{"type": "keyDown", "value": code}, {"type": "keyUp", "value": code}]
        steps += [{"type": "keyUp", "value": KEYS.get(key, key)} for key in held]
        self.call("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": steps}]})

    def drag(self, places, held=()):
        """Drags the mouse over places of the window, keys held meanwhile."""
        move = [{"type": "pointerMove", "duration": 20, "x": int(x), "y": int(y)} for x, y in places]
        mouse = [move[0], {"type": "pointerDown", "button": 0}, *move[1:],
                 {"type": "pointerUp", "button": 0}]
        keys = [{"type": "keyDown", "value": KEYS[key]} for key in held]
        before = len(keys)
        mouse = [{"type": "pause"}] * before + mouse
        keys += [{"type": "pause"}] * (len(mouse) - before)
        keys += [{"type": "keyUp", "value": KEYS[key]} for key in held]
        self.call("POST", "/actions", {"actions": [
            {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": mouse},
            {"type": "key", "id": "keys", "actions": keys}]})

    def wheel(self, x, y, amount):
        self.call("POST", "/actions", {"actions": [{"type": "wheel", "id": "wheel", "actions": [
            {"type": "scroll", "x": int(x), "y": int(y), "deltaX": 0, "deltaY": amount, "duration": 0}]}]})

    def release(self):
        """Lets go of every key and button."""
        self.call("DELETE", "/actions")

    def devtools(self, command, **parameters):
        return self.call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def offline(self, is_off):
        """Cuts the browser off from every server, or ends that."""
        self.call("POST", "/chromium/network_conditions", {"network_conditions": {
            "offline": is_off, "latency": 0, "download_throughput": -1, "upload_throughput": -1}})

    def screen(self, width, height, is_phone=False):
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height,
                      deviceScaleFactor=1, mobile=is_phone)

    def prefers(self, scheme):
        self.devtools("Emulation.setEmulatedMedia",
                      features=[{"name": "prefers-color-scheme", "value": scheme}])
