"""The sheet beside an export: what it is, how it was made, what it counts, what it cannot say, how to cite it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from legation.actors.lookup import licences
from legation.datafiles import Schema, read_yaml
from legation.export.layouts import Layout
from legation.export.plover import CODEBOOK
from legation.export.tables import Column
from legation.export.tally import Tally
from legation.model.run import Run

MANY = 40  # values of one count that the readable sheet shows


class Note(Schema):
    """One remark, for some layouts or for all."""

    id: str
    text: str
    layouts: tuple[str, ...] = ()


class NotesFile(Schema):
    """notes.yml."""

    limits: tuple[Note, ...]
    licences: tuple[Note, ...]
    cite: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """How the export was made. `filters` are words for people; `source` names the store or file, without its folder.

    `runs` are the runs as the store knows them; `current` is what is installed now, None when it was not looked up.
    `file_sha256` and `rows` are those of the data file.
    """

    version: str
    file: str
    file_sha256: str
    rows: int
    safe: bool
    header: bool
    filters: str
    source: str
    runs: Sequence[Mapping[str, Any]]
    current: Run | None
    corrected: int | None


def load_notes() -> NotesFile:
    """Read notes.yml."""
    return read_yaml(Path(__file__).parent / "notes.yml", NotesFile).value


def datasheet(layout: Layout, columns: Sequence[Column], tally: Tally, made: Made) -> dict[str, Any]:
    """The sheet as plain values for JSON. Lists are sorted by count, then name."""
    notes = load_notes()
    runs = [_run(run, count, made) for run, count in _sorted(tally.counts["run"])]
    words = {
        "version": made.version,
        "run": ", ".join(r["id"] for r in runs) or "none",
        "codebook": CODEBOOK,
        "layout": layout.name,
        "filters": made.filters or "none",
    }
    return {
        "file": {"name": made.file, "sha256": made.file_sha256, "rows": made.rows, "header": made.header},
        "layout": {"name": layout.name, "title": layout.title, "safe": made.safe},
        "made": {"by": f"legation {made.version}", "from": made.source, "filters": made.filters or None},
        "codebook": CODEBOOK,
        "schemes": _schemes(runs),
        "runs": runs,
        "counts": {
            "records": tally.records,
            "articles": len(tally.articles),
            "with recipient": tally.with_recipient,
            "with coordinates": tally.with_place,
            "with a source": tally.attributed,
            "corrected by hand": made.corrected,
            **{f"by {name}": dict(_sorted(counter)) for name, counter in tally.counts.items() if name != "run"},
        },
        "left out for their status": dict(_sorted(tally.left_out)),
        "days": {"first": tally.first_day, "last": tally.last_day},
        "published": {"first": tally.first_published, "last": tally.last_published},
        "limits": _texts(notes.limits, layout.name),
        "licences": [
            *_texts(notes.licences, layout.name),
            *(f"Actors: {one.name} ({one.licence}). {one.credit}" for one in licences()),
        ],
        "cite": [text.format_map(words) for text in _texts(notes.cite, layout.name)],
        "columns": [
            {"name": c.name, "type": c.type, "unknown": c.unknown, "meaning": c.meaning} for c in columns
        ],
    }


def _texts(notes: Sequence[Note], layout: str) -> list[str]:
    return [" ".join(n.text.split()) for n in notes if not n.layouts or layout in n.layouts]


def _sorted(counter: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counter.items(), key=lambda pair: (-pair[1], pair[0]))


def _run(run: str, count: int, made: Made) -> dict[str, Any]:
    """What is known about a run: from the store, else from what is installed when that is the same run."""
    found: dict[str, Any] = {"id": run, "records": count}
    for row in made.runs:
        if row["run"] == run:
            known = {k: row.get(k) for k in ("package", "codebook", "started", "resources", "settings")}
            return found | {k: _loaded(v) for k, v in known.items() if v is not None}
    if made.current is not None and made.current.id == run:
        return found | {
            "package": made.current.version,
            "parser": " ".join(made.current.parser),
            "resources": dict(made.current.files),
            "settings": dict(made.current.settings),
        }
    return found | {"note": "made by another installation: its resources and settings are not known here"}


def _loaded(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in "{[":
        return json.loads(value)
    return value if isinstance(value, (str, int, float, dict, list)) else str(value)


def _schemes(runs: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Schemes of the quad classes and of the Goldstein scale in the runs."""
    found: dict[str, set[str]] = {"quad_scheme": set(), "goldstein_scheme": set()}
    for run in runs:
        settings = run.get("settings") or {}
        pairs = dict(settings) if isinstance(settings, list) else settings
        for key, values in found.items():
            if pairs.get(key):
                values.add(str(pairs[key]))
    return {key: sorted(values) for key, values in found.items()}


def markdown(sheet: Mapping[str, Any]) -> str:
    """The sheet for people."""
    file, layout, counts = sheet["file"], sheet["layout"], sheet["counts"]
    lines = [f"# {_cell(file['name'])}", ""]
    lines += [f"- Layout: {layout['title']}" + (" — without words (offsets and hashes)" if layout["safe"] else "")]
    lines += [f"- Rows: {file['rows']:,}, from {counts['records']:,} records in {counts['articles']:,} articles"]
    lines += [f"- Days of the events: {_between(sheet['days'])}; published: {_between(sheet['published'])}"]
    lines += [f"- Made by {sheet['made']['by']} from {_cell(sheet['made']['from'])}"]
    lines += [f"- Filters: {_cell(sheet['made']['filters'] or 'none')}", f"- Codebook: {sheet['codebook']}"]
    for key, label in (("quad_scheme", "Quad classes"), ("goldstein_scheme", "Goldstein scale")):
        lines.append(f"- {label}: {', '.join(sheet['schemes'][key]) or 'not known'}")
    lines += [f"- SHA-256 of the file: `{file['sha256']}`", ""]
    lines += ["## Runs", ""]
    for run in sheet["runs"]:
        about = run.get("note") or ", ".join(
            f"{k} {run[k]}" for k in ("package", "codebook", "parser", "started") if isinstance(run.get(k), str)
        )
        lines.append(f"- `{run['id']}`: {run['records']:,} records; {about}")
        files = run.get("resources") or {}
        if files:
            lines.append(f"  - {len(files)} data files; their hashes stand in the JSON form of this sheet")
    lines += ["", "## Counts", "", "| what | number |", "|---|---:|"]
    lines += [f"| {name} | {n:,} |" for name, n in counts.items() if isinstance(n, int)]
    for name, values in counts.items():
        if isinstance(values, dict):
            lines += ["", f"### {name[0].upper()}{name[1:]}", "", "| value | records |", "|---|---:|"]
            lines += [f"| {_cell(value)} | {n:,} |" for value, n in list(values.items())[:MANY]]
            if len(values) > MANY:
                lines.append(f"| ({len(values) - MANY} more) | {sum(list(values.values())[MANY:]):,} |")
    if sheet["left out for their status"]:
        lines += ["", "### Left out for their status", "", "| status | records |", "|---|---:|"]
        lines += [f"| {value} | {n:,} |" for value, n in sheet["left out for their status"].items()]
    for title, key in (("Known limits", "limits"), ("Licences", "licences"), ("How to cite", "cite")):
        lines += ["", f"## {title}", "", *(f"- {_cell(text)}" for text in sheet[key])]
    if sheet["columns"]:
        lines += ["", "## Columns", "", "| # | column | type | where unknown | meaning |", "|---:|---|---|---|---|"]
        for k, c in enumerate(sheet["columns"], 1):
            unknown = "always empty" if c["type"] == "never" and not c["unknown"] else c["unknown"] or "empty"
            lines.append(f"| {k} | {c['name']} | {c['type']} | {unknown} | {_cell(c['meaning'])} |")
    else:
        lines += ["", "## Columns", "", "Whole records; their keys are described in docs/event-record.md of Legation."]
    return "\n".join(lines) + "\n"


def _between(days: Mapping[str, str | None]) -> str:
    return f"{days['first']} to {days['last']}" if days["first"] else "none known"


def _cell(text: str) -> str:
    """Words of others in Markdown: on one line, no table bars, no HTML."""
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("`", "'")
