"""`make lint` runs the linters; here is shown that they would notice."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.checkout import ROOT

SCRIPTS = Path(sys.executable).parent


@pytest.mark.parametrize("room", ["builder", "audits", "sources", "schemas"])
@pytest.mark.parametrize("statement", ["import {0}", "from {0} import x"])
def test_ruff_refuses_the_bare_rooms(room: str, statement: str) -> None:
    outcome = subprocess.run(
        [SCRIPTS / "ruff", "check", "--select", "TID251", "--stdin-filename", "benchwright/x.py", "-"],
        cwd=ROOT,
        input=statement.format(room) + "\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert "TID251" in outcome.stdout
