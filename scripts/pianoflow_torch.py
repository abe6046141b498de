"""PianoFlow's network in PyTorch: the twin that the network in Burn is checked against.

    python scripts/pianoflow_torch.py fixture   # writes systems/pianoflow/tests/fixtures/pianoflow_*
    python scripts/pianoflow_torch.py bench     # notes per second of ten Euler steps, two threads

Weights are stored under Burn's names and in Burn's layout ([input, output] for linear layers).
"""

import argparse
import json
import math
import time
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional as F

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "crates" / "performers" / "tests" / "fixtures"
TIME_SINUSOIDS, TIME_HIDDEN = 32, 64


class Norm(nn.Module):
    """Layer norm with a scale and no shift."""

    def __init__(self, width):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return F.layer_norm(x, x.shape[-1:], self.gamma, None, 1e-5)


def turn(x, base):
    """Rotary positions on [batch, heads, tokens, head]; pairs are (k, k + head / 2)."""
    tokens, head = x.shape[-2:]
    half = head // 2
    rates = base ** (-torch.arange(half, dtype=torch.float64) / half)
    angles = torch.arange(tokens, dtype=torch.float64)[:, None] * rates[None, :]
    angles = torch.cat([angles, angles], -1)
    a, b = x[..., :half], x[..., half:]
    return x * angles.cos().float() + torch.cat([-b, a], -1) * angles.sin().float()


class Block(nn.Module):
    def __init__(self, c, conditioned):
        super().__init__()
        d, head, wide = c["hidden"], c["hidden"] // c["heads"], c["feed_forward"] * c["hidden"]
        self.heads, self.base = c["heads"], c["rotary_base"]
        self.norm_attention, self.norm_forward = Norm(d), Norm(d)
        self.query = nn.Linear(d, d, bias=False)
        self.key_value = nn.Linear(d, 2 * head, bias=False)
        self.attended = nn.Linear(d, d, bias=False)
        self.gate = nn.Linear(d, wide, bias=False)
        self.up = nn.Linear(d, wide, bias=False)
        self.down = nn.Linear(wide, d, bias=False)
        self.modulation = nn.Linear(TIME_HIDDEN, 4 * d)
        self.condition = nn.Linear(c["condition"], d, bias=False) if conditioned else None

    def forward(self, x, when, condition, mask, memory):
        batch, tokens, hidden = x.shape
        if self.condition is not None and condition is not None:
            x = x + F.pad(self.condition(condition), (0, 0, memory, 0))
        s1, b1, s2, b2 = self.modulation(when).chunk(4, -1)
        y = self.norm_attention(x) * (s1 + 1) + b1
        query = self.query(y).view(batch, tokens, self.heads, -1).transpose(1, 2)
        key, value = self.key_value(y).chunk(2, -1)
        query, key = turn(query, self.base), turn(key[:, None], self.base)
        key, value = key.expand_as(query), value[:, None].expand_as(query)
        y = F.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        x = x + self.attended(y.transpose(1, 2).reshape(batch, tokens, hidden))
        y = self.norm_forward(x) * (s2 + 1) + b2
        return x + self.down(F.silu(self.gate(y)) * self.up(y))


class Network(nn.Module):
    def __init__(self, c):
        super().__init__()
        d = c["hidden"]
        first, last = c["condition_blocks"]
        self.input = nn.Linear(c["features"] + 3 * c["values"], d)
        self.memory = nn.Parameter(torch.randn(c["memory"], d) * 0.02)
        self.time_in = nn.Linear(TIME_SINUSOIDS + 1, TIME_HIDDEN)
        self.time_out = nn.Linear(TIME_HIDDEN, TIME_HIDDEN)
        self.blocks = nn.ModuleList(Block(c, first <= k < last) for k in range(c["layers"]))
        self.norm = Norm(d)
        self.output = nn.Linear(d, c["values"])

    def forward(self, features, known, unknown, noisy, when, condition=None, padding=None):
        x = self.input(torch.cat([features, known, unknown, noisy], -1))
        memory = self.memory.shape[0]
        x = torch.cat([self.memory.expand(x.shape[0], -1, -1), x], 1)
        half = TIME_SINUSOIDS // 2
        rates = torch.exp(-math.log(10_000) * torch.arange(half) / (half - 1))
        angles = 1000 * when[:, None] * rates[None, :]
        when = torch.cat([angles.sin(), angles.cos(), when[:, None]], -1)
        when = F.silu(self.time_out(F.silu(self.time_in(when))))[:, None]
        mask = None
        if padding is not None:
            mask = ~F.pad(padding, (memory, 0), value=False)[:, None, None, :]
        for block in self.blocks:
            x = block(x, when, condition, mask, memory)
        return self.output(self.norm(x[:, memory:]))


def to_burn(state):
    """Burn keeps a linear layer as [input, output]."""
    linear = lambda name, t: name.endswith(".weight") and t.dim() == 2
    return {n: (t.t() if linear(n, t) else t).contiguous() for n, t in state.items()}


def from_burn(state):
    return to_burn(state)


def fixture():
    torch.manual_seed(7)
    config = dict(features=12, values=5, hidden=32, layers=3, heads=2, feed_forward=3, memory=4,
                  condition=8, condition_blocks=[1, 2], rotary_base=1024.0, dropout=0.1)
    network = Network(config).eval()
    for parameter in network.parameters():
        # Layers that start at zero would hide a mistake in them.
        nn.init.normal_(parameter, std=0.2)
    batch, notes = 2, 40
    table = lambda width: torch.randn(batch, notes, width)
    inputs = dict(features=table(12), known=table(5), unknown=(table(5) > 0).float(), noisy=table(5),
                  time=torch.tensor([0.13, 0.87]), condition=table(8))
    padding = torch.zeros(batch, notes, dtype=torch.bool)
    padding[1, 31:] = True
    with torch.no_grad():
        when = inputs["time"]
        plain = [inputs[k] for k in ("features", "known", "unknown", "noisy")] + [when]
        outputs = dict(free=network(*plain), conditioned=network(*plain, condition=inputs["condition"]),
                       padded=network(*plain, padding=padding))
    FIXTURES.mkdir(parents=True, exist_ok=True)
    save_file(to_burn(network.state_dict()), FIXTURES / "pianoflow_weights.safetensors")
    numbers = {k: v.flatten().tolist() for k, v in (inputs | outputs).items()}
    numbers["padding"] = padding.flatten().tolist()
    rounded = {k: [round(x, 7) if isinstance(x, float) else x for x in v] for k, v in numbers.items()}
    text = json.dumps(dict(config=config, batch=batch, notes=notes, tensors=rounded))
    (FIXTURES / "pianoflow_numbers.json").write_text(text + "\n")


def bench(threads):
    torch.set_num_threads(threads)
    model = ROOT / "models" / "pianoflow"
    config = json.loads((model / "config.json").read_text())["network"]
    network = Network(config).eval()
    state = {k: v.float() for k, v in from_burn(load_file(model / "weights.safetensors")).items()}
    network.load_state_dict(state)
    notes, steps = 256, 10
    table = lambda width: torch.randn(1, notes, width)
    with torch.no_grad():
        run = lambda: network(table(config["features"]), *(table(config["values"]) for _ in range(3)),
                              torch.tensor([0.5]))
        run()
        best = math.inf
        for _ in range(5):
            start = time.perf_counter()
            for _ in range(steps):
                run()
            best = min(best, time.perf_counter() - start)
    print(json.dumps(dict(threads=threads, notes_per_second_of_ten_steps=notes / best)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["fixture", "bench"])
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    fixture() if arguments.what == "fixture" else bench(arguments.threads)
