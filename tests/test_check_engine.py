"""The checker's engine, on exercises made for these tests."""

import re
import subprocess
import sys
import textwrap

import numpy as np
import pytest

from rnncourse import check, events
from rnncourse.check import NotYet, choose, code, option, predict, probe, switches, wrong
from rnncourse.check.proof import problems

FACTS = {
    "title": "A test",
    "minutes": 1,
    "difficulty": 1,
    "objective": "test the checker",
    "hints": ["a nudge", "the formula", "the first line"],
}


def run_reference(x, w, h0=0.0):
    h, out = h0, []
    for value in x:
        h = np.tanh(value + w * h)
        out.append(h)
    return np.array(out)


def run_flawed(x, w, h0=0.0, feeds_input=False, drops_weight=False, starts_at_zero=False):
    h, out = 0.0 if starts_at_zero else h0, []
    w = 1.0 if drops_weight else w
    for t, value in enumerate(x):
        back = (x[t - 1] if t else h) if feeds_input else h
        h = np.tanh(value + w * back)
        out.append(h)
    return np.array(out)


def make_run(**more):
    exercise = code(
        **{
            **FACTS,
            "reference": run_reference,
            "probes": [
                probe(np.array([1.0, 0.0, 0.0, 1.0]), 0.5, 0.5),
                probe(np.array([0.3, -0.2, 0.9]), -0.7, 0.2),
                probe(np.array([0.1, 0.4]), 0.9, -0.4),
            ],
            "mistakes": [
                *switches(
                    run_flawed,
                    feeds_input="You fed back the **input**.",
                    drops_weight="Where is `w`?",
                    starts_at_zero="What is h before the first step?",
                ),
                wrong("keeps the last only", lambda x, w, h0: run_reference(x, w, h0)[-1:], "All."),
            ],
            "success": "A memory.",
            "next": "turn a knob.",
            "others": [lambda x, w, h0: list(run_reference(x, w, h0)), run_reference],
            **more,
        }
    )
    exercise.id, exercise.lesson = "run", "99"
    return exercise


@pytest.fixture
def run():
    return make_run()


def test_the_reference_passes_and_says_what_was_gained(run):
    panel = run(run_reference)
    assert repr(panel) == "✓ run is right. A memory. Next: turn a knob."
    assert "rc-right" in panel._repr_html_()


def test_the_fixture_exercise_is_itself_proved(run):
    assert problems(run) == []


def test_a_mistake_is_recognised_and_its_hint_shown(run):
    verdict = run.examine(lambda x, w, h0: run_flawed(x, w, h0, feeds_input=True))
    assert not verdict.passed
    assert verdict.misconception == "feeds input"
    assert "You fed back the input." in verdict.message


def test_two_switches_at_once_are_recognised(run):
    def both(x, w, h0):
        return run_flawed(x, w, h0, drops_weight=True, starts_at_zero=True)

    verdict = run.examine(both)
    assert verdict.misconception == "drops weight and starts at zero"
    assert "Where is `w`?" in verdict.message
    assert "before the first step" in verdict.message


def test_a_mistake_of_another_shape_is_recognised(run):
    assert run.examine(lambda x, w, h0: run_reference(x, w, h0)[-1:]).misconception == (
        "keeps the last only"
    )


def test_the_message_comes_in_its_order_and_has_nothing_more(run):
    def late(x, w, h0):
        out = run_reference(x, w, h0)
        out[1:] = 0.25 + np.arange(len(out) - 1)
        return out

    assert run.examine(late).message == textwrap.dedent(
        """\
        Not yet: right at step 0, different at step 1.

        called with  run(x=[0.1, 0.4], w=0.9, h0=-0.4)
        step              0      1
        got          -0.254  0.250   shape (2,)
                             ^^^^^
        expected     -0.254  0.169   shape (2,)

        The first step is right and no later one. What does one step hand on to the next?

        for a nudge, run check.run.hint()"""
    )


def test_a_failed_check_raises_one_message_and_renders_as_that_message(run):
    with pytest.raises(NotYet) as caught:
        run(lambda x, w, h0: x)
    lines = caught.value._render_traceback_()
    assert isinstance(lines, list)
    assert "\n".join(lines) == str(caught.value)
    assert str(caught.value) == run.examine(lambda x, w, h0: x).message
    assert "Traceback" not in str(caught.value)


@pytest.mark.parametrize(
    "answer",
    [
        lambda x, w, h0: run_reference(x, w, h0).tolist(),
        lambda x, w, h0: tuple(run_reference(x, w, h0)),
        lambda x, w, h0: run_reference(x, w, h0).astype(np.float32),
        lambda x, w, h0, extra=3: run_reference(x, w, h0),
        lambda *args: run_reference(*args),
        lambda x, w, h0, *, quick=False: run_reference(x, w, h0),
        lambda x, w, h0: [np.array(v) for v in run_reference(x, w, h0)],
        lambda x, w, h0: np.ma.masked_array(run_reference(x, w, h0)),
    ],
)
def test_form_does_not_matter(run, answer):
    assert run.examine(answer).passed


@pytest.mark.parametrize("kind", ["float32", "float64"])
def test_torch_passes_like_numpy(run, kind):
    torch = pytest.importorskip("torch")

    def answer(x, w, h0):
        h, out = torch.tensor(h0, dtype=getattr(torch, kind)), []
        for value in torch.as_tensor(x).to(getattr(torch, kind)):
            h = torch.tanh(value + w * h)
            out.append(h)
        return torch.stack(out).requires_grad_()

    assert run.examine(answer).passed


@pytest.mark.parametrize(
    ("answer", "say"),
    [
        (lambda x, w, h0: 0.5, "it gave one number, expected shape (2,)"),
        (lambda x, w, h0: run_reference(x, w, h0)[:, None], "arrangement is not"),
        (lambda x, w, h0: run_reference(x, w, h0) > 0, "truth values"),
        (lambda x, w, h0: run_reference(x, w, h0) + 0j, "complex"),
        (lambda x, w, h0: run_reference(x, w, h0).astype(str), "text"),
        (lambda x, w, h0: run_reference(x, w, h0) * np.nan, "nan (not a number)"),
        (lambda x, w, h0: run_reference(x, w, h0) / 0, "inf (infinity)"),
        (lambda x, w, h0: {"h": run_reference(x, w, h0)}, "dict"),
        (lambda x, w, h0: (run_reference(x, w, h0), 3), "tuple of 2"),
        (lambda x, w, h0: run_reference, "brackets"),
        (lambda x, w, h0: {1, 2}, "a set object"),
        (lambda x, w, h0: map(float, x), "a map object"),
        (lambda x, w, h0: np.array([object()]), "an array of objects"),
    ],
)
def test_meaning_does_matter(run, answer, say):
    verdict = run.examine(answer)
    assert not verdict.passed
    assert say in verdict.message


def test_a_fading_trace_is_not_equal_to_nothing():
    exercise = make_run(
        reference=lambda x, w, h0: 1e-9 * np.asarray(x), mistakes=[], tolerance=None
    )
    assert not exercise.examine(lambda x, w, h0: np.zeros(len(x))).passed


def test_a_tolerance_of_the_exercises_own_holds():
    exercise = make_run(tolerance=(0.0, 0.01))
    assert exercise.examine(lambda x, w, h0: run_reference(x, w, h0) + 0.009).passed
    assert not exercise.examine(lambda x, w, h0: run_reference(x, w, h0) + 0.011).passed


def test_the_smallest_failing_call_is_shown_with_the_references_names(run):
    message = run.examine(lambda a, b, c: np.asarray(a) + b).message
    assert "called with  run(x=[0.1, 0.4], w=0.9, h0=-0.4)" in message


def test_a_label_can_be_a_template_of_the_call():
    exercise = make_run(call="Neuron(w_h={w}, h0={h0}).run({x})")
    message = exercise.examine(lambda x, w, h0: x).message
    assert "called with  Neuron(w_h=0.9, h0=-0.4).run([0.1, 0.4])" in message


def test_long_arrays_are_shortened_around_the_first_difference():
    exercise = make_run(reference=lambda x, w, h0: np.arange(100.0), mistakes=[])

    def answer(x, w, h0):
        out = np.arange(100.0)
        out[57] = -1
        return out

    message = exercise.examine(answer).message
    assert "different at entry 57, right elsewhere" in message
    assert " 57 " in message
    assert max(map(len, message.splitlines())) < 140


def test_values_that_differ_never_look_alike():
    exercise = make_run(reference=lambda x, w, h0: np.array([0.1234567, 2.0]), mistakes=[])
    message = exercise.examine(lambda x, w, h0: np.array([0.1234999, 2.0])).message
    assert "0.123500" in message
    assert "0.123457" in message


def test_matrices_show_the_row_that_differs():
    exercise = make_run(reference=lambda x, w, h0: np.arange(12.0).reshape(3, 4), mistakes=[])

    def answer(x, w, h0):
        out = np.arange(12.0).reshape(3, 4)
        out[2, 1] = 7.5
        return out

    message = exercise.examine(answer).message
    assert "got[2]" in message
    assert "7.500" in message


def test_returned_pairs_are_compared_one_by_one():
    exercise = make_run(reference=lambda x, w, h0: (run_reference(x, w, h0), h0 + 1.0), mistakes=[])
    assert exercise.examine(lambda x, w, h0: [run_reference(x, w, h0), h0 + 1]).passed
    message = exercise.examine(lambda x, w, h0: (run_reference(x, w, h0), 9.0)).message
    assert "of 2 values, the second differs" in message
    swapped = exercise.examine(lambda x, w, h0: (h0 + 1.0, run_reference(x, w, h0))).message
    assert "opposite order" in swapped


def test_dicts_are_compared_by_key():
    exercise = make_run(reference=lambda x, w, h0: {"h": h0, "w": w}, mistakes=[])
    assert exercise.examine(lambda x, w, h0: {"w": w, "h": h0}).passed
    assert "no 'w'" in exercise.examine(lambda x, w, h0: {"h": h0}).message
    assert "at 'w'" in exercise.examine(lambda x, w, h0: {"h": h0, "w": 9.0}).message


class Counter:
    def __init__(self, start):
        self.held = start

    def step(self, value):
        before, self.held = self.held, self.held + value
        return before


def make_counter():
    def drive(answer, start, values):
        counter = answer(start)
        return [counter.step(v) for v in values]

    class Forgets(Counter):
        def step(self, value):
            self.held = value
            return self.held

    exercise = code(
        **FACTS,
        reference=Counter,
        drive=drive,
        call="step through {values} from {start}",
        probes=[probe(1.0, [2.0, 3.0, 4.0]), probe(0.5, [1.0, 1.0])],
        mistakes=[wrong("forgets", Forgets, "What is kept?")],
    )
    exercise.id = "counter"
    return exercise


def test_a_class_is_driven_and_its_mistakes_recognised():
    exercise = make_counter()
    assert exercise.examine(Counter).passed
    verdict = exercise.examine(exercise.mistakes[0].answer)
    assert verdict.misconception == "forgets"
    assert "step through [1.0, 1.0] from 0.5" in verdict.message


def test_a_function_where_a_class_is_expected_and_the_reverse(run):
    assert "a class is asked for" in make_counter().examine(lambda start: start).message

    class Runner:
        def __init__(self, x, w, h0):
            self.x = x

    assert "write `def` instead of `class`" in run.examine(Runner).message


def test_a_class_that_lacks_what_is_used_is_told_so():
    class Bare:
        def __init__(self, start):
            self.held = start

    message = make_counter().examine(Bare).message
    assert "cannot be used here: 'Bare' object has no attribute 'step'." in message


def test_an_empty_class_is_not_implemented_yet():
    class Empty:
        def __init__(self, start): ...

        def step(self, value): ...

    assert make_counter().examine(Empty).message.startswith("Not implemented yet.")


def test_examine_neither_announces_nor_prints(run, capsys):
    heard = []
    events.subscribe("checked", lambda **facts: heard.append(facts))

    def loud(x, w, h0):
        print("hello")
        return run_reference(x, w, h0)

    assert run.examine(loud).passed
    assert heard == []
    assert capsys.readouterr() == ("", "")


def test_a_check_announces_its_verdict_and_survives_a_failing_listener(run):
    heard = []

    def broken(**facts):
        raise RuntimeError

    def listen(**facts):
        heard.append(facts)

    events.subscribe("checked", broken)
    events.subscribe("checked", listen)
    try:
        run(run_reference)
        with pytest.raises(NotYet):
            run(lambda x, w, h0: run_flawed(x, w, h0, feeds_input=True))
    finally:
        events.unsubscribe("checked", broken)
        events.unsubscribe("checked", listen)
    assert [(h["passed"], h["misconception"]) for h in heard] == [
        (True, None),
        (False, "feeds input"),
    ]
    assert {h["exercise"] for h in heard} == {"run"}
    assert {h["lesson"] for h in heard} == {"99"}
    assert all(0 < h["seconds"] < 0.5 for h in heard)


def test_prints_of_the_example_call_reach_the_learner_once_and_never_stderr(run, capsys):
    def loud(x, w, h0):
        print("called with", len(x))
        print("a warning", file=sys.stderr)
        return run_reference(x, w, h0)

    run(loud)
    assert capsys.readouterr() == ("called with 4\na warning\n", "")


def test_hints_come_one_at_a_time(run):
    first, second, third, again = (repr(run.hint()) for _ in range(4))
    assert "a nudge" in first
    assert "the formula" not in first
    assert "the formula" in second
    assert "a nudge" not in second
    assert "the first line" in third
    assert "That was the last one." in again
    assert again.startswith(third)


def make_predict(**more):
    exercise = predict(
        **{
            **FACTS,
            "question": "What comes out?",
            "answer": lambda: 0.818,
            "mistakes": [wrong("no feedback", 0.731, "The 0.5 is missing.")],
            **more,
        }
    )
    exercise.id = "guess_it"
    return exercise


@pytest.mark.parametrize(
    "value", [0.818, 0.82, np.float32(0.818), np.array(0.818), np.float64(0.8181)]
)
def test_a_prediction_may_be_rounded(value):
    assert make_predict().examine(value).passed


def test_a_prediction_may_be_a_torch_scalar():
    torch = pytest.importorskip("torch")
    assert make_predict().examine(torch.tensor(0.818)).passed


@pytest.mark.parametrize(
    ("value", "say"),
    [
        (..., "Not answered yet."),
        (None, "Not answered yet."),
        ("0.818", "without quotes"),
        ("0,818", "without quotes"),
        ("large", "is text"),
        (True, "True or False"),
        (0.8 + 0j, "complex"),
        (np.nan, "finite"),
        ([0.8], "one number is asked for"),
        (print, "a value is asked for"),
        (0.5, "below"),
        (2, "above"),
        (0.731, "The 0.5 is missing."),
        (object(), "an object object"),
        (10**400, "hundreds of digits"),
    ],
)
def test_every_other_prediction_gets_its_sentence_and_not_the_answer(value, say):
    verdict = make_predict().examine(value)
    assert not verdict.passed
    assert say in verdict.message
    assert type(value) is str or "0.818" not in verdict.message


def test_a_predicted_count_is_exact():
    exercise = make_predict(answer=1200, mistakes=[])
    assert exercise.examine(1200.0).passed
    assert not exercise.examine(1201).passed


def test_a_predicted_array_says_where_it_differs():
    exercise = make_predict(answer=np.array([1.0, 2.0, 3.0]), mistakes=[])
    assert exercise.examine([1, 2, 3]).passed
    assert "1 of 3 values differ from what comes out, the first at index 2" in (
        exercise.examine([1, 2, 4]).message
    )


def test_a_guess_never_raises_and_is_never_announced():
    heard, exercise = [], make_predict()
    events.subscribe("checked", listener := lambda **facts: heard.append(facts))
    try:
        assert repr(exercise.guess(...)).startswith("Your turn: ")
        assert repr(exercise.guess(0.5)).startswith("Not yet")
        assert repr(exercise.guess(0.818)).startswith("✓")
    finally:
        events.unsubscribe("checked", listener)
    assert heard == []


def make_choice():
    exercise = choose(
        **FACTS,
        question="Which arrow?",
        options=[
            option("the input's", "It comes from outside."),
            option("the output's", "It comes back.", right=True),
            option("none", "Something must come back."),
            option("both", "One is enough."),
        ],
    )
    exercise.id = "arrow"
    return exercise


@pytest.mark.parametrize("letter", ["b", "B", " b ", "b)", "(b)"])
def test_the_right_letter_passes_and_explains(letter):
    verdict = make_choice().examine(letter)
    assert verdict.passed
    assert "It comes back." in verdict.message


def test_a_wrong_option_is_a_misconception_and_explains_itself():
    verdict = make_choice().examine("a")
    assert verdict.misconception == "the input's"
    assert "It comes from outside." in verdict.message
    assert "It comes back." not in verdict.message


@pytest.mark.parametrize(
    ("answer", "say"),
    [
        ("E", "there is no option 'E'"),
        ("the output's", 'give the letter, "b"'),
        (1, "one letter, in quotes"),
        (["b"], "one letter, in quotes"),
        ("bc", "one letter"),
        ("", "one letter"),
        (..., "Not answered yet."),
        (print, "one letter"),
    ],
)
def test_what_is_no_letter_gets_its_sentence(answer, say):
    verdict = make_choice().examine(answer)
    assert not verdict.passed
    assert verdict.misconception is None
    assert say in verdict.message


def test_a_question_shows_its_options():
    text = repr(make_choice().ask())
    assert "Which arrow?" in text
    assert "b)  the output's" in text


@pytest.mark.parametrize(
    ("answer", "say"),
    [
        (..., "Not implemented yet."),
        (None, "Not implemented yet."),
        (lambda x, w, h0: None, "Not implemented yet."),
        (lambda x, w, h0: ..., "Not implemented yet."),
        (np.ones(3), "Give it without brackets"),
        (lambda x: x, "It should take these 3, in this order"),
        (lambda x, w, h0, more: x, "It should take these 3, in this order"),
        (lambda x, w, h0, *, flag: x, "It should take these 3, in this order"),
    ],
)
def test_what_is_no_answer_yet_gets_its_sentence(run, answer, say):
    verdict = run.examine(answer)
    assert not verdict.passed
    assert say in verdict.message


def test_print_in_place_of_return_is_named(run):
    def prints(x, w, h0):
        print(run_reference(x, w, h0))

    assert "prints, and returns nothing" in run.examine(prints).message


def test_a_misspelt_exercise_names_the_closest_one():
    name = check.exercises()[0].id
    with pytest.raises(check.NoSuchExercise, match=rf"Did you mean check\.{name}\?"):
        getattr(check, name + "x")


def test_exercises_are_in_order_and_know_their_names():
    every = check.exercises()
    assert [e.lesson for e in every] == sorted(e.lesson for e in every)
    assert all(getattr(check, e.id) is e for e in every)


@pytest.mark.parametrize("hints", [["one"], "abc", ["a", "b", "c", "d"]])
def test_an_exercise_has_exactly_three_hints(hints):
    with pytest.raises(ValueError, match="three hints"):
        make_run(hints=hints)


def test_the_same_answer_gets_the_same_message_every_time(run):
    messages = {run.examine(lambda x, w, h0: np.asarray(x) * 2).message for _ in range(3)}
    assert len(messages) == 1


def test_importing_the_checker_loads_neither_torch_nor_matplotlib_nor_ipython():
    heavy = ["torch", "matplotlib", "IPython", "cloudpickle", "psutil"]
    program = f"import rnncourse.check, sys; print(sorted({set(heavy)} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_html_shows_no_markup_of_the_learners(run):
    def evil(x, w, h0):
        raise ValueError("<script>alert(1)</script>")

    assert "<script>" not in check.Panel(run.examine(evil).panel)._repr_html_()


def test_the_panel_hides_the_error_strip_that_follows_it(run):
    style = check.Panel(run.examine(lambda x, w, h0: x).panel)._repr_html_()
    assert ".jp-OutputArea-child:has(.rc-not-yet) + .jp-OutputArea-child:has(" in style
    assert "application/vnd.jupyter.stderr" in style


def test_no_panel_uses_red(run):
    html = check.Panel(run.examine(lambda x, w, h0: x).panel)._repr_html_()
    for colour in set(re.findall(r"#[0-9a-f]{6}", html)):
        red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        assert red < 2 * max(green, blue, 40), colour


def test_an_answer_that_computes_and_returns_nothing_is_told_so(run):
    def forgets_return(x, w, h0):
        run_reference(x, w, h0)

    assert "it computes, and returns nothing" in run.examine(forgets_return).message


@pytest.mark.parametrize(("rows", "say"), [(slice(1), "`return`"), (slice(-1, None), "collects")])
def test_one_row_of_all_is_traced_to_the_loop(rows, say):
    exercise = make_run(mistakes=[])
    message = exercise.examine(lambda x, w, h0: run_reference(x, w, h0)[rows]).message
    assert f"Does {'the line that ' if say == 'collects' else ''}{say} stand in" in message


def test_a_method_without_self_is_named():
    class NoSelf:
        def __init__(self, start):
            self.held = start

        def step(value):
            return value

    assert "takes `self` first" in make_counter().examine(NoSelf).message


def test_an_instance_in_place_of_its_class_is_told_the_class():
    assert "`check.counter(Counter)`" in make_counter().examine(Counter(1.0)).message


def test_a_wide_tolerance_of_the_answer_does_not_stretch_to_the_mistakes():
    exercise = make_predict(answer=350.0, tolerance=(0.0, 15.0))
    exercise.mistakes = [wrong("turns", 14, "These are turns.")]
    assert exercise.examine(14).misconception == "turns"
    assert exercise.examine(0.35).misconception is None


@pytest.mark.parametrize(
    ("answer", "value", "say"),
    [
        (350.0, [350], "Leave the brackets [ ] out"),
        (np.arange(5.0), [0, 1, 2, 3], "five numbers are asked for, and this is four numbers"),
        (350.0, np.str_("350"), "'350' is text"),
    ],
)
def test_a_prediction_of_the_wrong_form_is_described(answer, value, say):
    message = make_predict(answer=answer, mistakes=[]).examine(value).message
    assert say in message
    assert "np.str_" not in message
