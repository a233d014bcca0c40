"""What the commands print: tables for people, JSON for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from rnncourse.looks import Finding
    from rnncourse.standing import State
    from rnncourse.trial import Outcome

PASS, FAIL = "[bold blue]✓[/]", "[bold]✗[/]"
MARKS = {"ok": PASS, "warning": "[bold yellow]![/]", "fault": "[bold red]✗[/]"}


def as_json(content: object) -> None:
    print(json.dumps(content, indent=1, ensure_ascii=False))


def _console() -> Console:
    return Console(highlight=False)


def findings(found: list[Finding], json_wanted: bool) -> None:
    """The doctor's answer."""
    from rnncourse.doctor import verdict

    if json_wanted:
        as_json([vars(finding) for finding in found])
        return
    table = Table.grid(padding=(0, 2))
    for one in found:
        advice = f"\n[bold]{escape(one.advice)}[/]" if one.advice else ""
        table.add_row(MARKS[one.status], one.topic, escape(one.text) + advice)
    _console().print(table)
    _console().print(f"\n[bold]{escape(verdict(found))}[/]")


def outcomes(found: list[Outcome], json_wanted: bool) -> None:
    """What became of the checks of one notebook."""
    if json_wanted:
        as_json([vars(one) for one in found])
        return
    table = Table.grid(padding=(0, 2))
    for one in found:
        table.add_row(PASS if one.passed else FAIL, one.exercise, escape(one.note))
    _console().print(table)
    passed = sum(one.passed for one in found)
    _console().print(f"\n[bold]{passed} of {len(found)} checks pass.[/]")


def standing(state: State, json_wanted: bool) -> None:
    """Where the learner stands."""
    if json_wanted:
        as_json(_progress_facts(state))
    else:
        _print_progress(state)


def _progress_facts(state: State) -> dict:
    """The learner's state as JSON."""
    from rnncourse import store

    lessons = [
        {
            "lesson": one.lesson.number,
            "title": one.lesson.title,
            "minutes": one.lesson.minutes,
            "passed": one.passed,
            "total": one.total,
            "done": one.done,
            "exercises": [vars(exercise) for exercise in one.exercises],
        }
        for one in state.lessons
    ]
    following = state.next.lesson.number if state.next else None
    return {"file": str(store.path()), "lessons": lessons, "next": following}


def _print_progress(state: State) -> None:
    from rnncourse import course_map

    console = _console()
    table = Table(box=None, padding=(0, 1), header_style="dim")
    table.add_column("")
    table.add_column("lesson")
    table.add_column("exercises")
    table.add_column("passed", justify="right")
    table.add_column("minutes", justify="right")
    for row in course_map.rows(state):
        if row.state is None:
            continue
        ticks = "".join("✓" if exercise.passed else "·" for exercise in row.state.exercises)
        style = "bold" if row.mark == "next" else ""
        table.add_row(
            course_map.MARKS[row.mark],
            f"{row.number}  {escape(row.title)}",
            ticks,
            f"{row.state.passed} of {row.state.total}",
            str(row.state.lesson.minutes),
            style=style,
        )
    console.print(f"[bold]{escape(course_map.headline(state))}[/]")
    console.print(table)
    console.print(f"Next: {escape(course_map.next_step(state))}", soft_wrap=True)


def exercises(json_wanted: bool) -> None:
    """All exercises of the course."""
    from rnncourse import check

    rows = [
        {
            "id": one.id,
            "lesson": one.lesson,
            "kind": one.kind,
            "minutes": one.minutes,
            "difficulty": one.difficulty,
            "objective": one.objective,
            "misconceptions": len(one.mistakes),
        }
        for one in check.exercises()
    ]
    if json_wanted:
        as_json(rows)
        return
    table = Table(box=None, padding=(0, 1), header_style="dim")
    for name in ("lesson", "id", "kind", "min", "difficulty", "mistakes", "objective"):
        numeric = name in ("min", "mistakes")
        table.add_column(name, justify="right" if numeric else "left", no_wrap=name == "id")
    for row in rows:
        dots = "●" * row["difficulty"] + "○" * (3 - row["difficulty"])
        minutes, known = f"{row['minutes']:g}", str(row["misconceptions"])
        objective = escape(row["objective"])
        table.add_row(row["lesson"], row["id"], row["kind"], minutes, dots, known, objective)
    _console().print(table)
