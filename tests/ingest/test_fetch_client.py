"""One address: robots.txt, pace, retries, redirects, bounds.  The server is played on this machine."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.robotparser import RobotFileParser

import pytest

from communique.errors import FetchError
from communique.ingest.fetch import address, robots
from communique.ingest.fetch.client import Client, Manners
from tests.ingest.playing import Says, Stage, moved, page, playing, unchanged_since

LATE = Says(b"late", wait=1.6)


@dataclass
class World:
    """A clock that stands still but for sleep, so that waiting is measured and costs nothing."""

    time: float = 100.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.time += seconds

    def clock(self) -> float:
        return self.time


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def stage() -> Iterator[Stage]:
    with playing() as found:
        yield found


def client(world: World, **manners: float) -> Client:
    kind = Manners(**{"pause": 0, "backoff": 1, "timeout": 10, "tries": 3, **manners})  # type: ignore[arg-type]
    return Client(kind, sleep=world.sleep, clock=world.clock, dice=lambda: 0.5)


def fault(client: Client, url: str, inner: bool | None = None) -> str:
    with pytest.raises(FetchError) as caught:
        client.get(url, inner=inner)
    assert "\n" not in str(caught.value)
    assert caught.value.todo
    return str(caught.value)


def test_a_page_comes_with_its_bytes_and_the_project_is_named(stage: Stage, world: World) -> None:
    stage.routes["/a"] = page("They met – in Oslo.")
    found = client(world).get(stage.at("/a"))
    assert (found.status, found.final_url) == (200, stage.at("/a"))
    assert "They met – in Oslo.".encode() in (found.body or b"")
    assert [path for _, path, _ in stage.asked] == ["/robots.txt", "/a"]
    assert all(headers["user-agent"].startswith("communique") for _, _, headers in stage.asked)


def test_transport_compression_is_undone(stage: Stage, world: World) -> None:
    stage.routes["/a"] = Says(gzip.compress(b"They met."), headers={"Content-Type": "text/plain", "Content-Encoding": "gzip"})
    assert client(world).get(stage.at("/a")).body == b"They met."


def test_a_page_that_has_not_changed_is_not_sent_again(stage: Stage, world: World) -> None:
    stage.routes["/a"] = unchanged_since('"one"', page("They met."))
    one = client(world)
    first = one.get(stage.at("/a"))
    again = one.get(stage.at("/a"), etag=first.headers["etag"], modified=first.headers["last-modified"])
    assert (again.status, again.body) == (304, None)
    assert stage.asked[-1][2]["if-modified-since"] == "Sat, 04 May 2024 10:00:00 GMT"


# robots.txt

ROBOTS = "User-agent: *\nDisallow: /*?print=\nDisallow: /news/\nAllow: /news/readouts/\nDisallow: /*.pdf$\n"


@pytest.mark.parametrize(
    ("path", "allowed", "stdlib"),
    [
        ("/a?print=1", False, True),
        ("/news/readouts/x", True, False),
        ("/news/x", False, False),
        ("/a.pdf", False, True),
        ("/b", True, True),
    ],
)
def test_wildcards_and_the_longest_rule_as_rfc_9309_has_them(path: str, allowed: bool, stdlib: bool) -> None:
    """The last column is what the standard library makes of it, and why it is not used."""
    assert robots.read(ROBOTS.encode(), "communique/1 (+x)").allow("https://host.example" + path) is allowed
    parser = RobotFileParser()
    parser.parse(ROBOTS.splitlines())
    assert parser.can_fetch("communique", "https://host.example" + path) is stdlib


def test_what_robots_txt_disallows_is_not_fetched(stage: Stage, world: World) -> None:
    stage.routes |= {"/robots.txt": Says(b"User-agent: communique\nDisallow: /no/\n"), "/no/a": page("no"), "/b": moved("/no/a")}
    one = client(world)
    assert "robots.txt of its host asks not to" in fault(one, stage.at("/no/a"))
    assert "robots.txt of its host asks not to" in fault(one, stage.at("/b"))
    assert stage.hits == {"/robots.txt": 1, "/b": 1}


def test_a_host_that_cannot_say_its_rules_is_left_alone(stage: Stage, world: World) -> None:
    stage.routes |= {"/robots.txt": Says(status=503), "/a": page("They met.")}
    assert "robots.txt of its host could not be read" in fault(client(world), stage.at("/a"))
    assert stage.hits["/a"] == 0


def test_a_host_asks_for_a_slower_pace(stage: Stage, world: World) -> None:
    stage.routes |= {"/robots.txt": Says(b"User-agent: *\nCrawl-delay: 7\n"), "/a": page("a"), "/b": page("b")}
    one = client(world, pause=1)
    one.get(stage.at("/a"))
    one.get(stage.at("/b"))
    assert world.slept == [7, 7]


def test_one_request_a_second_for_each_host(stage: Stage, world: World) -> None:
    stage.routes |= {f"/{n}": page(str(n)) for n in range(3)}
    one = client(world, pause=1)
    for n in range(3):
        one.get(stage.at(f"/{n}"))
    assert world.slept == [1, 1, 1]
    with playing() as other:
        other.routes["/a"] = page("a")
        one.get(other.at("/a"))
        assert world.slept == [1, 1, 1, 1]  # its robots.txt at once, its page after a second


def test_the_default_pace_is_kept_by_the_real_clock(stage: Stage) -> None:
    stage.routes["/a"] = page("a")
    start = time.monotonic()
    Client(Manners(pause=0.3)).get(stage.at("/a"))
    assert time.monotonic() - start >= 0.3


# Faults that may pass


@pytest.mark.parametrize("bad", [Says(status=500), Says(status=503), Says(b"<p>They", length=500), LATE])
def test_a_fault_that_passes_is_tried_again_later_and_later(stage: Stage, world: World, bad: Says) -> None:
    stage.routes["/a"] = [bad, bad, page("They met.")]
    assert client(world, timeout=0.8 if bad is LATE else 10).get(stage.at("/a")).status == 200
    assert world.slept == [1.0, 2.0]


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (Says(status=500), "the server has a fault (500) (3 tries); run the command again later"),
        (Says(status=429), "asked too often (429) (3 tries)"),
        (Says(b"<p>They", length=500), "cut off or garbled (3 tries)"),
        (LATE, "says nothing for 0.8 s (3 tries)"),
        (Says(b"not gzip", headers={"Content-Encoding": "gzip"}), "cut off or garbled"),
    ],
)
def test_a_fault_that_stays_is_told(stage: Stage, world: World, bad: Says, said: str) -> None:
    stage.routes["/a"] = bad
    assert said in fault(client(world, timeout=0.8 if bad is LATE else 10), stage.at("/a"))
    assert stage.hits["/a"] == 3


def test_the_wait_that_a_server_asks_for_is_kept(stage: Stage, world: World) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    busy = [Says(status=429, headers={"Retry-After": "17"}), Says(status=503, headers={"Retry-After": later}), page("They met.")]
    stage.routes["/a"] = busy
    client(world).get(stage.at("/a"))
    assert world.slept[0] == 17
    assert 55 < world.slept[1] <= 60


def test_a_server_that_asks_for_an_hour_is_left_for_another_day(stage: Stage, world: World) -> None:
    stage.routes["/a"] = Says(status=429, headers={"Retry-After": "3600"})
    assert "asks to wait 3,600 s" in fault(client(world), stage.at("/a"))
    assert (stage.hits["/a"], world.slept) == (1, [])


def test_a_slow_drip_is_given_up(stage: Stage) -> None:
    stage.routes["/a"] = Says(b"x" * 200, drip=0.02)
    slow = Client(Manners(pause=0, backoff=0, tries=1, timeout=10, deadline=0.3))
    assert "takes longer than 0.3 s" in fault(slow, stage.at("/a"))


def test_a_chunked_answer_that_is_cut_off_is_no_page(world: World) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    robotstxt = b"HTTP/1.1 404 no\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    half = b"HTTP/1.1 200 ok\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n<p>They met"

    def play() -> None:
        for words in (robotstxt, half):
            talk, _ = listener.accept()
            with talk:
                talk.recv(4096)
                talk.sendall(words)

    thread = threading.Thread(target=play)
    thread.start()
    assert "cut off" in fault(client(world, tries=1), f"http://127.0.0.1:{listener.getsockname()[1]}/a")
    thread.join()
    listener.close()


def test_a_host_that_does_not_answer_is_given_up_after_some_pages(world: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert "its host does not answer" in fault(client(world), f"http://127.0.0.1:{port}/a")


def test_a_silent_host_costs_a_bounded_time(stage: Stage, world: World) -> None:
    stage.routes["/a"] = LATE
    one = client(world, tries=1, timeout=0.8, strikes=2)
    said = [fault(one, stage.at("/a")) for _ in range(4)]
    assert ["says nothing" in s for s in said] == [True, True, False, False]
    assert stage.hits["/a"] == 2


# Faults that stay


@pytest.mark.parametrize(
    ("status", "said"),
    [(404, "no such page"), (410, "no such page"), (403, "does not give it"), (418, "answers 418"), (204, "answers 204")],
)
def test_what_no_retry_mends_is_asked_once(stage: Stage, world: World, status: int, said: str) -> None:
    stage.routes["/a"] = Says(status=status)
    assert said in fault(client(world), stage.at("/a"))
    assert stage.hits["/a"] == 1


def test_a_huge_body_is_not_read_to_its_end(stage: Stage, world: World) -> None:
    stage.routes["/plain"] = Says(b"x" * 300_000)
    stage.routes["/bomb"] = Says(gzip.compress(b"x" * 3_000_000), headers={"Content-Encoding": "gzip"})
    stage.routes["/robots.txt"] = Says(b"#" * 2_000_000 + b"\nUser-agent: *\nDisallow: /\n")
    one = client(world, limit=200_000)
    for path in ("/plain", "/bomb"):
        assert "is larger than 200,000 bytes" in fault(one, stage.at(path))


# Redirects


def test_redirects_are_followed_each_hop_at_its_turn(stage: Stage, world: World) -> None:
    stage.routes |= {"/a": moved("b", 301), "/b": moved(stage.at("/c#part"), 308), "/c": page("They met.")}
    found = client(world, pause=1).get(stage.at("/a"))
    assert (found.url, found.final_url) == (stage.at("/a"), stage.at("/c"))
    assert world.slept == [1, 1, 1]


def test_redirects_without_end_end(stage: Stage, world: World) -> None:
    stage.routes |= {"/a": moved("/b"), "/b": moved("/a"), **{f"/n{n}": moved(f"/n{n + 1}") for n in range(30)}}
    assert "redirects in a circle" in fault(client(world), stage.at("/a"))
    assert "redirects more than 10 times" in fault(client(world), stage.at("/n0"))


@pytest.mark.parametrize("target", ["file:///etc/hosts", "ftp://host.example/x", "http://user:word@host.example/", "http://[broken"])
def test_redirects_lead_to_the_web_only(stage: Stage, world: World, target: str) -> None:
    stage.routes["/a"] = moved(target)
    assert "which is not fetched" in fault(client(world), stage.at("/a"))


def test_a_link_into_the_own_network_is_refused_before_anything_is_sent(stage: Stage, world: World) -> None:
    stage.routes["/a"] = page("secret")
    assert "leads into the own network" in fault(client(world), stage.at("/a"), inner=False)
    assert stage.asked == []


@pytest.mark.parametrize(
    ("ip", "public"),
    [
        *((ip, False) for ip in ("127.0.0.1", "10.1.2.3", "169.254.169.254", "100.64.0.1", "0.0.0.0")),
        *((ip, False) for ip in ("::1", "::ffff:192.168.0.1", "fe80::1%eth0", "fd00::1")),
        *((ip, True) for ip in ("93.184.216.34", "2606:4700::1111")),
    ],
)
def test_what_the_own_network_is(ip: str, public: bool) -> None:
    assert address._is_public(ip) is public


# Addresses


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        (" HTTPS://WWW.Host.Example:443/a/../b?q=1#x ", "https://www.host.example/b?q=1"),
        ("http://host.example", "http://host.example/"),
        ("http://host.example:8080/ä b", "http://host.example:8080/%C3%A4%20b"),
        ("https://bücher.example/é?ü", "https://xn--bcher-kva.example/%C3%A9?%C3%BC"),
    ],
)
def test_an_address_has_one_form(written: str, normal: str) -> None:
    assert address.normal(written) == normal
    assert address.normal(normal) == normal


@pytest.mark.parametrize(
    "written", ["", "host.example/a", "ftp://host.example/", "javascript:alert(1)", "http://", "http://[::1", "http://a:b@host.example/"]
)
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(FetchError):
        address.normal(written)
