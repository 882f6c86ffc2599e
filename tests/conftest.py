"""What all tests share."""

import os
from pathlib import Path

import pytest
from deno import find_deno_bin
from lab import CHROMIUM
from lesson_runs import LessonRuns


def pytest_configure(config):
    """Keep nbval's runs of the lessons for the browser tests."""
    config.pluginmanager.register(LessonRuns(), "lesson_runs")


def pytest_collection_modifyitems(items):
    """Beside another test a lesson's last message may come later than the five seconds that nbval waits."""
    for item in items:
        if hasattr(item, "output_timeout"):
            item.output_timeout = 60


@pytest.fixture(scope="session")
def lesson_runs(pytestconfig) -> LessonRuns:
    """The lessons that were run already."""
    return pytestconfig.pluginmanager.get_plugin("lesson_runs")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser; without one the test is skipped, in continuous integration it fails."""
    if Path(CHROMIUM).exists():
        return CHROMIUM
    if os.environ.get("REQUIRE_CHROMIUM"):
        pytest.fail("no Chromium found, and REQUIRE_CHROMIUM is set")
    pytest.skip("no Chromium found: install it (Debian: apt install chromium) to run the browser tests")


@pytest.fixture(scope="session")
def deno() -> str:
    """Path of the JavaScript runtime that the test requirements brought."""
    return find_deno_bin()
