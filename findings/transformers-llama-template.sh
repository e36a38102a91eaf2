#!/bin/sh
# transformers 4 and 5 put different tokens around a text where a unigram tokenizer.json is of the class LlamaTokenizer.
#
# One would guess: tokenizer.json says which special tokens stand around a text (post_processor), and both versions take them from there.
# What happens: with model_type "modernbert" 5.24.0 does. 4.57.6 gives the class a template of its own, bos_token before a text and,
#   unless add_eos_token is true, nothing after it.
# Why it matters: nothing fails and nothing warns, but a classifier reads another first token, and a text has no end.
# Until then: write "tokenizer_class": "PreTrainedTokenizerFast" where the file is right. komalab refuses a folder that the two read differently.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
for version in 4.57.6 5.24.0; do
  python/bin/pip install -q --disable-pip-version-check --target "$version" "transformers==$version"
done
mkdir model
echo '{"model_type": "modernbert"}' > model/config.json
cat > show.py <<'PYTHON'
import json
import transformers
from tokenizers import Tokenizer, models, processors
transformers.logging.set_verbosity_error()
names = ["<unk>", "<s>", "</s>", "<cls>", "<sep>"]
made = Tokenizer(models.Unigram([(name, 0.0) for name in names] + [("雨", -1.0)], unk_id=0))
made.add_special_tokens(names)
made.post_processor = processors.TemplateProcessing(single="<cls> $A <sep>", pair="<cls> $A <sep> $B <sep>", special_tokens=[("<cls>", 3), ("<sep>", 4)])
made.save("model/tokenizer.json")
tokens = {"bos_token": "<s>", "eos_token": "</s>", "cls_token": "<cls>", "sep_token": "<sep>", "unk_token": "<unk>"}
for name in ("LlamaTokenizer", "PreTrainedTokenizerFast"):
    json.dump({**tokens, "tokenizer_class": name}, open("model/tokenizer_config.json", "w"))
    read = transformers.AutoTokenizer.from_pretrained("model")
    print(name, read.convert_ids_to_tokens(read("雨")["input_ids"]))
PYTHON
for version in 4.57.6 5.24.0; do
  PYTHONPATH=$version HF_HUB_OFFLINE=1 python/bin/python show.py 2> /dev/null | sed "s/^/$version, /"
done | tee seen.txt
cat > expected.txt <<'TEXT'
4.57.6, LlamaTokenizer ['<s>', '雨']
4.57.6, PreTrainedTokenizerFast ['<cls>', '雨', '<sep>']
5.24.0, LlamaTokenizer ['<cls>', '雨', '<sep>']
5.24.0, PreTrainedTokenizerFast ['<cls>', '雨', '<sep>']
TEXT
cmp -s seen.txt expected.txt || { echo 'this has changed'; exit 1; }
