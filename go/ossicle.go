// Package ossicle turns audio into what an audio model eats, and runs the model: samples to log-mel
// or MFCC features, windows of them to the embeddings of an ONNX model. It is a thin layer over the
// C library of Ossicle, which pkg-config finds as ossicle-c.
//
//	frontend, err := ossicle.NewFrontend("wav2lip")
//	features, err := frontend.Process(samples)
//
// Samples are mono, full scale 1.0 and finite. A Frontend, an Encoder and an Engine serve any number
// of goroutines at the same time; a stream serves one, and a second one gets ErrBusy.
//
// What is opened is closed with Close, which waits for calls that run and may be called again, or of
// nil; the garbage collector closes what was forgotten. A call after Close gives ErrClosed.
package ossicle

/*
#cgo pkg-config: ossicle-c
#include <stdlib.h>
#include <ossicle/ossicle.h>
*/
import "C"

import (
	"strings"
	"unsafe"
)

// Version is that of the C library, such as "0.1.0".
func Version() string {
	return C.GoString(C.ossicle_version())
}

// Presets are the names that NewFrontend takes.
func Presets() ([]string, error) {
	names, err := text(func(buffer *C.char, capacity C.size_t, needed *C.size_t) error {
		return call(func() status { return C.ossicle_preset_names(buffer, capacity, needed) })
	})
	return strings.Fields(names), err
}

// PresetJSON is the whole spec of a preset. ErrSpec if there is none of that name; the message offers
// one that is near.
func PresetJSON(name string) (string, error) {
	var arguments cArguments
	defer arguments.free()
	cName := arguments.add(name)
	if arguments.err != nil {
		return "", arguments.err
	}
	return text(func(buffer *C.char, capacity C.size_t, needed *C.size_t) error {
		return call(func() status {
			return C.ossicle_preset_json(cName, buffer, capacity, needed)
		})
	})
}

// LoadONNXRuntime opens the ONNX Runtime (1.20 or newer) in the file `path`, before the first encoder
// is made; "" looks where that one would: $OSSICLE_ONNXRUNTIME or, without it, the usual places. The
// first that was opened stays. ErrModel lists what was tried.
func LoadONNXRuntime(path string) error {
	var arguments cArguments
	defer arguments.free()
	cPath := arguments.addOption(path)
	if arguments.err != nil {
		return arguments.err
	}
	return call(func() status { return C.ossicle_load_onnxruntime(cPath) })
}

// text asks for the length of a text, and then for the text.
func text(get func(buffer *C.char, capacity C.size_t, needed *C.size_t) error) (string, error) {
	var needed C.size_t
	err := get(nil, 0, &needed)
	if needed == 0 {
		return "", err
	}
	buffer := make([]byte, needed)
	if err := get((*C.char)(unsafe.Pointer(&buffer[0])), needed, &needed); err != nil {
		return "", err
	}
	return string(buffer[:needed-1]), nil
}
