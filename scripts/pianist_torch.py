"""The Pianist Transformer's network in PyTorch: the twin that ours is checked against and trained with.

    python scripts/pianist_torch.py fixture   # writes systems/pianist-transformer/tests/fixtures/*
    python scripts/pianist_torch.py train --stage pretrain --tokens DIR --out DIR [sizes]
    python scripts/pianist_torch.py train --stage tune --tokens DIR --from MODEL --out DIR
    python scripts/pianist_torch.py bench MODEL   # notes per second of greedy decoding, the best of three runs

`espressivo data tokens` makes the tokens. Weights are stored under Burn's names and in Burn's layout
([input, output] for linear layers), so a model folder written here is one that the app plays. Tokens of
notes are [notes, 8]: pitch, ms since the onset before, velocity, duration in ms, four values of the
sustain pedal (*Pianist Transformer*, arXiv 2512.02652, section 3.1). With `--guidance score` the decoder is told
which note it plays and chooses times on ladders; `systems/pianist-transformer/README.md` says how.
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

FIXTURES = ROOT / "systems" / "pianist-transformer" / "tests" / "fixtures"
SLOTS, VOCABULARY, MASK, BOS = 8, 5389, 1, 2
# What can stand at each place of a note.
RANGES = [(5, 133), (261, 5252), (133, 261), (261, 5261)] + [(5261, 5389)] * 4
# Steps of a ladder of times, and where its first row is among those of all ladders: the time between onsets
# that are apart, together or hidden, the duration that is told or hidden.
STEPS, APART, TOGETHER, HIDDEN_IOI, TOLD, HIDDEN_DURATION = 128, 0, 1, 2, 3, 4
# Steps along the ratio of a time to the expected one begin at 2^(k / 16 - 5), in 65536ths; those of a time of
# which nothing is expected are 1 ms wide up to 32 ms, and then twelve an octave.
RATIOS = torch.tensor([round(2.0 ** (k / 16 - 5) * 65536) for k in range(1, STEPS)])
PLAIN = torch.tensor([k if k <= 32 else math.ceil(32 * 2.0 ** ((k - 32) / 12)) for k in range(1, STEPS)])
# Pace is that of so many notes, and of so many ms in time.
PACE_NOTES, PACE_MS, LONGEST_EXPECTED_MS = 64, 250, 20_000
TIMES = {1: 0, 3: 1}


def ladders(read, written):
    """For IOI and duration of notes [..., notes, 8]: which ladder each is told on, which step the written one
    is on [..., notes, 2] and where the steps begin and the last one ends, in ms [..., notes, 2, STEPS + 1].

    A time is expected to be what is read of it at the pace of the notes before: the sum of their written IOIs
    over that of those that were read. All of it in whole numbers, so that it is the same everywhere."""
    first = RANGES[1][0]
    is_told = read[..., 1] >= first
    told = lambda tokens: F.pad(torch.where(is_told, tokens[..., 1] - first, 0).cumsum(-1), (1, 0))
    places = torch.arange(read.shape[-2])
    since = (places - PACE_NOTES).clamp(min=0)
    played, literal = (t[..., places] - t[..., since] + PACE_MS for t in (told(written), told(read)))
    kinds, edges, values = [], [], []
    for slot, told_as, hidden_as in [(1, APART, HIDDEN_IOI), (3, TOLD, HIDDEN_DURATION)]:
        ms = read[..., slot] - first
        kind = torch.where(ms < 0, hidden_as, told_as)
        if slot == 1:
            kind = torch.where(ms == 0, TOGETHER, kind)
        expected = torch.div(ms * played, literal, rounding_mode="floor").clamp(1, LONGEST_EXPECTED_MS)
        steps = (expected[..., None] * RATIOS + 65535) >> 16
        steps = torch.where((kind == told_as)[..., None], steps, PLAIN)
        end = RANGES[slot][1] - first
        edges.append(F.pad(F.pad(steps, (1, 0), value=0), (0, 1), value=end).clamp(max=end))
        kinds.append(kind), values.append(written[..., slot] - first)
    edges, values = torch.stack(edges, -2), torch.stack(values, -1)
    return torch.stack(kinds, -1), (edges[..., 1:-1] <= values[..., None]).sum(-1), edges


class Attention(nn.Module):
    def __init__(self, c):
        super().__init__()
        d, self.head = c["hidden"], c["head"]
        wide, narrow = c["heads"] * self.head, c["key_value_heads"] * self.head
        self.group = c["heads"] // c["key_value_heads"]
        self.before, self.after = Norm(d), Norm(d)
        self.query = nn.Linear(d, wide, bias=False)
        self.key = nn.Linear(d, narrow, bias=False)
        self.value = nn.Linear(d, narrow, bias=False)
        self.out = nn.Linear(wide, d, bias=False)

    def heads(self, x):
        return x.unflatten(-1, (-1, self.head)).transpose(1, 2)

    def forward(self, x, other=None, turns=None, causal=False, mask=None, kept=None):
        y = self.before(x)
        query = self.heads(self.query(y))
        if kept is not None and other is not None and "key" in kept:
            key, value = kept["key"], kept["value"]
        else:
            source = y if other is None else other
            key, value = self.heads(self.key(source)), self.heads(self.value(source))
            if turns is not None:
                query, key = turn(query, *turns), turn(key, *turns)
            if kept is not None:
                if other is None and "key" in kept:
                    key, value = torch.cat([kept["key"], key], 2), torch.cat([kept["value"], value], 2)
                kept["key"], kept["value"] = key, value
        if self.group > 1:
            key, value = (t.repeat_interleave(self.group, 1) for t in (key, value))
        causal = causal and query.shape[2] > 1
        # In half precision this is many times slower on processors than in single.
        with torch.autocast("cpu", enabled=False):
            query, key, value = query.float(), key.float(), value.float()
            y = F.scaled_dot_product_attention(query, key, value, attn_mask=mask, is_causal=causal)
        return x + self.after(self.out(y.transpose(1, 2).flatten(2)))


class FeedForward(nn.Module):
    """Gated feed-forward; `dropout` is the share of its activations that training drops."""

    def __init__(self, c, dropout):
        super().__init__()
        d, wide = c["hidden"], c["feed_forward"]
        self.before, self.after = Norm(d), Norm(d)
        self.gate = nn.Linear(d, wide, bias=False)
        self.up = nn.Linear(d, wide, bias=False)
        self.down = nn.Linear(wide, d, bias=False)
        self.drop = nn.Dropout(dropout)

    def forward(self, x):
        y = self.before(x)
        return x + self.after(self.down(self.drop(F.silu(self.gate(y)) * self.up(y))))


class Layer(nn.Module):
    def __init__(self, c, is_decoder, dropout):
        super().__init__()
        self.attention = Attention(c)
        if is_decoder:
            self.cross = Attention(c)
        self.forward_ = FeedForward(c, dropout)


class Encoder(nn.Module):
    def __init__(self, c, dropout):
        super().__init__()
        d = c["hidden"]
        self.embedding = nn.Embedding(VOCABULARY, d)
        self.slots = nn.ModuleList(nn.Linear(d, d // SLOTS) for _ in range(SLOTS))
        self.layers = nn.ModuleList(Layer(c, False, dropout) for _ in range(c["encoder_layers"]))
        self.norm = Norm(d)
        self.c = c

    def forward(self, tokens, mask=None):
        """[batch, notes, 8] to [batch, notes, hidden]."""
        x = self.embedding(tokens)
        x = torch.cat([slot(x[:, :, k]) for k, slot in enumerate(self.slots)], -1) * math.sqrt(self.c["hidden"])
        turns = angles(tokens.shape[1], self.c["head"], self.c["rotary_base"])
        for layer in self.layers:
            x = layer.forward_(layer.attention(x, turns=turns, mask=mask))
        return self.norm(x)


class Decoder(nn.Module):
    def __init__(self, c, dropout):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, c["hidden"])
        self.layers = nn.ModuleList(Layer(c, True, dropout) for _ in range(c["decoder_layers"]))
        self.norm = Norm(c["hidden"])
        self.c = c
        if is_guided(c):
            self.guide = nn.Linear(c["hidden"], c["hidden"], bias=False)
            self.place_embedding = nn.Embedding(SLOTS, c["hidden"])
            self.ratio_embedding = nn.Embedding(5 * STEPS, c["hidden"])

    def rows(self, tokens, at=None, notes=None, slots=None):
        """Rows of tokens [batch, tokens]. A guided decoder also gets where times are on their ladders, `at`
        (-1 for other tokens), what the encoder made of the note that comes next, and its slot."""
        x = self.embedding(tokens)
        if at is not None:
            ratios = self.ratio_embedding(at.clamp(min=0)) * (at >= 0)[..., None]
            x = x + ratios + self.place_embedding(slots)
            return x * math.sqrt(self.c["hidden"]) + self.guide(notes)
        return x * math.sqrt(self.c["hidden"])

    def forward(self, x, encoded, mask=None, kept=None, first=0):
        """What follows each token, of which `x` are the rows: [batch, tokens, hidden] to the same."""
        turns = angles(first + x.shape[1], self.c["head"], self.c["rotary_base"])
        turns = tuple(t[first:] for t in turns)
        for k, layer in enumerate(self.layers):
            own, other = kept[k] if kept is not None else (None, None)
            x = layer.attention(x, turns=turns, causal=True, kept=own)
            x = layer.forward_(layer.cross(x, other=encoded, mask=mask, kept=other))
        return self.norm(x)

    def logits(self, hidden, slot):
        first, end = RANGES[slot]
        return hidden @ self.embedding.weight[first:end].t()

    def steps(self, hidden, kind):
        """Logits of the steps of a ladder."""
        return hidden @ self.ratio_embedding.weight[kind * STEPS:(kind + 1) * STEPS].t()

    def times(self, hidden, kind, edges):
        """Logits of all times in ms: those of a step share its chance evenly."""
        widths = edges.diff()
        rows = self.steps(hidden, kind) - widths.clamp(min=1).log()
        return rows.repeat_interleave(widths)


def neighbourly(width):
    """Embeddings [tokens, width] of a new network, of variance 1 / width: tokens of neighbouring values begin
    alike, so that what is learned of 500 ms is learned of 501 ms. Each column is a cosine along the values
    (along the logarithm of times) with a period of its own, and a little of each row is its own."""
    rows = torch.randn(VOCABULARY, width)
    times = torch.log1p(torch.arange(5000) / 10)
    for first, values, shortest, longest in [
        (5, torch.arange(128.0), 4.0, 256.0),
        (133, torch.arange(128.0), 8.0, 256.0),
        (261, times, 0.15, 12.0),
        (5261, torch.arange(128.0), 16.0, 256.0),
    ]:
        periods = shortest * (longest / shortest) ** torch.rand(width)
        turns = values[:, None] / periods + torch.rand(width)
        waves = math.sqrt(2) * torch.cos(2 * math.pi * turns)
        end = first + len(values)
        rows[first:end] = math.sqrt(0.95) * waves + math.sqrt(0.05) * rows[first:end]
    return rows * width**-0.5


def wave_steps(width):
    """The same for the steps of ladders [5 * STEPS, width]."""
    rows = torch.randn(5 * STEPS, width)
    periods = 8.0 * 64.0 ** torch.rand(width)
    turns = torch.arange(float(STEPS)).repeat(5)[:, None] / periods + torch.rand(width)
    waves = math.sqrt(2) * torch.cos(2 * math.pi * turns)
    return (math.sqrt(0.95) * waves + math.sqrt(0.05) * rows) * width**-0.5


def is_guided(c):
    return c.get("guidance", "none") == "score"


class Network(nn.Module):
    """The network of the sizes `c`, which are those of `config.json`."""

    def __init__(self, c, dropout=0.0):
        super().__init__()
        self.c = c
        self.encoder, self.decoder = Encoder(c, dropout), Decoder(c, dropout)
        for name, parameter in self.named_parameters():
            if name.endswith(".embedding.weight"):
                with torch.no_grad():
                    parameter.copy_(neighbourly(c["hidden"]))
            elif name.endswith("ratio_embedding.weight"):
                with torch.no_grad():
                    parameter.copy_(wave_steps(c["hidden"]))
            elif name.endswith(".bias"):
                nn.init.zeros_(parameter)
            elif parameter.dim() == 2:
                nn.init.normal_(parameter, std=parameter.shape[1] ** -0.5)

    def forward(self, read, written, on=None):
        """Hidden rows before each written token: notes [batch, notes, 8] to [batch, notes, 8, hidden]. `on` is
        what `ladders` says."""
        batch, notes, _ = written.shape
        before = F.pad(written.flatten(1)[:, :-1], (1, 0), value=BOS)
        encoded = self.encoder(read)
        if is_guided(self.c):
            kinds, steps, _ = ladders(read, written) if on is None else on
            at = torch.full_like(written, -1)
            for slot, k in TIMES.items():
                at[..., slot] = kinds[..., k] * STEPS + steps[..., k]
            at = F.pad(at.flatten(1)[:, :-1], (1, 0), value=-1)
            x = self.decoder.rows(before, at, encoded.repeat_interleave(SLOTS, 1), torch.arange(SLOTS).repeat(notes))
        else:
            x = self.decoder.rows(before)
        return self.decoder(x, encoded).unflatten(1, (notes, SLOTS))

    def loss(self, read, written, weight):
        """Mean cross entropy per slot; `weight` [batch, notes, 8] says which tokens count."""
        on = ladders(read, written) if is_guided(self.c) else None
        hidden = self(read, written, on)
        sums = []
        for slot, (first, _) in enumerate(RANGES):
            chosen = weight[:, :, slot] > 0
            count = float(chosen.sum())
            rows = hidden[:, :, slot][chosen]
            if count == 0:
                sums.append((torch.zeros(()), 0.0))
            elif on is not None and slot in TIMES:
                k = TIMES[slot]
                sums.append((self.loss_of_times(rows, *(t[:, :, k][chosen] for t in on)), count))
            else:
                target = written[:, :, slot][chosen] - first
                sums.append((F.cross_entropy(self.decoder.logits(rows, slot).float(), target, reduction="sum"), count))
        total = sum(count for _, count in sums)
        return sum(s for s, _ in sums) / max(total, 1.0), [float(s.detach()) / max(n, 1.0) for s, n in sums]

    def loss_of_times(self, rows, kinds, steps, edges):
        """Sum of the cross entropies of times in ms, told by the steps that they are on."""
        total, widths = torch.zeros(()), edges.diff()
        for kind in kinds.unique().tolist():
            of = kinds == kind
            logits = self.decoder.steps(rows[of], kind).masked_fill(widths[of] == 0, -math.inf)
            total = total + F.cross_entropy(logits.float(), steps[of], reduction="sum")
        return total + widths.gather(1, steps[:, None]).float().log().sum()

    @torch.no_grad()
    def greedy(self, literal, prefix=0):
        """Tokens of notes [notes, 8] with the pitches of `literal`; the first `prefix` notes are its own, and
        the time before the first note is, too: the network has not learned what comes after nothing."""
        encoded = self.encoder(literal[None])
        kept = [({}, {}) for _ in self.decoder.layers]
        guided, first, hidden, ladder = is_guided(self.c), 0, None, None
        # What is not played yet does not count in what is asked of it.
        out = literal.clone()

        def hear(token):
            nonlocal first, hidden, ladder
            rows = [torch.tensor([[token]])]
            if guided:
                note, slot = divmod(first, SLOTS)
                at, of = -1, (first - 1) % SLOTS
                if first > 0 and of in TIMES:
                    kinds, edges = ladder
                    step = int((edges[TIMES[of], 1:-1] <= token - RANGES[1][0]).sum())
                    at = int(kinds[TIMES[of]]) * STEPS + step
                if slot == 0:
                    since = slice(max(0, note - PACE_NOTES), note + 1)
                    kinds, _, edges = ladders(literal[since], out[since])
                    ladder = kinds[-1], edges[-1]
                rows += [torch.tensor([[at]]), encoded[:, note:note + 1], torch.tensor([[slot]])]
            hidden = self.decoder(self.decoder.rows(*rows), encoded, kept=kept, first=first)[0, -1]
            first += 1

        # More than one new token over kept ones would need a mask: one by one.
        waiting = [BOS] + literal[:prefix].flatten().tolist()
        for note in range(prefix, literal.shape[0]):
            waiting.append(int(out[note, 0]))
            for slot in range(1, SLOTS):
                for token in waiting:
                    hear(token)
                if note > 0 or slot > 1:
                    least = {1: 5 if literal[note, 1] > RANGES[1][0] else 0, 2: 1, 3: 1}.get(slot, 0)
                    logits = self.spread(hidden, slot, ladder)[least:]
                    out[note, slot] = RANGES[slot][0] + least + int((logits == logits.max()).nonzero()[0])
                waiting = [int(out[note, slot])]
        return out

    def spread(self, hidden, slot, ladder):
        """Logits of all tokens that can stand at a slot; `ladder` has the kinds and edges of the note."""
        if ladder is None or slot not in TIMES:
            return self.decoder.logits(hidden, slot)
        kinds, edges = ladder
        return self.decoder.times(hidden, int(kinds[TIMES[slot]]), edges[TIMES[slot]])


def load_model(folder, dropout=0.0):
    # Older models have the dropout of their training among their sizes.
    sizes = lambda config: {name: size for name, size in config["network"].items() if name != "dropout"}
    network, config = read_model(folder, lambda config: Network(sizes(config), dropout))
    return network, config["playing"]


def music(notes, generator):
    """Tokens that look like a literal score."""
    draw = lambda low, high: torch.randint(low, high, (notes,), generator=generator)
    chord = (torch.rand(notes, generator=generator) < 0.3).long()
    ioi = (1 - chord) * 125 * draw(1, 5)
    columns = [5 + draw(36, 90), 261 + ioi, 133 + draw(40, 90), 261 + 125 * draw(1, 8)] + [5261 + 0 * ioi] * 4
    return torch.stack(columns, 1)


def windows_of(notes):
    """Two fifths of a window overlap with the one before, and a tenth is played in the next one."""
    return dict(window=notes, prefix=(2 * notes + 2) // 5, lookahead=(notes + 5) // 10)


FIXTURE_SIZES = dict(hidden=16, feed_forward=24, heads=4, key_value_heads=2, head=6, encoder_layers=2,
                     decoder_layers=2, rotary_base=10_000.0)


def fixture():
    write_fixture(FIXTURES, dict(FIXTURE_SIZES))
    write_fixture(FIXTURES / "guided", dict(FIXTURE_SIZES, guidance="score"))


def write_fixture(folder, sizes):
    generator = torch.Generator().manual_seed(7)
    network = Network(sizes).eval()
    tensors = fill_by_formula(network)
    literal = music(64, generator)
    written = music(20, generator)
    written[:, 4:] = 5261 + torch.randint(0, 128, (20, 4), generator=generator)
    with torch.no_grad():
        encoded = network.encoder(literal[None, :20])
        logits = logits_of(network, literal[:20], written)
        greedy = network.greedy(literal)
        # Ties, or nearly so, would make equality a matter of rounding.
        closest = math.inf
        full = logits_of(network, literal, greedy)
        for slot in range(1, SLOTS):
            # The first time between onsets is the score's.
            for note in range(1 if slot == 1 else 0, 64):
                least = {1: 5 if literal[note, 1] > 261 else 0, 2: 1, 3: 1}.get(slot, 0)
                # All ms of a step are equally likely, and the first of them is chosen.
                best = full[slot][note][least:].unique()[-2:]
                closest = min(closest, float(best[1] - best[0]))
                chosen = int(greedy[note, slot]) - RANGES[slot][0]
                assert float(full[slot][note][least:].max() - full[slot][note][chosen]) < 1e-5
    folder.mkdir(parents=True, exist_ok=True)
    numbers = dict(
        tensors=tensors,
        literal=literal.flatten().tolist(), written=written.flatten().tolist(), read=20,
        encoded=rounded(encoded), logits={str(k): rounded(torch.stack(v)[::5, ::97]) for k, v in logits.items()},
        greedy=greedy.flatten().tolist(), closest=round(closest, 6))
    (folder / "numbers.json").write_text(json.dumps(numbers) + "\n")
    playing = dict(windows_of(512), chords="lowest-first")
    (folder / "config.json").write_text(json.dumps(dict(network=sizes, playing=playing)) + "\n")
    print(f"closest choice {closest:.5f}; {size(network)} numbers")


def logits_of(network, read, written):
    """Logits of each slot but the pitch, a row a note."""
    hidden = network(read[None], written[None])[0]
    kinds, _, edges = ladders(read, written)
    of = lambda note: (kinds[note], edges[note]) if is_guided(network.c) else None
    row = lambda slot, note: network.spread(hidden[note, slot], slot, of(note))
    return {slot: [row(slot, note) for note in range(len(read))] for slot in range(1, SLOTS)}


class Corpus:
    """Streams of packed tokens, drawn from in proportion to their lengths."""

    def __init__(self, path, window, stage):
        data = load_file(path)
        self.window, self.stage = window, stage
        self.read = data["read"]
        self.written, self.counts = data.get("written", data["read"]), data.get("counts")
        starts = data["starts"].long()
        places = (starts[1:] - starts[:-1] - window + 1).clamp(min=0)
        if (self.counts is None) == (stage == "tune"):
            raise SystemExit(f"{path} holds tokens of another stage")
        if int(places.sum()) == 0:
            raise SystemExit(f"no stream of {path} has {window} notes")
        self.first, self.places, self.quantised = starts[:-1], places.cumsum(0), data["quantised"]

    def draw(self, batch, generator, mask_share, blind):
        """Windows, each as likely as any other; streams shorter than one are left out. Pre-training hides a
        share of the tokens, and of a share `blind` of the windows all but pitches and times between onsets,
        which is nearly what a score says."""
        read, written, weight = [], [], []
        for _ in range(batch):
            place = int(torch.randint(0, int(self.places[-1]), (), generator=generator))
            stream = int(torch.searchsorted(self.places, place, right=True))
            first = int(self.first[stream]) + place - (int(self.places[stream - 1]) if stream else 0)
            rows = slice(first, first + self.window)
            r, w = self.read[rows].long(), self.written[rows].long()
            if self.stage == "pretrain":
                if self.quantised[stream]:
                    w = jitter(w, generator)
                hidden = torch.rand(w.shape, generator=generator) < mask_share
                if float(torch.rand((), generator=generator)) < blind:
                    hidden[:, 2:] = True
                r, counts = torch.where(hidden, MASK, w), hidden.float()
            else:
                counts = self.counts[rows].float()
            read.append(r), written.append(w), weight.append(counts)
        return torch.stack(read), torch.stack(written), torch.stack(weight)


def jitter(tokens, generator):
    """Takes coarsely quantised values off their grid: velocities by -2 to 2, times by -4 to 5 ms, as the
    published program does with Aria-MIDI."""
    tokens = tokens.clone()
    for slot, (low, high) in {1: (-4, 6), 2: (-2, 3), 3: (-4, 6)}.items():
        first, end = RANGES[slot]
        moved = tokens[:, slot] + torch.randint(low, high, (len(tokens),), generator=generator)
        # Chords stay chords.
        moved = torch.where(tokens[:, slot] > first, moved, tokens[:, slot])
        tokens[:, slot] = moved.clamp(first, end - 1)
    return tokens


def train(a):
    sizes = dict(hidden=a.hidden, feed_forward=a.feed_forward, heads=a.heads, key_value_heads=a.key_value_heads,
                 head=a.head, encoder_layers=a.encoder_layers, decoder_layers=a.decoder_layers,
                 rotary_base=10_000.0, guidance=a.guidance)
    # It plays as it is trained, whatever it starts from.
    playing = dict(windows_of(a.window), chords="highest-first")

    def network_of(kept):
        from_model = a.start and kept is None
        return load_model(Path(a.start), a.dropout)[0] if from_model else Network(kept or sizes, a.dropout)

    write = lambda network, folder: write_model(network, dict(network=network.c, playing=playing), folder)
    run = Run(a, network_of, write, a.minutes, a.all_minutes, fused=True)
    network = run.network
    print(f"{size(network)} parameters", flush=True)
    tokens = Path(a.tokens)
    corpus = Corpus(tokens / f"{a.stage}.safetensors", a.window, a.stage)
    valid = Corpus(tokens / f"{a.stage}_valid.safetensors", a.window, a.stage)

    def learn(generator):
        with torch.autocast("cpu", torch.bfloat16, enabled=a.half):
            return network.loss(*corpus.draw(a.batch, generator, a.mask, a.blind))[0]

    @torch.no_grad()
    def validate(train_loss, rate):
        draws = [valid.draw(a.batch, torch.Generator().manual_seed(10**6 + k), a.mask, a.blind) for k in range(8)]
        losses = [network.loss(*draw) for draw in draws]
        mean = sum(float(l) for l, _ in losses) / 8
        slots = [sum(s[k] for _, s in losses) / 8 for k in range(SLOTS)]
        slots = slots[:4] + [sum(slots[4:]) / 4]
        return f"{train_loss:.4f},{mean:.4f},{rate:.2e}," + ",".join(f"{s:.4f}" for s in slots)

    run.train("train_loss,valid_loss,learning_rate,pitch,ioi,velocity,duration,pedal", learn, validate)


def bench(a):
    torch.set_num_threads(a.threads)
    network, _ = load_model(Path(a.model))
    literal = music(a.notes, torch.Generator().manual_seed(1))
    network.eval().greedy(literal[:16])
    secs = fastest(lambda: network.greedy(literal), 3)
    print(json.dumps(dict(threads=a.threads, notes=a.notes, notes_per_second=a.notes / secs)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="what", required=True)
    commands.add_parser("fixture")
    p = commands.add_parser("train")
    p.add_argument("--stage", choices=["pretrain", "tune"], required=True)
    p.add_argument("--tokens", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--from", dest="start")
    add_options(p, dict(steps=20_000, batch=8, window=128, hidden=192, feed_forward=512, heads=4, key_value_heads=2,
                        head=48, encoder_layers=6, decoder_layers=2, threads=1, seed=1, warm_up=500,
                        validate_every=250),
                dict(learning_rate=1e-3, dropout=0.0, mask=0.3, blind=0.0, save_minutes=10.0))
    p.add_argument("--guidance", choices=["none", "score"], default="none")
    p.add_argument("--half", action="store_true", help="products in bfloat16, for processors that have them")
    p.add_argument("--minutes", type=float, help="save and stop after so many minutes")
    p.add_argument("--all-minutes", type=float,
                   help="the whole run takes so many minutes, over all its parts, and the rate falls with them")
    p = commands.add_parser("bench")
    p.add_argument("model")
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--notes", type=int, default=512)
    arguments = parser.parse_args()
    dict(fixture=lambda a: fixture(), train=train, bench=bench)[arguments.what](arguments)
