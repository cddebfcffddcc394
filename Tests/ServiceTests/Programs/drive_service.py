#!/usr/bin/python3 -B
"""Drives the daemon's page in Chromium, through chromedriver.

usage: drive_service.py WORKSPACE [CHECK…]      a workspace that may be written to; the daemon is started
       drive_service.py http://… [CHECK…]       a daemon that runs; an admin's token comes in $D2R_TOKEN

Prints one JSON object a line: {"check", "ok", "said", "seconds"}. Where a check failed, a picture of the
page lies in $D2R_PICTURES, if that names a folder. Exits with 0 when every check held, 1 when one did
not, 3 when Chromium or its driver is not installed.
"""

import contextlib
import json
import os
import pathlib
import sys
import tempfile
import time
import traceback

from daemon import Daemon, Failed, new_token
from page_checks import CHECKS, Service
from webdriver import Browser, Refused

PROGRAMS = ("/usr/bin/chromium", "/usr/bin/chromedriver")


def run(name, browser, service):
    begun = time.monotonic()
    try:
        browser.release()
        browser.complaints()
        said, ok = CHECKS[name](browser, service) or "", True
    except (AssertionError, Failed, Refused) as fault:
        said, ok = str(fault), False
    except Exception:
        said, ok = traceback.format_exc(limit=4), False
    folder = os.environ.get("D2R_PICTURES")
    if not ok and folder:
        with contextlib.suppress(Exception):
            browser.picture(pathlib.Path(folder) / f"{name}.png")
    line = {"check": name, "ok": ok, "said": said, "seconds": round(time.monotonic() - begun, 2)}
    print(json.dumps(line, ensure_ascii=False), flush=True)
    return ok


def drive(service, names):
    with tempfile.TemporaryDirectory(prefix="d2r-page-", ignore_cleanup_errors=True) as folder:
        browser = Browser(folder)
        try:
            browser.screen(1280, 860)
            return all([run(name, browser, service) for name in names])
        finally:
            browser.quit()


def main():
    missing = [program for program in PROGRAMS if not os.access(program, os.X_OK)]
    if missing:
        print(f"not installed: {', '.join(missing)}", file=sys.stderr)
        return 3
    place, names = sys.argv[1], sys.argv[2:] or list(CHECKS)
    if place.startswith("http"):
        return 0 if drive(Service(place, os.environ["D2R_TOKEN"]), names) else 1
    token = new_token(place)
    with Daemon(place) as daemon:
        return 0 if drive(Service(daemon.address, token), names) else 1


if __name__ == "__main__":
    sys.exit(main())
