"""Cadenza's Composer in PyTorch: the twin that ours is checked against and trained with.

    python scripts/cadenza_torch.py fixture   # writes systems/cadenza/tests/fixtures/composer_*.json
    python scripts/cadenza_torch.py composer --segments DIR --out DIR [sizes]
    python scripts/cadenza_torch.py bench MODEL   # seconds to write four bars, the best of five

`espressivo data segments` makes the segments. Weights are stored under Burn's names and in Burn's layout
([input, output] for linear layers), so OUT/model is a model folder that the app reads. A segment is one to
four bars as tokens of PerTok (arXiv 2410.02060); the network is a variational autoencoder with one latent
vector a segment, which is added to the decoder's rows before every layer.

The loss of a segment is the negative logarithm of its likelihood plus beta * sum over k of
max(lambda, KL_k), KL_k being the mean over the batch for one number of the latent vector (free bits), all
divided by the tokens, so that the learning rate does not depend on their number. Beta is 0 at first, then
rises along a straight line, then from 0 along a cosine, again and again (cyclical annealing). Some tokens that
the decoder reads are hidden, so that it has to look at the latent vector.
"""

import argparse
import json
import math
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F

from espressivo_torch import (
    ROOT, Norm, Run, add_options, angles, fastest, fill_by_formula, read_model, rounded, size, turn, write_model,
)

FIXTURES = ROOT / "systems" / "cadenza" / "tests" / "fixtures"
PAD, BEGIN, END, MASK, BAR = 0, 1, 2, 3, 4
LARGEST_LOG_VARIANCE = 12.0


class Attention(nn.Module):
    def __init__(self, c):
        super().__init__()
        d, self.head = c["hidden"], c["head"]
        wide = c["heads"] * self.head
        self.before, self.after = Norm(d), Norm(d)
        self.query = nn.Linear(d, wide, bias=False)
        self.key = nn.Linear(d, wide, bias=False)
        self.value = nn.Linear(d, wide, bias=False)
        self.out = nn.Linear(wide, d, bias=False)

    def heads(self, x):
        return x.unflatten(-1, (-1, self.head)).transpose(1, 2)

    def forward(self, x, turns, mask=None, causal=False, kept=None):
        y = self.before(x)
        query, key = turn(self.heads(self.query(y)), *turns), turn(self.heads(self.key(y)), *turns)
        value = self.heads(self.value(y))
        if kept is not None:
            if "key" in kept:
                key, value = torch.cat([kept["key"], key], 2), torch.cat([kept["value"], value], 2)
            kept["key"], kept["value"] = key, value
        causal = causal and query.shape[2] > 1
        y = F.scaled_dot_product_attention(query, key, value.to(query.dtype), attn_mask=mask, is_causal=causal)
        return x + self.after(self.out(y.transpose(1, 2).flatten(2)))


class FeedForward(nn.Module):
    """Gated feed-forward."""

    def __init__(self, c):
        super().__init__()
        d, wide = c["hidden"], c["feed_forward"]
        self.before, self.after = Norm(d), Norm(d)
        self.gate = nn.Linear(d, wide, bias=False)
        self.up = nn.Linear(d, wide, bias=False)
        self.down = nn.Linear(wide, d, bias=False)

    def forward(self, x):
        y = self.before(x)
        return x + self.after(self.down(F.silu(self.gate(y)) * self.up(y)))


class Layer(nn.Module):
    def __init__(self, c, is_decoder):
        super().__init__()
        if is_decoder:
            self.latent = nn.Linear(c["latent"], c["hidden"], bias=False)
        self.attention = Attention(c)
        self.forward_ = FeedForward(c)


class Encoder(nn.Module):
    def __init__(self, c):
        super().__init__()
        d = c["hidden"]
        self.embedding = nn.Embedding(c["vocabulary"], d)
        self.layers = nn.ModuleList(Layer(c, False) for _ in range(c["encoder_layers"]))
        self.norm = Norm(d)
        self.mean = nn.Linear(2 * d, c["latent"])
        self.log_variance = nn.Linear(2 * d, c["latent"])
        self.c = c

    def forward(self, tokens):
        """[batch, tokens], each row from the beginning on, to mean and logarithm of variance [batch, latent].
        They are made of two rows: that of the beginning and the mean of all others."""
        used = tokens != PAD
        x = self.embedding(tokens) * math.sqrt(self.c["hidden"])
        turns = angles(tokens.shape[1], self.c["head"], self.c["rotary_base"])
        mask = None if bool(used.all()) else used[:, None, None, :]
        for layer in self.layers:
            x = layer.forward_(layer.attention(x, turns, mask=mask))
        rows = self.norm(x)
        others = used[:, 1:, None].to(rows.dtype)
        mean = (rows[:, 1:] * others).sum(1) / others.sum(1).clamp(min=1.0)
        pooled = torch.cat([rows[:, 0], mean], -1)
        log_variance = self.log_variance(pooled).float().clamp(-LARGEST_LOG_VARIANCE, LARGEST_LOG_VARIANCE)
        return self.mean(pooled).float(), log_variance


class Decoder(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.embedding = nn.Embedding(c["vocabulary"], c["hidden"])
        self.layers = nn.ModuleList(Layer(c, True) for _ in range(c["decoder_layers"]))
        self.norm = Norm(c["hidden"])
        self.c = c

    def forward(self, tokens, latent, kept=None, first=0):
        """Rows after each token: [batch, tokens] and [batch, latent] to [batch, tokens, hidden]."""
        x = self.embedding(tokens) * math.sqrt(self.c["hidden"])
        turns = angles(first + tokens.shape[1], self.c["head"], self.c["rotary_base"])
        turns = tuple(t[first:] for t in turns)
        for k, layer in enumerate(self.layers):
            x = x + layer.latent(latent)[:, None]
            x = layer.forward_(layer.attention(x, turns, causal=True, kept=kept[k] if kept is not None else None))
        return self.norm(x)

    def logits(self, rows):
        return rows @ self.embedding.weight.t().to(rows.dtype)


class Network(nn.Module):
    """The network of the sizes `c`, which are those of `config.json`."""

    def __init__(self, c):
        super().__init__()
        self.c = c
        self.encoder, self.decoder = Encoder(c), Decoder(c)
        for name, parameter in self.named_parameters():
            if name.endswith(".bias"):
                # Posteriors begin narrow, so that the latent vector says something from the start.
                nn.init.constant_(parameter, -4.0 if "log_variance" in name else 0.0)
            elif parameter.dim() == 2:
                nn.init.normal_(parameter, std=parameter.shape[1] ** -0.5)
                if "log_variance" in name:
                    parameter.data.mul_(0.1)

    def negative_likelihood(self, before, following, latent):
        """Sum over the batch, in nats, and how many of the tokens were the likeliest."""
        rows = self.decoder(before, latent)
        used = following != PAD
        logits = self.decoder.logits(rows[used]).float()
        targets = following[used]
        return F.cross_entropy(logits, targets, reduction="sum"), int((logits.detach().argmax(-1) == targets).sum())

    def parts(self, read, before, following):
        """Sum of negative likelihoods over the batch, and KL_k [latent], the mean over the batch."""
        mean, log_variance = self.encoder(read)
        latent = mean + (0.5 * log_variance).exp() * torch.randn_like(mean)
        nll, right = self.negative_likelihood(before, following, latent)
        kl = 0.5 * (mean.pow(2) + log_variance.exp() - 1.0 - log_variance)
        return nll, kl.mean(0), right, latent

    def loss(self, read, before, following, beta, floor):
        nll, kl, _, _ = self.parts(read, before, following)
        tokens = int((following != PAD).sum())
        return (nll + read.shape[0] * beta * kl.clamp(min=floor).sum()) / tokens, float(nll.detach()) / tokens

    @torch.no_grad()
    def greedy(self, latent, longest, varied=0):
        """Tokens of one segment, without beginning and end: always the likeliest; of those alone that are not
        among the last `varied` tokens, and never the end, if that is more than 0."""
        kept = [{} for _ in self.decoder.layers]
        tokens, last = [], BEGIN
        while len(tokens) < longest:
            rows = self.decoder(torch.tensor([[last]]), latent[None], kept=kept, first=len(tokens))
            logits = self.decoder.logits(rows)[0, -1]
            if varied:
                logits[[END] + tokens[-varied:]] = -math.inf
            last = int(logits.argmax())
            if last == END:
                break
            tokens.append(last)
        return tokens


def load_model(folder):
    return read_model(folder, lambda config: Network(config["network"]))


# A small vocabulary: eighths, an octave, two metres.
FIXTURE_TOKENS = dict(ticks_per_quarter=320, grids=[{"from": 0, "to": 4, "steps": 2}], places="position",
                      micro_timing=None, velocities=None, durations=True, pitches=[60, 71],
                      time_signatures=[dict(beats=4, beat_type=4), dict(beats=3, beat_type=4)],
                      metre=dict(beats=4, beat_type=4))
FIXTURE_SIZES = dict(vocabulary=4 + 1 + 12 + 7 + 8 + 2, hidden=16, feed_forward=24, heads=4, head=6, latent=5,
                     encoder_layers=2, decoder_layers=3, rotary_base=10_000.0)
FIXTURE_LONGEST = 48


def fixture():
    network = Network(FIXTURE_SIZES).eval()
    tensors = fill_by_formula(network)
    generator = torch.Generator().manual_seed(7)
    tokens = torch.randint(BAR, FIXTURE_SIZES["vocabulary"], (37,), generator=generator)
    latent = torch.randn(FIXTURE_SIZES["latent"], generator=generator)
    latent = (latent * 1024).round() / 1024
    from_beginning = torch.cat([torch.tensor([BEGIN]), tokens])[None]
    with torch.no_grad():
        mean, log_variance = network.encoder(from_beginning)
        logits = network.decoder.logits(network.decoder(from_beginning, latent[None]))[0]
        varied = 8
        greedy = network.greedy(latent, FIXTURE_LONGEST, varied)
        ended = network.greedy(latent, FIXTURE_LONGEST)
        # Ties, or nearly so, would make equality a matter of rounding.
        full = torch.cat([torch.tensor([BEGIN]), torch.tensor(greedy)])[None, :-1]
        both = network.decoder.logits(network.decoder(full, latent[None]))[0]
        for k in range(FIXTURE_LONGEST):
            both[k, [END] + greedy[max(0, k - varied):k]] = -math.inf
        best = both.topk(2)
        assert best.indices[:, 0].tolist() == greedy
        closest = float((best.values[:, 0] - best.values[:, 1]).min())
    FIXTURES.mkdir(parents=True, exist_ok=True)
    numbers = dict(
        tensors=tensors, tokens=tokens.tolist(), latent=latent.tolist(),
        mean=rounded(mean), deviation=rounded((0.5 * log_variance).exp()), logits=rounded(logits),
        varied=varied, greedy=greedy, ended=ended, closest=round(closest, 6))
    (FIXTURES / "composer_numbers.json").write_text(json.dumps(numbers) + "\n")
    config = dict(network=FIXTURE_SIZES, tokens=FIXTURE_TOKENS, longest=FIXTURE_LONGEST)
    (FIXTURES / "composer_config.json").write_text(json.dumps(config) + "\n")
    print(f"closest choice {closest:.5f}; {len(set(greedy))} different tokens; {len(ended)} before the end; "
          f"{size(network)} numbers")


class Segments:
    """Segments of one to four bars, drawn from packed bars: every bar that has notes is as likely as any other
    to be the first of one."""

    POOL = 8
    BARS = [4, 4, 4, 4, 4, 3, 2, 1]

    def __init__(self, folder, name, longest, names):
        path = Path(folder) / f"{name}.safetensors"
        data = {n: t.numpy() for n, t in load_file(path).items()}
        self.tokens, self.bars, self.metres = data["tokens"], data["bars"], data["metres"]
        self.longest = longest
        pitches = [k for k, token in enumerate(names) if token.startswith("Pitch_")]
        self.lowest, self.highest = pitches[0], pitches[-1]
        is_pitch = (self.tokens >= self.lowest) & (self.tokens <= self.highest)
        before = np.concatenate([[0], np.cumsum(is_pitch)])
        notes = before[self.bars[1:]] - before[self.bars[:-1]]
        lengths = self.bars[1:] - self.bars[:-1]
        self.ends = np.repeat(data["runs"][1:], np.diff(data["runs"]))
        self.firsts = np.nonzero((notes > 0) & (lengths < longest))[0]
        if len(self.firsts) == 0:
            raise SystemExit(f"no bar of {path} has notes and at most {longest} tokens")
        self.pool = (None, None)

    def segment(self, first, bars):
        parts = []
        for k in range(first, first + bars):
            if k > first:
                parts.append([BAR])
            if k == first or self.metres[k] != self.metres[k - 1]:
                parts.append([self.metres[k]])
            parts.append(self.tokens[self.bars[k]:self.bars[k + 1]])
        return np.concatenate(parts).astype(np.int64)

    def one(self, random):
        first = int(self.firsts[random.integers(len(self.firsts))])
        bars = min(self.BARS[random.integers(8)], int(self.ends[first]) - first)
        tokens = self.segment(first, bars)
        while len(tokens) > self.longest and bars > 1:
            bars -= 1
            tokens = self.segment(first, bars)
        is_pitch = (tokens >= self.lowest) & (tokens <= self.highest)
        pitches = tokens[is_pitch]
        down, up = max(-6, self.lowest - pitches.min()), min(5, self.highest - pitches.max())
        tokens[is_pitch] += random.integers(down, up + 1)
        return tokens

    def draw(self, seed, step, batch, hidden):
        """What the encoder reads, what the decoder reads, what comes next: [batch, width] each. Neighbouring
        steps share a pool of segments, sorted by length so that there is little padding. Each segment hides a
        share of its own of the tokens that the decoder reads, 0 to twice `hidden`."""
        pool, place = divmod(step, self.POOL)
        if self.pool[0] != (seed, pool, batch):
            random = np.random.default_rng([seed, pool])
            drawn = sorted((self.one(random) for _ in range(batch * self.POOL)), key=len)
            order = random.permutation(self.POOL)
            self.pool = ((seed, pool, batch), [drawn[k * batch:(k + 1) * batch] for k in order])
        segments = self.pool[1][place]
        random = np.random.default_rng([seed, step, 1])
        width = max(map(len, segments)) + 1
        read, before, following = (np.full((batch, width), PAD, np.int64) for _ in range(3))
        for row, tokens in enumerate(segments):
            count = len(tokens)
            read[row, 0] = before[row, 0] = BEGIN
            read[row, 1:count + 1] = tokens
            is_hidden = random.random(count) < 2.0 * hidden * random.random()
            before[row, 1:count + 1] = np.where(is_hidden, MASK, tokens)
            following[row, :count], following[row, count] = tokens, END
        return tuple(torch.from_numpy(t) for t in (read, before, following))


def beta_at(along, a):
    """What KL counts at a place in the run, 0 to 1: 0 for the first fifth, then along a straight line for a fifth,
    then cosines of a tenth, each of which is at its height for its second half. The paper has 25,000 steps, 25,000
    and 10,000."""
    if along < 0.2:
        return 0.0
    if along < 0.4:
        return a.beta * (along - 0.2) / 0.2
    phase = (along - 0.4) / 0.1 % 1.0
    return a.beta * 0.5 * (1.0 - math.cos(math.pi * min(1.0, 2.0 * phase)))


@torch.no_grad()
def validate(network, valid, batch):
    """Means over the same segments every time: nats a token, share of tokens that were the likeliest, nats a
    token with the latent vectors of other segments, KL a segment, numbers of the latent vector in use."""
    nll = right = other = tokens = 0.0
    kl = 0.0
    torch.manual_seed(7)
    for k in range(Segments.POOL):
        read, before, following = valid.draw(10**6, k, batch, 0.0)
        sums, kls, hits, latent = network.parts(read, before, following)
        others, _ = network.negative_likelihood(before, following, latent.roll(1, 0))
        nll, right, other = nll + float(sums), right + hits, other + float(others)
        tokens, kl = tokens + int((following != PAD).sum()), kl + kls / Segments.POOL
    return nll / tokens, right / tokens, other / tokens, float(kl.sum()), int((kl > 0.05).sum())


def composer(a):
    folder = Path(a.segments)
    about = json.loads((folder / "tokens.json").read_text())
    tokens, longest, names = about["tokens"], about["longest"], about["names"]
    assert names[:5] == ["PAD_None", "BOS_None", "EOS_None", "MASK_None", "Bar_None"], names[:5]
    sizes = dict(vocabulary=len(names), hidden=a.hidden, feed_forward=a.feed_forward, heads=a.heads, head=a.head,
                 latent=a.latent, encoder_layers=a.encoder_layers, decoder_layers=a.decoder_layers,
                 rotary_base=10_000.0)

    def network_of(kept):
        return load_model(Path(a.start))[0] if a.start and kept is None else Network(kept or sizes)

    write = lambda network, model: write_model(network, dict(network=network.c, tokens=tokens, longest=longest), model)
    run = Run(a, network_of, write, a.minutes, a.all_minutes)
    network = run.network
    train, valid = (Segments(folder, name, longest, names) for name in ("segments", "segments_valid"))
    print(f"{len(train.firsts)} bars to begin with; {size(network)} parameters", flush=True)
    likelihoods, beta = [], 0.0

    def learn(_):
        nonlocal beta
        beta = beta_at(run.along(), a)
        batch = train.draw(a.seed, run.step, a.batch, a.hide)
        with torch.autocast("cpu", torch.bfloat16, enabled=a.bf16):
            loss, nll = network.loss(*batch, beta, a.free)
        likelihoods.append(nll)
        return loss

    def cells(train_loss, rate):
        nll, right, other, kl, in_use = validate(network, valid, a.batch)
        likelihood = sum(likelihoods) / len(likelihoods)
        likelihoods.clear()
        return (f"{train_loss:.4f},{likelihood:.4f},{nll:.4f},{right:.4f},{other:.4f},{kl:.2f},{in_use},{beta:.3f},"
                f"{rate:.2e}")

    columns = "train_loss,train_nll,valid_nll,valid_right,valid_other,valid_kl,in_use,beta,learning_rate"
    run.train(columns, learn, cells)


def bench(a):
    torch.set_num_threads(a.threads)
    network, config = load_model(Path(a.model))
    network.eval()
    latent = torch.randn(config["network"]["latent"], generator=torch.Generator().manual_seed(1))
    tokens = min(a.tokens, config["longest"])
    segment = torch.tensor([[BEGIN, *(BAR + 1 + k * 7919 % 80 for k in range(tokens))]])
    network.greedy(latent, 16, 1)
    with torch.no_grad():
        read = fastest(lambda: network.encoder(segment), 5)
    written = fastest(lambda: network.greedy(latent, tokens, 1), 5)
    print(json.dumps(dict(threads=a.threads, tokens=tokens, read_seconds=read, seconds=written)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="what", required=True)
    commands.add_parser("fixture")
    p = commands.add_parser("composer")
    p.add_argument("--segments", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--from", dest="start")
    # beta and free: 1 and .15 of the paper's Full-KL, .3 and .25 of Balanced-KL, 0 of No-KL.
    add_options(p, dict(steps=20_000, batch=12, hidden=128, feed_forward=352, heads=4, head=32, latent=96,
                        encoder_layers=3, decoder_layers=4, threads=1, seed=1, warm_up=150, validate_every=100),
                dict(learning_rate=3e-3, beta=0.3, free=0.25, hide=0.3, save_minutes=5.0))
    p.add_argument("--bf16", action="store_true", help="products in bfloat16, for processors that have it")
    p.add_argument("--minutes", type=float, help="save and stop after so many minutes")
    p.add_argument("--all-minutes", type=float,
                   help="the whole run takes so many minutes, over all its parts, and rate and beta go with them")
    p = commands.add_parser("bench")
    p.add_argument("model")
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--tokens", type=int, default=200)
    arguments = parser.parse_args()
    dict(fixture=lambda a: fixture(), composer=composer, bench=bench)[arguments.what](arguments)
