#!/usr/bin/env python3
"""What it costs to have the daemon run a verb rather than to type it, on a copy of a workspace: from
the request to the event that it runs, and a whole job against the bare command, in turn.

    job_start.py WORKSPACE [--rounds 40] [--verb "report audit"] [--json FILE]
"""

import argparse
import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Tests/ServiceTests/Programs"))
from daemon import TOOL, UNLIMITED, Daemon, Events, Failed, new_token  # noqa: E402

API = "/api/v1"
ENDED = ("succeeded", "findings", "failed", "cancelled")


def one_job(client, events, verb):
    """Seconds until it runs, and until it has ended."""
    began = time.perf_counter()
    job = client.json("POST", f"{API}/jobs", {"verb": verb, "arguments": []})
    running = None
    while True:
        name, data = events.next(60)
        if name is None:
            raise Failed("the stream of events ended")
        if name != "job" or data["id"] != job["id"]:
            continue
        now = time.perf_counter() - began
        if data["state"] == "running" and running is None:
            running = now
        if data["state"] in ENDED:
            if data["state"] not in ("succeeded", "findings"):
                raise Failed(f"the job {data['state']}: {data['lastWords']}")
            return running if running is not None else now, now


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("workspace", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--verb", default="report audit")
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="d2r-job-start-") as scratch:
        place = pathlib.Path(scratch) / "workspace"
        shutil.copytree(options.workspace, place)
        token = new_token(place)
        starts, jobs, bare = [], [], []
        words = [TOOL, *options.verb.split(), "--json", "--quiet", "--workspace", str(place)]
        with Daemon(place, *UNLIMITED) as daemon:
            client, events = daemon.client(token), Events(daemon.address, token)
            for number in range(options.rounds + 3):
                began = time.perf_counter()
                subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
                alone = time.perf_counter() - began
                start, whole = one_job(client, events, options.verb)
                # The first ones fill caches.
                if number >= 3:
                    bare.append(alone)
                    starts.append(start)
                    jobs.append(whole)
            events.close()
            daemon.stop()
    report = {
        "rounds": options.rounds, "verb": options.verb,
        "untilItRunsMilliseconds": {"p50": 1000 * statistics.median(starts), "p99": 1000 * sorted(starts)[int(len(starts) * 0.99)]},
        "bareCommandMilliseconds": 1000 * statistics.median(bare), "wholeJobMilliseconds": 1000 * statistics.median(jobs),
        "overheadMilliseconds": 1000 * statistics.median(j - b for j, b in zip(jobs, bare)),
    }
    print(json.dumps(report, indent=2))
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n")
    return 0 if report["overheadMilliseconds"] < 100 else 1


if __name__ == "__main__":
    sys.exit(main())
