"""The peers' side of model.ts: a classifier of the encoder that a row names, random weights."""
from transformers import AutoConfig, AutoModelForSequenceClassification


def classifier(o):
    """o: encoder (bert if left out), layers, hidden, heads, vocabulary, and dropout, .1 if left out."""
    kind, dropout, wide = o.get("encoder", "bert"), o.get("dropout", 0.1), 4 * o["hidden"]
    if kind == "distilbert":
        config = dict(dim=o["hidden"], n_layers=o["layers"], n_heads=o["heads"], hidden_dim=wide, dropout=dropout, attention_dropout=dropout, seq_classif_dropout=dropout)
    else:
        config = dict(hidden_size=o["hidden"], num_hidden_layers=o["layers"], num_attention_heads=o["heads"], intermediate_size=wide)
    if kind == "bert":
        config |= dict(hidden_dropout_prob=dropout, attention_probs_dropout_prob=dropout)
    if kind == "modernbert":
        config |= dict(attention_dropout=dropout, mlp_dropout=dropout, embedding_dropout=dropout, classifier_dropout=dropout,
                       pad_token_id=0, bos_token_id=1, eos_token_id=2, cls_token_id=1, sep_token_id=2)
    return AutoModelForSequenceClassification.from_config(AutoConfig.for_model(kind, vocab_size=o["vocabulary"], **config))
