"""Calls of a library and of its replacement: what came out of one, and whether the other gives the
same. A result is an array, a list of arrays, a number, None or what was raised."""

import numpy as np


def outcome(call, *arguments):
    """The arrays of what the call gives, and in words the rest."""
    try:
        result = call(*arguments)
    except Exception as error:
        builtin = next(kind for kind in type(error).__mro__ if kind.__module__ == "builtins")
        return [], f"raises {builtin.__name__}"
    if isinstance(result, list):
        return [np.asarray(each) for each in result], "list"
    if isinstance(result, np.ndarray):
        return [result], "array"
    return [], f"{type(result).__name__} {result!r}"


def stored(calls, *arguments):
    """The outcomes of all calls, as arrays for an .npz."""
    arrays = {}
    for name, call in calls.items():
        results, kind = outcome(call, *arguments)
        arrays[f"{name}/kind"] = np.array(kind)
        arrays.update({f"{name}/{i}": result for i, result in enumerate(results)})
    return arrays


def assert_as_stored(goldens, name, call, *arguments, tolerance, replaced=None):
    """`replaced` turns the words of the golden into those that are wanted."""
    results, kind = outcome(call, *arguments)
    wanted_kind = str(goldens[f"{name}/kind"])
    assert kind == (replaced or {}).get(wanted_kind, wanted_kind)
    wanted = [goldens[key] for key in goldens.files if key.startswith(f"{name}/")][1:]
    assert [each.shape for each in results] == [each.shape for each in wanted]
    assert [each.dtype for each in results] == [each.dtype for each in wanted]
    for found, each in zip(results, wanted):
        np.testing.assert_allclose(found, each, rtol=0, atol=tolerance)


def value_or_error(call):
    """What the call returns, or the type of what it raises."""
    try:
        return call()
    except Exception as error:
        return type(error)
