"""Makes adapters.json and ./adapter: BitFit and LoRA in PyTorch, transformers and PEFT, for test/train/equal.test.ts and packages/peft/test.

    python make_adapters.py    # torch 2.15.0, transformers 5.24.0, peft 0.21.2 on a CPU, float32

adapters.json  as training.json, of the same BERTs, texts and steps: runs of the modes bias and lora, logits and gradients of LoRA with
               a B that is not 0. Adapters are hashed under PEFT's names in files, as all weights are.
adapter/       an adapter of bert/classifier as PEFT saves it, with a changed head, and its logits for the inputs of make_bert.py.
"""
import json
from pathlib import Path

import peft, torch, transformers
from safetensors.torch import load_file

from hashed import weight
from make_training import SIZES, batches, build, first_batch, short, steps

here = Path(__file__).parent
LORA = {
    "4 x 128": dict(rank=8, alpha=16, targets=["query", "value"]),
    "3 x 96, odd": dict(rank=3, alpha=10, targets=["key", "value", "attention.output.dense", "intermediate.dense", "output.dense"]),
}


def named(model):
    """The trained parameters by their names in PEFT's files, but for what PEFT puts before them."""
    bare = lambda name: name.removeprefix("base_model.model.").replace("modules_to_save.", "").replace(".default", "")
    return {bare(name): parameter for name, parameter in model.named_parameters() if parameter.requires_grad}


def adapted(model, rank, alpha, targets, **more):
    config = peft.LoraConfig(task_type=peft.TaskType.SEQ_CLS, r=rank, lora_alpha=alpha, target_modules=targets, **more)
    return peft.get_peft_model(model, config)


def build_adapted(name):
    model = adapted(build(SIZES[name]), **LORA[name])
    with torch.no_grad():
        for parameter_name, parameter in named(model).items():
            parameter.copy_(weight(parameter_name, tuple(parameter.shape)))
    return model


def bias(size):
    model = build(size)
    return steps(size, model, {n: p for n, p in model.named_parameters() if n.endswith("bias") or n.startswith("classifier")})


def lora(name):
    model = build_adapted(name)
    return steps(SIZES[name], model, named(model))


def of_size(name):
    model = build_adapted(name)
    first = first_batch(SIZES[name], model, named(model).items())
    return {"lora": LORA[name], **short({**first, "runs": {"bias": bias(SIZES[name]), "lora": lora(name)}})}


def saved():
    base = here / "bert" / "classifier"
    model = adapted(transformers.BertForSequenceClassification.from_pretrained(base), 4, 6, ["query", "value", "output.dense"])
    with torch.no_grad():
        for name, parameter in named(model).items():
            parameter.add_(3 * weight(name, tuple(parameter.shape)))
    model.peft_config["default"].base_model_name_or_path = "test/reference/bert/classifier"
    model.save_pretrained(here / "adapter")
    (here / "adapter" / "README.md").unlink()
    inputs = load_file(base / "expected.safetensors")
    with torch.no_grad():
        logits = model.eval()(input_ids=inputs["ids"], attention_mask=inputs["mask"], token_type_ids=inputs["types"]).logits
    (here / "adapter" / "expected.json").write_text(json.dumps(short({"logits": logits.tolist()})))


if __name__ == "__main__":
    result = {"made_with": f"torch {torch.__version__}, transformers {transformers.__version__}, peft {peft.__version__}",
              "sizes": {name: of_size(name) for name in LORA}}
    (here / "adapters.json").write_text(json.dumps(result, separators=(",", ":")))
    saved()
