"""The quick look: which texts need which detectors, as column expressions over all texts at once.

A gate may open for nothing; it must be open wherever its detector would find something. Its patterns are made from the
same words, without what looks around.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import polars as pl
import regex

from benchwright.audits._pii.detect import DETECTORS
from benchwright.audits._pii.words import UNSPACED, pieces

__all__ = ["gates"]

_APART: Final = r"[\s.\-\u{2010}-\u{2015}\u{2212}\u{fe63}\u{ff0d}\u{30fc}\u{ff70}/()（）．／٫＋+]"
_CAP: Final = r"[A-Z\u{FF21}-\u{FF3A}Ñ&]"
_EAST: Final = (
    "我叫|我的名字|姓名|名叫|联系人|聯絡人|患者|医生|醫生|大夫|主任|教授|医师|醫師|老师|老師|先生|女士|小姐|护士|谢谢|謝謝|此致|敬上|祝好|感谢|感謝|"
    "多谢|敬礼|敬禮|顺祝|署名|[谨謹]?上\\s*$|申し|言い|いい|氏名|名前|様|さん|医師|ドクター|お願い|ありがとう|敬具|草々|より|拝|제 이름|저는|나는|이름|성명|"
    "환자명|안녕하세요|선생님|원장님|교수님|박사님|과장님|의사|님|씨|감사|고맙|부탁드|드림|올림|배상"
)
_ACCOUNTS: Final = (
    r"instagram|insta|twitter|telegram|skype|snapchat|discord|wechat|tiktok|line|kakao|微信|zalo|username|user ?id|usuario|utilisateur|"
    r"benutzername|логин|телеграм|ник|카카오|카톡"
)


def _any(file: str, *names: str) -> str:
    return "|".join(dict.fromkeys(piece for name in names for piece in pieces(file, name)))


@lru_cache(maxsize=1)
def _patterns() -> dict[str, tuple[str, ...]]:
    """Return for each detector patterns that must all occur."""
    # The words alone: with what may follow them the automaton is thirty times slower and closes hardly a gate more.
    some = dict.fromkeys(
        piece for name in ("greeting", "closing", "intro", "honorific", "hello") for piece in pieces("names.toml", name)
    )
    joined = "|".join(piece for piece in some if UNSPACED.search(piece))
    spaced = "|".join(piece for piece in some if not UNSPACED.search(piece))
    names = rf"(?i:(?:^|[^\p{{L}}\p{{M}}\p{{N}}])(?:{spaced}))[^\p{{L}}\p{{N}}]|{joined}|\n[^\n]{{2,140}}\s{{0,6}}$"
    record, other, birth, after = (_any("words.toml", name) for name in ("record", "id", "birth", "birth_after"))
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
        "names": (names,),
        "eastern": (r"[\p{Han}\p{Hangul}]", _EAST),
        "labelled": (rf"(?i:{record}|{other})[^\d]{{0,60}}\d",),
        "births": (rf"(?i:{birth})[^\d]{{0,60}}\d|\d[^\n]{{0,16}}(?i:{after})",),
        "places": (r"\d", rf"(?i:{_any('streets.toml', 'hint')}|{_any('words.toml', 'address')})"),
    }


def gates(texts: pl.Series) -> pl.Series:
    """Return for each text the detectors that must look at it, as bits in the order of :data:`DETECTORS`."""
    text = pl.col("text")
    bits = [
        pl.all_horizontal(text.str.contains(_rust(pattern)) for pattern in _patterns()[name]).cast(pl.UInt16)
        * (1 << bit)
        for bit, name in enumerate(DETECTORS)
    ]
    opened = pl.DataFrame({"text": texts.cast(pl.String).fill_null("")}).select(pl.sum_horizontal(bits).cast(pl.UInt16))
    return opened.to_series().alias("gates")


def _rust(pattern: str) -> str:
    r"""Return the pattern with word edges of ASCII, which the automaton of Rust keeps its speed with."""
    return regex.sub(r"\\b", r"(?-u:\\b)", pattern)
