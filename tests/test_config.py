"""Settings: which source wins, what each value knows of its origin, and that nothing unknown is ignored."""

from __future__ import annotations

from pathlib import Path

import pytest

from communique.config import Settings, load
from communique.errors import ExitCode, SettingsError


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_defaults_say_so() -> None:
    settings = load({}, {})
    assert settings == Settings()
    assert settings.origin("port") == "default"


def test_flag_wins_over_environment_over_file_over_default(tmp_path: Path) -> None:
    (tmp_path / "communique.toml").write_text('host = "localhost"\nport = 1\nstore = "here"\n', encoding="utf-8")
    settings = load({"port": "3", "store": None}, {"COMMUNIQUE_PORT": "2", "COMMUNIQUE_STORE": "there", "HOME": "x"})
    assert (settings.host, settings.store, settings.port) == ("localhost", "there", 3)
    assert [settings.origin(n) for n in ("host", "store", "port", "base")] == ["communique.toml", "COMMUNIQUE_STORE", "--port", "default"]


def test_a_file_that_is_named_must_exist(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load({}, {}, tmp_path / "absent.toml")
    with pytest.raises(SettingsError, match="cannot be read"):
        load({}, {"COMMUNIQUE_CONFIG": str(tmp_path / "absent.toml")})


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"COMMUNIQUE_PORTS": "1"}, "environment: unknown setting 'COMMUNIQUE_PORTS'"),
        ({"COMMUNIQUE_PORT": "65536"}, "COMMUNIQUE_PORT: port is '65536'; it must be a whole number"),
        ({"COMMUNIQUE_PORT": "٣"}, "it must be a whole number"),
        ({"COMMUNIQUE_BASE": "here"}, "it must be an absolute"),
        ({"COMMUNIQUE_BASE": "https://data.example/graph"}, "ends with '/'"),
        ({"COMMUNIQUE_STORE": ""}, "it must be a directory"),
    ],
)
def test_what_cannot_be_used_is_named(environ: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load({}, environ)
    assert said in str(caught.value)
    assert caught.value.exit_code is ExitCode.USAGE


@pytest.mark.parametrize("content", ["port = true", "port = [1]", "port: 1", "pört = 1"])
def test_a_bad_file_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "communique.toml").write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"communique\.toml"):
        load({}, {})


def test_another_base_is_taken() -> None:
    assert load({"base": "https://data.example/graph/"}, {}).base == "https://data.example/graph/"
