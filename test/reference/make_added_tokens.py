"""Makes added_tokens.json: what transformers' BertJapaneseTokenizer makes of added tokens in a folder's files, for test/text.

    python make_added_tokens.py PYTHON PYTHON      # two environments: transformers 4.57.6 and 5.24.0, each with fugashi 1.5.2, ipadic 1.0.0

Each folder's files stand beside the versions that can open it and the ids of the texts, without [CLS] and [SEP]; null where two versions differ.
"""
import json, subprocess, sys, tempfile
from pathlib import Path

VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "今日", "は", "雨", "です", "。", "[", "]", "話", "##者", "話者", "A", "##B", "AB", "晴れ", "<e1>", "猫", "b", "##c", "Foo"]
NEXT = len(VOCABULARY)
TEXTS = ["今日は[話者]です。", "[話者]今日", "今日 [話者] は", "今日は[話者][話者]です", "[話者] [話者]雨", "話者A[話者", "[話者と", "［話者］", "[[話者]]", "A<e1>B", "AB<e1> <e1>AB",
         "今日は<x>雨 <x> 猫", "<x>\u3000[話者]\t<x>", "雨 <x>", "<x> 雨", "今日は推し活です", "Ａ猫ﾎｹﾞ", "雨 [MASK] 雨", "雨[MASK]", "[MASK][話者][SEP]", " [話者] ", ""]
BASE = dict(tokenizer_class="BertJapaneseTokenizer", word_tokenizer_type="mecab", subword_tokenizer_type="wordpiece", do_lower_case=False, mecab_kwargs={"mecab_dic": "ipadic"})


def token(content, **flags):
    return dict(content=content, lstrip=False, rstrip=False, normalized=False, single_word=False, special=True) | flags


def typed(content, **flags):
    return {"__type": "AddedToken", **token(content, **flags)}


def decoder(*tokens, first=NEXT, **config):
    return {"tokenizer_config.json": {**BASE, "added_tokens_decoder": {str(first + i): one for i, one in enumerate(tokens)}, **config}}


def config(**config):
    return {"tokenizer_config.json": {**BASE, **config}}


def files(added=None, map=None, fast=None, **more):
    named = {"added_tokens.json": added, "special_tokens_map.json": map, "tokenizer.json": fast}
    return {**config(**more), **{name: content for name, content in named.items() if content is not None}}


SPEAKER, X = token("[話者]"), token("<x>")
CASES = {
    "no added token": config(),
    "as 4.57 saves": {**decoder(SPEAKER, token("推し活", special=False, normalized=True), additional_special_tokens=["[話者]"], extra_special_tokens={}), "added_tokens.json": {"[話者]": NEXT, "推し活": NEXT + 1}, "special_tokens_map.json": {"additional_special_tokens": [SPEAKER]}},
    "as 5.24 saves": {**decoder(SPEAKER, token("推し活", special=False, normalized=True), extra_special_tokens=["[話者]"], backend="custom"), "added_tokens.json": {"[話者]": NEXT, "推し活": NEXT + 1}},
    "as saved before 4.34": files({"[話者]": NEXT, "<x>": NEXT + 1}, {"additional_special_tokens": ["[話者]"], "cls_token": "[CLS]"}),
    "a decoder alone": decoder(SPEAKER, token("ﾎｹﾞ", special=False)),
    "flags left out": decoder({"content": "[話者]"}),
    "a piece of the vocabulary": decoder(token("猫", special=False), first=20),
    "in the place of another piece": decoder(SPEAKER, first=18),
    "a hole before": decoder(SPEAKER, first=NEXT + 3),
    "a hole, and one without an id": decoder(SPEAKER, first=NEXT + 3, additional_special_tokens=["[話者]", "<x>"]),
    "one without an id after one with": decoder(SPEAKER, additional_special_tokens=["[話者]", "<x>"]),
    "two with one id": decoder(SPEAKER, first=NEXT + 1, additional_special_tokens=["[話者]", "<x>"]),
    "two ids for one": decoder(token("<e1>")),
    "lstrip": decoder(token("[話者]", lstrip=True), X),
    "rstrip": decoder(token("[話者]", rstrip=True), token("<x>", rstrip=True)),
    "single_word": decoder(token("[話者]", single_word=True), token("<x>", single_word=True)),
    "all flags": decoder(token("[話者]", single_word=True, lstrip=True, rstrip=True), token("<x>", single_word=True, rstrip=True)),
    "[MASK] with lstrip": config(mask_token=typed("[MASK]", lstrip=True)),
    "[MASK] with single_word by its id": decoder(token("[MASK]", single_word=True), first=4),
    "[MASK] with lstrip in the map": files(map={"mask_token": token("[MASK]", lstrip=True)}),
    "one inside another": files({"話者": 14, "[話者]": NEXT}),
    "one at the beginning of another": decoder(SPEAKER, token("[話者]です")),
    "other files beside a decoder": {**decoder(SPEAKER), "added_tokens.json": {"<x>": NEXT + 1}, "special_tokens_map.json": {"additional_special_tokens": ["<x>"], "cls_token": "<e1>"}},
    "an empty decoder": {**decoder(), "special_tokens_map.json": {"additional_special_tokens": ["[話者]"]}},
    "added_tokens.json alone": files({"[話者]": NEXT + 1, "<x>": NEXT}),
    "tokenizer.json": files(fast={"added_tokens": [dict(id=NEXT, **SPEAKER)]}),
    "tokenizer.json and added_tokens.json": files({"[話者]": NEXT}, fast={"added_tokens": [dict(id=NEXT + 1, **token("<x>", lstrip=True))]}, additional_special_tokens=["<e1>"]),
    "additional_special_tokens": config(additional_special_tokens=["<x>", "[話者]", "<e1>", "[MASK]", ""]),
    "additional_special_tokens as objects": config(additional_special_tokens=[typed("[話者]", lstrip=True)]),
    "additional_special_tokens as plain objects": config(additional_special_tokens=[SPEAKER]),
    "bos_token and eos_token": config(bos_token="<e1>", eos_token="<x>", additional_special_tokens=["[話者]"]),
    "bos_token and eos_token as BERT's": config(bos_token="[CLS]", eos_token="[SEP]", image_token=None),
    "extra_special_tokens": config(extra_special_tokens=["[話者]", "<e1>"]),
    "extra_special_tokens as an object": config(extra_special_tokens={"speaker_token": "[話者]"}),
    "both lists": config(additional_special_tokens=["[話者]"], extra_special_tokens=["<x>"]),
    "a list and an object": config(additional_special_tokens=["[話者]"], extra_special_tokens={"x_token": "<x>"}),
    "the map": files(map={"additional_special_tokens": ["[話者]", "<x>"], "bos_token": None}),
    "the map with objects": files(map={"additional_special_tokens": [token("[話者]", lstrip=True)]}),
    "the map with objects and ids": files({"[話者]": NEXT}, {"additional_special_tokens": [token("[話者]", single_word=True)]}),
    "the map with a named object and ids": files({"[話者]": NEXT}, {"bos_token": token("[話者]", single_word=True)}),
    "the map with extra_special_tokens": files(map={"extra_special_tokens": ["[話者]", "<x>"]}),
    "the map and the configuration": files(map={"additional_special_tokens": ["[話者]"]}, additional_special_tokens=["<x>"]),
    "a token of the model's own": config(speaker_token="[話者]"),
    "a token of the model's own, with an id": decoder(SPEAKER, speaker_token="[話者]"),
    "other flags than by its id": decoder(SPEAKER, additional_special_tokens=[typed("[話者]", single_word=True)]),
    "never_split": config(never_split=["今日", "A"]),
}


def answers():
    import transformers

    transformers.logging.set_verbosity(50)
    found = {}
    for name, contents in CASES.items():
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "vocab.txt").write_text("\n".join(VOCABULARY) + "\n")
            for file, content in contents.items():
                Path(folder, file).write_text(json.dumps(content))
            try:
                tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
                found[name] = [tokenizer.encode(text, add_special_tokens=False) for text in TEXTS]
            except Exception as error:
                found[name] = type(error).__name__
    print(json.dumps([transformers.__version__, found]))


if len(sys.argv) == 1:
    answers()
else:
    both = [json.loads(subprocess.run([python, __file__], check=True, capture_output=True, text=True).stdout.splitlines()[-1]) for python in sys.argv[1:]]
    rows = []
    for name, contents in CASES.items():
        given = {version: found[name] for version, found in both if isinstance(found[name], list)}
        ids = next(iter(given.values())) if len({json.dumps(one) for one in given.values()}) == 1 else None
        rows.append(json.dumps({"name": name, "files": contents, "openedBy": list(given), "ids": ids}, ensure_ascii=False))
    head = json.dumps({"vocabulary": VOCABULARY, "texts": TEXTS}, ensure_ascii=False)[:-1]
    (Path(__file__).parent / "added_tokens.json").write_text(f'{head},\n"folders": [\n' + ",\n".join(rows) + "\n]}\n")
