"""Clients that search over kept-alive connections, and a check that every answer is right.

    load.py prepare ROWS.npy COUNT OUT.npz           queries near rows, and their nearest by brute force
    load.py run ADDRESS OUT.npz CLIENTS SECONDS      JSON: p50, p99, QPS, wrong answers, errors

The token is in the variable D2R_TOKEN. Each client is a process with one connection; answers are
parsed and checked after the clock has stopped.
"""

import http.client
import json
import multiprocessing
import os
import sys
import time
import urllib.parse

import numpy as np

COUNT = 10
BLOCK = 65536
# Two similarities that differ by less may stand in either order: float32 against double precision.
EQUAL = 2e-7


def unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def prepare(rows_file, count, out):
    """As the search benchmark: noisy copies of rows; the reference in double precision."""
    rows = np.load(rows_file, mmap_mode="r")
    random = np.random.default_rng(5)
    picked = rows[np.sort(random.choice(len(rows), count, replace=False))].astype("f4")
    noise = unit(random.standard_normal(picked.shape, dtype="f4"))
    queries = unit(picked + 0.4 * noise).astype("<f4")
    keep = COUNT + 20
    best = np.zeros((count, 0), "f4")
    where = np.zeros((count, 0), "i8")
    for start in range(0, len(rows), BLOCK):
        block = np.ascontiguousarray(rows[start:start + BLOCK])
        best = np.concatenate([best, queries @ block.T], axis=1)
        where = np.concatenate([where, np.broadcast_to(np.arange(start, start + len(block)), (count, len(block)))], axis=1)
        order = np.argpartition(-best, min(keep, best.shape[1]) - 1, axis=1)[:, :keep]
        best, where = np.take_along_axis(best, order, 1), np.take_along_axis(where, order, 1)
    exact = np.stack([unit(rows[w].astype("f8")) @ unit(q[None].astype("f8"))[0] for w, q in zip(where, queries)])
    order = np.argsort(-exact, axis=1)[:, :COUNT + 1]
    np.savez(out, queries=queries, rows=np.take_along_axis(where, order, 1), similarities=np.take_along_axis(exact, order, 1))


def bodies(queries):
    return [
        json.dumps({"vector": [float(v) for v in query], "space": "identity", "count": COUNT}).encode()
        for query in queries
    ]


def client(number, address, sent, token, begin, seconds, results):
    parts = urllib.parse.urlsplit(address)
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    times, answers, errors = [], [], []
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=120)
    try:
        connection.connect()
    except OSError as error:
        results.put(([], [], [repr(error)], seconds))
        return
    begin.wait()
    end = time.perf_counter() + seconds
    asked = number * 61
    while time.perf_counter() < end:
        which = asked % len(sent)
        asked += 1
        start = time.perf_counter()
        try:
            connection.request("POST", "/api/v1/search", sent[which], headers)
            answer = connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException) as error:
            errors.append(repr(error))
            connection.close()
            continue
        times.append(time.perf_counter() - start)
        if answer.status == 200:
            answers.append((which, body))
        else:
            errors.append(f"{answer.status} {body[:200]!r}")
    found = [(which, *hits(body)) for which, body in answers]
    results.put((times, found, errors, time.perf_counter() - end + seconds))


def hits(body):
    """Rows (an imported vector's path is its row) and similarities of an answer."""
    found = json.loads(body)["hits"]
    return [int(hit["image"]["path"].rpartition("-")[2]) for hit in found], [hit["similarity"] for hit in found]


def is_right(rows, similarities, true_rows, true_similarities):
    """Every hit has the true similarity of its place, and is the true row where that is not a tie."""
    if len(rows) != COUNT or len(set(rows)) != COUNT:
        return False
    if np.abs(np.array(similarities) - true_similarities[:COUNT]).max() > 1e-6:
        return False
    for place, row in enumerate(rows):
        if row != true_rows[place]:
            among = [r for r, s in zip(true_rows, true_similarities) if abs(s - true_similarities[place]) < EQUAL]
            if row not in among:
                return False
    return True


def run(address, reference, clients, seconds, token=None):
    known = np.load(reference)
    sent = bodies(known["queries"])
    context = multiprocessing.get_context("spawn")
    results, begin = context.Queue(), context.Event()
    workers = [
        context.Process(target=client, args=(n, address, sent, token, begin, seconds, results))
        for n in range(clients)
    ]
    for worker in workers:
        worker.start()
    time.sleep(2)
    begin.set()
    done = [results.get(timeout=seconds + 300) for _ in workers]
    for worker in workers:
        worker.join()
    times = np.concatenate([d[0] for d in done])
    if not len(times):
        raise ConnectionError(f"no answer: {done[0][2][:1]}")
    found = [f for d in done for f in d[1]]
    wrong = sum(not is_right(r, s, known["rows"][w], known["similarities"][w]) for w, r, s in found)
    errors = [e for d in done for e in d[2]]
    span = max(d[3] for d in done)
    return {
        "clients": clients, "requests": len(times), "seconds": round(span, 3),
        "p50Milliseconds": 1000 * float(np.quantile(times, 0.5)),
        "p99Milliseconds": 1000 * float(np.quantile(times, 0.99)),
        "perSecond": len(times) / span, "wrong": wrong, "errors": len(errors), "firstErrors": errors[:3],
    }


if __name__ == "__main__":
    what, *arguments = sys.argv[1:]
    if what == "prepare":
        prepare(arguments[0], int(arguments[1]), arguments[2])
    else:
        answer = run(arguments[0], arguments[1], int(arguments[2]), float(arguments[3]), os.environ.get("D2R_TOKEN"))
        print(json.dumps(answer))
