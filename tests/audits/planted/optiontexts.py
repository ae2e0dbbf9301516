"""Defects for the audit `optiontexts`."""

from __future__ import annotations

from benchwright.schemas import Mark, Option
from tests.audits.clean import item
from tests.audits.plant import Plant

ID = item().id


def _options(*texts: str, labels: str = "ABCDE") -> tuple[Option, ...]:
    return tuple(Option(id="ABCDE"[n], label=f"{labels[n]})", text=text) for n, text in enumerate(texts))


def _at(option: str, *texts: str, labels: str = "ABCDE", **rest: object) -> Plant:
    one = item(options=_options(*texts, labels=labels))
    return Plant([one], one.id, f"option:{option}", **rest)  # type: ignore[arg-type]


def _near(first: str, second: str) -> Plant:
    spans = [("option:B", 0, len(first)), ("option:D", 0, len(second))]
    return Plant([item(texts=("marcha normal", first, "ataxia", second))], ID, "options", spans)


def _led(*texts: str, labels: str = "ABCDE") -> Plant:
    """Every option begins with its label: one finding each."""
    one = item(options=_options(texts[0], *texts[1:], labels=labels))
    return Plant([one], one.id, "option:A", [("option:A", 0, 3)], times=len(texts))


PLANTED = {
    "S106": [
        _near("Espacio epidural.", "Espacio epidural"),
        _near("beta-blocker", "Beta blocker"),
        _near("The spleen", "spleen"),
        _near("острый бронхит", "Острый бронхит;"),
        _near("تسرع القلب", "تسرع القلب،"),
        _near("तीव्र पीड़ा", "तीव्र पीड़ा।"),
        _near("“急性肝炎”。", "急性肝炎"),
    ],
    "S107": [
        _at("D", "uno", "dos", "tres", "nan", spans=[("option:D", 0, 3)]),
        _at("A", "N/A", "dos", "tres", "cuatro", severity="critical"),
        _at("B", "один", "...", "три"),
        _at("C", "一", "二", "#REF!", "四"),
        _at("A", "undefined", "2 mg", "3 mg", "5 mg", severity="critical"),
    ],
    "S112": [
        _at("B", "fiebre", "B) tos", "dolor", "disnea", spans=[("option:B", 0, 3)]),
        _at("C", "лихорадка", "кашель", "В) боль", "одышка", labels="АБВГД", spans=[("option:C", 0, 3)]),
        _at("B", "حمى", "ب) سعال", "ألم", labels="أبجده", spans=[("option:B", 0, 3)]),
        _at("A", "（ア）発熱", "咳嗽", "疼痛", labels="アイウエオ", spans=[("option:A", 0, 3)]),
        _at("C", "बुखार", "खांसी", "3) दर्द", labels="12345", spans=[("option:C", 0, 3)]),
    ],
    "S109": [
        _at("B", "fiebre", "tos C) dolor", "disnea", spans=[("option:B", 4, 6)]),
        _at("A", "лихорадка; Б) кашель", "боль", "одышка", labels="АБВГД", spans=[("option:A", 11, 13)]),
        _at("C", "発熱", "咳嗽", "疼痛　エ）呼吸困難", labels="アイウエオ", spans=[("option:C", 3, 5)]),
    ],
    "S110": [
        _at("A", "fiebre (correcta)", "tos", "dolor", spans=[("option:A", 0, 17)]),
        _at("B", "fever", "cough ✓", "pain", severity="critical"),
        _at("A", "лихорадка (правильный ответ)", "кашель", "боль"),
        _at("C", "发热", "咳嗽", "疼痛（正确答案）", severity="critical"),
        _at("A", "fever *", "cough", "pain"),
        _at("A", "حمى (الإجابة الصحيحة)", "سعال", "ألم"),
    ],
    "S111": [
        Plant(
            [item(texts=("fiebre", "tos", "dolor"), marks=(Mark(field="option:A", start=0, end=6, kind="bold"),))],
            ID,
            "options",
        )
    ],
    "S108": [
        _led("A) fiebre", "B) tos"),
        _led("а) жар", "б) боль", labels="АБВГД"),
        _led("1) बुखार", "2) खांसी", labels="12345"),
    ],
}
