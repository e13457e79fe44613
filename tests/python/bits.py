"""Equal arrays, and signals cut into pieces."""


def same_bits(found, wanted):
    assert (found.dtype, found.shape) == (wanted.dtype, wanted.shape)
    assert found.tobytes() == wanted.tobytes()  # in C order


def pieces(samples, *sizes):
    """`samples` in pieces of these sizes, again and again."""
    cut, at = [], 0
    while at < len(samples):
        cut.append(samples[at:at + sizes[len(cut) % len(sizes)]])
        at += len(cut[-1])
    return cut
