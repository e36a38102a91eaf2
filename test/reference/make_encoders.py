"""Makes encoders.json: what training.json and adapters.json hold of BERT, of the other encoders, for test/train/encoders.test.ts.

    python make_encoders.py [CASE …]    # those alone, the others kept; torch 2.15.0, transformers 5.24.0, peft 0.21.2 on a CPU, float32

Weights, texts and labels are hashed, as there. Dropout is above 0 in every config.json and off on both sides. Logits and gradients are of
a batch of up to 300 tokens with padding, where local attention does not see all; the 50 steps are on shorter texts.
"""
import json, sys, tempfile
from pathlib import Path

import peft, torch, transformers

from hashed import hashed, weight
from make_adapters import adapted, named
from make_training import SAMPLES, STEPS, RATE, WARM_UP, first_batch, short, steps

LONG, SHORT = dict(tokens=300, batch=4), dict(tokens=80, batch=4)
BATCHES, CLASSES = 3, 3
VOCABULARY, WORDS = 1000, 120  # the embedding's rows, and those that are in texts
FAMILY = dict(vocab_size=VOCABULARY, hidden_size=32, num_attention_heads=4, intermediate_size=50, max_position_embeddings=320,
              hidden_dropout_prob=0.1, attention_probs_dropout_prob=0.1)
MODERN = dict(model_type="modernbert", vocab_size=VOCABULARY, hidden_size=32, num_attention_heads=4, intermediate_size=50, max_position_embeddings=512,
              pad_token_id=3, bos_token_id=1, eos_token_id=2, cls_token_id=1, sep_token_id=2,
              attention_dropout=0.1, mlp_dropout=0.1, embedding_dropout=0.1, classifier_dropout=0.1)
CASES = {
    "ModernBERT": dict(
        config=MODERN | dict(num_hidden_layers=7), lora=dict(rank=4, alpha=8, targets=["Wqkv"]),
        layer="model.layers.{}.", last=["model.final_norm."], pooler="head.", new_pooler=False),
    "ModernBERT with biases, the mean and other sizes, spelt by transformers 4": dict(
        config=MODERN | dict(num_hidden_layers=8, global_attn_every_n_layers=2, local_attention=32, global_rope_theta=80000.0, local_rope_theta=5000.0,
                             norm_eps=1e-6, norm_bias=True, attention_bias=True, mlp_bias=True, classifier_bias=True, classifier_pooling="mean",
                             hidden_activation="gelu_pytorch_tanh"),
        lora=dict(rank=3, alpha=9, targets=["attn.Wo", "mlp.Wi", "mlp.Wo"]),
        layer="model.layers.{}.", last=["model.final_norm."], pooler="head.", new_pooler=True, spelling=4),
    "DistilBERT": dict(
        config=dict(model_type="distilbert", vocab_size=VOCABULARY, dim=32, n_heads=4, n_layers=3, hidden_dim=50, max_position_embeddings=320,
                    dropout=0.1, attention_dropout=0.1, seq_classif_dropout=0.2),
        lora=dict(rank=4, alpha=8, targets=["q_lin", "v_lin", "ffn.lin1"]),
        layer="distilbert.transformer.layer.{}.", last=[], pooler="pre_classifier.", new_pooler=True),
    "RoBERTa": dict(
        config=FAMILY | dict(model_type="roberta", num_hidden_layers=3, pad_token_id=1, type_vocab_size=1, layer_norm_eps=1e-5),
        lora=dict(rank=4, alpha=8, targets=["query", "value", "intermediate.dense"]),
        layer="roberta.encoder.layer.{}.", last=[], pooler="classifier.dense.", head="classifier.out_proj.", new_pooler=True),
    "ELECTRA": dict(
        config=FAMILY | dict(model_type="electra", num_hidden_layers=3, embedding_size=20),
        lora=dict(rank=4, alpha=8, targets=["query", "key", "output.dense"]),
        layer="electra.encoder.layer.{}.", last=[], pooler="classifier.dense.", head="classifier.out_proj.", new_pooler=True),
}


def numbers(name, count):
    return torch.tensor(hashed(name, count))


def batches(case, tokens, batch):
    """As those of make_training.py, of one segment where an encoder has no more."""
    config, B, T = case["config"], batch, tokens
    for i in range(BATCHES):
        lengths = 3 + (numbers(f"length {i}", B) * (T - 2)).long()
        place = torch.arange(T)[None]
        mask = (place < lengths[:, None]).long()
        ids = (4 + (numbers(f"id {i}", B * T) * (WORDS - 4)).long()).reshape(B, T)
        ids = ids * mask + config.get("pad_token_id", 0) * (1 - mask)
        data = dict(input_ids=ids, attention_mask=mask, labels=(numbers(f"label {i}", B) * CLASSES).long())
        if config["model_type"] in ("bert", "electra"):
            data["token_type_ids"] = (place >= (numbers(f"segment {i}", B) * T).long()[:, None]).long() * mask
        yield data


def build(case):
    config = transformers.AutoConfig.for_model(**case["config"], num_labels=CLASSES, attn_implementation="eager")
    model = transformers.AutoModelForSequenceClassification.from_config(config)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(weight(name, tuple(parameter.shape)))
    return model.eval()  # without dropout, in training too


def whole(case, name):
    """What every mode trains whole."""
    return name.startswith(case.get("head", "classifier.")) or case["new_pooler"] and name.startswith(case["pooler"])


def trained(case, mode, name):
    layers = case["config"].get("num_hidden_layers") or case["config"]["n_layers"]
    top = (case["layer"].format(layers - 1), *case["last"], case["pooler"])
    return whole(case, name) or mode == "all" or mode == "last" and name.startswith(top) or mode == "bias" and name.endswith("bias")


def build_adapted(case):
    model = build(case)
    # PEFT takes a module named classifier whole, what is in it too
    modules = sorted({name.rsplit(".", 1)[0] for name, _ in model.named_parameters() if whole(case, name) and not name.startswith("classifier.")})
    model = adapted(model, **case["lora"], modules_to_save=modules)
    with torch.no_grad():
        for name, parameter in named(model).items():
            parameter.copy_(weight(name, tuple(parameter.shape)))
    return model.eval()


def fifty_steps(case, mode):
    data = list(batches(case, **SHORT))
    if mode == "lora":
        model = build_adapted(case)
        return steps(None, model, named(model), data)
    model = build(case)
    return steps(None, model, {n: p for n, p in model.named_parameters() if trained(case, mode, n)}, data)


def config_of(case, model):
    """config.json as this transformers writes it, or as 4 did."""
    if case.get("spelling") == 4:
        return case["config"]
    with tempfile.TemporaryDirectory() as folder:
        model.config.save_pretrained(folder)
        return json.loads((Path(folder) / "config.json").read_text())


def of_case(case):
    long = next(batches(case, **LONG))
    model, lora = build(case), build_adapted(case)
    return {"config": config_of(case, model), "lora": case["lora"], "newPooler": case["new_pooler"],
            **short({**first_batch(None, model, model.named_parameters(), long), "adapted": first_batch(None, lora, named(lora).items(), long),
                     "runs": {mode: fifty_steps(case, mode) for mode in ("all", "last", "fixed", "bias", "lora")}})}


if __name__ == "__main__":
    torch.set_num_threads(1)  # so small networks gain nothing by more
    path = Path(__file__).parent / "encoders.json"
    wanted = sys.argv[1:] or list(CASES)
    known = json.loads(path.read_text())["cases"] if len(sys.argv) > 1 else {}
    result = {"made_with": f"torch {torch.__version__}, transformers {transformers.__version__}, peft {peft.__version__}",
              "steps": STEPS, "warmUp": WARM_UP, "rate": RATE, "batches": BATCHES, "samples": SAMPLES, "classes": CLASSES,
              "words": WORDS, "long": LONG, "short": SHORT, "cases": {name: of_case(case) if name in wanted else known[name] for name, case in CASES.items()}}
    path.write_text(json.dumps(result, separators=(",", ":")))
