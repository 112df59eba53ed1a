"""The options that several commands share, each with its default and what follows from it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from communique.cli.terminal import Run

DEMO_STORE = "data/demo"
type_path = click.Path(path_type=Path)


def _run(context: click.Context) -> Run:
    run = context.find_root().obj
    assert isinstance(run, Run)
    return run


def _flag(context: click.Context, option: click.Parameter, value: object) -> object:
    """Keeps a setting that was given on the command line."""
    if value is not None and option.name:
        _run(context).flags[option.name] = value
    return value


def _quiet(context: click.Context, _option: click.Parameter, value: bool) -> None:
    if value:
        _run(context).verbosity = -1


def _verbose(context: click.Context, _option: click.Parameter, value: bool) -> None:
    if value:
        _run(context).verbosity = 1


def _debug(context: click.Context, _option: click.Parameter, value: bool) -> None:
    if value:
        _run(context).debug = True


def _config(context: click.Context, _option: click.Parameter, value: Path | None) -> None:
    if value is not None:
        _run(context).config = value


def everywhere(function: Callable[..., Any]) -> Callable[..., Any]:
    """Options that stand before or after the name of any command."""
    for option in reversed(
        [
            click.option("--quiet", "-q", is_flag=True, expose_value=False, callback=_quiet, help="Say nothing but errors."),
            click.option("--verbose", "-v", is_flag=True, expose_value=False, callback=_verbose, help="Say more about what is done."),
            click.option("--debug", is_flag=True, expose_value=False, callback=_debug, help="Show where in the code an error arose."),
            click.option(
                "--config",
                type=type_path,
                expose_value=False,
                callback=_config,
                metavar="FILE",
                help="Settings file. Default: $COMMUNIQUE_CONFIG, then communique.toml here if there is one.",
            ),
        ]
    ):
        function = option(function)
    return function


def setting(name: str, metavar: str, help: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """An option that is a setting: without it, environment, file and default decide (`communique config` shows what they say)."""
    return click.option(f"--{name}", expose_value=False, callback=_flag, metavar=metavar, help=help)


base = setting("base", "IRI", "IRI under which readouts, people and graphs are minted. Default: https://w3id.org/communique/.")
store = setting("store", "PLACE", "The store: a directory. Default: data/store.")
demo_store = setting("store", "PLACE", f"The store of the samples: a directory. Default: {DEMO_STORE}.")
host = setting("host", "NAME", "Address to listen on. Default: 127.0.0.1, this machine only; 0.0.0.0 opens it to the network.")
cache = setting("cache", "DIR", "Directory that fetched pages are kept in. Default: data/cache.")
pause = setting("pause", "SECONDS", "Seconds between two requests to one host; more where its robots.txt asks for more. Default: 1.")
licence = setting("licence", "IRI", "Terms under which the data is offered, as the endpoint tells them. Default: none are told.")
federation = setting("federation", "URLS", "SPARQL endpoints that queries may ask with SERVICE, with spaces between. Default: none.")
default_graph = setting(
    "default-graph", "WHICH", "What a query sees that names no graph: 'union' of all, or the store's 'own'. Default: union."
)
port = setting("port", "NUMBER", "Port to listen on. Default: 8000; 0 takes a free one.")
isolation = setting("isolation", "HOW", "workers: each query in a process that can be killed. none: in the server. Default: workers.")
workers = setting("workers", "NUMBER", "Queries answered at once. Default: 0, one for each core and two at least.")
timeout = setting("timeout", "SECONDS", "Seconds that a query may take, to the last byte; then it is killed. Default: 30.")
memory = setting("memory", "MB", "Megabytes that a query may take beside the store; then it is killed. Default: 512.")
max_rows = setting("max-rows", "NUMBER", "Rows that an answer may have. Default: 1000000.")
max_answer = setting("max-answer", "MB", "Megabytes that an answer may have. Default: 200.")
max_body = setting("max-body", "KB", "Kilobytes that a request may have. Default: 1000.")
queue = setting("queue", "NUMBER", "Queries that may wait for a worker. Default: 32.")
budget = setting("budget", "SECONDS", "Seconds a minute that the queries of one other machine may take together. Default: 60; 0: no limit.")
proxies = setting("proxies", "NUMBER", "Proxies of yours in front, which say who a client is. Default: 0.")
access_log = setting("access-log", "FILE", "File for a line of JSON a request; - is standard error. Default: none.")
opinion_address = setting("opinion-address", "URL", "Base address of an OpenAI-compatible endpoint. Default: none.")
opinion_model = setting("opinion-model", "NAME", "The model to ask, as the endpoint calls it. Default: none.")
opinion_replies = setting("opinion-replies", "FILE", "Record replies there; what is in it is not asked again. Default: none.")
decisions = setting("decisions", "FILE", "A curator's decisions on who is who, one a line. Default: decisions.txt, if there is one.")


def engine(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say where documents are read; the command gets ``engine`` and ``jobs``."""
    place = click.option("--engine", metavar="PLACE", help="Read on a cluster: dask://HOST:PORT. Default: on this machine.")
    jobs = click.option(
        "--jobs",
        "-j",
        type=click.IntRange(min=0),
        metavar="N",
        help="Processes that read documents; 0: one for each core. The result is the same for any number and any engine. Default: 1.",
    )
    return place(jobs(function))


def opinion(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a second opinion."""
    asked = click.option("--opinion", is_flag=True, help="Ask a language model for a second opinion on each text. Default: rules only.")
    return asked(opinion_address(opinion_model(opinion_replies(function))))


def limits(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say what queries may take and who watches."""
    for option in (access_log, proxies, budget, queue, max_body, max_answer, max_rows, memory, timeout, workers, isolation):
        function = option(function)
    return function


later = click.option(
    "--later",
    is_flag=True,
    help="Leave who is who and what joins readouts to `communique reason`, for many changes in a row. Default: bring it up to date now.",
)
names = click.option(
    "--names",
    type=click.Choice(["own", "one", "all"]),
    default="own",
    help="own: as each readout has them. one: one name a person, that of the authority file. all: everything under every name; one and all "
    "work on a copy in memory. Default: own.",
)
