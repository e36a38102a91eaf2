#!/bin/sh
# transformers 5 loses the special tokens of folders that versions before 4.34 saved as objects.
#
# One would guess: [話者] in special_tokens_map.json's additional_special_tokens is one token, as in 4.57.6, however it is written there.
# What happens: 5.24.0 takes an entry that is an object ({"content": "[話者]", ...}, as AddedToken was saved) for its own Python
#   text: the token is named "{'content': '[話者]', ...}", and [話者] in a text falls into [ 話者 ]. Entries that are strings are
#   read, unless tokenizer_config.json has a list of its own: then those of the map are dropped, where 4.57.6 takes both.
# Why it matters: nothing fails; every text with such a token has other ids, and the token's trained embedding is never used.
# Until then: open the folder with 4.57.6 and save it again, which writes added_tokens_decoder into tokenizer_config.json.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
for version in 4.57.6 5.24.0; do
  python/bin/pip install -q --disable-pip-version-check --target "$version" "transformers==$version" fugashi==1.5.2 ipadic==1.0.0
done
mkdir model
printf '%s\n' '[PAD]' '[UNK]' '[CLS]' '[SEP]' '[MASK]' '[' ']' 話者 雨 です > model/vocab.txt
echo '{"model_type": "bert"}' > model/config.json
cat > show.py <<'PYTHON'
import json
import transformers
transformers.logging.set_verbosity_error()
config = {"tokenizer_class": "BertJapaneseTokenizer", "word_tokenizer_type": "mecab", "mecab_kwargs": {"mecab_dic": "ipadic"}}
speaker = {"content": "[話者]", "lstrip": False, "normalized": False, "rstrip": False, "single_word": False}
for form, entry, own in (("string", "[話者]", {}), ("object", speaker, {}), ("string beside a list", "[話者]", {"additional_special_tokens": ["<x>"]})):
    json.dump({**config, **own}, open("model/tokenizer_config.json", "w"))
    json.dump({"additional_special_tokens": [entry]}, open("model/special_tokens_map.json", "w"))
    print(form, transformers.AutoTokenizer.from_pretrained("model")("[話者]雨です")["input_ids"])
PYTHON
for version in 4.57.6 5.24.0; do
  PYTHONPATH=$version HF_HUB_OFFLINE=1 python/bin/python show.py 2> /dev/null | sed "s/^/$version, /"
done | tee seen.txt
cat > expected.txt <<'TEXT'
4.57.6, string [2, 10, 8, 9, 3]
4.57.6, object [2, 10, 8, 9, 3]
4.57.6, string beside a list [2, 11, 8, 9, 3]
5.24.0, string [2, 10, 8, 9, 3]
5.24.0, object [2, 5, 7, 6, 8, 9, 3]
5.24.0, string beside a list [2, 5, 7, 6, 8, 9, 3]
TEXT
cmp -s seen.txt expected.txt || { echo 'this has changed'; exit 1; }
