"""What file names say."""

from __future__ import annotations

import re

from benchwright.sources._names import name_parts, pattern_for

ES = frozenset({"es", "en"})


def test_role_words_years_and_languages_are_told_apart() -> None:
    parts = name_parts("clave-corregida-2031-parte1-es.pdf", ES)
    assert parts.roles == {"key", "revised"}
    assert parts.language == "es"
    assert parts.identity == ("2031", "1")


def test_a_booklet_and_its_key_share_their_identity() -> None:
    booklet, key = name_parts("108030_11.pdf", ES), name_parts("108030_ANS11.pdf", ES)
    assert booklet.identity == key.identity == ("108030", "11")


def test_pattern_serves_other_years() -> None:
    names = [name_parts(name, ES) for name in ("exam_2030_1.pdf", "exam_2030_2.pdf")]
    pattern = pattern_for(names, [{2: "edition", 4: "part"}] * 2)
    assert pattern is not None
    found = re.fullmatch(pattern, "exam_2031_2.pdf")
    assert found is not None
    assert found.groupdict() == {"edition": "2031", "part": "2"}


def test_names_of_other_shape_have_no_common_pattern() -> None:
    names = [name_parts(name, ES) for name in ("exam_2030_1.pdf", "exam_2030.pdf")]
    assert pattern_for(names, [{2: "edition"}] * 2) is None
