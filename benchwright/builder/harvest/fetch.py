"""One request: its body within limits, or why there is none. No redirect is followed here."""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import IO, Any, Final

__all__ = ["Answer", "Opener", "ask", "opener"]

_CHUNK: Final = 64 * 1024
_SLOW: Final = 10
"""A whole body may take this many times the timeout."""
_RATIO: Final = 200
_FREE: Final = 4 * 2**20
Opener = Callable[[urllib.request.Request, float], Any]


@dataclass(frozen=True)
class Answer:
    """What a host said. ``problem`` is null for a whole answer; ``passing`` problems are worth another attempt."""

    status: int | None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    problem: str | None = None
    passing: bool = False


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """Follow nothing: who asks decides, with robots.txt of the new place."""
        del args, kwargs


def opener() -> Opener:
    """Return what opens addresses; proxies of the environment count."""
    built = urllib.request.build_opener(_Stay())

    def open_(request: urllib.request.Request, timeout: float) -> Any:
        return built.open(request, timeout=timeout)

    return open_


def ask(open_: Opener, address: str, headers: Mapping[str, str], *, timeout: float, largest: int) -> Answer:
    """Ask for one address."""
    request = urllib.request.Request(address, headers={**headers, "Accept-Encoding": "gzip, identity"})  # noqa: S310 - http and https only, by the plan
    began = time.monotonic()
    try:
        with open_(request, timeout) as response:
            return _read(response, largest, began + _SLOW * timeout)
    except urllib.error.HTTPError as error:
        with error:
            return _refused(error, largest, began + _SLOW * timeout)
    except (TimeoutError, OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        text = f"{type(reason).__name__}: {reason}" if not isinstance(reason, str) else reason
        return Answer(None, problem=text[:200], passing=True)


def _refused(error: urllib.error.HTTPError, largest: int, until: float) -> Answer:
    headers = {name.lower(): value for name, value in error.headers.items()}
    if error.code == 304 or 300 <= error.code < 400:
        return Answer(error.code, headers)
    del largest, until
    passing = error.code in {408, 425, 429} or error.code >= 500
    return Answer(error.code, headers, problem=f"HTTP {error.code}", passing=passing)


def _read(response: Any, largest: int, until: float) -> Answer:
    headers = {name.lower(): value for name, value in response.headers.items()}
    told = headers.get("content-length", "")
    if told.isdigit() and int(told) > largest:
        return Answer(response.status, headers, problem=f"too large: {told} bytes, at most {largest} are read")
    coding = headers.get("content-encoding", "identity").strip().lower()
    if coding not in {"identity", "", "gzip", "x-gzip"}:
        return Answer(response.status, headers, problem=f"Content-Encoding {coding[:40]!r} is not understood")
    body = _Body(largest, packed=coding in {"gzip", "x-gzip"})
    problem = body.take(response, until)
    if problem is None and told.isdigit() and body.received != int(told):
        problem = f"truncated: {body.received} of {told} bytes"
    if problem is None and not body.complete:
        problem = "truncated: the packed body ends too early"
    if problem is not None:
        return Answer(response.status, headers, problem=problem, passing=not problem.startswith("too large"))
    return Answer(response.status, headers, bytes(body.data))


class _Body:
    """A body that grows to a limit, unpacked as it comes."""

    def __init__(self, largest: int, *, packed: bool) -> None:
        self.data = bytearray()
        self.received = 0
        self._largest = largest
        self._unpack = zlib.decompressobj(wbits=31) if packed else None

    @property
    def complete(self) -> bool:
        """Tell whether a packed body came to its end."""
        return self._unpack is None or self._unpack.eof or not self.received

    def take(self, stream: IO[bytes], until: float) -> str | None:
        """Read all of it; return what went wrong."""
        try:
            while chunk := stream.read(_CHUNK):
                self.received += len(chunk)
                problem = self._add(chunk)
                if problem is not None:
                    return problem
                if time.monotonic() > until:
                    return "too slow: the body did not end in time"
        except http.client.IncompleteRead as error:
            return f"truncated: {len(error.partial)} bytes of the last part"
        except (TimeoutError, OSError, http.client.HTTPException) as error:
            return f"broken off: {type(error).__name__}: {error}"[:200]
        except zlib.error as error:
            return f"the packed body is damaged: {error}"
        return None

    def _add(self, chunk: bytes) -> str | None:
        if self._unpack is None:
            self.data += chunk
        else:
            self.data += self._unpack.decompress(chunk, self._largest + 1 - len(self.data))
        if len(self.data) > self._largest or (self._unpack is not None and self._unpack.unconsumed_tail):
            return f"too large: more than {self._largest} bytes"
        if self._unpack is not None and len(self.data) > max(_FREE, _RATIO * self.received):
            return f"too large: {self.received} bytes that unpack to more than {_RATIO} times as many"
        return None
