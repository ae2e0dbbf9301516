"""A hub on the loopback: the routes that huggingface_hub and datasets call, in memory, with faults on demand.

Routes after the calls that the clients make: create, preupload, LFS batch and upload, commit, tag, refs, tree, resolve.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import socket
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ATTRIBUTES = b"*.parquet filter=lfs diff=lfs merge=lfs -text\n"


@dataclass
class Commit:
    oid: str
    files: dict[str, bytes]
    message: str
    description: str = ""


@dataclass
class Repo:
    commits: list[Commit]
    tags: dict[str, str] = field(default_factory=dict)
    private: bool = False
    gated: str | bool = False

    @property
    def head(self) -> str:
        return self.commits[-1].oid

    def at(self, revision: str) -> Commit | None:
        oid = self.head if revision == "main" else self.tags.get(revision, revision)
        return next((one for one in self.commits if one.oid == oid), None)


@dataclass
class Fault:
    """What goes wrong: at which route, how (drop, late: done and then dropped, or a status), and how often."""

    where: str
    how: str | int
    times: int = 1
    message: str = "a fault of the test"


@dataclass
class State:
    repos: dict[str, Repo] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def fault(self, route: str) -> Fault | None:
        with self.lock:
            for one in self.faults:
                if one.where == route and one.times > 0:
                    one.times -= 1
                    return one
        return None


def blob(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def is_large(name: str) -> bool:
    return name.endswith(".parquet")


ROUTES: list[tuple[str, str, str]] = [
    ("GET", "whoami", r"/api/whoami-v2"),
    ("POST", "yaml", r"/api/validate-yaml"),
    ("POST", "create", r"/api/repos/create"),
    ("POST", "preupload", r"/api/datasets/(?P<repo>[^/]+/[^/]+)/preupload/(?P<rev>.+)"),
    ("POST", "commit", r"/api/datasets/(?P<repo>[^/]+/[^/]+)/commit/(?P<rev>.+)"),
    ("POST", "tag", r"/api/datasets/(?P<repo>[^/]+/[^/]+)/tag/(?P<rev>.+)"),
    ("PUT", "settings", r"/api/datasets/(?P<repo>[^/]+/[^/]+)/settings"),
    ("GET", "refs", r"/api/datasets/(?P<repo>[^/]+/[^/]+)/refs"),
    ("GET", "tree", r"/api/datasets/(?P<repo>[^/]+/[^/]+)/tree/(?P<rev>[^/]+)(?:/(?P<path>.*))?"),
    ("POST", "paths", r"/api/datasets/(?P<repo>[^/]+/[^/]+)/paths-info/(?P<rev>.+)"),
    ("GET", "info", r"/api/datasets/(?P<repo>[^/]+/[^/]+)(?:/revision/(?P<rev>.+))?"),
    ("POST", "batch", r"/(?:datasets/)?(?P<repo>[^/]+/[^/]+?)\.git/info/lfs/objects/batch"),
    ("PUT", "lfs", r"/lfs/(?P<oid>[0-9a-f]{64})"),
    ("GET", "resolve", r"/datasets/(?P<repo>[^/]+/[^/]+)/resolve/(?P<rev>[^/]+)/(?P<path>.+)"),
]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: State

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the base class
        pass

    def body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            data = b""
            while size := int(self.rfile.readline().strip() or b"0", 16):
                data += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return data
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def reply(self, status: int, data: Any = b"", headers: dict[str, str] | None = None) -> None:
        raw = data if isinstance(data, bytes) else json.dumps(data).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(raw)

    def fail(self, status: int, code: str, message: str) -> None:
        self.reply(status, {"error": message}, {"X-Error-Code": code, "X-Error-Message": message})

    def drop(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def answer(self) -> None:
        parts = urllib.parse.urlsplit(self.path)
        path, raw = urllib.parse.unquote(parts.path), self.body()
        method = "GET" if self.command == "HEAD" else self.command
        found = ((name, re.fullmatch(pattern, path)) for verb, name, pattern in ROUTES if verb == method)
        route, match = next(((name, one) for name, one in found if one), ("none", None))
        self.state.log.append(route)
        fault = self.state.fault(route)
        if fault is not None and fault.how == "drop":
            self.drop()
            return
        if fault is not None and isinstance(fault.how, int):
            self.fail(fault.how, "Fault", fault.message)
            return
        if match is None:
            self.fail(404, "EntryNotFound", f"not played: {path}")
            return
        if fault is not None:  # late: it is done, and the answer is lost
            self.reply = lambda *_: None  # type: ignore[method-assign]
        query = urllib.parse.parse_qs(parts.query)
        with self.state.lock:
            getattr(self, f"on_{route}")(raw, query, **match.groupdict())
        if fault is not None:
            self.drop()

    do_GET = do_POST = do_PUT = do_HEAD = answer  # noqa: N815 - names of the base class

    def repo(self, name: str, revision: str | None = None) -> tuple[Repo, Commit] | None:
        repo = self.state.repos.get(name)
        if repo is None or (repo.private and not self.headers.get("Authorization")):
            self.fail(404, "RepoNotFound", "Repository not found")
            return None
        commit = repo.at(revision or "main")
        if commit is None:
            self.fail(404, "RevisionNotFound", f"Invalid rev id: {revision}")
            return None
        return repo, commit

    def on_whoami(self, raw: bytes, query: Any) -> None:
        self.reply(200, {"type": "user", "name": "tester", "orgs": [], "auth": {"accessToken": {"role": "write"}}})

    def on_yaml(self, raw: bytes, query: Any) -> None:
        self.reply(200, {"errors": [], "warnings": []})

    def on_create(self, raw: bytes, query: Any) -> None:
        asked = json.loads(raw)
        name = f"{asked.get('organization') or 'tester'}/{asked['name']}"
        url = f"http://{self.headers['Host']}/datasets/{name}"
        if name in self.state.repos:
            self.reply(409, {"error": "You already created this dataset repo", "url": url})
            return
        private = bool(asked.get("private")) or asked.get("visibility") == "private"
        first = Commit(sha256(name.encode())[:40], {".gitattributes": ATTRIBUTES}, "initial commit")
        self.state.repos[name] = Repo([first], private=private)
        self.reply(200, {"url": url, "name": name, "id": name, "private": private})

    def on_settings(self, raw: bytes, query: Any, repo: str) -> None:
        if found := self.repo(repo):
            found[0].gated = json.loads(raw).get("gated", False)
            self.reply(200, {"gated": found[0].gated})

    def on_preupload(self, raw: bytes, query: Any, repo: str, rev: str) -> None:
        if found := self.repo(repo, rev):
            held = found[1].files
            modes = [
                {
                    "path": one["path"],
                    "uploadMode": "lfs" if is_large(one["path"]) else "regular",
                    "shouldIgnore": False,
                    "oid": blob(held[one["path"]]) if one["path"] in held else None,
                }
                for one in json.loads(raw)["files"]
            ]
            self.reply(200, {"files": modes})

    def on_batch(self, raw: bytes, query: Any, repo: str) -> None:
        host = f"http://{self.headers['Host']}/lfs"
        objects = [
            one
            if one["oid"] in self.state.blobs
            else {**one, "actions": {"upload": {"href": f"{host}/{one['oid']}", "header": {}}}}
            for one in json.loads(raw)["objects"]
        ]
        self.reply(200, {"transfer": "basic", "objects": objects})

    def on_lfs(self, raw: bytes, query: Any, oid: str) -> None:
        if sha256(raw) != oid:
            self.fail(400, "BadObject", "the bytes are not those of the oid")
            return
        self.state.blobs[oid] = raw
        self.reply(200)

    def on_commit(self, raw: bytes, query: Any, repo: str, rev: str) -> None:
        found = self.repo(repo, rev)
        if found is None:
            return
        files, head = dict(found[1].files), {}
        for line in raw.decode().splitlines():
            told = json.loads(line)
            value = told["value"]
            if told["key"] == "header":
                head = value
            elif told["key"] == "file":
                files[value["path"]] = base64.b64decode(value["content"])
            elif told["key"] == "lfsFile":
                files[value["path"]] = self.state.blobs[value["oid"]]
            elif told["key"] == "deletedFile":
                files.pop(value["path"], None)
        if head.get("parentCommit") not in {None, found[0].head}:
            self.fail(412, "PreconditionFailed", "A commit has happened since. Please refresh and try again.")
            return
        oid = hashlib.sha1(found[0].head.encode() + raw).hexdigest()
        found[0].commits.append(Commit(oid, files, head["summary"], head.get("description", "")))
        url = f"http://{self.headers['Host']}/datasets/{repo}/commit/{oid}"
        self.reply(200, {"success": True, "commitOid": oid, "commitUrl": url, "hookOutput": ""})

    def on_tag(self, raw: bytes, query: Any, repo: str, rev: str) -> None:
        if found := self.repo(repo, rev):
            name = json.loads(raw)["tag"]
            if name in found[0].tags:
                self.fail(409, "Conflict", "Tag reference exists already")
                return
            found[0].tags[name] = found[1].oid
            self.reply(200, {})

    def on_refs(self, raw: bytes, query: Any, repo: str) -> None:
        if found := self.repo(repo):
            heads = [{"name": "main", "ref": "refs/heads/main", "targetCommit": found[0].head}]
            tags = [
                {"name": name, "ref": f"refs/tags/{name}", "targetCommit": oid} for name, oid in found[0].tags.items()
            ]
            self.reply(200, {"branches": heads, "tags": tags, "converts": []})

    def on_info(self, raw: bytes, query: Any, repo: str, rev: str | None) -> None:
        if found := self.repo(repo, rev):
            siblings = [
                {"rfilename": name, "size": len(data), "blobId": blob(data)} for name, data in found[1].files.items()
            ]
            told = {"_id": "1", "id": repo, "author": repo.split("/", maxsplit=1)[0], "sha": found[1].oid}
            flags = {"private": found[0].private, "gated": found[0].gated, "disabled": False}
            counts = {"downloads": 0, "likes": 0}
            times = {"createdAt": "2026-01-01T00:00:00.000Z", "lastModified": "2026-01-01T00:00:00.000Z"}
            self.reply(200, {**told, **flags, **counts, **times, "tags": [], "siblings": siblings})

    def entry(self, name: str, data: bytes) -> dict[str, Any]:
        told: dict[str, Any] = {"type": "file", "path": name, "size": len(data), "oid": blob(data)}
        if is_large(name):
            told["lfs"] = {"oid": sha256(data), "size": len(data), "pointerSize": 130}
        return told

    def on_tree(self, raw: bytes, query: Any, repo: str, rev: str, path: str | None) -> None:
        if found := self.repo(repo, rev):
            start = f"{path.strip('/')}/" if path else ""
            held = {name: data for name, data in found[1].files.items() if name.startswith(start)}
            if start and not held:
                self.fail(404, "EntryNotFound", "Entry not found")
                return
            deep = query.get("recursive", ["false"])[0].lower() in {"true", "1"}
            files = [self.entry(name, data) for name, data in held.items() if deep or "/" not in name[len(start) :]]
            folders = set()
            for name in held:
                steps = name[len(start) :].split("/")[:-1]
                folders |= {start + "/".join(steps[: n + 1]) for n in range(len(steps)) if deep or n == 0}
            told = [{"type": "directory", "path": one, "oid": "0" * 40, "size": 0} for one in sorted(folders)]
            self.reply(200, [*told, *files])

    def on_paths(self, raw: bytes, query: Any, repo: str, rev: str) -> None:
        if found := self.repo(repo, rev):
            asked = (
                json.loads(raw)["paths"] if raw[:1] == b"{" else urllib.parse.parse_qs(raw.decode()).get("paths", [])
            )
            held = found[1].files
            files = [self.entry(name, held[name]) for name in asked if name in held]
            folders = [
                {"type": "directory", "path": name, "oid": "0" * 40, "size": 0}
                for name in asked
                if any(one.startswith(f"{name.rstrip('/')}/") for one in held)
            ]
            self.reply(200, [*files, *folders])

    def on_resolve(self, raw: bytes, query: Any, repo: str, rev: str, path: str) -> None:
        found = self.repo(repo, rev)
        if found is None:
            return
        data = found[1].files.get(path)
        if data is None:
            self.fail(404, "EntryNotFound", "Entry not found")
            return
        headers = {"X-Repo-Commit": found[1].oid, "ETag": f'"{blob(data)}"', "Accept-Ranges": "bytes"}
        if is_large(path):
            headers |= {"X-Linked-Etag": f'"{sha256(data)}"', "X-Linked-Size": str(len(data))}
        asked = re.match(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if asked and self.command == "GET":
            begin, end = int(asked[1]), min(int(asked[2] or len(data)), len(data) - 1)
            headers["Content-Range"] = f"bytes {begin}-{end}/{len(data)}"
            self.reply(206, data[begin : end + 1], headers)
            return
        self.reply(200, data, headers)


@contextmanager
def running_hub() -> Iterator[tuple[str, State]]:
    """Run a hub on a free port of the loopback; give its address, and what it holds."""
    state = State()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"state": state}))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
