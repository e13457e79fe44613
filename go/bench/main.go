// Command bench compares and measures: 10 s of sound to Wav2Lip's mel with Ossicle and with a
// straight Go version of the same chain on gonum's FFT (peer.go), one after the other in each round.
//
//	go run . [-seconds 10] [-rounds 15] [-bar 100]
//
// It ends with exit code 1 if the values differ by more than -tolerance, or if the straight version
// takes less than -bar times our time.
package main

import (
	"flag"
	"fmt"
	"math"
	"math/rand"
	"os"
	"runtime"
	"time"

	"ossicle"
)

func main() {
	seconds := flag.Float64("seconds", 10, "of sound")
	rounds := flag.Int("rounds", 15, "rounds")
	tolerance := flag.Float64("tolerance", Tolerance, "largest difference, on the scale of -4..4")
	bar := flag.Float64("bar", 0, "times our time that the straight version must take at least")
	flag.Parse()
	if err := run(sound(int(*seconds*sampleRateHz)), *rounds, *tolerance, *bar); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(samples []float32, rounds int, tolerance, bar float64) error {
	ways, err := allWays(samples)
	if err != nil {
		return err
	}
	differences := make([]float64, len(ways))
	for i, way := range ways {
		if differences[i], err = way.differsBy(ways[0]); err != nil {
			return fmt.Errorf("%s: %w", way.name, err)
		}
		if !(differences[i] <= tolerance) {
			return fmt.Errorf("%s differs by %g, more than %g", way.name, differences[i], tolerance)
		}
	}
	for i := 0; i < rounds; i++ {
		for _, way := range ways {
			runtime.GOMAXPROCS(way.threads)
			if err := way.round(); err != nil {
				return fmt.Errorf("%s: %w", way.name, err)
			}
		}
	}
	print(samples, ways, differences)
	if err := printSymmetric(samples); err != nil {
		return err
	}
	if ratio, _ := ways[straight].timesOf(ways[0]); ratio < bar {
		return fmt.Errorf("the straight version takes %.1f times our time, and not %g", ratio, bar)
	}
	return nil
}

// straight is the place of the peer in allWays.
const straight = 2

// allWays begins with that which the others are compared with.
func allWays(samples []float32) ([]*way, error) {
	frontend, err := ossicle.NewFrontendWith("wav2lip", ossicle.FrontendOptions{Layout: ossicle.FramesFirst})
	if err != nil {
		return nil, err
	}
	frames, err := frontend.Frames(len(samples))
	if err != nil {
		return nil, err
	}
	dst, leanDst := make([]float32, frames*melBands), make([]float32, frames*melBands)
	dstRows, leanRows := rowsOf(dst), rowsOf(leanDst)
	peer, lean, cores := NewPeer(false), NewLean(), runtime.NumCPU()
	return []*way{
		{name: "Ossicle, ProcessInto", threads: 1, call: func() ([][]float32, error) {
			_, err := frontend.ProcessInto(dst, samples)
			return dstRows, err
		}},
		{name: "Ossicle, Process and Rows", threads: 1, call: func() ([][]float32, error) {
			features, err := frontend.Process(samples)
			return features.Rows(), err
		}},
		{name: "gonum's FFT, straight", threads: 1, call: func() ([][]float32, error) {
			return peer.Mel(samples), nil
		}},
		{name: fmt.Sprintf("the same on %d goroutines", cores), threads: cores, call: func() ([][]float32, error) {
			return peer.MelOn(cores, samples), nil
		}},
		{name: "gonum's FFT, made fast by hand", threads: 1, call: func() ([][]float32, error) {
			lean.Mel(leanDst, samples)
			return leanRows, nil
		}},
	}, nil
}

func rowsOf(frames []float32) [][]float32 {
	return ossicle.Features{Data: frames, Frames: len(frames) / melBands, Bands: melBands}.Rows()
}

func print(samples []float32, ways []*way, differences []float64) {
	fmt.Printf("%.1f s of sound, Ossicle %s, %s, %s/%s\n", float64(len(samples))/sampleRateHz,
		ossicle.Version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	fmt.Printf("%-32s %7s %10s %16s %12s %20s\n", "", "cores", "ms", "times our time", "median round", "largest difference")
	for i, way := range ways {
		fastest, median := way.timesOf(ways[0])
		fmt.Printf("%-32s %7d %10.3f %16.1f %12.1f %20.1e\n", way.name, way.threads,
			float64(way.fastest())/float64(time.Millisecond), fastest, median, differences[i])
	}
}

// sound is like speech: syllables of a gliding voice over noise, and silence in place of each third.
func sound(count int) []float32 {
	random := rand.New(rand.NewSource(1))
	samples := make([]float32, count)
	phase := 0.0
	for i := range samples {
		t := float64(i) / sampleRateHz
		phase += 2 * math.Pi * (120 + 40*math.Sin(3*t)) / sampleRateHz
		syllable := math.Pow(math.Sin(math.Pi*4*t), 2)
		if int(4*t)%3 == 2 {
			syllable = 0
		}
		voice := 0.0
		for harmonic := 1.0; harmonic <= 20; harmonic++ {
			voice += math.Sin(harmonic*phase) / harmonic
		}
		samples[i] = float32(syllable * (0.1*voice + 0.02*random.NormFloat64()))
	}
	return samples
}
