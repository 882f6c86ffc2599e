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
# # Latent Lessons: start here
#
# **How does a machine learn what pictures have in common, and draw new ones?** Each lesson asks
# one question, and answers it with a picture, a slider and a measured number.
#
# 1. **Run this page**: menu *Run* › *Run All Cells*. It takes a few seconds, needs no network, and
#    leads you to a map of handwritten digits at its end. Play with it.
# 2. **Choose a lesson** below: a click on its title opens it beside this page. (On Colab, use the
#    links at the right.) If all of this is new to you, begin with the first.
#
# [Open in Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/00_start_here.ipynb) · [Open on Binder](https://mybinder.org/v2/gh/OWNER/latent-lessons/main?urlpath=lab/tree/notebooks/00_start_here.ipynb)

# %% [markdown]
# ## The lessons
#
# <!-- lessons, made by make notebooks -->
#
# | &nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp; | lesson | to study | to run | elsewhere |
# |---|:---|:---|:---|:---|
# | <img src="pictures/01a_linear_autoencoder.png" width="160" alt=""> | [**01a · PCA is a linear autoencoder**](01a_linear_autoencoder.ipynb)<br>What is an autoencoder, and in which sense have you known one all along? | 40&nbsp;minutes | 20&nbsp;seconds | [Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/01a_linear_autoencoder.ipynb) |
# | <img src="pictures/01b_deep_autoencoder.png" width="160" alt=""> | [**01b · The deep autoencoder**](01b_deep_autoencoder.ipynb)<br>How much better than PCA can a network squeeze a picture that it has never seen? | 36&nbsp;minutes | 45&nbsp;seconds | [Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/01b_deep_autoencoder.ipynb) |
# | <img src="pictures/01c_encoder_decoder_code.png" width="160" alt=""> | [**01c · Encoder, decoder, code**](01c_encoder_decoder_code.ipynb)<br>An autoencoder has two halves. Must they mirror each other, and which of them does the work? | 42&nbsp;minutes | 40&nbsp;seconds | [Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/01c_encoder_decoder_code.ipynb) |
# | <img src="pictures/02a_similar_texts.png" width="160" alt=""> | [**02a · Similar texts, similar images**](02a_similar_texts.ipynb)<br>When are two texts, or two pictures, alike, and what does a short code know about it? | 45&nbsp;minutes | 55&nbsp;seconds | [Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/02a_similar_texts.ipynb) |
# | <img src="pictures/02b_first_deep_networks.png" width="160" alt=""> | [**02b · How deep networks were first trained**](02b_first_deep_networks.ipynb)<br>Why did a deep autoencoder need a start of its own in 2006, and what made it needless? | 45&nbsp;minutes | 35&nbsp;seconds | [Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/02b_first_deep_networks.ipynb) |
# | <img src="pictures/02c_few_labels.png" width="160" alt=""> | [**02c · Many pictures, few labels**](02c_few_labels.ipynb)<br>You have thousands of pictures and labels for a few. Do the pictures without labels help? | 35&nbsp;minutes | 55&nbsp;seconds | [Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/02c_few_labels.ipynb) |
# | <img src="pictures/03a_larger_codes.png" width="160" alt=""> | [**03a · A code larger than the image**](03a_larger_codes.ipynb)<br>If the code has more numbers than the image has pixels, what keeps an autoencoder from merely copying? | 40&nbsp;minutes | 40&nbsp;seconds | [Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/03a_larger_codes.ipynb) |
# | <img src="pictures/03b_denoising.png" width="160" alt=""> | [**03b · Denoising**](03b_denoising.ipynb)<br>What does an autoencoder learn when it must take noise away, and who else could have done it? | 43&nbsp;minutes | 50&nbsp;seconds | [Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/03b_denoising.ipynb) |
# | <img src="pictures/03c_field.png" width="160" alt=""> | [**03c · Which way to the data?**](03c_field.ipynb)<br>What has a network learned about the data when it has learned to take noise away? | 45&nbsp;minutes | 35&nbsp;seconds | [Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/03c_field.ipynb) |
# | <img src="pictures/03d_contraction.png" width="160" alt=""> | [**03d · What may the code ignore?**](03d_contraction.ipynb)<br>What does the contractive penalty forbid, what does it buy, and how is it related to denoising? | 45&nbsp;minutes | 35&nbsp;seconds | [Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/03d_contraction.ipynb) |
# | <img src="pictures/04a_one_pixel_at_a_time.png" width="160" alt=""> | [**04a · One pixel at a time**](04a_one_pixel_at_a_time.ipynb)<br>How can a network that only ever predicts the next pixel draw a digit, and what does memory buy? | 45&nbsp;minutes | 55&nbsp;seconds | [Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/04a_one_pixel_at_a_time.ipynb) |
# | <img src="pictures/04b_masked_convolution.png" width="160" alt=""> | [**04b · All pixels at once**](04b_masked_convolution.ipynb)<br>Can a network that answers for all 784 pixels in one go be kept from looking ahead, and what does that buy? | 45&nbsp;minutes | 60&nbsp;seconds | [Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/04b_masked_convolution.ipynb) |
# | <img src="pictures/04c_finish_the_picture.png" width="160" alt=""> | [**04c · Finish the picture**](04c_finish_the_picture.ipynb)<br>What does the top of a picture settle about the bottom, and does a network know which part is settled and which is free? | 45&nbsp;minutes | 50&nbsp;seconds | [Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/04c_finish_the_picture.ipynb) |
# | <img src="pictures/04d_sound.png" width="160" alt=""> | [**04d · Sound, sample by sample**](04d_sound.ipynb)<br>How does a network speak 8,000 numbers a second, how far back must it listen, and when would a straight line do? | 45&nbsp;minutes | 40&nbsp;seconds | [Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/04d_sound.ipynb) |
# | <img src="pictures/04e_video.png" width="160" alt=""> | [**04e · The next frame**](04e_video.ipynb)<br>What must a network know to say what the next frame of a video looks like, and how far can it go on alone? | 45&nbsp;minutes | 50&nbsp;seconds | [Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/04e_video.ipynb) |
# | <img src="pictures/05a_gaussian_mixtures.png" width="160" alt=""> | [**05a · Gaussian mixture models**](05a_gaussian_mixtures.ipynb)<br>If every image is a point, where do the points lie, and how do you write that down as a formula that new images can be drawn from? | 45&nbsp;minutes | 15&nbsp;seconds | [Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/05a_gaussian_mixtures.ipynb) |
# | <img src="pictures/05b_infinite_mixture.png" width="160" alt=""> | [**05b · Infinitely many Gaussians**](05b_infinite_mixture.ipynb)<br>What do you gain when a point is named not by a number $m$ on a list, but by a vector $z$ that can take any value? | 45&nbsp;minutes | 45&nbsp;seconds | [Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/05b_infinite_mixture.ipynb) |
# | <img src="pictures/06a_the_bound.png" width="160" alt=""> | [**06a · The bound**](06a_the_bound.ipynb)<br>How do you fit a model whose likelihood you cannot compute, and when does that make it worse? | 45&nbsp;minutes | 10&nbsp;seconds | [Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/06a_the_bound.ipynb) |
# | <img src="pictures/06b_small_vae.png" width="160" alt=""> | [**06b · A VAE, and what it gives up**](06b_small_vae.ipynb)<br>How does the bound become a loss that two networks can learn from, and what do they do where the bound is not tight? | 45&nbsp;minutes | 30&nbsp;seconds | [Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/06b_small_vae.ipynb) |
# | <img src="pictures/07a_from_autoencoder_to_vae.png" width="160" alt=""> | [**07a · From autoencoder to VAE**](07a_from_autoencoder_to_vae.ipynb)<br>Why can't you draw from an autoencoder, and what does it take to make it a generator? | 45&nbsp;minutes | 45&nbsp;seconds | [Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/07a_from_autoencoder_to_vae.ipynb) |
# | <img src="pictures/07b_ten_sliders.png" width="160" alt=""> | [**07b · Ten sliders**](07b_ten_sliders.ipynb)<br>What does each number of the code stand for, and what keeps the noise alive? | 45&nbsp;minutes | 35&nbsp;seconds | [Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/07b_ten_sliders.ipynb) |
# | <img src="pictures/07c_moons.png" width="160" alt=""> | [**07c · Moons**](07c_moons.ipynb)<br>What lies halfway between two pictures, and does noise make the halfway point better? | 45&nbsp;minutes | 30&nbsp;seconds | [Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/07c_moons.ipynb) |
# | <img src="pictures/07d_imitation.png" width="160" alt=""> | [**07d · Imitation**](07d_imitation.ipynb)<br>What does a VAE know about its pictures, and what does it only imitate? | 45&nbsp;minutes | 55&nbsp;seconds | [Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/07d_imitation.ipynb) |
# | <img src="pictures/07e_sentences.png" width="160" alt=""> | [**07e · Between two sentences**](07e_sentences.ipynb)<br>Can you walk from one sentence to another through sentences, and what is a code worth to a writer that already knows its grammar? | 45&nbsp;minutes | 45&nbsp;seconds | [Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/07e_sentences.ipynb) |
# | <img src="pictures/08a_conditional_vae.png" width="160" alt=""> | [**08a · The conditional VAE, in your own handwriting**](08a_conditional_vae.ipynb)<br>You write one digit. What would the other nine look like in your hand? | 45&nbsp;minutes | 60&nbsp;seconds | [Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/08a_conditional_vae.ipynb) |
# | <img src="pictures/08b_many_endings.png" width="160" alt=""> | [**08b · A quarter of a digit, many endings**](08b_many_endings.ipynb)<br>You see a quarter of a digit. How do you complete it, when there are many right endings? | 41&nbsp;minutes | 45&nbsp;seconds | [Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/08b_many_endings.ipynb) |
# | <img src="pictures/08c_a_hundred_labels.png" width="160" alt=""> | [**08c · A hundred labels**](08c_a_hundred_labels.ipynb)<br>What are pictures good for that nobody has labelled? | 40&nbsp;minutes | 45&nbsp;seconds | [Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/08c_a_hundred_labels.ipynb) |
# | <img src="pictures/09a_adversarial_game.png" width="160" alt=""> | [**09a · Two networks, one game**](09a_adversarial_game.ipynb)<br>How does one network learn from nothing but another's opinion? | 45&nbsp;minutes | 25&nbsp;seconds | [Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/09a_adversarial_game.ipynb) |
# | <img src="pictures/09b_swings.png" width="160" alt=""> | [**09b · A game that swings**](09b_swings.ipynb)<br>Why do two networks that learn from each other find no rest, and what calms them? | 33&nbsp;minutes | 25&nbsp;seconds | [Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/09b_swings.ipynb) |
# | <img src="pictures/09c_collapse.png" width="160" alt=""> | [**09c · Strong judges and lost bumps**](09c_collapse.ipynb)<br>When does a discriminator stop teaching, and why does a generator stay on one of two bumps? | 43&nbsp;minutes | 50&nbsp;seconds | [Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/09c_collapse.ipynb) |
# | <img src="pictures/10a_digits_from_noise.png" width="160" alt=""> | [**10a · A GAN on digits**](10a_digits_from_noise.ipynb)<br>Can a network learn to draw digits without ever seeing one? | 45&nbsp;minutes | 60&nbsp;seconds | [Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/10a_digits_from_noise.ipynb) |
# | <img src="pictures/10b_how_good.png" width="160" alt=""> | [**10b · How good is a generated picture?**](10b_how_good.ipynb)<br>Which number tells a good generator from a bad one, and who can fool it? | 41&nbsp;minutes | 60&nbsp;seconds | [Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/10b_how_good.ipynb) |
# | <img src="pictures/10c_failures_and_cures.png" width="160" alt=""> | [**10c · When the game goes wrong**](10c_failures_and_cures.ipynb)<br>How does a game of two networks fail, and what is each cure worth? | 45&nbsp;minutes | 45&nbsp;seconds | [Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/10c_failures_and_cures.ipynb) |
# | <img src="pictures/10d_gan_with_labels.png" width="160" alt=""> | [**10d · A GAN that takes orders**](10d_gan_with_labels.ipynb)<br>How do you ask a generator for a seven, and what do labels buy? | 43&nbsp;minutes | 60&nbsp;seconds | [Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/10d_gan_with_labels.ipynb) |
# | <img src="pictures/11a_cooks_distance.png" width="160" alt=""> | [**11a · Cook's distance**](11a_cooks_distance.ipynb)<br>Which point holds the line? | 45&nbsp;minutes | 5&nbsp;seconds | [Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/11a_cooks_distance.ipynb) |
# | <img src="pictures/11b_outliers.png" width="160" alt=""> | [**11b · Looking for outliers**](11b_outliers.ipynb)<br>Does a large distance make a point an outlier, and when does looking fail? | 45&nbsp;minutes | 20&nbsp;seconds | [Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/11b_outliers.ipynb) |
#
# <!-- end of lessons -->

# %% [markdown]
# ## How a lesson works
#
# - **Predict first.** Before a picture comes a question. Answer it, on paper or aloud, and only
#   then run the next cell (*Shift* and *Enter* together).
# - **Run** the cells from top to bottom. If you got lost: menu *Kernel* › *Restart Kernel and Run
#   All Cells*.
# - **Move** whatever has a slider; it answers at once, from the keyboard too.
# - **Check the figures.** Every sentence that the lecture claims is measured where it stands, and
#   a line with a green edge shows the outcome.
#
# Is this installation healthy? A line with ✓ says so. A ✗ would say what is wrong, and what to do.

# %%
import sys

if "google.colab" in sys.modules:  # on Colab, fetch the lessons' helper library
    get_ipython().system(
        "pip install -q --no-deps git+https://github.com/OWNER/latent-lessons"
    )
from lessons_lib import installation

installation.check()

# %% [markdown]
# Each lesson begins with the next line. What it prints says what the lesson runs on.

# %%
import lessons_lib

device = lessons_lib.start(seed=0)

# %% [markdown]
# And this is a measured sentence, about dice.

# %%
import numpy as np

dice = [np.random.default_rng(seed).integers(1, 7, size=10_000) for seed in range(5)]
loaded = dice[0][dice[0] > 1]  # a die that never shows a one
lessons_lib.claim(
    "C00",
    "A fair die shows 3.5 on average.",
    dice[0].mean(),
    kind="experiment",
    at_least=3.4,
    at_most=3.6,
    seeds=[throws.mean() for throws in dice[1:]],
    control=("a die without a one", loaded.mean()),
)

# %% [markdown]
# Read it so: the **kind** says what could have gone wrong. An *experiment* could have come out
# otherwise; a *theorem* is a known truth that this run meets; an *identity* checks that algebra and
# code agree. The **large green dot** is this run's figure, and stands in bold behind the sentence;
# the **small blue dots** are the same figure under other random seeds; the **bars** are the bounds
# that all of them must keep; the **orange cross** is a control, a case in which the sentence is
# false and which must break a bound. If a figure broke one, the cell would stop, and say so.
#
# ## A map of digits
#
# A small network learned to draw handwritten digits from two numbers. Drag on the map, click a
# dot, or move the sliders. Where does a 3 become a 5? Then choose a lesson, at the top.

# %%
from lessons_lib.digit_map import digit_map

digit_map()
