package ossicle

import (
	"math"
	"sync"
	"testing"
)

const rule = "16:80/25"

func encoder(t testing.TB, options EncoderOptions) *Encoder {
	t.Helper()
	made, err := NewEncoder("lipsync.onnx", options)
	must(t, err)
	t.Cleanup(func() { must(t, made.Close()) })
	return made
}

func TestEmbeddingsAreTheBitsOfTheCommand(t *testing.T) {
	features := processed(t, frontend(t, "wav2lip", FrontendOptions{}), talk(t))
	want := command(t, "encode", "--model", "packed.onnx", "--tail", "align", "talk.wav")
	embeddings, err := encoder(t, EncoderOptions{}).EncodeFeatures(features, rule, "align")
	must(t, err)
	expectSameBits(t, "bands first", embeddings.Data, want)
	if embeddings.Size != 512 || embeddings.Windows != len(want)/512 {
		t.Errorf("%d embeddings of %d values", embeddings.Windows, embeddings.Size)
	}
	embeddings, err = encoder(t, EncoderOptions{MaxBatch: 3, Workers: 2}).EncodeFeatures(features.As(FramesFirst), rule, "align")
	must(t, err)
	expectSameBits(t, "frames first", embeddings.Data, want)
}

func TestABatchOfWindowsIsWhatTheFeaturesGive(t *testing.T) {
	features := processed(t, frontend(t, "wav2lip", FrontendOptions{}), talk(t))
	e := encoder(t, EncoderOptions{})
	want, err := e.EncodeFeatures(features, "16:8", "")
	must(t, err)
	var windows, transposed [][][]float32
	for i := 0; i < want.Windows; i++ {
		windows = append(windows, features.Window(8*i, 16))
		transposed = append(transposed, features.Rows()[8*i:8*i+16])
	}
	got, err := e.EncodeBatch(windows)
	must(t, err)
	for i, row := range got {
		expectSameBits(t, "row", row, want.Row(i))
	}
	got, err = e.EncodeBatch(transposed)
	must(t, err)
	for i, row := range got {
		expectSameBits(t, "row of a window with the frames first", row, want.Rows()[i])
	}
	one, err := e.EncodeBatch(windows[3:4])
	must(t, err)
	expectSameBits(t, "one", one[0], want.Row(3))
	none, err := e.EncodeBatch(nil)
	must(t, err)
	if len(none) != 0 {
		t.Errorf("%d embeddings of no window", len(none))
	}
}

func TestGoroutinesShareAnEncoder(t *testing.T) {
	features := processed(t, frontend(t, "wav2lip", FrontendOptions{}), talk(t)[:32000])
	e := encoder(t, EncoderOptions{})
	want, err := e.EncodeFeatures(features, rule, "")
	must(t, err)
	var done sync.WaitGroup
	for i := 0; i < 4; i++ {
		done.Add(1)
		go func() {
			defer done.Done()
			got, err := e.EncodeFeatures(features, rule, "")
			if err != nil || len(got.Data) != len(want.Data) || got.Data[777] != want.Data[777] {
				t.Errorf("%v, %d values", err, len(got.Data))
			}
		}()
	}
	done.Wait()
}

func TestAnEncoderSaysItsShapes(t *testing.T) {
	e := encoder(t, EncoderOptions{})
	shape, err := e.InputShape()
	must(t, err)
	size, err := e.EmbeddingSize()
	must(t, err)
	if len(shape) != 4 || shape[2] != 80 || shape[3] != 16 || size != 512 {
		t.Errorf("%v to %d values", shape, size)
	}
}

func TestBadWindowsAndModelsAreRefused(t *testing.T) {
	e := encoder(t, EncoderOptions{})
	window := Features{Data: make([]float32, 80*20), Frames: 20, Bands: 80, Layout: BandsFirst}.Window
	uneven := window(0, 16)
	uneven[7] = uneven[7][:15]
	batch := func(windows ...[][]float32) error { _, err := e.EncodeBatch(windows); return err }
	features := func(frames int, rule, tail string) error {
		_, err := e.EncodeFeatures(Features{Data: make([]float32, frames*80), Frames: frames, Bands: 80}, rule, tail)
		return err
	}
	open := func(path string, options EncoderOptions) error { _, err := NewEncoder(path, options); return err }

	for _, each := range []struct {
		what string
		err  error
		code Code
		says string
	}{
		{"no bands", batch([][]float32{}), ErrShape, "bands"},
		{"no frames", batch([][]float32{{}}), ErrShape, "windows[0][0] has no frames"},
		{"unequal windows", batch(window(0, 16), window(0, 16)[:79]), ErrShape, "windows[1] has 79"},
		{"unequal rows", batch(window(0, 16), uneven), ErrShape, "windows[1][7] has 15"},
		{"another model's", batch(window(0, 20)), ErrModel, "20"},
		{"too few frames", features(15, rule, ""), ErrShape, "15"},
		{"rule", features(40, "16", ""), ErrSpec, "16"},
		{"no rule", features(40, "", ""), ErrSpec, ""},
		{"tail", features(40, rule, "cut"), ErrSpec, "cut"},
		{"no such model", open("nothing.onnx", EncoderOptions{}), ErrModel, "nothing.onnx"},
		{"no model", open("talk.wav", EncoderOptions{}), ErrModel, "talk.wav"},
		{"batch", open("lipsync.onnx", EncoderOptions{MaxBatch: 2000}), ErrSpec, "MaxBatch=2000, but it must be 1..1024, or 0 for 16"},
		{"sessions", open("lipsync.onnx", EncoderOptions{Sessions: 1 << 40}), ErrSpec, "Sessions=1099511627776,"},
		{"workers", open("lipsync.onnx", EncoderOptions{Workers: -1 << 40}), ErrSpec, "Workers=-1099511627776,"},
		{"provider", open("lipsync.onnx", EncoderOptions{Providers: []string{"abacus"}}), ErrModel, "abacus"},
		{"optimization", open("lipsync.onnx", EncoderOptions{GraphOptimization: 9}), ErrSpec, "GraphOptimization=9, but it must be 1..3, or 0 for GraphAll"},
	} {
		expectError(t, each.what, each.err, each.code, each.says)
	}
	_, err := e.EncodeFeatures(Features{Data: make([]float32, 79), Frames: 1, Bands: 80}, rule, "")
	expectError(t, "torn features", err, ErrShape, "79")
	for says, bad := range map[string]Features{
		"features.Bands=0,":              {},
		"features.Bands=-80,":            {Data: make([]float32, 1600), Frames: -20, Bands: -80},
		"features.Bands=1048577,":        {Data: make([]float32, 1<<20+1), Frames: 1, Bands: 1<<20 + 1},
		"have 0 values, but -1 frames":   {Frames: -1, Bands: 80},
		"have 0 values, but 46116860184": {Frames: 1 << 62, Bands: 4},
	} {
		_, err := e.EncodeFeatures(bad, rule, "")
		expectError(t, says, err, ErrShape, says)
	}
	_, err = e.EncodeFeatures(Features{Data: make([]float32, 1600), Frames: 20, Bands: 80, Layout: "sideways"}, rule, "")
	expectError(t, "layout", err, ErrArgument, `features.Layout="sideways", but it must be "frames-first", "bands-first"`)
	must(t, e.Close())
	expectError(t, "closed", batch(window(0, 16)), ErrClosed, "encoder")
}

func TestAWindowWithANaNGivesWhatTheModelGives(t *testing.T) {
	features := Features{Data: make([]float32, 80*16), Frames: 16, Bands: 80}
	features.Data[5] = float32(math.NaN())
	embeddings, err := encoder(t, EncoderOptions{}).EncodeFeatures(features, rule, "")
	must(t, err)
	if embeddings.Windows != 1 || embeddings.NotFinite != 1 {
		t.Errorf("%d windows, %d not finite", embeddings.Windows, embeddings.NotFinite)
	}
}
