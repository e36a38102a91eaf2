"""What a freeze mode trains of BertForSequenceClassification: the peers' side of lib/train/freeze.ts."""


def frozen(model, mode, layers):
    """The model with requires_grad set; with adapters of PEFT, of lib's default rank and maps, in the mode lora."""
    if mode == "lora":
        from peft import LoraConfig, TaskType, get_peft_model
        return get_peft_model(model, LoraConfig(task_type=TaskType.SEQ_CLS, r=8, lora_alpha=16, target_modules=["query", "value"]))
    last = f"bert.encoder.layer.{layers - 1}."
    for name, parameter in model.named_parameters():
        parameter.requires_grad = (mode == "all" or name.startswith("classifier") or mode == "bias" and name.endswith("bias")
                                   or mode == "last" and name.startswith((last, "bert.pooler.")))
    return model
