package main

import (
	"fmt"
	"math"
	"sort"
	"time"
)

// way is one way to the same features.
type way struct {
	name    string
	threads int
	call    func() ([][]float32, error)
	times   []time.Duration // of the fastest call of each round
}

// Tolerance is the largest difference that is float32 and not another definition.
const Tolerance = 1e-4

// differsBy is the largest difference of any value of the two.
func (w *way) differsBy(other *way) (float64, error) {
	got, err := w.call()
	if err != nil {
		return 0, err
	}
	want, err := other.call()
	if err != nil {
		return 0, err
	}
	return largestDifference(got, want)
}

func largestDifference(got, want [][]float32) (float64, error) {
	if len(got) != len(want) {
		return 0, fmt.Errorf("%d frames, not %d", len(got), len(want))
	}
	largest := 0.0
	for t := range want {
		if len(got[t]) != len(want[t]) {
			return 0, fmt.Errorf("frame %d has %d bands, not %d", t, len(got[t]), len(want[t]))
		}
		for band, value := range want[t] {
			largest = math.Max(largest, math.Abs(float64(got[t][band])-float64(value)))
		}
	}
	return largest, nil
}

// callsFor is the time that a way gets in a round; a longer call is made once.
const callsFor = 20 * time.Millisecond

// round calls the way for a while and keeps the fastest call.
func (w *way) round() error {
	best := time.Duration(0)
	for begin := time.Now(); ; {
		start := time.Now()
		_, err := w.call()
		took := time.Since(start)
		if err != nil {
			return err
		}
		if best == 0 || took < best {
			best = took
		}
		if time.Since(begin) > callsFor {
			break
		}
	}
	w.times = append(w.times, best)
	return nil
}

func (w *way) fastest() time.Duration {
	best := w.times[0]
	for _, each := range w.times {
		if each < best {
			best = each
		}
	}
	return best
}

// timesOf is how many times the other's time this one takes: of the fastest calls, and the median of
// the rounds.
func (w *way) timesOf(other *way) (fastest, median float64) {
	ratios := make([]float64, len(w.times))
	for i, each := range w.times {
		ratios[i] = float64(each) / float64(other.times[i])
	}
	sort.Float64s(ratios)
	return float64(w.fastest()) / float64(other.fastest()), ratios[len(ratios)/2]
}
