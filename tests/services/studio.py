"""A real Label Studio for tests: started by `review serve`, spoken to as its users would, over HTTP."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

SERVE = 900.0
"""Seconds for the first start, which makes the database."""


@dataclass(frozen=True)
class Studio:
    """A server that answers, and its first user."""

    url: str
    token: str
    email: str
    password: str

    def call(self, method: str, path: str, data: Any = None, token: str | None = None) -> Any:
        """Call the API and return what it answers."""
        body = None if data is None else json.dumps(data).encode()
        headers = {"Authorization": f"Token {token or self.token}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}{path}", body, headers, method=method)
        with urllib.request.urlopen(request, timeout=120) as reply:
            told = reply.read()
        return json.loads(told) if told else None

    def personal_token(self) -> str:
        """Make a personal access token."""
        return str(self.call("POST", "/api/token/")["token"])

    def sign_up(self, email: str, password: str) -> str:
        """Sign somebody up by an invitation and return the own legacy token."""
        invitation = urllib.parse.urlsplit(str(self.call("GET", "/api/invite")["invite_url"]))
        path = f"{invitation.path}?{invitation.query}"
        jar = CookieJar()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        opener.open(f"{self.url}{path}", timeout=60).read()
        csrf = next(str(one.value) for one in jar if one.name == "csrftoken")
        form = {"email": email, "password": password, "allow_newsletters": "false", "how_find_us": "", "elaborate": ""}
        body = urllib.parse.urlencode({**form, "csrfmiddlewaretoken": csrf}).encode()
        opener.open(urllib.request.Request(f"{self.url}{path}", body, {"Referer": self.url}), timeout=60).read()
        with opener.open(f"{self.url}/api/current-user/token", timeout=60) as reply:
            return str(json.loads(reply.read())["token"])

    def tasks(self, project: int) -> list[dict[str, Any]]:
        """Return all tasks of a project with their annotations."""
        return list(self.call("GET", f"/api/projects/{project}/export?exportType=JSON&download_all_tasks=true"))

    def projects(self, name: str) -> dict[str, int]:
        """Return the projects of a review by language and reviewer."""
        found = self.call("GET", "/api/projects?page_size=200")["results"]
        mark = re.compile(rf"benchwright:{re.escape(name)}/\d+/(\S+)")
        told = ((mark.match(one["description"] or ""), int(one["id"])) for one in found)
        return {match[1]: number for match, number in told if match}


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def served(command: list[str], folder: Path, port: int) -> Iterator[Studio]:
    """Run `benchwright review serve` until the block ends."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    line = [*command, "review", "serve", "--folder", str(folder), "--port", str(port)]
    process = subprocess.Popen(
        line, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    try:
        yield _told(process)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if process.stdout:
            process.stdout.close()


def _told(process: subprocess.Popen[str]) -> Studio:
    assert process.stdout
    lines: list[str] = []
    deadline = time.monotonic() + SERVE
    while time.monotonic() < deadline:
        text = process.stdout.readline()
        if not text:
            break
        lines.append(text)
        if "LABEL_STUDIO_API_KEY" in text:
            said = "".join(lines)
            account = re.search(r"sign in as (\S+) with (\S+)", said)
            server = re.search(r"LABEL_STUDIO_URL=(\S+) LABEL_STUDIO_API_KEY=(\S+)", said)
            assert account
            assert server
            return Studio(server[1], server[2], account[1], account[2])
    raise AssertionError("the server did not come up:\n" + "".join(lines))


def started(line: list[str], env: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start a command that the test ends itself."""
    return subprocess.Popen(line, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def ended(line: list[str], seconds: float, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, whatever its exit code."""
    return subprocess.run(line, env=env, capture_output=True, text=True, timeout=seconds, check=False)
