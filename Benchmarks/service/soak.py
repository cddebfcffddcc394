#!/usr/bin/env python3
"""Ten minutes of mixed load on a copy of a workspace: no error, and no growth of memory or descriptors.

    soak.py WORKSPACE [--seconds 600] [--clients 8] [--seed 1] [--json FILE]
"""

import argparse
import collections
import json
import pathlib
import random
import shutil
import statistics
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Tests/ServiceTests/Programs"))
from daemon import UNLIMITED, Daemon, Events, Failed, descriptors, new_token, processes_of, resident, tool  # noqa: E402

API = "/api/v1"
READS = ("/session", "/status", "/images?limit=50", "/identities?limit=50", "/deltas", "/deltas/drift", "/maps", "/pairs?limit=20",
         "/review?limit=20", "/decisions?limit=50", "/quota", "/audits", "/reports", "/verbs", "/jobs?limit=20", "/schedules",
         "/watches", "/alerts", "/alerts/deliveries", "/tokens", "/access-log?limit=20", "/settings", "/openapi.json")


class Worker(threading.Thread):
    """One client that does one thing after another, each drawn by its own dice."""

    def __init__(self, number, daemon, token, seed, ground, end):
        super().__init__(daemon=True)
        self.dice = random.Random(seed * 1000 + number)
        self.daemon_process, self.token, self.ground, self.end = daemon, token, ground, end
        self.client = daemon.client(token)
        self.times, self.faults, self.counts = [], [], collections.Counter()
        self.acts = [(40, self.read), (20, self.search), (15, self.picture), (6, self.answer), (6, self.decide),
                     (5, self.unchanged), (4, self.listen), (2, self.job), (2, self.wrong)]

    def run(self):
        weights = [weight for weight, _ in self.acts]
        while time.monotonic() < self.end:
            act = self.dice.choices([act for _, act in self.acts], weights)[0]
            try:
                act()
                self.counts[act.__name__] += 1
            except Exception as error:  # noqa: BLE001 - every failure is a finding
                self.faults.append(f"{act.__name__}: {error!r}")
                self.client.close()
        self.client.close()

    def call(self, method, path, body=None, allowed=(200, 201), headers=()):
        began = time.perf_counter()
        answer = self.client.call(method, path, body, headers)
        self.times.append(time.perf_counter() - began)
        if answer.status not in allowed:
            raise Failed(f"{method} {path}: {answer}")
        return answer

    def read(self):
        self.call("GET", API + self.dice.choice(READS))

    def search(self):
        space, width = self.dice.choice(self.ground["spaces"])
        body = {"space": space, "count": self.dice.randrange(1, 30)}
        if self.dice.random() < 0.5 and self.ground["images"]:
            body["image"] = self.dice.choice(self.ground["images"])
        else:
            body["vector"] = [self.dice.gauss(0, 1) for _ in range(width)]
        # An image may have no vector in a space.
        self.call("POST", f"{API}/search", body, (200, 404, 422) if "image" in body else (200,))

    def picture(self):
        image = self.dice.choice(self.ground["images"])
        reveal = "&reveal=true" if self.dice.random() < 0.2 else ""
        self.call("GET", f"{API}/images/{image}/picture?edge={self.dice.choice((64, 128, 256))}{reveal}", allowed=(200, 404))

    def answer(self):
        open_pairs = self.call("GET", f"{API}/review?limit=50").json()["items"]
        if open_pairs:
            pair = self.dice.choice(open_pairs)["pair"]
            # Another client may have been first.
            self.call("POST", f"{API}/review/answers", {"pair": pair, "answer": "unsure"}, (200, 409))
        self.call("POST", f"{API}/review/undo", {})

    def decide(self):
        image = self.dice.choice(self.ground["images"])
        # Another client may have let go of the same image first.
        for action, allowed in (("protect", (200, 201)), ("unprotect", (200, 201, 422))):
            self.call("POST", f"{API}/decisions", {"images": [image], "action": action, "reason": "soak"}, allowed)

    def unchanged(self):
        path = API + self.dice.choice(("/images?limit=100", "/identities", "/maps", "/verbs"))
        tag = self.call("GET", path).headers.get("etag")
        if tag:
            self.call("GET", path, allowed=(200, 304), headers={"If-None-Match": tag})

    def listen(self):
        events = Events(self.daemon_process.address, self.token)
        time.sleep(self.dice.random())
        events.close()

    def job(self):
        with self.ground["lock"]:
            if self.ground["jobs"] >= self.ground["most"]:
                return
            self.ground["jobs"] += 1
        self.call("POST", f"{API}/jobs", {"verb": self.dice.choice(("report audit", "report summary", "audit")), "arguments": []})

    def wrong(self):
        self.call("GET", f"{API}/images/999999999", allowed=(404,))
        self.call("POST", f"{API}/search", {"space": "no-such"}, (400, 404, 422))


def watch(daemon, end, samples):
    while time.monotonic() < end and daemon.is_running():
        own, whole = resident(daemon.pid)
        samples.append((time.monotonic(), own, whole, descriptors(daemon.pid)))
        time.sleep(1)


def growth(samples):
    """Medians of memory and least descriptors of the second and the last fifth."""
    fifth = max(1, len(samples) // 5)
    early, late = samples[fifth:2 * fifth] or samples, samples[-fifth:]
    return {
        "ownMiB": [statistics.median(s[1] for s in part) / 2**20 for part in (early, late)],
        "residentMiB": [statistics.median(s[2] for s in part) / 2**20 for part in (early, late)],
        "descriptors": [min(s[3] for s in part) for part in (early, late)],
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("workspace", type=pathlib.Path)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="d2r-soak-") as scratch:
        place = pathlib.Path(scratch) / "workspace"
        shutil.copytree(options.workspace, place)
        token = new_token(place)
        with Daemon(place, *UNLIMITED) as daemon:
            report = soak(daemon, token, options)
            code = daemon.stop()
        left = processes_of(place)
        problems = json.loads(tool("verify", "--json", "--quiet", "--workspace", place))["problems"]
    report.update({"exitCode": code, "leftOver": len(left), "problems": problems})
    bad = judged(report)
    report["verdict"] = bad or "no error, no growth"
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n")
    print(json.dumps(report, indent=2))
    return 1 if bad else 0


def soak(daemon, token, options):
    client = daemon.client(token)
    status = client.json("GET", f"{API}/status")
    ground = {
        "spaces": [(space["space"], space["width"]) for space in status["spaces"]],
        "images": [image["id"] for image in client.json("GET", f"{API}/images?limit=500")["items"]],
        "lock": threading.Lock(), "jobs": 0, "most": max(2, int(options.seconds / 5)),
    }
    began = time.monotonic()
    end, samples = began + options.seconds, []
    workers = [Worker(n, daemon, token, options.seed, ground, end) for n in range(options.clients)]
    watcher = threading.Thread(target=watch, args=(daemon, end, samples), daemon=True)
    for thread in (*workers, watcher):
        thread.start()
    for thread in (*workers, watcher):
        thread.join(options.seconds + 120)
    alive = daemon.is_running()
    times = sorted(t for worker in workers for t in worker.times)
    faults = [fault for worker in workers for fault in worker.faults]
    counts = sum((worker.counts for worker in workers), collections.Counter())
    settled = idle(daemon) if alive else None
    return {
        "seconds": round(time.monotonic() - began, 1), "clients": options.clients, "requests": len(times), "acts": dict(counts),
        "p50Milliseconds": 1000 * times[len(times) // 2], "p99Milliseconds": 1000 * times[int(len(times) * 0.99)],
        "faults": len(faults), "firstFaults": faults[:10], "alive": alive, "growth": growth(samples), "settled": settled,
    }


def idle(daemon):
    """Memory and descriptors five seconds after the last request."""
    time.sleep(5)
    own, whole = resident(daemon.pid)
    return {"ownMiB": own / 2**20, "residentMiB": whole / 2**20, "descriptors": descriptors(daemon.pid)}


def judged(report):
    """What is wrong, in words."""
    bad = []
    if report["faults"]:
        bad.append(f"{report['faults']} faults")
    if not report["alive"]:
        bad.append("the daemon is gone")
    early, late = report["growth"]["ownMiB"]
    if late > early * 1.1 + 16:
        bad.append(f"memory of its own grew from {early:.0f} to {late:.0f} MiB")
    first, last = report["growth"]["descriptors"]
    if last > first + 8:
        bad.append(f"open descriptors grew from {first} to {last}")
    if report["exitCode"] != 0:
        bad.append(f"SIGTERM ended it with {report['exitCode']}")
    if report["leftOver"]:
        bad.append(f"{report['leftOver']} processes left over")
    if report["problems"]:
        bad.append(f"verify: {report['problems'][:2]}")
    return "; ".join(bad)


if __name__ == "__main__":
    sys.exit(main())
