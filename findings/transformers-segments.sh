#!/bin/sh
# transformers 5 gives BertJapaneseTokenizer's pairs no segments.
#
# One would guess: a folder that transformers 4 reads gives the same inputs under 5, as ids do.
# What happens: 4.57.6 returns token_type_ids, 0 for the first text of a pair and 1 for the second. 5.24.0 returns none unless
#   tokenizer_config.json names them (model_input_names), and no folder that 4 saved names them. BERT then takes 0 for every token.
# Why it matters: nothing fails and nothing warns, but each logit of a pair is another one, and a class can flip.
# Until then: write "model_input_names": ["input_ids", "token_type_ids", "attention_mask"] into tokenizer_config.json.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
for version in 4.57.6 5.24.0; do
  python/bin/pip install -q --disable-pip-version-check --target "$version" "transformers==$version" fugashi==1.5.2 ipadic==1.0.0
done
mkdir model
printf '%s\n' '[PAD]' '[UNK]' '[CLS]' '[SEP]' '[MASK]' 雨 です ね 傘 は > model/vocab.txt
echo '{"model_type": "bert"}' > model/config.json
cat > show.py <<'PYTHON'
import json, sys
import transformers
transformers.logging.set_verbosity_error()
config = {"tokenizer_class": "BertJapaneseTokenizer", "word_tokenizer_type": "mecab", "mecab_kwargs": {"mecab_dic": "ipadic"}}
for named in ({}, {"model_input_names": ["input_ids", "token_type_ids", "attention_mask"]}):
    json.dump({**config, **named}, open("model/tokenizer_config.json", "w"))
    read = transformers.AutoTokenizer.from_pretrained("model")("雨ですね", "傘は")
    print("named" if named else "not named", read["input_ids"], read.get("token_type_ids"))
PYTHON
for version in 4.57.6 5.24.0; do
  PYTHONPATH=$version HF_HUB_OFFLINE=1 python/bin/python show.py 2> /dev/null | sed "s/^/$version, /"
done | tee seen.txt
cat > expected.txt <<'TEXT'
4.57.6, not named [2, 5, 6, 7, 3, 8, 9, 3] [0, 0, 0, 0, 0, 1, 1, 1]
4.57.6, named [2, 5, 6, 7, 3, 8, 9, 3] [0, 0, 0, 0, 0, 1, 1, 1]
5.24.0, not named [2, 5, 6, 7, 3, 8, 9, 3] None
5.24.0, named [2, 5, 6, 7, 3, 8, 9, 3] [0, 0, 0, 0, 0, 1, 1, 1]
TEXT
cmp -s seen.txt expected.txt || { echo 'this has changed'; exit 1; }
