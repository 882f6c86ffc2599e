"""The commands of Makefile and README, and what a fork and a hub do with the project."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import address
import budget
import install_torch
import oldest
import pytest
import yaml
from front_page import fill_in_table, header
from lesson_files import FRONT_PAGE, choose_lessons, read_notebook, source_paths

import lessons_lib

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


# make address


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/you/latent-lessons",
        " https://github.com/you/latent-lessons/ ",
        "https://github.com/you/latent-lessons.git",
        "https://GitHub.com/you/latent-lessons.git/",
    ],
)
def test_address_is_tidied(url):
    assert address.checked(url) == "https://github.com/you/latent-lessons"


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "missing"),
        ("http://github.com/you/lessons", "begin with https://"),
        ("git@github.com:you/lessons.git", "begin with https://"),
        ("github.com/you/lessons", "begin with https://"),
        ("https://gitlab.com/you/lessons", "Binder and Colab know only that"),
        ("https://github.com.example.org/you/lessons", "Binder and Colab know only that"),
        ("https://github.com", "an owner and a name"),
        ("https://github.com/you", "an owner and a name"),
        ("https://github.com/you/.git", "an owner and a name"),
        ("https://github.com/you/lessons/tree/main", "an owner and a name"),
        ("https://github.com/you/my lessons", "an owner and a name"),
        ("https://github.com/you/lessons?tab=readme", "an owner and a name"),
    ],
)
def test_address_that_cannot_work_gets_one_sentence(url, sentence):
    with pytest.raises(ValueError, match=sentence) as error:
        address.checked(url)
    assert "\n" not in str(error.value)


@pytest.fixture(scope="module")
def fork(tmp_path_factory):
    """A copy of the project."""
    folder = tmp_path_factory.mktemp("a fork") / "latent lessons"
    ignored = shutil.ignore_patterns(".venv", ".git", "__pycache__", ".*cache", "*.egg-info", "build", "pages")
    shutil.copytree(ROOT, folder, ignore=ignored)
    return folder


def in_fork(fork, *command):
    environment = os.environ | {"PYTHONPATH": str(fork)}
    return subprocess.run([sys.executable, *command], cwd=fork, env=environment, capture_output=True, text=True)


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and "cache" not in str(path)}


def test_a_fork_gets_its_own_address_everywhere_without_a_run(fork):
    before = contents(fork)
    result = in_fork(fork, "tests/tools/address.py", "https://github.com/Some-One/our.lessons.git")
    assert result.returncode == 0, result.stderr
    after = contents(fork)
    changed = {str(path.relative_to(fork)) for path in after if after[path] != before.get(path)}
    notebooks = {f"notebooks/{source.stem}.ipynb" for source in [FRONT_PAGE, *source_paths()]}
    sources = {f"notebooks/source/{source.name}" for source in [FRONT_PAGE, *source_paths()]}
    assert changed == {"README.md", "CITATION.cff", "pyproject.toml"} | notebooks | sources
    for name in changed:
        assert "Some-One/our.lessons" in after[fork / name].decode()
    for notebook in notebooks:  # outputs are what they were
        old, new = (read_notebook(folder / notebook) for folder in (ROOT, fork))
        assert [cell.get("outputs") for cell in old.cells] == [cell.get("outputs") for cell in new.cells]
    assert address_of(ROOT).encode() not in b"".join(after[fork / name] for name in changed)
    held = in_fork(fork, "-m", "pytest", "-n0", "-q", "-p", "no:cacheprovider", "tests/unit/test_lessons.py")
    assert held.returncode == 0, held.stdout[-2000:]
    again = in_fork(fork, "tests/tools/address.py", "https://github.com/Some-One/our.lessons/")
    assert again.returncode == 0 and contents(fork) == after


def address_of(folder):
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project["urls"]["Repository"]


def test_a_bad_address_changes_nothing(fork):
    before = contents(fork)
    for arguments in ([], ["https://gitlab.com/you/lessons"]):
        result = in_fork(fork, "tests/tools/address.py", *arguments)
        assert result.returncode == 1 and result.stderr.startswith("URL is") and result.stderr.count("\n") == 1
    assert contents(fork) == before


def test_address_waits_for_a_pair_that_is_in_sync(fork):
    source = fork / "notebooks" / "source" / source_paths()[1].name
    text = source.read_text(encoding="utf-8")
    source.write_text(text + "\n# %%\n1 + 1\n", encoding="utf-8")
    before = contents(fork)
    result = in_fork(fork, "tests/tools/address.py", "https://github.com/another/lessons")
    assert result.returncode == 1 and "run make notebooks first" in result.stderr and contents(fork) == before
    source.write_text(text, encoding="utf-8")


# make budget, make seeds, make oldest


def test_lessons_are_chosen_by_number():
    assert choose_lessons([]) == source_paths()
    assert [source.stem[:3] for source in choose_lessons(["01"])] == ["01a", "01b", "01c"]
    assert [source.stem[:2] for source in choose_lessons(["05", "11"])] == ["05", "11"]
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
    monkeypatch.setattr(sys, "argv", ["budget.py", *arguments, "06"])
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


# The table of lessons


def test_a_lessons_header_is_read(tmp_path):
    source = tmp_path / "07_name.py"
    source.write_text(
        "# %% [markdown]\n# # 07 · A name\n#\n# **A question\n# on two lines?**\n#\n"
        "# [Open in Colab](x) · [Open on Binder](y) ·\n# 12 minutes to read, half a\n# minute to run, offline\n"
    )
    facts = header(source)
    assert (facts.title, facts.question) == ("07 · A name", "A question on two lines?")
    assert (facts.read, facts.run) == ("12 minutes", "half a minute")
    source.write_text("# %% [markdown]\n# # 07 · A name\n#\n# **A question?**\n")
    with pytest.raises(ValueError, match=r"07_name\.py must begin with a title"):
        header(source)


def test_only_a_text_with_both_marks_gets_the_table():
    for text in ("nothing", "<!-- lessons, made by make notebooks -->\n", "<!-- end of lessons -->\n"):
        assert fill_in_table(text) == text
    text = "a\n# <!-- lessons, made by make notebooks -->\n# was here\n# <!-- end of lessons -->\nz\n"
    filled = fill_in_table(text, comment="# ")
    assert "was here" not in filled and filled.startswith("a\n") and filled.endswith("\nz\n")
    assert all(line.startswith("#") for line in filled.splitlines()[1:-1])
    assert fill_in_table(filled, comment="# ") == filled


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
    settings = json.loads((ROOT / "jupyterlab_settings" / "overrides.json").read_text(encoding="utf-8"))
    schemas = Path(sys.prefix) / "share" / "jupyter" / "lab" / "schemas"
    for plugin, values in settings.items():
        extension, name = plugin.split(":")
        schema = json.loads((schemas / extension / f"{name}.json").read_text(encoding="utf-8"))
        assert set(values) <= set(schema["properties"])


def test_every_start_uses_the_settings():
    for text, starts in ((MAKEFILE, 1), (README, 2)):
        assert text.count("-m jupyterlab") == text.count("--LabApp.app_settings_dir=jupyterlab_settings") == starts
    assert "jupyterlab_settings/overrides.json" in (ROOT / "binder" / "postBuild").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("files", "cores"),
    [
        ({}, 9),
        ({"cpu.max": "max 100000"}, 9),
        ({"cpu.max": "100000 100000"}, 1),
        ({"cpu.max": "50000 100000"}, 1),
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
    assert started_by_binder(tmp_path, names) == [expected, expected, expected, "1000"]
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
    assert citation["repository-code"] == address_of(ROOT)
    assert {"message", "title", "authors", "license"} <= set(citation)
    assert citation["license"] in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["license"]
