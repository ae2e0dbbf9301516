"""All files of a folder are looked at, in processes of their own; what goes wrong in one stops no other."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path, PurePosixPath
from typing import Final

from benchwright.schemas.tables import Reject
from benchwright.sources._exams import as_copy
from benchwright.sources._language import are_relatives
from benchwright.sources._look import Look, look_at
from benchwright.sources._readahead import AheadSink

__all__ = ["look_again", "look_at_all", "usual_language"]

_MANY: Final = 8
"""Files, from which on starting processes pays."""


def look_at_all(
    raw: Path,
    files: Sequence[str],
    *,
    jobs: int | None = None,
    progress: Callable[[str], None] | None = None,
    sink: AheadSink | None = None,
    language: str | None = None,
) -> list[Look]:
    """Return what each file is, sorted by name; files with the same bytes are looked at once.

    Args:
        raw: the folder.
        files: names relative to it.
        jobs: number of processes; null takes one for each core. The result does not depend on it.
        progress: called with each file name when it was looked at.
        sink: keeps what is read of booklets, for `build`; null reads no more than is needed to tell what a file is.
        language: BCP-47 tag with which scans are read; null to find it out in each.
    """
    originals = _originals(raw, files)
    wanted = sorted(set(originals.values()))
    looks: dict[str, Look] = {}
    for look in _looks(raw, wanted, max(1, min(jobs or os.cpu_count() or 1, len(wanted))), sink, language):
        looks[look.file] = look
        if progress:
            progress(look.file)
    return [looks[file] if originals[file] == file else as_copy(looks[originals[file]], file) for file in sorted(files)]


def usual_language(looks: Sequence[Look]) -> str | None:
    """Return the language of most booklets; those with a text layer say it, where there are any."""
    told = [look for look in looks if look.role == "booklet" and look.language]
    printed = [look.language for look in told if not look.read_as]
    found = Counter(printed or [look.language for look in told])
    return found.most_common(1)[0][0] if found else None


def look_again(raw: Path, looks: Sequence[Look], sink: AheadSink | None = None) -> list[Look]:
    """Return looks in which scans of a language that was not told, or of a near relative, are taken as the others are.

    Scans of which no language was told are read once more, with that of the other booklets.
    """
    usual = usual_language(looks)
    result = []
    for look in looks:
        untold = look.copy_of is None and look.language is None and (look.unread or bool(look.read_as))
        if usual is not None and untold and usual not in look.read_as:
            again = look_at(raw / look.file, look.file, sink, usual)
            again.doubts.append(f"its language could not be told: read as {usual}, like the others")
            result.append(again if not again.unread else look)
            continue
        if usual and look.read_as and look.language and look.language != usual and are_relatives(look.language, usual):
            look.doubts.append(f"a scan does not tell {look.language} from {usual}: taken as {usual} like the others")
            look.language = usual
        result.append(look)
    return result


def _originals(raw: Path, files: Sequence[str]) -> dict[str, str]:
    """Return for each file the one of those with the same bytes that has the plainest name."""
    same: dict[str, list[str]] = {}
    for file in files:
        same.setdefault(_digest(raw / file) or file, []).append(file)
    return {file: min(some, key=_plainness) for some in same.values() for file in some}


def _digest(path: Path) -> str | None:
    """Return the SHA-256 of a file; None where it cannot be read or is empty."""
    try:
        if not path.stat().st_size:
            return None
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None


def _plainness(file: str) -> tuple[int, int, str]:
    """Sort names of copies last: they have more in their own name, and lie in folders that others do not share."""
    path = PurePosixPath(file)
    return len(path.name), len(path.parts), file


def _looks(
    raw: Path, files: Sequence[str], workers: int, sink: AheadSink | None, language: str | None
) -> Iterator[Look]:
    if workers == 1 or len(files) < _MANY:
        yield from (look_at(raw / file, file, sink, language) for file in files)
        return
    died: list[str] = []
    for file, look in _in_pool(raw, files, workers, sink, language):
        if look is None:
            died.append(file)
        else:
            yield look
    for file in died:
        _, look = next(_in_pool(raw, [file], 1, sink, language))
        yield look or _stopped(file, "the process that looked at it died")


def _in_pool(
    raw: Path, files: Sequence[str], workers: int, sink: AheadSink | None, language: str | None
) -> Iterator[tuple[str, Look | None]]:
    """Yield each file with its look, or with None where the process died."""
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        futures = [(file, pool.submit(look_at, raw / file, file, sink, language)) for file in files]
        for file, future in futures:
            error = future.exception()
            if error is None:
                yield file, future.result()
            else:
                broken = isinstance(error, BrokenProcessPool)
                yield file, None if broken else _stopped(file, f"{type(error).__name__}: {error}")


def _stopped(file: str, why: str) -> Look:
    look = Look(file, "ignore")
    look.doubts.append(f"the reader stopped unexpectedly: {why}")
    look.reject = Reject(file=file, reason="file-unreadable", text=why, stage="survey")
    return look
