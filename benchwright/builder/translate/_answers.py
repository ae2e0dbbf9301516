"""Kit: answers of chat models to one item, checked field by field."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

import regex

from benchwright.schemas.plugins import SPAN_CLOSE, SPAN_OPEN, Unit

__all__ = ["AnswerError", "answer_of", "asked_of", "schema_of"]

_PIECE: Final = regex.compile(r"⟦\d+⟧")
_NUMBER: Final = regex.compile(r"\p{Nd}+")
_FENCE: Final = regex.compile(r"^\s*```(?:json)?\s*(.*?)\s*```\s*$", regex.DOTALL)
_TAG: Final = regex.compile(r"<(/?)s(\d{1,3})>")


class AnswerError(Exception):
    """An answer that cannot be used; internal to this folder."""

    def __init__(self, reason: str, detail: str, *, again: bool = True) -> None:
        """Take a reason of rejects, what was found, and whether to ask again."""
        super().__init__(detail)
        self.reason = reason
        self.again = again


def asked_of(unit: Unit) -> str:
    """Return what a model is given: the fields by name, and the context with its translation."""
    asked: dict[str, Any] = {}
    if unit.reference is not None:
        asked["context"] = {"text": unit.reference[0], "translation": unit.reference[1]}
    asked["fields"] = {name: _tagged(text) for name, text in zip(unit.names, unit.texts, strict=True)}
    return json.dumps(asked, ensure_ascii=False, indent=1)


def schema_of(unit: Unit) -> dict[str, Any]:
    """Return the JSON schema of an answer: exactly the names of the fields, each a text."""
    return {
        "type": "object",
        "properties": {name: {"type": "string"} for name in unit.names},
        "required": list(unit.names),
        "additionalProperties": False,
    }


def answer_of(reply: Mapping[str, Any], unit: Unit) -> tuple[str, ...]:
    """Return the translations of a unit, by its names and in its order.

    Raises:
        AnswerError: a refusal, an answer that was cut, no JSON, a field missing or added, a protected piece that is
            lost, options whose numbers changed places.
    """
    choice = _choice(reply)
    message = choice.get("message") or {}
    if message.get("refusal") or choice.get("finish_reason") == "content_filter":
        raise AnswerError("engine-refused", str(message.get("refusal") or "filtered")[:200], again=False)
    if choice.get("finish_reason") == "length":
        raise AnswerError("text-cut", "the answer stopped at the limit of tokens")
    found = _object(message.get("content"))
    missing = [name for name in unit.names if not isinstance(found.get(name), str)]
    added = [name for name in found if name not in unit.names]
    if missing or added:
        said = [*(f"no {name}" for name in missing), *(f"unknown {name}" for name in added)]
        raise AnswerError("texts-missing", ", ".join(said)[:200])
    texts = tuple(_untagged(found[name]) for name in unit.names)
    _check(unit, texts)
    return texts


def _choice(reply: Mapping[str, Any]) -> Mapping[str, Any]:
    choices = reply.get("choices")
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        raise AnswerError("engine-failed", f"the server sent no choices: {str(dict(reply))[:120]}")
    return choices[0]


def _object(content: Any) -> dict[str, Any]:
    if not isinstance(content, str):
        raise AnswerError("engine-failed", "the answer has no text")
    fenced = _FENCE.match(content)
    try:
        found = json.loads(fenced[1] if fenced else content)
    except ValueError as error:
        raise AnswerError("engine-failed", f"the answer is no JSON: {content[:100]!r}") from error
    if not isinstance(found, dict):
        raise AnswerError("engine-failed", f"the answer is no JSON object: {content[:100]!r}")
    return found


def _check(unit: Unit, texts: tuple[str, ...]) -> None:
    for name, source, text in zip(unit.names, unit.texts, texts, strict=True):
        if source.strip() and not text.strip():
            raise AnswerError("text-empty", name)
        if Counter(_PIECE.findall(source)) != Counter(_PIECE.findall(text)):
            raise AnswerError("protected-lost", name)
    options = [place for place, name in enumerate(unit.names) if name.startswith("option:")]
    before = [Counter(_NUMBER.findall(_PIECE.sub(" ", unit.texts[place]))) for place in options]
    behind = [Counter(_NUMBER.findall(_PIECE.sub(" ", texts[place]))) for place in options]
    moved = [
        place for place, numbers in enumerate(behind) if numbers and numbers != before[place] and numbers in before
    ]
    if len(moved) > 1 and _multiset(before) == _multiset(behind):
        names = ", ".join(unit.names[options[place]] for place in moved)
        raise AnswerError("engine-failed", f"options changed places: {names}")


def _multiset(many: list[Counter[str]]) -> Counter[tuple[tuple[str, int], ...]]:
    return Counter(tuple(sorted(one.items())) for one in many)


def _tagged(text: str) -> str:
    """Return a text with marks of spans as tags, which models know."""
    return "".join(_tag(character) for character in text)


def _tag(character: str) -> str:
    code = ord(character)
    if SPAN_OPEN <= code < SPAN_CLOSE:
        return f"<s{code - SPAN_OPEN}>"
    return f"</s{code - SPAN_CLOSE}>" if SPAN_CLOSE <= code < 2 * SPAN_CLOSE - SPAN_OPEN else character


def _untagged(text: str) -> str:
    def mark(found: regex.Match[str]) -> str:
        return chr((SPAN_CLOSE if found[1] else SPAN_OPEN) + int(found[2])) if int(found[2]) < 128 else found[0]

    return _TAG.sub(mark, text)
