"""A real HTTP server on loopback with the faults of real sites."""

from __future__ import annotations

import gzip
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Page:
    """One answer: what stands there, and what goes wrong."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    media: str = "text/html; charset=utf-8"
    fault: str | None = None
    """``truncated``, ``hang``, ``reset``, ``endless`` or ``short-chunks``."""


class Site:
    """Pages by path; a list of pages is given one after the other, the last one for ever."""

    def __init__(self) -> None:
        self.pages: dict[str, list[Page]] = {}
        self.hits: Counter[str] = Counter()
        self.log: list[tuple[str, dict[str, str]]] = []
        self.after: Callable[[str], None] | None = None
        self.address = ""

    def put(self, path: str, *pages: Page | str) -> None:
        self.pages[path] = [Page(one.encode()) if isinstance(one, str) else one for one in pages]

    def url(self, path: str) -> str:
        return self.address + path

    def answer(self, path: str) -> Page:
        there = self.pages.get(path)
        if there is None:
            return Page(b"nothing", 404)
        return there.pop(0) if len(there) > 1 else there[0]


class _Handler(BaseHTTPRequestHandler):
    site: Site
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        del format, args

    def do_GET(self) -> None:
        site = self.site
        site.hits[self.path] += 1
        site.log.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        page = site.answer(self.path)
        etag = page.headers.get("ETag")
        if etag and self.headers.get("If-None-Match") == etag:
            self.send_response(304)
            self.send_header("ETag", etag)
            self.end_headers()
        else:
            self._send(page)
        if site.after is not None:
            site.after(self.path)

    def _send(self, page: Page) -> None:
        self.close_connection = True
        if page.fault == "hang":
            time.sleep(1.2)
            return
        if page.fault == "reset":
            self.connection.shutdown(2)
            return
        self.send_response(page.status)
        self.send_header("Content-Type", page.media)
        self.send_header("Connection", "close")
        for name, value in page.headers.items():
            self.send_header(name, value)
        if page.fault == "short-chunks":
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"ff\r\nonly a few bytes")
            return
        if page.fault == "endless":
            self.end_headers()
            for _ in range(5000):
                try:
                    self.wfile.write(b"x" * 65536)
                except OSError:
                    return
            return
        length = len(page.body) + (500 if page.fault == "truncated" else 0)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(page.body)


@contextmanager
def serving() -> Iterator[Site]:
    site = Site()
    handler = type("Handler", (_Handler,), {"site": site})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    site.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def packed(data: bytes) -> bytes:
    return gzip.compress(data, 9)
