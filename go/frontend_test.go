package ossicle

import (
	"math"
	"runtime"
	"strings"
	"sync"
	"testing"
	"unsafe"
)

func TestFeaturesAreTheBitsOfTheCommand(t *testing.T) {
	samples := talk(t)
	for _, preset := range []string{"wav2lip", "whisper-80", "kaldi-fbank-80"} {
		want := command(t, "extract", "--frontend", preset, "talk.wav")
		for _, workers := range []int{0, 2} {
			f := frontend(t, preset, FrontendOptions{Workers: workers})
			features, err := f.Process(samples)
			must(t, err)
			expectSameBits(t, preset, features.Data, want)
			if features.Layout != f.Info().Layout || features.Frames*f.Info().Bands != len(want) {
				t.Errorf("%s: %d frames, %s", preset, features.Frames, features.Layout)
			}
			fromFile, err := f.ProcessFile("talk.wav")
			must(t, err)
			expectSameBits(t, preset+" of the file", fromFile.Data, want)
		}
	}
}

func TestEitherLayoutHasTheSameValues(t *testing.T) {
	samples := talk(t)
	bandsFirst, err := frontend(t, "wav2lip", FrontendOptions{}).Process(samples)
	must(t, err)
	framesFirst, err := frontend(t, "wav2lip", FrontendOptions{Layout: FramesFirst}).Process(samples)
	must(t, err)
	if bandsFirst.Layout != BandsFirst || framesFirst.Layout != FramesFirst {
		t.Fatalf("layouts %q and %q", bandsFirst.Layout, framesFirst.Layout)
	}
	expectSameBits(t, "As(FramesFirst)", bandsFirst.As(FramesFirst).Data, framesFirst.Data)
	expectSameBits(t, "As(BandsFirst)", framesFirst.As(BandsFirst).Data, bandsFirst.Data)
	for _, features := range []Features{bandsFirst, framesFirst} {
		rows, window := features.Rows(), features.Window(40, 16)
		if len(rows) != features.Frames || len(window) != features.Bands {
			t.Fatalf("%d rows, a window of %d rows", len(rows), len(window))
		}
		for frame := range rows {
			expectSameBits(t, "row", rows[frame], framesFirst.Data[frame*80:frame*80+80])
			expectSameBits(t, "row", features.Row(frame), rows[frame])
		}
		for band := range window {
			for i, value := range window[band] {
				if value != rows[40+i][band] || value != features.At(40+i, band) {
					t.Fatalf("%s: frame %d, band %d of a window", features.Layout, i, band)
				}
			}
		}
	}
}

func TestRowsOfFramesFirstShareTheirData(t *testing.T) {
	for _, layout := range []Layout{FramesFirst, ""} {
		features := Features{Data: make([]float32, 6), Frames: 2, Bands: 3, Layout: layout}
		features.Rows()[1][2] = 5
		if features.Data[5] != 5 || features.Row(1)[2] != 5 {
			t.Errorf("%q: Data is %v", layout, features.Data)
		}
	}
}

func TestOtherRatesAreResampledAsTheCommandDoes(t *testing.T) {
	samples := talk(t)
	spec := `{"name": "mine", "sample_rate_hz": 8000, "high_hz": 3800}`
	f := frontend(t, spec, FrontendOptions{})
	fromFile, err := f.ProcessFile("talk.wav")
	must(t, err)
	features, err := f.ProcessAt(16000, samples)
	must(t, err)
	expectSameBits(t, "16 kHz to 8 kHz", features.Data, fromFile.Data)
}

func TestProcessIntoAllocatesNothing(t *testing.T) {
	samples := talk(t)
	f := frontend(t, "wav2lip", FrontendOptions{})
	frames, err := f.Frames(len(samples))
	must(t, err)
	dst := make([]float32, frames*f.Info().Bands)
	allocations := testing.AllocsPerRun(10, func() {
		if _, err := f.ProcessInto(dst, samples); err != nil {
			t.Error(err)
		}
	})
	if allocations != 0 {
		t.Errorf("%v allocations", allocations)
	}
}

func TestNoSamplesGiveNoFrames(t *testing.T) {
	features, err := frontend(t, "wav2lip", FrontendOptions{}).Process(nil)
	must(t, err)
	if features.Frames != 0 || len(features.Rows()) != 0 {
		t.Errorf("%+v", features)
	}
}

func TestASpecTravelsAsJSON(t *testing.T) {
	of := frontend(t, "wav2lip", FrontendOptions{})
	json, err := of.JSON()
	must(t, err)
	preset, err := PresetJSON("wav2lip")
	must(t, err)
	if json != preset {
		t.Errorf("%s\nis not\n%s", json, preset)
	}
	again := frontend(t, json, FrontendOptions{})
	if of.Info() != again.Info() {
		t.Errorf("%+v is not %+v", again.Info(), of.Info())
	}
}

func TestAllPresetsCompile(t *testing.T) {
	names, err := Presets()
	must(t, err)
	if len(names) < 20 {
		t.Fatalf("%d presets: %v", len(names), names)
	}
	for _, name := range names {
		frontend(t, name, FrontendOptions{})
	}
}

func TestGoroutinesShareAFrontend(t *testing.T) {
	samples := talk(t)
	fs := []*Frontend{frontend(t, "wav2lip", FrontendOptions{}), frontend(t, "wav2lip", FrontendOptions{Workers: 2})}
	want, err := fs[0].Process(samples)
	must(t, err)
	var done sync.WaitGroup
	for i := 0; i < 8; i++ {
		f := fs[i%2]
		done.Add(1)
		go func() {
			defer done.Done()
			features, err := f.Process(samples)
			if err != nil || len(features.Data) != len(want.Data) {
				t.Error(err)
				return
			}
			for i := range want.Data {
				if features.Data[i] != want.Data[i] {
					t.Errorf("value %d differs", i)
					return
				}
			}
		}()
	}
	done.Wait()
}

func TestCloseWaitsForCallsAndMayBeCalledAgain(t *testing.T) {
	samples := talk(t)
	f, err := NewFrontend("wav2lip")
	must(t, err)
	var done sync.WaitGroup
	for i := 0; i < 4; i++ {
		done.Add(1)
		go func() {
			defer done.Done()
			for {
				if _, err := f.Process(samples); err != nil {
					expectErrorInGoroutine(t, err, ErrClosed)
					return
				}
			}
		}()
	}
	runtime.Gosched()
	must(t, f.Close())
	must(t, f.Close())
	done.Wait()
}

func expectErrorInGoroutine(t *testing.T, err error, code Code) {
	if own, ok := err.(*Error); !ok || own.Code != code {
		t.Errorf("%v, not %v", err, code)
	}
}

func TestWhatWasForgottenIsFreed(t *testing.T) {
	freed := make(chan bool, 1)
	func() {
		f, err := NewFrontend("wav2lip")
		must(t, err)
		free := f.handle.free
		f.handle.free = func(pointer unsafe.Pointer) status {
			freed <- true
			return free(pointer)
		}
	}()
	for i := 0; i < 100; i++ {
		runtime.GC()
		select {
		case <-freed:
			return
		default:
			runtime.Gosched()
		}
	}
	t.Error("100 collections did not free it")
}

func TestBadInputIsAnErrorThatSaysWhat(t *testing.T) {
	f := frontend(t, "wav2lip", FrontendOptions{})
	closed, err := NewFrontend("wav2lip")
	must(t, err)
	must(t, closed.Close())
	withNaN := make([]float32, 1000)
	samples := make([]float32, 1000)
	withNaN[321] = float32(math.NaN())
	with := func(call func() (Features, error)) error { _, err := call(); return err }
	seamless := frontend(t, "seamless-m4t", FrontendOptions{})

	for _, each := range []struct {
		what string
		err  error
		code Code
		says string
	}{
		{"NaN", with(func() (Features, error) { return f.Process(withNaN) }), ErrNotFinite, "321"},
		{"too short", with(func() (Features, error) { return seamless.Process(make([]float32, 10)) }), ErrShape, "10"},
		{"short buffer", with(func() (Features, error) { return f.ProcessInto(make([]float32, 79), withNaN[:200]) }), ErrShortBuffer, "79"},
		{"no buffer", with(func() (Features, error) { return f.ProcessInto(nil, withNaN[:200]) }), ErrShortBuffer, "160"},
		{"rate", with(func() (Features, error) { return f.ProcessAt(-1, withNaN[:200]) }), ErrSpec, "rateHz=-1, but it must be 1..768000, or 0 for"},
		{"huge rate", with(func() (Features, error) { return f.ProcessAt(1<<40+16000, withNaN[:200]) }), ErrSpec, "rateHz=1099511643776,"},
		{"the highest rate", with(func() (Features, error) { return f.ProcessAt(768000, withNaN) }), ErrNotFinite, "321"},
		{"over the samples", with(func() (Features, error) { return f.ProcessInto(samples[:960], samples) }), ErrArgument, "must lie apart"},
		{"no file", with(func() (Features, error) { return f.ProcessFile("nothing.wav") }), ErrAudio, "nothing.wav"},
		{"no audio", with(func() (Features, error) { return f.ProcessFile("packed.onnx") }), ErrAudio, "packed.onnx"},
		{"zero byte", with(func() (Features, error) { return f.ProcessFile("talk.wav\x00") }), ErrArgument, "zero byte"},
		{"closed", with(func() (Features, error) { return closed.Process(withNaN[:200]) }), ErrClosed, "front end"},
		{"closed, into", with(func() (Features, error) { return closed.ProcessInto(nil, nil) }), ErrClosed, "front end"},
		{"closed, JSON", func() error { _, err := closed.JSON(); return err }(), ErrClosed, "front end"},
		{"closed, stream", func() error { _, err := closed.Stream(StreamOptions{}); return err }(), ErrClosed, "front end"},
		{"frames", func() error { _, err := f.Frames(-1); return err }(), ErrArgument, "samples=-1,"},
		{"too many samples", func() error { _, err := f.Frames(1<<40 + 1); return err }(), ErrArgument, "1099511627777 samples"},
	} {
		expectError(t, each.what, each.err, each.code, each.says)
	}
}

func TestBadSpecsAreRefused(t *testing.T) {
	for spec, says := range map[string]string{
		"":                   "",
		"wav2lop":            "wav2lip",
		`{"hop_samples": 0}`: "hop_samples",
		`{"hop": 1}`:         "hop",
		"{":                  "JSON",
		"wav2lip\x00":        "zero byte",
	} {
		f, err := NewFrontend(spec)
		if f != nil || err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", spec, err)
		}
	}
	for says, options := range map[string]FrontendOptions{
		"Workers=-1, but it must be 1..256, or 0 for 1": {Workers: -1},
		"Workers=257,":           {Workers: 257},
		"Workers=1099511627776,": {Workers: 1 << 40},
		`layout="sideways"`:      {Layout: "sideways"},
	} {
		f, err := NewFrontendWith("wav2lip", options)
		if f != nil {
			t.Errorf("%+v is taken", options)
		}
		expectError(t, says, err, ErrSpec, says)
	}
}

func TestAMessageBelongsToItsCall(t *testing.T) {
	var done sync.WaitGroup
	for _, name := range []string{"nothing-a", "nothing-b", "nothing-c", "nothing-d"} {
		name := name
		done.Add(1)
		go func() {
			defer done.Done()
			for i := 0; i < 200; i++ {
				if _, err := NewFrontend(name); err == nil || !strings.Contains(err.Error(), name) {
					t.Errorf("%s: %v", name, err)
					return
				}
				runtime.Gosched()
			}
		}()
	}
	done.Wait()
}
