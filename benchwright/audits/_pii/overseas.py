"""Check digits of the personal numbers of Asia, Africa, the Americas and Oceania, of cards and of accounts.

Each function takes the number as it was written, without separators and in capitals, in the length that its shape
allows, and tells whether it can be one. Sources: the published rule of each register, written down by the project.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from benchwright.audits._pii.arithmetic import digits_of, is_day, is_luhn, is_verhoeff, mod_97_10, weighted

__all__ = ["CHECKS"]

_TAIWAN: Final = "ABCDEFGHJKLMNPQRSTUVXYWZIO"
_CHINA: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SINGAPORE: Final = {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "F": "XWUTRQPNMLK", "G": "XWUTRQPNMLK"}
_MEXICO: Final = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"
_ACCOUNT_LENGTHS: Final[dict[str, str]] = {
    part[:2]: part[3:]
    for part in [
        "AD:24",
        "AE:23",
        "AL:28",
        "AT:20",
        "AZ:28",
        "BA:20",
        "BE:16",
        "BG:22",
        "BH:22",
        "BR:29",
        "BY:28",
        "CH:21",
        "CR:22",
        "CY:28",
        "CZ:24",
        "DE:22",
        "DK:18",
        "DO:28",
        "EE:20",
        "EG:29",
        "ES:24",
        "FI:18",
        "FO:18",
        "FR:27",
        "GB:22",
        "GE:22",
        "GI:23",
        "GL:18",
        "GR:27",
        "GT:28",
        "HR:21",
        "HU:28",
        "IE:22",
        "IL:23",
        "IQ:23",
        "IS:26",
        "IT:27",
        "JO:30",
        "KW:30",
        "KZ:20",
        "LB:28",
        "LC:32",
        "LI:21",
        "LT:20",
        "LU:20",
        "LV:21",
        "MC:27",
        "MD:24",
        "ME:22",
        "MK:19",
        "MR:27",
        "MT:31",
        "MU:30",
        "NL:18",
        "NO:15",
        "PK:24",
        "PL:28",
        "PS:29",
        "PT:25",
        "QA:29",
        "RO:24",
        "RS:22",
        "SA:24",
        "SE:24",
        "SI:19",
        "SK:24",
        "SM:27",
        "TN:24",
        "TR:26",
        "UA:29",
        "VA:22",
        "XK:20",
    ]
}


def _aadhaar(text: str) -> bool:
    return text[0] not in "01" and is_verhoeff(digits_of(text))


def _chinese(text: str) -> bool:
    total = weighted(digits_of(text[:17]), _CHINA) % 11
    return is_day(int(text[6:10]), int(text[10:12]), int(text[12:14])) and "10X98765432"[total] == text[17]


def _taiwanese(text: str) -> bool:
    letter = _TAIWAN.index(text[0]) + 10
    return weighted([letter // 10, letter % 10, *digits_of(text[1:])], (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)) % 10 == 0


def _hong_kong(text: str) -> bool:
    letters = [36, *[ord(sign) - 55 for sign in text[:-7]]][-2:]
    values = [*letters, *digits_of(text[-7:-1]), 10 if text[-1] == "A" else ord(text[-1]) - 48]
    return weighted(values, range(9, 0, -1)) % 11 == 0


def _korean(text: str) -> bool:
    # Numbers given out since October 2020 end at random: the date and the digit of the century are what is sure.
    return is_day(int(text[:2]), int(text[2:4]), int(text[4:6])) and text[6] in "12345678"


def _japanese(text: str) -> bool:
    d = digits_of(text)
    left = weighted(d, (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return d[11] == (0 if left < 2 else 11 - left)


def _singaporean(text: str) -> bool:
    if text[0] == "M":
        return True
    total = weighted(digits_of(text), (2, 7, 6, 5, 4, 3, 2)) + (4 if text[0] in "TG" else 0)
    return _SINGAPORE[text[0]][total % 11] == text[8]


def _thai(text: str) -> bool:
    d = digits_of(text)
    return (11 - weighted(d[:12], range(13, 1, -1)) % 11) % 10 == d[12]


def _malaysian(text: str) -> bool:
    return is_day(int(text[:2]), int(text[2:4]), int(text[4:6]))


def _indonesian(text: str) -> bool:
    return text[0] != "0" and is_day(int(text[10:12]), int(text[8:10]), int(text[6:8]) % 40)


def _israeli(text: str) -> bool:
    return any(digits_of(text)) and is_luhn(digits_of(text))


def _iranian(text: str) -> bool:
    d = digits_of(text)
    left = weighted(d, range(10, 1, -1)) % 11
    return len(set(d)) > 1 and d[9] == (left if left < 2 else 11 - left)


def _luhn(text: str) -> bool:
    return len(set(text)) > 1 and is_luhn(digits_of(text))


def _egyptian(text: str) -> bool:
    year = {"2": 1900, "3": 2000}[text[0]] + int(text[1:3])
    return is_day(year, int(text[3:5]), int(text[5:7])) and 1 <= int(text[7:9]) <= 88


def _south_african(text: str) -> bool:
    return is_day(int(text[:2]), int(text[2:4]), int(text[4:6])) and text[10] in "012" and is_luhn(digits_of(text))


def _american(text: str) -> bool:
    return text[:3] not in ("000", "666") and text[0] != "9" and text[3:5] != "00" and text[5:] != "0000"


def _brazilian(text: str) -> bool:
    d = digits_of(text)
    first = weighted(d, range(10, 1, -1)) * 10 % 11 % 10
    second = weighted(d[:10], range(11, 1, -1)) * 10 % 11 % 10
    return len(set(d)) > 1 and [first, second] == d[9:]


def _brazilian_firm(text: str) -> bool:
    d = digits_of(text)
    first = weighted(d[:12], (5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)) % 11
    second = weighted(d[:13], (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)) % 11
    return len(set(d)) > 1 and [0 if left < 2 else 11 - left for left in (first, second)] == d[12:]


def _argentine(text: str) -> bool:
    d = digits_of(text)
    left = min(9, (11 - weighted(d, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11) % 11)
    return text[:2] in ("20", "23", "24", "27", "30", "33", "34") and left == d[10]


def _chilean(text: str) -> bool:
    total = sum(int(sign) * (2 + n % 6) for n, sign in enumerate(reversed(text[:-1])))
    return "0K987654321"[total % 11] == text[-1]


def _mexican(text: str) -> bool:
    total = sum(_MEXICO.index(sign) * (18 - n) for n, sign in enumerate(text[:17]))
    return is_day(int(text[4:6]), int(text[6:8]), int(text[8:10])) and str(-total % 10) == text[17]


def _mexican_tax(text: str) -> bool:
    digits = "".join(sign for sign in text[3:] if sign.isdigit())
    return is_day(int(digits[:2]), int(digits[2:4]), int(digits[4:6]))


def _colombian(text: str) -> bool:
    total = sum(int(s) * w for s, w in zip(reversed(text[:-1]), (3, 7, 13, 17, 19, 23, 29, 37, 41, 43), strict=False))
    return "01987654321"[total % 11] == text[-1]


def _ecuadorian(text: str) -> bool:
    return (1 <= int(text[:2]) <= 24 or text[:2] == "30") and text[2] in "012345" and is_luhn(digits_of(text))


def _uruguayan(text: str) -> bool:
    return weighted(digits_of(text.rjust(8, "0")), (2, 9, 8, 7, 6, 3, 4, 1)) % 10 == 0


def _australian_health(text: str) -> bool:
    d = digits_of(text)
    return d[0] in range(2, 7) and weighted(d, (1, 3, 7, 9, 1, 3, 7, 9)) % 10 == d[8]


def _australian_tax(text: str) -> bool:
    return weighted(digits_of(text), (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0


def _card(text: str) -> bool:
    return text[0] in "23456" and len(set(text)) > 1 and is_luhn(digits_of(text))


def _account(text: str) -> bool:
    return _ACCOUNT_LENGTHS.get(text[:2]) == str(len(text)) and mod_97_10(text[4:] + text[:4])


CHECKS: Final[dict[str, Callable[[str], bool]]] = {
    "ar-cuit": _argentine,
    "au-medicare": _australian_health,
    "au-tfn": _australian_tax,
    "br-cnpj": _brazilian_firm,
    "br-cpf": _brazilian,
    "card": _card,
    "cl-rut": _chilean,
    "cn-ric": _chinese,
    "co-nit": _colombian,
    "ec-ci": _ecuadorian,
    "eg-nid": _egyptian,
    "hk-id": _hong_kong,
    "iban": _account,
    "id-nik": _indonesian,
    "il-id": _israeli,
    "in-aadhaar": _aadhaar,
    "ir-melli": _iranian,
    "jp-mn": _japanese,
    "kr-rrn": _korean,
    "luhn": _luhn,
    "mx-curp": _mexican,
    "mx-rfc": _mexican_tax,
    "my-nric": _malaysian,
    "sg-nric": _singaporean,
    "th-id": _thai,
    "tw-id": _taiwanese,
    "us-ssn": _american,
    "uy-ci": _uruguayan,
    "za-id": _south_african,
}
