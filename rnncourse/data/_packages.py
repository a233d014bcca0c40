"""Where the files that other packages bring along are, without importing those packages.

Importing statsmodels or gensim takes one to three seconds; reading one of their files takes
milliseconds. `tests/test_data_series.py` and `tests/test_data_text.py` compare what is read here
with what the packages' own functions return.
"""

from importlib.util import find_spec
from pathlib import Path


def package_file(package: str, *parts: str) -> Path:
    """Path of a file inside an installed package, found without importing the package.

    Raises FileNotFoundError, with a sentence that says what to do, where the package or the file
    is not there.
    """
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(
            f"The package {package} brings this data along, and it is not installed here. "
            "Run `python3 start.py` once more to install everything."
        )
    path = Path(next(iter(spec.submodule_search_locations)), *parts)
    if not path.is_file():
        raise FileNotFoundError(
            f"The installed {package} has no file {'/'.join(parts)}. "
            "The versions in constraints.txt have it: run `python3 start.py` once more."
        )
    return path
