"""Signs the course's own notebooks, so that JupyterLab shows their stored outputs as they are.

JupyterLab takes the styles and the sound out of a notebook that nobody here has signed. Only what
stands in `notebooks/` and `solutions/` is signed: the built files of this checkout. A notebook that
a learner runs and saves is signed by JupyterLab itself.
"""

from __future__ import annotations

from pathlib import Path


def sign(folder: Path) -> int:
    """Sign the built notebooks of the course in `folder`; returns how many were new.

    Never raises: an unsigned notebook works, and looks plainer until it is run.
    """
    try:
        import nbformat
        from nbformat.sign import NotebookNotary

        notary = NotebookNotary()
    except Exception:  # no nbformat, or no folder for the signatures
        return 0
    signed = 0
    for path in sorted([*folder.glob("notebooks/*.ipynb"), *folder.glob("solutions/*.ipynb")]):
        try:
            notebook = nbformat.read(path, as_version=4)
            if not notary.check_signature(notebook):
                notary.sign(notebook)
                signed += 1
        except Exception:
            continue
    return signed
