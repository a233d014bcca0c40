"""Results of long experiments, stored with the course: a lesson shows them without running them.

A script in `benchmarks/` made each of them and can make it again.
"""

from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent / "files" / "results"


def results(name: str) -> dict[str, np.ndarray]:
    """The arrays of one stored experiment by their names, as `results("06_copying")["loss"]`.

    ValueError says which experiments are stored if there is none of that name.
    """
    file = FOLDER / f"{name}.npz"
    stored = sorted(path.stem for path in FOLDER.glob("*.npz"))
    if name not in stored:
        names = ", ".join(stored) or "none yet"
        raise ValueError(f"There are no stored results called {name!r}. Stored are: {names}.")
    with np.load(file, allow_pickle=False) as arrays:
        return {key: arrays[key] for key in arrays.files}
