"""Kit: a chat model behind an HTTP server that speaks as OpenAI's does; one letter is asked for."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

from benchwright.builder._http import FatalError, HttpError, Patience, post_json
from benchwright.builder.predict._asked import Asked
from benchwright.builder.predict._model import Said
from benchwright.schemas.errors import InputError, Problem

__all__ = ["ChatModel"]


@dataclass(frozen=True)
class ChatModel:
    """Where a model is asked and how. ``key_env`` is the name of the environment variable that holds the key."""

    url: str
    model: str
    key_env: str | None = None
    temperature: float = 0.0
    max_tokens: int = 64
    seed: int | None = None
    concurrency: int = 4
    rate: float | None = None
    timeout: float = 120.0
    retries: int = 5
    backoff: float = 1.0

    def setting(self) -> dict[str, Any]:
        """Return what changes the answers, beside the prompt."""
        return {"model": self.model, "temperature": self.temperature, "max_tokens": self.max_tokens, "seed": self.seed}

    def answers(self, asked: Sequence[Asked]) -> Iterator[Said]:
        """Yield for each prompt what the model said, or why it said nothing, as it comes.

        Raises:
            InputError: ``engine-setting``: the key is missing, or the server refuses key, address or model.
        """
        key, patience = self._key(), Patience(self.rate)
        with ThreadPoolExecutor(self.concurrency) as pool:
            waiting: dict[Future[tuple[str | None, str | None]], Asked] = {}
            left = iter(asked)
            try:
                while True:
                    while len(waiting) < 2 * self.concurrency and (one := next(left, None)) is not None:
                        waiting[pool.submit(self._one, one, key, patience)] = one
                    if not waiting:
                        return
                    for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                        yield Said(waiting.pop(future), *future.result())
            except FatalError as error:
                raise InputError(_wrong("--model, --name or --key-env", str(error), "a server that answers")) from error
            finally:
                for future in waiting:
                    future.cancel()

    def _key(self) -> str | None:
        if self.key_env is None:
            return None
        found = os.environ.get(self.key_env)
        if not found:
            raise InputError(_wrong("--key-env", f"{self.key_env} is not set", "a variable that holds the key"))
        return found

    def _one(self, asked: Asked, key: str | None, patience: Patience) -> tuple[str | None, str | None]:
        fault = "not tried"
        for attempt in range(self.retries + 1):
            patience.turn()
            try:
                reply = post_json(
                    f"{self.url.rstrip('/')}/chat/completions", self._body(asked), key=key, timeout=self.timeout
                )
                return _said(reply), None
            except HttpError as error:
                fault = str(error)
                if not error.again:
                    break
                if error.wait is not None:
                    patience.pause(error.wait)
                elif attempt < self.retries:
                    time.sleep(min(self.backoff * 2**attempt, 60.0))
        return None, fault

    def _body(self, asked: Asked) -> dict[str, Any]:
        seed = {} if self.seed is None else {"seed": self.seed + asked.repeat}
        return {
            "model": self.model,
            "messages": [{"role": "user", "content": asked.prompt}],
            "temperature": self.temperature,
            "max_tokens": self.max_tokens,
            **seed,
        }


def _said(reply: dict[str, Any]) -> str:
    """Return the words of the first choice.

    Raises:
        HttpError: the reply has none.
    """
    try:
        content = reply["choices"][0]["message"]["content"]
    except (KeyError, IndexError, TypeError) as error:
        raise HttpError("the reply has no message", again=True) from error
    return content if isinstance(content, str) else ""


def _wrong(place: str, found: str, expected: str) -> Problem:
    return Problem(
        "engine-setting", "the model cannot be asked", place=place, found=found, expected=expected, remedy="see --help"
    )
