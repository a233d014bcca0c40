"""The two time series: equal to what statsmodels gives, and to known facts about them."""

import warnings

import numpy as np
import pytest

from rnncourse.data import series


@pytest.fixture(params=["sunspots", "co2"])
def loaded(request):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return getattr(series, request.param)()


def test_a_series_is_time_by_one_feature_and_has_no_gaps(loaded):
    steps = len(loaded)
    assert loaded.values.shape == (steps, 1) and loaded.values.dtype == np.float64
    assert loaded.time.shape == loaded.missing.shape == (steps,)
    assert np.isfinite(loaded.values).all() and (np.diff(loaded.time) > 0).all()


def test_a_series_says_its_unit_source_and_licence(loaded):
    for words in (loaded.name, loaded.unit, loaded.step, loaded.source, loaded.licence):
        assert words
    assert "statsmodels" in loaded.source and str(len(loaded)) in repr(loaded)


def test_a_series_cannot_lose_its_fields_and_is_read_anew_each_time(loaded):
    with pytest.raises(AttributeError):
        loaded.unit = "apples"
    before = loaded.values.copy()
    loaded.values[:] = 0
    again = series.sunspots() if loaded.name == "Sunspots" else series.co2()
    assert np.array_equal(again.values, before)


def test_sunspots_equal_those_of_statsmodels():
    datasets = pytest.importorskip("statsmodels.datasets")
    theirs = datasets.sunspots.load_pandas().data
    ours = series.sunspots()
    assert np.array_equal(ours.time, theirs["YEAR"])
    assert np.array_equal(ours.values[:, 0], theirs["SUNACTIVITY"])


def test_co2_equals_that_of_statsmodels_where_it_was_measured():
    datasets = pytest.importorskip("statsmodels.datasets")
    theirs = datasets.co2.load_pandas().data["co2"]
    ours = series.co2()
    assert np.array_equal(ours.missing, theirs.isna())
    assert np.array_equal(ours.values[~ours.missing, 0], theirs.dropna())
    assert np.array_equal(ours.time.astype(int), theirs.index.year)
    assert np.allclose(ours.values[:, 0], theirs.interpolate("linear"))


def test_the_sunspot_maximum_is_in_1957_and_the_period_is_about_eleven_years():
    spots = series.sunspots()
    assert (spots.time[0], spots.time[-1], len(spots)) == (1700, 2008, 309)
    assert spots.time[spots.values.argmax()] == 1957 and spots.values.max() == 190.2
    assert spots.values.min() >= 0 and not spots.missing.any()
    power = np.abs(np.fft.rfft(spots.values[:, 0] - spots.values.mean())) ** 2
    assert 10 < len(spots) / power.argmax() < 12


def test_carbon_dioxide_rises_with_a_yearly_wave_and_59_weeks_are_filled_in():
    air = series.co2()
    assert len(air) == 2284 and air.missing.sum() == 59
    assert 310 < air.values.min() < air.values.max() < 375
    assert air.time[0] == pytest.approx(1958 + 87 / 365)  # 29 March
    trend = np.polyfit(air.time, air.values[:, 0], 1)[0]
    assert 1.2 < trend < 1.5  # ppm a year
    rest = air.values[:, 0] - np.polyval(np.polyfit(air.time, air.values[:, 0], 2), air.time)
    power = np.abs(np.fft.rfft(rest)) ** 2
    assert 51 < len(rest) / power.argmax() < 54  # weeks


def test_a_filled_week_lies_between_its_neighbours():
    air = series.co2()
    for i in np.flatnonzero(air.missing):
        low, high = sorted((air.values[i - 1, 0], air.values[i + 1, 0]))
        assert low <= air.values[i, 0] <= high


def test_a_missing_package_is_named_with_what_to_do(monkeypatch):
    monkeypatch.setattr("rnncourse.data._packages.find_spec", lambda name: None)
    with pytest.raises(FileNotFoundError, match=r"statsmodels.*not installed.*start\.py"):
        series.sunspots()
