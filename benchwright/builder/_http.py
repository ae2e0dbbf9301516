"""Kit: JSON over HTTP with patience: limits, pauses and another try where that may help."""

from __future__ import annotations

import email.utils
import http.client
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

__all__ = ["FatalError", "HttpError", "Patience", "post_json"]

_AGAIN: Final = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_NEVER: Final = frozenset({401, 402, 403, 404})
_LONGEST_PAUSE: Final = 300.0


class HttpError(Exception):
    """One request failed; another may not. Internal."""

    def __init__(self, detail: str, *, again: bool, wait: float | None = None) -> None:
        """Take what happened, whether another try may help, and how long the server wants to be left alone."""
        super().__init__(detail)
        self.again = again
        self.wait = wait


class FatalError(Exception):
    """No request can succeed: a wrong key, address or model. Internal."""


@dataclass
class Patience:
    """Starts of requests by all threads: no more in a minute than allowed, none while the server wants a pause."""

    per_minute: float | None = None
    _next: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def turn(self) -> None:
        """Wait for the next turn."""
        while True:
            with self._lock:
                now = time.monotonic()
                if now >= self._next:
                    self._next = now + (60.0 / self.per_minute if self.per_minute else 0.0)
                    return
                pause = self._next - now
            time.sleep(min(pause, 1.0))

    def pause(self, seconds: float) -> None:
        """Let no request start for a while."""
        with self._lock:
            self._next = max(self._next, time.monotonic() + min(seconds, _LONGEST_PAUSE))


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the key to another server."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


_OPENER: Final = urllib.request.build_opener(_NoRedirect)


def post_json(url: str, body: Mapping[str, Any], *, key: str | None, timeout: float) -> dict[str, Any]:
    """Send a JSON document and return the answer.

    Raises:
        HttpError: no answer in time, or one that says to try later, or is no JSON.
        FatalError: the server says that the key, the address or the model is wrong.
    """
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    data = json.dumps(body, ensure_ascii=False).encode()
    request = urllib.request.Request(url, data=data, headers=headers, method="POST")  # noqa: S310 - checked by open
    try:
        with _OPENER.open(request, timeout=timeout) as answer:
            text = answer.read()
    except urllib.error.HTTPError as error:
        raise _fault_of(error) from error
    except (TimeoutError, urllib.error.URLError, http.client.HTTPException, OSError) as error:
        said = getattr(error, "reason", None) or error
        raise HttpError(f"no answer from {urlsplit(url).netloc}: {said}", again=True) from error
    try:
        found = json.loads(text)
    except ValueError as error:
        raise HttpError(f"the answer is no JSON: {text[:80]!r}", again=True) from error
    if not isinstance(found, dict):
        raise HttpError("the answer is no JSON object", again=True)
    return found


def _fault_of(error: urllib.error.HTTPError) -> HttpError | FatalError:
    try:
        said = error.read(2000).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException):
        said = ""
    detail = f"HTTP {error.code} {error.reason}: {' '.join(said.split())[:200]}"
    if error.code in _NEVER or 300 <= error.code < 400:
        return FatalError(detail)
    return HttpError(detail, again=error.code in _AGAIN, wait=_wait(error.headers.get("Retry-After")))


def _wait(text: str | None) -> float | None:
    """Return the seconds of a ``Retry-After``: a number, or a date."""
    if text is None:
        return None
    try:
        return max(float(text), 0.0)
    except ValueError:
        pass
    try:
        return max(email.utils.parsedate_to_datetime(text).timestamp() - time.time(), 0.0)
    except (TypeError, ValueError):
        return None
