#!/bin/sh
# Trainer's batches by length come from long to short, fall after fall.
#
# One would guess: train_sampling_strategy="group_by_length" puts texts of like lengths into a batch and takes the batches in
#   random order, as the docstring of its sampler speaks of a bit of randomness that is kept.
# What happens: transformers 5.24.0 (trainer_pt_utils.py, get_length_grouped_indices) cuts the shuffled texts into four parts or
#   more, sorts each from long to short and takes them as they lie. No batch is shuffled after that: every epoch is a few
#   falls from long texts to short ones, begins with the longest text of all and, where the parts are even, ends with short ones.
# Why it matters: where length goes with the class, the classes come in turn too, and what an epoch's last steps learn from,
#   just before it is validated, is its shortest texts. Who shuffles such batches does not train as Trainer does.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.15.0 transformers==5.24.0 accelerate==1.15.0
cat > show.py <<'PYTHON'
import torch
from transformers import Trainer, TrainingArguments

SIZE, EPOCHS = 16, 50
lengths = [5 + (37 * i) % 256 for i in range(256)]  # each from 5 to 260 once
texts = [{"input_ids": [1] * length, "labels": length % 2} for length in lengths]
args = TrainingArguments(
    output_dir="out", per_device_train_batch_size=SIZE, train_sampling_strategy="group_by_length", report_to=[], use_cpu=True
)
together = lambda items: {"lengths": torch.tensor([len(item["input_ids"]) for item in items])}
trainer = Trainer(model=torch.nn.Linear(1, 1), args=args, train_dataset=texts, data_collator=together)
args.remove_unused_columns = False
loader = trainer.get_train_dataloader()
longest_first, falls, ends = 0, set(), []
for _ in range(EPOCHS):
    batches = [batch["lengths"].tolist() for batch in loader]
    longest = [max(batch) for batch in batches]
    longest_first += longest[0] == max(lengths)
    rises = [i for i in range(1, len(longest)) if longest[i] > longest[i - 1]]
    falls.add(len(rises) + 1)
    ends.append(max(batches[-1]) < sorted(lengths)[len(lengths) // 2])
print(f"{EPOCHS} epochs of {len(longest)} batches: {longest_first} begin with the longest text of all")
print(f"falls from long to short in an epoch: {sorted(falls)}")
print(f"epochs whose last batch holds no text of the longer half: {sum(ends)}")
PYTHON
venv/bin/python show.py 2> /dev/null | tee seen.txt
cat > expected.txt <<'TEXT'
50 epochs of 16 batches: 50 begin with the longest text of all
falls from long to short in an epoch: [4]
epochs whose last batch holds no text of the longer half: 50
TEXT
cmp -s seen.txt expected.txt || { echo 'this has changed'; exit 1; }
