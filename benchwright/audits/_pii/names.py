"""Names of persons where letters begin and end, and where people give their own.

A name elsewhere in a text is left alone: there a capital is as often that of a disease, a sign or a scale.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

import regex

from benchwright.audits._pii.model import Hit
from benchwright.audits._pii.words import alternation, beside, listed, pieces

__all__ = ["RULES", "find_names", "gate_patterns", "is_given", "is_never", "name_tokens"]

_FILE: Final = "names.toml"
_CAPITAL: Final = r"\p{Lu}(?:[\p{L}\p{M}]|['’\-](?=\p{L})){1,24}"
_INITIAL: Final = r"\p{Lu}\."
_LOW: Final = r"\p{Ll}[\p{Ll}\p{M}]{2,14}"
_END: Final = r"[ ]{0,3}[.!~*]{0,3}[ ]{0,3}(?=\n|$)"
_ALPHABETS: Final = r"[\p{Arabic}\p{Hebrew}\p{Devanagari}\p{Thai}\p{Bengali}\p{M}\u200c]"
_TOKEN: Final = regex.compile(rf"{_CAPITAL}|{_INITIAL}|{_LOW}|{_ALPHABETS}{{2,25}}|\p{{Lu}}")
_PARTICLES: Final = frozenset(
    [
        "de",
        "del",
        "la",
        "los",
        "las",
        "da",
        "das",
        "do",
        "dos",
        "di",
        "van",
        "den",
        "der",
        "von",
        "zu",
        "ten",
        "ter",
        "le",
        "du",
        "des",
        "bin",
        "ibn",
        "al",
        "el",
        "y",
        "e",
        "i",
        "af",
        "av",
        "st",
    ]
)
_MANY: Final = 3
RULES: Final = (
    "greeting",
    "title-first",
    "closing",
    "last-line",
    "intro",
    "intro-foreign",
    "greeting-foreign",
    "hello-foreign",
    "closing-foreign",
)


@lru_cache(maxsize=1)
def _stop() -> Any:
    return regex.compile(rf"(?i:(?:{'|'.join(pieces(_FILE, 'stop'))}))")


@lru_cache(maxsize=1)
def _loose() -> Any:
    return regex.compile(rf"(?i:(?:{'|'.join(pieces(_FILE, 'loose'))}))")


def _stops(token: str, *, last: bool) -> bool:
    """Tell whether a word is no name; a small word between names, and a capital that is a given name, do not stop."""
    small = token.casefold() in _PARTICLES and not last
    given = token[0].isupper() and not token.isupper() and is_given(token)
    return not small and not given and bool(_stop().fullmatch(token))


def is_given(token: str) -> bool:
    """Tell whether a word is a common given name."""
    return token.casefold().strip(".") in listed("given_names.txt")


def is_never(token: str) -> bool:
    """Tell whether a word is an eponym, a medicine or another capital of the ward."""
    return token.casefold().removesuffix("'s").removesuffix("’s") in listed("never_names.txt")


def name_tokens(text: str) -> list[tuple[int, int, str]]:
    """Return the words of a name with their places."""
    return [(match.start(), match.end(), match.group()) for match in _TOKEN.finditer(text)]


@lru_cache(maxsize=len(RULES))
def _pattern(rule: str) -> Any:
    return regex.compile(_written(_LOW)[rule])


@lru_cache(maxsize=1)
def gate_patterns() -> dict[str, str]:
    """Return what must occur in a text for each rule: a name in small letters is one of the common ones."""
    given = "|".join(
        name.replace("σ", "[σς]").replace("ss", "(?:ss|ß)")
        for name in sorted(listed("given_names.txt"))
        if name.isalpha()
    )
    patterns = dict(_written(rf"(?i:{given})"))
    for rule in ("greeting", "intro"):
        # Nothing that is needed follows, so the name can be asked for as a whole word.
        patterns[rule] = (
            patterns[rule].replace("(?P<l>", "(?P<l>").replace(f"(?: {_LOW})?)", r"(?: |[^\p{Ll}\p{M}]|$))")
        )
    return patterns


@lru_cache(maxsize=2)
def _written(low: str) -> dict[str, str]:
    title = rf"(?P<h>(?:{alternation(_FILE, 'honorific')}[ .,]{{0,2}}){{0,3}})"
    particle = rf"(?:(?:{'|'.join(pieces(_FILE, 'particle'))})[ ]|d['’]|[Oo]['’]|al-)"
    name = rf"(?P<n>(?:{particle}){{0,2}}(?:(?<![\p{{L}}]){_CAPITAL}|(?<=['’\-]){_CAPITAL}|{_INITIAL})(?:[ ]{{0,2}}(?:{particle}){{0,2}}(?:(?<=[ .]){_CAPITAL}|(?<=[ .]){_INITIAL}|(?<=['’\-]){_CAPITAL})){{0,3}})"
    either = rf"(?:{name}|(?P<l>{low}(?: {_LOW})?))"
    degree = rf"(?P<c>[ ,]{{1,3}}(?i:{beside(pieces(_FILE, 'credential'))})){{0,2}}"
    foreign = rf"(?P<n>{_ALPHABETS}{{2,25}})(?:[ ](?P<m>{_ALPHABETS}{{2,25}}))?"
    return {
        "greeting": (
            rf"{alternation(_FILE, 'greeting')}(?P<s>[ ,!.:\n]{{1,4}}){title}{either}(?P<f>[ ]{{0,2}}(?:[,!.:;\n\-]|$)|[ ]|)"
        ),
        "title-first": (rf"(?:^|\n)[ ]{{0,3}}(?P<s>){title}{name}(?P<f>[ ]{{0,2}}[,!:\n])"),
        "closing": (
            rf"{alternation(_FILE, 'closing')}(?P<s>[ ,.!:;\-~*]{{0,5}}\s{{0,4}}[\-~*]{{0,2}}[ ]?){title}{either}{degree}{_END}"
        ),
        "last-line": (rf"\n[ ]{{0,4}}(?P<s>[\-~*]{{0,3}}[ ]?){title}{name}{degree}[ ]{{0,3}}[.!]?\s{{0,5}}$"),
        "intro": (rf"(?P<w>{alternation(_FILE, 'intro')})(?P<s>[ ]{{0,2}}[:,]?[ ]{{0,2}}){title}{either}"),
        "intro-foreign": (rf"(?P<w>{alternation(_FILE, 'intro')})(?P<s>[ ]{{0,2}}[:,]?[ ]{{0,2}})(?P<h>){foreign}"),
        "greeting-foreign": (
            rf"(?P<s>)(?P<h>(?:{alternation(_FILE, 'honorific')}[ ]{{0,2}}){{1,3}}){foreign}(?=[ ]?[،,:!.\n।]|[ ]?$|[ ]{alternation(_FILE, 'hello')})"
        ),
        "hello-foreign": (rf"{alternation(_FILE, 'hello')}(?P<s>[ ،,]{{1,3}})(?P<h>){foreign}(?=[ ]?[،,:!.\n।]|[ ]?$)"),
        "closing-foreign": (
            rf"{alternation(_FILE, 'closing')}(?P<s>[ ،,.!:।\-]{{0,5}}\s{{0,3}})(?P<h>(?:{alternation(_FILE, 'honorific')}[ ]?)?){foreign}[ ]?[.!।]?[ ]{{0,3}}(?=\n|$)"
        ),
    }


def find_names(text: str, rule: str) -> Iterator[Hit]:
    """Yield names of alphabets by one of :data:`RULES`; those of China, Japan and Korea are found elsewhere."""
    for match in _pattern(rule).finditer(text):
        span = _foreign(rule, match) if rule.endswith("foreign") else _judge(rule, match)
        if span is not None:
            yield Hit(*span, "NAME", rule, 40)


def _judge(rule: str, match: Any) -> tuple[int, int] | None:
    groups = match.groupdict()
    group = "n" if groups.get("n") else "l"
    base, written = match.start(group), match[group]
    tokens = (
        name_tokens(written)
        if group == "n"
        else [(found.start(), found.end(), found.group()) for found in regex.finditer(r"\S+", written)]
    )
    kept: list[tuple[int, int, str]] = []
    for token in tokens:
        if _stops(token[2], last=token is tokens[-1]):
            break
        kept.append(token)
    while kept and kept[-1][2].casefold() in _PARTICLES:
        kept.pop()
    if not kept or (len(kept) == 1 and len(kept[0][2].strip(".")) < 2):
        return None
    whole = len(kept) == len(tokens)
    titled = bool(groups.get("h"))
    given = is_given(kept[0][2]) or (len(kept) > 1 and is_given(kept[-1][2]))
    if group == "l":
        kept = kept if given and len(kept) > 1 and is_given(kept[0][2]) and rule != "greeting" else kept[:1]
        fits = is_given(kept[0][2]) and _low_fits(rule, match)
    else:
        fits = _fits(rule, match, kept, whole=whole, titled=titled, given=given)
    return (base + (0 if kept[0] is tokens[0] else kept[0][0]), base + kept[-1][1]) if fits else None


def _low_fits(rule: str, match: Any) -> bool:
    """Names in small letters: a common given name, and the sentence ends there."""
    if rule == "greeting":
        return match["f"].strip() != "" or match["f"] == "\n" or match.end() == len(match.string) or bool(match["h"])
    return rule == "closing" or (rule == "intro" and not _loose().fullmatch(match["w"]))


def _fits(rule: str, match: Any, kept: list[tuple[int, int, str]], *, whole: bool, titled: bool, given: bool) -> bool:
    eponym = len(kept) == 1 and is_never(kept[0][2]) and not given
    colon = ":" in (match["s"] or "")
    shout = all(token.isupper() and len(token) > 1 for _, _, token in kept)
    if rule == "greeting":
        ends = whole and (match["f"].strip(" ") != "" or match.end() == len(match.string))
        parted = any(sign in match["s"] for sign in "!.:\n")
        if titled:
            return not (eponym and not ends)
        if eponym and not (len(kept) > 1 and given):
            return False
        return (given and (ends or not parted or len(kept) > 1)) or (
            ends and not parted and not shout and len(kept) <= _MANY
        )
    if rule == "title-first":
        long = any(len(token.strip(".")) > 1 for _, _, token in kept)
        return titled and len(match["h"].strip()) > len("P.") and long and not eponym
    if not whole:
        return False
    if rule == "closing":
        return titled or given or (not eponym and not (shout and len(kept) == 1))
    if rule == "last-line":
        return (
            titled
            or bool(match["c"])
            or (given and not (eponym and len(kept) == 1))
            or ("-" in match["s"] and not eponym)
        )
    if _loose().fullmatch(match["w"]):
        return (colon and not eponym and (given or titled or len(kept) > 1)) or (is_given(kept[0][2]) and len(kept) > 1)
    return given or not eponym


def _foreign(rule: str, match: Any) -> tuple[int, int] | None:
    first, second = match["n"], match["m"]
    if _stop().fullmatch(first) or (rule != "intro-foreign" and _is_word(first)):
        return None
    start, end = match.span("n")
    if rule == "intro-foreign" and _loose().fullmatch(match["w"]) and ":" not in match["s"]:
        return None
    if rule == "hello-foreign" and second and not is_given(first):
        return None
    if second and not _stop().fullmatch(second) and not _is_word(second) and _ends(rule, match, second):
        end = match.end("m")
    return start, end


def _ends(rule: str, match: Any, second: str) -> bool:
    """Tell whether a second word belongs to the name: it is a common one, or the sentence ends there."""
    after = match.string[match.end("m") : match.end("m") + 2].strip(" ")
    return rule != "intro-foreign" or is_given(second) or not after or after[0] in "،,:.!\n।"


@lru_cache(maxsize=1)
def _words() -> Any:
    return regex.compile(
        rf"(?i:{'|'.join((*pieces(_FILE, 'honorific'), *pieces(_FILE, 'closing'), *pieces(_FILE, 'hello'), *pieces(_FILE, 'intro')))})"
    )


def _is_word(token: str) -> bool:
    return bool(_words().fullmatch(token))
