"""Options, keys and texts that lost their shape."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from benchwright.builder.calibrate.planters._draft import Change, Draft, DraftOption, Tools, edited
from benchwright.builder.calibrate.planters._forms import halved
from benchwright.builder.calibrate.planters._kind import Kind

__all__ = ["SHAPES"]

_SENTENCE: Final = re.compile(r"(?<=[.!?。！？।])\s*")
_CLAUSE: Final = re.compile(r"[,;，；、،][^,;，；、،.?!。？！]{8,80}(?=[,;，；、،.?!。？！])")
_LETTERS: Final = "ABCDEFGHIJ"
_AFTER_LETTER: Final = (")", ".", " -")
_EMPTY: Final = ("", "N/A", "...", "-")
_MARKUP: Final = ("<b>{}</b>", "{}<br/>", "\\textbf{{{}}}", "&nbsp;{}", "**{}**")


def _two(draft: Draft, tools: Tools) -> tuple[DraftOption, DraftOption] | None:
    filled = [one for one in draft.options if one.text.strip()]
    if len(filled) < 2:
        return None
    a, b = tools.draw.sample(filled, 2)
    return (a, b) if a.text != b.text else None


def _swapped(draft: Draft, tools: Tools) -> Change | None:
    two = _two(draft, tools)
    if two is None:
        return None
    a, b = two
    made = draft.with_text(f"option:{a.id}", b.text).with_text(f"option:{b.id}", a.text)
    return Change(made, f"option:{a.id}")


def _equal(draft: Draft, tools: Tools) -> Change | None:
    two = _two(draft, tools)
    return two and Change(draft.with_text(f"option:{two[0].id}", two[1].text), f"option:{two[0].id}")


def _dropped(draft: Draft, tools: Tools) -> Change | None:
    wrong = [one for one in draft.options if all(one.id not in answer for answer in draft.answers)]
    if len(draft.options) < 3 or not wrong:
        return None
    gone = tools.draw.choice(wrong)
    return Change(replace(draft, options=tuple(one for one in draft.options if one.id != gone.id)), "options")


def _emptied(draft: Draft, tools: Tools) -> Change | None:
    if not draft.options:
        return None
    gone = tools.draw.choice(draft.options)
    return Change(
        draft.with_text(f"option:{gone.id}", tools.draw.choice(halved(_EMPTY, tools.half))), f"option:{gone.id}"
    )


def _shifted(draft: Draft, _tools: Tools) -> Change | None:
    ids = [one.id for one in draft.options]
    if len(ids) < 2 or len(draft.answers) != 1 or len(draft.answers[0]) != 1 or draft.answers[0][0] not in ids:
        return None
    place = (ids.index(draft.answers[0][0]) + 1) % len(ids)
    return Change(replace(draft, answers=((ids[place],),)), "key")


def _outside(draft: Draft, _tools: Tools) -> Change | None:
    if not draft.options or not draft.answers:
        return None
    ids = {one.id for one in draft.options}
    strange = next((letter for letter in _LETTERS if letter not in ids), None)
    return Change(replace(draft, answers=((strange,),)), "key") if strange else None


def _residue(draft: Draft, tools: Tools) -> Change | None:
    filled = [one for one in draft.options if one.text.strip()]
    if not filled:
        return None
    one = tools.draw.choice(filled)
    text = f"{one.id}{tools.draw.choice(halved(_AFTER_LETTER, tools.half))} {one.text}"
    return Change(draft.with_text(f"option:{one.id}", text), f"option:{one.id}")


def _clause(draft: Draft, tools: Tools) -> Change | None:
    def edit(text: str) -> tuple[str, str] | None:
        places = list(_CLAUSE.finditer(text))
        if not places:
            return None
        found = tools.draw.choice(places)
        return text[: found.start()] + text[found.end() :], found[0]

    return edited(draft, tools, edit, only="stem")


def _foreign_sentence(draft: Draft, tools: Tools) -> Change | None:
    """A sentence of another item of the same language at the end of the stem."""
    others = [one for one in tools.others if one.id != draft.id and len(one.stem) > 30]
    if not others or not draft.stem.strip():
        return None
    sentences = [part for part in _SENTENCE.split(tools.draw.choice(others).stem) if len(part) > 20]
    if not sentences:
        return None
    return Change(draft.with_text("stem", f"{draft.stem.rstrip()} {tools.draw.choice(sentences)}"), "stem")


def _other_stem(draft: Draft, tools: Tools) -> Change | None:
    others = [one for one in tools.others if one.id != draft.id and one.stem.strip() and one.stem != draft.stem]
    return Change(draft.with_text("stem", tools.draw.choice(others).stem), "stem") if others else None


def _truncated(draft: Draft, tools: Tools) -> Change | None:
    if len(draft.stem) < 40:
        return None
    end = int(len(draft.stem) * tools.draw.uniform(0.45, 0.7))
    space = draft.stem.rfind(" ", 0, end)
    return Change(draft.with_text("stem", draft.stem[: space if space > 15 else end]), "stem")


def _dots(draft: Draft, _tools: Tools) -> Change | None:
    return Change(draft.with_text("stem", "....."), "stem") if len(draft.stem) > 20 else None


def _doubled(draft: Draft, tools: Tools) -> Change | None:
    """The text three times over, as a translation that ran in a circle."""
    return edited(draft, tools, lambda text: (f"{text} {text} {text}", "") if len(text) > 12 else None, only="stem")


def _mojibake(draft: Draft, tools: Tools) -> Change | None:
    def edit(text: str) -> tuple[str, str] | None:
        return (text.encode().decode("latin-1"), "") if re.search(r"[^\x00-\x7f]", text) else None

    return edited(draft, tools, edit)


def _markup(draft: Draft, tools: Tools) -> Change | None:
    form = tools.draw.choice(halved(_MARKUP, tools.half))
    return edited(draft, tools, lambda text: (form.format(text), form))


SHAPES: Final = (
    Kind("options_swapped", "two options change places, the key stays", _swapped, needs_source=True),
    Kind("options_equal", "one option's text at two options", _equal),
    Kind("option_dropped", "option left out", _dropped),
    Kind("option_emptied", "option without text", _emptied),
    Kind("key_shifted", "key moved to the next option", _shifted, needs_source=True),
    Kind("key_outside", "key names an option that is not there", _outside),
    Kind("letter_residue", "letter of the option in its text", _residue),
    Kind("clause_dropped", "clause left out", _clause, needs_source=True),
    Kind("sentence_added", "sentence of another item", _foreign_sentence, needs_source=True),
    Kind("stem_of_another", "stem of another item", _other_stem, needs_source=True),
    Kind("truncated", "stem cut off", _truncated),
    Kind("dots_only", "stem lost to dots", _dots),
    Kind("text_repeated", "text three times over", _doubled),
    Kind("mojibake", "decoded with the wrong encoding", _mojibake),
    Kind("markup_left", "markup in the text", _markup),
)
