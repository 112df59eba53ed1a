"""What pages load: all of it our own or vendored with licence and hash, none of it from another host, and no more than a page needs."""

from __future__ import annotations

import base64
import gzip
import hashlib
import importlib.util
import io
import json
import re
import subprocess
import tarfile
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from flask.testing import FlaskClient


@pytest.fixture(scope="module")
def static(root: Path) -> Path:
    return root / "server" / "static"


@pytest.fixture(scope="module")
def vendor(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("vendor", root / "tools" / "vendor.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_folder_is_what_the_list_says(static: Path, vendor: ModuleType) -> None:
    home = static / "vendor"
    listed = {"VENDOR.toml"}
    for package in tomllib.loads((home / "VENDOR.toml").read_text(encoding="utf-8"))["package"]:
        assert package["archive"].startswith("sha512-")
        assert package["licence"] in ("MIT", "ISC", "BSD-3-Clause", "Apache-2.0")
        assert any("licen" in name.lower() for name in package["files"])
        assert set(package["files"]) == set(package["sha256"])
        for name, digest in package["sha256"].items():
            path = home / vendor.folder(package) / name
            assert hashlib.sha256(path.read_bytes()).hexdigest() == digest, path
            listed.add(path.relative_to(home).as_posix())
    assert {path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()} == listed
    assert not list(static.rglob("*.map"))


def test_our_own_scripts_and_sheets_name_no_other_host(static: Path) -> None:
    ours = [path for path in static.rglob("*") if path.suffix in (".js", ".css") and "vendor" not in path.relative_to(static).parts]
    assert ours
    for path in ours:
        hosts = set(re.findall(r"(?:https?:)?//[a-z0-9-]+\.[a-z.]+[\w/.#-]*", path.read_text(encoding="utf-8")))
        # Names of namespaces are no addresses.
        assert all(host.startswith(("http://www.w3.org/", "http://rdfs.org/ns/void#")) for host in hosts), (path.name, hosts)


def test_templates_load_own_paths_only(root: Path) -> None:
    for path in (root / "server" / "templates").glob("*.html"):
        text = path.read_text(encoding="utf-8")
        for tag in re.findall(r"<(?:script|link|img|iframe|source)\b[^>]*>", text):
            loaded = re.search(r'\s(?:src|href)="([^"]*)"', tag)
            assert loaded is None or loaded[1].startswith(("{{", "/")), (path.name, tag)
            assert "//" not in tag, (path.name, tag)


@pytest.mark.parametrize("path", ["/static/communique.css", "/static/vendor/topojson-client-3.1.0/topojson-client.min.js"])
def test_files_are_packed_and_not_sent_twice(client: FlaskClient, static: Path, path: str) -> None:
    plain = client.get(path, buffered=True)
    assert plain.data == (static / path.removeprefix("/static/")).read_bytes()
    packed = client.get(path, headers={"Accept-Encoding": "gzip"}, buffered=True)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 2
    assert ("immutable" in packed.headers["Cache-Control"]) is ("vendor" in path)
    again = client.get(path, headers={"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]}, buffered=True)
    assert (again.status_code, again.data) == (304, b"")


def packed_as(tmp_path: Path, files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, text in files.items():
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))
    return out.getvalue()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, ""),
        ({"archive": "sha512-other"}, "the archive has the hash"),
        ({"files": {"a.js": "dist/a.js"}}, "no licence text"),
        ({"files": {"LICENSE": "LICENSE", "a.js.map": "dist/a.js.map"}}, "source maps are not taken"),
        ({"licence": "GPL-3.0"}, "its licence is ISC"),
        ({"sha256": {"a.js": "0" * 64}}, "another hash than is written down"),
        ({"files": {"LICENSE": "LICENSE", "b.js": "dist/b.js"}}, "has no dist/b.js"),
    ],
)
def test_what_is_not_as_written_down_is_refused(
    vendor: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, changed: dict[str, object], said: str
) -> None:
    archive = packed_as(
        tmp_path, {"package.json": '{"license": "ISC"}', "LICENSE": "May be used.", "dist/a.js": "let a;", "dist/a.js.map": "{}"}
    )

    def npm(command: list[str], cwd: Path, **_options: object) -> subprocess.CompletedProcess[str]:
        (cwd / "some-thing-1.0.0.tgz").write_bytes(archive)
        return subprocess.CompletedProcess(command, 0, json.dumps([{"filename": "@some/thing-1.0.0.tgz"}]), "")

    monkeypatch.setattr(vendor.subprocess, "run", npm)
    digest = "sha512-" + base64.b64encode(hashlib.sha512(archive).digest()).decode()
    files = {"LICENSE": "LICENSE", "a.js": "dist/a.js"}
    package: dict[str, object] = {"name": "@some/thing", "version": "1.0.0", "licence": "ISC", "files": files, "archive": digest} | changed
    if said:
        with pytest.raises(vendor.Refused, match=said):
            vendor.take(package, tmp_path, record=True)
    else:
        vendor.take(package, tmp_path, record=True)
        assert (tmp_path / "some-thing-1.0.0" / "a.js").read_text(encoding="utf-8") == "let a;"
        assert set(package["sha256"]) == set(files)  # type: ignore[call-overload]
