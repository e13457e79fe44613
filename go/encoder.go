package ossicle

/*
#include <ossicle/ossicle.h>
*/
import "C"

import (
	"errors"
	"fmt"
	"strings"
	"unsafe"
)

// Encoder is an ONNX model that takes windows of features and gives an embedding for each.
// Goroutines may share one; all of them use one session.
type Encoder struct {
	handle *handle
}

// EncoderOptions of a model; the zero value has all defaults.
type EncoderOptions struct {
	Workers  int // runs at the same time, one thread each; 0: one a core; 1..256
	MaxBatch int // windows of one run; 0: 16; 1..1024
	// BatchInvariant gives every run MaxBatch windows, repeated where there are fewer: for models whose
	// values depend on the number of windows that they are computed with.
	BatchInvariant bool
	// Sessions are copies of the model, for providers that serve one call at a time; 0: 1; 1..16.
	Sessions int
	// Providers in order of preference, such as "cuda", "cpu"; none: "cpu".
	Providers []string
	// CacheFolder keeps the optimised model; "": it is not kept.
	CacheFolder string
	// GraphOptimization is how far the model's graph is rewritten when it is loaded.
	GraphOptimization GraphOptimization
}

// GraphOptimization is how far ONNX Runtime rewrites a graph.
type GraphOptimization int

const (
	GraphAll      GraphOptimization = C.OSSICLE_GRAPH_ALL
	GraphNone     GraphOptimization = C.OSSICLE_GRAPH_NONE
	GraphBasic    GraphOptimization = C.OSSICLE_GRAPH_BASIC
	GraphExtended GraphOptimization = C.OSSICLE_GRAPH_EXTENDED
)

// NewEncoder loads a model with one float32 input. ErrModel: no ONNX Runtime, no such file, not ONNX,
// no such provider.
func NewEncoder(path string, options EncoderOptions) (*Encoder, error) {
	var arguments cArguments
	defer arguments.free()
	cPath, cOptions := arguments.add(path), options.c(&arguments)
	if arguments.err != nil {
		return nil, arguments.err
	}
	var made *C.ossicle_encoder
	err := call(func() status { return C.ossicle_encoder_create(cPath, &cOptions, &made) })
	if err != nil {
		return nil, err
	}
	return &Encoder{newHandle("encoder", unsafe.Pointer(made),
		func(pointer unsafe.Pointer) status {
			return C.ossicle_encoder_free((*C.ossicle_encoder)(pointer))
		})}, nil
}

func (o EncoderOptions) c(arguments *cArguments) C.ossicle_encoder_options {
	options := C.ossicle_encoder_options{
		struct_size:        C.sizeof_ossicle_encoder_options,
		workers:            arguments.number("Workers", o.Workers, 256, "one a core"),
		max_batch:          arguments.number("MaxBatch", o.MaxBatch, 1024, "16"),
		sessions:           arguments.number("Sessions", o.Sessions, 16, "1"),
		providers:          arguments.addOption(strings.Join(o.Providers, ",")),
		cache_folder:       arguments.addOption(o.CacheFolder),
		graph_optimization: arguments.number("GraphOptimization", int(o.GraphOptimization), int(GraphExtended), "GraphAll"),
	}
	if o.BatchInvariant {
		options.batch_invariant = 1
	}
	return options
}

// Close frees it.
func (e *Encoder) Close() error {
	if e == nil {
		return nil
	}
	return e.handle.close()
}

// InputShape is that of the model's input as it declares it, -1 where a dimension is free.
func (e *Encoder) InputShape() ([]int64, error) {
	var needed C.size_t
	shape := make([]int64, 16) // more than any model of windows has
	err := e.use(func(c *C.ossicle_encoder) status {
		return C.ossicle_encoder_input_shape(c, (*C.int64_t)(&shape[0]), C.size_t(len(shape)), &needed)
	})
	if err != nil {
		return nil, err
	}
	return shape[:needed], nil
}

// EmbeddingSize is how many values an embedding has; 0 until the first run if the model leaves it
// open.
func (e *Encoder) EmbeddingSize() (int, error) {
	var size C.size_t
	err := e.use(func(c *C.ossicle_encoder) status {
		return C.ossicle_encoder_embedding_size(c, &size)
	})
	return int(size), err
}

// EncodeBatch gives the embedding of each window, a matrix with a row for each band, as
// Features.Window cuts it; they are of equal shape. A model that takes frames x bands gets them so.
// ErrShape names a window of another shape; ErrModel prints both shapes if they do not fit the model.
func (e *Encoder) EncodeBatch(windows [][][]float32) ([][]float32, error) {
	if len(windows) == 0 {
		return nil, nil
	}
	bands := len(windows[0])
	if bands == 0 {
		return nil, &Error{ErrShape, "windows[0] has no bands; a window is a row of frames for each band"}
	}
	length := len(windows[0][0])
	if length == 0 {
		return nil, &Error{ErrShape, "windows[0][0] has no frames; a window is a row of frames for each band"}
	}
	flat, err := flatten(windows, bands, length)
	if err != nil {
		return nil, err
	}
	embeddings, err := e.encode(func(c *C.ossicle_encoder, out []float32, needed, notFinite *C.size_t) status {
		return C.ossicle_encoder_encode_windows(c, floats(flat), C.size_t(len(windows)), C.size_t(length),
			C.size_t(bands), C.OSSICLE_BANDS_FIRST, floats(out), C.size_t(len(out)), needed, notFinite)
	})
	if err != nil {
		return nil, err
	}
	return embeddings.Rows(), nil
}

func flatten(windows [][][]float32, bands, length int) ([]float32, error) {
	flat := make([]float32, 0, len(windows)*bands*length)
	for i, window := range windows {
		if len(window) != bands {
			return nil, &Error{ErrShape, fmt.Sprintf("windows[%d] has %d bands, but windows[0] has %d", i,
				len(window), bands)}
		}
		for band, row := range window {
			if len(row) != length {
				return nil, &Error{ErrShape, fmt.Sprintf("windows[%d][%d] has %d frames, but windows[0][0] has %d",
					i, band, len(row), length)}
			}
			flat = append(flat, row...)
		}
	}
	return flat, nil
}

// EncodeFeatures cuts features into windows and gives the embedding of each.
//
//	rule  "LENGTH:STEP" or "LENGTH:STEP:FIRST" in frames; STEP may be a fraction: "16:80/25"
//	tail  of the last frames, if they do not fill a window: "drop" or "", "align" (one more window, of
//	      the last frames) or "pad" (the last frame is repeated)
//
// ErrShape if there are too few frames for one window, or Data has not Frames x Bands values. The times are left out.
func (e *Encoder) EncodeFeatures(features Features, rule, tail string) (Embeddings, error) {
	if err := features.check(); err != nil {
		return Embeddings{}, err
	}
	var arguments cArguments
	defer arguments.free()
	cRule, cTail := arguments.add(rule), arguments.addOption(tail)
	if arguments.err != nil {
		return Embeddings{}, arguments.err
	}
	return e.encode(func(c *C.ossicle_encoder, out []float32, needed, notFinite *C.size_t) status {
		return C.ossicle_encoder_encode_features(c, floats(features.Data), C.size_t(features.Frames),
			C.size_t(features.Bands), features.Layout.c(), cRule, cTail, floats(out), C.size_t(len(out)),
			needed, notFinite)
	})
}

// encode asks how many values there are, and then for the values.
func (e *Encoder) encode(run func(c *C.ossicle_encoder, out []float32, needed, notFinite *C.size_t) status) (Embeddings, error) {
	var out []float32
	var needed, notFinite C.size_t
	once := func() error {
		return e.use(func(c *C.ossicle_encoder) status { return run(c, out, &needed, &notFinite) })
	}
	err := once()
	if errors.Is(err, ErrShortBuffer) {
		out = make([]float32, needed)
		err = once()
	}
	if err != nil {
		return Embeddings{}, err
	}
	size, err := e.EmbeddingSize()
	if err != nil || size == 0 {
		return Embeddings{}, err
	}
	return Embeddings{Data: out, Windows: len(out) / size, Size: size, NotFinite: int(notFinite)}, nil
}

func (e *Encoder) use(function func(c *C.ossicle_encoder) status) error {
	return e.handle.use(func(pointer unsafe.Pointer) status {
		return function((*C.ossicle_encoder)(pointer))
	})
}
