"""A chat model that chooses the option which holds a word: `server.py FOLDER WORD`; its port is in FOLDER/port.

A stem that holds ``flaky`` fails once with 429 and once with 500; one that holds ``broken`` always fails; ``silent``
says nothing that is an answer. Requests are kept in FOLDER/requests.jsonl.
"""

from __future__ import annotations

import json
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

LOCK = threading.Lock()
TRIES: dict[str, int] = {}


class Handler(BaseHTTPRequestHandler):
    """One request."""

    folder = Path()
    word = ""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        prompt: str = body["messages"][0]["content"]
        with LOCK:
            tries = TRIES[prompt] = TRIES.get(prompt, 0) + 1
            with (self.folder / "requests.jsonl").open("a", encoding="utf-8") as stream:
                kept = {"prompt": prompt, "key": self.headers.get("Authorization"), "model": body["model"]}
                stream.write(json.dumps(kept) + "\n")
        if "broken" in prompt or ("flaky" in prompt and tries <= 2):
            self.reply(400 if "broken" in prompt else (429, 500)[tries - 1], {"error": {"message": "as planned"}})
            return
        found = re.search(rf"^([A-Z])\. .*{re.escape(self.word)}", prompt, re.MULTILINE)
        said = "I would not know" if "silent" in prompt or not found else found[1]
        self.reply(200, {"choices": [{"message": {"role": "assistant", "content": said}, "finish_reason": "stop"}]})

    def reply(self, status: int, body: object) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        if status == 429:
            self.send_header("Retry-After", "0")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        del format, args


if __name__ == "__main__":
    Handler.folder, Handler.word = Path(sys.argv[1]), sys.argv[2]
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    (Handler.folder / "port.part").write_text(str(server.server_address[1]))
    (Handler.folder / "port.part").rename(Handler.folder / "port")
    server.serve_forever()
