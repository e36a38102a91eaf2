"""The rate of Python's tokenizers, or of transformers' AutoTokenizer, for the rows of tokenize-unigram.ts, line by line."""
import json, logging, os, time

os.environ["HF_HUB_OFFLINE"] = "1"
from side import serve


def open_side(options):
    if options["auto"]:
        logging.disable(logging.WARNING)
        from transformers import AutoTokenizer

        tokenizer = AutoTokenizer.from_pretrained(options["folder"])
        ids = lambda line: tokenizer(line)["input_ids"]
    else:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(f"{options['folder']}/tokenizer.json")
        ids = lambda line: tokenizer.encode(line).ids
    with open(options["lines"]) as file:
        parts = iter(json.load(file))

    def measure():
        part, tokens = next(parts), 0
        start = time.perf_counter()
        for line in part:
            tokens += len(ids(line))
        return tokens / (time.perf_counter() - start)

    return measure, None


serve(open_side, ["tokenizers", "transformers"])
