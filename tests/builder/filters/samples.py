"""Writes the labelled samples of the filters: `python -m tests.builder.filters.samples`.

Each line is an entry, whether it should be dropped by the filter of the file, of which kind it is, and its half. Texts
of one half never stand in the other. The development half may be looked at while a filter is written; of the held-out
half only the figures are printed.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchwright.sources._forum.posts import ENTRY_SCHEMA
from tests.builder.filters.material import MATERIAL, Material

__all__ = ["DATA", "HALVES", "entries_of", "read_samples", "samples"]

DATA: Final = Path(__file__).parent / "data"
HALVES: Final = ("development", "held-out")
Sample = dict[str, Any]

_REMOVED: Final = {
    "en": ("[deleted]", "[removed by moderator]"),
    "es": ("[mensaje eliminado]", "(borrado por el autor)"),
    "fr": ("[message supprimé]", "[supprimé par l'auteur]"),
    "de": ("[Beitrag gelöscht]", "*vom Autor entfernt*"),
    "ru": ("[сообщение удалено]", "[удалено автором]"),
    "zh": ("[该帖已删除]", "[作者已删除]"),
    "ar": ("[تم حذف المشاركة]", "[حذفها الكاتب]"),
}
_EMPTY: Final = (
    "<p>&nbsp;</p>",
    "<div class='post'><br/></div>",
    "<img src='/up/scan12.jpg' alt='scan'>",
    "\u200b \u200b",
    "<script>var a = 'pain in the chest since Monday';</script>",
    "https://boards.example/t/8812",
    "...",
    "<!-- hidden words -->",
)
_FULL: Final = ("<p>{}</p>", "{}<br>&nbsp;", "<div><img src='a.png'/>{}</div>", "{}")


def answer(text: str, role: str | None = "doctor") -> dict[str, Any]:
    return {"text": text, "role": role, "score": None, "accepted": None, "date": None}


def entry(tongue: str, question: str, *answers: dict[str, Any], title: str | None = None) -> Sample:
    return {"title": title, "question": question, "answers": list(answers), "language": tongue}


def noisy(text: str, turn: int) -> str:
    """Write a text as people do on boards: in small letters, without accents, with signs too many."""
    if turn % 4 == 1:
        return text.lower()
    if turn % 4 == 2:
        bare = unicodedata.normalize("NFD", text)
        return unicodedata.normalize("NFC", "".join(sign for sign in bare if not "\u0300" <= sign <= "\u036f"))
    return text + " ..." if turn % 4 == 3 else text


def halves(texts: tuple[str, ...], half: int) -> tuple[str, ...]:
    return texts[half::2]


def half_of(material: Material, half: int) -> Material:
    return Material(**{name: halves(texts, half) for name, texts in vars(material).items()})


def no_doctor_answer(tongue: str, m: Material) -> Iterator[tuple[bool, str, Sample]]:
    for turn, question in enumerate(m.health):
        reply = noisy(m.replies[turn % len(m.replies)], turn)
        chat, unsigned, signed = (words[turn % len(words)] for words in (m.chat, m.unsigned, m.signed))
        yield True, "no answer", entry(tongue, question)
        yield True, "patient", entry(tongue, question, answer(chat + unsigned, "patient"))
        yield True, "unknown, unsigned", entry(tongue, question, answer(chat + unsigned, "unknown"), answer(chat, None))
        yield True, "doctor who says nothing", entry(tongue, question, answer("<p> . </p>"))
        yield False, "doctor", entry(tongue, question, answer(reply))
        yield False, "patient and doctor", entry(tongue, question, answer(chat, "patient"), answer(reply))
        yield False, "unknown, signed", entry(tongue, question, answer(reply + signed, "unknown"))


def not_medical(tongue: str, m: Material) -> Iterator[tuple[bool, str, Sample]]:
    for turn, question in enumerate(m.other):
        yield True, "other matters", entry(tongue, noisy(question, turn), answer(m.chat[turn % len(m.chat)]))
        yield True, "other matters, no answer", entry(tongue, noisy(question, turn + 1))
    for turn, question in enumerate(m.health):
        yield False, "health", entry(tongue, noisy(question, turn), answer(m.replies[turn % len(m.replies)]))
    for turn, question in enumerate((*m.brief, *m.mentions)):
        yield False, "brief", entry(tongue, noisy(question, turn), answer(m.replies[turn % len(m.replies)]))


def too_short(tongue: str, m: Material) -> Iterator[tuple[bool, str, Sample]]:
    for turn, text in enumerate(m.short):
        yield True, "question", entry(tongue, text, answer(m.replies[turn % len(m.replies)]))
        yield True, "answer", entry(tongue, m.health[turn % len(m.health)], answer(text))
        yield True, "address", entry(tongue, f"{text} https://boards.example/{turn}", answer(m.replies[0]))
    for turn, text in enumerate((*m.brief, *m.health)):
        yield False, "brief", entry(tongue, text, answer(m.replies[turn % len(m.replies)]))
        yield False, "title", entry(tongue, m.short[turn % len(m.short)], answer(m.replies[0]), title=text)


def greeting_only(tongue: str, m: Material) -> Iterator[tuple[bool, str, Sample]]:
    for turn, text in enumerate(m.greetings):
        reply, other = m.replies[turn % len(m.replies)], m.greetings[(turn + 1) % len(m.greetings)]
        question = m.health[turn % len(m.health)]
        yield True, "question", entry(tongue, noisy(text, turn), answer(reply))
        yield True, "answers", entry(tongue, question, answer(noisy(text, turn)), answer(other))
        yield False, "greeting and question", entry(tongue, f"{text} {question}", answer(reply))
        yield False, "greeting and brief", entry(tongue, f"{text}\n{m.brief[turn % len(m.brief)]}", answer(reply))
        yield False, "one real answer", entry(tongue, question, answer(text), answer(f"{text} {reply}"))
        yield False, "brief", entry(tongue, noisy(m.brief[turn % len(m.brief)], turn), answer(reply))


def wrong_language(tongue: str, m: Material) -> Iterator[tuple[bool, str, Sample]]:
    others = [one for one in MATERIAL if one != tongue]
    for turn, text in enumerate((*m.health, *m.other, *m.mentions)):
        reply = m.replies[turn % len(m.replies)]
        yield True, "declared wrongly", entry(others[turn % len(others)], noisy(text, turn), answer(reply))
        yield False, "declared rightly", entry(tongue, noisy(text, turn), answer(reply))
        yield False, "no answer", entry(tongue, noisy(text, turn + 1))


def advertisement(tongue: str, m: Material) -> Iterator[tuple[bool, str, Sample]]:
    for turn, text in enumerate(m.adverts):
        yield True, "question", entry(tongue, noisy(text, turn))
        yield True, "answer", entry(tongue, m.health[turn % len(m.health)], answer(noisy(text, turn), "unknown"))
        reply = answer(m.replies[turn % len(m.replies)])
        yield False, "one real answer", entry(tongue, m.health[turn % len(m.health)], answer(text), reply)
    for turn, text in enumerate((*m.mentions, *m.other, *m.health)):
        yield False, "no advertisement", entry(tongue, noisy(text, turn), answer(m.replies[turn % len(m.replies)]))


def duplicate_of_question_as_answer(tongue: str, m: Material) -> Iterator[tuple[bool, str, Sample]]:
    for turn, text in enumerate(m.health):
        reply, quoted = m.replies[turn % len(m.replies)], f"> {text}"
        yield True, "copy", entry(tongue, text, answer(noisy(text, turn)))
        yield True, "quote", entry(tongue, text, answer(f"{quoted}\n+1"))
        yield True, "one letter changed", entry(tongue, text, answer(text[:-4] + text[-3:]))
        yield True, "title", entry(tongue, text, answer(f"<p>{m.brief[0]} {text}</p>"), title=m.brief[0])
        yield False, "quote and reply", entry(tongue, text, answer(f"{quoted}\n\n{reply}"))
        yield False, "one real answer", entry(tongue, text, answer(text), answer(reply))
        yield False, "another's question", entry(tongue, text, answer(m.health[(turn + 1) % len(m.health)]))


def empty_after_html(tongue: str, m: Material) -> Iterator[tuple[bool, str, Sample]]:
    reply = m.replies[0]
    for turn, text in enumerate((*_EMPTY, *_REMOVED[tongue])):
        yield True, "question", entry(tongue, text, answer(reply))
        yield True, "answers", entry(tongue, m.health[turn % len(m.health)], answer(text), answer(text))
    for turn, text in enumerate((*m.brief, *m.health, *m.short)):
        if any(sign.isalnum() for sign in text):
            yield False, "markup", entry(tongue, _FULL[turn % len(_FULL)].format(text), answer(reply))
            yield False, "one real answer", entry(tongue, text, answer(_EMPTY[0]), answer(reply))
    yield False, "mark in a sentence", entry(tongue, f"{_REMOVED[tongue][0]} {m.health[0]}", answer(reply))
    yield False, "less than", entry(tongue, "CRP <5 mg/l & Hb >12 g/dl", answer(reply))


SAMPLERS: Final = {
    one.__name__: one
    for one in (
        empty_after_html,
        no_doctor_answer,
        duplicate_of_question_as_answer,
        greeting_only,
        too_short,
        wrong_language,
        advertisement,
        not_medical,
    )
}


def samples(name: str) -> list[Sample]:
    """Return the samples of a filter, in a fixed order."""
    numbers = count(1)
    return [
        {"half": HALVES[half], "drop": drop, "kind": kind, **made, "id": f"{name}/{next(numbers)}"}
        for half in (0, 1)
        for tongue, material in MATERIAL.items()
        for drop, kind, made in SAMPLERS[name](tongue, half_of(material, half))
    ]


def read_samples(name: str) -> list[Sample]:
    """Return the samples of a filter as they stand in its file."""
    return [json.loads(line) for line in (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def entries_of(lines: list[Sample]) -> pl.DataFrame:
    """Return samples as a table of entries."""
    return pl.DataFrame([{name: line.get(name) for name in ENTRY_SCHEMA} for line in lines], schema=ENTRY_SCHEMA)


if __name__ == "__main__":
    DATA.mkdir(exist_ok=True)
    for each in SAMPLERS:
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in samples(each))
        (DATA / f"{each}.jsonl").write_text(text, encoding="utf-8")
