"""gensim's rate for the row of doc2vec.ts, in the way that is fastest here: from lists in memory or from a file (which frees it from
Python's lock), with one worker or one a core."""
import os, time
from gensim.models.doc2vec import Doc2Vec, TaggedDocument
from side import serve


def open_side(options):
    path, epochs = options["words"], options["epochs"]
    with open(path, encoding="utf8") as file:
        lines = [TaggedDocument(line.split(), [i]) for i, line in enumerate(file)]
    words = sum(len(line.words) for line in lines)
    ways = [(way, workers) for way in ("lists", "file") for workers in sorted({1, len(os.sched_getaffinity(0))})]

    def rate(epochs, way, workers):
        model = Doc2Vec(dm=int(options["algorithm"] == "dm"), epochs=epochs, workers=workers, seed=1)
        start = time.perf_counter()
        source = {"corpus_iterable": lines} if way == "lists" else {"corpus_file": path}
        model.build_vocab(**source)
        model.train(**source, total_examples=model.corpus_count, total_words=model.corpus_total_words, epochs=epochs)
        return epochs * words / (time.perf_counter() - start)

    best = max(ways, key=lambda way: rate(epochs, *way))
    return lambda: rate(epochs, *best), f"gensim from {best[0]}, workers: {best[1]}"


serve(open_side, ["gensim"])
