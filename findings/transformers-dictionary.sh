#!/bin/sh
# transformers 4.46 and later cut the words of an old Japanese BERT with another dictionary, without a word.
#
# One would guess: a tokenizer that was saved by one version cuts the same words under the next.
# What happens: where tokenizer_config.json names no MeCab dictionary ("mecab_kwargs" is null or missing, as it was saved for years),
#   BertJapaneseTokenizer takes ipadic up to 4.45.2 and unidic_lite from 4.46.0 on, 5.24.0 included (pull request 33372).
# Why it matters: the vocabulary was made of IPADIC's words. Ids change, some words become [UNK], and scores fall; where only
#   unidic-lite is installed nothing fails.
# Until then: write "mecab_kwargs": {"mecab_dic": "ipadic"} into the folder's tokenizer_config.json.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
for version in 4.45.2 4.57.6 5.24.0; do
  python/bin/pip install -q --disable-pip-version-check --target "$version" "transformers==$version" fugashi==1.5.2 ipadic==1.0.0 unidic-lite==1.0.8
done
mkdir model
printf '%s\n' '[PAD]' '[UNK]' '[CLS]' '[SEP]' '[MASK]' 外国 人 参政 権 外国人 参政権 について 話し合っ 話し て た > model/vocab.txt
echo '{"model_type": "bert"}' > model/config.json
echo '{"tokenizer_class": "BertJapaneseTokenizer", "word_tokenizer_type": "mecab", "mecab_kwargs": null}' > model/tokenizer_config.json
cat > show.py <<'PYTHON'
import transformers
transformers.logging.set_verbosity_error()
tokenizer = transformers.AutoTokenizer.from_pretrained("model")
print(tokenizer.word_tokenizer.tokenize("外国人参政権について話し合った"), tokenizer("外国人参政権について話し合った")["input_ids"])
PYTHON
for version in 4.45.2 4.57.6 5.24.0; do
  PYTHONPATH=$version HF_HUB_OFFLINE=1 python/bin/python show.py 2> /dev/null | sed "s/^/$version: /"
done | tee seen.txt
cat > expected.txt <<'TEXT'
4.45.2: ['外国', '人参', '政権', 'について', '話し合っ', 'た'] [2, 5, 1, 1, 11, 12, 15, 3]
4.57.6: ['外国', '人参', '政権', 'に', 'つい', 'て', '話し合っ', 'た'] [2, 5, 1, 1, 1, 1, 14, 12, 15, 3]
5.24.0: ['外国', '人参', '政権', 'に', 'つい', 'て', '話し合っ', 'た'] [2, 5, 1, 1, 1, 1, 14, 12, 15, 3]
TEXT
cmp -s seen.txt expected.txt || { echo 'this has changed'; exit 1; }
