"""A generator that behaves as its first argument says: python3 faulty.py MODE [FILE]

Without faults its picture is one colour that follows from vector and seed. Needs nothing but Python.
FILE counts starts and requests, one line each.
"""

import json
import os
import struct
import sys
import time
import zlib

MODE = sys.argv[1]
LOG = sys.argv[2] if len(sys.argv) > 2 else os.devnull


def note(text):
    with open(LOG, "a") as file:
        file.write(text + "\n")


def say(line):
    sys.stdout.write((line if isinstance(line, str) else json.dumps(line)) + "\n")
    sys.stdout.flush()


def png(path, width, height, colour):
    rows = (b"\0" + bytes(colour) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        for kind, content in ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")):
            file.write(struct.pack(">I", len(content)) + kind + content)
            file.write(struct.pack(">I", zlib.crc32(kind + content)))


def rows(path):
    """The float32 rows of an .npy file."""
    with open(path, "rb") as file:
        content = file.read()
    start = 10 + struct.unpack("<H", content[8:10])[0]
    header = eval(content[10:start])  # Our own tool wrote it.
    count, width = header["shape"]
    values = struct.unpack(f"<{count * width}f", content[start:])
    return [values[row * width:(row + 1) * width] for row in range(count)]


def colour(row, seed):
    text = ",".join(f"{value:.6f}" for value in row) + f";{seed}"
    return zlib.crc32(text.encode()).to_bytes(4, "big")[:3]


def answer(request, served):
    vectors, seeds = rows(request["vectors"]), request["seeds"]
    names, reasons = [], []
    for place, (row, seed) in enumerate(zip(vectors, seeds)):
        name = f"{place:05}.png"
        path = os.path.join(request["output"], name)
        side = 9 if MODE == "wrong-size" else 8
        same = MODE == "same-picture"
        if MODE == "none" and int(seed) % 2:
            names.append(None)
            reasons.append("not finite\x1b[31m")
            continue
        if MODE == "missing" and place == 1:
            pass
        elif MODE == "undecodable" and place == 1:
            open(path, "wb").write(b"no picture at all")
        elif MODE == "link" and place == 1:
            png(path + ".elsewhere", side, side, (1, 2, 3))
            os.symlink(path + ".elsewhere", path)
        elif MODE == "pipe" and place == 1:
            os.mkfifo(path)
        else:
            png(path, side, side, (9, 9, 9) if same else colour(row, seed))
        if MODE == "dies-midway" and served == 1 and place == 1:
            sys.stderr.write("out of memory\n")
            os._exit(3)
        names.append("../vectors.npy" if MODE == "escape" else name)
        reasons.append(None)
    if MODE == "wrong-count":
        names.pop()
    return {
        "id": request["id"] + (MODE == "wrong-id"), "pictures": names,
        "reasons": reasons if MODE != "wrong-count" else None,
    }


def main():
    note("start")
    greeting = json.loads(sys.stdin.readline())
    assert greeting["protocol"] == "d2r-exec 1", greeting
    if MODE == "no-start":
        raise SystemExit("no weights here")
    if MODE == "not-ready":
        say({"ready": False, "reason": "the GPU is busy"})
    if MODE == "slow-start":
        time.sleep(60)
    say({"ready": True, "name": f"faulty {MODE}", "batch": 3 if MODE == "small-batch" else None})
    for served, line in enumerate(sys.stdin):
        request = json.loads(line)
        note(f"request {len(request['seeds'])} {request['output']}")
        if MODE == "hang" or (MODE == "hangs-once" and os.path.getsize(LOG) < 400 and served == 1):
            os.system("sleep 1000")
        if MODE == "dies":
            sys.stderr.write("first line\nsegmentation fault\n")
            os._exit(9)
        if MODE == "garbage":
            say("<html>not JSON</html>")
        if MODE == "gives-up":
            say({"id": request["id"], "error": "CUDA out of memory"})
        if MODE == "endless-line":
            while True:
                sys.stdout.write("x" * 65536)
        if MODE == "loud":
            for _ in range(400):
                sys.stderr.write("a warning that nobody reads\n" * 100)
        say(answer(request, served))
        if MODE == "chatter":
            say("saved 8 pictures")


main()
