#!/usr/bin/env python3
"""Kills the daemon at random moments while jobs run and decisions and answers are written, starts it
again each time, and holds what is there in the end against a run that nobody disturbed.

    kill_service.py WORKSPACE PICTURES [--kills 20] [--seed 1] [--most 1.5]

WORKSPACE is copied; PICTURES is a folder of people's folders, parts of which the jobs index. Prints one
JSON document; ends with 1 where a write was lost or doubled, a job was lost, a process was left over,
the ledger's chain is broken, or the catalogs differ.
"""

import argparse
import http.client
import json
import pathlib
import random
import shutil
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from daemon import UNLIMITED, Client, Daemon, Failed, new_token, processes_of, tool, until  # noqa: E402

API = "/api/v1"
AUTHOR = "killer"
ENDED = ("succeeded", "findings", "failed", "cancelled")
LOST = (OSError, http.client.HTTPException, Failed)


def parts_of(pictures, scratch, count):
    """Small folders of pictures for jobs to index, the same ones for every run."""
    people = sorted(path for path in pictures.iterdir() if path.is_dir())
    folders = []
    for number in range(count):
        folder = scratch / "parts" / f"part-{number:02d}"
        person = people[number % len(people)]
        target = folder / f"person-{number:02d}"
        target.mkdir(parents=True)
        for file in sorted(person.glob("*.png"))[:5]:
            shutil.copyfile(file, target / file.name)
        folders.append(folder)
    return folders


class Script(threading.Thread):
    """Writes one thing after another, each exactly once however often the daemon goes away: what was not
    acknowledged is looked for, and sent again only where it is not there."""

    def __init__(self, run, folders, images, pairs):
        super().__init__(daemon=True)
        self.run_, self.fault = run, None
        self.acknowledged = {"jobs": [], "decisions": [], "answers": []}
        self.resent = 0
        self.steps = []
        for number, folder in enumerate(folders):
            self.steps.append((self.submit, "index", [str(folder), "--population", "real", "--crop", "aligned"]))
            self.steps.append((self.submit, "report audit", []))
        for number in range(3 * len(folders)):
            self.steps.append((self.decide, images[number % len(images)], f"kill-{number}", ("protect", "unprotect")[number // len(images) % 2]))
        for number, pair in enumerate(pairs):
            self.steps.append((self.answer, pair, f"kill-answer-{number}"))
        # Mixed, but in the same order in every run.
        random.Random(5).shuffle(self.steps)
        index = [step for step in self.steps if step[1] == "index"]
        in_order = iter(sorted(index, key=lambda step: step[2][0]))
        self.steps = [next(in_order) if step[1] == "index" else step for step in self.steps]

    def run(self):
        try:
            for number, (act, *words) in enumerate(self.steps):
                act(number, *words)
                time.sleep(self.run_.pause)
        except Exception as error:  # noqa: BLE001 - told in the report
            self.fault = repr(error)

    def once(self, send, look):
        """`send` until it is acknowledged or `look` says that it is there."""
        doubt = False
        end = time.monotonic() + 120
        while time.monotonic() < end:
            try:
                if doubt and (found := look()):
                    return found, False
                doubt = True
                answer = send()
            except LOST:
                time.sleep(0.05)
                self.resent += 1
                continue
            if answer.status in (200, 201):
                return answer.json(), True
            if answer.status in (429, 503):
                time.sleep(0.05)
                continue
            raise Failed(f"{answer}")
        raise Failed("no answer in two minutes")

    def call(self, *words):
        return self.run_.client().call(*words)

    def all(self, path):
        found, cursor = [], None
        while True:
            page = self.run_.client().json("GET", f"{path}&limit=1000" + (f"&cursor={cursor}" if cursor else ""))
            found += page["items"]
            cursor = page["next"]
            if not cursor:
                return found

    def submit(self, number, verb, words):
        # `--seed` tells one job from another that is like it.
        arguments = [*words, "--seed", str(number)]

        def look():
            return next((job for job in self.all(f"{API}/jobs?") if job["arguments"] == arguments), None)

        job, known = self.once(lambda: self.call("POST", f"{API}/jobs", {"verb": verb, "arguments": arguments, "attempts": 3}), look)
        self.acknowledged["jobs"].append((job["id"], arguments, known))

    def decide(self, number, image, reason, action):
        def look():
            return next((d for d in self.all(f"{API}/decisions?author={AUTHOR}") if d["reason"] == reason), None)

        made, known = self.once(lambda: self.call("POST", f"{API}/decisions", {"images": [image], "action": action, "reason": reason}), look)
        self.acknowledged["decisions"].append((reason, image, made["batch"], known))

    def answer(self, number, pair, note):
        def look():
            return next((p for p in self.all(f"{API}/pairs?") if p["pair"] == pair and p["answer"]), None)

        self.once(lambda: self.call("POST", f"{API}/review/answers", {"pair": pair, "answer": "unsure", "note": note}), look)
        self.acknowledged["answers"].append(pair)


class Run:
    """One daemon on one copy of the workspace, disturbed or not."""

    def __init__(self, source, place, folders, options, kills):
        shutil.copytree(source, place)
        self.place, self.folders, self.options, self.kills = place, folders, options, kills
        self.token = new_token(place, "admin", AUTHOR)
        self.daemon = Daemon(place, *UNLIMITED)
        self.dice = random.Random(options.seed)
        self.faults, self.heads, self.pause, self.struck = [], [], 0.0, 0
        self.is_over = False

    def client(self):
        return Client(self.daemon.address, self.token, seconds=20)

    def disturb(self):
        """Kills and starts again, so many times."""
        for number in range(self.kills):
            time.sleep(self.dice.uniform(0.02, self.options.most))
            try:
                status = self.client().json("GET", f"{API}/status")
                self.heads.append(f"{status['ledger']['count']}:{status['ledger']['hash']}")
                self.struck += status["jobs"]["running"] > 0
            except LOST:
                pass
            time.sleep(self.dice.uniform(0, 0.1))
            self.daemon.kill()
            self.daemon.start()
            self.strangers(f"after kill {number + 1}")

    def strangers(self, moment):
        """Processes of the workspace that are neither the daemon nor its children."""

        def look():
            own = self.daemon.pid if self.daemon.is_running() else None
            return {pid: words for pid, words in processes_of(self.place).items() if pid != own and parent(pid) != own}

        end = time.monotonic() + 5
        while (left := look()) and time.monotonic() < end:
            time.sleep(0.05)
        if left:
            self.faults.append(f"{moment}: left over: {list(left.values())[:3]}")

    def readers(self):
        """Load that may fail while the daemon is away, and must not get nonsense."""
        dice = random.Random(self.options.seed + 1)
        while not self.is_over:
            path = dice.choice((f"{API}/status", f"{API}/images?limit=20", f"{API}/jobs?limit=20", f"{API}/review?limit=5", "/metrics"))
            try:
                answer = self.client().get(path)
                if answer.status not in (200, 503):
                    self.faults.append(f"GET {path}: {answer}")
            except LOST:
                time.sleep(0.05)

    def whole(self):
        self.daemon.start()
        client = self.client()
        images = [i["id"] for i in client.json("GET", f"{API}/images?population=digital&limit=40")["items"]]
        pairs = [p["pair"] for p in client.json("GET", f"{API}/pairs?limit=12")["items"]]
        script = Script(self, self.folders, images, pairs)
        # The script lasts about as long as the kills do.
        self.pause = self.kills * (self.options.most / 2 + 0.3) / len(script.steps) / 2
        threads = [threading.Thread(target=self.readers, daemon=True) for _ in range(2)]
        script.start()
        for thread in threads:
            thread.start()
        self.disturb()
        script.join(300)
        if script.is_alive() or script.fault:
            self.faults.append(f"the script did not end: {script.fault}")
        self.is_over = True
        for thread in threads:
            thread.join(30)
        self.drain(client := self.client())
        report = self.judge(client, script)
        code = self.daemon.stop()
        if code != 0:
            self.faults.append(f"SIGTERM ended it with {code}")
        self.strangers("at the end")
        report["content"] = self.verify()
        report["resent"] = script.resent
        return report

    def drain(self, client):
        def look():
            jobs = client.json("GET", f"{API}/status")["jobs"]
            return jobs["queued"] == 0 and jobs["running"] == 0

        until("the queue drains", 180, look)

    def judge(self, client, script):
        jobs = script.all(f"{API}/jobs?")
        for number, arguments, _ in script.acknowledged["jobs"]:
            found = [job for job in jobs if job["arguments"] == arguments]
            if len(found) != 1 or found[0]["id"] != number:
                self.faults.append(f"job {number} is there {len(found)} times")
            elif found[0]["state"] not in ("succeeded", "findings"):
                self.faults.append(f"job {number} ({found[0]['verb']}): {found[0]['state']} {found[0]['lastWords'][-2:]}")
        if len(jobs) != len(script.acknowledged["jobs"]):
            self.faults.append(f"{len(jobs)} jobs, {len(script.acknowledged['jobs'])} were acknowledged")
        decisions = script.all(f"{API}/decisions?author={AUTHOR}")
        reasons = [d["reason"] for d in decisions]
        for reason, image, batch, _ in script.acknowledged["decisions"]:
            found = [d for d in decisions if d["reason"] == reason]
            if len(found) != 1 or found[0]["image"] != image or found[0]["batch"] != batch:
                self.faults.append(f"decision {reason} is there {reasons.count(reason)} times")
        answers = {p["pair"]: p["answer"] for p in script.all(f"{API}/pairs?")}
        for pair in script.acknowledged["answers"]:
            said = [d for d in decisions if d["action"] == "unsure"]
            if answers.get(pair) != "unsure":
                self.faults.append(f"the answer about {pair} is {answers.get(pair)}")
        if len(script.acknowledged["answers"]) != len([d for d in decisions if d["action"] == "unsure"]):
            self.faults.append(f"{len(said)} answers in the ledger, {len(script.acknowledged['answers'])} were given")
        sequences = sorted(d["sequence"] for d in script.all(f"{API}/decisions?"))
        if sequences != list(range(1, len(sequences) + 1)):
            self.faults.append("the ledger's numbers have gaps")
        # The order of lines, without the clock.
        lines = [(d["action"], d["image"], d["reason"]) for d in sorted(decisions, key=lambda d: d["sequence"])]
        states = sorted((job["verb"], tuple(job["arguments"]), job["state"]) for job in jobs)
        return {"jobs": len(jobs), "attempts": sum(job["attempt"] for job in jobs), "decisions": len(decisions), "lines": lines, "states": states}

    def verify(self):
        checked = json.loads(tool("verify", "--json", "--quiet", "--ignore-roots", "--workspace", self.place))
        if checked["problems"]:
            self.faults.append(f"verify: {checked['problems'][:3]}")
        # Each head that was seen before a kill is still in the chain.
        for head in sorted(set(self.heads))[-5:]:
            checked_head = json.loads(tool("verify", "--json", "--quiet", "--ledger-head", head, "--workspace", self.place))
            if checked_head["problems"]:
                self.faults.append(f"the ledger's head {head}: {checked_head['problems'][:2]}")
        return checked["content"]


def parent(pid):
    try:
        return int(pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, ValueError):
        return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("workspace", type=pathlib.Path)
    parser.add_argument("pictures", type=pathlib.Path)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=10)
    parser.add_argument("--most", type=float, default=1.5, help="longest time between a start and a kill, in seconds")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="d2r-kill-") as scratch:
        scratch = pathlib.Path(scratch)
        folders = parts_of(options.pictures, scratch, options.jobs)
        calm = Run(options.workspace, scratch / "calm", folders, options, 0)
        hit = Run(options.workspace, scratch / "hit", folders, options, options.kills)
        began = time.monotonic()
        try:
            first = calm.whole()
            second = hit.whole()
        except Exception as error:  # noqa: BLE001 - a finding
            hit.faults.append(f"{error!r}")
            first = second = {}
        finally:
            words = hit.daemon.last_words(5)
            calm.daemon.kill()
            hit.daemon.kill()
    faults = calm.faults + hit.faults
    for key, what in (("lines", "decisions"), ("states", "jobs"), ("content", "catalogs")):
        if first.get(key) != second.get(key):
            faults.append(f"the {what} differ from those of an undisturbed run")
    report = {
        "kills": options.kills, "seed": options.seed, "starts": hit.daemon.starts, "seconds": round(time.monotonic() - began, 1),
        "jobs": second.get("jobs"), "attempts": second.get("attempts"), "decisions": second.get("decisions"),
        "sentAgain": second.get("resent"), "killsDuringAJob": hit.struck, "headsChecked": min(5, len(set(hit.heads))), "faults": faults,
    }
    print(json.dumps(report, indent=2))
    if faults:
        print(words, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
