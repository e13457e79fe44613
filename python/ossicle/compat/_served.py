"""What Ossicle serves of another library's arguments, and the front ends made of them."""

import functools
from typing import Any

import ossicle

MAX_FFT_SIZE = 65536
MAX_HOP_SAMPLES = 1 << 20
MAX_BANDS = 1024
MAX_SAMPLE_RATE_HZ = 768000


def unserved(call: str, argument: str, value: object, served: str) -> NotImplementedError:
    """The error for a value that the original takes and Ossicle does not."""
    return NotImplementedError(
        f"{call}: Ossicle does not serve {argument}={value!r}; it serves {served}")


@functools.lru_cache(maxsize=64)
def frontend(spec: ossicle.FrontendSpec, precision: str = "float") -> ossicle.Frontend:
    """The front end of a spec, compiled once."""
    return ossicle.Frontend(spec, precision=precision)


@functools.lru_cache(maxsize=64)
def frontend_of(precision: str, **fields: Any) -> ossicle.Frontend:
    """The front end of a spec's fields, compiled once. It is found faster than that of a spec,
    which is checked when it is made."""
    return ossicle.Frontend(ossicle.FrontendSpec(**fields), precision=precision)


def check_rate(call: str, argument: str, value: float) -> int:
    """A whole sample rate in Hz. Raises NotImplementedError for others."""
    if value != int(value) or not 1 <= value <= MAX_SAMPLE_RATE_HZ:
        raise unserved(call, argument, value, f"whole numbers from 1 to {MAX_SAMPLE_RATE_HZ}")
    return int(value)


def check_frames(call: str, fft: tuple[str, int], hop: tuple[str, int],
                 window: tuple[str, int]) -> None:
    """Raises NotImplementedError unless an FFT, a hop and a window, each named as its caller names
    it, can be served."""
    if not (2 <= fft[1] <= MAX_FFT_SIZE and _is_five_smooth(fft[1])):
        raise unserved(call, *fft, f"products of powers of 2, 3 and 5 from 2 to {MAX_FFT_SIZE}")
    if not 1 <= hop[1] <= MAX_HOP_SAMPLES:
        raise unserved(call, *hop, f"1 to {MAX_HOP_SAMPLES}")
    if not 1 <= window[1] <= fft[1]:
        raise unserved(call, *window, f"1 to {fft[1]}, the size of the FFT")


def check_bands(call: str, bands: tuple[str, int], low: tuple[str, float],
                high: tuple[str, float], nyquist_hz: float) -> None:
    """Raises NotImplementedError unless a mel bank can be served."""
    if not 1 <= bands[1] <= MAX_BANDS:
        raise unserved(call, *bands, f"1 to {MAX_BANDS}")
    if not 0 <= low[1] < high[1]:
        raise unserved(call, *low, f"0 up to, but without, {high[0]}={high[1]}")
    if high[1] > nyquist_hz:
        raise unserved(call, *high, f"up to half of the sample rate, {nyquist_hz}")


def check_choice(call: str, argument: str, value: Any, choices: dict[Any, str]) -> str:
    """What a choice of the original is in a spec. Raises NotImplementedError for others."""
    try:
        return choices[value]
    except (KeyError, TypeError):
        served = ", ".join(repr(choice) for choice in choices)
        raise unserved(call, argument, value, served) from None


def _is_five_smooth(number: int) -> bool:
    for factor in (2, 3, 5):
        while number % factor == 0:
            number //= factor
    return number == 1
