"""Takes webhooks on a free port, checks their signatures, and writes what it saw.

usage: webhook.py FOLDER. Writes the port to FOLDER/port and one JSON object per request to
FOLDER/seen. The secret in hex is read from FOLDER/secret. Answers with the first line of
FOLDER/answers, which it takes away, else with 204; "hang" means no answer for a long time.
"""

import hashlib
import hmac
import http.server
import json
import os
import pathlib
import sys
import time

folder = pathlib.Path(sys.argv[1])


def answer():
    path = folder / "answers"
    if not path.exists():
        return "204"
    lines = path.read_text().split()
    if not lines:
        return "204"
    path.write_text("\n".join(lines[1:]))
    return lines[0]


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        fields = dict(part.split("=", 1) for part in self.headers["D2R-Signature"].split(","))
        signed = f"{fields['t']}.{self.headers['D2R-Id']}.".encode() + body
        key = bytes.fromhex((folder / "secret").read_text())
        expected = hmac.new(key, signed, hashlib.sha256).hexdigest()
        seen = {
            "id": self.headers["D2R-Id"],
            "event": self.headers["D2R-Event"],
            "type": self.headers["Content-Type"],
            "valid": hmac.compare_digest(expected, fields["v1"]),
            "body": json.loads(body),
        }
        with (folder / "seen").open("a") as out:
            out.write(json.dumps(seen) + "\n")
        status = answer()
        if status == "hang":
            time.sleep(60)
            status = "204"
        self.send_response(int(status))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
temporary = folder / "port.new"
temporary.write_text(str(server.server_port))
os.rename(temporary, folder / "port")
server.serve_forever()
