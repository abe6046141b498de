"""A straight line from the features of a score to what is played, from which XMVAE's network begins; no program of its
own. `xmvae_network.py` has its layer, `xmvae_torch.py` fits it before a run.

The line is fitted by ridge regression in one go, and stays: a network that learns from windows of a few performances at
a time takes long to find what the least squares of all performances say at once.
"""

import numpy as np
import torch

# A performance's mean counts as so many notes, beside its notes' differences from it: between performances there is
# much that the score does not say.
MEAN_COUNTS = 4.0
# How strongly weights are pulled to nothing, in mean weights of a performance, the inputs' deviations being one.
PULL = 2.0
# Deviation of normal numbers over the mean of their sizes.
NORMAL = (np.pi / 2) ** 0.5
NOTE, METRIC = 1, 2


def scores(corpus, network):
    """Of each score and each column of what is played the inputs [rows, features], and what each of its performances
    has there [performances, rows], in eighths of the bins from the middle on, NaN where unknown. A beat's inputs are
    the means over its notes."""
    data = corpus.data
    first, step, bins = (numbers.double().numpy() for numbers in (network.firsts, network.steps, network.bins))
    first, step = first + step * (bins - 1) / 2, step * bins / 8
    performances = [[] for _ in corpus.scores.spans]
    for k, score in enumerate(data["score"]):
        performances[score].append(k)
    for (begin, end), played in zip(corpus.scores.spans, performances):
        if not played:
            continue
        family = corpus.tokens[begin:end, 0]
        note, metric = family == NOTE, family == METRIC
        rows = data["features"][begin:end][note].astype(np.float32)
        counts = np.bincount((np.cumsum(metric) - 1)[note], minlength=metric.sum())
        has_notes = counts > 0
        firsts = np.concatenate([[0], np.cumsum(counts)])[:-1][has_notes]
        of_beats = np.add.reduceat(rows, firsts) / counts[has_notes, None].astype(np.float32)
        values = np.stack([data["values"][at : at + end - begin] for at in data["performance_starts"][played]])
        for column in range(len(first)):
            found = values[:, metric, 0][:, has_notes] if column == 0 else values[:, note, column]
            # The outermost bins have what is beyond them.
            found = ((found - first[column]) / step[column]).clip(-4, 4)
            yield column, of_beats if column == 0 else rows, found


def fit(network, corpus):
    """Fits the line, and its deviations to what it leaves. A performance counts as much as the root of its notes, as
    where windows are drawn."""
    line, width = network.line, corpus.features
    sums = [dict(xx=np.zeros((width, width)), xy=np.zeros(width), weight=0.0, means=[]) for _ in line.names]
    for column, x, y in scores(corpus, network):
        known = ~np.isnan(y)
        heard = known.sum(1) > 1
        y, known = y[heard], known[heard]
        if not len(y):
            continue
        weights = known.sum(1)[:, None] ** -0.5
        middle, levels = x.mean(0), np.nanmean(y, 1)
        x, off = x - middle, np.where(known, y - levels[:, None], 0.0)
        share, of = (weights * known).sum(0), sums[column]
        of["xx"] += (x * share[:, None].astype(np.float32)).T @ x
        of["xy"] += x.T @ (weights * off).sum(0).astype(np.float32)
        of["weight"] += share.sum()
        of["means"] += [(middle, level) for level in levels]
    for column, of in enumerate(sums):
        x, y = (np.array(part, np.float64) for part in zip(*of["means"]))
        middle, level = x.mean(0), y.mean()
        x, y = x - middle, y - level
        xx, xy = of["xx"] + MEAN_COUNTS * x.T @ x, of["xy"] + MEAN_COUNTS * x.T @ y
        spread = np.sqrt(np.diag(xx) / of["weight"] + 1e-6)
        pull = PULL * of["weight"] / len(y)
        weight = np.linalg.solve(xx / np.outer(spread, spread) + pull * np.eye(width), xy / spread) / spread
        line.mean.weight.data[column] = torch.from_numpy(weight)
        line.mean.bias.data[column] = float(level - middle @ weight)
    line.deviation.data[:] = torch.tensor(left(network, corpus))


def left(network, corpus):
    """Logarithms of the deviations that the line leaves; says how well it tells each column."""
    weights, biases = (part.detach().numpy() for part in (network.line.mean.weight, network.line.mean.bias))
    sums, rs = np.zeros((len(biases), 2)), [[] for _ in biases]
    for column, x, y in scores(corpus, network):
        told = x @ weights[column] + biases[column]
        for values in y:
            known = ~np.isnan(values)
            count = known.sum()
            if count > 1:
                sums[column] += np.abs(values - told)[known].sum() * count**-0.5, count**0.5
                flat = min(told[known].std(), values[known].std()) < 1e-6
                rs[column].append(0.0 if flat else np.corrcoef(told[known], values[known])[0, 1])
    units = (network.steps * network.bins / 8).tolist()
    # Of the sizes of what is left, since a few notes that are far off say little of the others.
    deviations = NORMAL * sums[:, 0] / sums[:, 1]
    for name, unit, r, deviation in zip(network.line.names, units, rs, deviations):
        off = unit * deviation
        print(f"a line tells {name} with r {np.mean(r):.3f} within performances, {off:.3g} off", flush=True)
    # Half a bin at least, so that what is always the same is not told beyond its bin.
    return np.log(np.maximum(deviations, 4 / network.bins.numpy())).tolist()
