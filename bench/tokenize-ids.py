"""Ids and seconds of transformers' BertJapaneseTokenizer for tokenize-equal.ts: python tokenize-ids.py VOCAB DICTIONARY < lines.json"""
import json, logging, sys, time
logging.disable(logging.WARNING)
from transformers import BertJapaneseTokenizer

tokenizer = BertJapaneseTokenizer(sys.argv[1], word_tokenizer_type="mecab", mecab_kwargs={"mecab_dic": sys.argv[2]})
for lines in json.load(sys.stdin):
    wall, processor = time.perf_counter(), time.process_time()
    ids = [tokenizer.encode(line, truncation=False) for line in lines]
    print(json.dumps({"wall": time.perf_counter() - wall, "processor": time.process_time() - processor, "ids": ids}))
