"""What the twins in PyTorch share: parts of networks, weights as Burn has them, model folders, runs of training.

No program of its own: `cadenza_torch.py`, `groove_torch.py`, `pianist_torch.py` and `xmvae_torch.py` read it.
"""

import json
import math
import os
import time
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import nn

ROOT = Path(__file__).resolve().parent.parent


class Norm(nn.Module):
    """Root mean square norm."""

    def __init__(self, width):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5) * self.gamma


def angles(positions, head, base):
    """Cosines and sines of rotary positions [positions, head]."""
    half = head // 2
    rates = base ** (-torch.arange(half, dtype=torch.float64) / half)
    turns = torch.arange(positions, dtype=torch.float64)[:, None] * rates[None, :]
    turns = torch.cat([turns, turns], -1)
    return turns.cos().float(), turns.sin().float()


def turn(x, cos, sin):
    """Rotary positions on [batch, heads, positions, head]; pairs are (k, k + head / 2)."""
    a, b = x.chunk(2, -1)
    return x * cos + torch.cat([-b, a], -1) * sin


def is_linear(name, tensor):
    """Whether a tensor is the matrix of a linear layer and no table."""
    is_table = "embedding" in name or name.startswith(("style", "codebook"))
    return name.endswith(".weight") and tensor.dim() == 2 and not is_table


def to_burn(state, dtype=torch.float32):
    """Burn's names, and linear layers as [input, output]."""
    turned = {n: (t.t() if is_linear(n, t) else t) for n, t in state.items()}
    return {n.replace(".forward_.", ".forward."): t.contiguous().to(dtype) for n, t in turned.items()}


def from_burn(state):
    back = {n.replace(".forward.", ".forward_."): t.float() for n, t in state.items()}
    return {n: (t.t() if is_linear(n, t) else t).contiguous() for n, t in back.items()}


def write_model(network, config, folder):
    """A model folder: settings, and weights in half precision."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    save_file(to_burn(network.state_dict(), torch.float16), folder / "weights.safetensors",
              metadata=dict(format="safetensors"))


def read_model(folder, network_of):
    """The network and the settings of a model folder; `network_of` makes one of the settings."""
    config = json.loads((folder / "config.json").read_text())
    network = network_of(config)
    network.load_state_dict(from_burn(load_file(folder / "weights.safetensors")))
    return network, config


def formula(shape, seed):
    """Numbers that follow no rule a mistake could follow, all exact in half precision."""
    x = torch.arange(math.prod(shape), dtype=torch.int64)
    x = (x * 2654435761 + (seed + 1) * 40503) % 2**32
    x = ((x ^ (x >> 15)) * 22468225) % 2**32
    x = x ^ (x >> 13)
    return (((x >> 8) % 1009 - 504).float() / 1024).view(shape)


def fill_by_formula(network):
    """Gives a network weights by the formula, which the tests use, too, so that no file has to hold them. Returns
    name and shape of each tensor."""
    state = to_burn(network.state_dict())
    names = sorted(state)
    weights = {n: formula(state[n].shape, k) + (1 if n.endswith("gamma") else 0) for k, n in enumerate(names)}
    network.load_state_dict(from_burn(weights))
    return [[n, list(weights[n].shape)] for n in names]


def rounded(tensor):
    """The numbers of a tensor, for a fixture."""
    return [round(float(x), 6) for x in tensor.flatten()]


def size(network):
    """How many numbers a network has."""
    return sum(p.numel() for p in network.parameters())


def fastest(run, times):
    """Seconds of the fastest of so many runs."""
    best = math.inf
    for _ in range(times):
        begun = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - begun)
    return best


class Run:
    """A run of training, which goes on where it was stopped: its optimiser, checkpoint, curve and model.

    `a` has out, threads, seed, steps, warm_up, learning_rate, validate_every and save_minutes, and perhaps the device
    that the network is on. `network_of` makes
    the network, of the sizes of a checkpoint or, of a new run, of none. `write` writes the model of a network into
    a folder. The run ends after `minutes`; the whole run, over all its parts, after `all_minutes`, and the learning
    rate falls over them."""

    def __init__(self, a, network_of, write, minutes=None, all_minutes=None, fused=None):
        torch.set_num_threads(a.threads)
        self.a, self.out, self.write = a, Path(a.out), write
        self.minutes, self.all_minutes = minutes, all_minutes
        self.out.mkdir(parents=True, exist_ok=True)
        self.checkpoint, self.step, self.seconds = self.out / "checkpoint.pt", 0, 0.0
        torch.manual_seed(a.seed)
        device = getattr(a, "device", "cpu")
        state = torch.load(self.checkpoint, map_location=device) if self.checkpoint.exists() else None
        self.network = network_of(state["sizes"] if state else None).to(device)
        decayed = [p for n, p in self.network.named_parameters() if is_linear(n, p)]
        others = [p for n, p in self.network.named_parameters() if not is_linear(n, p)]
        groups = [dict(params=decayed, weight_decay=0.1), dict(params=others, weight_decay=0.0)]
        self.optimiser = torch.optim.AdamW(groups, lr=a.learning_rate, betas=(0.9, 0.98), fused=fused)
        if state:
            self.network.load_state_dict(state["network"])
            self.optimiser.load_state_dict(state["optimiser"])
            # What a network keeps for training alone.
            for name, kept in self.network.named_buffers():
                kept.copy_(state.get("buffers", {}).get(name, kept))
            self.step, self.seconds = state["step"], state["seconds"]
            print(f"going on from step {self.step}", flush=True)

    def along(self):
        """How much of the run is done, 0 to 1: by steps, or by time if that is sooner."""
        by_time = self.seconds / (60 * self.all_minutes) if self.all_minutes else 0.0
        return max(self.step / self.a.steps, by_time)

    def save(self):
        state = dict(sizes=self.network.c, network=self.network.state_dict(), step=self.step, seconds=self.seconds,
                     optimiser=self.optimiser.state_dict(), buffers=dict(self.network.named_buffers()))
        torch.save(state, self.out / "checkpoint.new")
        os.replace(self.out / "checkpoint.new", self.checkpoint)
        self.write(self.network, self.out / "model")

    def train(self, columns, learn, validate):
        """Trains until done or out of time. `learn` gets a generator that is seeded by the step, so that a stopped
        run goes on with what it would have had, and gives the loss; `validate` gets the mean loss since the last
        time and the learning rate, and gives the cells of a row of the curve, named by `columns`."""
        a, network, optimiser = self.a, self.network, self.optimiser
        curve = self.out / "curve.csv"
        if not curve.exists():
            curve.write_text(f"step,seconds,{columns}\n")
        begun, saved, before, total, count = time.time(), time.time(), self.seconds, 0.0, 0
        while self.along() < 1 and (self.minutes is None or time.time() - begun < 60 * self.minutes):
            rate = a.learning_rate * min(1.0, (self.step + 1) / a.warm_up)
            rate *= 0.5 * (1 + math.cos(math.pi * self.along()))
            for group in optimiser.param_groups:
                group["lr"] = rate
            seed = a.seed * 1_000_003 + self.step
            torch.manual_seed(seed)
            network.train()
            loss = learn(torch.Generator().manual_seed(seed))
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            self.step, total, count = self.step + 1, total + loss.item(), count + 1
            self.seconds = before + time.time() - begun
            if self.step % a.validate_every == 0 or self.along() >= 1:
                network.eval()
                row = f"{self.step},{self.seconds:.0f},{validate(total / count, rate)}"
                with curve.open("a") as file:
                    file.write(row + "\n")
                print(row, flush=True)
                total, count = 0.0, 0
            if time.time() - saved > 60 * a.save_minutes:
                self.save()
                saved = time.time()
        self.save()
        print(f"step {self.step}; model in {self.out / 'model'}", flush=True)


def add_options(parser, numbers, shares):
    """Options of whole numbers and of others, with what stands if nothing is said."""
    for kind, options in ((int, numbers), (float, shares)):
        for name, value in options.items():
            parser.add_argument("--" + name.replace("_", "-"), type=kind, default=value)
