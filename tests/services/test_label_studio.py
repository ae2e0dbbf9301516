"""The whole review on a real Label Studio: three users, known truth, faults, and the page in a browser."""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from benchwright.builder.environments import install
from benchwright.schemas import Item
from benchwright.schemas.rows import to_frame
from tests.builder.report.browser import NAMES
from tests.builder.review.exam import chosen, typed, write_exam
from tests.builder.review.test_comparing import better, version
from tests.conftest import Demo
from tests.house.checkout import ROOT
from tests.services.flaky import flaky
from tests.services.running import environment, run
from tests.services.signed_in import proxy, session
from tests.services.studio import Studio, ended, free_port, served, started

pytestmark = pytest.mark.services

USERS = ("ana@example.org", "ben@example.org", "chi@example.org")
AXES = ("errors", "key_right")
SECONDS = 600.0
PYTHON = "BENCHWRIGHT_REVIEW_PYTHON"
"""Variable that names a Python with the extra [review], instead of one that is made for the test."""
NAME = "r1"


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The program of an environment that has the SDK; the server has an environment of its own."""
    install("label-studio")
    told = os.environ.get(PYTHON)
    python = Path(told) if told else environment(tmp_path_factory.mktemp("sdk") / "env", "-e", f"{ROOT}[review]")
    return [str(python), "-c", "from benchwright.builder.cli import main; main()"]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """Folder and port of the server."""
    return tmp_path_factory.mktemp("studio"), free_port()


@pytest.fixture(scope="module")
def studio(command: list[str], place: tuple[Path, int]) -> Iterator[Studio]:
    """A server that runs while the tests of this module do."""
    with served(command, *place) as server:
        yield server


@pytest.fixture(scope="module")
def tokens(studio: Studio) -> dict[str, str]:
    """The tokens of three users who signed up."""
    return {email: studio.sign_up(email, "not-a-secret-1") for email in USERS}


def ours(studio: Studio, token: str | None = None) -> dict[str, str]:
    return {**os.environ, "LABEL_STUDIO_URL": studio.url, "LABEL_STUDIO_API_KEY": token or studio.token}


def wrong_of(number: int) -> str:
    """The truth: how bad the error of an item is."""
    return "major" if number % 9 == 0 else "minor" if number % 5 == 0 else "none"


def said_by(who: int, number: int) -> str:
    """What a reviewer says: the first the truth, the others with mistakes of their own."""
    truth = wrong_of(number)
    if (who == 1 and number % 7 == 0) or (who == 2 and number % 11 == 0):
        return "none" if truth != "none" else "minor"
    return truth


def test_a_round_from_papers_to_a_second_release(
    studio: Studio, tokens: dict[str, str], command: list[str], demo: Demo, tmp_path: Path
) -> None:
    project = tmp_path / "exam"
    shutil.copytree(demo.folder, project)
    folder = project / "review" / NAME
    env = ours(studio)
    options = ["--budget", "100", "--control", "0.5", "--per-item", "3", "--axes", ",".join(AXES), "--seed", "3"]
    push = [*command, "review", "push", str(project), "--project", NAME, *options, "--reviewers", ",".join(USERS)]
    run(push, seconds=SECONDS, env=env)
    items = pl.read_parquet(folder / "shown.parquet").sort("id")
    assert items.height == 100
    assert items["language"].n_unique() == 2
    numbers = {name: number for number, name in enumerate(items["id"])}
    options_of = dict(items.select("id", pl.col("options").list.len()).iter_rows())
    fixed = [name for name in items["id"] if options_of[name] >= 2 and numbers[name] % 20 == 1][:4]
    alone = next(name for name in items["id"] if options_of[name] >= 2 and name not in fixed)
    truth = annotate(studio, tokens, numbers, fixed, alone)
    assert sum(truth.values()) == 300

    told = json.loads(
        run(
            [*command, "review", "pull", "--folder", str(folder), "--project", NAME, "--json"], seconds=SECONDS, env=env
        )
    )
    assert (told["annotations"], told["taken"], told["refused"], told["partial"]) == (300, 300, 0, 0)
    assert told["strangers"] == []
    agreement = [*command, "review", "agreement", "--folder", str(folder), "--resamples", "200", "--json"]
    rows = json.loads(run(agreement, seconds=SECONDS))["agreement"]
    found = {
        (row["statistic"]): row for row in rows if (row["axis"], row["language"], row["by"]) == ("errors", "*", "all")
    }
    percent, kappa = by_hand(numbers)
    assert found["percent"]["estimate"] == pytest.approx(percent)
    assert found["fleiss_kappa"]["estimate"] == pytest.approx(kappa)
    assert found["percent"]["items"] == 100
    assert found["percent"]["low"] < percent < found["percent"]["high"]

    conflicts, patches = tmp_path / "conflicts.csv", project / "patches" / "review.jsonl"
    settle = [*command, "review", "adjudicate", str(project), "--folder", str(folder), "--project", NAME]
    first = json.loads(run([*settle, "--csv", str(conflicts), "--json"], seconds=SECONDS))
    assert [one["item_id"] for one in first["conflicts"] if one["axis"].startswith("correction")] == [alone]
    text = conflicts.read_text(encoding="utf-8-sig")
    assert "accepted text" in text
    filled = text.replace("=accepted text,,", "=accepted text,accepted text,")
    conflicts.write_text(filled, encoding="utf-8")
    taken = [*settle, "--take", str(conflicts), "--by", "chief", "--patches", str(patches), "--json"]
    assert json.loads(run(taken, seconds=SECONDS))["patches"] == len(fixed) + 1

    estimate = [*command, "review", "estimate", str(project), "--folder", str(folder), "--json"]
    rates = json.loads(run(estimate, seconds=SECONDS))["rates"]
    whole = next(r for r in rates if (r["language"], r["severity"], r["estimator"]) == ("*", "minor", "stratified"))
    real = sum(wrong_of(number) != "none" for number in numbers.values()) / 100
    assert whole["low"] <= real <= whole["high"]

    run([*command, "build", str(project), "-q"], seconds=SECONDS)
    built = pl.read_parquet(project / "build/items.parquet")
    for name in [*fixed, alone]:
        row = built.filter(pl.col("id") == name).row(0, named=True)
        assert row["options"][1]["text"] == "accepted text"
        assert row["tier"] == "silver"
    tiers = dict(built.select("id", "tier").iter_rows())
    majors = [name for name, number in numbers.items() if wrong_of(number) == "major" and name not in (*fixed, alone)]
    assert {tiers[name] for name in majors} == {"raw"}
    assert tiers[next(n for n, k in numbers.items() if wrong_of(k) == "none" and n not in (*fixed, alone))] == "gold"
    run([*command, "release", str(project), "--version", "9.0.0"], seconds=SECONDS)
    run([*command, "verify", str(project / "release/9.0.0")], seconds=SECONDS)
    released = [pl.read_parquet(path).to_dicts() for path in (project / "release/9.0.0/data").rglob("*.parquet")]
    assert str(released).count("accepted text") >= len(fixed) + 1


def annotate(
    studio: Studio, tokens: dict[str, str], numbers: dict[str, int], fixed: list[str], alone: str
) -> Counter[str]:
    done: Counter[str] = Counter()
    for name, project in sorted(studio.projects(NAME).items()):
        who = int(name[-1]) - 1
        for task in studio.tasks(project):
            item = task["data"]["item_id"]
            results = [chosen("errors", said_by(who, numbers[item])), chosen("key_right", "yes")]
            if item in fixed or (item == alone and who == 0):
                results.append(typed("fix_option_2", "accepted text"))
            body = {"result": results, "lead_time": 10 + who}
            studio.call("POST", f"/api/tasks/{task['id']}/annotations/", body, tokens[USERS[who]])
            done[USERS[who]] += 1
    return done


def by_hand(numbers: dict[str, int]) -> tuple[float, float]:
    """Percent agreement and Fleiss' kappa from their definitions, without our code."""
    votes = [[said_by(who, number) for who in range(3)] for number in numbers.values()]
    percent = sum(sum(a == b for a, b in combinations(one, 2)) / 3 for one in votes) / len(votes)
    shares = Counter(value for one in votes for value in one)
    chance = sum((count / (3 * len(votes))) ** 2 for count in shares.values())
    return percent, (percent - chance) / (1 - chance)


def test_killed_and_restarted_nothing_is_doubled_or_lost(
    command: list[str],
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    place: tuple[Path, int],
    studio: Studio,
) -> None:
    items, sources = write_exam(tmp_path / "exam", 150, ("es",))
    folder = tmp_path / "review"
    push = [*command, "review", "push", str(items), "--source", str(sources), "--project", "killed"]
    push += ["--folder", str(folder), "--per-item", "3", "--axes", "errors"]
    process = started(push, ours(studio))
    deadline = time.monotonic() + SECONDS
    while len(studio.projects("killed")) < 2 and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    done = json.loads(run([*push, "--json"], seconds=SECONDS, env=ours(studio)))
    assert done["added"] + done["kept"] == 450
    keys = [
        one["data"]["benchwright_task"] for number in studio.projects("killed").values() for one in studio.tasks(number)
    ]
    assert sorted(keys) == pl.read_parquet(folder / "tasks.parquet")["task"].to_list()

    pull = [*command, "review", "pull", "--folder", str(folder), "--project", "killed"]
    number = min(studio.projects("killed").values())
    for task in studio.tasks(number)[:20]:
        studio.call("POST", f"/api/tasks/{task['id']}/annotations/", {"result": [chosen("errors", "minor")]})
    half = started(pull, ours(studio))
    time.sleep(2)
    half.send_signal(signal.SIGKILL)
    half.wait()
    for token in (None, studio.personal_token()):
        told = json.loads(run([*pull, "--json"], seconds=SECONDS, env=ours(studio, token)))
        assert (told["taken"], told["verdicts"]) == (20, 20)

    wrong = run_failing(push, ours(studio, "0" * 40))
    assert "server-refused" in wrong
    away = run_failing(push, {**ours(studio), "LABEL_STUDIO_URL": f"http://127.0.0.1:{free_port()}"})
    assert "server-unreachable" in away
    studio.call("DELETE", f"/api/projects/{number}/")
    assert "project-gone" in run_failing(push, ours(studio))
    assert "project-gone" in run_failing(pull, ours(studio))
    again = json.loads(run([*push, "--again", "--json"], seconds=SECONDS, env=ours(studio)))
    assert (again["added"], again["kept"]) == (150, 300)


def run_failing(line: list[str], env: dict[str, str]) -> str:
    """Run a command that must exit with 2, and return what it prints."""
    done = ended(line, SECONDS, env)
    assert done.returncode == 2, done.stdout + done.stderr
    return done.stderr


def test_answers_that_get_lost_double_and_lose_nothing(command: list[str], studio: Studio, tmp_path: Path) -> None:
    items, _ = write_exam(tmp_path / "exam", 10, ("es", "ar"))
    folder = tmp_path / "review"
    push = [*command, "review", "push", str(items), "--project", "flaky", "--folder", str(folder)]
    pull = [*command, "review", "pull", "--folder", str(folder), "--project", "flaky", "--json"]
    with flaky(studio.url) as (address, lost):
        env = {**ours(studio), "LABEL_STUDIO_URL": address}
        done = until_done([*push, "--axes", "errors", "--json"], env)
        # A project of which the answer got lost is found by its mark.
        assert len(studio.projects("flaky")) == 2
        held = [one for number in studio.projects("flaky").values() for one in studio.tasks(number)]
        assert (
            sorted(one["data"]["benchwright_task"] for one in held)
            == pl.read_parquet(folder / "tasks.parquet")["task"].to_list()
        )
        for task in held:
            studio.call("POST", f"/api/tasks/{task['id']}/annotations/", {"result": [chosen("errors", "minor")]})
        assert until_done(pull, env)["verdicts"] == 20
    assert {"GET", "POST"} <= set(lost)
    assert done["plan"]["items"] == 20


def until_done(line: list[str], env: dict[str, str]) -> dict[str, Any]:
    """Run a command again until it ends well, as its errors say."""
    said = ""
    for _ in range(8):
        done = ended(line, SECONDS, env)
        if done.returncode == 0:
            return dict(json.loads(done.stdout))
        said = done.stdout + done.stderr
        assert "server-unreachable" in said
    raise AssertionError(said)


def test_a_server_that_is_started_again_keeps_what_it_had(
    command: list[str], tmp_path: Path, place: tuple[Path, int], studio: Studio
) -> None:
    items, _ = write_exam(tmp_path / "exam", 20, ("es",))
    push = [
        *command,
        "review",
        "push",
        str(items),
        "--project",
        "again",
        "--folder",
        str(tmp_path / "review"),
        "--json",
    ]
    assert json.loads(run(push, seconds=SECONDS, env=ours(studio)))["added"] == 20
    home = tmp_path / "studio"
    shutil.copytree(place[0], home)
    with served(command, home, free_port()) as server:
        assert server.token == studio.token
        told = json.loads(run(push, seconds=SECONDS, env=ours(server)))
    assert (told["added"], told["kept"]) == (0, 20)


def test_two_versions_are_compared_and_tell_which_is_better(
    command: list[str], studio: Studio, tokens: dict[str, str], tmp_path: Path
) -> None:
    _, sources = write_exam(tmp_path / "exam", 6)
    by_id = {one.id: one for n in range(1, 7) for one in (version(n, "human", "ar"), version(n, "mega", "ar"))}
    items = tmp_path / "versions.parquet"
    to_frame([by_id[name] for name in sorted(by_id)], Item).write_parquet(items)
    folder = tmp_path / "review"
    push = [*command, "review", "push", str(items), "--source", str(sources), "--folder", str(folder), "--json"]
    push += ["--project", "pairs", "--pairwise", "--per-item", "2", "--reviewers", ",".join(USERS[:2])]
    assert json.loads(run([*push, "--repeated", "2"], seconds=SECONDS, env=ours(studio)))["added"] == 16
    for name, project in studio.projects("pairs").items():
        for task in studio.tasks(project):
            assert "#" not in task["data"]["title"]
            body = {"result": [chosen("preference", better(task))]}
            studio.call("POST", f"/api/tasks/{task['id']}/annotations/", body, tokens[USERS[int(name[-1]) - 1]])
    pull = [*command, "review", "pull", "--folder", str(folder), "--project", "pairs", "--json"]
    told = json.loads(run(pull, seconds=SECONDS, env=ours(studio)))
    assert (told["taken"], told["refused"], told["partial"]) == (16, 0, 0)
    found = json.loads(run([*command, "review", "agreement", "--folder", str(folder), "--json"], seconds=SECONDS))
    shares = {row["version"]: row["estimate"] for row in found["versions"] if row["statistic"] == "win_share"}
    assert shares == {"human": 1.0, "mega": 0.0}
    assert {row["consistent"] for row in found["places"]} == {1.0}


@pytest.mark.parametrize("language", ["ar", "ja", "es"])
def test_the_page_in_a_browser(command: list[str], studio: Studio, tmp_path: Path, language: str) -> None:
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("no Chromium")
    items, sources = write_exam(tmp_path / "exam", 2, (language,))
    name = f"page-{language}"
    push = [*command, "review", "push", str(items), "--source", str(sources), "--project", name]
    run([*push, "--folder", str(tmp_path / "review")], seconds=SECONDS, env=ours(studio))
    project = next(iter(studio.projects(name).values()))
    task = studio.tasks(project)[0]
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=60000", "--window-size=1500,2400"]
    with proxy(studio.url, session(studio.url, studio.email, studio.password)) as address:
        page = f"{address}/projects/{project}/data?task={task['id']}"
        shown: dict[str, Any] = {}
        for kind in ("--dump-dom", f"--screenshot={tmp_path / 'page.png'}"):
            line = [program, *flags, f"--user-data-dir={tmp_path / kind[2:6]}", kind, page]
            shown[kind[2:6]] = ended(line, 300).stdout
    assert (tmp_path / "page.png").stat().st_size > 50_000
    dom = shown["dump"]
    assert task["data"]["fix_stem"] in dom
    assert "&lt;b&gt;x&lt;/b&gt;" in dom
    assert ("direction: rtl" in dom) == (language == "ar")
