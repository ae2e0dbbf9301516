"""Defects for the audit `key`."""

from __future__ import annotations

from benchwright.schemas import Key
from tests.audits.clean import item
from tests.audits.plant import Plant

REST = [item(number) for number in range(2, 5)]


def _key(status: str, *answers: tuple[str, ...]) -> Key:
    return Key.model_validate({"status": status, "answers": answers})


PLANTED = {
    "S001": [
        Plant([item(key=Key()), *REST], item().id, "key"),
        Plant([item(key=_key("official")), *REST], item().id, "key"),
        Plant([item(kind="numeric", texts=(), key=_key("official")), *REST], item().id, "key"),
        Plant([item(kind="open", texts=(), key=_key("official")), *REST], item().id, "key"),
    ],
    "S002": [
        Plant([item(key=_key("official", ("E",))), *REST], item().id, "key"),
        Plant([item(key=_key("revised", ("A",), ("a",))), *REST], item().id, "key"),
    ],
    "S003": [Plant([item(key=_key("official", ("A", "C"))), *REST], item().id, "key")],
    "S004": [Plant([item(key=_key("annulled")), *REST], item().id, "key")],
    "S005": [Plant([item(key=_key("revised", ("A",), ("B",), ("C",), ("D",))), *REST], item().id, "key")],
}
