"""A server that speaks as a chat model's does and errs as it is told: `python server.py FOLDER`.

The first part of an address names a folder below FOLDER. Each request is answered by what its file `plan.json` says of
its stem: a list of faults, one for each try. Requests are kept in `requests.jsonl`. The port stands in `FOLDER/port`.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

FOLDER = Path(sys.argv[1]) if __name__ == "__main__" else Path()
LOCK = threading.Lock()
TRIES: dict[tuple[str, str], int] = {}


def answer(fields: dict[str, str]) -> dict[str, str]:
    return {name: text.upper() for name, text in reversed(list(fields.items()))}


class Handler(BaseHTTPRequestHandler):
    """One request."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        fields: dict[str, str] = json.loads(body["messages"][1]["content"])["fields"]
        name = fields.get("stem") or next(iter(fields.values()))
        folder = FOLDER / self.path.split("/")[1]
        plan: dict[str, list[str]] = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
        with LOCK:
            number = TRIES[folder.name, name] = TRIES.get((folder.name, name), 0) + 1
            with (folder / "requests.jsonl").open("a", encoding="utf-8") as stream:
                kept = {"name": name, "try": number, "body": body, "key": self.headers.get("Authorization")}
                stream.write(json.dumps({**kept, "at": time.monotonic()}) + "\n")
        faults = plan.get(name, plan.get("*", []))
        fault = faults[number - 1] if number <= len(faults) else ""
        self.reply(fault, fields)

    def reply(self, fault: str, fields: dict[str, str]) -> None:
        kind, _, value = fault.partition(" ")
        made: dict[str, Any] = dict(answer(fields))
        message: dict[str, Any] = {"role": "assistant"}
        finish = "stop"
        if kind == "status":
            code, _, after = value.partition(" ")
            self.send(int(code), json.dumps({"error": {"message": "as planned"}}), after or None)
            return
        if kind == "sleep":
            time.sleep(float(value))
        elif kind == "garbage":
            self.send(200, "<html>no JSON</html>")
            return
        elif kind == "missing":
            made.pop("option:B", None)
        elif kind == "added":
            made["option:Z"] = "one more"
        elif kind == "swapped":
            made["option:A"], made["option:B"] = made["option:B"], made["option:A"]
        elif kind == "empty":
            made["option:A"] = ""
        elif kind == "piece":
            made = {name: text.replace("⟦0⟧", "") for name, text in made.items()}
        elif kind == "refusal":
            message["refusal"] = "I cannot help with that."
        elif kind == "length":
            finish = "length"
        text = json.dumps(made, ensure_ascii=False)
        message["content"] = {"talk": "I am sorry, but no.", "fence": f"```json\n{text}\n```", "cut": text[:-9]}.get(
            kind, text
        )
        self.send(200, json.dumps({"choices": [{"message": message, "finish_reason": finish}], "usage": {}}))

    def send(self, code: int, text: str, after: str | None = None) -> None:
        data = text.encode()
        try:
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            if after:
                self.send_header("Retry-After", after)
            self.end_headers()
            self.wfile.write(data)
        except (BrokenPipeError, ConnectionResetError):
            return  # the client did not wait

    def log_message(self, *args: object) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Say nothing."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    (FOLDER / "port~").write_text(str(server.server_address[1]), encoding="utf-8")
    (FOLDER / "port~").rename(FOLDER / "port")
    server.serve_forever()
