"""Compile constraints.txt: one file of exact versions for every platform and every extra.

    python authoring/pin.py              keeps today's versions where pyproject.toml allows them
    python authoring/pin.py --upgrade    takes the newest versions instead

uv resolves for all platforms and Python versions at once. torch is resolved from PyPI, where its
Linux wheel is the CUDA build; the CUDA packages it asks for are dropped and the guards below put in
their place, so that an installer either finds the CPU wheel or stops before it has downloaded 3 GB.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONSTRAINTS = ROOT / "constraints.txt"
GUARDS = ("cuda-toolkit<0", "nvidia-cublas<0", "triton<0")
CUDA_PACKAGE = re.compile(r"^(nvidia-|cuda-|triton\b)")
OPTIONS = ["pyproject.toml", "--all-extras", "--universal", "--python-version", "3.11"]

HEADER = """\
# The tested set: exact versions for every platform, Python version and extra of pyproject.toml.
# Never edited by hand. Made by `python authoring/pin.py`, which runs
#     uv pip compile {options}
# and puts the guards at the end in the place of the CUDA packages.
"""
FOOTER = """
# Guards: the CUDA build of torch (3 GB, from PyPI on Linux) needs these, the CPU build does not.
{guards}
"""


def without_cuda(compiled: str) -> str:
    """Return uv's output without the CUDA packages and the "via" comments below them."""
    kept, dropping = [], False
    for line in compiled.splitlines():
        if not line.startswith(" "):
            dropping = bool(CUDA_PACKAGE.match(line))
        if not dropping:
            kept.append(line)
    return "\n".join(kept) + "\n"


def compile_pins(uv: str, upgrade: bool) -> str:
    """Return the text uv resolves to; unless `upgrade`, today's pins are preferred.

    Raises subprocess.CalledProcessError (after uv's own message) where no set of versions fits.
    """
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("UV_", "PIP_"))}
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, "constraints.txt")
        if CONSTRAINTS.exists() and not upgrade:
            shutil.copy(CONSTRAINTS, output)
        command = [uv, "--no-config", "pip", "compile", *OPTIONS, "--no-header", "--quiet"]
        subprocess.run([*command, "--output-file", output], cwd=ROOT, env=environment, check=True)
        return output.read_text(encoding="utf-8")


def main() -> None:
    """Write constraints.txt anew."""
    parser = argparse.ArgumentParser(description="Compile constraints.txt from pyproject.toml.")
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions")
    arguments = parser.parse_args()
    uv = shutil.which("uv")
    if uv is None:
        sys.exit("pin.py needs uv on the path: https://docs.astral.sh/uv/")
    pins = without_cuda(compile_pins(uv, arguments.upgrade))
    header = HEADER.format(options=" ".join(OPTIONS))
    footer = FOOTER.format(guards="\n".join(GUARDS))
    CONSTRAINTS.write_text(header + pins + footer, encoding="utf-8")
    count = sum("==" in line for line in pins.splitlines() if not line.startswith(("#", " ")))
    print(f"constraints.txt: {count} pins and {len(GUARDS)} guards")


if __name__ == "__main__":
    main()
