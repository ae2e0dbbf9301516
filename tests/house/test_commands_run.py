"""Commands that look at the machine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

COMMAND = Path(sys.executable).parent / "benchwright"


def test_doctor_lists_what_is_there() -> None:
    outcome = subprocess.run([COMMAND, "doctor"], capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stderr
    assert all(name in outcome.stdout for name in ("polars", "pypdfium2", "tesseract", "chromium"))
    assert "pip install" in outcome.stdout or "apt-get install" in outcome.stdout
