"""Sets of unit vectors for the search benchmarks.

    data.py isotropic COUNT WIDTH OUT     no structure at all: the worst case for pruning
    data.py clustered COUNT WIDTH OUT     20 rows round each centre, within-cluster cosine about 0.77,
                                          centres with a falling spectrum as face encoders have it
    data.py jittered SOURCE COUNT OUT     real embeddings, each with noisy copies
"""
import sys

import numpy as np

BLOCK = 65536


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype("<f4")


def blocks(count, width, out, make):
    rows = np.lib.format.open_memmap(out, "w+", "<f4", (count, width))
    for start in range(0, count, BLOCK):
        stop = min(count, start + BLOCK)
        rows[start:stop] = unit(make(start, stop))
    rows.flush()


def isotropic(count, width, out):
    random = np.random.default_rng(1)
    blocks(count, width, out, lambda a, b: random.standard_normal((b - a, width), dtype="f4"))


def clustered(count, width, out):
    random = np.random.default_rng(2)
    spectrum = (1 + np.arange(width, dtype="f4")) ** -0.4
    centres = unit(random.standard_normal((count // 20 + 1, width), dtype="f4") * spectrum)
    order = random.permutation(count)

    def make(a, b):
        noise = unit(random.standard_normal((b - a, width), dtype="f4") * spectrum)
        return centres[order[a:b] // 20] + 0.55 * noise

    blocks(count, width, out, make)


def jittered(source, count, out):
    random = np.random.default_rng(3)
    real = unit(np.load(source))
    order = random.permutation(count)

    def make(a, b):
        noise = unit(random.standard_normal((b - a, real.shape[1]), dtype="f4"))
        return real[order[a:b] % len(real)] + 0.15 * noise

    blocks(count, real.shape[1], out, make)


if __name__ == "__main__":
    kind, *arguments = sys.argv[1:]
    if kind == "jittered":
        jittered(arguments[0], int(arguments[1]), arguments[2])
    else:
        {"isotropic": isotropic, "clustered": clustered}[kind](
            int(arguments[0]), int(arguments[1]), arguments[2])
