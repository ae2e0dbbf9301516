"""Names of China, Japan and Korea: a surname of the register, and the words that go with a name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

import regex

from benchwright.audits._pii.model import Hit
from benchwright.audits._pii.words import table

__all__ = ["find_eastern_names"]

_HAN: Final = r"\p{Han}"
_KANA: Final = r"[\p{Han}\p{Hiragana}\p{Katakana}]"
# Words of the ward that begin with a surname.
_NEVER: Final = regex.compile(
    r"高血[压壓脂糖].*|高[脂尿烧燒热熱危龄齡].*|白[血癜内內细細].*|黄[疸体斑].*|石[膏淋].*|牛皮.*|方[便案法].*|于是|金[属屬].*|安[全胎眠].*|常[见見规規].*|"
    r"森林|原因|原来|高血|고혈압|당뇨.*|이번|이런|이제|이미|한국|한번|전화|조금|정말|정상|주로|우리|신장|신경|손목|손가락|안녕.*|임신.*|여자|남자|남편|여성|남성|현재|문의|고민|노인|차이|방문|선생.*|주부|변비.*|이것|오늘|오전|오후|지금|나이|성인|유방.*|배가|백신|허리"
)


@lru_cache(maxsize=1)
def _patterns() -> dict[str, Any]:
    east = table("names.toml")["east"]
    chinese, japanese, korean = ("|".join(east[f"{which}_surname"]) for which in ("chinese", "japanese", "korean"))
    zh = rf"(?:{chinese})"
    ja = rf"(?:{japanese})"
    ko = rf"(?:{korean})"
    end = r"(?=[ ，,。.！!；;、\n）)]|$)"
    return {
        "zh-intro": regex.compile(
            rf"(?:我叫|我的名字是|我的名字叫|姓名[:：]?|患者姓名[:：]?|名叫)[ ]?(?P<n>{zh}{_HAN}{{1,2}}){end}"
        ),
        "zh-intro-colon": regex.compile(rf"(?:姓名|联系人|聯絡人|患者)[ ]?[:：][ ]?(?P<n>{zh}{_HAN}{{1,2}}){end}"),
        "zh-greeting": regex.compile(
            rf"(?:^|\n|尊敬的|敬爱的|亲爱的|感谢|謝謝|谢谢|你好[，, ！!]?|您好[，, ！!]?)[ ]?(?P<n>{zh}{_HAN}{{0,2}}?)(?=医生|醫生|大夫|主任|教授|医师|醫師|老师|老師|先生|女士|小姐|护士)"
        ),
        "zh-closing": regex.compile(
            rf"(?:谢谢|謝謝|此致|敬上|祝好|感谢|感謝|多谢|敬礼|敬禮|顺祝|署名[:：])[您你]?[！!，,。.~\s\-—]{{0,6}}(?P<n>{zh}{_HAN}{{1,2}})(?:[ ]?(?:敬上|上|医生|大夫|醫師|醫生))?[。.]?\s{{0,3}}(?=\n|$)"
        ),
        "zh-last-line": regex.compile(
            rf"(?:\n[ \-—]{{0,4}}|^)(?P<n>{zh}{_HAN}{{1,2}}|{_HAN}{{2,3}}(?=[ ]?敬上|[ ]上))[ ]?(?:敬上|上|谨上|謹上)\s{{0,3}}$"
        ),
        "ja-intro": regex.compile(rf"(?P<n>{ja}[ ]?{_KANA}{{0,4}}?)(?=と(?:申し|言い|いい)(?:ます|まして))"),
        "ja-intro-any": regex.compile(
            rf"(?:私は|名前は|わたしは)、?(?P<n>{_HAN}{{2,4}}[ ]?{_KANA}{{0,4}}?)(?=と(?:申し|言い|いい)(?:ます|まして))"
        ),
        "ja-label": regex.compile(
            rf"(?:(?:氏名|名前|患者氏名|患者名|お名前)[ ]?[:：]|(?:私|僕|患者)の名前は|氏名は)[ ]?(?P<n>{_HAN}{{1,3}}[ ]?{_KANA}{{1,4}}?)(?=です|[、。\n 　（(]|$)"
        ),
        "ja-greeting": regex.compile(
            rf"(?:^|\n|こんにちは、|はじめまして、|拝啓)[ ]?(?P<n>{ja}[ ]?{_HAN}{{0,2}})(?=[ ]?(?:先生|様|さん|医師|ドクター))"
        ),
        "ja-greeting-any": regex.compile(
            rf"(?:^|\n)[ ]?(?P<n>(?!主治医|担当|皆|各|医|教|院長|奥|お){_HAN}{{1,3}})(?=[ ]?(?:先生|様)[、,へ\n ！!。])"
        ),
        "ja-closing": regex.compile(
            rf"(?:お願い(?:いた|致)?します|お願い申し上げます|ありがとうございま(?:す|した)|敬具|草々)[。！!、\s]{{0,5}}(?P<n>{ja}[ ]?{_KANA}{{0,4}}|{_HAN}{{2,3}}[ ]{_KANA}{{1,3}})(?:より|拝)?[。]?\s{{0,3}}(?=\n|$)"
        ),
        "ja-last-line": regex.compile(rf"\n[ \-—]{{0,3}}(?P<n>{ja}[ ]?{_KANA}{{1,4}}?)(?:より|拝)?\s{{0,3}}$"),
        "ko-intro": regex.compile(
            rf"(?:제 이름은|저는|나는|이름은)[ ](?P<n>{ko}\p{{Hangul}}{{1,2}})(?=(?:이라고|라고)[ ]?(?:합니다|해요|하는데|하고))"
        ),
        "ko-intro-is": regex.compile(
            rf"(?:제 이름은|이름은|성명은|이름[ ]?[:：]|성명[ ]?[:：]|환자명[ ]?[:：]?)[ ]?(?P<n>{ko}\p{{Hangul}}{{1,2}}?)(?=입니다|이에요|예요|이고|[ ,.\n]|$)"
        ),
        "ko-intro-name": regex.compile(
            r"(?:저는|안녕하세요[.,! ]{1,3})[ ]?(?P<n>[김박최정강조윤장임]\p{Hangul}{2})(?=입니다|이에요|예요)"
        ),
        "ko-greeting": regex.compile(
            rf"(?:^|\n|안녕하세요[.,! ]{{0,3}}|친애하는[ ]|존경하는[ ])(?P<n>{ko}\p{{Hangul}}{{0,2}})[ ]?(?=선생님|원장님|교수님|박사님|과장님|의사 ?선생님|님께|님[,! ]|씨[,! ])"
        ),
        "ko-closing": regex.compile(
            rf"(?:감사합니다|고맙습니다|부탁드립니다|부탁드려요)[.!,~\s\-]{{0,5}}(?P<n>{ko}\p{{Hangul}}{{1,2}})(?:[ ]?(?:드림|올림|배상))?[.]?\s{{0,3}}(?=\n|$)"
        ),
        "ko-signed": regex.compile(
            rf"(?<!\p{{Hangul}})(?P<n>{ko}\p{{Hangul}}{{1,2}})(?=[ ]?(?:드림|올림|배상)(?!\p{{Hangul}}))"
        ),
    }


def find_eastern_names(text: str) -> Iterator[Hit]:
    """Yield names in greetings, closings and introductions in Chinese, Japanese and Korean."""
    for rule, pattern in _patterns().items():
        for match in pattern.finditer(text):
            if not _NEVER.fullmatch(match["n"]):
                yield Hit(match.start("n"), match.end("n"), "NAME", rule, 41)
