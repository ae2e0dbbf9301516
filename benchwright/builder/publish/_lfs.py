"""Pointers and objects of git LFS: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md."""

from __future__ import annotations

import base64
import json
import shutil
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from benchwright.builder.publish.plan import PlannedFile
from benchwright.builder.store import TEMPORARY, writing
from benchwright.schemas.errors import OutputError, Problem

__all__ = ["keep_object", "pointer", "upload_objects"]

_KIND: Final = "application/vnd.git-lfs+json"
_SECONDS: Final = 600
_AT_ONCE: Final = 100


def pointer(one: PlannedFile) -> bytes:
    """Return the small file that stands for a large one."""
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{one.sha256}\nsize {one.size}\n".encode()


def keep_object(store: Path, one: PlannedFile) -> None:
    """Copy the bytes into the store of a remote that is a folder; what is there is not copied again."""
    path = store / one.sha256[:2] / one.sha256[2:4] / one.sha256
    if path.is_file() and path.stat().st_size == one.size:
        return
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}{TEMPORARY}")
        shutil.copyfile(one.path, temporary)
        temporary.replace(path)


def upload_objects(remote: str, files: Sequence[PlannedFile]) -> None:
    """Send the bytes to the LFS store of a remote over HTTP; the store says which it has already.

    User and token come from the address (``https://user:token@host/...``) and are never told.

    Raises:
        OutputError: ``publish-failed``.
    """
    parts = urlsplit(remote)
    host = parts.hostname or ""
    plain = urlunsplit((parts.scheme, host + (f":{parts.port}" if parts.port else ""), parts.path, "", ""))
    address = f"{plain.rstrip('/').removesuffix('.git')}.git/info/lfs/objects/batch"
    headers = {"Accept": _KIND, "Content-Type": _KIND}
    if parts.username:
        pair = f"{parts.username}:{parts.password or ''}".encode()
        headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
    by_oid = {one.sha256: one for one in files}
    for begin in range(0, len(files), _AT_ONCE):
        some = [{"oid": one.sha256, "size": one.size} for one in files[begin : begin + _AT_ONCE]]
        body = json.dumps({"operation": "upload", "transfers": ["basic"], "objects": some}).encode()
        answer = json.loads(_sent(address, "POST", body, headers))
        for told in answer["objects"]:
            _upload(by_oid[told["oid"]], told)


def _upload(one: PlannedFile, told: dict[str, Any]) -> None:
    if "error" in told:
        raise OutputError(_failed(one.name, str(told["error"].get("message"))))
    action = told.get("actions", {}).get("upload")
    if action is None:
        return
    headers = {"Content-Type": "application/octet-stream", "Content-Length": str(one.size), **action.get("header", {})}
    with one.path.open("rb") as stream:
        _sent(action["href"], "PUT", stream, headers)


def _sent(address: str, method: str, body: Any, headers: dict[str, str]) -> bytes:
    if urlsplit(address).scheme not in {"http", "https"}:
        raise OutputError(_failed(address, "the store names an address that is not HTTP"))
    request = urllib.request.Request(address, data=body, method=method, headers=headers)  # noqa: S310 - checked above
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 - checked above
            data: bytes = answer.read()
    except (urllib.error.URLError, OSError) as error:
        raise OutputError(_failed(urlsplit(address).path, str(error))) from error
    return data


def _failed(place: str, found: str) -> Problem:
    return Problem(
        code="publish-failed",
        message="the release was not published: the LFS store refused",
        place=place,
        found=found,
        expected="a store that takes the file",
        remedy="check address, rights and space, and run the same command again",
    )
