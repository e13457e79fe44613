package ossicle

/*
#include <ossicle/ossicle.h>
*/
import "C"

import (
	"runtime"
	"sync"
	"unsafe"
)

// handle owns an object of the C library and frees it once, when no call is in it.
type handle struct {
	inUse   sync.RWMutex
	pointer unsafe.Pointer // nil when it is freed
	free    func(pointer unsafe.Pointer) status
	what    string
}

func newHandle(what string, pointer unsafe.Pointer, free func(unsafe.Pointer) status) *handle {
	h := &handle{pointer: pointer, free: free, what: what}
	runtime.SetFinalizer(h, (*handle).close)
	return h
}

// use makes one call with the object, beside others.
func (h *handle) use(function func(pointer unsafe.Pointer) status) error {
	if h == nil {
		return errNeverMade
	}
	h.inUse.RLock()
	defer h.inUse.RUnlock() // keeps h, and so the object, alive during the call
	return h.call(function)
}

// useAlone makes calls that no other may be made beside, or gives ErrBusy.
func (h *handle) useAlone(function func() error) error {
	if h == nil {
		return errNeverMade
	}
	if !h.inUse.TryLock() {
		return &Error{ErrBusy, "another goroutine is in a call with this " + h.what +
			"; let one at a time use it, or make one for each"}
	}
	defer h.inUse.Unlock()
	return function()
}

// errNeverMade is what calls with a zero value give.
var errNeverMade = &Error{ErrClosed, "this was never opened; make one by its New function or by Stream"}

// call is for those who hold inUse.
func (h *handle) call(function func(pointer unsafe.Pointer) status) error {
	if h.pointer == nil {
		return &Error{ErrClosed, "this " + h.what + " was closed; make a new one"}
	}
	return call(func() status { return function(h.pointer) })
}

// close waits for the calls that are in the object. It may be called again, and of what was never made.
func (h *handle) close() error {
	if h == nil {
		return nil
	}
	h.inUse.Lock()
	defer h.inUse.Unlock()
	if h.pointer == nil {
		return nil
	}
	runtime.SetFinalizer(h, nil)
	pointer := h.pointer
	h.pointer = nil
	return call(func() status { return h.free(pointer) })
}
