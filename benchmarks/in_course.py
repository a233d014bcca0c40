"""Run a script of this folder with the course's own Python, whichever `python3` it was called with.

Each script imports this before anything that has to be installed:

    if __name__ == "__main__":
        import in_course  # noqa: F401
"""

import os
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def hand_over(root=ROOT, course="rnncourse"):
    """Start again with `.venv`'s Python where the course is not installed for this one.

    Leaves with one sentence where there is no `.venv` either.
    """
    try:
        distribution(course)
        return
    except PackageNotFoundError:
        pass
    places = ("bin/python", "Scripts/python.exe")
    own = next((root / ".venv" / p for p in places if (root / ".venv" / p).exists()), None)
    if own is None or Path(sys.prefix) == root / ".venv":
        raise SystemExit("Run `python3 start.py` once: it installs what this script needs.")
    if os.name == "nt":  # Windows has no exec that waits
        import subprocess

        raise SystemExit(subprocess.call([str(own), *sys.argv]))
    os.execv(own, [str(own), *sys.argv])


hand_over()
sys.path.insert(0, str(ROOT))
