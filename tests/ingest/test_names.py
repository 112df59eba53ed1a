"""Names: where they begin and end, and which part is the family name."""

from __future__ import annotations

import pytest

from communique.ingest.people.names import family_of, read_name, words


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ursula von der Leyen said", "Ursula von der Leyen"),
        ("Khalid bin Nasser Al Suwaidi of Qatar", "Khalid bin Nasser Al Suwaidi"),
        ("Badr al-Harthy today", "Badr al-Harthy"),
        ("Joseph R. Hadley, Jr. met", "Joseph R. Hadley, Jr"),
        ("Margaret Tewhare MP, Minister", "Margaret Tewhare"),
        ("Yoon Se-jin and", "Yoon Se-jin"),
        ("Conor O'Dwyer in Dublin", "Conor O'Dwyer"),
        ("Bento da Costa, held", "Bento da Costa"),
        ("Asakura's visit", "Asakura"),
    ],
)
def test_a_name_ends_where_something_else_begins(text: str, name: str) -> None:
    ws = words(text)
    end = read_name(ws, 0, frozenset())
    assert text[ws[0].start : ws[end - 1].end] == name


@pytest.mark.parametrize(
    ("name", "party", "publisher", "forms", "family"),
    [
        ("ASAKURA Nobuhiro", "JPN", "JPN", (), "Asakura"),
        ("Viktor LEBEDIN", "RUS", "JPN", (), "Lebedin"),
        ("Asakura Nobuhiro", "JPN", "USA", (), "Asakura"),
        ("Nobuhiro Asakura", "JPN", "GBR", (), "Asakura"),
        ("Shen Guowei", "CHN", "USA", (), "Shen"),
        ("Han Seo Jin", "KOR", "USA", (), "Han"),
        ("Tran Quoc Minh", "VNM", "USA", ("Minh",), "Minh"),
        ("Le Van Thinh", "VNM", "USA", (), "Thinh"),
        ("Azman bin Haji Osman", "BRN", "BRN", (), "Azman"),
        ("Rodolfo Solera Quesada", "CRI", "USA", ("Solera",), "Solera"),
        ("Rodrigo Alberto Chacón Robles", "CRI", "USA", (), "Chacón"),
        ("Abiye Alemu", "ETH", "USA", ("Abiye",), "Abiye"),
        ("Jean-Yves Le Clerc", "FRA", "USA", (), "Le Clerc"),
        ("Khalid bin Nasser Al Suwaidi", "QAT", "USA", (), "Al Suwaidi"),
        ("Joseph R. Hadley, Jr.", "USA", "USA", (), "Hadley"),
        ("Bello Bello", "NGA", "USA", (), "Bello"),
    ],
)
def test_family_name(name: str, party: str, publisher: str, forms: tuple[str, ...], family: str) -> None:
    assert family_of(name, party, publisher, forms)[0] == family
