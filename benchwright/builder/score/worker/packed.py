"""Encode texts with an XLM-R encoder without padding; used by the worker beside it, in the environment ``comet``."""

# pyright: reportMissingImports=false, reportMissingModuleSource=false
from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

__all__ = ["Packed"]


class Packed:
    """An XLM-R encoder whose batch is one row of tokens: linear layers see no padding, attention works by length."""

    def __init__(self, model: Any) -> None:
        import torch

        self.torch = torch
        self.bert = model.encoder.model
        self.config = self.bert.config
        self.weights, self.gamma, self.normed = _mix_of(model)
        self.pool = model.hparams.pool
        used = [place for place, weight in enumerate(self.weights) if weight]
        self.depth = max(used, default=0)
        self.heads = self.config.num_attention_heads
        self.fused = []
        for layer in self.bert.encoder.layer[: self.depth]:
            own = layer.attention.self
            weight = torch.cat([own.query.weight, own.key.weight, own.value.weight])
            self.fused.append((weight, torch.cat([own.query.bias, own.key.bias, own.value.bias])))

    @staticmethod
    def fits(model: Any) -> bool:
        """Tell whether the model is made of what this class does itself."""
        config = getattr(getattr(model.encoder, "model", None), "config", None)
        plain = getattr(config, "model_type", "") == "xlm-roberta"
        plain = plain and getattr(config, "position_embedding_type", "absolute") in ("absolute", None)
        return plain and getattr(model.hparams, "pool", "") in ("avg", "cls")

    def embed(self, ids: list[list[int]]) -> Any:
        """Return the sentence vectors of one batch; the texts are sorted by their length."""
        torch = self.torch
        device = self.bert.embeddings.word_embeddings.weight.device
        groups = list(_groups([len(one) for one in ids]))
        flat = torch.tensor([token for one in ids for token in one], device=device)
        first = self.config.pad_token_id + 1
        places = torch.cat([torch.arange(first, first + size, device=device).repeat(n) for _, n, size in groups])
        parts = self.bert.embeddings
        x = parts.word_embeddings(flat) + parts.token_type_embeddings.weight[0] + parts.position_embeddings(places)
        x = parts.LayerNorm(x)
        mixed = self._pooled(x, groups, self.weights[0])
        for number in range(self.depth):
            x = self._layer(x, groups, number)
            mixed = mixed + self._pooled(x, groups, self.weights[number + 1])
        return mixed * self.gamma

    def _layer(self, x: Any, groups: list[tuple[int, int, int]], number: int) -> Any:
        torch, layer = self.torch, self.bert.encoder.layer[number]
        qkv = torch.nn.functional.linear(x, *self.fused[number])
        width = x.shape[1]
        seen = torch.empty_like(x)
        for start, n, size in groups:
            part = qkv[start : start + n * size].view(n, size, 3, self.heads, width // self.heads)
            q, k, v = part.permute(2, 0, 3, 1, 4).unbind(0)
            out = torch.nn.functional.scaled_dot_product_attention(q, k, v)
            seen[start : start + n * size] = out.transpose(1, 2).reshape(n * size, width)
        x = layer.attention.output.LayerNorm(layer.attention.output.dense(seen).add_(x))
        inner = layer.intermediate.intermediate_act_fn(layer.intermediate.dense(x))
        return layer.output.LayerNorm(layer.output.dense(inner).add_(x))

    def _pooled(self, x: Any, groups: list[tuple[int, int, int]], weight: float) -> Any:
        """Return the share of one layer in the vectors; pooling first, as mixing and averaging are sums."""
        torch = self.torch
        if not weight:
            return torch.zeros((sum(n for _, n, _ in groups), x.shape[1]), device=x.device)
        made = []
        for start, n, size in groups:
            part = x[start : start + n * size].view(n, size, -1).float()
            vector = part.mean(1) if self.pool == "avg" else part[:, 0]
            if self.normed:
                mean = part.mean((1, 2))
                spread = ((part - mean.view(n, 1, 1)) ** 2).mean((1, 2))
                vector = (vector - mean.view(n, 1)) / torch.sqrt(spread + 1e-12).view(n, 1)
            made.append(vector)
        return torch.cat(made) * weight


def _mix_of(model: Any) -> tuple[list[float], float, bool]:
    """Return the weight of each layer, the factor of the sum, and whether layers are normed."""
    import torch

    mix = model.layerwise_attention
    if mix is None:
        return [float(place == model.hparams.layer) for place in range(model.encoder.num_layers)], 1.0, False
    weights = mix.transform_fn(torch.cat(list(mix.scalar_parameters)).detach().float(), dim=0)
    return weights.tolist(), float(mix.gamma.detach()), bool(mix.layer_norm)


def _groups(sizes: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Yield first token, number and length of runs of texts of one length."""
    start, place = 0, 0
    while place < len(sizes):
        size, n = sizes[place], 1
        while place + n < len(sizes) and sizes[place + n] == size:
            n += 1
        yield start, n, size
        start, place = start + n * size, place + n
