"""``benchwright import --layout forum``: what is printed of it."""

from __future__ import annotations

from pathlib import Path

from benchwright.builder.cli._kit import Reply

__all__ = ["take_forum"]

_SHOWN = 20


def take_forum(
    reply: Reply, files: list[Path], out: Path, profile: Path | None, language: str | None, site: str | None
) -> None:
    """Import a dump of a forum and say how it was read."""
    from benchwright.builder.forums import import_forum

    run = import_forum(files, out, profile=profile, language=language, site=site, progress=reply.progress)
    ledger, report = run.ledger, run.report
    reply.data = {
        "items": run.items,
        "rejects": run.rejects.height,
        "records": report.records,
        "language": run.language,
        "reasons": report.reasons,
        "doubts": report.doubts,
        "profile": report.profile.model_dump(mode="json", exclude_none=True) if report.profile else None,
        "ledger": ledger.model_dump(mode="json"),
        "written": [str(path) for path in run.written],
    }
    for text in report.reasons:
        reply.say(text)
    for text in report.doubts:
        reply.say(f"doubt: {text}")
    shown = run.rejects if reply.verbose else run.rejects.head(_SHOWN)
    columns = ["file", "number", "reason", "detail"]
    reply.table("Rejects", ["file", "record", "reason", "detail"], shown.select(columns).iter_rows())
    if shown.height < run.rejects.height:
        reply.say(f"{run.rejects.height - shown.height} more: -v prints all")
    reply.say(
        f"{report.records} records, {ledger.rows_in} posts = {ledger.rows_out} items + {ledger.rows_merged} further "
        f"posts of them + {ledger.rows_rejected} rejected"
    )
    for path in run.written:
        reply.say(f"wrote {path}")
