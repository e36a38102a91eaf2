"""Makes tokenizer.json files of SentencePiece's vocabularies, and what Python's tokenizers gives for lines of every kind.

    pip install tokenizers==0.22.2 sentencepiece==0.2.3 protobuf
    python make_unigram.py                    # unigram.json beside this file: small vocabularies of komalab's own lines (data/manga.tsv)
    python make_unigram.py SHARED FOLDER      # the same kinds with 16,000 pieces of the public texts in SHARED, and 20,000 lines, into FOLDER

What the second makes holds texts of others: it is not for the repository. shared.test.ts reads it from the cache folder.
tokenizers 0.23.1 gives the same, but for the lengths of truncated pairs (README.md). Offsets are in characters (code points), as Python counts them.
"""
import gzip, itertools, json, random, sys, tempfile
from collections import Counter
from pathlib import Path

import sentencepiece
from sentencepiece import sentencepiece_model_pb2
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

HERE = Path(__file__).parent
ROOT = HERE.parents[2]

# own rules: a table of one's own for SentencePiece, code points from and to
RULES = [
    ("〜", "ー"), ("～", "ー"), ("㈱", "(株)"), ("髙", "高"), ("ｶﾞ", "ガ"), ("ｶ", "カ"), ("ﾞ", "゛"), ("ﾊﾟ", "パ"), ("ﾊ", "ハ"), ("！", "!"), ("？", "?"), ("　", " "),
    ("É", "e"), ("E\u0301", "e"), ("e\u0301", "é"), ("A", "a"), ("B", "b"), ("E", "e"), ("㌔", "キロ"), ("\u0007", ""), ("\u200b", ""), ("か\u3099", "が"), ("…", "..."), ("①", "1"), ("\t", " "),
]


def sentencepiece_model(lines, size, folder, **options):
    """A SentencePiece unigram model of lines."""
    text = Path(folder, "lines.txt")
    text.write_text("\n".join(lines) + "\n", "utf8")
    if options.get("rules"):
        rules = Path(folder, "rules.tsv")
        points = lambda word: " ".join(f"{ord(one):X}" for one in word)
        rules.write_text("".join(f"{points(a)}\t{points(b)}\n" for a, b in RULES), "utf8")
        options = {k: v for k, v in options.items() if k != "rules"} | {"normalization_rule_tsv": str(rules)}
    prefix = str(Path(folder, "model"))
    sentencepiece.SentencePieceTrainer.train(
        input=str(text), model_prefix=prefix, vocab_size=size, model_type="unigram", character_coverage=0.999, num_threads=2,
        unk_id=0, bos_id=1, eos_id=2, pad_id=3, control_symbols="<sep>,<mask>,<cls>", minloglevel=2, hard_vocab_limit=False, **options)
    model = sentencepiece_model_pb2.ModelProto()
    model.ParseFromString(Path(f"{prefix}.model").read_bytes())
    return model


def converted(model, kind):
    """Its tokenizer.json, put together as transformers does (convert_slow_tokenizer), in three ways."""
    pieces = [(one.piece, one.score) for one in model.pieces]
    made = Tokenizer(models.Unigram(pieces, unk_id=0, byte_fallback=model.trainer_spec.byte_fallback))
    table = normalizers.Precompiled(model.normalizer_spec.precompiled_charsmap) if model.normalizer_spec.precompiled_charsmap else None
    control = [AddedToken(one.piece, normalized=False, special=True) for one in model.pieces if one.type in (2, 3)]
    made.add_tokens(control)
    ids = {piece: i for i, (piece, _) in enumerate(pieces)}
    special = [(name, ids[name]) for name in ("<cls>", "<sep>", "<s>", "</s>")]
    if kind == "nfkc":  # as of T5, ruri and others
        made.normalizer = normalizers.Sequence([table or normalizers.NFKC(), normalizers.Strip(left=False, right=True), normalizers.Replace(Regex(" {2,}"), "▁")])
        made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
        made.post_processor = processors.TemplateProcessing(single="<cls> $A <sep>", pair="<cls> $A <sep> $B <sep>", special_tokens=special)
        made.add_special_tokens([AddedToken("[話者]", lstrip=True, rstrip=True, normalized=False)])
        made.add_tokens([AddedToken("ＫＯＭＡ", normalized=True), AddedToken("Ab", single_word=True, normalized=False)])
    elif kind == "cf":  # as of Llama, not legacy
        made.normalizer = table or normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), normalizers.Lowercase()])
        made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="first", split=False)
        made.post_processor = processors.TemplateProcessing(single="<s> $A </s>", pair="<s> $A </s> $B:1 </s>:1", special_tokens=special)
        made.add_tokens([AddedToken("ＫＯＭＡ", normalized=True, rstrip=True), AddedToken("話者", normalized=True, lstrip=True)])
    else:  # own rules, one normalizer after another
        made.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁"), table, normalizers.NFKC()])
        made.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.Split("、", "merged_with_previous")])
        made.add_tokens([AddedToken("ＫＯＭＡ", normalized=False), AddedToken("<e1>", normalized=True, single_word=True)])
    return made


KINDS = {
    "nfkc": {"normalization_rule_name": "nfkc", "byte_fallback": True},
    "cf": {"normalization_rule_name": "nmt_nfkc_cf", "byte_fallback": True},
    "own": {"rules": True, "byte_fallback": False, "user_defined_symbols": "㊙"},
}

# written for this file
SNIPPETS = [
    "ｶﾞｷﾞｸﾞ", "ﾊﾟﾋﾟ", "ｱｲｳ", "ｳﾞ", "ﾞ", "髙﨑", "﨑", "𠮷野家", "〜", "～", "　", "  ", "   ", " ", "\t", "\r\n", "\n", "\u00a0", "\u200b", "\u200d", "\ufeff", "\u0007", "\x00", "\x01", "\x7f", "\x85",
    "\u2028", "😀", "👨‍👩‍👧‍👦", "🇯🇵", "💪🏻", "☺️", "©️", "1️⃣", "か\u3099", "は\u309a", "e\u0301", "E\u0301", "é", "É", "ñ", "ﬁ", "Å", "A\u030a", "q\u0323\u0307", "q\u0307\u0323", "s\u0323\u0307", "가", "각", "ㄱ",
    "ＡＢＣ", "ａｂｃ", "１２３", "①②", "㈱", "㌔㌘", "㍿", "㍻", "㋿", "ⅣⅫ", "½", "…", "‥", "――", "—", "“”", "「」", "！？", "!?", "‼", "⁉", "♡", "★", "ｗｗｗ", "www", "Hello, world", "İstanbul", "ΣΑΣ", "straße", "ＫＯＭＡ", "KOMA",
    "koma", "Ab", "Abc", "xAb", "話者", "[話者]", " [話者] ", "<e1>", "x<e1>", "<s>", "</s>", "<sep>", "<mask>", "<unk>", "<0x41>", "▁", "▁▁", "㊙", "ー", "ーーーーーー", "っっっ", "あああああ", "ㅋㅋ", "ไทย", "नमस्ते", "العربية", "عَرَبِيّ",
    "\u0600", "a\u0600b", "ะ\u0e33", "葛\U000e0100", "辻󠄀", "\u3000\u3000", "゛", "゜", "\ufffd", "𝓗", "ﷺ", "㍍", "Ω", "K", "Å", "豈", "社", "A\u200dB", "\u034f", "A\u034f", "ｶ\u3099", "\u1100\u1161\u11a8",
]


def weird(lines, count, seed):
    """Lines with snippets put in, and snippets alone."""
    draw = random.Random(seed)
    made = list(SNIPPETS)
    while len(made) < count:
        line = draw.choice(lines)[:60]
        for _ in range(draw.randint(1, 4)):
            place = draw.randint(0, len(line))
            line = line[:place] + draw.choice(SNIPPETS) + line[place:]
        made.append(line)
    return made[:count]


def answers(tokenizer, lines):
    """Ids and flat offsets of each line, without the template."""
    for line in lines:
        encoding = tokenizer.encode(line, add_special_tokens=False)
        yield [encoding.ids, list(itertools.chain(*encoding.offsets))]


def pairs(tokenizer, lines):
    """Two texts in their template, cut to 16, 13 … 4 tokens."""
    made = []
    for text, pair in zip(lines[:12:2], lines[1:12:2]):
        for length in (None, 16, 13, 7, 4):
            tokenizer.no_truncation() if length is None else tokenizer.enable_truncation(length)
            one, two = tokenizer.encode(text), tokenizer.encode(text, pair)
            made.append({"text": text, "pair": pair, "maxLength": length, "ids": one.ids, "pairIds": two.ids, "pairSegments": two.type_ids})
    tokenizer.no_truncation()
    return made


def shared_lines(shared):
    """Lines of every public text, in an order of their own."""
    lines = []
    for name in ("aozora/aozora_quotes.txt.gz", "aozora/aozora_sample.txt.gz", "kyoto-wikipedia/kyoto_ja.txt.gz"):
        with gzip.open(Path(shared, "data", name), "rt", encoding="utf8") as file:
            lines.append([line.rstrip("\n")[:200] for line in itertools.islice(file, 60000) if line.strip()])
    for name, column in (("jrte-corpus/pn.tsv", 2), ("persuasive-emotion/lines.tsv", 4), ("open-mantra/lines.tsv", 2)):
        rows = Path(shared, "data", name).read_text("utf8").split("\n")
        lines.append([row.split("\t")[column] for row in rows if row.count("\t") >= column])
    return lines


def main():
    if len(sys.argv) == 1:
        own = [line.split("\t")[6] for line in Path(ROOT, "data", "manga.tsv").read_text("utf8").split("\n")[1:] if line]
        often = {one for one, count in Counter("".join(own)).items() if count > 12}
        texts = ["".join(one for one in line if one in often) for line in own]  # few characters, so that few pieces do
        tested, size = own[::40] + weird(own, 180, 1), 800
    else:
        sets = shared_lines(sys.argv[1])
        draw = random.Random(0)
        texts = [line for lines in sets for line in draw.sample(lines, min(len(lines), 12000))]
        plain = [line for lines in sets for line in draw.sample(lines, min(len(lines), 2600))][:14000]
        tested, size = plain + weird(plain, 20000 - len(plain), 1), 16000
    made = {"lines": tested, "tokenizers": {}}
    for kind, options in KINDS.items():
        with tempfile.TemporaryDirectory() as folder:
            tokenizer = converted(sentencepiece_model(texts, size, folder, **options), kind)
        if len(sys.argv) == 1 and kind != "own":  # SentencePiece's own table is 300 kB: its kinds have tokenizers' normalizers here
            tokenizer.normalizer = {
                "nfkc": normalizers.Sequence([normalizers.NFKC(), normalizers.Strip(left=False, right=True), normalizers.Replace(Regex(" {2,}"), "▁")]),
                "cf": normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), normalizers.Lowercase()])}[kind]
        file = json.loads(tokenizer.to_str())
        tokenizer = Tokenizer.from_str(json.dumps(file))  # as a reader of the file has it
        made["tokenizers"][kind] = {"file": file, "answers": list(answers(tokenizer, tested)), "pairs": pairs(tokenizer, tested)}
    if len(sys.argv) == 1:
        rows = ['"lines": [' + ", ".join(json.dumps(line, ensure_ascii=False) for line in tested) + "]"]
        rows += [f"{json.dumps(kind)}: {json.dumps(one, ensure_ascii=False, separators=(',', ':'))}" for kind, one in made["tokenizers"].items()]
        text = "{" + rows[0] + ",\n\"tokenizers\": {\n" + ",\n".join(rows[1:]) + "}}\n"
        (HERE / "unigram.json").write_text(text.replace("\x7f", "\\u007f").replace("\u2028", "\\u2028").replace("\ufeff", "\\ufeff"), "utf8")
    else:
        folder = Path(sys.argv[2])
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "lines.json").write_text(json.dumps(tested))
        for kind, one in made["tokenizers"].items():
            (folder / kind).mkdir(exist_ok=True)
            (folder / kind / "tokenizer.json").write_text(json.dumps(one.pop("file"), ensure_ascii=False), "utf8")
            (folder / kind / "answers.json").write_text(json.dumps(one))


main()
