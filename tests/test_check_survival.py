"""Nothing that a learner's code does may take the checker, or the notebook, down."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
import types

import numpy as np
import pytest

from rnncourse.check import code, guard, probe, wrong
from rnncourse.check import worker as worker_module
from rnncourse.check.capture import CAP

SHORT = 0.5  # seconds before a function is stopped in these tests


def make(**more):
    exercise = code(
        **{
            "title": "Twice",
            "minutes": 1,
            "difficulty": 1,
            "objective": "double an array",
            "reference": lambda x, k=1.0: np.asarray(x) * 2.0,
            "probes": [probe(np.array([1.0, 2.0, 3.0])), probe(np.array([0.5, -1.0]))],
            "mistakes": [wrong("once", lambda x: np.asarray(x), "Twice.")],
            "hints": ["a", "b", "c"],
            **more,
        }
    )
    exercise.id = "twice"
    return exercise


@pytest.fixture
def twice():
    return make()


@pytest.fixture
def hasty(monkeypatch):
    """The same, with little patience."""
    monkeypatch.setattr(guard, "LIMIT", SHORT)
    monkeypatch.setattr(worker_module, "LIMIT", SHORT)
    return make()


def loop(x):
    while True:
        sum(range(10))


def sleep(x):
    time.sleep(8)


swallowed = []


def swallows_everything(x):
    while True:
        try:
            while True:
                sum(range(10))
        except BaseException as problem:
            swallowed.append(type(problem))


def swallows_in_its_sleep(x):
    while True:
        with contextlib.suppress(BaseException):
            time.sleep(8)


def loops_in_finally(x):
    try:
        loop(x)
    finally:
        loop(x)


def prints_for_ever(x):
    while True:
        print("x" * 1000)


def hides_in_a_comparison(x):
    class Slow:
        def __array__(self, *args, **kwargs):
            loop(x)

    return Slow()


@pytest.mark.parametrize(
    "answer",
    [
        loop,
        sleep,
        swallows_everything,
        swallows_in_its_sleep,
        loops_in_finally,
        prints_for_ever,
        hides_in_a_comparison,
    ],
    ids=lambda f: f.__name__,
)
def test_what_never_ends_is_stopped_and_the_next_check_is_untouched(hasty, answer, capsys):
    started = time.monotonic()
    verdict = hasty.examine(answer)
    assert time.monotonic() - started < SHORT + 2.0
    assert "did not finish" in verdict.message
    time.sleep(2 * guard.POLL)
    assert hasty.examine(lambda x: x * 2).passed
    assert capsys.readouterr() == ("", "")


def test_the_swallowing_answer_really_swallowed(hasty):
    swallowed.clear()
    hasty.examine(swallows_everything)
    assert guard.Stopped in swallowed


def test_no_late_interrupt_hits_what_runs_afterwards(monkeypatch):
    """Answers that end just as the watchdog fires, many times over; then ordinary work."""
    monkeypatch.setattr(guard, "POLL", 0.001)
    before = signal.getsignal(signal.SIGINT)  # a job in the background ignores it from the start
    for i in range(60):
        monkeypatch.setattr(guard, "LIMIT", 0.004 + 0.0001 * (i % 20))

        def nearly(x):
            until = time.perf_counter() + 0.003
            while time.perf_counter() < until:
                pass
            return x * 2

        make().examine(nearly)
        for _ in range(200):
            sum(range(20))
    assert signal.getsignal(signal.SIGINT) is before


def test_the_handler_and_streams_and_recursion_limit_are_put_back(hasty):
    before = signal.getsignal(signal.SIGINT), sys.stdout, sys.stderr, sys.getrecursionlimit()
    limiter = sys.setrecursionlimit
    hasty.examine(loop)
    assert before == (
        signal.getsignal(signal.SIGINT),
        sys.stdout,
        sys.stderr,
        sys.getrecursionlimit(),
    )
    assert sys.setrecursionlimit is limiter


@pytest.mark.skipif(sys.platform == "win32", reason="os.kill ends the process there")
@pytest.mark.parametrize("stubborn", [False, True])
def test_the_users_own_interrupt_still_arrives(twice, monkeypatch, stubborn):
    monkeypatch.setattr(guard, "LIMIT", 20.0)
    threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        twice(swallows_everything if stubborn else loop)
    assert twice.examine(lambda x: x * 2).passed


@pytest.mark.parametrize("answer", [loop, swallows_everything], ids=lambda f: f.__name__)
def test_time_is_bounded_outside_the_main_thread_too(hasty, answer):
    verdicts = []

    def work():
        verdicts.append(hasty.examine(answer))
        verdicts.append(hasty.examine(lambda x: x * 2))

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(10)
    assert [v.passed for v in verdicts] == [False, True]
    assert "did not finish" in verdicts[0].message


def test_an_import_under_way_is_waited_for(hasty, tmp_path, monkeypatch):
    (tmp_path / "slow_to_import.py").write_text("import time\ntime.sleep(1.2)\nTWO = 2\n")
    monkeypatch.syspath_prepend(tmp_path)

    def imports(x):
        import slow_to_import

        return x * slow_to_import.TWO

    assert hasty.examine(imports).passed
    sys.modules.pop("slow_to_import")


def recurse(x):
    return recurse(x)


def recurse_with_a_raised_limit(x):
    sys.setrecursionlimit(10**9)
    return recurse(x)


@pytest.mark.parametrize("answer", [recurse, recurse_with_a_raised_limit], ids=lambda f: f.__name__)
def test_endless_recursion_is_named_with_the_learners_line(twice, answer):
    message = twice.examine(answer).message
    assert "calls itself without end" in message
    assert "`return recurse(x)`" in message


def test_a_recursion_limit_raised_in_another_cell_does_no_harm(twice):
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(10**9)
    try:
        assert "calls itself without end" in twice.examine(recurse).message
        assert sys.getrecursionlimit() == 10**9
    finally:
        sys.setrecursionlimit(before)


def test_a_huge_allocation_is_named(twice):
    message = twice.examine(lambda x: np.ones(10**12)).message
    assert "more memory than there is" in message


@pytest.mark.skipif(sys.platform != "linux", reason="the fence around memory is Linux only")
def test_one_allocation_that_the_machine_would_grant_is_refused_too(twice):
    message = twice.examine(
        lambda x: np.ones(6 * 2**30 + os.cpu_count() * 2**27, dtype=np.int8)
    ).message
    assert "more memory than there is" in message


def test_memory_that_grows_without_end_is_stopped(twice, monkeypatch):
    monkeypatch.setattr(guard, "GROWTH", 50 * 2**20)
    monkeypatch.setattr(guard, "LIMIT", 10.0)

    def grows(x):
        kept = []
        while True:
            kept.append(np.ones(100_000))

    message = twice.examine(grows).message
    assert "too much memory" in message


def test_a_printed_megabyte_is_cut(capsys):
    def chatters(x):
        for _ in range(1000):
            print("x" * 1000)
        return x * 2

    make()(chatters)
    out, err = capsys.readouterr()
    assert len(out) < CAP + 100
    assert "printing cut" in out
    assert err == ""


def test_warnings_do_not_reach_stderr(capsys):
    def warns(x):
        np.log(np.zeros(1))
        return x * 2

    make()(warns)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("error", "say"),
    [
        (ValueError("no such thing"), "stopped with ValueError: no such thing."),
        (SystemExit(3), "stopped with SystemExit"),
        (KeyboardInterrupt(), "stopped with KeyboardInterrupt"),
        (GeneratorExit(), "stopped with GeneratorExit"),
        (StopIteration(), "stopped with StopIteration"),
        (AssertionError("\n".join("abc")), "AssertionError: a b c."),
    ],
)
def test_an_exception_is_told_with_the_learners_line(twice, error, say):
    def raises(x):
        raise error

    message = twice.examine(raises).message
    assert say in message
    assert "`raise error`" in message
    assert "rnncourse" not in message


def test_the_learners_line_is_shown_and_not_the_librarys(twice):
    def mismatched(x):
        return np.concatenate([x, np.ones((2, 2))])

    message = twice.examine(mismatched).message
    assert "`return np.concatenate([x, np.ones((2, 2))])`" in message


def test_an_undefined_name_is_named(twice):
    message = twice.examine(lambda x: h_previous * x).message  # noqa: F821
    assert "`h_previous` is neither an argument nor made inside the function." in message


def test_not_implemented_error_means_not_implemented(twice):
    def blank(x):
        raise NotImplementedError

    assert twice.examine(blank).message.startswith("Not implemented yet.")


def test_arguments_changed_in_place_are_named(twice):
    def changes(x):
        x *= 2
        return x

    message = twice.examine(changes).message
    assert "the result is right, but an argument was changed" in message
    assert "`x = x.copy()`" in message


def test_the_probes_are_never_changed_by_an_answer(twice):
    def changes(x):
        x[:] = 99
        return x

    twice.examine(changes)
    assert twice.examine(lambda x: x * 2).passed
    assert twice.probes[0].args[0].tolist() == [1.0, 2.0, 3.0]


def test_results_kept_in_one_reused_buffer_pass(twice):
    buffer = np.zeros(3)

    def reuses(x):
        np.multiply(x, 2, out=buffer[: len(x)])
        return buffer[: len(x)]

    assert twice.examine(reuses).passed


async def waits(x):
    return x * 2


def yields(x):
    for value in x:
        yield 2 * value


@pytest.mark.parametrize(
    ("answer", "say"),
    [
        (waits, "`async def`"),
        (yields, "`yield` makes a generator"),
        (lambda x: lambda: x, "brackets"),
    ],
)
def test_coroutines_generators_and_functions_are_named(twice, answer, say):
    assert say in twice.examine(answer).message


class Evil:
    """Raises at whatever one does with it."""

    def __getattribute__(self, name):
        raise RuntimeError(name)

    def __eq__(self, other):
        raise RuntimeError

    __hash__ = None

    def __repr__(self):
        raise RuntimeError

    def __bool__(self):
        raise RuntimeError


class EvilArray:
    def __array__(self, *args, **kwargs):
        raise SystemExit

    @property
    def __class__(self):
        raise KeyboardInterrupt


class EvilList(list):
    def __iter__(self):
        raise MemoryError

    def __len__(self):
        raise SystemExit


class EvilFloat(float):
    def __float__(self):
        raise SystemExit

    def __repr__(self):
        raise SystemExit


class EvilError(Exception):
    def __str__(self):
        raise RuntimeError


@pytest.mark.parametrize("evil", [Evil, EvilArray, EvilList, EvilFloat])
def test_answers_that_misbehave_when_looked_at_get_a_sentence(twice, evil):
    for answer in (lambda x: evil(), lambda x: [evil()], evil()):
        verdict = twice.examine(answer)
        assert not verdict.passed
        assert verdict.message


def test_an_exception_that_cannot_be_printed_is_still_told(twice):
    def raises(x):
        raise EvilError

    assert "stopped with EvilError." in twice.examine(raises).message


def in_notebook(source, **variables):
    """The function `answer` as if it were written in a notebook with these variables."""
    space = {"__name__": "__main__", "np": np, **variables}
    exec(source, space)
    return space["answer"]


def test_a_leftover_variable_is_named_where_the_answer_is_wrong(twice):
    answer = in_notebook("def answer(x):\n    return x * gain", gain=3.5)
    message = twice.examine(answer).message
    assert "It reads `gain` from another cell" in message


def test_a_leftover_variable_is_named_where_the_answer_is_right_by_its_grace(twice):
    answer = in_notebook("def answer(x):\n    return x * gain", gain=2.0)
    message = twice.examine(answer).message
    assert "right here, but only as long as another cell has run" in message
    assert "`gain`" in message


@pytest.mark.parametrize(
    "source",
    [
        "def answer(x):\n    return x * GAIN",
        "def answer(x):\n    return np.multiply(x, 2)",
        "def helper(x):\n    return 2 * x\ndef answer(x):\n    return helper(x)",
        "unused = 3.0\ndef answer(x):\n    unused\n    return x * 2",
    ],
)
def test_constants_modules_and_helpers_are_no_leftovers(twice, source):
    assert twice.examine(in_notebook(source, GAIN=2.0)).passed


def test_an_exercise_can_allow_a_variable_of_the_notebook():
    answer = in_notebook("def answer(x):\n    return x * gain", gain=2.0)
    assert make(reads=["gain"]).examine(answer).passed


@pytest.mark.parametrize(
    "answer", [lambda x: np.array([2.0, 4.0, 6.0]), lambda x: x * 2 if len(x) == 3 else x * 5.0 + 1]
)
def test_an_answer_made_for_the_example_is_named(twice, answer):
    assert "stand in the code?" in twice.examine(answer).message


@pytest.fixture
def risky(hasty):
    return make(may_hang=True)


def stuck_in_c(x):
    (10**7) ** (10**8)  # one call, in C, which takes no interrupt until it is done
    return x


def test_a_call_stuck_in_c_is_stopped_and_the_worker_comes_back(risky):
    assert risky.examine(lambda x: x * 2).passed
    started = time.monotonic()
    assert "did not finish" in risky.examine(stuck_in_c).message
    assert time.monotonic() - started < SHORT + 2.0
    assert risky.examine(lambda x: x * 2).passed


def test_the_worker_recognises_mistakes_and_lines_like_the_guard(risky):
    assert risky.examine(lambda x: x).misconception == "once"

    def raises(x):
        raise ValueError("mine")

    assert '`raise ValueError("mine")`' in risky.examine(raises).message


def test_a_worker_that_dies_is_told(risky):
    assert "the process that ran it ended" in risky.examine(lambda x: os._exit(1)).message
    assert risky.examine(lambda x: x * 2).passed


def test_what_cannot_travel_to_the_worker_runs_under_the_guard(risky):
    lock = threading.Lock()

    def holds(x):
        with lock:
            return x * 2

    assert risky.examine(holds).passed
    assert "did not finish" in risky.examine(lambda x: (lock, loop(x))).message


def test_a_warm_worker_is_quick(risky):
    risky.examine(lambda x: x * 2)
    assert min(risky.examine(lambda x: x * 2).seconds for _ in range(5)) < 0.1


def test_the_worker_ends_with_its_notebook():
    program = (
        "from rnncourse.check import worker\n"
        "import operator, os\n"
        "worker.worker.run(operator.neg, None, [(1.0,)])\n"
        "print(worker.worker._process.pid, flush=True)\n"
        "os._exit(0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    pid = int(done.stdout)
    until = time.monotonic() + 5
    while time.monotonic() < until and _alive(pid):
        time.sleep(0.05)
    assert not _alive(pid)


def _alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_an_ordinary_check_is_quick(twice):
    assert min(twice.examine(lambda x: x * 2).seconds for _ in range(5)) < 0.05


def test_without_pthread_kill_the_interrupt_goes_through_the_interpreter(hasty, monkeypatch):
    """The way taken on Windows, on this system."""
    monkeypatch.delattr(signal, "pthread_kill")
    assert "did not finish" in hasty.examine(loop).message
    assert hasty.examine(lambda x: x * 2).passed


def test_a_function_that_checks_inside_itself_is_bounded_by_the_outer_limit(twice):
    def checks(x):
        return x * 2 if twice.examine(lambda y: y * 2).passed else None

    assert twice.examine(checks).passed
    assert isinstance(checks, types.FunctionType)
