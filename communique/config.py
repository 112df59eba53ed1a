"""The settings: one frozen value, put together once from flag, environment, file and default, in that order.

Each value knows its origin, so that ``communique config`` can say where it comes from.  An unknown key in
``communique.toml`` or an unknown ``COMMUNIQUE_*`` variable is an error, never ignored.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any

from communique.errors import SettingsError

FILE = "communique.toml"
PREFIX = "COMMUNIQUE_"
CONFIG_VARIABLE = PREFIX + "CONFIG"
# The key of the endpoint for second opinions is a secret: it is no setting, so that it stands in no file, help text or listing.
KEY_VARIABLE = PREFIX + "OPINION_KEY"
# So are user and password of a store on another server.
STORE_USER_VARIABLE = PREFIX + "STORE_USER"
STORE_PASSWORD_VARIABLE = PREFIX + "STORE_PASSWORD"
# And the token of those who may write over HTTP.
TOKEN_VARIABLE = PREFIX + "TOKEN"
_NO_SETTINGS = (CONFIG_VARIABLE, KEY_VARIABLE, TOKEN_VARIABLE, STORE_USER_VARIABLE, STORE_PASSWORD_VARIABLE)


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting of the project; ``origins`` says for each name where its value comes from."""

    base: str = field(
        default="https://w3id.org/communique/",
        metadata={
            "summary": "IRI under which readouts, people and graphs are minted",
            "form": re.compile(r"https?://[^\s<>\"{}|\\^`/][^\s<>\"{}|\\^`]*/"),
            "wanted": "an absolute http or https IRI that ends with '/'",
        },
    )
    store: str = field(
        default="data/store",
        metadata={
            "summary": "the store: a directory, 'memory:' for one that ends with the process, or sparql+http(s)://... for one on a server",
            "form": re.compile(r"\S.*"),
            "wanted": "a directory, 'memory:' or the address of a store",
        },
    )
    host: str = field(
        default="127.0.0.1",
        metadata={
            "summary": "address that the endpoint listens on; anything but loopback is open to the network",
            "form": re.compile(r"[A-Za-z0-9.:\-]+"),
            "wanted": "a host name or an IP address",
        },
    )
    port: int = field(
        default=8000,
        metadata={
            "summary": "port that the endpoint listens on; 0 takes a free one",
            "form": re.compile(r"[0-5]?\d{1,4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5]", re.ASCII),
            "wanted": "a whole number from 0 to 65535",
        },
    )
    default_graph: str = field(
        default="union",
        metadata={
            "summary": "what a query that names no graph sees at the endpoint: the 'union' of all, or the store's 'own' default graph",
            "form": re.compile(r"union|own"),
            "wanted": "'union' or 'own'",
        },
    )
    licence: str = field(
        default="",
        metadata={
            "summary": "IRI of the terms under which the data is offered, as the endpoint tells them; without one, none are told",
            "form": re.compile(r"https?://[^\s<>\"{}|\\^`]+"),
            "wanted": "an absolute http or https IRI",
        },
    )
    federation: str = field(
        default="",
        metadata={
            "summary": "SPARQL endpoints that queries may ask with SERVICE, with spaces between; else they reach no other server",
            "form": re.compile(r"(?:https?://[^\s@?#<>]+(?: +|$))*"),
            "wanted": "http or https addresses with spaces between",
        },
    )
    isolation: str = field(
        default="workers",
        metadata={
            "summary": "how the endpoint keeps queries apart: 'workers', each a process that can be killed, or 'none'",
            "form": re.compile(r"workers|none"),
            "wanted": "'workers' or 'none'",
        },
    )
    workers: int = field(
        default=0,
        metadata={
            "summary": "queries that the endpoint answers at once; 0: one for each core, and two at least",
            "form": re.compile(r"\d{1,3}", re.ASCII),
            "wanted": "a whole number from 0 to 999",
        },
    )
    timeout: float = field(
        default=30.0,
        metadata={
            "summary": "seconds that a query may take, from its turn to the last byte of its answer",
            "form": re.compile(r"(?!0+(?:\.0+)?$)\d{1,4}(?:\.\d{1,3})?", re.ASCII),
            "wanted": "a number of seconds up to 9999",
        },
    )
    memory: int = field(
        default=512,
        metadata={
            "summary": "megabytes of memory that a query may take beside the store, with workers",
            "form": re.compile(r"[1-9]\d{1,5}", re.ASCII),
            "wanted": "a whole number from 10 to 999999",
        },
    )
    max_rows: int = field(
        default=1_000_000,
        metadata={
            "summary": "rows that an answer of the endpoint may have",
            "form": re.compile(r"[1-9]\d{0,11}", re.ASCII),
            "wanted": "a whole number from 1",
        },
    )
    max_answer: int = field(
        default=200,
        metadata={
            "summary": "megabytes that an answer of the endpoint may have",
            "form": re.compile(r"[1-9]\d{0,5}", re.ASCII),
            "wanted": "a whole number from 1 to 999999",
        },
    )
    max_body: int = field(
        default=1000,
        metadata={
            "summary": "kilobytes that a request to the endpoint may have",
            "form": re.compile(r"[1-9]\d{0,6}", re.ASCII),
            "wanted": "a whole number from 1 to 9999999",
        },
    )
    queue: int = field(
        default=32,
        metadata={
            "summary": "queries that may wait for a worker; more are refused",
            "form": re.compile(r"\d{1,4}", re.ASCII),
            "wanted": "a whole number from 0 to 9999",
        },
    )
    budget: float = field(
        default=60.0,
        metadata={
            "summary": "seconds a minute that the queries of one client may take together, from other machines; 0: no limit",
            "form": re.compile(r"\d{1,4}(?:\.\d{1,3})?", re.ASCII),
            "wanted": "a number of seconds from 0 to 9999",
        },
    )
    proxies: int = field(
        default=0,
        metadata={
            "summary": "proxies of your own in front of the endpoint, whose word is taken for who a client is (X-Forwarded-For)",
            "form": re.compile(r"\d", re.ASCII),
            "wanted": "a whole number from 0 to 9",
        },
    )
    access_log: str = field(
        default="",
        metadata={
            "summary": "file that the endpoint writes a line of JSON to for each request; '-' is standard error",
            "form": re.compile(r"\S.*"),
            "wanted": "a file or '-'",
        },
    )
    cache: str = field(
        default="data/cache",
        metadata={
            "summary": "directory that fetched pages are kept in",
            "form": re.compile(r"\S.*"),
            "wanted": "a directory",
        },
    )
    pause: float = field(
        default=1.0,
        metadata={
            "summary": "seconds between two requests to one host; more where its robots.txt asks for more",
            "form": re.compile(r"\d{1,4}(?:\.\d{1,3})?", re.ASCII),
            "wanted": "a number of seconds from 0 to 9999",
        },
    )
    decisions: str = field(
        default="decisions.txt",
        metadata={
            "summary": "file of a curator's decisions on who is who; a file of the default name is read if there is one",
            "form": re.compile(r"\S.*"),
            "wanted": "a file",
        },
    )
    opinion_address: str = field(
        default="",
        metadata={
            "summary": "base address of an OpenAI-compatible endpoint that --opinion asks; without it only recorded replies answer",
            "form": re.compile(r"https?://[^\s@?#]+"),
            "wanted": "an http or https address without user name, as http://127.0.0.1:8080/v1",
        },
    )
    opinion_model: str = field(
        default="",
        metadata={
            "summary": "the model that --opinion asks, as the endpoint calls it",
            "form": re.compile(r"[\w.:/@+-]{1,200}"),
            "wanted": "the name of a model",
        },
    )
    opinion_replies: str = field(
        default="",
        metadata={
            "summary": "file that replies are recorded in; what is in it is not asked again",
            "form": re.compile(r"\S.*"),
            "wanted": "a file",
        },
    )
    origins: Mapping[str, str] = field(default_factory=dict, compare=False)

    def origin(self, name: str) -> str:
        """Where the value of ``name`` comes from: ``--port``, ``COMMUNIQUE_PORT``, ``communique.toml`` or ``default``."""
        return self.origins.get(name, "default")


def without_password(value: str) -> str:
    """A setting as it may be shown: without what stands before the '@' of an address."""
    return re.sub(r"(?<=://)[^/?#]*@", "", value)


def described() -> tuple[Field[Any], ...]:
    """The settings as dataclass fields: name, default, type and, in ``metadata``, what each is for."""
    return tuple(f for f in fields(Settings) if f.name != "origins")


def load(flags: Mapping[str, object], environ: Mapping[str, str], file: Path | None = None) -> Settings:
    """The settings of one run.

    ``flags`` holds what was given on the command line (``None``: not given).  ``file`` is a ``communique.toml`` that must
    exist; without it ``$COMMUNIQUE_CONFIG`` is taken, then ``communique.toml`` in the current directory if there is one.
    Raises ``SettingsError`` for an unknown name or a value that cannot be used, naming where it came from.
    """
    values: dict[str, object] = {}
    origins: dict[str, str] = {}
    for name, raw, origin in (*_from_file(file, environ), *_from_environment(environ), *_from_flags(flags)):
        values[name] = _checked(name, raw, origin)
        origins[name] = origin
    return Settings(**values, origins=origins)  # type: ignore[arg-type]  # each value was checked against its field


def _from_file(file: Path | None, environ: Mapping[str, str]) -> Iterator[tuple[str, object, str]]:
    named = file or (Path(environ[CONFIG_VARIABLE]) if environ.get(CONFIG_VARIABLE) else None)
    path = named or Path(FILE)
    if named is None and not path.is_file():
        return
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError("cannot be read", where=path, todo=f"give a readable TOML file ({type(error).__name__})") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"is not TOML: {error}", where=path, todo="correct the line or remove the file") from error
    for key, raw in table.items():
        yield _known(key, str(path), key), raw, str(path)


def _from_environment(environ: Mapping[str, str]) -> Iterator[tuple[str, object, str]]:
    for variable in sorted(environ):
        if variable.startswith(PREFIX) and variable not in _NO_SETTINGS:
            yield _known(variable.removeprefix(PREFIX).lower(), "environment", variable), environ[variable], variable


def _from_flags(flags: Mapping[str, object]) -> Iterator[tuple[str, object, str]]:
    for name, raw in flags.items():
        if raw is not None:
            flag = f"--{name.replace('_', '-')}"
            yield _known(name, "command line", flag), raw, flag


def _known(name: str, where: str, written: str) -> str:
    names = [f.name for f in described()]
    if name not in names:
        raise SettingsError(f"unknown setting '{written}'", where=where, todo=f"the settings are {', '.join(names)}")
    return name


def _checked(name: str, raw: object, origin: str) -> object:
    spec = next(f for f in described() if f.name == name)
    usable = isinstance(raw, (str, int, float)) and not isinstance(raw, bool)
    if not usable or not spec.metadata["form"].fullmatch(str(raw)):
        raise SettingsError(f"{name} is {raw!r}", where=origin, todo=f"it must be {spec.metadata['wanted']}")
    return float(str(raw)) if isinstance(spec.default, float) else int(str(raw)) if isinstance(spec.default, int) else str(raw)
