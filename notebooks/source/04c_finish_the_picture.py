# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 04c · Finish the picture
#
# **You draw the head, a network draws the rest: what has it understood?**
#
# [Open in Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/04c_finish_the_picture.ipynb) · [Open on Binder](https://mybinder.org/v2/gh/OWNER/latent-lessons/main?urlpath=lab/tree/notebooks/04c_finish_the_picture.ipynb) ·
# 40 minutes to study, 50 seconds to run, no network needed
#
# **You will be able to**
#
# 1. let a PixelRNN finish a picture that you began, and measure how much the beginning tells about the end;
# 2. say what the temperature does, and what it costs;
# 3. explain why the order of the pixels is free, and what an order is good for;
# 4. take a model's drawings apart: which rules of the data it keeps, and which it does not.
#
# **Builds on** lessons 04a (PixelRNN) and 04b (masked convolutions).

# %%
import sys

if "google.colab" in sys.modules:  # on Colab, fetch the lessons' helper library
    get_ipython().system(
        "pip install -q --no-deps git+https://github.com/OWNER/latent-lessons"
    )
import lessons_lib

device = lessons_lib.start(seed=0, opening="04c")

# %%
import matplotlib.pyplot as plt
import torch
from scipy.ndimage import label
from torch import nn
from torch.nn import functional

from lessons_lib import claim, plotting
from lessons_lib.datasets import PALETTE, binarised, creatures, digits, read_parts
from lessons_lib.models import PixelRNN, sample
from lessons_lib.training import fit
from lessons_lib.widgets import PixelPainter, Prediction, PredictionCount

grey = digits().to(device)
x_train, x_test = binarised(grey.x_train), binarised(grey.x_test)  # 14 × 14
pixels, top = 196, 98  # the upper seven rows


def losses(model, x):  # -log P of each pixel, given those before it: n × pixels
    return functional.binary_cross_entropy_with_logits(model(x), x, reduction="none")


def nats(model, x):
    return losses(model, x).sum(dim=1).mean()


# %% [markdown]
# ## 1 · Your turn
#
# Train lesson 04a's PixelRNN. It never learned to "finish" anything, it only ever predicted the next pixel. But whoever can do that can go on
# from *any* beginning: put in the pixels that are given, and draw from there.

# %%
recipe = {"epochs": 8, "batch_size": 32, "learning_rate": 0.03}
pixel_rnn = PixelRNN().to(device)
fit(pixel_rnn, x_train, nats, **recipe, label="row by row")

# %% [markdown]
# The network runs in your browser. Take a held-out digit, or blank paper (digit 0), and paint its top. **Predict first:** which
# digits can your stroke still become? Draw other endings. Then move the row where your part ends, from 14 up to 0, and watch
# where the endings begin to differ. Play shows the drawing pixel by pixel, with the probability of ink for the next one.

# %% tags=["figure"]
PixelPainter(pixel_rnn, x_test[:50])

# %% [markdown]
# ## 2 · How much does the top tell?
#
# Endings that look good prove little. Here is a measure: what do the lower seven rows cost in nats, given their own upper seven? And
# given the top of *another* digit? If the network used only the last row or two, a top that fits there would do as well.
