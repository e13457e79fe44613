package ossicle

import (
	"math"
	"testing"
)

func engine(t testing.TB, path string, options EngineOptions) *Engine {
	t.Helper()
	made, err := NewEngine(path, options)
	must(t, err)
	t.Cleanup(func() { must(t, made.Close()) })
	return made
}

func TestAnEngineGivesTheBitsOfTheCommand(t *testing.T) {
	want := command(t, "encode", "--model", "packed.onnx", "talk.wav")
	chosen := EngineOptions{Frontend: "wav2lip", Windows: rule}
	for path, options := range map[string]EngineOptions{"packed.onnx": {}, "lipsync.onnx": chosen} {
		e := engine(t, path, options)
		fromFile, err := e.EncodeFile("talk.wav")
		must(t, err)
		expectSameBits(t, path, fromFile.Data, want)
		fromSamples, err := e.Encode(talk(t), 16000)
		must(t, err)
		expectSameBits(t, path, fromSamples.Data, want)
		if !near(fromFile.StartS[2], 6*0.0125) || !near(fromFile.EndS[2], 22*0.0125) {
			t.Errorf("window 2 from %v s to %v s", fromFile.StartS[2], fromFile.EndS[2])
		}
		if seconds := float64(len(talk(t))) / 16000; !near(fromFile.DurationS, seconds) {
			t.Errorf("%v s, not %v s", fromFile.DurationS, seconds)
		}
		info, err := e.Info()
		must(t, err)
		if info != (EngineInfo{EmbeddingSize: 512, WindowFrames: 16, IsPacked: path == "packed.onnx"}) {
			t.Errorf("%+v", info)
		}
	}
}

func TestAnEngineHasAFrontendOfItsOwn(t *testing.T) {
	e, err := NewEngine("packed.onnx", EngineOptions{})
	must(t, err)
	f, err := e.Frontend()
	must(t, err)
	must(t, e.Close())
	want := processed(t, frontend(t, "wav2lip", FrontendOptions{}), talk(t))
	expectSameBits(t, "its features", processed(t, f, talk(t)).Data, want.Data)
	must(t, f.Close())
}

func TestAnEmbeddingStreamGivesWhatTheEngineGives(t *testing.T) {
	samples := talk(t)
	e := engine(t, "packed.onnx", EngineOptions{Tail: "align"})
	want, err := e.Encode(samples, 0)
	must(t, err)
	s, err := e.Stream(StreamOptions{})
	must(t, err)
	defer s.Close()
	lookahead, err := s.LookaheadSamples()
	must(t, err)
	if lookahead != 400 {
		t.Errorf("look-ahead %d", lookahead)
	}
	for again := 0; again < 2; again++ {
		var got Embeddings
		take := func(part Embeddings, err error) {
			must(t, err)
			got.Data = append(got.Data, part.Data...)
			got.StartS = append(got.StartS, part.StartS...)
		}
		for first := 0; first < len(samples); first += 10240 {
			end := first + 10240
			if end > len(samples) {
				end = len(samples)
			}
			take(s.Push(samples[first:end]))
		}
		take(s.Finish())
		expectSameBits(t, "live", got.Data, want.Data)
		for i, start := range want.StartS {
			if got.StartS[i] != start {
				t.Fatalf("window %d starts at %v s, not %v s", i, got.StartS[i], start)
			}
		}
		must(t, s.Reset())
	}
	_, err = s.Push([]float32{float32(math.NaN())})
	expectError(t, "NaN", err, ErrNotFinite, "0")
	must(t, s.Close())
	_, err = s.Push(nil)
	expectError(t, "closed", err, ErrClosed, "stream")
}

func TestAnEmbeddingStreamWantsItsEngineOpen(t *testing.T) {
	e := engine(t, "packed.onnx", EngineOptions{})
	s, err := e.Stream(StreamOptions{})
	must(t, err)
	defer s.Close()
	must(t, e.Close())
	_, err = s.Push(talk(t))
	expectError(t, "closed engine", err, ErrClosed, "engine")
}

func TestEnginesThatCannotBeAreRefused(t *testing.T) {
	open := func(path string, options EngineOptions) error { _, err := NewEngine(path, options); return err }
	e := engine(t, "packed.onnx", EngineOptions{})
	file := func(path string) error { _, err := e.EncodeFile(path); return err }
	encode := func(samples []float32, rateHz int) error { _, err := e.Encode(samples, rateHz); return err }
	for _, each := range []struct {
		what string
		err  error
		code Code
		says string
	}{
		{"no front end", open("lipsync.onnx", EngineOptions{}), ErrSpec, "front end"},
		{"no such model", open("nothing.onnx", EngineOptions{}), ErrModel, "nothing.onnx"},
		{"windows", open("packed.onnx", EngineOptions{Windows: "16:0"}), ErrSpec, "0"},
		{"another front end", open("packed.onnx", EngineOptions{Frontend: "kaldi-fbank-40"}), ErrModel, "40"},
		{"tail", open("packed.onnx", EngineOptions{Tail: "cut"}), ErrSpec, "cut"},
		{"downmix", open("packed.onnx", EngineOptions{Downmix: "left"}), ErrSpec, "left"},
		{"workers", open("packed.onnx", EngineOptions{Encoder: EncoderOptions{Workers: 300}}), ErrSpec, "Workers=300,"},
		{"no file", file("nothing.wav"), ErrAudio, "nothing.wav"},
		{"too short", encode(make([]float32, 100), 0), ErrShape, ""},
		{"no samples", encode(nil, 0), ErrShape, ""},
		{"NaN", encode([]float32{float32(math.NaN())}, 0), ErrNotFinite, "0"},
		{"rate", encode(make([]float32, 16000), -16000), ErrSpec, "rateHz=-16000,"},
	} {
		expectError(t, each.what, each.err, each.code, each.says)
	}
	must(t, e.Close())
	expectError(t, "closed", file("talk.wav"), ErrClosed, "engine")
}

func near(got, want float64) bool { return math.Abs(got-want) < 1e-9 }
