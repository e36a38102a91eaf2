"""Makes user_words.json: MeCab's words with a user dictionary, for IPADIC and UniDic.

    pip install fugashi==1.5.2 ipadic==1.0.0 unidic-lite==1.0.8
    python make_user_words.py

The words and lines were written for this file: names of characters, words inside others, words that cost little and much, one surface twice,
signs, words beyond 16 bits. Each dictionary has contexts of its own; csv: the user dictionary, lines: texts and MeCab's words.
"""
import json, random, subprocess, tempfile
from pathlib import Path

import fugashi, ipadic, unidic_lite

NAMES = ["ベホマズン", "ピカリン姫", "鳥羽々", "碧生", "ドラ猫丸", "の助", "ゃん", "🐱丸", "𠮷野くん", "Komaちゃん", "ま・るこ", "すもも", "もものうち", "雨の日", "雨", "ですね", "きゃぴ☆", "A子", "ンカ", '","']
LINES = [
    "ベホマズンがピカリン姫を助けた。", "鳥羽々さんと碧生が雨の日に会う", "ドラ猫丸の助ちゃんはドラ猫丸", "🐱丸と🐱と𠮷野くん、𠮷野家へ行く", "KomaちゃんとKoma", "ま・るこ・ま", "すもももももももものうち",
    "雨の日ですね、雨ですね。", "きゃぴ☆きゃぴっ", "A子とB子とAA子", "パンカンカンカ", "ベホマズンベホマズンベホマ", "  ベホマズン  の助 ", "あ,い,\",\"", "東京都の雨の日、碧生ちゃんゃん", "ピカリン", "今日はいい天気だ", "ンカンカンカ", "",
]
DICTIONARIES = {"ipadic": (ipadic.DICDIR, [1288, 1289, 1291, 1285, 0, 12]), "unidic_lite": (unidic_lite.DICDIR, [4788, 4787, 4789, 5100, 0, 12])}

made = {}
for name, (dictionary, contexts) in DICTIONARIES.items():
    draw = random.Random(1)
    rows = []
    for word in NAMES:
        for _ in range(draw.choice((1, 1, 2))):
            quoted = '"' + word.replace('"', '""') + '"' if "," in word else word
            rows.append(f"{quoted},{draw.choice(contexts)},{draw.choice(contexts)},{draw.choice((-3000, 0, 500, 3000, 6000, 12000))},名詞,固有名詞,人名,一般,*,*,*,*,*")
    with tempfile.TemporaryDirectory() as folder:
        csv = Path(folder, "words.csv")
        csv.write_text("\n".join(rows) + "\n", "utf8")
        build = ["fugashi-build-dict", "-d", dictionary, "-u", f"{folder}/words.dic", "-f", "utf-8", "-t", "utf-8", str(csv)]
        subprocess.run(build, check=True, capture_output=True)
        Path(folder, "mecabrc").touch()
        tagger = fugashi.GenericTagger(f"-r {folder}/mecabrc -d {dictionary} -u {folder}/words.dic")
        plain = fugashi.GenericTagger(f"-r {folder}/mecabrc -d {dictionary}")
        extra = [draw.choice(NAMES) + draw.choice("はがのをとも、") + draw.choice(LINES)[:9] + draw.choice(NAMES) for _ in range(60)]
        lines = [[line, [word.surface for word in tagger(line)]] for line in LINES + extra]
        differ = sum([word.surface for word in plain(line)] != words for line, words in lines)
    made[name] = {"csv": rows, "differ": differ, "lines": lines}
Path(__file__).with_name("user_words.json").write_text(
    "{\n" + ",\n".join(f"{json.dumps(name)}: {json.dumps(one, ensure_ascii=False, separators=(',', ':'))}" for name, one in made.items()) + "\n}\n", "utf8")
