"""How many cores a process may use, and how its threads wait."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lessons_lib import cores

ROOT = Path(__file__).resolve().parents[2]


def files(root, **texts):
    for name, text in texts.items():
        path = root / name.replace("__", "/").replace("cpu_max", "cpu.max").replace("cfs_", "cpu.cfs_")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


INSIDE = "0::/user.slice/lab.scope\n"
GROUPS = {
    "no control groups": ({}, float("inf")),
    "version 2, no limit": ({"sys__fs__cgroup__cpu_max": "max 100000\n"}, float("inf")),
    "version 2, a container": ({"sys__fs__cgroup__cpu_max": "200000 100000\n", "proc__self__cgroup": "0::/\n"}, 2),
    "version 2, half a core": ({"sys__fs__cgroup__cpu_max": "25000 50000\n"}, 0.5),
    "version 2, its own group": (
        {"proc__self__cgroup": INSIDE, "sys__fs__cgroup__user.slice__lab.scope__cpu_max": "150000 100000"},
        1.5,
    ),
    "version 2, a group above": (
        {
            "proc__self__cgroup": INSIDE,
            "sys__fs__cgroup__user.slice__cpu_max": "300000 100000",
            "sys__fs__cgroup__user.slice__lab.scope__cpu_max": "max 100000",
        },
        3,
    ),
    "version 1, a container": (
        {"sys__fs__cgroup__cpu__cfs_quota_us": "100000\n", "sys__fs__cgroup__cpu__cfs_period_us": "50000\n"},
        2,
    ),
    "version 1, no limit": (
        {"sys__fs__cgroup__cpu__cfs_quota_us": "-1\n", "sys__fs__cgroup__cpu__cfs_period_us": "100000\n"},
        float("inf"),
    ),
    "version 1, its own group": (
        {
            "proc__self__cgroup": "5:memory:/docker/5f\n4:cpu,cpuacct:/docker/5f\n1:name=systemd:/docker/5f\n",
            "sys__fs__cgroup__cpu__docker__5f__cfs_quota_us": "100000",
            "sys__fs__cgroup__cpu__docker__5f__cfs_period_us": "100000",
        },
        1,
    ),
    "what nobody understands": ({"sys__fs__cgroup__cpu_max": "plenty"}, float("inf")),
    "no period": ({"sys__fs__cgroup__cpu_max": "100000 0"}, float("inf")),
}


@pytest.mark.parametrize("case", GROUPS)
def test_quota_of_either_version(tmp_path, case):
    texts, expected = GROUPS[case]
    assert cores.quota(files(tmp_path, **texts)) == expected


@pytest.mark.parametrize(
    ("quota", "affinity", "expected"),
    [(float("inf"), 3, 3), (2.0, 8, 2), (1.5, 8, 1), (0.1, 8, 1), (64.0, 2, 2), (float("inf"), 1, 1)],
)
def test_whole_cores_of_affinity_and_quota(monkeypatch, quota, affinity, expected):
    monkeypatch.setattr(cores, "quota", lambda: quota)
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(affinity)), raising=False)
    assert cores.available_cores() == expected


def test_without_affinity_the_machines_cores_count(monkeypatch):
    monkeypatch.setattr(cores, "quota", lambda: float("inf"))
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 6)
    assert cores.available_cores() == 6


def test_available_cores_are_some_and_not_more_than_the_machine_has():
    assert 1 <= cores.available_cores() <= os.cpu_count()


SHOW = "import os, sys; print([os.environ.get(name) for name in ('GOMP_SPINCOUNT', 'KMP_BLOCKTIME')])"
BEFORE_TORCH = """
import sys, importlib.abc, os
class Watch(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "torch":
            print(os.environ.get("GOMP_SPINCOUNT"))
            raise SystemExit
sys.meta_path.insert(0, Watch())
import lessons_lib
"""


def python(code, **environment):
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("GOMP_", "KMP_", "OMP_"))}
    result = subprocess.run(
        [sys.executable, "-c", code], env=clean | environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    return result.stdout.strip()


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, ["3000", "1"]),
        ({"GOMP_SPINCOUNT": "7"}, ["7", "1"]),
        ({"KMP_BLOCKTIME": "infinite"}, ["3000", "infinite"]),
        ({"OMP_WAIT_POLICY": "active"}, [None, None]),
    ],
    ids=str,
)
def test_threads_wait_patiently_unless_the_student_chose(environment, expected):
    assert python(f"from lessons_lib import cores; {SHOW}", **environment) == str(expected)


def test_openmp_is_told_before_torch_is_imported():
    assert python(BEFORE_TORCH) == "3000"
