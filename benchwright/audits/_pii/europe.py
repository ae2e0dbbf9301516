"""Check digits of the personal numbers of Europe.

Each function takes the number as it was written, without separators and in capitals, in the length that its shape
allows, and tells whether it can be one. Sources: the published rule of each register, written down by the project.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from benchwright.audits._pii.arithmetic import digits_of, is_day, is_luhn, mod_11_10, weighted

__all__ = ["CHECKS"]

_DNI: Final = "TRWAGMYFPDXBNJZSQVHLCKE"
_FINNISH: Final = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_IRISH: Final = "WABCDEFGHIJKLMNOPQRSTUV"
_FISCAL_ODD: Final = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
_FISCAL_DIGITS: Final = str.maketrans("LMNPQRSTUV", "0123456789")


def _spanish_citizen(text: str) -> bool:
    return _DNI[int(text[:-1]) % 23] == text[-1]


def _spanish_foreigner(text: str) -> bool:
    return _DNI[int(str("XYZ".index(text[0])) + text[1:-1]) % 23] == text[-1]


def _portuguese(text: str) -> bool:
    d = digits_of(text)
    left = weighted(d, range(9, 1, -1)) % 11
    return d[8] == (0 if left < 2 else 11 - left)


def _french(text: str) -> bool:
    number = text.replace("2A", "19").replace("2B", "18")
    month = int(number[3:5])
    return (1 <= month <= 12 or 20 <= month <= 42 or month >= 50) and 97 - int(number[:13]) % 97 == int(number[13:])


def _italian(text: str) -> bool:
    places = (6, 7, 9, 10, 12, 13, 14)
    plain = "".join(sign.translate(_FISCAL_DIGITS) if n in places else sign for n, sign in enumerate(text))
    if not all(plain[n].isdigit() for n in places) or not 1 <= int(plain[9:11]) % 40 <= 31:
        return False
    values = [int(sign) if sign.isdigit() else ord(sign) - 65 for sign in text]
    total = sum(_FISCAL_ODD[value] if n % 2 == 0 else value for n, value in enumerate(values[:15]))
    return total % 26 == values[15]


def _german_tax(text: str) -> bool:
    d = digits_of(text)
    return d[0] != 0 and len(set(d[:10])) in (8, 9) and mod_11_10(d)


def _german_health(text: str) -> bool:
    letter = ord(text[0]) - 64
    d = [letter // 10, letter % 10, *digits_of(text[1:])]
    doubled = [digit * (1 + n % 2) for n, digit in enumerate(d[:10])]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == d[10]


def _austrian(text: str) -> bool:
    d = digits_of(text)
    return weighted(d, (3, 7, 9, 0, 5, 8, 4, 2, 1, 6)) % 11 == d[3] and int(text[4:6]) <= 31 and int(text[6:8]) <= 15


def _swiss(text: str) -> bool:
    d = digits_of(text)
    return weighted(d, (1, 3) * 7) % 10 == 0


def _dutch(text: str) -> bool:
    d = digits_of(text)
    return any(d) and weighted(d, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0


def _belgian(text: str) -> bool:
    body, check = int(text[:9]), int(text[9:])
    month = int(text[2:4])
    return month % 20 <= 12 and int(text[4:6]) <= 31 and check in (97 - body % 97, 97 - (2_000_000_000 + body) % 97)


def _british_health(text: str) -> bool:
    d = digits_of(text)
    check = (11 - weighted(d, range(10, 1, -1)) % 11) % 11
    return check != 10 and check == d[9]


def _british_insurance(text: str) -> bool:
    banned = {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}
    return text[:2] not in banned and not set(text[:2]) & set("DFIQUV") and text[1] != "O"


def _irish(text: str) -> bool:
    second = ord(text[8]) - 64 if len(text) > 8 and text[8] != "W" else 0
    return _IRISH[(weighted(digits_of(text[:7]), range(8, 1, -1)) + second * 9) % 23] == text[7]


def _swedish(text: str) -> bool:
    text = text[-10:]
    day = int(text[4:6])
    return is_day(int(text[:2]), int(text[2:4]), day - 60 if day > 60 else day) and is_luhn(digits_of(text))


def _norwegian(text: str) -> bool:
    d = digits_of(text)
    day, month = int(text[:2]) % 40, int(text[2:4])
    first = (11 - weighted(d, (3, 7, 6, 1, 8, 9, 4, 5, 2)) % 11) % 11
    second = (11 - weighted(d[:10], (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11) % 11
    return is_day(int(text[4:6]), month % 40, day) and [first, second] == d[9:]


def _danish(text: str) -> bool:
    day = int(text[:2])
    return is_day(int(text[4:6]), int(text[2:4]), day - 60 if day > 60 else day)


def _finnish(text: str) -> bool:
    number = text[:6] + text[-4:-1]
    return is_day(int(text[4:6]), int(text[2:4]), int(text[:2])) and _FINNISH[int(number) % 31] == text[-1]


def _baltic(text: str) -> bool:
    d = digits_of(text)
    left = weighted(d, (1, 2, 3, 4, 5, 6, 7, 8, 9, 1)) % 11
    if left == 10:
        left = weighted(d, (3, 4, 5, 6, 7, 8, 9, 1, 2, 3)) % 11 % 10
    return is_day(int(text[1:3]), int(text[3:5]), int(text[5:7])) and left == d[10]


def _latvian(text: str) -> bool:
    d = digits_of(text)
    if text.startswith("32"):
        return True
    left = (1101 - weighted(d, (1, 6, 3, 7, 9, 10, 5, 8, 4, 2))) % 11
    return is_day(int(text[4:6]), int(text[2:4]), int(text[:2])) and left == d[10]


def _polish(text: str) -> bool:
    d = digits_of(text)
    month = int(text[2:4]) % 20
    return is_day(int(text[:2]), month, int(text[4:6])) and weighted(d, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0


def _czech(text: str) -> bool:
    month = int(text[2:4])
    month = month - 50 if month > 50 else month
    month = month - 20 if month > 20 else month
    if not is_day(int(text[:2]), month, int(text[4:6])):
        return False
    return len(text) == 9 or int(text) % 11 == 0 or (int(text[:9]) % 11 == 10 and text[9] == "0")


def _hungarian(text: str) -> bool:
    d = digits_of(text)
    return weighted(d, (3, 7, 3, 7, 3, 7, 3, 7)) % 10 == d[8]


def _romanian(text: str) -> bool:
    d = digits_of(text)
    left = weighted(d, (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) % 11
    return d[0] != 0 and is_day(int(text[1:3]), int(text[3:5]), int(text[5:7])) and (1 if left == 10 else left) == d[12]


def _bulgarian(text: str) -> bool:
    d = digits_of(text)
    month = int(text[2:4]) % 20
    left = weighted(d, (2, 4, 8, 5, 10, 9, 7, 3, 6)) % 11 % 10
    return is_day(int(text[:2]), month, int(text[4:6])) and left == d[9]


def _croatian(text: str) -> bool:
    return mod_11_10(digits_of(text))


def _yugoslav(text: str) -> bool:
    d = digits_of(text)
    left = 11 - weighted(d, (7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    year = int(text[4:7])
    full = year + (1000 if year >= 800 else 2000)
    return is_day(full, int(text[2:4]), int(text[:2])) and (0 if left > 9 else left) == d[12]


def _greek(text: str) -> bool:
    return is_day(int(text[4:6]), int(text[2:4]), int(text[:2])) and is_luhn(digits_of(text))


def _turkish(text: str) -> bool:
    d = digits_of(text)
    tenth = (sum(d[0:9:2]) * 7 - sum(d[1:8:2])) % 10
    return d[0] != 0 and tenth == d[9] and sum(d[:10]) % 10 == d[10]


def _russian_insurance(text: str) -> bool:
    return weighted(digits_of(text), range(9, 0, -1)) % 101 % 100 == int(text[9:])


def _russian_tax(text: str) -> bool:
    d = digits_of(text)
    tenth = weighted(d[:10], (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)) % 11 % 10
    return tenth == d[10] and weighted(d[:11], (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)) % 11 % 10 == d[11]


def _ukrainian(text: str) -> bool:
    d = digits_of(text)
    return weighted(d, (-1, 5, 7, 9, 4, 6, 10, 5, 7)) % 11 % 10 == d[9]


def _kazakh(text: str) -> bool:
    d = digits_of(text)
    left = weighted(d, range(1, 12)) % 11
    if left == 10:
        left = weighted(d, (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)) % 11
    return is_day(int(text[:2]), int(text[2:4]), int(text[4:6])) and left == d[11]


CHECKS: Final[dict[str, Callable[[str], bool]]] = {
    "at-svnr": _austrian,
    "baltic": _baltic,
    "be-nn": _belgian,
    "bg-egn": _bulgarian,
    "ch-ahv": _swiss,
    "cz-rc": _czech,
    "de-idnr": _german_tax,
    "de-kvnr": _german_health,
    "dk-cpr": _danish,
    "es-dni": _spanish_citizen,
    "es-nie": _spanish_foreigner,
    "fi-hetu": _finnish,
    "fr-nir": _french,
    "gb-nhs": _british_health,
    "gb-nino": _british_insurance,
    "gr-amka": _greek,
    "hr-oib": _croatian,
    "hu-taj": _hungarian,
    "ie-pps": _irish,
    "it-cf": _italian,
    "jmbg": _yugoslav,
    "kz-iin": _kazakh,
    "lv-pk": _latvian,
    "nl-bsn": _dutch,
    "no-fnr": _norwegian,
    "pl-pesel": _polish,
    "pt-nif": _portuguese,
    "ro-cnp": _romanian,
    "ru-inn": _russian_tax,
    "ru-snils": _russian_insurance,
    "se-pnr": _swedish,
    "tr-tc": _turkish,
    "ua-rnokpp": _ukrainian,
}
