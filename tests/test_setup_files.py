"""The files that say what gets installed agree with each other, and Binder takes ours."""

import importlib.metadata
import importlib.util
import json
import os
import re
import runpy
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

import start
from authoring import environment, pin

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONSTRAINTS = (ROOT / "constraints.txt").read_text(encoding="utf-8")
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
PYTHONS = ["3.11", "3.12", "3.13"]
PLATFORMS = {
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    "mac": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
    "windows": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
}
MACHINES = {"linux": "x86_64", "mac": "arm64", "windows": "AMD64"}


def requirements_in(text):
    """The requirements of a constraints file, its comments left out."""
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    return [Requirement(line) for line in lines]


def constraints_for(name, marker_environment):
    """The specifiers that constraints.txt puts on a package in one environment."""
    return [
        pin.specifier
        for pin in requirements_in(CONSTRAINTS)
        if canonicalize_name(pin.name) == canonicalize_name(name)
        and (pin.marker is None or pin.marker.evaluate(marker_environment))
    ]


def every_dependency():
    """All requirements of pyproject.toml, those of the extras too, the course itself left out."""
    lists = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    found = [Requirement(line) for lines in lists for line in lines]
    return [requirement for requirement in found if requirement.name != PROJECT["name"]]


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("python", PYTHONS)
def test_every_dependency_has_one_pin_that_satisfies_it(python, platform):
    where = {"python_version": python, "python_full_version": f"{python}.4", "extra": ""}
    where |= PLATFORMS[platform] | {"platform_machine": MACHINES[platform]}
    for requirement in every_dependency():
        specifiers = constraints_for(requirement.name, where)
        assert len(specifiers) == 1, f"{requirement.name}: {specifiers}"
        (specifier,) = specifiers[0]
        assert specifier.operator == "==", requirement.name
        assert requirement.specifier.contains(specifier.version), requirement.name


def test_the_extras_are_those_that_the_house_names():
    assert set(PROJECT["optional-dependencies"]) == {"test", "author", "workshop", "site"}


def test_every_file_names_the_same_pythons():
    allowed = SpecifierSet(PROJECT["requires-python"])
    minors = [f"3.{minor}" for minor in range(6, 20) if f"3.{minor}" in allowed]
    assert minors == PYTHONS
    ends = [".".join(map(str, version)) for version in (start.OLDEST, start.NEWEST)]
    assert ends == [PYTHONS[0], PYTHONS[-1]]
    assert f"--python-version {PYTHONS[0]}" in CONSTRAINTS
    (python,) = [line for line in CONDA["dependencies"] if str(line).startswith("python")]
    assert python == f"python={PYTHONS[0]}"
    workflow = (ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
    assert set(re.findall(r'python: "([\d.]+)"', workflow)) <= set(minors)
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert str(start.OLDEST) in ci
    assert str(start.NEWEST) in ci


def test_conda_gets_python_and_everything_else_is_the_pinned_set():
    *from_conda, by_pip = CONDA["dependencies"]
    assert [re.split("[=<>]", name)[0] for name in from_conda] == ["python", "pip"]
    assert by_pip == {
        "pip": [
            "--constraint constraints.txt",
            f"--find-links {environment.CPU_WHEELS}",
            "--editable .",
        ]
    }


def test_there_is_no_further_environment_file():
    names = [
        "Dockerfile",
        "Pipfile*",
        "apt.txt",
        "poetry.lock",
        "runtime.txt",
        "setup.*",
        "uv.lock",
    ]
    names += ["*requirements*.txt", "environment.yaml", "binder", ".binder", "pixi.*", "conda*.yml"]
    assert [path.name for name in names for path in ROOT.glob(name)] == []


def test_the_constraints_rule_out_the_cuda_build():
    names = {canonicalize_name(requirement.name) for requirement in requirements_in(CONSTRAINTS)}
    assert {name for name in names if pin.CUDA_PACKAGE.match(name)} == {
        re.split("[<=]", guard)[0] for guard in pin.GUARDS
    }
    for guard in pin.GUARDS:
        requirement = Requirement(guard)
        assert not list(requirement.specifier.filter(["0.0.1", "3.7.1", "13.0.3"]))
        assert f"\n{guard}\n" in CONSTRAINTS


def test_compiling_drops_the_cuda_packages_and_only_those():
    compiled = (
        "numpy==2\n    # via torch\nnvidia-nccl==2 ; sys_platform == 'linux'\n    # via torch\n"
    )
    compiled += "torch==2.13.0\n    # via rnncourse\ntriton==3\n    # via torch\ntritonic==1\n"
    assert pin.without_cuda(compiled).splitlines() == [
        "numpy==2",
        "    # via torch",
        "torch==2.13.0",
        "    # via rnncourse",
        "tritonic==1",
    ]


def test_no_pin_names_a_place_or_a_local_build():
    for requirement in requirements_in(CONSTRAINTS):
        assert requirement.url is None
        assert "+" not in str(requirement.specifier)
    assert not re.search(r"file:|index-url|find-links", CONSTRAINTS)


def test_this_environment_holds_the_tested_set():
    """From the course down, every package that is required here is pinned, and is that version."""
    pending, seen = [Requirement("rnncourse[test]")], set()
    while pending:
        wanted = pending.pop()
        name = canonicalize_name(wanted.name)
        if (name, *sorted(wanted.extras)) in seen:
            continue
        seen.add((name, *sorted(wanted.extras)))
        distribution = importlib.metadata.distribution(name)
        if name != "rnncourse":
            (specifier,) = constraints_for(name, {"extra": ""})
            assert specifier.contains(Version(distribution.version).public), name
        for line in distribution.requires or []:
            requirement = Requirement(line)
            extras = ["", *wanted.extras]
            marker = requirement.marker
            if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras):
                pending.append(requirement)
    assert len(seen) > 100


def test_torch_is_the_cpu_build():
    package = Path(importlib.util.find_spec("torch").origin).parent
    version = runpy.run_path(str(package / "version.py"))  # as torch.version, in milliseconds
    assert version["cuda"] is None


@pytest.mark.skipif(sys.platform == "win32", reason="repo2docker does not run on Windows")
def test_binder_builds_from_our_files(monkeypatch):
    from repo2docker.buildpacks import CondaBuildPack

    monkeypatch.chdir(ROOT)
    pack = CondaBuildPack("docker.io/library/buildpack-deps:noble")
    pack.platform = "linux/amd64"
    assert pack.detect()
    assert pack.python_version == PYTHONS[0]
    dockerfile = pack.render()
    copied = dockerfile.index("COPY --chown=1000:1000 src/ ${REPO_DIR}/")
    installed = dockerfile.index('env update -p ${NB_PYTHON_PREFIX} --file "environment.yml"')
    assert copied < installed, "the whole checkout has to be there before `--editable .`"
    assert dockerfile.index("RUN ./postBuild") > installed


@pytest.mark.skipif(os.name != "posix", reason="needs bash")
@pytest.mark.parametrize("script", ["postBuild", ".ci/run"])
def test_the_scripts_are_executable_and_bash_can_read_them(script):
    path = ROOT / script
    assert os.access(path, os.X_OK)
    assert path.read_bytes().startswith(b"#!/usr/bin/env bash\n")
    subprocess.run(["bash", "-n", path], check=True)


def test_binder_opens_lesson_00(tmp_path, monkeypatch):
    """The last Python block of postBuild, run for another prefix."""
    blocks = re.findall(r"<<'END'\n(.*?)\nEND\n", (ROOT / "postBuild").read_text(), re.DOTALL)
    assert len(blocks) == 2
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    exec(blocks[1], {})
    written = {p.name: json.loads(p.read_text()) for p in tmp_path.rglob("*.json")}
    (first, *_) = sorted((ROOT / "lessons").glob("[0-9][0-9]_*.py"))
    page = f"/lab/tree/notebooks/{first.stem}.ipynb"
    assert written["jupyter_lab_config.json"]["LabApp"] == {"default_url": page}
    assert written["overrides.json"] == environment.LAB_SETTINGS


def test_every_workflow_runs_what_a_reader_runs():
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "test.yml").read_text())
    job = workflow["jobs"]["test"]
    systems = {entry["os"].split("-")[0] for entry in job["strategy"]["matrix"]["include"]}
    assert systems == {"ubuntu", "macos", "windows"}
    assert "python start.py test" in [step.get("run") for step in job["steps"]]
    assert "start.py test" in (ROOT / ".ci" / "run").read_text()
