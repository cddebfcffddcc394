"""A server that speaks just enough of the Open Inference Protocol to be bad at it. Tests only.

    python3 serve_faults.py --port 8090 [--tls CERTIFICATE KEY]

Its first line of output is the port.

Pictures of 8 x 8 that follow from latent and seed, under the model names below, each with its fault.
`/count` tells how many inferences were asked of each model.
"""

import argparse
import collections
import http.server
import json
import os
import random
import signal
import socket
import ssl
import struct
import threading
import time

SIDE, WIDTH, TOKEN = 8, 4, "open sesame"
LENGTH = "Inference-Header-Content-Length"
counts = collections.Counter()
lock = threading.Lock()
flight = {"now": 0, "most": 0}

MODELS = {
    "good", "json", "slow", "dies", "always-dies", "shape", "type", "count", "nan", "same", "busy",
    "always-busy", "truncated", "token", "forbidden", "redirect", "huge", "half", "png", "broken-png",
    "bad-json", "server-error", "client-error", "starting", "name", "lying-size", "nan-json", "encoder",
}


def level(vector, seed):
    return random.Random(repr((vector, seed))).random() * 2 - 1


def png(shade):
    import zlib

    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data
                + struct.pack(">I", zlib.crc32(kind + data)))

    raw = b"".join(b"\0" + bytes([shade] * 3 * SIDE) for _ in range(SIDE))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b""))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def setup(self):
        super().setup()
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def say(self, status, document, **headers):
        self.send(status, json.dumps(document).encode(), **headers)

    def fall(self):
        """Ends the connection in the middle of an answer."""
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"{")
        self.wfile.flush()
        self.close_connection = True

    @property
    def model(self):
        parts = self.path.split("/")
        return parts[3] if len(parts) > 3 else ""

    def is_allowed(self):
        return self.model != "token" or self.headers.get("Authorization") == f"Bearer {TOKEN}"

    def do_GET(self):
        if self.path == "/count":
            return self.say(200, {**counts, "most": flight["most"]})
        if self.path == "/v2":
            extensions = [] if "json" in self.headers.get("X-Form", "") else ["binary_tensor_data"]
            return self.say(200, {"name": "faults", "version": "1", "extensions": extensions})
        if not self.is_allowed():
            return self.say(401, {"error": "who are you?"})
        if self.model not in MODELS:
            return self.say(404, {"error": "no such model"})
        if self.path.endswith("/ready"):
            if self.model == "starting":
                with lock:
                    counts["asked-ready"] += 1
                return self.send(200 if counts["asked-ready"] > 2 else 400)
            return self.send(200)
        if self.path.endswith("/config"):
            return self.say(200, {"max_batch_size": 4})
        self.say(200, {"name": self.model})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self.is_allowed():
            return self.say(401, {"error": "who are you?"})
        with lock:
            counts[self.model] += 1
            asked = counts[self.model]
            flight["now"] += 1
            flight["most"] = max(flight["most"], flight["now"])
        try:
            self.infer(body, asked)
        finally:
            with lock:
                flight["now"] -= 1

    def infer(self, body, asked):
        model = self.model
        fault = {
            "slow": lambda: asked == 1 and time.sleep(3),
            "dies": lambda: asked <= 2 and (self.fall() or True),
            "always-dies": lambda: self.fall() or True,
            "busy": lambda: asked <= 2
            and (self.say(503, {"error": "too much to do"}, Retry_After="1") or True),
            "always-busy": lambda: self.say(429, {"error": "later"}) or True,
            "forbidden": lambda: self.say(403, {"error": "not you"}) or True,
            "redirect": lambda: self.send(302, b"", Location="/v2/models/good/infer") or True,
            "server-error": lambda: self.say(500, {"error": "the network fell over"}) or True,
            "client-error": lambda: self.say(400, {"error": "no \u001b[31m such input"}) or True,
            "bad-json": lambda: self.send(200, b"<html>") or True,
        }.get(model)
        if fault and fault():
            return
        if model == "good":
            time.sleep(0.05)
        self.answer(model, self.orders(body))

    def orders(self, body):
        length = self.headers.get(LENGTH)
        document = json.loads(body[: int(length)] if length else body)
        rest = body[int(length):] if length else b""
        vectors, seeds = [], None
        for tensor in document["inputs"]:
            size = tensor.get("parameters", {}).get("binary_data_size")
            count = tensor["shape"][0]
            if tensor["datatype"] == "FP32":
                width = 1
                for extent in tensor["shape"][1:]:
                    width *= extent
                flat = (struct.unpack(f"<{count * width}f", rest[:size]) if size is not None
                        else tensor["data"])
                vectors = [tuple(flat[row * width:(row + 1) * width]) for row in range(count)]
            else:
                flat = struct.unpack(f"<{count}q", rest[:size]) if size is not None else tensor["data"]
                seeds = list(flat)
            rest = rest[size or 0:]
        return list(zip(vectors, seeds or [0] * len(vectors)))

    def answer(self, model, orders):
        levels = [level(*order) for order in orders]
        if model == "same":
            levels = [0.5] * len(levels)
        values = [value for value in levels for _ in range(3 * SIDE * SIDE)]
        kind, shape = "FP32", [len(levels), 3, SIDE, SIDE]
        if model in ("nan", "nan-json"):
            values[3 * SIDE * SIDE + 5] = float("nan")
        if model == "encoder":
            shape, values = [len(levels), 2], [value for each in levels for value in (each, 1.0)]
        if model == "shape":
            shape[2] //= 2
            values = values[: len(values) // 2]
        if model == "count":
            shape[0] -= 1
            values = values[: len(values) - 3 * SIDE * SIDE]
        data = struct.pack(f"<{len(values)}f", *values)
        if model == "type":
            kind, data = "INT64", struct.pack(f"<{len(values)}q", *map(int, values))
        if model == "half":
            kind, data = "FP16", struct.pack(f"<{len(values)}e", *values)
        if model in ("png", "broken-png"):
            files = [png(int((value + 1) * 127)) for value in levels]
            if model == "broken-png":
                files[0] = files[0][:40]
            kind, shape = "BYTES", [len(files)]
            data = b"".join(struct.pack("<I", len(file)) + file for file in files)
        if model == "huge":
            data = bytes(3 << 20)
        output = {"name": "other" if model == "name" else "image", "datatype": kind, "shape": shape}
        if model in ("json", "nan-json"):
            output["data"] = values
            return self.say(200, {"outputs": [output]})
        size = len(data) * (2 if model == "lying-size" else 1)
        output["parameters"] = {"binary_data_size": size}
        if model == "truncated":
            data = data[:-7]
        head = json.dumps({"outputs": [output]}).encode()
        self.send(200, head + data, **{LENGTH.replace("-", "_"): str(len(head))})


def main():
    # Whoever starts this may have left it with signals blocked.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM, signal.SIGINT})
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--port", type=int, default=8090, help="0 for any that is free")
    parser.add_argument("--tls", nargs=2, metavar=("CERTIFICATE", "KEY"))
    options = parser.parse_args()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", options.port), Handler)
    server.daemon_threads = True
    if options.tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*options.tls)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    print(server.server_address[1], flush=True)
    parent = os.getppid()
    threading.Thread(target=leave_with, args=(parent,), daemon=True).start()
    server.serve_forever()


def leave_with(parent):
    """A test that crashed leaves no server behind."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(0)


if __name__ == "__main__":
    main()
