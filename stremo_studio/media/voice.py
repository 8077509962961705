"""A small source-filter voice (Fant 1960): glottal pulses and breath, shaped by formants.

Made for the practice set, so that the whole loop can be tried with no corpus and no network.
It speaks in made-up syllables; what it carries is prosody, and it is no model of real emotion.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

RATE = 16_000
_WINDOW = 512  # frames; 32 ms, long enough for two periods of the lowest voice
_HOP = 256
_VOWELS = {  # Hz of F1..F3, adult male means, Peterson & Barney (1952), table II
    "i": (270, 2290, 3010),
    "e": (530, 1840, 2480),
    "a": (730, 1090, 2440),
    "o": (570, 840, 2410),
    "u": (300, 870, 2240),
}
_HISS = ((5200, 1400), (2600, 900), (1500, 700), (3800, 2500))  # Hz: middle and width of a noise

Wave = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Speaker:
    """`pitch` in Hz, `tract` the length of the vocal tract relative to a man's 17 cm."""

    pitch: float
    tract: float
    breath: float
    jitter: float


@dataclass(frozen=True, slots=True)
class Prosody:
    """How a sentence is said, relative to the speaker's habit.

    `level` and `spread` in semitones, `slope` in semitones a second, `tempo` in syllables a
    second, `energy` in dB, `effort` -1 (soft, dark) .. 1 (pressed, bright), `breath` added 0..1,
    `smile` -1 (rounded lips: lower formants) .. 1 (spread lips: higher formants).
    """

    level: float = 0.0
    spread: float = 1.8
    slope: float = -1.2
    tempo: float = 4.4
    energy: float = 0.0
    effort: float = 0.0
    breath: float = 0.0
    smile: float = 0.0


@dataclass(frozen=True, slots=True)
class _Plan:
    """One value per frame: voicing and hiss 0..1, pitch accents in semitones, formants in Hz."""

    voiced: Wave
    hiss: Wave
    hiss_band: Wave
    accent: Wave
    formants: Wave


def say(speaker: Speaker, prosody: Prosody, seconds: float, random: np.random.Generator) -> Wave:
    """About `seconds` of made-up syllables, shape (frames,) at RATE, in -1..1."""
    plan = _plan(prosody, seconds, random)
    frames = len(plan.voiced)
    source = _pulses(speaker, prosody, plan, random)
    breath = (speaker.breath + prosody.breath) * plan.voiced * random.standard_normal(frames)
    tilt = 700.0 * 2 ** (1.3 * prosody.effort)
    vowel = _shaped(
        source + 0.04 * breath, plan.formants * (1 + 0.11 * prosody.smile) / speaker.tract, tilt
    )
    hiss = _hissed(plan.hiss * random.standard_normal(frames), plan.hiss_band)
    vowel *= 0.12 / (np.sqrt(np.mean(vowel**2)) + 1e-9)
    wave = vowel + 0.028 * (1 + 0.4 * prosody.effort) * hiss
    wave = wave * 10 ** (prosody.energy / 20) + 0.0012 * random.standard_normal(frames)
    quiet: Wave = np.tanh(wave * 1.2) * 0.8  # loud peaks bend, as in a real recording chain
    return quiet


def _plan(prosody: Prosody, seconds: float, random: np.random.Generator) -> _Plan:
    """Lay consonants, vowels and pauses one after the other."""
    frames = round(seconds * RATE)
    voiced, hiss, accent = np.zeros(frames), np.zeros(frames), np.zeros(frames)
    band = np.zeros((frames, 2)) + _HISS[0]
    marks, formants = [0.0], [_VOWELS["e"]]
    vowels = list(_VOWELS.values())
    now = random.uniform(0.08, 0.2)
    while now < seconds - 0.35:
        length = float(np.clip(random.normal(1, 0.2), 0.6, 1.6)) / prosody.tempo
        onset = length * random.uniform(0.2, 0.38)
        sound = slice(round(now * RATE), round((now + onset) * RATE))
        hiss[sound] = random.uniform(0.2, 1.0) * np.hanning(sound.stop - sound.start)
        band[sound] = _HISS[random.integers(len(_HISS))]
        rise = slice(round((now + onset * 0.6) * RATE), round((now + length) * RATE))
        size = min(rise.stop, frames) - rise.start
        voiced[rise] = np.maximum(voiced[rise], np.hanning(size + 2)[1:-1] ** 0.5)
        accent[rise] = random.normal(0, 1)
        marks += [now + onset, now + length * 0.9]
        formants += [vowels[random.integers(len(vowels))]] * 2
        now += length
        if random.random() < 0.12:
            now += random.uniform(0.6, 1.2) / prosody.tempo
    time = np.arange(frames) / RATE
    track = np.stack([np.interp(time, marks, values) for values in zip(*formants, strict=True)], 1)
    return _Plan(voiced, hiss, band, _smooth(accent, 0.09), track)


def _pulses(speaker: Speaker, prosody: Prosody, plan: _Plan, random: np.random.Generator) -> Wave:
    """Glottal pulses with jitter and shimmer, each split over two frames to sit between them."""
    frames = len(plan.voiced)
    time = np.arange(frames) / RATE
    drift = _smooth(random.standard_normal(frames), 0.12)
    drift *= 0.3 / (drift.std() + 1e-9)
    semitones = (
        prosody.level + prosody.spread * plan.accent + prosody.slope * (time - time[-1] / 2) + drift
    )
    pitch = np.clip(speaker.pitch * 2 ** (semitones / 12), 55, 620)
    phase = np.cumsum(pitch / RATE)
    count = int(phase[-1])
    cycles = np.arange(1, count) + speaker.jitter * random.standard_normal(count - 1)
    place = np.clip(np.interp(cycles, phase, np.arange(frames)), 0, frames - 2)
    whole = place.astype(np.int64)
    power = (1 + 0.08 * random.standard_normal(count - 1)) * plan.voiced[whole]
    power *= np.sqrt(RATE / pitch[whole]) / 10  # a low voice is as loud as a high one
    source = np.zeros(frames)
    np.add.at(source, whole, power * (1 - (place - whole)))
    np.add.at(source, whole + 1, power * (place - whole))
    return source


def _shaped(source: Wave, formants: Wave, tilt: float) -> Wave:
    """Resonances that move: each window of the source gets its own vocal tract."""
    hertz = np.arange(_WINDOW + 1) * RATE / (2 * _WINDOW)
    radiation = (1j * hertz / 100) / (1 + 1j * hertz / 100) / (1 + 1j * hertz / tilt)
    back = np.exp(-2j * np.pi * hertz / RATE).astype(np.complex64)
    middle = _at_windows(formants)
    fourth = np.full((len(middle), 1), 3500.0)
    poles = np.ones((len(middle), _WINDOW + 1), np.complex64)
    for centre, width in zip(np.hstack([middle, fourth]).T, (60, 90, 150, 250), strict=True):
        radius = np.exp(-np.pi * width / RATE)
        first = (-2 * radius * np.cos(2 * np.pi * centre / RATE))[:, None].astype(np.float32)
        second = np.float32(radius**2)
        poles *= (1 + first * back + second * back**2) / (1 + first + second)
    return _filtered(source, radiation.astype(np.complex64) / poles)


def _hissed(noise: Wave, band: Wave) -> Wave:
    hertz = np.arange(_WINDOW + 1) * RATE / (2 * _WINDOW)
    middle = _at_windows(band)
    return _filtered(noise, np.exp(-(((hertz - middle[:, :1]) / middle[:, 1:]) ** 2)))


def _at_windows(track: Wave) -> Wave:
    """Values of a track of shape (frames, n) in the middle of each window."""
    middles = np.arange(-_HOP, len(track), _HOP) + _WINDOW // 2
    return track[np.minimum(middles, len(track) - 1)]


def _filtered(wave: Wave, response: Wave | npt.NDArray[np.complex64]) -> Wave:
    """Overlap-add of half-overlapping windows, each multiplied by its response."""
    count = len(response)
    padded = np.pad(wave, (_HOP, _WINDOW + _HOP))
    pieces = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::_HOP][:count]
    tapered = (pieces * np.hanning(_WINDOW + 1)[:-1]).astype(np.float32)
    shaped = np.fft.irfft(np.fft.rfft(tapered, 2 * _WINDOW) * response, 2 * _WINDOW)
    out = np.zeros((count + 3, _HOP))
    for part in range(4):
        out[part : part + count] += shaped[:, part * _HOP : (part + 1) * _HOP]
    return out.reshape(-1)[_HOP : _HOP + len(wave)]


def _smooth(wave: Wave, seconds: float) -> Wave:
    """Moving average over `seconds`."""
    size = round(seconds * RATE)
    total = np.cumsum(np.pad(wave, (size // 2 + 1, size - size // 2), mode="edge"))
    return (total[size:] - total[:-size])[: len(wave)] / size
