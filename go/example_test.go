package ossicle_test

import (
	"errors"
	"fmt"
	"log"

	"ossicle"
)

func ExampleFrontend_Process() {
	frontend, err := ossicle.NewFrontend("whisper-80")
	if err != nil {
		log.Fatal(err)
	}
	defer frontend.Close()
	features, err := frontend.Process(make([]float32, 16000))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(features.Frames, "frames of", features.Bands, "bands,", features.Layout)
	// Output: 100 frames of 80 bands, bands-first
}

func ExampleFrontend_Stream() {
	frontend, err := ossicle.NewFrontend("wav2lip")
	if err != nil {
		log.Fatal(err)
	}
	defer frontend.Close()
	stream, err := frontend.Stream(ossicle.StreamOptions{InputRateHz: 48000})
	if err != nil {
		log.Fatal(err)
	}
	defer stream.Close()
	frames := 0
	for i := 0; i < 100; i++ { // 10 ms each
		features, err := stream.Push(make([]float32, 480))
		if err != nil {
			log.Fatal(err)
		}
		frames += features.Frames
	}
	rest, err := stream.Finish()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(frames, "frames while it went on, and then", rest.Frames)
	// Output: 78 frames while it went on, and then 3
}

func ExampleEngine_EncodeFile() {
	engine, err := ossicle.NewEngine("packed.onnx", ossicle.EngineOptions{Tail: "align"})
	if err != nil {
		log.Fatal(err)
	}
	defer engine.Close()
	embeddings, err := engine.EncodeFile("talk.wav")
	if err != nil {
		log.Fatal(err)
	}
	last := embeddings.Windows - 1
	fmt.Printf("%d embeddings of %d values, the last of %.2f s..%.2f s\n", embeddings.Windows, embeddings.Size,
		embeddings.StartS[last], embeddings.EndS[last])
	// Output: 72 embeddings of 512 values, the last of 2.80 s..3.00 s
}

func ExampleError() {
	_, err := ossicle.NewFrontend("wav2lop")
	fmt.Println(errors.Is(err, ossicle.ErrSpec))
	fmt.Println(err)
	// Output:
	// true
	// no front end is named "wav2lop"; the nearest is "wav2lip". `ossicle frontends` lists all of them
}
