#!/usr/bin/env python3
"""The story of a nightly audit, with a night of one minute: a picture of a gallery's person arrives in a
watched folder, is indexed and gated, an audit that fires by the clock finds it, a webhook is told, and the API
that the page reads shows it.

    nightly.py WORKSPACE REFERENCE [--minutes 2]

WORKSPACE is copied; REFERENCE is the folder of its gallery, of which one picture is planted. Prints one
JSON document; ends with 1 where a part of the story did not happen.
"""

import argparse
import hashlib
import hmac
import http.server
import json
import pathlib
import queue
import shutil
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from daemon import UNLIMITED, Daemon, Events, Failed, new_token, processes_of, tool, until  # noqa: E402

API = "/api/v1"
ENDED = ("succeeded", "findings", "failed", "cancelled")


class Receiver:
    """A webhook's other end on loopback. The first message gets 503, to see it sent again."""

    def __init__(self):
        self.messages, self.refused = queue.Queue(), 0
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if receiver.refused == 0:
                    receiver.refused += 1
                    self.send_response(503)
                else:
                    receiver.messages.put((dict(self.headers), body))
                    self.send_response(204)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}/hook"


def is_signed(secret, headers, body):
    """D2R-Signature is t=SECONDS,v1=HEX: HMAC-SHA-256 of SECONDS.ID.BODY, ID being the header D2R-Id."""
    lower = {name.lower(): value for name, value in headers.items()}
    fields = dict(part.split("=", 1) for part in lower.get("d2r-signature", "").split(",") if "=" in part)
    stamp = fields.get("t", "")
    if not stamp.isdigit() or abs(time.time() - int(stamp)) > 300:
        return False
    signed = f"{stamp}.{lower.get('d2r-id', '')}.".encode() + body
    return hmac.compare_digest(fields.get("v1", ""), hmac.new(bytes.fromhex(secret), signed, hashlib.sha256).hexdigest())


class Story:
    def __init__(self, daemon, token, folder, victim, receiver, minutes):
        self.daemon, self.token, self.folder, self.victim = daemon, token, folder, victim
        self.receiver, self.minutes, self.planted = receiver, minutes, f"planted{victim.suffix}"
        self.client = daemon.client(token)
        self.facts, self.faults = {}, []

    def expect(self, holds, what):
        if not holds:
            self.faults.append(what)
            print(what, file=sys.stderr, flush=True)
        return holds

    def tell(self):
        made = self.client.json("POST", f"{API}/alerts", {
            "name": "the team", "kind": "webhook", "target": self.receiver.address, "on": ["findings", "failed"]})
        secret = made["secret"]
        events = Events(self.daemon.address, self.token)
        self.plant()
        schedule = self.client.json("POST", f"{API}/schedules", {
            "name": "nightly audit", "verb": "audit", "arguments": [], "cron": "* * * * *", "timeZone": "UTC",
            "missed": "skip", "overlap": "skip"})
        began = time.time()
        due = schedule["nextAt"]
        self.facts["due"] = due
        audit = self.job_of(schedule, events)
        fired = time.time()
        self.facts["secondsWaited"] = round(fired - began, 1)
        if audit:
            self.expect(audit["state"] == "findings", f"the audit {audit['state']}: {audit['lastWords'][-3:]}")
            self.expect(audit["schedule"]["id"] == schedule["id"], "the job does not name its schedule")
            self.expect(audit["createdAt"][:16] == due[:16], f"due at {due}, the job is of {audit['createdAt']}")
        history = self.client.json("GET", f"{API}/schedules/{schedule['id']}/history")["items"]
        self.expect(any(f["outcome"] == "fired" and audit and f["job"] == audit["id"] for f in history), f"the history is {history}")
        self.client.json("PATCH", f"{API}/schedules/{schedule['id']}", {"paused": True})
        self.look_at_page()
        self.read_message(secret, made["id"])
        events.close()

    def plant(self):
        """A picture arrives, and the gates look at it."""
        watch = self.client.json("POST", f"{API}/watches", {
            "path": str(self.folder), "population": "digital", "layout": "identity-folders", "settleSeconds": 1})
        person = self.folder / "newcomer"
        person.mkdir()
        shutil.copyfile(self.victim, person / self.planted)

        def gated():
            jobs = self.client.json("GET", f"{API}/jobs?limit=50")["items"]
            return [j for j in jobs if j["watch"] == watch["id"] and j["verb"] == "leaks" and j["state"] in ENDED]

        began = time.time()
        leaks = until("the watched folder's picture is gated", 300, gated)[0]
        self.facts["secondsUntilGated"] = round(time.time() - began, 1)
        self.expect(leaks["state"] == "findings", f"the gate for leaks {leaks['state']}: {leaks['lastWords'][-3:]}")
        self.client.json("PATCH", f"{API}/watches/{watch['id']}", {"paused": True})

    def job_of(self, schedule, events):
        """The schedule's first job when it has ended, from the stream of events."""
        end = time.monotonic() + 60 * self.minutes
        while time.monotonic() < end:
            try:
                name, data = events.next(max(0.1, end - time.monotonic()))
            except queue.Empty:
                break
            if name is None:
                break
            if name == "job" and data["schedule"] and data["schedule"]["id"] == schedule["id"] and data["state"] in ENDED:
                return data
        self.expect(False, f"no job of {schedule['name']} ended within {self.minutes} minutes")
        return None

    def look_at_page(self):
        """What the page's views read."""
        audits = self.client.json("GET", f"{API}/audits")["items"]
        if self.expect(audits, "there is no audit"):
            detail = self.client.json("GET", f"{API}/audits/{audits[0]['key']}")
            found = [f for f in detail["findings"] if f["rule"] == "no-unresolved-leaks" and self.planted in f["subject"]]
            self.expect(found, f"no finding names {self.planted}: {[f['subject'] for f in detail['findings']][:8]}")
            self.facts["finding"] = found[0] if found else None
        status = self.client.json("GET", f"{API}/status")
        self.expect(status["verdict"] == "findings", f"the verdict is {status['verdict']}")
        self.expect(status["review"]["leaks"] > 0, "no leak waits for review")
        self.expect(status["trend"], "the trend is empty")
        review = self.client.json("GET", f"{API}/review?kind=leak&limit=100")["items"]
        pair = next((p for p in review if p["removed"]["path"].endswith(self.planted)), None)
        self.expect(pair, "the planted picture is not in the review")
        if pair:
            self.expect(pair["kept"]["isReal"], "the gallery's picture does not count as real")
            hidden = self.client.get(f"{API}/images/{pair['kept']['id']}/picture")
            self.expect(hidden.headers.get("x-picture") == "hidden", "the real person is shown unasked")
        page = self.client.get("/", token=None)
        self.expect(page.status == 200 and page.headers["content-type"].startswith("text/html"), f"the page: {page}")

    def read_message(self, secret, alert):
        headers, end = None, time.monotonic() + 120
        while headers is None and time.monotonic() < end:
            try:
                headers, body = self.receiver.messages.get(timeout=1)
            except queue.Empty:
                continue
            self.expect(is_signed(secret, headers, body), f"the signature does not hold: {headers}")
            if json.loads(body)["job"]["verb"] != "audit":
                headers = None
        if headers is None:
            deliveries = self.client.json("GET", f"{API}/alerts/deliveries")["items"]
            self.expect(False, f"no webhook came; deliveries: {deliveries[:3]}")
            return
        self.expect(self.receiver.refused == 1, "the refused message was not seen")
        self.expect(not is_signed("00" * 32, headers, body), "any secret would do")
        message = json.loads(body)
        self.expect(message["event"] == "findings" and message["job"]["schedule"]["name"] == "nightly audit", f"the message is {message}")
        self.facts["message"] = message["title"]
        until("the refused message, sent again", 60, self.was_sent_again)

    def was_sent_again(self):
        deliveries = self.client.json("GET", f"{API}/alerts/deliveries")["items"]
        return any(d["state"] == "delivered" and d["attempts"] > 1 for d in deliveries)


def planted_workspace(options, scratch):
    """A copy of the workspace, an empty folder to watch, and a picture of the gallery."""
    place = scratch / "workspace"
    shutil.copytree(options.workspace, place)
    victim = next(file for file in sorted(options.reference.rglob("*")) if file.suffix in (".png", ".jpg"))
    folder = scratch / "incoming"
    folder.mkdir()
    tool("calibrate", "--cohort", "reference", "--quiet", "--workspace", place)
    return place, folder, victim


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("workspace", type=pathlib.Path)
    parser.add_argument("reference", type=pathlib.Path)
    parser.add_argument("--minutes", type=float, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="d2r-nightly-") as scratch:
        place, folder, victim = planted_workspace(options, pathlib.Path(scratch).resolve())
        token = new_token(place)
        with Daemon(place, *UNLIMITED) as daemon:
            story = Story(daemon, token, folder, victim, Receiver(), options.minutes)
            try:
                story.tell()
            except (Failed, OSError) as error:
                story.expect(False, f"{error}\n{daemon.last_words(5)}")
            if daemon.is_running():
                story.expect(daemon.stop() == 0, "SIGTERM did not end it in order")
            story.expect(not processes_of(place), "processes were left over")
    print(json.dumps({**story.facts, "faults": story.faults}, indent=2))
    return 1 if story.faults else 0


if __name__ == "__main__":
    sys.exit(main())
