package ossicle

/*
#include <ossicle/ossicle.h>
*/
import "C"

import "runtime"

// Error is what every call of this package returns when it fails. Message has the value, what is
// legal and the cure.
type Error struct {
	Code    Code
	Message string
}

func (e *Error) Error() string { return e.Message }

// Is makes errors.Is(err, ErrShape) true for an Error with that code.
func (e *Error) Is(target error) bool {
	code, ok := target.(Code)
	return ok && code == e.Code
}

// Code is the kind of an Error, to be compared with errors.Is.
type Code int

const (
	ErrSpec        Code = C.OSSICLE_INVALID_SPEC     // a spec, a rule or an option out of range
	ErrShape       Code = C.OSSICLE_SHAPE            // too few samples or frames, unequal windows, a call after the end
	ErrNotFinite   Code = C.OSSICLE_NOT_FINITE       // a NaN or an infinity in the audio
	ErrAudio       Code = C.OSSICLE_INPUT            // audio that cannot be opened, read or decoded
	ErrOutput      Code = C.OSSICLE_OUTPUT           // a file that cannot be written
	ErrModel       Code = C.OSSICLE_MODEL            // an ONNX model or runtime that cannot be used
	ErrInterrupted Code = C.OSSICLE_INTERRUPTED      // reading was interrupted
	ErrBusy        Code = C.OSSICLE_BUSY             // another goroutine is in a call with this stream
	ErrTimeout     Code = C.OSSICLE_TIMEOUT          // not done in time
	ErrArgument    Code = C.OSSICLE_INVALID_ARGUMENT // an argument that cannot be
	ErrClosed      Code = C.OSSICLE_INVALID_HANDLE   // it was closed before
	ErrShortBuffer Code = C.OSSICLE_SHORT_BUFFER     // the result does not fit; the message says what would
	ErrMemory      Code = C.OSSICLE_OUT_OF_MEMORY    // the C library got no memory
	ErrInternal    Code = C.OSSICLE_INTERNAL         // a fault of Ossicle; please report it with the message
)

func (c Code) Error() string {
	return C.GoString(C.ossicle_status_name(C.int32_t(c)))
}

// status is what the C library returns.
type status = C.ossicle_status

// call runs one call of the C library, whose last message belongs to the thread that made it.
func call(function func() status) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	result := function()
	if result == C.OSSICLE_OK {
		return nil
	}
	return &Error{Code: Code(result), Message: C.GoString(C.ossicle_last_error())}
}
