"""Arrays that are not NumPy's, for want of torch and cupy: they speak DLPack and nothing else."""

import ctypes

CUDA = 2


class Producer:
    """Of DLPack 1.0."""

    def __init__(self, array):
        self._array = array

    def __dlpack__(self, **options):
        return self._array.__dlpack__(**options)

    def __dlpack_device__(self):
        return self._array.__dlpack_device__()


class OldProducer(Producer):
    """From before DLPack had versions."""

    def __dlpack__(self, *, stream=None):
        assert stream is None
        return self._array.__dlpack__()


class OnDevice(OldProducer):
    """Says that its memory is a GPU's, as cupy's array does."""

    def __dlpack__(self, *, stream=None):
        capsule = super().__dlpack__(stream=stream)
        pointer = ctypes.pythonapi.PyCapsule_GetPointer
        pointer.restype, pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
        # A DLTensor begins with the address of its data; the type of its device follows.
        address = pointer(capsule, b"dltensor") + ctypes.sizeof(ctypes.c_void_p)
        ctypes.c_int32.from_address(address).value = CUDA
        return capsule

    def __dlpack_device__(self):
        return (CUDA, 0)
