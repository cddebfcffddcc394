#!/usr/bin/env python3
"""Holds a running daemon against its OpenAPI file: every GET operation with sensible parameters, the
searches, and with --write the operations that make, change and remove things. Prints each deviation,
and ends with 1 where there is one.

    check_openapi.py ADDRESS TOKEN [FILE] [--write]     the token is an admin's; FILE else from the daemon
    check_openapi.py --serve WORKSPACE [FILE]           starts one on a copy of a workspace, and writes
    check_openapi.py --examples FILE                    the file's examples against its own schemas
"""

import datetime
import http.client
import json
import pathlib
import re
import shutil
import sys
import tempfile
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from daemon import UNLIMITED, Client, Daemon, Events, new_token  # noqa: E402

NONE = object()


class Schemas:
    """A subset of JSON Schema 2020-12: what the file uses. Properties it does not name are deviations
    unless it says `additionalProperties`, though clients must bear them."""

    TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}

    def __init__(self, document):
        self.document = document

    def resolve(self, schema):
        while "$ref" in schema:
            found = self.document
            for part in schema["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            schema = {**found, **{k: v for k, v in schema.items() if k != "$ref"}}
        return schema

    def faults(self, value, schema, place="$", closes=True):
        schema = self.resolve(schema)
        for part in schema.get("allOf", ()):
            yield from self.faults(value, part, place, closes=False)
        if "anyOf" in schema:
            tries = [list(self.faults(value, part, place)) for part in schema["anyOf"]]
            if all(tries):
                yield from min(tries, key=len)
        if "type" in schema and not self.has_type(value, schema["type"]):
            yield f"{place}: {shown(value)} is no {schema['type']}"
            return
        if "enum" in schema and value not in schema["enum"]:
            yield f"{place}: {shown(value)} is none of {schema['enum']}"
        if isinstance(value, dict):
            yield from self.object_faults(value, schema, place, closes)
        elif isinstance(value, list):
            yield from self.array_faults(value, schema, place)
        elif isinstance(value, str):
            yield from self.text_faults(value, schema, place)
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            yield from self.number_faults(value, schema, place)

    def has_type(self, value, types):
        for name in [types] if isinstance(types, str) else types:
            if name == "integer":
                if isinstance(value, int) and not isinstance(value, bool):
                    return True
            elif name == "number":
                if isinstance(value, (int, float)) and not isinstance(value, bool):
                    return True
            elif isinstance(value, self.TYPES[name]):
                return True
        return False

    def named(self, schema):
        """Every property the schema names, those of its parts included."""
        schema = self.resolve(schema)
        found = dict(schema.get("properties", {}))
        for part in schema.get("allOf", ()):
            found.update(self.named(part))
        return found

    def object_faults(self, value, schema, place, closes):
        for key in schema.get("required", ()):
            if key not in value:
                yield f"{place}: {key} is missing"
        more = schema.get("additionalProperties")
        for key, inner in value.items():
            if key in schema.get("properties", {}):
                yield from self.faults(inner, schema["properties"][key], f"{place}.{key}")
            elif isinstance(more, dict):
                yield from self.faults(inner, more, f"{place}.{key}")
            elif closes and more is not True and ("properties" in schema or "allOf" in schema):
                if key not in self.named(schema):
                    yield f"{place}: {key} is not in the document"

    def array_faults(self, value, schema, place):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            yield f"{place}: {len(value)} items"
        if schema.get("uniqueItems") and len({json.dumps(item) for item in value}) < len(value):
            yield f"{place}: an item twice"
        for number, item in enumerate(value):
            yield from self.faults(item, schema.get("items", {}), f"{place}[{number}]")

    @staticmethod
    def text_faults(value, schema, place):
        if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
            yield f"{place}: {len(value)} characters"
        if "pattern" in schema and not re.search(schema["pattern"], value):
            yield f"{place}: {value!r} does not match {schema['pattern']}"
        if schema.get("format") == "date-time":
            try:
                moment = datetime.datetime.fromisoformat(value)
                assert value.endswith("Z") and moment.tzinfo
            except (ValueError, AssertionError):
                yield f"{place}: {value!r} is no time in UTC"

    @staticmethod
    def number_faults(value, schema, place):
        if value < schema.get("minimum", value) or value > schema.get("maximum", value):
            yield f"{place}: {value} is out of range"
        if "exclusiveMinimum" in schema and value <= schema["exclusiveMinimum"]:
            yield f"{place}: {value} is out of range"


def shown(value):
    text = json.dumps(value)
    return text if len(text) < 60 else text[:57] + "..."


class Check:
    def __init__(self, address, token, document, writes):
        self.client, self.address, self.token = Client(address, token), address, token
        self.document, self.writes = document, writes
        self.schemas, self.deviations, self.done, self.said = Schemas(document), [], set(), set()

    def say(self, what):
        """Once for all items of a list."""
        kind = re.sub(r"\[\d+\]", "[]", what)
        if kind not in self.said:
            self.said.add(kind)
            self.deviations.append(what)
            print(what, flush=True)

    def call(self, method, route, values=None, query=None, body=None, headers=(), wanted=None, token=...):
        """Calls an operation and holds the answer against the document; the parsed JSON, or None."""
        path = route
        for name, value in (values or {}).items():
            path = path.replace("{" + name + "}", urllib.parse.quote(str(value), safe=""))
        if query:
            path += "?" + urllib.parse.urlencode(query)
        place = f"{method.upper()} {path}"
        try:
            answer = self.client.call(method.upper(), path, body, headers, token=token)
        except (OSError, http.client.HTTPException) as error:
            self.say(f"{place}: no answer: {error!r}")
            return None
        operation = self.document["paths"][route][method]
        self.done.add((method, route))
        answers = operation["responses"]
        if wanted and answer.status != wanted:
            self.say(f"{place}: {answer.status}, expected {wanted}: {answer.body[:200]!r}")
        said = answers.get(str(answer.status)) or (answers.get("default") if answer.status >= 400 else None)
        if said is None:
            self.say(f"{place}: status {answer.status} is not in the document: {answer.body[:200]!r}")
            return None
        return self.hold(place, answer, self.schemas.resolve(said))

    def hold(self, place, answer, said):
        kind = answer.headers.get("content-type", "").split(";")[0].strip()
        for name, header in said.get("headers", {}).items():
            if name.lower() not in answer.headers and name != "Location":
                self.say(f"{place}: the header {name} is missing")
            elif name.lower() in answer.headers and "enum" in header["schema"]:
                for fault in self.schemas.faults(answer.headers[name.lower()], header["schema"], name):
                    self.say(f"{place}: {fault}")
        if answer.headers.get("x-content-type-options") != "nosniff":
            self.say(f"{place}: X-Content-Type-Options is missing")
        content = said.get("content")
        if not content:
            if answer.body:
                self.say(f"{place}: {answer.status} has a body: {answer.body[:80]!r}")
            return None
        if kind not in content:
            self.say(f"{place}: {answer.status} is {kind or 'of no type'}, the document says {', '.join(content)}")
            return None
        if kind not in ("application/json", "application/problem+json"):
            return None
        try:
            value = answer.json()
        except ValueError as error:
            self.say(f"{place}: no JSON: {error}")
            return None
        for fault in self.schemas.faults(value, content[kind]["schema"]):
            self.say(f"{place}: {fault}")
        if kind == "application/problem+json" and value.get("status") != answer.status:
            self.say(f"{place}: the problem says {value.get('status')}, the answer {answer.status}")
        return value

    # Values for the parameters of paths, from the lists.

    def first(self, route, key):
        found = self.client.json("GET", route + "?limit=1")["items"]
        return found[0][key] if found else None

    def values(self, route):
        """Values for a route's path, or None where the workspace has nothing of the kind."""
        api = "/api/v1"
        if route == "/open/{link}":
            report = self.values(f"{api}/reports/{{name}}/{{file}}")
            made = report and self.call("post", f"{api}/reports/{{name}}/{{file}}/link", report, wanted=200)
            return {"link": made["url"].rpartition("/")[2]} if made else None
        if route == "/page/{file}":
            names = re.findall(r'(?:src|href)="(?:/?page/)([^"?#]+)"', self.client.get("/").body.decode())
            return {"file": names[0]} if names else None
        if route.startswith(f"{api}/reports/"):
            reports = self.client.json("GET", f"{api}/reports")["items"]
            for report in reports:
                for file in report["files"]:
                    return {"name": report["name"], "file": file["name"]}
            return None
        for part, key in (("images", "id"), ("identities", "id"), ("jobs", "id"), ("schedules", "id"),
                          ("maps", "name"), ("audits", "key")):
            if route.startswith(f"{api}/{part}/{{"):
                name = re.search(r"\{(\w+)\}", route)[1]
                found = self.first(f"{api}/{part}", key)
                return None if found is None else {name: found}
        return {}

    def reads(self):
        for route, operations in self.document["paths"].items():
            if "get" not in operations:
                continue
            operation = operations["get"]
            values = self.values(route) if "{" in route else {}
            if values is None:
                print(f"GET {route}: nothing of the kind in this workspace, not checked")
                continue
            kinds = operation["responses"]["200"].get("content", {})
            if "text/event-stream" in kinds:
                self.stream(route, values)
                continue
            value = self.call("get", route, values, wanted=200)
            if operation["x-role"] == "public":
                # A link opens once.
                self.call("get", route, values, wanted=404 if route == "/open/{link}" else 200, token=None)
                continue
            self.refusals(operation, route, values)
            names = {self.schemas.resolve(p)["name"] for p in operation.get("parameters", ())}
            if "If-None-Match" in names:
                self.unchanged(route, values)
            if "cursor" in names:
                self.pages(route, values, value)
            if "limit" in names:
                for bad in ("0", "1001", "x", ""):
                    self.call("get", route, values, {"limit": bad}, wanted=422)

    def refusals(self, operation, route, values):
        self.call("get", route, values, wanted=401, token=None)
        self.call("get", route, values, wanted=401, token="d2r_wrong")
        for parameter in map(self.schemas.resolve, operation.get("parameters", ())):
            if parameter["in"] == "path":
                numbers = parameter["schema"]["type"] == "integer"
                self.call("get", route, {**values, parameter["name"]: 10**9 if numbers else "no-such"}, wanted=404)

    def unchanged(self, route, values):
        path = route
        for name, value in values.items():
            path = path.replace("{" + name + "}", urllib.parse.quote(str(value), safe=""))
        tag = self.client.get(path).headers.get("etag")
        if not tag:
            return
        again = self.client.get(path, headers={"If-None-Match": tag})
        # What changes by itself, such as jobs' progress, may have another tag by now.
        if again.status not in (200, 304) or (again.status == 304 and again.body):
            self.say(f"GET {path}: If-None-Match gives {again}")
        if again.status == 200 and again.headers.get("etag") == tag:
            self.say(f"GET {path}: the ETag is the same and yet the answer is 200")

    def pages(self, route, values, whole):
        """Pages of three hold the same items as one page, in order."""
        wanted = [json.dumps(item, sort_keys=True) for item in (whole or {}).get("items", [])][:20]
        found, query = [], {"limit": 3}
        while len(found) < len(wanted):
            page = self.call("get", route, values, query, wanted=200)
            if not page or not page["items"]:
                break
            found += [json.dumps(item, sort_keys=True) for item in page["items"]]
            if not page["next"]:
                break
            query = {"limit": 3, "cursor": page["next"]}
        if found[:len(wanted)] != wanted and "/access-log" not in route and "/tokens" not in route:
            self.say(f"GET {route}: pages of three give other items than one page")
        self.call("get", route, values, {"cursor": "not-a-cursor"}, wanted=422)

    def stream(self, route, values):
        path = route
        for name, value in values.items():
            path = path.replace("{" + name + "}", str(value))
        events = Events(self.address, self.token, path)
        kind = events.answer.headers.get("Content-Type", "").split(";")[0]
        if kind != "text/event-stream":
            self.say(f"GET {path}: is {kind}")
        events.close()
        self.done.add(("get", route))

    def searches(self):
        api = "/api/v1"
        spaces = self.client.json("GET", f"{api}/status")["spaces"]
        image = self.first(f"{api}/images", "id")
        if spaces and image:
            space, width = spaces[0]["space"], spaces[0]["width"]
            for engine in ("exact", "faiss"):
                body = {"vector": [1] + [0] * (width - 1), "space": space, "count": 3, "engine": engine}
                found = self.call("post", f"{api}/search", body=body, wanted=200)
                if found and not 0 < len(found["hits"]) <= 3:
                    self.say(f"POST {api}/search: {len(found['hits'])} hits for count 3")
            self.call("post", f"{api}/search", body={"image": image, "space": space}, wanted=200)
            self.call("post", f"{api}/search", body={"image": 10**9, "space": space}, wanted=404)
            for bad in ({"vector": [1.0], "space": space}, {"space": space},
                        {"image": image, "space": space, "count": 0}, {"image": image, "space": space, "engine": "x"}):
                self.call("post", f"{api}/search", body=bad, wanted=422)
            self.call("post", f"{api}/search", body=b"{", wanted=400)
            self.call("post", f"{api}/search/picture", query={"space": space}, body=b"no picture",
                      headers={"Content-Type": "image/png"}, wanted=422)
        self.call("post", f"{api}/schedules/preview", body={"cron": "30 2 * * *", "timeZone": "Europe/Berlin"}, wanted=200)
        self.call("post", f"{api}/schedules/preview", body={"cron": "61 * * * *", "timeZone": "UTC"}, wanted=422)

    def makes(self):
        """Everything that is made here is removed again, but for the ledger's and the queue's lines."""
        api = "/api/v1"
        image = self.first(f"{api}/images", "id")
        if image:
            for action in ("protect", "unprotect"):
                made = self.call("post", f"{api}/decisions", body={
                    "images": [image], "action": action, "reason": "a test"}, wanted=200)
            self.call("post", f"{api}/decisions", body={"images": [10**9], "action": "protect", "reason": "x"}, wanted=422)
            if made and made.get("batch"):
                self.call("post", f"{api}/decisions/undo", body={"batch": made["batch"]}, wanted=200)
            self.call("post", f"{api}/decisions/undo", body={"batch": 10**9}, wanted=404)
            self.call("get", f"{api}/images/{{id}}/picture", {"id": image}, {"reveal": "true", "edge": 64}, wanted=200)
        pairs = self.client.json("GET", f"{api}/review?limit=1")["items"]
        if pairs:
            answer = {"pair": pairs[0]["pair"], "answer": "unsure", "note": "a test"}
            self.call("post", f"{api}/review/answers", body=answer, wanted=200)
        self.call("post", f"{api}/review/answers", body={"pair": "0" * 16, "answer": "same"}, wanted=404)
        self.call("post", f"{api}/review/undo", body={}, wanted=200)
        job = self.call("post", f"{api}/jobs", body={"verb": "report audit", "arguments": [], "priority": 1}, wanted=201)
        if job:
            self.call("post", f"{api}/jobs/{{id}}/cancel", {"id": job["id"]})
            self.call("get", f"{api}/jobs/{{id}}", {"id": job["id"]}, wanted=200)
            self.call("post", f"{api}/jobs/{{id}}/retry", {"id": job["id"]})
        self.call("post", f"{api}/jobs", body={"verb": "no-such-verb"}, wanted=422)
        made = self.call("post", f"{api}/schedules", body={
            "name": "a test", "verb": "audit", "cron": "0 2 * * *", "timeZone": "Europe/Berlin", "paused": True}, wanted=201)
        if made:
            own = {"id": made["id"]}
            self.call("get", f"{api}/schedules/{{id}}", own, wanted=200)
            self.call("patch", f"{api}/schedules/{{id}}", own, body={"cron": "5 2 * * *"}, wanted=200)
            self.call("post", f"{api}/schedules/{{id}}/run", own, wanted=201)
            self.call("get", f"{api}/schedules/{{id}}/history", own, wanted=200)
            self.call("delete", f"{api}/schedules/{{id}}", own, wanted=200)
            self.call("get", f"{api}/schedules/{{id}}", own, wanted=404)
        made = self.call("post", f"{api}/alerts", body={
            "name": "a test", "kind": "webhook", "target": "http://127.0.0.1:9/", "on": ["failed"], "paused": True}, wanted=201)
        if made:
            own = {"id": made["id"]}
            if not made.get("secret"):
                self.say("POST /api/v1/alerts: a webhook without a secret")
            self.call("patch", f"{api}/alerts/{{id}}", own, body={"on": ["failed", "findings"]}, wanted=200)
            self.call("post", f"{api}/alerts/{{id}}/test", own)
            self.call("get", f"{api}/alerts", wanted=200)
            self.call("get", f"{api}/alerts/deliveries", wanted=200)
            self.call("delete", f"{api}/alerts/{{id}}", own, wanted=200)
        made = self.call("post", f"{api}/watches", body={
            "path": str(pathlib.Path(__file__).resolve().parent), "population": "generated", "layout": "flat",
            "paused": True}, wanted=201)
        if made:
            own = {"id": made["id"]}
            self.call("patch", f"{api}/watches/{{id}}", own, body={"paused": True}, wanted=200)
            self.call("get", f"{api}/watches", wanted=200)
            self.call("delete", f"{api}/watches/{{id}}", own, wanted=200)
        made = self.call("post", f"{api}/tokens", body={"name": "a test", "role": "reader"}, wanted=201)
        if made:
            self.roles(made["token"])
            self.call("delete", f"{api}/tokens/{{id}}", {"id": made["id"]}, wanted=200)
            self.call("get", f"{api}/session", wanted=401, token=made["token"])
            self.call("get", f"{api}/tokens", wanted=200)

    def roles(self, reader):
        """A reader is refused every operation above its role, whatever the body."""
        for route, operations in self.document["paths"].items():
            for method, operation in operations.items():
                if operation["x-role"] in ("curator", "admin"):
                    values = {name: 1 for name in re.findall(r"\{(\w+)\}", route)}
                    body = {} if "requestBody" in operation else None
                    self.call(method, route, values, body=body, wanted=403, token=reader)

    def run(self):
        self.reads()
        self.searches()
        if self.writes:
            self.makes()
            self.reads()
        operations = {(m, r) for r, found in self.document["paths"].items() for m in found}
        print(f"{len(self.done)} of {len(operations)} operations called, {len(self.deviations)} deviations")
        if self.writes:
            for method, route in sorted(operations - self.done):
                print(f"not called: {method.upper()} {route}")
        return 1 if self.deviations else 0


def examples(document):
    """Every example of the file against its schema."""
    schemas, faults, count = Schemas(document), [], 0

    def walk(value, place):
        nonlocal count
        if isinstance(value, dict):
            if "schema" in value and "example" in value:
                count += 1
                faults.extend(f"{place}: {fault}" for fault in schemas.faults(value["example"], value["schema"]))
            for key, inner in value.items():
                if key != "example":
                    walk(inner, f"{place}/{key}")
        elif isinstance(value, list):
            for number, inner in enumerate(value):
                walk(inner, f"{place}/{number}")

    walk(document, "#")
    for fault in faults:
        print(fault)
    print(f"{count} examples, {len(faults)} deviations")
    return 1 if faults or not count else 0


def serve(workspace, document):
    with tempfile.TemporaryDirectory(prefix="d2r-openapi-") as scratch:
        place = pathlib.Path(scratch) / "workspace"
        shutil.copytree(workspace, place)
        token = new_token(place)
        with Daemon(place, *UNLIMITED) as daemon:
            document = document or daemon.client(token).json("GET", "/api/v1/openapi.json")
            code = Check(daemon.address, token, document, True).run()
            if daemon.stop() != 0:
                print("SIGTERM did not end it in order")
                code = 1
    return code


def main():
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    if "--examples" in sys.argv:
        return examples(json.loads(pathlib.Path(words[0]).read_text()))
    if "--serve" in sys.argv and words:
        return serve(words[0], json.loads(pathlib.Path(words[1]).read_text()) if len(words) > 1 else None)
    if len(words) < 2:
        print(__doc__)
        return 64
    address, token = words[0].rstrip("/"), words[1]
    if len(words) > 2:
        document = json.loads(pathlib.Path(words[2]).read_text())
    else:
        document = Client(address, token).json("GET", "/api/v1/openapi.json")
    return Check(address, token, document, "--write" in sys.argv).run()


if __name__ == "__main__":
    sys.exit(main())
