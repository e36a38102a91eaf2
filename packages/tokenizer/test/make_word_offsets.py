"""Makes word_offsets.json: where MeCab's words stand in the lines of test/reference/tokenizer.json, after NFKC.

    pip install fugashi==1.5.2 ipadic==1.0.0
    python make_word_offsets.py

Of each line start and end of each word, one after another, in characters (code points): MeCab's own lengths (rlength, length), in bytes, added up.
"""
import json, unicodedata
from pathlib import Path

import fugashi, ipadic

HERE = Path(__file__).parent
tagger = fugashi.GenericTagger(ipadic.MECAB_ARGS)
lines = [line["text"] for line in json.loads((HERE.parents[2] / "test/reference/tokenizer.json").read_text("utf8"))["lines"]]
made = []
for line in lines:
    text = unicodedata.normalize("NFKC", line)
    places, at = [], 0
    for word in tagger(text):
        at += len(word.white_space)
        places += [at, at + len(word.surface)]
        at += len(word.surface)
    made.append(places)
(HERE / "word_offsets.json").write_text("[\n" + ",\n".join(json.dumps(one, separators=(",", ":")) for one in made) + "\n]\n")
