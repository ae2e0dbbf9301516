"""Chat models behind an HTTP server that speaks as OpenAI's does: vLLM, llama.cpp, hosted ones.

Texts leave the machine where ``url`` leads elsewhere; there is no usual address. An item goes out as one JSON object
and comes back as one, checked against a JSON schema of its fields.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from benchwright.builder._http import FatalError, HttpError, Patience, post_json
from benchwright.builder.translate._answers import AnswerError, answer_of, asked_of, schema_of
from benchwright.builder.translate._bytext import tokens_of
from benchwright.builder.translate._glossary import Term, read_terms
from benchwright.builder.translate._settings import checked, number, wrong_setting, yes
from benchwright.schemas.errors import InputError
from benchwright.schemas.languages import language_name
from benchwright.schemas.plugins import Estimate, Translated, Unit
from benchwright.schemas.signature import signature
from benchwright.schemas.text import sha256_text

__all__ = ["ENGINE"]

_NAME: Final = "openai"
_SETTINGS: Final = {
    "url": "address of the server up to /v1; texts are sent there",
    "model": "name of the model, as the server calls it",
    "key_env": "name of the environment variable that holds the key; no key without it",
    "prompt": "file with the instructions; {source}, {target} and {terms} are filled in (default: the one shipped)",
    "temperature": "0 by default",
    "seed": "number that the server is given",
    "max_tokens": "limit of an answer; none by default",
    "schema": "no: ask for JSON without a schema, where the server knows none (default yes)",
    "concurrency": "requests at a time (default 4)",
    "rate": "requests a minute at most; no limit by default",
    "timeout": "seconds for one answer (default 120)",
    "retries": "tries after the first, for each item (default 5)",
    "backoff": "seconds before the second try, doubled each time (default 1)",
    "price_in": "price of a million tokens that are sent, for the estimate",
    "price_out": "price of a million tokens that come back, for the estimate",
    "terms": "glossary that the model is told; set by --glossary",
}
_MOST_TERMS: Final = 400
_JSON_TOKENS: Final = 8
"""Tokens of a field beside its text: its name, quotes, a comma; in what is sent it stands in the schema too."""
_GROWTH: Final = 1.3
"""Tokens of a translation for each of the source, in an estimate."""


@dataclass(frozen=True)
class _Wish:
    """Settings, read."""

    url: str
    model: str
    key: str | None
    prompt: str
    temperature: float
    seed: int | None
    max_tokens: int | None
    with_schema: bool
    timeout: float
    retries: int
    backoff: float


class _OpenAI:
    name = _NAME
    settings = _SETTINGS

    def open(self, source: str, target: str, settings: Mapping[str, str]) -> ChatTranslator:
        """Return a translator; nothing is sent.

        Raises:
            InputError: ``engine-setting``.
            NotFoundError: the glossary does not exist.
        """
        checked(_NAME, settings, _SETTINGS, ("url", "model"))
        if urlsplit(settings["url"]).scheme not in ("http", "https"):
            raise InputError(wrong_setting(_NAME, "url", settings["url"], "an address that begins with http"))
        terms = read_terms(Path(settings["terms"])) if settings.get("terms") else []
        told = _told([one for one in terms if one.holds(source, target)])
        prompt = _prompt(settings.get("prompt"))
        wish = _Wish(
            url=settings["url"].rstrip("/") + "/chat/completions",
            model=settings["model"],
            key=_key(settings.get("key_env")),
            prompt=prompt.replace("{source}", f"{language_name(source)} ({source})")
            .replace("{target}", f"{language_name(target)} ({target})")
            .replace("{terms}", told),
            temperature=number(_NAME, settings, "temperature", 0.0, 0.0, 2.0),
            seed=int(number(_NAME, settings, "seed", 0)) if "seed" in settings else None,
            max_tokens=int(number(_NAME, settings, "max_tokens", 0, 1)) if "max_tokens" in settings else None,
            with_schema=yes(_NAME, settings, "schema", usual=True),
            timeout=number(_NAME, settings, "timeout", 120.0, 0.01),
            retries=int(number(_NAME, settings, "retries", 5, 0, 100)),
            backoff=number(_NAME, settings, "backoff", 1.0),
        )
        made = signature(
            _NAME,
            version=1,
            model=wish.model,
            prompt=sha256_text(wish.prompt)[:12],
            temperature=wish.temperature,
            seed=wish.seed,
            max_tokens=wish.max_tokens,
            schema=wish.with_schema,
        )
        rate = number(_NAME, settings, "rate", 0.0) or None
        workers = int(number(_NAME, settings, "concurrency", 4, 1, 1000))
        prices = [
            number(_NAME, settings, f"price_{way}", 0.0) if f"price_{way}" in settings else None
            for way in ("in", "out")
        ]
        return ChatTranslator(wish, made, workers, Patience(rate), (prices[0], prices[1]))


def _key(variable: str | None) -> str | None:
    if not variable:
        return None
    found = os.environ.get(variable)
    if not found:
        raise InputError(wrong_setting(_NAME, "key_env", f"{variable} is not set", "a variable that holds the key"))
    return found


def _prompt(name: str | None) -> str:
    if name is None:
        return files("benchwright.builder.translate").joinpath("prompts/item.txt").read_text(encoding="utf-8")
    try:
        return Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(wrong_setting(_NAME, "prompt", str(error), "a text file in UTF-8")) from error


def _told(terms: Sequence[Term]) -> str:
    """Return the terms as lines of instructions."""
    lines = [f"- {one.source} = {one.target}" for one in terms if one.target is not None]
    lines += [f"- {one.source}: has no accepted term; describe it in words" for one in terms if one.open]
    kept = sorted(set(lines))[:_MOST_TERMS]
    return "\n".join(["", "Use these terms:", *kept]) if kept else ""


class ChatTranslator:
    """One model for one pair of languages; requests run beside each other."""

    whole_units = True
    placeholder = "⟦{}⟧"
    spans = True

    def __init__(
        self, wish: _Wish, made: str, workers: int, patience: Patience, prices: tuple[float | None, float | None]
    ) -> None:
        """Take the settings; nothing is sent."""
        self.signature = made
        self._wish = wish
        self._workers = workers
        self._patience = patience
        self._prices = prices

    def translate(self, units: Sequence[Unit]) -> Iterator[tuple[int, Translated]]:
        """Translate each unit; one that fails is tried again alone, and yielded as it is done.

        Raises:
            InputError: ``engine-setting``: the server refuses the key, the address or the model.
        """
        with ThreadPoolExecutor(self._workers) as pool:
            waiting: dict[Future[Translated], int] = {}
            left = iter(enumerate(units))
            try:
                while True:
                    # Few at a time: an error ends the run without a thousand requests that nobody waits for.
                    while len(waiting) < 2 * self._workers and (one := next(left, None)) is not None:
                        waiting[pool.submit(self._one, one[1])] = one[0]
                    if not waiting:
                        return
                    for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                        yield waiting.pop(future), future.result()
            except FatalError as error:
                raise InputError(
                    wrong_setting(_NAME, "url, model or key_env", str(error), "a server that answers")
                ) from error
            finally:
                for future in waiting:
                    future.cancel()

    def estimate(self, units: Sequence[Unit]) -> Estimate:
        """Return the tokens, and the cost where prices are given: an estimate by characters."""
        prompt = tokens_of(self._wish.prompt)
        texts = [sum(tokens_of(text) for text in unit.texts) for unit in units]
        around = [_JSON_TOKENS * len(unit.names) for unit in units]
        beside = [sum(tokens_of(text) for text in unit.reference or ()) for unit in units]
        sent = prompt * len(units) + sum(texts) + 2 * sum(around) + sum(beside)
        back = round(_GROWTH * sum(texts)) + sum(around)
        low, high = self._prices
        cost = None if low is None or high is None else round((sent * low + back * high) / 1e6, 4)
        return Estimate(sent, back, cost)

    def close(self) -> None:
        """Do nothing: no connection stays."""

    def _one(self, unit: Unit) -> Translated:
        fault = Translated(reason="engine-failed", detail="not tried")
        limit = self._wish.max_tokens
        for attempt in range(self._wish.retries + 1):
            self._patience.turn()
            try:
                reply = post_json(
                    self._wish.url, self._body(unit, limit), key=self._wish.key, timeout=self._wish.timeout
                )
                return Translated(answer_of(reply, unit))
            except AnswerError as error:
                fault = Translated(reason=error.reason, detail=str(error))
                limit = 2 * limit if limit and error.reason == "text-cut" else limit
                again, pause = error.again, 0.0
            except HttpError as error:
                fault = Translated(reason="engine-failed", detail=str(error))
                again, pause = error.again, self._wish.backoff * 2**attempt
                if error.wait is not None:
                    self._patience.pause(error.wait)
                    pause = 0.0
            if not again:
                break
            time.sleep(min(pause, 60.0) if attempt < self._wish.retries else 0.0)
        return fault

    def _body(self, unit: Unit, limit: int | None) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self._wish.model,
            "messages": [
                {"role": "system", "content": self._wish.prompt},
                {"role": "user", "content": asked_of(unit)},
            ],
            "temperature": self._wish.temperature,
            "response_format": {"type": "json_object"},
        }
        if self._wish.with_schema:
            schema = {"name": "translation", "strict": True, "schema": schema_of(unit)}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        if self._wish.seed is not None:
            body["seed"] = self._wish.seed
        if limit is not None:
            body["max_tokens"] = limit
        return body


ENGINE: Final = _OpenAI()
