"""How the candidates did, joined to the items by number; printed labels become option ids."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from benchwright.schemas.ids import make_group
from benchwright.schemas.item import Item
from benchwright.schemas.parts import Provenance, Share
from benchwright.schemas.tables import Reject
from benchwright.sources._join import option_id
from benchwright.sources._statistics import HumanRow

__all__ = ["join_statistics"]

_STAGE = "human"


def join_statistics(items: Sequence[Item], rows: Sequence[HumanRow], file: str) -> tuple[list[Item], list[Reject]]:
    """Give items their statistics.

    Args:
        items: the items of one exam and edition that the file may speak of: one part, or several when its rows name
            theirs; all languages.
        rows: the file as read.
        file: its name, for the place of each value.

    Returns:
        The items in the same order, and a reject for each row without an item, with more than one, or whose answers
        are no options of its item.
    """
    by_number: dict[str, list[int]] = defaultdict(list)
    for position, item in enumerate(items):
        by_number[_plain(item.exam.number)].append(position)
    result = list(items)
    rejects: list[Reject] = []
    for row in rows:
        places = [k for k in by_number.get(_plain(row.number), []) if row.part in (None, items[k].exam.part)]
        parts = sorted({items[k].exam.part for k in places})
        if len(parts) != 1:
            why = f"parts {', '.join(parts)} have this number" if parts else "no item has this number"
            rejects.append(_reject(row, file, why))
            continue
        for k in places:
            changed = _with_row(result[k], row, file)
            if changed is None:
                rejects.append(_reject(row, file, "an answer is no option of the item", items[k]))
            else:
                result[k] = changed
    return result, rejects


def _with_row(item: Item, row: HumanRow, file: str) -> Item | None:
    shares = []
    for one in row.human.distribution:
        option = option_id(item, one.option)
        if option is None:
            return None
        shares.append(Share(option=option, share=one.share))
    human = row.human.model_copy(update={"distribution": tuple(shares)})
    return item.replace(
        human=human, provenance=(*item.provenance, Provenance(field="human", file=file, page=row.page, row=row.row))
    )


def _plain(number: str) -> str:
    return str(int(number)) if number.isdecimal() else number


def _reject(row: HumanRow, file: str, why: str, item: Item | None = None) -> Reject:
    return Reject(
        file=file,
        reason="human-unmatched",
        page=row.page,
        detail=f"row {row.row}: {why}",
        group=item and make_group(item.exam.code, item.exam.edition, item.exam.part, item.exam.number),
        language=item and item.language,
        number=row.number,
        stage=_STAGE,
    )
