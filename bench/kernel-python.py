"""Seconds that a new Python takes to import what fine-tuning with transformers needs: the peer of kernel.ts."""
import subprocess, sys, time

from side import serve

IMPORTS = "import torch; from transformers import BertForSequenceClassification, BertJapaneseTokenizer, Trainer, TrainingArguments"


def open(_):
    def measure():
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", IMPORTS], check=True, stderr=subprocess.DEVNULL)
        return time.perf_counter() - start

    return measure, None


serve(open, ["torch", "transformers"])
