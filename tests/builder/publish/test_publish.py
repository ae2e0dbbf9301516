"""What is not fit is not published; folders and git remotes get a version once, whole."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from benchwright.builder.publish import fetched, publish
from benchwright.builder.publish._lfs import pointer, upload_objects
from benchwright.builder.publish.fetch import hub_address
from benchwright.builder.publish.plan import plan_of
from benchwright.builder.release import make_release, verify_release
from benchwright.builder.release._write import sums
from benchwright.builder.store import file_sha256
from benchwright.schemas.errors import BenchwrightError, GateError, InputError, OutputError
from tests.builder.release.project import make_project, ordinary_items, say_current
from tests.builder.release.reading import all_bytes
from tests.schemas.strategies import plain_item


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two versions that no test changes."""
    with pytest.MonkeyPatch.context() as patch:
        say_current(patch)
        project = make_project(tmp_path_factory.mktemp("publish") / "p")
        make_release(project, "1.0.0")
        make_project(project, [*ordinary_items(), plain_item(7)])
        make_release(project, "1.1.0")
    return project / "release"


@pytest.fixture
def copy(releases: Path, tmp_path: Path) -> Path:
    """A release to spoil."""
    return Path(shutil.copytree(releases / "1.0.0", tmp_path / "1.0.0"))


def reason(release: Path, to: str) -> str:
    with pytest.raises(GateError) as caught:
        publish(release, to)
    assert {problem.code for problem in caught.value.problems} == {"publish-refused"}
    assert caught.value.exit_code == 1
    return str(caught.value)


def rewrite(release: Path) -> None:
    """Write hashes anew, so that only what is inside differs."""
    manifest = json.loads((release / "manifest.json").read_text())
    for entry in manifest["files"]:
        path = release / entry["name"]
        entry.update(size=path.stat().st_size, sha256=file_sha256(path))
    (release / "manifest.json").write_text(json.dumps(manifest))
    (release / "SHA256SUMS").write_text(sums(release))


def test_an_edited_release_is_not_published(copy: Path, tmp_path: Path) -> None:
    (copy / "README.md").write_text("something else")
    assert "sha256 differs in README.md" in reason(copy, f"dir:{tmp_path / 'out'}")
    assert not (tmp_path / "out").exists()


def test_a_release_without_canary_is_not_published(copy: Path, tmp_path: Path) -> None:
    table = copy / "findings.parquet"
    pl.read_parquet(table).with_columns(canary=pl.lit(None, pl.String)).write_parquet(table)
    rewrite(copy)
    assert "the canary is missing" in reason(copy, f"dir:{tmp_path / 'out'}")


def test_texts_that_no_licence_allows_are_not_published(copy: Path, tmp_path: Path) -> None:
    table = copy / "data/es/test-native-raw.parquet"
    canary = pl.read_parquet_metadata(table)["canary"]
    closed = pl.col("licence").struct.with_fields(pl.lit("unknown").alias("id"))
    pl.read_parquet(table).with_columns(closed).write_parquet(table, metadata={"canary": canary})
    rewrite(copy)
    assert "a licence forbids it" in reason(copy, f"dir:{tmp_path / 'out'}")


def test_a_folder_gets_a_version_once_and_whole(releases: Path, tmp_path: Path) -> None:
    to = f"dir:{tmp_path / 'out'}"
    dry = publish(releases / "1.0.0", to, dry_run=True)
    assert [step for step, _ in dry.steps] == ["copy", "move"]
    assert not (tmp_path / "out").exists()
    for version in ("1.0.0", "1.1.0"):
        assert publish(releases / version, to).committed
        assert all_bytes(tmp_path / "out" / version) == all_bytes(releases / version)
        again = publish(releases / version, to)
        assert (again.committed, again.steps[0][0]) == (False, "nothing")
    assert verify_release(tmp_path / "out" / "1.1.0").ok


def test_a_copy_that_broke_off_is_continued(releases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[str] = []

    def breaks(source: Path, target: Path) -> None:
        if len(copied) == 5:
            raise OSError(28, "No space left on device")
        copied.append(Path(source).name)
        Path(target).write_bytes(Path(source).read_bytes())

    monkeypatch.setattr("benchwright.builder.publish.folder.shutil.copyfile", breaks)
    with pytest.raises(OutputError, match="output-disk-full"):
        publish(releases / "1.0.0", f"dir:{tmp_path / 'out'}")
    assert not (tmp_path / "out" / "1.0.0").exists()
    monkeypatch.undo()
    (tmp_path / "out" / ".1.0.0.part~" / "stray").write_text("x")
    done = publish(releases / "1.0.0", f"dir:{tmp_path / 'out'}")
    assert "5 are there" in done.steps[0][1]
    assert all_bytes(tmp_path / "out" / "1.0.0") == all_bytes(releases / "1.0.0")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["1.0.0"]


def test_other_files_under_the_same_version_are_refused(releases: Path, tmp_path: Path) -> None:
    (tmp_path / "out" / "1.0.0").mkdir(parents=True)
    (tmp_path / "out" / "1.0.0" / "SHA256SUMS").write_text("other")
    with pytest.raises(OutputError, match="tag-exists"):
        publish(releases / "1.0.0", f"dir:{tmp_path / 'out'}")


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet", "--bare", "remote.git")
    return tmp_path / "remote.git"


def test_a_git_remote_gets_pointers_objects_commits_and_tags(releases: Path, remote: Path, tmp_path: Path) -> None:
    to = f"git:{remote}#main"
    assert [step for step, _ in publish(releases / "1.0.0", to, dry_run=True).steps] == ["objects", "commit", "tag"]
    assert git(remote, "for-each-ref") == ""
    publish(releases / "1.0.0", to)
    publish(releases / "1.1.0", to)
    assert git(remote, "log", "--format=%s", "main").splitlines() == [
        "Release 1.1.0: 1 items added",
        "Release 1.0.0: 5 items",
    ]
    assert git(remote, "tag").splitlines() == ["v1.0.0", "v1.1.0"]
    name = "data/es/test-native-raw.parquet"
    data = (releases / "1.1.0" / name).read_bytes()
    oid = hashlib.sha256(data).hexdigest()
    assert git(remote, "show", f"main:{name}").splitlines()[1:] == [f"oid sha256:{oid}", f"size {len(data)}"]
    assert (remote / "lfs" / "objects" / oid[:2] / oid[2:4] / oid).read_bytes() == data
    card = git(remote, "show", "v1.0.0:README.md")
    assert card == (releases / "1.0.0" / "README.md").read_text(encoding="utf-8").strip()
    assert f"/{name} filter=lfs" in git(remote, "show", "main:.gitattributes")
    again = publish(releases / "1.0.0", to)
    assert (again.committed, again.steps[0][0]) == (False, "nothing")
    assert len(git(remote, "rev-list", "main").splitlines()) == 2


def test_a_tag_with_other_files_is_refused(releases: Path, remote: Path) -> None:
    publish(releases / "1.0.0", f"git:{remote}")
    plan = plan_of(releases / "1.1.0")
    git(remote, "tag", "v1.1.0", "main")
    with pytest.raises(OutputError, match="tag-exists"):
        publish(plan.release, f"git:{remote}")
    assert len(git(remote, "rev-list", "main").splitlines()) == 1


def test_a_remote_that_is_not_there_is_told_without_the_token(releases: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="git refused") as caught:
        publish(releases / "1.0.0", f"git:{tmp_path / 'none.git'}")
    assert caught.value.problems[0].code == "publish-failed"
    with pytest.raises(OutputError) as caught:
        publish(releases / "1.0.0", "git:https://me:s3cret@127.0.0.1:9/x.git")
    assert "s3cret" not in str(caught.value)


class Store(BaseHTTPRequestHandler):
    """An LFS store that has one object, takes others, and refuses after a while."""

    held: dict[str, bytes]
    room: int

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the base class
        pass

    def say(self, status: int, data: Any = None) -> None:
        raw = json.dumps(data or {}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.held[self.headers.get("Authorization", "")] = b""
        host = f"http://{self.headers['Host']}"
        told = [
            one if one["oid"] in self.held else {**one, "actions": {"upload": {"href": f"{host}/{one['oid']}"}}}
            for one in asked["objects"]
        ]
        self.say(200, {"objects": told})

    def do_PUT(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        if len(self.held) > self.room:
            self.say(507)
            return
        self.held[self.path[1:]] = data
        self.say(200)


@pytest.fixture
def store() -> Iterator[tuple[str, type[Store]]]:
    handler = type("Bound", (Store,), {"held": {}, "room": 100})
    server = HTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}", handler
    server.shutdown()
    server.server_close()


def test_objects_go_to_a_store_over_http_once(releases: Path, store: tuple[str, type[Store]]) -> None:
    address, held = store
    files = [one for one in plan_of(releases / "1.0.0").files if one.name.endswith(".parquet")]
    upload_objects(f"http://user:key@{address}/org/exam.git", files)
    assert {one.sha256 for one in files} <= set(held.held)
    assert any(name.startswith("Basic ") for name in held.held)
    assert held.held[files[0].sha256] == files[0].path.read_bytes()
    held.held.pop(files[0].sha256)
    held.room = 0
    with pytest.raises(OutputError, match="publish-failed"):
        upload_objects(f"http://{address}/org/exam", files)


def test_a_pointer_is_what_git_lfs_writes(releases: Path) -> None:
    one = plan_of(releases / "1.0.0").files[0]
    blob = subprocess.run(["git", "hash-object", str(one.path)], capture_output=True, text=True, check=True)
    assert blob.stdout.strip() == one.git_blob
    text = pointer(one).decode()
    assert text == f"version https://git-lfs.github.com/spec/v1\noid sha256:{one.sha256}\nsize {one.size}\n"


@pytest.mark.parametrize("to", ["", "hf:", "ftp:x", "hf:org", "hf:org/name@v1", "hf:a b/c"])
def test_an_address_that_is_none_is_refused(releases: Path, to: str) -> None:
    with pytest.raises(InputError, match="name-unknown"):
        publish(releases / "1.0.0", to)


def test_addresses_on_a_hub() -> None:
    assert hub_address("hf:org/name@v1.2.0") == ("org/name", "v1.2.0")
    assert hub_address("hf:org/name") == ("org/name", None)
    with fetched("some/folder") as path:
        assert path == Path("some/folder")


def test_what_is_no_release_is_not_published(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such release"):
        publish(tmp_path, "dir:x")
    from benchwright.builder.cli import app

    done = CliRunner().invoke(app, ["publish", str(tmp_path), "--to", "dir:x", "--json"])
    assert done.exit_code == 2
    assert json.loads(done.stdout)["problems"][0]["code"] == "file-not-found"


def test_the_extra_is_named_where_the_client_is_missing(releases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(BenchwrightError, match=r"benchwright\[hub\]"):
        publish(releases / "1.0.0", "hf:org/name")
