"""Makes mecab.json: a small dictionary of made-up words compiled by MeCab, and the words that MeCab finds with it, for test/text.

    pip install fugashi==1.5.2
    python make_mecab.py

Costs are small whole numbers, so that most lines have several cheapest paths and the choice among them is tried; the rules
for unknown words cover grouping, lengths, invoking and characters of two kinds. files: gzip in base64.
"""
import base64, gzip, json, random, subprocess, tempfile
from pathlib import Path

import fugashi

random.seed(1)
CONTEXTS = 6
CHARACTERS = "猫犬鳥が鳴く走るアイウabＢ12、。𠮷 "
DEFINITIONS = """DEFAULT 0 1 0
SPACE 0 1 0
KANJI 0 0 2
KANA 0 1 2
KATAKANA 1 1 2
ALPHA 1 1 0
NUMERIC 1 1 3
0x0020 SPACE
0x0030..0x0039 NUMERIC
0x0041..0x007A ALPHA
0x0061 ALPHA NUMERIC
0x3041..0x309F KANA
0x30A1..0x30FF KATAKANA KANA
0x4E00..0x9FFF KANJI
"""
RULES = {
    "left-id.def": "", "right-id.def": "", "pos-id.def": "", "feature.def": "UNIGRAM W:%F[0]\n",
    "rewrite.def": "".join(f"[{part} rewrite]\n*\t$1\n" for part in ("unigram", "left", "right")),
    "dicrc": "cost-factor = 800\nbos-feature = BOS/EOS\nconfig-charset = utf-8\ndictionary-charset = utf-8\n", "char.def": DEFINITIONS,
}


def entry(key, lowest, highest):
    return f"{key},{random.randrange(CONTEXTS)},{random.randrange(CONTEXTS)},{random.randint(lowest, highest)},x\n"


def text(length):
    return "".join(random.choices(CHARACTERS, k=length))


letters = CHARACTERS.strip()
words = {"".join(random.choices(letters, k=random.choice((1, 1, 2, 2, 3)))) for _ in range(90)}
RULES["words.csv"] = "".join(entry(word, 0, 3) for word in sorted(words) for _ in range(random.randint(1, 3)))
kinds = [line.split()[0] for line in DEFINITIONS.splitlines()[:7]]
RULES["unk.def"] = "".join(entry(kind, 2, 5) for kind in kinds for _ in range(random.randint(1, 2)))
RULES["matrix.def"] = f"{CONTEXTS} {CONTEXTS}\n" + "".join(f"{r} {l} {random.randint(-1, 2)}\n" for r in range(CONTEXTS) for l in range(CONTEXTS))

with tempfile.TemporaryDirectory() as folder:
    made = Path(folder) / "made"
    made.mkdir()
    for name, content in RULES.items():
        (Path(folder) / name).write_text(content)
    subprocess.run(["fugashi-build-dict", "-d", folder, "-o", str(made), "-f", "utf-8", "-t", "utf-8"], check=True, capture_output=True)
    (made / "dicrc").write_text(RULES["dicrc"])
    tagger = fugashi.GenericTagger(f"-d {made} -r {made / 'dicrc'}")
    lines = [text(random.randint(1, 24)) for _ in range(200)] + [letter * length for letter in "アa1猫𠮷" for length in (24, 25, 26, 27)]
    result = {
        "files": {name: base64.b64encode(gzip.compress((made / name).read_bytes(), mtime=0)).decode() for name in ("sys.dic", "unk.dic", "char.bin", "matrix.bin")},
        "lines": [[line, [word.surface for word in tagger(line)]] for line in lines],
    }
rows = ",\n".join(json.dumps(row, ensure_ascii=False) for row in result["lines"])
(Path(__file__).parent / "mecab.json").write_text(f'{{"files": {json.dumps(result["files"], indent=1)},\n"lines": [\n{rows}\n]}}\n')
