package ossicle

/*
#include <ossicle/ossicle.h>
*/
import "C"

import "unsafe"

// Embeddings are what a model gives for windows of audio, Size values each.
type Embeddings struct {
	Data      []float32 // Windows * Size values
	Windows   int
	Size      int
	StartS    []float64 // seconds from the beginning of the audio to each window, if that is known
	EndS      []float64 // and to its end, without frames that were repeated
	DurationS float64   // of the audio, if that is known
	NotFinite int       // windows whose embedding holds a NaN or an infinity
}

// Row is the embedding of one window, a part of Data.
func (e Embeddings) Row(window int) []float32 {
	mustHave("window", window, e.Windows)
	return e.Data[window*e.Size : (window+1)*e.Size : (window+1)*e.Size]
}

// Rows is a slice of Size values for each window. They share Data.
func (e Embeddings) Rows() [][]float32 {
	return rows(e.Data, e.Windows, e.Size)
}

// takeMatrix copies a result of the C library into Go's memory and frees it.
func takeMatrix(matrix *C.ossicle_matrix) (Embeddings, error) {
	defer C.ossicle_matrix_free(matrix)
	info := C.ossicle_matrix_info{struct_size: C.sizeof_ossicle_matrix_info}
	err := call(func() status { return C.ossicle_matrix_get_info(matrix, &info) })
	if err != nil {
		return Embeddings{}, err
	}
	windows, size := int(info.rows), int(info.columns)
	return Embeddings{
		Data:      append([]float32{}, unsafe.Slice((*float32)(info.values), windows*size)...),
		Windows:   windows,
		Size:      size,
		StartS:    times(info.start_s, windows),
		EndS:      times(info.end_s, windows),
		DurationS: float64(info.duration_s),
		NotFinite: int(info.not_finite),
	}, nil
}

func times(first *C.double, count int) []float64 {
	if first == nil {
		return nil
	}
	return append([]float64{}, unsafe.Slice((*float64)(first), count)...)
}
