"""Tiny COMET models with random weights, and COMET's own scores of them; run in the environment ``comet``.

Usage: tiny_comet.py build DIR | official DIR ROWS.json
"""

# pyright: reportMissingImports=false, reportMissingModuleSource=false
from __future__ import annotations

import json
import logging
import random
import sys
import warnings
from pathlib import Path
from typing import Any

WORDS = [
    *("fever", "pain", "chest", "patient", "kidney", "liver", "acute", "chronic", "most", "likely", "which", "woman"),
    *("fiebre", "dolor", "paciente", "riñón", "hígado", "agudo", "crónico", "mujer", "hombre", "cuál", "siguiente"),
    *("es", "el", "la", "de", "con", "y", "years", "old", "año", "腎", "肝", "熱"),
]


def texts(count: int, seed: int, least: int = 1, most: int = 30) -> list[str]:
    """Return made-up texts of very different length."""
    rng = random.Random(seed)
    return [" ".join(rng.choices(WORDS, k=rng.randint(least, most))) for _ in range(count)]


def write_encoder(
    folder: Path, hidden: int = 32, layers: int = 3, *, inner: int = 64, heads: int = 4, positions: int = 130
) -> None:
    """Write configuration and tokenizer of an XLM-R."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
    from transformers import XLMRobertaConfig

    folder.mkdir(parents=True)
    tokens = Tokenizer(models.Unigram())
    tokens.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
    tokens.decoder = decoders.Metaspace()
    names = ["<s>", "<pad>", "</s>", "<unk>"]
    trainer = trainers.UnigramTrainer(vocab_size=300, special_tokens=names, unk_token="<unk>", show_progress=False)
    tokens.train_from_iterator(texts(800, 1), trainer)
    tokens.add_special_tokens(["<mask>"])
    tokens.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokens.save(str(folder / "tokenizer.json"))
    roles = {"bos_token": "<s>", "eos_token": "</s>", "sep_token": "</s>", "cls_token": "<s>", "unk_token": "<unk>"}
    about = {"tokenizer_class": "XLMRobertaTokenizer", "pad_token": "<pad>", "mask_token": "<mask>", **roles}
    (folder / "tokenizer_config.json").write_text(json.dumps({**about, "model_max_length": 512}))
    XLMRobertaConfig(
        vocab_size=tokens.get_vocab_size(),
        hidden_size=hidden,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        intermediate_size=inner,
        max_position_embeddings=positions,
        type_vocab_size=1,
        pad_token_id=1,
        bos_token_id=0,
        eos_token_id=2,
    ).save_pretrained(folder)


def kinds(encoder: str) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return what is built: each class of COMET, and each way of the two that encode texts apart."""
    base: dict[str, Any] = {
        "encoder_model": "XLM-RoBERTa",
        "pretrained_model": encoder,
        "layer_transformation": "sparsemax",
        "layer_norm": False,
        "hidden_sizes": [64, 32],
        "load_pretrained_weights": False,
        "local_files_only": True,
    }
    labels = {"error_labels": ["minor", "major", "critical"], "cross_entropy_weights": [0.08, 0.486, 0.505, 0.533]}
    return {
        "regression": ("regression_metric", {**base, "pool": "avg", "layer": "mix"}),
        "softmax": ("regression_metric", {**base, "pool": "avg", "layer": "mix", "layer_transformation": "softmax"}),
        "normed": ("regression_metric", {**base, "pool": "avg", "layer": "mix", "layer_norm": True}),
        "first": ("regression_metric", {**base, "pool": "cls", "layer": "mix"}),
        "onelayer": ("regression_metric", {**base, "pool": "avg", "layer": 2}),
        "greatest": ("regression_metric", {**base, "pool": "max", "layer": "mix"}),
        "qe": ("referenceless_regression_metric", {**base, "pool": "avg", "layer": "mix"}),
        "unified": ("unified_metric", {**base, "sent_layer": "mix", "input_segments": ["mt", "src"], "word_layer": 2}),
        "xcomet": ("xcomet_metric", {**base, "sent_layer": "mix", "word_layer": 2, **labels}),
    }


def save(folder: Path, kind: str, settings: dict[str, Any], seed: int = 7) -> None:
    """Write one model with random weights in COMET's layout."""
    import pytorch_lightning as pl
    import torch
    import yaml
    from comet.models import str2model

    torch.manual_seed(seed)
    model = str2model[kind](**settings)
    if model.layerwise_attention is not None:
        for number, one in enumerate(model.layerwise_attention.scalar_parameters):
            one.data += 0.3 * ((number * 5) % 4)
        model.layerwise_attention.gamma.data += 0.25
    (folder / "checkpoints").mkdir(parents=True)
    (folder / "hparams.yaml").write_text(yaml.safe_dump({**settings, "class_identifier": kind}))
    state = {"epoch": 0, "global_step": 0, "pytorch-lightning_version": pl.__version__, "hparams_name": "kwargs"}
    state |= {"state_dict": model.state_dict(), "hyper_parameters": dict(model.hparams)}
    torch.save(state, folder / "checkpoints" / "model.ckpt")


def build(folder: Path) -> None:
    """Write all models."""
    write_encoder(folder / "encoder")
    for name, (kind, settings) in kinds(str(folder / "encoder")).items():
        save(folder / name, kind, settings)


def official(model: str, rows: list[list[str | None]]) -> dict[str, Any]:
    """Return what COMET's own ``predict`` says."""
    from comet import load_from_checkpoint

    loaded = load_from_checkpoint(f"{model}/checkpoints/model.ckpt", local_files_only=True)
    names = ("src", "mt", "ref")
    samples = [{name: text for name, text in zip(names, row, strict=True) if text is not None} for row in rows]
    told = loaded.predict(samples, batch_size=16, gpus=0, num_workers=0, progress_bar=False)
    spans = told["metadata"]["error_spans"] if "metadata" in told and "error_spans" in told["metadata"] else []
    return {"scores": told["scores"], "spans": spans}


def main() -> None:
    """Run one command."""
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    if sys.argv[1] == "build":
        build(Path(sys.argv[2]))
    else:
        rows = json.loads(Path(sys.argv[3]).read_text(encoding="utf-8"))
        names = kinds("")
        found = {name: official(f"{sys.argv[2]}/{name}", rows) for name in names}
        bare = [[*row[:2], None] for row in rows]
        found |= {f"{name}-bare": official(f"{sys.argv[2]}/{name}", bare) for name in ("xcomet",)}
        print(json.dumps(found))


if __name__ == "__main__":
    main()
