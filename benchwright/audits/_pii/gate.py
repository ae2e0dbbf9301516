"""The quick look: which texts need which detectors, as column expressions over all texts at once.

A gate may open for nothing; it must be open wherever its detector would find something. Where a detector goes by words,
its gate is the detector's own pattern, relaxed so that an automaton runs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import polars as pl
import regex

from benchwright.audits._pii import addresses, labelled, names
from benchwright.audits._pii.detect import DETECTORS
from benchwright.audits._pii.fold import fold
from benchwright.audits._pii.relax import TURKISH, relaxed

__all__ = ["gates"]

_APART: Final = r"[\s.\-\u{2010}-\u{2015}\u{2212}\u{fe63}\u{ff0d}\u{30fc}\u{ff70}/()（）．／٫＋+]"
_CAP: Final = r"[A-Z\u{FF21}-\u{FF3A}Ñ&]"
_FOREIGN: Final = r"[\p{Arabic}\p{Hebrew}\p{Devanagari}\p{Thai}\p{Bengali}\p{M}\u{200c}]"
_FIRST: Final = {"last-line": r"\n"}
"""What the pattern of a rule begins with, where the search for it takes long because it is tied to the end."""
_EAST: Final = (
    "我叫|我的名字|姓名|名叫|联系人|聯絡人|患者|医生|醫生|大夫|主任|教授|医师|醫師|老师|老師|先生|女士|小姐|护士|谢谢|謝謝|此致|敬上|祝好|感谢|感謝|"
    "多谢|敬礼|敬禮|顺祝|署名|[谨謹]?上\\s*$|申し|言い|いい|氏名|名前|様|さん|医師|ドクター|お願い|ありがとう|敬具|草々|より|拝|제 이름|저는|나는|이름|성명|"
    "환자명|안녕하세요|선생님|원장님|교수님|박사님|과장님|의사|님|씨|감사|고맙|부탁드|드림|올림|배상"
)
_ACCOUNTS: Final = (
    r"instagram|insta|twitter|telegram|skype|snapchat|discord|wechat|tiktok|line|kakao|微信|zalo|username|user ?id|usuario|utilisateur|"
    r"benutzername|логин|телеграм|ник|카카오|카톡"
)


@lru_cache(maxsize=1)
def _patterns() -> dict[str, tuple[str, ...]]:
    """Return for the detectors of signs and numbers patterns that must all occur; they read a text as it is."""
    return {
        "numbers": (rf"\d(?:{_APART}{{0,3}}\d){{6}}",),
        "mixed": (
            rf"{_CAP}{{2}} ?\d{{2}}[ \-\u{{2010}}-\u{{2015}}\u{{2212}}\s]?[\p{{L}}\p{{Nd}}]|{_CAP}{{3}}\d{{4}}|{_CAP}{{6}}[\p{{Nd}}L-V\u{{FF2C}}-\u{{FF36}}]{{2}}|{_CAP}{{1,3}}\s?\d{{6}}|[{_CAP[1:-1]}\p{{Nd}}]{{8}}",
        ),
        "email": (
            r"[@＠]|(?i:[\s\[({](?:at|arroba|ät)[\s\])}])",
            r"[@＠]|(?i:dot|punto|ponto|punkt|point|[\p{L}\p{N}][.．]\p{L})",
        ),
        "pages": (
            rf"(?i:https?[:：][/／]|ftp[:：][/／]|www[.．]|[.．](?:com|me|ru|net|cn)[/／]|(?:{_ACCOUNTS})[^\n]{{0,60}}[@＠_＿\d])",
        ),
        "machines": (
            r"\d[.．٫]\d{1,3}[.．٫]\d{1,3}[.．٫]\d|(?i:[0-9a-f\d\u{FF21}-\u{FF26}\u{FF41}-\u{FF46}]{1,4}[:：]){2}",
        ),
        "eastern": (r"[\p{Han}\p{Hangul}]", _EAST),
    }


@lru_cache(maxsize=1)
def _worded() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return for the detectors that go by words what a text must have at all, and the relaxed patterns of the detector.

    They read the folded text; one of the patterns is enough.
    """
    found: dict[str, tuple[str, tuple[str, ...]]] = {
        rule: (_FOREIGN if rule.endswith("-foreign") else _FIRST.get(rule, ""), (pattern,))
        for rule, pattern in names.gate_patterns().items()
    }
    found |= {rule: (r"\d", (pattern,)) for rule, pattern in labelled.gate_patterns().items()}
    found |= {rule: (r"\d", patterns) for rule, patterns in addresses.gate_patterns().items()}
    return {rule: (first, tuple(map(relaxed, patterns))) for rule, (first, patterns) in found.items()}


def gates(texts: pl.Series) -> pl.Series:
    """Return for each text the detectors that must look at it, as bits in the order of :data:`DETECTORS`."""
    plain = texts.cast(pl.String).fill_null("").alias("text")
    text = pl.col("text")
    bits = {
        name: pl.all_horizontal(text.str.contains(_rust(pattern)) for pattern in patterns)
        for name, patterns in _patterns().items()
    }
    opened = plain.to_frame().select(one.alias(name) for name, one in bits.items())
    folded = _folded(plain)
    has: dict[str, pl.Series] = {}
    found = {name: opened[name] for name in bits}
    for name, (first, patterns) in _worded().items():
        if first and first not in has:
            has[first] = folded.str.contains(first)
        found[name] = _contains(folded, patterns, has.get(first))
    frame = pl.DataFrame([found[name].alias(name) for name in DETECTORS])
    each = (pl.col(name).cast(pl.UInt32) * (1 << bit) for bit, name in enumerate(DETECTORS))
    return frame.select(pl.sum_horizontal(each).cast(pl.UInt32)).to_series().alias("gates")


def _contains(texts: pl.Series, patterns: Sequence[str], where: pl.Series | None) -> pl.Series:
    """Search the texts of some places alone for one of several patterns."""
    places = pl.int_range(len(texts), eager=True) if where is None else where.arg_true()
    some = texts.gather(places).to_frame("text")
    hit = some.select(pl.any_horizontal(pl.col("text").str.contains(one) for one in patterns)).to_series()
    return pl.Series([False], dtype=pl.Boolean).new_from_index(0, len(texts)).scatter(places.filter(hit), values=True)


def _folded(texts: pl.Series) -> pl.Series:
    """Return texts in the form that the detectors read; only those with other than plain signs are touched."""
    odd = (texts.str.len_bytes() != texts.str.len_chars()) | texts.str.contains("\t", literal=True)
    places = odd.arg_true()
    if places.len() == 0:
        return texts
    some = pl.Series([fold(text) for text in texts.gather(places)], dtype=pl.String)
    return texts.clone().scatter(places, some.str.replace_many(TURKISH))


def _rust(pattern: str) -> str:
    r"""Return the pattern with word edges of ASCII, which the automaton of Rust keeps its speed with."""
    return regex.sub(r"\\b", r"(?-u:\\b)", pattern)
