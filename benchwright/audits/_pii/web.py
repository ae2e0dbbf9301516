"""Addresses of the net: e-mail, pages of a person, names of accounts, machines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import regex

from benchwright.audits._pii.model import Hit

__all__ = ["find_addresses", "find_machines", "find_pages"]

_LOCAL: Final = r"[\p{L}\p{N}_%+\-](?:[\p{L}\p{N}\p{M}._%+\-']{0,62}[\p{L}\p{N}_%+\-])?"
_HOST: Final = r"(?:[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}\-]{0,40})\.){1,5}\p{L}{2,18}"
_EMAIL: Final = regex.compile(rf"(?<![\p{{L}}\p{{N}}._%+\-]){_LOCAL}@{_HOST}(?![\p{{L}}\p{{N}}@])")
_TOP: Final = r"(?:com|org|net|edu|info|de|es|fr|it|br|ru|uk|in|co|mx|ar|pl|nl)"
_SPELLED: Final = regex.compile(
    rf"(?<![\p{{L}}\p{{N}}._%+\-]){_LOCAL} ?"
    r"(?:[\[({] ?(?:at|arroba|ät|@) ?[\])}] ?[\p{L}\p{N}\-]{1,40}(?: ?(?:[\[({] ?(?:dot|punto|ponto|punkt|point|\.) ?[\])}]|[ ](?:dot|punto|ponto)[ ]|\.) ?[\p{L}\-]{2,20}){1,3}"
    r"|[ ](?:at|arroba)[ ][\p{L}\p{N}\-]{1,40}(?:(?:[ ]?[\[(]| )(?:dot|punto|ponto)(?:[\])][ ]?| )[\p{L}\-]{2,20}){1,3}"
    rf"|(?:[ ](?:at|arroba)|@)[ ][\p{{L}}\p{{N}}\-]{{1,40}}\.{_TOP}"
    rf"|@[\p{{L}}\p{{N}}\-]{{1,40}} ?\. ?{_TOP})(?![\p{{L}}\p{{N}}])",
    regex.IGNORECASE,
)
_PAGE: Final = regex.compile(
    r"(?:https?://|ftp://|www\.)[^\s<>\"'|\\^`{}]{3,500}|(?<![\p{L}\p{N}@./])(?:[a-z\-]{1,20}\.)?"
    r"(?:facebook|instagram|twitter|x|linkedin|tiktok|youtube|vk|ok|t|wa|telegram|pinterest|github|fb|threads|weibo|line)"
    r"\.(?:com|me|ru|net|cn)/[^\s<>\"'|\\^`{}]{2,200}",
    regex.IGNORECASE,
)
# Parts of an address that name somebody.
_PERSONAL: Final = regex.compile(
    r"//[^/@\s]{1,80}@"
    r"|(?:facebook|fb|instagram|twitter|tiktok|pinterest|github|vk|ok|threads|weibo)\.(?:com|ru|net|me|cn)/(?!(?:watch|groups|events|pages|"
    r"search|share|hashtag|explore|p|status|login|help|about|policies|settings|home|feed|sharer)(?:[/?.]|$))@?[\w.\-%]{3,60}"
    r"|(?<![\w])x\.com/\w{3,40}|linkedin\.com/(?:in|pub)/|(?<![\w])(?:t|wa)\.me/|telegram\.me/|youtube\.com/(?:@|user/|c/|channel/)"
    r"|/(?:u|users?|members?|profiles?|people|author|perfil|usuario|utilisateur|mitglied|profil)/[^/?#\s]{2,60}"
    r"|/~[\w.\-]{2,40}|[?&](?:user(?:name|id)?|email|e-?mail|login|name|phone|tel|uid|member|patient(?:_?id)?|mrn)=[^&\s]{2,80}",
    regex.IGNORECASE,
)
_ACCOUNT: Final = regex.compile(
    r"(?<![\p{L}\p{N}])(?i:instagram|insta|twitter|telegram|skype|snapchat|discord|wechat|tiktok|line id|kakao ?talk|微信号?|微信號?|line|zalo|username|user ?id|"
    r"usuario|utilisateur|benutzername|логин|телеграм+|ник|카카오톡?|카톡)(?i:[ ]?(?:id|is|es|est|ist|handle|account|name|:|：|-|=|号|是|は|아이디)){0,3}[ ]{0,2}"
    r"(?<=[ :=号是はdDeEtT아이디])(?P<name>@[A-Za-z0-9_.]{3,32}|(?<![A-Za-z])(?=[A-Za-z0-9_.\-]{0,31}[0-9_])[A-Za-z][A-Za-z0-9_.\-]{3,31})(?![A-Za-z0-9@])"
)
_FOUR: Final = regex.compile(
    r"(?<![0-9A-Za-z.\-])(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(?![0-9A-Za-z]|\.[0-9])"
)
_SIX: Final = regex.compile(
    r"(?<![0-9A-Za-z:.])(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}(?![0-9A-Za-z:])|(?<![0-9A-Za-z:.])(?:[0-9A-Fa-f]{1,4}:){2,6}:(?:[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4}){0,4})?(?![0-9A-Za-z:])|(?<![0-9A-Za-z:.])[0-9A-Fa-f]{4}::(?:[0-9A-Fa-f]{1,4}:){0,4}[0-9A-Fa-f]{1,4}(?![0-9A-Za-z:])"
)
_SURE: Final = 8
_IP_WORD: Final = regex.compile(
    r"(?<![\p{L}\p{N}])(?:ip|ipv4|address|host|server|dirección|adresse|адрес)(?![\p{L}])", regex.IGNORECASE
)
_ENZYME: Final = regex.compile(r"(?:\bEC|enzyme|version|v\.?|section|chapter|tc) ?[:#(]?$", regex.IGNORECASE)


def _spans(pattern: Any, text: str) -> Iterator[tuple[int, int]]:
    for match in pattern.finditer(text):
        yield match.span()


def find_addresses(folded: str) -> Iterator[Hit]:
    """Yield e-mail addresses, those spelled out with `at` and `dot` included."""
    for start, end in _spans(_EMAIL, folded):
        yield Hit(start, end, "EMAIL", "email", 100)
    for start, end in _spans(_SPELLED, folded):
        yield Hit(start, end, "EMAIL", "email-spelled", 99)


def find_pages(folded: str) -> Iterator[Hit]:
    """Yield addresses of pages that name somebody, and names of accounts."""
    for start, end in _spans(_PAGE, folded):
        whole = folded[start:end].rstrip(".,;:!?)]}»”’…。，、")
        if whole and _PERSONAL.search(whole):
            yield Hit(start, start + len(whole), "URL", "url-user", 95)
    for match in _ACCOUNT.finditer(folded):
        start, end = match.span("name")
        end = start + len(match["name"].rstrip("."))
        yield Hit(start, end, "USER", "account", 50)


def find_machines(folded: str) -> Iterator[Hit]:
    """Yield addresses of machines; numbers of enzymes and sections, which look alike, are short."""
    for start, end in _spans(_FOUR, folded):
        digits = end - start - 3
        sure = digits >= _SURE or _IP_WORD.search(folded, max(0, start - 20), start)
        if sure and not _ENZYME.search(folded, max(0, start - 12), start):
            yield Hit(start, end, "IP", "ip4", 82)
    for start, end in _spans(_SIX, folded):
        if sum(sign.isalnum() for sign in folded[start:end]) >= 4:
            yield Hit(start, end, "IP", "ip6", 82)
