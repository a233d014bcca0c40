"""Two measured time series, one number a step: sunspots (yearly) and carbon dioxide (weekly).

Both come with statsmodels; its files are read directly, because importing the package takes
seconds. Lesson 01 meets them first.
"""

import csv
from dataclasses import dataclass

import numpy as np

from rnncourse.data._packages import package_file


@dataclass(frozen=True, eq=False)
class Series:
    """A time series with everything one must know to read it.

    values : (T, 1) float64, in `unit`. One row a step, one feature.
    time : (T,) float64, in years; a week has its date as a decimal year.
    name, unit, step : words for a title, an axis and the distance of two steps.
    source, licence : where the numbers come from, and what one may do with them.
    missing : (T,) bool, True where no measurement exists and `values` was filled in.
    """

    values: np.ndarray
    time: np.ndarray
    name: str
    unit: str
    step: str
    source: str
    licence: str
    missing: np.ndarray

    def __len__(self) -> int:
        return len(self.values)

    def __repr__(self) -> str:
        filled = f", {self.missing.sum()} filled in" if self.missing.any() else ""
        return (
            f"Series({self.name}: {len(self)} steps of {self.step}, "
            f"{int(self.time[0])} to {int(self.time[-1])}, {self.unit}{filled})"
        )


def sunspots() -> Series:
    """Sunspot number (an index), the mean of each year from 1700 to 2008: values (309, 1).

    The scale is the one in use until 2015 (the later one is about 1.67 times as high before 1947
    and about 1.4 times after it). The number
    rises and falls with a period of about 11 years; its maximum, 190.2, is in 1957.
    """
    rows = _rows("sunspots", "sunspots.csv")
    years, numbers = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    return Series(
        values=numbers[:, None],
        time=years,
        name="Sunspots",
        unit="sunspot number, mean of the year",
        step="1 year",
        source="National Geophysical Data Center; file of statsmodels.datasets.sunspots",
        licence="public domain",
        missing=np.zeros(len(years), dtype=bool),
    )


def co2() -> Series:
    """Carbon dioxide in the air at Mauna Loa, Hawaii, weekly from 1958 to 2001: values (2284, 1).

    In parts per million by volume, the mean of a week, dated by its Saturday. 59 weeks have no
    measurement. They are filled in by straight lines between their neighbours, and `missing` is
    True there: leave them out wherever a measured value is needed.
    """
    rows = _rows("co2", "co2.csv")
    days = np.array([f"{day[:4]}-{day[4:6]}-{day[6:]}" for day, _ in rows], dtype="datetime64[D]")
    measured = np.array([float(value) if value else np.nan for _, value in rows])
    missing = np.isnan(measured)
    time = _decimal_years(days)
    weeks = np.arange(len(rows))
    values = np.interp(weeks, weeks[~missing], measured[~missing])
    return Series(
        values=values[:, None],
        time=time,
        name="Carbon dioxide at Mauna Loa",
        unit="ppm (parts per million by volume)",
        step="1 week",
        source=(
            "C. D. Keeling and T. P. Whorf (2004), Carbon Dioxide Information Analysis Center, "
            "Oak Ridge National Laboratory; file of statsmodels.datasets.co2"
        ),
        licence="public domain",
        missing=missing,
    )


def _rows(folder: str, name: str) -> list[list[str]]:
    """The rows of one of statsmodels' csv files, without the header."""
    path = package_file("statsmodels", "datasets", folder, name)
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))[1:]


def _decimal_years(days: np.ndarray) -> np.ndarray:
    """Dates as decimal years: 1 July 1999 is 1999.496."""
    years = days.astype("datetime64[Y]")
    start = years.astype("datetime64[D]")
    length = (years + 1).astype("datetime64[D]") - start
    return years.astype(int) + 1970 + (days - start) / length
