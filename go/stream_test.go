package ossicle

import (
	"errors"
	"math"
	"sync"
	"sync/atomic"
	"testing"
)

func stream(t testing.TB, f *Frontend, options StreamOptions) *Stream {
	t.Helper()
	made, err := f.Stream(options)
	must(t, err)
	t.Cleanup(func() { must(t, made.Close()) })
	return made
}

// all pushes the samples in pieces and gives every frame.
func all(t testing.TB, s *Stream, samples []float32, piece int) []float32 {
	t.Helper()
	var frames []float32
	for first := 0; first < len(samples); first += piece {
		end := first + piece
		if end > len(samples) {
			end = len(samples)
		}
		features, err := s.Push(samples[first:end])
		must(t, err)
		frames = append(frames, features.Data...)
	}
	features, err := s.Finish()
	must(t, err)
	return append(frames, features.Data...)
}

func TestAStreamGivesTheFramesOfTheWholeSignal(t *testing.T) {
	samples := talk(t)
	f := frontend(t, "wav2lip", FrontendOptions{Layout: FramesFirst})
	want, err := f.Process(samples)
	must(t, err)
	s := stream(t, f, StreamOptions{})
	for _, piece := range []int{1, 160, 4099, len(samples)} {
		if piece == 1 {
			expectSameBits(t, "single samples", all(t, stream(t, f, StreamOptions{}), samples[:2000], 1),
				processed(t, f, samples[:2000]).Data)
			continue
		}
		expectSameBits(t, "pieces", all(t, s, samples, piece), want.Data)
		info, err := s.Info()
		must(t, err)
		if info.Samples != int64(len(samples)) || info.Frames != int64(want.Frames) {
			t.Errorf("%+v after %d samples and %d frames", info, len(samples), want.Frames)
		}
		must(t, s.Reset())
	}
}

func processed(t testing.TB, f *Frontend, samples []float32) Features {
	t.Helper()
	features, err := f.Process(samples)
	must(t, err)
	return features
}

func TestAStreamResamples(t *testing.T) {
	samples := talk(t)
	f := frontend(t, `{"name": "mine", "sample_rate_hz": 8000, "high_hz": 3800}`, FrontendOptions{})
	want, err := f.ProcessAt(16000, samples)
	must(t, err)
	expectSameBits(t, "16 kHz", all(t, stream(t, f, StreamOptions{InputRateHz: 16000}), samples, 320), want.Data)
}

func TestAStreamOutlivesItsFrontend(t *testing.T) {
	f, err := NewFrontend("wav2lip")
	must(t, err)
	s := stream(t, f, StreamOptions{})
	must(t, f.Close())
	if got := all(t, s, make([]float32, 1000), 100); len(got) != 6*80 {
		t.Errorf("%d values", len(got))
	}
}

func TestStatisticsAreNamedAndTravel(t *testing.T) {
	samples := talk(t)
	f := frontend(t, "whisper-80", FrontendOptions{Layout: FramesFirst})
	_, err := f.Stream(StreamOptions{})
	expectError(t, "no statistics", err, ErrSpec, "exact")
	_, err = f.Stream(StreamOptions{Statistics: "sometimes"})
	expectError(t, "no such statistics", err, ErrSpec, "sometimes")

	exact := stream(t, f, StreamOptions{Statistics: "exact"})
	want := processed(t, f, samples)
	expectSameBits(t, "exact", all(t, exact, samples, 1600), want.Data)
	seen, err := exact.Statistics()
	must(t, err)
	frozen := stream(t, f, StreamOptions{Statistics: seen})
	expectSameBits(t, "frozen", all(t, frozen, samples, 1600), want.Data)
}

func TestAStreamServesOneGoroutineAtATime(t *testing.T) {
	s := stream(t, frontend(t, "wav2lip", FrontendOptions{}), StreamOptions{})
	s.handle.inUse.Lock() // as a call that runs does
	_, err := s.Push(make([]float32, 100))
	expectError(t, "a second push", err, ErrBusy, "stream")
	s.handle.inUse.Unlock()

	const goroutines, pushes, piece = 4, 200, 100
	var taken int64
	var done sync.WaitGroup
	for i := 0; i < goroutines; i++ {
		done.Add(1)
		go func() {
			defer done.Done()
			for i := 0; i < pushes; i++ {
				_, err := s.Push(make([]float32, piece))
				if err == nil {
					atomic.AddInt64(&taken, piece)
				} else if !errors.Is(err, ErrBusy) {
					t.Error(err)
				}
			}
		}()
	}
	done.Wait()
	info, err := s.Info()
	must(t, err)
	if info.Samples != taken {
		t.Errorf("%d samples were taken, but the stream has %d", taken, info.Samples)
	}
}

func TestBadPushesAreRefused(t *testing.T) {
	f := frontend(t, "wav2lip", FrontendOptions{})
	s := stream(t, f, StreamOptions{})
	_, err := s.Push([]float32{0, float32(math.Inf(1))})
	expectError(t, "infinity", err, ErrNotFinite, "1")
	_, err = s.Push(nil)
	must(t, err)
	_, err = s.Finish()
	must(t, err)
	_, err = s.Push([]float32{0})
	expectError(t, "after Finish", err, ErrShape, "")
	must(t, s.Close())
	must(t, s.Close())
	_, err = s.Push(nil)
	expectError(t, "Push after Close", err, ErrClosed, "stream")
	_, err = s.Finish()
	expectError(t, "Finish after Close", err, ErrClosed, "stream")
	expectError(t, "Reset after Close", s.Reset(), ErrClosed, "stream")
	_, err = s.Info()
	expectError(t, "Info after Close", err, ErrClosed, "stream")
	_, err = f.Stream(StreamOptions{InputRateHz: -5})
	expectError(t, "rate", err, ErrSpec, "InputRateHz=-5,")
	_, err = f.Stream(StreamOptions{InputRateHz: 1 << 40})
	expectError(t, "huge rate", err, ErrSpec, "InputRateHz=1099511627776,")
}
