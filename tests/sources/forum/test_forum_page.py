"""The profile and the plan of docs/forum.md work."""

from __future__ import annotations

import re
from pathlib import Path

from benchwright.builder.harvest import read_plan
from benchwright.sources._forum.profile import read_profile
from tests.sources.forum import dumps
from tests.sources.forum.test_dumps import read

PAGE = Path(__file__).parents[3] / "docs" / "forum.md"


def test_the_profile_and_the_plan_of_the_page_work(tmp_path: Path) -> None:
    profile, plan = re.findall(r"```yaml\n(.*?)```", PAGE.read_text("utf-8"), flags=re.DOTALL)
    (tmp_path / "profile.yaml").write_text(profile, "utf-8")
    (tmp_path / "plan.yaml").write_text(plan, "utf-8")
    entries, rejects, _ = read(dumps.as_pages(tmp_path), read_profile(tmp_path / "profile.yaml"))
    assert rejects == []
    assert entries.height == 2
    assert set(entries["licence"]) == {"CC-BY-4.0"}
    assert read_plan(tmp_path / "plan.yaml").allowed_hosts == {"forum.example.org"}
