"""Words that turn a meaning round: negation, sides, sexes, directions, look-alike drugs."""

from __future__ import annotations

from functools import partial
from typing import Final

from benchwright.builder.calibrate.planters._draft import Change, Draft, Tools, edited
from benchwright.builder.calibrate.planters._forms import Pair, halved, replaced
from benchwright.builder.calibrate.planters._kind import Kind

__all__ = ["WORDS"]

_DRUGS: Final[tuple[Pair, ...]] = (
    ("hydralazine", "hydroxyzine"),
    ("prednisone", "prednisolone"),
    ("metformin", "metronidazole"),
    ("vincristine", "vinblastine"),
    ("dopamine", "dobutamine"),
    ("clonidine", "clonazepam"),
    ("amlodipine", "amiloride"),
    ("chlorpromazine", "chlorpropamide"),
    ("cefazolin", "ceftriaxone"),
    ("epinephrine", "ephedrine"),
    ("morphine", "hydromorphone"),
    ("lamivudine", "lamotrigine"),
    ("glipizide", "glyburide"),
    ("quinine", "quinidine"),
    ("carboplatin", "cisplatin"),
    ("doxorubicin", "daunorubicin"),
    ("aspirin", "atropine"),
    ("insulin", "inulin"),
    ("heparin", "hesperidin"),
    ("penicillin", "penicillamine"),
)


def _both(draft: Draft, tools: Tools, *, kind: str) -> Change | None:
    pairs = tools.forms.of(kind)
    turned = [*pairs, *((b, a) for a, b in pairs if b)]
    return _swap(draft, tools, turned)


def _forward(draft: Draft, tools: Tools, *, kind: str) -> Change | None:
    return _swap(draft, tools, list(tools.forms.of(kind)))


def _backward(draft: Draft, tools: Tools, *, kind: str) -> Change | None:
    return _swap(draft, tools, [(b, a) for a, b in tools.forms.of(kind) if b])


def _swap(draft: Draft, tools: Tools, pairs: list[Pair], only: str | None = None) -> Change | None:
    order = tools.draw.sample(pairs, len(pairs))
    return edited(draft, tools, lambda text: replaced(text, order, draft.primary), only=only)


def _except(draft: Draft, tools: Tools) -> Change | None:
    return _swap(draft, tools, list(tools.forms.of("except")), only="stem")


def _drug(draft: Draft, tools: Tools) -> Change | None:
    pairs = [*tools.forms.of("drug"), *halved(_DRUGS, tools.half)]
    return _swap(draft, tools, [*pairs, *((b, a) for a, b in pairs)])


WORDS: Final = (
    Kind("negation_added", "negation put in", partial(_forward, kind="negation"), needs_source=True),
    Kind("negation_dropped", "negation left out", partial(_backward, kind="negation"), needs_source=True),
    Kind("except_lost", "EXCEPT, NOT or FALSE of the stem lost", _except, needs_source=True),
    Kind("side_swapped", "left for right", partial(_both, kind="side"), needs_source=True),
    Kind("sex_swapped", "man for woman", partial(_both, kind="sex"), needs_source=True),
    Kind("direction_swapped", "increase for decrease", partial(_both, kind="direction"), needs_source=True),
    Kind("opposite", "another word for its opposite", partial(_both, kind="opposite"), needs_source=True),
    Kind("age_group_swapped", "child for adult", partial(_both, kind="age"), needs_source=True),
    Kind("drug_swapped", "drug for a look-alike", _drug, needs_source=True),
)
