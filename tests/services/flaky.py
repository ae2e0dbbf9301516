"""A server that fails now and then: a proxy on loopback that loses requests, or their answers."""

from __future__ import annotations

import http.client
import random
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOP = {"connection", "keep-alive", "transfer-encoding", "host", "content-length", "content-encoding"}


@contextmanager
def flaky(url: str, share: float = 0.2, seed: int = 7) -> Iterator[tuple[str, list[str]]]:
    """Run a proxy of which a share of the answers is a 500, and yield its address and what it lost.

    Of those, every second request has been done by the server nevertheless.
    """
    parts = urllib.parse.urlsplit(url)
    draw = random.Random(seed)
    lost: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(size) if size else None
            fails = draw.random() < share
            if fails:
                lost.append(self.command)
            if fails and len(lost) % 2:
                self.answer(500, b"lost", "text/plain")
                return
            headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
            headers |= {"Host": parts.netloc, "Accept-Encoding": "identity"}
            connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=120)
            connection.request(self.command, self.path, body, headers)
            reply = connection.getresponse()
            data = reply.read()
            connection.close()
            kind = reply.getheader("Content-Type") or "text/plain"
            self.answer(500 if fails else reply.status, b"lost" if fails else data, kind)

        def answer(self, status: int, data: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PATCH = do_DELETE = handle_any  # noqa: N815 - names of the standard library

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the standard library has it
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", lost
    finally:
        server.shutdown()
        server.server_close()
