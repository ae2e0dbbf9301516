"""Words as hashes: broken text, and the compiled loops beside the plain ones."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchwright.builder.contamination import _compiled, _scan
from benchwright.builder.contamination._scan import found_in
from benchwright.builder.contamination._words import folded, words_of
from benchwright.builder.contamination.index import build_index
from tests.audits.clean import item, table
from tests.builder.contamination.corpus import filler, full, items_of

_TEXTS = {
    1: "Ein Patient mit Übelkeit erhält fünf Tabletten täglich, wogegen hilft das größte Stück?",
    2: "關於急性腎衰竭之處置，下列敘述何者最為適當，應優先考慮透析治療？",
    3: "Какой препарат следует назначить больному с острой почечной недостаточностью сегодня?",
    4: "Ποιο φάρμακο είναι το κατάλληλο για ασθενή με οξεία νεφρική ανεπάρκεια σήμερα;",
    5: "ผู้ป่วยโรคไตวายเฉียบพลันควรได้รับการรักษาด้วยวิธีใดเป็นอันดับแรก",
}
ITEMS = [*items_of(20), *(item(100 + number, "en", stem=text) for number, text in _TEXTS.items())]
INDEX = build_index(table(ITEMS).collect())


@pytest.mark.parametrize(
    "data", [b"caf\xe9 au lait", b"\xe4\xe5 b", b"\xe4\x80", b"\xe3\x81", b"\xe4  a b", b"\xe4\xb8 a"]
)
def test_letters_of_other_encodings_part_no_words(data: bytes) -> None:
    words = words_of(data)
    assert len(words.starts) == len(words.ends) == len(words.hashes)
    assert (words.starts < words.ends).all()
    spans = zip(words.starts.tolist(), words.ends.tolist(), strict=True)
    assert [folded(data)[a:b] for a, b in spans] == folded(data).split()


def both(monkeypatch: pytest.MonkeyPatch, data: bytes, *, escapes: bool) -> tuple[list[int], list[int]]:
    """Search with and without compiled loops, compare, and return what was found."""
    if _compiled.compiled() is None:
        pytest.skip("llvmlite is not installed")
    fast, cut = found_in(INDEX, data, escapes=escapes), _scan._cut(data)
    with monkeypatch.context() as patch:
        patch.setattr(_scan, "compiled", lambda: None)
        plain, words = found_in(INDEX, data, escapes=escapes), _scan._cut(data)
    assert cut[0] == words[0]
    assert np.array_equal(cut[1], words[1])
    assert np.array_equal(cut[2], words[2])
    assert np.array_equal(fast[0], plain[0])
    assert np.array_equal(fast[1], plain[1])
    return fast[0].tolist(), fast[1].tolist()


def test_compiled_loops_find_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(1)
    found = 0
    for number, one in enumerate(ITEMS):
        text = f"{filler(draw)}\n{full(one)}\n"
        text = text.upper() if number % 2 else text
        found += len(both(monkeypatch, text.encode(), escapes=False)[0])
    assert found > 20 * len(ITEMS)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_compiled_loops_find_the_same_in_broken_text(data: st.DataObject) -> None:
    pieces = [full(one).encode() for one in ITEMS]
    piece = st.one_of(
        st.sampled_from(pieces),
        st.sampled_from(pieces).map(lambda one: one[3:-2]),
        st.binary(max_size=12),
        st.sampled_from(
            [b"\\n", b"\\\\n", b"\\", b"\xe4", b"\xe3\x80\x80", b"\xc2\xa0", b"\xef\xbc", b"\xe2\x80", b"\x00"]
        ),
        st.text(max_size=8).map(lambda one: one.encode("utf-8", "replace")),
    )
    joined = b"".join(data.draw(st.lists(piece, max_size=8)))
    with pytest.MonkeyPatch.context() as patch:
        both(patch, joined, escapes=data.draw(st.booleans()))


@given(st.lists(st.sampled_from([b"\n", b"\\", b"u", b"\\u", b"some words", b"a" * 63]), max_size=40))
def test_compiled_line_ends_are_the_same(pieces: list[bytes]) -> None:
    loops = _compiled.compiled()
    if loops is None:
        pytest.skip("llvmlite is not installed")
    data = b"".join(pieces)
    ends, escaped = loops.line_ends(data)
    assert ends.tolist() == [at + 1 for at, one in enumerate(data) if one == 10]
    assert escaped == (b"\\u" in data)
