"""Pieces of HTML that are an article already (an entry of a feed, a mail): their words, a paragraph a line."""

from __future__ import annotations

import html
import re
from typing import Any

_TAG = re.compile(r"</?[a-z][^<>]{0,4000}>", re.I)
_BREAKS = frozenset(
    ("address", "article", "aside", "blockquote", "br", "caption", "dd", "div", "dl", "dt", "fieldset", "figcaption",
     "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p",
     "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "center", "body", "html")
)  # fmt: skip
_SILENT = frozenset(("script", "style", "noscript", "template", "head", "title", "svg", "iframe", "select", "button"))
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.I)


def has_tags(text: str) -> bool:
    """Whether a text is HTML and not plain."""
    return bool(_TAG.search(text))


def text_of(fragment: str) -> str:
    """The words of a piece of HTML, paragraphs apart by a blank line. Hidden elements are left out."""
    if not has_tags(fragment):
        return html.unescape(fragment).strip()
    from lxml import etree
    from lxml import html as lxml_html

    try:
        parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
        data = fragment.replace("\x00", "").encode("utf-8", "replace")
        tree: Any = lxml_html.document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""
    lines: list[str] = []
    buffer: list[str] = []

    def flush() -> None:
        line = " ".join("".join(buffer).split())
        buffer.clear()
        if line:
            lines.append(line)

    silent = 0  # how deep inside elements that show nothing
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        mute = tag in _SILENT or bool(_HIDDEN.search(element.get("style") or "")) or element.get("hidden") is not None
        if event == "start":
            if tag in _BREAKS:
                flush()
            silent += mute
            if element.text and not silent:
                buffer.append(element.text)
        else:
            silent -= mute
            if tag in _BREAKS:
                flush()
            if element.tail and not silent:
                buffer.append(element.tail)
    flush()
    return "\n\n".join(lines)
