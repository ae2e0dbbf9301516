"""A hub on the loopback: the routes that huggingface_hub and datasets call, with faults on demand.

Routes after the calls that the clients make: create, preupload, LFS batch and upload (whole or in parts), commit, tag,
refs, tree, resolve. Objects lie in memory, or in a folder where one is given: then none is held as a whole.
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
from contextlib import contextmanager, nullcontext, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.services.hub_data import PIECE, Commit, Data, Large, Repo, State, blob, is_large, pieces, sha256

ATTRIBUTES = b"*.parquet filter=lfs diff=lfs merge=lfs -text\n*.mp3 filter=lfs diff=lfs merge=lfs -text\n"
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
    ("PUT", "part", r"/lfs/(?P<oid>[0-9a-f]{64})/(?P<number>\d+)"),
    ("POST", "complete", r"/lfs/(?P<oid>[0-9a-f]{64})/complete"),
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

    def kept(self, name: str, parts: Iterator[bytes]) -> Data:
        """Keep bytes where the objects lie."""
        if self.state.folder is None:
            return b"".join(parts)
        path, found = self.state.folder / name, hashlib.sha256()
        with path.open("wb") as stream:
            for piece in parts:
                found.update(piece)
                stream.write(piece)
        return Large(path, found.hexdigest())

    def coming(self) -> Iterator[bytes]:
        """Yield the body piece by piece: an object may be larger than memory."""
        left = int(self.headers.get("Content-Length") or 0)
        while left > 0 and (piece := self.rfile.read(min(PIECE, left))):
            left -= len(piece)
            yield piece

    def reply(self, status: int, data: Any = b"", headers: dict[str, str] | None = None) -> None:
        raw = data if isinstance(data, Large | bytes) else json.dumps(data).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        if self.command != "HEAD":
            for piece in pieces(raw):
                self.wfile.write(piece)

    def fail(self, status: int, code: str, message: str) -> None:
        self.reply(status, {"error": message}, {"X-Error-Code": code, "X-Error-Message": message})

    def drop(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def answer(self) -> None:
        parts = urllib.parse.urlsplit(self.path)
        path = urllib.parse.unquote(parts.path)
        method = "GET" if self.command == "HEAD" else self.command
        found = ((name, re.fullmatch(pattern, path)) for verb, name, pattern in ROUTES if verb == method)
        route, match = next(((name, one) for name, one in found if one), ("none", None))
        chunked = "Transfer-Encoding" in self.headers
        raw: Any = b"" if route in {"lfs", "part"} and not chunked else self.body()
        if match and route in {"lfs", "part"} and not chunked:
            raw = self.kept("-".join(match.groups()), self.coming())
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
        # A large object goes out while others are asked for.
        with nullcontext() if route == "resolve" else self.state.lock:
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
        objects = [
            one if one["oid"] in self.state.blobs else {**one, "actions": {"upload": self.upload(one)}}
            for one in json.loads(raw)["objects"]
        ]
        self.reply(200, {"transfer": "basic", "objects": objects})

    def upload(self, one: dict[str, Any]) -> dict[str, Any]:
        """Return where an object is sent: whole, or in parts with an address each."""
        href, size = f"http://{self.headers['Host']}/lfs/{one['oid']}", self.state.part
        if size is None or one["size"] <= size:
            return {"href": href, "header": {}}
        header = {str(n + 1): f"{href}/{n + 1}" for n in range(-(-one["size"] // size))}
        return {"href": f"{href}/complete", "header": {"chunk_size": str(size), **header}}

    def on_part(self, raw: Data, query: Any, oid: str, number: str) -> None:
        self.state.parts[oid, int(number)] = raw
        self.reply(200, b"", {"ETag": f'"{sha256(raw)}"'})

    def on_complete(self, raw: bytes, query: Any, oid: str) -> None:
        told = sorted(json.loads(raw)["parts"], key=lambda one: one["partNumber"])
        held = [self.state.parts.pop((oid, one["partNumber"])) for one in told]
        if [f'"{sha256(one)}"' for one in held] != [one["etag"] for one in told]:
            self.fail(400, "BadObject", "the parts are not those that were sent")
            return
        self.on_lfs(self.kept(oid, (piece for one in held for piece in pieces(one))), query, oid)
        for one in held:
            if isinstance(one, Large):
                one.path.unlink()

    def on_lfs(self, raw: Data, query: Any, oid: str) -> None:
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

    def entry(self, name: str, data: Data) -> dict[str, Any]:
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
            self.reply(206, b"".join(pieces(data, begin, end + 1)), headers)
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
