"""The groove performer's network in PyTorch: the twin that ours is checked against and trained with.

    python scripts/groove_torch.py fixture   # writes systems/cadenza/tests/fixtures/groove_*.json
    python scripts/groove_torch.py train --grooves DIR --out DIR [sizes]
    python scripts/groove_torch.py bench MODEL   # notes per second, the best of three runs

`espressivo data grooves` makes the files of played notes. Weights are stored under Burn's names and in Burn's
layout ([input, output] for linear layers), so a model folder written here is one that the app plays. An encoder
reads what is written of every note at once, a row of 14 values each, and says how likely each bin of velocity
and of micro-timing is (*PerTok*, arXiv 2410.02060, section 3.3).
"""

import argparse
import json
import math
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F

from espressivo_torch import (
    ROOT, Norm, Run, add_options, angles, fastest, fill_by_formula, read_model, rounded, size, turn, write_model,
)

FIXTURES = ROOT / "systems" / "cadenza" / "tests" / "fixtures"
STYLES = ["classical", "pop"]
# Values of each column of a row, and which column is the time since the onset before, in 24ths of a quarter.
SIZES, BEFORE = [128, 192, 97, 97, 193, 8, 8, 8, 96, 4, 11, 3, 256, 16], 2
VELOCITIES, VELOCITY_STEP, TIMINGS, NO_TIMING = 32, 4, 101, 255
# Columns of signs, and how much they count in a style that learned from music without any, when it plays.
SIGNS, UNLEARNED_SIGNS = slice(10, 13), 0.5


class Attention(nn.Module):
    def __init__(self, c, dropout):
        super().__init__()
        d, self.head = c["hidden"], c["head"]
        wide = c["heads"] * self.head
        self.before = Norm(d)
        self.query, self.key, self.value = (nn.Linear(d, wide, bias=False) for _ in range(3))
        self.out = nn.Linear(wide, d, bias=False)
        self.drop = nn.Dropout(dropout)

    def forward(self, x, turns):
        y = self.before(x)
        heads = lambda part: part(y).unflatten(-1, (-1, self.head)).transpose(1, 2)
        query, key = turn(heads(self.query), *turns), turn(heads(self.key), *turns)
        y = F.scaled_dot_product_attention(query, key, heads(self.value))
        return x + self.drop(self.out(y.transpose(1, 2).flatten(2)))


class FeedForward(nn.Module):
    def __init__(self, c, dropout):
        super().__init__()
        d, wide = c["hidden"], c["feed_forward"]
        self.before = Norm(d)
        self.gate = nn.Linear(d, wide, bias=False)
        self.up = nn.Linear(d, wide, bias=False)
        self.down = nn.Linear(wide, d, bias=False)
        self.drop = nn.Dropout(dropout)

    def forward(self, x):
        y = self.before(x)
        return x + self.drop(self.down(F.silu(self.gate(y)) * self.up(y)))


class Layer(nn.Module):
    def __init__(self, c, dropout):
        super().__init__()
        self.attention, self.forward_ = Attention(c, dropout), FeedForward(c, dropout)


class Network(nn.Module):
    """The network of the sizes `c`, which are those of `config.json`; `dropout` is the share of what layers add
    that training drops."""

    def __init__(self, c, styles, dropout=0.0):
        super().__init__()
        self.c = c
        d = c["hidden"]
        self.embedding, self.style = nn.Embedding(sum(SIZES), d), nn.Embedding(styles, d)
        self.layers = nn.ModuleList(Layer(c, dropout) for _ in range(c["layers"]))
        self.norm = Norm(d)
        self.velocity, self.timing = nn.Linear(d, VELOCITIES), nn.Linear(d, TIMINGS)
        firsts = [sum(SIZES[:k]) for k in range(len(SIZES))]
        self.register_buffer("firsts", torch.tensor(firsts), persistent=False)
        self.register_buffer("cos", angles(c["window"], c["head"], c["rotary_base"])[0], persistent=False)
        self.register_buffer("sin", angles(c["window"], c["head"], c["rotary_base"])[1], persistent=False)
        for name, parameter in self.named_parameters():
            if name.endswith(".bias"):
                nn.init.zeros_(parameter)
            elif name in ("embedding.weight", "style.weight"):
                nn.init.normal_(parameter, std=len(SIZES) ** -0.5)
            elif parameter.dim() == 2:
                nn.init.normal_(parameter, std=parameter.shape[1] ** -0.5)
        with torch.no_grad():
            # What layers add begins small, so that many are one to start with.
            for layer in self.layers:
                layer.attention.out.weight *= (2 * c["layers"]) ** -0.5
                layer.forward_.down.weight *= (2 * c["layers"]) ** -0.5

    def forward(self, rows, style):
        """Rows [batch, notes, 14] in styles [batch] to logits of velocity and micro-timing."""
        x = self.embedding(rows + self.firsts).sum(2) + self.style(style)[:, None]
        turns = self.cos[: rows.shape[1]], self.sin[: rows.shape[1]]
        for layer in self.layers:
            x = layer.forward_(layer.attention(x, turns))
        x = self.norm(x)
        return self.velocity(x), self.timing(x)

    def losses(self, rows, style, velocity, timing):
        """Mean cross entropy of velocity and of micro-timing, over the notes that have one."""
        found = self(rows, style)
        targets = [torch.where(velocity > 0, velocity // VELOCITY_STEP, -100),
                   torch.where(timing < TIMINGS, timing, -100)]
        sums = [F.cross_entropy(f.flatten(0, 1), t.flatten(), ignore_index=-100, reduction="sum")
                for f, t in zip(found, targets)]
        return [s / max(int((t >= 0).sum()), 1) for s, t in zip(sums, targets)]


def save_model(network, folder, coherence, signs):
    """`coherence` of each style, and how much `signs` count in those that learned from music without any."""
    write_model(network, dict(network=network.c, styles=STYLES, coherence=coherence, signs=signs), folder)


def load_model(folder):
    network, _ = read_model(folder, lambda config: Network(config["network"], len(config["styles"])))
    return network


class Corpus:
    """Played notes of both styles, drawn from in windows: each style as often, then each window of it."""

    def __init__(self, path, window):
        data = load_file(path)
        self.window = window
        self.rows, self.velocity, self.timing = data["rows"], data["velocity"], data["timing"]
        starts = data["starts"].long()
        has_sign = (self.rows[:, SIGNS] > 0).any(1)
        style_of_notes = data["style"].repeat_interleave(starts[1:] - starts[:-1])
        self.signs = {name: UNLEARNED_SIGNS for style, name in enumerate(STYLES)
                      if not bool(has_sign[style_of_notes == style].any())}
        places = (starts[1:] - starts[:-1] - window + 1).clamp(min=0)
        self.styles = []
        for style in range(len(STYLES)):
            streams = ((data["style"] == style) & (places > 0)).nonzero().flatten()
            if len(streams) == 0:
                raise SystemExit(f"no stream of {path} in the style {STYLES[style]} has {window} notes")
            self.styles.append((starts[streams], places[streams].cumsum(0)))

    def draw(self, batch, generator, only=None):
        """Windows [batch, notes]: rows, style, velocity, timing."""
        out = []
        for k in range(batch):
            style = k % len(STYLES) if only is None else only
            starts, places = self.styles[style]
            place = int(torch.randint(0, int(places[-1]), (), generator=generator))
            stream = int(torch.searchsorted(places, place, right=True))
            first = int(starts[stream]) + place - (int(places[stream - 1]) if stream else 0)
            notes = slice(first, first + self.window)
            out.append((self.rows[notes], torch.tensor(style), self.velocity[notes], self.timing[notes]))
        return tuple(torch.stack(parts).long() for parts in zip(*out))


def normal_scores(logits, bins, generator):
    """What chance drew, as normal numbers: how much of its distribution lies below what was played, a part of
    the bin's own drawn evenly."""
    shares = logits.softmax(-1)
    own = shares.gather(-1, bins[..., None])[..., 0]
    below = shares.cumsum(-1).gather(-1, bins[..., None])[..., 0] - own
    chance = below + own * torch.rand(own.shape, generator=generator)
    return torch.special.ndtri(chance.clamp(1e-4, 1 - 1e-4))


def coherence_of(scores, counts, rows):
    """How alike chance was for notes of a chord, for onsets that follow each other, and for notes that are far
    apart: the correlation of a chord, that of a take, and over how many quarters it falls."""
    far = 64
    at = rows[..., BEFORE].float().cumsum(1) / 24
    same = (rows[:, 1:, BEFORE] == 0) & counts[:, 1:] & counts[:, :-1]
    follows = (rows[:, 1:, BEFORE] > 0) & counts[:, 1:] & counts[:, :-1]
    apart = counts[:, far:] & counts[:, :-far]
    near = scores[:, 1:] * scores[:, :-1]
    variance = float((scores.pow(2))[counts].mean())
    mean = lambda values, which: float(values[which].mean()) / variance if bool(which.any()) else 0.0
    chord, next_, take = mean(near, same), mean(near, follows), mean(scores[:, far:] * scores[:, :-far], apart)
    chord = min(max(chord, next_, 0.0), 0.98)
    take = min(max(take, 0.0), chord)
    step = float((at[:, 1:] - at[:, :-1])[follows].mean()) if bool(follows.any()) else 1.0
    falls = (max(next_, take + 1e-3) - take) / max(chord - take, 1e-3)
    quarters = step / -math.log(min(max(falls, 1e-3), 0.99))
    return dict(chord=round(chord, 3), take=round(take, 3), quarters=round(min(max(quarters, 0.05), 64.0), 3))


@torch.no_grad()
def measure(network, valid, batch):
    """Losses of each style on validation windows, always the same, r of the mean of the velocity with what was
    played within windows, and coherence."""
    network.eval()
    row, coherence = {}, {}
    for style, name in enumerate(STYLES):
        kept = [[] for _ in range(6)]
        for k in range(8):
            draw = valid.draw(batch, torch.Generator().manual_seed(10**6 + k), only=style)
            for part, value in zip(kept, (*draw, *network(draw[0], draw[1]))):
                part.append(value)
        rows, styles, velocity, timing, loud, late = (torch.cat(part) for part in kept)
        losses = [float(loss) for loss in losses_of(loud, late, velocity, timing)]
        expected = (loud.softmax(-1) * torch.arange(VELOCITIES)).sum(-1)
        rs = [torch.corrcoef(torch.stack([e[v > 0], v[v > 0].float()]))[0, 1] for e, v in zip(expected, velocity)
              if int((v > 0).sum()) > 20 and float(v[v > 0].float().std()) > 0]
        row[name] = (*losses, float(torch.stack(rs).nanmean()) if rs else math.nan)
        generator = torch.Generator().manual_seed(1)
        scores = [normal_scores(loud, (velocity // VELOCITY_STEP).clamp(0, VELOCITIES - 1), generator),
                  normal_scores(late, timing.clamp(max=TIMINGS - 1), generator)]
        counts = [velocity > 0, timing < TIMINGS]
        coherence[name] = {what: coherence_of(s, c, rows)
                           for what, s, c in zip(("velocity", "timing"), scores, counts)}
    return row, coherence


def losses_of(loud, late, velocity, timing):
    for logits, bins, counts in [(loud, velocity // VELOCITY_STEP, velocity > 0), (late, timing, timing < TIMINGS)]:
        yield F.cross_entropy(logits[counts], bins[counts])


FIXTURE_SIZES = dict(hidden=16, feed_forward=24, heads=2, head=8, layers=2, rotary_base=10_000.0, window=64)


def fixture():
    generator = torch.Generator().manual_seed(7)
    network = Network(FIXTURE_SIZES, len(STYLES)).eval()
    tensors = fill_by_formula(network)
    rows = torch.stack([torch.randint(0, size, (24,), generator=generator) for size in SIZES], 1)
    FIXTURES.mkdir(parents=True, exist_ok=True)
    numbers = dict(tensors=tensors, rows=rows.flatten().tolist())
    with torch.no_grad():
        for style, name in enumerate(STYLES):
            velocity, timing = network(rows[None], torch.tensor([style]))
            numbers[name] = dict(velocity=rounded(velocity), timing=rounded(timing))
    (FIXTURES / "groove_numbers.json").write_text(json.dumps(numbers) + "\n")
    config = dict(network=FIXTURE_SIZES, styles=STYLES)
    (FIXTURES / "groove_config.json").write_text(json.dumps(config) + "\n")
    print(f"{size(network)} numbers")


def train(a):
    sizes = dict(hidden=a.hidden, feed_forward=a.feed_forward, heads=a.heads, head=a.head, layers=a.layers,
                 rotary_base=10_000.0, window=a.window)
    write = lambda network, folder: save_model(network, folder, measure(network, valid, a.batch)[1], corpus.signs)
    run = Run(a, lambda kept: Network(kept or sizes, len(STYLES), a.dropout), write, all_minutes=a.minutes)
    network = run.network
    print(f"{size(network)} parameters", flush=True)
    grooves, window = Path(a.grooves), network.c["window"]
    corpus, valid = (Corpus(grooves / f"{name}.safetensors", window) for name in ("train", "valid"))

    def validate(train_loss, rate):
        row, _ = measure(network, valid, a.batch)
        mean = sum(velocity + timing for velocity, timing, _ in row.values()) / len(STYLES)
        cells = ",".join(f"{value:.4f}" for style in STYLES for value in row[style])
        return f"{train_loss:.4f},{mean:.4f},{rate:.2e},{cells}"

    learn = lambda generator: sum(network.losses(*corpus.draw(a.batch, generator)))
    columns = [f"{what}_{style}" for style in STYLES for what in ("velocity", "timing", "velocity_r")]
    run.train(",".join(["train_loss,valid_loss,learning_rate", *columns]), learn, validate)


@torch.no_grad()
def bench(a):
    torch.set_num_threads(a.threads)
    network = load_model(Path(a.model)).eval()
    window = network.c["window"]
    generator = torch.Generator().manual_seed(1)
    rows = torch.stack([torch.randint(0, size, (a.notes,), generator=generator) for size in SIZES], 1)
    # As the performer reads: windows that overlap by half.
    starts = range(0, max(a.notes - window // 2, 1), window // 2)
    read = lambda: [network(rows[None, start : start + window], torch.tensor([0])) for start in starts]
    secs = fastest(read, 3)
    print(json.dumps(dict(threads=a.threads, notes=a.notes, notes_per_second=a.notes / secs)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="what", required=True)
    commands.add_parser("fixture")
    p = commands.add_parser("train")
    p.add_argument("--grooves", required=True, help="the folder that `espressivo data grooves` wrote")
    p.add_argument("--out", required=True)
    add_options(p, dict(steps=6000, batch=8, window=128, hidden=128, feed_forward=320, heads=4, head=32, layers=5,
                        threads=1, seed=1, warm_up=300, validate_every=250),
                dict(learning_rate=1e-3, dropout=0.1, save_minutes=5.0))
    p.add_argument("--minutes", type=float, help="end after so many minutes of training in all")
    p = commands.add_parser("bench")
    p.add_argument("model")
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--notes", type=int, default=1000)
    arguments = parser.parse_args()
    dict(fixture=lambda a: fixture(), train=train, bench=bench)[arguments.what](arguments)
