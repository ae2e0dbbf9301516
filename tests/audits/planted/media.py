"""Defects for the audit `media`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchwright.schemas import Context
from tests.audits.clean import STEMS, figure, item
from tests.audits.plant import Plant

ID = item().id
NAMED = {
    "es": ("Observe la figura y diga", "Observe la figura"),
    "en": ("Which nerve is shown in the figure below?", "shown in the figure"),
    "zh-Hant": ("如圖所示，何者正確？", "如圖所示"),
    "ar": ("انظر إلى الشكل التالي", "الشكل التالي"),
    "ru": ("На рис. 4 показан", "На рис."),
    "hi": ("चित्र में कौन", "चित्र में"),
}


def _named(language: str, text: str, words: str) -> Plant:
    start = text.index(words)
    found = item(language=language, stem=text)
    return Plant([found], found.id, "stem", [("stem", start, start + len(words))])


def _folder(name: str) -> Path:
    """A folder with one file; the audit looks at names alone."""
    folder = Path(tempfile.mkdtemp(prefix="planted-media-"))
    (folder / name).touch()
    return folder


PLANTED = {
    "S301": [Plant([item(media=(figure(status="missing", sha256="1" * 64),))], ID, "media")],
    "S302": [Plant([item(needs_image="yes")], ID, "media")],
    "S303": [
        *(_named(language, *NAMED[language]) for language in STEMS if language != "ar"),
        Plant([item(context=Context(id="c", text="Véase la imagen nº 3."))], ID, "context", [("context", 0, 15)]),
    ],
    "S304": [
        Plant([item(media=(figure(file=None, sha256=None),))], ID, "media"),
        Plant([item(media=(figure(),))], ID, "media", media_dir=Path("no-such-folder")),
    ],
    "S305": [Plant([item(media=(figure("option:Z"),))], ID, "media")],
    "S306": [Plant([item().replace(language="tlh", id=f"{item().group}@tlh")], "dataset", "media")],
    "S307": [Plant([item()], "dataset", "media", media_dir=_folder("e" * 64 + ".png"))],
    "S308": [
        Plant([item(1, media=(figure(),)), item(2, media=(figure(),))], item(1).group, "media"),
        Plant([item(1, media=(figure(),)), item(2, "ru", media=(figure("option:B"),))], item(1).group, "media"),
    ],
}
