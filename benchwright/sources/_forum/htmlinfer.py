"""Posts and their parts told by what repeats on pages, as the layout of a paper is."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from benchwright.sources._forum.profile import HtmlProfile
from benchwright.sources._forum.select import select
from benchwright.sources._forum.texts import iso_date
from benchwright.sources._forum.words import ROLES, alternatives, role_words, words_of

__all__ = ["inferred_html"]

_SKIPPED: Final = frozenset({"script", "style", "nav", "head", "noscript", "option", "select"})
_AGO: Final = re.compile(r"(?i)\b(?:ago|yesterday|today|hace|il y a|vor|há|fa|temu|назад)\b|前")
_WHOLE: Final = re.compile(r"[+\-−]?\d{1,3}(?:[.,]\d{3})*(?:\s+\w+)?|[+\-−]?\d{1,7}(?:\s+\w+)?")
_CLASS: Final = re.compile(r"-?[_a-zA-Z][\w-]*")
_ROLE: Final = re.compile(f"(?i){alternatives(word.casefold() for role in ROLES for word in role_words(role))}")
_NUMBERED: Final = re.compile(r"\d{2,}")
_MICRODATA: Final = '[itemtype*="schema.org/Question"]'

Signature = tuple[str, tuple[str, ...]]


def inferred_html(roots: Sequence[Any]) -> tuple[HtmlProfile | None, list[str], list[str]]:
    """Return the profile of some pages of one site, why, and what is not certain."""
    if roots and all(select(root, _MICRODATA) for root in roots):
        return _microdata(), ["the pages mark questions and answers by microdata of schema.org"], []
    groups: dict[Signature, list[list[Any]]] = defaultdict(list)
    for root in roots:
        here: dict[Signature, list[Any]] = defaultdict(list)
        for element in root.iter():
            signature = _signature(element)
            if signature is not None:
                here[signature].append(element)
        for signature, elements in here.items():
            groups[signature].append(_outer(elements))
    scored = sorted(
        ((score, signature) for signature, pages in groups.items() if (score := _score(pages, len(roots))) > 0),
        key=lambda one: (-one[0], one[1]),
    )
    if not scored:
        return None, [], ["no class repeats with a text and an author or a date"]
    score, best = scored[0]
    posts = [one for page in groups[best] for one in page]
    reasons = [
        f"{_css(best)} repeats {len(posts)} times on {len(groups[best])} of {len(roots)} pages, score {score:.2f}"
    ]
    doubts = [f"{_css(other)} would be posts nearly as well, score {second:.2f}" for second, other in scored[1:2]
              if second > 0.8 * score and not _nested(groups[best], groups[other])]  # fmt: skip
    question = _question(groups, best, roots)
    selector = _css(best)
    told: dict[str, Any] = {}
    if question is not None:
        told["question"] = _css(question)
        selector = f"{_css(question)}, {selector}"
        posts += [one for page in groups[question] for one in page]
        reasons.append(f"{_css(question)} stands once before them and has the same parts: the question")
    told |= _parts(posts, reasons)
    told |= _page(roots, reasons)
    if "text" not in told:
        doubts.append("no part of the posts is their text alone: all of a post but its other parts is taken")
    return HtmlProfile(post=selector, **told), reasons, doubts


def _microdata() -> HtmlProfile:
    return HtmlProfile(
        post='[itemtype*="schema.org/Question"], [itemtype*="schema.org/Answer"]',
        question=_MICRODATA,
        title=f'{_MICRODATA} [itemprop="name"]',
        text='[itemprop="text"]',
        author='[itemprop="author"]',
        date='[itemprop="dateCreated"]@datetime',
        votes='[itemprop="upvoteCount"]',
        accepted='[itemprop="acceptedAnswer"]',
    )


def _signature(element: Any) -> Signature | None:
    if not isinstance(element.tag, str) or element.tag in _SKIPPED:
        return None
    names = tuple(sorted(name for name in (element.get("class") or "").split() if _is_stable(name)))
    return (element.tag, names) if names else None


def _is_stable(name: str) -> bool:
    """Tell whether a class names a kind: ``post-12345`` names one element."""
    return _CLASS.fullmatch(name) is not None and _NUMBERED.search(name) is None


def _css(signature: Signature) -> str:
    return signature[0] + "".join(f".{name}" for name in signature[1])


def _outer(elements: list[Any]) -> list[Any]:
    kept: set[Any] = set()
    for one in elements:
        if not any(above in kept for above in one.iterancestors()):
            kept.add(one)
    return [one for one in elements if one in kept]


def _said(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _score(pages: list[list[Any]], of: int) -> float:
    """Return how well a class fits posts, 0 to 1: it repeats, holds most of the text, and says who and when."""
    elements = [one for page in pages for one in page]
    if len(elements) < 2 or len(elements) < 1.2 * len(pages) or len(pages) * 2 < of:
        return 0.0
    lengths = [len(_said(one)) for one in elements]
    if sum(lengths) < 15 * len(lengths):
        return 0.0
    sample = elements[:60]
    told = sum(_has(one, "date", _is_date) + _has(one, "name", _is_name) for one in sample) / (2 * len(sample))
    if told < 0.5:
        return 0.0
    whole = sum(len(_said(page[0].getroottree().getroot().find("body"))) for page in pages if page) or 1
    alone = sum(_count(one, "date", _is_date) <= 2 for one in sample) / len(sample)
    return min(1.0, sum(lengths) / whole) * told * alone


def _classes(element: Any) -> str:
    return " ".join(element.get(name) or "" for name in ("class", "itemprop", "id", "rel")).casefold()


def _candidates(post: Any, meaning: str) -> Iterator[Any]:
    words = words_of("classes", meaning)
    for one in post.iterdescendants():
        if not isinstance(one.tag, str):
            continue
        if (meaning == "date" and one.tag == "time") or any(word in _classes(one) for word in words):
            yield one


def _has(post: Any, meaning: str, good: Callable[[Any], bool]) -> bool:
    return any(good(one) for one in _candidates(post, meaning))


def _count(post: Any, meaning: str, good: Callable[[Any], bool]) -> int:
    found = [one for one in _candidates(post, meaning) if good(one)]
    return len(_outer(found))


def _is_date(element: Any) -> bool:
    told = element.get("datetime") or element.get("title") or ""
    text = _said(element)
    return bool(iso_date(told)) or (0 < len(text) < 80 and (iso_date(text) is not None or bool(_AGO.search(text))))


def _is_name(element: Any) -> bool:
    text = _said(element)
    return 1 < len(text) < 60 and iso_date(text) is None and not _WHOLE.fullmatch(text)


def _is_votes(element: Any) -> bool:
    return _WHOLE.fullmatch(_said(element)) is not None


def _is_mark(element: Any) -> bool:
    return 1 < len(_said(element)) < 60 and _ROLE.search(_said(element).casefold()) is not None


def _nested(one: list[list[Any]], other: list[list[Any]]) -> bool:
    inside = {element for page in one for element in page}
    return any(above in inside for page in other for element in page for above in element.iterancestors()) or any(
        above in {e for page in other for e in page} for element in inside for above in element.iterancestors()
    )


def _question(groups: dict[Signature, list[list[Any]]], best: Signature, roots: Sequence[Any]) -> Signature | None:
    """Return the class of what stands once on each page, is no frame around the posts, and has their parts."""
    posts = {one for page in groups[best] for one in page}
    around = {above for one in posts for above in one.iterancestors()}
    found = []
    for signature, pages in groups.items():
        elements = [one for page in pages for one in page]
        if signature == best or len(elements) != len(roots) or any(one in around or one in posts for one in elements):
            continue
        if any(above in posts for one in elements for above in one.iterancestors()):
            continue
        told = [_has(one, "date", _is_date) + _has(one, "name", _is_name) for one in elements]
        if min(told) and min(len(_said(one)) for one in elements) > 20:
            found.append((sum(len(_said(one)) for one in elements), signature))
    return max(found)[1] if found else None


def _parts(posts: Sequence[Any], reasons: list[str]) -> dict[str, str]:
    """Return a selector for each part that most posts have."""
    tests: tuple[tuple[str, str, Callable[[Any], bool], float], ...] = (
        ("author", "name", _is_name, 0.5),
        ("date", "date", _is_date, 0.5),
        ("votes", "votes", _is_votes, 0.4),
        ("role", "mark", _is_mark, 0.1),
    )
    told: dict[str, str] = {}
    for key, meaning, good, least in tests:
        counts: Counter[str] = Counter()
        for post in posts:
            counts.update({_part_css(one, meaning) for one in _candidates(post, meaning) if good(one)})
        for selector, count in sorted(counts.items(), key=lambda one: (-one[1], -len(one[0]), one[0])):
            if count >= least * len(posts) and selector not in told.values():
                told[key] = selector
                reasons.append(f"{key}: {selector} in {count} of {len(posts)} posts")
                break
    text = _text_css(posts, told)
    if text is not None:
        told["text"] = text
        reasons.append(f"text: {text}, the part with most of the words")
    return told


def _part_css(element: Any, meaning: str) -> str:
    words = words_of("classes", meaning)
    names = [name for name in (element.get("class") or "").split() if _is_stable(name)]
    chosen = next((name for word in words for name in names if word in name.casefold()), names[0] if names else None)
    prop = element.get("itemprop")
    css = f"{element.tag}.{chosen}" if chosen else f'{element.tag}[itemprop="{prop}"]' if prop else str(element.tag)
    if meaning == "date" and element.get("datetime"):
        return f"{css}@datetime"
    if meaning == "date" and iso_date(element.get("title") or ""):
        return f"{css}@title"
    return css


def _text_css(posts: Sequence[Any], told: dict[str, str]) -> str | None:
    """Return the class that holds most of the words of most posts and none of their other parts."""
    counts: Counter[str] = Counter()
    shares: dict[str, float] = defaultdict(float)
    for post in posts:
        whole = len(_said(post)) or 1
        taken = {one for selector in told.values() for one in select(post, selector)}
        seen: set[str] = set()
        for one in post.iterdescendants():
            signature = _signature(one)
            if signature is None or _part_css(one, "text") in seen or any(part in taken for part in one.iter()):
                continue
            css = _part_css(one, "text")
            seen.add(css)
            counts[css] += 1
            shares[css] += len(_said(one)) / whole
    good = [(shares[css] / len(posts), css) for css, count in counts.items() if count >= 0.9 * len(posts)]
    good = [one for one in good if one[0] >= 0.3]
    return max(good)[1] if good else None


def _page(roots: Sequence[Any], reasons: list[str]) -> dict[str, str]:
    told: dict[str, str] = {}
    if all(len(select(root, "h1")) == 1 for root in roots):
        told["title"] = "h1"
        reasons.append("title: h1, one on each page")
    for word in words_of("classes", "category")[:1]:
        selector = f'[class*="{word}"] a:last-of-type'
        if all(select(root, selector) for root in roots):
            told["category"] = selector
            reasons.append(f"category: {selector}")
    return told
