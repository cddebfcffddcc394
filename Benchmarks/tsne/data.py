"""Rows for a map: COUNT unit vectors of WIDTH values in clusters of 50, of 20 kinds.

A cluster varies along eight directions of its kind, and a little along all others, as pictures of one
person do.

python data.py COUNT WIDTH FILE
"""

import sys

import numpy as np

count, width, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
random = np.random.default_rng(1)
kinds = random.standard_normal((20, width), dtype="f4")
clusters = (count + 49) // 50
kind = random.integers(0, 20, clusters)
centres = random.standard_normal((clusters, width), dtype="f4") + kinds[kind]
ways = random.standard_normal((20, 8, width), dtype="f4")
rows = np.lib.format.open_memmap(path, "w+", "<f4", (count, width))
for start in range(0, count, 10_000):
    stop = min(count, start + 10_000)
    cluster = np.arange(start, stop) // 50
    along = 0.3 * random.standard_normal((stop - start, 8), dtype="f4")
    own = centres[cluster] + np.einsum("nk,nkw->nw", along, ways[kind[cluster]])
    own += 0.2 * random.standard_normal(own.shape, dtype="f4")
    rows[start:stop] = own / np.linalg.norm(own, axis=1, keepdims=True)
