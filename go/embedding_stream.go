package ossicle

/*
#include <ossicle/ossicle.h>
*/
import "C"

import "unsafe"

// EmbeddingStream is one live signal through an Engine: each embedding comes as soon as its last frame
// is known, and is that of Engine.Encode on the whole signal. One goroutine at a time: ErrBusy
// otherwise. It wants its Engine open.
type EmbeddingStream struct {
	handle *handle
	engine *Engine
}

// Stream begins a live signal. ErrSpec: no statistics where a step of the front end needs them, or a
// rate out of range.
func (e *Engine) Stream(options StreamOptions) (*EmbeddingStream, error) {
	var arguments cArguments
	defer arguments.free()
	cOptions := options.c(&arguments)
	if arguments.err != nil {
		return nil, arguments.err
	}
	var made *C.ossicle_embedding_stream
	err := e.use(func(c *C.ossicle_engine) status {
		return C.ossicle_embedding_stream_create(c, &cOptions, &made)
	})
	if err != nil {
		return nil, err
	}
	return &EmbeddingStream{engine: e, handle: newHandle("stream", unsafe.Pointer(made),
		func(pointer unsafe.Pointer) status {
			return C.ossicle_embedding_stream_free((*C.ossicle_embedding_stream)(pointer))
		})}, nil
}

// Push takes the next samples and gives the embeddings of the windows that they complete.
// ErrNotFinite before any is taken; ErrShape after Finish. After ErrModel, a run that failed, all
// samples have been taken, and the next call tries the same windows again.
func (s *EmbeddingStream) Push(samples []float32) (Embeddings, error) {
	return s.complete(func(c *C.ossicle_embedding_stream, waiting *C.size_t) status {
		return C.ossicle_embedding_stream_push(c, floats(samples), C.size_t(len(samples)), waiting)
	})
}

// Finish ends the signal and gives the embeddings that are left. ErrShape if there were too few frames
// for one window.
func (s *EmbeddingStream) Finish() (Embeddings, error) {
	return s.complete(func(c *C.ossicle_embedding_stream, waiting *C.size_t) status {
		return C.ossicle_embedding_stream_finish(c, waiting)
	})
}

// complete makes a call that completes embeddings, and pulls them.
func (s *EmbeddingStream) complete(step func(c *C.ossicle_embedding_stream, waiting *C.size_t) status) (Embeddings, error) {
	var result Embeddings
	err := s.handle.useAlone(func() error {
		var waiting C.size_t
		err := s.call(func(c *C.ossicle_embedding_stream) status { return step(c, &waiting) })
		if err != nil || waiting == 0 {
			return err
		}
		result, err = s.pull(int(waiting))
		return err
	})
	return result, err
}

func (s *EmbeddingStream) pull(count int) (Embeddings, error) {
	info, err := s.engine.Info() // after a run the size is known
	if err != nil {
		return Embeddings{}, err
	}
	pulled := Embeddings{
		Data:   make([]float32, count*info.EmbeddingSize),
		Size:   info.EmbeddingSize,
		StartS: make([]float64, count),
		EndS:   make([]float64, count),
	}
	var written C.size_t
	err = s.call(func(c *C.ossicle_embedding_stream) status {
		return C.ossicle_embedding_stream_pull(c, floats(pulled.Data), C.size_t(len(pulled.Data)),
			(*C.double)(&pulled.StartS[0]), (*C.double)(&pulled.EndS[0]), &written)
	})
	pulled.Windows = int(written)
	return pulled, err
}

// LookaheadSamples of the input, from a frame's own time on, are needed for it at most; may be
// negative.
func (s *EmbeddingStream) LookaheadSamples() (int64, error) {
	var samples C.int64_t
	err := s.handle.useAlone(func() error {
		return s.call(func(c *C.ossicle_embedding_stream) status {
			return C.ossicle_embedding_stream_lookahead(c, &samples)
		})
	})
	return int64(samples), err
}

// Reset forgets the signal; the next one begins.
func (s *EmbeddingStream) Reset() error {
	return s.handle.useAlone(func() error {
		return s.call(func(c *C.ossicle_embedding_stream) status {
			return C.ossicle_embedding_stream_reset(c)
		})
	})
}

// Close frees it. It waits for a call that runs.
func (s *EmbeddingStream) Close() error {
	if s == nil {
		return nil
	}
	return s.handle.close()
}

func (s *EmbeddingStream) call(function func(c *C.ossicle_embedding_stream) status) error {
	return s.handle.call(func(pointer unsafe.Pointer) status {
		return function((*C.ossicle_embedding_stream)(pointer))
	})
}
