"""A learner's path in a real browser: JupyterLab, served here, opened in headless Chromium.

Outputs are read from the notebook's model: what is out of sight may be missing from the page.
Set RNNCOURSE_SHOTS to a folder to keep the screenshots.
"""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LESSON = "notebooks/02_recurrent_neuron.ipynb"
EXERCISES = "exercises/02_recurrent_neuron_exercises.ipynb"
SOLUTIONS = "solutions/02_recurrent_neuron_exercises.ipynb"
NAMES = ("chromium", "chromium-browser", "google-chrome")
BROWSER = next(filter(None, map(shutil.which, NAMES)), None)  # None: Playwright's own, if any

pytestmark = pytest.mark.browser

NOTEBOOK = "window.jupyterapp.shell.currentWidget"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab over a copy of the notebooks; yields (url, token)."""
    home = tmp_path_factory.mktemp("browser")
    course = home / "course"
    for folder in ("notebooks", "exercises", "lessons"):
        shutil.copytree(ROOT / folder, course / folder)
    for plugin, setting in (
        ("notebook-extension/tracker", '{"windowingMode": "none"}'),
        ("apputils-extension/notification", '{"fetchNews": "false"}'),
    ):
        file = home / "settings" / "@jupyterlab" / f"{plugin}.jupyterlab-settings"
        file.parent.mkdir(parents=True)
        file.write_text(setting)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_hex(16)
    environment = os.environ | {
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "RNNCOURSE_HOME": str(home / "state"),
        "OMP_NUM_THREADS": "1",
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += ["--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"]
    command += [f"--IdentityProvider.token={token}", "--LabApp.expose_app_in_browser=True"]
    url = f"http://127.0.0.1:{port}"
    with open(home / "lab.log", "wb") as log:
        server = subprocess.Popen(command, cwd=course, env=environment, stdout=log, stderr=log)
        try:
            wait_for_server(url, token, server, home / "lab.log")
            yield url, token
        finally:
            server.terminate()  # JupyterLab ends its kernels
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()


def wait_for_server(url, token, server, log, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert server.poll() is None, f"JupyterLab stopped:\n{log.read_text()[-2000:]}"
        try:
            urllib.request.urlopen(f"{url}/api/status?token={token}", timeout=2).close()
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(
        f"JupyterLab did not answer within {seconds} s:\n{log.read_text()[-2000:]}"
    )


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"]
    quiet += ["--disable-background-networking"]
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
        if not (BROWSER or os.path.exists(own) or os.environ.get("CI")):
            pytest.skip("no Chromium: `python3 start.py test` installs one where it may")
        chromium = playwright.chromium.launch(executable_path=BROWSER, args=quiet)
        yield chromium
        chromium.close()


@pytest.fixture
def open_notebook(lab, browser):
    """A function that opens a notebook with a kernel and returns the page."""
    url, token = lab
    context = browser.new_context(viewport={"width": 1280, "height": 900})

    def open_it(path):
        page = context.new_page()
        page.set_default_timeout(90_000)  # a machine at work on other things takes its time
        page.goto(f"{url}/lab/tree/{path}?token={token}&reset")
        page.wait_for_function("window.jupyterapp?.shell")
        kernel = f"{NOTEBOOK}?.sessionContext?.session?.kernel"
        page.wait_for_function(f"{kernel}?.status === 'idle'", timeout=90_000)
        return page

    yield open_it
    context.close()


def run_all(page, seconds=120):
    execute(page, "notebook:run-all-cells", seconds)


def execute(page, command, seconds=60):
    """Run a JupyterLab command and wait until it is through (a run: until its last cell is)."""
    page.evaluate(
        f"""() => {{
            window.finished = false;
            const done = () => {{ window.finished = true; }};
            window.jupyterapp.commands.execute('{command}').then(done, done);
        }}"""
    )
    page.wait_for_function("window.finished", timeout=1000 * seconds)
    page.wait_for_function(f"{NOTEBOOK}.sessionContext.session.kernel.status === 'idle'")


def cells(page):
    return page.evaluate(f"{NOTEBOOK}.content.model.toJSON().cells")


def screenshot(page, name):
    folder = os.environ.get("RNNCOURSE_SHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png")


def name_of(cell):
    return cell["metadata"].get("nbgrader", {}).get("grade_id", "")


def source(cell):
    return "".join(cell["source"])


def activate(page, index):
    page.evaluate(f"{NOTEBOOK}.content.activeCellIndex = {index}")
    page.evaluate(f"{NOTEBOOK}.content.activeCell.node.scrollIntoView({{block: 'center'}})")


def run_cell(page, index):
    activate(page, index)
    execute(page, "notebook:run-cell")


def type_into_cell(page, index, text):
    activate(page, index)
    page.locator(".jp-Notebook .jp-Cell").nth(index).locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def test_run_all_of_lesson_02_ends_without_an_error_and_a_knob_changes_the_picture(open_notebook):
    page = open_notebook(LESSON)
    run_all(page)
    code = [cell for cell in cells(page) if cell["cell_type"] == "code" and source(cell).strip()]
    assert all(cell["execution_count"] for cell in code), "Run All left cells that did not run"
    errors = [
        output for cell in code for output in cell["outputs"] if output["output_type"] == "error"
    ]
    assert not errors, errors[0]
    screenshot(page, "lesson_02")

    widget = page.locator(".jupyter-widgets:has(.noUi-handle)").first
    widget.scroll_into_view_if_needed()
    picture = widget.locator("img").first
    before = picture.get_attribute("src")
    handle = widget.locator(".noUi-handle").first
    handle.focus()
    for _ in range(5):
        handle.press("ArrowRight")
    page.wait_for_function(
        "([image, src]) => image.src !== src",
        arg=[picture.element_handle(), before],
        timeout=10_000,
    )
    screenshot(page, "lesson_02_knob")


def test_an_exercise_fails_kindly_and_passes_once_the_answer_is_typed_in(open_notebook):
    solutions = json.loads((ROOT / SOLUTIONS).read_text(encoding="utf-8"))["cells"]
    page = open_notebook(EXERCISES)
    shipped = cells(page)
    checks = [i for i, cell in enumerate(shipped) if name_of(cell).startswith("check_")]
    first = checks[0]
    exercise = name_of(shipped[first]).removeprefix("check_")
    answer_at = next(i for i, cell in enumerate(shipped) if name_of(cell) == exercise)
    answer = next(source(cell) for cell in solutions if name_of(cell) == exercise)

    run_all(page)
    outputs = cells(page)[first]["outputs"]
    assert [output["ename"] for output in outputs if output["output_type"] == "error"] == ["NotYet"]
    panel = page.locator(".jp-Notebook .jp-Cell").nth(first).locator(".rnncourse-panel")
    panel.scroll_into_view_if_needed()
    assert "yet" in panel.inner_text().splitlines()[0]  # "Not answered yet.", "Not yet: ..."
    assert "Traceback" not in page.locator(".jp-Notebook .jp-Cell").nth(first).inner_text()
    screenshot(page, "exercise_not_yet")

    type_into_cell(page, answer_at, answer)
    run_cell(page, answer_at)
    run_cell(page, first)
    outputs = cells(page)[first]["outputs"]
    assert outputs and all(output["output_type"] != "error" for output in outputs), outputs
    assert "is right" in panel.inner_text()
    screenshot(page, "exercise_right")
