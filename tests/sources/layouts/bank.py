"""Invented questions, and for each layout the files that hold them with the items that they must become.

Nothing here comes from a published benchmark but the names of the columns. ``python -m tests.sources.layouts.kit``
writes the files under ``fixtures/``; a test compares them with what is written here.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FIXTURES: Path = Path(__file__).parent / "fixtures"
COUNT = 12
_SITES = ("gill", "crop", "rumen", "tarsus", "spleen", "antler", "hoof", "comb", "siphon", "tail", "quill", "snout")
_RIGHT = (0, 3, 1, 2, 3, 0, 2, 1, 3, 0, 1, 2)


@dataclass(frozen=True)
class Q:
    """One invented question; ``right`` is the place of its answer, from 0."""

    number: int
    stem: str
    options: tuple[str, ...]
    right: int
    several: tuple[int, ...]
    """Places of the right answers where several are asked for."""
    why: str

    @property
    def letter(self) -> str:
        """The letter of the right option."""
        return "ABCDEFGHIJ"[self.right]

    @property
    def letters(self) -> str:
        """The letters of the right options, together."""
        return "".join("ABCDEFGHIJ"[place] for place in self.several)


def bank(options: int = 4, shift: int = 0) -> list[Q]:
    """Return the invented questions with this many options each."""
    made = []
    places = [(right + shift) % options if options != 4 else right for right in _RIGHT]
    for number, (site, right) in enumerate(zip(_SITES, places, strict=True), 1):
        answers = tuple(f"{word} of the {site}, grade {number}" for word in _WORDS[:options])
        stem = (
            f"A keeper says that the {site} of her heron has been swollen for {number} days and that it is getting "
            "worse. Which of the following is the first finding?"
        )
        several = tuple(sorted({right, (right + 2) % options})) if number % 2 else (right,)
        made.append(Q(number, stem, answers, right, several, f"The {site} drains before the {_WORDS[right]} sets in."))
    return made


_WORDS = ("pallor", "stiffness", "crackling", "numbness", "warmth", "scaling", "tremor", "itching", "cramping", "fever")
_JAPANESE = ("えら", "そのう", "胃", "足", "脾臓", "角", "ひづめ", "とさか", "管", "尾", "羽", "鼻")
_GERMAN = ("Kieme", "Kropf", "Pansen", "Lauf", "Milz", "Geweih", "Huf", "Kamm", "Sipho", "Schwanz", "Kiel", "Rüssel")


def japanese() -> list[Q]:
    """Return invented questions in Japanese."""
    return [
        Q(
            one.number,
            f"飼育員が{site}の腫れを{one.number}日後に報告した。最初に現れる所見はどれか。",
            tuple(f"{site}の{word}" for word in ("蒼白", "こわばり", "捻髪音", "しびれ", "熱感")),
            one.right,
            one.several,
            f"{site}から始まるためである。",
        )
        for one, site in zip(bank(), _JAPANESE, strict=True)
    ]


def german(one: Q) -> str:
    """Return the question in German."""
    return f"Nach {one.number} Tagen ist die Stelle {_GERMAN[one.number - 1]} geschwollen; welcher Befund kommt zuerst?"


@dataclass(frozen=True)
class Wanted:
    """What an item must be. ``more`` holds further fields: names of :func:`shown`."""

    number: str
    stem: str
    options: tuple[str, ...] = ()
    answers: tuple[tuple[str, ...], ...] = ()
    language: str = "en"
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """A file of one layout with the items that it must become."""

    layout: str
    file: str
    data: Callable[[], bytes]
    wanted: list[Wanted]
    trap: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    """The records, where the layout is a table: the confusion matrix writes them in other ways."""
    rejects: int = 0
    beside: dict[str, Callable[[], bytes]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Name in reports of tests."""
        return f"{self.layout}:{self.file.rsplit('/', 1)[-1]}"


def comma(
    rows: Sequence[dict[str, Any]], delimiter: str = ",", *, header: bool = True, encoding: str = "utf-8"
) -> bytes:
    """Return records as delimited text; lists and objects are JSON in their cells."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    if header:
        writer.writerow(rows[0])
    for row in rows:
        writer.writerow([cell(value) for value in row.values()])
    return out.getvalue().encode(encoding)


def cell(value: Any) -> str:
    """Return a value as the text of a cell."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def lines(rows: Sequence[dict[str, Any]]) -> bytes:
    """Return records as JSON lines."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def whole(value: Any) -> bytes:
    """Return a value as JSON."""
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def numpy_list(texts: Sequence[str]) -> str:
    """Return texts as NumPy prints an array of them: no comma between them, long ones on lines of their own."""
    return "[" + "\n ".join(repr(text) for text in texts) + "]"


def png(number: int) -> bytes:
    """Return a picture of one point, another for each number."""

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    point = zlib.compress(bytes([0, number, 2 * number, 3 * number]), 9)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", point) + part(b"IEND", b"")


def base64_png(number: int) -> str:
    """Return that picture as base64."""
    return base64.b64encode(png(number)).decode()


def archive(parts: dict[str, bytes]) -> bytes:
    """Return an archive with these parts, the same bytes each time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), data)
    return out.getvalue()


def zstd_archive(parts: dict[str, bytes]) -> bytes:
    """Return an archive whose parts are packed by Zstandard, which Python cannot write: frames of plain blocks."""
    out, index = bytearray(), bytearray()
    for name, data in parts.items():
        # Magic number; one segment with its size in four bytes; one last block that is not compressed.
        frame = (
            b"\x28\xb5\x2f\xfd\xa0" + struct.pack("<I", len(data)) + struct.pack("<I", 1 | len(data) << 3)[:3] + data
        )
        title, crc = name.encode(), zlib.crc32(data)
        fields = struct.pack("<HHHHHIII", 63, 0, 93, 0, 0x5021, crc, len(frame), len(data))
        index += b"PK\x01\x02" + struct.pack("<H", 63) + fields
        index += struct.pack("<HHHHHII", len(title), 0, 0, 0, 0, 0, len(out)) + title
        out += b"PK\x03\x04" + fields + struct.pack("<HH", len(title), 0) + title + frame
    end = struct.pack("<HHHHIIH", 0, 0, len(parts), len(parts), len(index), len(out), 0)
    return bytes(out + index + b"PK\x05\x06" + end)


def wanted(
    questions: Sequence[Q], *, language: str = "en", several: bool = False, number: str = "{0}", **more: Any
) -> list[Wanted]:
    """Return the items of questions; ``number`` is a pattern for the number, ``more`` holds for all of them."""
    return [
        Wanted(
            number.format(one.number),
            one.stem,
            one.options,
            (tuple("ABCDEFGHIJ"[place] for place in (one.several if several else (one.right,))),),
            language,
            dict(more),
        )
        for one in questions
    ]
