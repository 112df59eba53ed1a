"""Sets communique up in .venv, once, and runs it: the demo, the tests, or any of its commands.

    python3 run.py [options]          the demo: samples in, reasoned, checked, served (options as in `communique demo`)
    python3 run.py test [options]     the test suite (options as in pytest)
    python3 run.py COMMAND ...        any command of communique, e.g. `python3 run.py query --list`

Needs Python 3.11 or newer and nothing else; packages are taken as requirements.lock has them, by their hashes.
"""

import sys

if sys.version_info < (3, 11):  # before anything that an older Python cannot read
    sys.exit("communique needs Python 3.11 or newer; this is %d.%d. Try: python3.11 run.py" % sys.version_info[:2])

import hashlib
import importlib.util
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PROGRAMS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = PROGRAMS / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "communique.stamp"


def main(arguments: list[str]) -> int:
    """Sets up if need be, then hands over."""
    try:
        set_up()
    except subprocess.CalledProcessError as error:
        sys.exit(f"run.py: set-up failed at '{Path(error.cmd[0]).name} {' '.join(error.cmd[1:4])} ...'; the lines above say why")
    except OSError as error:
        sys.exit(f"run.py: set-up failed: {error}")
    if arguments[:1] == ["test"]:
        os.chdir(ROOT)
        # One more than there are cores: a quarter of the time a test waits, for a server, a browser or a worker that it started.
        processes = min(4, os.cpu_count() or 1) + 1
        return hand_over([str(PYTHON), "-m", "pytest", *(arguments[1:] or ["-n", str(processes), "--dist", "worksteal"])])
    if not arguments or arguments[0].startswith("-"):
        arguments = ["demo", *arguments]
    return hand_over([str(PYTHON), "-m", "communique.cli", *arguments])


def set_up() -> None:
    """Makes .venv and installs into it, unless the stamp says that just this is there already."""
    wanted = fingerprint()
    if PYTHON.exists() and STAMP.is_file() and STAMP.read_text(encoding="ascii") == wanted:
        return
    print("run.py: setting up .venv (once; needs the package index and about a minute)", file=sys.stderr)
    STAMP.unlink(missing_ok=True)
    pip = make_environment()
    subprocess.run([*pip, "install", "--quiet", "--require-hashes", "--no-deps", "-r", str(ROOT / "requirements.lock")], check=True)
    subprocess.run([*pip, "install", "--quiet", "--no-build-isolation", "--no-deps", "-e", str(ROOT)], check=True)
    STAMP.write_text(wanted, encoding="ascii")


def fingerprint() -> str:
    """Changes with the lock, the project file, the interpreter and the place."""
    parts = [(ROOT / name).read_bytes() for name in ("requirements.lock", "pyproject.toml")]
    return hashlib.sha256(b"\0".join([*parts, sys.version.encode(), str(ROOT).encode()])).hexdigest()


def make_environment() -> list[str]:
    """Makes .venv with this interpreter; returns the command that is its pip."""
    interpreter = getattr(sys, "_base_executable", "") or sys.executable  # not the one in .venv, which is about to go
    if importlib.util.find_spec("ensurepip"):
        subprocess.run([interpreter, "-m", "venv", "--clear", str(VENV)], check=True)
        return [str(PYTHON), "-m", "pip", "--disable-pip-version-check"]
    if importlib.util.find_spec("venv") and importlib.util.find_spec("pip"):  # a system that ships pip apart from venv
        subprocess.run([interpreter, "-m", "venv", "--clear", "--without-pip", str(VENV)], check=True)
        return [interpreter, "-m", "pip", "--disable-pip-version-check", "--python", str(PYTHON)]
    sys.exit("run.py: this Python cannot make virtual environments (ensurepip is missing); on Debian or Ubuntu: apt install python3-venv")


def hand_over(command: list[str]) -> int:
    """Becomes the command where the system can; else runs it and returns its exit code."""
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        os.execv(command[0], command)
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
