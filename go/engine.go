package ossicle

/*
#include <ossicle/ossicle.h>

// Sets the pointer between the two structs, which Go may not hand over in its own memory.
static ossicle_status engine_create(const char* model_path, ossicle_engine_options options,
                                    ossicle_encoder_options encoder, ossicle_engine** engine) {
  options.encoder = &encoder;
  return ossicle_engine_create(model_path, &options, engine);
}
*/
import "C"

import "unsafe"

// Engine is a model and all that turns audio into its embeddings. Goroutines may share one.
type Engine struct {
	handle *handle
}

// EngineOptions choose what the model does not carry, or something else in its place.
type EngineOptions struct {
	Frontend  string // a preset or a spec in JSON; "": what is packed in the model
	Windows   string // "LENGTH:STEP" or "LENGTH:STEP:FIRST" in frames; "": what is packed in the model
	Tail      string // "drop", "align" or "pad"; "": what is packed, or else "drop"
	Resampler string // "": what the front end says
	Downmix   string // "mean" or "ffmpeg"; "": what the front end says
	Encoder   EncoderOptions
}

// EngineInfo says what an Engine gives.
type EngineInfo struct {
	EmbeddingSize int // 0 until the first run if the model leaves it open
	WindowFrames  int
	IsPacked      bool // what was not chosen came from the model
}

// NewEngine opens a model that carries its front end and windows (`ossicle pack` puts them there), or
// any model with options that name them. ErrSpec: neither has them; ErrModel: it cannot be used, or
// does not take such windows.
func NewEngine(path string, options EngineOptions) (*Engine, error) {
	var arguments cArguments
	defer arguments.free()
	cPath, cEncoder := arguments.add(path), options.Encoder.c(&arguments)
	cOptions := C.ossicle_engine_options{
		struct_size: C.sizeof_ossicle_engine_options,
		frontend:    arguments.addOption(options.Frontend),
		windows:     arguments.addOption(options.Windows),
		tail:        arguments.addOption(options.Tail),
		resampler:   arguments.addOption(options.Resampler),
		downmix:     arguments.addOption(options.Downmix),
	}
	if arguments.err != nil {
		return nil, arguments.err
	}
	var made *C.ossicle_engine
	err := call(func() status { return C.engine_create(cPath, cOptions, cEncoder, &made) })
	if err != nil {
		return nil, err
	}
	return &Engine{newHandle("engine", unsafe.Pointer(made),
		func(pointer unsafe.Pointer) status {
			return C.ossicle_engine_free((*C.ossicle_engine)(pointer))
		})}, nil
}

// Close frees it. Streams that were made from it go on.
func (e *Engine) Close() error {
	if e == nil {
		return nil
	}
	return e.handle.close()
}

// Info says what it gives.
func (e *Engine) Info() (EngineInfo, error) {
	info := C.ossicle_engine_info{struct_size: C.sizeof_ossicle_engine_info}
	err := e.use(func(c *C.ossicle_engine) status { return C.ossicle_engine_get_info(c, &info) })
	return EngineInfo{
		EmbeddingSize: int(info.embedding_size),
		WindowFrames:  int(info.window_frames),
		IsPacked:      info.is_packed != 0,
	}, err
}

// Frontend is its front end, to be closed by the caller.
func (e *Engine) Frontend() (*Frontend, error) {
	var made *C.ossicle_frontend
	err := e.use(func(c *C.ossicle_engine) status { return C.ossicle_engine_frontend(c, &made) })
	if err != nil {
		return nil, err
	}
	return ownFrontend(made)
}

// Encode gives the embeddings of samples at a rate; 0: the front end's own. ErrShape if they are too
// few for one window.
func (e *Engine) Encode(samples []float32, rateHz int) (Embeddings, error) {
	rate, err := rateOf(rateHz)
	if err != nil {
		return Embeddings{}, err
	}
	return e.encode(func(c *C.ossicle_engine, made **C.ossicle_matrix) status {
		return C.ossicle_engine_encode(c, floats(samples), C.size_t(len(samples)), rate, made)
	})
}

// EncodeFile gives those of an audio file. ErrAudio for what is no audio, ErrShape if it is too short
// for one window.
func (e *Engine) EncodeFile(path string) (Embeddings, error) {
	var arguments cArguments
	defer arguments.free()
	cPath := arguments.add(path)
	if arguments.err != nil {
		return Embeddings{}, arguments.err
	}
	return e.encode(func(c *C.ossicle_engine, made **C.ossicle_matrix) status {
		return C.ossicle_engine_encode_file(c, cPath, made)
	})
}

func (e *Engine) encode(run func(c *C.ossicle_engine, made **C.ossicle_matrix) status) (Embeddings, error) {
	var made *C.ossicle_matrix
	err := e.use(func(c *C.ossicle_engine) status { return run(c, &made) })
	if err != nil {
		return Embeddings{}, err
	}
	return takeMatrix(made)
}

func (e *Engine) use(function func(c *C.ossicle_engine) status) error {
	return e.handle.use(func(pointer unsafe.Pointer) status {
		return function((*C.ossicle_engine)(pointer))
	})
}
