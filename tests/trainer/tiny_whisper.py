"""A very small Whisper of the true architecture that has learnt two words: what a low tone and what
a high tone say. Written to disk as a real one is, with a byte-level tokenizer."""

import json
from pathlib import Path

import numpy as np
import soundfile
import torch
from tokenizers.pre_tokenizers import ByteLevel

from trainer.contract.manifest import ManifestClip
from trainer.sound import audio_backend  # noqa: F401 - before transformers

# isort: split
from transformers import (
    GenerationConfig,
    WhisperConfig,
    WhisperFeatureExtractor,
    WhisperForConditionalGeneration,
    WhisperTokenizer,
)

torch.set_num_threads(1)  # as in tiny.py
RATE = 16_000
WINDOW_S = 2
"""What it takes at once; a real one takes 30 s."""
WORDS = {220: "so low", 2200: "so high"}
_NAMED = ("endoftext", "startoftranscript", "en", "translate", "transcribe", "startoflm")
_NAMED += ("startofprev", "nospeech", "notimestamps")


def tone(pitch: int, seconds: float, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    time = np.arange(round(seconds * RATE)) / RATE
    noise = 0.01 * rng.standard_normal(len(time))
    return (0.3 * np.sin(2 * np.pi * pitch * time) + noise).astype("f4")


def tones(folder: Path, pitches: list[int], seconds: float = 0.5) -> list[ManifestClip]:
    """One clip a pitch, each with a sound of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    clips = []
    for number, pitch in enumerate(pitches):
        path = folder / f"{number}.wav"
        soundfile.write(path, tone(pitch, seconds, seed=number), RATE)
        clips.append(ManifestClip(f"t/{number}", str(path), None, "g", corpus="t"))
    return clips


def save_tiny_whisper(folder: Path, steps: int = 60) -> Path:
    """Make and train it in a second or two."""
    folder.mkdir(parents=True)
    ids = _write_tokenizer(folder)
    model = _make(ids)
    extractor = WhisperFeatureExtractor(chunk_length=WINDOW_S)
    _learn(model, extractor, WhisperTokenizer.from_pretrained(folder), ids, steps)
    model.save_pretrained(folder)
    extractor.save_pretrained(folder)
    return folder


def _write_tokenizer(folder: Path) -> dict[str, int]:
    vocabulary = {letter: i for i, letter in enumerate(sorted(ByteLevel.alphabet()))}
    special = [f"<|{name}|>" for name in _NAMED]
    special += [f"<|{second / 50:.2f}|>" for second in range(1501)]
    ids = {token: len(vocabulary) + i for i, token in enumerate(special)}
    (folder / "vocab.json").write_text(json.dumps(vocabulary | {special[0]: ids[special[0]]}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    tokenizer = WhisperTokenizer(
        str(folder / "vocab.json"), str(folder / "merges.txt"), extra_special_tokens=special[1:]
    )
    tokenizer.save_pretrained(folder)
    assert tokenizer.convert_tokens_to_ids(special) == list(ids.values())
    return ids


def _make(ids: dict[str, int]) -> WhisperForConditionalGeneration:
    torch.manual_seed(3)
    end, begin = ids["<|endoftext|>"], ids["<|startoftranscript|>"]
    tokens = {"pad_token_id": end, "bos_token_id": end, "eos_token_id": end}
    small = {f"{side}_{what}": n for side in ("encoder", "decoder") for what, n in _SIZES.items()}
    config = WhisperConfig(
        vocab_size=256 + len(ids),
        d_model=16,
        max_source_positions=50 * WINDOW_S,
        max_target_positions=32,
        init_std=0.1,
        decoder_start_token_id=begin,
        **tokens,
        **small,
    )
    model = WhisperForConditionalGeneration(config)
    model.generation_config = GenerationConfig(
        decoder_start_token_id=begin,
        max_length=24,
        is_multilingual=True,
        lang_to_id={"<|en|>": ids["<|en|>"]},
        task_to_id={name: ids[f"<|{name}|>"] for name in ("transcribe", "translate")},
        no_timestamps_token_id=ids["<|notimestamps|>"],
        prev_sot_token_id=ids["<|startofprev|>"],
        max_initial_timestamp_index=50,
        return_timestamps=False,
        **tokens,
    )
    return model


_SIZES = {"layers": 1, "attention_heads": 2, "ffn_dim": 32}


def _learn(
    model: WhisperForConditionalGeneration,
    extractor: WhisperFeatureExtractor,
    tokenizer: WhisperTokenizer,
    ids: dict[str, int],
    steps: int,
) -> None:
    sounds = [tone(pitch, 0.5, seed=99) for pitch in WORDS]
    heard = extractor(sounds, sampling_rate=RATE, return_tensors="pt").input_features
    begin = [ids[f"<|{n}|>"] for n in ("startoftranscript", "en", "transcribe", "notimestamps")]
    end = ids["<|endoftext|>"]
    rows = [[*begin, *tokenizer.encode(w, add_special_tokens=False), end] for w in WORDS.values()]
    longest = max(map(len, rows))
    labels = torch.tensor([row[1:] + [-100] * (longest - len(row)) for row in rows])
    given = torch.tensor([row[:-1] + [end] * (longest - len(row)) for row in rows])
    adam = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(steps):
        loss = model(heard, decoder_input_ids=given, labels=labels).loss
        adam.zero_grad()
        loss.backward()
        adam.step()
    model.eval()
