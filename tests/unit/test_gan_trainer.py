"""GanTrainer's Python side: what it takes, refuses and shows where widgets don't run."""

import io

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from lessons_lib.datasets import DENSITIES
from lessons_lib.widgets import GanTrainer
from lessons_lib.widgets.gan_training import Settings


def test_settings_are_those_of_the_controls():
    trainer = GanTrainer(
        real="skewed", loss="Wasserstein", steps=np.int64(5), rate_d=1e-3, rate_g=1e-2, beta1=0, seed=7
    )
    assert trainer.settings() == Settings("skewed", "Wasserstein", 5, 1e-3, 1e-2, 0)
    assert trainer.seed_slider.value == 7 and trainer.moment_slider.value == 0
    trainer.beta1_slider.value = 0.9
    assert trainer.settings().beta1 == 0.9
    assert "Wasserstein" in repr(trainer)


@pytest.mark.parametrize("changes", [{}, {"loss": "Wasserstein", "still_rounds": 3}, {"real": "two bumps"}])
def test_still_shows_the_two_after_some_rounds(changes):
    before = plt.get_fignums()
    still = Image.open(io.BytesIO(GanTrainer(**changes).still()))
    assert still.width > 600 and len(np.unique(np.asarray(still.convert("L")))) > 20
    assert plt.get_fignums() == before
    if changes.get("still_rounds"):
        changes = changes | {"still_rounds": 0}
        assert Image.open(io.BytesIO(GanTrainer(**changes).still())).tobytes() != still.tobytes()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("real", "three bumps"),
        ("real", 1),
        ("loss", "hinge"),
        ("steps", 0),
        ("steps", 11),
        ("steps", 1.5),
        ("rate_d", 0),
        ("rate_g", 1),
        ("rate_g", "fast"),
        ("rate_d", float("nan")),
        ("beta1", 1),
        ("beta1", -0.1),
        ("seed", 100),
        ("still_rounds", 2001),
    ],
)
def test_refuses_what_it_cannot_train_with(name, value):
    with pytest.raises(ValueError, match=f"^{name} is"):
        GanTrainer(**{name: value})


def test_carries_a_table_for_each_real_distribution():
    trainer = GanTrainer()
    assert len(trainer.view.tables) == len(trainer.view.densities) == len(DENSITIES)
    for quantiles, density in zip(trainer.view.tables, trainer.view.densities, strict=True):
        assert (np.diff(np.frombuffer(quantiles)) > 0).all() and len(np.frombuffer(density)) == 160
        assert np.frombuffer(density).sum() * 0.05 == pytest.approx(1, abs=0.01)
