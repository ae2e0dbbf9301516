"""A server that wants a session, seen by a browser: a proxy on loopback that adds the cookies of a user."""

from __future__ import annotations

import http.client
import re
import threading
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOP = {"connection", "keep-alive", "transfer-encoding", "host", "cookie", "content-length", "content-encoding"}


def session(url: str, email: str, password: str) -> dict[str, str]:
    """Sign in and return the cookies."""
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = opener.open(f"{url}/user/login", timeout=60).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    form = {"email": email, "password": password, "csrfmiddlewaretoken": token[1]}
    request = urllib.request.Request(f"{url}/user/login", urllib.parse.urlencode(form).encode(), {"Referer": url})
    opener.open(request, timeout=60)
    return {one.name: str(one.value) for one in jar}


@contextmanager
def proxy(url: str, cookies: dict[str, str], script: str = "") -> Iterator[str]:
    """Run a proxy to a server with these cookies, and yield its address; a script runs in every page."""
    parts = urllib.parse.urlsplit(url)
    spelled = "; ".join(f"{name}={value}" for name, value in cookies.items())

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(size) if size else None
            headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
            headers |= {"Cookie": spelled, "Host": parts.netloc, "Accept-Encoding": "identity"}
            if "csrftoken" in cookies:
                headers |= {"X-CSRFToken": cookies["csrftoken"], "Referer": url, "Origin": url}
            connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=120)
            connection.request(self.command, self.path, body, headers)
            reply = connection.getresponse()
            data = reply.read()
            if script and "text/html" in (reply.getheader("Content-Type") or ""):
                data = data.replace(b"</body>", f"<script>{script}</script></body>".encode())
            self.send_response(reply.status)
            for name, value in reply.getheaders():
                if name.lower() not in HOP | {"content-security-policy"}:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
            connection.close()

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = handle_any  # noqa: N815 - names of the standard library

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the standard library has it
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
