"""Takes the JavaScript that pages load from npm packages into ``server/static/vendor``, with licence and hashes.

Needs npm, and only who changes ``VENDOR.toml`` needs to run it; users get the files with the package.  For a new package or version
write its entry without ``archive`` and ``sha256``, run ``python tools/vendor.py --record``, read the difference, commit it.
Without ``--record`` an archive or a file with another hash than is written down is refused.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import Final

HOME: Final = Path(__file__).resolve().parent.parent / "server" / "static" / "vendor"
LIST: Final = "VENDOR.toml"
HEAD: Final = "# What pages load that others made.  Kept by tools/vendor.py; tests compare the folder with it.\n"


class Refused(Exception):
    """What stands in a package is not what is wanted: one line that says so."""


def folder(package: dict[str, object]) -> str:
    """Where the files of a package stand: ``@triply/yasgui`` 4.2.28 -> ``triply-yasgui-4.2.28``."""
    return f"{str(package['name']).removeprefix('@').replace('/', '-')}-{package['version']}"


def unpacked(name: str, version: str, into: Path) -> tuple[str, dict[str, bytes]]:
    """The hash of a package's archive as npm writes it, and its files by their paths; nothing is written."""
    done = subprocess.run(["npm", "pack", f"{name}@{version}", "--json"], cwd=into, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refused(f"{name}@{version}: npm does not give it: {done.stderr.strip().splitlines()[-1:]}")
    archive = into / json.loads(done.stdout)[0]["filename"].replace("@", "").replace("/", "-")
    digest = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    with tarfile.open(archive) as packed:
        files = {m.name.removeprefix("package/"): file.read() for m in packed if m.isfile() and (file := packed.extractfile(m))}
    return digest, files


def take(package: dict[str, object], home: Path, record: bool) -> None:
    """Brings the files of one package into ``home``, and their hashes into ``package``.  Raises ``Refused``."""
    files, known = package["files"], package.setdefault("sha256", {})
    assert isinstance(files, dict) and isinstance(known, dict)
    where = f"{package['name']}@{package['version']}"
    if not any("licen" in name.lower() for name in files):
        raise Refused(f"{where}: no licence text among the files to take")
    if odd := [name for name in files if name.endswith(".map")]:
        raise Refused(f"{where}: source maps are not taken: {', '.join(odd)}")
    with tempfile.TemporaryDirectory() as place:
        digest, inside = unpacked(str(package["name"]), str(package["version"]), Path(place))
        if package.get("archive", digest if record else "") != digest:
            raise Refused(f"{where}: the archive has the hash {digest}, and not the one in {LIST}")
        package["archive"] = digest
        says = json.loads(inside["package.json"]).get("license")
        if says != package["licence"]:
            raise Refused(f"{where}: its licence is {says}, and not {package['licence']}")
        into = home / folder(package)
        shutil.rmtree(into, ignore_errors=True)
        into.mkdir(parents=True)
        for name, source in sorted(files.items()):
            if str(source) not in inside:
                raise Refused(f"{where}: has no {source}")
            data = inside[str(source)]
            found = hashlib.sha256(data).hexdigest()
            if known.get(name, found if record else "") != found:
                raise Refused(f"{where}: {source} has another hash than is written down")
            known[name] = found
            (into / name).write_bytes(data)


def written(packages: list[dict[str, object]]) -> str:
    """The list as TOML."""
    lines = [HEAD]
    for package in packages:
        lines.append("[[package]]")
        lines += [f"{key} = {json.dumps(package[key])}" for key in ("name", "version", "licence", "why", "archive")]
        for table in ("files", "sha256"):
            lines.append(f"[package.{table}]")
            given = package[table]
            assert isinstance(given, dict)
            lines += [f"{json.dumps(key)} = {json.dumps(value)}" for key, value in sorted(given.items())]
        lines.append("")
    return "\n".join(lines)


def main() -> int:
    """Take everything that is listed."""
    reading = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reading.add_argument("--record", action="store_true", help="write down hashes that are not yet known")
    record = reading.parse_args().record
    packages = tomllib.loads((HOME / LIST).read_text(encoding="utf-8"))["package"]
    try:
        for package in packages:
            take(package, HOME, record)
            print(f"{folder(package)}: {len(package['files'])} files")
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    (HOME / LIST).write_text(written(packages), encoding="utf-8")
    wanted = {folder(package) for package in packages}
    for old in HOME.iterdir():
        if old.is_dir() and old.name not in wanted:
            shutil.rmtree(old)
    return 0


if __name__ == "__main__":
    sys.exit(main())
