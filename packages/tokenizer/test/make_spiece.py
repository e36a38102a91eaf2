"""Makes spiece.json: a small SentencePiece model of komalab's own lines, what SentencePiece gives for lines of every kind, and what
transformers' BertJapaneseTokenizer gives with MeCab's words and the model's pieces.

    pip install transformers==4.57.6 sentencepiece==0.2.3 protobuf fugashi==1.5.2 ipadic==1.0.0 unidic-lite==1.0.8
    python make_spiece.py

Lines are those of packages/unigram/test/unigram.json, and some of words.
"""
import base64, json, logging, sys, tempfile
from collections import Counter
from pathlib import Path

import sentencepiece
from transformers import BertJapaneseTokenizer

logging.disable(logging.WARNING)
HERE = Path(__file__).parent
ROOT = HERE.parents[2]
RULES = [("〜", "ー"), ("㈱", "(株)"), ("髙", "高"), ("ｶﾞ", "ガ"), ("ｶ", "カ"), ("！", "!"), ("　", " "), ("É", "e"), ("E\u0301", "e"), ("A", "a"), ("㌔", "キロ"), ("\u0007", ""), ("か\u3099", "が"), ("…", "..."), ("\t", " "), ("\n", " ")]
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
WORDS = ["今日は1,234円です", "''引用''と``引用``", "Aを Bに、Cへ", "ＡＢＣとabc", "ｶﾞｷﾞグゲ", "2,000年 3,4 5, 6", "㌔とキロ", "[MASK]は何？", "髙橋〜", "İstanbul", "彁彁", "[話者]"]


def trained(folder, fallback):
    lines = [line.split("\t")[6] for line in Path(ROOT, "data", "manga.tsv").read_text("utf8").split("\n")[1:] if line]
    often = {one for one, count in Counter("".join(lines)).items() if count > 20}
    Path(folder, "lines.txt").write_text("\n".join("".join(one for one in line if one in often) for line in lines) + "\n1, 2, 3,\n" * 30, "utf8")
    points = lambda word: " ".join(f"{ord(one):X}" for one in word)
    Path(folder, "rules.tsv").write_text("".join(f"{points(a)}\t{points(b)}\n" for a, b in RULES), "utf8")
    sentencepiece.SentencePieceTrainer.train(
        input=f"{folder}/lines.txt", model_prefix=f"{folder}/spiece", vocab_size=800 if fallback else 500, model_type="unigram", character_coverage=1.0,
        normalization_rule_tsv=f"{folder}/rules.tsv", pad_id=0, unk_id=1, bos_id=2, eos_id=3, pad_piece="[PAD]", unk_piece="[UNK]", bos_piece="[CLS]",
        eos_piece="[SEP]", control_symbols="[MASK]", user_defined_symbols="㊙,1,", byte_fallback=fallback, minloglevel=2, hard_vocab_limit=False)
    return Path(folder, "spiece.model").read_bytes()


made = {}
lines = json.loads(Path(ROOT, "packages/unigram/test/unigram.json").read_text("utf8"))["lines"]
for name, fallback in (("plain", False), ("bytes", True)):
    with tempfile.TemporaryDirectory() as folder:
        model = trained(folder, fallback)
        processor = sentencepiece.SentencePieceProcessor(model_file=f"{folder}/spiece.model")
        answers = [processor.encode(line) for line in lines]
        words = []
        Path(folder, "vocab.txt").write_text("\n")
        for dictionary in ("ipadic", "unidic_lite"):
            for lower in (False, True):
                tokenizer = BertJapaneseTokenizer(
                    vocab_file=f"{folder}/vocab.txt", spm_file=f"{folder}/spiece.model", word_tokenizer_type="mecab", subword_tokenizer_type="sentencepiece",
                    mecab_kwargs={"mecab_dic": dictionary}, do_lower_case=lower)
                texts = WORDS + lines[::9]
                words.append({"dictionary": dictionary, "lower": lower, "texts": texts, "ids": [tokenizer.encode(text) for text in texts]})
        made[name] = {"model": base64.b64encode(model).decode(), "answers": answers, "words": words}
(HERE / "spiece.json").write_text("{" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}" for k, v in made.items()) + "}\n", "utf8")
