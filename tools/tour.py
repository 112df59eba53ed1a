"""Takes the pictures of the tour (docs/tour.md): pages of the demo, as Chromium draws them, in few colours so that they are small.

make browser                            installs what drives the browser
python3 run.py                          fills data/demo with the samples and the facts of real readouts; wait until all are in
python tools/tour.py STORE [NAME...]    all pictures, or those named, of that store; read what changed before it is committed
"""

from __future__ import annotations

import io
import logging
import shutil
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from PIL import Image
from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import make_server

from communique.config import Settings
from communique.iris import Iris
from communique.server import create_app
from communique.server.engine import InProcess
from communique.store import open_store

HOME: Final = Path(__file__).resolve().parent.parent / "docs" / "tour"
HOST: Final = "readouts.example"
COLOURS: Final = 255
TALK: Final = "mofa/2023-02-20/japan-uk-foreign-ministers-telephone-talk-40dba0"
REAL: Final = "whitehouse/2022-12-16/readout-of-national-security-advisor-jake-sullivans-856a2de3-8b54fd"
WHY: Final = (
    f"/proof?s=<{Iris().base}id/readout/{TALK}/encounter/e1>"
    "&p=<https://w3id.org/communique/ns%23touches>&o=<https://w3id.org/communique/vocab/issue/international-order>"
)


@dataclass(frozen=True)
class Picture:
    """A page, how much of it is shown, and what is done on it first: a selector to wait for, to click, to bring to the top."""

    path: str
    height: int = 860
    width: int = 1280
    dark: bool = False
    wait: str = "h1"
    click: str = ""
    top: str = ""
    options: dict[str, Any] = field(default_factory=dict)


PICTURES: Final = {
    "home": Picture("/", 1560),
    "readouts": Picture("/readouts?state=UKR&issue=sanctions", 760),
    "readout": Picture(f"/readout/{TALK}", 900, top="h2"),
    "encounter": Picture(f"/encounter/{TALK}/e1", 900),
    "statement": Picture(f"/statement/{TALK}/act/a6", 820),
    "facts": Picture(f"/readout/{REAL}", 860, top="h2"),
    "proof": Picture(WHY, 820, wait=".proof .step", top="figure"),
    "minister": Picture("/minister/usa-blinken-antony", 760),
    "state": Picture("/state/JPN", 760, wait=".map path[d]", top=".map"),
    "issue": Picture("/issue/ukraine-war", 760),
    "beside": Picture("/issue/ukraine-war", 620, wait=".lesser .node", top=".lesser"),
    "network": Picture("/network", 900, dark=True, wait=".node"),
    "timeline": Picture("/timeline", 760),
    "map": Picture("/map", 760),
    "dyads": Picture("/dyads", 760),
    "question": Picture("/query/requests-and-answers?a=JPN", 900),
    "sparql": Picture("/sparql", 760, wait="#edit", click="#edit"),
    "ontology": Picture("/ontology", 760),
    "phone": Picture(f"/readout/{TALK}", 780, 390, dark=True, top="h2"),
}


def taken(page: Page, picture: Picture) -> bytes:
    """The picture as PNG with a palette."""
    page.goto(f"http://{HOST}{picture.path}", wait_until="networkidle")
    page.wait_for_selector(picture.wait)
    if picture.click:
        page.click(picture.click)
    page.wait_for_timeout(500)
    y = max(0, page.locator(picture.top).first.bounding_box()["y"] - 16) if picture.top else 0
    shot = page.screenshot(full_page=True, clip={"x": 0, "y": y, "width": picture.width, "height": picture.height})
    out = io.BytesIO()
    image = Image.open(io.BytesIO(shot)).convert("RGB")
    image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def main(place: str = "", *names: str) -> int:
    """Take the pictures."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium or not place or not set(names) <= set(PICTURES):
        print(f"needs Chromium and a store; the pictures are {', '.join(PICTURES)}", file=sys.stderr)
        return 2
    HOME.mkdir(exist_ok=True)
    with open_store(place, in_memory=True) as store, sync_playwright() as playwright:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)  # who asks for what is no news here
        server = make_server("127.0.0.1", 0, create_app(Settings(), InProcess(store)), threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        # The same address on every picture, wherever they are taken.
        arguments = [f"--host-resolver-rules=MAP {HOST}:80 127.0.0.1:{server.server_port}"]
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        for name in names or PICTURES:
            picture = PICTURES[name]
            page = browser.new_page(
                viewport={"width": picture.width, "height": picture.height},
                color_scheme="dark" if picture.dark else "light",
                reduced_motion="reduce",
                **picture.options,
            )
            page.set_default_timeout(120_000)
            data = taken(page, picture)
            (HOME / f"{name}.png").write_bytes(data)
            print(f"{name}.png: {len(data) / 1000:.0f} KB")
            page.close()
        browser.close()
        server.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
