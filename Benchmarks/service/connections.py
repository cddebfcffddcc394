#!/usr/bin/env python3
"""Many connections at once to a daemon on a copy of a workspace: idle event streams that must all hear an
event, then active ones that all ask in turn.

    connections.py WORKSPACE [--idle 10000] [--active 1000] [--seconds 20] [--processes 4] [--json FILE]
"""

import argparse
import json
import multiprocessing
import pathlib
import resource
import selectors
import shutil
import socket
import sys
import tempfile
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Tests/ServiceTests/Programs"))
from daemon import UNLIMITED, Daemon, descriptors, new_token, resident  # noqa: E402

API = "/api/v1"


def allow_descriptors(wanted):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, wanted))
            return
        except (ValueError, OSError):
            raise SystemExit(f"{hard} descriptors are allowed and {wanted} needed: ulimit -Hn") from None
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))


def request(path, host, token):
    return (f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\r\n").encode()


def open_all(host, port, count, chooser, faults):
    """Connections opened some at a time, so that no backlog overflows."""
    opened = []
    for number in range(count):
        try:
            opened.append(socket.create_connection((host, port), timeout=30))
        except OSError as error:
            faults.append(f"connect: {error!r}")
            continue
        opened[-1].setblocking(False)
        chooser.register(opened[-1], selectors.EVENT_READ)
        if number % 100 == 99:
            time.sleep(0.01)
    return opened


def idle(address, token, count, pipe):
    """Holds event streams; says when all are open, waits for a word, says how many heard a job."""
    allow_descriptors(count + 64)
    parts = urllib.parse.urlsplit(address)
    chooser, faults = selectors.DefaultSelector(), []
    opened = open_all(parts.hostname, parts.port, count, chooser, faults)
    asked = request(f"{API}/events", parts.netloc, token)
    for one in opened:
        one.sendall(asked)
    said = {one: b"" for one in opened}

    def gather(done, seconds):
        end = time.monotonic() + seconds
        left = {one for one in opened if not done(said[one])}
        while left and time.monotonic() < end:
            for key, _ in chooser.select(0.5):
                one = key.fileobj
                try:
                    data = one.recv(65536)
                except BlockingIOError:
                    continue
                except OSError as error:
                    data = b""
                    faults.append(f"read: {error!r}")
                if not data:
                    chooser.unregister(one)
                    faults.append("a stream was closed")
                    left.discard(one)
                    continue
                # The head, and what came last.
                said[one] = (said[one] + data) if len(said[one]) < 8192 else said[one][:256] + data
                if done(said[one]):
                    left.discard(one)
        return len(opened) - len(left)

    streams = gather(lambda text: text.startswith(b"HTTP/1.1 200") and b"\r\n\r\n" in text, 120)
    pipe.send((streams, faults))
    pipe.recv()
    heard = gather(lambda text: b"event: job" in text or b"event:job" in text, 60)
    pipe.send((heard, faults))
    pipe.recv()
    for one in opened:
        one.close()


def active(address, token, count, seconds, pipe):
    """Connections that each ask, wait for the answer and ask again."""
    allow_descriptors(count + 64)
    parts = urllib.parse.urlsplit(address)
    chooser, faults, times = selectors.DefaultSelector(), [], []
    opened = open_all(parts.hostname, parts.port, count, chooser, faults)
    asked = request(f"{API}/session", parts.netloc, token)
    pipe.send("open")
    pipe.recv()
    state = {}
    end = time.monotonic() + seconds
    for one in opened:
        one.sendall(asked)
        state[one] = [time.perf_counter(), b""]
    waiting = set(opened)
    while waiting and time.monotonic() < end + 60:
        for key, _ in chooser.select(0.5):
            one = key.fileobj
            try:
                data = one.recv(65536)
            except BlockingIOError:
                continue
            except OSError as error:
                data = b""
                faults.append(f"read: {error!r}")
            if not data:
                faults.append("a connection was closed")
                chooser.unregister(one)
                waiting.discard(one)
                continue
            state[one][1] += data
            head, ended, body = state[one][1].partition(b"\r\n\r\n")
            if not ended or len(body) < length_of(head):
                continue
            times.append(time.perf_counter() - state[one][0])
            if not head.startswith(b"HTTP/1.1 200"):
                faults.append(head[:60].decode(errors="replace"))
            if time.monotonic() < end:
                state[one] = [time.perf_counter(), b""]
                one.sendall(asked)
            else:
                waiting.discard(one)
    faults += ["no answer"] * len(waiting)
    pipe.send((times, faults))


def length_of(head):
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def spread(count, processes):
    return [count // processes + (n < count % processes) for n in range(processes)]


def children(work, address, token, counts, *more):
    found = []
    for count in counts:
        ours, theirs = multiprocessing.Pipe()
        process = multiprocessing.Process(target=work, args=(address, token, count, *more, theirs), daemon=True)
        process.start()
        found.append((process, ours))
    return found


def said_by(pipes, seconds):
    found = []
    for _, pipe in pipes:
        assert pipe.poll(seconds), "a client process did not answer"
        found.append(pipe.recv())
    return found


def idle_streams(daemon, token, options):
    client = daemon.client(token)
    before = resident(daemon.pid)[0]
    pipes = children(idle, daemon.address, token, spread(options.idle, options.processes))
    opened = said_by(pipes, 300)
    streams = sum(count for count, _ in opened)
    time.sleep(min(20, options.seconds))
    asked = []
    for _ in range(200):
        began = time.perf_counter()
        client.json("GET", f"{API}/session")
        asked.append(time.perf_counter() - began)
    during, open_descriptors = resident(daemon.pid)[0], descriptors(daemon.pid)
    for _, pipe in pipes:
        pipe.send("listen")
    began = time.perf_counter()
    client.json("POST", f"{API}/jobs", {"verb": "report audit", "arguments": []})
    heard = said_by(pipes, 120)
    seconds = time.perf_counter() - began
    for process, pipe in pipes:
        pipe.send("end")
        process.join(60)
    return {
        "wanted": options.idle, "streams": streams, "heardTheEvent": sum(count for count, _ in heard),
        "secondsUntilAllHeard": round(seconds, 3), "faults": [fault for _, faults in heard for fault in faults][:5],
        "descriptors": open_descriptors, "ownBytesPerStream": round((during - before) / max(1, streams)),
        "p99MillisecondsOfOthers": 1000 * sorted(asked)[int(len(asked) * 0.99)],
    }


def active_connections(daemon, token, options):
    pipes = children(active, daemon.address, token, spread(options.active, options.processes), options.seconds)
    said_by(pipes, 120)
    for _, pipe in pipes:
        pipe.send("go")
    found = said_by(pipes, options.seconds + 180)
    for process, _ in pipes:
        process.join(60)
    times = sorted(t for times, _ in found for t in times)
    faults = [fault for _, faults in found for fault in faults]
    return {
        "wanted": options.active, "answers": len(times), "perSecond": len(times) / options.seconds, "faults": len(faults),
        "firstFaults": faults[:5], "p50Milliseconds": 1000 * times[len(times) // 2] if times else None,
        "p99Milliseconds": 1000 * times[int(len(times) * 0.99)] if times else None,
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("workspace", type=pathlib.Path)
    parser.add_argument("--idle", type=int, default=10_000)
    parser.add_argument("--active", type=int, default=1_000)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    multiprocessing.set_start_method("spawn")
    # The daemon inherits the limit.
    allow_descriptors(options.idle + 1024)
    with tempfile.TemporaryDirectory(prefix="d2r-connections-") as scratch:
        place = pathlib.Path(scratch) / "workspace"
        shutil.copytree(options.workspace, place)
        token = new_token(place)
        with Daemon(place, *UNLIMITED) as daemon:
            report = {"idle": idle_streams(daemon, token, options), "active": active_connections(daemon, token, options)}
            time.sleep(5)
            report["descriptorsAfter"] = descriptors(daemon.pid)
            report["alive"] = daemon.is_running()
            report["exitCode"] = daemon.stop()
    print(json.dumps(report, indent=2))
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n")
    streams, connections = report["idle"], report["active"]
    good = (streams["streams"] == streams["heardTheEvent"] == options.idle and not streams["faults"] and not connections["faults"]
            and report["alive"] and report["exitCode"] == 0 and report["descriptorsAfter"] < 100)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
