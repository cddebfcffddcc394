"""What people do on the page, done by a browser. Each check raises AssertionError with what it saw."""

import json
import os
import pathlib
import tempfile
import time
import urllib.error
import urllib.request

from daemon import until

HERE = pathlib.Path(__file__).parent
ACCESSIBILITY = (HERE / "accessibility.js").read_text()
UNITS = (HERE / "units.js").read_text()
PAGES = ["", "map", "images", "identities", "search", "review", "ledger", "quota", "audits",
         "reports", "jobs", "start", "schedules", "schedule/new", "alerts", "watches", "settings"]


class Service:
    """The daemon, asked past the browser."""

    def __init__(self, address, token):
        self.address = address.rstrip("/")
        self.token = token

    def bytes(self, method, path, body=None, token=None):
        """What the daemon answers, as it is."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"{self.address}/api/v1{path}", data, method=method,
            headers={"Authorization": f"Bearer {token or self.token}",
                     "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=180) as answer:
            return answer.read()

    def ask(self, method, path, body=None, token=None):
        text = self.bytes(method, path, body, token)
        return json.loads(text) if text else None

    def get(self, path):
        return self.ask("GET", path)

    def until(self, condition, what, patience=180):
        return until(what, patience, condition, every=0.1)


def expect(condition, words):
    if not condition:
        raise AssertionError(words)


def quiet(browser):
    said = browser.complaints()
    expect(not said, f"the console says {said}")


def enter(browser, service, token=None, path=""):
    """Signs in afresh and opens a page."""
    browser.go("about:blank")
    browser.go(f"{service.address}/#token={token or service.token}")
    browser.see(".side nav")
    show(browser, path)


def show(browser, path):
    browser.value("""
        if (location.hash === arguments[0]) return;
        document.querySelector("main .view")?.setAttribute("data-left", "");
        location.hash = arguments[0]""", f"#/{path}")
    settle(browser)


def settle(browser):
    rests = "document.querySelector('main h1') && !document.querySelector('main [aria-busy], main .view[data-left]')"
    browser.wait(rests)
    time.sleep(0.15)
    browser.wait(rests)


def check_units(browser, service):
    browser.go(service.address)
    found = browser.value(f"return (async () => {{ {UNITS} }})()")
    expect(found["count"] > 300, f"only {found['count']} statements were looked at")
    expect(not found["failures"], "\n".join(found["failures"]))
    return f"{found['count']} statements hold"


def check_sign_in(browser, service):
    browser.go(f"{service.address}/#token=wrong-token-of-nobody")
    browser.wait("document.querySelector('.complaint')?.textContent.includes('not accepted')")
    expect("wrong-token" not in browser.value("return location.href"), "the token stays in the address")
    browser.complaints()  # the refusal itself is in the console
    expect(browser.value("return document.activeElement.id") == "token", "the field has no focus")
    faults = browser.value(ACCESSIBILITY)
    expect(not faults, "\n".join(faults))
    browser.write("#token", "another-wrong-one")
    browser.keys("Enter")
    browser.wait("document.querySelector('.complaint') && !document.querySelector('#token').value")
    browser.complaints()
    browser.write("#token", service.token)
    browser.keys("Enter")
    browser.see(".side nav")
    expect(service.token not in browser.value("return location.href + document.body.innerHTML"),
           "the token is to be seen")
    browser.go("about:blank")
    browser.go(f"{service.address}/#/jobs")
    settle(browser)
    expect(browser.text("h1") == "Jobs", "the tab forgot its token")
    browser.click_text("button", "Sign out")
    browser.see("#token")
    expect(browser.value("return sessionStorage.length") == 0, "signing out leaves the token")
    enter(browser, service)
    expect(browser.value("return location.hash").startswith("#/"), "the token stays in the address")
    return "wrong, by hand, by address, signed out"


def pages_of(service):
    """Every page, those of single things with the first of each."""
    found = list(PAGES)
    for path, name in [("/images?limit=1", "image"), ("/identities?limit=1", "identity"),
                       ("/jobs?limit=1", "job"), ("/schedules", "schedule")]:
        items = service.get(path)["items"]
        if items:
            found.append(f"{name}/{items[0]['id']}")
    audits = service.get("/audits?limit=1")["items"]
    if audits:
        found.append(f"audit/{audits[0]['key']}")
    images = service.get("/images?limit=1")["items"]
    if images:
        found.append(f"search?image={images[0]['id']}")
    return found


def look_over(browser, service, faults, name):
    for page in pages_of(service):
        show(browser, page)
        if page == "map":
            browser.wait("document.querySelector('.map-canvas')?.dataset.ready || document.querySelector('.empty')")
        where = f"{name}, {page or 'overview'}"
        faults += [f"{where}: {fault}" for fault in browser.value(ACCESSIBILITY)]
        faults += [f"{where}: {entry}" for entry in browser.complaints()]
        problem = browser.text("main .problem")
        if problem:
            faults.append(f"{where}: {problem}")
        begins = browser.value("return document.activeElement?.tagName")
        if begins != "H1":
            faults.append(f"{where}: reading begins at {begins}, not at the heading")


def check_every_page(browser, service):
    faults = []
    enter(browser, service)
    for scheme in ("light", "dark"):
        browser.prefers(scheme)
        look_over(browser, service, faults, scheme)
    browser.prefers("light")
    browser.screen(360, 740, is_phone=True)
    look_over(browser, service, faults, "phone")
    browser.screen(1280, 860)
    expect(not faults, "\n".join(faults[:40]))
    return f"{len(pages_of(service))} pages, light, dark and 360 pixels wide"


def check_keyboard(browser, service):
    """The Tab key goes through a page in the order of reading, and shows where it is."""
    enter(browser, service, path="schedules")
    browser.value("document.activeElement.blur(); window.getSelection().removeAllRanges()")
    places = []
    for _ in range(40):
        browser.keys("Tab")
        places.append(browser.value("""
            const e = document.activeElement;
            if (!e || e === document.body) return null;
            const style = getComputedStyle(e);
            const box = e.getBoundingClientRect();
            return [[...document.querySelectorAll('*')].indexOf(e), style.outlineStyle !== 'none' || e.matches('.seg input'),
                    box.bottom > 0 && box.top < innerHeight, e.textContent.trim().slice(0, 30)]"""))
    stops = [place for place in places if place]
    expect(len({place[0] for place in stops}) > 15, f"few places to stop: {stops}")
    first = places.index(None) if None in places else len(places)
    order = [place[0] for place in places[:first]]
    expect(order == sorted(order), f"the order of focus jumps: {places}")
    unseen = [place[3] for place in stops if not place[1] or not place[2]]
    expect(not unseen, f"the focus cannot be seen on {unseen}")
    browser.value("document.getElementById('skip').focus()")
    browser.keys("Enter")
    browser.wait("document.activeElement?.id === 'content'")
    expect(browser.value("return location.hash") == "#/schedules", "skipping changes the page")
    browser.keys("?")
    browser.see("dialog[open]")
    faults = browser.value(ACCESSIBILITY)
    expect(not faults, "\n".join(faults))
    browser.keys("Escape")
    browser.wait("!document.querySelector('dialog')")
    return f"{len({place[0] for place in stops})} places in order"


def check_problems(browser, service):
    """What is not there, and a daemon that does not answer, are told in words, with a way on."""
    enter(browser, service, path="image/999999999")
    browser.wait("document.querySelector('main .problem')?.textContent.includes('There is no image 999999999')")
    expect("Request" in browser.text("main .problem") and browser.text("h1"), "no request's id, or no heading")
    show(browser, "nowhere")
    browser.wait("document.querySelector('main .problem')")
    browser.complaints()
    show(browser, "jobs")
    browser.offline(True)
    try:
        browser.value("location.hash = '#/ledger'")
        browser.wait("document.querySelector('main .problem')?.textContent.includes('does not answer')")
    finally:
        browser.offline(False)
    browser.click_text("main .problem button", "Try again")
    browser.wait("!document.querySelector('main .problem') && document.querySelector('.paged').children.length")
    browser.wait("document.querySelector('[data-standing]').dataset.standing === 'live'", "news again", 40)
    browser.complaints()
    return "not there, away, and back"


def check_review(browser, service):
    """A session by keys alone: answers, undo, faces, and what the ledger says of it."""
    before = service.get("/review?limit=1000")
    expect(len(before["items"]) >= 3, "fewer than three pairs to review")
    enter(browser, service, path="review")

    def left():
        return service.get("/review?limit=1")["left"]

    def key_of_shown():
        return browser.value("return document.querySelector('.pair')?.textContent ?? ''")

    first = key_of_shown()
    browser.keys("1")
    service.until(lambda: left() == before["left"] - 1, "the first answer")
    browser.wait("document.querySelector('.progress-words').textContent.startsWith('1 answered')")
    expect(key_of_shown() != first, "the next pair is not shown")
    second = key_of_shown()
    browser.keys("2")
    service.until(lambda: left() == before["left"] - 2, "the second answer")
    browser.keys("z")
    service.until(lambda: left() == before["left"] - 1, "the undo")
    browser.wait("document.querySelector('.progress-words').textContent.startsWith('1 answered')")
    expect(key_of_shown() == second, "the pair taken back is not shown again")
    browser.keys("3")
    # Unsure is an answer, but leaves the pair open for another day.
    service.until(lambda: service.get("/decisions?limit=1")["items"][0]["action"] == "unsure", "the third answer")
    browser.wait("document.querySelector('.progress-words').textContent.startsWith('2 answered')")
    browser.keys("z")
    browser.keys("z")
    service.until(lambda: left() == before["left"], "both undos")
    browser.wait(f"document.querySelector('.pair')?.textContent === {json.dumps(first)}")
    browser.click_text("button", "Different")
    service.until(lambda: left() == before["left"] - 1, "an answer by button")
    browser.click_text(".answers button", "Undo")
    service.until(lambda: left() == before["left"], "an undo by button")
    quiet(browser)
    return f"{before['left']} open pairs; same, different, unsure, undo"


def check_faces(browser, service):
    """Real faces are tiles until asked for; then a notice stands there, and the log has the viewer."""
    image = next((one for population in ("real", "reference")
                  for one in service.get(f"/images?population={population}&limit=1")["items"]), None)
    expect(image and image["isReal"], "no real face in the workspace")
    before = service.get(f"/access-log?image={image['id']}")["items"]
    enter(browser, service, path=f"image/{image['id']}")
    browser.wait("document.querySelector('.tile img')?.src && document.querySelector('.tile').dataset.shown === 'hidden'")
    expect(len(service.get(f"/access-log?image={image['id']}")["items"]) == len(before), "seen before it was asked for")
    hidden = browser.value("return document.querySelector('.tile img').src")
    browser.click(".reveal")
    browser.wait("document.querySelector('.tile').dataset.shown === 'real'")
    browser.wait(f"document.querySelector('.tile img').src && document.querySelector('.tile img').src !== {json.dumps(hidden)}")
    browser.wait("!document.querySelector('.faces-notice').hidden")
    expect("logged" in browser.text(".faces-notice"), "the notice does not say that viewing is logged")
    service.until(lambda: len(service.get(f"/access-log?image={image['id']}")["items"]) > len(before), "a line in the access log", 10)
    browser.value("document.activeElement.blur()")
    browser.keys("h")
    browser.wait("document.querySelector('.faces-notice').hidden && document.querySelector('.tile').dataset.shown === 'hidden'")
    return "hidden, shown, logged, hidden by one key"


def check_schedule(browser, service, cron="* * * * *", patience=240):
    """Made in the form, run now, fired by the clock, paused, deleted."""
    enter(browser, service, path="schedule/new?verb=audit")
    browser.write("input[name=name]", f"audit of minute {int(time.time()) % 100000}")
    browser.write("input[name=cron]", "every morning")
    browser.wait("document.querySelector('.preview .complaint')", "the preview's complaint")
    browser.complaints()  # the refusal itself is in the console
    browser.write("input[name=cron]", cron)
    browser.wait("document.querySelectorAll('.preview li').length === 5", "five due times")
    browser.write("input[name=timeZone]", "Europe/Berlin")
    browser.click_text("button", "Set the schedule")
    browser.wait("/^#\\/schedule\\/\\d+$/.test(location.hash)", "the new schedule's page")
    settle(browser)
    made = service.get("/schedules/" + browser.value("return location.hash.split('/').pop()"))
    expect((made["cron"], made["timeZone"], made["verb"]) == (cron, "Europe/Berlin", "audit"), f"made as {made}")
    path = f"/schedules/{made['id']}"
    browser.click_text("button", "Run now")
    jobs = lambda: [one for one in service.get("/jobs?limit=50")["items"] if (one["schedule"] or {}).get("id") == made["id"]]
    hand = service.until(jobs, "a job by hand")[0]["id"]
    fired = "not waited for"
    if patience:
        due = lambda: next((one for one in service.get(path + "/history")["items"]
                            if one["outcome"] == "fired" and one["job"] != hand), None)
        firing = service.until(due, "a firing by the clock", patience)
        expect(firing["dueAt"].removesuffix("Z").split(".")[0].endswith(":00"), f"due at {firing['dueAt']}")
        browser.wait(f"document.querySelector('.history a[href=\"#/job/{firing['job']}\"]')", "the firing on the page", 20)
        fired = "fired by the clock"
    browser.click_text("button", "Pause")
    service.until(lambda: service.get(path)["paused"], "the pause")
    browser.click_text("button", "Go on")
    service.until(lambda: not service.get(path)["paused"], "the end of the pause")
    browser.click_text("button", "Delete")
    browser.see("dialog[open]")
    browser.click_text("dialog button", "Delete")
    browser.wait("location.hash === '#/schedules'")
    expect(made["id"] not in [one["id"] for one in service.get("/schedules")["items"]], "it is still there")
    return f"made, run, {fired}, paused, deleted"


def check_jobs(browser, service):
    """Started in the form, watched by events, and listed."""
    enter(browser, service, path="start?verb=audit")
    browser.wait("document.querySelector('.command')?.textContent.startsWith('d2r-curate audit')")
    browser.click_text("form button", "Start")
    browser.wait("/^#\\/job\\/\\d+$/.test(location.hash)")
    settle(browser)
    number = int(browser.value("return location.hash.split('/').pop()"))
    service.until(lambda: service.get(f"/jobs/{number}")["finishedAt"], "the job's end", 120)
    state = service.get(f"/jobs/{number}")["state"]
    browser.wait(f"document.querySelector('.head .state')?.dataset.state === {json.dumps(state)}", "the end on the page, by an event")
    show(browser, "jobs")
    expect(browser.value("return [...document.querySelectorAll('tbody a')].some((a) => a.getAttribute('href') === arguments[0])", f"#/job/{number}"), "the job is not in the list")
    expect(browser.text("[data-standing]") == "live", "the page is not connected")
    return f"job {number}: {state}"


def canvas_box(browser):
    return browser.value("const b = document.querySelector('.map-canvas').getBoundingClientRect(); return [b.left, b.top, b.width, b.height]")


def open_map(browser, service, query=""):
    show(browser, f"map{query}")
    browser.wait("document.querySelector('.map-canvas')?.dataset.ready && document.querySelector('.map-canvas').dataset.painted", "the map", 30)


def selected(browser):
    """Images selected, as the page says; 0 when none."""
    words = browser.text(".map-count")
    return int(words.split()[0].replace(",", "")) if "selected" in words else 0


def lasso(browser, part, held=()):
    """A loop over the middle `part` of the map."""
    left, top, width, height = canvas_box(browser)
    corners = [(-1, -1), (0, -1.05), (1, -1), (1.05, 0), (1, 1), (0, 1.05), (-1, 1), (-1.05, 0), (-1, -0.95)]
    browser.drag([(left + width * (0.5 + x * part / 2), top + height * (0.5 + y * part / 2)) for x, y in corners], held)


def check_map(browser, service):
    """Window, filters, lasso, rectangle by keys, and all of it in the address."""
    maps = service.get("/maps")["items"]
    expect(maps, "no map")
    enter(browser, service)
    open_map(browser, service)
    kind = browser.value("return document.querySelector('.map-canvas').dataset.renderer")
    total = maps[0]["images"]
    browser.click("label:has(#tool-lasso)")
    lasso(browser, 0.4)
    browser.wait("document.querySelector('.map-count').textContent.includes('selected')")
    first = selected(browser)
    browser.wait("document.querySelector('.map-cells li')", "pictures of the selection")
    lasso(browser, 0.7, held=["Shift"])
    browser.until(lambda: selected(browser) > first, "more by Shift")
    more = selected(browser)
    lasso(browser, 0.2, held=["Alt"])
    browser.until(lambda: selected(browser) < more, "fewer by Alt")
    fewer = selected(browser)
    browser.wait("/sel=n.*~a.*~s/.test(location.hash)", "the selection in the address")
    address = browser.value("return location.hash")
    browser.go("about:blank")
    browser.go(f"{service.address}/{address}")
    browser.wait("document.querySelector('.map-canvas')?.dataset.ready")
    browser.until(lambda: abs(selected(browser) - fewer) <= max(3, total // 500), f"the same selection from the address, {fewer}")
    browser.keys("z")
    browser.until(lambda: abs(selected(browser) - more) <= max(3, total // 500), "a stroke taken back")
    browser.keys("Escape")
    browser.until(lambda: selected(browser) == 0, "an empty selection")
    # Keys alone.
    browser.value("document.querySelector('.map-canvas').focus()")
    browser.keys("b")
    browser.keys("Right", "Down", "Left", "Left")
    browser.keys("Right", "Right", "Down", "Down", held=["Shift"])
    browser.keys("Enter")
    browser.until(lambda: selected(browser) > 0, "a selection by keys")
    browser.keys("Escape")
    # Moving and enlarging.
    left, top, width, height = canvas_box(browser)
    browser.wheel(left + width / 2, top + height / 2, -600)
    browser.wait("new URLSearchParams(location.hash.split('?')[1]).get('at')", "the window in the address")
    browser.keys("0")
    browser.wait("!new URLSearchParams(location.hash.split('?')[1]).get('at')", "the whole map")
    # The legend filters.
    shown = browser.text(".map-count")
    browser.click(".legend .key")
    browser.wait(f"document.querySelector('.map-count').textContent !== {json.dumps(shown)}", "fewer images shown")
    browser.wait("location.hash.includes('hide=population')")
    browser.click(".legend .key")
    for mode in ("identity", "standing", "flags", "population"):
        browser.click(f"label:has(#colour-{mode})")
        browser.wait("document.querySelectorAll('.legend .key').length > 0")
    # Both renderers draw, and about the same.
    drawn = {}
    for draw in ("webgl", "canvas"):
        browser.go("about:blank")
        browser.go(f"{service.address}/#/map?draw={draw}")
        browser.wait("document.querySelector('.map-canvas')?.dataset.ready && document.querySelector('.map-canvas').dataset.painted")
        expect(browser.value("return document.querySelector('.map-canvas').dataset.renderer") == draw, f"{draw} does not draw")
        drawn[draw] = browser.value("""
            const c = document.querySelector('.map-canvas');
            const copy = new OffscreenCanvas(c.width, c.height).getContext('2d');
            return new Promise((done) => {
              document.querySelector('[aria-label="Enlarge"]').click();
              // In the frame that was drawn: afterwards a WebGL canvas is empty.
              requestAnimationFrame(() => {
                copy.drawImage(c, 0, 0);
                const data = copy.getImageData(0, 0, c.width, c.height).data;
                let n = 0;
                for (let i = 3; i < data.length; i += 4) if (data[i] > 100) n += 1;
                done(n);
              });
            })""")
    expect(drawn["canvas"] > 20 and 0.5 < drawn["webgl"] / drawn["canvas"] < 2, f"pixels drawn: {drawn}")
    quiet(browser)
    return f"{total} images by {kind}, pixels {drawn}; {first} by lasso, {more} with Shift, {fewer} with Alt"


def check_map_decision(browser, service):
    """A lasso, quarantine with a reason, and the batch taken back in the ledger."""
    def removed():
        return sum(one["quarantined"] for one in service.get("/status")["populations"])

    enter(browser, service)
    open_map(browser, service)
    browser.keys("l")
    lasso(browser, 0.06)
    browser.until(lambda: 0 < selected(browser), "a selection")
    browser.wait("document.querySelector('.map-actions button')")
    before = removed()
    browser.click_text(".map-actions button", "Quarantine")
    browser.write("dialog input[name=reason]", "seen on the map")
    browser.keys("Enter")
    browser.wait("!document.querySelector('dialog')", "the decision", 60)
    batch = service.until(lambda: next((one["batch"] for one in service.get("/decisions?limit=1000")["items"] if one["reason"] == "seen on the map"), None), "the decision in the ledger")
    service.until(lambda: removed() > before, "images in quarantine")
    show(browser, "ledger")
    # Very many images are decided about in several batches.
    while removed() != before:
        browser.wait("document.querySelector('tbody tr')")
        standing = removed()
        browser.click_text("tbody button", "Undo batch")
        browser.see("dialog[open]")
        browser.click_text("dialog button", "Undo the batch")
        service.until(lambda: removed() < standing, "a batch restored")
    browser.wait("document.querySelector('tbody').textContent.includes('taken back')", "what was taken back, in the ledger")
    return f"batch {batch} and back"


def check_paint(browser, service, most=1000):
    """The time to the first picture of a large map, and the frames while it moves."""
    images = service.get("/maps")["items"][0]["images"]
    enter(browser, service)
    times = []
    for _ in range(3):
        show(browser, "jobs")
        open_map(browser, service)
        times.append(int(browser.value("return document.querySelector('.map-canvas').dataset.painted")))
    frames = browser.value("""
        return new Promise((done) => {
          const canvas = document.querySelector('.map-canvas');
          const box = canvas.getBoundingClientRect();
          const stamps = [];
          let n = 0;
          function step(now) {
            stamps.push(now);
            canvas.dispatchEvent(new WheelEvent('wheel', { deltaY: n < 30 ? -40 : 40, clientX: box.left + box.width / 2, clientY: box.top + box.height / 2, cancelable: true, bubbles: true }));
            n += 1;
            if (n < 60) requestAnimationFrame(step);
            else done(stamps.slice(1).map((at, i) => at - stamps[i]).sort((a, b) => a - b));
          }
          requestAnimationFrame(step);
        })""")
    words = (f"{images} images: first paint {min(times)} ms (of {times}); while moving a frame each "
             f"{frames[len(frames) // 2]:.0f} ms in the middle, {frames[int(len(frames) * 0.95)]:.0f} ms at 95 %")
    expect(min(times) < most, words)
    return words


def check_search(browser, service):
    image = service.get("/images?limit=1")["items"][0]
    enter(browser, service, path=f"image/{image['id']}")
    browser.click_text("a", "Find similar images")
    browser.wait("document.querySelectorAll('.hits li').length > 1", "hits", 30)
    hit = browser.text(".hits li figcaption .muted")
    expect(hit[0].isdigit() or hit[0] == "-", f"no similarity: {hit}")
    return f"the nearest: {hit}"


def check_upload(browser, service):
    """A picture from outside finds the image it shows."""
    image = next(one for one in service.get("/images?limit=50")["items"] if one["population"] == "digital")
    with tempfile.NamedTemporaryFile(suffix=".jpg") as file:
        file.write(service.bytes("GET", f"/images/{image['id']}/picture?edge=512"))
        file.flush()
        enter(browser, service, path="search")
        browser.call("POST", f"/element/{browser.find('#picture')}/value", {"text": file.name})
        browser.wait("document.querySelectorAll('.hits li').length > 1", "hits")
    first = browser.value("return document.querySelector('.hits li a').getAttribute('href')")
    expect(first == f"#/image/{image['id']}", f"image {image['id']} was sent, the nearest is {first}")
    expect(browser.value("return document.querySelectorAll('.asked img').length") == 1, "what was asked is not shown")
    browser.value("document.querySelector('.hits').setAttribute('data-left', '')")
    browser.click_text("label", "FAISS")
    browser.wait("location.hash.includes('engine=faiss') && document.querySelectorAll('.hits:not([data-left]) li').length > 1", "another engine")
    again = browser.value("return document.querySelector('.hits li a').getAttribute('href')")
    expect(again == first, f"faiss finds {again}")
    return f"image {image['id']} is the nearest to its own picture"


def check_watch(browser, service):
    """A folder is watched, left alone for a while, and no longer watched."""
    with tempfile.TemporaryDirectory(prefix="d2r-watched-") as folder:
        folder = os.path.realpath(folder)
        enter(browser, service, path="watches")
        browser.click_text("button", "Watch a folder")
        browser.write("dialog input[name=path]", folder + "/nowhere")
        browser.click_text("dialog button", "Watch it")
        browser.wait("document.querySelector('dialog .complaint')", "a refusal of what is not there")
        browser.write("dialog input[name=path]", folder)
        browser.click_text("dialog button", "Watch it")
        row = f"[...document.querySelectorAll('tbody tr')].find((row) => row.textContent.includes({json.dumps(folder)}))"
        browser.wait(row, "the folder in the list")
        browser.click_text("tr button", f"Pause {folder}")
        browser.wait(f"{row}.textContent.includes('paused')", "the pause")
        browser.click_text("tr button", f"Go on {folder}")
        browser.wait(f"!{row}.textContent.includes('paused')", "the end of the pause")
        browser.click_text("tr button", f"Remove {folder}")
        browser.click_text("dialog button", "Remove")
        browser.wait(f"!{row}", "the folder to go")
    expect(not service.get("/watches")["items"], "the folder is still watched")
    browser.complaints()
    return "made, paused, removed"


def check_alert(browser, service):
    """An alert is made, its secret shown once, tried in vain, and deleted."""
    enter(browser, service, path="alerts")
    browser.click_text("button", "New alert")
    browser.write("dialog input[name=name]", "made on the page")
    browser.write("dialog input[name=target]", "http://127.0.0.1:9/hook")
    browser.click_text("dialog button", "Make it")
    browser.wait("document.querySelector('dialog input.code')?.value.length > 20", "the secret")
    browser.keys("Escape")
    browser.click_text("tr button", "Test made on the page")
    browser.wait("[...document.querySelectorAll('section tbody tr')].some((row) => row.textContent.includes('test') && /refused|connect/i.test(row.textContent))", "the delivery's problem")
    made = service.get("/alerts")["items"]
    expect([one["on"] for one in made] == [["findings", "failed", "drift"]], f"the alerts are {made}")
    browser.click_text("tr button", "Delete made on the page")
    browser.click_text("dialog button", "Delete")
    service.until(lambda: not service.get("/alerts")["items"], "the end of the alert")
    return "made, tried, deleted"


def check_fill(browser, service):
    """A fill started on the quota's page, with its progress coming by itself."""
    enter(browser, service, path="quota")
    browser.write(".fill-form input[name=budget]", "40")
    browser.click_text(".fill-form button", "Start fill")
    browser.wait("document.querySelector('.job-lines .progress-words')?.textContent.match(/\\d+ of \\d+/)", "live progress", 60)
    job = service.get("/jobs?limit=1")["items"][0]
    expect(job["verb"] == "fill" and "40" in job["arguments"], f"another job: {job}")
    if not job["finishedAt"]:
        service.ask("POST", f"/jobs/{job['id']}/cancel", {})
        browser.wait("!document.querySelector('.job-lines li')", "the line to go", 30)
    return "progress seen"


def check_reports(browser, service):
    """A report opens in a tab of its own, shut off from the page and its token."""
    pages = [(one["name"], file["name"]) for one in service.get("/reports")["items"] for file in one["files"] if file["name"].endswith(".html")]
    expect(pages, "no report with a page")
    enter(browser, service, path="reports")
    mine = browser.call("GET", "/window")
    browser.click_text("td button", "Open")
    other = browser.until(lambda: next((one for one in browser.call("GET", "/window/handles") if one != mine), None), "a new tab")
    browser.call("POST", "/window", {"handle": other})
    try:
        browser.wait("location.pathname.startsWith('/open/') && document.body?.textContent.length > 10", "the report", 30)
        expect(browser.value("return self.origin") == "null", "the report has the page's origin")
        stored = browser.value("try { return sessionStorage.length } catch (error) { return error.name }")
        expect(stored == "SecurityError", f"the report sees the page's storage: {stored}")
    finally:
        browser.call("DELETE", "/window")
        browser.call("POST", "/window", {"handle": mine})
    return " ".join(pages[0])


def check_reader(browser, service):
    """A reader looks at everything and can change nothing."""
    made = service.ask("POST", "/tokens", {"name": "a reader", "role": "reader"})
    token = made.get("token")
    enter(browser, service, token, "review")
    enabled = browser.value("return [...document.querySelectorAll('.answers button')].filter((b) => !b.disabled).length")
    expect(enabled == 0, f"{enabled} buttons of the review can be pressed")
    show(browser, "")
    expect(browser.value("return [...document.querySelectorAll('main button')].every((b) => b.disabled)"), "a reader may run an audit")
    show(browser, "settings")
    expect("Only an admin" in browser.text("main"), "a reader sees the tokens")
    service.ask("DELETE", f"/tokens/{made['id']}")
    browser.value("location.hash = '#/jobs'")
    browser.wait("document.querySelector('#token')", "a revoked token to be asked for again")
    browser.complaints()
    return "looks, changes nothing, signed out when revoked"


def check_tokens(browser, service):
    """A token is made, shown once, and revoked."""
    enter(browser, service, path="settings")
    browser.click_text("button", "New token")
    browser.write("dialog input[name=name]", "made on the page")
    browser.click_text("dialog button", "Make it")
    browser.wait("document.querySelector('dialog input.code')?.value.length > 20")
    browser.keys("Escape")
    browser.wait("[...document.querySelectorAll('td')].some((e) => e.textContent === 'made on the page')")
    browser.click_text("tr:last-child button, tr button", "Revoke made on the page")
    browser.click_text("dialog button", "Revoke")
    made = lambda: next(one for one in service.get("/tokens")["items"] if one["name"] == "made on the page")
    service.until(lambda: made()["revokedAt"], "the end of the token")
    return "made and revoked"


CHECKS = {name.removeprefix("check_").replace("_", "-"): body
          for name, body in list(globals().items()) if name.startswith("check_")}
