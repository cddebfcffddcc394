"""Search through HTTP: the daemon against faiss-cpu's Flat index behind FastAPI, in one run, in turn.

    compare.py FOLDER [COUNT [WIDTH]] [--clients 8] [--seconds 20] [--rounds 3] [--batch]

Makes what is not in FOLDER yet: the vectors of Benchmarks/search/data.py, a workspace that took them
in, a faiss index file and the right answers of 500 queries. Writes FOLDER/service.json.
"""

import argparse
import http.client
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
PROJECT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(PROJECT / "Tests/ServiceTests/Programs")]
sys.dont_write_bytecode = True

import faiss  # noqa: E402
import load  # noqa: E402
import numpy as np  # noqa: E402
from daemon import UNLIMITED, Client, Daemon, new_token, resident, tool  # noqa: E402


class Peer:
    """peer_server.py on a free port."""

    def __init__(self, index, batches):
        self.index, self.batches, self.process, self.token = index, batches, None, None

    def start(self):
        with subprocess.Popen([sys.executable, "-c", "import socket as s; a = s.socket(); a.bind(('127.0.0.1', 0)); print(a.getsockname()[1])"],
                              stdout=subprocess.PIPE, text=True) as free:
            port = free.stdout.read().strip()
        self.address = f"http://127.0.0.1:{port}"
        words = [sys.executable, str(HERE / "peer_server.py"), str(self.index), port]
        self.process = subprocess.Popen(words + ["--batch"] * self.batches)

    def stop(self):
        self.process.terminate()
        self.process.wait()

    @property
    def pid(self):
        return self.process.pid


class Ours:
    def __init__(self, workspace):
        self.token = new_token(workspace, "reader", f"bench-{time.time_ns()}")
        self.daemon = Daemon(workspace, *UNLIMITED)

    def start(self):
        self.daemon.start(seconds=300)
        self.address = self.daemon.address

    def stop(self):
        self.daemon.stop()

    @property
    def pid(self):
        return self.daemon.pid


def first_answer(server, known, body):
    """Seconds from exec to the first right answer."""
    began = time.perf_counter()
    server.start()
    while time.perf_counter() - began < 600:
        try:
            answer = Client(server.address, server.token).call("POST", "/api/v1/search", body)
        except (OSError, http.client.HTTPException):
            time.sleep(0.005)
            continue
        if answer.status == 200:
            seconds = time.perf_counter() - began
            assert load.is_right(*load.hits(answer.body), known["rows"][0], known["similarities"][0]), "the first answer is wrong"
            return seconds
        assert answer.status == 503, answer
        time.sleep(0.005)
    raise TimeoutError("no answer in ten minutes")


def ready(folder, count, width):
    """The files of FOLDER; what is there is kept."""
    rows = folder / f"clustered-{count}-{width}.npy"
    if not rows.exists():
        subprocess.run([sys.executable, str(PROJECT / "Benchmarks/search/data.py"), "clustered", str(count), str(width), str(rows)], check=True)
    workspace = folder / f"workspace-{count}-{width}"
    if not (workspace / "imported").exists():
        tool("init", workspace, "--quiet")
        began = time.perf_counter()
        tool("embeddings", "import", rows, "--space", "identity", "--population", "digital", "--quiet", "--workspace", workspace, seconds=3600)
        (workspace / "imported").write_text(f"{time.perf_counter() - began:.1f}\n")
    index = folder / f"flat-{count}-{width}.faiss"
    if not index.exists():
        flat = faiss.IndexFlatIP(width)
        flat.add(np.load(rows))
        faiss.write_index(flat, str(index))
    answers = folder / f"answers-{count}-{width}.npz"
    if not answers.exists():
        load.prepare(str(rows), 500, str(answers))
    return workspace, index, answers


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("count", type=int, nargs="?", default=1_000_000)
    parser.add_argument("width", type=int, nargs="?", default=512)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--batch", action="store_true", help="a peer that searches waiting requests together, too")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    workspace, index, answers = ready(options.folder, options.count, options.width)
    known = np.load(answers)
    body = load.bodies(known["queries"][:1])[0]
    servers = {"ours": Ours(workspace), "peer": Peer(index, False)}
    if options.batch:
        servers["batching peer"] = Peer(index, True)
    report = {"count": options.count, "width": options.width, "clients": options.clients, "processors": os.cpu_count(), "servers": {}}
    for name, server in servers.items():
        starts = []
        for _ in range(options.rounds):
            starts.append(first_answer(server, known, body))
            server.stop()
        report["servers"][name] = {"startSeconds": starts, "rounds": []}
        print(f"{name}: exec to the first right answer {', '.join(f'{s:.2f}' for s in starts)} s", flush=True)
    for server in servers.values():
        first_answer(server, known, body)
    try:
        for number in range(options.rounds):
            for name, server in servers.items():
                found = load.run(server.address, str(answers), options.clients, options.seconds, server.token)
                report["servers"][name]["rounds"].append(found)
                print(f"round {number + 1}, {name}: p50 {found['p50Milliseconds']:.1f} ms, p99 {found['p99Milliseconds']:.1f} ms, "
                      f"{found['perSecond']:.1f}/s, {found['requests']} answers, {found['wrong']} wrong, {found['errors']} errors", flush=True)
        for name, server in servers.items():
            own, whole = resident(server.pid)
            report["servers"][name].update({"ownBytes": own, "residentBytes": whole})
            print(f"{name}: {own / 2**20:.0f} MiB of its own, {whole / 2**20:.0f} MiB with mapped files", flush=True)
    finally:
        for server in servers.values():
            server.stop()
    ours = report["servers"]["ours"]
    for name, theirs in list(report["servers"].items())[1:]:
        ratios = {key: statistics.median(t[key] / o[key] for t, o in zip(theirs["rounds"], ours["rounds"]))
                  for key in ("p50Milliseconds", "p99Milliseconds", "perSecond")}
        ratios["perSecond"] = 1 / ratios["perSecond"]
        report[f"{name} to ours"] = ratios
        print(f"{name} to ours, median of {options.rounds}: p50 {ratios['p50Milliseconds']:.1f}, p99 {ratios['p99Milliseconds']:.1f}, "
              f"searches per second {ratios['perSecond']:.1f} times as many")
    (options.folder / "service.json").write_text(json.dumps(report, indent=2) + "\n")
    bad = sum(r["wrong"] + r["errors"] for s in report["servers"].values() for r in s["rounds"])
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
