"""Wrong versions of a module, made from its text: a proof is worth what it refuses."""

import types
from pathlib import Path


def mutated(module, old, new):
    """The module with `new` in place of `old`, which must stand in its file exactly once."""
    source = Path(module.__file__).read_text("utf-8")
    assert source.count(old) == 1, f"{old!r} stands {source.count(old)} times in {module.__name__}"
    mutant = types.ModuleType("mutant")
    exec(compile(source.replace(old, new), "mutant", "exec"), mutant.__dict__)
    return mutant
