"""The program's side of the protocol d2r-exec 1 (docs/exec.md), for Python generators.

    import d2r_exec

    def make(vectors, seeds):
        '''float32 [N, width] and N whole numbers; N pictures, uint8 [height, width, 3], or a text
        that says why there is none.'''

    d2r_exec.serve(make, name="my generator")

Needs NumPy. Whatever else prints to standard output goes to standard error instead.
"""

import json
import os
import struct
import sys
import zlib

import numpy


def serve(make, name, batch=None, prepare=None):
    """Answers requests until the input ends. `prepare(greeting)` may refuse with an exception."""
    lines, answers = sys.stdin, os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    greeting = json.loads(lines.readline() or "{}")
    try:
        if greeting.get("protocol") != "d2r-exec 1":
            raise ValueError(f"speaks d2r-exec 1, not {greeting.get('protocol')}")
        if prepare:
            prepare(greeting)
    except Exception as fault:
        _say(answers, {"ready": False, "reason": str(fault)})
        return
    _say(answers, {"ready": True, "name": name, "batch": batch})
    for line in lines:
        request = json.loads(line)
        vectors = numpy.load(request["vectors"], allow_pickle=False)
        made = make(vectors, [int(seed) for seed in request["seeds"]])
        _say(answers, _written(request, made))


def write_png(path, pixels):
    """Saves uint8 [height, width, 3] as PNG."""
    height, width, _ = pixels.shape
    rows = b"".join(b"\0" + numpy.ascontiguousarray(row).tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        for kind, content in ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b"")):
            file.write(struct.pack(">I", len(content)) + kind + content)
            file.write(struct.pack(">I", zlib.crc32(kind + content)))


def _written(request, made):
    names, reasons = [], []
    for place, picture in enumerate(made):
        if isinstance(picture, str):
            names.append(None)
            reasons.append(picture)
            continue
        names.append(f"{place:05}.png")
        reasons.append(None)
        write_png(os.path.join(request["output"], names[-1]), picture)
    return {"id": request["id"], "pictures": names, "reasons": reasons}


def _say(answers, line):
    answers.write(json.dumps(line) + "\n")
    answers.flush()
