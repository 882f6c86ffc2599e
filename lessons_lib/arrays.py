"""The one door through which arrays and numbers come in: whatever is real, plainly; one sentence for the rest."""

import contextlib
import math
from collections.abc import Iterator, Mapping, Sequence
from numbers import Integral, Real

import numpy as np
import torch
from PIL.Image import Image  # matplotlib brings it

MOST_INK = 10  # floats up to it are greys that overshoot 1; whole ones beyond go to 255
REAL = "fiub"  # NumPy's kinds of real numbers: floating, signed, unsigned, Boolean


def as_whole(name: str, number: object, least: int = 1, most: int | None = None) -> int:
    """Return a whole number as Python's own: PyTorch and the standard library take no NumPy integers everywhere.

    Raises
    ------
    ValueError
        If it is no whole number, or outside its limits.
    """
    is_whole = isinstance(number, Integral) and not isinstance(number, bool)
    if not is_whole or number < least or (most is not None and number > most):
        limits = f"from {least} to {most}" if most is not None else "above 0" if least == 1 else f"of {least} or more"
        raise ValueError(f"{name} is {shown(number)}; it must be a whole number {limits}.")
    return int(number)


def as_real(name: str, number: object, least: float, *, above: bool = False) -> float:
    """Return a real number as Python's own, of ``least`` or more, or above it.

    Raises
    ------
    ValueError
        If it is no finite real number, or too small.
    """
    with contextlib.suppress(OverflowError):  # of a whole number beyond every float
        if isinstance(number, Real) and not isinstance(number, bool) and math.isfinite(number):
            if number > least or (number == least and not above):
                return float(number)
    limits = "" if least == -math.inf else f" above {least:g}" if above else f" of {least:g} or more"
    raise ValueError(f"{name} is {shown(number)}; it must be a number{limits}.")


def shown(value: object) -> str:
    """Return how a value looks, short and in one line, for a sentence."""
    try:
        text = " ".join(repr(value).split())
    except Exception:  # a whole number of too many digits, or a class of the student's own
        return f"a {type(value).__name__}"
    return text if len(text) <= 60 else f"{text[:58]} …"


def as_numbers(name: str, values: object, dtype: type | None = np.float64) -> np.ndarray:
    """Return real numbers as a plain NumPy array, whatever they came in.

    Parameters
    ----------
    name : str
        The argument's, for the sentence of a refusal.
    values : array_like
        A NumPy array (of any strides, byte order and real type), a tensor (on any device, with or without a
        graph), a data frame or series, or nested lists of these.
    dtype : type or None
        Of the result, which then is contiguous and writable, as PyTorch wants it. None keeps the type and
        copies nothing, not even a memory map.

    Returns
    -------
    numpy.ndarray
        Of the shape that came. It may share memory with what came: never write to it.

    Raises
    ------
    ValueError
        If a value is masked or no real number, or rows differ in length.

    Examples
    --------
    >>> as_numbers("x", torch.ones(2, requires_grad=True))
    array([1., 1.])
    """
    array = _as_array(name, values)
    if array.dtype.kind == "O":
        array = _from_objects(name, array)
    if array.dtype.kind not in REAL:
        raise ValueError(f"{name} holds {_kind(array)}; it must hold real numbers.")
    if dtype is None:
        return array
    with np.errstate(over="ignore"):  # too large for float32: the caller looks for what is not finite
        return np.require(array, dtype, ["C_CONTIGUOUS", "WRITEABLE"])


def as_finite(name: str, values: object, dtype: type = np.float64) -> np.ndarray:
    """Return numbers as :func:`as_numbers` does, and refuse those that are infinite or not a number."""
    array = as_numbers(name, values, dtype)
    if not np.isfinite(array).all():
        raise ValueError(f"{name} holds values that are infinite or not a number; drop or mend them first.")
    return array


def as_labels(name: str, values: object) -> np.ndarray:
    """Return labels, numbers or text, as a NumPy array of the shape that came.

    Raises
    ------
    ValueError
        If a label is missing, or they are neither numbers nor text.
    """
    array = _as_array(name, values)
    if array.dtype.kind == "T":  # NumPy's text of any length
        array = array.astype(object)
    if array.dtype.kind == "O":
        if any(isinstance(value, str) for value in array.flat):
            texts = [value if isinstance(value, str) else _named(name, value) for value in array.flat]
            array = np.array(texts).reshape(array.shape)
        else:
            array = _from_objects(name, array)
    if array.dtype.kind not in REAL + "U":
        raise ValueError(f"{name} holds {_kind(array)}; labels must be numbers or text.")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise ValueError(f"{name} holds labels that are infinite or not a number; give every row a label.")
    return array


def as_pictures(named: Mapping[str, object]) -> Iterator[np.ndarray]:
    """Return pictures as numbers from 0 to 1, float64, each of the shape that came; one at a time, for they are large.

    Whole numbers go from 0 to 255, of whatever type, unless none is above 1 (of a floating type, above 10); pictures
    of whole numbers of one type share this scale. What else lies outside 0 to 1 is clipped.

    Parameters
    ----------
    named : mapping of str to array_like
        Each picture, or stack of pictures, by the name that a refusal calls it.

    Raises
    ------
    ValueError
        If there is no pixel, a value is not finite, or whole numbers of an integer type leave 0 to 255.
    """
    given = {name: as_numbers(name, values, None) for name, values in named.items()}
    highest: dict[np.dtype, float] = {}
    for name, array in given.items():
        if array.size == 0:
            raise ValueError(f"{name} has shape {array.shape}: it holds no pixel.")
        low, high = array.min(), array.max()
        if array.dtype.kind in "iu" and (low < 0 or high > 255):
            raise ValueError(f"{name} holds whole numbers from {low} to {high}; as pixels they go from 0 to 255.")
        as_finite(name, array)  # refuses, and is made anew later: kept, all would take much memory
        if _is_whole(array):
            highest[array.dtype] = max(float(high), highest.get(array.dtype, 0))

    def picture(name: str, array: np.ndarray) -> np.ndarray:
        top = highest[array.dtype] if _is_whole(array) else 1
        values = as_finite(name, array)
        least = 1 if array.dtype.kind in "iu" else MOST_INK  # a float of 2 is an overshoot of 1
        return np.clip(values / 255 if least < top <= 255 else values, 0, 1)

    return (picture(name, array) for name, array in given.items())


def as_number(name: str, value: object) -> float:
    """Return one finite number, whatever holds it: an array or tensor of one value, a fraction, a decimal.

    Raises
    ------
    ValueError
        If it is text, a list, a truth value, masked, complex, not finite, or more than one number.
    """
    try:
        array = as_numbers(name, () if isinstance(value, list | tuple) else value, None)
        number = float(array.item()) if array.size == 1 and array.dtype.kind != "b" else math.nan
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"{name} is {shown(value)}; it must be one finite number.")
    return number


def _is_whole(array: np.ndarray) -> bool:
    return array.dtype.kind != "b" and array.min() >= 0 and bool((array == np.round(array)).all())


def _as_array(name: str, values: object) -> np.ndarray:
    """Return a plain NumPy array of any kind."""
    if isinstance(values, torch.Tensor):
        return _from_tensor(name, values)
    if isinstance(values, Image) and values.mode == "P":
        raise ValueError(
            f"{name} is a picture whose numbers stand for colours of a palette; hand over .convert('RGB')."
        )
    if values is np.ma.masked or np.ma.is_masked(values):
        raise ValueError(f"{name} has masked values; drop or fill them first.")
    if isinstance(values, Sequence) and not isinstance(values, str | bytes | range):
        # NumPy would lose the mask of a row, and could not read a tensor with a graph.
        values = [_as_array(name, value) if _needs_care(value) else value for value in values]
    try:
        array = np.asarray(values)
    except (TypeError, ValueError, RuntimeError):
        raise ValueError(f"{name} has rows of different lengths, or none; it must be a rectangular array.") from None
    if array.ndim == 0 and array.dtype.kind == "O" and not _is_number(array.item()):
        raise ValueError(f"{name} is {_kind(array)}; it must be an array.")
    return array


def _needs_care(value: object) -> bool:
    return isinstance(value, torch.Tensor | np.ma.MaskedArray | list | tuple)


def _from_tensor(name: str, tensor: torch.Tensor) -> np.ndarray:
    if tensor.is_meta or tensor.is_nested:
        raise ValueError(f"{name} is a tensor {'without values' if tensor.is_meta else 'of ragged rows'}.")
    tensor = tensor.detach().cpu()
    tensor = tensor.dequantize() if tensor.is_quantized else tensor.to_dense()
    if tensor.is_floating_point() and tensor.dtype not in (torch.float64, torch.float32, torch.float16):
        tensor = tensor.float()  # NumPy knows no bfloat16, nor smaller ones
    return tensor.resolve_conj().resolve_neg().numpy()


def _from_objects(name: str, array: np.ndarray) -> np.ndarray:
    """Return Python numbers that NumPy keeps as objects, as floats: fractions, decimals, a data frame's mixed columns.

    A missing value becomes not-a-number.
    """
    kinds = {type(value).__name__ for value in array.flat if isinstance(value, str | bytes | complex)}
    try:
        if not kinds:
            return array.astype(np.float64)
    except (TypeError, ValueError, OverflowError):
        kinds = {type(value).__name__ for value in array.flat if not _is_number(value)}
    raise ValueError(f"{name} holds values of type {', '.join(sorted(kinds))}; it must hold real numbers.")


def _is_number(value: object) -> bool:
    try:
        float(value)
    except (TypeError, ValueError, OverflowError):
        return False
    return True


def _named(name: str, value: object) -> str:
    """Return a number among text labels as text; refuse what is missing."""
    if not _is_number(value) or value != value:
        raise ValueError(f"{name} holds {value!r} among text; give every row a label.")
    return str(value)


def _kind(array: np.ndarray) -> str:
    """Return what an array holds, for a sentence."""
    if array.dtype.kind == "O":
        return f"a {type(array.item()).__name__}"
    kinds = {"c": "complex numbers", "U": "text", "S": "bytes", "M": "dates", "m": "time spans", "V": "records"}
    return kinds.get(array.dtype.kind, str(array.dtype))
