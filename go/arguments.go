package ossicle

/*
#include <stdint.h>
#include <stdlib.h>
*/
import "C"

import (
	"fmt"
	"strings"
	"unsafe"
)

// cArguments make those of one call: texts in C memory, to be freed together, and numbers.
type cArguments struct {
	made []*C.char
	err  error // of an argument that C cannot have
}

func (a *cArguments) add(text string) *C.char {
	if strings.IndexByte(text, 0) >= 0 {
		a.err = &Error{ErrArgument, "a text with a zero byte in it, which C would take for its end"}
		return nil
	}
	made := C.CString(text)
	a.made = append(a.made, made)
	return made
}

// addOption is NULL for "".
func (a *cArguments) addOption(text string) *C.char {
	if text == "" {
		return nil
	}
	return a.add(text)
}

// number is int32Of.
func (a *cArguments) number(name string, value, most int, zero string) C.int32_t {
	number, err := int32Of(name, value, most, zero)
	if err != nil {
		a.err = err
	}
	return number
}

func (a *cArguments) free() {
	for _, each := range a.made {
		C.free(unsafe.Pointer(each))
	}
}

// floats is where the values begin, NULL for none.
func floats(values []float32) *C.float {
	if len(values) == 0 {
		return nil
	}
	return (*C.float)(unsafe.Pointer(&values[0]))
}

// int32Of is a value in 1..most, or 0 for what `zero` says. ErrSpec has the caller's name for it, and
// the value, which may have more than 32 bits.
func int32Of(name string, value, most int, zero string) (C.int32_t, error) {
	if value < 0 || value > most {
		return 0, &Error{ErrSpec, fmt.Sprintf("%s=%d, but it must be 1..%d, or 0 for %s", name, value, most, zero)}
	}
	return C.int32_t(value), nil
}

const (
	mostRateHz = 768000
	ownRate    = "the front end's own rate"
)

// rateOf is int32Of for an argument `rateHz`.
func rateOf(rateHz int) (C.int32_t, error) {
	return int32Of("rateHz", rateHz, mostRateHz, ownRate)
}
