package ossicle

/*
#include <ossicle/ossicle.h>

// Results by value and the handle as void: Go allocates memory for what C writes through a pointer
// and, in 1.19, for a pointer to a type that it does not know.
typedef struct sized {
  ossicle_status status;
  size_t size;
} sized;

static sized frontend_run(const void* frontend, const float* samples, size_t count,
                          int32_t input_rate_hz, float* features, size_t capacity) {
  sized result;
  result.status = ossicle_frontend_run(frontend, samples, count, input_rate_hz, features, capacity,
                                       &result.size);
  return result;
}

static sized frontend_frames(const void* frontend, size_t samples, int32_t input_rate_hz) {
  sized result;
  result.status = ossicle_frontend_frames(frontend, samples, input_rate_hz, &result.size);
  return result;
}
*/
import "C"

import (
	"encoding/json"
	"fmt"
	"unsafe"
)

// Frontend turns samples into features. Goroutines may share one.
type Frontend struct {
	handle *handle
	info   FrontendInfo
}

// FrontendOptions are those of NewFrontendWith.
type FrontendOptions struct {
	// Layout of the features; "": the spec's own.
	Layout Layout
	// Workers is the most threads of one call, the caller's included, in 1..256; 0 is 1. It pays for
	// long audio alone: many calls at the same time are for goroutines. The bits do not depend on it.
	Workers int
}

// FrontendInfo says what a Frontend takes and gives.
type FrontendInfo struct {
	SampleRateHz int
	HopSamples   int // from a frame to the next
	Bands        int // values in a frame
	Layout       Layout
	MinSamples   int // fewer are ErrShape, unless there are none
	// NeedsStatistics: a step looks at the whole signal, so that a stream needs
	// StreamOptions.Statistics.
	NeedsStatistics bool
}

// NewFrontend compiles a front end: a preset such as "wav2lip" (Presets lists them), or a spec in
// JSON. ErrSpec names the field, its value and its range.
func NewFrontend(spec string) (*Frontend, error) {
	return NewFrontendWith(spec, FrontendOptions{})
}

// NewFrontendWith is NewFrontend with options.
func NewFrontendWith(spec string, options FrontendOptions) (*Frontend, error) {
	if options.Workers == 0 {
		options.Workers = 1
	}
	frontend, err := compile(spec, options.Workers)
	if err != nil || options.Layout == "" || options.Layout == frontend.info.Layout {
		return frontend, err
	}
	defer frontend.Close()
	spec, err = frontend.withLayout(options.Layout)
	if err != nil {
		return nil, err
	}
	return compile(spec, options.Workers)
}

func compile(spec string, workers int) (*Frontend, error) {
	var arguments cArguments
	defer arguments.free()
	cSpec := arguments.add(spec)
	options := C.ossicle_frontend_options{
		struct_size: C.sizeof_ossicle_frontend_options,
		workers:     arguments.number("Workers", workers, 256, "1"),
	}
	if arguments.err != nil {
		return nil, arguments.err
	}
	var made *C.ossicle_frontend
	err := call(func() status { return C.ossicle_frontend_create(cSpec, &options, &made) })
	if err != nil {
		return nil, err
	}
	return ownFrontend(made)
}

func ownFrontend(made *C.ossicle_frontend) (*Frontend, error) {
	f := &Frontend{handle: newHandle("front end", unsafe.Pointer(made),
		func(pointer unsafe.Pointer) status {
			return C.ossicle_frontend_free((*C.ossicle_frontend)(pointer))
		})}
	info := C.ossicle_frontend_info{struct_size: C.sizeof_ossicle_frontend_info}
	err := f.use(func(c *C.ossicle_frontend) status {
		return C.ossicle_frontend_get_info(c, &info)
	})
	f.info = FrontendInfo{
		SampleRateHz:    int(info.sample_rate_hz),
		HopSamples:      int(info.hop_samples),
		Bands:           int(info.bands),
		Layout:          layoutOf(info.layout),
		MinSamples:      int(info.min_samples),
		NeedsStatistics: info.needs_statistics != 0,
	}
	return f, err
}

// withLayout is its spec, in another layout.
func (f *Frontend) withLayout(layout Layout) (string, error) {
	spec, err := f.JSON()
	if err != nil {
		return "", err
	}
	fields := map[string]interface{}{}
	if err := json.Unmarshal([]byte(spec), &fields); err != nil {
		return "", &Error{ErrInternal, err.Error()}
	}
	fields["layout"] = layout
	changed, err := json.Marshal(fields)
	if err != nil {
		return "", &Error{ErrInternal, err.Error()}
	}
	return string(changed), nil
}

// Close frees it. Streams that were made from it go on.
func (f *Frontend) Close() error {
	if f == nil {
		return nil
	}
	return f.handle.close()
}

// Info says what it takes and gives.
func (f *Frontend) Info() FrontendInfo { return f.info }

// JSON is its whole spec.
func (f *Frontend) JSON() (string, error) {
	return text(func(buffer *C.char, capacity C.size_t, needed *C.size_t) error {
		return f.use(func(c *C.ossicle_frontend) status {
			return C.ossicle_frontend_json(c, buffer, capacity, needed)
		})
	})
}

// Frames is how many frames so many samples at SampleRateHz give.
func (f *Frontend) Frames(samples int) (int, error) {
	return f.framesAt(0, samples)
}

func (f *Frontend) framesAt(rateHz C.int32_t, samples int) (int, error) {
	if samples < 0 {
		return 0, &Error{ErrArgument, fmt.Sprintf("samples=%d, but it must be 0..2^40; give how many there are", samples)}
	}
	var frames C.size_t
	err := f.handle.use(func(pointer unsafe.Pointer) status {
		result := C.frontend_frames(pointer, C.size_t(samples), rateHz)
		frames = result.size
		return result.status
	})
	return int(frames), err
}

// Process computes the features of a whole signal at SampleRateHz. ErrNotFinite names the first NaN or
// infinity; ErrShape says that there are fewer samples than MinSamples. No samples give no frames.
func (f *Frontend) Process(samples []float32) (Features, error) {
	return f.ProcessAt(0, samples)
}

// ProcessAt does the same for samples at another rate, which are resampled first, as the spec says.
func (f *Frontend) ProcessAt(rateHz int, samples []float32) (Features, error) {
	rate, err := rateOf(rateHz)
	if err != nil {
		return Features{}, err
	}
	frames, err := f.framesAt(rate, len(samples))
	if err != nil {
		return Features{}, err
	}
	return f.run(make([]float32, frames*f.info.Bands), rate, samples)
}

// ProcessInto is Process into memory of the caller, and allocates nothing. The result's Data is the
// beginning of dst. ErrShortBuffer says how many values it must have: Frames(len(samples)) * Bands;
// ErrArgument that they would overwrite the samples.
func (f *Frontend) ProcessInto(dst, samples []float32) (Features, error) {
	return f.run(dst, 0, samples)
}

func (f *Frontend) run(dst []float32, rateHz C.int32_t, samples []float32) (Features, error) {
	var size C.size_t
	err := f.handle.use(func(pointer unsafe.Pointer) status {
		result := C.frontend_run(pointer, floats(samples), C.size_t(len(samples)), rateHz,
			floats(dst), C.size_t(len(dst)))
		size = result.size
		return result.status
	})
	if err != nil {
		return Features{}, err
	}
	return f.features(dst[:size]), nil
}

func (f *Frontend) features(data []float32) Features {
	bands := f.info.Bands
	return Features{Data: data, Frames: len(data) / bands, Bands: bands, Layout: f.info.Layout}
}

// ProcessFile computes the features of an audio file: decodes it, mixes its channels and resamples, as
// the spec says. ErrAudio for what is no audio.
func (f *Frontend) ProcessFile(path string) (Features, error) {
	var arguments cArguments
	defer arguments.free()
	cPath := arguments.add(path)
	if arguments.err != nil {
		return Features{}, arguments.err
	}
	var made *C.ossicle_matrix
	err := f.use(func(c *C.ossicle_frontend) status {
		return C.ossicle_frontend_extract(c, cPath, &made)
	})
	if err != nil {
		return Features{}, err
	}
	matrix, err := takeMatrix(made)
	return f.features(matrix.Data), err
}

func (f *Frontend) use(function func(c *C.ossicle_frontend) status) error {
	return f.handle.use(func(pointer unsafe.Pointer) status {
		return function((*C.ossicle_frontend)(pointer))
	})
}

func (l Layout) c() C.int32_t {
	if l == BandsFirst {
		return C.OSSICLE_BANDS_FIRST
	}
	return C.OSSICLE_FRAMES_FIRST
}

func layoutOf(layout C.int32_t) Layout {
	if layout == C.OSSICLE_BANDS_FIRST {
		return BandsFirst
	}
	return FramesFirst
}
