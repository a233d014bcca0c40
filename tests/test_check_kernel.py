"""The checker inside a running Jupyter kernel: what never ends is stopped, the kernel lives on."""

import time

import pytest
from jupyter_client.manager import start_new_kernel

SETUP = """
import time, sys, threading
import numpy as np
from rnncourse import check
from rnncourse.check import code, guard, probe, wrong
from rnncourse.check import worker as worker_module

FACTS = dict(title="Twice", minutes=1, difficulty=1, objective="double",
             reference=lambda x: x * 2.0, probes=[probe(np.arange(3.0)), probe(np.arange(2.0) + 1)],
             mistakes=[wrong("once", lambda x: x, "Once is not twice.")], hints=["a", "b", "c"])
twice, risky = code(**FACTS), code(**FACTS, may_hang=True)
twice.id = risky.id = "twice"
guard.LIMIT = worker_module.LIMIT = 0.5

def loop(x):
    while True:
        sum(range(10))

def stubborn(x):
    while True:
        try:
            while True:
                sum(range(10))
        except BaseException:
            time.sleep(0.01)

def recurse(x):
    sys.setrecursionlimit(10**9)
    return recurse(x)

def stuck(x):
    return (10**7) ** (10**8)
"""


class Kernel:
    """A kernel and what its cells put out."""

    def __init__(self, folder):
        self.manager, self.client = start_new_kernel(kernel_name="python3", cwd=str(folder))
        assert self.run(SETUP) == []

    def run(self, source, timeout=60):
        """The outputs of one cell: (type, content) pairs."""
        outputs = []

        def keep(message):
            if message["msg_type"] in ("stream", "display_data", "execute_result", "error"):
                outputs.append((message["msg_type"], message["content"]))

        self.client.execute_interactive(
            source,
            timeout=timeout,
            output_hook=keep,
            allow_stdin=False,
            stop_on_error=False,  # the next cell counts, also right after an error
        )
        return outputs

    def failed(self, source):
        """The panel's HTML and the error's text of a cell with a failed check."""
        outputs = self.run(source)
        assert [kind for kind, _ in outputs] == ["display_data", "error"]
        return outputs[0][1]["data"]["text/html"], "\n".join(outputs[1][1]["traceback"])

    def stop(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    kernel = Kernel(tmp_path_factory.mktemp("kernel"))
    yield kernel
    kernel.stop()


@pytest.mark.parametrize(
    ("answer", "say"),
    [
        ("loop", "did not finish"),
        ("stubborn", "did not finish"),
        ("recurse", "calls itself without end"),
        ("lambda x: time.sleep(20)", "did not finish"),
        ("lambda x: np.ones(10**12)", "more memory than there is"),
    ],
)
def test_the_kernel_survives_and_the_next_cells_are_untouched(kernel, answer, say):
    started = time.monotonic()
    _, text = kernel.failed(f"twice({answer})")
    assert say in text
    assert time.monotonic() - started < 10
    assert kernel.run("time.sleep(0.2); print(sum(range(100_000)))") == [
        ("stream", {"name": "stdout", "text": "4999950000\n"})
    ]


def test_a_call_stuck_in_c_is_stopped_without_the_kernel(kernel):
    _, text = kernel.failed("risky(stuck)")
    assert "did not finish" in text
    assert kernel.run("print(risky.examine(lambda x: x * 2).passed)")[0][1]["text"] == "True\n"


def test_the_error_is_the_message_alone_and_the_panel_says_the_same(kernel):
    html, text = kernel.failed("twice(lambda x: x)")
    assert text.startswith("Not yet")
    assert text.endswith("for a nudge, run check.twice.hint()")
    assert "Traceback" not in text
    assert "\x1b" not in text
    assert "Once is not twice." in text
    assert "Once is not twice." in html
    assert 'class="rnncourse-panel rc-not-yet"' in html


def test_a_passing_check_shows_one_panel_and_no_stderr(kernel):
    outputs = kernel.run("twice(lambda x: x + x)")
    assert [kind for kind, _ in outputs] == ["execute_result"]
    data = outputs[0][1]["data"]
    assert data["text/plain"] == "✓ twice is right."
    assert "rc-right" in data["text/html"]


def test_a_megabyte_of_printing_does_not_reach_the_browser(kernel):
    outputs = kernel.run(
        "def chatter(x):\n    for i in range(1000): print('x' * 1000)\n    return x * 2\n"
        "twice(chatter)"
    )
    printed = sum(len(c["text"]) for kind, c in outputs if kind == "stream")
    assert 0 < printed < 25_000
    assert {c["name"] for kind, c in outputs if kind == "stream"} == {"stdout"}


def test_a_function_of_the_notebook_names_its_own_line_in_both_processes(kernel):
    kernel.run("def broken(x):\n    y = x + 1\n    return y[99]")
    for exercise in ("twice", "risky"):
        _, text = kernel.failed(f"{exercise}(broken)")
        assert "In your line 3: `return y[99]`" in text


def test_a_leftover_variable_of_another_cell_is_named(kernel):
    kernel.run("gain = 2.0")
    kernel.run("def leans(x):\n    return x * gain")
    assert "`gain` from another cell" in kernel.failed("twice(leans)")[1]


def test_a_check_outside_the_main_thread_is_bounded(kernel):
    outputs = kernel.run(
        "found = []\n"
        "t = threading.Thread(target=lambda: found.append(twice.examine(stubborn).message))\n"
        "t.start(); t.join(20); print(found[0].splitlines()[0])"
    )
    assert "did not finish" in outputs[0][1]["text"]


def test_a_misspelt_exercise_is_one_sentence(kernel):
    outputs = kernel.run("check.no_such_exercise_at_all(loop)")
    assert outputs[0][0] == "error"
    assert len(outputs[0][1]["traceback"]) == 1
    assert outputs[0][1]["traceback"][0].startswith("There is no exercise called")


def test_the_notebooks_interrupt_key_still_works_during_a_check(kernel):
    kernel.run("guard.LIMIT = 30")
    # After an error a kernel drops what it is asked next, for a moment: not here, where it is us.
    kernel.client.execute("twice(loop)", stop_on_error=False)
    time.sleep(1.0)
    kernel.manager.interrupt_kernel()
    reply = kernel.client.get_shell_msg(timeout=20)
    assert reply["content"]["ename"] == "KeyboardInterrupt"
    assert kernel.run("guard.LIMIT = 0.5; print(1)")[-1][1].get("text") == "1\n"
