"""XMVAE's network in PyTorch (arXiv 2507.01582), re-implemented from the paper. No program of its own: `xmvae_torch.py`
trains it and writes the numbers that ours is checked against.

Two variational autoencoders over steps of sub-tokens, Metric steps (one a beat) and Note steps. The composer's
reads what is written and says one code a beat; the pianist's reads a performance and says a latent vector, the manner,
which holds what the score does not explain. `systems/xmvae/README.md` says what is ours in it.
"""

import torch
from torch import nn
from torch.nn import functional as F

from cadenza_torch import LARGEST_LOG_VARIANCE, Attention, FeedForward
from espressivo_torch import Norm, angles, turn

NOTE, METRIC, BOS, EOS = 1, 2, 3, 4
# How many values sub-tokens have, with 0, which is none.
SCORE = dict(family=5, position=25, pitch=89, duration=52)
PERFORMANCE = dict(beat_period=162, velocity=33, timing=42, articulation=82, pedal=6)
# Centre of the first bin of each performance value, and how far apart centres are: log2 of seconds a quarter over
# 0.5 s, MIDI velocity, seconds, log2 of played over written length, depth of the pedal.
FIRSTS = torch.tensor([-2.0, 1.5, -0.19, -3.975, 0.1])
STEPS = torch.tensor([0.025, 4.0, 0.0095, 0.075, 0.2])
BINS = torch.tensor([n - 1 for n in PERFORMANCE.values()])
# How far from what is expected is one, for the pianist's encoder, and how many of that at most.
SCALES = dict(beat_period=0.3, velocity=16.0, timing=0.05, articulation=1.0, pedal=0.4)
LARGEST_RESIDUAL = 4.0
STACKS = dict(composer_encoder=1, composer_decoder=2, score=2, manner=1, performance=2)
# A code is dead that was not chosen for so many steps of training.
DEAD_AFTER = 25
SIZES = dict(hidden=128, heads=4, head=32, feed_forward=352, code_width=64, codes=512, latent=64, sub_hidden=64,
             sub_heads=2, sub_feed_forward=176, sub_layers=1, layers=STACKS, features=144, rotary_base=10_000.0,
             window=256, steps=384, sub_token_decoder=True, beat_attention=True, line=True)


class BeatAttention(Attention):
    """Attention to rows of the same beat: beats of like length are gathered and attended at once, as most are short."""

    def forward(self, x, turns, groups):
        y = self.before(x)
        parts = [part(y).unflatten(-1, (-1, self.head)) for part in (self.query, self.key, self.value)]
        turns = [t[:, None] for t in turns]
        parts = torch.stack([turn(parts[0], *turns), turn(parts[1], *turns), parts[2]], 2).flatten(0, 1)
        found = x.new_zeros(len(parts), parts.shape[2] * self.head)
        for places, mask, slots, rows in groups:
            gathered = parts.index_select(0, places.flatten()).unflatten(0, places.shape)
            mixed = F.scaled_dot_product_attention(*gathered.permute(2, 0, 3, 1, 4).unbind(), attn_mask=mask)
            mixed = mixed.transpose(1, 2).flatten(2).flatten(0, 1).index_select(0, slots)
            found = found.index_copy(0, rows, mixed)
        return x + self.after(self.out(found.view(*x.shape[:2], -1)))


def groups_of(beats, is_causal):
    """Rows of beats of like length: where they lie among all rows [beats, longest], what they see of each other, and
    which of these places are true, and of which row. `beats` [batch, rows] are numbers of the beat within all."""
    own = beats[beats != PADDING]
    rows = (beats.flatten() != PADDING).nonzero().flatten()
    _, counts = own.unique_consecutive(return_counts=True)
    firsts = counts.cumsum(0) - counts
    groups, shortest = [], 0
    for longest in (4, 12, int(counts.max())):
        chosen = ((counts > shortest) & (counts <= longest)).nonzero().flatten()
        shortest = max(longest, shortest)
        if len(chosen) == 0:
            continue
        place = torch.arange(int(counts[chosen].max()), device=beats.device)
        true = place < counts[chosen, None]
        places = rows[(firsts[chosen, None] + place).clamp(max=len(rows) - 1)]
        seen = true[:, None, None, :]
        if is_causal:
            seen = seen & (place[None, :] <= place[:, None])
        slots = true.flatten().nonzero().flatten()
        groups.append((places, additive(seen).expand(-1, 1, len(place), -1), slots, places.flatten()[slots]))
    return groups


class Layer(nn.Module):
    """Attention to everything, attention within the beat (of a multiscale layer), feed-forward."""

    def __init__(self, c, is_multiscale, has_latent=False):
        super().__init__()
        if has_latent:
            self.latent = nn.Linear(c["latent"], c["hidden"], bias=False)
        self.attention = Attention(c)
        self.beat = BeatAttention(c) if is_multiscale else None
        self.forward_ = FeedForward(c)


class Sight:
    """What rows see of each other: `beats` [batch, rows] says which beat of its window each belongs to, and is
    negative for padding, which stands at the end."""

    def __init__(self, beats, c, is_causal=False):
        rows = beats.shape[1]
        self.turns = tuple(t.to(beats.device) for t in angles(rows, c["head"], c["rotary_base"]))
        self.is_causal, self.all, self.beat = is_causal, None, None
        used = beats != PADDING
        if not is_causal and not bool(used.all()):
            self.all = additive(used[:, None, None, :]).expand(-1, 1, rows, -1)
        if c["beat_attention"]:
            self.beat = groups_of(beats, is_causal)


PADDING = -9


def additive(seen):
    return torch.zeros(seen.shape, device=seen.device).masked_fill(~seen, -torch.inf)


class Stack(nn.Module):
    def __init__(self, c, name):
        super().__init__()
        layers = range(c["layers"][name])
        self.layers = nn.ModuleList(Layer(c, c["beat_attention"], name == "performance") for _ in layers)
        self.norm = Norm(c["hidden"])

    def forward(self, x, sight, latent=None):
        for layer in self.layers:
            if latent is not None:
                x = x + layer.latent(latent)[:, None]
            x = layer.attention(x, sight.turns, mask=sight.all, causal=sight.is_causal)
            if layer.beat is not None:
                x = layer.beat(x, sight.turns, sight.beat)
            x = layer.forward_(x)
        return self.norm(x)


def tables(names, width):
    return nn.ModuleDict({name: nn.Embedding(values, width) for name, values in names.items()})


def summed(embedding, steps):
    """Sum of the rows of sub-tokens [..., columns]."""
    return sum(table(steps[..., k]) for k, table in enumerate(embedding.values()))


class SubTokens(nn.Module):
    """Says the sub-tokens of a step, one after another, of the state of the step. Without it (ablation) each is
    said of the state alone."""

    def __init__(self, c, names):
        super().__init__()
        d = c["sub_hidden"]
        sub = dict(hidden=d, heads=c["sub_heads"], head=d // c["sub_heads"], feed_forward=c["sub_feed_forward"])
        self.is_plain, self.names = not c["sub_token_decoder"], list(names)
        if not self.is_plain:
            self.state = nn.Linear(c["hidden"], d, bias=False)
            self.embedding = tables(dict(list(names.items())[:-1]), d)
            self.layers = nn.ModuleList(Layer(sub, False) for _ in range(c["sub_layers"]))
            self.norm = Norm(d)
        self.out = nn.ModuleDict({n: nn.Linear(c["hidden"] if self.is_plain else d, s) for n, s in names.items()})
        self.turns = angles(len(names), sub["head"], c["rotary_base"])

    def run(self, x, first=0, kept=None):
        turns = tuple(t[first : first + x.shape[1]].to(x.device) for t in self.turns)
        for k, layer in enumerate(self.layers):
            x = layer.forward_(layer.attention(x, turns, causal=True, kept=kept[k] if kept is not None else None))
        return self.norm(x)

    def rows(self, states, tokens):
        """What each sub-token is said of: states [n, hidden] and the sub-tokens [n, columns], or the first few
        of them, to one [n, width] for each and one more."""
        if self.is_plain:
            return [states] * (tokens.shape[1] + 1)
        parts = [table(tokens[:, k]) for k, table in zip(range(tokens.shape[1]), self.embedding.values())]
        return self.run(torch.stack([self.state(states), *parts], 1)).unbind(1)

    def logits(self, rows, column):
        return self.out[self.names[column]](rows)


class Line(nn.Module):
    """Normal distributions from which what is played is told. Their middles are what a straight line through the
    features of a step says; it is fitted before training and stays (`xmvae_line.py`). The row that a sub-token is told
    from moves the middle, in deviations, and makes the distribution wider; its logits are added.

    All is told in eighths of the bins of a column, from the middle one on."""

    def __init__(self, c, width):
        super().__init__()
        self.names = list(PERFORMANCE)
        self.mean = nn.Linear(c["features"], len(PERFORMANCE)).requires_grad_(False)
        self.deviation = nn.Parameter(torch.zeros(len(PERFORMANCE)), requires_grad=False)
        self.moves = nn.ModuleDict({name: nn.Linear(width, 2) for name in PERFORMANCE})

    def said(self, batch):
        """What the line says of each step [batch, steps, 5]; of a beat the mean over its notes."""
        said = self.mean(batch.features)
        notes, beats = said[batch.is_note][:, 0], batch.beat_of_step[batch.is_note]
        empty = notes.new_zeros(int(batch.is_metric.sum()))
        sums = empty.index_add(0, beats, notes)
        counts = empty.index_add(0, beats, torch.ones_like(notes))
        said[..., 0][batch.is_metric] = torch.where(counts > 0, sums / counts.clamp(min=1), self.mean.bias[0])
        return said

    def forward(self, row, column, said):
        """What is added to logits [n, values] of a column: rows [n, width], and what the line says [n]."""
        name, deviation = self.names[column], self.deviation[column]
        further, wider = self.moves[name](row).unbind(-1)
        middle = said + deviation.exp() * further
        off = (eighths(PERFORMANCE[name] - 1).to(row.device) - middle[:, None])
        off = off / (deviation + wider.clamp(-WIDEST, WIDEST)).exp()[:, None]
        return F.pad(-0.5 * off.pow(2), (1, 0), value=NEVER)


def eighths(bins):
    """Where bins are, in eighths of all of them from the middle on."""
    return (torch.arange(bins) - (bins - 1) / 2) * (8 / bins)


# Most by which a row makes a distribution wider or narrower, a logarithm.
WIDEST = 2.0
# What is added to the logit of no value where there is one.
NEVER = -30.0


class Codebook(nn.Module):
    """Codes as moving averages of the rows that chose them (van den Oord and others, arXiv 1711.00937, appendix A)."""

    def __init__(self, c):
        super().__init__()
        self.register_buffer("weight", torch.randn(c["codes"], c["code_width"]))
        zeros = torch.zeros(c["codes"])
        for name, kept in dict(counts=zeros + 1, unused=zeros + DEAD_AFTER, sums=self.weight.clone(),
                               learned=torch.zeros(())).items():
            self.register_buffer(name, kept, persistent=False)

    def go_on(self):
        """Begins the averages at the codes, which are those of a model."""
        self.sums.copy_(self.weight)
        self.unused.zero_()
        self.learned.fill_(1000)

    def forward(self, rows):
        """The nearest code of each row."""
        distances = self.weight.pow(2).sum(1) - 2 * rows.float() @ self.weight.t()
        return distances.argmin(1)

    @torch.no_grad()
    def learn(self, rows, codes, decay):
        """Moves the codes to the rows that chose them, faster at first, when rows move fast, too; dead ones become
        rows of the batch."""
        self.learned += 1
        decay = min(decay, float((self.learned + 1) / (self.learned + 10)))
        chosen = F.one_hot(codes, len(self.weight)).to(rows.dtype)
        counts = chosen.sum(0)
        self.counts.lerp_(counts, 1 - decay)
        self.sums.lerp_(chosen.t() @ rows, 1 - decay)
        self.unused.add_(1).masked_fill_(counts > 0, 0)
        dead = (self.unused >= DEAD_AFTER).nonzero().flatten()
        if len(dead):
            drawn = rows[torch.randint(len(rows), (len(dead),)).to(rows.device)]
            self.sums[dead], self.counts[dead], self.unused[dead] = drawn, 1.0, 0.0
        total = self.counts.sum()
        smooth = (self.counts + 1e-5) / (total + len(self.counts) * 1e-5) * total
        self.weight.copy_(self.sums / smooth[:, None])


def begin(name, parameter):
    """Random weights. What a norm stands after begins at a fifth, tables at a tenth: every step of Adam moves all
    numbers as far, so small ones turn sooner, and layers add little at first. What tells values begins at a tenth, so
    that all are as likely, or as the line says."""
    if name.endswith(".bias"):
        # Posteriors begin narrow, so that the manner says something from the start.
        nn.init.constant_(parameter, -4.0 if "log_variance" in name else 0.0)
    elif name in ("line.mean.weight", "line.deviation"):
        nn.init.zeros_(parameter)
    elif name.endswith(".after.gamma"):
        nn.init.constant_(parameter, 0.2)
    elif "embedding" in name:
        nn.init.normal_(parameter, std=0.1 * (1.0 if "_sub" in name else len(SCORE) ** -0.5))
    elif parameter.dim() == 2:
        is_before_norm = name.endswith((".attention.out.weight", ".beat.out.weight", ".down.weight"))
        is_telling = "log_variance" in name or "_sub.out." in name or name.startswith("line.")
        share = 0.2 if is_before_norm else 0.1 if is_telling else 1.0
        nn.init.normal_(parameter, std=share * parameter.shape[1] ** -0.5)


class Network(nn.Module):
    """The network of the sizes `c`, which are those of `config.json`."""

    def __init__(self, c):
        super().__init__()
        self.c = c
        d = c["hidden"]
        narrow = lambda into, out: nn.Linear(into, out, bias=False)
        self.composer = nn.Module()
        self.composer.embedding = tables(SCORE, d)
        for name in STACKS:
            setattr(self, name, Stack(c, name))
        self.composer_encoder.code = narrow(d, c["code_width"])
        self.codebook = Codebook(c)
        self.composer_decoder.code = narrow(c["code_width"], d)
        self.score.embedding = tables(SCORE, d)
        self.score.features, self.score.code = narrow(c["features"], d), narrow(c["code_width"], d)
        self.manner.values = narrow(2 * len(PERFORMANCE), d)
        self.manner.mean, self.manner.log_variance = nn.Linear(d, c["latent"]), nn.Linear(d, c["latent"])
        self.score_sub = SubTokens(c, SCORE | dict(code=c["codes"] + 1))
        self.performance_sub = SubTokens(c, PERFORMANCE)
        self.line = Line(c, c["sub_hidden"] if c["sub_token_decoder"] else d) if c.get("line") else None
        scales = torch.tensor(list(SCALES.values()))
        for name, values in dict(scales=scales, firsts=FIRSTS, steps=STEPS, bins=BINS).items():
            self.register_buffer(name, values, persistent=False)
        for name, parameter in self.named_parameters():
            begin(name, parameter)

    def codes_of(self, batch):
        """What the composer's encoder says of each beat of all windows [beats, code_width], before it is one of the
        codes."""
        rows = self.composer_encoder(summed(self.composer.embedding, batch.score), batch.sight(self.c))
        return self.composer_encoder.code(rows[batch.is_metric])

    def composed(self, batch, codes):
        """States that say each step and the one after the last: codes as vectors [beats, code_width] to [batch,
        steps + 1, hidden]."""
        bos = torch.tensor([BOS, 0, 0, 0], device=codes.device).expand(len(batch.score), 1, -1)
        steps = torch.cat([bos, batch.score], 1)
        of_steps = self.composer_decoder.code(codes)[batch.beat_of_step]
        rows = summed(self.composer.embedding, steps) + F.pad(of_steps, (0, 0, 1, 0))
        return self.composer_decoder(rows, batch.sight(self.c, is_writing=True))

    def read(self, batch):
        """The pianist's rows of what is written [batch, steps, hidden]."""
        with torch.no_grad():
            codes = self.codebook.weight[self.codebook(self.codes_of(batch))]
        x = summed(self.score.embedding, batch.score) + self.score.features(batch.features)
        return self.score(x + self.score.code(codes)[batch.beat_of_step], batch.sight(self.c))

    def played(self, rows, batch, latent=None):
        """States of the steps, played in a manner [batch, latent], or in that of nobody."""
        return self.performance(rows, batch.sight(self.c), latent)

    def expected(self, logits, column):
        """Mean of a performance value of logits [n, values], in its unit."""
        centres = self.firsts[column] + self.steps[column] * torch.arange(int(self.bins[column]), device=logits.device)
        return logits[:, 1:].float().softmax(-1) @ centres

    def tokens(self, values, column):
        """Sub-tokens of performance values; 0 of NaN."""
        nearest = ((values - self.firsts[column]) / self.steps[column]).round()
        return torch.where(values.isnan(), 0, 1 + nearest.nan_to_num().clamp(min=0).minimum(self.bins[column]-1)).long()

    def of_line(self, batch, which):
        """What the line says of some steps of a batch [n, 5], if there is one."""
        return None if self.line is None else self.line.said(batch)[which]

    def logits(self, row, column, of_line):
        """Logits [n, values] of a value that is played: rows [n, width], and what the line says of the steps [n, 5]."""
        logits = self.performance_sub.logits(row, column).float()
        return logits if self.line is None else logits + self.line(row, column, of_line[:, column])

    def expect(self, states, batch):
        """The performance that is expected of states: [batch, steps, 5], 0 where a value does not apply."""
        sub, notes, of_line = self.performance_sub, states[batch.is_note], self.of_line(batch, batch.is_note)
        none = notes.new_zeros(len(notes), dtype=torch.long)
        metrics = states[batch.is_metric]
        of_beats = sub.rows(metrics, none.new_zeros(len(metrics), 0))[0]
        if not sub.is_plain:
            kept = [{} for _ in sub.layers]
            sub.run(sub.state(notes)[:, None], 0, kept)
        values, token = [torch.zeros(len(notes), device=notes.device)], none
        for column, name in enumerate(sub.names[1:], 1):
            row = notes
            if not sub.is_plain:
                row = sub.run(sub.embedding[sub.names[column - 1]](token)[:, None], column, kept)[:, 0]
            values.append(self.expected(self.logits(row, column, of_line), column))
            token = self.tokens(values[-1], column)
        found = states.new_zeros(*states.shape[:2], len(PERFORMANCE), dtype=torch.float32)
        found[batch.is_note] = torch.stack(values, -1)
        logits = self.logits(of_beats, 0, self.of_line(batch, batch.is_metric))
        found[..., 0][batch.is_metric] = self.expected(logits, 0)
        return found

    def posterior(self, rows, batch):
        """Mean and logarithm of variance of the manner of each window [batch, latent]."""
        with torch.no_grad():
            expected = self.expect(self.played(rows, batch), batch)
            known = ~batch.values.isnan()
            residuals = ((batch.values - expected) / self.scales).nan_to_num(0.0)
            residuals = residuals.clamp(-LARGEST_RESIDUAL, LARGEST_RESIDUAL)
        x = rows + self.manner.values(torch.cat([residuals, known.to(residuals.dtype)], -1))
        used = batch.is_used[..., None].to(rows.dtype)
        mean = (self.manner(x, batch.sight(self.c)) * used).sum(1) / used.sum(1)
        log_variance = self.manner.log_variance(mean).float()
        return self.manner.mean(mean).float(), log_variance.clamp(-LARGEST_LOG_VARIANCE, LARGEST_LOG_VARIANCE)


class Batch:
    """Windows, padded at their ends: `score` [batch, steps, 4] sub-tokens, and of performances `values` [batch,
    steps, 5] (NaN where one is unknown or does not apply) and `features` [batch, steps, features]. `ends` [batch]
    says which windows end with their piece."""

    def __init__(self, score, values=None, features=None, ends=None):
        self.score, self.values, self.features, self.ends = score, values, features, ends
        self.is_note, self.is_metric = score[..., 0] == NOTE, score[..., 0] == METRIC
        self.is_used = score[..., 0] > 0
        # Which of all beats of the batch each step belongs to; padding to the last one before it.
        self.beat_of_step = self.is_metric.flatten().cumsum(0).view(score.shape[:2]) - 1
        self.beats = self.beat_of_step.masked_fill(~self.is_used, PADDING)
        self.sights = {}

    def to(self, device):
        if torch.device(device) == self.score.device:
            return self
        parts = (self.score, self.values, self.features, self.ends)
        return Batch(*(part if part is None else part.to(device) for part in parts))

    def sight(self, c, is_writing=False):
        if is_writing not in self.sights:
            beats = F.pad(self.beats, (1, 0), value=-1) if is_writing else self.beats
            self.sights[is_writing] = Sight(beats, c, is_writing)
        return self.sights[is_writing]

    def targets(self, codes):
        """Score sub-tokens of each step and the one after the last, 0 where none applies: [batch, steps + 1, 5]."""
        of_beats = torch.where(self.is_metric, codes[self.beat_of_step] + 1, 0)
        targets = F.pad(torch.cat([self.score, of_beats[..., None]], -1), (0, 0, 0, 1))
        if self.ends is not None:
            rows = self.ends.nonzero().flatten()
            targets[rows, self.is_used[rows].sum(1), 0] = EOS
        return targets
