#!/usr/bin/env python3
"""Wrong requests of every kind to a daemon on a copy of a workspace: each must get the status that is
its due, as a problem where the daemon itself answers, and the daemon must live on, give nobody
what is not his, and keep its ledger whole.

    fuzz_http.py WORKSPACE [--seed 1] [--rounds 300] [--slow 20] [--only GROUP]

Prints one JSON document; ends with 1 where anything deviates. The same seed sends the same requests.
"""

import argparse
import base64
import concurrent.futures
import http.client
import io
import json
import pathlib
import random
import re
import shutil
import socket
import sys
import tempfile
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from daemon import UNLIMITED, Client, Daemon, descriptors, new_token, tool  # noqa: E402

API = "/api/v1"
CLOSED = "closed"  # the connection was closed without an answer
# Nothing of these may be in any answer but where it was asked for.
SECRETS = (b"root:x:", b"SQLite format 3")


class Reply:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def is_problem(self):
        return self.headers.get("content-type", "").startswith("application/problem+json")


class Fake:
    """A socket that is a buffer, for the parser of http.client."""

    def __init__(self, data):
        self.data = data

    def makefile(self, *_):
        return io.BytesIO(self.data)


class Fuzz:
    def __init__(self, daemon, tokens, options):
        parts = urllib.parse.urlsplit(daemon.address)
        self.daemon, self.tokens, self.options = daemon, tokens, options
        self.peer, self.host = (parts.hostname, parts.port), parts.netloc
        self.dice = random.Random(options.seed)
        self.deviations, self.counts = [], {}
        self.client = Client(daemon.address, tokens["admin"])
        self.workspace = str(daemon.workspace).encode()

    # Sending.

    @staticmethod
    def is_complete(data, answers):
        """True where so many whole answers are there; False for what cannot be told."""
        for _ in range(answers):
            head, ended, rest = data.partition(b"\r\n\r\n")
            if not ended:
                return False
            if head.startswith(b"HTTP/1.1 100"):
                return False
            length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
            if not length and head[9:12] not in (b"204", b"304"):
                return False
            size = int(length[1]) if length and head[9:12] != b"304" else 0
            if len(rest) < size:
                return False
            data = rest[size:]
        return True

    def exchange(self, pieces, seconds=10.0, closes_writing=False, answers=1):
        """What comes back for these bytes, until so many answers are there, the other side closes, or
        nothing comes for half a second after something. A piece that is a number is a pause."""
        data = b""
        with socket.create_connection(self.peer, timeout=seconds) as line:
            try:
                for piece in [pieces] if isinstance(pieces, bytes) else pieces:
                    if isinstance(piece, (int, float)):
                        time.sleep(piece)
                    else:
                        line.sendall(piece)
                if closes_writing:
                    line.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            end = time.monotonic() + seconds
            line.settimeout(0.5)
            while time.monotonic() < end:
                try:
                    more = line.recv(65536)
                except TimeoutError:
                    if data:
                        break
                    continue
                except OSError:
                    break
                if not more:
                    return data, True
                data += more
                if self.is_complete(data, answers):
                    break
        return data, False

    @staticmethod
    def replies(data, head=False):
        """The answers in a stream of bytes."""
        found = []
        while data.startswith(b"HTTP/"):
            answer = http.client.HTTPResponse(Fake(data), method="HEAD" if head else "GET")
            try:
                answer.begin()
                body = answer.read()
            except (http.client.HTTPException, ValueError):
                found.append(Reply(0, {}, data[:200]))
                break
            if answer.status == 100:
                data = data.partition(b"\r\n\r\n")[2]
                continue
            found.append(Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, body))
            following = data.find(b"HTTP/1.1 ", 9)
            data = data[following:] if following > 0 else b""
        return found

    def raw(self, group, name, pieces, wanted, seconds=10.0, answers=1, closes_writing=False, secret_ok=False, waits=False):
        """Sends and holds the first answer against the statuses that are its due."""
        self.counts[group] = self.counts.get(group, 0) + 1
        try:
            data, closed = self.exchange(pieces, seconds, closes_writing, 99 if waits else answers)
        except OSError as error:
            self.deviate(group, name, f"no connection: {error!r}")
            return []
        found = self.replies(data)
        status = found[0].status if found else (CLOSED if closed else "silent")
        if status not in wanted:
            self.deviate(group, name, f"{status}, expected {' or '.join(map(str, wanted))}: {data[:160]!r}")
        elif found and len(found) < answers:
            self.deviate(group, name, f"{len(found)} answers, expected {answers}")
        self.look_for_secrets(group, name, data, secret_ok)
        return found

    def look_for_secrets(self, group, name, data, secret_ok=False):
        if self.workspace in data:
            self.deviate(group, name, "the answer names the workspace's path")
        for secret in SECRETS:
            if secret in data and not secret_ok:
                self.deviate(group, name, f"the answer holds {secret!r}")
        for token in self.tokens.values():
            if token.encode() in data:
                self.deviate(group, name, "the answer holds a token")

    def head(self, method="GET", target=f"{API}/session", version="HTTP/1.1", host=None, token="admin", extra=()):
        lines = [f"{method} {target} {version}", f"Host: {host or self.host}"]
        if token:
            lines.append(f"Authorization: Bearer {self.tokens.get(token, token)}")
        return "\r\n".join([*lines, *extra, "", ""]).encode("latin-1", "surrogateescape")

    def ask(self, group, name, wanted, method="GET", target=f"{API}/session", body=None, problem=True, **more):
        extra = list(more.pop("extra", ()))
        if body is not None:
            extra.append(f"Content-Length: {len(body)}")
            if not any(line.lower().startswith("content-type") for line in extra):
                extra.append("Content-Type: application/json")
        found = self.raw(group, name, self.head(method, target, extra=extra, **more) + (body or b""), wanted)
        if found and found[0].status >= 400 and problem:
            self.check_problem(group, name, found[0])
        return found[0] if found else None

    def check_problem(self, group, name, reply):
        if not reply.is_problem:
            self.deviate(group, name, f"{reply.status} is no problem+json: {reply.headers.get('content-type')}")
            return
        try:
            said = json.loads(reply.body)
        except ValueError:
            self.deviate(group, name, f"the problem is no JSON: {reply.body[:80]!r}")
            return
        if said.get("status") != reply.status or not said.get("code") or not said.get("title"):
            self.deviate(group, name, f"the problem is {said}")

    def deviate(self, group, name, what):
        self.deviations.append(f"{group}: {name}: {what}"[:500])
        print(self.deviations[-1], file=sys.stderr, flush=True)

    # The groups.

    def request_lines(self):
        group = "request lines"
        broken = (400, 405, 414, 431, 505, CLOSED)
        auth = f"Host: {self.host}\r\n\r\n".encode()
        for line in (b"GET\r\n", b"\r\n\r\n\r\n", b"GET /healthz\r\n", b"GET  /healthz  HTTP/1.1\r\n", b"/ GET HTTP/1.1\r\n",
                     b"GET /healthz HTTP/9.9\r\n", b"GET /healthz HTTP/1.\r\n", b"GET http:// HTTP/1.1\r\n", b"\x16\x03\x01\x02\x00\x01\x00\r\n",
                     b"GET \x00/ HTTP/1.1\r\n", b"G\xffT / HTTP/1.1\r\n", b"GET /\xff\xfe HTTP/1.1\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n"):
            # A lenient reading of a line is no fault, as long as it gives only what is public.
            self.raw(group, repr(line), [line + auth], (*broken, 200, 404, 421, 401, "silent"), seconds=1.5, closes_writing=True)
        for method in ("BREW", "TRACE", "CONNECT", "get", "OPTIONS", "PUT"):
            self.ask(group, method, (400, 405, 501), method=method)
        self.raw(group, "no host", [f"GET {API}/session HTTP/1.1\r\n\r\n".encode()], (400,))
        for size in (20_000, 200_000):
            self.raw(group, f"target of {size}", self.head(target=f"{API}/images?name=" + "a" * size), (400, 404, 413, 414, 422, 431, CLOSED))
        self.ask(group, "HTTP/1.0", (200,), version="HTTP/1.0")
        for _ in range(self.options.rounds // 4):
            noise = bytes(self.dice.randrange(256) for _ in range(self.dice.randrange(1, 400)))
            self.raw(group, "noise", noise + b"\r\n\r\n", (*broken, "silent"), seconds=0.7, closes_writing=True)

    def headers(self):
        group = "headers"
        for name, extra, wanted in (
            ("a colon first", [": x"], (200, 400)), ("no colon", ["nonsense"], (400, CLOSED)), ("folded", ["X-A: b", " c"], (200, 400)),
            ("NUL in a value", ["X-A: b\0c"], (200, 400)), ("space before the colon", ["X-A : b"], (200, 400)),
            ("CR in a value", ["X-A: b\rX-B: c"], (200, 400)), ("two hosts", [f"Host: {self.host}"], (400,)),
            ("two tokens", ["Authorization: Bearer other"], (200, 400, 401)),
            ("two lengths", ["Content-Length: 0", "Content-Length: 5"], (400,)),
            ("length and chunks", ["Content-Length: 5", "Transfer-Encoding: chunked"], (400, 413)),
            ("negative length", ["Content-Length: -1"], (400, 413)), ("endless length", ["Content-Length: 99999999999999999999999"], (400, 413)),
            ("length that is no number", ["Content-Length: 1e3"], (400, 413)), ("hex length", ["Content-Length: 0x10"], (400, 413)),
            ("unknown transfer coding", ["Transfer-Encoding: gzip"], (200, 400, 413, 415, 501)),
            ("huge range", ["Range: bytes=0-99999999999999999"], (200, 206, 416)), ("wrong tag", ["If-None-Match: \"" + "x" * 900 + "\""], (200,)),
            ("any tag", ["If-None-Match: *"], (200, 304)), ("expectation", ["Expect: 200-maybe"], (200, 417)),
            ("upgrade", ["Connection: Upgrade", "Upgrade: h2c"], (200, 400)),
        ):
            self.raw(group, name, self.head(extra=extra), wanted, seconds=3)
        for size in (30_000, 300_000):
            self.raw(group, f"one header of {size}", self.head(extra=["X-A: " + "b" * size]), (400, 413, 431, CLOSED))
        self.raw(group, "thousands of headers", self.head(extra=[f"X-{n}: y" for n in range(4000)]), (400, 413, 431, CLOSED))
        for encoding in ("gzip;q=0", "br", "gzip, gzip, gzip", "*;q=0", "\x7f", "gzip;q=nan"):
            self.raw(group, f"accepts {encoding!r}", self.head(extra=[f"Accept-Encoding: {encoding}"]), (200, 400, 406))

    def origins(self):
        group = "host and origin"
        port = self.peer[1]
        for host in ("evil.example", f"evil.example:{port}", f"127.0.0.1.evil.example:{port}", f"127.0.0.1:{port + 1}", f"127.0.0.1:{port}@evil", "", "[::1", "0.0.0.0"):
            self.ask(group, f"host {host!r}", (400, 421), host=host or " ", problem=False)
            self.ask(group, f"host {host!r}, the page", (400, 421), target="/", host=host or " ", token=None, problem=False)
        for origin in ("http://evil.example", "null", "https://127.0.0.1", f"http://127.0.0.1:{port}.evil", f"http://127.0.0.1:{port}/", "file://"):
            self.ask(group, f"origin {origin}", (403,), extra=[f"Origin: {origin}"])
            self.ask(group, f"origin {origin}, writing", (403,), "POST", f"{API}/review/undo", b"{}", extra=[f"Origin: {origin}"])
        self.ask(group, "cross-site", (403,), extra=["Sec-Fetch-Site: cross-site"])
        self.ask(group, "own origin", (200,), extra=[f"Origin: http://{self.host}"])
        found = self.ask(group, "preflight", (400, 403, 405), "OPTIONS", extra=["Origin: http://evil.example", "Access-Control-Request-Method: POST"])
        if found and any(name.startswith("access-control-allow") for name in found.headers):
            self.deviate(group, "preflight", "a foreign page is allowed in")

    def tokens_of_all_kinds(self):
        group = "tokens"
        good = self.tokens["admin"]
        missing = (401,)
        refused = (401, 429)  # too many unknown tokens from one place
        self.ask(group, "none", missing, token=None)
        for value in ("Bearer", "Bearer ", "Basic " + base64.b64encode(b"admin:admin").decode(), f"Token {good}", f"Bearer {good} x", f"Bearer{good}", "Bearer " + "é"):
            self.ask(group, value[:20], refused, token=None, extra=[f"Authorization: {value}"], problem=False)
        for token in (good[:-1], good + "A", good[::-1], good.swapcase(), "'; DROP TABLE token; --", "x" * 4000, "%00", "../../etc/passwd"):
            self.ask(group, token[:20], refused, token=token)
        self.ask(group, "in the query", missing, token=None, target=f"{API}/session?token={good}")
        self.ask(group, "as a cookie", missing, token=None, extra=[f"Cookie: token={good}"])
        # Wrong tokens from a place must not lock out the right one from there.
        for number in range(40):
            self.ask(group, "guessing", refused, token=f"d2r_guess{number}")
        self.ask(group, "the right one after guesses", (200,))
        for method, target, role, body in (
            ("GET", f"{API}/tokens", "curator", None), ("GET", f"{API}/access-log", "curator", None),
            ("GET", f"{API}/alerts", "curator", None), ("GET", f"{API}/watches", "reader", None),
            ("POST", f"{API}/tokens", "curator", b'{"name":"x","role":"admin"}'), ("POST", f"{API}/jobs", "reader", b'{"verb":"report audit"}'),
            ("POST", f"{API}/decisions", "reader", b'{"images":[1],"action":"quarantine","reason":"x"}'),
            ("POST", f"{API}/review/answers", "reader", b'{"pair":"0000000000000000","answer":"same"}'),
            ("POST", f"{API}/schedules", "reader", b'{"name":"x","verb":"audit","cron":"* * * * *"}'),
            ("DELETE", f"{API}/tokens/1", "curator", None), ("POST", f"{API}/alerts", "curator", b"{}"), ("POST", f"{API}/watches", "curator", b"{}"),
        ):
            self.ask(group, f"{role}: {method} {target}", (403,), method, target, body, token=role)
        real = [i["id"] for i in self.client.json("GET", f"{API}/images?population=reference&limit=1")["items"]]
        for image in real:
            self.ask(group, "a reader reveals a real person", (403,), target=f"{API}/images/{image}/picture?reveal=true", token="reader")
            self.ask(group, "a picture without a token", (401,), target=f"{API}/images/{image}/picture", token=None)

    def paths(self):
        group = "paths"
        ups = ["../", "..%2f", "%2e%2e/", "%2e%2e%2f", "%252e%252e%252f", "..\\", "..%5c", "%c0%ae%c0%ae/", "..%c0%af", "....//", "..;/", "%uff0e%uff0e/", ".%00./"]
        ends = ["etc/passwd", "etc%2fpasswd", "catalog.sqlite", "service/service.sqlite", "workspace.json", "proc/self/environ"]
        bases = ["/", "/page/", f"{API}/reports/", f"{API}/reports/summary/", f"{API}/maps/", f"{API}/images/"]
        pairs = [(base, up * depth + end) for base in bases for up in ups for depth in (1, 6) for end in ends]
        self.dice.shuffle(pairs)
        for base, rest in pairs[:max(60, self.options.rounds)]:
            self.ask(group, base + rest, (400, 403, 404, 422), target=base + rest)
        for base in bases:
            for odd in ("/etc/passwd", "//etc/passwd", "%2fetc%2fpasswd", "file:///etc/passwd", "x%00.html", "%00", "a%0d%0aX-Injected:%20yes", "%", "%zz", "%f",
                        "~root", "C:%5cwindows", "." * 300, "\u00e9".encode().decode("latin-1"), "%ed%a0%80", "*", "{id}"):
                found = self.ask(group, base + odd, (400, 403, 404, 414, 422), target=base + odd)
                if found and "x-injected" in found.headers:
                    self.deviate(group, base + odd, "a header was injected")
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            self.ask(group, f"{method} on a list", (405, 501), method, f"{API}/images")
        for target in (f"{API}", f"{API}/", f"{API}/no", "/api/v2/session", f"{API}/session/", f"{API}//session", "/healthz/x", "/metricsx", f"{API}/images/1/2", f"{API}/jobs/events"):
            self.ask(group, target, (400, 404), target=target)
        for value in ("0", "-1", "1.5", "1e3", "99999999999999999999", "0x1", "NaN", "1%20", "%31%00", "\u0661"):
            text = urllib.parse.quote(value, safe="%")
            self.ask(group, f"image {value}", (400, 404, 422), target=f"{API}/images/{text}")
            self.ask(group, f"limit {value}", (400, 422), target=f"{API}/images?limit={text}")
        for query in ("limit=1&limit=2", "limit=", "limit", "population=nobody", "quarantined=maybe", "cursor=%00", "cursor=" + "A" * 2000, "identity=-5", "population=digital'--"):
            self.ask(group, query, (400, 422), target=f"{API}/images?{query}")

    def bodies(self):
        group = "bodies"
        posts = [f"{API}/search", f"{API}/review/answers", f"{API}/decisions", f"{API}/jobs", f"{API}/schedules/preview", f"{API}/schedules", f"{API}/tokens"]
        bad = {
            "empty": b"", "half": b'{"a":', "trailing": b"{} {}", "comment": b"{/**/}", "single quotes": b"{'a':1}", "NaN": b'{"a":NaN}', "infinite": b'{"a":1e99999}',
            "control": b'{"a":"\x01"}', "bad UTF-8": b'{"a":"\xff\xfe"}', "overlong": b'{"a":"\xc0\xaf"}', "lone surrogate": b'{"a":"\\ud800"}', "BOM": b"\xef\xbb\xbf{}",
            "UTF-16": '{"a":1}'.encode("utf-16"), "deep lists": b"[" * 50_000 + b"]" * 50_000, "deep objects": b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
            "long number": b'{"a":' + b"9" * 100_000 + b"}", "a list": b"[]", "a text": b'"x"', "null": b"null", "a number": b"1", "NULs": b"\0" * 500,
            "duplicate keys": b'{"verb":"report audit","verb":"audit","pair":"0","pair":"1","space":"identity","space":"image","cron":"x","cron":"y","name":"a","name":"b"}',
            "unknown key": b'{"no-such-key":1}', "proto": b'{"__proto__":{"role":"admin"}}', "many keys": b"{" + b",".join(b'"k%d":1' % n for n in range(20_000)) + b"}",
        }
        for target in posts:
            for name, body in bad.items():
                self.ask(group, f"{target} {name}", (400, 413, 422), "POST", target, body)
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", "", "application/jsonx", "image/png"):
            for target in posts:
                self.ask(group, f"{target} as {kind!r}", (415, 400), "POST", target, b'{"x":1}', extra=[f"Content-Type: {kind}"])
        self.ask(group, "JSON as a picture", (415,), "POST", f"{API}/search/picture?space=identity", b"{}")
        for name, body in (("nothing", b""), ("half a PNG", b"\x89PNG\r\n\x1a\n" + b"\0" * 40), ("noise", self.dice.randbytes(5000)), ("a bomb", self.png_bomb())):
            self.ask(group, f"picture: {name}", (400, 413, 415, 422), "POST", f"{API}/search/picture?space=identity", body, extra=["Content-Type: image/png"])
        wrong = [
            (f"{API}/search", {"space": "identity", "vector": []}), (f"{API}/search", {"space": "identity", "vector": [1e400]}),
            (f"{API}/search", {"space": "identity", "vector": ["a"] * 128}), (f"{API}/search", {"space": "identity", "vector": [0] * 128}),
            (f"{API}/search", {"space": "identity", "image": 1, "vector": [1] * 128}), (f"{API}/search", {"space": "identity", "image": "1"}),
            (f"{API}/search", {"space": "identity", "image": 1, "count": 10**12}), (f"{API}/search", {"space": "identity", "image": 1, "count": -1}),
            (f"{API}/search", {"space": "../identity", "image": 1}), (f"{API}/search", {"space": "identity", "image": 1, "populations": ["x"]}),
            (f"{API}/decisions", {"images": [], "action": "quarantine", "reason": "x"}), (f"{API}/decisions", {"images": [1], "action": "purge", "reason": "x"}),
            (f"{API}/decisions", {"images": [1], "action": "quarantine", "reason": ""}), (f"{API}/decisions", {"images": ["1"], "action": "quarantine", "reason": "x"}),
            (f"{API}/decisions", {"images": [1], "action": "quarantine", "reason": "x" * 100_000}),
            (f"{API}/jobs", {"verb": "serve"}), (f"{API}/jobs", {"verb": "token create"}), (f"{API}/jobs", {"verb": "rm -rf /"}), (f"{API}/jobs", {"verb": "audit", "arguments": ["--workspace", "/tmp"]}),
            (f"{API}/jobs", {"verb": "audit", "arguments": ["--no-such-option"]}), (f"{API}/jobs", {"verb": "audit", "arguments": "x"}),
            (f"{API}/jobs", {"verb": "audit", "arguments": ["a\0b"]}), (f"{API}/jobs", {"verb": "audit", "priority": 99}), (f"{API}/jobs", {"verb": "audit", "attempts": 0}),
            (f"{API}/schedules/preview", {"cron": "* * * *", "timeZone": "UTC"}), (f"{API}/schedules/preview", {"cron": "* * * * *", "timeZone": "../../etc/passwd"}),
            (f"{API}/schedules/preview", {"cron": "0 0 30 2 *", "timeZone": "Nowhere/Town"}), (f"{API}/schedules", {"name": "", "verb": "audit", "cron": "* * * * *"}),
            (f"{API}/schedules", {"name": "x", "verb": "serve", "cron": "* * * * *"}), (f"{API}/tokens", {"name": "x", "role": "root"}), (f"{API}/tokens", {"name": "", "role": "reader"}),
            (f"{API}/alerts", {"name": "x", "kind": "webhook", "target": "file:///etc/passwd", "on": ["failed"]}), (f"{API}/alerts", {"name": "x", "kind": "webhook", "target": "http://x/\r\nA: b", "on": ["failed"]}),
            (f"{API}/alerts", {"name": "x", "kind": "pigeon", "target": "x", "on": ["failed"]}), (f"{API}/watches", {"path": "relative", "population": "generated"}),
            (f"{API}/watches", {"path": "/no/such/folder\0", "population": "generated"}), (f"{API}/decisions/undo", {"batch": "1"}), (f"{API}/review/answers", {"pair": "1", "answer": "maybe"}),
        ]
        for target, value in wrong:
            self.ask(group, f"{target} {str(value)[:60]}", (400, 404, 422), "POST", target, json.dumps(value).encode())
        for size in (1 << 20, (1 << 20) + 1, 3 << 20):
            body = b'{"x":"' + b"a" * (size - 8) + b'"}'
            self.ask(group, f"body of {size}", (413,) if size > 1 << 20 else (400, 413, 422), "POST", f"{API}/jobs", body, problem=size <= 1 << 20)
        self.ask(group, "a body on GET", (200, 400, 413, 415), body=b'{"x":1}')

    @staticmethod
    def png_bomb():
        """A head that promises 60,000 × 60,000 pixels."""
        import struct
        import zlib
        head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
        packed = zlib.compress(b"\0" * 200_000)

        def chunk(kind, data):
            return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

        return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")

    def chunks(self):
        group = "chunks"
        head = self.head("POST", f"{API}/schedules/preview", extra=["Content-Type: application/json", "Transfer-Encoding: chunked"])
        body = json.dumps({"cron": "0 2 * * *", "timeZone": "UTC"}).encode()
        good = b"".join(b"%x\r\n%s\r\n" % (1, body[n:n + 1]) for n in range(len(body))) + b"0\r\n\r\n"
        self.raw(group, "by the byte", head + good, (200,))
        self.raw(group, "with extensions", head + b"%x;a=b\r\n%s\r\n0\r\n\r\n" % (len(body), body), (200, 400))
        self.raw(group, "with trailers", head + b"%x\r\n%s\r\n0\r\nX-T: y\r\n\r\n" % (len(body), body), (200, 400))
        for name, bad in (("no number", b"zz\r\n{}\r\n0\r\n\r\n"), ("negative", b"-1\r\n{}\r\n0\r\n\r\n"), ("endless number", b"f" * 40 + b"\r\n"),
                          ("too long a chunk", b"2\r\n{}{}{}\r\n0\r\n\r\n"), ("no end", b"5\r\nab"), ("nothing", b"")):
            self.raw(group, name, head + bad, (400, 408, 413, 422, CLOSED, "silent"), seconds=1.5, closes_writing=True)
        flood = b"10000\r\n" + b"a" * 65536 + b"\r\n"
        self.raw(group, "more than may be", [head, *[flood] * 40, b"0\r\n\r\n"], (413, CLOSED))

    def pipelines(self):
        group = "pipelining"
        self.raw(group, "three at once", self.head() * 3, (200,), answers=3)
        # A request that is refused before its body may end the connection.
        self.raw(group, "with one wrong", self.head() + self.head(target=f"{API}/no") + self.head(), (200,), answers=2)
        smuggled = self.head("POST", f"{API}/review/undo", token="curator", extra=["Content-Type: application/json", "Content-Length: 2"]) + b"{}" + self.head(token=None, target=f"{API}/tokens")
        found = self.raw(group, "a token is not handed on", smuggled, (200,), answers=2)
        if len(found) > 1 and found[1].status != 401:
            self.deviate(group, "a token is not handed on", f"the second gives {found[1].status}")
        # What follows a request whose length is in doubt must not be read as another one.
        doubtful = self.head("POST", f"{API}/review/undo", token="reader", extra=["Content-Type: application/json", "Content-Length: 4", "Transfer-Encoding: chunked"]) + b"0\r\n\r\n" + self.head(target=f"{API}/tokens", token=None)
        for reply in self.raw(group, "smuggling", doubtful, (400, 403, 413), answers=1, waits=True):
            if reply.status == 200:
                self.deviate(group, "smuggling", "an answer came for what was smuggled")
        self.raw(group, "hundreds at once", self.head(target="/healthz", token=None) * 300, (200,), seconds=20)

    def slow(self):
        """Slow heads and bodies, all at once; each must be cut in time, and others be served meanwhile."""
        group, seconds = "slowness", self.options.slow
        head, body = self.head(), self.head("POST", f"{API}/jobs", extra=["Content-Type: application/json", "Content-Length: 5000"])

        def drip(data):
            began = time.monotonic()
            with socket.create_connection(self.peer, timeout=5) as line:
                line.settimeout(0.25)
                for place in range(len(data) + 10**6):
                    if time.monotonic() - began > seconds + 15:
                        return "never cut"
                    try:
                        line.sendall(data[place:place + 1] if place < len(data) else b" ")
                        if line.recv(4096) == b"":
                            return time.monotonic() - began
                        return "answered"
                    except TimeoutError:
                        continue
                    except OSError:
                        return time.monotonic() - began
            return "sent"

        def silent(data):
            began = time.monotonic()
            with socket.create_connection(self.peer, timeout=seconds + 15) as line:
                line.sendall(data)
                try:
                    answer = line.recv(4096)
                except TimeoutError:
                    return "never cut"
                except OSError:
                    answer = b""
                return time.monotonic() - began if answer == b"" or b" 408 " in answer else "answered"

        long_head = head[:-2] + b"X-Slow: " + b"a" * 2000
        jobs = [(drip, long_head)] * 20 + [(drip, body + b'{"a":"' + b"a" * 4000)] * 20 + [(silent, b"")] * 5 + [(silent, head[:30])] * 5 + [(silent, body + b"{")] * 5
        with concurrent.futures.ThreadPoolExecutor(len(jobs)) as pool:
            running = [pool.submit(work, data) for work, data in jobs]
            took = []
            while not all(one.done() for one in running):
                began = time.monotonic()
                if self.client.get(f"{API}/session").status != 200:
                    self.deviate(group, "others", "not served meanwhile")
                took.append(time.monotonic() - began)
                time.sleep(0.2)
            if took and max(took) > 2:
                self.deviate(group, "others", f"waited {max(took):.1f} s")
            for (work, data), one in zip(jobs, running):
                self.counts[group] = self.counts.get(group, 0) + 1
                if not isinstance(one.result(), float):
                    self.deviate(group, f"{work.__name__} {data[:30]!r}", one.result())

    def writers(self):
        """Many at once answer the same pairs and decide about the same images; the ledger stays whole."""
        group = "writers"
        pairs = [pair["pair"] for pair in self.client.json("GET", f"{API}/review?limit=20")["items"]]
        images = [image["id"] for image in self.client.json("GET", f"{API}/images?population=digital&limit=10")["items"]]
        seeds = [self.dice.randrange(1 << 30) for _ in range(8)]

        def write(seed):
            dice, client, acknowledged, statuses = random.Random(seed), Client(self.daemon.address, self.tokens["curator"]), 0, []
            for _ in range(30):
                kind = dice.randrange(4)
                if kind == 0 and pairs:
                    answer = client.call("POST", f"{API}/review/answers", {"pair": dice.choice(pairs), "answer": dice.choice(("same", "different", "unsure"))})
                    acknowledged += len(answer.json()["sequences"]) if answer.status == 200 else 0
                    allowed = (200, 409)
                elif kind == 1:
                    answer, allowed = client.call("POST", f"{API}/review/undo", {}), (200, 409)
                elif kind == 2:
                    action = dice.choice(("quarantine", "restore", "protect", "unprotect"))
                    answer = client.call("POST", f"{API}/decisions", {"images": dice.sample(images, 3), "action": action, "reason": f"writer {seed}"})
                    acknowledged += answer.json()["decided"] if answer.status == 200 else 0
                    allowed = (200, 422)
                else:
                    answer, allowed = client.call("POST", f"{API}/decisions/undo", {"batch": dice.randrange(1, 60)}), (200, 404, 409, 422)
                if answer.status not in (*allowed, 503):
                    statuses.append(repr(answer))
            return acknowledged, statuses

        before = self.client.json("GET", f"{API}/status")["ledger"]["count"]
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            for acknowledged, statuses in pool.map(write, seeds):
                self.counts[group] = self.counts.get(group, 0) + 30
                self.acknowledged = getattr(self, "acknowledged", 0) + acknowledged
                for status in statuses:
                    self.deviate(group, "writing at once", status)
        after = self.client.json("GET", f"{API}/status")["ledger"]["count"]
        if after - before < self.acknowledged:
            self.deviate(group, "acknowledged", f"{self.acknowledged} lines were acknowledged, the ledger grew by {after - before}")

    def mutations(self):
        """Good requests with some bytes changed: anything but a crash, a hang or a secret."""
        group = "mutations"
        good = [self.head(), self.head(target=f"{API}/images?limit=3"), self.head(target="/metrics", token=None),
                self.head("POST", f"{API}/search", extra=["Content-Type: application/json", "Content-Length: 32"]) + b'{"image":1,"space":"identity"}  ']
        fine = (200, 201, 204, 304, 400, 401, 403, 404, 405, 413, 414, 415, 417, 421, 422, 429, 431, 501, 505, CLOSED, "silent")
        for _ in range(self.options.rounds):
            data = bytearray(self.dice.choice(good))
            for _ in range(self.dice.randrange(1, 8)):
                place = self.dice.randrange(len(data))
                change = self.dice.randrange(4)
                if change == 0:
                    data[place] = self.dice.randrange(256)
                elif change == 1:
                    del data[place:place + self.dice.randrange(1, 9)]
                elif change == 2:
                    data[place:place] = self.dice.randbytes(self.dice.randrange(1, 9))
                else:
                    data[place:place] = data[place:place + 20]
                if not data:
                    data = bytearray(b"\n")
            self.raw(group, "mutant", bytes(data), fine, seconds=0.6, closes_writing=True)

    def healthy(self, group):
        try:
            answer = Client(self.daemon.address, seconds=10).get("/healthz")
            if answer.status != 200:
                self.deviate(group, "health", f"{answer}")
        except OSError as error:
            self.deviate(group, "health", repr(error))
        if not self.daemon.is_running():
            self.deviate(group, "health", f"the daemon is gone: {self.daemon.last_words(8)}")
            return False
        return True

    def run(self):
        groups = (self.request_lines, self.headers, self.origins, self.paths, self.bodies, self.chunks, self.pipelines, self.mutations,
                  self.writers, self.tokens_of_all_kinds, self.slow)
        before = descriptors(self.daemon.pid)
        seconds = {}
        for group in groups:
            if self.options.only and group.__name__ != self.options.only:
                continue
            began = time.monotonic()
            try:
                group()
            except Exception as error:  # noqa: BLE001 - a broken exchange is a finding, too
                self.deviate(group.__name__, "the program", repr(error))
            seconds[group.__name__] = round(time.monotonic() - began, 1)
            if not self.healthy(group.__name__):
                break
        if self.daemon.is_running():
            time.sleep(1)
            after = descriptors(self.daemon.pid)
            if after > before + 12:
                self.deviate("descriptors", "left open", f"{before} before, {after} after")
        return {"requests": sum(self.counts.values()), "groups": self.counts, "seconds": seconds}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("workspace", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--slow", type=float, default=10, help="seconds after which the daemon is to cut slow requests")
    parser.add_argument("--only")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="d2r-fuzz-") as scratch:
        place = pathlib.Path(scratch) / "workspace"
        shutil.copytree(options.workspace, place)
        tokens = {role: new_token(place, role) for role in ("admin", "curator", "reader")}
        with Daemon(place, *UNLIMITED, "--request-seconds", int(options.slow)) as daemon:
            fuzz = Fuzz(daemon, tokens, options)
            report = fuzz.run()
            if daemon.is_running():
                code = daemon.stop()
                if code != 0:
                    fuzz.deviate("end", "SIGTERM", f"exit code {code}")
            log = daemon.log.read_bytes()
        for name, token in tokens.items():
            if token.encode() in log:
                fuzz.deviate("log", name, "the log holds a token")
        for line in log.splitlines():
            if re.search(rb"Fatal error|Sanitizer|assertion", line):
                fuzz.deviate("log", "crash", line.decode(errors="replace"))
        checked = json.loads(tool("verify", "--json", "--quiet", "--workspace", place))
        if checked["problems"]:
            fuzz.deviate("verify", "problems", str(checked["problems"][:3]))
    report.update({"seed": options.seed, "deviations": fuzz.deviations})
    print(json.dumps(report, indent=2))
    return 1 if fuzz.deviations else 0


if __name__ == "__main__":
    sys.exit(main())
