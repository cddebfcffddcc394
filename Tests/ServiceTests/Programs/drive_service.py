#!/usr/bin/python3 -B
"""Drives the daemon's page in Chromium, through chromedriver.

usage: drive_service.py ADDRESS FOLDER [CHECK…]      the token comes in $D2R_TOKEN

FOLDER takes the browser's profile, and a picture of the page where a check failed. Prints one JSON
object a line: {"check", "ok", "said", "seconds"}. Exits with 0 when every check held, 1 when one did
not, 3 when Chromium or its driver is not installed.
"""

import json
import os
import pathlib
import sys
import time
import traceback

from page_checks import CHECKS, Service
from webdriver import Browser, Refused


def run(name, browser, service, folder):
    begun = time.monotonic()
    try:
        browser.release()
        browser.complaints()
        said, ok = CHECKS[name](browser, service) or "", True
    except (AssertionError, Refused) as fault:
        said, ok = str(fault), False
    except Exception:
        said, ok = traceback.format_exc(limit=4), False
    if not ok:
        browser.picture(folder / f"{name}.png")
    line = {"check": name, "ok": ok, "said": said, "seconds": round(time.monotonic() - begun, 2)}
    print(json.dumps(line, ensure_ascii=False), flush=True)
    return ok


def main():
    for program in ("/usr/bin/chromium", "/usr/bin/chromedriver"):
        if not os.access(program, os.X_OK):
            print(f"{program} is not installed", file=sys.stderr)
            return 3
    address, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    names = sys.argv[3:] or list(CHECKS)
    service = Service(address, os.environ["D2R_TOKEN"])
    browser = Browser(folder)
    try:
        browser.screen(1280, 860)
        return 0 if all([run(name, browser, service, folder) for name in names]) else 1
    finally:
        browser.quit()


if __name__ == "__main__":
    sys.exit(main())
