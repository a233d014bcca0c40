"""The command `rnncourse`: lab, doctor, progress, check, reset, links.

Bad input gives one sentence on stderr and exit code 2. Rooms are imported inside the commands, so
that `rnncourse --help` answers at once.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from typer.core import TyperGroup

from rnncourse import __version__, cli_show, course
from rnncourse.trouble import Trouble


class Sentences(TyperGroup):
    """A group of commands whose every complaint is one sentence on stderr, with exit code 2."""

    def main(self, *arguments, standalone_mode: bool = True, **options):
        try:
            code = super().main(*arguments, standalone_mode=False, **options)
        except Trouble as error:
            _complain(str(error))
        except Exception as error:
            if not hasattr(error, "format_message"):  # what typer and click raise for wrong usage
                raise
            _complain(error.format_message())
        else:
            sys.exit(code if isinstance(code, int) else 0)


def _complain(sentence: str):
    print(" ".join(sentence.split()), file=sys.stderr)
    sys.exit(2)


app = typer.Typer(
    cls=Sentences,
    help="Recurrent networks by hand: open the course, see what works, see how far you are.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _aside(sentence: str) -> None:
    """Say something that is no part of the command's answer."""
    print(sentence, file=sys.stderr)


@app.callback(invoke_without_command=True)
def _start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        print(f"rnncourse {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        print(context.get_help())


@app.command()
def lab(
    port: Annotated[
        int, typer.Option(min=1, max=65535, help="The port; the next free one where it is taken.")
    ] = 8888,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Only print the address.")
    ] = False,
) -> None:
    """Open JupyterLab on lesson 00."""
    from rnncourse import reset, trust

    folder = course.root()
    if importlib.util.find_spec("jupyterlab") is None:
        raise Trouble("JupyterLab is not installed: run 'python3 start.py'.")
    reset.keep_shipped(course.lessons(folder), folder)
    trust.sign(folder)
    command = lab_command(folder, port, browser=not no_browser)
    if "--allow-root" in command:
        _aside("You are root, so JupyterLab gets --allow-root; what it makes will belong to root.")
    raise typer.Exit(_hand_over(command))


def _hand_over(command: list[str]) -> int:
    """Run `command` in this process's place, so that Ctrl-C is JupyterLab's own to answer.

    The folder of this Python comes first on the path, so that `!rnncourse` works in a notebook.
    """
    here = str(Path(sys.executable).parent)
    os.environ["PATH"] = os.pathsep.join([here, os.environ.get("PATH", "")])
    if os.name == "posix":
        os.execv(command[0], command)
    process = subprocess.Popen(command)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


def lab_command(folder: Path, port: int = 8888, browser: bool = True) -> list[str]:
    """The command that opens JupyterLab on the first lesson: this machine only, token kept."""
    command = [sys.executable, "-m", "jupyterlab", "--ServerApp.ip=127.0.0.1"]
    command += [f"--ServerApp.port={port}", f"--ServerApp.root_dir={folder}"]
    command += [f"--LabApp.default_url={course.first_page(folder)}"]
    if not browser:
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    return command


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say what works on this machine, and what to do where it does not."""
    from rnncourse import doctor as room

    with Console(stderr=True).status("Looking; this takes some seconds ..."):
        findings = room.examine()
    cli_show.findings(findings, as_json)
    raise typer.Exit(1 if any(one.status == "fault" for one in findings) else 0)


@app.command()
def progress(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    save: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write your progress into a file.")
    ] = None,
    load: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Add the progress of a saved file.")
    ] = None,
) -> None:
    """Show what you have passed and what comes next; carry it from machine to machine."""
    from rnncourse import carry
    from rnncourse import progress as room

    if load is not None:
        new = carry.load(load, say=_aside)
        _aside(f"{new} new check{'s' * (new != 1)} taken over from {load}.")
    if save is not None:
        count = carry.save(save, say=_aside)
        _aside(f"{count} check{'s' * (count != 1)} saved in {save}.")
    if (load or save) and not as_json:
        return
    state = room.state(say=_aside)
    cli_show.standing(state, as_json)


@app.command()
def check(
    notebook: Annotated[
        Path | None,
        typer.Argument(help="Your exercise notebook, or its lesson (02): run and checked."),
    ] = None,
    listing: Annotated[bool, typer.Option("--list", help="List all exercises.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    timeout: Annotated[int, typer.Option(min=1, help="Seconds that one cell may take.")] = 120,
) -> None:
    """List the exercises, or run a notebook and tell which of its checks pass."""
    if listing == (notebook is not None):
        raise Trouble("Give either --list or the path of an exercise notebook.")
    if listing:
        cli_show.exercises(as_json)
        return
    from rnncourse import trial

    if not notebook.suffix and not notebook.exists():  # "02" means its exercises, as in reset
        notebook = course.find(str(notebook)).exercises
    with Console(stderr=True).status(f"Running {escape(str(notebook))} ..."):
        outcomes = trial.try_notebook(notebook, timeout)
    passed = sum(one.passed for one in outcomes)
    cli_show.outcomes(outcomes, as_json)
    raise typer.Exit(0 if passed == len(outcomes) else 1)


@app.command()
def reset(
    lesson: Annotated[str, typer.Argument(help="2, 02 or 02_recurrent_neuron.")],
) -> None:
    """Put an exercise notebook back as it was; your copy stays beside it."""
    from rnncourse import reset as room

    folder = course.root()
    done = room.reset(course.find(lesson, folder), folder)
    name = done.notebook.relative_to(folder).as_posix()
    if not done.changed:
        print(f"{name} is as it was shipped: nothing to do.")
        return
    print(f"{name} is as it was shipped.")
    if done.copy:
        print(f"Your version is kept as {done.copy.relative_to(folder).as_posix()}.")
    print("Where it is open in JupyterLab, choose File → Reload Notebook from Disk.")


@app.command()
def links(
    hub: Annotated[
        str | None, typer.Option(help="The address of the JupyterHub for the nbgitpuller link.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print the Binder, nbgitpuller and Colab links of this course."""
    from rnncourse import links as room

    remote = room.find_remote(course.root())
    found = room.make_links(remote, hub or room.NO_HUB)
    if as_json:
        cli_show.as_json(found)
        return
    for name, link in found.items():
        print(f"{name}: {link}")
    if hub is None:
        print("For nbgitpuller, give your hub's address with --hub.")
    if "Colab" in found:
        print(
            "Colab opens one notebook alone: "
            f"run '%pip install git+{remote.url}@{remote.branch}' there first."
        )


def main() -> None:
    """The console script."""
    for stream in (sys.stdout, sys.stderr):  # a Windows console may not know every sign
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    app()


if __name__ == "__main__":
    main()
