"""The same questions to faiss-cpu, and a check of our answers.

    peer.py join ROWS OTHERS|- FLOOR OURS.npy     IndexFlatIP.range_search against our pairs
    peer.py top ROWS QUERIES K FACTORY            one query at a time: latencies, recall against Flat
"""
import json
import sys
import time

import faiss
import numpy as np

faiss.omp_set_num_threads(2)


def ranged(index, queries, floor):
    """range_search in blocks, so that the answer fits into memory."""
    lefts, rights, seconds = [], [], 0.0
    for start in range(0, len(queries), 4096):
        block = np.ascontiguousarray(queries[start:start + 4096])
        began = time.perf_counter()
        limits, _, labels = index.range_search(block, np.nextafter(np.float32(floor), np.float32(-2)))
        seconds += time.perf_counter() - began
        lefts.append(np.repeat(np.arange(start, start + len(block)), np.diff(limits).astype(int)))
        rights.append(labels)
    return np.concatenate(lefts), np.concatenate(rights), seconds


def join(rows, others, floor, ours):
    left = np.load(rows, mmap_mode="r")
    right = left if others == "-" else np.load(others, mmap_mode="r")
    index = faiss.IndexFlatIP(right.shape[1])
    index.add(np.ascontiguousarray(right))
    a, b, seconds = ranged(index, left, floor)
    if others == "-":
        keep = a < b
        a, b = a[keep], b[keep]
    theirs = a * len(right) + b
    pairs = np.load(ours, mmap_mode="r")
    mine = pairs[:, 0].astype("i8") * len(right) + pairs[:, 1].astype("i8")

    def cosines(codes):
        x, y = left[codes // len(right)].astype("f8"), right[codes % len(right)].astype("f8")
        return (x * y).sum(1)

    # Pairs that only one of the two has: right or wrong by a product in double precision.
    missed = np.setdiff1d(theirs, mine)
    extra = np.setdiff1d(mine, theirs)
    print(json.dumps({
        "seconds": seconds, "pairs": len(theirs),
        "missed": int((cosines(missed) >= floor + 1e-7).sum()),
        "missedAtTheBoundary": int((cosines(missed) < floor + 1e-7).sum()),
        "false": int((cosines(extra) < floor - 1e-7).sum()),
        "extraAtTheBoundary": int((cosines(extra) >= floor - 1e-7).sum())}))


def top(rows, queries, k, factory):
    targets, asked = np.load(rows, mmap_mode="r"), np.load(queries)
    index = faiss.index_factory(targets.shape[1], factory, faiss.METRIC_INNER_PRODUCT)
    began = time.perf_counter()
    for start in range(0, len(targets), 65536):
        index.add(np.ascontiguousarray(targets[start:start + 65536]))
    built = time.perf_counter() - began
    index.search(asked[:1], k)
    times, found = [], []
    for query in asked:
        began = time.perf_counter()
        _, labels = index.search(query[None], k)
        times.append(time.perf_counter() - began)
        found.append(labels[0])
    np.save(f"{queries}.{factory}.found.npy", np.array(found))
    print(json.dumps({
        "p50": 1000 * float(np.quantile(times, 0.5)), "p99": 1000 * float(np.quantile(times, 0.99)),
        "buildSeconds": built}))


def same(queries, ours, factory, k):
    """Shares of the neighbours in `ours` that a factory found too, similarities aside."""
    found = np.load(f"{queries}.{factory}.found.npy")
    pairs = np.load(ours)
    mine = pairs[:, 1].astype("i8").reshape(-1, k)
    shares = [len(set(a) & set(b)) / k for a, b in zip(found, mine)]
    print(json.dumps({"agreement": float(np.mean(shares))}))


if __name__ == "__main__":
    what, *arguments = sys.argv[1:]
    if what == "join":
        join(arguments[0], arguments[1], float(arguments[2]), arguments[3])
    elif what == "top":
        top(arguments[0], arguments[1], int(arguments[2]), arguments[3])
    else:
        same(arguments[0], arguments[1], arguments[2], int(arguments[3]))
