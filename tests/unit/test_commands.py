"""The commands of Makefile and README, and how a hub starts the project."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import budget
import install_torch
import oldest
import pytest
import yaml
from lesson_files import ROOT, choose_lessons, repository_address, source_paths

import lessons_lib

README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


# make budget, make seeds, make oldest


def test_lessons_are_chosen_by_number():
    assert choose_lessons([]) == source_paths()
    assert [source.stem[:3] for source in choose_lessons(["01"])] == ["01a", "01b", "01c"]
    assert [source.stem[:3] for source in choose_lessons(["05b", "11"])] == ["05b", "11a", "11b"]
    for number in ("00", "99"):  # the front page is no lesson
        with pytest.raises(SystemExit, match=f"no lesson begins with {number}"):
            choose_lessons([number])


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="only Linux holds a process to one core")
def test_one_core_is_one_core_with_no_threads_asked_for():
    script = "import budget, os, subprocess, sys; budget.keep_to_one_core();"
    script += "child = 'import os; print(len(os.sched_getaffinity(0)), os.environ.get(\"OMP_NUM_THREADS\"))';"
    script += "print(subprocess.run([sys.executable, '-c', child], capture_output=True, text=True).stdout)"
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'tests' / 'tools'}{os.pathsep}{ROOT}", "OMP_NUM_THREADS": "2"}
    result = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True)
    assert result.stdout.split() == ["1", "None"], result.stderr


def test_one_core_says_where_it_cannot_be_had(monkeypatch):
    monkeypatch.delattr(os, "sched_setaffinity", raising=False)
    with pytest.raises(SystemExit, match="needs Linux"):
        budget.keep_to_one_core()


@pytest.mark.parametrize(
    ("cuda", "arguments", "seconds", "megabytes", "over"),
    [
        (None, [], 59, 1000, False),
        (None, [], 61, 1000, True),
        (None, [], 59, 1100, True),
        ("13.0", [], 59, 1100, False),
        ("13.0", [], 59, 1300, True),
        (None, ["--one-core"], 89, 1000, False),
        (None, ["--one-core"], 91, 1000, True),
    ],
)
def test_budget_has_its_limits(monkeypatch, cuda, arguments, seconds, megabytes, over):
    asked = []  # threads
    monkeypatch.setattr(sys, "argv", ["budget.py", *arguments, "06a"])
    monkeypatch.setattr(budget.torch.version, "cuda", cuda)
    monkeypatch.setattr(budget, "keep_to_one_core", lambda: None)

    def run(notebook, threads):
        asked.append(threads)
        return type("Run", (), {"seconds": seconds, "peak_megabytes": megabytes})

    monkeypatch.setattr(budget, "run", run)
    with pytest.raises(SystemExit) as end:
        budget.main()
    assert end.value.code == int(over) and asked == [None if arguments else 2]


def test_oldest_versions_are_read_from_the_requirements():
    text = "# why\ntorch>=2.9\nipywidgets>=7.7,<9  # Colab\n\nstatsmodels >= 0.14.3\n"
    assert oldest.oldest(text) == ["torch==2.9.*", "ipywidgets==7.7.*", "statsmodels==0.14.3.*"]
    with pytest.raises(ValueError, match="'numpy<3' has no lower bound"):
        oldest.oldest("numpy<3\n")
    assert len(oldest.oldest(oldest.REQUIREMENTS.read_text(encoding="utf-8"))) >= 12


# README, JupyterLab, Binder, citation


def test_readme_installs_what_the_requirements_want():
    (line,) = re.findall(r"pip install --index-url (.*)", README)
    wanted = [part.strip('"') for part in line.split()]
    assert wanted == [install_torch.INDEX, *install_torch.requirements()]


def test_readme_and_contributing_name_every_command():
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    commands = set(re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)[1].split()) - {"help", "clean", "lint"}
    for command in commands:
        assert f"make {command}" in README + contributing, command
        assert f'"make {command} ' in MAKEFILE, command
    for command in re.findall(r"`make (\w+)", README + contributing):
        assert command in commands


def test_jupyterlab_settings_exist_in_this_jupyterlab():
    settings = json.loads((ROOT / "binder/settings" / "overrides.json").read_text(encoding="utf-8"))
    schemas = Path(sys.prefix) / "share" / "jupyter" / "lab" / "schemas"
    for plugin, values in settings.items():
        extension, name = plugin.split(":")
        schema = json.loads((schemas / extension / f"{name}.json").read_text(encoding="utf-8"))
        assert set(values) <= set(schema["properties"])


def test_every_start_uses_the_settings():
    for text, starts in ((MAKEFILE, 1), (README, 2)):
        assert text.count("-m jupyterlab") == text.count("--LabApp.app_settings_dir=binder/settings") == starts
    assert "binder/settings/overrides.json" in (ROOT / "binder" / "postBuild").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("files", "cores"),
    [
        ({}, 9),
        ({"cpu.max": "max 100000"}, 9),
        ({"cpu.max": "100000 100000"}, 1),
        ({"cpu.max": "50000 100000"}, 1),
        ({"cpu.max": "150000 100000"}, 1),  # a thread too many costs more than one too few
        ({"cpu.max": "200000 100000"}, 2),
        ({"cpu.max": "800000 100000"}, 8),
        ({"cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000"}, 9),
        ({"cpu/cpu.cfs_quota_us": "50000", "cpu/cpu.cfs_period_us": "50000"}, 1),
    ],
)
@pytest.mark.parametrize("machine", [1, 2, 64])
def test_binder_starts_no_more_threads_than_cores(tmp_path, files, cores, machine):
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text + "\n")
    (tmp_path / "nproc").write_text(f"#!/bin/sh\necho {machine}\n")
    (tmp_path / "nproc").chmod(0o755)
    names = ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "GOMP_SPINCOUNT"]
    expected = str(min(2, cores, machine))
    assert started_by_binder(tmp_path, names) == [expected, expected, expected, "3000"]
    kept = {"OMP_NUM_THREADS": "1", "GOMP_SPINCOUNT": "7"}  # what the hub itself says
    assert started_by_binder(tmp_path, names, kept) == ["1", "1", "1", "7"]


def started_by_binder(folder, names, environment=()):
    environment = dict(environment) | {"CONTROL_GROUP": str(folder), "PATH": f"{folder}:{os.environ['PATH']}"}
    command = ["bash", ROOT / "binder" / "start", "printenv", *names]
    result = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert result.returncode == 0 and result.stderr == ""
    return result.stdout.split()


def test_citation_is_this_project():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert citation["version"] == lessons_lib.__version__
    assert citation["repository-code"] == repository_address()
    assert {"message", "title", "authors", "license"} <= set(citation)
    assert citation["license"] in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["license"]
