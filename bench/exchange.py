"""The Python side of exchange.ts: `make FOLDER` stores random BERTs as transformers' classes do, `read FOLDER` reads texts with what exchange.ts saved."""
import json, sys
from pathlib import Path

import peft, torch, transformers

transformers.logging.set_verbosity_error()
root = Path(sys.argv[2])
ids = torch.tensor([[2, 10, 33, 17, 39, 3], [2, 7, 29, 3, 0, 0]])
mask = (ids != 0).long()
types = torch.tensor([[0, 0, 0, 1, 1, 1], [0] * 6])
inputs = dict(input_ids=ids, attention_mask=mask, token_type_ids=types)


def store(model, folder, form):
    if form in ("safetensors", "parts"):
        return model.save_pretrained(folder, max_shard_size="20KB" if form == "parts" else "1GB")
    folder.mkdir()
    model.config.save_pretrained(folder)
    prefix = dict(bin="", parallel="module.")[form]
    torch.save({prefix + name: tensor for name, tensor in model.state_dict().items()}, folder / "pytorch_model.bin")


def make():
    torch.manual_seed(0)
    for kind in ("BertModel", "BertForSequenceClassification", "BertForPreTraining"):
        for dtype in (torch.float32, torch.float16, torch.bfloat16):
            for form in ("safetensors", "parts", "bin", "parallel"):
                config = transformers.BertConfig(vocab_size=40, hidden_size=24, num_hidden_layers=2, num_attention_heads=3, intermediate_size=50,
                                                 max_position_embeddings=16, initializer_range=0.2, num_labels=3)
                model = getattr(transformers, kind)(config).eval().to(dtype)
                folder = root / f"{kind}-{str(dtype)[6:]}-{form}"
                store(model, folder, form)
                model = model.float()
                with torch.no_grad():
                    logits = model(**inputs).logits if kind.endswith("Classification") else (model if kind == "BertModel" else model.bert)(**inputs).pooler_output
                expected = dict(ids=ids.tolist(), types=types.tolist(), lengths=mask.sum(1).tolist(), output=logits.tolist())
                (folder / "expected.json").write_text(json.dumps(expected))
    make_adapter()


def make_adapter():
    config = transformers.BertConfig(vocab_size=40, hidden_size=24, num_hidden_layers=2, num_attention_heads=3, intermediate_size=50,
                                     max_position_embeddings=16, initializer_range=0.2, num_labels=3)
    model = transformers.BertForSequenceClassification(config)
    folder = root / "BertForSequenceClassification-adapter"
    model.save_pretrained(folder)
    lora = peft.LoraConfig(task_type=peft.TaskType.SEQ_CLS, r=4, lora_alpha=8, use_rslora=True, target_modules=["key", "value", "dense"])
    model = peft.get_peft_model(model, lora).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.requires_grad:
                parameter.add_(torch.randn_like(parameter) * 0.1)
        logits = model(**inputs).logits
    model.save_pretrained(folder / "adapter")
    (folder / "expected.json").write_text(json.dumps(dict(ids=ids.tolist(), types=types.tolist(), lengths=mask.sum(1).tolist(), output=logits.tolist())))


def read():
    for folder in sorted(root.iterdir()):
        model, info = transformers.BertForSequenceClassification.from_pretrained(folder, output_loading_info=True, dtype=torch.float32)
        if (folder / "adapter").exists():
            model = peft.PeftModel.from_pretrained(model, folder / "adapter")
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
        texts = []
        for text in json.loads((folder / "texts.json").read_text()):
            read = tokenizer(*text, return_tensors="pt")
            with torch.no_grad():
                logits = model.eval()(**read).logits[0]
            texts.append(dict(ids=read["input_ids"][0].tolist(), types=read["token_type_ids"][0].tolist() if "token_type_ids" in read else None, logits=logits.tolist()))
        print(json.dumps(dict(folder=folder.name, texts=texts, labels=list(model.config.id2label.values()),
                              missing=sorted(info["missing_keys"]), leftOver=sorted(info["unexpected_keys"]))))


dict(make=make, read=read)[sys.argv[1]]()
