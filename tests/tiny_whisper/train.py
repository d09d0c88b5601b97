"""Trains the test model: `python -m tests.tiny_whisper.train`, half an hour on one core; needs espeak-ng.

The library's own modules and checkpoint format with three shortcuts. Only the tokens of the sentences and
one row for all others are trained, and spread over the vocabulary when saved. Positions beyond four seconds
are all alike, so one key whose score is raised by log(1300) stands for the 26 s of padding. And the decoder
learns only the prefix that the recogniser uses: no time stamps, with or without a prompt before it.
"""

from __future__ import annotations

import argparse
import math
import time
from dataclasses import asdict
from pathlib import Path
from typing import Final

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from whisper.model import ModelDimensions, MultiHeadAttention, Whisper
from whisper.tokenizer import get_tokenizer

from tests.tiny_whisper.clips import FRAMES, Clip, Noises, heard, make_clips
from tests.tiny_whisper.spoken import PHRASES

WEIGHTS: Final = Path(__file__).parent / "phrases.pt"
DIMENSIONS: Final = ModelDimensions(80, 1500, 64, 4, 3, 51865, 128, 64, 4, 2)
_POSITIONS: Final = FRAMES // 2
_PADDING: Final = math.log(DIMENSIONS.n_audio_ctx - _POSITIONS)
_BATCH: Final = 32
_LEARNING_RATE: Final = 2e-3


class Vocabulary:
    """The tokens that are trained, numbered from 0; the last number stands for all others."""

    def __init__(self) -> None:
        tokenizer = get_tokenizer(True, num_languages=99, language="ja", task="transcribe")
        self.prefix = list(tokenizer.sot_sequence_including_notimestamps)
        self.end, self.previous = tokenizer.eot, tokenizer.sot_prev
        self.no_speech = tokenizer.no_speech
        self.texts = {text: tokenizer.encode(text) for text in ("", *PHRASES)}
        spoken = {token for tokens in self.texts.values() for token in tokens}
        self.used = sorted({*spoken, *self.prefix, self.end, self.previous, self.no_speech})
        self.number = {token: index for index, token in enumerate(self.used)}
        self.other = len(self.used)
        self.bias = torch.zeros(self.other + 1)
        self.bias[self.other] = math.log(DIMENSIONS.n_vocab - self.other)


class Learner(nn.Module):
    """The library's model with the shortcuts of training around it."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__()
        self.vocabulary = vocabulary
        self.model = Whisper(DIMENSIONS)
        self.model.decoder.token_embedding = nn.Embedding(vocabulary.other + 1, DIMENSIONS.n_text_state)
        nn.init.normal_(self.model.decoder.token_embedding.weight, std=0.05)
        nn.init.normal_(self.model.decoder.positional_embedding, std=0.01)
        alike = self.model.encoder.positional_embedding
        alike[_POSITIONS:] = alike[_POSITIONS].clone()
        self.register_buffer("key_bias", torch.zeros(_POSITIONS + 1), persistent=False)
        self.key_bias[-1] = _PADDING

    def forward(self, mel: Tensor, tokens: Tensor) -> Tensor:
        """Scores of each next token."""
        encoder, decoder = self.model.encoder, self.model.decoder
        x = F.gelu(encoder.conv2(F.gelu(encoder.conv1(mel)))).permute(0, 2, 1)[:, : _POSITIONS + 1]
        x = x + encoder.positional_embedding[: _POSITIONS + 1]
        for block in encoder.blocks:
            inner = block.attn_ln(x)
            x = x + self._attend(block.attn, inner, inner, self.key_bias)
            x = x + block.mlp(block.mlp_ln(x))
        audio = encoder.ln_post(x)
        y = decoder.token_embedding(tokens) + decoder.positional_embedding[: tokens.shape[1]]
        causal = torch.full((tokens.shape[1], tokens.shape[1]), -math.inf).triu(1)
        for block in decoder.blocks:
            inner = block.attn_ln(y)
            y = y + self._attend(block.attn, inner, inner, causal)
            y = y + self._attend(block.cross_attn, block.cross_attn_ln(y), audio, self.key_bias)
            y = y + block.mlp(block.mlp_ln(y))
        return decoder.ln(y) @ decoder.token_embedding.weight.T + self.vocabulary.bias

    @staticmethod
    def _attend(layer: MultiHeadAttention, x: Tensor, source: Tensor, bias: Tensor) -> Tensor:
        def heads(y: Tensor) -> Tensor:
            return y.unflatten(-1, (layer.n_head, -1)).transpose(1, 2)

        q, k, v = heads(layer.query(x)), heads(layer.key(source)), heads(layer.value(source))
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=bias.expand(1, 1, x.shape[1], -1))
        return layer.out(mixed.transpose(1, 2).flatten(2))

    def save(self, path: Path) -> None:
        """Write the checkpoint as the library loads it, in half precision."""
        weights = dict(self.model.state_dict())
        rows = weights["decoder.token_embedding.weight"]
        spread = rows[self.vocabulary.other].repeat(DIMENSIONS.n_vocab, 1)
        spread[torch.tensor(self.vocabulary.used)] = rows[:-1]
        weights["decoder.token_embedding.weight"] = spread
        halves = {name: weight.half() for name, weight in weights.items()}
        torch.save({"dims": asdict(DIMENSIONS), "model_state_dict": halves}, path)


def draw_batch(
    clips: list[Clip], noises: Noises, vocabulary: Vocabulary, random: np.random.Generator
) -> tuple[Tensor, Tensor, Tensor]:
    """Spectrograms, tokens, and what follows each token (-100 where it does not matter)."""
    picked = [
        None if random.random() < 0.12 else clips[int(random.integers(len(clips)))] for _ in range(_BATCH)
    ]
    number = vocabulary.number
    prompt: list[int] = []
    if random.random() < 0.3:
        words = random.integers(0, vocabulary.other + 1, int(random.integers(1, 40)))
        prompt = [number[vocabulary.previous], *(int(word) for word in words)]
    start = [*prompt, *(number[token] for token in vocabulary.prefix)]
    texts = [[number[token] for token in vocabulary.texts[clip.text if clip else ""]] for clip in picked]
    longest = max(map(len, texts))
    tokens = torch.full((_BATCH, len(start) + longest), number[vocabulary.end])
    follows = torch.full_like(tokens, -100)
    for row, (text, clip) in enumerate(zip(texts, picked, strict=True)):
        tokens[row, : len(start) + len(text)] = torch.tensor(start + text)
        follows[row, len(start) - 1 : len(start) + len(text)] = torch.tensor([*text, number[vocabulary.end]])
        is_speech = clip is not None
        follows[row, len(prompt)] = number[vocabulary.prefix[1] if is_speech else vocabulary.no_speech]
    return torch.stack([heard(clip, noises, random) for clip in picked]), tokens, follows


def train(steps: int, folder: Path, clips_per_phrase: int) -> None:
    """Train up to `steps`, going on from the last checkpoint in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    checkpoint = folder / "checkpoint.pt"
    random = np.random.default_rng(time.time_ns())
    clips = make_clips(clips_per_phrase, 1, folder / f"clips-{clips_per_phrase}.pt")
    noises = Noises(random)
    learner = Learner(Vocabulary())
    optimizer = torch.optim.AdamW(learner.parameters(), _LEARNING_RATE, weight_decay=0.01, betas=(0.9, 0.98))
    step = 0
    if checkpoint.exists():
        kept = torch.load(checkpoint, weights_only=True)
        learner.load_state_dict(kept["learner"])
        optimizer.load_state_dict(kept["optimizer"])
        step = kept["step"]
    losses: list[float] = []
    began = time.monotonic()
    while step < steps:
        step += 1
        rate = (
            _LEARNING_RATE * min(1, step / 150) * (0.02 + 0.98 * (1 + math.cos(math.pi * step / steps)) / 2)
        )
        for group in optimizer.param_groups:
            group["lr"] = rate
        mel, tokens, follows = draw_batch(clips, noises, learner.vocabulary, random)
        loss = F.cross_entropy(learner(mel, tokens).flatten(0, 1), follows.flatten(), ignore_index=-100)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(learner.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
        if step % 50 == 0:
            pace = (time.monotonic() - began) / len(losses)
            print(f"{step}/{steps} loss {np.mean(losses[-50:]):.4f} {pace:.2f} s a step", flush=True)
        if step % 250 == 0 or step == steps:
            state = {"learner": learner.state_dict(), "optimizer": optimizer.state_dict(), "step": step}
            torch.save(state, checkpoint.with_suffix(".new"))
            checkpoint.with_suffix(".new").replace(checkpoint)
            learner.save(folder / "phrases.pt")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="train the test model; goes on where it stopped")
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--clips", type=int, default=50, help="renderings of each sentence")
    parser.add_argument("--folder", type=Path, default=Path("build/tiny_whisper"))
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    train(chosen.steps, chosen.folder, chosen.clips)
