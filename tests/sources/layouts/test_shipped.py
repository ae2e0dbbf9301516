"""Every layout that comes with the package reads its files, trap and all, into exactly the items that they hold."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest

from benchwright.sources import shipped_layouts
from tests.sources.layouts.bank import FIXTURES, Case
from tests.sources.layouts.kit import CASES, read, shown

_IDS = [case.name for case in CASES]


def test_every_layout_has_a_file() -> None:
    assert {case.layout for case in CASES} == set(shipped_layouts())


@pytest.mark.parametrize("case", CASES, ids=_IDS)
def test_the_files_are_those_of_the_bank(case: Case) -> None:
    assert (FIXTURES / case.file).read_bytes() == case.data()
    for name, data in case.beside.items():
        assert (FIXTURES / case.file).with_name(name).read_bytes() == data()


@pytest.mark.parametrize("case", CASES, ids=_IDS)
def test_the_items_are_exact(case: Case, tmp_path: Path) -> None:
    media = tmp_path / "media"
    layout, items, rejects, records = read(FIXTURES / case.file, case.file, tmp_path, media=media)
    assert layout.name == case.layout
    assert len(rejects) == case.rejects, [reject.detail for reject in rejects]
    assert all(reject.detail and "found:" in reject.detail and "expected:" in reject.detail for reject in rejects)
    assert len(items) == len(case.wanted)
    assert records - len(items) <= case.rejects, "a record that is no item has a reject"
    for item, wanted in zip(items, case.wanted, strict=True):
        more = dict(wanted.more)
        pictures = [base64.b64decode(more.pop("media"))] if "media" in more else []
        assert item.exam.number == wanted.number
        assert item.language == wanted.language
        assert item.stem == wanted.stem
        assert tuple(option.text for option in item.options) == wanted.options
        assert [option.id for option in item.options] == list("ABCDEFGHIJ"[: len(wanted.options)])
        assert item.key.answers == wanted.answers
        assert shown(item, list(more)) == more
        assert [one.sha256 for one in item.media] == [hashlib.sha256(one).hexdigest() for one in pictures]
        assert [(media / str(one.file)).read_bytes() for one in item.media] == pictures
    assert len({item.id for item in items}) == len(items)
