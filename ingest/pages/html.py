"""A web page turned into text: blocks apart by blank lines, list numbers kept, title, date and address found.

The parser is lexbor (HTML 5 error recovery, linear on malformed markup); its tree is walked in document order without recursion,
so nesting costs no stack.  What is dropped is dropped because it is no part of the account: scripts, menus, forms, figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

_DROPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "iframe",
        "object",
        "embed",
        "canvas",
        "audio",
        "video",
        "form",
        "button",
        "select",
        "textarea",
        "input",
        "nav",
        "footer",
        "aside",
        "figure",
        "head",
        "dialog",
        "menu",
    ]
)
_HIDDEN_ROLES = frozenset(("navigation", "banner", "contentinfo", "search", "complementary", "dialog"))
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_SINGLE = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "dt",
        "dd",
        "tr",
        "td",
        "th",
        "option",
    ]
)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_NUMBERED = re.compile(r"\s*[(（]?\d{1,2}[.)）]?\s")
_MARK = re.compile(r"\s*(?:\(?\d{1,3}[.)]|•)\s*")
_DEPTH = 20_000

_DATE_METAS = (
    "article:published_time",
    "datepublished",
    "dcterms.issued",
    "dcterms.date",
    "dc.date.issued",
    "dc.date",
    "date",
    "publishdate",
    "pubdate",
    "publish-date",
    "publication_date",
    "og:published_time",
    "govuk:first-published-at",
    "sailthru.date",
)


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says of itself, and its text; ``None`` where it says nothing."""

    text: str
    title: str | None
    published: str | None
    url: str | None
    lang: str | None


def too_deep(markup: str) -> bool:
    """Whether elements nest beyond 20,000 levels, where parsing would take minutes."""
    depth = 0
    for m in _TAG.finditer(markup):
        if m[2].lower() not in _SINGLE:
            depth += -1 if m[1] else 1
            if depth > _DEPTH:
                return True
    return False


def address(markup: str) -> str | None:
    """The page's own address: the canonical link, or the one it gives to social networks."""
    return _address(LexborHTMLParser(markup))


def read_page(markup: str, selectors: Iterable[str] = ()) -> Page:
    """The page's text and what its head says; ``selectors`` name the publisher's body elements, the first that has text is taken."""
    tree = LexborHTMLParser(markup)
    heading = tree.css_first("h1")
    title = _one_line(heading.text(separator=" ")) if heading else ""
    if not title:
        title = _meta(tree, ("og:title", "dcterms.title", "dc.title", "title")) or ""
    if not title and (node := tree.css_first("title")):
        title = re.split(r"\s[|–—]\s", _one_line(node.text()))[0]
    root = tree.css_first("html")
    lang = root.attributes.get("lang") if root else None
    return Page(_body(tree, selectors), title or None, _published(tree), _address(tree), lang)


def _body(tree: LexborHTMLParser, selectors: Iterable[str]) -> str:
    for selector in (*selectors, "main", "[role=main]", "article", "body"):
        nodes = tree.css(selector)
        outer = {n.mem_id for n in nodes}
        text = "\n\n".join(t for n in nodes if not _inside(n, outer) and (t := "\n\n".join(_paragraphs(n))))
        if text:
            return text
    return ""


def _inside(node: LexborNode, outer: set[int]) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.mem_id in outer:
            return True
        parent = parent.parent
    return False


def _walk(top: LexborNode) -> Iterator[tuple[str, LexborNode, bool]]:
    """The nodes under ``top`` in document order as (tag, node, whether it opens); dropped elements open and close without content."""
    node: LexborNode | None = top
    end, closing = top.mem_id, False
    while node is not None:
        tag = node.tag or ""
        if not closing:
            yield tag, node, True
            child = node.first_child if not _dropped(node, tag) else None
            if child is not None:
                node = child
                continue
        yield tag, node, False
        if node.mem_id == end:
            return
        closing = node.next is None
        node = node.parent if closing else node.next


def _paragraphs(top: LexborNode) -> Iterator[str]:
    """The blocks under ``top``: the running text, cut at every block boundary."""
    run: list[str] = []
    lists: list[int | None] = []  # for each open list: the next number, None where it has bullets
    for tag, node, opens in _walk(top):
        if tag == "-text" and opens:
            run.append(node.text_content or "")
        elif tag == "br" and opens:
            run.append("\v")
        elif tag in _BLOCKS:
            yield from _flush(run)
            if tag in ("ol", "ul"):
                if opens:
                    lists.append(_number(node.attributes.get("start")) if tag == "ol" else None)
                else:
                    lists.pop()
            elif tag == "li":
                run[:] = [_mark(lists, node)] if opens else []
    yield from _flush(run)


def _mark(lists: list[int | None], item: LexborNode) -> str:
    """The printed mark of a list item: ``1. `` in a list, ``(1) `` in a list below a list, else a bullet."""
    if not lists:
        return ""
    number = lists[-1]
    if number is None:
        return "• "
    value = item.attributes.get("value")
    number = _number(value) if value else number
    lists[-1] = number + 1
    return f"({number}) " if sum(n is not None for n in lists) > 1 else f"{number}. "


def _flush(run: list[str]) -> Iterator[str]:
    """The text that has run up to here; a list mark waits for its words, and gives way to a number that the words begin with."""
    text = "".join(run)
    if mark := _MARK.match(text):
        if mark.end() == len(text):
            return
        if _NUMBERED.match(text, mark.end()):
            text = text[mark.end() :]
    run.clear()
    lines = [_SPACE.sub(" ", line).strip() for line in text.split("\v")]
    for part in re.split(r"\n{2,}", "\n".join(lines)):
        if part := part.strip():
            yield part


def _dropped(node: LexborNode, tag: str) -> bool:
    if tag in _DROPPED:
        return True
    if tag.startswith("-"):
        return False
    attributes = node.attributes
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or attributes.get("role") in _HIDDEN_ROLES
        or "display:none" in (attributes.get("style") or "").replace(" ", "")
    )


def _address(tree: LexborHTMLParser) -> str | None:
    link = tree.css_first("link[rel=canonical]")
    url = (link.attributes.get("href") if link else None) or _meta(tree, ("og:url",))
    return url if url and url.startswith(("http://", "https://")) else None


def _published(tree: LexborHTMLParser) -> str | None:
    found = _meta(tree, _DATE_METAS)
    if not found and (node := tree.css_first("[itemprop=datePublished]") or tree.css_first("time")):
        found = node.attributes.get("datetime") or node.attributes.get("content") or _one_line(node.text())
    return found or None


def _meta(tree: LexborHTMLParser, names: Iterable[str]) -> str | None:
    said: dict[str, str] = {}
    for node in tree.css("meta[content]"):
        name = node.attributes.get("property") or node.attributes.get("name") or node.attributes.get("itemprop")
        if name:
            said.setdefault(name.lower(), _one_line(node.attributes.get("content") or ""))
    return next((said[n] for n in names if said.get(n)), None)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _number(value: str | None) -> int:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 4 else 1
