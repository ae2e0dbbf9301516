"""Models for evaluation programs, whose answers are known beforehand: always the first option, always A.

Each is written as a file beside the run; the programs import it by its path.
"""

from __future__ import annotations

LIGHTEVAL = """
from lighteval.models.abstract_model import LightevalModel
from lighteval.models.model_output import ModelResponse
from lighteval.utils.cache_management import SampleCache


class First(LightevalModel):
    tokenizer = None
    add_special_tokens = False
    max_length = 4096

    def __init__(self, config):
        self.config = config
        self._cache = SampleCache(config)

    def greedy_until(self, docs):
        raise NotImplementedError

    def loglikelihood(self, docs):
        return [
            ModelResponse(
                logprobs=[-float(place) for place, _ in enumerate(one.choices)],
                argmax_logits_eq_gold=[False for _ in one.choices],
            )
            for one in docs
        ]

    def loglikelihood_rolling(self, docs):
        raise NotImplementedError
"""
"""The likelier an option, the earlier it stands."""

OPENCOMPASS = """
from opencompass.models.base import BaseModel


class First(BaseModel):
    def __init__(self, path, max_seq_len=4096, **kwargs):
        super().__init__(path=path, max_seq_len=max_seq_len, tokenizer_only=True)

    def load_tokenizer(self, *args, **kwargs):
        pass

    def get_token_len(self, prompt):
        return len(prompt)

    def get_ppl(self, inputs, mask_length=None):
        raise NotImplementedError

    def generate(self, inputs, max_out_len, **kwargs):
        return ["A" for _ in inputs]
"""
"""Says A."""
