"""Whether somebody watches a long computation, and the bar that they are shown."""

import sys

DELAY = 1.0  # seconds: a quick training shows no bar, and leaves no trace of one


def watched():
    """Tell whether somebody looks on: a terminal, or a notebook whose reader could be asked.

    A notebook that is run by a program (nbclient, nbval) says that it cannot answer a question;
    there a bar would end up among its stored outputs.
    """
    kernel = _kernel()
    if kernel is not None:
        return bool(kernel.get_parent().get("content", {}).get("allow_stdin", False))
    return sys.stderr is not None and sys.stderr.isatty()


def _kernel():
    """The kernel of the notebook in which this runs, or None."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return getattr(shell, "kernel", None)


def counted(steps, unit, progress=True):
    """``range(steps)``, with a bar where somebody watches and ``progress`` asks for one."""
    if not (progress and watched()):
        return range(steps)
    from tqdm import tqdm

    # JupyterLab paints stderr red, and a finished bar leaves an empty line there
    place = sys.stderr if _kernel() is None else sys.stdout
    return tqdm(
        range(steps), unit=f" {unit}", leave=False, mininterval=0.2, delay=DELAY, file=place
    )
