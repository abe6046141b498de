"""XMVAE in PyTorch: the twin that ours is checked against and trained with.

    python scripts/xmvae_torch.py fixture   # writes systems/xmvae/tests/fixtures/xmvae.json
    python scripts/xmvae_torch.py train --ecp DIR --out DIR [--from MODEL] [sizes]
    python scripts/xmvae_torch.py alike --ecp DIR --out DIR --steps N   # OUT/whole and both ablations
    python scripts/xmvae_torch.py bench MODEL   # notes a second that are read and played, the best of three runs

`espressivo data ecp` makes the pack. Weights are stored under Burn's names and in Burn's layout ([input, output] for
linear layers), so OUT/model is a model folder that the app reads. The network is in `xmvae_network.py`.

The loss is the sum of mean cross-entropies: of the five values that are played, of the four that are written and of
the beats' codes; beta times the KL of the manner, a window, over its notes, no number of it less than `free` nats;
and .25 times how far the composer's encoder is from its codes. Without windows of scores (`--scores 0`) it is what is
played alone. Half of the time a window is played in the manner of another one of the same performance, so that a
manner is one and no copy.
"""

import argparse
import json
import math
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from torch.nn import functional as F

import xmvae_line
from espressivo_torch import (
    ROOT, Run, add_options, fastest, fill_by_formula, read_model, rounded, size, write_model,
)
from xmvae_network import METRIC, NOTE, PERFORMANCE, SCALES, SCORE, SIZES, STACKS, Batch, Network

FIXTURES = ROOT / "systems" / "xmvae" / "tests" / "fixtures"
COMMITMENT = 0.25
# Sizes that can be chosen where a model is trained.
WIDTHS = {name: SIZES[name] for name in (
    "hidden", "heads", "head", "feed_forward", "code_width", "codes", "latent", "sub_hidden", "sub_heads",
    "sub_feed_forward", "sub_layers")}
PITCH = list(SCORE).index("pitch")
VELOCITY = list(PERFORMANCE).index("velocity")


def load_model(folder):
    network, config = read_model(folder, lambda config: Network(config["network"]))
    network.codebook.go_on()
    return network, config


COMPOSER = ("composer.", "composer_encoder.", "composer_decoder.", "codebook.", "score_sub.")


def with_composer(network, folder):
    """The network with what writes from a model, which has to be of its sizes."""
    state = {n: t for n, t in load_model(folder)[0].state_dict().items() if n.startswith(COMPOSER)}
    found = network.load_state_dict(state, strict=False)
    missing = [name for name in found.missing_keys if name.startswith(COMPOSER)]
    if missing or found.unexpected_keys:
        raise SystemExit(f"{folder} writes with another network: {[*missing, *found.unexpected_keys][:3]}")
    network.codebook.go_on()
    return network


class Windows:
    """Windows of pieces that lie in a table of steps, the piece of each being drawn by the square root of its notes.
    A window begins at a beat and has as many whole beats as have at most `window` notes and `steps` steps."""

    def __init__(self, tokens, spans, c):
        self.spans, self.places, self.shares = spans, [], []
        for first, end in spans:
            family = tokens[first:end, 0]
            notes = np.concatenate([[0], np.cumsum(family == NOTE)])
            edges = np.append(np.nonzero(family == METRIC)[0], end - first)
            read = notes[edges]
            last = np.minimum(np.searchsorted(read, read[:-1] + c["window"], "right"),
                              np.searchsorted(edges, edges[:-1] + c["steps"], "right")) - 1
            last = np.maximum(last, np.arange(len(last)) + 1)
            ends = np.minimum(edges[last], edges[:-1] + c["steps"])
            # The first window that reaches the end is the last one, so that none is short that need not be.
            count = int(np.searchsorted(ends, end - first)) + 1
            self.places.append(np.stack([edges[:-1], ends], 1)[:count])
            self.shares.append(math.sqrt(notes[-1]) if len(last) else 0.0)
        self.shares = np.array(self.shares) / np.sum(self.shares)

    def piece(self, random):
        return int(random.choice(len(self.spans), p=self.shares))

    def of(self, piece, random):
        """Where a window of a piece begins and ends in the piece, and whether it ends with it."""
        begin, end = self.places[piece][random.integers(len(self.places[piece]))]
        return int(begin), int(end), int(end) == self.spans[piece][1] - self.spans[piece][0]


def stacked(parts, fill):
    """Parts of different length as one table, padded."""
    table = np.full((len(parts), max(map(len, parts)), parts[0].shape[1]), fill, parts[0].dtype)
    for row, part in zip(table, parts):
        row[:len(part)] = part
    return torch.from_numpy(table)


class Pack:
    """What `espressivo data ecp` wrote of scores and, perhaps, performances of them, drawn from in windows."""

    POOL = 8

    def __init__(self, path, c=None):
        with safe_open(path, "numpy") as file:
            self.data = {name: file.get_tensor(name) for name in file.keys()}
            self.schema = (file.metadata() or {}).get("schema", "")
        self.tokens = self.data["score_tokens"]
        self.features = self.data["features"].shape[1] if "features" in self.data else None
        self.pool = (None, None)
        if c is not None:
            self.cut(c)

    def cut(self, c):
        starts = self.data["score_starts"].astype(np.int64)
        scores = np.stack([starts[:-1], starts[1:]], 1)
        self.scores = Windows(self.tokens, scores, c)
        if "score" in self.data:
            self.performances = Windows(self.tokens, scores[self.data["score"]], c)

    def drawn(self, key, batch, make):
        """A batch of things that are made by a generator of random numbers. Neighbouring steps share a pool, sorted
        by length so that there is little padding; it depends on the seed and the step alone."""
        seed, step, what = key
        pool, place = divmod(step, self.POOL)
        if self.pool[0] != (seed, pool, what, batch):
            random = np.random.default_rng([seed, pool, what])
            made = sorted((make(random) for _ in range(batch * self.POOL)), key=lambda one: one[0])
            order = random.permutation(self.POOL)
            self.pool = ((seed, pool, what, batch), [made[k * batch:(k + 1) * batch] for k in order])
        return self.pool[1][place]

    def played(self, seed, step, batch):
        """Windows of performances, two of each."""
        def pair(random):
            piece = self.performances.piece(random)
            windows = [self.performances.of(piece, random)[:2] for _ in range(2)]
            return max(end - begin for begin, end in windows), piece, windows

        scores, values, features = [], [], []
        for _, piece, windows in self.drawn((seed, step, 0), batch // 2, pair):
            written, heard = self.performances.spans[piece][0], int(self.data["performance_starts"][piece])
            for begin, end in windows:
                scores.append(self.tokens[written + begin:written + end])
                features.append(self.data["features"][written + begin:written + end])
                values.append(self.data["values"][heard + begin:heard + end])
        return Batch(stacked(scores, 0).long(), stacked(values, np.nan), stacked(features, 0).float())

    def written(self, random, turns):
        """A window of a score, transposed if it is to be: its length, its sub-tokens, whether it ends the piece."""
        piece = self.scores.piece(random)
        begin, end, is_end = self.scores.of(piece, random)
        first = self.scores.spans[piece][0]
        score = self.tokens[first + begin:first + end].astype(np.int64)
        notes = score[:, 0] == NOTE
        pitches = score[notes, PITCH]
        if turns and len(pitches):
            down, up = max(-6, 1 - pitches.min()), min(5, SCORE["pitch"] - 1 - pitches.max())
            score[notes, PITCH] += random.integers(down, up + 1)
        return end - begin, score, is_end


def scores_of(packs, seed, step, batch, turns=True):
    """Windows of the scores of the packs, as many of each."""
    windows = []
    for k, pack in enumerate(packs):
        share = batch // len(packs) + (k < batch % len(packs))
        random = np.random.default_rng([seed, step, 1 + k])
        windows += [pack.written(random, turns) for _ in range(share)]
    _, scores, ends = zip(*windows)
    return Batch(stacked(scores, 0), ends=torch.tensor(ends))


def cross_entropies(say, rows, targets, is_counted=False):
    """Sum of the cross-entropy of each sub-token, over the rows [n, columns] where it is more than 0, how many those
    are, and how many were the likeliest, if it is counted. `say` gives the logits of a row, a column, and which of the
    n are wanted."""
    sums = []
    for column, row in enumerate(rows):
        known = targets[:, column] > 0
        logits, target = say(row[known], column, known), targets[known, column]
        right = int((logits.detach().argmax(-1) == target).sum()) if is_counted else 0
        sums.append((F.cross_entropy(logits, target, reduction="sum"), len(target), right))
    return sums


def performed(network, states, batch):
    """Of each performance value, what `cross_entropies` gives."""
    sub = network.performance_sub
    tokens = torch.stack([network.tokens(batch.values[..., k], k) for k in range(len(PERFORMANCE))], -1)
    notes, metrics = tokens[batch.is_note], tokens[batch.is_metric][:, :1]
    of_beats = sub.rows(states[batch.is_metric], metrics[:, :0])
    of_notes = sub.rows(states[batch.is_note], notes[:, :-1])
    none = torch.zeros_like(notes[:, :1])

    def say_of(which):
        of_line = network.of_line(batch, which)
        return lambda row, column, known: network.logits(row, column, None if of_line is None else of_line[known])

    found = cross_entropies(say_of(batch.is_note), of_notes, torch.cat([none, notes[:, 1:]], -1))
    return cross_entropies(say_of(batch.is_metric), of_beats, metrics) + found[1:]


def written(network, batch, decay=None):
    """Of each score sub-token and the code, what `cross_entropies` gives; how far the encoder is from its codes; and
    the codes."""
    rows = network.codes_of(batch)
    codes = network.codebook(rows.detach())
    nearest = network.codebook.weight[codes]
    if decay is not None:
        network.codebook.learn(rows.detach(), codes, decay)
    states = network.composed(batch, rows + (nearest - rows).detach())
    targets = batch.targets(codes)
    said = targets[..., 0] > 0
    targets = targets[said]
    sub = network.score_sub
    say = lambda row, column, _: sub.logits(row, column).float()
    found = cross_entropies(say, sub.rows(states[said], targets[:, :-1]), targets, not sub.training)
    return found, F.mse_loss(rows, nearest), codes


def total(sums):
    return sum(loss / max(count, 1) for loss, count, _ in sums)


def divergence(mean, log_variance):
    """KL of each number of the manner from a normal number, the mean over the batch."""
    return (0.5 * (mean.pow(2) + log_variance.exp() - 1.0 - log_variance)).mean(0)


def losses(network, played, scores, beta, a):
    """What is played, what is written (nothing without windows of scores), and the rest."""
    composed, commitment = (), 0.0
    if scores is not None:
        composed, commitment, _ = written(network, scores, a.decay)
    rows = network.read(played)
    mean, log_variance = network.posterior(rows, played)
    latent = mean + (0.5 * log_variance).exp() * torch.randn(mean.shape).to(mean.device)
    pairs = latent.unflatten(0, (-1, 2))
    swaps = (torch.rand(len(pairs)) < a.other)[:, None, None].to(mean.device)
    latent = torch.where(swaps, pairs.flip(1), pairs).flatten(0, 1)
    kl = divergence(mean, log_variance).clamp(min=a.free).sum() * len(mean) / int(played.is_note.sum())
    heard = performed(network, network.played(rows, played, latent), played)
    return total(heard), total(composed) + torch.zeros((), device=mean.device), beta * kl + COMMITMENT * commitment


def explained(expected, batch):
    """Share of the variance of velocity within windows that is expected, the mean over windows."""
    shares = []
    for found, values in zip(expected[..., VELOCITY], batch.values[..., VELOCITY]):
        known = ~values.isnan()
        values, found = values[known], found[known]
        if len(values) > 1 and float(values.var()) > 0:
            shares.append(1 - float((values - found).pow(2).mean() / values.var(correction=0)))
    return shares


COLUMNS = [f"valid_{name}" for name in PERFORMANCE]
COLUMNS += ["explained", "explained_other", "explained_nobody", "valid_kl", "in_use"]
COLUMNS += [f"valid_{name}" for name in SCORE] + ["valid_code", "right", "perplexity"]


@torch.no_grad()
def validate(network, valid, a):
    """Cells of `COLUMNS`, over the same windows every time: losses of performances in the manner of another window,
    share of the variance of velocity that is explained in the manner of the same window, of another and of nobody, KL
    in nats a window, numbers of the manner in use, losses of scores, share of the score sub-tokens that were the
    likeliest, and perplexity of the codes."""
    heard, read, chosen, shares, kl = [], [], [], ([], [], []), 0.0
    for k in range(a.validate_batches):
        batch = valid.played(10**6, k, a.batch).to(a.device)
        rows = network.read(batch)
        mean, log_variance = network.posterior(rows, batch)
        other = mean.unflatten(0, (-1, 2)).flip(1).flatten(0, 1)
        for latent, found in zip((mean, other, None), shares):
            states = network.played(rows, batch, latent)
            found += explained(network.expect(states, batch), batch)
            if latent is other:
                heard.append(performed(network, states, batch))
        kl = kl + divergence(mean, log_variance) / a.validate_batches
        scores = scores_of([valid], 10**6, k, a.scores or a.batch, turns=False).to(a.device)
        found, _, codes = written(network, scores)
        read.append(found)
        chosen.append(codes)
    means = [[float(sum(p[0] for p in part)) / max(sum(p[1] for p in part), 1) for part in zip(*parts)]
             for parts in (heard, read)]
    explains = [sum(found) / max(len(found), 1) for found in shares]
    sub_tokens = [part for found in read for part in found[:len(SCORE)]]
    right = sum(part[2] for part in sub_tokens) / max(sum(part[1] for part in sub_tokens), 1)
    used = torch.bincount(torch.cat(chosen)).double()
    used = used[used > 0] / used.sum()
    perplexity = float((-(used * used.log()).sum()).exp())
    return [*means[0], *explains, float(kl.sum()), int((kl > 0.05).sum()), *means[1], right, perplexity]


def train(a):
    if a.batch % 2:
        raise SystemExit("--batch has to be even: windows of performances are drawn in pairs")
    if not a.scores and not (a.start or a.composer):
        raise SystemExit("--scores 0 learns to play alone: --composer or --from has to name a model that writes")
    folder = Path(a.ecp)
    names = ("performances", "performances_valid", "scores")
    corpus, valid, alone = (Pack(folder / f"{name}.safetensors") for name in names)
    flags = dict(sub_token_decoder=not a.no_sub_token_decoder, beat_attention=not a.no_beat_attention,
                 line=not a.no_line)
    layers = {name: getattr(a, f"{name}_layers") for name in STACKS}
    sizes = SIZES | {name: getattr(a, name) for name in WIDTHS} | dict(layers=layers, features=corpus.features) | flags

    def network_of(kept):
        if kept is not None or not (a.start or a.composer):
            return Network(kept or sizes)
        return load_model(Path(a.start))[0] if a.start else with_composer(Network(sizes), Path(a.composer))

    schema = corpus.schema or a.schema
    write = lambda network, model: write_model(network, dict(network=network.c, schema=schema, scales=SCALES), model)
    run = Run(a, network_of, write, a.minutes, a.all_minutes)
    network = run.network
    for pack in (corpus, valid, alone):
        pack.cut(network.c)
    if network.line is not None and run.step == 0 and not a.start:
        xmvae_line.fit(network, corpus)
    print(f"{len(corpus.performances.spans)} performances, {len(alone.scores.spans)} scores; {size(network)} numbers",
          flush=True)
    parts = []

    def learn(_):
        beta = a.beta * min(1.0, run.along() / 0.2)
        scores = scores_of([alone, corpus], a.seed, run.step, a.scores).to(a.device) if a.scores else None
        three = losses(network, corpus.played(a.seed, run.step, a.batch).to(a.device), scores, beta, a)
        parts.append([float(part.detach()) for part in three[:2]])
        return sum(three)

    def cells(train_loss, rate):
        means = [sum(part) / len(parts) for part in zip(*parts)]
        parts.clear()
        row = [train_loss, *means, *validate(network, valid, a)]
        return ",".join([*(f"{cell:.4f}" if isinstance(cell, float) else str(cell) for cell in row), f"{rate:.2e}"])

    run.train(",".join(["train_loss", "train_played", "train_written", *COLUMNS, "learning_rate"]), learn, cells)


# What is left out of each of the networks that are trained alike, as options of `train`.
ALIKE = dict(whole={}, no_sub_token_decoder=dict(no_sub_token_decoder=True),
             no_beat_attention=dict(no_beat_attention=True))


def alike(a):
    """Trains the network and both ablations one after another, with the same steps, seed, windows and learning rate;
    each in a folder of its own below `out`. One that was stopped goes on, one that is done is left alone."""
    if a.start or a.composer or a.all_minutes:
        raise SystemExit("networks are alike that begin at random and have as many steps: no model to begin with, and "
                         "no --all-minutes")
    for name, options in ALIKE.items():
        out = Path(a.out) / name.replace("_", "-")
        checkpoint = out / "checkpoint.pt"
        if checkpoint.exists() and torch.load(checkpoint, map_location="cpu")["step"] >= a.steps:
            print(f"{out} is done", flush=True)
            continue
        print(f"{out}", flush=True)
        train(argparse.Namespace(**vars(a) | dict(out=str(out)) | options))


FIXTURE_SIZES = dict(SIZES, hidden=16, heads=2, head=8, feed_forward=24, code_width=6, codes=8, latent=5,
                     sub_hidden=12, sub_heads=2, sub_feed_forward=16, window=16, steps=32)
# Two bars of 2/4 after a pick-up, one beat of which is empty, with a chord and a grace note.
FIXTURE_SCORE = [
    (METRIC, 2, 0, 26), (NOTE, 13, 48, 19), (METRIC, 1, 0, 26), (NOTE, 1, 20, 34), (NOTE, 1, 52, 19), (NOTE, 12, 54, 1),
    (NOTE, 13, 54, 19), (METRIC, 2, 0, 26), (METRIC, 1, 0, 26), (NOTE, 1, 40, 26), (NOTE, 1, 44, 26), (NOTE, 17, 57, 8),
    (METRIC, 2, 0, 26), (NOTE, 1, 52, 26)]


def fixture_batch(c):
    score = torch.tensor(FIXTURE_SCORE)
    is_note = score[:, 0] == NOTE
    generator = torch.Generator().manual_seed(7)
    # What 16ths and 1024ths say is exact in single precision and short in a file.
    spread = torch.tensor([0.5, 24.0, 0.0625, 0.75, 0.5])
    values = (torch.randn(len(score), 5, generator=generator) * spread * 1024).round() / 1024
    values = values + torch.tensor([0.0, 64.0, 0.0, -0.5, 0.5])
    values[:, VELOCITY] = values[:, VELOCITY].round().clamp(1, 127)
    values[:, 4] = values[:, 4].clamp(0, 1)
    values[is_note, 0], values[~is_note, 1:] = math.nan, math.nan
    values[3], values[5, 3], values[7, 0] = math.nan, math.nan, math.nan
    features = torch.randint(-512, 513, (len(score), c["features"]), generator=generator) / 512
    features[~is_note] = 0.0
    return Batch(score[None], values[None], features[None], ends=torch.tensor([True]))


def fixture_numbers(c, whole):
    """What the network of these sizes gives of the steps of the fixture, and how far numbers are from where rounding
    would choose something else."""
    network, batch = Network(c).eval(), fixture_batch(c)
    tensors = fill_by_formula(network)
    generator = torch.Generator().manual_seed(12)
    latent = (torch.randn(1, c["latent"], generator=generator) * 1024).round() / 1024
    encoded = network.codes_of(batch)
    codes = network.codebook(encoded)
    closest = [float(torch.cdist(encoded, network.codebook.weight).topk(2, largest=False).values.diff().min())]
    rows = network.read(batch)
    mean, log_variance = network.posterior(rows, batch)
    states = network.played(rows, batch, latent)
    expected = network.expect(states, batch)
    for found in (expected, network.expect(network.played(rows, batch), batch)):
        places = ((found - network.firsts) / network.steps)[batch.is_note][:, 1:]
        closest.append(float(((places - places.floor()) - 0.5).abs().min()))
    sub, tokens = network.performance_sub, torch.stack([network.tokens(batch.values[..., k], k) for k in range(5)], -1)
    lines = [network.of_line(batch, which) for which in (batch.is_note, batch.is_metric)]
    of_notes = sub.rows(states[batch.is_note], tokens[batch.is_note][:, :-1])
    of_beats = sub.rows(states[batch.is_metric], tokens[batch.is_metric][:, :0])
    targets = batch.targets(codes)[0]
    said = network.score_sub.rows(network.composed(batch, network.codebook.weight[codes])[0], targets[:, :-1])
    logits = {name: rounded(network.score_sub.logits(said[k], k)) for k, name in enumerate([*SCORE, "code"])
              if whole or name in ("family", "duration")}
    logits["beat_period"] = rounded(network.logits(of_beats[0], 0, lines[1]))
    logits |= {name: rounded(network.logits(of_notes[k], k, lines[0])) for k, name in enumerate(PERFORMANCE)
               if k > 0 and (whole or name in ("velocity", "pedal"))}
    assert min(closest) > 2e-3, closest
    return dict(network=c, tensors=tensors, latent=latent[0].tolist(), encoded=rounded(encoded), codes=codes.tolist(),
                targets=targets.flatten().tolist(), tokens=tokens.flatten().tolist(), mean=rounded(mean),
                log_variance=rounded(log_variance), expected=rounded(expected), logits=logits), min(closest)


@torch.no_grad()
def fixture():
    """`whole`, the two ablations, and one without the line: what is said of the same steps. `score` [14, 4], `values`
    [14, 5] (null: unknown) and `features` [14, features] are what is read."""
    batch = fixture_batch(FIXTURE_SIZES)
    known = [None if math.isnan(value) else value for value in batch.values.flatten().tolist()]
    numbers = dict(score=batch.score.flatten().tolist(), values=known, features=batch.features.flatten().tolist())
    for name, flags in dict(whole={}, no_sub_token_decoder=dict(sub_token_decoder=False),
                            no_beat_attention=dict(beat_attention=False), no_line=dict(line=False)).items():
        numbers[name], closest = fixture_numbers(FIXTURE_SIZES | flags, name == "whole")
        print(f"{name}: closest choice {closest:.4f}; codes {numbers[name]['codes']}")
    FIXTURES.mkdir(parents=True, exist_ok=True)
    (FIXTURES / "xmvae.json").write_text(json.dumps(numbers) + "\n")


@torch.no_grad()
def bench(a):
    torch.set_num_threads(a.threads)
    network, config = load_model(Path(a.model))
    c = network.eval().c
    generator = torch.Generator().manual_seed(1)
    draw = lambda count, low, high: torch.randint(low, high, (1, count), generator=generator)
    steps = c["window"] * 4 // 3
    score = torch.stack([draw(steps, NOTE, NOTE + 1), draw(steps, 1, 25), draw(steps, 20, 70), draw(steps, 2, 52)], -1)
    score[:, ::4, 0], score[:, ::4, PITCH] = METRIC, 0
    values = torch.full((1, steps, len(PERFORMANCE)), 0.25)
    batch = Batch(score, values, torch.randn(1, steps, c["features"], generator=generator))
    notes, latent = int(batch.is_note.sum()), torch.zeros(1, c["latent"])
    play = lambda: network.expect(network.played(network.read(batch), batch, latent), batch)
    seconds = [fastest(run, 3) for run in (play, lambda: network.posterior(network.read(batch), batch))]
    print(json.dumps(dict(threads=a.threads, notes=notes, played_notes_per_second=notes / seconds[0],
                          read_notes_per_second=notes / seconds[1])))


def add_training(p):
    """Options of a run."""
    p.add_argument("--ecp", required=True, help="the folder that `espressivo data ecp` wrote")
    p.add_argument("--out", required=True)
    p.add_argument("--from", dest="start", help="a model to begin with")
    p.add_argument("--composer", help="a model whose part that writes a new run begins with; what plays begins anew")
    p.add_argument("--device", default="cpu")
    p.add_argument("--schema", default="", help="of the features of scores, where the pack does not say it")
    add_options(p, WIDTHS | {f"{name}_layers": count for name, count in STACKS.items()}
                | dict(steps=20_000, batch=6, scores=6, threads=1, seed=1, warm_up=100, validate_every=100,
                       validate_batches=8),
                dict(learning_rate=2e-3, beta=0.2, free=0.05, other=0.5, decay=0.99, save_minutes=5.0))
    p.add_argument("--no-sub-token-decoder", action="store_true", help="each sub-token is said of its step alone")
    p.add_argument("--no-beat-attention", action="store_true")
    p.add_argument("--no-line", action="store_true", help="what is played is told from rows alone")
    p.add_argument("--minutes", type=float, help="save and stop after so many minutes")
    p.add_argument("--all-minutes", type=float,
                   help="the whole run takes so many minutes, over all its parts, and rate and beta go with them")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="what", required=True)
    commands.add_parser("fixture")
    for what in ("train", "alike"):
        add_training(commands.add_parser(what))
    p = commands.add_parser("bench")
    p.add_argument("model")
    p.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    dict(fixture=lambda a: fixture(), train=train, alike=alike, bench=bench)[arguments.what](arguments)
