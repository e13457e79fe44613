package main

import (
	"fmt"
	"strings"

	"ossicle"
)

// printSymmetric says how far a chain with a symmetric window is from the preset, and from the spec
// that says so.
func printSymmetric(samples []float32) error {
	preset, err := ossicle.PresetJSON("wav2lip")
	if err != nil {
		return err
	}
	symmetric := strings.Replace(preset, `"window_periodic": true`, `"window_periodic": false`, 1)
	peer := &way{call: func() ([][]float32, error) { return NewPeer(true).Mel(samples), nil }}
	var differences [2]float64
	for i, spec := range []string{preset, symmetric} {
		if differences[i], err = peer.differsBy(wayOf(spec, samples)); err != nil {
			return err
		}
	}
	if !(differences[1] <= Tolerance) {
		return fmt.Errorf("with a symmetric window it differs by %g, more than %g", differences[1], Tolerance)
	}
	fmt.Printf("with a symmetric window it differs by %.1e from wav2lip, and by %.1e from \"window_periodic\": false\n",
		differences[0], differences[1])
	return nil
}

func wayOf(spec string, samples []float32) *way {
	return &way{call: func() ([][]float32, error) {
		frontend, err := ossicle.NewFrontend(spec)
		if err != nil {
			return nil, err
		}
		defer frontend.Close()
		features, err := frontend.Process(samples)
		return features.Rows(), err
	}}
}
