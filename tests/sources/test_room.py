"""The names of the room: imported when they are used, and all of them there."""

from __future__ import annotations

import subprocess
import sys

import benchwright.sources


def test_every_public_name_is_there() -> None:
    for name in benchwright.sources.__all__:
        assert getattr(benchwright.sources, name) is not None
    assert set(benchwright.sources._HOME) == set(benchwright.sources.__all__)


def test_reading_a_pdf_loads_nothing_of_item_banks() -> None:
    program = "import sys, benchwright.sources.pdf; print([m for m in sys.modules if '_flat' in m or '_layouts' in m])"
    call = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert call.stdout.strip() == "[]"
