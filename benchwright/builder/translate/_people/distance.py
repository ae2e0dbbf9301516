"""How far people moved from a draft."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from rapidfuzz.distance import Levenshtein

from benchwright.schemas.signature import signature
from benchwright.schemas.tables import Score

__all__ = ["distances"]


def distances(item_id: str, drafts: Mapping[str, str], texts: Mapping[str, str], language: str) -> list[Score]:
    """Return the post-edit distance of each field that had a draft: of characters, and TER of the draft.

    ``post_edit_characters`` is the number of edits by the length of the longer text, from 0 (the draft stood) to 1.
    ``post_edit_ter`` is the translation edit rate of sacrebleu (Snover et al. 2006) of the draft against what people
    made of it: 0 and more, in percent.
    """
    made: list[Score] = []
    ter = _ter(language.partition("-")[0] in ("zh", "ja", "ko"))
    for name, draft in drafts.items():
        value = Levenshtein.normalized_distance(draft, texts[name])
        made.append(Score(item_id=item_id, field=name, name="post_edit_characters", value=value, signature=_SIGNATURE))
        rate = float(ter.sentence_score(draft, [texts[name]]).score)
        made.append(
            Score(item_id=item_id, field=name, name="post_edit_ter", value=rate, signature=str(ter.get_signature()))
        )
    return made


_SIGNATURE = signature("levenshtein", version=1, unit="characters", over="longer")


@lru_cache(maxsize=2)
def _ter(asian: bool) -> Any:
    from sacrebleu.metrics.ter import TER

    return TER(asian_support=asian)
