"""What the script of a report shows: findings, items and rejects as compact lists."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from benchwright.builder.report._coverage import NO_KEY
from benchwright.builder.report._pictures import Pictures
from benchwright.builder.report._tables import Tables
from benchwright.schemas.languages import is_rtl

__all__ = ["ITEM_LIMIT", "finding_rows", "item_views", "ranked_ids", "reject_rows"]

ITEM_LIMIT: Final = 20_000
_RANKS: Final = {"critical": 0, "major": 1, "minor": 2, "info": 3}


def finding_rows(tables: Tables) -> list[list[Any]]:
    """Return the findings, the worst first.

    Each is: code, severity, scope, subject, item id or null, language or null, field, message, evidence, spans as
    [field, start, end], waived.
    """
    languages = tables.items.lazy().select(pl.col("id").alias("item_id"), "language").unique("item_id", keep="any")
    span = pl.concat_list(
        pl.element().struct.field("field"),
        pl.element().struct.field("start").cast(pl.String),
        pl.element().struct.field("end").cast(pl.String),
    )
    ordered = (
        tables.findings.lazy()
        .join(languages, on="item_id", how="left")
        .with_columns(
            pl.col("severity").replace_strict(_RANKS, return_dtype=pl.Int64).alias("rank"),
            pl.col("spans").list.eval(span).alias("spans"),
        )
        .sort("waived", "rank", "code", "subject", "finding_id")
        .select(
            "code",
            "severity",
            "scope",
            "subject",
            "item_id",
            "language",
            "field",
            "message",
            "evidence",
            "spans",
            "waived",
        )
        .collect()
    )
    return [list(row) for row in ordered.iter_rows()]


def ranked_ids(tables: Tables) -> pl.DataFrame:
    """Return ``id``, ``risk`` and ``found`` of each item, the riskiest first.

    ``found`` tells whether there is a finding that a look at the page can settle: a key that is nowhere cannot be seen.
    """
    seen = tables.findings.filter(pl.col("code") != NO_KEY)
    of_items = seen.filter(pl.col("scope").is_in(["item", "pair"])).select(pl.col("item_id").alias("id"))
    of_groups = (
        seen.filter(pl.col("scope") == "group")
        .select(pl.col("subject").alias("group"))
        .join(tables.items.select("id", "group"), on="group", how="inner")
        .select("id")
    )
    found = pl.concat([of_items, of_groups]).unique().with_columns(pl.lit(True).alias("found"))
    risk = tables.scores.filter(pl.col("name") == "risk").select(
        pl.col("item_id").alias("id"), pl.col("value").alias("risk")
    )
    return (
        tables.items.select("id")
        .join(risk.unique("id"), on="id", how="left")
        .join(found, on="id", how="left")
        .with_columns(pl.col("found").fill_null(False))
        .sort(["found", "risk", "id"], descending=[True, True, False], nulls_last=True)
    )


def item_views(tables: Tables, pictures: Pictures) -> tuple[dict[str, dict[str, Any]], int]:
    """Return the items to show by id, the riskiest first, and how many the limit left out.

    Pictures go to items with findings, in that order, until the limits of pictures are reached.
    """
    ranked = ranked_ids(tables)
    kept = ranked.head(ITEM_LIMIT).with_row_index("place")
    columns = [
        "id",
        "group",
        "language",
        "origin",
        "kind",
        "context",
        "stem",
        "options",
        "key",
        "rationales",
        "turns",
        "media",
        "exam",
        "provenance",
        "licence",
        "needs_image",
        "tier",
        "hashes",
    ]
    rows = kept.join(tables.items.select(columns), on="id", how="inner").sort("place")
    sources = _source_texts(tables, set(rows["id"]))
    views = {
        row["id"]: {**_view(row, pictures), "source": sources.get(tables.source_of.get(row["id"], ""))}
        for row in rows.iter_rows(named=True)
    }
    return views, ranked.height - kept.height


def _source_texts(tables: Tables, shown: set[str]) -> dict[str, dict[str, Any]]:
    """Return the texts of the sources of the items that are shown, by id of the source."""
    wanted = {source for item, source in tables.source_of.items() if item in shown}
    table = tables.items if tables.sources is None else tables.sources
    rows = table.filter(pl.col("id").is_in(sorted(wanted))).select("id", "language", "context", "stem", "options")
    return {
        row["id"]: {
            "id": row["id"],
            "language": row["language"],
            "dir": "rtl" if is_rtl(row["language"]) else "ltr",
            "context": row["context"]["text"] if row["context"] else None,
            "stem": row["stem"],
            "options": [[option["id"], option["label"], option["text"]] for option in row["options"] or ()],
        }
        for row in rows.iter_rows(named=True)
    }


def _view(row: dict[str, Any], pictures: Pictures) -> dict[str, Any]:
    places = [place for place in row["provenance"] or () if place["page"] is not None]
    media = [
        {
            "what": f"{one['role']} at {one['attached_to']}",
            "status": one["status"],
            "file": one["file"],
            "caption": one["caption"],
            "picture": pictures.figure(one["file"]) if row["found"] and one["status"] == "present" else None,
        }
        for one in row["media"] or ()
    ]
    crops = pictures.crops(places) if row["found"] else []
    key = row["key"] or {}
    return {
        "id": row["id"],
        "language": row["language"],
        "dir": "rtl" if is_rtl(row["language"]) else "ltr",
        "about": [row["kind"], row["origin"], f"tier {row['tier']}", f"licence {row['licence']['id']}"],
        "risk": row["risk"],
        "context": row["context"]["text"] if row["context"] else None,
        "stem": row["stem"],
        "turns": [[turn["role"], turn["text"]] for turn in row["turns"] or ()],
        "options": [[option["id"], option["label"], option["text"]] for option in row["options"] or ()],
        "status": key.get("status"),
        "answers": key.get("answers") or [],
        "accepted": key.get("accepted") or [],
        "note": key.get("note"),
        "key_file": key.get("source"),
        "history": [
            [change["status"], change["answers"] or [], change["source"], change["reason"]]
            for change in key.get("history") or ()
        ],
        "rationales": [one["text"] for one in row["rationales"] or ()],
        "media": media,
        "crops": crops,
        "places": [[file, page] for file, page in sorted({(place["file"], place["page"]) for place in places})],
        "text_hash": row["hashes"]["text_hash"],
        "key_hash": row["hashes"]["key_hash"],
    }


def reject_rows(tables: Tables) -> list[list[Any]]:
    """Return the rejects: file, page, number, reason, detail, text."""
    columns = ["file", "page", "number", "reason", "detail", "text"]
    ordered = tables.rejects.sort("file", "page", "y0", "group", "reason", "text", nulls_last=True).select(columns)
    return [list(row) for row in ordered.iter_rows()]
