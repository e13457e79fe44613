package ossicle

/*
#include <ossicle/ossicle.h>
*/
import "C"

import "unsafe"

// Stream is one live signal through a front end. Its frames are the bits of Frontend.Process on the
// whole signal (but for running and segment statistics), however the signal is cut. One goroutine at
// a time: ErrBusy otherwise.
type Stream struct {
	handle *handle
	bands  int
}

// StreamOptions are those of a Stream or an EmbeddingStream.
type StreamOptions struct {
	// InputRateHz is that of the samples that are pushed; 0: the front end's own.
	InputRateHz int
	// Statistics says what is done where a step looks at the whole signal, and has no default there:
	// "exact" (all frames come at the end), "running" (of the frames until now), "segment:SECONDS" (of
	// each segment, when it is whole), or what Stream.Statistics gave.
	Statistics string
}

// StreamInfo says how far a stream is.
type StreamInfo struct {
	// LookaheadSamples of the input, from a frame's own time on, are needed for it at most; may be
	// negative. Not counted: what the first frames wait for at the left edge, and what "exact" and
	// "segment" hold back.
	LookaheadSamples int64
	Samples          int64 // pushed until now
	Frames           int64 // completed until now
}

// Stream begins a live signal. ErrSpec: no statistics where a step needs them, or a rate out of range.
func (f *Frontend) Stream(options StreamOptions) (*Stream, error) {
	var arguments cArguments
	defer arguments.free()
	cOptions := options.c(&arguments)
	if arguments.err != nil {
		return nil, arguments.err
	}
	var made *C.ossicle_stream
	err := f.use(func(c *C.ossicle_frontend) status {
		return C.ossicle_stream_create(c, &cOptions, &made)
	})
	if err != nil {
		return nil, err
	}
	return &Stream{bands: f.info.Bands, handle: newHandle("stream", unsafe.Pointer(made),
		func(pointer unsafe.Pointer) status {
			return C.ossicle_stream_free((*C.ossicle_stream)(pointer))
		})}, nil
}

func (o StreamOptions) c(arguments *cArguments) C.ossicle_stream_options {
	return C.ossicle_stream_options{
		struct_size:   C.sizeof_ossicle_stream_options,
		input_rate_hz: arguments.number("InputRateHz", o.InputRateHz, mostRateHz, ownRate),
		statistics:    arguments.addOption(o.Statistics),
	}
}

// Push takes the next samples and gives the frames that they complete, FramesFirst. ErrNotFinite
// before any is taken; ErrShape after Finish.
func (s *Stream) Push(samples []float32) (Features, error) {
	return s.complete(func(c *C.ossicle_stream, waiting *C.size_t) status {
		return C.ossicle_stream_push(c, floats(samples), C.size_t(len(samples)), waiting)
	})
}

// Finish ends the signal and gives the frames that are left; called again, none. ErrShape if the
// signal has fewer samples than the front end takes.
func (s *Stream) Finish() (Features, error) {
	return s.complete(func(c *C.ossicle_stream, waiting *C.size_t) status {
		return C.ossicle_stream_finish(c, waiting)
	})
}

// complete makes a call that completes frames, and pulls them.
func (s *Stream) complete(step func(c *C.ossicle_stream, waiting *C.size_t) status) (Features, error) {
	features := Features{Bands: s.bands, Layout: FramesFirst}
	err := s.handle.useAlone(func() error {
		var waiting, written C.size_t
		err := s.call(func(c *C.ossicle_stream) status { return step(c, &waiting) })
		if err != nil || waiting == 0 {
			return err
		}
		frames := make([]float32, waiting)
		err = s.call(func(c *C.ossicle_stream) status {
			return C.ossicle_stream_pull(c, floats(frames), waiting, &written)
		})
		features.Data = frames[:written]
		features.Frames = len(features.Data) / s.bands
		return err
	})
	return features, err
}

// Reset forgets the signal; the next one begins.
func (s *Stream) Reset() error {
	return s.handle.useAlone(func() error {
		return s.call(func(c *C.ossicle_stream) status { return C.ossicle_stream_reset(c) })
	})
}

// Info says how far it is.
func (s *Stream) Info() (StreamInfo, error) {
	info := C.ossicle_stream_info{struct_size: C.sizeof_ossicle_stream_info}
	err := s.handle.useAlone(func() error {
		return s.call(func(c *C.ossicle_stream) status {
			return C.ossicle_stream_get_info(c, &info)
		})
	})
	return StreamInfo{
		LookaheadSamples: int64(info.lookahead_samples),
		Samples:          int64(info.samples),
		Frames:           int64(info.frames),
	}, err
}

// Statistics is what the steps that look at the whole signal have seen, for StreamOptions.Statistics
// of another stream: until now if "running", after Finish if "exact".
func (s *Stream) Statistics() (statistics string, err error) {
	busy := s.handle.useAlone(func() error {
		statistics, err = text(func(buffer *C.char, capacity C.size_t, needed *C.size_t) error {
			return s.call(func(c *C.ossicle_stream) status {
				return C.ossicle_stream_statistics(c, buffer, capacity, needed)
			})
		})
		return err
	})
	return statistics, busy
}

// Close frees it. It waits for a call that runs.
func (s *Stream) Close() error {
	if s == nil {
		return nil
	}
	return s.handle.close()
}

func (s *Stream) call(function func(c *C.ossicle_stream) status) error {
	return s.handle.call(func(pointer unsafe.Pointer) status {
		return function((*C.ossicle_stream)(pointer))
	})
}
