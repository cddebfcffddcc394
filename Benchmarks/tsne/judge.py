"""Holds maps against the rows they are of, all by the same formulae.

python judge.py ROWS.npy MAP [MAP...]      a MAP is .npy, or .csv with columns x and y

KL divergence: exact affinities of the 90 nearest rows at perplexity 30, the sum over all pairs in Q.
Recall: share of the 15 nearest rows that are among the 15 nearest points, over 5,000 rows against all.
Trustworthiness (Venna and Kaski, 2001): of the same rows, k = 15, ranks among all rows.
"""

import csv
import json
import sys

import numpy as np


def nearest(rows, count, queries):
    """The `count` nearest of each query but itself, by rising distance: places, cosines."""
    places = np.empty((len(queries), count), np.int32)
    cosines = np.empty((len(queries), count), "f4")
    for start in range(0, len(queries), 1000):
        own = queries[start : start + 1000]
        similar = rows[own] @ rows.T
        similar[np.arange(len(own)), own] = -9
        best = np.argpartition(-similar, count, axis=1)[:, :count]
        values = np.take_along_axis(similar, best, 1)
        order = np.argsort(-values, axis=1)
        places[start : start + 1000] = np.take_along_axis(best, order, 1)
        cosines[start : start + 1000] = np.take_along_axis(values, order, 1)
    return places, cosines


def affinities(rows, perplexity=30):
    """Symmetric p as a sparse matrix."""
    import scipy.sparse

    count = len(rows)
    places, cosines = nearest(rows, 3 * perplexity, np.arange(count))
    distances = (2 * (cosines[:, :1] - cosines)).astype("f8")
    low, high, beta = np.zeros(count), np.full(count, np.inf), np.full(count, 1.0)
    for _ in range(60):
        weights = np.exp(-distances * beta[:, None])
        total = weights.sum(1)
        entropy = np.log(total) + beta * (distances * weights).sum(1) / total
        wide = entropy > np.log(perplexity)
        low, high = np.where(wide, beta, low), np.where(wide, high, beta)
        beta = np.where(np.isinf(high), beta * 2, (low + high) / 2)
    weights /= weights.sum(1, keepdims=True)
    starts = np.arange(0, places.size + 1, places.shape[1])
    one_way = scipy.sparse.csr_matrix((weights.ravel(), places.ravel(), starts), (count, count))
    return ((one_way + one_way.T) / (2 * count)).tocoo()


def divergence(p, points):
    total = 0.0
    for start in range(0, len(points), 500):
        own = points[start : start + 500]
        squared = ((own[:, None] - points[None]) ** 2).sum(2)
        total += (1 / (1 + squared)).sum()
    total -= len(points)
    squared = ((points[p.row] - points[p.col]) ** 2).sum(1)
    return float((p.data * (np.log(p.data) + np.log1p(squared) + np.log(total))).sum())


def quality(rows, points, sampled, k=15):
    """Recall and trustworthiness over the sampled rows."""
    count, hits, penalty = len(rows), 0, 0.0
    for start in range(0, len(sampled), 500):
        own = sampled[start : start + 500]
        similar = rows[own] @ rows.T
        similar[np.arange(len(own)), own] = -9
        ranks = np.empty(similar.shape, np.int32)
        order = np.argsort(-similar, axis=1, kind="stable")
        np.put_along_axis(ranks, order, np.arange(1, count + 1, dtype=np.int32)[None], 1)
        squared = ((points[own][:, None] - points[None]) ** 2).sum(2)
        squared[np.arange(len(own)), own] = np.inf
        close = np.argpartition(squared, k, axis=1)[:, :k]
        close_ranks = np.take_along_axis(ranks, close, 1)
        hits += (close_ranks <= k).sum()
        penalty += np.maximum(0, close_ranks - k).sum()
    worst = len(sampled) * k * (2 * count - 3 * k - 1) / 2
    return hits / (k * len(sampled)), 1 - penalty / worst


def points(path):
    if path.endswith(".npy"):
        return np.load(path).astype("f8")
    with open(path, newline="") as file:
        return np.array([(float(row["x"]), float(row["y"])) for row in csv.DictReader(file)])


rows = np.load(sys.argv[1])
sampled = np.sort(np.random.default_rng(0).choice(len(rows), min(5000, len(rows)), replace=False))
# The sum over all pairs is long for large sets.
p = affinities(rows) if len(rows) <= 70_000 else None
for path in sys.argv[2:]:
    map = points(path)
    recall, trust = quality(rows, map, sampled)
    kl = divergence(p, map) if p is not None else None
    print(json.dumps({"map": path, "kl": kl, "recall": recall, "trustworthiness": trust}))
