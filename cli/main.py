"""The front door: the group of commands, the options that all share, and the one place where errors become exit codes."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence

import click

from communique.cli import (
    asking,
    covering,
    evaluating,
    explaining,
    exporting,
    facts,
    fetching,
    lexicon,
    people,
    reading,
    serving,
    settings,
    storing,
    thinking,
)
from communique.cli.options import everywhere
from communique.cli.terminal import Run
from communique.errors import CommuniqueError, ExitCode


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(None, "--version", "-V", package_name="communique", message="%(prog)s %(version)s")
@everywhere
def communique() -> None:
    """A knowledge graph of foreign-relations events, read from the readouts of foreign ministries.

    Start with `communique demo`: it reads the shipped samples into a store and serves it. Data goes to stdout, words go
    to stderr. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 findings with --strict, 130 interrupted.
    """


for module in (
    fetching,
    facts,
    reading,
    evaluating,
    people,
    thinking,
    explaining,
    asking,
    exporting,
    covering,
    serving,
    storing,
    lexicon,
    settings,
):
    for command in module.COMMANDS:
        communique.add_command(command)


def main() -> None:
    """Runs the command line and exits."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Runs one command; returns its exit code and never lets an exception out."""
    state = Run()
    try:
        with communique.make_context("communique", list(arguments), obj=state) as context:
            communique.invoke(context)
        sys.stdout.flush()
        return ExitCode.DONE
    except click.exceptions.Exit as wish:
        return wish.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        print("communique: interrupted", file=sys.stderr)
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # Who read our output has seen enough. What is still buffered must not raise again when Python flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.DONE
    except CommuniqueError as error:
        return _failed(state, str(error), error.exit_code)
    except OSError as error:
        return _failed(state, f"{error.filename or 'system'}: {error.strerror or error}", ExitCode.FAILED)
    except Exception as error:
        return _failed(state, f"{type(error).__name__}: {error}; this is a fault of communique: --debug shows where", ExitCode.FAILED)


def _failed(state: Run, line: str, code: ExitCode) -> ExitCode:
    if state.debug:
        traceback.print_exc()
    print(f"communique: {line}", file=sys.stderr)
    return code
