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
    make_others()
    make_adapter()


FAMILY = dict(vocab_size=40, hidden_size=24, num_hidden_layers=3, num_attention_heads=3, intermediate_size=50, initializer_range=0.2, num_labels=3)
OTHERS = dict(
    modernbert=FAMILY | dict(num_hidden_layers=4, local_attention=4, classifier_pooling="mean", pad_token_id=0, bos_token_id=2, eos_token_id=3,
                             cls_token_id=2, sep_token_id=3),
    distilbert=dict(vocab_size=40, dim=24, n_layers=2, n_heads=3, hidden_dim=50, num_labels=3, initializer_range=0.2),
    roberta=FAMILY | dict(pad_token_id=0, type_vocab_size=1), electra=FAMILY | dict(embedding_size=12))


def make_others():
    """The classifier and the bare encoder, whose output is the first token's vector."""
    for kind, options in OTHERS.items():
        given = inputs if kind == "electra" else {name: value for name, value in inputs.items() if name != "token_type_ids"}
        for what in (transformers.AutoModelForSequenceClassification, transformers.AutoModel):
            model = what.from_config(transformers.AutoConfig.for_model(kind, **options)).eval()
            folder = root / type(model).__name__
            model.save_pretrained(folder)
            with torch.no_grad():
                result = model(**given)
            output = result.logits if "logits" in result else result.last_hidden_state[:, 0]
            (folder / "expected.json").write_text(json.dumps(dict(ids=ids.tolist(), types=types.tolist(), lengths=mask.sum(1).tolist(), output=output.tolist())))


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
        model, info = transformers.AutoModelForSequenceClassification.from_pretrained(folder, output_loading_info=True, dtype=torch.float32)
        if (folder / "adapter").exists():
            model = peft.PeftModel.from_pretrained(model, folder / "adapter")
        given = json.loads((folder / "texts.json").read_text())
        if isinstance(given[0], dict):  # ids, of an encoder whose class of tokenizer is another one
            read_text = lambda text: {"input_ids": torch.tensor([text["ids"]])} | ({"token_type_ids": torch.tensor([text["segmentIds"]])} if "electra" in folder.name else {})
        else:
            tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
            read_text = lambda text: tokenizer(*text, return_tensors="pt")
        texts = []
        for text in given:
            read = read_text(text)
            with torch.no_grad():
                logits = model.eval()(**read).logits[0]
            texts.append(dict(ids=read["input_ids"][0].tolist(), types=read["token_type_ids"][0].tolist() if "token_type_ids" in read else None, logits=logits.tolist()))
        print(json.dumps(dict(folder=folder.name, texts=texts, labels=list(model.config.id2label.values()),
                              missing=sorted(info["missing_keys"]), leftOver=sorted(info["unexpected_keys"]))))


dict(make=make, read=read)[sys.argv[1]]()
