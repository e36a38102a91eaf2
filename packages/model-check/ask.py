"""Reads {folder, texts: [{text, ids, segments}]} and writes what transformers makes of each text: its own ids, and vectors and logits of the ids given."""
import json, sys

import torch, transformers

transformers.logging.set_verbosity_error()
given = json.load(sys.stdin)
folder, texts = given["folder"], given["texts"]
try:
    tokenizer, fault = transformers.AutoTokenizer.from_pretrained(folder), None
except Exception as error:  # the network is compared all the same
    tokenizer, fault = None, f"{type(error).__name__}: {error}".splitlines()[0]
kind = transformers.AutoModelForSequenceClassification if given["head"] else transformers.AutoModel
model = kind.from_pretrained(folder, dtype=torch.float32).eval()
encoder = model.base_model
answers = []
with torch.no_grad():
    for text in texts:
        inputs = dict(input_ids=torch.tensor([text["ids"]]), attention_mask=torch.ones(1, len(text["ids"]), dtype=torch.long))
        if model.config.model_type in ("bert", "electra"):
            inputs["token_type_ids"] = torch.tensor([text["segments"]])
        answers.append(dict(
            ids=tokenizer(text["text"])["input_ids"] if tokenizer else None,
            vector=encoder(**inputs).last_hidden_state[0, 0].tolist(),
            logits=model(**inputs).logits[0].tolist() if given["head"] else None))
print(json.dumps(dict(version=transformers.__version__, fault=fault, answers=answers)))
