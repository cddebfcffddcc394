"""A daemon of one workspace, and ways to talk to it. The programs beside this file and those of
Benchmarks/service use it. Standard library only."""

import http.client
import json
import os
import pathlib
import queue
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.parse

PROJECT = pathlib.Path(__file__).resolve().parents[3]
# Flags for load that is meant.
UNLIMITED = ("--requests-per-second", "1000000")
TOOL = os.environ.get("D2R_CURATE") or str(PROJECT / ".build/release/d2r-curate")


class Failed(Exception):
    """Something the daemon did that it should not have."""


def tool(*words, codes=(0, 1), seconds=600):
    """Runs a verb to its end; its standard output."""
    said = subprocess.run(
        [TOOL, *map(str, words)], capture_output=True, text=True, timeout=seconds, stdin=subprocess.DEVNULL)
    if said.returncode not in codes:
        raise Failed(f"{' '.join(map(str, words))}: code {said.returncode}\n{said.stdout}{said.stderr}")
    return said.stdout


def new_token(workspace, role="admin", name=None):
    made = tool("token", "create", name or f"test-{role}", "--role", role, "--json", "--quiet",
                "--workspace", workspace, codes=(0,))
    return json.loads(made)["token"]


class Answer:
    """Status, headers (lower case) and body of an answer."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {self.headers.get('content-type', '-')} {self.body[:400]!r}"


class Client:
    """One kept-alive connection with a token. Not for several threads."""

    def __init__(self, address, token=None, seconds=300):
        parts = urllib.parse.urlsplit(address)
        self.host, self.port, self.token, self.seconds = parts.hostname, parts.port, token, seconds
        self.connection = None

    def call(self, method, path, body=None, headers=(), token=...):
        """Sends JSON where `body` is no bytes. A connection the other side closed is opened anew once
        for GET."""
        token = self.token if token is ... else token
        sent = {"Accept": "application/json"}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body)
        if body is not None:
            sent["Content-Type"] = "application/json"
        sent.update(headers)
        for attempt in (1, 2):
            fresh = self.connection is None
            if fresh:
                self.connection = http.client.HTTPConnection(self.host, self.port, timeout=self.seconds)
            try:
                self.connection.request(method, path, body, sent)
                answer = self.connection.getresponse()
                return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
            except (http.client.HTTPException, OSError):
                self.close()
                if fresh or attempt == 2 or method != "GET":
                    raise

    def get(self, path, **more):
        return self.call("GET", path, **more)

    def json(self, method, path, body=None, status=(200, 201)):
        """The document of an answer that must have one of these statuses."""
        answer = self.call(method, path, body)
        if answer.status not in status:
            raise Failed(f"{method} {path}: {answer}")
        return answer.json() if answer.body else None

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None


class Events(threading.Thread):
    """Follows a stream of events; `next` gives (event, data)."""

    def __init__(self, address, token, path="/api/v1/events", last=None):
        super().__init__(daemon=True)
        parts = urllib.parse.urlsplit(address)
        self.socket = socket.create_connection((parts.hostname, parts.port), timeout=300)
        extra = f"Last-Event-ID: {last}\r\n" if last else ""
        self.socket.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept: text/event-stream\r\n"
            f"Authorization: Bearer {token}\r\n{extra}\r\n".encode())
        self.answer = http.client.HTTPResponse(self.socket)
        self.answer.begin()
        if self.answer.status != 200:
            raise Failed(f"GET {path}: {self.answer.status} {self.answer.read()[:300]!r}")
        self.found, self.last = queue.Queue(), None
        self.start()

    def run(self):
        name, data = "message", []
        try:
            while line := self.answer.readline():
                text = line.decode().rstrip("\r\n")
                if not text:
                    if data:
                        self.found.put((name, json.loads("\n".join(data))))
                    name, data = "message", []
                elif text.startswith("event:"):
                    name = text[6:].strip()
                elif text.startswith("data:"):
                    data.append(text[5:].strip())
                elif text.startswith("id:"):
                    self.last = text[3:].strip()
        except (OSError, ValueError, http.client.HTTPException):
            pass
        self.found.put((None, None))

    def next(self, seconds):
        """(None, None) at the stream's end; raises queue.Empty when nothing came."""
        return self.found.get(timeout=seconds)

    def close(self):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.socket.close()


class Daemon:
    """`d2r-curate serve` as a child. What it logs goes to a file, whose end is in messages of failures."""

    def __init__(self, workspace, *flags, environment=None, listen="127.0.0.1:0"):
        self.workspace, self.flags = str(workspace), list(map(str, flags))
        self.environment = {**os.environ, **(environment or {})}
        self.environment.pop("D2R_WORKSPACE", None)
        self.listen, self.process, self.address, self.starts = listen, None, None, 0
        self.folder = tempfile.TemporaryDirectory(prefix="d2r-daemon-")
        self.log = pathlib.Path(self.folder.name) / "log"

    def start(self, seconds=300):
        """Returns when it listens; the seconds that took."""
        began = time.monotonic()
        words = [TOOL, "serve", "--workspace", self.workspace, "--listen", self.listen, *self.flags]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                words, stdout=subprocess.PIPE, stderr=log, stdin=subprocess.DEVNULL, env=self.environment)
        self.starts += 1
        line = self._first_line(seconds)
        marker = "listening on "
        if marker not in line:
            self.kill()
            raise Failed(f"serve did not start: {line!r}\n{self.last_words()}")
        self.address = line.split(marker)[1].strip().split()[0].rstrip("/")
        threading.Thread(target=self._drain, args=(self.process.stdout,), daemon=True).start()
        return time.monotonic() - began

    def _first_line(self, seconds):
        found = queue.Queue()
        stream = self.process.stdout
        threading.Thread(target=lambda: found.put(stream.readline()), daemon=True).start()
        try:
            return found.get(timeout=seconds).decode()
        except queue.Empty:
            return ""

    @staticmethod
    def _drain(stream):
        for _ in stream:
            pass

    def last_words(self, count=20):
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:])
        except OSError:
            return ""

    @property
    def pid(self):
        return self.process.pid

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def client(self, token=None):
        return Client(self.address, token)

    def stop(self, seconds=30):
        """Asks it to end; its exit code."""
        if not self.is_running():
            return self.process.returncode if self.process else None
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Failed(f"SIGTERM did not end it in {seconds} s\n{self.last_words()}") from None

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
        if self.process:
            self.process.wait()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.kill()
        self.folder.cleanup()


def resident(pid):
    """Bytes of memory a process holds, of its own and of mapped files: (own, all)."""
    values = {}
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        key, _, rest = line.partition(":")
        if key in ("RssAnon", "VmRSS"):
            values[key] = int(rest.split()[0]) * 1024
    return values["RssAnon"], values["VmRSS"]


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def processes_of(workspace):
    """Processes of the tool whose command line names the workspace, by their ids."""
    found, program = {}, os.path.realpath(TOOL)
    for name in os.listdir("/proc"):
        if not name.isdigit() or int(name) == os.getpid():
            continue
        try:
            words = pathlib.Path(f"/proc/{name}/cmdline").read_bytes().split(b"\0")
            file = os.readlink(f"/proc/{name}/exe").removesuffix(" (deleted)")
        except OSError:
            continue
        if os.fsencode(str(workspace)) in words and file == program:
            found[int(name)] = b" ".join(words).decode(errors="replace")
    return found


def until(what, seconds, look, every=0.05):
    """Looks until `look` gives something true; fails in words after so many seconds."""
    end = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            raise Failed(f"{what}: not within {seconds} s")
        time.sleep(every)
