"""Makes tfidf.json: scikit-learn's TF-IDF and logistic regression on a few texts.   python make_tfidf.py   # scikit-learn 1.9.1"""
import json, unicodedata
from pathlib import Path

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

train = ["とても良い宿でした。", "部屋が良い。", "部屋が狭い！", "最悪の宿、狭い", "普通です", "普通の部屋でした", "ＡＢＣ  abc 良い良い"]
test = ["良い部屋", "狭い  宿です", "全然知らない文", "zzz"]
nfkc = lambda texts: [unicodedata.normalize("NFKC", t) for t in texts]
vectoriser = TfidfVectorizer(analyzer="char", ngram_range=(1, 4), min_df=2, sublinear_tf=True)
x, y = vectoriser.fit_transform(nfkc(train)), vectoriser.transform(nfkc(test))
names = vectoriser.get_feature_names_out()
rows = [{names[j]: row[0, j] for j in row.indices} for row in y]
result = {"train": train, "test": test, "columns": len(names), "rows": rows}
for name, labels in {"two": [1, 1, 0, 0, 1, 0, 1], "three": [1, 1, 2, 2, 0, 0, 1]}.items():
    model = LogisticRegression(C=10, max_iter=10000, tol=1e-10).fit(x, labels)
    svm = LinearSVC(C=10, max_iter=100000, tol=1e-9).fit(x, labels)
    result[name] = {"labels": labels, "probabilities": model.predict_proba(y).tolist(), "margins": svm.decision_function(y).tolist()}
words = [["この", "宿", "良い"], ["宿", "狭い"], ["良い", "宿", "良い"], ["ABC", "宿"]]
by_words = TfidfVectorizer(analyzer="word", tokenizer=str.split, token_pattern=None, ngram_range=(1, 3), min_df=1, sublinear_tf=True)
z = by_words.fit_transform(" ".join(w) for w in words)
result["words"] = {"texts": words, "rows": [{by_words.get_feature_names_out()[j]: row[0, j] for j in row.indices} for row in z]}
Path(__file__).with_name("tfidf.json").write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
