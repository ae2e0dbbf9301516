"""The encoding of a text file, by evidence; what cannot be decided is an error."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import regex

from benchwright.schemas.errors import InputError, Problem
from benchwright.sources._language import language_of

__all__ = ["decoded"]

_BOMS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_EIGHT_BIT: Final = ("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "iso8859-5", "koi8-r")
_WIDE: Final = ("big5hkscs", "cp932", "gb18030", "euc-kr", "euc-jp")
_SCRIPT_OF: Final = {
    "cp1251": "Cyrillic", "iso8859-5": "Cyrillic", "koi8-r": "Cyrillic", "cp1253": "Greek", "cp1255": "Hebrew",
    "cp1256": "Arabic",
}  # fmt: skip
_COMMON_HAN: Final = frozenset(
    "的一是不在有人中大上下列何者為为可以及與与於于或年月日時时分個个第生病患性後后前用時最之若其正確确錯误誤答題题選选項项目科人口心血手術术"
)
_ODD: Final = regex.compile(r"[\p{C}--[\t\n\r\x0c]]|\p{Co}|[\u0080-\u009f]|�", flags=regex.V1)
_MIXED: Final = regex.compile(r"\p{Ll}\p{Lu}\p{Ll}|\p{L}[¤¦§¨©ª¬®¯°±²³´µ¶·¸¹º»¼½¾×÷]\p{L}")
_SIGNS: Final = regex.compile(r"[¤¦¨¬¯³´¶¸¹¼½¾ƒ‡†‹›˜ˆ‰¥¢£]")


def decoded(data: bytes, name: str) -> tuple[str, str]:
    """Return the text of some bytes and the encoding.

    A byte-order mark decides, then UTF-8 where it is valid, then UTF-16 by its zero bytes; among older encodings the
    one whose text looks most like language, when it does so clearly.

    Raises:
        InputError: ``encoding-unknown`` when no encoding fits or two fit alike.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decode(data, encoding, name), encoding
    even, odd = data[0::2].count(0), data[1::2].count(0)
    if max(even, odd) > 0.1 * len(data) and len(data) % 2 == 0:
        encoding = "utf-16-be" if even > odd else "utf-16-le"
        return _decode(data, encoding, name), encoding
    if even + odd:
        raise InputError(_no_encoding(name, "zero bytes", "binary data"))
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _old_encoding(data, name)


def _decode(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(
            _no_encoding(name, f"bytes that are not {encoding} ({error})", f"byte {error.start}")
        ) from error


def _old_encoding(data: bytes, name: str) -> tuple[str, str]:
    sample = data[: 2**18]
    worths: list[tuple[float, str]] = []
    for encoding in (*_WIDE, *_EIGHT_BIT):
        try:
            text = sample.decode(encoding, errors="strict")
        except UnicodeDecodeError as error:
            if error.start < len(sample) - 4 or len(sample) == len(data):
                continue
            text = sample[: error.start].decode(encoding)
        worths.append((_likeness(text, encoding), encoding))
    worths.sort(key=lambda entry: -entry[0])
    if not worths or worths[0][0] < _CERTAIN:
        raise InputError(_no_encoding(name, "bytes that read as no language", "the whole file"))
    best, encoding = worths[0]
    rivals = [
        e
        for w, e in worths[1:]
        if w > 0.93 * best and sample.decode(e, "replace") != sample.decode(encoding, "replace")
    ]
    spoken = _BY_LANGUAGE.get(language_of(sample.decode(encoding, "replace")) or "")
    if rivals and spoken in {e for w, e in worths if w > 0}:
        return _decode(data, spoken, name), spoken
    if rivals or len(regex.findall(rb"[\x80-\xff]", data)) < _LEAST:
        found = f"{', '.join([encoding, *rivals[:3]])} fit"
        raise InputError(_no_encoding(name, found, "the whole file"))
    return _decode(data, encoding, name), encoding


def _likeness(text: str, encoding: str) -> float:
    """Return how much the letters outside ASCII look like a language in this encoding: 0 to 1."""
    wide = regex.findall(r"[^\x00-\x7f]", text)
    if not wide or _ODD.search(text):
        return 0.0
    letters = sum(c.isalpha() or c in "¿¡º«»“”‘’–—…·。、，？！「」（）：；・％　" for c in wide) / len(wide)
    if encoding in _WIDE:
        return float(letters * _asian(wide, encoding))
    worth = letters - 2.0 * len(_MIXED.findall(text)) / len(wide) - len(_SIGNS.findall(text)) / len(wide)
    script = _SCRIPT_OF.get(encoding)
    if script is not None:
        inside = regex.findall(rf"\p{{{script}}}", text)
        lower = sum(c.islower() for c in inside) / max(len(inside), 1) if script in {"Cyrillic", "Greek"} else 1.0
        words = regex.findall(rf"\p{{{script}}}{{3,}}", text)
        mixed = regex.findall(rf"[a-zA-Z]\p{{{script}}}|\p{{{script}}}[a-zA-Z]", text)
        worth -= 2.0 * len(mixed) / len(wide)
        share = sum(map(len, words)) / len(wide)
        return float(worth * min(share, 1.0) * (0.4 + 0.6 * lower))
    latin = regex.findall(r"[\p{Latin}--[a-zA-Z]]", text, flags=regex.V1)
    words = regex.findall(r"\p{Latin}+", text)
    rare = sum(c not in _FREQUENT.get(encoding, "") for c in latin) / max(len(latin), 1)
    dense = len(latin) / max(sum(map(len, words)), 1)
    return float(max(worth, 0.0) * (1.0 - 0.8 * rare) * (1.0 if dense < 0.35 else 0.2))


_BY_LANGUAGE: Final = {
    **dict.fromkeys(("es", "pt", "fr", "it", "de", "nl", "sv", "da", "nb", "fi", "ca", "gl", "eu"), "cp1252"),
    **dict.fromkeys(("pl", "cs", "sk", "hu", "ro", "hr", "sl"), "cp1250"),
    "tr": "cp1254",
}
_CERTAIN: Final = 0.5
_LEAST: Final = 3
"""Fewer bytes outside ASCII tell nothing without a language that is known."""
_FREQUENT: Final = {
    "cp1252": "áéíóúñüàèìòùâêîôûäëïöçãõåæøßÁÉÍÓÚÑÜÀÈÂÊÄÖÇÃÕÅÆØœŒýÿðþ",
    "cp1250": "ąćęłńóśźżáčďéěíňřšťúůýžőűăâîşţđĄĆĘŁŃÓŚŹŻÁČĎÉĚÍŇŘŠŤÚŮÝŽŐŰĂÂÎŞŢĐöüäôľĺŕß",
    "cp1254": "çğıöşüÇĞİÖŞÜâîû",
}


def _asian(wide: Sequence[str], encoding: str) -> float:
    text = "".join(wide)
    kana = len(regex.findall(r"[\p{Hiragana}\p{Katakana}ー]", text))
    half = len(regex.findall(r"[\uff61-\uff9f]", text))
    hangul = len(regex.findall(r"\p{Hangul}", text))
    han = len(regex.findall(r"\p{Han}", text))
    total = len(text)
    common = sum(c in _COMMON_HAN for c in text) / max(han, 1)
    if encoding in {"cp932", "euc-jp"}:
        return (kana + 0.5 * han) / total if kana > 0.15 * total and half < 0.1 * total else 0.1 * common
    if encoding == "euc-kr":
        return (hangul + 0.3 * han) / total if hangul > 0.5 * total else 0.05
    return (han / total) * min(1.0, 0.2 + 6 * common) if han > 0.4 * total and hangul + kana < 0.2 * total else 0.05


def _no_encoding(name: str, found: str, place: str) -> Problem:
    return Problem(
        "encoding-unknown",
        "the encoding of a text file cannot be decided",
        name,
        place,
        found=found,
        expected="UTF-8, UTF-16, or an older encoding that can be told with certainty",
        remedy="save it as UTF-8",
    )
