"""make address: a fork's links lead to the fork, and nothing is run again."""

import os
import shutil
import subprocess
import sys

import address
import pytest
from lesson_files import FRONT_PAGE, ROOT, read_notebook, repository_address, source_paths


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
    assert repository_address().encode() not in b"".join(after[fork / name] for name in changed)
    about_addresses = "sync or address or table or link or colab"
    tests = ["-n0", "-q", "-p", "no:cacheprovider", "-k", about_addresses, "tests/unit/test_lessons.py"]
    held = in_fork(fork, "-m", "pytest", *tests)
    assert held.returncode == 0, held.stdout[-2000:]
    again = in_fork(fork, "tests/tools/address.py", "https://github.com/Some-One/our.lessons/")
    assert again.returncode == 0 and contents(fork) == after


def test_a_bad_address_changes_nothing(fork, monkeypatch):
    before = contents(fork)
    monkeypatch.setattr(address, "ROOT", fork)
    for arguments in ([], ["https://gitlab.com/you/lessons"]):
        monkeypatch.setattr(sys, "argv", ["address.py", *arguments])
        with pytest.raises(SystemExit, match="^URL is"):
            address.main()
    assert contents(fork) == before


def test_address_waits_for_a_pair_that_is_in_sync(fork):
    source = fork / "notebooks" / "source" / source_paths()[1].name
    text = source.read_text(encoding="utf-8")
    source.write_text(text + "\n# %%\n1 + 1\n", encoding="utf-8")
    before = contents(fork)
    result = in_fork(fork, "tests/tools/address.py", "https://github.com/another/lessons")
    assert result.returncode == 1 and "run make notebooks first" in result.stderr and contents(fork) == before
    source.write_text(text, encoding="utf-8")
