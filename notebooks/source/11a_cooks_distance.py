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
# # 11a · Cook's distance
#
# **Which point holds the line?**
#
# [Open in Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/11a_cooks_distance.ipynb) · [Open on Binder](https://mybinder.org/v2/gh/OWNER/latent-lessons/main?urlpath=lab/tree/notebooks/11a_cooks_distance.ipynb) ·
# 45 minutes to study, 5 seconds to run, no network needed
#
# **You will be able to**
#
# 1. measure by brute force how much one point holds a regression line;
# 2. derive the formula that needs one fit instead of $n$, and check it;
# 3. say what leverage, residual and influence have to do with one another;
# 4. judge a cut-off, and decide what to do with a flagged point.
#
# **Builds on** linear regression by least squares. No other lesson is needed. Lesson 11b asks
# whether a point that holds the line is an outlier.

# %%
import sys

if "google.colab" in sys.modules:  # on Colab, fetch the lessons' helper library
    get_ipython().system(
        "pip install -q --no-deps git+https://github.com/OWNER/latent-lessons"
    )
import lessons_lib

lessons_lib.start(seed=0, opening="11a")

# %%
import warnings

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
        f"line {intercept:.2f} + {slope:.2f} x, correlation {np.corrcoef(x, y)[0, 1]:.2f}"
    )

# %% [markdown]
# Anscombe (1973) made four sets of eleven points with the same means, line and correlation. **Predict first:** in which does a single point decide
# where the line goes?
#
# Choose a set, then drag points. The solid line is the fit; the dashed one is the fit *without*
# the chosen point.

# %% tags=["opening"]
DragRegression({f"Anscombe {name}": points for name, points in sets.items()})

# %% [markdown]
# To try: in set I, move point 3 about. Which bars follow its $x$, which its $y$? In set IV, move point 8 up and down: its distance is a question mark.
#
# ## 1 · Four steps by brute force
#
# Cook's recipe for point $i$: take its residual; fit again without it; see how far
# *all* fitted values move (squared, and summed); divide by $p\,s^2$. With $\hat y_{j(i)}$ the fitted value at point $j$ from the fit without point $i$:
#
# $$D_i=\frac{\sum_j(\hat y_j-\hat y_{j(i)})^2}{p\,s^2},\qquad s^2=\frac{\mathrm{RSS}}{n-p}.$$
#
# $p$ counts the parameters (two for a line: intercept and slope), $n$ the points, RSS is the
# residual sum of squares. So $s^2$ estimates the variance of the noise, and $p\,s^2$ the summed variance of the $n$ fitted
# values. $D_i$ is **Cook's distance** (Cook 1977).


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
# Largest: point 3 in I and III; in II points 6 and 8, the ends of a parabola.

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
    rss = [np.polyfit(x, heights, 1, full=True)[1][0] for heights in (y, moved)]
    return cooks_by_refits(x, moved)[2] / cooks_by_refits(x, y)[2], rss[1] / rss[0]


ratio = {}
for name in ["I", "III"]:
    ratio[name], s_squared = half_way(*sets[name])
    print(f"set {name:3}: distance {ratio[name]:.2f} times as large, s² {s_squared:.2f}")

# %% tags=["figure"]
sizes = {"a quarter": 0.25, "half": 0.5, "the same": 1, "twice as much": 2}
half_the_pull.reveal(min(sizes, key=lambda size: abs(sizes[size] - ratio["III"])))

# %%
claim(
    "C27j",
    "Set III, point 3 half-way down to the others' line: its distance over the old one",
    ratio["III"],
    kind="theorem",
    at_least=0.99,
    at_most=1.01,
    control=("the same in set I", ratio["I"]),
)

# %% [markdown]
# Half the pull, and in set III the same distance! Subtract the others' line from every $y$: no residual and no move
# changes, and only point 3's height over that line is left to pull the fit away from it. So at half the height every move halves, and their squares quarter, in both sets.
# But the ruler $s^2$ contains point 3's own residual. In set III it contains little else, and quarters too. In set I it is mostly the others' scatter.
#
# Cook's distance compares what a point does with the scatter around the line.
#
# ## 2 · One fit instead of $n$
#
# Must we really fit $n$ times?
#
# Write the fit with matrices. $X$ ($n\times p$) is the design, $\hat\beta=(X^\top X)^{-1}
# X^\top y$ the coefficients, and $\hat y=Hy$ with the **hat matrix** $H=X(X^\top X)^{-1}X^\top$:
# it puts the hat on $y$. Let $x_i$ be the $i$-th row of $X$, written as a column, and $A=X^\top X$.
# The diagonal entry $h_i=x_i^\top A^{-1}x_i$ of $H$ is the **leverage** of
# point $i$: by how much its fitted value moves when its own $y$ moves by one. With
# $e_i=y_i-\hat y_i$, with $\hat\beta_{(i)}$ the coefficients without point $i$, and if $h_i<1$:
#
# 1. Without point $i$, $X^\top X$ loses $x_ix_i^\top$. Its inverse (Bartlett 1951) is
#    $$(A-x_ix_i^\top)^{-1}=A^{-1}+\frac{A^{-1}x_ix_i^\top A^{-1}}{1-h_i}.$$
#    Why? Multiply it by $A-x_ix_i^\top$ (in the last term, $x_i^\top A^{-1}x_i=h_i$):
#    $$I+\frac{x_ix_i^\top A^{-1}}{1-h_i}-x_ix_i^\top A^{-1}-\frac{h_i\,x_ix_i^\top A^{-1}}{1-h_i}=I+\frac{1-(1-h_i)-h_i}{1-h_i}\,x_ix_i^\top A^{-1}=I.$$
# 2. Likewise $X^\top y$ loses $x_iy_i$. Multiply the two, with $A^{-1}X^\top y=\hat\beta$,
#    $x_i^\top\hat\beta=\hat y_i$ and $x_i^\top A^{-1}x_i=h_i$:
#    $$\hat\beta_{(i)}=\hat\beta-A^{-1}x_iy_i+A^{-1}x_i\frac{\hat y_i-h_iy_i}{1-h_i}.$$
#    Put the last two terms over $1-h_i$; there $h_iy_i$ cancels, and $y_i-\hat y_i=e_i$ is left:
#    $$\hat\beta-\hat\beta_{(i)}=\frac{A^{-1}x_i\,e_i}{1-h_i}.$$
# 3. Multiply by $X$: the fitted values move by
#    $\hat y-\hat y_{(i)}=X A^{-1}x_i\,e_i/(1-h_i)$.
# 4. Its squared length: $x_i^\top A^{-1}X^\top XA^{-1}x_i=x_i^\top A^{-1}x_i=h_i$, so
#    $$\lVert\hat y-\hat y_{(i)}\rVert^2=\frac{h_i\,e_i^2}{(1-h_i)^2}.$$
# 5. Divide by $p\,s^2$, and write $r_i=e_i/(s\sqrt{1-h_i})$, the (internally) **studentised residual**. ($e=(I-H)y$, and $H$ is a projection, symmetric with $HH=H$; so $\mathrm{Var}(e)=\sigma^2(I-H)$, with $\sigma^2$ the variance of the noise.)
#    $$D_i=\frac{e_i^2}{p\,s^2}\,\frac{h_i}{(1-h_i)^2}=\frac{r_i^2}{p}\,\frac{h_i}{1-h_i}.$$
#
# Check:

# %%
x, y = sets["I"]
X = np.column_stack([np.ones(11), x])
A_inverse = np.linalg.inv(X.T @ X)
H = X @ A_inverse @ X.T
h, e = np.diag(H), y - H @ y
i = 2
x_i, beta_moves = X[i], A_inverse @ X[i] * e[i] / (1 - h[i])  # right side of line 2
right_of_1 = A_inverse + np.outer(A_inverse @ x_i, x_i @ A_inverse) / (1 - h[i])
moved = fit_line(X, y) - fit_line(np.delete(X, i, axis=0), np.delete(y, i))  # by a refit
lines = {  # of each line of the derivation: left minus right
    "1": np.linalg.inv(X.T @ X - np.outer(x_i, x_i)) - right_of_1,
    "2": moved - beta_moves,
    "4": np.square(X @ moved).sum() - h[i] * e[i] ** 2 / (1 - h[i]) ** 2,
}
by_e = e**2 * h / (2 * (e @ e / 9))  # line 5 lacks (1 − h)²; n − p is 9
lines["5"] = cooks_by_refits(x, y) - by_e / (1 - h) ** 2
for title, difference in lines.items():
    print(f"line {title}: left minus right at most {np.abs(difference).max():.0e}")

# %% [markdown]
# From here on the library's `influence` does it. It must agree with `statsmodels`. Four real sets (see section 4):

# %%
from sklearn.datasets import load_diabetes
from statsmodels.datasets import longley, stackloss, statecrime
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.outliers_influence import OLSInfluence

modules, real, ours = {"stack loss": stackloss, "Longley": longley}, {}, {}
for name, module in (modules | {"crime": statecrime}).items():
    table = module.load()
    real[name] = np.asarray(table.exog, dtype=float), np.asarray(table.endog, dtype=float)
states = list(table.exog.index)
real["diabetes"] = load_diabetes(return_X_y=True)
for name, (x, y) in real.items():
    X = np.column_stack([np.ones(len(y)), x])
    ours[name] = influence(x, y)
    theirs = OLSInfluence(OLS(y, X).fit()).cooks_distance[0]
    off = np.abs(ours[name].cooks_distance / theirs - 1).max()
    print(f"{name:11} {len(y):3d} rows, p = {X.shape[1]:2d}: off by {off:.0e} of it")

# %% [markdown]
# Longley's columns are almost dependent: there programs differ in the last digits.
#
# ## 3 · A point far out

# %% tags=["figure"]
far_out = Prediction(
    "Nine points scatter around a line. A tenth stands far out, exactly on the line of "
    "the nine. Which is large?",
    ["leverage and distance", "leverage only", "distance only", "neither"],
)
far_out

# %%
base_x = np.linspace(0, 4, 9)
base_y = 1 + base_x + 0.3 * np.sin(5 * base_x)
on_line = np.polyval(np.polyfit(base_x, base_y, 1), 12)
lifted = {
    lift: influence(np.r_[base_x, 12], np.r_[base_y, on_line + lift])
    for lift in [0, 0.5, 1, 2, 4]
}
for lift, fit in lifted.items():
    h, D = fit.leverage[9], fit.cooks_distance[9]
    print(f"point 10 lifted by {lift}: leverage {h:.2f}, distance {D:.2f}")

# %% tags=["figure"]
far_out.reveal(
    "leverage only" if lifted[0].cooks_distance[9] < 0.01 else "leverage and distance"
)


# %% tags=["figure"]
def label(ax, text, place, area, taken):  # where the fewest of the taken pixels are
    away, notes = 5 + np.sqrt(area / np.pi), {}
    for side in (1, -1):
        for up in (0, 12, -12, 24, -24, 36, -36):
            note = ax.annotate(
                text,
                place,
                xytext=(side * away, up),
                textcoords="offset points",
                ha="left" if side == 1 else "right",
                va="center",
                clip_on=True,
            )
            box = note.get_window_extent()
            inside = ax.get_window_extent().count_contains(box.corners())
            hits = box.expanded(1.04, 1.2).count_contains(np.vstack(taken))
            notes[note] = hits + 1000 * (4 - inside), len(notes)
    best = min(notes, key=notes.get)
    for note in notes:
        if note is not best:
            note.remove()
    box = best.get_window_extent()
    taken.append(
        np.stack(np.meshgrid(*np.linspace(box.min, box.max, 9).T), -1).reshape(-1, 2)
    )


# %% tags=["figure"]
def influence_plot(fit, names, ax, title, rows=None, right=None, top=None):
    h, r, D = fit.leverage, fit.internally_studentised, fit.cooks_distance
    area = 20 + 600 * np.minimum(np.nan_to_num(D), 1.5)  # beyond 1.5 no larger
    ax.scatter(h, r, s=area, alpha=0.6, color=plotting.COLOURS[0], zorder=2)
    right, top = right or min(1.15 * h.max(), 1), top or 1.9 * np.abs(r).max()
    ax.set(xlabel="leverage $h$", ylabel="studentised residual $r$", title=title)
    ax.set(xlim=(0, right), ylim=(-top, top))
    grid = np.linspace(0.002, right, 2000)
    taken = [ax.transData.transform(np.column_stack([h, r]))]
    for level, style in [(0.5, "--"), (1, "-")]:
        height = np.sqrt(level * fit.parameters * (1 - grid) / grid)
        line = {"ls": style, "lw": 2, "color": plotting.COLOURS[6], "zorder": 1}
        ax.plot(grid, height, label=f"$D$ = {level}", **line)
        ax.plot(grid, -height, **line)
        for side in (height, -height):
            taken.append(ax.transData.transform(np.column_stack([grid, side])))
    for i in np.argsort(-D)[:3] if rows is None else rows:
        label(ax, names[i], (h[i], r[i]), area[i], taken)
    ax.legend(loc="upper right", ncols=2, frameon=True, framealpha=1, edgecolor="none")


# %% tags=["figure"]
frames, captions = [], []
for lift, fit in lifted.items():
    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 4.8))
    area = 20 + 600 * np.minimum(fit.cooks_distance, 1.5)
    x, y = np.r_[base_x, 12], np.r_[base_y, on_line + lift]
    left.axline(
        (0, fit.coefficients[0]), slope=fit.coefficients[1], zorder=1, label="line"
    )
    slope, intercept = np.polyfit(base_x, base_y, 1)
    dashed = {"ls": "--", "color": plotting.COLOURS[2], "label": "without point 10"}
    left.axline((0, intercept), slope=slope, zorder=1, **dashed)
    left.scatter(x, y, s=area, color=plotting.COLOURS[0], alpha=0.6, zorder=2)
    left.text(12, on_line - 3.4, "point 10", ha="center")
    left.set(xlabel="x", ylabel="y", xlim=(-1, 13.9), ylim=(-1, 19), title="the fit")
    left.legend(loc="upper left")
    influence_plot(fit, ["point 10"] * 10, right, "influence plot", [9], 1, 5)
    frames.append(figure)
    h, D = fit.leverage[9], fit.cooks_distance[9]
    captions.append(f"point 10 lifted by {lift}: leverage {h:.2f}, distance {D:.2f}")
FramePlayer(frames, captions, label="lift", start=2)

# %% [markdown]
# **Leverage is not influence**: $D=\frac{r^2}{p}\frac{h}{1-h}$ needs both factors. In the influence plot equal distances lie on a funnel, $r=\pm\sqrt{pD(1-h)/h}$: the farther right, the smaller a
# residual is enough. (A marker's area grows with $D$, up to 1.5.) In the widget above: drag point 3 of set I onto the dashed line, then along it.

# %%
claim(
    "C27f",
    "Point 10, leverage 0.87, on the line of the others: its distance",
    lifted[0].cooks_distance[9],
    kind="theorem",
    at_most=0.001,
    control=("the same point lifted by 1", lifted[1].cooks_distance[9]),
)

# %%
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    four = influence(*sets["IV"])
print("warning:", said[0].message)
print("leverages:       ", four.leverage.round(3))
print("Cook's distances:", four.cooks_distance.round(3))

# %% [markdown]
# With leverage 1 the line passes through the point whatever its $y$: $e=0$, $1-h=0$, and
# $D=0/0$, *undefined*: without the point, no slope can be fitted at all.
#
# ### The notes' third step
#
# The lecture notes behind this lesson measure, in place of the change of all fitted
# values, that of the residual sum of squares,
# $(\mathrm{RSS}-\mathrm{RSS}_{(i)})/s^2$, with $\mathrm{RSS}_{(i)}$ from the fit without row $i$.
# And they say: the larger $h$, the more influence. That fails at lift 0 (C27f). About the first:

# %% tags=["figure"]
tells_apart = Prediction(
    "Two points have the same studentised residual, one in the middle, one far out. "
    "Which statistic tells them apart?",
    ["the notes' change of RSS", "Cook's distance", "both", "neither"],
)
tells_apart

# %% [markdown]
# What is the notes' statistic? Without row $i$ all residuals change by the moves of line 3. To these $e$ is orthogonal: by Pythagoras the
# squares sum to RSS plus line 4. Row $i$'s own residual is now $e_i+h_ie_i/(1-h_i)=e_i/(1-h_i)$; take its square away:
#
# $$\mathrm{RSS}_{(i)}=\mathrm{RSS}+\frac{h_ie_i^2}{(1-h_i)^2}-\frac{e_i^2}{(1-h_i)^2}=\mathrm{RSS}-\frac{e_i^2}{1-h_i},\qquad\frac{\mathrm{RSS}-\mathrm{RSS}_{(i)}}{s^2}=r_i^2.$$
#
# Of the diabetes patients with $r^2$ near 2, those of the least and of the largest leverage:

# %%
fit = ours["diabetes"]
r_squared, h, D = fit.internally_studentised**2, fit.leverage, fit.cooks_distance
near = np.flatnonzero(np.abs(r_squared - 2) < 0.1)
one, other = near[h[near].argmin()], near[h[near].argmax()]
for i in (one, other):
    print(f"patient {i + 1}: r² {r_squared[i]:.3f}, leverage {h[i]:.3f}, D {D[i]:.4f}")

# %% tags=["figure"]
by = {"the notes' change of RSS": r_squared, "Cook's distance": D}
telling = [name for name, values in by.items() if values[other] > 1.5 * values[one]]
tells_apart.reveal((telling or ["neither"])[0] if len(telling) < 2 else "both")

# %% [markdown]
# Fit half of the patients. Whose leaving moves the predictions for *others* most? With $X_o$ their design, by line 2 the squares sum to
# $\frac{e_i^2}{(1-h_i)^2}\,x_i^\top A^{-1}X_o^\top X_oA^{-1}x_i$. For a random half $X_o^\top X_o$ is nearly $A$, which gives line 4: $D$ must do well. So we also take the oldest, and a single person. Shares named, of the 20 who move most:

# %%
x, y = real["diabetes"]
X, named = np.column_stack([np.ones(442), x]), {}
for _ in range(20):
    mine, others = np.split(random.permutation(442), 2)
    fit, A = influence(x[mine], y[mine]), X[mine].T @ X[mine]
    moves = (X[mine].T * (fit.residuals / (1 - fit.leverage))).T @ np.linalg.inv(A)
    scores = {"D": fit.cooks_distance, "r²": fit.internally_studentised**2}
    oldest = others[np.argsort(x[others, 0])[-55:]]  # column 0 is age
    targets = {"other half": others, "its oldest quarter": oldest, "one": others[:1]}
    for target, people in targets.items():
        most = np.argsort(np.square(moves @ X[people].T).sum(axis=1))[-20:]
        for name, score in scores.items():
            share = np.isin(most, np.argsort(score)[-20:]).mean()
            named.setdefault((target, name), []).append(share)
named = {key: np.mean(shares) for key, shares in named.items()}
for target in targets:
    print(f"{target:18}", *(f"  {name} {named[target, name]:.2f}" for name in scores))
lead = {target: named[target, "D"] - named[target, "r²"] for target in targets}

# %%
claim(
    "C27l",
    "Of the 20 patients whose leaving moves the oldest's predictions most, Cook's "
    "distance names a larger share than the notes' statistic, by",
    lead["its oldest quarter"],
    kind="experiment",
    at_least=0.1,
    control=("one person's prediction", lead["one"]),
)

# %% [markdown]
# The notes' statistic asks: is this $y$ odd for its $x$? It is blind to
# leverage. But $D$ sums over all: for one person's prediction it is hardly better than $r^2$.
#
# ## 4 · Real data
#
# *Stack loss* (Brownlee): ammonia that a plant lost on 21 days, from three settings. *Longley* (1967): US employment 1947 to 1962 from six yearly columns, one of them the year; Cook's own example. *Crime* (2009):
# murders per 100,000 in the 50 US states and the District of Columbia, from the shares of city
# dwellers, the poor, high-school graduates and single-parent households. *Diabetes*: the
# illness of 442 patients after a year.

# %% tags=["figure"]
stands_out = Prediction(
    "Crime: one of the 51 rows leaves all others behind. Which?",
    ["California", "District of Columbia", "Louisiana", "Vermont"],
)
stands_out

# %%
D = ours["crime"].cooks_distance
for i in np.argsort(-D)[:3]:
    print(f"{states[i]}: {D[i]:.2f}")

# %% tags=["figure"]
stands_out.reveal(states[np.argmax(ours["crime"].cooks_distance)])

# %% tags=["figure"]
row_names = {"crime": states, "stack loss": [f"day {i}" for i in range(1, 22)]}
row_names["Longley"] = [f"{year:.0f}" for year in real["Longley"][0][:, -1]]
row_names["diabetes"] = [f"no. {i}" for i in range(1, 443)]
frames, captions = [], []
for name, fit in ours.items():
    figure, ax = plt.subplots(figsize=(10, 5))
    influence_plot(fit, row_names[name], ax, name)
    frames.append(figure)
    D, n = fit.cooks_distance.max(), len(fit.residuals)
    captions.append(f"{name}: {n} rows, largest distance {D:.2f}")
FramePlayer(frames, captions, label="data", start=2)

# %% [markdown]
# How large is large? Three cut-offs are in use. Two are rules of thumb: **4/n** (a usual $D$ is about $1/n$: take $r^2=1$,
# $h=p/n$), and plainly **1**. Cook compared $D$ with the F distribution; from that comes the third, **the median of F** with $p$ and $n-p$
# degrees of freedom. With normal noise, the confidence region of the coefficients at a level $\gamma$ is an ellipsoid around $\hat\beta$, with $F_\gamma$ the $\gamma$-quantile of that distribution:
#
# $$\{b:\ (b-\hat\beta)^\top X^\top X\,(b-\hat\beta)\le p\,s^2F_\gamma\}.$$
#
# With $b=\hat\beta_{(i)}$ the left side over $p\,s^2$ is $D_i$. So $D_i>F_{0.5}$ says: leaving point $i$ out carries the
# coefficients out of their own 50 % region. (The region is a ruler; $D_i$ does not follow that distribution.)

# %% tags=["figure"]
flags_clean = Prediction(
    "A hundred points, a line and normal noise, no outlier. Which cut-off flags more "
    "than one row in a hundred?",
    ["4/n", "the median of F", "both", "neither"],
)
flags_clean

# %%
from scipy.stats import f as f_distribution

print("rows flagged            D > 4/n    D > median of F(p, n − p)    D > 1")
for name, fit in ours.items():
    n, p, D = len(fit.residuals), fit.parameters, fit.cooks_distance
    counts = [(D > limit).sum() for limit in (4 / n, f_distribution.median(p, n - p), 1)]
    print("{:20} {:8d} {:20d} {:16d}".format(name, *counts))
limits = {"4/n": 4 / 100, "the median of F": f_distribution.median(2, 98)}
flagged, caught = [], []
for _ in range(200):
    x, noise = random.normal(size=(2, 100))
    D = influence(x, x + noise).cooks_distance  # clean: nothing planted
    flagged.append([(D > limit).mean() for limit in limits.values()])
    x[0], noise[0] = 2, noise[0] + 4  # one row planted
    D = influence(x, x + noise).cooks_distance
    caught.append([*(D[0] > limit for limit in limits.values()), D[0] == D.max()])
shares = dict(zip(limits, np.mean(flagged, axis=0)))
caught = dict(zip([*limits, "largest of all"], np.mean(caught, axis=0)))
for name, share in (shares | {"largest of all": 0.01}).items():
    print(f"{name}: {share:.2%} of clean rows, the planted one in {caught[name]:.0%}")

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
claim(
    "C27m",
    "One row of 100, at x = 2, is planted 4 standard deviations of the noise off: share "
    "of draws in which the median of F flags it",
    caught["the median of F"],
    kind="experiment",
    at_most=0.25,
    control=("cut-off: 4/n", caught["4/n"]),
)

# %% [markdown]
# The District of Columbia is a city among states: leverage *and* residual. In stack loss, day 21 leaves the rest behind, though below 1 and the median of
# F. One cut-off cries wolf, the other sleeps; but the planted row was nearly always the largest. So sort by $D$, and look where the largest leaves the rest behind.
#
# **What to do with a flagged point.** Look at it (a typing error? another unit?). Ask those who
# collected it. Report both fits. Never delete by rule: it may be the only point that tells the truth.
#
# ## 5 · Where it breaks
#
# - If all else is nearly perfect, **a small flaw** has a large distance (set III). With leverage 1, none at all (set IV).
# - **One model**: in set II the largest distances point at the ends of a parabola; the model is wrong, not the point.
# - **One point at a time**: what two of them do together, lesson 11b asks.
#
# ## 6 · Try it
#
# 1. Anscombe I: make $D>1$ with the smallest drag that you can. Which point, which direction?
# 2. Drop the District of Columbia from the crime data and fit again (the columns of x: urban,
#    poverty, hs_grad, single). Which coefficient changes its sign? Can you tell it from zero then?
# 3. Show that $\sum_i h_i=p$. (The trace of a projection.)
#
# ## 7 · Summary

# %% tags=["figure"]
PredictionCount(half_the_pull, far_out, tells_apart, stands_out, flags_clean)

# %% [markdown]
# - Cook's distance: how far all fitted values move without a point, in units of $p\,s^2$.
# - One fit is enough: $D=\frac{r^2}{p}\frac{h}{1-h}$. It needs leverage *and* residual.
# - The change of the residual sum of squares is another statistic, $r^2$, blind to leverage.
# - A flagged point is a question, not an answer.
#
# **Glossary**
#
# | English | 中文 | here |
# |---|---|---|
# | Cook's distance | 库克距离 | $D_i$, how far all fitted values move without point $i$ |
# | leverage | 杠杆值 | $h_i$, how much a fitted value follows its own $y$ |
# | hat matrix | 帽子矩阵 | $H$, from $y$ to $\hat y$ |
# | residual | 残差 | $e_i=y_i-\hat y_i$ |
# | (internally) studentised residual | 学生化残差 | residual over its own standard error |
# | influence | 影响 | what changes when a point leaves |
# | residual sum of squares (RSS) | 残差平方和 | $\sum_i e_i^2$ |
# | confidence region | 置信域 | coefficients that the data do not rule out |
#
# **References**
#
# - R. D. Cook (1977), *Detection of influential observation in linear regression*,
#   Technometrics 19, 15–18, doi:10.1080/00401706.1977.10489493.
# - F. J. Anscombe (1973), *Graphs in statistical analysis*, The American Statistician 27,
#   17–21, doi:10.1080/00031305.1973.10478966.
# - M. S. Bartlett (1951), *An inverse matrix adjustment arising in discriminant analysis*, Annals of Mathematical Statistics 22, 107–111,
#   doi:10.1214/aoms/1177729698.
# - B. Efron, T. Hastie, I. Johnstone and R. Tibshirani (2004), *Least angle regression*, Annals of
#   Statistics 32, 407–499, doi:10.1214/009053604000000067 (the diabetes data).
# - Crime data: United States Statistical Abstract and American Community Survey, 2009, as
#   collected in statsmodels (`statecrime`).
# - J. W. Longley (1967), *An appraisal of least squares programs for the electronic computer
#   from the point of view of the user*, Journal of the American Statistical Association 62,
#   819–841, doi:10.1080/01621459.1967.10500896.
# - K. A. Brownlee (1965), *Statistical theory and methodology in science and engineering*, 2nd
#   edition, Wiley (stack loss).
