"""Two tables of items that are versions or languages of one benchmark -> links between their groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import polars as pl

from benchwright.builder._linkcontent import likenesses, plain_texts
from benchwright.builder._linkorder import Alignment, aligned
from benchwright.builder.store import write_table
from benchwright.builder.tables import items_table
from benchwright.schemas.ids import split_group
from benchwright.schemas.rows import to_frame
from benchwright.schemas.tables import Link

__all__ = ["DOUBTS", "LinkRun", "Way", "link_files", "link_items"]

Way = Literal["auto", "id", "order", "content"]
DOUBTS: Final = pl.Schema(dict.fromkeys(("left", "right", "kind", "evidence", "reason"), pl.String()))
_PROOF: Final = 1e-6
"""The greatest chance at which an ordered subsequence of keys counts as proof."""
_LARGEST: Final = 25_000_000
"""Pairs of places that are aligned at once."""
_MARGIN: Final = 0.05
_LIKE: Final = 0.35
_AHEAD: Final = 0.1
_NEAR: Final = 0.9
_AGREE: Final = 0.6


@dataclass(frozen=True)
class LinkRun:
    """Links that hold; and apart from them what is doubtful, with the reason, and what has no partner."""

    links: pl.DataFrame
    doubtful: pl.DataFrame
    notes: list[str]

    @property
    def kinds(self) -> dict[str, int]:
        """How many links are of each kind."""
        return dict(sorted(Counter(self.links["kind"]).items()))


def link_files(left: Path, right: Path, out: Path, by: Way = "auto") -> LinkRun:
    """Link two tables and write the links; the doubtful ones and those without a partner go beside them.

    Raises:
        NotFoundError: a table does not exist.
        OutputError: the links cannot be written.
    """
    run = link_items(items_table(left), items_table(right), by)
    write_table(out, run.links)
    write_table(out.with_name(f"{out.stem}.doubtful.parquet"), run.doubtful)
    return run


def link_items(left: pl.DataFrame, right: pl.DataFrame, by: Way = "auto") -> LinkRun:
    """Return the links between the groups of two tables. No id is changed.

    What can be linked by id is; of the rest, blocks (the same config) whose keys stand in one order are linked by
    order; what is then left is linked by content. An item has at most one partner.
    """
    work = _Work(_columns(left), _columns(right))
    if by in {"auto", "id"}:
        work.by_id()
    if by in {"auto", "order"}:
        work.by_order()
    if by in {"auto", "content"}:
        work.by_content()
    return work.done()


def _columns(items: pl.DataFrame) -> pl.DataFrame:
    """Return the items in the order of their file with what links need; of several versions of a group the first."""
    first = pl.col("provenance").list.first().struct
    parts = [split_group(group) for group in items["group"]]
    key = pl.col("key").struct
    ids = pl.col("options").list.eval(pl.element().struct.field("id"))
    made = items.select(
        "id", "group", "language", "context", "stem", "options",
        file=first.field("file"), row=first.field("row"),
        answers=key.field("answers"), ids=ids, count=pl.col("options").list.len(),
        config=pl.Series([one[1] if len(one) > 1 else "" for one in parts], dtype=pl.String),
        part=pl.Series([one[2] if len(one) > 3 else "" for one in parts], dtype=pl.String),
        number=pl.Series([one[-1] for one in parts], dtype=pl.String),
    )  # fmt: skip
    made = made.sort("file", "row", "group", "id", nulls_last=True).unique("group", keep="first", maintain_order=True)
    return made.with_columns(sign=pl.Series([_sign(row) for row in made.select("answers", "ids").iter_rows()]))


def _sign(row: tuple[Any, Any]) -> str | None:
    """Return the key by places, so that it can be compared; null where it is not known or names no option."""
    answers, ids = row
    if not answers or not {one for answer in answers for one in answer} <= set(ids):
        return None
    return ";".join(sorted("+".join(f"{ids.index(one):02d}" for one in sorted(answer)) for answer in answers))


class _Work:
    """What is linked so far."""

    def __init__(self, left: pl.DataFrame, right: pl.DataFrame) -> None:
        self.left, self.right = left, right
        self.links: list[Link] = []
        self.doubts: list[dict[str, str | None]] = []
        self.notes: list[str] = []
        self.used: tuple[set[str], set[str]] = (set(), set())

    def link(self, a: dict[str, Any], b: dict[str, Any], kind: str, evidence: str) -> None:
        self.links.append(Link(left=a["group"], right=b["group"], kind=kind, evidence=evidence))
        self.used[0].add(a["group"])
        self.used[1].add(b["group"])

    def doubt(self, a: dict[str, Any], b: dict[str, Any], kind: str, evidence: str, reason: str) -> None:
        self.doubts.append(
            {"left": a["group"], "right": b["group"], "kind": kind, "evidence": evidence, "reason": reason}
        )

    def rest(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return the items that have no partner."""
        return (
            self.left.filter(~pl.col("group").is_in(list(self.used[0]))),
            self.right.filter(~pl.col("group").is_in(list(self.used[1]))),
        )

    def by_id(self) -> None:
        """Link by the id that the benchmark itself gives; a number of a record is no such id."""
        left, right = (_with_own_ids(one) for one in (self.left, self.right))
        on = [["config", "part", "number"], ["number"]]
        for columns in on:
            single = [one.filter(pl.len().over(columns) == 1) for one in (left, right)]
            pairs = single[0].join(
                single[1], on=columns, how="inner", suffix="_b", coalesce=False, maintain_order="left"
            )
            if pairs.height:
                break
        else:
            self.notes.append("by id: no id is in both tables")
            return
        rows = [_sides(row) for row in pairs.iter_rows(named=True)]
        known = [(x, y) for x, y in rows if x["sign"] and y["sign"] and x["count"] == y["count"]]
        equal = sum(x["sign"] == y["sign"] for x, y in known)
        agree = equal / len(known) if known else 1.0
        said = f"{len(rows)} ids are in both tables; {equal} of {len(known)} keys that can be compared are equal"
        self.notes.append(f"by id: {said}")
        for one, other in rows:
            evidence = f"the id {one['number']} in both; {_keys(one, other)}"
            if agree < _AGREE:
                self.doubt(one, other, "id", evidence, f"the ids may not mean the same: {said}")
            else:
                self.link(one, other, "id", evidence)

    def by_order(self) -> None:
        """Link blocks whose keys stand in one order."""
        for name, left, right in _blocks(*self.rest()):
            self._block(name, left.filter(pl.col("sign").is_not_null()), right.filter(pl.col("sign").is_not_null()))

    def _block(self, name: str, left: pl.DataFrame, right: pl.DataFrame) -> None:
        swapped = left.height > right.height
        short, long = (right, left) if swapped else (left, right)
        if not short.height:
            return
        if short.height * long.height > _LARGEST:
            self.notes.append(f"by order, {name}: {short.height} in {long.height} keys are too many to align")
            return
        found = aligned(short["sign"].to_list(), long["sign"].to_list(), _matrix(short, long))
        if found is None:
            self.notes.append(
                f"by order, {name}: the {short.height} keys are no ordered subsequence of the {long.height}"
            )
            return
        said = f"{short.height} keys are an ordered subsequence of {long.height}; by chance {found.chance:.1e}"
        self.notes.append(f"by order, {name}: {said}")
        if found.chance > _PROOF:
            self.notes.append(f"by order, {name}: that is no proof (it needs {_PROOF:.0e}), nothing is linked by it")
            return
        for at, (a, b) in enumerate(zip(short.to_dicts(), long[found.places].to_dicts(), strict=True)):
            self._placed((b, a) if swapped else (a, b), found, at, said)

    def _placed(self, pair: tuple[dict[str, Any], dict[str, Any]], found: Alignment, at: int, said: str) -> None:
        choices, margin = found.choices[at], found.margins[at]
        if choices == 1:
            self.link(*pair, "order", f"{said}; this is its only place")
        elif margin >= _MARGIN:
            self.link(
                *pair, "order-content", f"{said}; of {choices} places the contents choose this by {min(margin, 99):.2f}"
            )
        else:
            self.doubt(
                *pair, "order", said, f"{choices} places keep the order, and the contents do not tell (by {margin:.2f})"
            )

    def by_content(self) -> None:
        """Link what is left by what it says."""
        for column, kind in (("whole", "text"), ("stem", "stem")):
            self._equal(*self._free(), column, kind)
        self._like(*self._free())

    def _free(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return what content may still link: what order left in doubt has its few places, equal texts their few."""
        held = [d for d in self.doubts if d["kind"] in {"order", "text"}]
        left, right = self.rest()
        return (
            left.filter(~pl.col("group").is_in([d["left"] for d in held])),
            right.filter(~pl.col("group").is_in([d["right"] for d in held])),
        )

    def _equal(self, left: pl.DataFrame, right: pl.DataFrame, column: str, kind: str) -> None:
        """Link items of one language whose texts are equal, where no other has the same."""
        on = ["language", "plain"]
        sides = []
        for one in (left, right):
            plain = one.with_columns(plain_texts(one)[column].alias("plain")).filter(
                pl.col("plain").str.len_chars() > 0
            )
            sides.append(plain.with_columns(same=pl.len().over(on)))
        pairs = sides[0].join(sides[1], on=on, suffix="_b", coalesce=False, maintain_order="left")
        for row in pairs.iter_rows(named=True):
            a, b = _sides(row)
            what = "stem and options" if kind == "text" else "stem"
            if row["same"] > 1 or row["same_b"] > 1:
                reason = f"{row['same']} and {row['same_b']} items have this {what}"
                self.doubt(a, b, kind, f"equal {what}", reason)
            else:
                self.link(a, b, kind, f"equal {what}; {_keys(a, b)}")

    def _like(self, left: pl.DataFrame, right: pl.DataFrame) -> None:
        """Link pairs that are each other's most like, clearly before the next."""
        if not left.height or not right.height:
            return
        pairs = likenesses(left, right)
        counts = [one["count"].cast(pl.Int64) for one in (left, right)]
        pairs = pairs.filter(
            pl.lit(counts[0]).gather(pl.col("left")) == pl.lit(counts[1]).gather(pl.col("right")),
        )
        ranked = pairs.with_columns(
            first=pl.col("like").rank("ordinal", descending=True).over("left"),
            back=pl.col("like").rank("ordinal", descending=True).over("right"),
            ahead=pl.col("like") - _second("left"),
            ahead_back=pl.col("like") - _second("right"),
        )
        mutual = ranked.filter((pl.col("first") == 1) & (pl.col("back") == 1) & (pl.col("like") >= _LIKE))
        for row in mutual.sort("left", "right").iter_rows(named=True):
            a, b = left.row(row["left"], named=True), right.row(row["right"], named=True)
            self._judge(a, b, row)

    def _judge(self, a: dict[str, Any], b: dict[str, Any], row: dict[str, Any]) -> None:
        margin = min(row["ahead"], row["ahead_back"])
        evidence = f"likeness {row['like']:.2f}, {row['shared']} numbers and terms shared, {margin:.2f} ahead"
        if a["language"] == b["language"]:
            near = _ratio(a, b)
            evidence = f"{near:.2f} of the signs are equal, {margin:.2f} ahead"
            if near < _NEAR:
                self.doubt(a, b, "near", evidence, f"below {_NEAR}: it may be another question")
                return
            kind = "near"
        else:
            kind = "content"
        if row["shared"] < 3 and kind == "content":
            self.doubt(a, b, kind, evidence, "fewer than three numbers and terms are shared")
        elif margin < _AHEAD:
            self.doubt(a, b, kind, evidence, "another item is nearly as like")
        else:
            self.link(a, b, kind, f"{evidence}; {_keys(a, b)}")

    def done(self) -> LinkRun:
        """Return the tables; items without a partner and without a doubt are listed with a reason of their own."""
        # A doubt of one way may have been settled by a later one.
        open_ = [d for d in self.doubts if d["left"] not in self.used[0] and d["right"] not in self.used[1]]
        for at, (side, items) in enumerate(zip(("left", "right"), self.rest(), strict=True)):
            named = {one[side] for one in open_}
            alone = [group for group in items["group"] if group not in named]
            self.notes.append(f"{side}: {items.height} of {(self.left, self.right)[at].height} groups have no link")
            open_ += [
                {**dict.fromkeys(DOUBTS, None), side: group, "kind": "none", "reason": "nothing like it was found"}
                for group in alone
            ]
        links = to_frame(self.links, Link).sort("left", "right")
        doubtful = pl.DataFrame(open_, schema=DOUBTS).sort("kind", "left", "right", nulls_last=True)
        return LinkRun(links, doubtful, self.notes)


def _second(column: str) -> pl.Expr:
    """Return the second greatest likeness of an item, 0 where there is none."""
    return pl.col("like").sort(descending=True).get(1, null_on_oob=True).over(column).fill_null(0.0)


def _with_own_ids(items: pl.DataFrame) -> pl.DataFrame:
    """Return the items of those files whose numbers are not merely the numbers of the records."""
    number = pl.col("number").str.strip_chars_start("0")
    merely = (number == pl.col("row").cast(pl.String)).fill_null(value=False).all().over("file")
    return items.filter(~merely)


def _blocks(left: pl.DataFrame, right: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame, pl.DataFrame]]:
    """Yield the parts of two tables that may be one: of the same config; the whole tables where each has one."""
    shared = sorted(set(left["config"]) & set(right["config"]))
    for name in shared:
        yield name, left.filter(pl.col("config") == name), right.filter(pl.col("config") == name)
    if not shared and left["config"].n_unique() == 1 and right["config"].n_unique() == 1:
        yield f"{left['config'][0]}, {right['config'][0]}", left, right


def _matrix(short: pl.DataFrame, long: pl.DataFrame) -> Any:
    pairs = likenesses(short, long)
    made = np.zeros((short.height, long.height))
    made[pairs["left"].to_numpy(), pairs["right"].to_numpy()] = pairs["like"].to_numpy()
    return made


def _sides(row: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    a = {name: value for name, value in row.items() if not name.endswith("_b")}
    return a, {name: row.get(f"{name}_b", value) for name, value in a.items()}


def _keys(a: dict[str, Any], b: dict[str, Any]) -> str:
    if not a["sign"] or not b["sign"]:
        return "a key is not known"
    return "keys equal" if a["sign"] == b["sign"] else f"keys differ ({a['sign']} and {b['sign']}, places from 00)"


def _ratio(a: dict[str, Any], b: dict[str, Any]) -> float:
    from rapidfuzz import fuzz

    texts = [" ".join([one["stem"], *(option["text"] for option in one["options"])]) for one in (a, b)]
    return fuzz.ratio(*texts) / 100
