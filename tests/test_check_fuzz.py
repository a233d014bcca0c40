"""Hypothesis throws arbitrary objects and functions at every exercise: always a sentence."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from rnncourse import check
from rnncourse.check import Verdict

EXERCISES = check.exercises()


class Evil:
    def __getattr__(self, name):
        raise RuntimeError(name)

    def __eq__(self, other):
        raise SystemExit

    def __len__(self):
        raise KeyboardInterrupt

    def __float__(self):
        raise MemoryError

    def __repr__(self):
        raise RecursionError

    def __array__(self, *args, **kwargs):
        raise GeneratorExit

    __hash__ = None


def cyclic():
    items = []
    items.append(items)
    return items


scalars = st.one_of(
    st.none(),
    st.just(...),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.complex_numbers(),
    st.text(max_size=8),
    st.binary(max_size=8),
    st.builds(Evil),
    st.builds(object),
    st.builds(cyclic),
    st.sampled_from([print, int, Evil, np, np.float32(2.5), np.datetime64("2020-01-01")]),
)
arrays = npst.arrays(
    dtype=st.one_of(npst.scalar_dtypes(), st.just(np.dtype(object))),
    shape=npst.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
)
values = st.recursive(
    st.one_of(scalars, arrays),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.tuples(inner, inner),
        st.dictionaries(
            st.one_of(st.text(max_size=3), st.integers(), st.floats()), inner, max_size=3
        ),
    ),
    max_leaves=6,
)


@st.composite
def functions(draw):
    """A function that returns a value, its arguments, a change of them, yields or raises."""
    value = draw(values)
    ways = {
        "value": lambda *args: value,
        "argument": lambda *args: args[draw_index % len(args)] if args else value,
        "sum": lambda *args: sum(np.asarray(a, dtype=float) for a in args),
        "raise": lambda *args: (_ for _ in ()).throw(draw_error),
        "generator": lambda *args: (a for a in args),
        "few": lambda: value,
        "class": type(
            "Answer", (), {"__init__": lambda self, *a: None, "step": lambda self, *a: value}
        ),
        "mutate": lambda *args: [a.sort() for a in args if isinstance(a, np.ndarray) and a.ndim],
        "print": lambda *args: print(value if type(value) is str else 1),
    }
    draw_index = draw(st.integers(0, 5))
    draw_error = draw(
        st.sampled_from(
            [ValueError("x"), SystemExit(1), KeyboardInterrupt(), StopIteration(), Exception()]
        )
    )
    return ways[draw(st.sampled_from(sorted(ways)))]


def is_a_sentence(text):
    return text.strip() != "" and text.strip()[-1] in '.?!)"”…' and "Traceback" not in text


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: f"{e.lesson}-{e.id}")
def test_anything_at_all_gets_a_sentence(exercise, capsys):
    @settings(
        max_examples=40,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.one_of(values, functions()))
    def throw(answer):
        verdict = exercise.examine(answer)
        assert isinstance(verdict, Verdict)
        assert is_a_sentence(verdict.message), verdict.message
        assert check.Panel(verdict.panel)._repr_html_().startswith("<style>")
        assert is_a_sentence(repr(exercise.guess(answer)))

    throw()
    assert capsys.readouterr() == ("", "")
