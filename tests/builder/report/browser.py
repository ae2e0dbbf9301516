"""A report as a browser sees it: headless Chromium, a profile of its own, no network."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--enable-logging=stderr", "--log-level=0")


class Browser:
    """Opens files; fails on any error that the page's script reports."""

    def __init__(self, program: str, folder: Path) -> None:
        self.program = program
        self.folder = folder
        self.runs = 0

    def dom(self, page: Path, fragment: str = "", script: str = "", width: int = 1280) -> str:
        """The document after its script ran, and after another script where one is given."""
        if script:
            copy = page.with_name(f"{page.stem}-{self.runs}.html")
            text = page.read_text(encoding="utf-8")
            copy.write_text(text.replace("</body>", f"<script>{script}</script></body>"), encoding="utf-8")
            page = copy
        return self._run(page, fragment, f"--window-size={width},900", "--virtual-time-budget=4000", "--dump-dom")

    def screenshot(self, page: Path, width: int, *, dark: bool) -> Path:
        """A picture of the page as PNG."""
        out = self.folder / f"shot-{width}-{dark}.png"
        scheme = ("--blink-settings=preferredColorScheme=0",) if dark else ()
        self._run(page, "", f"--window-size={width},1400", f"--screenshot={out}", *scheme)
        return out

    def _run(self, page: Path, fragment: str, *flags: str) -> str:
        self.runs += 1
        profile = self.folder / f"profile-{self.runs}"
        command = [self.program, *FLAGS, f"--user-data-dir={profile}", *flags, f"{page.as_uri()}{fragment}"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        complaints = [
            line for line in done.stderr.splitlines() if re.search(r"CONSOLE.*(Uncaught|Refused|Error)", line)
        ]
        assert not complaints, complaints
        return done.stdout


@pytest.fixture
def browser(tmp_path: Path) -> Browser:
    """A browser, or a skip with the reason."""
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip(f"none of {', '.join(NAMES)} is installed")
    folder = tmp_path / "browser"
    folder.mkdir()
    return Browser(program, folder)
