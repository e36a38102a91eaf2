"""The whole run of fit.ts with Hugging Face's Trainer: seconds of train(), batches padded to their longest text and grouped by length."""
import json, tempfile, time

import torch
from transformers import Trainer, TrainingArguments, logging
from transformers.trainer_pt_utils import get_length_grouped_indices
from freeze import frozen
from networks import classifier
from side import serve

BERT_BASE = dict(layers=12, hidden=768, heads=12, vocabulary=32000, batch=16)
logging.set_verbosity_error()


def padded(features):
    longest = max(len(f["input_ids"]) for f in features)
    ids = torch.tensor([f["input_ids"] + [0] * (longest - len(f["input_ids"])) for f in features])
    mask = torch.tensor([[1] * len(f["input_ids"]) + [0] * (longest - len(f["input_ids"])) for f in features])
    return {"input_ids": ids, "attention_mask": mask, "labels": torch.tensor([f["labels"] for f in features])}


def computed(lengths, batch):
    """Tokens of an epoch, padding included, in the order of Trainer's own sampler."""
    order = get_length_grouped_indices(lengths, batch, generator=torch.Generator().manual_seed(1))
    batches = [[lengths[i] for i in order[k : k + batch]] for k in range(0, len(order), batch)]
    return sum(len(one) * max(one) for one in batches)


def open_side(options):
    o = BERT_BASE | options
    torch.manual_seed(1)
    model = frozen(classifier(o), o["freeze"], o["layers"])
    with open(o["data"]) as file:
        data = {part: [{"input_ids": i, "labels": l} for i, l in zip(d["ids"], d["labels"])] for part, d in json.load(file).items()}
    arguments = TrainingArguments(
        output_dir=tempfile.mkdtemp(), num_train_epochs=o["epochs"], per_device_train_batch_size=o["batch"], per_device_eval_batch_size=o["batch"],
        learning_rate=5e-5, warmup_steps=0.1, weight_decay=0.01, max_grad_norm=1.0, train_sampling_strategy="group_by_length",
        eval_strategy="epoch", save_strategy="no", logging_strategy="no", report_to="none", disable_tqdm=True, use_cpu=True, dataloader_num_workers=0)
    trainer = Trainer(model=model, args=arguments, train_dataset=data["train"], eval_dataset=data["validation"], data_collator=padded)

    def measure():
        start = time.perf_counter()
        trainer.train()
        return time.perf_counter() - start

    return measure, f"Trainer's batches compute {computed([len(d['input_ids']) for d in data['train']], o['batch'])}"


serve(open_side, ["torch", "transformers"])
