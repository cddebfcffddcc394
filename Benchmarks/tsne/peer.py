"""A t-SNE map by a peer, timed from rows in memory to coordinates.

python peer.py opentsne|sklearnex ROWS.npy MAP.npy ITERATIONS
"""

import json
import resource
import sys
import time

import numpy as np

name, rows, output, iterations = sys.argv[1], np.load(sys.argv[2]), sys.argv[3], int(sys.argv[4])
stages = {}
start = time.perf_counter()
if name == "opentsne":
    import openTSNE

    start = time.perf_counter()
    affinities = openTSNE.affinity.PerplexityBasedNN(
        rows, perplexity=30, n_jobs=2, random_state=0, metric="euclidean"
    )
    stages["affinities"] = time.perf_counter() - start
    first = openTSNE.initialization.pca(rows, random_state=0)
    map = openTSNE.TSNEEmbedding(
        first, affinities, negative_gradient_method="fft", n_jobs=2, random_state=0
    )
    map = map.optimize(250, exaggeration=12, momentum=0.5)
    stages["early"] = time.perf_counter() - start - sum(stages.values())
    map = map.optimize(iterations - 250, momentum=0.8)
    stages["main"] = time.perf_counter() - start - sum(stages.values())
else:
    from sklearnex import patch_sklearn

    patch_sklearn(verbose=False)
    from sklearn.manifold import TSNE

    start = time.perf_counter()
    map = TSNE(
        perplexity=30, max_iter=iterations, init="pca", method="barnes_hut", random_state=0, n_jobs=2
    ).fit_transform(rows)
seconds = time.perf_counter() - start
np.save(output, np.asarray(map, "f4"))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": seconds, "stages": stages, "mebibytes": peak}))
