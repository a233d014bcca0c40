"""The course map, as HTML for a notebook and as plain text: lessons, ticks, the next step."""

from __future__ import annotations

import os
from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

from rnncourse import course
from rnncourse.standing import LessonState, State

MARKS = {"done": "✓", "next": "▶", "open": "○", "planned": "·"}
WORDS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")


@dataclass(frozen=True)
class Row:
    """One line of the map; `state` is None for a lesson that is only planned."""

    number: str
    title: str
    part: str
    mark: str  # a key of MARKS
    state: LessonState | None = None


def rows(state: State) -> list[Row]:
    """Every lesson, those only planned too, in order."""
    found = []
    for one in state.lessons:
        mark = "done" if one.done else "next" if one is state.next else "open"
        found.append(Row(one.lesson.number, one.lesson.title, one.lesson.part, mark, one))
    written = {row.number for row in found}
    found += [
        Row(number, title, part, "planned")
        for number, title, part in course.PLANNED
        if number not in written
    ]
    return sorted(found, key=lambda row: row.number)


def headline(state: State) -> str:
    """Where the learner stands, in a few words."""
    if state.next is None:
        return f"All {len(state.lessons)} lessons done." if state.lessons else "No lessons yet."
    lesson = state.next.lesson
    if not state.done:
        verb = "Go on with" if state.next.begun else "Begin with"
        return f"{verb} {lesson.number} {lesson.title}"
    count = WORDS[state.done] if state.done < len(WORDS) else str(state.done)
    return f"{count} lesson{'s'[: state.done > 1]} done. Next: {lesson.number} {lesson.title}"


def summary(state: State) -> str:
    """How many exercises are passed, as a sentence."""
    passed = sum(lesson.passed for lesson in state.lessons)
    return f"{passed} of {sum(lesson.total for lesson in state.lessons)} exercises passed."


def next_step(state: State) -> str:
    """What to open now: the lesson's notebook, or the exercise that waits in its exercise set."""
    if state.next is None:
        return "Every exercise is passed."
    lesson = state.next.lesson
    if not state.next.begun or state.next_exercise is None:
        return f"Open notebooks/{lesson.notebook.name} ({lesson.minutes} minutes)."
    here = f"exercises/{lesson.exercises.name}"
    if f"check.{state.next_exercise.id}(" in lesson.source.read_text("utf-8"):
        here = f"notebooks/{lesson.notebook.name}"  # checked in the lesson itself
    return f"“{state.next_exercise.title}” in {here}."


def text(state: State) -> str:
    """The map in plain text."""
    lines = [headline(state), summary(state)]
    for part, group in groupby(rows(state), key=lambda row: row.part):
        lines += ["", f"Part {part}"]
        for row in group:
            facts = "planned"
            if row.state:
                one = row.state
                facts = f"{one.lesson.minutes:2d} min  {one.passed} of {one.total} exercises"
            lines.append(f"  {MARKS[row.mark]} {row.number}  {row.title:<26}{facts}")
    return "\n".join(lines)


def html(state: State, folder: Path) -> str:
    """The map as HTML whose links are relative to `folder`; readable, too, without its styles."""
    parts = [(part, list(group)) for part, group in groupby(rows(state), key=lambda row: row.part)]
    columns = [parts[:1], parts[1:]] if len(parts) > 1 else [parts]
    drawn = "".join(
        f'<div class="rnnc-column">{"".join(_part(*part, folder) for part in column)}</div>'
        for column in columns
    )
    turn = '<div class="rnnc-turn"></div>' if len(columns) > 1 else ""
    return (
        f'<div class="rnnc-map" role="group" aria-label="Course map"><style>{STYLE}</style>'
        f'<div class="rnnc-title"><b>{escape(headline(state))}</b></div>'
        f'<div class="rnnc-sub">{escape(summary(state))}</div>'
        f'<div class="rnnc-columns">{drawn}{turn}</div></div>'
    )


def _part(part: str, lessons: list[Row], folder: Path) -> str:
    heads = ("passed", "minutes") if any(row.state for row in lessons) else ("", "")
    lines = "".join(_line(row, folder) for row in lessons)
    return (
        f'<div class="rnnc-part"><b>Part {escape(part)}</b> '
        f"<span>{heads[0]}</span> <span>{heads[1]}</span></div>"
        f'<div class="rnnc-list" role="list">{lines}</div>'
    )


def _line(row: Row, folder: Path) -> str:
    """One lesson: mark, number, title, exercises passed, minutes; the next one takes two lines."""
    title, passed, minutes, more = escape(row.title), "", "planned", ""
    if row.state:
        lesson, total = row.state.lesson, row.state.total
        title = _link(lesson.notebook, folder, title)
        minutes = str(lesson.minutes)
        passed = _link(lesson.exercises, folder, f"{row.state.passed} of {total}")
        if row.mark == "next":
            verb = "continue" if row.state.begun else "start"
            exercises = _link(lesson.exercises, folder, f"{total} exercises")
            more = f'<div class="rnnc-more">{verb} · {minutes} min · {exercises}</div>'
            passed = minutes = ""
    return (
        f'<div class="rnnc-line rnnc-{row.mark}" role="listitem">'
        f'<span class="rnnc-mark" title="{row.mark}">{MARKS[row.mark]}</span> '
        f'<span class="rnnc-name"><span class="rnnc-number">{row.number}</span> {title}{more}'
        "</span> "
        f'<span class="rnnc-passed">{passed}</span> '
        f'<span class="rnnc-minutes">{minutes}</span></div>'
    )


def _link(notebook: Path, folder: Path, label: str) -> str:
    """A link where the notebook is there, else the bare label."""
    if not notebook.is_file():
        return label
    try:
        address = quote(Path(os.path.relpath(notebook, folder)).as_posix())
    except ValueError:  # another drive (Windows)
        return label
    return f'<a href="{address}">{label}</a>'


# Colours by role (the house palette): blue for what is held, the "now" frame for the next step.
STYLE = """
.rnnc-map{--ink:var(--jp-content-font-color1,#1F2328);--muted:#5F6770;--line:#C9CED4;--done:#0072B2;
 --on:#fff;--now:#FFF6CC;--ground:var(--jp-layout-color0,#fff);color:var(--ink);max-width:47rem;
 font-family:var(--jp-content-font-family,system-ui,sans-serif);font-size:14px;line-height:1.35;
 padding:4px 2px;container-type:inline-size}
body[data-jp-theme-light="false"] .rnnc-map,html[data-theme="dark"] .rnnc-map{--muted:#A2A9B2;
 --line:#454C55;--done:#4FA8E0;--on:#14171C;--now:#3A3518}
.rnnc-title{font-size:16.5px}
.rnnc-sub{color:var(--muted);margin:2px 0 16px}
.rnnc-columns{display:grid;grid-template-columns:1fr 1fr;column-gap:44px;position:relative}
.rnnc-column{display:flex;flex-direction:column;min-width:0}
.rnnc-column:first-child .rnnc-list{flex:1}
.rnnc-column:first-child .rnnc-line:not(:last-child){flex:1}
.rnnc-part{display:grid;grid-template-columns:1fr auto 4em;column-gap:8px;
 padding:0 10px 0 8px;height:28px}
.rnnc-list+.rnnc-part{margin-top:10px}
.rnnc-part span{color:var(--muted);text-align:right;font-size:12.5px}
.rnnc-list{display:flex;flex-direction:column;position:relative}
.rnnc-line{display:grid;grid-template-columns:26px 1fr auto 4em;column-gap:8px;align-items:center;
 padding:2px 10px 2px 6px;min-height:26px;border:2px solid transparent;border-radius:8px;
 position:relative}
.rnnc-line:not(:last-child)::before{content:"";position:absolute;left:17px;top:50%;
 height:calc(100% + 4px);width:4px;background:var(--line);z-index:1}
.rnnc-line:nth-last-child(2)::before{height:calc(50% + 14px)!important}
.rnnc-line.rnnc-done:not(:last-child)::before{background:var(--done)}
.rnnc-mark{width:24px;height:24px;border-radius:50%;border:2.5px solid var(--muted);
 box-sizing:border-box;background:var(--ground);position:relative;z-index:2;font-size:0;margin:auto}
.rnnc-done .rnnc-mark{background:var(--done);border-color:var(--done)}
.rnnc-done .rnnc-mark::after{content:"";position:absolute;left:5.5px;top:1.5px;width:5px;
 height:10px;border:solid var(--on);border-width:0 2.5px 2.5px 0;transform:rotate(42deg)}
.rnnc-next{background:var(--now);border-color:var(--ink);font-weight:600}
.rnnc-next .rnnc-mark{border-color:var(--ink);border-width:3px}
.rnnc-next .rnnc-mark::after{content:"";position:absolute;left:6px;top:3.5px;
 border-left:9px solid var(--ink);border-top:5.5px solid transparent;
 border-bottom:5.5px solid transparent}
.rnnc-planned .rnnc-mark{border-style:dotted}
.rnnc-planned,.rnnc-number,.rnnc-passed,.rnnc-minutes{color:var(--muted)}
.rnnc-next .rnnc-number{color:inherit}
.rnnc-next .rnnc-passed,.rnnc-next .rnnc-minutes{display:none}
.rnnc-next .rnnc-name{grid-column:2/-1}
.rnnc-number{margin-right:4px;font-variant-numeric:tabular-nums}
.rnnc-more{font-weight:400;font-size:13px}
.rnnc-passed{font-size:12.5px;white-space:nowrap}
.rnnc-minutes{text-align:right;font-variant-numeric:tabular-nums}
.rnnc-map .rnnc-line a,.rnnc-map .rnnc-line a:visited{color:inherit;text-decoration:underline;
 text-decoration-color:var(--muted);text-decoration-thickness:1px;text-underline-offset:3px}
.rnnc-map .rnnc-line a:hover{text-decoration-color:currentColor}
.rnnc-turn{position:absolute;left:calc(50% - 26px);width:52px;top:44px;bottom:16px;
 pointer-events:none}
.rnnc-turn::before{content:"";position:absolute;left:0;bottom:0;width:24px;height:50%;
 border:solid var(--line);border-width:0 4px 4px 0;border-radius:0 0 10px 0;box-sizing:border-box}
.rnnc-turn::after{content:"";position:absolute;left:20px;top:0;width:44px;height:51%;
 border:solid var(--line);border-width:4px 0 0 4px;border-radius:10px 0 0 0;box-sizing:border-box}
@container (max-width:600px){.rnnc-columns{display:block}.rnnc-turn{display:none}
 .rnnc-column+.rnnc-column{margin-top:12px}}
"""
