"""What the README says is so."""

import re
from pathlib import Path

from rnncourse import course

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_map_lists_every_lesson_with_its_title_and_minutes():
    row = re.compile(r"^\| (\d\d) \| \[(.+?)\]\((.+?)\) \| .+\? \| (\d+) \|$", re.MULTILINE)
    told = [
        (number, title, file, int(minutes)) for number, title, file, minutes in row.findall(README)
    ]
    found = [
        (one.number, one.title, one.notebook.relative_to(ROOT).as_posix(), one.minutes)
        for one in course.lessons(ROOT)
    ]
    assert told == found


def test_every_link_and_picture_of_the_readme_and_the_guide_exists():
    for name in ("README.md", "CONTRIBUTING.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
            assert (ROOT / target).exists(), f"{name}: {target}"


def test_the_commands_of_the_readme_are_there():
    from rnncourse import cli

    commands = {one.name or one.callback.__name__ for one in cli.app.registered_commands}
    assert set(re.findall(r"`rnncourse (\w+)", README)) <= commands
