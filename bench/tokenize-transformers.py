"""The rate of transformers' BertJapaneseTokenizer for the row of tokenize.ts, line by line."""
import json, logging, time

logging.disable(logging.WARNING)
from transformers import BertJapaneseTokenizer
from side import serve


def open_side(options):
    tokenizer = BertJapaneseTokenizer(options["vocabulary"], word_tokenizer_type="mecab", mecab_kwargs={"mecab_dic": "ipadic"})
    with open(options["lines"]) as file:
        parts = iter(json.load(file))

    def measure():
        part = next(parts)
        start = time.perf_counter()
        for line in part:
            tokenizer.encode(line, truncation=False)
        return len(part) / (time.perf_counter() - start)

    return measure, None


serve(open_side, ["transformers", "fugashi"])
