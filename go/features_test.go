package ossicle

import (
	"fmt"
	"testing"
)

func TestAnIndexOutOfRangePanicsAndSaysBothNumbers(t *testing.T) {
	const frames, bands = 4, 3
	for _, layout := range []Layout{FramesFirst, BandsFirst, ""} {
		// As of ProcessInto: with memory of the caller's behind the values.
		features := Features{Data: make([]float32, 2*frames*bands)[:frames*bands], Frames: frames, Bands: bands, Layout: layout}
		for _, index := range []int{-1, frames, 5} {
			says := fmt.Sprintf("ossicle: frame %d out of range with 4 frames", index)
			expectPanic(t, says, func() { features.At(index, 1) })
			expectPanic(t, says, func() { features.Row(index) })
		}
		for _, index := range []int{-1, bands} {
			expectPanic(t, fmt.Sprintf("ossicle: band %d out of range with 3 bands", index), func() { features.At(1, index) })
		}
		for _, window := range [][2]int{{-1, 2}, {3, 2}, {0, -1}, {5, 0}, {1, int(^uint(0) >> 1)}} {
			expectPanic(t, fmt.Sprintf("ossicle: %d frames from frame %d on out of range with 4 frames", window[1], window[0]),
				func() { features.Window(window[0], window[1]) })
		}
		if len(features.Window(4, 0)) != bands || len(features.Window(0, 4)[2]) != frames {
			t.Errorf("%q: not the windows that there are", layout)
		}
	}
	embeddings := Embeddings{Data: make([]float32, 20)[:10], Windows: 2, Size: 5}
	for _, index := range []int{-1, 2} {
		expectPanic(t, fmt.Sprintf("ossicle: window %d out of range with 2 windows", index), func() { embeddings.Row(index) })
	}
}

func expectPanic(t *testing.T, says string, function func()) {
	t.Helper()
	defer func() {
		t.Helper()
		if said := recover(); said != says {
			t.Errorf("panic %v, not %q", said, says)
		}
	}()
	function()
}
