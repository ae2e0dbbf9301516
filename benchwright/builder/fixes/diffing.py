"""Patches as a diff that a person can review: what goes, what comes, and why."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from typing import Final

from benchwright.builder.fixes.files import patch_id
from benchwright.schemas.tables import Patch

__all__ = ["changed_share", "diff_lines", "word_diff"]

_PIECES: Final = re.compile(r"\w+|\s+|[^\w\s]")


def diff_lines(patches: Sequence[Patch]) -> Iterator[str]:
    """Yield the lines of a unified diff, with a head for each patch that says what, why, who and when."""
    for patch in patches:
        yield f"patch {patch_id(patch)}: {patch.severity}: {patch.reason} ({patch.by}, {patch.at})"
        if patch.evidence:
            yield f"evidence: {patch.evidence}"
        place = f"{patch.id} {patch.field}"
        lines = difflib.unified_diff(
            patch.before.splitlines(), patch.after.splitlines(), f"a/{place}", f"b/{place}", lineterm=""
        )
        yield from lines
        yield f"words: {word_diff(patch.before, patch.after)}"
        yield ""


def word_diff(before: str, after: str) -> str:
    """Return a text with what goes as ``[-...-]`` and what comes as ``{+...+}``."""
    one, other = _PIECES.findall(before), _PIECES.findall(after)
    out: list[str] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        gone, come = "".join(one[a:b]), "".join(other[c:d])
        if tag == "equal":
            out.append(gone)
        else:
            out.append((f"[-{gone}-]" if gone else "") + (f"{{+{come}+}}" if come else ""))
    return "".join(out)


def changed_share(before: str, after: str) -> float:
    """Return how much of a text changes: the distance of Levenshtein over the longer length, 0 to 1."""
    from rapidfuzz.distance import Levenshtein

    return float(Levenshtein.normalized_distance(before, after))
