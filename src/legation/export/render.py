"""A Vega-Lite specification as SVG, PNG or a page that needs nothing else. Nothing is fetched from anywhere."""

from __future__ import annotations

import html
import json
from typing import Any

from legation.problems import SettingsError

VEGA_LITE = "5.20"  # the version that specifications name; every vl-convert that we allow carries it
SCALE = 2.0  # pixels of a PNG for each unit of the drawing: sharp in print
OPTIONS = {"actions": {"export": True, "source": False, "compiled": False, "editor": False}, "renderer": "svg"}


def svg(spec: dict[str, Any]) -> bytes:
    """The picture as SVG with its text as text."""
    return str(_library().vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[])).encode()


def png(spec: dict[str, Any], scale: float = SCALE) -> bytes:
    """The picture as PNG."""
    return bytes(_library().vegalite_to_png(spec, vl_version=VEGA_LITE, scale=scale, allowed_base_urls=[]))


def page(spec: dict[str, Any]) -> bytes:
    """A page with the drawing and the library inside: it works from a stick, without a network."""
    newest = _library().get_vegalite_versions()[-1]  # the bundle holds one Vega, which fits the newest Vega-Lite
    library = _library().javascript_bundle(vl_version=newest).replace("</script", "<\\/script")
    spec = {**spec, "$schema": f"https://vega.github.io/schema/vega-lite/v{newest.split('.')[0]}.json"}
    # "<" as an escape: no text of an article can end the script or begin a tag
    written = json.dumps(spec, ensure_ascii=True).replace("<", "\\u003c")
    title = html.escape(str(spec.get("title", {}).get("text", "Events")))
    about = html.escape(str(spec.get("description", "")), quote=True)
    scripts = "script-src 'unsafe-inline' 'unsafe-eval'"
    policy = f"default-src 'none'; {scripts}; style-src 'unsafe-inline'; img-src data: blob:"
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f"<title>{title}</title>\n<style>body{{margin:1rem;background:#fff}}</style>\n</head>\n<body>\n"
        f'<div id="picture" role="img" aria-label="{about}"></div>\n'
        f"<script>{library}</script>\n"
        f"<script>vegaEmbed('#picture', {written}, {json.dumps(OPTIONS)});</script>\n</body>\n</html>\n"
    ).encode()


FORMS = {".svg": svg, ".png": png, ".html": page}


def _library() -> Any:
    """vl-convert, which draws. SettingsError says how to install it."""
    try:
        import vl_convert
    except ImportError:
        raise SettingsError("pictures need vl-convert-python: pip install vl-convert-python") from None
    return vl_convert
