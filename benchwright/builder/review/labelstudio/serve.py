"""A Label Studio server of one's own: its environment, a SQLite file, and this machine's loopback address."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from benchwright.builder.environments import find
from benchwright.builder.store import read_json, write_json, writing
from benchwright.schemas.errors import Problem, UserError

__all__ = ["Server", "running"]

_HOST: Final = "127.0.0.1"
_READY: Final = 600.0
"""Seconds until a server answers: the first start makes its database."""
_EMAIL: Final = "admin@localhost.example"


@dataclass(frozen=True)
class Server:
    """A server that answers."""

    url: str
    email: str
    password: str
    token: str
    pid: int
    log: Path


@contextmanager
def running(folder: Path, port: int = 8080) -> Iterator[Server]:
    """Start a server and end it when the block ends; its data and its one account stay in the folder.

    It listens on the loopback address only, and no usage is reported to anybody.

    Raises:
        MissingDependencyError: the environment was not made.
        UserError: ``server-unreachable``, it does not come up; the end of its log is told.
    """
    python = find("label-studio").python
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    account = _account(folder)
    log = folder / "server.log"
    with log.open("ab") as stream:
        process = _start(python, folder, port, account, stream)
        try:
            url = f"http://{_HOST}:{port}"
            _wait(url, process, log)
            yield Server(url, account["email"], account["password"], account["token"], process.pid, log)
        finally:
            _end(process)


def _account(folder: Path) -> dict[str, str]:
    path = folder / "account.json"
    kept = read_json(path)
    if isinstance(kept, dict):
        return {str(name): str(value) for name, value in kept.items()}
    account = {
        "email": _EMAIL,
        "password": secrets.token_urlsafe(12),
        "token": secrets.token_hex(20),
        "secret": secrets.token_hex(25),
    }
    write_json(path, account)
    path.chmod(0o600)
    return account


def _start(
    python: Path, folder: Path, port: int, account: dict[str, str], stream: IO[bytes]
) -> subprocess.Popen[bytes]:
    environment = {
        **{
            name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}
        },
        "LABEL_STUDIO_USERNAME": account["email"],
        "LABEL_STUDIO_PASSWORD": account["password"],
        "LABEL_STUDIO_USER_TOKEN": account["token"],
        "LABEL_STUDIO_BASE_DATA_DIR": str(folder.resolve()),
        "DJANGO_DB": "sqlite",
        "SECRET_KEY": account["secret"],
        # Counts only when the organisation is made, that is at the first start.
        "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
        "COLLECT_ANALYTICS": "false",
        "LATEST_VERSION_CHECK": "false",
        "SENTRY_DSN": "",
        "FRONTEND_SENTRY_DSN": "",
        "FEATURE_FLAGS_OFFLINE": "true",
    }
    program = python.with_name("label-studio")
    command = [str(program), "start", "--no-browser", "--internal-host", _HOST, "--port", str(port)]
    command += ["--data-dir", str(folder.resolve()), "--username", account["email"]]
    command += ["--password", account["password"], "--user-token", account["token"], "--enable-legacy-api-token"]
    return subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, start_new_session=True
    )


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _READY
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise UserError(_not_up(url, log, f"it ended with {process.returncode}"))
        if _answers(url):
            return
        time.sleep(0.2)
    raise UserError(_not_up(url, log, f"no answer in {_READY:.0f} s"))


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=5) as reply:  # noqa: S310 - a loopback address of ours
            told = json.loads(reply.read() or b"{}")
    except (urllib.error.URLError, OSError, ValueError):
        return False
    return bool(told)


def _not_up(url: str, log: Path, found: str) -> Problem:
    with writing(log):
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:]
    return Problem(
        "server-unreachable",
        "the review server does not come up",
        url,
        found=f"{found}: {' / '.join(lines)[-400:]}",
        expected="a free port and a folder that can be written",
        remedy=f"read {log}; another program may hold the port: --port",
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the server and what it started: it has a group of its own."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
        except ProcessLookupError:
            break
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            continue
        break
