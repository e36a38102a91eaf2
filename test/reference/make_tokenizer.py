"""Makes tokenizer.json: what transformers' BertJapaneseTokenizer gives for the lines below, for test/text.

    pip install transformers==4.57.6 fugashi==1.5.2 ipadic==1.0.0 unidic-lite==1.0.8
    python make_tokenizer.py

The lines were written for this file: each group tries one rule of MeCab, of NFKC or of the pieces. The vocabulary is made of them too.
words: of MeCab with each dictionary; ids: [CLS] … [SEP], IPADIC words; pairs: two texts cut to 16, 15 … 5 tokens.
"""
import json, logging, tempfile
from collections import Counter
from pathlib import Path

from transformers import BertJapaneseTokenizer, __version__

logging.disable(logging.WARNING)
GROUPS = {
    "plain": [
        "駅前のパン屋は朝六時に店を開ける。", "弟は、宿題を後回しにしてばかりいる、と母が言った。", "すもももももももものうち",
        "にわにはにわにわとりがいる", "この先生きのこるにはどうすればいいのか", "貴社の記者が汽車で帰社した", "ここではきものをぬいでください",
        "外国人参政権について話し合う", "東京都に住む京都出身の人", "うらにわにはにわ、にわにはにわ、にわとりがいる。",
        "父母の話では、昨夜の雨で橋が流されたらしい", "食べられなかったんじゃないかなあ", "行かなければならなかったのだろうか",
    ],
    "speech": [
        "えええええええっ！？", "や、やめろおおおお！！！！", "うわああああああああああああああああああああああああああああああん", "ふぁ～、ねむ……", "ち、ちがうもん…！",
        "おまえ、まじかよｗｗｗ", "んなこたぁねぇだろうがよォ", "ドキドキドキドキドキドキドキドキドキドキドキドキドキドキドキドキ", "ズドドドドドドドドドッッッ", "キターーーーーー",
        "はわわっ、ご主人さまぁ♡", "てめぇら全員、かかってこいやァ！", "ぐぬぬ…", "っしゃあ！", "あんた、バカぁ？",
    ],
    "unknown words": [
        "グリモワルドロップスを三個ください", "ヌルヌルテカテカプニプニしたやつ", "ペロムンチャ先輩のところへ行く", "Supercalifragilisticexpialidocious", "komalab2を入れた",
        "彁という字と妛という字", "鬱々蒼々鬚髯", "ゎゐゑヱヰ", "ヴァイオリンとヷイオリン", "ㄱㄴㄷ한국어", "Ελλάδαへ行く", "Приветと言う", "สวัสดี", "مرحبا", "Ðに似た字", "ﬁre ŉ ǆ",
        "123456789012345678901234567890円", "一二三四五六七八九十百千万億兆", "第２次世界大戦", "二〇二六年十一月", "3.14159265358979", "ＡＢＣａｂｃ１２３", "aーbーc", "々々〻〼",
    ],
    "signs": [
        "。。。、、、", "……――「」『』【】", "(^_^)v m(_ _)m", "orz", "★☆★☆★☆★☆★☆★☆★☆★☆★☆★☆★☆★☆★☆★☆★☆", "https://example.jp/a?b=c&d=%E3%81%82", "#新刊 @user", "<b>太字</b>", "→←↑↓⇒", "￥1,980(税込)",
        "①②③㈱㌔㍉㍻", "ﾊﾟﾊﾟﾊﾞｶﾞﾝ", "か゛は゜", "が ぱ ぷ".replace("が", "か\u3099"), "〜～~", "'\"`\\", "!?!?!?", "「」", "・・・", "ﾟﾟﾟ", "㋿元年", "Ⅳ世", "½カップ", "ｶﾞｷﾞｸﾞｹﾞｺﾞ",
    ],
    "beyond 16 bits": ["𠮷野家で𩸽を食べる", "😀", "今日は😀😀😀いい天気🌸だね", "👨‍👩‍👧‍👦は家族", "𝓗𝓮𝓵𝓵𝓸", "🇯🇵代表", "𠀋𡈽𡌛𡑮𡢽", "葛󠄀城市", "がんばれ💪🏻"],
    "white space": [
        " 前と後 ", "間に 空白　全角\tタブ", "改行\nのある\r\n行", "\x0b縦\x0cと頁\x1c区切\x85次", "零幅\u200bの\ufeff字", "行\u2028段\u2029落", "\u00a0\u2003\u1680隙間", "   ", "", "空 白 の 多 い 文", "  、 。", "終わり\0の後", "English words and 日本語 words",
    ],
    "special tokens": ["今日は[MASK]です。", "[CLS]から[SEP]まで", "[MASK][MASK]", "[mask]と[UNK]と[PAD]", "［ＭＡＳＫ］は違う", "[[MASK]]", "[MASK", " [MASK] の 前後 ", "[UNK]"],
    "long": ["長い" * 120 + "文", "ア" * 25 + "と" + "ア" * 26 + "と" + "ア" * 27, "あ" * 101, "z" * 100 + " " + "z" * 101, "=" * 60, "亜" * 30, "ー" * 40],
}
PAIRS = [("駅前のパン屋は朝六時に店を開ける。", "弟は宿題をしない。"), ("行く", "この先生きのこるにはどうすればいいのか"), ("父母の話では", "昨夜の雨で橋")]


def tokenizer(vocabulary, dictionary, pieces):
    return BertJapaneseTokenizer(vocabulary, word_tokenizer_type="mecab", subword_tokenizer_type=pieces, mecab_kwargs={"mecab_dic": dictionary})


def make_vocabulary(lines, path):
    """Frequent characters, alone and inside words; words of several characters, whole or as their ends: one in three left out."""
    path.write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]))
    words = Counter(w for line in lines for w in tokenizer(path, "ipadic", "wordpiece").word_tokenizer.tokenize(line) if w.split() == [w])
    characters = sorted({c for w in words for c in w})
    pieces = [p for i, c in enumerate(characters) if i % 9 for p in (c, "##" + c)]
    pieces += [p for i, w in enumerate(sorted(words)) if 1 < len(w) < 20 and i % 3 for p in (w, "##" + w[1:])]
    path.write_text("\n".join(dict.fromkeys(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *pieces])) + "\n")


with tempfile.TemporaryDirectory() as folder:
    vocabulary = Path(folder) / "vocab.txt"
    make_vocabulary([line for group in GROUPS.values() for line in group], vocabulary)
    ipadic, unidic, characters = (tokenizer(vocabulary, *kind) for kind in (("ipadic", "wordpiece"), ("unidic_lite", "wordpiece"), ("ipadic", "character")))
    result = {
        "made": f"transformers {__version__}, fugashi 1.5.2, ipadic 1.0.0, unidic-lite 1.0.8",
        "vocabulary": vocabulary.read_text().rstrip("\n").split("\n"),
        "lines": [
            {"group": group, "text": line, "ipadic": ipadic.word_tokenizer.tokenize(line), "unidic": unidic.word_tokenizer.tokenize(line), "ids": ipadic.encode(line), "characters": characters.encode(line)}
            for group, lines in GROUPS.items() for line in lines
        ],
        "pairs": [
            {"text": a, "pair": b, "maxLength": length, **ipadic(a, b, truncation="longest_first", max_length=length, return_attention_mask=False)}
            for a, b in PAIRS for length in range(16, 4, -1)
        ],
    }


def row(value):
    """One line of JSON; TypeScript takes raw U+2028 and U+2029 for ends of lines."""
    return json.dumps(value, ensure_ascii=False).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


lines = ",\n".join(row(line) for line in result.pop("lines"))
pairs = ",\n".join(row(pair) for pair in result.pop("pairs"))
head = json.dumps(result, ensure_ascii=False)[:-1]
(Path(__file__).parent / "tokenizer.json").write_text(f'{head},\n"lines": [\n{lines}\n],\n"pairs": [\n{pairs}\n]}}\n')
