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
# # 11 · Cook's distance
#
# **Which point holds the line, and does that make it an outlier?**
#
# [Open in Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/11_cooks_distance.ipynb) · [Open on Binder](https://mybinder.org/v2/gh/OWNER/latent-lessons/main?urlpath=lab/tree/notebooks/11_cooks_distance.ipynb) ·
# 68 minutes to study, half a minute to run, no network needed
#
# **You will be able to**
#
# 1. measure by brute force how much one point holds a regression line;
# 2. derive the formula that needs one fit instead of $n$, and check it;
# 3. tell leverage, residual and influence apart;
# 4. use Cook's distance to look for outliers, and say where it is blind;
# 5. decide what to do with a flagged point.
#
# **Builds on** linear regression by least squares. No other lesson is needed; section 5 borrows
# the reconstruction error of lesson 01a.

# %%
import sys

if "google.colab" in sys.modules:  # on Colab, fetch the lessons' helper library
    get_ipython().system(
        "pip install -q --no-deps git+https://github.com/OWNER/latent-lessons"
    )
import lessons_lib

device = lessons_lib.start(seed=0, opening="11")

# %%
import matplotlib.pyplot as plt
import numpy as np
import torch

from lessons_lib import claim, plotting
from lessons_lib.datasets import anscombe
from lessons_lib.regression import influence
from lessons_lib.widgets import DragRegression, FramePlayer, Prediction, PredictionCount

random = np.random.default_rng(torch.initial_seed())
sets = anscombe()
for name, (x, y) in sets.items():
    slope, intercept = np.polyfit(x, y, 1)
    print(f"set {name:3}: mean x {x.mean():.1f}, mean y {y.mean():.2f}, ", end="")
    print(
        f"line {intercept:.2f} + {slope:.3f} x, correlation {np.corrcoef(x, y)[0, 1]:.3f}"
    )

# %% [markdown]
# Anscombe (1973) made four sets of eleven points with the same means, the same line, the same
# correlation. **Predict first:** do they look alike? In which of them does a single point decide
# where the line goes?
#
# Choose a set, then drag points. The solid line is the fit; the dashed one is the fit *without*
# the chosen point. The two coincide if the point does not matter. Two more sets wait in the
# menu: a clean cloud, and a cloud with **two** points off at the right (section 6).

# %%
cloud_x = np.array([1.0, 2.1, 2.8, 3.6, 4.4, 5.1, 5.9, 6.8, 7.4])
cloud_y = np.array([3.2, 3.3, 4.4, 4.2, 5.1, 5.2, 6.2, 6.1, 7.0])
own_sets = {f"Anscombe {name}": points for name, points in sets.items()}
own_sets["clean cloud"] = (np.r_[cloud_x, 8.2, 9.1], np.r_[cloud_y, 7.2, 7.9])
own_sets["masked pair"] = (np.r_[cloud_x, 16.0, 16.4], np.r_[cloud_y, 4.0, 4.2])

# %% tags=["opening"]
DragRegression(own_sets)

# %% [markdown]
# Two things to find. In set I, drag point 3 far to the right *along the dashed line* (which
# stands still: it does not know the point): its **leverage** (defined below) grows, its
# distance stays near zero. In set IV, move point 8 up and down: the line follows it wherever it
# goes, and its distance is a question mark.
#
# ## 1 · Four steps by brute force
#
# Cook's recipe for point $i$: take its residual; fit again without it; see how far
# *all* fitted values move (squared, and summed); divide by $p\,s^2$, the sum of their estimated
# variances. With $\hat y_j$ the fitted value at point $j$ and $\hat y_{j(i)}$ the one from the
# fit without point $i$:
#
# $$D_i=\frac{\sum_j(\hat y_j-\hat y_{j(i)})^2}{p\,s^2},\qquad s^2=\frac{\mathrm{RSS}}{n-p}.$$
#
# $p$ counts the parameters (two for a line: intercept and slope), $n$ the points, RSS is the
# residual sum of squares. $D_i$ is **Cook's distance** (Cook 1977).


# %%
def fit_line(design, y):  # design: a column of ones, then the predictors
    coefficients, *_ = np.linalg.lstsq(design, y, rcond=None)
    return coefficients


def cooks_by_refits(x, y):
    design = np.column_stack([np.ones(len(y)), x])
    n, p = design.shape
    fitted = design @ fit_line(design, y)
    residuals = y - fitted  # step 1
    s_squared = residuals @ residuals / (n - p)
    distances = []
    for i in range(n):
        coefficients = fit_line(np.delete(design, i, axis=0), np.delete(y, i))  # step 2
        moved = fitted - design @ coefficients  # step 3, at all n points
        distances.append(moved @ moved / (p * s_squared))  # step 4
    return np.array(distances)


for name in ["I", "II", "III"]:
    distances = cooks_by_refits(*sets[name])
    print(f"set {name:3}", *(f"{d:6.3f}" for d in distances))

# %% [markdown]
# The largest distance is at point 3 in sets I and III; in set II at points 6 and 8, the two ends
# of the parabola.

# %% tags=["figure"]
half_the_pull = Prediction(
    "In set III, pull point 3 half-way down to the line of the others. What becomes of "
    "its distance?",
    ["a quarter", "half", "the same", "twice as much"],
)
half_the_pull


# %%
def half_way(x, y):  # point 3, half-way to the line through the others
    rest = np.arange(11) != 2
    line = np.polyfit(x[rest], y[rest], 1)
    moved = y.copy()
    moved[2] = (y[2] + np.polyval(line, x[2])) / 2
    pull, half_pull = (np.polyfit(x, values, 1)[0] - line[0] for values in (y, moved))
    return cooks_by_refits(x, moved)[2] / cooks_by_refits(x, y)[2], half_pull / pull


ratio = {}
for name in ["I", "III"]:
    ratio[name], pull = half_way(*sets[name])
    print(f"set {name:3}, half-way: slope pulled {pull:.2f} times as far,", end=" ")
    print(f"distance {ratio[name]:.2f} times as large")

# %% tags=["figure"]
sizes = {"a quarter": 0.25, "half": 0.5, "the same": 1, "twice as much": 2}
half_the_pull.reveal(min(sizes, key=lambda size: abs(sizes[size] - ratio["III"])))

# %%
claim(
    "C27j",
    "Set III, point 3 half-way down to the others' line: its distance over the old one",
    ratio["III"],
    kind="experiment",
    at_least=0.99,
    at_most=1.01,
    control=("the same in set I", ratio["I"]),
)

# %% [markdown]
# Half the pull, and in set III the same distance! $D$ counts in units of $s^2$. In set I most of
# $s^2$ comes from the other points, and the distance falls with the pull. In set III nearly all of
# it is point 3's own doing: both shrink together, until the point is all but on the line.
# Cook's distance compares what a point does with the scatter around the line; how far the line
# moved is another question.
#
# ## 2 · One fit instead of $n$
#
# Must we really fit $n$ times? **Predict first:** which two properties of a point could tell,
# without refitting, how much the line moves when it leaves?
#
# Write the fit with matrices. $X$ ($n\times p$) is the design, $\hat\beta=(X^\top X)^{-1}
# X^\top y$ the coefficients, and $\hat y=Hy$ with the **hat matrix** $H=X(X^\top X)^{-1}X^\top$:
# it puts the hat on $y$. Let $x_i$ be the $i$-th row of $X$, written as a column (a one, then the
# predictors). The diagonal entry $h_i=x_i^\top(X^\top X)^{-1}x_i$ of $H$ is the **leverage** of
# point $i$: by how much its fitted value moves when its own $y$ moves by one. With
# $e_i=y_i-\hat y_i$, with $\hat\beta_{(i)}$ the coefficients without point $i$, and if $h_i<1$:
#
# 1. Without point $i$, $X^\top X$ loses $x_ix_i^\top$. By the Sherman–Morrison formula, with
#    $A=X^\top X$,
#    $$(A-x_ix_i^\top)^{-1}=A^{-1}+\frac{A^{-1}x_ix_i^\top A^{-1}}{1-h_i}.$$
# 2. Likewise $X^\top y$ loses $x_iy_i$. Multiply the two, with $A^{-1}X^\top y=\hat\beta$,
#    $x_i^\top\hat\beta=\hat y_i$ and $x_i^\top A^{-1}x_i=h_i$:
#    $$\hat\beta_{(i)}=\hat\beta-A^{-1}x_iy_i+A^{-1}x_i\frac{\hat y_i-h_iy_i}{1-h_i}.$$
#    Put the last two terms over $1-h_i$; there $h_iy_i$ cancels, and $y_i-\hat y_i=e_i$ is left:
#    $$\hat\beta-\hat\beta_{(i)}=\frac{A^{-1}x_i\,e_i}{1-h_i}.$$
# 3. Multiply by $X$: the fitted values move by
#    $\hat y-\hat y_{(i)}=X A^{-1}x_i\,e_i/(1-h_i)$.
# 4. Its squared length: $x_i^\top A^{-1}X^\top XA^{-1}x_i=x_i^\top A^{-1}x_i=h_i$, so
#    $$\lVert\hat y-\hat y_{(i)}\rVert^2=\frac{h_i\,e_i^2}{(1-h_i)^2}.$$
# 5. Divide by $p\,s^2$, and write $r_i=e_i/(s\sqrt{1-h_i})$, the **studentised residual** (a
#    residual has variance $\sigma^2(1-h_i)$, with $\sigma^2$ that of the noise):
#    $$D_i=\frac{e_i^2}{p\,s^2}\,\frac{h_i}{(1-h_i)^2}=\frac{r_i^2}{p}\,\frac{h_i}{1-h_i}.$$
#
# The next cell checks lines 1 to 4 for one point, then the last for all.

# %%
x, y = sets["I"]
X = np.column_stack([np.ones(len(y)), x])
A, H = X.T @ X, X @ np.linalg.inv(X.T @ X) @ X.T
h, e = np.diag(H), y - H @ y
i = 2
without, x_i = np.delete(X, i, axis=0), X[i]
A_inverse = np.linalg.inv(A)
longer = A_inverse + np.outer(A_inverse @ x_i, x_i @ A_inverse) / (1 - h[i])
moved_beta = fit_line(X, y) - fit_line(without, np.delete(y, i))
lines = {
    "1": np.linalg.inv(A - np.outer(x_i, x_i)) - longer,
    "2": moved_beta - A_inverse @ x_i * e[i] / (1 - h[i]),
    "3": X @ moved_beta - X @ A_inverse @ x_i * e[i] / (1 - h[i]),
    "4": np.square(X @ moved_beta).sum() - h[i] * e[i] ** 2 / (1 - h[i]) ** 2,
}
for number, difference in lines.items():
    print(f"line {number}: left minus right side at most {np.abs(difference).max():.1e}")
s_squared = e @ e / (11 - 2)
cooks = e**2 / (2 * s_squared) * h / (1 - h) ** 2
print("sum of the leverages:", h.sum().round(10), "= p")

# %%
slip = e**2 / (2 * s_squared) * h / (1 - h)  # the square forgotten
claim(
    "C27d",
    "One fit gives what n refits give: largest difference over the points",
    np.abs(cooks - cooks_by_refits(x, y)).max(),
    kind="identity",
    at_most=1e-10,
    control=("(1 − h) not squared", np.abs(slip - cooks_by_refits(x, y)).max()),
)

# %% [markdown]
# From here on the library's `influence` does it. It must agree with `statsmodels`, which others
# wrote.

# %%
from sklearn.datasets import load_diabetes
from statsmodels.datasets import longley, stackloss, statecrime
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.outliers_influence import OLSInfluence

real, row_names = {}, {}
for name, module in [
    ("stack loss", stackloss),
    ("Longley", longley),
    ("crime", statecrime),
]:
    table = module.load()
    real[name] = np.asarray(table.exog, dtype=float), np.asarray(table.endog, dtype=float)
    row_names[name] = [str(row) for row in table.exog.index]
row_names["stack loss"] = [f"day {i + 1}" for i in range(21)]
row_names["Longley"] = [f"{year:.0f}" for year in real["Longley"][0][:, -1]]
real["diabetes"] = load_diabetes(return_X_y=True)
row_names["diabetes"] = [f"patient {i + 1}" for i in range(442)]


# %%
ours = {}
for name, (x, y) in real.items():
    X = np.column_stack([np.ones(len(y)), x])
    ours[name] = influence(x, y)
    theirs = OLSInfluence(OLS(y, X).fit()).cooks_distance[0]
    off = np.abs(ours[name].cooks_distance / theirs - 1).max()
    print(f"{name:11} {len(y):3d} rows, p = {X.shape[1]:2d}: off by {off:.1e} of it")

# %% [markdown]
# Longley's columns are almost dependent (the set is famous for it): there the last digits of any
# two programs differ.
#
# ## 3 · Leverage is not influence
#
# $D=\frac{r^2}{p}\frac{h}{1-h}$ needs **both** factors. **Predict first:** where in a plot of
# $r$ against $h$ do points of equal $D$ lie?


# %% tags=["figure"]
def influence_plot(fit, names, ax, title):
    h, r, D = fit.leverage, fit.internally_studentised, fit.cooks_distance
    area = 20 + 900 * np.minimum(D, 2)  # beyond 2 no larger
    ax.scatter(h, r, s=area, alpha=0.6, color=plotting.COLOURS[0])
    right = min(max(0.5, 1.1 * np.nanmax(h)), 0.995)
    grid = np.linspace(0.005, right, 300)
    for level, side in [(0.5, "top"), (1, "bottom")]:
        height = np.sqrt(level * fit.parameters * (1 - grid) / grid)
        for sign in (1, -1):
            ax.plot(grid, sign * height, "--", color=plotting.COLOURS[1], lw=1.5)
        at = np.searchsorted(grid, min(right, 0.75)) - 1  # further right they meet
        ax.text(grid[at], height[at], f"$D$ = {level}", ha="right", va=side)
    for i in np.argsort(-np.nan_to_num(D))[:3]:
        place = {"textcoords": "offset points", "xytext": (6, 8)}
        if h[i] > 0.6 * right:  # room on the other side only
            place |= {"ha": "right", "xytext": (-18, 8)}
        ax.annotate(names[i], (h[i], r[i]), **place, clip_on=True)
    top = 1.5 * np.abs(r[np.isfinite(r)]).max()
    ax.set(xlabel="leverage $h$", ylabel="studentised residual", ylim=(-top, top))
    ax.set(title=title, xlim=(0, right))


# %%
base_x = np.linspace(0, 4, 9)
base_y = 1 + base_x + 0.3 * np.sin(5 * base_x)
on_line = np.polyval(np.polyfit(base_x, base_y, 1), 12)
three = {
    lift: influence(np.r_[base_x, 12], np.r_[base_y, on_line + lift])
    for lift in [0, 1, 2, 4, 6]
}

# %% tags=["figure"]
frames, captions = [], []
for lift, fit in three.items():
    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 4.6))
    area = 20 + 60 * np.minimum(fit.cooks_distance, 10)
    left.scatter(np.r_[base_x, 12], np.r_[base_y, on_line + lift], s=area)
    left.axline((0, fit.coefficients[0]), slope=fit.coefficients[1])
    left.set(xlabel="x", ylabel="y", xlim=(-1, 13), ylim=(-1, 21))
    influence_plot(fit, [str(i + 1) for i in range(10)], right, "influence plot")
    right.set(ylim=(-5, 5), xlim=(0, 1))
    frames.append(figure)
    h, D = fit.leverage[9], fit.cooks_distance[9]
    captions.append(f"point 10 lifted by {lift}: leverage {h:.2f}, distance {D:.2f}")
FramePlayer(frames, captions, label="lift")

# %% [markdown]
# Equal distances lie on $r=\pm\sqrt{pD(1-h)/h}$: the farther right a point stands, the smaller a
# residual is enough. Point 10 starts *on* the line, and inside the funnel; a small lift takes it
# out.

# %%
claim(
    "C27f",
    "A point of high leverage (0.8 and more) that lies on the others' line: its distance",
    three[0].cooks_distance[9],
    kind="theorem",
    at_most=0.001,
    control=("the same point lifted by 2", three[2].cooks_distance[9]),
)

# %%
import warnings

with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    four = influence(*sets["IV"])
print("warning:", said[0].message)
print("leverages:       ", four.leverage.round(3))
print("Cook's distances:", four.cooks_distance.round(3))

# %% [markdown]
# Leverage is about $x$ alone: it did not change as the point rose. The distance did. And with
# leverage 1, as in set IV, the line passes through the point whatever its $y$: $e=0$, $1-h=0$, and
# $D=0/0$. That is *undefined*, not zero and not infinite: without the point, no slope can be
# fitted at all. `influence` gives NaN for it and says so.
#
# ### The third step of the notes is another statistic
#
# The lecture notes that this lesson grew from measure, in place of the change of all fitted
# values, the change of the standardised residual sum of squares,
# $(\mathrm{RSS}-\mathrm{RSS}_{(i)})/s^2$, with $\mathrm{RSS}_{(i)}$ from the fit without row $i$.
# (Were each sum divided by its *own* fit's variance, the change would be the constant
# $(n-p)-(n-p-1)=1$ for every point.) And they say: the larger $h$, the more influence.

# %% tags=["figure"]
tells_apart = Prediction(
    "Two points have the same studentised residual, one in the middle, one far out. "
    "Which statistic tells them apart?",
    ["the notes' change of RSS", "Cook's distance", "both", "neither"],
)
tells_apart

# %% [markdown]
# One more line of algebra says what the notes' statistic is. Row $i$'s own term leaves the sum,
# the others change by the moves; together $\mathrm{RSS}_{(i)}=\mathrm{RSS}-e_i^2/(1-h_i)$, and the
# change over $s^2$ is $r_i^2$. Check it:

# %%
x, y = real["stack loss"]
X = np.column_stack([np.ones(len(y)), x])
rss = np.square(y - X @ fit_line(X, y)).sum()
s_squared = rss / (len(y) - 4)
change = []
for i in range(len(y)):
    rest, rest_y = np.delete(X, i, axis=0), np.delete(y, i)
    change.append(
        (rss - np.square(rest_y - rest @ fit_line(rest, rest_y)).sum()) / s_squared
    )
r_squared = ours["stack loss"].internally_studentised ** 2
D = ours["stack loss"].cooks_distance
print("change of RSS over s², first days:", np.round(change[:5], 3))
print("squared studentised residual:     ", r_squared[:5].round(3))
print("Cook's distance:                  ", D[:5].round(3))

# %%
r_squared = ours["diabetes"].internally_studentised ** 2
h, D = ours["diabetes"].leverage, ours["diabetes"].cooks_distance
order = np.argsort(r_squared)
order = order[r_squared[order] > 1]  # neighbours in this order have nearly the same r²
times = D[order[1:]] / D[order[:-1]]
at = np.maximum(times, 1 / times).argmax()
one, other = sorted(order[[at, at + 1]], key=lambda i: D[i])
for i in (one, other):
    print(f"patient {i + 1}: r² {r_squared[i]:.3f}, leverage {h[i]:.3f}, D {D[i]:.4f}")

# %% tags=["figure"]
by = {"the notes' change of RSS": r_squared, "Cook's distance": D}
telling = [name for name, values in by.items() if values[other] > 1.5 * values[one]]
tells_apart.reveal((telling or ["neither"])[0] if len(telling) < 2 else "both")

# %%
claim(
    "C27i",
    "Two patients whom the notes' statistic takes for the same: Cook's distance of one "
    "over the other's",
    D[other] / D[one],
    kind="experiment",
    at_least=5,
    control=("the notes' statistic", r_squared[other] / r_squared[one]),
)

# %% [markdown]
# So the notes' statistic answers another question: is this $y$ odd for its $x$? It is blind to
# leverage, which makes one of two equally odd patients hold the fit far more than the other. And
# "larger $h$, more influence" fails wherever the residual is zero (C27f).
#
# ## 4 · Real data
#
# Four sets with stories. *Stack loss* (Brownlee): 21 days of a plant that makes nitric acid; how
# much ammonia is lost, from air flow, water temperature and acid concentration. *Longley* (1967): US
# employment 1947 to 1962 from six economic series; Cook's own example of 1977. *Crime* (2009):
# murders per 100,000 in the 50 US states and the District of Columbia, from the shares of city
# dwellers, of the poor, of high-school graduates and of single-parent households. *Diabetes*: how
# the illness of 442 patients went on for a year, from age, sex and eight measurements.
# **Predict first:** in which does one row stand out? In the crime data, which one?

# %% tags=["figure"]
frames, captions = [], []
for name, fit in ours.items():
    figure, ax = plt.subplots(figsize=(10, 5))
    influence_plot(fit, row_names[name], ax, name)
    frames.append(figure)
    order = np.argsort(-fit.cooks_distance)[:2]
    named = ", ".join(f"{row_names[name][i]} {fit.cooks_distance[i]:.2f}" for i in order)
    captions.append(f"{name}: largest distances {named}")
FramePlayer(frames, captions, label="data")

# %% [markdown]
# How large is large? Three cut-offs are in use. **4/n**: a usual $D$ is about $1/n$ (take $r^2=1$,
# $h=p/n$), so that is four times the usual. **The median of the F distribution** with $p$ and $n-p$
# degrees of freedom, Cook's own: leaving out a point that reaches it moves $\hat\beta$ to the edge
# of its 50 % confidence region. And plainly **1**.

# %% tags=["figure"]
flags_clean = Prediction(
    "A hundred points, a line and Gaussian noise, no outlier. Which cut-off flags more "
    "than one row in a hundred?",
    ["4/n", "the median of F", "both", "neither"],
)
flags_clean

# %%
from scipy.stats import f as f_distribution

print("rows flagged            D > 4/n    D > median of F(p, n − p)    D > 1")
for name, fit in ours.items():
    n, p, D = len(fit.residuals), fit.parameters, fit.cooks_distance
    counts = [
        (D > limit).sum() for limit in (4 / n, f_distribution.ppf(0.5, p, n - p), 1)
    ]
    print("{:20} {:8d} {:20d} {:16d}".format(name, *counts))


# %%
flagged = {"4/n": [], "the median of F": []}
for _ in range(200):  # clean data: a line and Gaussian noise, nothing planted
    x = random.normal(size=100)
    D = influence(x, x + random.normal(size=100)).cooks_distance
    flagged["4/n"].append((D > 4 / 100).mean())
    flagged["the median of F"].append((D > f_distribution.ppf(0.5, 2, 98)).mean())
shares = {name: np.mean(values) for name, values in flagged.items()}
for name, share in shares.items():
    print(f"clean rows above {name}: {share:.2%}")

# %% tags=["figure"]
over = [name for name, share in shares.items() if share > 0.01]
flags_clean.reveal((over or ["neither"])[0] if len(over) < 2 else "both")

# %%
claim(
    "C28a",
    "The cut-off 4/n flags points of perfectly clean data: share of them",
    shares["4/n"],
    kind="experiment",
    at_least=0.03,
    control=("cut-off: median of F", shares["the median of F"]),
)

# %% [markdown]
# The District of Columbia is a city among states: it has both, high leverage and a large
# residual. In stack loss, day 21 leaves the rest behind, though below 1 and below the median of
# F. In the diabetes data the largest distance is small; still 4/n flags some, as it does in data
# that are clean by construction. The median of F flags almost never. Neither is a law: sort by $D$,
# and look where the largest leaves the rest behind.
#
# **What to do with a flagged point.** Look at it (a typing error? another unit?). Ask those who
# collected it. Report the fit with and without it. Never delete by rule: the point may be the
# only one that tells the truth.
#
# ## 5 · A contest: finding planted outliers
#
# Is $D$ a good detector of outliers? We plant ten among 200 rows (thirty in
# the cluster), in four ways:


# %%
def planted(kind, n=200, bad=10):
    x = random.normal(size=n)
    group = random.integers(0, 4, n)  # used by "categories" only
    y = 2 * x + random.normal(size=n)
    outlier = np.arange(n) < bad
    if kind == "vertical":  # an odd y at an ordinary x; and ten honest points far out
        y[:bad] += random.choice([-1, 1], bad) * 5
        x[bad : 2 * bad] += 4 * np.sign(x[bad : 2 * bad])
        y[bad : 2 * bad] = 2 * x[bad : 2 * bad] + random.normal(size=bad)
    if kind == "leverage":  # far out and off the line, on both sides
        x[:bad] = random.choice([-1, 1], bad) * random.uniform(3, 5, bad)
        y[:bad] = 2 * x[:bad] - 7 * np.sign(x[:bad]) * random.choice([-1, 1], bad)
    if kind == "cluster":  # three times as many, far out, all at one place
        outlier = np.arange(n) < 3 * bad
        x[outlier] = random.normal(12, 0.2, 3 * bad)
        y[outlier] = random.normal(0, 0.5, 3 * bad)
    if kind == "categories":  # the label of another group
        y = y + 4.0 * group
        group[:bad] = (group[:bad] + 2) % 4
        return np.column_stack([x, np.eye(4)[group][:, 1:]]), y, outlier
    return x[:, None], y, outlier


# %%
kinds = ["vertical", "leverage", "cluster", "categories"]
examples = {kind: planted(kind) for kind in kinds}

# %% tags=["figure"]
figure, axes = plt.subplots(1, 4, figsize=(14, 3.6))
for ax, (kind, (x, y, outlier)) in zip(axes, examples.items()):
    label = x[:, 1:] @ np.arange(1, x.shape[1])  # of the group, as the row has it; or 0
    colours = np.array(plotting.COLOURS)[[0, 1, 3, 4]][label.astype(int)]
    ax.scatter(x[~outlier, 0], y[~outlier], s=14, color=colours[~outlier])
    cross = {"marker": "X", "edgecolor": plotting.COLOURS[2], "linewidth": 1.5}
    ax.scatter(x[outlier, 0], y[outlier], s=90, color=colours[outlier], **cross)
    ax.set(title=kind, xlabel="x", ylabel="y")
plt.show()

# %% [markdown]
# Crosses are planted. In *categories* the colour is the group that the row claims to belong to:
# each group has a line of its own, and a cross lies on the line of another.
#
# The contestants: Cook's distance; leverage; the externally studentised residual ($r_i$ with $s$
# from the fit without row $i$); DFFITS (the change of the point's own fitted value, over its
# standard error); an isolation forest and an autoencoder's reconstruction error, both on the rows
# $(x,y)$. And one that we come back to: the residual from a **robust** fit (RANSAC: fits to random
# small subsets, keep the one that most points agree with).


# %%
from sklearn.ensemble import IsolationForest
from sklearn.linear_model import RANSACRegressor
from torch import nn

from lessons_lib.models import Autoencoder, layers
from lessons_lib.training import fit as train


def autoencoder_error(rows):
    rows = torch.tensor((rows - rows.mean(0)) / rows.std(0), dtype=torch.float32)
    width = rows.shape[1]
    model = Autoencoder(layers(width, 16, 1, activation=nn.Tanh), layers(1, 16, width))

    def error(model, x):
        return (x - model(x)).square().sum(dim=1).mean()

    train(model, rows, error, epochs=40, batch_size=50, learning_rate=1e-2)
    with torch.no_grad():
        return (rows - model(rows)).square().sum(dim=1).numpy()


# %%
def all_scores(x, y, seed):
    fit, rows = influence(x, y), np.column_stack([x, y])
    forest = IsolationForest(n_estimators=50, random_state=seed).fit(rows)
    robust = RANSACRegressor(random_state=seed).fit(x, y)
    return {
        "Cook's distance": fit.cooks_distance,
        "leverage": fit.leverage,
        "externally studentised": np.abs(fit.externally_studentised),
        "DFFITS": np.abs(fit.dffits),
        "isolation forest": -forest.score_samples(rows),
        "autoencoder": autoencoder_error(rows),
        "robust residual": np.abs(y - robust.predict(x)),
    }


# %% tags=["figure"]
worst = Prediction(
    "The cluster is the most glaring to your eye. Which of these finds it worst?",
    ["Cook's distance", "leverage", "externally studentised", "isolation forest"],
)
worst

# %%
from sklearn.metrics import roc_auc_score

auc, precision, draws = {}, {}, 6
for kind in kinds:
    for draw in range(draws):
        x, y, outlier = planted(kind)
        for name, score in all_scores(x, y, draw).items():
            auc.setdefault((name, kind), []).append(roc_auc_score(outlier, score))
            top = np.argsort(-score)[: outlier.sum()]
            precision.setdefault((name, kind), []).append(outlier[top].mean())


def score_of(name, kind):
    return np.mean(auc[name, kind])


# %% tags=["figure"]
names = list(dict.fromkeys(name for name, _ in auc))
mean_auc = np.array([[np.mean(auc[name, kind]) for kind in kinds] for name in names])
mean_precision = np.array(
    [[np.mean(precision[name, kind]) for kind in kinds] for name in names]
)
figure, axes = plt.subplots(1, 2, figsize=(14, 4.8), sharey=True)
titles = ["ROC-AUC (0.5: guessing)", "precision among as many as were planted"]
for ax, values, title in zip(axes, [mean_auc, mean_precision], titles):
    ax.imshow(values, vmin=0, vmax=1, cmap="cividis", aspect="auto")
    for (i, j), value in np.ndenumerate(values):
        ink = "white" if value < 0.5 else "black"
        ax.text(j, i, f"{value:.2f}", ha="center", va="center", color=ink)
    ax.set(title=title, xticks=range(4), xticklabels=kinds)
    ax.set(yticks=range(len(names)), yticklabels=names)
    ax.grid(False)
plt.show()

# %% tags=["figure"]
worst.reveal(min(worst.options, key=lambda name: score_of(name, "cluster")))

# %%
thirty = []
for _ in range(draws):  # as many as in the cluster, but scattered
    x, y, outlier = planted("leverage", bad=30)
    thirty.append(roc_auc_score(outlier, influence(x, y).cooks_distance))
claim(
    "C28b",
    "Cook's distance finds scattered outliers, far out and off the line, ten or thirty: "
    "the lower ROC-AUC",
    min(score_of("Cook's distance", "leverage"), np.mean(thirty)),
    kind="experiment",
    at_least=0.9,
    control=("thirty in a cluster", score_of("Cook's distance", "cluster")),
)
# %%
claim(
    "C28c",
    "Vertical outliers among honest far points: Cook's distance ranks them better than "
    "leverage does, ROC-AUC's difference",
    score_of("Cook's distance", "vertical") - score_of("leverage", "vertical"),
    kind="experiment",
    at_least=0.2,
    control=(
        "the studentised residual in its place",
        score_of("Cook's distance", "vertical")
        - score_of("externally studentised", "vertical"),
    ),
)


# %%
def lead(name, other, kind):  # in precision
    return np.mean(precision[name, kind]) - np.mean(precision[other, kind])


claim(
    "C28d",
    "Rows with another group's label: Cook's distance leads the isolation forest, in "
    "precision",
    lead("Cook's distance", "isolation forest", "categories"),
    kind="experiment",
    at_least=0.4,
    control=(
        "the kind leverage",
        lead("Cook's distance", "isolation forest", "leverage"),
    ),
)
# %%
claim(
    "C28e",
    "Vertical outliers: the studentised residual leads Cook's distance, precision",
    lead("externally studentised", "Cook's distance", "vertical"),
    kind="experiment",
    at_least=0.05,
    control=(
        "the kind categories",
        lead("externally studentised", "Cook's distance", "categories"),
    ),
)

# %% [markdown]
# Read the tables by column. In *leverage* nearly everybody wins. Against single bad rows, far out or
# mislabelled, Cook's distance does well, and it costs one fit. But in none of these three columns
# does it beat the studentised residual, and for *vertical* outliers it is behind: the leverage
# in it tells what a bad row *does*, not whether it is bad. Leverage alone can't see a $y$ at all.
#
# Isolation forest and autoencoder are not told which column is the response. The forest looks for
# rare rows: an honest far point is one, a row with the wrong label hardly. The autoencoder has one
# code unit, one bent line: it can't follow four parallel ones.
#
# ## 6 · Masking: where it is blind
#
# The column *cluster*: Cook's distance does little better than guessing, the studentised residual
# worse. **Predict first:** why? (Leverage finds all thirty, but only because nothing honest stands
# far out here: in *vertical*, where honest points do, it found almost none of the bad ones.)
#
# Start small, with two.

# %% tags=["figure"]
beside_it = Prediction(
    "Point 11 is alone, far out. A second outlier comes and lies down beside it. What "
    "becomes of point 11's distance?",
    ["twice as much", "about the same", "half", "less than a tenth"],
)
beside_it

# %%
pair_x, pair_y = own_sets["masked pair"]


def with_companion(apart):  # point 10, so far from point 11
    x, y = pair_x.copy(), pair_y.copy()
    x[9] = 16.4 - apart
    y[9] = np.interp(apart, [0.4, 12], [4.0, 5.0])  # at the left it is one of the cloud
    return x, y, influence(x, y).cooks_distance


approach = {apart: with_companion(apart) for apart in [12, 9, 6, 4, 2, 0.4]}
D_first = {apart: D[10] for apart, (_, _, D) in approach.items()}
alone = influence(np.delete(pair_x, 9), np.delete(pair_y, 9)).cooks_distance[9]
D = approach[0.4][2]
largest = np.argsort(-D)[:4]
print(f"point 11 without point 10: {alone:.2f}")
print("side by side:", ", ".join(f"point {i + 1} {D[i]:.2f}" for i in largest))

# %% tags=["figure"]
frames, captions = [], []
for apart, (x, y, D) in approach.items():
    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 4.2), width_ratios=[1.4, 1])
    left.scatter(x, y, s=30 + 150 * D.clip(max=4), alpha=0.7)
    left.axline((0, np.polyval(np.polyfit(x, y, 1), 0)), slope=np.polyfit(x, y, 1)[0])
    left.set(xlabel="x", ylabel="y", xlim=(0, 18), ylim=(2, 9))
    right.bar(range(1, 12), D)
    right.set(xlabel="point", ylabel="Cook's distance", xticks=range(1, 12), ylim=(0, 18))
    frames.append(figure)
    captions.append(
        f"point 10 is {apart} from point 11: distances {D[9]:.2f} and {D[10]:.2f}"
    )
FramePlayer(frames, captions, label="second outlier")

# %% tags=["figure"]
sizes = dict(zip(beside_it.options, [2, 1, 0.5, 0.05]))
left_of_it = D_first[0.4] / alone
beside_it.reveal(min(sizes, key=lambda size: abs(np.log(sizes[size] / left_of_it))))

# %% [markdown]
# Alone, point 11 turns the line, and has an enormous distance. With a companion at its side, remove
# one, and the other still holds the line. They **mask** each other. Sort the distances, and the two
# still come first; but they no longer leave the rest behind. With thirty, even the order is lost.
#
# **A cure: leave two out.** For each *pair* of points, fit without both. (For groups of unknown
# size this soon becomes too many fits.)

# %%
from itertools import combinations


def pair_distances(x, y):
    X = np.column_stack([np.ones(len(y)), x])
    fitted = X @ fit_line(X, y)
    s_squared = np.square(y - fitted).sum() / (len(y) - 2)
    distances = {}
    for pair in combinations(range(len(y)), 2):
        beta = fit_line(np.delete(X, pair, axis=0), np.delete(y, pair))
        distances[pair] = np.square(fitted - X @ beta).sum() / (2 * s_squared)
    return distances


ratio = {}
for name in ["masked pair", "clean cloud"]:
    pairs = pair_distances(*own_sets[name])
    single = influence(*own_sets[name]).cooks_distance
    best = max(pairs, key=pairs.get)
    ratio[name] = pairs[best] / single.max()
    points = f"{best[0] + 1} and {best[1] + 1}"
    print(f"{name}: largest distance {single.max():.2f}, point {single.argmax() + 1};")
    print(f"    largest of a pair {pairs[best]:.2f}, points {points}")

# %%
claim(
    "C28f",
    "Masking: the distance of point 11, over what it is without its companion",
    D_first[0.4] / alone,
    kind="experiment",
    at_most=0.1,
    control=("the companion 9 away", D_first[9] / alone),
)
claim(
    "C28g",
    "A cure, leaving two out: the pair's distance over the largest single one",
    ratio["masked pair"],
    kind="experiment",
    at_least=20,
    control=("clean cloud", ratio["clean cloud"]),
)
# %%
claim(
    "C28h",
    "In a cluster of thirty, Cook's distance is behind a robust fit's residual, ROC-AUC",
    score_of("robust residual", "cluster") - score_of("Cook's distance", "cluster"),
    kind="experiment",
    at_least=0.2,
    control=(
        "in the kind leverage",
        score_of("robust residual", "leverage") - score_of("Cook's distance", "leverage"),
    ),
)

# %% [markdown]
# ## 7 · Where it breaks
#
# - **Masking** (section 6): a group hides its members. Fit robustly, or leave out groups.
# - **Rank, not verdict** (section 4), and relative to the noise (set III): where everything else is
#   nearly perfect, even a small flaw has a large distance.
# - **One model**: $D$ asks what holds *this* line. In Anscombe's set II the largest distance
#   points at an end of a perfect parabola; it is the model that is wrong, not the point.
# - **Leverage 1** (set IV): undefined.
# - **Our contest**: four kinds of outliers that we made up, in one numerical predictor, at 5 and
#   15 %. Other shares and more dimensions can change the order.
#
# ## 8 · Try it
#
# 1. In the widget's *clean cloud*: with one point, make $D>1$ with the smallest drag that you can.
#    Which point, and in which direction?
# 2. Set II: drag point 6 onto the *dashed* line. Whose distance grows most, and why?
#    (Two things change: $s^2$, and the line.)
# 3. `planted("cluster", bad=4)` plants twelve, and Cook's distance still ranks them first. Raise
#    `bad`: when is its ROC-AUC down at 0.5? And when does RANSAC break?
# 4. Drop the District of Columbia from the crime data and fit again (the columns of x: urban,
#    poverty, hs_grad, single). Which coefficient changes its sign? Can you tell it from zero then?
# 5. Show that $\sum_i h_i=p$. (The trace of a projection.)
#
# ## 9 · Summary
#
# - Cook's distance: how far all fitted values move without a point, in units of $p\,s^2$.
# - One fit is enough: $D=\frac{r^2}{p}\frac{h}{1-h}$. It needs leverage *and* residual.
# - The change of the residual sum of squares is another statistic, $r^2$, blind to leverage.
# - A baseline for finding outliers: good for single bad rows (in our contest no better than the
#   studentised residual), nearly blind for a group at one place.
# - A flagged point is a question, not an answer.

# %% tags=["figure"]
PredictionCount(half_the_pull, tells_apart, flags_clean, worst, beside_it)

# %% [markdown]
# **Glossary**
#
# | English | 中文 | here |
# |---|---|---|
# | Cook's distance | 库克距离 | $D_i$, how far all fitted values move without point $i$ |
# | leverage | 杠杆值 | $h_i$, how much a fitted value follows its own $y$ |
# | hat matrix | 帽子矩阵 | $H$, from $y$ to $\hat y$ |
# | residual | 残差 | $e_i=y_i-\hat y_i$ |
# | studentised residual | 学生化残差 | residual over its own standard error |
# | influence | 影响 | what changes when a point leaves |
# | outlier | 离群点 | a row that another process made |
# | masking | 掩盖效应 | outliers that hide one another |
# | robust regression | 稳健回归 | a fit that a few bad rows can't move |
# | residual sum of squares (RSS) | 残差平方和 | $\sum_i e_i^2$ |
#
# **References**
#
# - R. D. Cook (1977), *Detection of influential observation in linear regression*,
#   Technometrics 19, 15–18, doi:10.1080/00401706.1977.10489493.
# - F. J. Anscombe (1973), *Graphs in statistical analysis*, The American Statistician 27,
#   17–21, doi:10.1080/00031305.1973.10478966.
# - D. A. Belsley, E. Kuh and R. E. Welsch (1980), *Regression diagnostics*, Wiley,
#   doi:10.1002/0471725153 (DFFITS).
# - B. Efron, T. Hastie, I. Johnstone and R. Tibshirani (2004), *Least angle regression*, Annals of
#   Statistics 32, 407–499, doi:10.1214/009053604000000067 (the diabetes data).
# - Crime data: United States Statistical Abstract and American Community Survey, 2009, as
#   collected in statsmodels (`statecrime`).
# - J. W. Longley (1967), *An appraisal of least squares programs for the electronic computer
#   from the point of view of the user*, Journal of the American Statistical Association 62,
#   819–841, doi:10.1080/01621459.1967.10500896.
# - K. A. Brownlee (1965), *Statistical theory and methodology in science and engineering*, 2nd
#   edition, Wiley (stack loss).
# - F. T. Liu, K. M. Ting and Z.-H. Zhou (2008), *Isolation forest*, ICDM, 413–422,
#   doi:10.1109/ICDM.2008.17.
# - M. A. Fischler and R. C. Bolles (1981), *Random sample consensus*, Communications of the ACM
#   24, 381–395, doi:10.1145/358669.358692.
